using System.Globalization;
using System.Net;
using Danelaw.Probes;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Mail;

/// <summary>A real server with keys of the kinds that are wished, which speaks one version of TLS alone.</summary>
internal sealed class KeyServer : IAsyncDisposable
{
    private readonly TestFolder _folder = new("keys");
    private readonly List<IAsyncDisposable> _processes = [];

    private KeyServer(string server)
    {
        Protocol = server == "postfix" ? ServiceProtocol.Smtp : ServiceProtocol.Tls;

        // gnutls-serv listens at every address: on a port where anybody listens at one, it cannot.
        Port = server switch { "postfix" => 25, "gnutls-serv" => 4433, _ => 443 };
    }

    public ServiceProtocol Protocol { get; }

    /// <summary>What it logged.</summary>
    public Func<string> Log { get; private set; } = () => "";

    /// <param name="server">The program.</param>
    /// <param name="address">An address of its own; the port is <see cref="Port"/>.</param>
    /// <param name="isTls13">TLS 1.3 alone, or TLS 1.2 alone.</param>
    /// <param name="kinds">The kinds of key that it holds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<KeyServer> StartAsync(string server, string address, bool isTls13, IReadOnlyList<KeyAlgorithm> kinds, CancellationToken cancellationToken)
    {
        var started = new KeyServer(server);
        try
        {
            var files = new List<string>();
            foreach (var kind in kinds) files.Add(await started.MakeAsync(kind, cancellationToken));
            await Loopback.AddAsync([address], cancellationToken);
            await started.StartAsync(server, address, isTls13, files, cancellationToken);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartAsync(string server, string address, bool isTls13, List<string> files, CancellationToken cancellationToken)
    {
        var port = Port.ToString(CultureInfo.InvariantCulture);
        switch (server)
        {
            case "postfix":
                var postfix = await Postfix.StartAsync(_folder, [new(address, files) { Settings = [isTls13 ? "smtpd_tls_protocols = >=TLSv1.3" : "smtpd_tls_protocols = >=TLSv1.2, <=TLSv1.2"] }], cancellationToken);
                _processes.Add(postfix);
                Log = () => postfix.Log;
                return;
            case "nginx":
                var nginx = await Nginx.StartAsync(_folder, [new(address, files[0]) { OtherChainFiles = files[1..] }], isTls13 ? "TLSv1.3" : "TLSv1.2", cancellationToken);
                _processes.Add(nginx);
                Log = () => nginx.Log;
                return;
            case "s_server":
                string[][] names = [["-cert", "-key"], ["-dcert", "-dkey"], ["-xcert", "-xkey"]];
                await RunAsync(address, Peer.Require("openssl"), ["s_server", "-accept", $"{address}:{port}", isTls13 ? "-tls1_3" : "-tls1_2", "-quiet", "-naccept", "100", .. files.SelectMany((file, i) => new[] { names[i][0], file, names[i][1], file })], cancellationToken);
                return;
            default:
                await RunAsync(address, Peer.Require("gnutls-serv"), ["--port", port, "--echo", "--quiet", "--priority", isTls13 ? "NORMAL:-VERS-ALL:+VERS-TLS1.3" : "NORMAL:-VERS-ALL:+VERS-TLS1.2", .. files.SelectMany(file => new[] { "--x509certfile", file, "--x509keyfile", file })], cancellationToken);
                return;
        }
    }

    private async Task RunAsync(string address, string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var process = PeerProcess.Start(program, arguments);
        _processes.Add(process);
        Log = () => process.Log;
        await process.WaitForPortAsync(IPAddress.Parse(address), Port, cancellationToken);
    }

    /// <summary>A self-signed certificate behind its key, by OpenSSL: .NET makes none over Ed25519.</summary>
    private async Task<string> MakeAsync(KeyAlgorithm kind, CancellationToken cancellationToken)
    {
        var (key, file) = (_folder[$"{kind}.key"], _folder[$"{kind}.crt"]);
        string[] parameters = kind switch { KeyAlgorithm.Rsa => ["rsa:2048"], KeyAlgorithm.Ecdsa => ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], _ => ["ed25519"] };
        var made = await PeerProcess.RunAsync(Peer.Require("openssl"), ["req", "-x509", "-newkey", .. parameters, "-nodes", "-keyout", key, "-out", file, "-subj", "/CN=keys.example", "-days", "30"], cancellationToken: cancellationToken);
        if (made.ExitCode != 0) throw new InvalidOperationException(made.Everything);
        return _folder.Write($"{kind}.pem", await File.ReadAllTextAsync(key, cancellationToken) + await File.ReadAllTextAsync(file, cancellationToken));
    }
}
