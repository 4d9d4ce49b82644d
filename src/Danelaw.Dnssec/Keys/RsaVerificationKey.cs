using System.Security.Cryptography;

namespace Danelaw.Dnssec.Keys;

/// <summary>RSA with PKCS #1 v1.5 padding: algorithms 5, 7 (SHA-1), 8 (SHA-256) and 10 (SHA-512); by libcrypto itself where it is to be had, otherwise by .NET.</summary>
internal abstract class RsaVerificationKey : VerificationKey
{
    private readonly int _signatureLength;

    private RsaVerificationKey(SecurityAlgorithm algorithm, int signatureLength)
        : base(algorithm) => _signatureLength = signatureLength;

    internal static RsaVerificationKey? Import(SecurityAlgorithm algorithm, ReadOnlySpan<byte> field) =>
        ImportQuickly(algorithm, field) ?? ImportOrdinarily(algorithm, field);

    /// <summary>By libcrypto. Null also for what is no key.</summary>
    internal static RsaVerificationKey? ImportQuickly(SecurityAlgorithm algorithm, ReadOnlySpan<byte> field) =>
        OperatingSystem.IsLinux() && TryRead(algorithm, field, out var exponent, out var modulus) && OpenSslKeys.MakeRsa(modulus, exponent, RsaHash.CName(algorithm)) is { } key
            ? new Quick(algorithm, key, modulus.Length)
            : null;

    /// <summary>By .NET, on every system.</summary>
    internal static RsaVerificationKey? ImportOrdinarily(SecurityAlgorithm algorithm, ReadOnlySpan<byte> field)
    {
        if (!TryRead(algorithm, field, out var exponent, out var modulus)) return null;
        var rsa = RSA.Create();
        try
        {
            rsa.ImportParameters(new RSAParameters { Exponent = exponent.ToArray(), Modulus = modulus.ToArray() });
            return new Ordinary(algorithm, rsa, modulus.Length);
        }
        catch (CryptographicException)
        {
            rsa.Dispose();
            return null;
        }
    }

    public sealed override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        // RFC 8017 §8.2.2: a signature has exactly as many octets as the modulus.
        if (signature.Length != _signatureLength) return false;

        Span<byte> buffer = stackalloc byte[SHA512.HashSizeInBytes];
        return VerifyHash(RsaHash.Compute(Algorithm, data, buffer, out var name), name, signature);
    }

    /// <summary>The signature has the right length.</summary>
    private protected abstract bool VerifyHash(ReadOnlySpan<byte> hash, HashAlgorithmName name, ReadOnlySpan<byte> signature);

    private static bool TryRead(SecurityAlgorithm algorithm, ReadOnlySpan<byte> field, out ReadOnlySpan<byte> exponent, out ReadOnlySpan<byte> modulus) =>
        RsaPublicKeyFormat.TryRead(field, out exponent, out modulus)
        // RFC 5702 §2.2: RSA/SHA-512 keys have at least 1024 bits.
        && (algorithm != SecurityAlgorithm.RsaSha512 || RsaPublicKeyFormat.BitLength(modulus) >= 1024);

    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private sealed class Quick(SecurityAlgorithm algorithm, OpenSslPublicKey key, int signatureLength) : RsaVerificationKey(algorithm, signatureLength)
    {
        private protected override bool VerifyHash(ReadOnlySpan<byte> hash, HashAlgorithmName name, ReadOnlySpan<byte> signature) => key.Verify(hash, signature);
    }

    private sealed class Ordinary(SecurityAlgorithm algorithm, RSA key, int signatureLength) : RsaVerificationKey(algorithm, signatureLength)
    {
        private protected override bool VerifyHash(ReadOnlySpan<byte> hash, HashAlgorithmName name, ReadOnlySpan<byte> signature)
        {
            try
            {
                return key.VerifyHash(hash, signature, name, RSASignaturePadding.Pkcs1);
            }
            catch (CryptographicException)
            {
                // The library refuses instead of answering: a number out of range, or SHA-1 forbidden by the machine's policy.
                return false;
            }
        }
    }
}
