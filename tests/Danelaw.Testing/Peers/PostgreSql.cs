using System.Globalization;
using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>A PostgreSQL of the test's own, on loopback, with TLS or without, and at a socket in the test's folder.</summary>
public sealed class PostgreSql : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private PostgreSql(PeerProcess process, string socketFolder, int port)
    {
        _process = process;
        SocketFolder = socketFolder;
        Port = port;
    }

    /// <summary>The folder of its socket.</summary>
    public string SocketFolder { get; }

    public int Port { get; }

    /// <summary>What it has logged.</summary>
    public string Log => _process.Log;

    /// <param name="folder">Where its files go.</param>
    /// <param name="port">The port on 127.0.0.1.</param>
    /// <param name="password">Of the user <c>postgres</c>; asked for over the network and at the socket alike.</param>
    /// <param name="script">What is run in the database <c>postgres</c> before anybody else comes.</param>
    /// <param name="addresses">The addresses that it answers at; null for 127.0.0.1.</param>
    /// <param name="chainPem">Key and certificates, in PEM; null for a server without TLS.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<PostgreSql> StartAsync(TestFolder folder, int port, string password, string script, IReadOnlyList<string>? addresses = null, string? chainPem = null, CancellationToken cancellationToken = default)
    {
        Peer.RequireRoot();
        var home = folder["postgresql/.here"][..^6];
        var secret = folder.Write("postgresql/password", password);
        var tls = new List<string>();
        if (chainPem is not null)
        {
            var file = folder.Write("postgresql/server.pem", chainPem);
            TestFolder.SetMode(file, 0b110_000_000);
            tls.AddRange(["-c", "ssl=on", "-c", $"ssl_cert_file={file}", "-c", $"ssl_key_file={file}"]);
        }

        addresses ??= ["127.0.0.1"];
        await AsAsync("/usr/bin/chown", ["-R", "postgres", home], null, cancellationToken);
        await AsAsync(Peer.Require("initdb"), ["-D", home + "/data", "-N", "-A", "scram-sha-256", "-U", "postgres", "--pwfile", secret, "--locale=C", "-E", "UTF8"], "postgres", cancellationToken);

        // Alone, without network and passwords, it takes the script.
        var made = await PeerProcess.RunAsync(Peer.Require("setpriv"), ["--reuid=postgres", "--regid=postgres", "--clear-groups", Peer.Require("postgres"), "--single", "-D", home + "/data", "postgres"], script, cancellationToken: cancellationToken);
        if (made.ExitCode != 0) throw new InvalidOperationException(made.Everything);
        var process = PeerProcess.Start(Peer.Require("setpriv"), ["--reuid=postgres", "--regid=postgres", "--clear-groups", Peer.Require("postgres"), "-D", home + "/data", "-F",
            "-c", $"listen_addresses={string.Join(',', addresses)}", "-c", string.Create(CultureInfo.InvariantCulture, $"port={port}"), "-c", $"unix_socket_directories={home}", "-c", "shared_buffers=1MB", .. tls]);
        foreach (var address in addresses) await process.WaitForPortAsync(IPAddress.Parse(address), port, cancellationToken);
        return new(process, home, port);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task AsAsync(string program, IEnumerable<string> arguments, string? user, CancellationToken cancellationToken)
    {
        var result = user is null
            ? await PeerProcess.RunAsync(program, arguments, cancellationToken: cancellationToken)
            : await PeerProcess.RunAsync(Peer.Require("setpriv"), [$"--reuid={user}", $"--regid={user}", "--clear-groups", program, .. arguments], cancellationToken: cancellationToken);
        if (result.ExitCode != 0) throw new InvalidOperationException($"{program}: {result.Everything}");
    }
}
