using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using Danelaw.Checks;
using Danelaw.Discovery;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Servers;

/// <summary>Asks every authoritative server of a zone, at each of its addresses: for a name, for the SOA and for a name that does not exist, with DO, over UDP and TCP.</summary>
/// <param name="resolver">Finds the zone, its servers and their addresses, and validates what can be.</param>
/// <param name="transport">Carries the questions to the servers.</param>
/// <param name="clock">Measures the time of each.</param>
public sealed class ServerSurvey(Resolver resolver, IDnsTransport transport, TimeProvider clock)
{
    /// <summary>Addresses that are asked; a zone with more has another trouble.</summary>
    private const int MostAddresses = 32;
    private const int Port = 53;

    /// <summary>How far below a zone the next is looked for.</summary>
    private const int MostLevels = 8;

    /// <summary>Which families of addresses are asked. Default: both.</summary>
    public AddressFamilies Families { get; init; }

    /// <summary>Where connections are led instead.</summary>
    public ImmutableArray<ConnectToRule> ConnectTo { get; init; } = [];

    /// <summary>Asks. What goes wrong in the DNS is in the evidence, never an exception.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The type.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">Nobody is asked for the type (<see cref="RecordTypes.IsAskedFor"/>).</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ServerEvidence> AskAsync(DomainName name, RecordType type, CancellationToken cancellationToken = default)
    {
        var answer = await resolver.LookupAsync(name, type, cancellationToken).ConfigureAwait(false);
        var evidence = new ServerEvidence(new(name, type), answer);
        if (await new ServerSearch(resolver) { Families = Families }.FindAsync(name, type, cancellationToken).ConfigureAwait(false) is not { } found) return evidence;
        evidence = evidence with { Zone = found.Zone, NameServers = found.NameServers, Doubt = found.Doubt };
        var servers = found.Servers;

        // A zone that is broken, or none of whose servers answers, is one all the same: the zone above says so.
        if (found.Doubt is { } doubt && await DelegatedAsync(type == RecordType.DS && !name.IsRoot ? name.Parent : name, found.Zone, cancellationToken).ConfigureAwait(false) is { } delegated)
        {
            evidence = evidence with { Zone = delegated.Zone, NameServers = doubt, Doubt = null, IsDelegation = true };
            servers = delegated.Servers;
        }

        var targets = servers.SelectMany(server => server.Addresses.Select(address => (server.Host, Address: address))).ToList();

        // Nobody can have foreseen it, so no cache and no list knows it.
        var nonName = evidence.Zone.Value.TryPrepend(System.Text.Encoding.ASCII.GetBytes("nx-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))), out var made) ? made : name;
        var probes = await Task.WhenAll(targets.Take(MostAddresses).Select(target => AskServerAsync(target.Host, target.Address, evidence, nonName, cancellationToken))).ConfigureAwait(false);
        return evidence with { WithoutAddress = [.. servers.Where(server => server.Addresses.IsEmpty).Select(server => server.Host)], LeftOut = Math.Max(0, targets.Count - MostAddresses), Probes = [.. probes.SelectMany(each => each)] };
    }

    /// <summary>One server is asked one thing after the other: a survey is no load.</summary>
    private async Task<List<ServerProbe>> AskServerAsync(DomainName host, IPAddress address, ServerEvidence evidence, DomainName nonName, CancellationToken cancellationToken)
    {
        var probes = new List<ServerProbe>();
        var place = ConnectToRule.Apply(ConnectTo, host, new(address, Port));
        foreach (var isTcp in new[] { false, true })
        {
            var server = new DnsServer(isTcp ? TransportKind.Tcp : TransportKind.Datagram, place);
            foreach (var question in Enum.GetValues<ServerQuestion>())
            {
                Question asked = question switch
                {
                    ServerQuestion.Answer => evidence.Question,
                    ServerQuestion.Soa => new(evidence.Zone!.Value, RecordType.SOA),
                    ServerQuestion.NonName => new(nonName, RecordType.A),
                };
                var begun = clock.GetTimestamp();
                var exchange = await transport.ExchangeAsync(new(asked, server, RecursionDesired: false, CheckingDisabled: false), cancellationToken).ConfigureAwait(false);
                var probe = new ServerProbe(host, address, isTcp, question).With(exchange, clock.GetElapsedTime(begun));
                probes.Add(await JudgedAsync(probe, exchange, cancellationToken).ConfigureAwait(false));
            }
        }

        return probes;
    }

    /// <summary>A reply by itself, held against the chain of trust: a server may serve what no validating resolver takes, while others of the zone do not.</summary>
    private async Task<ServerProbe> JudgedAsync(ServerProbe probe, Exchange exchange, CancellationToken cancellationToken)
    {
        if (probe is not { IsAuthoritative: true, Code: ResponseCode.NoError or ResponseCode.NameError or ResponseCode.YXDomain }) return probe;

        // Signatures are never secure by themselves (RFC 4035 §4.2), and ANY may bring a part.
        var asked = exchange.Query.Question;
        if (asked.Type is RecordType.RRSIG or RecordType.ANY) return probe;
        if (asked.Type != RecordType.CNAME && probe.HasAlias)
        {
            exchange = await transport.ExchangeAsync(exchange.Query with { Question = new(asked.Name, RecordType.CNAME) }, cancellationToken).ConfigureAwait(false);
            if (exchange.Outcome != ExchangeOutcome.Replied) return probe;
        }

        var judged = await resolver.JudgeAsync(exchange, cancellationToken).ConfigureAwait(false);
        return probe with { Status = judged.Security, Why = judged.Security == Security.Secure ? "" : judged.Explanation };
    }

    /// <summary>The highest zone below a zone, on the way to a name, that its servers delegate.</summary>
    private async Task<(DomainName Zone, ImmutableArray<ZoneServer> Servers)?> DelegatedAsync(DomainName name, DomainName above, CancellationToken cancellationToken)
    {
        var search = new DelegationSearch(resolver, transport, clock) { Families = Families, ConnectTo = ConnectTo };
        for (var depth = above.LabelCount + 1; depth <= name.LabelCount && depth <= above.LabelCount + MostLevels; depth++)
        {
            var zone = name;
            while (zone.LabelCount > depth) zone = zone.Parent;
            var delegation = await search.FindAsync(zone, cancellationToken).ConfigureAwait(false);
            if (delegation.Servers.IsEmpty) continue;
            var hosts = await Task.WhenAll(delegation.Servers.Select(server => WithGlueAsync(server, cancellationToken))).ConfigureAwait(false);
            return (zone, [.. hosts]);
        }

        return null;
    }

    private async Task<ZoneServer> WithGlueAsync(DelegatedServer server, CancellationToken cancellationToken)
    {
        var known = await new ServerSearch(resolver) { Families = Families }.FindHostAsync(server.Host, cancellationToken).ConfigureAwait(false);
        return known with { Addresses = [.. known.Addresses.Concat(server.Glue.Where(address => Families.Includes(address.AddressFamily))).Distinct()] };
    }
}
