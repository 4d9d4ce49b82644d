using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Danelaw.Operator.Processes;

namespace Danelaw.Operator.Rollover.Acting;

/// <summary>Runs the commands that make servers read their files anew. No shell is asked; each has its time and is ended with all that it started.</summary>
internal sealed class CommandRunner
{
    private readonly TimeProvider _time;

    internal CommandRunner(TimeProvider time) => _time = time;

    /// <summary>Runs one.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null when it succeeded; otherwise what went wrong, as a sentence.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal async Task<string?> RunAsync(ImmutableArray<string> command, TimeSpan limit, CancellationToken cancellationToken)
    {
        var shown = string.Join(' ', command);
        if (ProgramSearch.Find(command[0]) is not { } path) return $"the command {shown} cannot be run: there is no program {command[0]}";
        var start = new ProcessStartInfo(path, command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        start.Environment["LC_ALL"] = "C";
        start.Environment["PATH"] = string.Join(':', ProgramSearch.Folders);

        // A test that kills us does not mean what we start.
        start.Environment.Remove(FaultPoints.Variable);
        using var time = new CancellationTokenSource(limit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception fault)
        {
            return $"the command {shown} cannot be run: {fault.Message}";
        }

        process.StandardInput.Close();
        string said;
        try
        {
            var (output, error) = await ProgramOutput.TakeAsync(process, _time, both.Token).ConfigureAwait(false);
            said = output + error;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            return string.Create(CultureInfo.InvariantCulture, $"the command {shown} was ended after {limit.TotalSeconds:0} s");
        }

        if (process.ExitCode == 0) return null;
        var last = said.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "";
        return string.Create(CultureInfo.InvariantCulture, $"the command {shown} failed with status {process.ExitCode}{(last.Length == 0 ? "" : ": " + last)}");
    }
}
