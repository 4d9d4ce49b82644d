using System.Collections.Immutable;
using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Operator.Audit.Acme;
using Danelaw.Operator.Changes;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Operator.Setup.Renewing;
using Danelaw.Probes;

namespace Danelaw.Operator.Setup.Planning;

/// <summary>
/// What brings renewed certificates into the chain files: the rollover's settings, made from what a plan knows; its timer; and the hook by which certbot
/// says "look now". What the operator has written there is never written over.
/// </summary>
internal sealed class RenewalPlan
{
    private const UnixFileMode Program = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly SetupFacts _facts;
    private readonly SetupOptions _options;
    private readonly ChainPlan _chains;
    private readonly PublishedSets _published;
    private readonly List<Obstacle> _obstacles;
    private readonly List<Change> _changes = [];

    private RenewalPlan(SetupFacts facts, SetupOptions options, ChainPlan chains, PublishedSets published, List<Obstacle> obstacles)
    {
        _facts = facts;
        _options = options;
        _chains = chains;
        _published = published;
        _obstacles = obstacles;
    }

    /// <summary>What is worth saying.</summary>
    private List<string> Remarks { get; } = [];

    internal static SetupStep? Step(SetupFacts facts, SetupOptions options, ImmutableArray<DomainName> names, ChainPlan chains, PublishedSets published, List<Obstacle> obstacles, List<string> remarks)
    {
        var plan = new RenewalPlan(facts, options, chains, published, obstacles);
        var step = options.WantsRollover ? plan.Make(names) : plan.Remind(names);
        remarks.AddRange(plan.Remarks);
        return step;
    }

    /// <summary>Chain files that nothing fills are worse than an ACME client's folder: they are said.</summary>
    private SetupStep? Remind(ImmutableArray<DomainName> names)
    {
        if (_chains.Files.Count == 0) return null;
        var rolls = RollsThere();
        var rolled = rolls.SelectMany(roll => roll.Chains).Select(chain => chain.File).ToHashSet(StringComparer.Ordinal);

        // A record that pins the key of a roll which does not know it holds up every next key (docs/decisions/0249).
        if (Groups().Where(group => group.Files.All(rolled.Contains)).Select(group => LackingOwner(rolls, OwnersOf(group.Sites, names))).FirstOrDefault(lacking => lacking is not null) is { } owner)
            _obstacles.Add(new($"{_options.RolloverFile} has no roll with the owner {owner.Text}, where a record means the key, or is to mean it: danelaw rollover shows no next key until it knows that record.", $"Add \"{owner.Text}\" to the owners there (docs/rollover.md).", false));
        if (_chains.Files.All(file => rolled.Contains(file.Path))) return null;
        var end = _chains.Files.Select(file => file.Chain.Leaf.NotAfter).Min();
        Remarks.Add($"Nothing brings renewed certificates into the chain files yet: the servers go on showing that of today{(end is { } time ? $", which ends on {time.ToUniversalTime():yyyy-MM-dd}" : "")}. danelaw setup --rollover sees to it.");
        return null;
    }

    private SetupStep? Make(ImmutableArray<DomainName> names)
    {
        var rolls = Rolls(names);
        if (rolls.IsEmpty)
        {
            if (_obstacles.Count == 0) _obstacles.Add(new("There is no key to roll: no server here shows one that a TLSA record is to mean.", "Mend what is left out above, then run setup again.", false));
            return null;
        }

        if (_facts.Renewal.Running.FirstOrDefault(process => process.IsWatch && process.Settings == _options.RolloverFile) is { } watch)
        {
            // It holds the state at each look, and goes by settings that it has read when it began.
            _obstacles.Add(new($"Carrying the keys over renewals: {watch} runs here already. It goes by settings that it has read when it began, and knows nothing of what setup writes there.",
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"End it (kill {watch.Id}; where a service or a container starts it, stop that), and run setup again. {(_facts.Renewal.HasSystemd ? "The timer does its work from then on." : "Start it again after that.")}"), false));
            return null;
        }

        if (_facts.Renewal.OpenCommand is { } open)
        {
            _obstacles.Add(new($"Carrying the keys over renewals: root would run {Shown()} every five minutes, and others than root may write to {open}, or it is theirs: what they put there would be run.", $"Install danelaw where only root may write (its whole folder, because libraries lie beside it: {ShellWord.Quote(_options.Command[^1][..Math.Max(1, _options.Command[^1].LastIndexOf('/'))])}), and run setup again as it is called there.", false));
            return null;
        }

        if (!AddSettings(rolls)) return null;
        AddUnits(rolls);
        AddHooks(rolls);
        ImmutableArray<string> timers = _facts.Renewal is { HasSystemd: true, IsTimerEnabled: false } ? [PackagedFile.Timer] : [];
        if (!_facts.Renewal.HasSystemd) Remarks.Add($"systemd does not run here, so nothing looks after renewals by itself: run {Shown()} rollover run every five minutes, by cron as root.");
        if (_changes.Count == 0 && timers.IsEmpty) return null;
        return new(SetupStage.Rollover, "Carry the key over each renewal",
            $"An ACME client makes a new key at each renewal. A timer then runs danelaw rollover: it publishes the record of the new key beside the one of today, waits until every cache must have it, lets the servers show the new key, and takes the old record out{(_options.Publisher is null ? ". Without --publisher it tells you which records to put in and out, and waits until you have" : "")}. The ACME client stays as it is.")
        {
            Changes = [.. _changes],
            Timers = timers,
            Proof = "danelaw rollover takes up the key that is shown today; danelaw rollover status tells it",
            Undo = "the timer stopped and its files away; what the rollover knew is forgotten",
        };
    }

    /// <summary>The sites that share chain files, with these: one roll for each.</summary>
    private List<(List<Site> Sites, HashSet<string> Files)> Groups()
    {
        var groups = new List<(List<Site> Sites, HashSet<string> Files)>();
        foreach (var (site, chains) in _chains.Shown)
        {
            var files = chains.Select(chain => _chains.FileFor(chain)).OfType<string>().ToHashSet(StringComparer.Ordinal);
            if (files.Count == 0) continue;
            var touching = groups.Where(group => group.Files.Overlaps(files)).ToArray();
            foreach (var group in touching) groups.Remove(group);
            groups.Add(([.. touching.SelectMany(group => group.Sites), site], [.. touching.SelectMany(group => group.Files), .. files]));
        }

        return groups;
    }

    private ImmutableArray<RollSettings> Rolls(ImmutableArray<DomainName> names)
    {
        var rolls = ImmutableArray.CreateBuilder<RollSettings>();
        foreach (var (sites, files) in Groups())
        {
            ImmutableArray<CheckTarget> owners = [.. OwnersOf(sites, names)];
            if (owners.IsEmpty) continue;
            var name = $"{RecordPlan.Text(names[0])}{(rolls.Count == 0 ? "" : $"-{rolls.Count + 1}")}";
            rolls.Add(new()
            {
                Name = name.Length <= 64 ? name : $"mail{(rolls.Count == 0 ? "" : $"-{rolls.Count + 1}")}",
                Owners = owners,
                TimeToLive = _options.TimeToLive,
                Chains = [.. files.Order(StringComparer.Ordinal).Select(file => ChainOf(file, files.Count == 1, names))],
                Reload = [.. sites.Select(ReloadOf).DistinctBy(command => string.Join(' ', command))],
                Publisher = _options.Publisher ?? new PublisherSettings.Manual(null),
            });
        }

        return rolls.ToImmutable();
    }

    /// <summary>Every RRset that means the key rolls with it: where one is wanted, where one is published already, and where an MX host of any domain has one by another name.</summary>
    private IEnumerable<CheckTarget> OwnersOf(List<Site> sites, ImmutableArray<DomainName> names)
    {
        int[] ports = [.. sites.SelectMany(site => site.Ports).Distinct().Where(ServicePorts.Protocols.ContainsKey).Order()];
        var own = from port in ports
                  from name in names
                  where _published.IsSigned(name) != false
                  let host = _published.BaseOf(name)
                  where _options.Ports.Contains(port) || _published.At(host, port) is { IsEmpty: false }
                  select (Host: host, Port: port);
        var others = from known in _published.KnownAt(ports)
                     where _published.IsMailHost(known.Host) && Pins(known.Set, known.Port)
                     orderby known.Port, known.Host
                     select (known.Host, known.Port);
        return own.Concat(others).Distinct().Select(owner => CheckTarget.Service(owner.Host, (ushort)owner.Port, ServicePorts.Protocols[owner.Port]));

        bool Pins(TlsaSet set, int port) =>
            set.Records.Any(record => record.Usage is TlsaUsage.DaneEe or TlsaUsage.PkixEe && _chains.Shown.Any(pair => sites.Contains(pair.Site) && pair.Site.Ports.Contains(port) && pair.Chains.Any(chain => chain.IsMeantBy(record))));
    }

    private ChainSettings ChainOf(string file, bool isAlone, ImmutableArray<DomainName> names)
    {
        var chain = _chains.Files.First(known => known.Path == file).Chain;
        var lineage = LineageOf(chain, names);
        if (lineage is null) Remarks.Add($"Which ACME client renews the certificate in {file} is not known: name the place where new ones come as offers in {_options.RolloverFile}.");
        return new(isAlone ? KeyAlgorithm.Any : AlgorithmOf(chain), file, null, lineage is null ? [] : [RenewalFacts.OfferOf(lineage)]);
    }

    /// <summary>The ACME client's certificate that a chain came from, or else the only one for the names with a key of that kind.</summary>
    private Lineage? LineageOf(SoundChain chain, ImmutableArray<DomainName> names)
    {
        var usable = _facts.Host.Lineages.Where(lineage => lineage is { KeyFile: ['/', ..], ChainFile: ['/', ..], Chain.IsEmpty: false }).ToArray();
        if (usable.Where(lineage => lineage.Chain[0].PublicKey == chain.PublicKey).MaxBy(lineage => lineage.Chain[0].DnsNames.Count(name => chain.Leaf.DnsNames.Contains(name, StringComparer.OrdinalIgnoreCase))) is { } own) return own;
        var texts = names.Select(RecordPlan.Text).ToArray();
        var fitting = usable.Where(lineage => SoundChain.AlgorithmOf(lineage.Chain[0].PublicKey) == chain.Algorithm && lineage.Chain[0].DnsNames.Any(name => texts.Any(wanted => WantedChains.Covers(name, wanted)))).ToArray();
        return fitting.Length == 1 ? fitting[0] : null;
    }

    private static KeyAlgorithm AlgorithmOf(SoundChain chain) => chain.Algorithm switch
    {
        "rsa" => KeyAlgorithm.Rsa,
        "ecdsa" => KeyAlgorithm.Ecdsa,
        "ed25519" or "ed448" => KeyAlgorithm.Eddsa,
        _ => KeyAlgorithm.Any,
    };

    /// <summary>The unit has no right to the servers' processes: where systemd runs, it is asked.</summary>
    private ImmutableArray<string> ReloadOf(Site site)
    {
        var reload = ChainPlan.ReloadOf(site);
        return _facts.Renewal.HasSystemd ? ["systemctl", "reload", reload.Service.ToString().ToLowerInvariant()] : [.. reload.Command.Split(' ')];
    }

    /// <summary>Settings that are there are the operator's, or of a setup before: they stay, and what they lack is said.</summary>
    private bool AddSettings(ImmutableArray<RollSettings> rolls)
    {
        var text = RolloverSettingsWriter.Write(new(_options.RolloverStateFile, rolls), "Written by danelaw setup --rollover; every setting is explained in docs/rollover.md.");
        if (_facts.Renewal.Settings is not { } present)
        {
            _changes.Add(new Change.WriteFile(_options.RolloverFile, text));
            return true;
        }

        if (_facts.Renewal.SettingsFault is { } fault)
        {
            _obstacles.Add(new($"The settings of the rollover are not used: {fault}.", "Do that, and run setup again.", false));
            return false;
        }

        if (!RolloverSettingsText.TryRead(present, _options.RolloverFile, out var settings, out var faults))
        {
            _obstacles.Add(new($"The settings of the rollover cannot be read: {faults[0].Text}.", $"Mend the line, or move {_options.RolloverFile} away, and run setup again.", false, faults[0].Place));
            return false;
        }

        foreach (var roll in rolls)
        {
            if (roll.Chains.FirstOrDefault(chain => !settings.Rolls.Any(known => known.Chains.Any(one => one.File == chain.File))) is { } chain) Lacks($"no roll for {chain.File}");
            else if (LackingOwner(settings.Rolls, roll.Owners) is { } lacking) Lacks($"no roll with the owner {lacking.Text}");
            else continue;
            return false;
        }

        return true;

        void Lacks(string what) => _obstacles.Add(new($"{_options.RolloverFile} is there already and has {what}; what you have written there is not written over.", "Add it (docs/rollover.md), or move the file away, and run setup again.", false));
    }

    /// <summary>The first owner that none of some rolls names; null where each is named.</summary>
    private static CheckTarget? LackingOwner(ImmutableArray<RollSettings> rolls, IEnumerable<CheckTarget> owners) =>
        owners.FirstOrDefault(owner => !rolls.Any(known => known.Owners.Any(one => one.Name == owner.Name && one.Port == owner.Port)));

    private void AddUnits(ImmutableArray<RollSettings> rolls)
    {
        if (_facts.Renewal is { HasSystemd: false, HasUnitFolder: false }) return;
        if (!_facts.Renewal.IsPackaged)
        {
            Write(RenewalFacts.UnitFile(PackagedFile.Service), PackagedFile.Read(PackagedFile.Service, _options.Command));
            Write(RenewalFacts.UnitFile(PackagedFile.Timer), PackagedFile.Read(PackagedFile.Timer, _options.Command));
        }

        if (UnitExtras.FilesOf(_options.Publisher).FirstOrDefault(file => file.StartsWith("env:", StringComparison.Ordinal)) is { } secret)
            Remarks.Add($"The timer's runs do not see the variable {secret[4..]} of this shell: give it to the unit by a file that root alone may read (systemctl edit danelaw-rollover: EnvironmentFile=), or name a key file.");
        if (UnitExtras.Of(_options, rolls, _facts.Renewal) is { } extras) Write(RenewalFacts.DropInFile, extras);
    }

    /// <summary>certbot runs what lies in a folder; acme.sh and lego are told what to run, in a line of a file that they or the operator go on writing to.</summary>
    private void AddHooks(ImmutableArray<RollSettings> rolls)
    {
        var offers = rolls.SelectMany(roll => roll.Chains).SelectMany(chain => chain.Offers).ToHashSet();
        var clients = _facts.Host.Lineages.Where(lineage => offers.Contains(RenewalFacts.OfferOf(lineage))).ToArray();
        if (clients.Any(lineage => lineage.Client == AcmeClient.Certbot)) WriteProgram(RenewalFacts.HookFile);
        var others = clients.Where(lineage => lineage.Client != AcmeClient.Certbot).Select(lineage => lineage.LookNow).OfType<LookNow>().ToArray();
        if (!_facts.Renewal.HasPackagedHook && others.Any(look => look is { IsSaid: false, IsRoots: true })) WriteProgram(LookNow.OwnProgram);
        _changes.AddRange(others.Select(look => look.Change).OfType<Change.SetLine>().Distinct());

        // A line that names several certificates is altered once; what is left is the operator's own.
        foreach (var look in others.Where(look => look is { IsSaid: false, IsRoots: true, Change: null })) Remarks.Add($"The timer sees what the ACME client brings within five minutes. To have it looked at once: {look.ToDo}.");
    }

    private void WriteProgram(string path)
    {
        var text = PackagedFile.Read(PackagedFile.Hook, _options.Command);
        if (_facts.Renewal.Files.GetValueOrDefault(path) == text) return;
        Write(path, text);
        _changes.Add(new Change.SetMode(path, Program));
    }

    private void Write(string path, string text)
    {
        if (_facts.Renewal.Files.GetValueOrDefault(path) != text) _changes.Add(new Change.WriteFile(path, text));
    }

    private ImmutableArray<RollSettings> RollsThere() =>
        _facts.Renewal.Settings is { } text && RolloverSettingsText.TryRead(text, _options.RolloverFile, out var settings, out _) ? settings.Rolls : [];

    private string Shown() => _options.Command.SequenceEqual([PackagedFile.Command]) ? "danelaw" : string.Join(' ', _options.Command);
}
