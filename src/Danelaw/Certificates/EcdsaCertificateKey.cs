using System.Security.Cryptography;

namespace Danelaw.Certificates;

/// <summary>An elliptic curve key for ECDSA (RFC 5480), on a named curve.</summary>
internal sealed class EcdsaCertificateKey : CertificateKey
{
    private readonly ECDsa _ecdsa;

    private readonly int _length;

    private EcdsaCertificateKey(ECDsa ecdsa, int length) => (_ecdsa, _length) = (ecdsa, length);

    /// <inheritdoc/>
    public override int CostOf(SignatureScheme scheme) => 10 * _length * _length * _length / (32 * 32 * 32);

    /// <summary>Imports a point.</summary>
    /// <param name="parameters">The curve. RFC 5480 §2.1.1: it is named; one that is spelt out could be another curve than it seems (CVE-2020-0601).</param>
    /// <param name="point">The point, not compressed.</param>
    public static EcdsaCertificateKey? Import(ReadOnlySpan<byte> parameters, ReadOnlySpan<byte> point)
    {
        var reader = new DerReader(parameters);
        if (!reader.TryReadOid(out var oid) || !reader.IsAtEnd) return null;
        var curve = ObjectIdentifiers.ToText(oid);
        var length = CoordinateLength(curve);
        if (length == 0 || point.Length != (2 * length) + 1 || point[0] != 4) return null;
        try
        {
            return new(ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.CreateFromValue(curve),
                Q = new() { X = point.Slice(1, length).ToArray(), Y = point[(1 + length)..].ToArray() },
            }), length);
        }
        catch (Exception refusal) when (refusal is CryptographicException or PlatformNotSupportedException)
        {
            // The point is not on the curve, or the platform does not have the curve.
            return null;
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _ecdsa.Dispose();

    /// <inheritdoc/>
    public override bool Verify(SignatureScheme scheme, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (scheme.Family != SignatureFamily.Ecdsa) return false;
        try
        {
            return _ecdsa.VerifyHash(CryptographicOperations.HashData(scheme.Hash, data), signature, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception refusal) when (refusal is CryptographicException or PlatformNotSupportedException)
        {
            // The library refuses instead of answering: no two numbers in DER, or a digest that the machine forbids.
            return false;
        }
    }

    /// <summary>Octets of a coordinate; 0 for curves that are not looked at: unknown ones, and those below 224 bits.</summary>
    private static int CoordinateLength(string curve) => curve switch
    {
        "1.3.132.0.33" => 28, // P-224
        "1.2.840.10045.3.1.7" or "1.3.132.0.10" or "1.3.36.3.3.2.8.1.1.7" => 32, // P-256, secp256k1, brainpoolP256r1
        "1.3.132.0.34" or "1.3.36.3.3.2.8.1.1.11" => 48, // P-384, brainpoolP384r1
        "1.3.36.3.3.2.8.1.1.9" => 40, // brainpoolP320r1
        "1.3.132.0.35" => 66, // P-521
        "1.3.36.3.3.2.8.1.1.13" => 64, // brainpoolP512r1
        _ => 0,
    };
}
