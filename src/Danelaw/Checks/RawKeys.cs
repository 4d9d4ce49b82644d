using System.Collections.Immutable;
using Danelaw.Discovery;
using Danelaw.Dns;
using Danelaw.Probes;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Checks;

/// <summary>What raw public keys (RFC 7250) count for in a check (docs/decisions/0276). Pure.</summary>
internal static class RawKeys
{
    /// <summary>R50, RFC 7671 §5.1: nobody asks for one as long as no record could match it.</summary>
    internal static bool MayBeAskedFor(HostEvidence host, ServiceKind service) =>
        host.TlsaState == TlsaState.Secure && host.Records.Any(record => DaneVerifier.IsForRawKeys(record) && record.UsabilityFor(service) == Usability.Usable);

    /// <summary>The keys whose possession was proven.</summary>
    internal static IEnumerable<Octets> Proven(HostFacts facts) =>
        facts.Observations.Where(seen => seen is { Outcome: ProbeOutcome.Completed, Target.RawPublicKey: true }).Select(seen => seen.RawPublicKey).Distinct();

    /// <summary>
    /// What the verdict is made of. A client that knows raw public keys and finds the right one needs no certificate, so that there is none stops nobody
    /// who was asked about; between mail servers nobody chooses who sends, and most know certificates alone.
    /// </summary>
    internal static ImmutableArray<EndpointReport> Counted(ImmutableArray<EndpointReport> endpoints, ServiceKind service) =>
        [.. endpoints.Where(endpoint => service == ServiceKind.Smtp || !IsForOthers(endpoint, endpoints))];

    /// <summary>What decides who delivers or connects: between mail servers certificates alone.</summary>
    internal static ImmutableArray<EndpointReport> SeenBySenders(ImmutableArray<EndpointReport> endpoints, ServiceKind service) => service switch
    {
        ServiceKind.Smtp => [.. endpoints.Where(endpoint => !endpoint.Observation.Target.RawPublicKey)],
        ServiceKind.Other => Counted(endpoints, service),
    };

    /// <summary>Whether an endpoint turns away those who take certificates alone, and the same address shows a raw public key that matches.</summary>
    internal static bool IsForOthers(EndpointReport endpoint, ImmutableArray<EndpointReport> endpoints)
    {
        var seen = endpoint.Observation;
        return seen.Target is { RawPublicKey: false, Algorithm: KeyAlgorithm.Any }
            && (seen.Outcome == ProbeOutcome.HandshakeInterrupted || HandshakeFaults.IsRefusal(seen))
            && endpoints.Any(other => other is { Observation.Target.RawPublicKey: true, Verdict.IsMatch: true } && other.Observation.Target.Address.Equals(seen.Target.Address));
    }
}
