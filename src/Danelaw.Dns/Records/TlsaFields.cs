namespace Danelaw.Dns.Records;

/// <summary>The certificate usage of a TLSA record (RFC 6698 §2.1.1, names of RFC 7218); any octet fits.</summary>
public enum TlsaUsage : byte
{
    /// <summary>PKIX-TA (0): an authority that must stand in a path which PKIX accepts as well.</summary>
    PkixTa = 0,

    /// <summary>PKIX-EE (1): the server's certificate, which PKIX must accept as well.</summary>
    PkixEe = 1,

    /// <summary>DANE-TA (2): the trust anchor of the server's path.</summary>
    DaneTa = 2,

    /// <summary>DANE-EE (3): the server's certificate or key itself.</summary>
    DaneEe = 3,

    /// <summary>PrivCert (255): private use.</summary>
    PrivateUse = 255,
}

/// <summary>The selector of a TLSA record (RFC 6698 §2.1.2); any octet fits.</summary>
public enum TlsaSelector : byte
{
    /// <summary>Cert (0): the whole certificate.</summary>
    Certificate = 0,

    /// <summary>SPKI (1): the SubjectPublicKeyInfo.</summary>
    PublicKey = 1,

    /// <summary>PrivSel (255): private use.</summary>
    PrivateUse = 255,
}

/// <summary>The matching type of a TLSA record (RFC 6698 §2.1.3); any octet fits.</summary>
public enum TlsaMatching : byte
{
    /// <summary>Full (0): the octets themselves.</summary>
    Full = 0,

    /// <summary>SHA2-256 (1).</summary>
    Sha256 = 1,

    /// <summary>SHA2-512 (2).</summary>
    Sha512 = 2,

    /// <summary>PrivMatch (255): private use.</summary>
    PrivateUse = 255,
}
