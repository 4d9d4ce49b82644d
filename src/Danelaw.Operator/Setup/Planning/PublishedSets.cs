using System.Collections.Immutable;
using System.Net;
using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Operator.Rollover;
using Danelaw.Probes;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Setup.Planning;

/// <summary>What the DNS was seen to have, as a plan asks for it.</summary>
/// <param name="facts">The evidence.</param>
internal sealed class PublishedSets(SetupFacts facts)
{
    private readonly HostReport[] _hosts = [.. facts.Network.Domains.Select(domain => domain.Report).Concat(facts.Network.Services).SelectMany(report => report.Hosts)];

    private readonly Dictionary<(DomainName, RecordType), Answer> _answers = Answers(facts);

    /// <summary>The names for which records are made.</summary>
    internal ImmutableArray<DomainName> Names { get; init; } = [];

    /// <summary>The MX hosts of the domains that the host takes mail for.</summary>
    internal IEnumerable<HostReport> MailHosts => facts.Network.Domains.SelectMany(domain => domain.Report.Hosts).DistinctBy(mx => mx.Name);

    /// <summary>Whether a name is where senders look for records of an MX host of those domains: by its MX record, or by what an alias there leads to.</summary>
    internal bool IsMailHost(DomainName name) => MailHosts.Any(mx => mx.Name == name || mx.TlsaBase == name);

    /// <summary>The TLSA base domain of a host; the host itself where it was not looked at.</summary>
    internal DomainName BaseOf(DomainName host) => _hosts.FirstOrDefault(one => one.Name == host && !one.TlsaBase.IsRoot)?.TlsaBase ?? host;

    /// <summary>The RRset at a port of a base domain; null where that is not known.</summary>
    internal TlsaSet? At(DomainName baseDomain, int port) => TlsaOwner.TryFor(port, baseDomain, out var owner) ? Served(owner) ?? Answered(owner) : null;

    /// <summary>All that senders may know of the RRset there, from a server or a cache.</summary>
    internal TlsaSet KnownAt(DomainName baseDomain, int port) =>
        TlsaOwner.TryFor(port, baseDomain, out var owner) ? facts.Served.Where(view => view.Owner == owner).Select(view => view.Records).Append(Answered(owner)).OfType<TlsaSet>().Aggregate(TlsaSet.Empty, (all, one) => all.Union(one)) : TlsaSet.Empty;

    /// <summary>All that is known at a number of ports, whatever the host is called there: a set for each owner, those of MX hosts of any domain among them.</summary>
    internal IEnumerable<(DomainName Host, int Port, TlsaSet Set)> KnownAt(IReadOnlyCollection<int> ports) =>
        facts.Served.Select(view => view.Owner).Concat(_answers.Keys.Where(key => key.Item2 == RecordType.TLSA).Select(key => key.Item1)).Distinct()
            .SelectMany(owner => TlsaOwner.TryRead(owner, out var port, out _, out var host) && ports.Contains(port) ? [(host, port, KnownAt(host, port))] : Array.Empty<(DomainName, int, TlsaSet)>());

    /// <summary>Each set at a port as one server or the resolver's cache has it, whatever this host is called there.</summary>
    internal IEnumerable<TlsaSet> ViewsAt(int port) =>
        facts.Served.Select(view => (view.Owner, view.Records)).Concat(_answers.Keys.Where(key => key.Item2 == RecordType.TLSA).Select(key => (key.Item1, Answered(key.Item1))))
            .Where(view => view.Item2 is not null && TlsaOwner.TryRead(view.Item1, out var at, out _, out var host) && at == port && !IsElsewhere(host)).Select(view => view.Item2!);

    /// <summary>Whether some sender finds a match at a port today, in what a server or the resolver's cache has, and none once another chain is shown there.</summary>
    /// <param name="port">The port.</param>
    /// <param name="today">The chain that is shown there today.</param>
    /// <param name="next">The other one.</param>
    internal bool IsLoss(int port, ShownChain today, ShownChain next) => ViewsAt(port).Any(set => (next.Misled(set, port) & ~today.Misled(set, port)) != 0);

    /// <summary>
    /// Whether a name is another machine's, such as that of a backup MX host: what its zone says is none of this host's affair. Behind a translating router no name has an address of this host;
    /// there what is shown tells.
    /// </summary>
    private bool IsElsewhere(DomainName host)
    {
        var known = _hosts.Where(one => one.Name == host || one.TlsaBase == host).ToArray();
        var addresses = AddressesOf(host);
        if (addresses.Length == 0 || Names.Any(name => name == host || BaseOf(name) == host) || addresses.Any(facts.Host.Addresses.Contains)) return false;
        var shown = known.SelectMany(one => one.Endpoints).Select(endpoint => ShownChain.Of(endpoint.Observation)).OfType<ShownChain>().ToArray();
        var own = facts.Host.Chains.SelectMany(chain => chain.Keys).Concat(LookedAt.Select(ShownChain.Of).OfType<ShownChain>().Select(chain => chain.PublicKey)).ToHashSet();
        return shown.All(chain => !own.Contains(chain.PublicKey)) && (shown.Length > 0 || _hosts.Any(one => one.Addresses.Any(facts.Host.Addresses.Contains)));
    }

    /// <summary>The addresses of a name, as far as they are known.</summary>
    internal IPAddress[] AddressesOf(DomainName host) =>
        [.. _hosts.Where(one => one.Name == host || one.TlsaBase == host).SelectMany(one => one.Addresses).Concat(new[] { RecordType.A, RecordType.AAAA }.SelectMany(type => AddressesOf(_answers.GetValueOrDefault((host, type))))).Distinct()];

    /// <summary>Where the records of an owner stand: what an alias leads to, or the owner itself.</summary>
    internal DomainName PlaceOf(DomainName owner) =>
        facts.Served.FirstOrDefault(view => view.Owner == owner && view.Records is not null) is { } served ? served.Name
        : _answers.GetValueOrDefault((owner, RecordType.TLSA)) is { IsFailure: false } answer && answer.Chain.Any(link => link.Records.Type == RecordType.CNAME) ? answer.Records?.Owner ?? answer.FinalName
        : owner;

    private static IEnumerable<IPAddress> AddressesOf(Answer? answer) =>
        answer?.Records?.Data.SelectMany(data => AddressData.TryRead(answer.Question.Type, data, out var address) ? [address] : Array.Empty<IPAddress>()) ?? [];

    private TlsaSet? Answered(DomainName owner) => _answers.TryGetValue((owner, RecordType.TLSA), out var answer) && !answer.IsFailure ? ServedAnswer.RecordsOf(answer) : null;

    /// <summary>What every authoritative server has, where they agree: a cache may say for a while what was there before.</summary>
    private TlsaSet? Served(DomainName owner)
    {
        var views = facts.Served.Where(view => view.Owner == owner).ToArray();
        return views.Length > 0 && views.All(view => view.Records is { } records && records.Equals(views[0].Records)) ? views[0].Records : null;
    }

    /// <summary>The TTL of the RRset there; null where there is none.</summary>
    internal uint? TimeToLiveAt(DomainName baseDomain, int port) =>
        !TlsaOwner.TryFor(port, baseDomain, out var owner) ? null
        : Served(owner) is { } served ? served.IsEmpty ? null : (uint)facts.Served.Where(view => view.Owner == owner).Max(view => view.TimeToLive).TotalSeconds
        : _answers.GetValueOrDefault((owner, RecordType.TLSA)) is { Records: not null } answer ? ServedAnswer.LargestOf(answer) : null;

    /// <summary>The longest TTL with which some server or the resolver's cache has the RRset there; zero where none has it.</summary>
    internal uint LongestAt(DomainName baseDomain, int port)
    {
        if (!TlsaOwner.TryFor(port, baseDomain, out var owner)) return 0;
        var served = facts.Served.Where(view => view.Owner == owner && view.Records is { IsEmpty: false }).Select(view => (uint)view.TimeToLive.TotalSeconds).DefaultIfEmpty().Max();
        return _answers.GetValueOrDefault((owner, RecordType.TLSA)) is { Records: not null } answer ? Math.Max(served, ServedAnswer.LargestOf(answer)) : served;
    }

    /// <summary>What was seen at a port of a host, at each of its addresses that TLS was spoken at.</summary>
    internal IEnumerable<Observation> SeenAt(DomainName host, int port) =>
        _hosts.Where(one => one.Name == host).SelectMany(one => one.Endpoints).Select(endpoint => endpoint.Observation).Where(seen => seen.Outcome == ProbeOutcome.Completed && seen.Target.Address.Port == port && !seen.Chain.IsEmpty);

    /// <summary>What was looked at of a host's port, and seen to show no key.</summary>
    internal IEnumerable<Observation> UnseenEndpoints(DomainName host, int port) =>
        _hosts.Where(one => one.Name == host).SelectMany(one => one.Endpoints).Select(endpoint => endpoint.Observation).Where(seen => seen.Target.Address.Port == port && !seen.HasProvenKey).DistinctBy(seen => seen.Target.Address);

    /// <summary>The chains that this host shows at a port, to clients of each kind of key.</summary>
    internal ShownChain[] ShownAt(int port) =>
        [.. _hosts.SelectMany(one => one.Endpoints).Select(endpoint => endpoint.Observation).Where(seen => facts.Host.Addresses.Contains(seen.Target.Address.Address)).Concat(LookedAt)
            .Where(seen => seen.Target.Address.Port == port).Select(ShownChain.Of).OfType<ShownChain>().DistinctBy(chain => chain.PublicKey)];

    /// <summary>Why it could not be seen what this host shows at a port, as a phrase; null where it was, where no TLS is offered there, and where nobody was to look.</summary>
    internal string? UnseenAt(int port)
    {
        if (facts.Shown is null || !ServicePorts.Protocols.ContainsKey(port) || ShownAt(port).Length > 0 || OffersNoTls(port)) return null;
        return AnyKindAt(port).FirstOrDefault(seen => seen.Outcome != ProbeOutcome.Refused) is { } silent ? $"{silent.Target.Address}: {Words(silent)}"
            : AnyKindAt(port) is [var refused, ..] ? $"{refused.Target.Address}: {Words(refused)}"
            : "no address of this host is known";
    }

    /// <summary>Why it could not be seen which key of a kind this host shows at a port, as a phrase; null where it was, or the server says that it has none.</summary>
    /// <param name="port">The port.</param>
    /// <param name="algorithm">The kind of key, as <see cref="SoundChain.Algorithm"/> names it.</param>
    internal string? UnseenAt(int port, string algorithm) =>
        ShownAt(port).All(shown => SoundChain.AlgorithmOf(shown.PublicKey) != algorithm)
        && LookedAt.FirstOrDefault(seen => seen.Target.Address.Port == port && seen.Target.Algorithm.ToString().Equals(algorithm, StringComparison.OrdinalIgnoreCase) && !seen.HasProvenKey && seen.Outcome is not (ProbeOutcome.AlgorithmNotOffered or ProbeOutcome.AlgorithmNotAsked)) is { } silent
            ? $"{silent.Target.Address}: {Words(silent)}" : null;

    /// <summary>What came of a look that saw nothing.</summary>
    internal static string Words(Observation seen) => seen.Outcome switch
    {
        ProbeOutcome.Refused => "the connection is refused",
        ProbeOutcome.TimedOut => "no answer in time",
        _ when seen.Detail.Length > 0 => seen.Detail,
        _ => seen.Outcome.ToString(),
    };

    /// <summary>Whether this host was seen to offer no TLS at a port: then nothing is pinned there that could be lost.</summary>
    internal bool OffersNoTls(int port) => AnyKindAt(port) is { Length: > 0 } seen && seen.Any(one => one.Outcome == ProbeOutcome.StartTlsNotOffered) && seen.All(one => one.Outcome is ProbeOutcome.StartTlsNotOffered or ProbeOutcome.Refused);

    /// <summary>Whether nobody listens at a port of this host.</summary>
    internal bool IsDeaf(int port) => AnyKindAt(port) is { Length: > 0 } seen && seen.All(one => one.Outcome == ProbeOutcome.Refused);

    /// <summary>
    /// Why it is not known which TLSA records stand at some ports, as a phrase; null where it is. An absence is proven where the resolver and each authoritative server that was asked gave an answer
    /// that can be judged: what one of them keeps to itself may mean the key of today. In a zone that is provably not signed nobody believes a record.
    /// </summary>
    internal string? DoubtAt(IReadOnlyCollection<int> ports)
    {
        var asked = _answers.Where(answer => answer.Key.Item2 == RecordType.TLSA && answer.Value.IsFailure && Matters(answer.Key.Item1)).Select(answer => $"{answer.Key.Item1} could not be looked up ({answer.Value.Explanation.TrimEnd('.')})");
        var served = facts.Served.Where(view => view.Records is null && Matters(view.Owner)).Select(view => $"{view.Server} gives no valid answer for {view.Owner}{(view.Detail.Length > 0 ? $" ({view.Detail.TrimEnd('.')})" : "")}");
        return asked.Concat(served).FirstOrDefault();

        bool Matters(DomainName owner) => TlsaOwner.TryRead(owner, out var port, out _, out var host) && ports.Contains(port) && IsSigned(host) != false && !IsElsewhere(host);
    }

    private IEnumerable<Observation> LookedAt => facts.Shown is { } shown ? shown : [];

    private Observation[] AnyKindAt(int port) => [.. LookedAt.Where(seen => seen.Target.Address.Port == port && seen.Target.Algorithm == KeyAlgorithm.Any)];

    /// <summary>Whether what is asked of a host's name is signed; null where that is not known.</summary>
    internal bool? IsSigned(DomainName host)
    {
        var all = new[] { RecordType.A, RecordType.AAAA }.Select(type => _answers.GetValueOrDefault((host, type))).OfType<Answer>().Where(answer => !answer.IsFailure).ToArray();
        return all.Length == 0 ? null : all.Any(answer => answer.Security == Security.Secure);
    }

    private static Dictionary<(DomainName, RecordType), Answer> Answers(SetupFacts facts)
    {
        var answers = new Dictionary<(DomainName, RecordType), Answer>();
        foreach (var answer in facts.Asked.Concat(facts.Network.Domains.Select(domain => domain.Report).Concat(facts.Network.Services).SelectMany(report => report.Lookups))) answers.TryAdd((answer.Question.Name, answer.Question.Type), answer);
        return answers;
    }
}
