using System.Text.Json;
using Danelaw.Cli.Rendering.Records;
using Danelaw.Cli.Tests.Rendering;
using Danelaw.Cli.Tests.Running;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Cli.Tests.Commands;

/// <summary>Several names and ports at once, and each form that records are written in.</summary>
public sealed class RecordFormatTests(CertificateFiles files) : IClassFixture<CertificateFiles>
{
    private string Digest => CertificateFiles.Sha256(files.Leaf.PublicKey.ExportSubjectPublicKeyInfo());

    private Task<CommandRun> CreateAsync(params string[] args) => CommandRun.OfAsync(["tlsa", "create", "leaf.pem", "--name", "mx.example.org", .. args], folder: files.Folder);

    [Fact, Rule("R01")]
    public async Task Every_name_has_its_record_at_every_port()
    {
        var run = await CreateAsync("--name", "imap.example.org", "--port", "25", "--port", "993", "--port", "25");
        Assert.Equal(
            (0, string.Concat(((string[])["_25._tcp.mx", "_993._tcp.mx", "_25._tcp.imap", "_993._tcp.imap"]).Select(owner => $"{owner}.example.org. IN TLSA 3 1 1 {Digest}\n")), ""),
            (run.Code, run.Output, run.Error));
    }

    [Fact]
    public async Task Ports_come_one_by_one_in_lists_and_by_the_names_of_services()
    {
        var run = await CreateAsync("--port", "25, 465", "--port", "IMAPS,993,submission");
        Assert.Equal(["_25", "_465", "_993", "_587"], run.Output.TrimEnd('\n').Split('\n').Select(line => line[..line.IndexOf('.', StringComparison.Ordinal)]));
    }

    [Fact, Rule("R59"), Rfc(7671, "9")]
    public async Task SHA512_comes_beside_SHA256_or_by_leave()
    {
        var strong = CertificateFiles.Sha512(files.Leaf.PublicKey.ExportSubjectPublicKeyInfo());
        var alone = await CreateAsync("--matching", "2");
        Assert.Equal((1, "", "danelaw: error: no record was made: 3 1 2 alone is of no use to clients that do not know SHA-512, and none has to know it (RFC 6698 §6)\ndanelaw: hint: --matching 1 --matching 2 makes both; --allow makes it all the same\n"), (alone.Code, alone.Output, alone.Error));
        var both = await CreateAsync("--matching", "2", "--matching", "1", "-q");
        Assert.Equal((0, $"_25._tcp.mx.example.org. IN TLSA 3 1 2 {strong}\n_25._tcp.mx.example.org. IN TLSA 3 1 1 {Digest}\n"), (both.Code, both.Output));
        var allowed = await CreateAsync("--matching", "2", "--allow", "-q");
        Assert.Equal((0, $"_25._tcp.mx.example.org. IN TLSA 3 1 2 {strong}\n"), (allowed.Code, allowed.Output));
    }

    [Theory, Rfc(3597, "5")]
    [InlineData("zone", "_25._tcp.mx.example.org. IN TLSA 3 1 1 {0}\n_465._tcp.mx.example.org. IN TLSA 3 1 1 {0}\n")]
    [InlineData("zone --ttl 60", "_25._tcp.mx.example.org. 60 IN TLSA 3 1 1 {0}\n_465._tcp.mx.example.org. 60 IN TLSA 3 1 1 {0}\n")]
    [InlineData("rfc3597", "_25._tcp.mx.example.org. IN TYPE52 \\# 35 030101{0}\n_465._tcp.mx.example.org. IN TYPE52 \\# 35 030101{0}\n")]
    [InlineData("nsupdate", "update add _25._tcp.mx.example.org. 3600 IN TLSA 3 1 1 {0}\nupdate add _465._tcp.mx.example.org. 3600 IN TLSA 3 1 1 {0}\nsend\n")]
    [InlineData("nsupdate --zone example.org --ttl 60", "zone example.org.\nupdate add _25._tcp.mx.example.org. 60 IN TLSA 3 1 1 {0}\nupdate add _465._tcp.mx.example.org. 60 IN TLSA 3 1 1 {0}\nsend\n")]
    [InlineData("nsupdate --replace", "update delete _25._tcp.mx.example.org. IN TLSA\nupdate delete _465._tcp.mx.example.org. IN TLSA\nupdate add _25._tcp.mx.example.org. 3600 IN TLSA 3 1 1 {0}\nupdate add _465._tcp.mx.example.org. 3600 IN TLSA 3 1 1 {0}\nsend\n")]
    public async Task Lines_are_those_that_the_program_reads(string format, string expected)
    {
        var run = await CreateAsync(["--port", "25", "--port", "465", "--format", .. format.Split(' ')]);
        Assert.Equal((0, expected.Replace("{0}", Digest, StringComparison.Ordinal), ""), (run.Code, run.Output, run.Error));
    }

    [Fact]
    public async Task The_fields_of_a_form_are_relative_to_the_zone()
    {
        var run = await CreateAsync("--format", "form", "--zone", "example.org");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(
            ["Port 25", "Protocol tcp", "Host mx (mx.example.org.)", "or Name _25._tcp.mx (_25._tcp.mx.example.org.)", "Usage 3", "Selector 1", "Matching type 1", $"Association {Digest}", "TTL 3600"],
            run.Output.TrimEnd('\n').Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        var whole = await CreateAsync("--format", "form");
        Assert.Contains("mx.example.org  (mx.example.org.)", whole.Output, StringComparison.Ordinal);
        Assert.Equal("danelaw: hint: Host is the whole name; with --zone ZONE it is written as forms want it that append the zone\n", whole.Error);
    }

    [Fact]
    public async Task A_line_of_tinydns_has_every_octet_in_octal()
    {
        var run = await CreateAsync("--name", "MX.Example.net", "--format", "tinydns", "--ttl", "300");
        var octets = string.Concat(((byte[])[3, 1, 1, .. Convert.FromHexString(Digest)]).Select(octet => "\\" + Convert.ToString(octet, 8).PadLeft(3, '0')));
        Assert.Equal((0, $":_25._tcp.mx.example.org:52:{octets}:300\n:_25._tcp.mx.example.net:52:{octets}:300\n"), (run.Code, run.Output));
    }

    [Fact]
    public void Octets_of_a_name_that_mean_something_to_tinydns_stand_in_octal()
    {
        // What is no host's name is refused before it comes to be written; the form does not rely on it.
        var line = TinydnsData.Of(new(DomainName.Parse(@"_25._tcp.a\.b:c\\.example.net"), null, RecordType.TLSA, new((byte[])[3, 1, 1]), null));
        Assert.Equal(@":_25._tcp.a\056b\072c\134.example.net:52:\003\001\001:3600", line);
    }

    [Fact]
    public async Task JSON_is_an_object_a_record_by_either_option()
    {
        var run = await CreateAsync("--port", "25", "--port", "465", "--format", "json", "--ttl", "60");
        Assert.Equal(run.Output, (await CreateAsync("--port", "25", "--port", "465", "--json", "--ttl", "60")).Output);
        var lines = run.Output.TrimEnd('\n').Split('\n');
        foreach (var line in lines) await SchemaTests.AssertValidAsync("tlsa", line);
        Assert.Equal(["_25._tcp.mx.example.org.", "_465._tcp.mx.example.org."], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("owner").GetString()));
        Assert.All(lines, line => Assert.Equal(60, JsonDocument.Parse(line).RootElement.GetProperty("ttl").GetInt32()));
    }
}
