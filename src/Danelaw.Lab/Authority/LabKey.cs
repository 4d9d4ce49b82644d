using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Danelaw.Lab.Authority;

/// <summary>A private key of the lab's, for certificates and handshakes. Immutable; worth nothing outside.</summary>
internal sealed class LabKey
{
    private readonly byte[]? _ed25519;

    private LabKey(LabKeyKind kind, AsymmetricAlgorithm? algorithm, byte[]? ed25519)
    {
        Kind = kind;
        Algorithm = algorithm;
        _ed25519 = ed25519;
    }

    internal LabKeyKind Kind { get; }

    /// <summary>RSA or ECDsa; null for Ed25519, which .NET 10 does not have.</summary>
    internal AsymmetricAlgorithm? Algorithm { get; }

    internal static LabKey Generate(LabKeyKind kind) => kind switch
    {
        LabKeyKind.P256 => new(kind, ECDsa.Create(ECCurve.NamedCurves.nistP256), null),
        LabKeyKind.P384 => new(kind, ECDsa.Create(ECCurve.NamedCurves.nistP384), null),
        LabKeyKind.Rsa2048 => new(kind, GenerateRsa(), null),
        LabKeyKind.Ed25519 => new(kind, null, RandomNumberGenerator.GetBytes(Ed25519.SecretKeySize)),
    };

    /// <summary>Signs octets: Ed25519 as it is, RSA by the padding given, ECDSA in DER as TLS and X.509 want it.</summary>
    internal byte[] Sign(ReadOnlySpan<byte> data, HashAlgorithmName hash, RSASignaturePadding padding) => Algorithm switch
    {
        RSA rsa => rsa.SignData(data, hash, padding),
        ECDsa ecdsa => ecdsa.SignData(data, hash, DSASignatureFormat.Rfc3279DerSequence),
        _ => SignEd25519(data.ToArray()),
    };

    internal X509SignatureGenerator ToGenerator() => Algorithm switch
    {
        RSA rsa => X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1),
        ECDsa ecdsa => X509SignatureGenerator.CreateForECDsa(ecdsa),
        _ => new Ed25519SignatureGenerator(this),
    };

    internal CertificateRequest ToRequest(X500DistinguishedName subject)
    {
        // RFC 5480 §4 and the CA/Browser Forum pair P-384 with SHA-384.
        var hash = Kind == LabKeyKind.P384 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;
        return Algorithm switch
        {
            RSA rsa => new CertificateRequest(subject, rsa, hash, RSASignaturePadding.Pkcs1),
            ECDsa ecdsa => new CertificateRequest(subject, ecdsa, hash),
            _ => new CertificateRequest(subject, ToGenerator().PublicKey, hash),
        };
    }

    /// <summary>PKCS #8 in PEM, for the files of a written lab.</summary>
    internal string ToPem()
    {
        if (Algorithm is not null) return Algorithm.ExportPkcs8PrivateKeyPem() + "\n";
        // RFC 8410 §7: version 0, the algorithm, and the seed as an OCTET STRING within an OCTET STRING.
        byte[] pkcs8 = [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20, .. _ed25519!];
        return PemEncoding.WriteString("PRIVATE KEY", pkcs8) + "\n";
    }

    internal byte[] Ed25519PublicKey()
    {
        if (_ed25519 is null) throw new UnreachableException("only Ed25519 keys are asked for this");
        var publicKey = new byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(_ed25519, 0, publicKey, 0);
        return publicKey;
    }

    private byte[] SignEd25519(byte[] data)
    {
        var signature = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(_ed25519!, 0, data, 0, data.Length, signature, 0);
        return signature;
    }

    // .NET makes the numbers at first use; that is to happen here, where keys are made side by side.
    private static RSA GenerateRsa()
    {
        var rsa = RSA.Create(2048);
        rsa.ExportParameters(includePrivateParameters: false);
        return rsa;
    }
}
