using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Danelaw.Certificates;
using Danelaw.Dns;

namespace Danelaw.OpenPgp;

/// <summary>Checks what a primary key is said to have signed of itself, its users and subkeys (RFC 9580 §5.2.4). Whoever hands a key on can put anything beside it, under its name.</summary>
internal sealed class PgpOwnSignatures : IDisposable
{
    /// <summary>Signatures that are checked of one key. An honest one has a few for each user and subkey.</summary>
    public const int Maximum = 200;

    private const int Rsa = 1, Ecdsa = 19, EddsaLegacy = 22, Ed25519 = 27, Ed448 = 28;

    private readonly Octets _primary;
    private readonly int _algorithm;
    private readonly CertificateKey _key;
    private int _checked;

    public PgpOwnSignatures(Octets primary)
    {
        _primary = primary;
        _key = CertificateKey.Import(Encode(primary.Span, out _algorithm));
    }

    /// <summary>Checks one.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="about">What it stands behind: the primary key itself, a user, or a subkey.</param>
    public SignatureCheck Check(PgpSignature signature, PgpPacket about)
    {
        if (!_key.IsKnown || signature.Hash.Name is null || signature.Version == 5) return SignatureCheck.NotSupported;
        if (signature.Algorithm != _algorithm) return SignatureCheck.Invalid;
        if (++_checked > Maximum) return SignatureCheck.NotChecked;
        if (!TryReadValue(signature.Value.Span, out var value)) return SignatureCheck.Invalid;
        var data = new MemoryStream();
        data.Write(signature.Salt.Span);
        WriteKey(data, _primary);
        if (about.Tag == PgpPacket.PublicSubkey)
        {
            WriteKey(data, about.Body);
        }
        else if (about.Tag == PgpPacket.UserId)
        {
            Span<byte> head = stackalloc byte[5];
            head[0] = 0xB4;
            BinaryPrimitives.WriteInt32BigEndian(head[1..], about.Body.Length);
            if (signature.Version > 3) data.Write(head);
            data.Write(about.Body.Span);
        }

        data.Write(signature.Signed.Span);
        var signed = data.ToArray();
        var family = _algorithm switch { Rsa => SignatureFamily.RsaPkcs1, Ecdsa => SignatureFamily.Ecdsa, Ed448 => SignatureFamily.Ed448, _ => SignatureFamily.Ed25519 };

        // RFC 9580 §5.2.3: of Edwards curves, too, it is the digest that is signed.
        if (family is SignatureFamily.Ed25519 or SignatureFamily.Ed448) signed = CryptographicOperations.HashData(signature.Hash, signed);
        return _key.Verify(new(family, signature.Hash, 0), signed, value) ? SignatureCheck.Valid : SignatureCheck.Invalid;
    }

    public void Dispose() => _key.Dispose();

    /// <summary>A key as it is digested (RFC 9580 §5.2.4), also for its fingerprint.</summary>
    public static void WriteKey(Stream to, Octets body)
    {
        var head = new byte[body.Span[0] == 4 ? 3 : 5];
        head[0] = body.Span[0] switch { 4 => 0x99, 6 => 0x9B, _ => 0x9A };
        if (head.Length == 3) BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(1), (ushort)body.Length);
        else BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(1), body.Length);
        to.Write(head);
        to.Write(body.Span);
    }

    /// <summary>The key as a SubjectPublicKeyInfo; empty for one of a kind that is not known here.</summary>
    private static byte[] Encode(ReadOnlySpan<byte> body, out int algorithm)
    {
        algorithm = 0;
        var material = body[0] == 4 ? 6 : 10;
        if (body.Length < material) return [];
        algorithm = body[5];
        body = body[material..];
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            switch (algorithm)
            {
                case Rsa when TryReadNumber(ref body, out var modulus) && TryReadNumber(ref body, out var exponent):
                    WriteAlgorithm(writer, "1.2.840.113549.1.1.1");
                    var key = new AsnWriter(AsnEncodingRules.DER);
                    using (key.PushSequence())
                    {
                        key.WriteIntegerUnsigned(modulus);
                        key.WriteIntegerUnsigned(exponent);
                    }

                    writer.WriteBitString(key.Encode());
                    break;
                case Ecdsa when TryReadCurve(ref body, out var curve) && TryReadNumber(ref body, out var point):
                    WriteAlgorithm(writer, "1.2.840.10045.2.1", curve);
                    writer.WriteBitString(point);
                    break;
                case EddsaLegacy when TryReadCurve(ref body, out var curve) && curve == "1.3.6.1.4.1.11591.15.1" && TryReadNumber(ref body, out var point) && point is [0x40, _, ..]:
                    WriteAlgorithm(writer, "1.3.101.112");
                    writer.WriteBitString(point[1..]);
                    break;
                case Ed25519 or Ed448:
                    WriteAlgorithm(writer, algorithm == Ed448 ? "1.3.101.113" : "1.3.101.112");
                    writer.WriteBitString(body);
                    break;
                default:
                    return [];
            }
        }

        return writer.Encode();
    }

    private static void WriteAlgorithm(AsnWriter writer, string identifier, string? curve = null)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(identifier);
            if (curve is not null) writer.WriteObjectIdentifier(curve);
        }
    }

    /// <summary>The signature in the form that <see cref="CertificateKey"/> wants.</summary>
    private bool TryReadValue(ReadOnlySpan<byte> octets, out byte[] value)
    {
        value = [];
        switch (_algorithm)
        {
            case Rsa:
                if (!TryReadNumber(ref octets, out var number)) return false;

                // RFC 9580 §3.2: a number has no leading zeroes, and a signature as many octets as the modulus.
                var modulus = _primary.Span[(_primary.Span[0] == 4 ? 6 : 10)..];
                return TryReadNumber(ref modulus, out var its) && TryPad(number, its.Length, out value);
            case Ecdsa:
                if (!TryReadNumber(ref octets, out var r) || !TryReadNumber(ref octets, out var s) || r.IsEmpty || s.IsEmpty) return false;
                var writer = new AsnWriter(AsnEncodingRules.DER);
                using (writer.PushSequence())
                {
                    writer.WriteIntegerUnsigned(r);
                    writer.WriteIntegerUnsigned(s);
                }

                value = writer.Encode();
                return true;
            case EddsaLegacy:
                if (!TryReadNumber(ref octets, out r) || !TryReadNumber(ref octets, out s) || !TryPad(r, 32, out var first) || !TryPad(s, 32, out var second)) return false;
                value = [.. first, .. second];
                return true;
            default:
                value = octets.ToArray();
                return true;
        }
    }

    private static bool TryPad(ReadOnlySpan<byte> number, int length, out byte[] padded)
    {
        padded = [];
        if (number.Length > length) return false;
        padded = new byte[length];
        number.CopyTo(padded.AsSpan(length - number.Length));
        return true;
    }

    /// <summary>A multiprecision integer (RFC 9580 §3.2), without leading zeroes.</summary>
    private static bool TryReadNumber(ref ReadOnlySpan<byte> octets, out ReadOnlySpan<byte> number)
    {
        number = default;
        if (octets.Length < 2) return false;
        var length = (BinaryPrimitives.ReadUInt16BigEndian(octets) + 7) / 8;
        if (length == 0 || length > octets.Length - 2) return false;
        number = octets.Slice(2, length);
        octets = octets[(2 + length)..];
        number = number.TrimStart((byte)0);
        return !number.IsEmpty;
    }

    /// <summary>The object identifier of a curve (RFC 9580 §9.2), without DER's tag; its length in one octet.</summary>
    private static bool TryReadCurve(ref ReadOnlySpan<byte> octets, out string curve)
    {
        curve = "";
        if (octets.IsEmpty || octets[0] is 0 or 0xFF || octets[0] >= octets.Length) return false;
        try
        {
            curve = AsnDecoder.ReadObjectIdentifier([6, .. octets[..(octets[0] + 1)]], AsnEncodingRules.DER, out _);
        }
        catch (AsnContentException)
        {
            return false;
        }

        octets = octets[(octets[0] + 1)..];
        return true;
    }
}
