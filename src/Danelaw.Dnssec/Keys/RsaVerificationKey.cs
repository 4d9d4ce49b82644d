using System.Security.Cryptography;

namespace Danelaw.Dnssec.Keys;

/// <summary>RSA with PKCS #1 v1.5 padding: algorithms 5, 7 (SHA-1), 8 (SHA-256) and 10 (SHA-512).</summary>
internal sealed class RsaVerificationKey : VerificationKey
{
    private readonly RSA _rsa;
    private readonly int _signatureLength;

    private RsaVerificationKey(SecurityAlgorithm algorithm, RSA rsa, int signatureLength)
        : base(algorithm)
    {
        _rsa = rsa;
        _signatureLength = signatureLength;
    }

    internal static RsaVerificationKey? Import(SecurityAlgorithm algorithm, ReadOnlySpan<byte> field)
    {
        if (!RsaPublicKeyFormat.TryRead(field, out var exponent, out var modulus)) return null;

        // RFC 5702 §2.2: RSA/SHA-512 keys have at least 1024 bits.
        if (algorithm == SecurityAlgorithm.RsaSha512 && RsaPublicKeyFormat.BitLength(modulus) < 1024) return null;

        if (OperatingSystem.IsLinux())
        {
            using var handle = OpenSslPublicKey.MakeRsa(modulus, exponent);
            if (handle is not null) return new RsaVerificationKey(algorithm, new RSAOpenSsl(handle), modulus.Length);
        }

        var rsa = RSA.Create();
        try
        {
            rsa.ImportParameters(new RSAParameters { Exponent = exponent.ToArray(), Modulus = modulus.ToArray() });
            return new RsaVerificationKey(algorithm, rsa, modulus.Length);
        }
        catch (CryptographicException)
        {
            rsa.Dispose();
            return null;
        }
    }

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        // RFC 8017 §8.2.2: a signature has exactly as many octets as the modulus.
        if (signature.Length != _signatureLength) return false;

        Span<byte> buffer = stackalloc byte[SHA512.HashSizeInBytes];
        var hash = RsaHash.Compute(Algorithm, data, buffer, out var hashName);
        try
        {
            return _rsa.VerifyHash(hash, signature, hashName, RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            // The library refuses instead of answering: a number out of range, or SHA-1 forbidden by the machine's policy.
            return false;
        }
    }
}
