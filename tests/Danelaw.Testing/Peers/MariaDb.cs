using System.Globalization;
using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>A MariaDB of the test's own, on loopback, with TLS or without, and at a socket in the test's folder.</summary>
public sealed class MariaDb : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private MariaDb(PeerProcess process, string socket, int port)
    {
        _process = process;
        Socket = socket;
        Port = port;
    }

    /// <summary>Its socket.</summary>
    public string Socket { get; }

    public int Port { get; }

    /// <summary>What it has logged.</summary>
    public string Log => _process.Log;

    /// <param name="folder">Where its files go.</param>
    /// <param name="port">The port.</param>
    /// <param name="script">What is run as its root before anybody else comes.</param>
    /// <param name="addresses">The addresses that it answers at; null for 127.0.0.1.</param>
    /// <param name="chainPem">Key and certificates, in PEM; null for a server without TLS.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<MariaDb> StartAsync(TestFolder folder, int port, string script, IReadOnlyList<string>? addresses = null, string? chainPem = null, CancellationToken cancellationToken = default)
    {
        Peer.RequireRoot();
        var home = folder["mariadb/.here"][..^6];
        Directory.CreateDirectory(home + "/data");
        string[] tls = ["--skip-ssl"];
        if (chainPem is not null)
        {
            var file = folder.Write("mariadb/server.pem", chainPem);
            TestFolder.SetMode(file, 0b110_000_000);
            tls = [$"--ssl-cert={file}", $"--ssl-key={file}"];
        }

        addresses ??= ["127.0.0.1"];
        // The package's own user is there only where it was installed, not where it was unpacked.
        var user = File.ReadLines("/etc/passwd").Any(line => line.StartsWith("mysql:", StringComparison.Ordinal)) ? "mysql" : "nobody";
        await RunAsync("chown", ["-R", user, home], null, cancellationToken);
        await RunAsync("mariadb-install-db", ["--no-defaults", $"--user={user}", $"--datadir={home}/data", "--skip-test-db", "--auth-root-authentication-method=normal"], null, cancellationToken);
        var socket = home + "/mariadb.sock";
        var process = PeerProcess.Start(Peer.Require("mariadbd"), ["--no-defaults", $"--user={user}", $"--datadir={home}/data", $"--socket={socket}", $"--bind-address={string.Join(',', addresses)}", string.Create(CultureInfo.InvariantCulture, $"--port={port}"),
            $"--pid-file={home}/pid", "--innodb-buffer-pool-size=8M", "--innodb-flush-log-at-trx-commit=0", "--skip-log-bin", "--performance-schema=off", .. tls]);
        foreach (var address in addresses) await process.WaitForPortAsync(IPAddress.Parse(address), port, cancellationToken);
        await RunAsync("mariadb", ["--no-defaults", $"--socket={socket}", "--user=root"], script, cancellationToken);
        return new(process, socket, port);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task RunAsync(string program, IEnumerable<string> arguments, string? input, CancellationToken cancellationToken)
    {
        var result = await PeerProcess.RunAsync(Peer.Require(program), arguments, input, cancellationToken: cancellationToken);
        if (result.ExitCode != 0) throw new InvalidOperationException($"{program}: {result.Everything}");
    }
}
