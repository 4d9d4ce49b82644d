using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Discovery;

/// <summary>How a mail domain names its hosts. Closed.</summary>
public enum MailRouteKind
{
    /// <summary>The MX lookup failed or is bogus: nothing is known, and mail waits (R07).</summary>
    Failed = 0,

    /// <summary>MX records.</summary>
    MxRecords,

    /// <summary>No MX records: the domain itself is the host (R18, RFC 5321 §5.1).</summary>
    Implicit,

    /// <summary>The domain does not exist.</summary>
    NoSuchDomain,

    /// <summary>A null MX: the domain takes no mail (RFC 7505).</summary>
    NullMx,
}

/// <summary>Where mail for a domain goes: evidence, immutable.</summary>
public sealed record MailRoute
{
    /// <summary>The domain as it was asked for: the original next-hop domain.</summary>
    public DomainName Domain { get; init; }

    /// <summary>The domain at the end of its aliases (R27); the domain itself when it is none.</summary>
    public DomainName ExpandedDomain { get; init; }

    /// <summary>How the hosts are named.</summary>
    public MailRouteKind Kind { get; init; }

    /// <summary>The MX lookup.</summary>
    public required Answer MxAnswer { get; init; }

    /// <summary>Whether the MX records, or their absence, are proven: only then does what is found below protect the domain (R17).</summary>
    public bool IsSecure => Kind != MailRouteKind.Failed && MxAnswer.Security == Security.Secure;

    /// <summary>The hosts by preference, then in canonical order of their names (R16); each once, at its best preference.</summary>
    public ImmutableArray<MailHost> Hosts { get; init; } = [];
}

/// <summary>One host of a mail domain.</summary>
/// <param name="Name">The name, as the MX record has it.</param>
/// <param name="Preference">The MX preference; null without MX records.</param>
/// <param name="Literal">The address, when the MX record wrongly names one (R20); otherwise null.</param>
public sealed record MailHost(DomainName Name, ushort? Preference, IPAddress? Literal);
