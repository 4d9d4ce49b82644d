using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Records;

/// <summary>What <c>tlsa create</c> writes, read by the programs that it is for, and asked of their servers.</summary>
[Peer("openssl"), Peer("bind"), Peer("tinydns")]
public sealed class RecordFormatTests : IDisposable
{
    private const string Zone = "$TTL 600\n@ SOA ns1 h 7 7200 900 1209600 300\n@ NS ns1\nns1 A 127.25.6.1\n";

    private readonly TestFolder _folder = new("record-formats");

    public void Dispose() => _folder.Dispose();

    [Fact, Rfc(3597, "5")]
    public async Task BIND_serves_the_same_from_zone_lines_generic_lines_and_nsupdate()
    {
        const string Address = "127.25.6.1";
        await Loopback.AddAsync([Address], TestContext.Current.CancellationToken);
        var zones = new List<BindZone>();
        foreach (var (name, format) in ((string, string)[])[("lines.example.", "zone"), ("generic.example.", "rfc3597"), ("update.example.", "")])
        {
            var zone = await BindZone.CreateAsync(_folder, name, policy: null, TestContext.Current.CancellationToken);
            zone.Text = Zone + (format.Length == 0 ? "" : await CreateAsync($"mx.{name}", "--format", format));
            zone.Statements = "allow-update { 127.0.0.0/8; };";
            zones.Add(zone);
        }

        await using var bind = await Bind.StartAsync(_folder, Address, 53, zones, TestContext.Current.CancellationToken);
        var script = $"server {Address}\n" + await CreateAsync("mx.update.example.", "--format", "nsupdate", "--zone", "update.example", "--ttl", "600");
        var updated = await PeerProcess.RunAsync(Peer.Require("nsupdate"), [], script, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (updated.ExitCode, updated.Everything));

        foreach (var zone in zones) await AssertServedAsync(Address, $"mx.{zone.Name}");

        // The set as it is, whatever was there: nothing of it is left, and what comes again is there once.
        script = $"server {Address}\n" + await CreateAsync("mx.update.example.", "--matching", "2", "--format", "nsupdate", "--replace", "--ttl", "60");
        updated = await PeerProcess.RunAsync(Peer.Require("nsupdate"), [], script, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (updated.ExitCode, updated.Everything));
        await AssertServedAsync(Address, "mx.update.example.", "--matching", "2", "--ttl", "60");
    }

    /// <summary>Read by PyYAML as OctoDNS does, which refuses keys that are not in natural order; the program itself is not here.</summary>
    [Fact, Peer("python3")]
    public async Task A_reader_of_YAML_sees_what_OctoDNS_is_to_see()
    {
        var text = await CreateAsync("mx.example.org", "--format", "octodns", "--zone", "example.org");
        var program = _folder.Write("read.py", """
            import json, re, sys, yaml
            class Loader(yaml.SafeLoader): pass
            def mapping(loader, node):
                pairs = loader.construct_pairs(node, deep=True)
                keys = [key for key, _ in pairs]
                natural = lambda key: [int(part) if part.isdigit() else part for part in re.split(r'(\d+)', key)]
                assert keys == sorted(keys, key=natural), keys
                return dict(pairs)
            Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
            print(json.dumps(yaml.load(sys.stdin, Loader), separators=(',', ':')))
            """);
        var read = await PeerProcess.RunAsync(Peer.Require("python3"), [program], text, cancellationToken: TestContext.Current.CancellationToken);
        var values = (await CreateAsync("mx.example.org")).Split('\n').Where(line => line.StartsWith("_25.", StringComparison.Ordinal)).Select(line => line.Split(' ')[^4..]).Select(value => $$"""{"certificate_association_data":"{{value[3]}}","certificate_usage":{{value[0]}},"matching_type":{{value[2]}},"selector":{{value[1]}}}""");
        var entry = $$$""":{"type":"TLSA","values":[{{{string.Join(',', values)}}}]}""";
        Assert.Equal((0, $$"""{"_25._tcp.mx"{{entry}},"_993._tcp.mx"{{entry}}}""" + "\n", ""), (read.ExitCode, read.Output, read.Error));
    }

    [Fact]
    public async Task Tinydns_serves_what_tinydns_data_reads()
    {
        const string Address = "127.25.6.2";
        await Loopback.AddAsync([Address], TestContext.Current.CancellationToken);
        Peer.RequireRoot();
        _folder.Write("tinydns/data", $".tiny.example:{Address}:ns1.tiny.example:600\n" + await CreateAsync("Mx.Tiny.example.", "--format", "tinydns", "--ttl", "600"));
        var compiled = await PeerProcess.RunAsync(Peer.Require("tinydns-data"), [], folder: _folder["tinydns"], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (compiled.ExitCode, compiled.Everything));
        await using var tinydns = PeerProcess.Start("/usr/bin/env", $"IP={Address}", $"ROOT={_folder["tinydns"]}", "UID=65534", "GID=65534", Peer.Require("tinydns"));

        await AssertServedAsync(Address, "mx.tiny.example.");
    }

    private async Task<string> CreateAsync(string name, params string[] options)
    {
        if (!File.Exists(_folder["key.pem"])) await PeerProcess.RunAsync(Peer.Require("openssl"), ["genpkey", "-algorithm", "ED25519", "-out", _folder["key.pem"]], cancellationToken: TestContext.Current.CancellationToken);
        var made = await DanelawCommand.RunAsync(["tlsa", "create", _folder["key.pem"], "--name", name, "--port", "25", "--port", "993", "--matching", "1", "--matching", "0", "-q", .. options], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        return made.Output;
    }

    private async Task AssertServedAsync(string server, string name, params string[] options)
    {
        var lines = await CreateAsync(name, options.Length > 0 ? options : ["--ttl", "600"]);
        foreach (var port in (int[])[25, 993])
        {
            var reply = await Dig.AskAsync(server, 53, $"_{port}._tcp.{name}", "TLSA", cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal("NOERROR", reply.ResponseCode);
            Assert.Equal(lines.Split('\n').Where(line => line.StartsWith($"_{port}.", StringComparison.Ordinal)).Order(StringComparer.Ordinal), reply.Answer.Select(Plain).Order(StringComparer.Ordinal));
        }
    }

    /// <summary>dig's line as ours: single blanks, digits in lower case.</summary>
    private static string Plain(string line)
    {
        var parts = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return string.Join(' ', parts[..^1]) + " " + parts[^1].ToLowerInvariant();
    }
}
