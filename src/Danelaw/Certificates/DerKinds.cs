using System.Formats.Asn1;

namespace Danelaw.Certificates;

/// <summary>Recognises what people hand over in place of a certificate, so that they can be told. Only the outline is looked at; nothing of the content is told.</summary>
internal static class DerKinds
{
    public const string PrivateKey = "a private key";
    public const string EncryptedPrivateKey = "an encrypted private key";
    public const string Request = "a certificate request";
    private const string Pkcs7 = "a PKCS #7 bundle";
    public const string Pkcs12 = "a PKCS #12 bundle";

    /// <summary>What DER octets are; null when they are nothing that is known.</summary>
    public static string? Recognise(ReadOnlySpan<byte> octets)
    {
        // A PFX of version 3, of which nobody says how long it is: BER, which RFC 7292 allows and old programs write.
        if (octets.StartsWith((ReadOnlySpan<byte>)[0x30, 0x80, 0x02, 0x01, 0x03, 0x30])) return Pkcs12;
        var outer = new DerReader(octets);
        if (!outer.TryReadSequence(out var parts) || !parts.TryReadAny(out var firstTag, out _, out var first) || !parts.TryReadAny(out var secondTag, out _, out _)) return null;
        if (firstTag == Asn1Tag.ObjectIdentifier) return Pkcs7;
        if (firstTag == Asn1Tag.Integer)
        {
            // PFX begins with version 3; PKCS #8, RSA, EC and DSA private keys with 0, 1 or 2.
            if (first is [3] && secondTag == Asn1Tag.Sequence) return Pkcs12;
            return first is [<= 2] ? PrivateKey : null;
        }

        if (firstTag != Asn1Tag.Sequence) return null;
        if (secondTag == Asn1Tag.PrimitiveOctetString) return EncryptedPrivateKey;
        return secondTag == Asn1Tag.Sequence && new DerReader(first).Follows(Asn1Tag.Integer) ? Request : null;
    }

    /// <summary>What a PEM block is, by its label.</summary>
    public static string OfPem(PemBlock block) => block.Label switch
    {
        "ENCRYPTED PRIVATE KEY" => EncryptedPrivateKey,
        _ when block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal) => block.IsEncrypted ? EncryptedPrivateKey : PrivateKey,
        "CERTIFICATE REQUEST" or "NEW CERTIFICATE REQUEST" => Request,
        "PKCS7" or "CMS" => Pkcs7,
        "PKCS12" => Pkcs12,
        "X509 CRL" => "a revocation list",
        "RSA PUBLIC KEY" => "a bare RSA public key (openssl rsa -RSAPublicKey_in -pubout makes it a PUBLIC KEY)",
        "DH PARAMETERS" or "EC PARAMETERS" => "parameters only",
        _ => "something else",
    };
}
