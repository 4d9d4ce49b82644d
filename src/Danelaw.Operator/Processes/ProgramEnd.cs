namespace Danelaw.Operator.Processes;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit status; null where it could not be started, or did not end in time.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error; why it could not run, or was ended, where that is so.</param>
internal sealed record ProgramEnd(int? ExitCode, string Output, string Error)
{
    private const int LongestLine = 300;

    /// <summary>Whether it ran at all.</summary>
    internal bool HasRun { get; init; } = true;

    /// <summary>What went wrong: the last line of its standard error; empty where there is nothing.</summary>
    internal string Detail => LastLine(Error);

    /// <summary>What it said last, wherever: some say on their standard output what is wrong.</summary>
    internal string LastWords => Detail is { Length: > 0 } detail ? detail : LastLine(Output);

    internal static ProgramEnd NotRun(string why) => new(null, "", why) { HasRun = false };

    /// <summary>Cut where nobody would read on: it may be kept for long.</summary>
    private static string LastLine(string text)
    {
        var line = text.Split('\n').Select(line => line.Trim()).LastOrDefault(line => line.Length > 0) ?? "";
        return line.Length <= LongestLine ? line : line[..(char.IsHighSurrogate(line[LongestLine - 1]) ? LongestLine - 1 : LongestLine)] + "…";
    }
}
