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

namespace Danelaw.Servers;

/// <summary>Asks every authoritative server of a zone, at each of its addresses: for a name, for the SOA and for a name that does not exist, with DO, over UDP and TCP.</summary>
/// <param name="resolver">Finds the zone, its servers and their addresses, and validates what can be.</param>
/// <param name="transport">Carries the questions to the servers.</param>
/// <param name="clock">Measures the time of each.</param>
public sealed class ServerSurvey(ILookup resolver, IDnsTransport transport, TimeProvider clock)
{
    /// <summary>Addresses that are asked; a zone with more has another trouble.</summary>
    private const int MostAddresses = 32;
    private const int Port = 53;

    /// <summary>Which families of addresses are asked. Default: both.</summary>
    public AddressFamilies Families { get; init; }

    /// <summary>Where connections are led instead.</summary>
    public ImmutableArray<ConnectToRule> ConnectTo { get; init; } = [];

    /// <summary>Asks. What goes wrong in the DNS is in the evidence, never an exception.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The type.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ServerEvidence> AskAsync(DomainName name, RecordType type, CancellationToken cancellationToken = default)
    {
        var answer = await resolver.LookupAsync(name, type, cancellationToken).ConfigureAwait(false);
        var evidence = new ServerEvidence(new(name, type), answer);
        if (await new ServerSearch(resolver) { Families = Families }.FindAsync(name, type, cancellationToken).ConfigureAwait(false) is not { } found) return evidence;
        evidence = evidence with { Zone = found.Zone, NameServers = found.NameServers };
        var targets = found.Servers.SelectMany(server => server.Addresses.Select(address => (server.Host, Address: address))).ToList();

        // Nobody can have foreseen it, so no cache and no list knows it.
        var nonName = found.Zone.TryPrepend(System.Text.Encoding.ASCII.GetBytes("nx-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))), out var made) ? made : name;
        var probes = await Task.WhenAll(targets.Take(MostAddresses).Select(target => AskServerAsync(target.Host, target.Address, evidence, nonName, cancellationToken))).ConfigureAwait(false);
        return evidence with { WithoutAddress = [.. found.Servers.Where(server => server.Addresses.IsEmpty).Select(server => server.Host)], LeftOut = Math.Max(0, targets.Count - MostAddresses), Probes = [.. probes.SelectMany(each => each)] };
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
                probes.Add(new ServerProbe(host, address, isTcp, question).With(exchange, clock.GetElapsedTime(begun)));
            }
        }

        return probes;
    }
}
