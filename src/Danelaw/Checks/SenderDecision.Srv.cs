using System.Collections.Immutable;
using Danelaw.Discovery;
using Danelaw.Verification;

namespace Danelaw.Checks;

// What a client does with a target of SRV records (RFC 7673 §3).
public sealed partial record SenderDecision
{
    /// <summary>Decides about one target of SRV records, or about the domain itself where there are none.</summary>
    /// <param name="host">What the DNS says of it.</param>
    /// <param name="srv">The SRV lookup that led there.</param>
    /// <param name="service">Whose rules hold.</param>
    /// <param name="endpoints">What was seen of the host.</param>
    internal static SenderDecision JudgeTarget(HostEvidence host, ServiceRoute srv, ServiceKind service, ImmutableArray<EndpointReport> endpoints)
    {
        if (!srv.IsSecure) return new(SenderAction.DeliverOpportunistically, "R72", "the SRV records are insecure, so DANE does not apply; a client checks the certificate as it would without");

        // R73: "the client MUST NOT connect to this target server host name; instead, it uses the next most appropriate SRV target".
        var failed = host.AddressState == AddressState.Failed ? "address" : host.TlsaState == TlsaState.Failed ? "TLSA" : null;
        return failed is null || srv.Hosts.IsEmpty
            ? Judge(host, isMxSecure: true, new(), service, endpoints)
            : new(SenderAction.SkipHost, "R73", $"the {failed} lookup failed: a client does not connect there, and goes on to the next target if there is one") { ReportAs = "dnssec-invalid" };
    }
}
