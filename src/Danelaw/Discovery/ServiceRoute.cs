using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Discovery;

/// <summary>What the SRV lookup says of a service. Closed.</summary>
public enum ServiceRouteKind
{
    /// <summary>The lookup failed or is bogus: nobody connects (R72).</summary>
    Failed = 0,

    /// <summary>SRV records.</summary>
    Records,

    /// <summary>There is none.</summary>
    None,

    /// <summary>The root as the sole target: the domain decidedly does not offer the service (RFC 2782).</summary>
    NotOffered,
}

/// <summary>Where a service of a domain is: evidence, immutable.</summary>
public sealed record ServiceRoute
{
    /// <summary>The domain that is served: the service domain of RFC 7673, the source domain of RFC 6125.</summary>
    public DomainName Domain { get; init; }

    /// <summary>What the SRV lookup says.</summary>
    public ServiceRouteKind Kind { get; init; }

    /// <summary>The SRV lookup; its question names the owner.</summary>
    public required Answer SrvAnswer { get; init; }

    /// <summary>Whether the SRV records, or their absence, are proven: only then can DANE apply to what they lead to (R70, R72).</summary>
    public bool IsSecure => Kind != ServiceRouteKind.Failed && SrvAnswer.Security == Security.Secure;

    /// <summary>The hosts by priority, then the greatest weight first, then by name and port; each host and port once, at its best place.</summary>
    public ImmutableArray<ServiceHost> Hosts { get; init; } = [];

    /// <summary>Records that lead nowhere: port 0, or the root beside other targets.</summary>
    public ImmutableArray<SrvData> Unusable { get; init; } = [];
}

/// <summary>One target of SRV records.</summary>
/// <param name="Name">The host, as the record has it.</param>
/// <param name="Port">The port, 1 to 65535.</param>
/// <param name="Priority">The lower, the better.</param>
/// <param name="Weight">The share among targets of the same priority.</param>
/// <param name="Literal">The address, when the record wrongly names one; otherwise null.</param>
public sealed record ServiceHost(DomainName Name, ushort Port, ushort Priority, ushort Weight, IPAddress? Literal);
