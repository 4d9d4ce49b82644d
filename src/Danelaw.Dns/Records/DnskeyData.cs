using System.Buffers.Binary;

namespace Danelaw.Dns.Records;

/// <summary>RDATA of DNSKEY and CDNSKEY (RFC 4034 §2.1).</summary>
/// <param name="Flags">The flags.</param>
/// <param name="Protocol">3 in every key that may be used (RFC 4034 §2.1.2).</param>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="PublicKey">The key in the form of its algorithm, of any length.</param>
public readonly record struct DnskeyData(ushort Flags, byte Protocol, byte Algorithm, Octets PublicKey)
{
    /// <summary>The bit "zone key" (RFC 4034 §2.1.1).</summary>
    public const ushort ZoneKeyFlag = 0x0100;

    /// <summary>The bit "revoked" (RFC 5011 §2.1).</summary>
    public const ushort RevokedFlag = 0x0080;

    /// <summary>The bit "secure entry point" (RFC 4034 §2.1.1).</summary>
    public const ushort SecureEntryPointFlag = 0x0001;

    private const byte RsaMd5 = 1;

    /// <summary>Whether the key may sign a zone's records; without the bit it must not (RFC 4034 §2.1.1).</summary>
    public bool IsZoneKey => (Flags & ZoneKeyFlag) != 0;

    /// <summary>Whether the key says of itself that it is revoked (RFC 5011 §2.1).</summary>
    public bool IsRevoked => (Flags & RevokedFlag) != 0;

    /// <summary>Whether the key is meant to be pointed at by a DS record; a hint that judging must not rest on (RFC 4034 §2.1.1).</summary>
    public bool IsSecureEntryPoint => (Flags & SecureEntryPointFlag) != 0;

    /// <summary>Reads RDATA, sharing its octets.</summary>
    /// <param name="data">The RDATA.</param>
    /// <param name="view">What it says; the default on failure.</param>
    /// <returns>False when it has fewer than 4 octets.</returns>
    public static bool TryRead(Octets data, out DnskeyData view)
    {
        view = default;
        if (data.Length < 4) return false;
        var octets = data.Span;
        view = new(BinaryPrimitives.ReadUInt16BigEndian(octets), octets[2], octets[3], data.Slice(4));
        return true;
    }

    /// <summary>The key tag (RFC 4034 App. B; for RSA/MD5 App. B.1). Different keys may have the same.</summary>
    public ushort KeyTag()
    {
        var key = PublicKey.Span;

        // RFC 4034 App. B.1: the most significant 16 of the least significant 24 bits of the modulus, which ends the key.
        if (Algorithm == RsaMd5) return key.Length < 3 ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(key[^3..]);

        var sum = (uint)Flags + ((uint)Protocol << 8) + Algorithm;
        var at = 0;
        for (; at < key.Length - 1; at += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(key[at..]);
        if (at < key.Length) sum += (uint)key[at] << 8;
        return (ushort)((sum + (sum >> 16)) & 0xFFFF);
    }

    /// <summary>The RDATA.</summary>
    public Octets ToOctets()
    {
        var octets = new byte[4 + PublicKey.Length];
        BinaryPrimitives.WriteUInt16BigEndian(octets, Flags);
        octets[2] = Protocol;
        octets[3] = Algorithm;
        PublicKey.Span.CopyTo(octets.AsSpan(4));
        return new(octets);
    }
}
