using System.Collections.Immutable;
using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Discovery;

/// <summary>Finds the hosts of a service by SRV records (RFC 2782, RFC 6186, RFC 7673 §3.1).</summary>
/// <param name="lookup">Answers questions to the DNS.</param>
public sealed class ServiceDiscovery(ILookup lookup)
{
    /// <summary>Makes the name at which SRV records stand: <c>_service._tcp.</c> and the domain.</summary>
    /// <param name="service">The service's name without its underscore, such as <c>imaps</c>.</param>
    /// <param name="domain">The domain that is served.</param>
    /// <param name="owner">The owner, or the root on failure.</param>
    /// <returns>False when the name would be longer than 255 octets.</returns>
    public static bool TryOwner(string service, DomainName domain, out DomainName owner)
    {
        ArgumentNullException.ThrowIfNull(service);
        owner = default;
        return domain.TryPrepend("_tcp"u8, out var transport) && transport.TryPrepend(Encoding.ASCII.GetBytes("_" + service), out owner);
    }

    /// <summary>Finds where a service is.</summary>
    /// <param name="owner">The SRV owner, as <see cref="TryOwner"/> makes it.</param>
    /// <param name="domain">The domain that is served.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<ServiceRoute> FindRouteAsync(DomainName owner, DomainName domain, CancellationToken cancellationToken = default)
    {
        var answer = await lookup.LookupAsync(owner, RecordType.SRV, cancellationToken).ConfigureAwait(false);
        var route = new ServiceRoute { Domain = domain, SrvAnswer = answer };

        // R72: who went on without the answer would go where an attacker wants.
        if (answer.HasFailed) return route;
        if (answer.Records is not { } records) return route with { Kind = ServiceRouteKind.None };
        ImmutableArray<SrvData> targets = [.. records.Data.Select(data => SrvData.TryRead(data, out var target) ? target : (SrvData?)null).OfType<SrvData>()];
        if (targets.IsEmpty) return route;

        // RFC 2782: "A Target of "." means that the service is decidedly not available at this domain."
        if (targets.All(target => target.Target.IsRoot)) return route with { Kind = ServiceRouteKind.NotOffered };
        return route with { Kind = ServiceRouteKind.Records, Hosts = Hosts(targets), Unusable = [.. InOrder(targets.Where(target => !LeadsSomewhere(target)))] };
    }

    /// <summary>RFC 7673 §3.1: the order is that of the records "without regard to the presence or absence of DNSSEC or TLSA records". A check looks at all of them, so weights are no dice here.</summary>
    private static ImmutableArray<ServiceHost> Hosts(IEnumerable<SrvData> targets) =>
    [
        .. InOrder(targets.Where(LeadsSomewhere))
            .DistinctBy(target => (target.Target, target.Port))
            .Select(target => new ServiceHost(target.Target, target.Port, target.Priority, target.Weight, AddressLiteral.In(target.Target))),
    ];

    private static IEnumerable<SrvData> InOrder(IEnumerable<SrvData> targets) =>
        targets.OrderBy(target => target.Priority).ThenByDescending(target => target.Weight).ThenBy(target => target.Target).ThenBy(target => target.Port);

    private static bool LeadsSomewhere(SrvData target) => target.Port != 0 && !target.Target.IsRoot;
}
