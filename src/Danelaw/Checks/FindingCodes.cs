namespace Danelaw.Checks;

/// <summary>The stable codes of findings. Each has its page in <c>docs/findings/</c>, shown by <c>danelaw explain</c>.</summary>
public static class FindingCodes
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

    /// <summary>The certificate under a DANE-TA record has expired.</summary>
    public const string TlsExpired = "TLS-EXPIRED";

    /// <summary>The certificate under a DANE-TA record expires soon.</summary>
    public const string TlsExpiresSoon = "TLS-EXPIRES-SOON";

    /// <summary>The pinned anchor's certificate is not in the served chain.</summary>
    public const string TlsAnchorMissing = "TLS-ANCHOR-MISSING";

    /// <summary>A name that the certificate must bear is missing (DANE-TA, PKIX).</summary>
    public const string TlsNameMismatch = "TLS-NAME-MISMATCH";

    /// <summary>STARTTLS is not offered.</summary>
    public const string TlsStartTlsMissing = "TLS-STARTTLS-MISSING";

    /// <summary>STARTTLS is refused.</summary>
    public const string TlsStartTlsRefused = "TLS-STARTTLS-REFUSED";

    /// <summary>Plain text after STARTTLS.</summary>
    public const string TlsInjection = "TLS-INJECTION";

    /// <summary>The handshake fails.</summary>
    public const string TlsHandshakeFailed = "TLS-HANDSHAKE-FAILED";

    /// <summary>The server speaks no TLS version from 1.2 on (RFC 8996).</summary>
    public const string TlsVersionOld = "TLS-VERSION-OLD";

    /// <summary>An endpoint could not be tested.</summary>
    public const string TlsUntested = "TLS-UNTESTED";

    /// <summary>A kind of key that was not asked for.</summary>
    public const string TlsKeyNotAsked = "TLS-KEY-NOT-ASKED";

    /// <summary>The MX host is an alias (RFC 2181 §10.3).</summary>
    public const string MxAlias = "MX-ALIAS";

    /// <summary>The MX names an address (R20).</summary>
    public const string MxAddress = "MX-ADDRESS";

    /// <summary>The MX set is insecure above hosts with TLSA.</summary>
    public const string MxInsecure = "MX-INSECURE";

    /// <summary>Some MX hosts have no TLSA.</summary>
    public const string MxSomeUnprotected = "MX-SOME-UNPROTECTED";

    /// <summary>The MX lookup failed or is bogus.</summary>
    public const string MxLookupFailed = "MX-LOOKUP-FAILED";

    /// <summary>The domain takes no mail.</summary>
    public const string MxNull = "MX-NULL";

    /// <summary>The domain does not exist.</summary>
    public const string MxNoDomain = "MX-NO-DOMAIN";

    /// <summary>More hosts or addresses than a check looks at.</summary>
    public const string MxTooMany = "MX-TOO-MANY";

    /// <summary>A host has no address.</summary>
    public const string MxNoAddress = "MX-NO-ADDRESS";

    /// <summary>An address lookup failed or is bogus.</summary>
    public const string MxAddressLookupFailed = "MX-ADDRESS-LOOKUP-FAILED";

    /// <summary>A host's addresses are insecure.</summary>
    public const string MxAddressInsecure = "MX-ADDRESS-INSECURE";

    /// <summary>Signatures or DS digests by SHA-1.</summary>
    public const string DnssecSha1 = "DNSSEC-SHA1";

    /// <summary>An algorithm in the DS set that the zone does not sign with.</summary>
    public const string DnssecAlgorithmUnused = "DNSSEC-ALGORITHM-UNUSED";

    /// <summary>A negative trust anchor touches the verdict.</summary>
    public const string DnssecNegativeAnchor = "DNSSEC-NEGATIVE-ANCHOR";

    /// <summary>A trust anchor of an algorithm or digest that is not supported.</summary>
    public const string DnssecAnchorUnsupported = "DNSSEC-ANCHOR-UNSUPPORTED";

    /// <summary>A name server of the zone does not answer.</summary>
    public const string ServerUnreachable = "SERVER-UNREACHABLE";

    /// <summary>A name server does not answer over TCP (RFC 7766 §5).</summary>
    public const string ServerNoTcp = "SERVER-NO-TCP";

    /// <summary>A name server does not serve the zone that names it.</summary>
    public const string ServerLame = "SERVER-LAME";

    /// <summary>A name server has an old copy of the zone.</summary>
    public const string ServerSerialLag = "SERVER-SERIAL-LAG";

    /// <summary>A name server leaves the signatures out.</summary>
    public const string ServerUnsigned = "SERVER-UNSIGNED";

    /// <summary>A name server answers for SOA and not for the type asked for.</summary>
    public const string ServerTypeDropped = "SERVER-TYPE-DROPPED";

    /// <summary>A name server gives another answer than the others.</summary>
    public const string ServerDiffers = "SERVER-DIFFERS";

    /// <summary>A name server gives an answer, or a denial, that does not validate.</summary>
    public const string ServerBogus = "SERVER-BOGUS";

    /// <summary>A name server does not prove that a name does not exist.</summary>
    public const string ServerDenial = "SERVER-DENIAL";
}
