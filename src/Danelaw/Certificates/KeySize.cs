using System.Formats.Asn1;
using System.Numerics;
using Danelaw.Dns;

namespace Danelaw.Certificates;

/// <summary>How large a key is, in the bits by which people know its kind.</summary>
internal static class KeySize
{
    private const int SmallestRsa = 2048;
    private const int SmallestCurve = 224;

    /// <summary>Whether RFC 9325 §4.5 forbids the key: RSA below 2048 bits, curves below 224. Of kinds that are not known nothing is said.</summary>
    internal static bool IsSmall(Octets publicKey)
    {
        if (!PublicKeyInfo.TryRead(publicKey.Span, out var info)) return false;
        return ObjectIdentifiers.ToText(info.Algorithm) switch
        {
            "1.2.840.113549.1.1.1" or "1.2.840.113549.1.1.10" => OfRsa(info.Key) is > 0 and < SmallestRsa,
            ObjectIdentifiers.EcPublicKey => OfCurve(info.Parameters) is > 0 and < SmallestCurve,
            _ => false,
        };
    }

    /// <summary>The bits of an RSAPublicKey's modulus; 0 when it cannot be read.</summary>
    internal static int OfRsa(ReadOnlySpan<byte> key)
    {
        var outer = new DerReader(key);
        if (!outer.TryReadSequence(out var numbers) || !numbers.TryRead(Asn1Tag.Integer, out var modulus)) return 0;
        modulus = modulus.TrimStart((byte)0);
        return modulus.IsEmpty ? 0 : (modulus.Length * 8) - BitOperations.LeadingZeroCount(modulus[0]) + 24;
    }

    /// <summary>The bits of a named curve; 0 for one that is not known.</summary>
    private static int OfCurve(ReadOnlySpan<byte> parameters)
    {
        var reader = new DerReader(parameters);
        if (!reader.TryReadOid(out var curve)) return 0;
        return ObjectIdentifiers.ToText(curve) switch
        {
            "1.3.132.0.6" or "1.3.132.0.7" => 112, // secp112r1, secp112r2
            "1.3.132.0.28" or "1.3.132.0.29" => 128, // secp128r1, secp128r2
            "1.3.132.0.8" or "1.3.132.0.9" or "1.3.132.0.30" or "1.3.36.3.3.2.8.1.1.1" => 160, // secp160r1, secp160k1, secp160r2, brainpoolP160r1
            "1.2.840.10045.3.1.1" or "1.3.132.0.31" or "1.3.36.3.3.2.8.1.1.3" => 192, // P-192, secp192k1, brainpoolP192r1
            _ => 0,
        };
    }
}
