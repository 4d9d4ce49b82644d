using System.Buffers.Binary;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;

namespace Danelaw.Dns.Records;

/// <summary>RDATA of TSIG (RFC 8945 §4.2).</summary>
/// <param name="Algorithm">The algorithm's name, such as <c>hmac-sha256.</c>.</param>
/// <param name="TimeSigned">Seconds since 1970, 48 bits.</param>
/// <param name="Fudge">By how many seconds clocks may differ.</param>
/// <param name="Mac">The message authentication code; empty in refusals that are not signed.</param>
/// <param name="OriginalId">The id of the message when it was signed.</param>
/// <param name="Error">Why the other side refused, or <see cref="ResponseCode.NoError"/>; 16 means BADSIG here.</param>
/// <param name="Other">With BADTIME the server's time in 6 octets, otherwise empty.</param>
public readonly record struct TsigData(DomainName Algorithm, ulong TimeSigned, ushort Fudge, Octets Mac, ushort OriginalId, ResponseCode Error, Octets Other)
{
    internal const ulong LatestTime = 0xFFFF_FFFF_FFFF;

    private const int TimersLength = 8;

    /// <summary>The server's time, if the record bears one (RFC 8945 §5.2.3): seconds since 1970.</summary>
    public ulong? OtherTime => Other.Length == 6 ? ReadUInt48(Other.Span) : null;

    /// <summary>Reads RDATA, sharing its octets.</summary>
    /// <param name="data">The RDATA.</param>
    /// <param name="view">What it says; the default on failure.</param>
    /// <returns>False when the octets are not exactly these fields.</returns>
    public static bool TryRead(Octets data, out TsigData view)
    {
        view = default;
        if (!RecordData.IsWellFormed(RecordType.TSIG, data.Span) || !DomainName.TryFromWire(data, 0, out var algorithm)) return false;
        var rest = data.Slice(algorithm.Length);
        var octets = rest.Span;
        var macLength = BinaryPrimitives.ReadUInt16BigEndian(octets[TimersLength..]);
        var afterMac = TimersLength + 2 + macLength;
        view = new(
            algorithm,
            ReadUInt48(octets),
            BinaryPrimitives.ReadUInt16BigEndian(octets[6..]),
            rest.Slice(TimersLength + 2, macLength),
            BinaryPrimitives.ReadUInt16BigEndian(octets[afterMac..]),
            (ResponseCode)BinaryPrimitives.ReadUInt16BigEndian(octets[(afterMac + 2)..]),
            rest.Slice(afterMac + 6));
        return true;
    }

    /// <summary>The RDATA.</summary>
    /// <exception cref="InvalidOperationException">The time has more than 48 bits, or a part more than 65535 octets.</exception>
    public Octets ToOctets()
    {
        if (TimeSigned > LatestTime || Mac.Length > ushort.MaxValue || Other.Length > ushort.MaxValue) throw new InvalidOperationException("TSIG: a time of at most 48 bits, parts of at most 65535 octets");
        var octets = new byte[Algorithm.Length + TimersLength + 8 + Mac.Length + Other.Length];
        Algorithm.Wire.CopyTo(octets);
        var rest = octets.AsSpan(Algorithm.Length);
        WriteTimers(rest);
        BinaryPrimitives.WriteUInt16BigEndian(rest[TimersLength..], (ushort)Mac.Length);
        Mac.Span.CopyTo(rest[(TimersLength + 2)..]);
        rest = rest[(TimersLength + 2 + Mac.Length)..];
        BinaryPrimitives.WriteUInt16BigEndian(rest, OriginalId);
        BinaryPrimitives.WriteUInt16BigEndian(rest[2..], (ushort)Error);
        BinaryPrimitives.WriteUInt16BigEndian(rest[4..], (ushort)Other.Length);
        Other.Span.CopyTo(rest[6..]);
        return new(octets);
    }

    /// <summary>Time and fudge, 8 octets: "TSIG timers" (RFC 8945 §5.3.1).</summary>
    internal void WriteTimers(Span<byte> destination)
    {
        WriteUInt48(destination, TimeSigned);
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], Fudge);
    }

    internal static void WriteUInt48(Span<byte> destination, ulong value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(destination[2..], (uint)(value & uint.MaxValue));
    }

    private static ulong ReadUInt48(ReadOnlySpan<byte> octets) => ((ulong)BinaryPrimitives.ReadUInt16BigEndian(octets) << 32) | BinaryPrimitives.ReadUInt32BigEndian(octets[2..]);
}
