using System.Security.Cryptography;
using System.Text.Json;
using Danelaw.Cli.Tests.Rendering;
using Danelaw.Cli.Tests.Running;
using Danelaw.Testing.Peers;

namespace Danelaw.Cli.Tests.Commands;

/// <summary><c>tlsa compare</c> against the hosts of a lab, with what they have on disk and with what they have not.</summary>
public sealed class TlsaCompareTests(LabWorld world) : IClassFixture<LabWorld>, IDisposable
{
    private readonly TestFolder _folder = new("compare");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mx.good.lab")]
    [InlineData("mx.dual.lab")]
    [InlineData("mx.tls13.lab")]
    [InlineData("mx.anchor.lab")]
    [InlineData("mx.anchor-2-0-0.lab")]
    [InlineData("mx.anchor-2-1-0.lab")]
    [InlineData("mx.tlsa-alias.lab")]
    [InlineData("mx.mx-alias.lab")]
    [InlineData("mx.sni.lab")]
    [InlineData("mx.expired-ee.lab")]
    public async Task What_is_published_and_served_agrees(string host)
    {
        var run = await CompareAsync(host);
        Assert.Equal((0, "agreeing", ""), (run.Code, run.Verdict, run.Error));
        Assert.Equal(0, run.Json.GetProperty("advice").GetArrayLength());
        Assert.All(run.Json.GetProperty("keys").EnumerateArray(), key => Assert.True(key.GetProperty("published").GetBoolean() && key.GetProperty("served").GetBoolean() && key.GetProperty("onDisk").ValueKind == JsonValueKind.Null));
    }

    [Fact]
    public async Task All_three_agree_whatever_form_the_files_have()
    {
        var own = Files("mx.dual.lab");
        Assert.Equal((0, "agreeing"), Brief(await CompareAsync("mx.dual.lab", own.Certificates)));
        Assert.Equal((0, "agreeing"), Brief(await CompareAsync("mx.dual.lab", own.Keys)));
        Assert.Equal((0, "agreeing"), Brief(await CompareAsync("mx.anchor.lab", Files("mx.anchor.lab").Certificates)));
    }

    [Fact]
    public async Task A_served_key_that_is_on_no_disk_differs()
    {
        var run = await CompareAsync("mx.dual.lab", [Files("mx.dual.lab").Certificates[0]]);
        Assert.Equal((1, "differing"), Brief(run));
        Assert.Equal([false, true], run.Json.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("onDisk").GetBoolean()).Order());
        Assert.Matches("shows CN=mx.dual.lab, [^\n]*, which is in none of the files given: ", run.Advice);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task A_key_to_come_is_to_be_published_first_and_from_when_on_it_may_be_served_is_told()
    {
        var next = Files("mx.rsa.lab").Keys[0];
        var run = await CompareAsync("mx.good.lab", [Files("mx.good.lab").Keys[0], next]);
        Assert.Equal((1, "differing"), Brief(run));
        Assert.Matches($"^Publish a record of {next} before the server gets it: danelaw publish _25._tcp.mx.good.lab --tlsa \"3 1 1 [0-9a-f]{{64}}\" --to WAY( --[a-z-]+ [^ ]+)*\\. If every authoritative server has it now, the server may have the key from 20[0-9-]+T[0-9:]+Z on: twice the TTL of [0-9]+ s and a margin \\(RFC 7671 §8.1\\)$", run.Advice);
    }

    [Fact]
    public async Task A_served_key_without_a_record_is_to_be_recognised_first_and_the_record_of_another_is_told()
    {
        var run = await CompareAsync("mx.mismatch.lab");
        Assert.Equal((1, "differing"), Brief(run));
        Assert.Matches("^[^\n]* danelaw tlsa compare smtp://mx.mismatch.lab:25 FILE( --[a-z-]+ [^ \n]+)*\nIf it is, publish a record of it at once: danelaw publish _25._tcp.mx.mismatch.lab --tlsa \"3 1 1 ", run.Advice);
        Assert.Contains("means nothing that was seen", run.Advice, StringComparison.Ordinal);
        Assert.Equal(1, run.Json.GetProperty("unmet").GetArrayLength());
    }

    [Fact]
    public async Task A_record_of_a_key_to_come_differs_until_it_is_served()
    {
        var run = await CompareAsync("mx.rollover.lab");
        Assert.Equal((1, "differing"), Brief(run));
        Assert.Equal((1, 1), (run.Json.GetProperty("unmet").GetArrayLength(), run.Json.GetProperty("keys").GetArrayLength()));
    }

    [Theory]
    [InlineData("mx.closed.lab", 3, "unseen")]
    [InlineData("mx.greeting-421.lab", 3, "unseen")]
    [InlineData("mx.tlsa-denied.lab", 3, "unseen")]
    [InlineData("nowhere.good.lab", 3, "unseen")]
    [InlineData("mx.no-tlsa.lab", 4, "unpublished")]
    [InlineData("mx.tlsa-unsigned.lab", 4, "unpublished")]
    public async Task What_cannot_be_seen_or_is_not_there_has_exit_codes_of_its_own(string host, int code, string verdict)
    {
        var run = await CompareAsync(host);
        Assert.Equal((code, verdict), Brief(run));

        // A zone that is signed can have a record, whatever else is to be done.
        Assert.Equal(host == "mx.no-tlsa.lab", run.Advice.Contains("\nIf it is, publish a record of it: danelaw publish ", StringComparison.Ordinal));
    }

    /// <summary>The server is out of reach: nothing says that what is on disk is not what it shows.</summary>
    [Fact]
    public async Task What_was_not_seen_does_not_differ() => Assert.Equal((3, "unseen"), Brief(await CompareAsync("mx.greeting-421.lab", Files("mx.greeting-421.lab").Certificates)));

    [Fact]
    public async Task As_text_each_certificate_has_a_line_with_the_places_where_it_is()
    {
        var run = await world.RunAsync("tlsa", "compare", "mx.mismatch.lab", Files("mx.good.lab").Certificates[0]);
        Assert.Equal((1, ""), (run.Code, run.Error));
        Assert.StartsWith("smtp://mx.mismatch.lab:25: DIFFERING\n  Something is in one place and not in another.\n\n_25._tcp.mx.mismatch.lab TLSA: secure, TTL ", run.Output, StringComparison.Ordinal);
        Assert.Matches("\n  published  served  on disk\n  no         yes     no       CN=[^\n]*\n", run.Output);
        Assert.Matches("\n  no         no      yes      CN=[^\n]*\n", run.Output);
        Assert.Matches("\n  yes        no      no       3 1 1 [0-9a-f]{16}\\.\\.[0-9a-f]{8}\n", run.Output);
        Assert.Equal("smtp://mx.mismatch.lab:25: DIFFERING\n", (await world.RunAsync("tlsa", "compare", "mx.mismatch.lab", "-q")).Output);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1 is an address, and TLSA records stand under names")]
    [InlineData("mx.good.lab:2525", "mx.good.lab:2525: port 2525 does not tell")]
    [InlineData("mx.good.lab - -", "FILE is standard input twice")]
    [InlineData("mx.good.lab missing.pem", "cannot read missing.pem: there is no such file")]
    public async Task What_makes_no_sense_is_misuse(string words, string fault)
    {
        var run = await world.RunAsync(["tlsa", "compare", "-q", .. words.Split(' ')]);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith($"danelaw: error: {fault}", run.Error, StringComparison.Ordinal);
    }

    private static (int, string?) Brief(Compared run) => (run.Code, run.Verdict);

    private async Task<Compared> CompareAsync(string host, IEnumerable<string>? files = null, params string[] options)
    {
        var run = await world.RunAsync(["tlsa", "compare", "--json", host, .. files ?? [], .. options]);
        if (run.Output.Length == 0) Assert.Fail(run.Error);
        await SchemaTests.AssertValidAsync("tlsa-compare", run.Output);
        return new(run.Code, JsonDocument.Parse(run.Output).RootElement, run.Error);
    }

    /// <summary>What a host of the lab has on disk.</summary>
    private (string[] Certificates, string[] Keys) Files(string name)
    {
        var identities = world.Lab.Hosts.Single(host => host.Name.TrimEnd('.') == name).Tls.Identities;
        return (
            [.. identities.Select((identity, i) => _folder.Write($"{name}.{i}.pem", string.Concat(identity.Sent.Select(der => PemEncoding.WriteString("CERTIFICATE", der.Span) + "\n"))))],
            [.. identities.Select((identity, i) => _folder.Write($"{name}.{i}.key", identity.Certificate.PrivateKeyToPem()))]);
    }

    private sealed record Compared(int Code, JsonElement Json, string Error)
    {
        public string? Verdict => Json.GetProperty("verdict").GetString();

        public string Advice => string.Join('\n', Json.GetProperty("advice").EnumerateArray().Select(one => one.GetString()));
    }
}
