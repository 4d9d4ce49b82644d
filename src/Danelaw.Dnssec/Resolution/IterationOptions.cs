using Danelaw.Dns.Transports;

namespace Danelaw.Dnssec.Resolution;

/// <summary>How a <see cref="Resolver"/> asks the authoritative servers itself, from the root down.</summary>
public sealed record IterationOptions
{
    /// <summary>Where to begin. Default: the root servers.</summary>
    public RootHints Hints { get; init; } = RootHints.Iana;

    /// <summary>Whether servers are asked at IPv4 addresses. Default true.</summary>
    public bool UseIPv4 { get; init; } = true;

    /// <summary>Whether servers are asked at IPv6 addresses. Default true: where there is no IPv6 that is found out at once, and remembered for a while.</summary>
    public bool UseIPv6 { get; init; } = true;

    /// <summary>How often a question goes to one address of a zone's server before it is given up, 1 to 20. Default 3.</summary>
    public int Tries { get; init; } = 3;

    /// <summary>The port at which all authoritative servers listen, 1 to 65535; other than 53 only in worlds made for tests. Default 53.</summary>
    public int Port { get; init; } = DnsServer.DnsPort;
}
