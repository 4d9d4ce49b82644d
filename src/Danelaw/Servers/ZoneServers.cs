using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Servers;

/// <summary>The authoritative servers of a zone. Immutable.</summary>
/// <param name="NameServers">The validated lookup of the zone's NS records.</param>
/// <param name="Servers">The servers, in canonical order of their names.</param>
public sealed record ZoneServers(Answer NameServers, ImmutableArray<ZoneServer> Servers)
{
    /// <summary>The zone.</summary>
    public DomainName Zone => NameServers.Question.Name;

    /// <summary>Lookups of NS records below that failed: if one of those names is a zone of its own, this is not the zone that was looked for. Null for none.</summary>
    public Answer? Doubt { get; init; }

    /// <summary>How many servers were left out because there are more than anybody needs.</summary>
    public int LeftOut { get; init; }
}

/// <summary>A name server.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Addresses">Its addresses, IPv4 first; those of a family that is not asked are left out.</param>
/// <param name="Doubt">A lookup of its addresses that failed, so that it may have others; null for none.</param>
public sealed record ZoneServer(DomainName Host, ImmutableArray<IPAddress> Addresses, Answer? Doubt)
{
    /// <summary>The largest TTL of the records that give its addresses, or of an alias on the way to them; zero without any.</summary>
    public TimeSpan TimeToLive { get; init; }

    /// <summary>Whether its name is an alias, which a name server's must not be (RFC 2181 §10.3).</summary>
    public bool IsAlias { get; init; }
}
