using System.Formats.Asn1;
using System.Security.Cryptography;
using Danelaw.Dns;
using Org.BouncyCastle.Crypto.Parameters;

namespace Danelaw.Certificates;

/// <summary>The public half of private keys: RSA, the curves that .NET knows, Ed25519 and Ed448.</summary>
internal static class PrivateKeys
{
    /// <summary>The labels of RFC 7468 §10 and §11.</summary>
    public const string Pkcs8 = "PRIVATE KEY", EncryptedPkcs8 = "ENCRYPTED PRIVATE KEY";

    /// <summary>Octets of the longest key that is looked at: an RSA key of 16384 bits, which is the largest that OpenSSL uses, has 9.3 KiB. To check one costs as much as its maker likes.</summary>
    private const int MaximumLength = 32 << 10;

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
        if (der.Length > MaximumLength) return false;
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
                    if (!NamesItsCurve(der)) return false;
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
        catch (Exception failure) when (failure is CryptographicException or ArgumentException or InvalidOperationException or NotSupportedException)
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
            // RFC 8410 §3 and §7: no parameters, and the key as an OCTET STRING within the OCTET STRING.
            if (!identifier.IsAtEnd || !parts.TryRead(Asn1Tag.PrimitiveOctetString, out var wrapped)) return false;
            var wrapping = new DerReader(wrapped);
            if (!wrapping.TryRead(Asn1Tag.PrimitiveOctetString, out var secret) || !wrapping.IsAtEnd || !TryGetOfEdwards(identifierText == Ed448, secret, out var half)) return false;
            publicKey = Info(whole, half);
            return true;
        }

        if (identifierText == RsaPss)
        {
            // RFC 4055 §1.2: what the key may be used for stands in its identifier, and so in the certificate's.
            if (!parts.TryRead(Asn1Tag.PrimitiveOctetString, out var inner)) return false;
            using var rsa = RSA.Create();
            rsa.ImportRSAPrivateKey(inner, out _);
            publicKey = Info(whole, rsa.ExportRSAPublicKey());
            return true;
        }

        // RFC 5480 §2.1.1: a certificate names its curve. One that is written out has several spellings, and so several digests.
        if (identifierText == EcPublicKey && !(identifier.TryReadOid(out _) && identifier.IsAtEnd)) return false;
        using AsymmetricAlgorithm pair = identifierText == EcPublicKey ? ECDsa.Create() : RSA.Create();
        pair.ImportPkcs8PrivateKey(der, out _);
        publicKey = new(pair.ExportSubjectPublicKeyInfo());
        return true;
    }

    /// <summary>Whether an ECPrivateKey (RFC 5915 §3) has its curve by name.</summary>
    private static bool NamesItsCurve(ReadOnlySpan<byte> der)
    {
        var outer = new DerReader(der);
        return outer.TryReadSequence(out var parts) && parts.TryRead(Asn1Tag.Integer, out _) && parts.TryRead(Asn1Tag.PrimitiveOctetString, out _)
            && parts.TryReadInside(new(TagClass.ContextSpecific, 0, isConstructed: true), out var parameters) && parameters.TryReadOid(out _) && parameters.IsAtEnd;
    }

    private static bool TryGetOfEdwards(bool isEd448, ReadOnlySpan<byte> secret, out byte[] publicKey)
    {
        publicKey = [];
        if (secret.Length != (isEd448 ? Ed448PrivateKeyParameters.KeySize : Ed25519PrivateKeyParameters.KeySize)) return false;
        var copy = secret.ToArray();
        publicKey = isEd448 ? new Ed448PrivateKeyParameters(copy).GeneratePublicKey().GetEncoded() : new Ed25519PrivateKeyParameters(copy).GeneratePublicKey().GetEncoded();
        CryptographicOperations.ZeroMemory(copy);
        return true;
    }

    /// <summary>A SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) of an AlgorithmIdentifier as it stands, and a key.</summary>
    private static Octets Info(ReadOnlySpan<byte> algorithm, ReadOnlySpan<byte> key)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(algorithm);
            writer.WriteBitString(key);
        }

        return new(writer.Encode());
    }
}
