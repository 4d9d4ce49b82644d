using Danelaw.Operator.Processes;

namespace Danelaw.Operator.Audit.Files;

/// <summary>What a program of the host printed.</summary>
/// <param name="ExitCode">Its exit status; -1 where it could not be run, or was ended because it took too long.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
public sealed record ProgramResult(int ExitCode, string Output, string Error);

/// <summary>Runs programs of the host that is examined; only those that read.</summary>
public interface IHostPrograms
{
    /// <summary>Runs a program.</summary>
    /// <param name="program">Its name, looked for in the usual folders of programs.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What it printed; null where there is no such program.</returns>
    ValueTask<ProgramResult?> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken = default);
}

/// <summary>The programs of this machine, each with a time limit and a mebibyte of output.</summary>
/// <param name="time">Measures the time.</param>
public sealed class LivePrograms(TimeProvider time) : IHostPrograms
{
    private static readonly string[] Folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin"];

    /// <summary>The time that a program is given. Default 10 s.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async ValueTask<ProgramResult?> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken = default)
    {
        if (Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) is not { } path) return null;
        var end = await Programs.RunAsync([path, .. arguments], ProgramSurroundings.System, "", TimeLimit, time, cancellationToken).ConfigureAwait(false);
        return new(end.ExitCode ?? -1, end.Output, end.Error);
    }
}
