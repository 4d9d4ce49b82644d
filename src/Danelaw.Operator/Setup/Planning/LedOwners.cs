using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Setup.Planning;

/// <summary>The TLSA owners that lead senders to the ports whose servers are moved, with what is published there today: once keys have changed, these servers cannot be put back while any of it is known to a sender.</summary>
internal static class LedOwners
{
    internal static ImmutableArray<SetupRecord> Of(SetupOptions options, ImmutableArray<DomainName> names, ChainPlan chains, PublishedSets published)
    {
        int[] ports = [.. chains.Former.SelectMany(former => former.Ports).Distinct().Where(ServicePorts.Protocols.ContainsKey).Order()];
        var own = ports.SelectMany(port => names.Select(name => (Host: published.BaseOf(name), Port: port)));
        var others = published.KnownAt(ports).Where(known => chains.Shown.Any(shown => shown.Site.Ports.Contains(known.Port) && known.Set.Records.Any(record => shown.Chains.Any(chain => chain.IsMeantBy(record))))).Select(known => (known.Host, known.Port));
        return [.. own.Concat(others).Distinct().SelectMany(led => TlsaOwner.TryFor(led.Port, led.Host, out var owner) ? [Record(owner, led.Host, led.Port)] : Array.Empty<SetupRecord>())];

        SetupRecord Record(DomainName owner, DomainName host, int port)
        {
            var known = published.KnownAt(host, port);

            // Where servers differ it is not known, as little as what caches have.
            var timeToLive = published.TimeToLiveAt(host, port) ?? options.TimeToLive;
            return new(owner, known, known, timeToLive) { BeforeTimeToLive = Math.Max(timeToLive, published.LongestAt(host, port)) };
        }
    }
}
