using System.Collections.Immutable;
using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit.Beside;
using Danelaw.Operator.Audit.Resolving;
using Danelaw.Operator.Publishing.Propagation;

namespace Danelaw.Operator.Audit;

/// <summary>What the DNS and the servers said of a domain.</summary>
/// <param name="Name">The domain.</param>
/// <param name="Report">The check of it.</param>
public sealed record DomainFacts(DomainName Name, CheckReport Report)
{
    /// <summary>MTA-STS and TLSRPT; null where they were not asked for.</summary>
    internal BesideFacts? Beside { get; init; }
}

/// <summary>What was asked of the network: evidence, immutable.</summary>
public sealed record NetworkFacts
{
    /// <summary>Nothing was asked.</summary>
    public static NetworkFacts None { get; } = new();

    /// <summary>The domains.</summary>
    public ImmutableArray<DomainFacts> Domains { get; init; } = [];

    /// <summary>The services of mail programs at the MX hosts of this host for which TLSA records exist.</summary>
    public ImmutableArray<CheckReport> Services { get; init; } = [];

    /// <summary>The resolver's servers.</summary>
    public ImmutableArray<ResolverProbe> Resolvers { get; init; } = [];

    /// <summary>What the authoritative servers, asked directly, say of TLSA records that the resolver denies.</summary>
    public ImmutableArray<AuthoritativeView> Served { get; init; } = [];

    /// <summary>Where all mail is handed to, as far as Postfix sends it there; empty where nothing was looked up.</summary>
    internal ImmutableArray<NextHop> NextHops { get; init; } = [];

    /// <summary>Whether servers were connected to.</summary>
    public bool IsProbed { get; init; }

    /// <summary>What could not be asked.</summary>
    public ImmutableArray<Unseen> Unseen { get; init; } = [];
}
