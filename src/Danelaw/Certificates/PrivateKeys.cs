using System.Security.Cryptography;
using Danelaw.Dns;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Danelaw.Certificates;

/// <summary>The public half of private keys: RSA, the curves that .NET knows, Ed25519 and Ed448.</summary>
internal static class PrivateKeys
{
    /// <summary>RFC 8410 §3 and RFC 5480 §2.1.1.</summary>
    private const string Ed25519 = "1.3.101.112", Ed448 = "1.3.101.113", EcPublicKey = "1.2.840.10045.2.1";

    /// <summary>Computes the SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) that belongs to a private key.</summary>
    /// <param name="label">The PEM label: <c>PRIVATE KEY</c> (PKCS #8, RFC 5958), <c>RSA PRIVATE KEY</c> (RFC 8017) or <c>EC PRIVATE KEY</c> (RFC 5915).</param>
    /// <param name="der">The key.</param>
    /// <param name="publicKey">The public key in DER; nothing on failure.</param>
    /// <returns>False when the key cannot be read, or is of another kind.</returns>
    public static bool TryGetPublicKey(string label, ReadOnlySpan<byte> der, out Octets publicKey)
    {
        publicKey = default;
        try
        {
            switch (label)
            {
                case "RSA PRIVATE KEY":
                    using (var rsa = RSA.Create())
                    {
                        rsa.ImportRSAPrivateKey(der, out _);
                        publicKey = new(rsa.ExportSubjectPublicKeyInfo());
                    }

                    return true;
                case "EC PRIVATE KEY":
                    using (var ecdsa = ECDsa.Create())
                    {
                        ecdsa.ImportECPrivateKey(der, out _);
                        publicKey = new(ecdsa.ExportSubjectPublicKeyInfo());
                    }

                    return true;
                case "PRIVATE KEY":
                    return TryGetOfPkcs8(der, out publicKey);
                default:
                    return false;
            }
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException or InvalidOperationException or IOException or GeneralSecurityException)
        {
            return false;
        }
    }

    private static bool TryGetOfPkcs8(ReadOnlySpan<byte> der, out Octets publicKey)
    {
        publicKey = default;
        var outer = new DerReader(der);
        if (!outer.TryReadSequence(out var parts) || !parts.TryReadAny(out _, out _, out _) || !parts.TryReadSequence(out var identifier) || !identifier.TryReadOid(out var algorithm)) return false;
        var identifierText = ObjectIdentifiers.ToText(algorithm);
        if (identifierText is Ed25519 or Ed448)
        {
            var copy = der.ToArray();
            var key = PrivateKeyFactory.CreateKey(PrivateKeyInfo.GetInstance(copy));
            CryptographicOperations.ZeroMemory(copy);
            Org.BouncyCastle.Crypto.AsymmetricKeyParameter? half = key switch
            {
                Ed25519PrivateKeyParameters ed25519 => ed25519.GeneratePublicKey(),
                Ed448PrivateKeyParameters ed448 => ed448.GeneratePublicKey(),
                _ => null,
            };
            if (half is null) return false;
            publicKey = new(SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(half).GetDerEncoded());
            return true;
        }

        using AsymmetricAlgorithm pair = identifierText == EcPublicKey ? ECDsa.Create() : RSA.Create();
        pair.ImportPkcs8PrivateKey(der, out _);
        publicKey = new(pair.ExportSubjectPublicKeyInfo());
        return true;
    }
}
