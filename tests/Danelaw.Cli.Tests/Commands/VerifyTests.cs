using Danelaw.Cli.Tests.Rendering;
using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Commands;

public sealed class VerifyTests(CertificateFiles files) : IClassFixture<CertificateFiles>
{
    private string KeyDigest => CertificateFiles.Sha256(files.Leaf.PublicKey.ExportSubjectPublicKeyInfo());

    private string AuthorityDigest => CertificateFiles.Sha256(files.Authority.RawData);

    private Task<CommandRun> VerifyAsync(params string[] args) => CommandRun.OfAsync(["verify", "--now", "2026-06-01T00:00:00Z", .. args], folder: files.Folder);

    [Fact, Rfc(7671, "5.1")]
    public async Task A_key_that_matches_is_told_with_its_record_and_depth()
    {
        var run = await VerifyAsync("--chain", "leaf.pem", "--tlsa", $"3 1 1 {KeyDigest}", "--name", "other.example.org", "--json");
        Assert.Equal((0, """{"schema":"danelaw.verify/1","matched":true,"usage":3,"selector":1,"matching":1,"depth":0,"reason":"matched-end-entity"}""" + "\n"), (run.Code, run.Output));
        await SchemaTests.AssertValidAsync("verify", run.Output);
    }

    [Fact, Rfc(7671, "5.2")]
    public async Task An_anchor_of_the_chain_is_told_with_its_depth()
    {
        var run = await VerifyAsync("--chain", "chain.pem", "--tlsa", $"2 0 1 {AuthorityDigest}", "--name", "mx.example.org", "--service", "smtp", "--json");
        Assert.Equal((0, """{"schema":"danelaw.verify/1","matched":true,"usage":2,"selector":0,"matching":1,"depth":1,"reason":"matched-trust-anchor"}""" + "\n"), (run.Code, run.Output));
    }

    [Fact]
    public async Task No_match_is_exit_1_with_a_reason()
    {
        var run = await VerifyAsync("--chain", "chain.pem", "--tlsa", $"2 0 1 {AuthorityDigest}", "--name", "mx.example.net", "--json");
        Assert.Equal((1, """{"schema":"danelaw.verify/1","matched":false,"usage":null,"selector":null,"matching":null,"depth":null,"reason":"name-mismatch"}""" + "\n"), (run.Code, run.Output));
        await SchemaTests.AssertValidAsync("verify", run.Output);
    }

    [Fact]
    public async Task The_clock_is_that_of_the_option()
    {
        var run = await CommandRun.OfAsync(["verify", "--now", "2027-06-01T00:00:00Z", "--chain", "chain.pem", "--tlsa", $"2 0 1 {AuthorityDigest}", "--name", "mx.example.org", "--json"], folder: files.Folder);
        Assert.Contains("\"reason\":\"expired\"", run.Output, StringComparison.Ordinal);
        Assert.Equal(1, run.Code);
    }

    [Fact, Rfc(7672, "3.1.3")]
    public async Task Usage_1_counts_for_https_with_the_authorities_given_and_never_for_smtp()
    {
        string[] args = ["--chain", "chain.pem", "--tlsa", $"1 1 1 {KeyDigest}", "--name", "mx.example.org", "--ca-file", "ca.pem"];
        Assert.Equal(0, (await VerifyAsync([.. args, "--service", "https"])).Code);
        Assert.Equal(0, (await VerifyAsync(args)).Code);
        Assert.Equal(1, (await VerifyAsync([.. args, "--service", "smtp"])).Code);
    }

    [Fact]
    public async Task Of_several_records_one_match_is_enough()
    {
        var run = await VerifyAsync("--chain", "leaf.pem", "--tlsa", $"3 1 1 {new string('0', 64)}", "--tlsa", $"3 1 1 {KeyDigest.ToUpperInvariant()}", "--name", "mx.example.org");
        Assert.Equal(0, run.Code);
        Assert.StartsWith($"MATCH (matched-end-entity): 3 1 1 {KeyDigest[..16]}..{KeyDigest[^8..]} at depth 0\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_digest_of_the_wrong_length_is_an_unusable_record_and_no_misuse()
    {
        var run = await VerifyAsync("--chain", "leaf.pem", "--tlsa", "3 1 1 abcd", "--name", "mx.example.org");
        Assert.Equal(1, run.Code);
        Assert.Contains("  unusable: 3 1 1 abcd (wrong-digest-length)\n", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3 1 1 abc", "odd number")]
    [InlineData("3 1 1 zz", "not a hexadecimal digit")]
    [InlineData("3 1", "missing")]
    [InlineData("3 1 300 ab", "not a number from 0 to 255")]
    [InlineData("", "missing")]
    public async Task A_record_that_cannot_be_read_is_misuse(string record, string fault)
    {
        var run = await VerifyAsync("--chain", "leaf.pem", "--tlsa", record, "--name", "mx.example.org");
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing.pem", "cannot read missing.pem: there is no such file")]
    [InlineData("text.pem", "text.pem: it is neither PEM nor a certificate or public key in DER")]
    [InlineData("private.pem", "private.pem: it holds a private key where a certificate is wanted")]
    [InlineData("curve-key.pem", "curve-key.pem: it holds a private key where a certificate is wanted")]
    [InlineData("public.pem", "public.pem: it holds a public key where a certificate is wanted")]
    public async Task A_chain_file_that_is_of_no_use_is_named_with_its_fault(string file, string fault)
    {
        var run = await VerifyAsync("--chain", file, "--tlsa", $"3 1 1 {KeyDigest}", "--name", "mx.example.org", "-q");
        Assert.Equal((2, "", $"danelaw: error: {fault}\n"), (run.Code, run.Output, run.Error));
    }

    [Fact]
    public async Task An_option_without_its_value_does_not_swallow_the_next()
    {
        var run = await VerifyAsync("--chain", "--tlsa", $"3 1 1 {KeyDigest}", "--name", "mx.example.org");
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith("danelaw: error: --chain needs a value\n", run.Error, StringComparison.Ordinal);
    }
}
