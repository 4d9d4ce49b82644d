using System.Buffers.Binary;

namespace Danelaw.Dns.Records;

/// <summary>RDATA of NSEC3PARAM (RFC 5155 §4.2).</summary>
/// <param name="HashAlgorithm">1 is SHA-1, the only one.</param>
/// <param name="Flags">0 in what may be used (RFC 5155 §4.1.2).</param>
/// <param name="Iterations">Additional rounds of the hash.</param>
/// <param name="Salt">0 to 255 octets.</param>
public readonly record struct Nsec3ParamData(byte HashAlgorithm, byte Flags, ushort Iterations, Octets Salt)
{
    /// <summary>Reads RDATA, sharing its octets.</summary>
    /// <param name="data">The RDATA.</param>
    /// <param name="view">What it says; the default on failure.</param>
    /// <returns>False when the octets are not exactly these fields.</returns>
    public static bool TryRead(Octets data, out Nsec3ParamData view)
    {
        view = default;
        var octets = data.Span;
        if (octets.Length < 5 || octets.Length != 5 + octets[4]) return false;
        view = new(octets[0], octets[1], BinaryPrimitives.ReadUInt16BigEndian(octets[2..]), data.Slice(5));
        return true;
    }

    /// <summary>The RDATA.</summary>
    /// <exception cref="InvalidOperationException">The salt has more than 255 octets.</exception>
    public Octets ToOctets()
    {
        if (Salt.Length > 255) throw new InvalidOperationException("NSEC3PARAM: the salt has 0 to 255 octets");
        var octets = new byte[5 + Salt.Length];
        octets[0] = HashAlgorithm;
        octets[1] = Flags;
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(2), Iterations);
        octets[4] = (byte)Salt.Length;
        Salt.Span.CopyTo(octets.AsSpan(5));
        return new(octets);
    }
}
