using System.Net;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Help;

/// <summary>The servers that the pages speak of, with zones and settings of nobody's, to type the pages' commands at.</summary>
internal sealed class PageWorld : IAsyncDisposable
{
    private const string BindAddress = "127.25.90.1";
    private const string UpdatedAddress = "127.25.90.2";
    private const string KnotAddress = "127.25.90.3";
    private const string NsdAddress = "127.25.90.4";

    private static readonly string Digest = new('a', 64);
    private static readonly string[] Zones = ["example.org", "example.net"];

    private static readonly string ZoneText = $"""
        $TTL 3600
        @ SOA ns1 h 1 7200 900 1209600 300
        @ NS ns1
        @ MX 10 mx.provider.example.
        ns1 A 192.0.2.53
        ns2 CNAME ns1
        mx A 192.0.2.9
        _25._tcp.mx TLSA 3 1 1 {Digest}
        25._tcp.mx TLSA 3 1 1 {Digest}
        _25._tcp.old TLSA 3 1 1 {Digest}
        _993._tcp.mail TLSA 3 1 1 {Digest}
        _imaps._tcp SRV 0 1 993 old
        _smtp._tls TXT "v=TLSRPTv1"
        _mta-sts TXT "v=STSv1; id=1"

        """;

    private readonly TestFolder _folder = new("pages");
    private readonly List<PeerProcess> _processes = [];

    private PageWorld()
    {
    }

    public static async Task<PageWorld> StartAsync(CancellationToken cancellationToken)
    {
        await Loopback.AddAsync([BindAddress, UpdatedAddress, KnotAddress, NsdAddress], cancellationToken);
        var world = new PageWorld();
        try
        {
            await world.RaiseAsync(cancellationToken);
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
        foreach (var process in _processes) await process.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Types a command; null where it is none of those that are tried.</summary>
    public async Task<ProgramResult?> TryAsync(PageCommand command, CancellationToken cancellationToken)
    {
        var (text, program) = (command.Text, command.Program);
        if (text.Contains('…', StringComparison.Ordinal)) return null;
        switch (command.Word)
        {
            case "rndc":
                return await ShellAsync($"rndc -c {_folder["bind/rndc.conf"]}", text, cancellationToken);
            case "knotc" when text.Split(' ') is ["knotc", "zone-begin" or "zone-set" or "zone-unset" or "zone-commit" or "zone-abort", var zone, ..] words:
                // Each alone, in a change of its own, which is ended: knotd 3.2 answers nobody any more once it is to sign and to reload with one open.
                if (words[1] != "zone-begin") await KnotAsync($"knotc zone-begin {zone}", cancellationToken);
                var done = await KnotAsync(text, cancellationToken);
                await KnotAsync($"knotc zone-abort {zone}", cancellationToken);
                return done;
            case "knotc" when text.Split(' ').Length > 2 || text is "knotc reload":
                return await KnotAsync(text, cancellationToken);
            case "keymgr":
                return await ShellAsync($"keymgr -c {_folder["knot/knot.conf"]}", text, cancellationToken);
            case "nsd-control":
                return await ShellAsync($"nsd-control -c {_folder["nsd/nsd.conf"]}", text, cancellationToken);
            case "pdnsutil" when text.Split(' ').Length > 2 && !text.Contains("edit-zone", StringComparison.Ordinal):
                return await ShellAsync($"pdnsutil --config-dir={_folder["pdns"]}", text, cancellationToken);
            case "postconf" when !text.Contains('|', StringComparison.Ordinal) && !text.Contains("NAME", StringComparison.Ordinal):
                return await ShellAsync($"postconf -c {_folder["postfix"]}", text, cancellationToken);
            case "doveconf":
                return await ShellAsync($"doveconf -c {Dovecot("")}", text, cancellationToken);
            case "update" when program == "BIND" && text.Split(' ').Length > 3:
                return await PeerProcess.RunAsync(Peer.Require("nsupdate"), ["-k", _folder["updated/session.key"]], $"server {UpdatedAddress}\n{text}\nsend\n", cancellationToken: cancellationToken);
        }

        return (program, text) switch
        {
            ("BIND", "dnssec-policy default;" or "dnssec-policy default; inline-signing yes;") => await CheckBindAsync($"zone \"example.org\" {{ type primary; file \"z\"; {text} }};\n", cancellationToken),
            ("BIND", _) when text.StartsWith("listen-on ", StringComparison.Ordinal) => await CheckBindAsync($"options {{ {text} }};\n", cancellationToken),
            ("BIND", _) when text.StartsWith("nsec3param ", StringComparison.Ordinal) || text.StartsWith("signatures-", StringComparison.Ordinal) => await CheckBindAsync($"dnssec-policy p {{ {text} }};\n", cancellationToken),
            ("", _) when text.StartsWith("dnssec-policy ", StringComparison.Ordinal) => await CheckBindAsync(text + "\n", cancellationToken),
            ("Knot", _) when text.StartsWith("listen: ", StringComparison.Ordinal) => await CheckKnotAsync($"server:\n  {text}\n", cancellationToken),
            (_, "dnssec-signing: on") => await CheckKnotAsync($"zone:\n  - domain: example.org\n    {text}\n", cancellationToken),
            ("Knot", _) when text.Contains(": ", StringComparison.Ordinal) => await CheckKnotAsync($"policy:\n  - id: p\n{(text.StartsWith("rrsig-", StringComparison.Ordinal) ? "    rrsig-lifetime: 14d\n    rrsig-refresh: 7d\n" : $"    {text}\n")}", cancellationToken),
            ("Dovecot" or "", "ssl = yes" or "ssl_min_protocol = TLSv1.2" or "verbose_ssl = yes") => await PeerProcess.RunAsync(Peer.Require("doveconf"), ["-c", Dovecot(text + "\n"), "-n"], cancellationToken: cancellationToken),
            _ => null,
        };
    }

    private Task<ProgramResult> KnotAsync(string text, CancellationToken cancellationToken) => ShellAsync($"knotc -c {_folder["knot/knot.conf"]}", text, cancellationToken);

    private async Task<ProgramResult> ShellAsync(string call, string text, CancellationToken cancellationToken)
    {
        var word = text.Split(' ')[0];
        var typed = $"{Peer.Require(word)}{call[word.Length..]}{text[word.Length..]}";
        return await PeerProcess.RunAsync("bash", ["-c", typed], limit: TimeSpan.FromSeconds(60), cancellationToken: cancellationToken);
    }

    private Task<ProgramResult> CheckBindAsync(string text, CancellationToken cancellationToken) =>
        PeerProcess.RunAsync(Peer.Require("named-checkconf"), [_folder.Write("snippet.conf", text)], cancellationToken: cancellationToken);

    private Task<ProgramResult> CheckKnotAsync(string text, CancellationToken cancellationToken) =>
        PeerProcess.RunAsync(Peer.Require("knotc"), ["-c", _folder.Write("snippet.knot", text), "conf-check"], cancellationToken: cancellationToken);

    private string Dovecot(string more) => _folder.Write("dovecot.conf", $"ssl_cert = <{_folder["nothing.pem"]}\nssl_key = <{_folder["nothing.pem"]}\n{more}");

    private async Task RaiseAsync(CancellationToken cancellationToken)
    {
        _folder.Write("nothing.pem", "");
        await RaiseBindAsync("bind", BindAddress, "inline-signing yes;", cancellationToken);
        await RaiseBindAsync("updated", UpdatedAddress, "update-policy local;", cancellationToken);
        await RaiseKnotAsync(cancellationToken);
        await RaiseNsdAsync(cancellationToken);
        _folder.Write("pdns/pdns.conf", $"launch=gsqlite3\ngsqlite3-database={_folder["pdns/db"]}\ngsqlite3-dnssec=yes\ngsqlite3-pragma-synchronous=0\n");
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_folder["pdns/db"]};Pooling=False"))
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = await File.ReadAllTextAsync("/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql", cancellationToken);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        foreach (var zone in Zones)
        {
            var made = await PeerProcess.RunAsync(Peer.Require("pdnsutil"), ["--config-dir=" + _folder["pdns"], "load-zone", zone, Zone("pdns", zone)], cancellationToken: cancellationToken);
            if (made.ExitCode != 0) throw new InvalidOperationException(made.Everything);
        }

        _folder.Write("postfix/main.cf", "compatibility_level = 3.6\nmyhostname = mx.example.org\nsmtpd_use_tls = yes\n");
        _folder.Write("postfix/master.cf", "smtp inet n - n - - smtpd\nsmtp unix - - n - - smtp\ndane unix - - n - - smtp\n");
    }

    private string Zone(string server, string zone) => _folder.Write($"{server}/{zone}.zone", ZoneText);

    private async Task RaiseBindAsync(string name, string address, string clause, CancellationToken cancellationToken)
    {
        var home = _folder[name + "/.here"][..^6];
        var zones = string.Concat(Zones.Select(zone => $"zone \"{zone}\" {{ type primary; file \"{Zone(name, zone)}\"; dnssec-policy default; {clause} }};\n"));
        const string Key = "key \"k\" { algorithm hmac-sha256; secret \"YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh\"; };\n";
        _folder.Write(name + "/rndc.conf", $"{Key}options {{ default-key \"k\"; default-server {address}; }};\n");
        var configuration = _folder.Write(name + "/named.conf", $$"""
            {{Key}}
            options {
              directory "{{home}}"; key-directory "{{home}}"; managed-keys-directory "{{home}}"; pid-file "{{home}}/named.pid"; session-keyfile "{{home}}/session.key"; lock-file none;
              listen-on { {{address}}; }; listen-on-v6 { none; }; recursion no; dnssec-validation no; notify no;
            };
            controls { inet {{address}} port 953 allow { any; } keys { k; }; };
            {{zones}}
            """);
        var process = PeerProcess.Start(Peer.Require("named"), "-f", "-g", "-n", "1", "-c", configuration);
        _processes.Add(process);
        await process.WaitForPortAsync(IPAddress.Parse(address), 53, cancellationToken);
        await process.WaitForPortAsync(IPAddress.Parse(address), 953, cancellationToken);
    }

    private async Task RaiseKnotAsync(CancellationToken cancellationToken)
    {
        var home = _folder["knot/.here"][..^6];
        var zones = string.Concat(Zones.Select(zone => $"  - domain: {zone}\n    file: \"{Zone("knot", zone)}\"\n    dnssec-signing: on\n    dnssec-policy: p\n"));
        var configuration = _folder.Write("knot/knot.conf", $"server:\n  rundir: \"{home}\"\n  listen: {KnotAddress}@53\n  udp-workers: 1\n  tcp-workers: 1\n  background-workers: 1\ndatabase:\n  storage: \"{home}\"\npolicy:\n  - id: p\n    algorithm: ecdsap256sha256\nzone:\n{zones}");
        var process = PeerProcess.Start(Peer.Require("knotd"), "-c", configuration);
        _processes.Add(process);
        await process.WaitForPortAsync(IPAddress.Parse(KnotAddress), 53, cancellationToken);
    }

    private async Task RaiseNsdAsync(CancellationToken cancellationToken)
    {
        var home = _folder["nsd/.here"][..^6];
        var zones = string.Concat(Zones.Select(zone => $"zone:\n  name: \"{zone}\"\n  zonefile: \"{Zone("nsd", zone)}\"\n"));
        var configuration = _folder.Write("nsd/nsd.conf", $"server:\n  ip-address: {NsdAddress}\n  username: \"\"\n  database: \"\"\n  zonesdir: \"{home}\"\n  pidfile: \"{home}/nsd.pid\"\n  xfrdfile: \"{home}/xfrd.state\"\n  xfrdir: \"{home}\"\n  zonelistfile: \"{home}/zone.list\"\n  cookie-secret-file: \"\"\n  server-count: 1\nremote-control:\n  control-enable: yes\n  control-interface: \"{home}/control\"\n{zones}");
        var process = PeerProcess.Start(Peer.Require("nsd"), "-d", "-c", configuration);
        _processes.Add(process);
        await process.WaitForPortAsync(IPAddress.Parse(NsdAddress), 53, cancellationToken);
    }
}
