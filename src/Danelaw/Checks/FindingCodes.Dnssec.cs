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
}
