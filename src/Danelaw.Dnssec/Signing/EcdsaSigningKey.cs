using System.Security.Cryptography;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Signing;

/// <summary>ECDSA on P-256 with SHA-256 (13) and on P-384 with SHA-384 (14), RFC 6605.</summary>
internal sealed class EcdsaSigningKey : SigningKey
{
    private readonly ECDsa _ecdsa;

    private EcdsaSigningKey(SecurityAlgorithm algorithm, DnskeyFlags flags, ECDsa ecdsa)
        : base(algorithm, flags, PublicField(ecdsa)) => _ecdsa = ecdsa;

    private EcdsaSigningKey(EcdsaSigningKey other, DnskeyFlags flags)
        : base(other.Algorithm, flags, other.PublicKey.Span) => _ecdsa = other._ecdsa;

    public override int SignatureLength => 2 * EcdsaVerificationKey.CoordinateLength(Algorithm);

    internal static EcdsaSigningKey Generate(SecurityAlgorithm algorithm, DnskeyFlags flags) =>
        new(algorithm, flags, ECDsa.Create(EcdsaVerificationKey.Curve(algorithm)));

    /// <summary>Null when the number is no private key of the curve; the point is computed from it.</summary>
    internal static EcdsaSigningKey? Import(SecurityAlgorithm algorithm, DnskeyFlags flags, ReadOnlySpan<byte> number)
    {
        if (number.Length != EcdsaVerificationKey.CoordinateLength(algorithm)) return null;
        try
        {
            return new EcdsaSigningKey(algorithm, flags, ECDsa.Create(new ECParameters { Curve = EcdsaVerificationKey.Curve(algorithm), D = number.ToArray() }));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    internal override void SignInto(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        Span<byte> buffer = stackalloc byte[SHA384.HashSizeInBytes];
        if (!_ecdsa.TrySignHash(EcdsaVerificationKey.Hash(Algorithm, data, buffer), signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out var written) || written != signature.Length)
            throw new CryptographicException("the library made a signature of another length");
    }

    public override SigningKey WithFlags(DnskeyFlags flags) => new EcdsaSigningKey(this, flags);

    internal string ExportPem() => _ecdsa.ExportPkcs8PrivateKeyPem();

    internal byte[] ExportPrivate() => _ecdsa.ExportParameters(includePrivateParameters: true).D!;

    private static byte[] PublicField(ECDsa ecdsa)
    {
        // RFC 6605 §4: x | y, each padded to the size of a coordinate, as .NET hands them out.
        var point = ecdsa.ExportParameters(includePrivateParameters: false).Q;
        return [.. point.X!, .. point.Y!];
    }
}
