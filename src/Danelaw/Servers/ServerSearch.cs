using System.Collections.Immutable;
using System.Net;
using Danelaw.Discovery;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Servers;

/// <summary>Finds the zone that holds a name, its name servers and their addresses.</summary>
/// <param name="resolver">Looks all of it up, and validates what can be.</param>
public sealed class ServerSearch(ILookup resolver)
{
    private const int MostHosts = 16;

    /// <summary>Which families of addresses are looked for. Default: both.</summary>
    public AddressFamilies Families { get; init; }

    /// <summary>Finds them.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The type that is asked for there: DS records stand in the zone above (RFC 4035 §2.4).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when no NS records at or above the name could be had.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ZoneServers?> FindAsync(DomainName name, RecordType type, CancellationToken cancellationToken = default)
    {
        var apex = type == RecordType.DS && !name.IsRoot ? name.Parent : name;
        Answer? doubt = null;
        while (true)
        {
            var answer = await resolver.LookupAsync(apex, RecordType.NS, cancellationToken).ConfigureAwait(false);
            if (answer is { Records.Type: RecordType.NS, IsAlias: false }) return await FindAsync(answer, doubt, cancellationToken).ConfigureAwait(false);
            if (answer.IsFailure) doubt ??= answer;
            if (apex.IsRoot) return null;
            apex = apex.Parent;
        }
    }

    /// <summary>Finds the addresses of a server.</summary>
    /// <param name="host">Its name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ZoneServer> FindHostAsync(DomainName host, CancellationToken cancellationToken = default)
    {
        var addresses = ImmutableArray.CreateBuilder<IPAddress>();
        Answer? doubt = null;
        uint timeToLive = 0;
        var isAlias = false;
        foreach (var type in Families.ToRecordTypes())
        {
            var answer = await resolver.LookupAsync(host, type, cancellationToken).ConfigureAwait(false);
            if (answer.IsFailure) doubt ??= answer;
            isAlias |= answer.IsAlias;
            foreach (var link in answer.Chain) timeToLive = Math.Max(timeToLive, link.LongestTimeToLive);
            foreach (var data in answer.Records?.Data ?? [])
                if (AddressData.TryRead(type, data, out var address) && !addresses.Contains(address)) addresses.Add(address);
        }

        return new(host, addresses.ToImmutable(), doubt) { TimeToLive = TimeSpan.FromSeconds(timeToLive), IsAlias = isAlias };
    }

    private async Task<ZoneServers> FindAsync(Answer nameServers, Answer? doubt, CancellationToken cancellationToken)
    {
        var hosts = new List<DomainName>();
        foreach (var data in nameServers.Records!.Data)
            if (NameData.TryRead(data, out var view) && !hosts.Contains(view.Name)) hosts.Add(view.Name);
        var servers = await Task.WhenAll(hosts.Order().Take(MostHosts).Select(host => FindHostAsync(host, cancellationToken))).ConfigureAwait(false);
        return new(nameServers, [.. servers]) { Doubt = doubt, LeftOut = Math.Max(0, hosts.Count - MostHosts) };
    }
}
