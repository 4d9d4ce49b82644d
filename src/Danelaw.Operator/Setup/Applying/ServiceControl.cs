using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Audit.Resolving;

namespace Danelaw.Operator.Setup.Applying;

/// <summary>Tells the servers of this host to read their files again, with systemd or without.</summary>
/// <param name="files">The host's files.</param>
/// <param name="programs">Its programs.</param>
internal sealed partial class ServiceControl(HostFiles files, IHostPrograms programs)
{
    private const int HangUp = 1;

    /// <summary>Whether a server would read its files.</summary>
    /// <returns>What it says against them, as a phrase; null where it would.</returns>
    internal async ValueTask<string?> TestAsync(ServiceReload reload, CancellationToken cancellationToken)
    {
        var words = reload.TestCommand.Split(' ');
        var result = await programs.RunAsync(words[0], words[1..], cancellationToken).ConfigureAwait(false);
        return result is null ? $"{words[0]} is not installed" : result.ExitCode == 0 ? null : $"{reload.TestCommand}: {LastWords(result)}";
    }

    /// <summary>Whether a server runs; one that does not reads its files when it is started.</summary>
    internal async ValueTask<bool> IsRunningAsync(ServiceReload reload, CancellationToken cancellationToken) => reload.Service switch
    {
        ManagedService.Postfix => await programs.RunAsync("postfix", ["-c", reload.Configuration, "status"], cancellationToken).ConfigureAwait(false) is { ExitCode: 0 },
        ManagedService.Dovecot => TryReadProcess(await ValueOfAsync(reload.Configuration, cancellationToken).ConfigureAwait(false) + "/master.pid", out _),
        ManagedService.Nginx => TryReadProcess(NginxPid().Match(files.Read(reload.Configuration).Text) is { Success: true } named ? named.Groups[1].Value : "/run/nginx.pid", out _),
        ManagedService.Unbound => TryReadProcess(UnboundText.Read(files, reload.Configuration).PidFile, out _) || await IsActiveAsync(cancellationToken).ConfigureAwait(false),
    };

    /// <summary>Tells a server to read its files again; a resolver that does not run is started.</summary>
    /// <returns>What went wrong, as a phrase; null where nothing did.</returns>
    internal async ValueTask<string?> ReloadAsync(ServiceReload reload, CancellationToken cancellationToken)
    {
        if (reload.Service == ManagedService.Unbound) return await ReloadUnboundAsync(reload, cancellationToken).ConfigureAwait(false);
        var words = reload.Command.Split(' ');
        var result = await programs.RunAsync(words[0], words[1..], cancellationToken).ConfigureAwait(false);
        return result is null ? $"{words[0]} is not installed" : result.ExitCode == 0 ? null : $"{reload.Command}: {LastWords(result)}";
    }

    /// <summary>Whether systemd is in charge of this host's services.</summary>
    internal bool HasSystemd => files.Look("/run/systemd/system").State == FileState.Folder;

    /// <summary>Has systemd read its units, and start timers now and at every boot.</summary>
    /// <returns>What went wrong, as a phrase; null where nothing did.</returns>
    internal async ValueTask<string?> StartTimersAsync(IReadOnlyCollection<string> timers, CancellationToken cancellationToken) =>
        await AskSystemdAsync(["daemon-reload"], cancellationToken).ConfigureAwait(false) ?? await AskSystemdAsync(["enable", "--now", .. timers], cancellationToken).ConfigureAwait(false);

    /// <summary>Has systemd stop timers, and start them at no boot any more.</summary>
    /// <returns>Those that ran.</returns>
    internal async ValueTask<ImmutableArray<string>> StopTimersAsync(IReadOnlyCollection<string> timers, CancellationToken cancellationToken)
    {
        if (!HasSystemd || timers.Count == 0) return [];
        var ran = ImmutableArray.CreateBuilder<string>();
        foreach (var timer in timers)
        {
            if (await AskSystemdAsync(["is-active", timer], cancellationToken).ConfigureAwait(false) is null) ran.Add(timer);
        }

        // One that is not there any more is stopped as well; the unit is let finish what it is at.
        _ = await AskSystemdAsync(["disable", "--now", .. timers], cancellationToken).ConfigureAwait(false);
        _ = await AskSystemdAsync(["stop", .. timers.Select(timer => timer.Replace(".timer", ".service", StringComparison.Ordinal))], cancellationToken).ConfigureAwait(false);
        return ran.ToImmutable();
    }

    /// <summary>Has systemd stop a timer that is not a setup's own for a while, and the unit that it starts.</summary>
    /// <returns>Whether it ran.</returns>
    internal async ValueTask<bool> PauseTimerAsync(string timer, CancellationToken cancellationToken)
    {
        if (!HasSystemd || await AskSystemdAsync(["is-active", timer], cancellationToken).ConfigureAwait(false) is not null) return false;
        _ = await AskSystemdAsync(["stop", timer, timer.Replace(".timer", ".service", StringComparison.Ordinal)], cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Has systemd go on with a timer that was stopped for a while.</summary>
    internal async ValueTask ResumeTimerAsync(string timer, CancellationToken cancellationToken) => _ = await AskSystemdAsync(["start", timer], cancellationToken).ConfigureAwait(false);

    /// <summary>Has systemd forget units whose files are away.</summary>
    internal async ValueTask ForgetUnitsAsync(CancellationToken cancellationToken)
    {
        if (HasSystemd) _ = await AskSystemdAsync(["daemon-reload"], cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<string?> AskSystemdAsync(string[] words, CancellationToken cancellationToken)
    {
        var result = await programs.RunAsync("systemctl", words, cancellationToken).ConfigureAwait(false);
        return result is { ExitCode: 0 } ? null : $"systemctl {string.Join(' ', words)}: {(result is null ? "there is no systemctl" : LastWords(result))}";
    }

    private async ValueTask<string?> ReloadUnboundAsync(ServiceReload reload, CancellationToken cancellationToken)
    {
        if (HasSystemd) return await AskSystemdAsync(["restart", "unbound"], cancellationToken).ConfigureAwait(false);
        if (TryReadProcess(UnboundText.Read(files, reload.Configuration).PidFile, out var process)) return Kill(process, HangUp) == 0 ? null : $"unbound, process {process}, cannot be told to read its files: {Marshal.GetLastPInvokeErrorMessage()}";
        var started = await programs.RunAsync("service", ["unbound", "start"], cancellationToken).ConfigureAwait(false);
        return started is { ExitCode: 0 } ? null : $"service unbound start: {(started is null ? "there is no such command; start unbound and run setup again" : LastWords(started))}";
    }

    [GeneratedRegex(@"^[ \t]*pid[ \t]+(/[^;\s]{1,4095})[ \t]*;", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex NginxPid();

    private async ValueTask<bool> IsActiveAsync(CancellationToken cancellationToken) => await programs.RunAsync("systemctl", ["is-active", "unbound"], cancellationToken).ConfigureAwait(false) is { ExitCode: 0 };

    private async ValueTask<string> ValueOfAsync(string configuration, CancellationToken cancellationToken) =>
        await programs.RunAsync("doveconf", ["-c", configuration, "-h", "base_dir"], cancellationToken).ConfigureAwait(false) is { ExitCode: 0 } result && result.Output.Trim() is ['/', ..] folder ? folder : "/run/dovecot";

    /// <summary>Reads a process number, of a process that is there.</summary>
    private bool TryReadProcess(string path, out int process)
    {
        process = 0;
        if (path is not ['/', ..]) return false;
        var file = files.Read(path);
        return file.IsRead && int.TryParse(file.Text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out process) && process > 1 && Kill(process, 0) == 0;
    }

    /// <summary>The lines that say what is wrong, on one line.</summary>
    private static string LastWords(ProgramResult result)
    {
        var lines = (result.Error + "\n" + result.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var grave = lines.Where(line => line.Contains("fatal", StringComparison.OrdinalIgnoreCase) || line.Contains("error", StringComparison.OrdinalIgnoreCase) || line.Contains("emerg", StringComparison.Ordinal)).Take(2).ToArray();
        return grave.Length > 0 ? string.Join("; ", grave) : lines.Length > 0 ? lines[0] : string.Create(CultureInfo.InvariantCulture, $"it ended with {result.ExitCode} and said nothing");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
