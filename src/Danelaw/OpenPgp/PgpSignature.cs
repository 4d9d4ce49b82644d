using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Danelaw.Dns;

namespace Danelaw.OpenPgp;

/// <summary>What a signature packet (RFC 9580 §5.2) says of itself, not checked.</summary>
/// <param name="Type">What it is for.</param>
internal sealed record PgpSignature(int Type)
{
    /// <summary>3, 4, 6, or LibrePGP's 5.</summary>
    public int Version { get; private init; }

    /// <summary>Seconds since the epoch; 0 when it does not say.</summary>
    public uint CreatedAt { get; private set; }

    /// <summary>The key ID of who made it, 8 octets; empty when it does not say.</summary>
    public Octets Issuer { get; private set; }

    /// <summary>For how many seconds from its making the key is valid (RFC 9580 §5.2.3.13); 0 for ever.</summary>
    public uint KeyLifetime { get; private set; }

    /// <summary>Whether it names another key that may revoke (RFC 9580 §5.2.3.23).</summary>
    public bool NamesRevoker { get; private set; }

    /// <summary>The kind of key that made it (RFC 9580 §9.1).</summary>
    public int Algorithm { get; private init; }

    /// <summary>Its digest; not set for one that is not known here.</summary>
    public HashAlgorithmName Hash { get; private init; }

    /// <summary>What is digested before all else (RFC 9580 §5.2.4).</summary>
    public Octets Salt { get; private init; }

    /// <summary>What is digested of the packet itself, behind what it is about.</summary>
    public Octets Signed { get; private init; }

    /// <summary>What the key made, as the packet has it.</summary>
    public Octets Value { get; private init; }

    /// <summary>RFC 9580 §5.2.1: what says that a key, user or subkey is no more.</summary>
    public bool IsRevocation => Type is 0x20 or 0x28 or 0x30;

    /// <summary>Reads one; false for a version that is not known, and for one that is cut short.</summary>
    public static bool TryRead(Octets body, [NotNullWhen(true)] out PgpSignature? signature)
    {
        signature = null;
        var octets = body.Span;
        switch (octets)
        {
            case [3, 5, ..] when octets.Length >= 19:
                signature = new(octets[2])
                {
                    Version = 3,
                    CreatedAt = BinaryPrimitives.ReadUInt32BigEndian(octets[3..]),
                    Issuer = body.Slice(7, 8),
                    Algorithm = octets[15],
                    Hash = HashOf(octets[16]),
                    Signed = body.Slice(2, 5),
                    Value = body.Slice(19, body.Length - 19),
                };
                return true;
            case [4, ..] when octets.Length >= 6:
                return TryReadAreas(body, 2, out signature);
            case [5 or 6, ..] when octets.Length >= 8:
                return TryReadAreas(body, octets[0] == 6 ? 4 : 2, out signature);
            default:
                return false;
        }
    }

    private static bool TryReadAreas(Octets body, int width, [NotNullWhen(true)] out PgpSignature? signature)
    {
        signature = null;
        var octets = body.Span;
        if (!TryTake(octets, 4, width, out var hashed, out var next) || !TryTake(octets, next, width, out var unhashed, out var end)) return false;

        // What is signed ends with how long it is (RFC 9580 §5.2.4).
        var signed = new byte[next + 6];
        octets[..next].CopyTo(signed);
        signed[next] = octets[0];
        signed[next + 1] = 0xFF;
        BinaryPrimitives.WriteInt32BigEndian(signed.AsSpan(next + 2), next);
        var salt = default(Octets);
        var value = Math.Min(end + 2, body.Length);
        if (octets[0] == 6 && value < body.Length)
        {
            var length = Math.Min(octets[value], body.Length - value - 1);
            salt = body.Slice(value + 1, length);
            value += 1 + length;
        }

        signature = new(octets[1]) { Version = octets[0], Algorithm = octets[2], Hash = HashOf(octets[3]), Salt = salt, Signed = new(signed), Value = body.Slice(value, body.Length - value) };
        return signature.TryReadSubpackets(hashed, isSigned: true) && signature.TryReadSubpackets(unhashed, isSigned: false);
    }

    private static bool TryTake(ReadOnlySpan<byte> octets, int at, int width, out ReadOnlySpan<byte> area, out int next)
    {
        area = default;
        next = 0;
        if (octets.Length < at + width) return false;
        var length = width == 2 ? BinaryPrimitives.ReadUInt16BigEndian(octets[at..]) : BinaryPrimitives.ReadUInt32BigEndian(octets[at..]);
        at += width;
        if (length > octets.Length - at) return false;
        area = octets.Slice(at, (int)length);
        next = at + (int)length;
        return true;
    }

    /// <summary>RFC 9580 §5.2.3.7: what it says counts where it is signed; who made it may stand in either area.</summary>
    private bool TryReadSubpackets(ReadOnlySpan<byte> area, bool isSigned)
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
            if (type == 2 && isSigned && data.Length == 4) CreatedAt = BinaryPrimitives.ReadUInt32BigEndian(data);
            else if (type == 9 && isSigned && data.Length == 4) KeyLifetime = BinaryPrimitives.ReadUInt32BigEndian(data);
            else if (type == 12 && isSigned) NamesRevoker = true;
            else if (type == 16 && data.Length == 8) Issuer = Octets.Copy(data);
            else if (type == 33 && data.Length is 21 or 33) Issuer = Octets.Copy(data[0] == 4 ? data[^8..] : data.Slice(1, 8));
            area = area[(header + length)..];
        }

        return true;
    }

    /// <summary>RFC 9580 §9.5, as far as it is used.</summary>
    private static HashAlgorithmName HashOf(int number) => number switch
    {
        2 => HashAlgorithmName.SHA1,
        8 => HashAlgorithmName.SHA256,
        9 => HashAlgorithmName.SHA384,
        10 => HashAlgorithmName.SHA512,
        _ => default,
    };
}
