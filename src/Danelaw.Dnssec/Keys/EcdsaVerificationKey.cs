using System.Security.Cryptography;

namespace Danelaw.Dnssec.Keys;

/// <summary>ECDSA on P-256 with SHA-256 (13) and on P-384 with SHA-384 (14), RFC 6605.</summary>
internal sealed class EcdsaVerificationKey : VerificationKey
{
    private readonly ECDsa _ecdsa;

    private EcdsaVerificationKey(SecurityAlgorithm algorithm, ECDsa ecdsa)
        : base(algorithm) => _ecdsa = ecdsa;

    /// <summary>Octets of one coordinate, and of r and of s.</summary>
    internal static int CoordinateLength(SecurityAlgorithm algorithm) => algorithm == SecurityAlgorithm.EcdsaP256Sha256 ? 32 : 48;

    internal static ECCurve Curve(SecurityAlgorithm algorithm) =>
        algorithm == SecurityAlgorithm.EcdsaP256Sha256 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384;

    internal static ReadOnlySpan<byte> Hash(SecurityAlgorithm algorithm, ReadOnlySpan<byte> data, Span<byte> buffer) =>
        buffer[..(algorithm == SecurityAlgorithm.EcdsaP256Sha256 ? SHA256.HashData(data, buffer) : SHA384.HashData(data, buffer))];

    internal static EcdsaVerificationKey? Import(SecurityAlgorithm algorithm, ReadOnlySpan<byte> field)
    {
        // RFC 6605 §4: the uncompressed point x | y, without the leading 0x04.
        var length = CoordinateLength(algorithm);
        if (field.Length != 2 * length) return null;

        if (ImportQuickly(algorithm, field) is { } quick) return new EcdsaVerificationKey(algorithm, quick);
        try
        {
            var point = new ECPoint { X = field[..length].ToArray(), Y = field[length..].ToArray() };
            return new EcdsaVerificationKey(algorithm, ECDsa.Create(new ECParameters { Curve = Curve(algorithm), Q = point }));
        }
        catch (CryptographicException)
        {
            // The point is not on the curve, or a coordinate is not below the field's prime.
            return null;
        }
    }

    /// <summary>Null also for what is no key: the ordinary import then says so.</summary>
    private static ECDsaOpenSsl? ImportQuickly(SecurityAlgorithm algorithm, ReadOnlySpan<byte> field)
    {
        if (!OperatingSystem.IsLinux()) return null;

        // SEC 1 §2.3.3: 0x04 says that the point is uncompressed.
        Span<byte> point = stackalloc byte[1 + field.Length];
        point[0] = 0x04;
        field.CopyTo(point[1..]);
        using var handle = OpenSslPublicKey.MakePoint(algorithm == SecurityAlgorithm.EcdsaP256Sha256 ? "P-256\0"u8 : "P-384\0"u8, point);
        return handle is null ? null : new ECDsaOpenSsl(handle);
    }

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        // RFC 6605 §4: r | s, each padded to the size of a coordinate.
        if (signature.Length != 2 * CoordinateLength(Algorithm)) return false;

        Span<byte> buffer = stackalloc byte[SHA384.HashSizeInBytes];
        try
        {
            return _ecdsa.VerifyHash(Hash(Algorithm, data, buffer), signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
