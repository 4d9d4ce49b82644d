using System.Globalization;
using System.Net;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Rollover;

/// <summary>The server in which the zone of a roll is mastered.</summary>
public enum MasterKind
{
    /// <summary>BIND.</summary>
    Bind,

    /// <summary>Knot DNS.</summary>
    Knot,

    /// <summary>PowerDNS.</summary>
    PowerDns,

    /// <summary>BIND, which signs a file that is edited in place.</summary>
    ZoneFile,
}

/// <summary>
/// A mail host as an operator has it: a signed zone that takes dynamic updates and has a secondary, Postfix that reads a chain file of Danelaw's, and
/// two caching resolvers with a sender behind each. An address of its own for each, in a network of the tests' own.
/// </summary>
internal sealed class RollWorld : IAsyncDisposable
{
    internal const string Zone = "roll.lab.", Host = "mx.roll.lab";

    internal const string KeyName = "roll-key.", Secret = "kp4/24gyYsEzbuTVJRUMoqGFmN3LYgVDzJ/3oRSP7ys=";

    private readonly List<IAsyncDisposable> _servers = [];
    private readonly int _timeToLive;
    private readonly MasterKind _kind;
    private PeerProcess? _secondary;

    private RollWorld(MasterKind kind, int number, int timeToLive)
    {
        _kind = kind;
        _timeToLive = timeToLive;
        Primary = $"127.84.{number}.1";
        Secondary = $"127.84.{number}.2";
        MailAddress = $"127.84.{number}.25";
        Resolvers = [$"127.84.{number}.53", $"127.84.{number}.54"];
    }

    internal string Primary { get; }

    internal string Secondary { get; }

    internal string MailAddress { get; }

    internal string[] Resolvers { get; }

    internal TestFolder Folder { get; } = new("roll");

    internal string ChainFile => Folder["chains/mx.pem"];

    internal string LiveFolder => Folder["live/.here"][..^6];

    internal string Anchors => Folder["anchors"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Raises all of it; the zone has no TLSA records yet, and Postfix shows the chain that is given. Each world has a number of its own: what a Postfix leaves behind must not answer for another.</summary>
    internal static async Task<RollWorld> RiseAsync(MasterKind kind, int number, int timeToLive, string chainPem)
    {
        Peer.RequireOwnNetwork();
        var world = new RollWorld(kind, number, timeToLive);
        try
        {
            await Loopback.AddAsync([world.Primary, world.Secondary, world.MailAddress, .. world.Resolvers], Cancelled);
            world.Folder.Write("chains/mx.pem", chainPem);
            TestFolder.SetMode(world.ChainFile, 0b110_000_000);
            world.WriteSecret();
            switch (kind)
            {
                case MasterKind.Bind:
                    await world.StartBindAsync();
                    break;
                case MasterKind.Knot:
                    await world.StartKnotAsync();
                    break;
                case MasterKind.PowerDns:
                    await world.StartPowerDnsAsync();
                    break;
                case MasterKind.ZoneFile:
                    await world.StartBindOnFileAsync();
                    break;
            }

            await world.WaitUntilSignedAsync(world.Primary);
            var keys = await DigAsync(world.Primary, Zone, "DNSKEY");
            world.Folder.Write("anchors", keys);
            await world.StartSecondaryAsync();
            foreach (var resolver in world.Resolvers) await world.StartResolverAsync(resolver);
            world._servers.Add(await Postfix.StartAsync(world.Folder, [new(world.MailAddress, [world.ChainFile])], Cancelled));
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_secondary is not null) await _secondary.DisposeAsync();
        for (var i = _servers.Count - 1; i >= 0; i--) await _servers[i].DisposeAsync();
        Folder.Dispose();
    }

    internal void WriteSettings(string offers, int margin = 0) => Folder.Write("rollover.toml", $$"""
        state = "{{Folder["state/rollover.db"]}}"

        [[roll]]
        name = "mx"
        owners = [{{(_kind == MasterKind.ZoneFile ? $"\"{Host}:25\", \"mx2.roll.lab:25\"" : $"\"{Host}:25\"")}}]
        ttl = {{_timeToLive}}
        margin = {{margin}}
        reload = [["postfix", "-c", "{{Folder["postfix/.here"][..^6]}}", "reload"]]

        [[roll.chain]]
        file = "{{ChainFile}}"
        offers = ["{{offers}}"]

        [roll.publisher]
        {{Publisher}}

        """);

    private string Publisher => _kind == MasterKind.ZoneFile
        ? $"kind = \"zone-file\"\nzone = \"roll.lab\"\nfile = \"{Folder["primary/zone"]}\"\nreload = [\"rndc\", \"-k\", \"{Folder["tsig.key"]}\", \"-s\", \"{Primary}\", \"reload\", \"roll.lab\"]"
        : $"kind = \"update\"\nserver = \"{Primary}\"\nkey-file = \"{Folder["tsig.key"]}\"";

    /// <summary>Runs <c>danelaw rollover</c>; 137 is what a shell says of a process that was killed.</summary>
    internal async Task<ProgramResult> RunAsync(string verb, string? faultPoint = null, params string[] more)
    {
        var call = Call(verb, more);
        return faultPoint is null
            ? await DanelawCommand.RunAsync(call, cancellationToken: Cancelled)
            : await PeerProcess.RunAsync(Peer.Require("env"), ["DANELAW_FAULT=" + faultPoint, Path.Combine(Repository.Root, "danelaw"), .. call], limit: TimeSpan.FromSeconds(170), cancellationToken: Cancelled);
    }

    /// <summary>The same on a machine whose clock is set.</summary>
    internal Task<ProgramResult> RunAtAsync(DateTimeOffset now, string verb, params string[] more) => DanelawCommand.RunAtAsync(now, Call(verb, more), Cancelled);

    /// <summary>Has <c>danelaw publish</c> change the zone file at a port of the host.</summary>
    internal async Task PublishAsync(string port, params string[] more)
    {
        var said = await DanelawCommand.RunAsync(
            ["publish", Host, "--port", port, "--to", "zone-file", "--file", Folder["primary/zone"], "--zone", "roll.lab", "--reload", $"rndc -k {Folder["tsig.key"]} -s {Primary} reload roll.lab", "--resolver", Resolvers[0], "--trust-anchor", Anchors, "--no-wait", .. more],
            cancellationToken: Cancelled);
        Assert.True(said.ExitCode == 0, said.Everything);
    }

    /// <summary>The same, killed at a moment that nobody has chosen; what it has started lives on.</summary>
    internal Task<ProgramResult> RunUntilKilledAsync(TimeSpan after, string verb, params string[] more) => PeerProcess.RunAsync(
        Peer.Require("timeout"),
        ["--foreground", "--signal=KILL", after.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture), Path.Combine(Repository.Root, "danelaw"), .. Call(verb, more)],
        limit: TimeSpan.FromSeconds(170),
        cancellationToken: Cancelled);

    private string[] Call(string verb, string[] more)
    {
        string[] asking = verb == "status" ? [] : ["--resolver", Resolvers[0], "--trust-anchor", Anchors];
        return ["rollover", verb, "--config", Folder["rollover.toml"], .. asking, .. more];
    }

    /// <summary>Empties a resolver's cache and lets it fetch what a sender asks for.</summary>
    internal async Task FillAsync(int resolver)
    {
        var said = await PeerProcess.RunAsync(Peer.Require("unbound-control"), ["-c", Folder[$"unbound-{resolver}.conf"], "flush_zone", Zone], cancellationToken: Cancelled);
        Assert.True(said.ExitCode == 0, said.Everything);
        await DigAsync(Resolvers[resolver], "_25._tcp." + Host + ".", "TLSA", "+rec");
    }

    /// <summary>The records that a server has, by the beginning of their data.</summary>
    internal static async Task<IReadOnlyList<string>> RecordsAsync(string server) =>
        [.. (await DigAsync(server, "_25._tcp." + Host + ".", "TLSA")).Split('\n').Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).Where(fields => fields.Length > 7 && fields[3] == "TLSA").Select(fields => string.Concat(fields[7..]).ToUpperInvariant()).Order(StringComparer.Ordinal)];

    /// <summary>A sender behind each resolver, asking all the time.</summary>
    internal Senders StartSenders() => Senders.Start(Folder, Resolvers, $"[{Host}]:25");

    /// <summary>The secondary keeps what it has, whatever the primary says.</summary>
    internal async Task StickAsync()
    {
        var zone = await PeerProcess.RunAsync(Peer.Require("dig"), ["@" + Primary, Zone, "AXFR", "+noall", "+answer", "+onesoa"], cancellationToken: Cancelled);
        await _secondary!.DisposeAsync();
        _secondary = await StartBindAsync(Secondary, "stuck", $"zone \"{Zone}\" {{ type primary; file \"{Folder.Write("stuck/zone", zone.Output)}\"; }};");
    }

    /// <summary>The secondary follows again.</summary>
    internal async Task FollowAsync()
    {
        await _secondary!.DisposeAsync();
        await StartSecondaryAsync();
    }

    private string Text => string.Create(CultureInfo.InvariantCulture, $"""
        $TTL {_timeToLive}
        {Zone} SOA ns1.{Zone} hostmaster.{Zone} 7 1 1 1209600 {_timeToLive}
        {Zone} NS ns1.{Zone}
        {Zone} NS ns2.{Zone}
        ns1.{Zone} A {Primary}
        ns2.{Zone} A {Secondary}
        {Zone} MX 10 {Host}.
        {Host}. A {MailAddress}
        mx2.{Zone} A {MailAddress}

        """).Replace("        ", "", StringComparison.Ordinal);

    /// <summary>Writes the key file of the settings: the key that the server has, or one with another secret.</summary>
    internal void WriteSecret(string secret = Secret, string name = KeyName)
    {
        var path = Folder.Write("tsig.key", $"key \"{name}\" {{ algorithm hmac-sha256; secret \"{secret}\"; }};\n");
        TestFolder.SetMode(path, 0b110_000_000);
    }

    private async Task StartBindAsync() => _servers.Add(await StartBindAsync(
        Primary,
        "primary",
        $"zone \"{Zone}\" {{ type primary; file \"{Folder.Write("primary/zone", Text)}\"; dnssec-policy default; inline-signing yes; update-policy {{ grant {KeyName} zonesub TLSA; }}; }};"));

    private async Task StartBindOnFileAsync() => _servers.Add(await StartBindAsync(
        Primary,
        "primary",
        $"zone \"{Zone}\" {{ type primary; file \"{Folder.Write("primary/zone", Text)}\"; dnssec-policy default; inline-signing yes; }};",
        $"inet {Primary} port 953 allow {{ any; }} keys {{ \"{KeyName}\"; }};"));

    private async Task<PeerProcess> StartBindAsync(string address, string name, string zone, string controls = "")
    {
        var root = Folder[name + "/.here"][..^6];
        var configuration = Folder.Write(name + "/named.conf", $$"""
            key "{{KeyName}}" { algorithm hmac-sha256; secret "{{Secret}}"; };
            options {
              directory "{{root}}"; key-directory "{{root}}"; managed-keys-directory "{{root}}";
              pid-file "{{root}}/named.pid"; session-keyfile "{{root}}/session.key"; lock-file none;
              listen-on port 53 { {{address}}; }; listen-on-v6 { none; };
              recursion no; dnssec-validation no; allow-transfer { any; }; notify no; check-names primary ignore;
              min-refresh-time 1; max-refresh-time 1; min-retry-time 1; max-retry-time 1; allow-notify { any; };
            };
            controls { {{controls}} };
            {{zone}}
            """);
        var process = PeerProcess.Start(Peer.Require("named"), "-f", "-g", "-n", "1", "-c", configuration);
        await process.WaitForPortAsync(IPAddress.Parse(address), 53, Cancelled);
        return process;
    }

    private async Task StartSecondaryAsync()
    {
        _secondary = await StartBindAsync(Secondary, "secondary", $"zone \"{Zone}\" {{ type secondary; primaries {{ {Primary}; }}; file \"{Folder["secondary/zone"]}\"; }};");
        await WaitUntilSignedAsync(Secondary);
    }

    private async Task StartKnotAsync()
    {
        var root = Folder["primary/.here"][..^6];
        var configuration = Folder.Write("primary/knot.conf", $"""
            server:
              rundir: "{root}"
              listen: {Primary}@53
              udp-workers: 1
              tcp-workers: 1
              background-workers: 1
            database:
              storage: "{root}"
            log:
              - target: stderr
                any: info
            key:
              - id: {KeyName}
                algorithm: hmac-sha256
                secret: {Secret}
            acl:
              - id: update
                key: {KeyName}
                action: [update, transfer]
              - id: transfer
                address: 127.0.0.0/8
                action: transfer
            policy:
              - id: one
                algorithm: ecdsap256sha256
                single-type-signing: on
            zone:
              - domain: {Zone}
                file: "{Folder.Write("primary/zone", Text)}"
                zonefile-sync: -1
                dnssec-signing: on
                dnssec-policy: one
                acl: [update, transfer]
            """);
        var process = PeerProcess.Start(Peer.Require("knotd"), "-c", configuration);
        _servers.Add(process);
        await process.WaitForPortAsync(IPAddress.Parse(Primary), 53, Cancelled);
    }

    private async Task StartPowerDnsAsync() => _servers.Add(await PowerDns.StartAsync(
        Folder,
        Primary,
        53,
        [new(Zone, Text, null, false)],
        "dnsupdate=yes\nallow-dnsupdate-from=127.0.0.0/8\nallow-axfr-ips=127.0.0.0/8\ndisable-axfr=no\n",
        [
            ["add-zone-key", Zone, "ksk", "active", "ecdsa256"], ["rectify-zone", Zone],
            ["import-tsig-key", KeyName, "hmac-sha256", Secret],
            ["set-meta", Zone, "TSIG-ALLOW-DNSUPDATE", KeyName], ["set-meta", Zone, "ALLOW-DNSUPDATE-FROM", "127.0.0.0/8"],
        ],
        Cancelled));

    private async Task StartResolverAsync(string address)
    {
        var number = Array.IndexOf(Resolvers, address);
        var configuration = Folder.Write($"unbound-{number}.conf", $"""
            server:
              interface: {address}@53
              access-control: 0.0.0.0/0 allow
              do-not-query-localhost: no
              do-daemonize: no
              use-syslog: no
              username: ""
              chroot: ""
              directory: "{Folder.Root}"
              pidfile: ""
              num-threads: 1
              so-reuseport: no
              trust-anchor-file: "{Anchors}"
              prefetch: no
              infra-host-ttl: 1
            remote-control:
              control-enable: yes
              control-interface: "{Folder[$"unbound-{number}.sock"]}"
              control-use-cert: no
            stub-zone:
              name: "{Zone}"
              stub-addr: {Primary}
              stub-addr: {Secondary}
            """);
        var process = PeerProcess.Start(Peer.Require("unbound"), "-d", "-p", "-c", configuration);
        _servers.Add(process);
        await process.WaitForPortAsync(IPAddress.Parse(address), 53, Cancelled);
    }

    /// <summary>What an ACME client brings, by openssl; the words of its key are those of <c>-newkey</c> and after it, P-256 by default.</summary>
    internal static async Task OfferAsync(TestFolder folder, params string[] key)
    {
        if (key.Length == 0) key = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
        var made = await PeerProcess.RunAsync(
            Peer.Require("openssl"),
            ["req", "-x509", "-newkey", .. key, "-nodes", "-days", "30", "-subj", "/CN=" + Host, "-addext", "subjectAltName=DNS:" + Host, "-keyout", folder["live/privkey.pem"], "-out", folder["live/fullchain.pem"]],
            cancellationToken: Cancelled);
        Assert.True(made.ExitCode == 0, made.Everything);
    }

    private async Task WaitUntilSignedAsync(string server)
    {
        for (var round = 0; ; round++)
        {
            var said = await PeerProcess.RunAsync(Peer.Require("dig"), ["@" + server, "nx." + Zone, "A", "+dnssec", "+noall", "+authority", "+norec", "+time=1"], cancellationToken: Cancelled);
            if (said.Output.Contains("RRSIG\tNSEC", StringComparison.Ordinal)) return;
            if (round > 300) throw new InvalidOperationException($"{server} does not sign: {said.Everything}");
            await Task.Delay(30, Cancelled);
        }
    }

    private static async Task<string> DigAsync(string server, string name, string type, string more = "+norec")
    {
        var said = await PeerProcess.RunAsync(Peer.Require("dig"), ["@" + server, name, type, "+noall", "+answer", more], cancellationToken: Cancelled);
        return said.Output;
    }
}
