using System.Buffers.Binary;
using System.Numerics;

namespace Danelaw.Dnssec.Keys;

/// <summary>The public key field of RSA DNSKEYs (RFC 3110 §2): exponent length, exponent, modulus.</summary>
internal static class RsaPublicKeyFormat
{
    internal const int MaximumModulusBits = 4096;

    // An exponent as large as the modulus makes a verification as dear as a signature. Exponents in use have at most 33 bits.
    private const int MaximumExponentOctets = 8;

    /// <summary>Finds exponent and modulus in the field, without leading zero octets.</summary>
    /// <returns>False when the field is cut, or its numbers cannot be an RSA key.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> field, out ReadOnlySpan<byte> exponent, out ReadOnlySpan<byte> modulus)
    {
        exponent = modulus = default;
        if (field.IsEmpty) return false;

        // RFC 3110 §2: a length of 0 says that the length stands in the next two octets.
        var (length, start) = (field[0], 1);
        int exponentLength = length;
        if (length == 0)
        {
            if (field.Length < 3) return false;
            exponentLength = BinaryPrimitives.ReadUInt16BigEndian(field[1..]);
            start = 3;
        }

        if (exponentLength == 0 || field.Length - start <= exponentLength) return false;

        // RFC 3110 §2 forbids signers leading zeros. They change nothing in the numbers and validators take them; the limits hold for what remains.
        exponent = field.Slice(start, exponentLength).TrimStart((byte)0);
        modulus = field[(start + exponentLength)..].TrimStart((byte)0);
        return IsUsableExponent(exponent) && IsUsableModulus(modulus);
    }

    /// <summary>Bits of a number without leading zero octets.</summary>
    internal static int BitLength(ReadOnlySpan<byte> number) =>
        number.IsEmpty ? 0 : (number.Length * 8) - BitOperations.LeadingZeroCount((uint)number[0]) + 24;

    /// <summary>Writes the field; numbers come without leading zeros, exponents below 256 octets.</summary>
    internal static byte[] Write(ReadOnlySpan<byte> exponent, ReadOnlySpan<byte> modulus)
    {
        exponent = exponent.TrimStart((byte)0);
        modulus = modulus.TrimStart((byte)0);
        var field = new byte[1 + exponent.Length + modulus.Length];
        field[0] = checked((byte)exponent.Length);
        exponent.CopyTo(field.AsSpan(1));
        modulus.CopyTo(field.AsSpan(1 + exponent.Length));
        return field;
    }

    // With exponent 1 every signature can be written down without the private key; an even one has no inverse.
    private static bool IsUsableExponent(ReadOnlySpan<byte> exponent) =>
        exponent.Length is > 0 and <= MaximumExponentOctets
        && (exponent[^1] & 1) == 1
        && (exponent.Length > 1 || exponent[0] >= 3);

    private static bool IsUsableModulus(ReadOnlySpan<byte> modulus) =>
        BitLength(modulus) is >= 512 and <= MaximumModulusBits && (modulus[^1] & 1) == 1;
}
