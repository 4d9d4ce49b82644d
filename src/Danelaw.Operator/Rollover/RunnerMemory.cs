using Danelaw.Dns;

namespace Danelaw.Operator.Rollover;

/// <summary>What a runner has told servers to do, and when: they are given time before they are told again. Not thread-safe.</summary>
public sealed class RunnerMemory
{
    /// <summary>When the servers of a roll were last told to reload.</summary>
    internal Dictionary<string, long> Reloads { get; } = new(StringComparer.Ordinal);

    /// <summary>When the records of a roll were last published.</summary>
    internal Dictionary<string, long> Publications { get; } = new(StringComparer.Ordinal);

    /// <summary>When it was last tried whether the records of a roll could be published, and what stood in the way.</summary>
    internal Dictionary<string, (long At, string? Obstacle)> Rehearsals { get; } = new(StringComparer.Ordinal);

    /// <summary>When a chain was last put into its file.</summary>
    internal Dictionary<(string Roll, Octets Content), long> Installs { get; } = [];
}
