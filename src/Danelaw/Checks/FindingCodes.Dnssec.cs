namespace Danelaw.Checks;

// DNSSEC-…: signatures and what they rest on.
public static partial class FindingCodes
{
    /// <summary>Signatures or DS digests by SHA-1.</summary>
    public const string DnssecSha1 = "DNSSEC-SHA1";

    /// <summary>An algorithm in the DS set that the zone does not sign with.</summary>
    public const string DnssecAlgorithmUnused = "DNSSEC-ALGORITHM-UNUSED";

    /// <summary>A negative trust anchor touches the verdict.</summary>
    public const string DnssecNegativeAnchor = "DNSSEC-NEGATIVE-ANCHOR";

    /// <summary>A trust anchor of an algorithm or digest that is not supported.</summary>
    public const string DnssecAnchorUnsupported = "DNSSEC-ANCHOR-UNSUPPORTED";

    /// <summary>A name server denies a name above the TLSA owner (RFC 8020 §2).</summary>
    public const string DnssecEmptyNonTerminal = "DNSSEC-EMPTY-NON-TERMINAL";

    /// <summary>A signature ends soon at a name server.</summary>
    public const string DnssecSignatureEnds = "DNSSEC-SIGNATURE-ENDS";

    /// <summary>Signatures that hold for very long (R65).</summary>
    public const string DnssecSignatureLong = "DNSSEC-SIGNATURE-LONG";

    /// <summary>DS records and keys that do not fit together.</summary>
    public const string DnssecDsMismatch = "DNSSEC-DS-MISMATCH";

    /// <summary>The zone asks for other DS records than it has (RFC 7344, RFC 8078).</summary>
    public const string DnssecCdsWaiting = "DNSSEC-CDS-WAITING";

    /// <summary>Name servers of the zone have different keys.</summary>
    public const string DnssecKeyOneServer = "DNSSEC-KEY-ONE-SERVER";
}
