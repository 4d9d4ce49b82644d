using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Danelaw.Lab.Authority;

/// <summary>Lets .NET's certificate requests bear and be signed by Ed25519 keys (RFC 8410).</summary>
internal sealed class Ed25519SignatureGenerator(LabKey key) : X509SignatureGenerator
{
    private const string ObjectId = "1.3.101.112";

    // RFC 8410 §3: the parameters are absent.
    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => [0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70];

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => key.Sign(data, hashAlgorithm, RSASignaturePadding.Pkcs1);

    protected override PublicKey BuildPublicKey() => new(new Oid(ObjectId), null, new AsnEncodedData(key.Ed25519PublicKey()));
}
