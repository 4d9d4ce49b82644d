using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Danelaw.Checks;
using Danelaw.Discovery;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Servers;

/// <summary>
/// Asks the zone above whom it delegates a zone to: that is where resolvers begin (RFC 1034 §4.2.2), whatever the zone says of itself. One of its servers is enough. What it said is kept for
/// a few minutes. Safe for many threads.
/// </summary>
/// <param name="resolver">Finds the zone above, its servers and their addresses.</param>
/// <param name="transport">Carries the questions to these.</param>
/// <param name="clock">Measures how long something was kept.</param>
public sealed class DelegationSearch(ILookup resolver, IDnsTransport transport, TimeProvider clock)
{
    private const int Port = 53;
    private const int MostServers = 6;
    private const int MostNamed = 32;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<DomainName, (Delegation Found, long Since)> _kept = new();

    /// <summary>Which families of addresses are asked. Default: both.</summary>
    public AddressFamilies Families { get; init; }

    /// <summary>Where connections are led instead.</summary>
    public ImmutableArray<ConnectToRule> ConnectTo { get; init; } = [];

    /// <summary>Finds the delegation of a zone.</summary>
    /// <param name="zone">The zone, not the root.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<Delegation> FindAsync(DomainName zone, CancellationToken cancellationToken = default)
    {
        if (_kept.TryGetValue(zone, out var kept) && clock.GetElapsedTime(kept.Since) < Life) return kept.Found;
        var found = await AskAsync(zone, cancellationToken).ConfigureAwait(false);
        if (found.Fault.Length == 0) _kept[zone] = (found, clock.GetTimestamp());
        return found;
    }

    private async Task<Delegation> AskAsync(DomainName zone, CancellationToken cancellationToken)
    {
        if (await new ServerSearch(resolver) { Families = Families }.FindAsync(zone, RecordType.DS, cancellationToken).ConfigureAwait(false) is not { } above)
            return new([], $"the zone above {zone} could not be found");
        if (above.Doubt is { } doubt) return new([], $"the zone above {zone} could not be found: {doubt.Explanation}");
        var fault = $"no server of {above.Zone} has an address";
        foreach (var (host, address) in above.Servers.SelectMany(server => server.Addresses.Select(address => (server.Host, address))).OrderBy(one => one.address.AddressFamily).Take(MostServers))
        {
            var server = new DnsServer(TransportKind.Datagram, ConnectToRule.Apply(ConnectTo, host, new(address, Port)));
            var exchange = await transport.ExchangeAsync(new(new(zone, RecordType.NS), server, RecursionDesired: false, CheckingDisabled: false), cancellationToken).ConfigureAwait(false);
            if (ServerProbe.MessageOf(exchange) is { } message && Read(message, zone, above.Zone) is { } read)
                return read.Servers.Length <= MostNamed ? read : new([], string.Create(CultureInfo.InvariantCulture, $"{host} {address} names {read.Servers.Length} servers, more than any zone has"));
            fault = $"{host} {address} does not say whom {above.Zone} delegates {zone} to{(exchange.Detail.Length > 0 ? ": " + exchange.Detail : "")}";
        }

        return new([], fault);
    }

    /// <summary>The servers that a reply names; null when it names none. A server that has both zones answers from the lower one: then that is what resolvers get as well.</summary>
    private static Delegation? Read(DnsMessage message, DomainName zone, DomainName above)
    {
        if (message.ResponseCode != ResponseCode.NoError) return null;
        var named = message.Authorities.Concat(message.Answers).Where(record => record.Type == RecordType.NS && record.Owner == zone).ToArray();
        var hosts = named.Select(record => NameData.TryRead(record.Data, out var view) ? view.Name : (DomainName?)null).OfType<DomainName>().Distinct().Order().ToArray();
        if (hosts.Length == 0) return null;

        // Glue counts where the zone above may give it.
        var glue = message.Additionals.Where(record => record.Type is RecordType.A or RecordType.AAAA && record.Owner.IsAtOrBelow(above) && hosts.Contains(record.Owner)).ToArray();
        return new([.. hosts.Select(host => ServerOf(host, [.. glue.Where(record => record.Owner == host)]))], "") { TimeToLive = LongestOf(named) };
    }

    private static DelegatedServer ServerOf(DomainName host, ResourceRecord[] glue) =>
        new(host, [.. glue.Select(record => AddressData.TryRead(record.Type, record.Data, out var address) ? address : null).OfType<IPAddress>().Distinct()]) { TimeToLive = LongestOf(glue) };

    private static TimeSpan LongestOf(ResourceRecord[] records) => TimeSpan.FromSeconds(records.Select(record => record.TimeToLive).DefaultIfEmpty().Max());
}
