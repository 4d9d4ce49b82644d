using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Danelaw.Operator.Processes;
using Danelaw.Operator.Rollover.Acting;

namespace Danelaw.Operator.Publishing;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit status; null where it could not be started, or did not end in time.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Detail">What went wrong: the last line of its standard error, or why it could not run; empty where there is nothing.</param>
internal sealed record ProgramEnd(int? ExitCode, string Output, string Detail)
{
    /// <summary>Whether it ran at all.</summary>
    internal bool HasRun { get; init; } = true;

    internal static ProgramEnd NotRun(string detail) => new(null, "", detail) { HasRun = false };
}

/// <summary>Runs programs that the operator has named: by their path, or as <see cref="ProgramSearch"/> finds them; never by a shell.</summary>
internal static class Programs
{
    private const int LongestDetail = 300;

    /// <summary>Runs one to its end.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="limit">The time that it has.</param>
    /// <param name="time">Measures that.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async ValueTask<ProgramEnd> RunAsync(ImmutableArray<string> command, string input, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        if (ProgramSearch.Find(command[0]) is not { } path) return ProgramEnd.NotRun(FindFault(command[0])!);
        var start = new ProcessStartInfo(path, command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, StandardInputEncoding = new UTF8Encoding(false) };

        // A test that kills us does not mean what we start.
        start.Environment.Remove(FaultPoints.Variable);
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception failure)
        {
            return ProgramEnd.NotRun($"{command[0]} cannot be run: {failure.NativeErrorCode switch { 2 => "there is no such program", 13 => "it is not executable, or may not be run by this user", _ => failure.Message }}");
        }

        using var timer = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            var taking = ProgramOutput.TakeAsync(process, time, both.Token);
            await WriteAsync(process.StandardInput, input, both.Token).ConfigureAwait(false);
            var (output, error) = await taking.ConfigureAwait(false);
            return new(process.ExitCode, output, LastLine(error));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            return new(null, "", $"{command[0]} did not end within {limit.TotalSeconds:0.#} s, and was ended");
        }
    }

    /// <summary>Why there is no such program; null when there is.</summary>
    internal static string? FindFault(string program) => ProgramSearch.Find(program) is not null ? null
        : $"{program} cannot be run: there is no such program{(program.Contains('/', StringComparison.Ordinal) ? "" : " in the system's folders or along PATH: give its path")}";

    private static async Task WriteAsync(StreamWriter writer, string input, CancellationToken cancellationToken)
    {
        try
        {
            await writer.WriteAsync(input.AsMemory(), cancellationToken).ConfigureAwait(false);
            writer.Close();
        }
        catch (IOException)
        {
            // It does not read; what it does then is its affair.
        }
    }

    private static string LastLine(string text)
    {
        var line = text.Split('\n').Select(line => line.Trim()).LastOrDefault(line => line.Length > 0) ?? "";
        return line.Length <= LongestDetail ? line : line[..LongestDetail] + "…";
    }
}
