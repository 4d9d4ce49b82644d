using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Danelaw.Tests.Certificates;

/// <summary>One way to sign certificates. A signer's key is made from its name.</summary>
/// <param name="Algorithm">The AlgorithmIdentifier in DER.</param>
/// <param name="PublicKeyOf">The SubjectPublicKeyInfo of a name's key.</param>
/// <param name="Sign">Signs octets with a name's key.</param>
internal sealed record Signing(byte[] Algorithm, Func<string, byte[]> PublicKeyOf, Func<string, byte[], byte[]> Sign)
{
    private static readonly ConcurrentDictionary<(string, string), ECDsa> EcKeys = new();

    /// <summary>What stands inside, when it is not the same.</summary>
    public byte[]? InnerAlgorithm { get; init; }

    public static readonly Signing EcdsaSha256 = Ecdsa(ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256, "1.2.840.10045.4.3.2");

    public static Signing Ecdsa(ECCurve curve, HashAlgorithmName hash, string oid) => new(
        Identifier(oid),
        name => EcKey(name, curve).ExportSubjectPublicKeyInfo(),
        (name, data) => EcKey(name, curve).SignData(data, hash, DSASignatureFormat.Rfc3279DerSequence));

    /// <summary>A key of the curve that is the same in every run.</summary>
    public static ECDsa EcKey(string name, ECCurve curve) => EcKeys.GetOrAdd((name, curve.Oid.Value ?? curve.Oid.FriendlyName!), _ =>
    {
        var size = curve.Oid.FriendlyName switch { "nistP384" => 48, "nistP521" => 66, _ => 32 };
        var secret = SHA512.HashData(Encoding.UTF8.GetBytes(name)).Concat(new byte[64]).Take(size).ToArray();
        secret[0] = 0;
        return ECDsa.Create(new ECParameters { Curve = curve, D = secret });
    });

    public static byte[] Identifier(string oid, byte[]? parameters = null) => Extension.Encode(writer =>
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            if (parameters is not null) writer.WriteEncodedValue(parameters);
        }
    });
}
