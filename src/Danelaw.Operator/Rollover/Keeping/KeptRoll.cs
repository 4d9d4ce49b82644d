using System.Collections.Immutable;

namespace Danelaw.Operator.Rollover.Keeping;

/// <summary>What is kept of a roll between two looks.</summary>
/// <param name="State">The plan's state.</param>
/// <param name="Since">When its phase began, by the clock.</param>
/// <param name="Looked">When it was last looked at, by the clock.</param>
/// <param name="Wait">What it waited for then.</param>
/// <param name="Remaining">How long that takes at least from then on, where it can be told; otherwise null.</param>
/// <param name="Problems">What was in the way then, a sentence each.</param>
public sealed record KeptRoll(RolloverState State, DateTimeOffset Since, DateTimeOffset Looked, RolloverWait Wait, TimeSpan? Remaining, ImmutableArray<string> Problems)
{
    /// <summary>Those of the problems that do not pass by themselves: the last run failed.</summary>
    public ImmutableArray<string> Faults { get; init; } = [];
}

/// <summary>Something that happened to a roll.</summary>
/// <param name="At">When, by the clock.</param>
/// <param name="What">What, as a sentence without full stop.</param>
public sealed record RolloverEvent(DateTimeOffset At, string What);

/// <summary>The file of states cannot be used: it is damaged, the disk is full, it may not be read. Nothing is done then.</summary>
public sealed class RolloverStoreException : Exception
{
    /// <summary>Says which file, and why.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reason">Why, as a phrase.</param>
    /// <param name="inner">What was seen.</param>
    public RolloverStoreException(string path, string reason, Exception inner)
        : base($"the state of the rollovers cannot be kept in {path}: {reason}", inner) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }
}
