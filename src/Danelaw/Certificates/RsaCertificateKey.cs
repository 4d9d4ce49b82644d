using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace Danelaw.Certificates;

/// <summary>An RSA key, for PKCS #1 v1.5 and PSS (RFC 8017).</summary>
internal sealed class RsaCertificateKey : CertificateKey
{
    /// <summary>Below this many bits of modulus a key proves nothing (docs/decisions/0050).</summary>
    private const int MinimumBits = 1024;

    /// <summary>Above this many bits a key is not looked at: strangers choose how long a verification takes. OpenSSL draws the same line.</summary>
    private const int MaximumBits = 16384;

    private readonly RSA _rsa;
    private readonly BigInteger _modulus;
    private readonly BigInteger _exponent;
    private readonly SignatureScheme? _only;

    private RsaCertificateKey(RSA rsa, BigInteger modulus, BigInteger exponent, SignatureScheme? only)
    {
        _rsa = rsa;
        _modulus = modulus;
        _exponent = exponent;
        _only = only;
    }

    /// <inheritdoc/>
    public override bool IsTooWeak => BitLength < MinimumBits;

    /// <summary>It grows with the square of the modulus and with the exponent, and <see cref="BigInteger"/>, which opens PSS, takes four times as long as OpenSSL.</summary>
    public override int CostOf(SignatureScheme scheme)
    {
        var kilobits = (BitLength + 1023) / 1024;
        return kilobits * kilobits * Math.Max(1, (int)_exponent.GetBitLength() / 16) * (scheme.Family == SignatureFamily.RsaPss ? 4 : 1);
    }

    private int BitLength => (int)_modulus.GetBitLength();

    /// <summary>Imports an RSAPublicKey (RFC 8017 §A.1.1).</summary>
    /// <param name="key">The octets.</param>
    /// <param name="only">The RSASSA-PSS scheme that the key is bound to; null for a key of plain RSA.</param>
    public static RsaCertificateKey? Import(ReadOnlySpan<byte> key, SignatureScheme? only)
    {
        var outer = new DerReader(key);
        if (!outer.TryReadSequence(out var numbers) || !outer.IsAtEnd) return null;
        if (!numbers.TryRead(Asn1Tag.Integer, out var modulusOctets) || !numbers.TryRead(Asn1Tag.Integer, out var exponentOctets) || !numbers.IsAtEnd) return null;
        if (modulusOctets.Length > (MaximumBits / 8) + 1 || exponentOctets.Length > 9) return null;
        var modulus = new BigInteger(modulusOctets, isBigEndian: true);
        var exponent = new BigInteger(exponentOctets, isBigEndian: true);
        if (modulus.Sign <= 0 || modulus.IsEven || modulus.GetBitLength() is < 512 or > MaximumBits || exponent < 3 || exponent.IsEven || exponent.GetBitLength() > 64) return null;
        var rsa = RSA.Create();
        try
        {
            rsa.ImportParameters(new() { Modulus = modulus.ToByteArray(isUnsigned: true, isBigEndian: true), Exponent = exponent.ToByteArray(isUnsigned: true, isBigEndian: true) });
            return new(rsa, modulus, exponent, only);
        }
        catch (CryptographicException)
        {
            rsa.Dispose();
            return null;
        }
    }

    /// <summary>Whether everybody can sign with a SubjectPublicKeyInfo's key and read what is encrypted to it: under the exponent 1 a number is its own signature. OpenSSL takes such a key.</summary>
    public static bool IsEverybodys(ReadOnlySpan<byte> publicKey)
    {
        if (!PublicKeyInfo.TryRead(publicKey, out var info) || ObjectIdentifiers.ToText(info.Algorithm) is not ("1.2.840.113549.1.1.1" or "1.2.840.113549.1.1.10")) return false;
        var outer = new DerReader(info.Key);
        return outer.TryReadSequence(out var numbers) && numbers.TryRead(Asn1Tag.Integer, out _) && numbers.TryRead(Asn1Tag.Integer, out var exponent) && (exponent.Length == 0 || (exponent[^1] & 1) == 0 || new BigInteger(exponent, isBigEndian: true) < 3);
    }

    /// <inheritdoc/>
    public override void Dispose() => _rsa.Dispose();

    /// <inheritdoc/>
    public override bool Verify(SignatureScheme scheme, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        // RFC 8017 §8.1.2, §8.2.2: a signature has exactly as many octets as the modulus.
        if (signature.Length != (BitLength + 7) / 8) return false;
        if (scheme.Family is not (SignatureFamily.RsaPkcs1 or SignatureFamily.RsaPss)) return false;
        try
        {
            var hash = CryptographicOperations.HashData(scheme.Hash, data);
            return scheme.Family == SignatureFamily.RsaPss
                ? IsAllowed(scheme) && VerifyPss(hash, scheme, signature)
                : _only is null && _rsa.VerifyHash(hash, signature, scheme.Hash, RSASignaturePadding.Pkcs1);
        }
        catch (Exception refusal) when (refusal is CryptographicException or PlatformNotSupportedException)
        {
            // The library refuses instead of answering: a number out of range, or a digest that the machine forbids.
            return false;
        }
    }

    /// <summary>RFC 4055 §3.3: a key bound to PSS parameters is used with that digest, and with at least that much salt.</summary>
    private bool IsAllowed(SignatureScheme scheme) => _only is not { } only || only.Hash == default || (only.Hash == scheme.Hash && scheme.SaltLength >= only.SaltLength);

    /// <summary>
    /// RSASSA-PSS-VERIFY (RFC 8017 §8.1.2, §9.1.2). .NET's own takes only salt as long as the digest, while OpenSSL's tools by default
    /// write as much salt as fits. Nothing here is secret.
    /// </summary>
    private bool VerifyPss(ReadOnlySpan<byte> hash, SignatureScheme scheme, ReadOnlySpan<byte> signature)
    {
        var number = new BigInteger(signature, isUnsigned: true, isBigEndian: true);
        if (number >= _modulus) return false;
        var encodedBits = BitLength - 1;
        var encoded = new byte[(encodedBits + 7) / 8];
        var opened = BigInteger.ModPow(number, _exponent, _modulus);
        if (opened.GetByteCount(isUnsigned: true) > encoded.Length) return false;
        opened.TryWriteBytes(encoded.AsSpan(encoded.Length - opened.GetByteCount(isUnsigned: true)), out _, isUnsigned: true, isBigEndian: true);

        // §9.1.2: masked block | hash | 0xbc, the unused bits at the left zero.
        var blockLength = encoded.Length - hash.Length - 1;
        if (scheme.SaltLength > blockLength - 1 || encoded[^1] != 0xBC) return false;
        var unused = (encoded.Length * 8) - encodedBits;
        if (encoded[0] >> (8 - unused) != 0) return false;
        var block = encoded.AsSpan(0, blockLength);
        var sealedHash = encoded.AsSpan(blockLength, hash.Length);
        Unmask(block, sealedHash, scheme.Hash);
        block[0] &= (byte)(0xFF >> unused);

        // Zeros, a one, the salt.
        var saltStart = blockLength - scheme.SaltLength;
        if (block[..(saltStart - 1)].ContainsAnyExcept((byte)0) || block[saltStart - 1] != 1) return false;
        var message = new byte[8 + hash.Length + scheme.SaltLength];
        hash.CopyTo(message.AsSpan(8));
        block[saltStart..].CopyTo(message.AsSpan(8 + hash.Length));
        return sealedHash.SequenceEqual(CryptographicOperations.HashData(scheme.Hash, message));
    }

    /// <summary>MGF1 (RFC 8017 §B.2.1), laid over the block.</summary>
    private static void Unmask(Span<byte> block, ReadOnlySpan<byte> seed, HashAlgorithmName hash)
    {
        var input = new byte[seed.Length + 4];
        seed.CopyTo(input);
        for (var at = 0; at < block.Length; at += seed.Length)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(input.AsSpan(seed.Length), at / seed.Length);
            var mask = CryptographicOperations.HashData(hash, input);
            for (var i = 0; i < mask.Length && at + i < block.Length; i++) block[at + i] ^= mask[i];
        }
    }
}
