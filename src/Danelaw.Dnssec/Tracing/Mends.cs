using Danelaw.Dns.Names;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Dnssec.Tracing;

/// <summary>What to do about each reason of a lookup.</summary>
internal static class Mends
{
    /// <summary>One or two sentences.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="zone">The zone concerned.</param>
    /// <param name="parent">The zone above; null when there is none.</param>
    /// <param name="servers">Who was to answer.</param>
    internal static string Of(LookupReason reason, DomainName zone, DomainName? parent, string servers) => Of(
        reason,
        Say(zone),
        parent is { } name ? name.IsRoot ? "the root zone" : $"the parent zone {Say(name)}" : "the trust anchor",
        servers);

    /// <summary>An answer made from a wildcard over an opt-out span (RFC 5155 §9.2).</summary>
    internal static string OptOutWildcard(DomainName zone) => $"Sign {Say(zone)} without opt-out, or publish the records at the name itself and not at a wildcard.";

    /// <summary>A name that is denied over an opt-out span (RFC 5155 §9.2).</summary>
    internal static string OptOutName(DomainName zone) => $"Nothing is wrong; only without opt-out could {Say(zone)} prove that there is no such name.";

    /// <summary>A name without the closing dot, so that a sentence may end with it.</summary>
    internal static string Say(DomainName name) => name.IsRoot ? "the root zone" : name.ToString()[..^1];

    private static string Of(LookupReason reason, string zone, string above, string servers)
    {
        return reason switch
        {
            LookupReason.None or LookupReason.ValidSignature or LookupReason.ProvenNoData or LookupReason.ProvenNameError or LookupReason.SignatureQuery => "",
            LookupReason.InsecureDelegation or LookupReason.OptOut => $"To protect {zone}: sign it, and have its DS record published in {above}.",
            LookupReason.UnsupportedAlgorithms => $"Sign {zone} with an algorithm in use, such as 13 (ECDSA P-256), and publish a DS record of digest type 2 (SHA-256) in {above}.",
            LookupReason.TooManyIterations => $"Set the NSEC3 iterations to 0 in {above}.",
            LookupReason.NoTrustAnchor => "Give a trust anchor at or above this name.",
            LookupReason.NegativeAnchor => "Leave out --negative-anchor to see what others see.",
            LookupReason.SignatureExpired => $"Sign {zone} anew, and look why its signer has stopped.",
            LookupReason.SignatureNotYetValid => $"Set the clock of the machine that signs {zone}, then sign anew; or set the clock of this machine, if that is wrong.",
            LookupReason.SignatureTimesReversed or LookupReason.SignatureInvalid or LookupReason.SignatureUnfit => $"Sign {zone} anew; if its servers give different answers, load the signed zone on all of them.",
            LookupReason.SignatureMissing => $"Sign all of {zone} and load the signed zone on every server; or withdraw its DS record from {above} if it is not to be signed.",
            LookupReason.KeyDoesNotMatchDs => $"Publish the DS record of a key that {zone} has in {above}, or put the key that the DS record means back into {zone}.",
            LookupReason.KeyMissing => $"Sign {zone} and load it on every server; or withdraw its DS record from {above} if it is not to be signed.",
            LookupReason.KeySetUnsigned => $"Sign the DNSKEY set of {zone} with the key that the DS record in {above} means.",
            LookupReason.KeyUnfit => $"Publish the DS record of a zone key of {zone} that is not revoked in {above}.",
            LookupReason.DenialMissing or LookupReason.DenialInvalid or LookupReason.WildcardProofMissing or LookupReason.DelegationProofMissing =>
                $"Sign {zone} anew with its whole NSEC or NSEC3 chain and load it on every server; if only some types fail, look for a server or firewall that does not know them.",
            LookupReason.AliasMismatch => $"Look for the server of {zone} that makes a wrong CNAME of its DNAME.",
            LookupReason.AliasLoop => "Break the circle of aliases.",
            LookupReason.TimedOut or LookupReason.Unreachable or LookupReason.ServerFailed or LookupReason.MalformedReply or LookupReason.ChainUnavailable =>
                $"See whether {(servers.Length > 0 ? servers : "the resolver")} can be reached and answer{(servers.StartsWith("the name", StringComparison.Ordinal) ? "" : "s")} this question; ask another to tell whose fault it is.",
            LookupReason.LimitReached => $"Ask again; if it comes back, {zone} demands more work or time than a lookup may take: fewer keys, signatures and aliases mend that.",
            LookupReason.NotRecorded => "The recording does not hold this reply; look it up anew.",
        };
    }
}
