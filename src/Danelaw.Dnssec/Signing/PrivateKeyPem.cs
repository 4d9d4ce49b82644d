using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Signing;

/// <summary>Private keys as OpenSSL and most others keep them: PKCS #8 (RFC 5958) in PEM; Ed25519 and Ed448 as RFC 8410 has them.</summary>
public static class PrivateKeyPem
{
    private const string Label = "PRIVATE KEY";
    private const string RsaOid = "1.2.840.113549.1.1.1";
    private const string EllipticCurveOid = "1.2.840.10045.2.1";
    private const string P256Oid = "1.2.840.10045.3.1.7";
    private const string P384Oid = "1.3.132.0.34";
    private const string Ed25519Oid = "1.3.101.112";
    private const string Ed448Oid = "1.3.101.113";

    /// <summary>Whether the text is PEM rather than another form of key.</summary>
    /// <param name="text">The whole file.</param>
    public static bool IsPem(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains("-----BEGIN ", StringComparison.Ordinal);
    }

    /// <summary>Reads the first private key of the text: <c>PRIVATE KEY</c>, <c>EC PRIVATE KEY</c> or <c>RSA PRIVATE KEY</c>.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="algorithm">The algorithm; null for the one that the key fits, which is 8 (RSA/SHA-256) for RSA.</param>
    /// <param name="flags">The flags of the DNSKEY, which the file does not hold.</param>
    /// <param name="key">The key; null when refused.</param>
    /// <param name="fault">What is wrong, for people, without anything of the key; empty on success.</param>
    public static bool TryRead(string text, SecurityAlgorithm? algorithm, DnskeyFlags flags, [NotNullWhen(true)] out SigningKey? key, out string fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        key = null;
        fault = "no private key in PEM: expected -----BEGIN PRIVATE KEY-----";
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var label = rest[fields.Label].ToString();
            var octets = new byte[fields.DecodedDataLength];
            if (label.EndsWith(Label, StringComparison.Ordinal) && Convert.TryFromBase64Chars(rest[fields.Base64Data], octets, out var written))
            {
                if (label.StartsWith("ENCRYPTED", StringComparison.Ordinal) || text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal)) fault = "the key is encrypted: decrypt it first (openssl pkey -in FILE -out PLAIN)";
                else key = Read(label, octets.AsSpan(0, written), algorithm, flags, out fault);
                CryptographicOperations.ZeroMemory(octets);
                return key is not null;
            }

            rest = rest[fields.Location.End..];
        }

        return false;
    }

    /// <summary>Writes a private key as PKCS #8 in PEM. The text is the secret itself.</summary>
    /// <param name="key">The key.</param>
    public static string Write(SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key switch
        {
            RsaSigningKey rsa => rsa.ExportPem(),
            EcdsaSigningKey ecdsa => ecdsa.ExportPem(),
            Ed25519SigningKey ed25519 => Edwards(Ed25519Oid, ed25519.ExportPrivate()),
            Ed448SigningKey ed448 => Edwards(Ed448Oid, ed448.ExportPrivate()),
            _ => throw new UnreachableException("every key is one of these"),
        } + "\n";
    }

    private static SigningKey? Read(string label, ReadOnlySpan<byte> der, SecurityAlgorithm? algorithm, DnskeyFlags flags, out string fault)
    {
        fault = "the key is malformed, or of a kind that DNSSEC does not have";
        try
        {
            var (oid, secret) = label == Label ? ReadHead(der) : (label == "EC PRIVATE KEY" ? EllipticCurveOid : RsaOid, []);
            var key = oid switch
            {
                RsaOid when algorithm is null or SecurityAlgorithm.RsaSha1 or SecurityAlgorithm.RsaSha1Nsec3Sha1 or SecurityAlgorithm.RsaSha256 or SecurityAlgorithm.RsaSha512
                    => ReadRsa(label, der, algorithm ?? SecurityAlgorithm.RsaSha256, flags),
                EllipticCurveOid when algorithm is null or SecurityAlgorithm.EcdsaP256Sha256 or SecurityAlgorithm.EcdsaP384Sha384 => ReadEcdsa(label, der, algorithm, flags),
                Ed25519Oid when algorithm is null or SecurityAlgorithm.Ed25519 => (SigningKey?)Ed25519SigningKey.Import(flags, secret),
                Ed448Oid when algorithm is null or SecurityAlgorithm.Ed448 => Ed448SigningKey.Import(flags, secret),
                _ => null,
            };
            if (key is null && algorithm is { } wanted) fault = $"the key is none of algorithm {SecurityAlgorithms.ToText(wanted)}{RsaSigningKey.SizeRule(wanted)}";
            return key;
        }
        catch (Exception failure) when (failure is CryptographicException or AsnContentException)
        {
            return null;
        }
    }

    /// <summary>RFC 5958 §2: version, algorithm, key; for Edwards curves the key is an OCTET STRING in one (RFC 8410 §7).</summary>
    private static (string Oid, byte[] Secret) ReadHead(ReadOnlySpan<byte> der)
    {
        var sequence = new AsnReader(der.ToArray(), AsnEncodingRules.DER).ReadSequence();
        sequence.ReadInteger();
        var oid = sequence.ReadSequence().ReadObjectIdentifier();
        var key = sequence.ReadOctetString();
        return (oid, oid is Ed25519Oid or Ed448Oid ? new AsnReader(key, AsnEncodingRules.DER).ReadOctetString() : []);
    }

    private static RsaSigningKey? ReadRsa(string label, ReadOnlySpan<byte> der, SecurityAlgorithm algorithm, DnskeyFlags flags)
    {
        using var rsa = RSA.Create();
        if (label == Label) rsa.ImportPkcs8PrivateKey(der, out _);
        else rsa.ImportRSAPrivateKey(der, out _);
        return RsaSigningKey.Import(algorithm, flags, rsa.ExportParameters(includePrivateParameters: true));
    }

    /// <summary>RFC 5915 §3: version, number, and perhaps curve and point. GnuTLS leaves the point out, which is computed from the number, and writes that with as many octets as it likes.</summary>
    private static EcdsaSigningKey? ReadEcdsa(string label, ReadOnlySpan<byte> der, SecurityAlgorithm? algorithm, DnskeyFlags flags)
    {
        var curve = "";
        var reader = new AsnReader(der.ToArray(), AsnEncodingRules.DER);
        if (label == Label)
        {
            var outer = reader.ReadSequence();
            outer.ReadInteger();
            var kind = outer.ReadSequence();
            kind.ReadObjectIdentifier();
            curve = kind.ReadObjectIdentifier();
            reader = new AsnReader(outer.ReadOctetString(), AsnEncodingRules.DER);
        }

        var key = reader.ReadSequence();
        key.ReadInteger();
        var number = key.ReadOctetString();
        var tag = new Asn1Tag(TagClass.ContextSpecific, 0);
        if (key.HasData && key.PeekTag().HasSameClassAndValue(tag)) curve = key.ReadSequence(tag).ReadObjectIdentifier();
        SecurityAlgorithm? found = curve switch
        {
            P256Oid => SecurityAlgorithm.EcdsaP256Sha256,
            P384Oid => SecurityAlgorithm.EcdsaP384Sha384,
            _ => null,
        };
        return found is { } fits && (algorithm is null || algorithm == fits) ? EcdsaSigningKey.Import(fits, flags, PrivateKeyFile.Pad(number, EcdsaVerificationKey.CoordinateLength(fits))) : null;
    }

    private static string Edwards(string oid, byte[] secret)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            using (writer.PushSequence()) writer.WriteObjectIdentifier(oid);
            using (writer.PushOctetString()) writer.WriteOctetString(secret);
        }

        CryptographicOperations.ZeroMemory(secret);
        return PemEncoding.WriteString(Label, writer.Encode());
    }
}
