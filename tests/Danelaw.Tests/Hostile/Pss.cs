using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace Danelaw.Tests.Hostile;

/// <summary>EMSA-PSS (RFC 8017 §9.1.1) with SHA-256 and a salt of zeros: under the exponent 1 that is a signature which everybody can make.</summary>
internal static class Pss
{
    internal static byte[] Encode(byte[] data, int modulusBits)
    {
        var length = (modulusBits + 7) / 8;
        if (modulusBits < 1024) return new byte[Math.Max(length, 1)];
        var encodedLength = (modulusBits - 1 + 7) / 8;
        var salt = new byte[32];
        var hash = SHA256.HashData([.. new byte[8], .. SHA256.HashData(data), .. salt]);
        var block = new byte[encodedLength - hash.Length - 1];
        block[^(salt.Length + 1)] = 1;
        for (var at = 0; at < block.Length; at += 32)
        {
            var count = at / 32;
            var mask = SHA256.HashData([.. hash, (byte)(count >> 24), (byte)((count >> 16) & 255), (byte)((count >> 8) & 255), (byte)(count & 255)]);
            for (var i = 0; i < mask.Length && at + i < block.Length; i++) block[at + i] ^= mask[i];
        }

        block[0] &= (byte)(0xFF >> ((8 * encodedLength) - (modulusBits - 1)));
        byte[] encoded = [.. block, .. hash, 0xBC];
        return [.. new byte[length - encodedLength], .. encoded];
    }

    /// <summary>How many bits the modulus in a SubjectPublicKeyInfo has.</summary>
    internal static int ModulusBits(byte[] publicKey)
    {
        var info = new AsnReader(publicKey, AsnEncodingRules.DER).ReadSequence();
        info.ReadEncodedValue();
        var modulus = new AsnReader(info.ReadBitString(out _), AsnEncodingRules.DER).ReadSequence().ReadInteger();
        return (int)BigInteger.Abs(modulus).GetBitLength();
    }
}
