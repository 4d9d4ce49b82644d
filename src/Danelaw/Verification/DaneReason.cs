namespace Danelaw.Verification;

/// <summary>Why a chain matches or does not. Closed; in JSON the member's name in kebab case. Of several faults the one nearest to a match is told.</summary>
public enum DaneReason
{
    /// <summary>Nothing is known.</summary>
    None = 0,

    /// <summary>DANE-EE: the leaf or its key matches; names and dates do not count (RFC 7671 §5.1).</summary>
    MatchedEndEntity,

    /// <summary>DANE-TA: a valid path leads to a matching anchor (RFC 7671 §5.2).</summary>
    MatchedTrustAnchor,

    /// <summary>PKIX-EE: the leaf matches and PKIX accepts it (RFC 7671 §5.3).</summary>
    MatchedPkixEndEntity,

    /// <summary>PKIX-TA: an authority of an accepted path matches (RFC 7671 §5.4).</summary>
    MatchedPkixTrustAnchor,

    /// <summary>There are no records.</summary>
    NoRecords,

    /// <summary>There are records, and none is usable.</summary>
    NoUsableRecords,

    /// <summary>The server sent no certificate.</summary>
    NoCertificate,

    /// <summary>A certificate that decides cannot be read.</summary>
    MalformedCertificate,

    /// <summary>No record matches any certificate that it could.</summary>
    NoRecordMatches,

    /// <summary>Only a weaker digest matched, beside a stronger one that does not (RFC 7671 §9).</summary>
    OnlyWeakerDigestMatches,

    /// <summary>The anchor matches a certificate, but no valid signature leads from it to the leaf.</summary>
    SignatureInvalid,

    /// <summary>The anchor's certificate is neither in the chain nor in a record.</summary>
    AnchorNotInChain,

    /// <summary>No path leads from the leaf to the anchor.</summary>
    NoPath,

    /// <summary>A certificate of the path has expired.</summary>
    Expired,

    /// <summary>A certificate of the path is not yet valid.</summary>
    NotYetValid,

    /// <summary>No reference name is in the leaf.</summary>
    NameMismatch,

    /// <summary>An issuer of the path is no certificate authority (basic constraints, key usage).</summary>
    NotAnAuthority,

    /// <summary>The path is longer than an issuer allows.</summary>
    PathTooLong,

    /// <summary>The path breaks an issuer's name constraints.</summary>
    NameConstraintViolated,

    /// <summary>A certificate of the path has a critical extension that is not known here.</summary>
    UnknownCriticalExtension,

    /// <summary>The leaf may not serve TLS (extended key usage).</summary>
    WrongPurpose,

    /// <summary>A signature or key of the path is too weak to be relied on.</summary>
    TooWeak,

    /// <summary>No path to an authority of the trust store (PKIX usages).</summary>
    NotTrusted,

    /// <summary>The chain asks for more work than is done for a stranger.</summary>
    LimitReached,
}
