namespace Danelaw.Dnssec.Signing;

/// <summary>The hash of a ZONEMD record (RFC 8976 §2.2.3), scheme SIMPLE; any number fits.</summary>
public enum ZoneDigestAlgorithm : byte
{
    /// <summary>Reserved.</summary>
    Reserved = 0,

    /// <summary>SHA-384, 48 octets.</summary>
    Sha384 = 1,

    /// <summary>SHA-512, 64 octets.</summary>
    Sha512 = 2,
}
