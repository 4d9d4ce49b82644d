namespace Danelaw.Dnssec.Resolution;

/// <summary>Why a lookup concluded as it did: a closed list; in JSON the member's name in kebab case.</summary>
public enum LookupReason
{
    /// <summary>Nothing is known.</summary>
    None = 0,

    // Secure.

    /// <summary>Signed records, and a chain of trust to them.</summary>
    ValidSignature,

    /// <summary>Signed proof that the name has no such records.</summary>
    ProvenNoData,

    /// <summary>Signed proof that the name does not exist.</summary>
    ProvenNameError,

    // Insecure: only what is listed here is ever evidence of it.

    /// <summary>Signed proof that a delegation has no DS.</summary>
    InsecureDelegation,

    /// <summary>The delegation, or the name denied, lies in an opt-out span (RFC 5155 §6, §9.2).</summary>
    OptOut,

    /// <summary>The DS set holds algorithms or digests that are not supported, and no other (RFC 4035 §5.2).</summary>
    UnsupportedAlgorithms,

    /// <summary>NSEC3 iterations above the limit (RFC 9276 §3.2).</summary>
    TooManyIterations,

    /// <summary>No trust anchor at or above the name.</summary>
    NoTrustAnchor,

    /// <summary>A negative trust anchor (RFC 7646).</summary>
    NegativeAnchor,

    /// <summary>The answer to a question for RRSIG, which is never secure.</summary>
    SignatureQuery,

    // Bogus.

    /// <summary>Records of a signed zone bear no signature.</summary>
    SignatureMissing,

    /// <summary>A signature ended before now.</summary>
    SignatureExpired,

    /// <summary>A signature begins after now.</summary>
    SignatureNotYetValid,

    /// <summary>A signature ends before it begins.</summary>
    SignatureTimesReversed,

    /// <summary>No signature fits the RRset: wrong signer, labels, algorithm or key tag (RFC 4035 §5.3.1).</summary>
    SignatureUnfit,

    /// <summary>The cryptographic check of a signature failed.</summary>
    SignatureInvalid,

    /// <summary>No DNSKEY matches the DS set or the anchor.</summary>
    KeyDoesNotMatchDs,

    /// <summary>The DNSKEY set is missing where a DS or an anchor demands one.</summary>
    KeyMissing,

    /// <summary>The DNSKEY set is not signed by a key that the DS set vouches for.</summary>
    KeySetUnsigned,

    /// <summary>Key that would fit has the revoked, or lacks the zone bit, or its protocol is not 3.</summary>
    KeyUnfit,

    /// <summary>A denial lacks records of its proof.</summary>
    DenialMissing,

    /// <summary>The records of a denial do not prove it.</summary>
    DenialInvalid,

    /// <summary>A wildcard's expansion lacks the proof that no closer name exists.</summary>
    WildcardProofMissing,

    /// <summary>The absence of a DS could not be proven where a zone answers without signatures.</summary>
    DelegationProofMissing,

    /// <summary>An alias that contradicts the DNAME that it claims to come from.</summary>
    AliasMismatch,

    // Indeterminate.

    /// <summary>No server answered in time.</summary>
    TimedOut,

    /// <summary>No server could be reached.</summary>
    Unreachable,

    /// <summary>The servers answered with an error code.</summary>
    ServerFailed,

    /// <summary>Replies could not be read, or answered something else.</summary>
    MalformedReply,

    /// <summary>Aliases lead in a circle, or too far.</summary>
    AliasLoop,

    /// <summary>A limit on queries, signatures, hashes or time was reached, or this machine had no file descriptors left to ask with.</summary>
    LimitReached,

    /// <summary>A record set that the chain of trust needs could not be had.</summary>
    ChainUnavailable,

    /// <summary>The recording that is replayed does not hold the reply.</summary>
    NotRecorded,
}
