using System.Collections.Immutable;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Setup.Planning;

/// <summary>Which chains a site is to show: the one that it shows now, unless another one was given or it has none that is sound.</summary>
/// <param name="facts">The evidence.</param>
/// <param name="names">The names for which records are made, without the closing dot.</param>
/// <param name="published">What the DNS has.</param>
/// <param name="now">The time.</param>
internal sealed class WantedChains(SetupFacts facts, ImmutableArray<string> names, PublishedSets published, DateTimeOffset now)
{
    /// <summary>What stands in the way.</summary>
    internal List<Obstacle> Obstacles { get; } = [];

    /// <summary>What can be done and has a consequence.</summary>
    internal List<string> Warnings { get; } = [];

    /// <summary>What is worth saying.</summary>
    internal List<string> Remarks { get; } = [];

    /// <summary>The chains for a site; empty where there are none, and then an obstacle says why.</summary>
    internal ImmutableArray<SoundChain> For(Site site, SetupOptions options)
    {
        var fault = site.Chains.IsEmpty ? "no certificate is configured" : "";
        var current = site.Chains.SelectMany(chain => Sound(chain, ref fault)).DistinctBy(chain => chain.PublicKey).ToImmutableArray();
        var isSound = fault.Length == 0 && !current.IsEmpty;
        if (!site.IsDefault) return isSound ? current : Without(site, fault);
        if (facts.Given is { } given) return TakeGiven(site, given, current, options);
        if (isSound && !(current.All(chain => chain.Leaf.IsSelfIssued) && !IsPinned(current, site))) return current;
        var kept = Kept();
        if (!kept.IsEmpty)
        {
            if (DoubtOf(site) is { } doubt)
            {
                Refuse(new($"{site.Subject} could be given the certificate that an ACME client keeps for {names[0]}, and whether TLSA records mean the one that it shows now could not be found out: {doubt}.", "Run setup again once that answers.", false));
                return [];
            }

            if (kept.Select(chain => chain.Algorithm).Distinct().Count() < kept.Length)
            {
                Obstacles.Add(new($"Several certificates of ACME clients are for {names[0]}.", "Say which one the servers are to show: --certificate FILE --key FILE", true));
                return [];
            }

            return kept;
        }

        if (!isSound) return Without(site, fault);
        Remarks.Add($"{site.Subject} shows a certificate that it has issued to itself. Senders that know DANE take it, because the TLSA record vouches for its key; for all others it is as good as none.");
        return current;
    }

    /// <summary>Whether a site that reads chain files of Danelaw's shows what is wanted: it does, unless other certificates were given, or ones that cannot be used.</summary>
    internal bool IsAsWanted(Site site)
    {
        if (!site.IsDefault || facts.Given is not { } given) return true;
        var chains = Usable(given, out var fault);
        if (fault.Length > 0) return false;
        var wanted = site.Program == ServerProgram.Postfix ? chains : [Fitting(site, chains)];
        return wanted.Select(chain => chain.Certificates[0].Object.Data).ToHashSet().SetEquals(site.Chains.SelectMany(chain => SoundChain.Of(chain, out _)).Select(chain => chain.Certificates[0].Object.Data));
    }

    /// <summary>One line names one chain: of several that of the kind of key that stands there now.</summary>
    internal static SoundChain Fitting(Site site, ImmutableArray<SoundChain> chains)
    {
        var kinds = site.Chains.SelectMany(chain => SoundChain.Of(chain, out _)).Select(chain => chain.Algorithm).ToHashSet();
        return chains.FirstOrDefault(chain => kinds.Contains(chain.Algorithm)) ?? chains[0];
    }

    /// <summary>The chains that were given.</summary>
    /// <param name="given">Their files.</param>
    /// <param name="fault">Why they cannot be used, as a phrase; empty where they can.</param>
    private ImmutableArray<SoundChain> Usable(ChainFacts given, out string fault)
    {
        var chains = SoundChain.Of(given, out fault);
        if (fault.Length == 0 && chains.FirstOrDefault(chain => !chain.IsValidAt(now, out _)) is { } invalid) invalid.IsValidAt(now, out fault);
        return chains;
    }

    private ImmutableArray<SoundChain> TakeGiven(Site site, ChainFacts given, ImmutableArray<SoundChain> current, SetupOptions options)
    {
        var chains = Usable(given, out var fault);
        if (fault.Length > 0)
        {
            Refuse(new($"{options.CertificateFile} cannot be used: {fault}.", "Give a certificate and the key that was made with it: --certificate FILE --key FILE", true));
            return [];
        }

        var offer = options.KeyFile is { } key ? $"{{ certificate = \"{options.CertificateFile}\", key = \"{key}\" }}" : $"\"{options.CertificateFile}\"";
        if (site.Files.FirstOrDefault(facts.Host.RolledFiles.Contains) is { } rolled)
        {
            Refuse(new($"danelaw rollover looks after {rolled}, which {site.Subject} shows: {options.CertificateFile} in its place would be out of its sight.", $"Run setup without --certificate, and add {offer} to the offers in {options.RolloverFile}: danelaw rollover brings it to the servers once that is safe.", true));
            return [];
        }

        // Beside the record of the given key, too: caches may have had that of today alone until a moment ago, and for how long every server has had both is for a roll to watch.
        var today = Today(site, current);
        if (SetsAt(site).Any(set => IsMeant(today, set) && !chains.All(chain => IsShown(chain) && set.Records.Any(chain.IsMeantBy))))
        {
            Refuse(new($"TLSA records mean what {site.Subject} shows now, and {options.CertificateFile} has another key, or a certificate that they do not mean: senders that have them, from a server or a cache, would deliver nothing from the change on.", $"Run setup --rollover without --certificate: it begins with the key of today. Then add {offer} to the offers in {options.RolloverFile}: danelaw rollover publishes the new key's record, waits until every cache must have it, and lets the servers show the new key then.", true));
            return [];
        }

        if (!chains.All(chain => today.Any(one => one.HasLeafOf(chain))) && DoubtOf(site) is { } doubt)
        {
            Refuse(new($"{options.CertificateFile} has another {(chains.All(IsShown) ? "certificate" : "key")} than {site.Subject} shows now, and whether TLSA records mean that one could not be found out: {doubt}.", "Run setup again once that answers; without --certificate the servers go on with the key of today.", false));
            return [];
        }

        foreach (var chain in chains) WarnOfNames(chain, options.CertificateFile ?? chain.Certificates[0].Place.File);
        return chains;

        bool IsShown(SoundChain chain) => today.Any(one => one.PublicKey == chain.PublicKey);
    }

    /// <summary>What a site shows today: at each port what was seen, and where nothing was what its files hold.</summary>
    private ImmutableArray<ShownChain> Today(Site site, ImmutableArray<SoundChain> current) =>
        [.. site.Ports.SelectMany(port => published.ShownAt(port) is { Length: > 0 } shown ? shown : current.Select(chain => chain.AsShown)).DistinctBy(chain => chain.PublicKey)];

    /// <summary>Why it is not known whether records mean what a site shows, as a phrase; null where it is, and where no port of it offers TLS.</summary>
    internal string? DoubtOf(Site site) => published.DoubtAt([.. site.Ports.Where(port => !published.OffersNoTls(port))]);

    /// <summary>A record 3 1 1 means the key, whatever the names in its certificate (RFC 7671 §5.1); whoever knows no DANE goes by the names.</summary>
    private void WarnOfNames(SoundChain chain, string file)
    {
        var lacking = names.Where(wanted => !chain.Leaf.DnsNames.Any(name => Covers(name, wanted))).ToArray();
        if (lacking.Length == 0) return;
        var held = chain.Leaf.DnsNames.IsEmpty ? "no name of a host" : string.Join(", ", chain.Leaf.DnsNames.Take(5)) + (chain.Leaf.DnsNames.Length > 5 ? " and others" : "");
        Warnings.Add($"The certificate in {file} is not for {string.Join(", ", lacking)}: it holds {held}. Senders that know DANE take it, because the TLSA record means its key. Those that go by MTA-STS deliver nothing to a server whose certificate has another name (RFC 8461 §4.2), and mail programs on ports 587, 465, 143 and 993 warn their users or do not connect.");
    }

    private void Refuse(Obstacle obstacle)
    {
        if (!Obstacles.Contains(obstacle)) Obstacles.Add(obstacle);
    }

    private ImmutableArray<SoundChain> Without(Site site, string fault)
    {
        var file = site.Files.LastOrDefault();
        Refuse(new($"{site.Subject} has no certificate that it could show: {fault}.", $"Get one for {names.FirstOrDefault() ?? "this host"} by an ACME client and run setup again, or give one: --certificate FILE --key FILE", true, file is null ? null : site.Chains[0].Use.Place));
        return [];
    }

    /// <summary>Whether TLSA records at the site's ports mean one of the chains: a host may be the MX host of domains by another name than those that records are made for.</summary>
    private bool IsPinned(ImmutableArray<SoundChain> chains, Site site) => SetsAt(site).Any(set => IsMeant(Today(site, chains), set));

    private IEnumerable<TlsaSet> SetsAt(Site site) => published.KnownAt(site.Ports).Select(known => known.Set);

    private static bool IsMeant(ImmutableArray<ShownChain> chains, TlsaSet set) => set.Records.Any(record => chains.Any(chain => chain.IsMeantBy(record)));

    /// <summary>The valid chains that ACME clients keep for one of the names.</summary>
    private ImmutableArray<SoundChain> Kept()
    {
        var found = ImmutableArray.CreateBuilder<SoundChain>();
        foreach (var chain in facts.Kept.SelectMany(kept => SoundChain.Of(kept, out _)))
        {
            if (chain.IsValidAt(now, out _) && chain.Leaf.DnsNames.Any(name => names.Any(wanted => Covers(name, wanted))) && found.All(known => known.PublicKey != chain.PublicKey)) found.Add(chain);
        }

        return found.ToImmutable();
    }

    /// <summary>Whether a name of a certificate covers a host.</summary>
    internal static bool Covers(string name, string wanted) =>
        name.Equals(wanted, StringComparison.OrdinalIgnoreCase) || (name.StartsWith("*.", StringComparison.Ordinal) && wanted.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 && wanted[dot..].Equals(name[1..], StringComparison.OrdinalIgnoreCase));

    private static ImmutableArray<SoundChain> Sound(ChainFacts chain, ref string fault)
    {
        var found = SoundChain.Of(chain, out var problem);
        if (problem.Length > 0) fault = problem;
        return found;
    }
}
