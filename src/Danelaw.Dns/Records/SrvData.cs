using System.Buffers.Binary;
using Danelaw.Dns.Names;

namespace Danelaw.Dns.Records;

/// <summary>RDATA of SRV (RFC 2782).</summary>
/// <param name="Priority">The lower, the better.</param>
/// <param name="Weight">The share among targets of the same priority.</param>
/// <param name="Port">The port.</param>
/// <param name="Target">The host; the root means that the service is not offered.</param>
public readonly record struct SrvData(ushort Priority, ushort Weight, ushort Port, DomainName Target)
{
    /// <summary>Reads uncompressed RDATA, sharing its octets.</summary>
    /// <param name="data">The RDATA.</param>
    /// <param name="view">What it says; the default on failure.</param>
    /// <returns>False when the octets are not exactly these fields.</returns>
    public static bool TryRead(Octets data, out SrvData view)
    {
        view = default;
        if (!DomainName.TryFromWire(data, 6, out var target) || 6 + target.Length != data.Length) return false;
        var octets = data.Span;
        view = new(BinaryPrimitives.ReadUInt16BigEndian(octets), BinaryPrimitives.ReadUInt16BigEndian(octets[2..]), BinaryPrimitives.ReadUInt16BigEndian(octets[4..]), target);
        return true;
    }

    /// <summary>The RDATA.</summary>
    public Octets ToOctets()
    {
        var octets = new byte[6 + Target.Length];
        BinaryPrimitives.WriteUInt16BigEndian(octets, Priority);
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(2), Weight);
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(4), Port);
        Target.Wire.CopyTo(octets.AsSpan(6));
        return new(octets);
    }
}
