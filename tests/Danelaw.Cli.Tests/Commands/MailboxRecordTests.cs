using System.Security.Cryptography;
using Danelaw.Cli.Tests.Rendering;
using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Commands;

/// <summary><c>smimea create</c> and <c>openpgpkey create</c>.</summary>
public sealed class MailboxRecordTests(CertificateFiles files) : IClassFixture<CertificateFiles>
{
    private const string Hugh = "c93f1e400f26708f98cb19d936620da35eec8f72e57f9eec01c1afd6";

    private static readonly string OpenPgp = Repository.Corpus("openpgp");

    private Task<CommandRun> SmimeaAsync(params string[] args) => CommandRun.OfAsync(["smimea", "create", .. args, "--mailbox", "hugh@example.com"], folder: files.Folder);

    private static Task<CommandRun> OpenPgpAsync(params string[] args) => CommandRun.OfAsync(["openpgpkey", "create", .. args, "--mailbox", "hugh@example.com"], folder: OpenPgp);

    [Fact, Rfc(8162, "2")]
    public async Task By_default_SMIMEA_holds_the_whole_certificate()
    {
        var run = await SmimeaAsync("chain.pem", "--ttl", "60");
        Assert.Equal((0, $"{Hugh}._smimecert.example.com. 60 IN SMIMEA 3 0 0 {Convert.ToHexStringLower(files.Leaf.RawData)}\n"), (run.Code, run.Output));
        Assert.Equal("danelaw: hint: the certificate \"mx.example.org\" does not bear hugh@example.com (RFC 8550 §3)\n", run.Error);
    }

    [Fact]
    public async Task Every_source_and_form_of_tlsa_create_does_for_SMIMEA()
    {
        var digest = CertificateFiles.Sha256(files.Leaf.PublicKey.ExportSubjectPublicKeyInfo());
        foreach (var source in (string[])["leaf.der", "public.pem", "private.pem", "request.pem"])
            Assert.Equal($"{Hugh}._smimecert.example.com. IN SMIMEA 3 1 1 {digest}\n", (await SmimeaAsync(source, "--selector", "1", "--matching", "1", "-q")).Output);
        var authority = await SmimeaAsync("chain.pem", "--usage", "2", "--matching", "1", "-q", "--format", "rfc3597");
        Assert.Equal($"{Hugh}._smimecert.example.com. IN TYPE53 \\# 35 020001{CertificateFiles.Sha256(files.Authority.RawData)}\n", authority.Output);
        var update = await SmimeaAsync("leaf.pem", "--matching", "1", "--format", "nsupdate", "--replace", "-q");
        Assert.Equal($"update delete {Hugh}._smimecert.example.com. IN SMIMEA\nupdate add {Hugh}._smimecert.example.com. 3600 IN SMIMEA 3 0 1 {CertificateFiles.Sha256(files.Leaf.RawData)}\nsend\n", update.Output);
        await SchemaTests.AssertValidAsync("smimea", (await SmimeaAsync("leaf.pem", "--json")).Output);
        Assert.StartsWith("SMIMEA", ToolText.JavaScript((await SmimeaAsync("leaf.pem", "--format", "dnscontrol", "--zone", "example.com", "-q")).Output)[2]![0]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_work_is_refused_in_words_of_mail()
    {
        var run = await SmimeaAsync("leaf.pem", "--usage", "2", "-q");
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.StartsWith("danelaw: error: no record was made: usage 2 names an authority, and there is only the user's certificate \"mx.example.org\", which CN=Test authority issued", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await SmimeaAsync("public.pem", "-q")).Code);
    }

    [Theory, Rfc(9580, "5.2.3.13")]
    [InlineData("ended", "the key ended at 2025-01-02T00:00:00Z: nobody encrypts to it; gpg --quick-set-expire makes it last longer")]
    [InlineData("revoked", "the key has been revoked by its owner: nobody encrypts to it; the record says so to those who have it still")]
    public async Task That_a_key_is_of_no_use_any_more_is_hinted_at(string name, string hint)
    {
        var run = await CommandRun.OfAsync(["openpgpkey", "create", name + ".pgp", "--mailbox", name + "@example.com"], folder: OpenPgp);
        Assert.Equal((0, $"danelaw: hint: {hint}\n"), (run.Code, run.Error));
        Assert.NotEmpty(run.Output);
    }

    [Fact, Rfc(7929, "2.1")]
    public async Task OPENPGPKEY_holds_the_key_of_the_mailbox_in_every_form()
    {
        var octets = File.ReadAllBytes(Path.Combine(OpenPgp, "hugh.minimal.pgp"));
        var run = await OpenPgpAsync("hugh.asc");
        Assert.Equal((0, $"{Hugh}._openpgpkey.example.com. IN OPENPGPKEY {Convert.ToBase64String(octets)}\n", ""), (run.Code, run.Output, run.Error));
        Assert.Equal($"{Hugh}._openpgpkey.example.com. 60 IN TYPE61 \\# {octets.Length} {Convert.ToHexStringLower(octets)}\n", (await OpenPgpAsync("hugh.pgp", "--format", "rfc3597", "--ttl", "60")).Output);
        await SchemaTests.AssertValidAsync("openpgpkey", (await OpenPgpAsync("hugh.pgp", "--json")).Output);
        var resource = ToolText.Hcl((await OpenPgpAsync("hugh.pgp", "--format", "terraform-cloudflare")).Output).Single();
        Assert.Equal($"resource cloudflare_dns_record openpgpkey_{Hugh}_openpgpkey_example_com", resource.Key);
        Assert.Equal(Convert.ToBase64String(octets), resource.Value!["content"]!.GetValue<string>());
        Assert.Contains($"\n'{Hugh}._openpgpkey':\n  type: OPENPGPKEY\n  values:\n    - '", (await OpenPgpAsync("hugh.pgp", "--format", "octodns", "--zone", "example.com")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hugh.secret.asc", "hugh.secret.asc: it holds a secret key: give the public one (gpg --export)")]
    [InlineData("make.sh", "make.sh: it holds no OpenPGP key that can be read")]
    [InlineData("hugh.asc --format form", "--format form cannot hold OPENPGPKEY: the record is one field, which --format zone shows")]
    [InlineData("hugh.asc --format terraform-route53", "--format terraform-route53 cannot hold OPENPGPKEY: Route 53 has no such records")]
    public async Task What_makes_no_sense_is_misuse(string words, string fault)
    {
        var run = await OpenPgpAsync([.. words.Split(' '), "-q"]);
        Assert.Equal((2, "", $"danelaw: error: {fault}\n"), (run.Code, run.Output, run.Error));
        Assert.All(File.ReadAllLines(Path.Combine(OpenPgp, "hugh.secret.asc")).Where(line => line.Length > 20 && line[0] != '-'), line => Assert.DoesNotContain(line, run.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mailbox_is_asked_for_and_capitals_in_it_are_told()
    {
        var missing = await CommandRun.OfAsync(["openpgpkey", "create", "hugh.asc", "-q"], folder: OpenPgp);
        Assert.Equal((2, "danelaw: error: --mailbox is missing\n"), (missing.Code, missing.Error));
        var capital = await CommandRun.OfAsync(["openpgpkey", "create", "hugh.asc", "--mailbox", "Hugh@example.com"], folder: OpenPgp);
        Assert.Equal(0, capital.Code);
        Assert.StartsWith(Convert.ToHexStringLower(SHA256.HashData("Hugh"u8))[..56] + "._openpgpkey.example.com. ", capital.Output, StringComparison.Ordinal);
        Assert.StartsWith("danelaw: hint: capitals count", capital.Error, StringComparison.Ordinal);
    }
}
