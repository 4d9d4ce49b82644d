using System.Collections.Immutable;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Operator.Setup.Renewing;

namespace Danelaw.Operator.Setup;

/// <summary>What is there of what carries keys over renewals: the rollover's settings, its units, the ACME clients' hooks. Evidence, immutable.</summary>
public sealed record RenewalFacts
{
    internal const string UnitFolder = "/etc/systemd/system";
    internal const string HookFolder = "/etc/letsencrypt/renewal-hooks/deploy";

    private static readonly string[] PackageFolders = ["/usr/lib/systemd/system", "/lib/systemd/system"];

    /// <summary>The rollover's settings; null where there are none.</summary>
    public string? Settings { get; init; }

    /// <summary>The files below folders of units and hooks that would be written, as they stand.</summary>
    public ImmutableDictionary<string, string> Files { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Whether systemd is in charge of this host's services.</summary>
    public bool HasSystemd { get; init; }

    /// <summary>Whether its folder of units is there, whether it runs or not.</summary>
    public bool HasUnitFolder { get; init; }

    /// <summary>Whether a package has brought the units.</summary>
    public bool IsPackaged { get; init; }

    /// <summary>Files that the rollover reads, and that root reads only by the right to read everything: another user's, who lets nobody else read.</summary>
    public ImmutableHashSet<string> ClosedToRoot { get; init; } = [];

    /// <summary>Whether the timer is started at every boot.</summary>
    public bool IsTimerEnabled { get; init; }

    /// <summary>The processes that roll keys on this host at this moment.</summary>
    internal ImmutableArray<RolloverProcess> Running { get; init; } = [];

    internal static string UnitFile(string unit) => $"{UnitFolder}/{unit}";

    internal static string DropInFile => UnitFolder + "/danelaw-rollover.service.d/setup.conf";

    internal static string HookFile => $"{HookFolder}/{Renewing.PackagedFile.Hook}";

    internal static RenewalFacts Read(HostFiles files, SetupOptions options)
    {
        var settings = files.Read(options.RolloverFile);
        var rolls = settings.IsRead && RolloverSettingsText.TryRead(settings.Text, settings.Path, out var present, out _) ? present.Rolls : [];
        return new()
        {
            Settings = settings.IsRead ? settings.Text : null,
            Files = new[] { UnitFile(Renewing.PackagedFile.Service), UnitFile(Renewing.PackagedFile.Timer), DropInFile, HookFile }.Select(files.Read).Where(file => file.IsRead).ToImmutableDictionary(file => file.Path, file => file.Text),
            HasSystemd = files.Look("/run/systemd/system").State == FileState.Folder,
            HasUnitFolder = files.Look("/etc/systemd").State == FileState.Folder,
            IsPackaged = PackageFolders.Any(folder => files.Look($"{folder}/{Renewing.PackagedFile.Timer}").State == FileState.Read),
            ClosedToRoot = [.. rolls.SelectMany(roll => UnitExtras.ReadFiles([roll])).Concat(UnitExtras.FilesOf(options.Publisher)).Where(path => UnitExtras.IsClosedToRoot(files.Look(path).Owner))],
            Running = RolloverUse.Processes(files),
            IsTimerEnabled = files.List(UnitFolder + "/timers.target.wants", out _).Contains(Renewing.PackagedFile.Timer),
        };
    }
}
