namespace Danelaw.Dnssec.Keys;

/// <summary>
/// The digest type of a DS record, as the IANA registry "DNSSEC Delegation Signer (DS) Resource Record Type Digest Algorithms"
/// lists them (November 2026). Any number fits; those without a name survive unchanged and count as unknown.
/// </summary>
public enum DigestAlgorithm : byte
{
    /// <summary>Reserved; never a digest (RFC 3658).</summary>
    Reserved = 0,

    /// <summary>SHA-1, 20 octets (RFC 3658).</summary>
    Sha1 = 1,

    /// <summary>SHA-256, 32 octets (RFC 4509).</summary>
    Sha256 = 2,

    /// <summary>GOST R 34.11-94, 32 octets (RFC 5933); not supported here.</summary>
    Gost = 3,

    /// <summary>SHA-384, 48 octets (RFC 6605).</summary>
    Sha384 = 4,

    /// <summary>GOST R 34.11-2012, 32 octets (RFC 9558); not supported here.</summary>
    Gost12 = 5,

    /// <summary>SM3, 32 octets (RFC 9563); not supported here.</summary>
    Sm3 = 6,
}
