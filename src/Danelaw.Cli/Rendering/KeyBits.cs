using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Cli.Rendering;

/// <summary>The size of a public key as people count it.</summary>
internal static class KeyBits
{
    /// <summary>Bits of the modulus or of the curve's field; null for an algorithm that is not known.</summary>
    public static int? Of(DnskeyData key) => (SecurityAlgorithm)key.Algorithm switch
    {
        SecurityAlgorithm.RsaSha1 or SecurityAlgorithm.RsaSha1Nsec3Sha1 or SecurityAlgorithm.RsaSha256 or SecurityAlgorithm.RsaSha512 => ModulusBits(key.PublicKey.Span),
        SecurityAlgorithm.EcdsaP256Sha256 or SecurityAlgorithm.Ed25519 => 256,
        SecurityAlgorithm.EcdsaP384Sha384 => 384,
        SecurityAlgorithm.Ed448 => 456,
        _ => null,
    };

    /// <summary>RFC 3110 §2: one octet of exponent length, or a zero and two; then the exponent, then the modulus.</summary>
    private static int? ModulusBits(ReadOnlySpan<byte> key)
    {
        if (key.Length < 3) return null;
        var start = key[0] != 0 ? 1 + key[0] : 3 + (key[1] << 8) + key[2];
        if (start >= key.Length) return null;
        var modulus = key[start..].TrimStart((byte)0);
        return modulus.IsEmpty ? null : (modulus.Length * 8) - System.Numerics.BitOperations.LeadingZeroCount((uint)modulus[0] << 24);
    }
}
