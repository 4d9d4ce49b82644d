using System.Buffers.Binary;
using System.Collections.Immutable;
using Danelaw.Dns;

namespace Danelaw.OpenPgp;

/// <summary>A packet of OpenPGP (RFC 9580 §4.2), with its header and without.</summary>
/// <param name="Tag">Its type.</param>
/// <param name="Whole">All its octets, as they stand.</param>
/// <param name="Body">What it holds.</param>
internal readonly record struct PgpPacket(int Tag, Octets Whole, Octets Body)
{
    public const int Signature = 2, SecretKey = 5, PublicKey = 6, SecretSubkey = 7, Marker = 10, Trust = 12, UserId = 13, PublicSubkey = 14, UserAttribute = 17, Padding = 21;

    /// <summary>Reads packets until there are no octets left; false when one is cut short, or does not say how long it is.</summary>
    public static bool TryReadAll(Octets octets, out ImmutableArray<PgpPacket> packets)
    {
        packets = [];
        var read = ImmutableArray.CreateBuilder<PgpPacket>();
        for (var at = 0; at < octets.Length;)
        {
            var rest = octets.Span[at..];
            if (!TryReadHeader(rest, out var tag, out var header, out var length) || length > rest.Length - header) return false;
            read.Add(new(tag, octets.Slice(at, header + length), octets.Slice(at + header, length)));
            at += header + length;
        }

        packets = read.ToImmutable();
        return true;
    }

    private static bool TryReadHeader(ReadOnlySpan<byte> octets, out int tag, out int header, out int length)
    {
        (tag, header, length) = (0, 0, 0);
        if (octets.Length < 2 || (octets[0] & 0x80) == 0) return false;
        if ((octets[0] & 0x40) == 0)
        {
            // RFC 9580 §4.2.2: the older form, whose last type of length says nothing.
            tag = (octets[0] >> 2) & 0x0F;
            return (octets[0] & 3) switch
            {
                0 => TryTake(octets, 1, 1, out header, out length),
                1 => TryTake(octets, 1, 2, out header, out length),
                2 => TryTake(octets, 1, 4, out header, out length),
                _ => false,
            };
        }

        // RFC 9580 §4.2.1; lengths in parts are for data, never for keys.
        tag = octets[0] & 0x3F;
        switch (octets[1])
        {
            case < 192:
                return TryTake(octets, 1, 1, out header, out length);
            case < 224 when octets.Length > 2:
                (header, length) = (3, ((octets[1] - 192) << 8) + octets[2] + 192);
                return true;
            case 255:
                return TryTake(octets, 2, 4, out header, out length);
            default:
                return false;
        }
    }

    private static bool TryTake(ReadOnlySpan<byte> octets, int start, int count, out int header, out int length)
    {
        (header, length) = (start + count, 0);
        if (octets.Length < header) return false;
        var number = count switch
        {
            1 => octets[start],
            2 => BinaryPrimitives.ReadUInt16BigEndian(octets[start..]),
            _ => BinaryPrimitives.ReadUInt32BigEndian(octets[start..]),
        };
        length = (int)Math.Min(number, int.MaxValue);
        return true;
    }
}
