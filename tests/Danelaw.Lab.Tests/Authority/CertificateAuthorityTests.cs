using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Danelaw.Dns.Records;
using Danelaw.Lab.Authority;

namespace Danelaw.Lab.Tests.Authority;

public class CertificateAuthorityTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly CertificateAuthority Lab = new(Now);
    private static readonly LabCertificate Root = Lab.Issue(new CertificateOrder { Name = "Root", IsAuthority = true, ValidFor = TimeSpan.FromDays(3650) });
    private static readonly LabCertificate Intermediate = Lab.Issue(new CertificateOrder { Name = "Intermediate", IsAuthority = true, PathLength = 0, Issuer = Root, ValidFor = TimeSpan.FromDays(1000) });

    [Theory]
    [InlineData(LabKeyKind.P256)]
    [InlineData(LabKeyKind.P384)]
    [InlineData(LabKeyKind.Rsa2048)]
    public void A_leaf_has_a_path_to_its_root_that_others_accept(LabKeyKind kind)
    {
        var leaf = Lab.Issue(new CertificateOrder { Name = "mx.test.lab", DnsNames = ["mx.test.lab"], Issuer = Intermediate, KeyKind = kind });
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = Now.UtcDateTime;
        chain.ChainPolicy.CustomTrustStore.Add(Load(Root));
        chain.ChainPolicy.ExtraStore.Add(Load(Intermediate));

        Assert.True(chain.Build(Load(leaf)), string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation)));
        Assert.Equal([leaf.Name, Intermediate.Name, Root.Name], leaf.Path.Select(certificate => certificate.Name));
    }

    [Fact]
    public void Lifetimes_count_from_the_labs_time()
    {
        var expired = Lab.Issue(new CertificateOrder { Name = "old", ValidFrom = TimeSpan.FromDays(-90), ValidFor = TimeSpan.FromDays(-3) });

        Assert.Equal(Now.AddDays(-90).UtcDateTime, Load(expired).NotBefore.ToUniversalTime());
        Assert.Equal(Now.AddDays(-3).UtcDateTime, Load(expired).NotAfter.ToUniversalTime());
    }

    [Fact, Rfc(6698, "2.1.3")]
    public void A_TLSA_record_is_about_the_whole_certificate_or_its_key_plain_or_hashed()
    {
        var certificate = Load(Root);
        var spki = certificate.PublicKey.ExportSubjectPublicKeyInfo();

        Assert.Equal("030101" + Convert.ToHexStringLower(SHA256.HashData(spki)), Root.ToTlsa(TlsaUsage.DaneEe).ToHex());
        Assert.Equal("020000" + Convert.ToHexStringLower(certificate.RawData), Root.ToTlsa(TlsaUsage.DaneTa, TlsaSelector.Certificate, TlsaMatching.Full).ToHex());
        Assert.Equal("000102" + Convert.ToHexStringLower(SHA512.HashData(spki)), Root.ToTlsa(TlsaUsage.PkixTa, TlsaSelector.PublicKey, TlsaMatching.Sha512).ToHex());
    }

    [Fact, Rfc(8410, "7")]
    public void An_Ed25519_key_is_written_as_RFC_8410_shows()
    {
        var certificate = Lab.Issue(new CertificateOrder { Name = "ed", KeyKind = LabKeyKind.Ed25519 });

        Assert.Equal("1.3.101.112", Load(certificate).PublicKey.Oid.Value);
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEI", certificate.PrivateKeyToPem(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_renewal_may_keep_the_key()
    {
        var order = new CertificateOrder { Name = "mx.test.lab", Issuer = Intermediate };
        var first = Lab.Issue(order);

        var renewed = Lab.Issue(order, first);

        Assert.NotEqual(first.Der, renewed.Der);
        Assert.Equal(first.PublicKeyInfo, renewed.PublicKeyInfo);
    }

    private static X509Certificate2 Load(LabCertificate certificate) => X509CertificateLoader.LoadCertificate(certificate.Der.Span);
}
