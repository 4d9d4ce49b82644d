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

    /// <summary>A usage, selector and matching type of which no record matches what is served (R54, RFC 7671 §8).</summary>
    public const string TlsaCombination = "TLSA-COMBINATION";

    /// <summary>A digest that some of the keys have and others have not (R58, RFC 7671 §8.3).</summary>
    public const string TlsaDigestGap = "TLSA-DIGEST-GAP";

    /// <summary>A record of a key that another host shows (R66, RFC 7672 §2.2.3).</summary>
    public const string TlsaShared = "TLSA-SHARED";

    /// <summary>The digest of nothing.</summary>
    public const string TlsaEmptyDigest = "TLSA-EMPTY-DIGEST";

    /// <summary>The digest of something else than a certificate or key, or under other parameters.</summary>
    public const string TlsaWrongDigest = "TLSA-WRONG-DIGEST";

    /// <summary>A record that holds a private key.</summary>
    public const string TlsaPrivateKey = "TLSA-PRIVATE-KEY";

    /// <summary>TLSA records at a mistyped owner name (RFC 6698 §3).</summary>
    public const string TlsaOwnerTypo = "TLSA-OWNER-TYPO";

    /// <summary>TLSA records at a mail domain that is not its own MX host.</summary>
    public const string TlsaOwnerUnused = "TLSA-OWNER-UNUSED";

    /// <summary>A record that pins one issuer of several that an authority issues from in turn.</summary>
    public const string TlsaIssuerPinned = "TLSA-ISSUER-PINNED";

    /// <summary>A record that pins an issuer which its authority has retired.</summary>
    public const string TlsaIssuerRetired = "TLSA-ISSUER-RETIRED";

    /// <summary>Usage 2 of the server's own certificate, which senders built with OpenSSL do not take.</summary>
    public const string TlsaLeafAsAuthority = "TLSA-LEAF-AS-AUTHORITY";

    /// <summary>Usage 2 of an issuer that a path leads to, but not the one path that senders built with OpenSSL try.</summary>
    public const string TlsaPathPassedBy = "TLSA-PATH-PASSED-BY";

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
