using System.Security.Cryptography;
using Danelaw.Certificates;

namespace Danelaw.Tests.Certificates;

/// <summary>Certificate signatures of every kind, made by OpenSSL (tests/Corpora/certificates) and by .NET and BouncyCastle.</summary>
public sealed class SignatureTests
{
    [Theory, Rfc(5280, "6.1.3"), Rfc(4055, "3"), Rfc(8017, "8.1.2"), Rfc(8410, "3"), Rfc(5480, "2.1.1")]
    [InlineData("ed25519", SignatureCheck.Valid)]
    [InlineData("ed448", SignatureCheck.Valid)]
    [InlineData("pss-largest-salt", SignatureCheck.Valid)]
    [InlineData("pss-no-salt", SignatureCheck.Valid)]
    [InlineData("pss-salt-of-digest", SignatureCheck.Valid)]
    [InlineData("pss-only-key", SignatureCheck.Valid)]
    [InlineData("pss-only-key-with-parameters", SignatureCheck.Valid)]
    [InlineData("pss-sha1", SignatureCheck.TooWeak)]
    [InlineData("rsa-exponent-3", SignatureCheck.Valid)]
    [InlineData("ecdsa-sha384-p521", SignatureCheck.Valid)]
    [InlineData("ecdsa-secp256k1", SignatureCheck.Valid)]
    [InlineData("ecdsa-brainpool-p384", SignatureCheck.Valid)]
    [InlineData("ecdsa-spelt-out-curve", SignatureCheck.NotSupported)]
    [InlineData("rsa-sha224", SignatureCheck.NotSupported)]
    internal void What_OpenSSL_signed_is_judged_as_it_deserves(string name, SignatureCheck expected)
    {
        var (leaf, root) = Read(name);
        using var key = CertificateKey.Import(root.PublicKey.Span);

        Assert.Equal(expected, key.Check(leaf));
        Assert.Equal(expected, key.Check(root));
    }

    [Theory]
    [InlineData("ed25519")]
    [InlineData("ed448")]
    [InlineData("pss-largest-salt")]
    [InlineData("pss-no-salt")]
    [InlineData("pss-only-key-with-parameters")]
    [InlineData("rsa-exponent-3")]
    [InlineData("ecdsa-sha384-p521")]
    public void No_octet_of_the_signature_or_of_what_is_signed_can_change(string name)
    {
        var (leaf, root) = Read(name);
        using var key = CertificateKey.Import(root.PublicKey.Span);
        var der = leaf.Der.ToArray();
        for (var i = 0; i < der.Length; i++)
        {
            der[i] ^= 0x10;
            if (Certificate.TryRead(new(der), out var changed)) Assert.NotEqual(SignatureCheck.Valid, key.Check(changed));
            der[i] ^= 0x10;
        }
    }

    [Theory]
    [InlineData("ed25519", "ed448")]
    [InlineData("pss-largest-salt", "pss-no-salt")]
    [InlineData("ecdsa-sha384-p521", "ecdsa-brainpool-p384")]
    [InlineData("rsa-exponent-3", "ed25519")]
    public void The_key_of_another_root_did_not_sign(string name, string other)
    {
        using var key = CertificateKey.Import(Read(other).Root.PublicKey.Span);
        Assert.Equal(SignatureCheck.Invalid, key.Check(Read(name).Leaf));
    }

    public static readonly TheoryData<int, string, string, bool> RsaKinds = new()
    {
        { 2048, "SHA256", "1.2.840.113549.1.1.11", false },
        { 2048, "SHA384", "1.2.840.113549.1.1.12", false },
        { 1024, "SHA512", "1.2.840.113549.1.1.13", false },
        { 1024, "SHA256", "1.2.840.113549.1.1.11", false },
        { 1016, "SHA256", "1.2.840.113549.1.1.11", true },
        { 2048, "SHA1", "1.2.840.113549.1.1.5", true },
        { 2048, "SHA1", "1.3.14.3.2.29", true },
        { 2048, "MD5", "1.2.840.113549.1.1.4", true },
    };

    [Theory, MemberData(nameof(RsaKinds)), Rule("R35"), Rfc(9155, "1")]
    public void Short_keys_MD5_and_SHA_1_prove_nothing(int bits, string hash, string oid, bool isTooWeak)
    {
        var kind = Signing.Rsa(bits, new(hash), oid);
        Assert.True(Certificate.TryRead((Forge.Leaf("mx.example.org", "Root") with { Signing = kind }).Make(), out var leaf));
        using var key = CertificateKey.Import(kind.PublicKeyOf("Root"));

        Assert.Equal(isTooWeak ? SignatureCheck.TooWeak : SignatureCheck.Valid, key.Check(leaf));
        using var stranger = CertificateKey.Import(kind.PublicKeyOf("Stranger"));
        Assert.Equal(SignatureCheck.Invalid, stranger.Check(leaf));
    }

    [Fact, Rfc(4055, "1.2")]
    public void A_key_that_is_bound_to_PSS_verifies_nothing_else()
    {
        var rsa = Signing.Rsa(2048, HashAlgorithmName.SHA256, "1.2.840.113549.1.1.11");
        Assert.True(Certificate.TryRead((Forge.Leaf("mx.example.org", "Bound") with { Signing = rsa }).Make(), out var pkcs1));
        Assert.True(Certificate.TryRead((Forge.Leaf("mx.example.org", "Bound") with { Signing = Signing.Pss(2048, HashAlgorithmName.SHA256, "2.16.840.1.101.3.4.2.1", 32) }).Make(), out var pss));
        Assert.True(Certificate.TryRead((Forge.Leaf("mx.example.org", "Bound") with { Signing = Signing.Pss(2048, HashAlgorithmName.SHA512, "2.16.840.1.101.3.4.2.3", 64) }).Make(), out var other));
        Assert.True(PublicKeyInfo.TryRead(rsa.PublicKeyOf("Bound"), out var info));
        var number = info.Key.ToArray();
        var bound = Extension.Encode(writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(Signing.Identifier("1.2.840.113549.1.1.10", Signing.PssParameters("2.16.840.1.101.3.4.2.1", 32)));
                writer.WriteBitString(number);
            }
        });

        using var key = CertificateKey.Import(bound);
        Assert.Equal(SignatureCheck.Valid, key.Check(pss));
        Assert.Equal(SignatureCheck.Invalid, key.Check(pkcs1));
        Assert.Equal(SignatureCheck.Invalid, key.Check(other));
    }

    [Fact, Rfc(8017, "9.1.2")]
    public void The_salt_has_the_length_that_the_parameters_say()
    {
        var lied = Signing.Pss(2048, HashAlgorithmName.SHA256, "2.16.840.1.101.3.4.2.1", 31);
        Assert.True(Certificate.TryRead((Forge.Leaf("mx.example.org", "Root") with { Signing = lied }).Make(), out var leaf));
        using var key = CertificateKey.Import(lied.PublicKeyOf("Root"));
        Assert.Equal(SignatureCheck.Invalid, key.Check(leaf));
    }

    [Fact, Rfc(5280, "4.1.1.2")]
    public void The_algorithm_outside_must_be_the_one_inside()
    {
        Assert.True(Certificate.TryRead((Forge.Leaf("mx.example.org", "Root") with { InnerAlgorithm = Signing.Identifier("1.2.840.10045.4.3.3") }).Make(), out var leaf));
        using var key = CertificateKey.Import(Signing.EcdsaSha256.PublicKeyOf("Root"));
        Assert.Equal(SignatureCheck.Invalid, key.Check(leaf));
    }

    [Fact]
    public void Keys_that_are_no_keys_verify_nothing_and_never_throw()
    {
        var leaf = Forge.Leaf("mx.example.org", "Root");
        Assert.True(Certificate.TryRead(leaf.Make(), out var signed));
        foreach (var key in OddKeys())
        {
            using var imported = CertificateKey.Import(key);
            Assert.Equal(SignatureCheck.NotSupported, imported.Check(signed));
        }
    }

    private static IEnumerable<byte[]> OddKeys()
    {
        yield return [];
        yield return [0x30, 0x00];
        yield return Of("1.2.840.10045.2.1", Oid("1.2.840.10045.3.1.7"), [4, .. new byte[64]]);
        yield return Of("1.2.840.10045.2.1", Oid("1.2.840.10045.3.1.7"), [2, .. new byte[32]]);
        yield return Of("1.2.840.10045.2.1", Oid("1.2.3"), [4, .. new byte[64]]);
        yield return Of("1.2.840.10045.2.1", null, [4, .. new byte[64]]);
        yield return Of("1.3.101.112", null, new byte[31]);
        yield return Of("1.3.101.112", [5, 0], new byte[32]);
        yield return Of("1.3.101.113", null, new byte[56]);
        yield return Of("1.2.840.113549.1.1.1", [5, 0], [0x30, 0x00]);
        yield return Of("1.2.840.113549.1.1.1", [5, 0], Numbers([0], [1, 0, 1]));
        yield return Of("1.2.840.113549.1.1.1", [5, 0], Numbers([0x40, .. new byte[255]], [1, 0, 1]));
        yield return Of("1.2.840.113549.1.1.1", [5, 0], Numbers([0x40, .. new byte[254], 1], [1]));
        yield return Of("1.2.840.113549.1.1.1", [5, 0], Numbers([0x40, .. new byte[254], 1], [2]));
        yield return Of("1.2.840.113549.1.1.1", [5, 0], Numbers([0x40, .. new byte[254], 1], [0x40, .. new byte[254], 1]));
        yield return Of("1.2.840.113549.1.1.1", [5, 0], Numbers([0x40, .. new byte[4000], 1], [1, 0, 1]));
        yield return Of("1.2.840.113549.1.1.1", [5, 0], Numbers([0xC0, .. new byte[254], 1], [1, 0, 1]));
        yield return Of("1.2.840.113549.1.1.10", [5, 0], Numbers([0x40, .. new byte[254], 1], [1, 0, 1]));
        yield return Of("1.2.840.10040.4.1", null, [2, 1, 5]);
    }

    private static byte[] Numbers(byte[] modulus, byte[] exponent) => Extension.Encode(writer =>
    {
        using (writer.PushSequence())
        {
            writer.WriteInteger(modulus);
            writer.WriteInteger(exponent);
        }
    });

    private static byte[] Oid(string oid) => Extension.Encode(writer => writer.WriteObjectIdentifier(oid));

    private static byte[] Of(string oid, byte[]? parameters, byte[] key) => Extension.Encode(writer =>
    {
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(Signing.Identifier(oid, parameters));
            writer.WriteBitString(key);
        }
    });

    private static (Certificate Leaf, Certificate Root) Read(string name)
    {
        Assert.True(CertificateFile.TryReadCertificates(Repository.Corpus("certificates", name + ".pem"), out var chain, out var fault), fault);
        Assert.True(Certificate.TryRead(chain[0], out var leaf));
        Assert.True(Certificate.TryRead(chain[1], out var root));
        return (leaf, root);
    }
}
