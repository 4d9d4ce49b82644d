using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>A zone that a PowerDNS is to serve, and to sign itself where it has a key.</summary>
/// <param name="Name">The zone's name with its closing dot.</param>
/// <param name="Text">The zone file; signatures and records of denial in it are not looked at.</param>
/// <param name="PrivateKeyFile">A private key in BIND's format; null for an unsigned zone.</param>
/// <param name="UsesNsec3">NSEC3 rather than NSEC.</param>
public sealed record PowerDnsZone(string Name, string Text, string? PrivateKeyFile, bool UsesNsec3);

/// <summary>PowerDNS with its SQLite backend, which makes signatures and denials as it answers.</summary>
public sealed class PowerDns : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private PowerDns(PeerProcess process) => _process = process;

    public string Log => _process.Log;

    /// <param name="folder">Where its files go.</param>
    /// <param name="address">The address that it answers at.</param>
    /// <param name="port">The port.</param>
    /// <param name="zones">The zones.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<PowerDns> StartAsync(TestFolder folder, string address, int port, IEnumerable<PowerDnsZone> zones, CancellationToken cancellationToken = default) =>
        StartAsync(folder, address, port, zones, "", [], cancellationToken);

    /// <summary>Starts one that is set up in more ways.</summary>
    /// <param name="folder">Where its files go.</param>
    /// <param name="address">The address that it answers at.</param>
    /// <param name="port">The port.</param>
    /// <param name="zones">The zones.</param>
    /// <param name="configuration">More lines for pdns.conf.</param>
    /// <param name="commands">What pdnsutil does besides, before the server starts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<PowerDns> StartAsync(TestFolder folder, string address, int port, IEnumerable<PowerDnsZone> zones, string configuration, IEnumerable<string[]> commands, CancellationToken cancellationToken = default)
    {
        var home = $"pdns-{address}-{port}/";
        var root = folder[home + ".here"][..^6];
        _ = folder.Write(home + "pdns.conf", $"""
            launch=gsqlite3
            gsqlite3-database={root}/zones.sqlite3
            gsqlite3-dnssec=yes
            gsqlite3-pragma-synchronous=0
            local-address={address}
            local-port={port}
            socket-dir={root}
            dname-processing=yes
            cache-ttl=0
            query-cache-ttl=0
            negquery-cache-ttl=0
            zone-cache-refresh-interval=0
            {configuration}

            """);
        await SchemaAsync(root + "/zones.sqlite3", cancellationToken);
        foreach (var zone in zones)
        {
            await UtilityAsync(["load-zone", zone.Name, folder.Write($"{home}{BindZone.Label(zone.Name)}.zone", zone.Text)]);
            if (zone.PrivateKeyFile is { } key) await UtilityAsync(["import-zone-key", zone.Name, key, "ksk", "active"]);
            if (zone.PrivateKeyFile is not null && zone.UsesNsec3) await UtilityAsync(["set-nsec3", zone.Name, "1 0 1 abcd"]);
            await UtilityAsync(["rectify-zone", zone.Name]);
        }

        foreach (var command in commands) await UtilityAsync(command);
        var process = PeerProcess.Start(Peer.Require("pdns_server"), $"--config-dir={root}", "--guardian=no", "--daemon=no", "--disable-syslog", "--loglevel=4");
        await process.WaitForPortAsync(IPAddress.Parse(address), port, cancellationToken);
        return new PowerDns(process);

        async Task UtilityAsync(string[] arguments)
        {
            var made = await PeerProcess.RunAsync(Peer.Require("pdnsutil"), ["--config-dir=" + root, .. arguments], cancellationToken: cancellationToken);
            if (made.ExitCode != 0) throw new InvalidOperationException($"pdnsutil {string.Join(' ', arguments)}: {made.Everything}");
        }
    }

    // Debian's package brings the schema; Python's standard library brings SQLite where the sqlite3 tool is not installed.
    private static async Task SchemaAsync(string database, CancellationToken cancellationToken)
    {
        const string schema = "/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql";
        var made = await PeerProcess.RunAsync(
            Peer.Require("python3"),
            ["-c", "import sqlite3, sys; base = sqlite3.connect(sys.argv[1]); base.executescript(open(sys.argv[2]).read()); base.commit()", database, schema],
            cancellationToken: cancellationToken);
        if (made.ExitCode != 0) throw new InvalidOperationException($"the database of PowerDNS: {made.Everything}");
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
