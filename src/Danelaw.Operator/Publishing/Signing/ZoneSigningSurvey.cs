using System.Collections.Immutable;
using System.Net;
using Danelaw.Checks;
using Danelaw.Discovery;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Servers;

namespace Danelaw.Operator.Publishing.Signing;

/// <summary>Asks the servers of a zone for its keys and those of the zone above for its DS set, each directly, and validates what they say. No cache stands in between.</summary>
/// <param name="options">How names are resolved and judged.</param>
/// <param name="transport">Carries the questions.</param>
/// <param name="clock">The time that is judged at.</param>
public sealed class ZoneSigningSurvey(ResolverOptions options, IDnsTransport transport, TimeProvider clock)
{
    private const int Port = 53;

    private static readonly DomainName Version = DomainName.Parse("version.bind.");

    /// <summary>Which families of addresses are asked. Default: both.</summary>
    public AddressFamilies Families { get; init; }

    /// <summary>Where connections are led instead.</summary>
    public ImmutableArray<ConnectToRule> ConnectTo { get; init; } = [];

    /// <summary>Asks. What goes wrong in the DNS is in the evidence, never an exception.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ZoneSigningEvidence> AskAsync(DomainName zone, CancellationToken cancellationToken = default)
    {
        // A new one each time: it has no memory of how the zone was before.
        var resolver = new Resolver(transport, options, clock);

        // Servers are found without validating anything: those of a broken zone could not be found otherwise, and what they say is judged all the same.
        var search = new ServerSearch(new Resolver(transport, options with { Anchors = TrustAnchors.None, NegativeAnchors = [] }, clock)) { Families = Families };
        var own = await search.FindAsync(zone, RecordType.NS, cancellationToken).ConfigureAwait(false);
        if (own is null || own.Zone != zone) return new(zone, IsZone: false) { Doubt = own is null ? "no name servers could be found" : own.Doubt?.Explanation ?? "" };
        var parents = ImmutableArray<(ParentServer Said, Exchange Exchange)>.Empty;
        var above = zone.IsRoot ? null : await search.FindAsync(zone, RecordType.DS, cancellationToken).ConfigureAwait(false);
        if (above is not null) parents = [.. await Task.WhenAll(Targets(above).Select(target => AskParentAsync(resolver, zone, target, cancellationToken))).ConfigureAwait(false)];

        // The DS set that most of the world will see next: of a server that has one, otherwise the proof that there is none.
        var best = parents.OrderByDescending(parent => parent.Said.Security).ThenByDescending(parent => parent.Said.Signers?.Length ?? -1).Select(parent => parent.Exchange).FirstOrDefault();
        var servers = await Task.WhenAll(Targets(own).Select(target => AskServerAsync(resolver, zone, target, best, cancellationToken))).ConfigureAwait(false);
        return new(zone, IsZone: true) { Servers = [.. servers], Parents = [.. parents.Select(parent => parent.Said)], Parent = above?.Zone ?? default };
    }

    private IEnumerable<(DomainName Host, IPAddress Address)> Targets(ZoneServers zone) => zone.Servers.SelectMany(server =>
    {
        var routed = server.Addresses.Where(address => Routes.HasRoute(ConnectToRule.Apply(ConnectTo, server.Host, new(address, Port)).Address)).ToArray();
        return (routed.Length > 0 ? routed : [.. server.Addresses]).Select(address => (server.Host, address));
    }).Distinct();

    private ValueTask<Exchange> AskAsync((DomainName Host, IPAddress Address) target, Question question, CancellationToken cancellationToken) =>
        transport.ExchangeAsync(new(question, new(TransportKind.Datagram, ConnectToRule.Apply(ConnectTo, target.Host, new(target.Address, Port))), RecursionDesired: false, CheckingDisabled: false), cancellationToken);

    private async Task<(ParentServer Said, Exchange Exchange)> AskParentAsync(Resolver resolver, DomainName zone, (DomainName Host, IPAddress Address) target, CancellationToken cancellationToken)
    {
        var shown = $"{target.Host} {target.Address}";
        var exchange = await AskAsync(target, new(zone, RecordType.DS), cancellationToken).ConfigureAwait(false);
        if (ServedAnswer.FaultOf(exchange) is { } fault) return (new(shown, Security.Indeterminate, null, fault), exchange);
        var answer = await resolver.JudgeAsync(exchange, cancellationToken).ConfigureAwait(false);
        return (new(shown, answer.Security, answer.IsFailure ? null : answer.Records?.Data ?? [], answer.Explanation), exchange);
    }

    private async Task<SigningServer> AskServerAsync(Resolver resolver, DomainName zone, (DomainName Host, IPAddress Address) target, Exchange? above, CancellationToken cancellationToken)
    {
        var server = new SigningServer(target.Host, target.Address);
        var keys = await AskAsync(target, new(zone, RecordType.DNSKEY), cancellationToken).ConfigureAwait(false);
        var soa = await AskAsync(target, new(zone, RecordType.SOA), cancellationToken).ConfigureAwait(false);
        if ((ServedAnswer.FaultOf(keys) ?? ServedAnswer.FaultOf(soa)) is { } fault) return server with { Fault = fault };
        server = server with
        {
            Keys = [.. keys.Message!.Answers.Where(record => record.Type == RecordType.DNSKEY && record.Owner == zone).Select(record => record.Data.ToOwned())],
            HasChildSigners = await HasAsync(target, zone, RecordType.CDS, cancellationToken).ConfigureAwait(false) || await HasAsync(target, zone, RecordType.CDNSKEY, cancellationToken).ConfigureAwait(false),
            Version = VersionOf(await AskAsync(target, new(Version, RecordType.TXT, RecordClass.CH), cancellationToken).ConfigureAwait(false)),
        };
        var fromAbove = await resolver.JudgeTogetherAsync(soa, above is null ? [keys] : [keys, above], cancellationToken).ConfigureAwait(false);
        server = server with { FromAbove = fromAbove.Security, Explanation = fromAbove.Explanation };
        if (server.Keys.IsEmpty || !TrustAnchors.TryCreate(Entries(zone, server.Keys), out var own, out _)) return server;

        // Trusting the keys for once: does all else fit?
        var island = new Resolver(transport, options with { Anchors = own, NegativeAnchors = [], CacheBytes = 0 }, clock);
        var byItself = await island.JudgeTogetherAsync(soa, [keys], cancellationToken).ConfigureAwait(false);
        return server with { ByItself = byItself.Security, Explanation = byItself.Security == Security.Secure ? server.Explanation : byItself.Explanation };
    }

    private async ValueTask<bool> HasAsync((DomainName Host, IPAddress Address) target, DomainName zone, RecordType type, CancellationToken cancellationToken)
    {
        var exchange = await AskAsync(target, new(zone, type), cancellationToken).ConfigureAwait(false);
        return ServedAnswer.FaultOf(exchange) is null && exchange.Message!.Answers.Any(record => record.Type == type);
    }

    /// <summary>The keys that a DS record can point to: those meant for it, or where none is, all.</summary>
    private static IEnumerable<ResourceRecord> Entries(DomainName zone, ImmutableArray<Octets> keys) =>
        SigningKeys.EntryPoints(keys).Select(key => new ResourceRecord(zone, RecordType.DNSKEY, RecordClass.IN, 0, key));

    private static string VersionOf(Exchange exchange) =>
        exchange.Message?.Answers.FirstOrDefault(record => record.Type == RecordType.TXT) is { Type: RecordType.TXT } record && record.Data.Length > 1
            ? System.Text.Encoding.Latin1.GetString(record.Data.Span[1..Math.Min(record.Data.Length, 1 + record.Data.Span[0])])
            : "";
}
