using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Audit.Findings;
using Danelaw.Operator.Audit.Postfix;
using Danelaw.Operator.Changes;
using Danelaw.Operator.Setup.Applying;

namespace Danelaw.Operator.Setup.Planning;

/// <summary>Moves the servers to chain files that Danelaw owns, each beginning with the key that is shown today.</summary>
internal sealed class ChainPlan
{
    private static readonly string[] Pairs = ["smtpd_tls_cert_file", "smtpd_tls_key_file", "smtpd_tls_dcert_file", "smtpd_tls_dkey_file", "smtpd_tls_eccert_file", "smtpd_tls_eckey_file"];

    private readonly SetupOptions _options;
    private readonly string _folder;
    private readonly List<Change> _changes = [];
    private readonly List<ServiceReload> _reloads = [];
    private readonly Dictionary<(Dns.Octets Key, string Names, Dns.Octets Leaf), (string Path, SoundChain Chain)> _files = [];
    private readonly ImmutableArray<SoundChain> _known;
    private readonly DateTimeOffset _now;
    private readonly List<(Site Site, ImmutableArray<SoundChain> Chains)> _shown = [];
    private readonly WantedChains _wanted;
    private readonly PublishedSets _published;
    private readonly ImmutableArray<Site> _sites;
    private readonly HashSet<int> _pinnedPorts;
    private readonly bool _isPointless, _isGiven;

    private ChainPlan(SetupFacts facts, SetupOptions options, ImmutableArray<DomainName> names, PublishedSets published, DateTimeOffset now)
    {
        _options = options;
        ImmutableArray<string> texts = [.. names.Select(RecordPlan.Text)];
        _folder = $"{options.ChainFolder}/{texts.FirstOrDefault() ?? "default"}";
        _wanted = new(facts, texts, published, now);
        _published = published;
        _isGiven = facts.Given is not null;

        // Where nobody would believe a record, nothing is gained by taking a server away from what its ACME client renews.
        _isPointless = !names.IsEmpty && names.All(name => published.IsSigned(name) == false);
        _pinnedPorts = [.. options.Ports, .. ServicePorts.Protocols.Keys.Where(port => names.Any(name => published.At(published.BaseOf(name), port) is { IsEmpty: false }))];
        var sites = _sites = Sites.Of(facts.Host);
        _now = now;
        _known = [.. sites.SelectMany(site => site.Chains).Concat(facts.Kept).SelectMany(chain => SoundChain.Of(chain, out _))];
        AddOwned(facts.Host.RolledFiles);
        foreach (var site in sites.Where(site => site.Program is ServerProgram.Postfix or ServerProgram.Dovecot)) Add(site);
        foreach (var site in sites.Where(site => site.Program == ServerProgram.Nginx && IsOfMail(site))) Add(site);
        RequireNames(facts.Host, names, published);
        foreach (var postfix in facts.Host.Postfix)
        {
            KeepOwnCertificates(postfix.Instance, facts.Host.Chains);
            var sni = postfix.Instance.Get("tls_server_sni_maps");
            if (!sni.IsEmpty) _wanted.Remarks.Add($"The certificates in tls_server_sni_maps ({sni.Value}) stay where they are: Danelaw does not roll their keys.");
        }
    }

    internal IReadOnlyList<Obstacle> Obstacles => _wanted.Obstacles;

    internal IReadOnlyList<string> Warnings => _wanted.Warnings;

    internal IReadOnlyList<string> Remarks => _wanted.Remarks;

    /// <summary>The chains that each site shows at the end.</summary>
    internal IReadOnlyList<(Site Site, ImmutableArray<SoundChain> Chains)> Shown => _shown;

    /// <summary>What the sites are called whose settings are altered.</summary>
    internal HashSet<string> Moved { get; } = new(StringComparer.Ordinal);

    /// <summary>The chain files that those sites read at the end, be they altered or not.</summary>
    internal HashSet<string> Held { get; } = new(StringComparer.Ordinal);

    /// <summary>What those sites showed until then.</summary>
    internal List<FormerChain> Former { get; } = [];

    /// <summary>The step; null where every server reads such files already.</summary>
    internal SetupStep? Step => _changes.Count == 0 ? null : new(SetupStage.Chains, "Servers read chain files of Danelaw's",
        "A server that reads an ACME client's own files shows a new key the moment that client renews; a TLSA record that means the old key then matches nothing, and mail stops. So each server gets a file of its own, with key, certificate and issuers, into which a new key comes only once its record is published everywhere. It begins with the key of today, or the one that was given.")
    {
        Changes = [.. _changes],
        Reloads = [.. _reloads.Distinct()],
        Proof = "each port shows the key of its chain file to a client that connects",
        Undo = "the settings as they were, and the chain files away",
    };

    /// <summary>The chain files of Danelaw's that are read at the end, and what they hold.</summary>
    internal IReadOnlyList<(string Path, SoundChain Chain)> Files => [.. _shown.SelectMany(pair => pair.Chains).Select(chain => (Path: FileFor(chain), Chain: chain)).Where(file => file.Path is not null).DistinctBy(file => file.Path).Select(file => (file.Path!, file.Chain))];

    internal static ChainPlan Of(SetupFacts facts, SetupOptions options, ImmutableArray<DomainName> names, PublishedSets published, DateTimeOffset now) => new(facts, options, names, published, now);

    /// <summary>The chain file of a chain; null where it has none.</summary>
    internal string? FileFor(SoundChain chain) => FileOf(chain)?.Path;

    /// <summary>The servers that some sender finds a match for today and would find none at the end, whatever led to the chains that they show then (RFC 7671 §8.1).</summary>
    internal IEnumerable<Obstacle> Losses() =>
        from pair in _shown
        let lost = pair.Site.Ports.FirstOrDefault(port => Today(pair.Site, port).Any(one => SoundChain.Successors(one, pair.Chains).Any(next => _published.IsLoss(port, one, next.AsShown))))
        where lost > 0
        select new Obstacle(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{pair.Site.Subject} would show at port {lost} another certificate than today, and TLSA records mean the one of today and not that one: senders that have them, from a server or a cache, would deliver nothing."), "Publish the record 3 1 1 of the key that it is to show beside them, wait until no cache is without it, twice the TTL, and run setup again.", true);

    /// <summary>How the program of a site is told to read its files.</summary>
    internal static ServiceReload ReloadOf(Site site) => site.Program switch
    {
        ServerProgram.Postfix => new(ManagedService.Postfix, site.Instance!.Directory),
        ServerProgram.Dovecot => new(ManagedService.Dovecot, ConfigurationOf(site, HostReader.DovecotFiles)),
        ServerProgram.Nginx or ServerProgram.Apache or ServerProgram.Other => new(ManagedService.Nginx, ConfigurationOf(site, HostReader.NginxFiles)),
    };

    /// <summary>The program's own file of those that it may have, by the folder that names the chain.</summary>
    private static string ConfigurationOf(Site site, string[] known) =>
        known.FirstOrDefault(file => site.Chains.Any(chain => chain.Use.Place.File.StartsWith(file[..(file.LastIndexOf('/') + 1)], StringComparison.Ordinal))) ?? known[0];

    private bool IsOwned(Site site) => site.Files.Any() && site.Files.All(path => path.StartsWith(_options.ChainFolder + "/", StringComparison.Ordinal));

    private void Add(Site site)
    {
        if (IsOwned(site) && _wanted.IsAsWanted(site))
        {
            _shown.Add((site, [.. site.Chains.SelectMany(chain => SoundChain.Of(chain, out _)).DistinctBy(chain => chain.PublicKey).Select(chain => FileOf(chain)?.Chain ?? chain)]));
            return;
        }

        // A key that no record means stays with its ACME client, which renews it by itself.
        if (!_isGiven && (_isPointless || !IsOfMail(site)) && IsSoundAsItIs(site)) return;
        if (site.Instance is { Version: { } version } && !version.IsAtLeast(3, 4))
        {
            _wanted.Obstacles.Add(new($"Postfix {version} knows no chain files (smtpd_tls_chain_files, 3.4 and later).", "Bring Postfix up to date.", true));
            return;
        }

        var chains = _wanted.For(site, _options);
        if (chains.IsEmpty) return;
        if (!_isGiven || !site.IsDefault) chains = [.. chains.Select(chain => Newest(chain, [site]))];
        if (site.Program != ServerProgram.Postfix) chains = [WantedChains.Fitting(site, chains)];
        var held = chains.Select(chain => Hold(chain, site)).ToArray();
        _shown.Add((site, [.. held.Select(file => file.Chain)]));
        var files = held.Select(file => file.Path).ToArray();
        Held.UnionWith(files);
        Former.AddRange(site.Chains.IsEmpty ? [new FormerChain(site.Ports, [])] : site.Chains.Select(chain => new FormerChain(site.Ports, [.. chain.Use.Files]) { WasUnsound = SoundChain.Of(chain, out _).IsEmpty }));
        if (site.Files.ToHashSet(StringComparer.Ordinal).SetEquals(files)) return;
        Moved.Add(site.Subject);
        if (site.Program == ServerProgram.Postfix) MovePostfix(site, files);
        else MoveLines(site, files[0]);
    }

    /// <summary>One key may be in several certificates: those for the same names share a file, those for others have their own.</summary>
    private static (Dns.Octets Key, string Names, Dns.Octets Leaf) Identity(SoundChain chain) => (chain.PublicKey, string.Join(' ', NamesOf(chain).Order(StringComparer.Ordinal)), default);

    /// <summary>A certificate that cannot be in the file that others for its key and names share.</summary>
    private static (Dns.Octets Key, string Names, Dns.Octets Leaf) OwnIdentity(SoundChain chain) => Identity(chain) with { Leaf = chain.Certificates[0].Object.Data };

    private (string Path, SoundChain Chain)? FileOf(SoundChain chain) => _files.TryGetValue(OwnIdentity(chain), out var own) || _files.TryGetValue(Identity(chain), out own) ? own : null;

    private static HashSet<string> NamesOf(SoundChain chain) =>
        chain.Leaf.DnsNames.IsEmpty ? [chain.Leaf.Subject.Replace("CN=", "", StringComparison.Ordinal).ToLowerInvariant()] : [.. chain.Leaf.DnsNames.Select(name => name.ToLowerInvariant())];

    /// <summary>Of the certificates for the same key and names, wherever they stand on this host, the one that is valid, and ends last; in place of one that is not valid also one for more names. None that some sender would miss: records may pin the certificate, or its issuer.</summary>
    private SoundChain Newest(SoundChain chain, IReadOnlyCollection<Site> sites)
    {
        var isValid = chain.IsValidAt(_now, out _);
        return _known.Where(other => other.PublicKey == chain.PublicKey && (isValid ? NamesOf(other).SetEquals(NamesOf(chain)) : NamesOf(other).IsSupersetOf(NamesOf(chain))))
            .Where(other => sites.All(site => MayFollow(site, chain, other))).Prepend(chain).OrderByDescending(other => other.IsValidAt(_now, out _)).ThenByDescending(other => other.Leaf.NotAfter).First();
    }

    /// <summary>Whether a site may show another certificate for its key: no sender would miss the one of today, at any of its ports.</summary>
    private bool MayFollow(Site site, SoundChain chain, SoundChain other) =>
        chain.AsShown.HasLeafOf(other) || (_wanted.DoubtOf(site) is null && site.Ports.All(port => Today(site, port).Where(one => one.PublicKey == chain.PublicKey).Append(chain.AsShown).All(one => !_published.IsLoss(port, one, other.AsShown))));

    /// <summary>What a site shows at a port today: what was seen of it there, and where nothing was what its files hold.</summary>
    private ShownChain[] Today(Site site, int port)
    {
        ShownChain[] held = [.. site.Chains.SelectMany(chain => SoundChain.Of(chain, out _)).Select(chain => chain.AsShown)];
        var shown = _published.ShownAt(port);
        if (shown.Where(one => held.Any(own => own.PublicKey == one.PublicKey)).ToArray() is { Length: > 0 } own) return own;
        return shown.Length > 0 && _sites.Count(other => other.Ports.Contains(port)) == 1 ? shown : held;
    }

    /// <summary>A file of Danelaw's keeps its certificate, unless that has ended and its key has a newer one: what danelaw rolls, it renews by itself.</summary>
    private void AddOwned(ImmutableHashSet<string> rolled)
    {
        foreach (var group in _sites.Where(IsOwned).SelectMany(site => site.Chains.SelectMany(chain => SoundChain.Of(chain, out _)).Select(chain => (Site: site, Chain: chain))).GroupBy(one => (one.Chain.Key.File, one.Chain.PublicKey)))
        {
            var (chain, sites) = (group.First().Chain, group.Select(one => one.Site).ToArray());
            var held = chain.IsValidAt(_now, out _) || rolled.Contains(chain.Key.File) || Newest(chain, sites) is var newest && !newest.IsValidAt(_now, out _) ? chain : newest;
            if (!_files.TryAdd(Identity(chain), (chain.Key.File, held))) _files.TryAdd(OwnIdentity(chain), (chain.Key.File, held));
            if (held == chain) continue;
            Write(chain.Key.File, held);
            _reloads.AddRange(sites.Select(ReloadOf));
        }
    }

    /// <summary>Senders that know DANE ask for the TLSA base domain (RFC 7672 §8.1): where Postfix has a chain of its own for that name, it is what they see.</summary>
    private void RequireNames(HostFacts host, ImmutableArray<DomainName> names, PublishedSets published)
    {
        foreach (var name in names.Select(published.BaseOf).Distinct())
        {
            if (SniFindings.ChainFor(host, RecordPlan.Text(name)) is not { } own) continue;
            var shown = _shown.Where(pair => pair.Site.Program == ServerProgram.Postfix && pair.Site.Ports.Any(own.Use.Ports.Contains)).SelectMany(pair => pair.Chains).Select(chain => chain.PublicKey).ToHashSet();
            if (shown.Count == 0 || (own.Keys.Any() && own.Keys.All(shown.Contains) && (!_options.WantsRollover || own.Use.Files.All(path => _files.Values.Any(file => file.Path == path))))) continue;
            _wanted.Obstacles.Add(new($"tls_server_sni_maps has a chain of its own for {own.Use.Name} ({string.Join(", ", own.Use.Files)}). Senders that know DANE ask for {RecordPlan.Text(name)} and are shown that one, while setup and rollover look after the chain that is shown by default.",
                $"Take the line for {own.Use.Name} out of the table, so that the default chain is shown for it, and run setup again.", true, own.Use.Place));
        }
    }

    private static bool IsSoundAsItIs(Site site)
    {
        var chains = site.Chains.Select(chain => (Sound: SoundChain.Of(chain, out var fault), Fault: fault)).ToArray();
        return chains.Length > 0 && chains.All(chain => chain.Fault.Length == 0 && !chain.Sound.IsEmpty) && !chains.All(chain => chain.Sound.All(one => one.Leaf.IsSelfIssued));
    }

    /// <summary>The file for a site's chain, and what it holds: that of the same key and names, unless some sender would miss the certificate of today.</summary>
    private (string Path, SoundChain Chain) Hold(SoundChain chain, Site site)
    {
        var isGiven = _isGiven && site.IsDefault;
        if (FileOf(chain) is { } known)
        {
            if (chain.AsShown.HasLeafOf(known.Chain) || (!isGiven && MayFollow(site, chain, known.Chain) && (known.Chain.IsValidAt(_now, out _) || !chain.IsValidAt(_now, out _)))) return known;

            // Another certificate that was given for the key of a chain file comes into that file.
            if (isGiven && _sites.Where(other => other.Files.Contains(known.Path)).ToArray() is { Length: > 0 } readers)
            {
                Write(known.Path, chain);
                _reloads.AddRange(readers.Select(ReloadOf));
                return _files[Identity(chain)] = (known.Path, chain);
            }
        }

        var path = $"{_folder}/{chain.Algorithm}.pem";
        for (var number = 2; _files.Values.Any(file => file.Path == path); number++) path = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{_folder}/{chain.Algorithm}-{number}.pem");
        _files.Add(_files.ContainsKey(Identity(chain)) ? OwnIdentity(chain) : Identity(chain), (path, chain));
        Write(path, chain);
        return (path, chain);
    }

    private void Write(string path, SoundChain chain) => _changes.Add(new Change.WriteChain(path, chain.Key, [.. chain.Certificates.Select(block => block.Place)], chain.PublicKey));

    private void MovePostfix(Site site, string[] files)
    {
        var instance = site.Instance!;
        var value = string.Join(", ", files);
        if (site.Service is { } service)
        {
            _changes.Add(new Change.SetServiceOption(instance.Directory, $"{service.Name}/{service.Type}", "smtpd_tls_chain_files", value));
            foreach (var name in Pairs.Where(name => service.Options.Any(option => option.Name == name))) _changes.Add(new Change.SetServiceOption(instance.Directory, $"{service.Name}/{service.Type}", name, null));
        }
        else
        {
            _changes.Add(new Change.SetParameter(instance.Directory, "smtpd_tls_chain_files", value));
            foreach (var name in Pairs.Where(name => instance.Get(name).IsSet && !IsReferred(instance, name))) _changes.Add(new Change.RemoveParameter(instance.Directory, name));
        }

        _reloads.Add(ReloadOf(site));
    }

    /// <summary>Once main.cf names chain files, certificates that services name by the older parameters count no more (postconf(5)): those that stay are written as chain files of the service.</summary>
    private void KeepOwnCertificates(PostfixInstance instance, ImmutableArray<ChainFacts> known)
    {
        if (!instance.Get("smtpd_tls_chain_files").IsEmpty || !_changes.OfType<Change.SetParameter>().Any(change => change.Directory == instance.Directory && change.Name == "smtpd_tls_chain_files")) return;
        foreach (var service in instance.Master.Services.Where(service => service.Command == "smtpd" && service.Options.Any(option => Pairs.Contains(option.Name))))
        {
            var key = $"{service.Name}/{service.Type}";
            if (!instance.Get("smtpd_tls_chain_files", service).IsEmpty || _changes.OfType<Change.SetServiceOption>().Any(change => change.Directory == instance.Directory && change.Service == key && change.Name == "smtpd_tls_chain_files")) continue;
            var own = ConfiguredChain.Of(instance, service);
            if (own.IsEmpty) continue;
            if (own.FirstOrDefault(chain => chain.Files is [var file] && known.FirstOrDefault(one => one.Use.Files is [var same] && same == file) is { Blocks: [{ Summary: not null }, ..] }) is { } reversed)
            {
                _wanted.Obstacles.Add(new($"The service {key} has a certificate of its own in {reversed.Files[0]}, which as a chain file would have to begin with the key.", $"Put the private key before the certificate in {reversed.Files[0]}.", true, reversed.Certificate.Place));
                continue;
            }

            _changes.Add(new Change.SetServiceOption(instance.Directory, key, "smtpd_tls_chain_files", string.Join(", ", own.SelectMany(chain => chain.Files))));
            foreach (var name in Pairs.Where(name => service.Options.Any(option => option.Name == name))) _changes.Add(new Change.SetServiceOption(instance.Directory, key, name, null));
        }
    }

    /// <summary>Whether another parameter takes its value from this one: then it stays, without effect on the server.</summary>
    private static bool IsReferred(PostfixInstance instance, string name) =>
        instance.Main.Definitions.Select(definition => definition.Value).Concat(instance.Master.Services.SelectMany(service => service.Options.Select(option => option.Value)))
            .Any(value => value.Contains("$" + name, StringComparison.Ordinal) || value.Contains("${" + name, StringComparison.Ordinal) || value.Contains("$(" + name, StringComparison.Ordinal));

    /// <summary>Dovecot and nginx name certificate and key on a line each.</summary>
    private void MoveLines(Site site, string file)
    {
        var use = site.Chains[0].Use;
        Replace(use.Place, use.Files[^1]);
        if (use.KeyPlace is { } key) Replace(key, use.Files[0]);
        _reloads.Add(ReloadOf(site));

        // Several server blocks may read the one line, from a file that each includes or from the block around them.
        void Replace(Place place, string before)
        {
            var change = new Change.ReplaceWords(place.File, place.Line, before, file);
            if (!_changes.Contains(change)) _changes.Add(change);
        }
    }

    /// <summary>A server counts where records are wanted or published at its port, or where it shows a key of the mail servers: one key is rolled in one go.</summary>
    private bool IsOfMail(Site site) =>
        site.Ports.Any(_pinnedPorts.Contains) || site.Chains.SelectMany(chain => chain.Keys).Any(key => _shown.Any(shown => shown.Site.Chains.SelectMany(chain => chain.Keys).Contains(key) || shown.Chains.Any(chain => chain.PublicKey == key)));
}
