using System.Collections.Immutable;
using System.Net.Sockets;
using Danelaw.Servers;

namespace Danelaw.Checks;

/// <summary>What the name servers of the zones on the way said: evidence beside that of the check, which no verdict rests on.</summary>
internal sealed record ServerTour
{
    /// <summary>The zones in the order of the walk.</summary>
    internal ImmutableArray<ServerEvidence> Zones { get; init; } = [];

    /// <summary>How many zones were left out because there are too many.</summary>
    internal int ZonesLeftOut { get; init; }

    /// <summary>Whether the time was over before the zones were found.</summary>
    internal bool IsCutShort { get; init; }

    /// <summary>What a recording must say, so that it is cut short there as well.</summary>
    internal ServerTourCut Cut => new(IsCutShort, [.. Zones.Where(zone => zone.IsCutShort).Select(zone => zone.Zone!.Value)]);

    /// <summary>
    /// Whether anybody with an address of a family has answered for a zone of his own. Where nobody has, the way is closed to this machine (a firewall, no IPv6, somebody in between who answers in
    /// the servers' place), and it says nothing of the servers.
    /// </summary>
    private bool IsReached(AddressFamily family) => Zones.Any(zone => zone.Probes.Concat(zone.Above).Any(probe => probe.IsReplied && probe.IsAuthoritative && probe.Address.AddressFamily == family));

    /// <summary>Whether any server was there to be asked.</summary>
    internal bool IsAnyReached => IsReached(AddressFamily.InterNetwork) || IsReached(AddressFamily.InterNetworkV6);

    /// <summary>The addresses of servers whose family is closed to this machine.</summary>
    internal int AddressesOutOfReach => Zones.SelectMany(zone => zone.Addresses).Select(server => server.Address).Distinct().Count(address => !IsReached(address.AddressFamily));

    /// <summary>Judges zone by zone. What this machine could not reach counts as not asked.</summary>
    internal ImmutableArray<ServerReport> Judge(DateTimeOffset now) => [.. Zones.Select(zone => ServerJudge.Judge(zone with { Probes = [.. zone.Probes.Select(probe => IsReached(probe.Address.AddressFamily) ? probe : probe.Unasked())] }, now))];
}
