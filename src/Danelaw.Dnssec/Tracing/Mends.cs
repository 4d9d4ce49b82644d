using Danelaw.Dns.Names;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Dnssec.Tracing;

/// <summary>How what is insecure could be secured. What fails has its mend in <see cref="LookupFailure"/>, with a trace and without one.</summary>
internal static class Mends
{
    /// <summary>One or two sentences; empty where nothing is to be done, and for what is not insecure.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="zone">The zone concerned.</param>
    /// <param name="parent">The zone above; null when there is none.</param>
    internal static string Of(LookupReason reason, DomainName zone, DomainName? parent) => Of(
        reason,
        Say(zone),
        parent is { } name ? name.IsRoot ? "the root zone" : $"the parent zone {Say(name)}" : "the trust anchor");

    /// <summary>An answer made from a wildcard over an opt-out span (RFC 5155 §9.2).</summary>
    internal static string OptOutWildcard(DomainName zone) => $"Sign {Say(zone)} without opt-out, or publish the records at the name itself and not at a wildcard.";

    /// <summary>A name that is denied over an opt-out span (RFC 5155 §9.2).</summary>
    internal static string OptOutName(DomainName zone) => $"Nothing is wrong; only without opt-out could {Say(zone)} prove that there is no such name.";

    private static string Of(LookupReason reason, string zone, string above) => reason switch
    {
        LookupReason.InsecureDelegation or LookupReason.OptOut => $"To protect {zone}: sign it, and have its DS record published in {above}.",
        LookupReason.UnsupportedAlgorithms => $"Sign {zone} with an algorithm in use, such as 13 (ECDSA P-256), and publish a DS record of digest type 2 (SHA-256) in {above}.",
        LookupReason.TooManyIterations => $"Set the NSEC3 iterations to 0 in {above}.",
        LookupReason.NoTrustAnchor => "Give a trust anchor at or above this name.",
        LookupReason.NegativeAnchor => "Leave out --negative-anchor to see what others see.",
        LookupReason.None or LookupReason.ValidSignature or LookupReason.ProvenNoData or LookupReason.ProvenNameError or LookupReason.SignatureQuery => "",
        LookupReason.SignatureMissing or LookupReason.SignatureExpired or LookupReason.SignatureNotYetValid or LookupReason.SignatureTimesReversed or LookupReason.SignatureUnfit or LookupReason.SignatureInvalid
            or LookupReason.KeyDoesNotMatchDs or LookupReason.KeyMissing or LookupReason.KeySetUnsigned or LookupReason.KeyUnfit
            or LookupReason.DenialMissing or LookupReason.DenialInvalid or LookupReason.WildcardProofMissing or LookupReason.DelegationProofMissing or LookupReason.AliasMismatch or LookupReason.AliasLoop
            or LookupReason.TimedOut or LookupReason.Unreachable or LookupReason.ServerFailed or LookupReason.MalformedReply or LookupReason.ChainUnavailable or LookupReason.LimitReached or LookupReason.NotRecorded => "",
    };

    /// <summary>A name without the closing dot, so that a sentence may end with it.</summary>
    private static string Say(DomainName name) => name.IsRoot ? "the root zone" : name.ToString()[..^1];
}
