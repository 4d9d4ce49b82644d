using Danelaw.Dnssec.Resolution;

namespace Danelaw.Dnssec.Tracing;

/// <summary>The rule behind each reason of a lookup.</summary>
internal static class Rules
{
    /// <summary>RFC and section.</summary>
    internal static string Of(LookupReason reason) => reason switch
    {
        LookupReason.None or LookupReason.LimitReached or LookupReason.ChainUnavailable or LookupReason.NotRecorded => "RFC 4035 §4.3",
        LookupReason.TimedOut or LookupReason.Unreachable or LookupReason.ServerFailed => "RFC 4035 §4.3",
        LookupReason.ValidSignature => "RFC 4035 §5.3",
        LookupReason.ProvenNoData or LookupReason.ProvenNameError => "RFC 4035 §5.4",
        LookupReason.InsecureDelegation or LookupReason.UnsupportedAlgorithms => "RFC 4035 §5.2",
        LookupReason.OptOut => "RFC 5155 §8.6",
        LookupReason.TooManyIterations => "RFC 9276 §3.2",
        LookupReason.NoTrustAnchor => "RFC 4033 §5",
        LookupReason.NegativeAnchor => "RFC 7646 §2",
        LookupReason.SignatureQuery => "RFC 4035 §2.2",
        LookupReason.SignatureMissing => "RFC 4035 §5",
        LookupReason.SignatureExpired or LookupReason.SignatureNotYetValid or LookupReason.SignatureUnfit => "RFC 4035 §5.3.1",
        LookupReason.SignatureTimesReversed => "RFC 4034 §3.1.5",
        LookupReason.SignatureInvalid => "RFC 4035 §5.3.3",
        LookupReason.KeyDoesNotMatchDs or LookupReason.KeyMissing or LookupReason.KeySetUnsigned => "RFC 4035 §5.2",
        LookupReason.KeyUnfit => "RFC 4034 §2.1",
        LookupReason.DenialMissing or LookupReason.DenialInvalid => "RFC 4035 §5.4",
        LookupReason.WildcardProofMissing => "RFC 4035 §5.3.4",
        LookupReason.DelegationProofMissing => "RFC 4035 §5.2",
        LookupReason.AliasMismatch => "RFC 6672 §5.3.1",
        LookupReason.AliasLoop => "RFC 1034 §3.6.2",
        LookupReason.MalformedReply => "RFC 1035 §4.1",
    };
}
