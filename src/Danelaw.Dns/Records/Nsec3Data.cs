using System.Buffers.Binary;

namespace Danelaw.Dns.Records;

/// <summary>RDATA of NSEC3 (RFC 5155 §3.2).</summary>
/// <param name="HashAlgorithm">1 is SHA-1, the only one.</param>
/// <param name="Flags">The flags; the lowest bit is opt-out.</param>
/// <param name="Iterations">Additional rounds of the hash.</param>
/// <param name="Salt">0 to 255 octets.</param>
/// <param name="NextHash">The hash of the next owner in hash order, 1 to 255 octets.</param>
/// <param name="Types">The types at the original owner; empty for an empty non-terminal.</param>
public readonly record struct Nsec3Data(byte HashAlgorithm, byte Flags, ushort Iterations, Octets Salt, Octets NextHash, TypeBitmap Types)
{
    /// <summary>The bit "opt-out" (RFC 5155 §3.1.2.1).</summary>
    public const byte OptOutFlag = 0x01;

    /// <summary>Whether unsigned delegations may lie in the span (RFC 5155 §6).</summary>
    public bool IsOptOut => (Flags & OptOutFlag) != 0;

    /// <summary>Reads RDATA, sharing its octets.</summary>
    /// <param name="data">The RDATA.</param>
    /// <param name="view">What it says; the default on failure.</param>
    /// <returns>False when the fields do not fit or the bitmap is not as RFC 4034 §4.1.2 wants it.</returns>
    public static bool TryRead(Octets data, out Nsec3Data view)
    {
        view = default;
        var octets = data.Span;
        if (octets.Length < 5 || octets.Length < 6 + octets[4]) return false;
        int saltLength = octets[4];
        int hashLength = octets[5 + saltLength];
        var typesAt = 6 + saltLength + hashLength;
        if (hashLength == 0 || octets.Length < typesAt || !TypeBitmap.TryRead(data.Slice(typesAt), out var types)) return false;
        view = new(octets[0], octets[1], BinaryPrimitives.ReadUInt16BigEndian(octets[2..]), data.Slice(5, saltLength), data.Slice(6 + saltLength, hashLength), types);
        return true;
    }

    /// <summary>The RDATA.</summary>
    /// <exception cref="InvalidOperationException">Salt or hash has more than 255 octets, or the hash none.</exception>
    public Octets ToOctets()
    {
        if (Salt.Length > 255 || NextHash.Length is 0 or > 255) throw new InvalidOperationException("NSEC3: the salt has 0 to 255 octets, the next hash 1 to 255");
        var types = Types.ToOctets();
        var octets = new byte[6 + Salt.Length + NextHash.Length + types.Length];
        octets[0] = HashAlgorithm;
        octets[1] = Flags;
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(2), Iterations);
        octets[4] = (byte)Salt.Length;
        Salt.Span.CopyTo(octets.AsSpan(5));
        octets[5 + Salt.Length] = (byte)NextHash.Length;
        NextHash.Span.CopyTo(octets.AsSpan(6 + Salt.Length));
        types.Span.CopyTo(octets.AsSpan(6 + Salt.Length + NextHash.Length));
        return new(octets);
    }
}
