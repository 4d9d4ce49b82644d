using Danelaw.Dns.Names;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Dnssec.Tests.Signing;

public class SigningKeyTests
{
    public static TheoryData<SecurityAlgorithm> Algorithms =>
    [
        SecurityAlgorithm.RsaSha1, SecurityAlgorithm.RsaSha1Nsec3Sha1, SecurityAlgorithm.RsaSha256, SecurityAlgorithm.RsaSha512,
        SecurityAlgorithm.EcdsaP256Sha256, SecurityAlgorithm.EcdsaP384Sha384, SecurityAlgorithm.Ed25519, SecurityAlgorithm.Ed448,
    ];

    [Theory, MemberData(nameof(Algorithms))]
    public void A_signature_verifies_with_the_public_key_and_not_over_other_octets(SecurityAlgorithm algorithm)
    {
        var key = SigningKey.Generate(algorithm, rsaBits: 1024);
        var data = "what was signed"u8.ToArray();

        var signature = key.Sign(data);

        Assert.Equal(key.SignatureLength, signature.Length);
        Assert.True(VerificationKey.TryImport(algorithm, key.PublicKey.Span, out var verifier));
        Assert.True(verifier.Verify(data, signature));
        Assert.False(verifier.Verify("something else"u8, signature));
    }

    [Theory, Rfc(5702, "2.1"), Rfc(5702, "2.2")]
    [InlineData(8, 512, true)]
    [InlineData(10, 1016, false)]
    [InlineData(10, 512, false)]
    [InlineData(10, 1024, true)]
    public void An_RSA_key_that_is_too_short_for_its_algorithm_is_refused(byte algorithm, int bits, bool isTaken)
    {
        using var rsa = System.Security.Cryptography.RSA.Create(bits);
        var pem = rsa.ExportPkcs8PrivateKeyPem();

        Assert.Equal(isTaken, PrivateKeyPem.TryRead(pem, (SecurityAlgorithm)algorithm, DnskeyFlags.Zone, out _, out var fault));
        Assert.Equal(!isTaken, fault.Contains("RFC 5702 §2.2", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Algorithms))]
    public void A_private_key_survives_being_written_and_read(SecurityAlgorithm algorithm)
    {
        var key = SigningKey.Generate(algorithm, DnskeyFlags.KeySigning, rsaBits: 1024);

        Assert.True(PrivateKeyFile.TryRead(PrivateKeyFile.Write(key), DnskeyFlags.KeySigning, out var read, out _));

        Assert.Equal(key.ToDnskey(), read.ToDnskey());
        Assert.True(VerificationKey.TryImport(algorithm, key.PublicKey.Span, out var verifier));
        Assert.True(verifier.Verify([1, 2, 3], read.Sign([1, 2, 3])));
    }

    /// <summary>Key and digests of RFC 6605 §6: the DS records as printed.</summary>
    [Theory, Rfc(6605, "6.1"), Rfc(6605, "6.2"), Rfc(4034, "5.1.4")]
    [InlineData(
        "Algorithm: 13 (ECDSAP256SHA256)\nPrivateKey: GU6SnQ/Ou+xC5RumuIUIuJZteXT2z0O/ok1s38Et6mQ=\n", 55648, DigestAlgorithm.Sha256,
        "GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==",
        "b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17")]
    [InlineData(
        "Algorithm: 14 (ECDSAP384SHA384)\nPrivateKey: WURgWHCcYIYUPWgeLmiPY2DJJk02vgrmTfitxgqcL4vwW7BOrbawVmVe0d9V94SR\n", 10771, DigestAlgorithm.Sha384,
        "xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrbYQ+OB+v8/uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40",
        "72d7b62976ce06438e9c0bf319013cf801f09ecc84b8d7e9495f27e305c6a9b0563a9b5f4d288405c3008a946df983d6")]
    public void The_examples_of_ECDSA_give_the_printed_key_and_DS(string privateKey, int keyTag, DigestAlgorithm digest, string publicKey, string expected)
    {
        Assert.True(PrivateKeyFile.TryRead("Private-key-format: v1.2\n" + privateKey, DnskeyFlags.KeySigning, out var key, out _));

        Assert.Equal(publicKey, key.PublicKey.ToBase64());
        Assert.Equal(keyTag, key.KeyTag);
        Assert.Equal(expected, key.ToDs(DomainName.Parse("Example.NET."), digest).Slice(4).ToHex());
    }

    [Fact, Rfc(5011, "2.1")]
    public void A_revoked_key_has_another_tag_and_the_same_private_part()
    {
        var key = SigningKey.Generate(SecurityAlgorithm.Ed25519, DnskeyFlags.KeySigning);

        var revoked = key.WithFlags(DnskeyFlags.KeySigning | DnskeyFlags.Revoked);

        // RFC 4034 appendix B: what the sum carries beyond 16 bits is added once more, in one key of 512.
        Assert.InRange((revoked.KeyTag - key.KeyTag) & 0xFFFF, 128, 129);
        Assert.Equal(key.Sign([1]), revoked.Sign([1]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Algorithm: 13\nPrivateKey: GU6SnQ/Ou+xC5RumuIUIuJZteXT2z0O/ok1s38Et6mQ=")]
    [InlineData("Private-key-format: v1.3\nAlgorithm: 3 (DSA)\n")]
    [InlineData("Private-key-format: v1.3\nAlgorithm: 13\n")]
    [InlineData("Private-key-format: v1.3\nAlgorithm: 13\nPrivateKey: ####")]
    [InlineData("Private-key-format: v1.3\nAlgorithm: 13\nPrivateKey: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("Private-key-format: v1.3\nAlgorithm: 15\nPrivateKey: AAAA")]
    [InlineData("Private-key-format: v1.3\nAlgorithm: 16\nPrivateKey: AAAA")]
    [InlineData("Private-key-format: v1.3\nAlgorithm: 8\nModulus: AAAA\nPublicExponent: AQAB")]
    public void What_is_no_private_key_is_refused_with_a_reason(string text)
    {
        Assert.False(PrivateKeyFile.TryRead(text, DnskeyFlags.Zone, out var key, out var fault));

        Assert.Null(key);
        Assert.NotEmpty(fault);
    }

    [Fact]
    public void Nothing_of_the_private_part_is_in_what_a_key_prints()
    {
        var key = SigningKey.Generate(SecurityAlgorithm.EcdsaP256Sha256);

        Assert.Equal($"ECDSAP256SHA256/{key.KeyTag}", key.ToString());
    }

    [Fact]
    public void An_algorithm_that_nobody_should_use_makes_no_key() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SigningKey.Generate(SecurityAlgorithm.RsaMd5));
}
