using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Danelaw.Tests.Certificates;

/// <summary>One way to sign certificates. A signer's key is made from its name; RSA keys are made anew in each run.</summary>
/// <param name="Algorithm">The AlgorithmIdentifier in DER.</param>
/// <param name="PublicKeyOf">The SubjectPublicKeyInfo of a name's key.</param>
/// <param name="Sign">Signs octets with a name's key.</param>
internal sealed record Signing(byte[] Algorithm, Func<string, byte[]> PublicKeyOf, Func<string, byte[], byte[]> Sign)
{
    private static readonly ConcurrentDictionary<(string, string), ECDsa> EcKeys = new();
    private static readonly ConcurrentDictionary<(string, int), RSA> RsaKeys = new();

    public static readonly Signing EcdsaSha256 = Ecdsa(ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256, "1.2.840.10045.4.3.2");

    public static readonly Signing Ed25519Key = Edwards("1.3.101.112", Seed, key =>
    {
        var publicKey = new byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(key, 0, publicKey, 0);
        return publicKey;
    }, (key, data) =>
    {
        var signature = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(key, 0, data, 0, data.Length, signature, 0);
        return signature;
    });

    public static readonly Signing Ed448Key = Edwards("1.3.101.113", name => [.. Seed(name), .. Seed(name)[..25]], key =>
    {
        var publicKey = new byte[Ed448.PublicKeySize];
        Ed448.GeneratePublicKey(key, 0, publicKey, 0);
        return publicKey;
    }, (key, data) =>
    {
        var signature = new byte[Ed448.SignatureSize];
        Ed448.Sign(key, 0, [], data, 0, data.Length, signature, 0);
        return signature;
    });

    public static Signing Ecdsa(ECCurve curve, HashAlgorithmName hash, string oid) => new(
        Identifier(oid),
        name => EcKey(name, curve).ExportSubjectPublicKeyInfo(),
        (name, data) => EcKey(name, curve).SignData(data, hash, DSASignatureFormat.Rfc3279DerSequence));

    /// <summary>PKCS #1 v1.5.</summary>
    public static Signing Rsa(int bits, HashAlgorithmName hash, string oid) => new(
        Identifier(oid, [5, 0]),
        name => RsaKey(name, bits).ExportSubjectPublicKeyInfo(),
        (name, data) => RsaKey(name, bits).SignData(data, hash, RSASignaturePadding.Pkcs1));

    /// <summary>PSS, with as much salt as the digest is long.</summary>
    public static Signing Pss(int bits, HashAlgorithmName hash, string hashOid, int saltLength) => new(
        Identifier("1.2.840.113549.1.1.10", PssParameters(hashOid, saltLength)),
        name => RsaKey(name, bits).ExportSubjectPublicKeyInfo(),
        (name, data) => RsaKey(name, bits).SignData(data, hash, RSASignaturePadding.Pss));

    /// <summary>A key of the curve that is the same in every run.</summary>
    public static ECDsa EcKey(string name, ECCurve curve) => EcKeys.GetOrAdd((name, curve.Oid.Value ?? curve.Oid.FriendlyName!), _ =>
    {
        var size = curve.Oid.FriendlyName switch { "nistP384" => 48, "nistP521" => 66, "brainpoolP512r1" => 64, _ => 32 };
        var secret = SHA512.HashData(Encoding.UTF8.GetBytes(name)).Concat(new byte[64]).Take(size).ToArray();
        secret[0] = 0;
        return ECDsa.Create(new ECParameters { Curve = curve, D = secret });
    });

    public static RSA RsaKey(string name, int bits) => RsaKeys.GetOrAdd((name, bits), _ => RSA.Create(bits));

    public static byte[] Identifier(string oid, byte[]? parameters = null) => Extension.Encode(writer =>
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            if (parameters is not null) writer.WriteEncodedValue(parameters);
        }
    });

    public static byte[] PssParameters(string hashOid, int saltLength) => Extension.Encode(writer =>
    {
        using (writer.PushSequence())
        {
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0))) writer.WriteEncodedValue(Identifier(hashOid, [5, 0]));
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1))) writer.WriteEncodedValue(Identifier("1.2.840.113549.1.1.8", Identifier(hashOid, [5, 0])));
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 2))) writer.WriteInteger(saltLength);
        }
    });

    private static byte[] Seed(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(name));

    private static Signing Edwards(string oid, Func<string, byte[]> secretOf, Func<byte[], byte[]> publicKeyOf, Func<byte[], byte[], byte[]> sign) => new(
        Identifier(oid),
        name => Extension.Encode(writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(Identifier(oid));
                writer.WriteBitString(publicKeyOf(secretOf(name)));
            }
        }),
        (name, data) => sign(secretOf(name), data));
}
