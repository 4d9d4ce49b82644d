using System.Security.Cryptography;
using Danelaw.Certificates;
using Org.BouncyCastle.Tls;
using HouseScheme = Danelaw.Certificates.SignatureScheme;
using TlsScheme = Org.BouncyCastle.Tls.SignatureScheme;

namespace Danelaw.Probes.SecondProber;

/// <summary>
/// Which signature schemes are offered (RFC 8446 §4.2.3): by them a server chooses which of its certificates it shows. MD5 and SHA-1 are not among those
/// that may prove a key (RFC 9155).
/// </summary>
internal static class SignatureOffers
{
    private const string RsaEncryption = "1.2.840.113549.1.1.1";
    private const string RsaPss = "1.2.840.113549.1.1.10";
    private const string EcPublicKey = "1.2.840.10045.2.1";
    private const string Ed25519 = "1.3.101.112";
    private const string Ed448 = "1.3.101.113";

    private static readonly int[] Rsa =
    [
        TlsScheme.rsa_pss_rsae_sha256, TlsScheme.rsa_pss_rsae_sha384, TlsScheme.rsa_pss_rsae_sha512,
        TlsScheme.rsa_pss_pss_sha256, TlsScheme.rsa_pss_pss_sha384, TlsScheme.rsa_pss_pss_sha512,
        TlsScheme.rsa_pkcs1_sha256, TlsScheme.rsa_pkcs1_sha384, TlsScheme.rsa_pkcs1_sha512,
    ];

    private static readonly int[] Ecdsa = [TlsScheme.ecdsa_secp256r1_sha256, TlsScheme.ecdsa_secp384r1_sha384, TlsScheme.ecdsa_secp521r1_sha512];

    private static readonly int[] Eddsa = [TlsScheme.ed25519, TlsScheme.ed448];

    /// <summary>What may prove the key of one kind.</summary>
    internal static IList<SignatureAndHashAlgorithm> For(KeyAlgorithm algorithm) => ToWire(algorithm switch
    {
        KeyAlgorithm.Any => [.. Ecdsa, .. Eddsa, .. Rsa],
        KeyAlgorithm.Rsa => Rsa,
        KeyAlgorithm.Ecdsa => Ecdsa,
        KeyAlgorithm.Eddsa => Eddsa,
    });

    /// <summary>What may sign the certificates, old schemes too: a strict server withholds an ECDSA certificate that an RSA authority has signed from whoever does not say that he takes it. Whether such a signature counts is judged elsewhere.</summary>
    internal static IList<SignatureAndHashAlgorithm> ForCertificates { get; } = ToWire([.. Ecdsa, .. Eddsa, .. Rsa, TlsScheme.ecdsa_sha1, TlsScheme.rsa_pkcs1_sha1]);

    /// <summary>What a scheme demands of the key, in the words of those who verify.</summary>
    /// <param name="scheme">The number on the wire.</param>
    /// <param name="isTls13">TLS 1.3 has no PKCS #1 v1.5 here, and binds each scheme of ECDSA to a curve (RFC 8446 §4.2.3); TLS 1.2 says only the digest.</param>
    /// <param name="key">The SubjectPublicKeyInfo.</param>
    /// <param name="signature">How to verify.</param>
    /// <returns>False when a signature of that scheme cannot be this key's.</returns>
    internal static bool TryFit(int scheme, bool isTls13, ReadOnlySpan<byte> key, out HouseScheme signature)
    {
        signature = default;
        if (!PublicKeyInfo.TryRead(key, out var info)) return false;
        var (family, hash, saltLength, curve) = scheme switch
        {
            TlsScheme.rsa_pkcs1_sha256 when !isTls13 => (SignatureFamily.RsaPkcs1, HashAlgorithmName.SHA256, 0, ""),
            TlsScheme.rsa_pkcs1_sha384 when !isTls13 => (SignatureFamily.RsaPkcs1, HashAlgorithmName.SHA384, 0, ""),
            TlsScheme.rsa_pkcs1_sha512 when !isTls13 => (SignatureFamily.RsaPkcs1, HashAlgorithmName.SHA512, 0, ""),

            // The salt is as long as the digest.
            TlsScheme.rsa_pss_rsae_sha256 or TlsScheme.rsa_pss_pss_sha256 => (SignatureFamily.RsaPss, HashAlgorithmName.SHA256, 32, ""),
            TlsScheme.rsa_pss_rsae_sha384 or TlsScheme.rsa_pss_pss_sha384 => (SignatureFamily.RsaPss, HashAlgorithmName.SHA384, 48, ""),
            TlsScheme.rsa_pss_rsae_sha512 or TlsScheme.rsa_pss_pss_sha512 => (SignatureFamily.RsaPss, HashAlgorithmName.SHA512, 64, ""),
            TlsScheme.ecdsa_secp256r1_sha256 => (SignatureFamily.Ecdsa, HashAlgorithmName.SHA256, 0, "1.2.840.10045.3.1.7"),
            TlsScheme.ecdsa_secp384r1_sha384 => (SignatureFamily.Ecdsa, HashAlgorithmName.SHA384, 0, "1.3.132.0.34"),
            TlsScheme.ecdsa_secp521r1_sha512 => (SignatureFamily.Ecdsa, HashAlgorithmName.SHA512, 0, "1.3.132.0.35"),
            TlsScheme.ed25519 => (SignatureFamily.Ed25519, default(HashAlgorithmName), 0, ""),
            TlsScheme.ed448 => (SignatureFamily.Ed448, default, 0, ""),
            _ => default,
        };
        signature = new(family, hash, saltLength);
        var algorithm = ObjectIdentifiers.ToText(info.Algorithm);
        return family switch
        {
            SignatureFamily.Unknown => false,
            SignatureFamily.RsaPkcs1 => algorithm == RsaEncryption,
            SignatureFamily.RsaPss => algorithm == (scheme is TlsScheme.rsa_pss_pss_sha256 or TlsScheme.rsa_pss_pss_sha384 or TlsScheme.rsa_pss_pss_sha512 ? RsaPss : RsaEncryption),
            SignatureFamily.Ecdsa => algorithm == EcPublicKey && (!isTls13 || IsOn(curve, info.Parameters)),
            SignatureFamily.Ed25519 => algorithm == Ed25519,
            SignatureFamily.Ed448 => algorithm == Ed448,
        };
    }

    private static bool IsOn(string curve, ReadOnlySpan<byte> parameters)
    {
        var reader = new DerReader(parameters);
        return reader.TryReadOid(out var named) && reader.IsAtEnd && ObjectIdentifiers.ToText(named) == curve;
    }

    private static SignatureAndHashAlgorithm[] ToWire(int[] schemes) => [.. schemes.Select(TlsScheme.GetSignatureAndHashAlgorithm)];
}
