using System.Security.Cryptography;

namespace Danelaw.Dnssec.Keys;

/// <summary>ECDSA on P-256 with SHA-256 (13) and on P-384 with SHA-384 (14), RFC 6605: by libcrypto itself where it is to be had, otherwise by .NET.</summary>
internal abstract class EcdsaVerificationKey : VerificationKey
{
    private EcdsaVerificationKey(SecurityAlgorithm algorithm)
        : base(algorithm)
    {
    }

    /// <summary>Octets of one coordinate, and of r and of s.</summary>
    internal static int CoordinateLength(SecurityAlgorithm algorithm) => algorithm == SecurityAlgorithm.EcdsaP256Sha256 ? 32 : 48;

    internal static ECCurve Curve(SecurityAlgorithm algorithm) =>
        algorithm == SecurityAlgorithm.EcdsaP256Sha256 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384;

    internal static ReadOnlySpan<byte> Hash(SecurityAlgorithm algorithm, ReadOnlySpan<byte> data, Span<byte> buffer) =>
        buffer[..(algorithm == SecurityAlgorithm.EcdsaP256Sha256 ? SHA256.HashData(data, buffer) : SHA384.HashData(data, buffer))];

    internal static EcdsaVerificationKey? Import(SecurityAlgorithm algorithm, ReadOnlySpan<byte> field) =>
        // What the quick way refuses is looked at once more by the other, which also serves where there is no quick way.
        ImportQuickly(algorithm, field) ?? ImportOrdinarily(algorithm, field);

    /// <summary>By libcrypto. Null also for what is no key.</summary>
    internal static EcdsaVerificationKey? ImportQuickly(SecurityAlgorithm algorithm, ReadOnlySpan<byte> field)
    {
        // RFC 6605 §4: the uncompressed point x | y, without the leading 0x04.
        if (!OperatingSystem.IsLinux() || field.Length != 2 * CoordinateLength(algorithm)) return null;

        // SEC 1 §2.3.3: 0x04 says that the point is uncompressed.
        Span<byte> point = stackalloc byte[1 + field.Length];
        point[0] = 0x04;
        field.CopyTo(point[1..]);
        return OpenSslKeys.MakePoint(algorithm, point) is { } key ? new Quick(algorithm, key) : null;
    }

    /// <summary>By .NET, on every system.</summary>
    internal static EcdsaVerificationKey? ImportOrdinarily(SecurityAlgorithm algorithm, ReadOnlySpan<byte> field)
    {
        var length = CoordinateLength(algorithm);
        if (field.Length != 2 * length) return null;
        try
        {
            var point = new ECPoint { X = field[..length].ToArray(), Y = field[length..].ToArray() };
            return new Ordinary(algorithm, ECDsa.Create(new ECParameters { Curve = Curve(algorithm), Q = point }));
        }
        catch (CryptographicException)
        {
            // The point is not on the curve, or a coordinate is not below the field's prime.
            return null;
        }
    }

    public sealed override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        // RFC 6605 §4: r | s, each padded to the size of a coordinate.
        if (signature.Length != 2 * CoordinateLength(Algorithm)) return false;

        Span<byte> buffer = stackalloc byte[SHA384.HashSizeInBytes];
        return VerifyHash(Hash(Algorithm, data, buffer), signature);
    }

    /// <summary>The signature has the right length.</summary>
    private protected abstract bool VerifyHash(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature);

    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private sealed class Quick(SecurityAlgorithm algorithm, OpenSslPublicKey key) : EcdsaVerificationKey(algorithm)
    {
        private protected override bool VerifyHash(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
        {
            Span<byte> encoded = stackalloc byte[EcdsaSignatureForm.MaximumLength];
            return key.Verify(hash, encoded[..EcdsaSignatureForm.Write(signature, encoded)]);
        }
    }

    private sealed class Ordinary(SecurityAlgorithm algorithm, ECDsa key) : EcdsaVerificationKey(algorithm)
    {
        private protected override bool VerifyHash(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
        {
            try
            {
                return key.VerifyHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            }
            catch (CryptographicException)
            {
                return false;
            }
        }
    }
}
