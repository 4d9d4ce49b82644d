using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution;

/// <summary>How a <see cref="Resolver"/> asks and judges. Checked once, when the resolver is made.</summary>
public sealed record ResolverOptions
{
    /// <summary>The recursive resolvers to ask, the preferred one first. Their AD bit is never believed. At least one, unless <see cref="Iteration"/> says how to do without.</summary>
    public ImmutableArray<DnsServer> Upstreams { get; init; } = [];

    /// <summary>How to ask the authoritative servers from the root down in place of <see cref="Upstreams"/>, which must then be empty. Default null: the upstreams are asked.</summary>
    public IterationOptions? Iteration { get; init; }

    /// <summary>What is trusted to begin with. Default: the root's keys as IANA publishes them.</summary>
    public TrustAnchors Anchors { get; init; } = TrustAnchors.Iana;

    /// <summary>Subtrees that count as insecure (RFC 7646); a trust anchor further down ends such a subtree. Default: none.</summary>
    public ImmutableArray<DomainName> NegativeAnchors { get; init; } = [];

    /// <summary>Leeway at both ends of a signature's life, 0 or more. Default 0.</summary>
    public TimeSpan ClockSkew { get; init; }

    /// <summary>Whether algorithms 5 and 7 and DS digests of type 1 validate; if not they count as unknown (RFC 9905). Default: they do, with a note.</summary>
    public bool AcceptSha1 { get; init; } = true;

    /// <summary>NSEC3 iterations above which a denial is insecure (RFC 9276 §3.2), 0 to 65535. Default 150.</summary>
    public int Nsec3IterationLimit { get; init; } = 150;

    /// <summary>How much work one lookup may cause.</summary>
    public Limits Limits { get; init; } = Limits.Default;

    /// <summary>How many octets the cache may hold; 0 for none. Default 64 MiB.</summary>
    public long CacheBytes { get; init; } = 64 << 20;

    /// <summary>
    /// Whether an answer is kept for its own question alone: no answer is made of records that were kept for another (RFC 8198), and no failure is remembered
    /// (RFC 9520). What is asked then does not depend on the order of lookups, which a recording needs. Default: answers are made of whatever proves them.
    /// </summary>
    public bool KeepsAnswersOnly { get; init; }
}
