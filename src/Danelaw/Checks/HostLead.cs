using Danelaw.Discovery;
using Danelaw.Dns.Names;
using Danelaw.Probes;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Checks;

/// <summary>A host that is looked at: at which port, what is spoken there, and who named it.</summary>
/// <param name="Host">The host.</param>
/// <param name="Port">The port.</param>
/// <param name="Protocol">What is spoken there.</param>
internal sealed record HostLead(MailHost Host, ushort Port, ServiceProtocol Protocol)
{
    /// <summary>The way of mail on which it stands; null for a host of another service, or one given by hand.</summary>
    internal MailRoute? Route { get; init; }

    /// <summary>The SRV lookup that led here, be it that it found records or that it found none; null where no SRV record was asked for.</summary>
    internal ServiceRoute? Srv { get; init; }

    /// <summary>The SRV record that names it; null where none does.</summary>
    internal ServiceHost? Target { get; init; }

    /// <summary>Whether nobody named it: it is looked at in case the service is there.</summary>
    internal bool IsGuess { get; init; }

    /// <summary>R36, RFC 7672 §3.1.3: between mail servers usages 0 and 1 mean nothing; everywhere else all four count.</summary>
    internal ServiceKind Kind => KindOf(Protocol, Port);

    internal static ServiceKind KindOf(ServiceProtocol protocol, ushort port) => protocol == ServiceProtocol.Smtp || port == 25 ? ServiceKind.Smtp : ServiceKind.Other;

    /// <summary>Whether DANE can apply to what is found there. R70, R72: below insecure SRV records it cannot, "as though no TLSA existed".</summary>
    internal bool IsSecure => Srv is null or { IsSecure: true };

    /// <summary>R71: host and port are those of the SRV record.</summary>
    internal static HostLead Of(ServiceRoute srv, ServiceHost target, ServiceProtocol protocol) => new(new(target.Name, null, target.Literal), target.Port, protocol) { Srv = srv, Target = target };

    /// <summary>SNI. R74, RFC 7673 §4.1: "the service domain is … the preferred name" as long as no TLSA record can be used; with one it is the TLSA base domain (R51, RFC 7671 §10.2, RFC 7673 §6).</summary>
    /// <param name="host">What the DNS says of the host.</param>
    internal DomainName ServerName(HostEvidence host) => Target is null || Srv is null ? host.TlsaBase
        : ServiceTable.Of(Protocol).ShowsDomain || !host.Records.Any(record => record.UsabilityFor(Kind) == Usability.Usable) ? Srv.Domain
        : host.TlsaBase;
}
