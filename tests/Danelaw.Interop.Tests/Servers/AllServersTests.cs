using System.Net;
using System.Text.Json;
using Danelaw.Testing.Forwarding;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Servers;

/// <summary><c>lookup --all-servers</c> on a zone with eleven name servers, real ones, most of which are wrong each in its own way.</summary>
[Peer("nsd"), Peer("bind"), Peer("unbound"), Peer("ldns")]
public sealed class AllServersTests
{
    private const string Zone = "many.example.";
    private const int Tlsa = 52;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact, Rfc(7672, "2.1.2"), Rfc(7766, "5"), Rfc(1982, "3.2")]
    public async Task Each_faulty_server_is_told_with_its_own_fault_and_the_sound_ones_with_none()
    {
        Peer.RequireOwnNetwork();
        using var folder = new TestFolder("servers");
        await Loopback.AddAsync([.. Enumerable.Range(1, 10).Select(i => $"127.80.0.{i}"), "fd00:80::1", "127.80.0.53"], Cancelled);
        var zone = new LdnsZone(folder, Zone) { Text = ZoneText(serial: 2) };
        var key = await zone.AddKeyAsync(13, cancellationToken: Cancelled);
        var signed = await zone.SignAsync(new LdnsSigning(), Cancelled);
        zone.Text = ZoneText(serial: 1);
        var old = await zone.SignAsync(new LdnsSigning(), Cancelled);
        zone.Text = ZoneText(serial: 2);
        var over = await zone.SignAsync(new LdnsSigning { Inception = "20260101000000", Expiration = "20260201000000" }, Cancelled);
        var bare = string.Join('\n', signed.Split('\n').Where(line => !line.Contains("\tNSEC\t", StringComparison.Ordinal) && !line.Contains("\tRRSIG\tNSEC ", StringComparison.Ordinal))) + "\n";

        await using var sound = await Nsd.StartAsync(folder, "127.80.0.1", 53, [(Zone, signed)], Cancelled);
        await using var lagging = await Nsd.StartAsync(folder, "127.80.0.2", 53, [(Zone, old)], Cancelled);
        await using var unsigned = await Nsd.StartAsync(folder, "127.80.0.3", 53, [(Zone, ZoneText(serial: 2))], Cancelled);
        await using var lame = await Nsd.StartAsync(folder, "127.80.0.4", 53, [("other.example.", ZoneText(serial: 2))], Cancelled);
        await using var withoutTcp = RewritingForwarder.Start(new(IPAddress.Parse("127.80.0.6"), 53), new(IPAddress.Parse("127.80.0.1"), 53), async (query, forwarder, stop) => query.OverTcp ? [] : await RewritingForwarder.Unchanged(query, forwarder, stop));
        await using var dropping = RewritingForwarder.Start(new(IPAddress.Parse("127.80.0.7"), 53), new(IPAddress.Parse("127.80.0.1"), 53), async (query, forwarder, stop) => query.Type == Tlsa ? [] : await RewritingForwarder.Unchanged(query, forwarder, stop));
        var copy = await BindZone.CreateAsync(folder, Zone, null, Cancelled);
        copy.Text = signed;
        await using var second = await Bind.StartAsync(folder, "127.80.0.8", 53, [copy], Cancelled);
        await using var denying = await Nsd.StartAsync(folder, "127.80.0.9", 53, [(Zone, bare)], Cancelled);
        await using var expired = await Nsd.StartAsync(folder, "127.80.0.10", 53, [(Zone, over)], Cancelled);
        await using var six = await Nsd.StartAsync(folder, "fd00:80::1", 53, [(Zone, signed)], Cancelled);
        await using var resolver = await Unbound.StartAsync(folder, "127.80.0.53", 53, new UnboundOptions { Extra = $"stub-zone:\n  name: \"{Zone}\"\n  stub-addr: 127.80.0.1\n" }, Cancelled);
        string[] call = ["lookup", "_25._tcp.mx." + Zone, "TLSA", "--all-servers", "--resolver", "127.80.0.53", "--trust-anchor", folder.Write("anchor", key), "--timeout", "1s", "--tries", "1"];

        var told = await DanelawCommand.RunAsync([.. call, "--json"], cancellationToken: Cancelled);

        Assert.True(told.ExitCode == 1, told.Everything);
        using var document = JsonDocument.Parse(told.Output);
        Assert.Equal("secure", document.RootElement.GetProperty("status").GetString());
        var servers = document.RootElement.GetProperty("servers");
        Assert.Equal((Zone, "secure"), (servers.GetProperty("zone").GetString(), servers.GetProperty("nsStatus").GetString()));
        var faults = servers.GetProperty("servers").EnumerateArray().ToDictionary(server => server.GetProperty("address").GetString()!, server => string.Join(' ', server.GetProperty("faults").EnumerateArray().Select(fault => fault.GetString())));
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["127.80.0.1"] = "",
                ["127.80.0.2"] = "SERVER-SERIAL-LAG",
                ["127.80.0.3"] = "SERVER-UNSIGNED",
                ["127.80.0.4"] = "SERVER-LAME",
                ["127.80.0.5"] = "SERVER-UNREACHABLE",
                ["127.80.0.6"] = "SERVER-NO-TCP",
                ["127.80.0.7"] = "SERVER-TYPE-DROPPED",
                ["127.80.0.8"] = "",
                ["127.80.0.9"] = "SERVER-DENIAL",
                ["127.80.0.10"] = "SERVER-BOGUS",
                ["fd00:80::1"] = "",
            }.OrderBy(pair => pair.Key, StringComparer.Ordinal),
            faults.OrderBy(pair => pair.Key, StringComparer.Ordinal));

        var page = await DanelawCommand.RunAsync(call, cancellationToken: Cancelled);
        var table = page.Output.Split('\n').SkipWhile(line => !line.StartsWith("The servers of ", StringComparison.Ordinal)).TakeWhile(line => !line.StartsWith("What was found", StringComparison.Ordinal)).Where(line => line.StartsWith("   ", StringComparison.Ordinal)).ToList();
        Assert.Equal(11 + servers.GetProperty("servers").EnumerateArray().Sum(server => server.GetProperty("questions").GetArrayLength()), table.Count);
        Assert.All(table, line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains(table, line => line.Contains("TCP TLSA", StringComparison.Ordinal) && line.Contains("no reply in time", StringComparison.Ordinal));
    }

    [Fact, Rfc(2181, "10.3")]
    public async Task A_name_server_whose_name_is_an_alias_is_told()
    {
        const string aliased = "aliased.example.";
        Peer.RequireOwnNetwork();
        using var folder = new TestFolder("servers");
        await Loopback.AddAsync(["127.80.1.1", "127.80.1.2", "127.80.1.53"], Cancelled);
        var zone = new LdnsZone(folder, aliased) { Text = $"$ORIGIN {aliased}\n$TTL 300\n@ SOA ns1 hostmaster 1 7200 900 1209600 300\n@ NS ns1\n@ NS ns2\nns1 CNAME real\nns2 CNAME real\nreal A 127.80.1.1\nmx A 192.0.2.25\n" };
        var key = await zone.AddKeyAsync(13, cancellationToken: Cancelled);
        var above = $"$ORIGIN example.\n$TTL 300\n@ SOA ns h 1 7200 900 1209600 300\n@ NS ns\nns A 127.80.1.2\naliased NS ns1.aliased\naliased NS ns2.aliased\nns1.aliased A 127.80.1.1\nns2.aliased A 127.80.1.1\n";
        await using var server = await Nsd.StartAsync(folder, "127.80.1.1", 53, [(aliased, await zone.SignAsync(new(), Cancelled))], Cancelled);
        await using var parent = await Nsd.StartAsync(folder, "127.80.1.2", 53, [("example.", above)], Cancelled);

        var told = await DanelawCommand.RunAsync(["lookup", "mx." + aliased, "A", "--all-servers", "--iterate", "--root-hints", folder.Write("hints", "example. 300 NS ns.example.\nns.example. 300 A 127.80.1.2\n"), "--trust-anchor", folder.Write("anchor", key), "--json"], cancellationToken: Cancelled);

        Assert.True(told.ExitCode == 1, told.Everything);
        using var document = JsonDocument.Parse(told.Output);
        Assert.Equal("secure", document.RootElement.GetProperty("status").GetString());
        Assert.Equal(["error ns1.aliased.example", "error ns2.aliased.example"], document.RootElement.GetProperty("servers").GetProperty("findings").EnumerateArray().Where(finding => finding.GetProperty("code").GetString() == "SERVER-ALIAS").Select(finding => $"{finding.GetProperty("severity").GetString()} {finding.GetProperty("subject").GetString()}").Order(StringComparer.Ordinal));
    }

    private static string ZoneText(int serial) => $"""
        $ORIGIN {Zone}
        $TTL 300
        @ SOA ns1 hostmaster {serial} 7200 900 1209600 300
        {string.Join('\n', Enumerable.Range(1, 10).Select(i => $"@ NS ns{i}\nns{i} A 127.80.0.{i}"))}
        ns1 AAAA fd00:80::1
        mx A 192.0.2.25
        _25._tcp.mx TLSA 3 1 1 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20

        """.Replace("        ", "", StringComparison.Ordinal);
}
