using System.Buffers.Binary;
using System.Numerics;

namespace Danelaw.Dnssec.Keys;

/// <summary>How large a public key is.</summary>
internal static class KeySize
{
    /// <summary>Bits of the modulus for RSA, of the curve for the others; of an unknown algorithm the bits of the field. Never throws on foreign octets.</summary>
    internal static int BitsOf(SecurityAlgorithm algorithm, ReadOnlySpan<byte> publicKey) => algorithm switch
    {
        SecurityAlgorithm.RsaMd5 or SecurityAlgorithm.RsaSha1 or SecurityAlgorithm.RsaSha1Nsec3Sha1 or SecurityAlgorithm.RsaSha256 or SecurityAlgorithm.RsaSha512 => ModulusBits(publicKey),
        SecurityAlgorithm.EcdsaP256Sha256 or SecurityAlgorithm.Ed25519 => 256,
        SecurityAlgorithm.EcdsaP384Sha384 => 384,
        SecurityAlgorithm.Ed448 => 456,
        _ => publicKey.Length * 8,
    };

    /// <summary>RFC 3110 §2: the length of the exponent in one octet, or in two behind a zero; then the exponent; the rest is the modulus.</summary>
    private static int ModulusBits(ReadOnlySpan<byte> field)
    {
        if (field.IsEmpty) return 0;
        var start = 1;
        int exponent = field[0];
        if (exponent == 0)
        {
            if (field.Length < 3) return 0;
            exponent = BinaryPrimitives.ReadUInt16BigEndian(field[1..]);
            start = 3;
        }

        if (field.Length - start <= exponent) return 0;
        var modulus = field[(start + exponent)..].TrimStart((byte)0);
        return modulus.IsEmpty ? 0 : (modulus.Length * 8) - (BitOperations.LeadingZeroCount((uint)modulus[0]) - 24);
    }
}
