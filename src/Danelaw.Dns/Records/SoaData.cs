using System.Buffers.Binary;
using Danelaw.Dns.Names;

namespace Danelaw.Dns.Records;

/// <summary>RDATA of SOA (RFC 1035 §3.3.13).</summary>
/// <param name="PrimaryServer">MNAME: the server where the zone is changed.</param>
/// <param name="Responsible">RNAME: the mailbox of who is responsible, its @ written as a dot.</param>
/// <param name="Serial">The serial number (RFC 1982).</param>
/// <param name="Refresh">Seconds after which a secondary looks for changes.</param>
/// <param name="Retry">Seconds after which it tries again when that failed.</param>
/// <param name="Expire">Seconds after which it stops answering.</param>
/// <param name="Minimum">Seconds that a negative answer is kept, bounded by the TTL of the SOA itself (RFC 2308 §5).</param>
public readonly record struct SoaData(DomainName PrimaryServer, DomainName Responsible, uint Serial, uint Refresh, uint Retry, uint Expire, uint Minimum)
{
    /// <summary>Reads uncompressed RDATA, sharing its octets.</summary>
    /// <param name="data">The RDATA.</param>
    /// <param name="view">What it says; the default on failure.</param>
    /// <returns>False when the octets are not exactly these fields.</returns>
    public static bool TryRead(Octets data, out SoaData view)
    {
        view = default;
        if (!DomainName.TryFromWire(data, 0, out var primary) || !DomainName.TryFromWire(data, primary.Length, out var responsible)) return false;
        var numbers = data.Span[(primary.Length + responsible.Length)..];
        if (numbers.Length != 20) return false;
        view = new(
            primary,
            responsible,
            BinaryPrimitives.ReadUInt32BigEndian(numbers),
            BinaryPrimitives.ReadUInt32BigEndian(numbers[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(numbers[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(numbers[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(numbers[16..]));
        return true;
    }

    /// <summary>The RDATA.</summary>
    public Octets ToOctets()
    {
        var octets = new byte[PrimaryServer.Length + Responsible.Length + 20];
        PrimaryServer.Wire.CopyTo(octets);
        Responsible.Wire.CopyTo(octets.AsSpan(PrimaryServer.Length));
        var numbers = octets.AsSpan(PrimaryServer.Length + Responsible.Length);
        BinaryPrimitives.WriteUInt32BigEndian(numbers, Serial);
        BinaryPrimitives.WriteUInt32BigEndian(numbers[4..], Refresh);
        BinaryPrimitives.WriteUInt32BigEndian(numbers[8..], Retry);
        BinaryPrimitives.WriteUInt32BigEndian(numbers[12..], Expire);
        BinaryPrimitives.WriteUInt32BigEndian(numbers[16..], Minimum);
        return new(octets);
    }
}
