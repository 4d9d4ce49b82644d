using System.Globalization;
using System.Text.Json;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Servers;

/// <summary><c>check --servers</c> on zones each with one fault, served by BIND, NSD, Knot and PowerDNS; and on one that all four serve soundly.</summary>
[Peer("nsd"), Peer("bind"), Peer("knot"), Peer("pdns"), Peer("unbound"), Peer("ldns")]
public sealed class ZoneFaultTests
{
    private const string Anchor = "faults.example.";
    private const string Record = "3 1 1 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";
    private const string Ns1 = "127.82.0.11";
    private const string Ns2 = "127.82.0.12";
    private const string BindAt = "127.82.0.13";
    private const string KnotAt = "127.82.0.14";
    private const string PowerAt = "127.82.0.15";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact, Rfc(8020, "2"), Rfc(7344, "3"), Rfc(8078, "4"), Rfc(4035, "5.2"), Rfc(6781, "4.4.2"), Rfc(9715, "3.2"), Rfc(7672, "2.1.2")]
    public async Task Each_fault_of_a_zone_is_told_by_its_own_code_and_what_four_programs_serve_soundly_by_none()
    {
        Peer.RequireOwnNetwork();
        using var folder = new TestFolder("faults");
        await Loopback.AddAsync(["127.82.0.1", Ns1, Ns2, BindAt, KnotAt, PowerAt, "127.82.0.53", "127.82.0.99"], Cancelled);
        var now = DateTimeOffset.UtcNow;
        var delegations = new List<string>();
        var first = new List<(string, string)>();
        var second = new List<(string, string)>();

        // One zone after the other: what stands in it, how it is signed, and what its second server has instead.
        // Knot writes names in lower case, the others as they were entered.
        var sound = await AddAsync("sound", [Ns1, BindAt, KnotAt, PowerAt], "@ MX 20 BackUp\nbackup A 127.82.0.99\n");
        var soundSigned = await sound.SignAsync(new(), Cancelled);
        first.Add((sound.Name, soundSigned));
        await BothAsync("denied", "", zone => zone.Text = zone.Text.Replace($"_25._tcp.mx TLSA {Record}\n", "", StringComparison.Ordinal));
        await OneAsync("large", string.Concat(Enumerable.Range(0, 40).Select(i => $"_25._tcp.mx TLSA 3 1 1 {i:x2}{Record[8..]}\n")), new());
        await OneAsync("long", "", new() { Expiration = Time(now.AddDays(200)) });
        await OneAsync("waiting", "@ CDS 4711 13 2 " + new string('a', 64) + "\n", new());
        await OneAsync("removal", "@ CDS 0 0 0 00\n", new());
        var stray = await OneAsync("stray", "", new());
        delegations.Add($"stray DS 4711 13 2 {new string('b', 64)}");
        var wrong = await OneAsync("wrong", "", new());
        delegations.RemoveAll(line => line.StartsWith(wrong.Name, StringComparison.Ordinal));
        delegations.Add($"wrong DS 4711 13 2 {new string('c', 64)}");

        var ends = await AddAsync("ends", [Ns1, Ns2], "");
        first.Add((ends.Name, await ends.SignAsync(new(), Cancelled)));
        second.Add((ends.Name, await ends.SignAsync(new() { Inception = Time(now.AddDays(-14)), Expiration = Time(now.AddHours(20)) }, Cancelled)));

        var keys = await AddAsync("keys", [Ns1, Ns2], "");
        first.Add((keys.Name, await keys.SignAsync(new(), Cancelled)));
        keys.Text += await keys.AddKeyAsync(13, secureEntryPoint: false, used: false, cancellationToken: Cancelled);
        second.Add((keys.Name, await keys.SignAsync(new(), Cancelled)));

        var nonTerminal = await AddAsync("nonterminal", [PowerAt], "");
        var parent = new LdnsZone(folder, Anchor)
        {
            Text = $"$ORIGIN {Anchor}\n$TTL 300\n@ SOA ns hostmaster 1 7200 900 1209600 300\n@ NS ns\nns A 127.82.0.1\n{string.Join('\n', delegations)}\n",
        };
        var key = await parent.AddKeyAsync(13, cancellationToken: Cancelled);

        await using var above = await Nsd.StartAsync(folder, "127.82.0.1", 53, [(Anchor, await parent.SignAsync(new(), Cancelled))], Cancelled);
        await using var one = await Nsd.StartAsync(folder, Ns1, 53, first, Cancelled);
        await using var two = await Nsd.StartAsync(folder, Ns2, 53, second, Cancelled);
        var copy = await BindZone.CreateAsync(folder, sound.Name, null, Cancelled);
        copy.Text = soundSigned;
        await using var bind = await Bind.StartAsync(folder, BindAt, 53, [copy], Cancelled);
        await using var knot = await Knot.StartAsync(folder, KnotAt, 53, [(sound.Name, soundSigned)], Cancelled);
        await using var power = await PowerDns.StartAsync(folder, PowerAt, 53, [Signing(sound), Signing(nonTerminal)], Cancelled);
        await ForgetEmptyNonTerminalsAsync(folder, nonTerminal.Name);
        await using var resolver = await Unbound.StartAsync(folder, "127.82.0.53", 53, new UnboundOptions { Extra = $"stub-zone:\n  name: \"{Anchor}\"\n  stub-addr: 127.82.0.1\n" }, Cancelled);

        string[] zones = ["sound", "denied", "large", "long", "waiting", "removal", "stray", "wrong", "ends", "keys", "nonterminal"];
        var told = await DanelawCommand.RunAsync(
            ["check", .. zones.Select(zone => $"{zone}.{Anchor}"), "--servers", "--json", "--resolver", "127.82.0.53", "--trust-anchor", folder.Write("anchor", key), "--timeout", "1s"], cancellationToken: Cancelled);

        var findings = told.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read).ToDictionary(pair => pair.Target, pair => pair.Findings);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["sound"] = "",
                ["denied"] = "error SERVER-TLSA-NAME-ERROR ns2.denied.faults.example [127.82.0.12]",
                ["large"] = "warning SERVER-ANSWER-LARGE ns1.large.faults.example [127.82.0.11]",
                ["long"] = "note DNSSEC-SIGNATURE-LONG long.faults.example",
                ["waiting"] = "warning DNSSEC-CDS-WAITING waiting.faults.example",
                ["removal"] = "warning DNSSEC-CDS-WAITING removal.faults.example",
                ["stray"] = "warning DNSSEC-DS-MISMATCH stray.faults.example",
                ["wrong"] = "error DNSSEC-DS-MISMATCH ns1.wrong.faults.example [127.82.0.11]",
                ["ends"] = "error DNSSEC-SIGNATURE-ENDS ns2.ends.faults.example [127.82.0.12]",
                ["keys"] = "error DNSSEC-KEY-ONE-SERVER ns1.keys.faults.example [127.82.0.11]\nerror DNSSEC-KEY-ONE-SERVER ns2.keys.faults.example [127.82.0.12]",
                ["nonterminal"] = "error DNSSEC-EMPTY-NON-TERMINAL ns1.nonterminal.faults.example [127.82.0.15]",
            }.Select(pair => $"{pair.Key}: {pair.Value}"),
            zones.Select(zone => $"{zone}: {findings[$"{zone}.{Anchor}"]}"));

        async Task<LdnsZone> AddAsync(string name, string[] servers, string records)
        {
            var zone = new LdnsZone(folder, $"{name}.{Anchor}")
            {
                Text = $"$ORIGIN {name}.{Anchor}\n$TTL 300\n@ SOA ns1 hostmaster 2 7200 900 1209600 300\n{string.Concat(servers.Select((address, i) => $"@ NS ns{i + 1}\nns{i + 1} A {address}\n"))}@ MX 10 mx\nmx A 127.82.0.99\n_25._tcp.mx TLSA {Record}\n{records}",
            };
            var line = await zone.AddKeyAsync(13, cancellationToken: Cancelled);
            delegations.AddRange(servers.SelectMany((address, i) => (string[])[$"{name} NS ns{i + 1}.{name}", $"ns{i + 1}.{name} A {address}"]));
            delegations.Add((await zone.DelegationSignerAsync(line, cancellationToken: Cancelled)).Trim());
            return zone;
        }

        async Task<LdnsZone> OneAsync(string name, string records, LdnsSigning signing)
        {
            var zone = await AddAsync(name, [Ns1], records);
            first.Add((zone.Name, await zone.SignAsync(signing, Cancelled)));
            return zone;
        }

        async Task BothAsync(string name, string records, Action<LdnsZone> change)
        {
            var zone = await AddAsync(name, [Ns1, Ns2], records);
            first.Add((zone.Name, await zone.SignAsync(new(), Cancelled)));
            change(zone);
            second.Add((zone.Name, await zone.SignAsync(new(), Cancelled)));
        }
    }

    private static PowerDnsZone Signing(LdnsZone zone) => new(zone.Name, zone.Text, zone.PrivateKeyFiles[0], UsesNsec3: false);

    private static string Time(DateTimeOffset time) => time.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    /// <summary>What a database has whose zone nobody has rectified.</summary>
    private static async Task ForgetEmptyNonTerminalsAsync(TestFolder folder, string zone)
    {
        const string script = "import sqlite3, sys; base = sqlite3.connect(sys.argv[1]); base.execute('delete from records where type is null and name like ?', ('%' + sys.argv[2],)); print(base.total_changes); base.commit()";
        var made = await PeerProcess.RunAsync(Peer.Require("python3"), ["-c", script, folder[$"pdns-{PowerAt}-53/zones.sqlite3"], zone.TrimEnd('.')], cancellationToken: Cancelled);
        Assert.True(made.ExitCode == 0 && made.Output.Trim() != "0", made.Everything);
    }

    private static (string Target, string Findings) Read(string line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        var codes = root.GetProperty("findings").EnumerateArray()
            .Select(finding => $"{finding.GetProperty("severity").GetString()} {finding.GetProperty("code").GetString()} {finding.GetProperty("subject").GetString()}")
            .Where(finding => finding.Contains(" SERVER-", StringComparison.Ordinal) || finding.Contains(" DNSSEC-", StringComparison.Ordinal));
        return (root.GetProperty("target").GetString()!.TrimEnd('.') + ".", string.Join('\n', codes));
    }
}
