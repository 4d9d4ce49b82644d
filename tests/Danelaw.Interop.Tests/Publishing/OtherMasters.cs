using Danelaw.Operator.Publishing;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Publishing;

public sealed class PowerDnsApiMaster : Master
{
    public const string ApiKey = "not-for-anybodys-eyes";

    /// <summary>A zone that secondaries transfer, whose serial PowerDNS leaves to somebody else.</summary>
    public const string KeptZone = "kept.lab.";

    /// <summary>One whose serial it raises.</summary>
    public const string RaisedZone = "raised.lab.";

    public override string Address => "127.81.0.4";

    public override PublisherSettings Settings => With(Secret("api-key", ApiKey + "\n"));

    public override PublisherSettings Refusing => With(Secret("other", "something-else\n"));

    public override PublisherSettings Absent => new PublisherSettings.PowerDns(new("http://127.81.0.250:8081"), "localhost", null, Secret("api-key", ApiKey));

    public PublisherSettings.PowerDns With(string keyFile, string? zone = null, string server = "localhost") => new(new($"http://{Address}:8081"), server, zone is null ? null : Name(zone), keyFile);

    protected override async Task StartAsync()
    {
        Keep(await PowerDns.StartAsync(
            Folder,
            Address,
            53,
            [new(Zone, Text, null, false), new(KeptZone, Small(KeptZone), null, false), new(RaisedZone, Small(RaisedZone), null, false)],
            $"api=yes\napi-key={ApiKey}\nwebserver=yes\nwebserver-address={Address}\nwebserver-port=8081\nwebserver-allow-from=127.0.0.0/8\nallow-axfr-ips=127.0.0.0/8\ndisable-axfr=no\n",
            [["add-zone-key", Zone, "ksk", "active", "ecdsa256"], ["rectify-zone", Zone], ["set-kind", KeptZone, "master"], ["set-kind", RaisedZone, "master"], ["set-meta", RaisedZone, "SOA-EDIT-API", "DEFAULT"]]));
        await WaitUntilSignedAsync();
    }

    private static string Small(string zone) => $"{zone} 600 SOA ns1.{zone} h.{zone} 7 7200 900 1209600 300\n{zone} 600 NS ns1.{zone}\nns1.{zone} 600 A 192.0.2.1\n";
}

/// <summary>A zone file that the reload command signs with ldns, and that NSD serves.</summary>
public sealed class ZoneFileMaster : Master
{
    private string _file = "";
    private string _reload = "";

    public override string Address => "127.81.0.5";

    public override PublisherSettings Settings => new PublisherSettings.ZoneFile(_file, Name(Zone), [_reload]);

    public override PublisherSettings Refusing => new PublisherSettings.ZoneFile(_file, Name(Zone), [Script("refuses", "echo 'the zone does not load' >&2; exit 1")]);

    public override PublisherSettings Absent => new PublisherSettings.ZoneFile(Folder.Root + "/no-such-file", Name(Zone), []);

    public override PublishOutcome OfAbsent => PublishOutcome.Refused;

    public override bool RefusesWildcards => true;

    private string Script(string name, string lines)
    {
        var path = Folder.Write(name, $"#!/bin/sh\nset -e\n{lines}\n");
        TestFolder.SetMode(path, 0b111_000_000);
        return path;
    }

    protected override async Task StartAsync()
    {
        _file = Folder.Write("pub.zone", Text);
        var zone = new LdnsZone(Folder, Zone) { Text = Text };
        await zone.AddKeyAsync(13);
        var nsd = Keep(await Nsd.StartAsync(Folder, Address, 53, [(Zone, await zone.SignAsync(new()))]));
        var served = Folder[$"nsd-{Address}-53/pub-lab.zone"];
        _reload = Script("reload", $"{Peer.Require("ldns-signzone")} -o {Zone} -f {served}.new {_file} {zone.PrivateKeyFiles[0][..^8]}\nmv {served}.new {served}\nkill -HUP $(cat {Folder[$"nsd-{Address}-53/nsd.pid"]})");
        await WaitUntilSignedAsync();
    }

    /// <summary>What the server has may be one moment behind the file; the file is what is mastered.</summary>
    public override async Task<IReadOnlyList<string>> DumpAsync(CancellationToken cancellationToken)
    {
        var said = await PeerProcess.RunAsync(Peer.Require("named-compilezone"), ["-i", "none", "-k", "ignore", "-o", "-", Zone, _file], cancellationToken: cancellationToken);
        return [.. said.Output.Split('\n').Select(Fields).Where(fields => fields.Length > 4 && fields[3] != "SOA").Select(fields => string.Join(' ', fields)).Order(StringComparer.Ordinal)];
    }
}

/// <summary>A hook that keeps a zone in a file: a mock of a DNS host, which nobody serves.</summary>
public sealed class HookMaster : Master
{
    private const string Program = """
        import json, os, sys
        store, mode = sys.argv[1], sys.argv[2]
        if mode == "refuses": sys.exit("the token is wrong" and 1)
        if mode == "absent": sys.exit(3)
        asked = json.load(sys.stdin)
        sets = json.load(open(store))
        owner = asked["owner"].lower()
        if not owner.endswith(".pub.lab."): sys.exit(1)
        if owner == "_25._tcp.alias.pub.lab.":
            print("an alias of _25._tcp.mx.pub.lab.", file=sys.stderr)
            sys.exit(1)
        if asked["action"] == "read":
            print(json.dumps(sets.get(owner, {"records": [], "ttl": None})))
            sys.exit(0)
        if sorted(sets.get(owner, {"records": []})["records"]) != sorted(asked["before"]): sys.exit(4)
        if asked["after"]: sets[owner] = {"records": asked["after"], "ttl": asked["ttl"]}
        else: sets.pop(owner, None)
        with open(store + ".new", "w") as new: json.dump(sets, new)
        os.rename(store + ".new", store)

        """;

    public override string Address => "127.81.0.6";

    public override bool IsServed => false;

    public override PublisherSettings Settings => With("works");

    public override PublisherSettings Refusing => With("refuses");

    public override PublisherSettings Absent => With("absent");

    private PublisherSettings.Hook With(string mode) => new([Peer.Require("python3"), Folder.Root + "/hook.py", Folder.Root + "/store.json", mode], Name(Zone));

    protected override Task StartAsync()
    {
        Folder.Write("hook.py", Program);
        Folder.Write("store.json", $$$"""{"_25._tcp.mx.pub.lab.": {"records": ["{{{First}}}"], "ttl": 300}, "*._tcp.wild.pub.lab.": {"records": ["{{{First}}}"], "ttl": 300}, "_443._tcp.mx.pub.lab.": {"records": ["{{{Record('z')}}}"], "ttl": 300}}""");
        return Task.CompletedTask;
    }

    public override async Task<IReadOnlyList<string>> DumpAsync(CancellationToken cancellationToken)
    {
        using var document = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(Folder.Root + "/store.json", cancellationToken));
        return [.. document.RootElement.EnumerateObject().SelectMany(set => set.Value.GetProperty("records").EnumerateArray().Select(record => $"{set.Name} {set.Value.GetProperty("ttl")} IN TLSA {record}")).Order(StringComparer.Ordinal)];
    }
}
