namespace Danelaw.Dnssec.Keys;

/// <summary>
/// A DNSSEC security algorithm number, as the IANA registry "DNS Security Algorithm Numbers" lists them (November 2026).
/// Any number fits; those without a name here survive unchanged and count as unknown (RFC 4035 §5.2).
/// </summary>
public enum SecurityAlgorithm : byte
{
    /// <summary>Not an algorithm: in CDS and CDNSKEY it asks the parent to delete the DS set (RFC 8078 §4).</summary>
    Delete = 0,

    /// <summary>RSA/MD5 (RFC 3110, RFC 2537); must not be used, never supported here.</summary>
    RsaMd5 = 1,

    /// <summary>Diffie-Hellman (RFC 2539); signs nothing.</summary>
    DiffieHellman = 2,

    /// <summary>DSA/SHA-1 (RFC 2536); must not be used, never supported here.</summary>
    DsaSha1 = 3,

    /// <summary>RSA/SHA-1 (RFC 3110).</summary>
    RsaSha1 = 5,

    /// <summary>DSA-NSEC3-SHA1 (RFC 5155 §2); must not be used, never supported here.</summary>
    DsaNsec3Sha1 = 6,

    /// <summary>RSASHA1-NSEC3-SHA1: algorithm 5 by another number (RFC 5155 §2).</summary>
    RsaSha1Nsec3Sha1 = 7,

    /// <summary>RSA/SHA-256 (RFC 5702).</summary>
    RsaSha256 = 8,

    /// <summary>RSA/SHA-512 (RFC 5702).</summary>
    RsaSha512 = 10,

    /// <summary>GOST R 34.10-2001 (RFC 5933); not supported here.</summary>
    EccGost = 12,

    /// <summary>ECDSA on curve P-256 with SHA-256 (RFC 6605).</summary>
    EcdsaP256Sha256 = 13,

    /// <summary>ECDSA on curve P-384 with SHA-384 (RFC 6605).</summary>
    EcdsaP384Sha384 = 14,

    /// <summary>Ed25519 (RFC 8080).</summary>
    Ed25519 = 15,

    /// <summary>Ed448 (RFC 8080).</summary>
    Ed448 = 16,

    /// <summary>SM2 with SM3 (RFC 9563); not supported here.</summary>
    Sm2Sm3 = 17,

    /// <summary>GOST R 34.10-2012 (RFC 9558); not supported here.</summary>
    EccGost12 = 23,

    /// <summary>Reserved for indirect keys (RFC 4034 §A.1).</summary>
    Indirect = 252,

    /// <summary>Private algorithm, named by a domain name at the start of the key (RFC 4034 §A.1.1); not supported here.</summary>
    PrivateDns = 253,

    /// <summary>Private algorithm, named by an object identifier at the start of the key (RFC 4034 §A.1.1); not supported here.</summary>
    PrivateOid = 254,
}
