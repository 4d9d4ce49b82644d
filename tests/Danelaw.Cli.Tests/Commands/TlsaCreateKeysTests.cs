using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Danelaw.Cli.Tests.Running;
using Danelaw.Testing.Peers;

namespace Danelaw.Cli.Tests.Commands;

/// <summary>Files with more than one key, or with the server's certificate where nobody expects it.</summary>
public sealed class TlsaCreateKeysTests(CertificateFiles files) : IClassFixture<CertificateFiles>, IDisposable
{
    private readonly TestFolder _folder = new("keys");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    [Fact, Rule("R64")]
    public async Task Every_key_of_a_file_has_its_record_and_that_is_said()
    {
        Write("dual.pem", files.Key, files.Leaf.ExportCertificatePem(), files.Authority.ExportCertificatePem(), _key.ExportECPrivateKeyPem(), Second);
        var run = await CreateAsync("dual.pem");

        Assert.Equal((0, $"{Line(files.Leaf.PublicKey.ExportSubjectPublicKeyInfo())}{Line(_key.ExportSubjectPublicKeyInfo())}"), (run.Code, run.Output));
        Assert.Equal("danelaw: hint: dual.pem holds 2 keys, and each has its record: whoever is shown another key than its record means takes it for a stranger's\n", run.Error);
    }

    [Fact]
    public async Task The_servers_certificate_is_found_behind_its_issuers()
    {
        Write("reversed.pem", files.Authority.ExportCertificatePem(), files.Leaf.ExportCertificatePem());
        var run = await CreateAsync("reversed.pem");

        Assert.Equal((0, Line(files.Leaf.PublicKey.ExportSubjectPublicKeyInfo())), (run.Code, run.Output));
        Assert.Equal("danelaw: hint: reversed.pem does not begin with the server's own certificate, as servers want it: the record is made of CN=mx.example.org\n", run.Error);
        Assert.Equal($"_25._tcp.mx.example.org. IN TLSA 2 0 1 {CertificateFiles.Sha256(files.Authority.RawData)}\n", (await CreateAsync("reversed.pem", "--usage", "2", "--selector", "0", "-q")).Output);
    }

    [Fact]
    public async Task An_authority_as_the_servers_own_is_refused_unless_it_is_meant()
    {
        Write("twins.pem", files.Authority.ExportCertificatePem(), Authority("CN=Another"));
        var run = await CreateAsync("twins.pem");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Equal("danelaw: error: no record was made: the first certificate, \"Test authority\", is an authority's, and usage 3 names the server's own: give that one, before those of its issuers\ndanelaw: hint: --allow makes it all the same, for a server that shows this certificate itself\n", run.Error);
        var meant = await CreateAsync("twins.pem", "--allow");
        Assert.Equal((0, Line(files.Authority.PublicKey.ExportSubjectPublicKeyInfo()), ""), (meant.Code, meant.Output, meant.Error));
    }

    [Fact]
    public async Task A_key_that_belongs_to_none_of_the_certificates_is_refused()
    {
        Write("mixed.pem", _key.ExportPkcs8PrivateKeyPem(), files.Leaf.ExportCertificatePem());
        var run = await CreateAsync("mixed.pem");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.StartsWith("danelaw: error: no record was made: mixed.pem: it holds a private key that belongs to none of its certificates\n", run.Error, StringComparison.Ordinal);
        Assert.Equal($"{Line(files.Leaf.PublicKey.ExportSubjectPublicKeyInfo())}{Line(_key.ExportSubjectPublicKeyInfo())}", (await CreateAsync("mixed.pem", "--allow", "-q")).Output);
    }

    [Fact]
    public async Task Publish_counts_every_key_too()
    {
        Write("dual.pem", files.Key, files.Leaf.ExportCertificatePem(), _key.ExportECPrivateKeyPem(), Second);
        Write("zone", "$TTL 3600\n@ SOA ns1 hostmaster 7 7200 900 1209600 300\n@ NS ns1\nns1 A 192.0.2.1\nmx A 192.0.2.25\n");
        string[] publish = ["publish", "mx.example.org", "--to", "zone-file", "--file", "zone", "--zone", "example.org", "--resolver", "127.0.0.1:9", "--timeout", "100ms", "--tries", "1", "--dry-run", "--certificate"];
        var run = await CommandRun.OfAsync([.. publish, "dual.pem"], folder: _folder.Root);

        Assert.Equal(0, run.Code);
        foreach (var key in (byte[][])[files.Leaf.PublicKey.ExportSubjectPublicKeyInfo(), _key.ExportSubjectPublicKeyInfo()])
            Assert.Contains($"  + 3 1 1 {CertificateFiles.Sha256(key)}\n", run.Output, StringComparison.Ordinal);
        Write("mixed.pem", _key.ExportPkcs8PrivateKeyPem(), files.Leaf.ExportCertificatePem());
        var stray = await CommandRun.OfAsync([.. publish, "mixed.pem"], folder: _folder.Root);
        Assert.Equal(1, stray.Code);
        Assert.Contains("no record was made from mixed.pem: it holds a private key that belongs to none of its certificates", stray.Error, StringComparison.Ordinal);
    }

    [Fact, Rfc(8162, "2")]
    public async Task A_user_with_two_certificates_has_two_SMIMEA_records()
    {
        Write("two.pem", files.Leaf.ExportCertificatePem(), Second);
        var run = await CommandRun.OfAsync(["smimea", "create", "two.pem", "--mailbox", "hugh@example.com", "--selector", "1", "--matching", "1", "-q"], folder: _folder.Root);

        Assert.Equal((0, 2), (run.Code, run.Output.Count(character => character == '\n')));
    }

    /// <summary>A certificate of the second key that is no authority's.</summary>
    private string Second => Made("CN=mx.example.org", isAuthority: false);

    private string Authority(string name) => Made(name, isAuthority: true);

    private string Made(string name, bool isAuthority)
    {
        var request = new CertificateRequest(name, _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        using var made = request.CreateSelfSigned(CertificateFiles.NotBefore, CertificateFiles.NotAfter);
        return made.ExportCertificatePem();
    }

    private static string Line(byte[] key) => $"_25._tcp.mx.example.org. IN TLSA 3 1 1 {CertificateFiles.Sha256(key)}\n";

    private void Write(string name, params string[] blocks) => _folder.Write(name, string.Join('\n', blocks) + "\n");

    private Task<CommandRun> CreateAsync(string file, params string[] options) => CommandRun.OfAsync(["tlsa", "create", file, "--name", "mx.example.org", .. options], folder: _folder.Root);
}
