using System.Collections.Immutable;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Acme;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Rollover.Observing;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Operator.Setup.Renewing;

namespace Danelaw.Operator.Setup;

/// <summary>What is there of what carries keys over renewals: the rollover's settings, its units, the ACME clients' hooks. Evidence, immutable.</summary>
public sealed record RenewalFacts
{
    internal const string UnitFolder = Schedules.UnitFolder;
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

    /// <summary>Whether a package has brought the program that ACME clients run.</summary>
    internal bool HasPackagedHook { get; init; }

    /// <summary>Whether a package has brought the units.</summary>
    public bool IsPackaged { get; init; }

    /// <summary>Why the settings are not used: others may write to them. Null where they may be, or there are none.</summary>
    internal string? SettingsFault { get; init; }

    /// <summary>Files and folders of offers that the rollover reads or would read, and root only by the right to read everything: another user's, who lets nobody else read.</summary>
    public ImmutableHashSet<string> ClosedToRoot { get; init; } = [];

    /// <summary>What is run as danelaw, or a folder on the way to it, where others than root may write; null where nobody else may.</summary>
    internal string? OpenCommand { get; init; }

    /// <summary>Whether the timer is started at every boot.</summary>
    public bool IsTimerEnabled { get; init; }

    /// <summary>The processes that roll keys on this host at this moment.</summary>
    internal ImmutableArray<RolloverProcess> Running { get; init; } = [];

    internal static string UnitFile(string unit) => $"{UnitFolder}/{unit}";

    internal static string DropInFile => UnitFolder + "/danelaw-rollover.service.d/setup.conf";

    internal static string HookFile => $"{HookFolder}/{Renewing.PackagedFile.Hook}";

    /// <summary>What is named as the offers of an ACME client's certificate: certbot and acme.sh keep a folder for each, lego keeps all in one.</summary>
    internal static OfferSource OfferOf(Lineage lineage) => lineage.Client == AcmeClient.Lego || lineage.Folders.IsEmpty ? new(lineage.ChainFile!, lineage.KeyFile) : new(lineage.Folders[0], null);

    internal static RenewalFacts Read(HostFiles files, SetupOptions options, HostFacts host)
    {
        var settings = files.Read(options.RolloverFile);
        var rolls = settings.IsRead && RolloverSettingsText.TryRead(settings.Text, settings.Path, out var present, out _) ? present.Rolls : [];
        return new()
        {
            Settings = settings.IsRead ? settings.Text : null,
            SettingsFault = settings.Owner is { } owner && SettingsFile.FindFault(settings.Path, owner.Mode, out var mend) is { } open ? $"{open}; {mend}" : null,
            OpenCommand = options.Command.Select(path => RootAccess.FindOpen(files, path)).FirstOrDefault(place => place is not null),
            Files = new[] { UnitFile(Renewing.PackagedFile.Service), UnitFile(Renewing.PackagedFile.Timer), DropInFile, HookFile, LookNow.OwnProgram }.Select(files.Read).Where(file => file.IsRead).ToImmutableDictionary(file => file.Path, file => file.Text),
            HasSystemd = files.Look("/run/systemd/system").State == FileState.Folder,
            HasUnitFolder = files.Look("/etc/systemd").State == FileState.Folder,
            HasPackagedHook = files.Look(LookNow.PackagedProgram).IsRead,
            IsPackaged = PackageFolders.Any(folder => files.Look($"{folder}/{Renewing.PackagedFile.Timer}").State == FileState.Read),
            Running = RolloverUse.Processes(files),

            // A private key that others may read is one that setup closes.
            ClosedToRoot =
            [
                .. rolls.SelectMany(roll => UnitExtras.ReadFiles([roll])).Concat(UnitExtras.FilesOf(options.Publisher)).Where(path => RootAccess.IsClosed(files, path)),
                .. rolls.SelectMany(roll => roll.Chains).SelectMany(chain => chain.Offers).Concat(host.Lineages.Where(lineage => lineage.ChainFile is not null).Select(OfferOf)).Distinct()
                    .Where(source => OfferPlaces.Of(files, source).Any(pair => RootAccess.IsClosed(files, pair.Certificate) || (pair.Key is { } key && RootAccess.IsClosed(files, key, UnixFileMode.OtherRead)))).Select(source => source.Path),
            ],
            IsTimerEnabled = files.List(UnitFolder + "/timers.target.wants", out _).Contains(Renewing.PackagedFile.Timer),
        };
    }
}
