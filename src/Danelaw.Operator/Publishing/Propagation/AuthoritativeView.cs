using Danelaw.Dns.Names;
using Danelaw.Dnssec.Validation;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Publishing.Propagation;

/// <summary>What one authoritative server says of one owner, asked directly. Evidence, immutable.</summary>
/// <param name="Owner">The owner that was looked for, such as <c>_25._tcp.mx.example.org.</c></param>
/// <param name="Name">Where its records stand: the owner, or what an alias leads to.</param>
/// <param name="Server">The server: its name and address, as people write them.</param>
/// <param name="Security">The verdict on its answer along our own chain of trust; indeterminate where there is none.</param>
/// <param name="Records">The RRset, empty for its absence; null where the server gave no answer that can be judged, or a bogus one.</param>
/// <param name="TimeToLive">The largest TTL of its answer: that of the RRset and of the aliases that lead to it; of an absence how long a cache may keep it (RFC 2308 §5), or the records that prove it.</param>
/// <param name="Detail">Without records, or when they are not secure: why, as a phrase; otherwise empty.</param>
public sealed record AuthoritativeView(DomainName Owner, DomainName Name, string Server, Security Security, TlsaSet? Records, TimeSpan TimeToLive, string Detail)
{
    /// <summary>Whether a wildcard gives the name its records, as far as a signature says it.</summary>
    public bool IsFromWildcard { get; init; }

    /// <summary>For how long a resolver may go by the records that lead to the server: the largest TTL of the NS records of its zone and of the zone above, and of its addresses. Default: zero.</summary>
    public TimeSpan NamedFor { get; init; }

    /// <summary>Whether a validating sender would believe it.</summary>
    public bool IsSecure => Security == Security.Secure && Records is not null;

    /// <summary>The same as the plan of a rollover takes it: records that are not securely signed are none.</summary>
    /// <param name="takesInsecure">Whether those of a zone that is provably not signed count as well. They mean nothing to a sender.</param>
    public ServerView ToServerView(bool takesInsecure = false) =>
        new(Owner.ToString(), Server, IsSecure || (takesInsecure && Security == Security.Insecure) ? Records : null, TimeToLive) { NamedFor = NamedFor };
}
