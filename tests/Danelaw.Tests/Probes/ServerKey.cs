using Danelaw.Dns;
using Danelaw.Probes;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Danelaw.Tests.Probes;

/// <summary>A key of any kind with a certificate over it.</summary>
public sealed class ServerKey
{
    private static readonly SecureRandom Random = new();

    private ServerKey(AsymmetricCipherKeyPair pair, string signedBy)
    {
        Private = pair.Private;
        var generator = new X509V3CertificateGenerator();
        generator.SetSerialNumber(BigInteger.One);
        generator.SetIssuerDN(new X509Name("CN=server.example"));
        generator.SetSubjectDN(new X509Name("CN=server.example"));
        generator.SetNotBefore(new(2026, 1, 1));
        generator.SetNotAfter(new(2036, 1, 1));
        generator.SetPublicKey(pair.Public);
        PublicKey = new(SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(pair.Public).GetDerEncoded());
        Certificate = new(generator.Generate(new Asn1SignatureFactory(signedBy, pair.Private, Random)).GetEncoded());
    }

    /// <summary>A key that somebody else has made, with what is shown for it.</summary>
    public ServerKey(AsymmetricKeyParameter held, Octets certificate, Octets publicKey)
    {
        Private = held;
        Certificate = certificate;
        PublicKey = publicKey;
    }

    public AsymmetricKeyParameter Private { get; }

    /// <summary>How it signs, when it does so in no way that has a name.</summary>
    public Func<byte[], byte[]>? Signs { get; init; }

    public Octets Certificate { get; }

    /// <summary>The SubjectPublicKeyInfo.</summary>
    public Octets PublicKey { get; }

    /// <summary>Who the server says it is.</summary>
    public static IReadOnlyDictionary<KeyAlgorithm, ServerKey> Genuine { get; } = MakeAll();

    /// <summary>What somebody else has.</summary>
    public static IReadOnlyDictionary<KeyAlgorithm, ServerKey> Foreign { get; } = MakeAll();

    public byte[] Sign(string mechanism, byte[] data)
    {
        if (Signs is not null) return Signs(data);
        var signer = SignerUtilities.GetSigner(mechanism);
        signer.Init(forSigning: true, Private);
        signer.BlockUpdate(data, 0, data.Length);
        return signer.GenerateSignature();
    }

    private static Dictionary<KeyAlgorithm, ServerKey> MakeAll() => new()
    {
        [KeyAlgorithm.Rsa] = new(Pair(new RsaKeyPairGenerator(), new RsaKeyGenerationParameters(BigInteger.ValueOf(65537), Random, 2048, 25)), "SHA256WITHRSA"),
        [KeyAlgorithm.Ecdsa] = new(Pair(new ECKeyPairGenerator(), new ECKeyGenerationParameters(SecObjectIdentifiers.SecP256r1, Random)), "SHA256WITHECDSA"),
        [KeyAlgorithm.Eddsa] = new(Pair(new Ed25519KeyPairGenerator(), new Ed25519KeyGenerationParameters(Random)), "ED25519"),
    };

    private static AsymmetricCipherKeyPair Pair(IAsymmetricCipherKeyPairGenerator generator, KeyGenerationParameters parameters)
    {
        generator.Init(parameters);
        return generator.GenerateKeyPair();
    }
}
