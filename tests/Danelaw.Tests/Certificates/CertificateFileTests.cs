using System.Security.Cryptography;
using System.Text;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Testing.Peers;

namespace Danelaw.Tests.Certificates;

public sealed class CertificateFileTests
{
    private static readonly Octets First = Forge.Leaf("mx.example.org", "CA").Make();
    private static readonly Octets Second = Forge.Root("CA").Make();

    [Fact]
    public void PEM_may_hold_several_certificates_with_any_text_around_them()
    {
        var text = $"subject=mx: 1\r\n{Pem("CERTIFICATE", First)}\r\nBag Attributes\r\n  friendlyName: x\r\n{Pem("CERTIFICATE", Second)}trailing";

        Assert.True(CertificateFile.TryReadCertificates(Encoding.UTF8.GetBytes(text), out var certificates, out var fault), fault);
        Assert.Equal([First, Second], certificates);
    }

    [Fact]
    public void A_private_key_beside_certificates_is_skipped()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var text = key.ExportPkcs8PrivateKeyPem() + "\n" + Pem("CERTIFICATE", First);

        Assert.True(CertificateFile.TryRead(Encoding.ASCII.GetBytes(text), out var file, out _));
        Assert.Equal([First], file.Certificates);
        Assert.True(file.PublicKey.IsEmpty);
    }

    [Fact]
    public void DER_is_one_certificate_or_one_public_key()
    {
        Assert.True(CertificateFile.TryRead(First.Memory, out var certificate, out _));
        Assert.Equal([First], certificate.Certificates);
        var key = Signing.EcdsaSha256.PublicKeyOf("x");
        Assert.True(CertificateFile.TryRead(key, out var publicKey, out _));
        Assert.Equal(key, publicKey.PublicKey.ToArray());
        Assert.Empty(publicKey.Certificates);
    }

    [Fact]
    public void A_public_key_may_be_PEM_and_is_no_certificate()
    {
        var key = new Octets(Signing.EcdsaSha256.PublicKeyOf("x"));
        var pem = Encoding.ASCII.GetBytes(Pem("PUBLIC KEY", key));

        Assert.True(CertificateFile.TryRead(pem, out var file, out _));
        Assert.Equal(key, file.PublicKey);
        Assert.False(CertificateFile.TryReadCertificates(pem, out _, out var fault));
        Assert.Equal("it holds a public key where a certificate is wanted", fault);
    }

    [Fact]
    public void A_trusted_certificate_of_OpenSSL_is_read_without_the_remarks_behind_it()
    {
        var pem = Pem("TRUSTED CERTIFICATE", new((byte[])[.. First.Span, 0x30, 0x00]));
        Assert.True(CertificateFile.TryReadCertificates(Encoding.ASCII.GetBytes(pem), out var certificates, out _));
        Assert.Equal([First], certificates);
    }

    [Fact]
    public void Private_keys_of_every_kind_are_named_and_never_shown()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        foreach (var content in (byte[][])[
            ec.ExportPkcs8PrivateKey(), ec.ExportECPrivateKey(), rsa.ExportPkcs8PrivateKey(), rsa.ExportRSAPrivateKey(),
            Encoding.ASCII.GetBytes(ec.ExportPkcs8PrivateKeyPem()), Encoding.ASCII.GetBytes(ec.ExportECPrivateKeyPem()), Encoding.ASCII.GetBytes(rsa.ExportRSAPrivateKeyPem())])
        {
            Assert.False(CertificateFile.TryReadCertificates(content, out var certificates, out var fault));
            Assert.Equal("it holds a private key where a certificate is wanted", fault);
            Assert.Empty(certificates);
        }

        foreach (var content in (byte[][])[
            ec.ExportEncryptedPkcs8PrivateKey("x", encryption), Encoding.ASCII.GetBytes(rsa.ExportEncryptedPkcs8PrivateKeyPem("x", encryption)),
            Encoding.ASCII.GetBytes("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n")])
        {
            Assert.False(CertificateFile.TryRead(content, out _, out var fault));
            Assert.Equal("it holds an encrypted private key where a certificate or public key is wanted", fault);
        }
    }

    [Fact]
    public void Requests_and_bundles_are_named()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
        using var certificate = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(First.Span);

        AssertFault("it holds a certificate request where a certificate or public key is wanted", request.CreateSigningRequest());
        AssertFault("it holds a certificate request where a certificate or public key is wanted", Encoding.ASCII.GetBytes(request.CreateSigningRequestPem()));
        AssertFault("it holds a PKCS #12 bundle where a certificate or public key is wanted", certificate.Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pkcs12));
        AssertFault("it holds a PKCS #7 bundle where a certificate or public key is wanted", Encoding.ASCII.GetBytes("-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----"));
        AssertFault("it holds a revocation list where a certificate or public key is wanted", Encoding.ASCII.GetBytes("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----"));
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("hello", "it is neither PEM nor a certificate or public key in DER")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n", "the block that begins in line 1 has no end")]
    [InlineData("x\n\n-----BEGIN CERTIFICATE-----\nAA*A\n-----END CERTIFICATE-----\n", "the block that begins in line 3 is not base64")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "the block that begins in line 1 is no certificate that can be read")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END PUBLIC KEY-----\n", "the block that begins in line 1 has no end")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "the block that begins in line 1 is no public key that can be read")]
    [InlineData("-----BEGIN ", "it looks like PEM but has no whole block")]
    public void What_is_no_certificate_says_why(string content, string expected) => AssertFault(expected, Encoding.ASCII.GetBytes(content));

    [Fact]
    public void A_certificate_with_octets_behind_it_is_no_DER_certificate() =>
        AssertFault("it is neither PEM nor a certificate or public key in DER", [.. First.Span, 0]);

    [Fact]
    public void Files_that_cannot_be_read_say_why()
    {
        using var folder = new TestFolder("certificates");
        Assert.False(CertificateFile.TryRead(folder["absent.pem"], out _, out var fault));
        Assert.Equal("there is no such file", fault);
        Assert.False(CertificateFile.TryRead(folder.Root, out _, out fault));
        Assert.Equal("it is a folder", fault);
        Assert.False(CertificateFile.TryRead("a\0b", out _, out fault));
        Assert.Equal("that is no name of a file", fault);
        Assert.False(CertificateFile.TryRead("", out _, out fault));
        Assert.Equal("that is no name of a file", fault);
        Assert.False(CertificateFile.TryReadCertificates("/dev/zero", out _, out fault));
        Assert.Equal("it is larger than 16 MiB", fault);
        Assert.True(CertificateFile.TryReadCertificates(folder.Write("a.pem", Pem("CERTIFICATE", First)), out var certificates, out _));
        Assert.Equal([First], certificates);
    }

    [Theory]
    [InlineData("\uFEFF{0}{1}")]
    [InlineData("{0}\uFEFF{1}")]
    [InlineData("\uFEFF\uFEFF{0}\uFEFF{1}")]
    public void Byte_order_marks_before_blocks_hide_none_of_them(string form)
    {
        var text = form.Replace("{0}", Pem("CERTIFICATE", First), StringComparison.Ordinal).Replace("{1}", Pem("CERTIFICATE", Second), StringComparison.Ordinal);

        Assert.True(CertificateFile.TryReadCertificates(Encoding.UTF8.GetBytes(text), out var certificates, out var fault), fault);
        Assert.Equal([First, Second], certificates);
    }

    [Theory]
    [InlineData("-----BEGIN", "x: -----BEGIN", "line 1 has a damaged BEGIN")]
    [InlineData("-----BEGIN", "----BEGIN", "line 1 has a damaged BEGIN")]
    [InlineData("-----BEGIN", "------BEGIN", "line 1 has a damaged BEGIN")]
    [InlineData("-----BEGIN", "-BEGIN", "line 1 has a damaged BEGIN")]
    [InlineData("-----BEGIN", "BEGIN", "line 1 has a damaged BEGIN")]
    [InlineData("-----BEGIN", "----- BEGIN", "line 1 has a damaged BEGIN")]
    [InlineData("-----BEGIN CERTIFICATE", "-----begin certificate", "line 1 has a damaged BEGIN")]
    [InlineData("-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE----", "line 1 has a damaged BEGIN")]
    [InlineData("-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE------", "line 1 has a damaged BEGIN")]
    [InlineData("-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE----- x", "line 1 has a damaged BEGIN")]
    [InlineData("-----BEGIN CERTIFICATE-----\n", "", "has an END whose BEGIN is missing or damaged")]
    [InlineData("-----END", "----END", "has a damaged END")]
    public void A_damaged_first_block_is_a_fault_and_never_makes_the_authority_the_servers_own(string sound, string damaged, string expected)
    {
        var first = Pem("CERTIFICATE", First);
        var at = first.IndexOf(sound, StringComparison.Ordinal);
        var text = string.Concat(first.AsSpan(0, at), damaged, first.AsSpan(at + sound.Length)) + Pem("CERTIFICATE", Second);

        Assert.False(CertificateFile.TryRead(Encoding.ASCII.GetBytes(text), out var file, out var fault));
        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.Empty(file.Certificates);
        Assert.Equal(KeySourceOutcome.Unfit, KeySource.Read(Encoding.ASCII.GetBytes(text), null, out _, out _));
        Assert.False(PemObject.TryReadAll(text, out _, out _));
    }

    [Fact]
    public void TLS_servers_pass_over_a_block_behind_a_byte_order_mark()
    {
        Assert.False(PemObject.TryReadAll(Pem("CERTIFICATE", Second) + "\uFEFF" + Pem("CERTIFICATE", First), out _, out var fault));
        Assert.StartsWith("a byte order mark stands before the BEGIN in line ", fault, StringComparison.Ordinal);
        Assert.True(PemObject.TryReadAll("\uFEFFsubject=x\n" + Pem("CERTIFICATE", First), out var objects, out fault), fault);
        Assert.Single(objects);
    }

    [Theory]
    [InlineData("-- end of the list --\n{0}")]
    [InlineData("subject=CN = FRONT-END SERVER\n{0}")]
    [InlineData("BEGIN of the chain\n{0}\nEND\n")]
    public void Text_around_blocks_is_no_boundary(string form)
    {
        Assert.True(CertificateFile.TryReadCertificates(Encoding.ASCII.GetBytes(form.Replace("{0}", Pem("CERTIFICATE", First), StringComparison.Ordinal)), out var certificates, out var fault), fault);
        Assert.Equal([First], certificates);
    }

    private static void AssertFault(string expected, byte[] content)
    {
        Assert.False(CertificateFile.TryRead(content, out var file, out var fault));
        Assert.Equal(expected, fault);
        Assert.Empty(file.Certificates);
        Assert.True(file.PublicKey.IsEmpty);
    }

    private static string Pem(string label, Octets data) => PemEncoding.WriteString(label, data.Span) + "\n";
}
