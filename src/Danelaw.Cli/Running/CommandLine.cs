using System.Runtime.InteropServices;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Rendering;

namespace Danelaw.Cli.Running;

/// <summary>From arguments to an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs in this process, with its streams and signals.</summary>
    public static async Task<int> RunProcessAsync(string[] args)
    {
        using var cancellation = new CancellationTokenSource();
        var ended = 0;

        // The first signal ends the work in order, a second one ends the process as the system does it.
        void Stop(PosixSignalContext context)
        {
            var code = context.Signal switch
            {
                PosixSignal.SIGINT => ExitCode.Interrupted,
                PosixSignal.SIGHUP => ExitCode.HungUp,
                _ => ExitCode.Terminated,
            };
            if (Interlocked.CompareExchange(ref ended, code, 0) != 0) return;
            context.Cancel = true;
            cancellation.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

        // A terminal that goes away, as with an SSH session, would else end it in the middle of a change.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        var code = await RunAsync(args, Surroundings.OfProcess(), cancellation.Token).ConfigureAwait(false);
        return ended != 0 && code == ExitCode.Interrupted ? ended : code;
    }

    /// <summary>Runs with the surroundings given.</summary>
    /// <returns>The exit code; <see cref="ExitCode.Interrupted"/> when the token ended it.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Surroundings surroundings, CancellationToken cancellationToken)
    {
        var voice = new Voice(surroundings);
        try
        {
            return await DispatchAsync(args, surroundings, voice, cancellationToken).ConfigureAwait(false);
        }
        catch (MisuseException misuse)
        {
            voice.EndProgress();
            voice.Error(misuse.Message);
            if (misuse.Hint is { } hint) voice.Hint(hint);
            return IsMonitored(args, misuse.Message, surroundings) ? NagiosLine.UnknownCode : ExitCode.Misuse;
        }
        catch (BrokenPipeException)
        {
            return ExitCode.BrokenPipe;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            voice.EndProgress();
            return ExitCode.Interrupted;
        }
#pragma warning disable CA1031 // The edge: whatever was not foreseen is a fault of ours, said once with what to report.
        catch (Exception exception)
        {
            voice.Fault(exception);
            if (Descriptors.AreUsedUp(exception)) return IsMonitored(args, "no more file descriptors", surroundings) ? NagiosLine.UnknownCode : ExitCode.Undetermined;
            return IsMonitored(args, $"a fault of danelaw itself: {exception.GetType().Name}", surroundings) ? NagiosLine.UnknownCode : ExitCode.Fault;
        }
#pragma warning restore CA1031
    }

    /// <summary>A monitor reads one line, whatever happens, and takes 2 for a failing mail server: what went wrong with the call is unknown to it.</summary>
    private static bool IsMonitored(IReadOnlyList<string> args, string message, Surroundings surroundings)
    {
        if (!args.Contains("--nagios")) return false;
        try
        {
            surroundings.Output.Write(NagiosLine.Unknown(message));
            surroundings.Output.Flush();
        }
        catch (IOException)
        {
            // Nobody reads it; the exit code remains.
        }

        return true;
    }

    private static async Task<int> DispatchAsync(IReadOnlyList<string> args, Surroundings surroundings, Voice voice, CancellationToken cancellationToken)
    {
        // "danelaw help check" is how some people ask.
        if (args.Count > 0 && args[0] == "help") args = [.. args.Skip(1), "--help"];
        var tree = new VerbTree();
        var parsed = tree.Parse(args);
        var verb = tree.VerbOf(parsed);
        voice.IsQuiet = verb is not null && verb.OutputOptions.Read(parsed, surroundings).IsQuiet;
        if (parsed.GetValue(tree.Version))
        {
            voice.Result(System.Text.Encoding.UTF8.GetBytes($"danelaw {ProductVersion.Text}\n"));
            return ExitCode.Good;
        }

        if (parsed.GetValue(tree.Help))
        {
            // A verb that is not there has no help.
            if (verb is null && parsed.UnmatchedTokens.Count > 0) tree.Check(parsed, verb);
            var style = surroundings.IsOutputTerminal ? new PageStyle(false, Math.Clamp(surroundings.Width, 40, 100)) : new PageStyle(false, 80);
            voice.Result(HelpPage.Of(tree, parsed, style).ToUtf8());
            return ExitCode.Good;
        }

        tree.Check(parsed, verb);
        var call = new Call(parsed, surroundings, voice, verb!.OutputOptions.Read(parsed, surroundings));
        var code = await verb.RunAsync(call, cancellationToken).ConfigureAwait(false);
        voice.EndProgress();
        return code;
    }
}
