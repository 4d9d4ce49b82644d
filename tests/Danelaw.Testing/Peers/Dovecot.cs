using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>A Dovecot of the test's own: IMAP with STARTTLS at port 143, with TLS at once at 993.</summary>
public sealed class Dovecot : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private Dovecot(PeerProcess process) => _process = process;

    public string Log => _process.Log;

    /// <param name="folder">Where its files go.</param>
    /// <param name="addresses">The addresses that it answers at.</param>
    /// <param name="chainFile">A file of key and chain.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Dovecot> StartAsync(TestFolder folder, IReadOnlyList<string> addresses, string chainFile, CancellationToken cancellationToken = default)
    {
        Peer.RequireRoot();
        var program = Peer.Require("dovecot");
        Peer.Require("imap");
        var home = folder["dovecot/.here"][..^6];
        foreach (var name in (string[])["run", "state", "mail"]) Directory.CreateDirectory(Path.Combine(home, name));
        var configuration = folder.Write("dovecot/dovecot.conf", $$"""
            base_dir = {{home}}/run
            state_dir = {{home}}/state
            log_path = /dev/stderr
            protocols = imap pop3
            listen = {{string.Join(", ", addresses)}}
            ssl = yes
            ssl_cert = <{{chainFile}}
            ssl_key = <{{chainFile}}
            auth_mechanisms = plain
            mail_location = maildir:{{home}}/mail/%u
            passdb {
              driver = static
              args = password=never
            }
            userdb {
              driver = static
              args = uid=nobody gid=nogroup home={{home}}/mail
            }

            """);
        var process = PeerProcess.Start(program, "-F", "-c", configuration);
        foreach (var address in addresses)
            foreach (var port in (int[])[110, 143, 993, 995]) await process.WaitForPortAsync(IPAddress.Parse(address), port, cancellationToken);
        return new Dovecot(process);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
