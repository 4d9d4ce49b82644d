using System.Collections.Immutable;
using Danelaw.Dns.Names;

namespace Danelaw.Servers;

/// <summary>What of a tour of name servers came to no end. Immutable.</summary>
/// <param name="IsWhole">Whether the zones could not even be found in time.</param>
/// <param name="Zones">The zones whose servers were not asked to the end.</param>
internal sealed record ServerTourCut(bool IsWhole, ImmutableArray<DomainName> Zones)
{
    internal static ServerTourCut None { get; } = new(false, []);
}
