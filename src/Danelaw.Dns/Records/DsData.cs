using System.Buffers.Binary;

namespace Danelaw.Dns.Records;

/// <summary>RDATA of DS and CDS (RFC 4034 §5.1).</summary>
/// <param name="KeyTag">The tag of the key that is meant.</param>
/// <param name="Algorithm">Its algorithm.</param>
/// <param name="DigestType">The digest's algorithm.</param>
/// <param name="Digest">The digest over owner and DNSKEY RDATA, of any length.</param>
public readonly record struct DsData(ushort KeyTag, byte Algorithm, byte DigestType, Octets Digest)
{
    /// <summary>Reads RDATA, sharing its octets.</summary>
    /// <param name="data">The RDATA.</param>
    /// <param name="view">What it says; the default on failure.</param>
    /// <returns>False when it has fewer than 4 octets.</returns>
    public static bool TryRead(Octets data, out DsData view)
    {
        view = default;
        if (data.Length < 4) return false;
        var octets = data.Span;
        view = new(BinaryPrimitives.ReadUInt16BigEndian(octets), octets[2], octets[3], data.Slice(4));
        return true;
    }

    /// <summary>The RDATA.</summary>
    public Octets ToOctets()
    {
        var octets = new byte[4 + Digest.Length];
        BinaryPrimitives.WriteUInt16BigEndian(octets, KeyTag);
        octets[2] = Algorithm;
        octets[3] = DigestType;
        Digest.Span.CopyTo(octets.AsSpan(4));
        return new(octets);
    }
}
