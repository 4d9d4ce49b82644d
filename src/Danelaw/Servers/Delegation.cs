using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns.Names;

namespace Danelaw.Servers;

/// <summary>Whom the zone above names as servers of a zone. Nothing of it is signed (RFC 4035 §2.2). Immutable.</summary>
/// <param name="Servers">The servers, in canonical order; empty when they could not be had.</param>
/// <param name="Fault">Why they could not, as a phrase; empty on success.</param>
public sealed record Delegation(ImmutableArray<DelegatedServer> Servers, string Fault)
{
    /// <summary>The largest TTL of its NS records there; zero when they could not be had.</summary>
    public TimeSpan TimeToLive { get; init; }
}

/// <summary>A server that the zone above names.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Glue">The addresses that the zone above gives, and that resolvers begin with; often none.</param>
public sealed record DelegatedServer(DomainName Host, ImmutableArray<IPAddress> Glue)
{
    /// <summary>The largest TTL of these; zero without any.</summary>
    public TimeSpan TimeToLive { get; init; }
}
