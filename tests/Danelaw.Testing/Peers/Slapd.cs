using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>An OpenLDAP of the test's own, with nothing in it: StartTLS at port 389 and TLS at once at 636, or LDAP without TLS at 389.</summary>
public sealed class Slapd : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private Slapd(PeerProcess process) => _process = process;

    /// <summary>What it has logged.</summary>
    public string Log => _process.Log;

    /// <param name="folder">Where its files go.</param>
    /// <param name="addresses">The addresses that it answers at.</param>
    /// <param name="chainPem">Key and certificates, in PEM; null for a server without TLS.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Slapd> StartAsync(TestFolder folder, IReadOnlyList<string> addresses, string? chainPem, CancellationToken cancellationToken = default)
    {
        var program = Peer.Require("slapd");
        var home = folder["slapd/data/.here"][..^6];
        var chain = chainPem is null ? null : folder.Write("slapd/server.pem", chainPem);
        var configuration = folder.Write("slapd/slapd.conf", $"""
            pidfile {home}/pid
            {(chain is null ? "" : $"TLSCertificateFile {chain}\nTLSCertificateKeyFile {chain}")}
            database ldif
            suffix ""
            directory {home}

            """);
        int[] ports = chain is null ? [389] : [389, 636];
        var process = PeerProcess.Start(program, "-f", configuration, "-d", "0", "-h", string.Join(' ', addresses.SelectMany(address => ports.Select(port => $"{(port == 636 ? "ldaps" : "ldap")}://{address}:{port}"))));
        foreach (var address in addresses)
            foreach (var port in ports) await process.WaitForPortAsync(IPAddress.Parse(address), port, cancellationToken);
        return new(process);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
