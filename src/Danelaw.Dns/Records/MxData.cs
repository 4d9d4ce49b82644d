using System.Buffers.Binary;
using Danelaw.Dns.Names;

namespace Danelaw.Dns.Records;

/// <summary>RDATA of MX (RFC 1035 §3.3.9).</summary>
/// <param name="Preference">The lower, the better.</param>
/// <param name="Exchange">The mail host; the root with no other MX means that no mail is taken (RFC 7505 §3).</param>
public readonly record struct MxData(ushort Preference, DomainName Exchange)
{
    /// <summary>Reads uncompressed RDATA, sharing its octets.</summary>
    /// <param name="data">The RDATA.</param>
    /// <param name="view">What it says; the default on failure.</param>
    /// <returns>False when the octets are not exactly these fields.</returns>
    public static bool TryRead(Octets data, out MxData view)
    {
        view = default;
        if (!DomainName.TryFromWire(data, 2, out var exchange) || 2 + exchange.Length != data.Length) return false;
        view = new(BinaryPrimitives.ReadUInt16BigEndian(data.Span), exchange);
        return true;
    }

    /// <summary>The RDATA.</summary>
    public Octets ToOctets()
    {
        var octets = new byte[2 + Exchange.Length];
        BinaryPrimitives.WriteUInt16BigEndian(octets, Preference);
        Exchange.Wire.CopyTo(octets.AsSpan(2));
        return new(octets);
    }
}
