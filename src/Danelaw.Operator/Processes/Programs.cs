using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Danelaw.Operator.Rollover.Acting;

namespace Danelaw.Operator.Processes;

/// <summary>What a program finds around it. Closed.</summary>
internal enum ProgramSurroundings
{
    /// <summary>The system's: its words in English, and its own programs found as <see cref="ProgramSearch"/> finds them.</summary>
    System = 0,

    /// <summary>Those of danelaw itself, unaltered: a person has set them for this program.</summary>
    Own,
}

/// <summary>Runs programs: by their path, or as <see cref="ProgramSearch"/> finds them; never by a shell. Each has its time, and is ended with all that it started.</summary>
internal static class Programs
{
    /// <summary>Runs one to its end.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="surroundings">What it finds around it.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="limit">The time that it has.</param>
    /// <param name="time">Measures that.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal static async ValueTask<ProgramEnd> RunAsync(ImmutableArray<string> command, ProgramSurroundings surroundings, string input, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        if (ProgramSearch.Find(command[0]) is not { } path) return ProgramEnd.NotRun(FindFault(command[0])!);
        var start = new ProcessStartInfo(path, command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, StandardInputEncoding = new UTF8Encoding(false) };
        if (surroundings == ProgramSurroundings.System)
        {
            start.Environment["LC_ALL"] = "C";
            start.Environment["PATH"] = string.Join(':', ProgramSearch.Places);
        }

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
            return new(process.ExitCode, output, error);
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
}
