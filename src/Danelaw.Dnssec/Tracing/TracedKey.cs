using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Tracing;

/// <summary>What a key is for.</summary>
public enum KeyRole
{
    /// <summary>Not known.</summary>
    None = 0,

    /// <summary>It signs the key set, and DS or anchor vouch for it.</summary>
    KeySigning,

    /// <summary>It signs the zone's other records.</summary>
    ZoneSigning,

    /// <summary>It does both.</summary>
    Combined,
}

/// <summary>One DNSKEY of a zone.</summary>
/// <param name="Tag">Its tag (RFC 4034 App. B).</param>
/// <param name="Flags">Its flags.</param>
/// <param name="Algorithm">Its algorithm.</param>
/// <param name="Bits">The size of the key in bits.</param>
/// <param name="Role">What it is for: by its flags, and by what it was seen to sign.</param>
/// <param name="IsTrusted">Whether a DS record or a trust anchor vouches for it.</param>
/// <param name="SignsKeys">Whether a signature by it over the key set stands.</param>
/// <param name="IsRevoked">Whether it is revoked (RFC 5011 §2.1).</param>
/// <param name="IsUsable">Whether it is a zone key with protocol 3, not revoked (RFC 4034 §2.1).</param>
public sealed record TracedKey(ushort Tag, ushort Flags, SecurityAlgorithm Algorithm, int Bits, KeyRole Role, bool IsTrusted, bool SignsKeys, bool IsRevoked, bool IsUsable);
