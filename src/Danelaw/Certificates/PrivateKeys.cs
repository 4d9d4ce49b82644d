using System.Formats.Asn1;
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
    /// <summary>The labels of RFC 7468 §10 and §11.</summary>
    public const string Pkcs8 = "PRIVATE KEY", EncryptedPkcs8 = "ENCRYPTED PRIVATE KEY";

    /// <summary>RFC 8410 §3, RFC 5480 §2.1.1 and RFC 4055 §1.2.</summary>
    private const string Ed25519 = "1.3.101.112", Ed448 = "1.3.101.113", EcPublicKey = "1.2.840.10045.2.1", RsaPss = "1.2.840.113549.1.1.10";

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
                case Pkcs8:
                    return TryGetOfPkcs8(der, out publicKey);
                default:
                    return false;
            }
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException or InvalidOperationException or NotSupportedException or IOException or GeneralSecurityException)
        {
            return false;
        }
    }

    /// <summary>The PEM label of a private key in DER, by its second element.</summary>
    public static string LabelOf(ReadOnlySpan<byte> der)
    {
        var outer = new DerReader(der);
        if (!outer.TryReadSequence(out var parts) || !parts.TryReadAny(out _, out _, out _)) return Pkcs8;
        return parts.Follows(Asn1Tag.Integer) ? "RSA PRIVATE KEY" : parts.Follows(Asn1Tag.PrimitiveOctetString) ? "EC PRIVATE KEY" : Pkcs8;
    }

    private static bool TryGetOfPkcs8(ReadOnlySpan<byte> der, out Octets publicKey)
    {
        publicKey = default;
        var outer = new DerReader(der);
        if (!outer.TryReadSequence(out var parts) || !parts.TryReadAny(out _, out _, out _) || !parts.TryRead(Asn1Tag.Sequence, out var whole, out var content)) return false;
        var identifier = new DerReader(content);
        if (!identifier.TryReadOid(out var algorithm)) return false;
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

        if (identifierText == RsaPss)
        {
            // RFC 4055 §1.2: what the key may be used for stands in its identifier, and so in the certificate's.
            if (!parts.TryRead(Asn1Tag.PrimitiveOctetString, out var inner)) return false;
            using var rsa = RSA.Create();
            rsa.ImportRSAPrivateKey(inner, out _);
            var writer = new AsnWriter(AsnEncodingRules.DER);
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(whole);
                writer.WriteBitString(rsa.ExportRSAPublicKey());
            }

            publicKey = new(writer.Encode());
            return true;
        }

        using AsymmetricAlgorithm pair = identifierText == EcPublicKey ? ECDsa.Create() : RSA.Create();
        pair.ImportPkcs8PrivateKey(der, out _);
        publicKey = new(pair.ExportSubjectPublicKeyInfo());
        return true;
    }
}
