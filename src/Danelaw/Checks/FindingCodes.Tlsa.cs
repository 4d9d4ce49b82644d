namespace Danelaw.Checks;

// TLSA-…: TLSA records.
public static partial class FindingCodes
{
    /// <summary>No TLSA records.</summary>
    public const string TlsaNone = "TLSA-NONE";

    /// <summary>TLSA records that are insecure.</summary>
    public const string TlsaInsecure = "TLSA-INSECURE";

    /// <summary>An endpoint's certificate matches no record.</summary>
    public const string TlsaMismatch = "TLSA-MISMATCH";

    /// <summary>A record that matches nothing served.</summary>
    public const string TlsaUnmatched = "TLSA-UNMATCHED";

    /// <summary>A record that nobody can use.</summary>
    public const string TlsaUnusable = "TLSA-UNUSABLE";

    /// <summary>Only SHA-512 digests (RFC 7671 §2).</summary>
    public const string TlsaOnlySha512 = "TLSA-ONLY-SHA512";

    /// <summary>Selector 0: the record breaks with every renewal.</summary>
    public const string TlsaSelectorCertificate = "TLSA-SELECTOR-CERT";

    /// <summary>PKIX usages on port 25 (RFC 7672 §3.1.3).</summary>
    public const string TlsaPkixUsage = "TLSA-PKIX-USAGE";

    /// <summary>Whole certificates or keys in the DNS: matching type 0 (RFC 7671 §10.1).</summary>
    public const string TlsaFullData = "TLSA-FULL-DATA";

    /// <summary>More TLSA records than some senders take, or more than fit into one datagram.</summary>
    public const string TlsaSetLarge = "TLSA-SET-LARGE";

    /// <summary>A TLSA TTL above one hour.</summary>
    public const string TlsaTtlLong = "TLSA-TTL-LONG";

    /// <summary>A TLSA lookup that failed or is bogus.</summary>
    public const string TlsaLookupFailed = "TLSA-LOOKUP-FAILED";
}
