using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns;

namespace Danelaw.OpenPgp;

/// <summary>What a signature packet (RFC 9580 §5.2) says of itself, not checked.</summary>
/// <param name="Type">What it is for.</param>
/// <param name="CreatedAt">Seconds since the epoch; 0 when it does not say.</param>
/// <param name="Issuer">The key ID of who made it, 8 octets; empty when it does not say.</param>
internal sealed record PgpSignature(int Type, uint CreatedAt, Octets Issuer)
{
    /// <summary>RFC 9580 §5.2.1: what says that a key, user or subkey is no more.</summary>
    public bool IsRevocation => Type is 0x20 or 0x28 or 0x30;

    /// <summary>Reads one; false for a version that is not known, and for one that is cut short.</summary>
    public static bool TryRead(Octets body, [NotNullWhen(true)] out PgpSignature? signature)
    {
        signature = null;
        var octets = body.Span;
        switch (octets)
        {
            case [3, 5, ..] when octets.Length >= 15:
                signature = new(octets[2], BinaryPrimitives.ReadUInt32BigEndian(octets[3..]), Octets.Copy(octets.Slice(7, 8)));
                return true;
            case [4, ..] when octets.Length >= 6:
                return TryReadAreas(octets, 4, 2, out signature);
            case [5 or 6, ..] when octets.Length >= 8:
                return TryReadAreas(octets, 4, octets[0] == 6 ? 4 : 2, out signature);
            default:
                return false;
        }
    }

    private static bool TryReadAreas(ReadOnlySpan<byte> octets, int at, int width, [NotNullWhen(true)] out PgpSignature? signature)
    {
        signature = null;
        uint createdAt = 0;
        Octets issuer = default;
        for (var area = 0; area < 2; area++)
        {
            if (octets.Length < at + width) return false;
            var length = width == 2 ? BinaryPrimitives.ReadUInt16BigEndian(octets[at..]) : BinaryPrimitives.ReadUInt32BigEndian(octets[at..]);
            at += width;
            if (length > octets.Length - at) return false;
            if (!TryReadSubpackets(octets.Slice(at, (int)length), area == 0, ref createdAt, ref issuer)) return false;
            at += (int)length;
        }

        signature = new(octets[1], createdAt, issuer);
        return true;
    }

    /// <summary>RFC 9580 §5.2.3.7: the time counts where it is signed; who made it may stand in either area.</summary>
    private static bool TryReadSubpackets(ReadOnlySpan<byte> area, bool isSigned, ref uint createdAt, ref Octets issuer)
    {
        while (!area.IsEmpty)
        {
            int header, length;
            if (area[0] < 192) (header, length) = (1, area[0]);
            else if (area[0] < 255 && area.Length > 1) (header, length) = (2, ((area[0] - 192) << 8) + area[1] + 192);
            else if (area[0] == 255 && area.Length > 4) (header, length) = (5, (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(area[1..]), int.MaxValue));
            else return false;
            if (length < 1 || length > area.Length - header) return false;
            var type = area[header] & 0x7F;
            var data = area.Slice(header + 1, length - 1);
            if (type == 2 && isSigned && data.Length == 4) createdAt = BinaryPrimitives.ReadUInt32BigEndian(data);
            else if (type == 16 && data.Length == 8) issuer = Octets.Copy(data);
            else if (type == 33 && data.Length is 21 or 33) issuer = Octets.Copy(data[0] == 4 ? data[^8..] : data.Slice(1, 8));
            area = area[(header + length)..];
        }

        return true;
    }
}
