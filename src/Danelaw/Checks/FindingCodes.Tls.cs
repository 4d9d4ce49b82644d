namespace Danelaw.Checks;

// TLS-…: TLS and certificates as they are served.
public static partial class FindingCodes
{
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

    /// <summary>A certificate was shown, and nothing proves that the server holds its key.</summary>
    public const string TlsPossessionUnproven = "TLS-POSSESSION-UNPROVEN";

    /// <summary>A kind of key that was not asked for.</summary>
    public const string TlsKeyNotAsked = "TLS-KEY-NOT-ASKED";

    /// <summary>A raw public key was not asked for, because no record could match it (R50).</summary>
    public const string TlsRawKeyNotAsked = "TLS-RAW-KEY-NOT-ASKED";

    /// <summary>The server has no raw public key.</summary>
    public const string TlsRawKeyNotOffered = "TLS-RAW-KEY-NOT-OFFERED";

    /// <summary>The server has a raw public key that matches, and no certificate for those who take nothing else.</summary>
    public const string TlsRawKeyAlone = "TLS-RAW-KEY-ALONE";

    /// <summary>A key that is too small (RFC 9325 §4.5).</summary>
    public const string TlsKeySmall = "TLS-KEY-SMALL";

    /// <summary>A certificate that is signed with SHA-1 or MD5.</summary>
    public const string TlsSignatureWeak = "TLS-SIGNATURE-WEAK";

    /// <summary>A certificate that is not as RFC 5280 wants it.</summary>
    public const string TlsCertificateOdd = "TLS-CERTIFICATE-ODD";

    /// <summary>What is shown for a certificate has no key that could be read.</summary>
    public const string TlsCertificateUnreadable = "TLS-CERTIFICATE-UNREADABLE";

    /// <summary>The certificates of a chain, or of a chain file, stand in the wrong order.</summary>
    public const string TlsChainOrder = "TLS-CHAIN-ORDER";

    /// <summary>A chain of more than 16 KiB.</summary>
    public const string TlsChainLarge = "TLS-CHAIN-LARGE";
}
