using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>An address with a certificate of its own.</summary>
/// <param name="Address">The address.</param>
/// <param name="ChainFile">A file of key and chain.</param>
public sealed record TlsSite(string Address, string ChainFile)
{
    /// <summary>Further files of the same form, with keys of other kinds; for nginx, and one of them for Dovecot. Default none.</summary>
    public IReadOnlyList<string> OtherChainFiles { get; init; } = [];
}

/// <summary>A Dovecot of the test's own: IMAP and POP3 with STARTTLS at ports 143 and 110, with TLS at once at 993 and 995; if it is to, LMTP at port 24 and ManageSieve at 4190, too.</summary>
public sealed class Dovecot : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private Dovecot(PeerProcess process) => _process = process;

    public string Log => _process.Log;

    /// <param name="folder">Where its files go.</param>
    /// <param name="sites">The addresses that it answers at.</param>
    /// <param name="delivers">Whether it takes mail and scripts as well: LMTP and ManageSieve.</param>
    /// <param name="oddPort">A further port for IMAP with TLS at once; 0 for none.</param>
    /// <param name="hasTls">Whether it knows TLS; without it the ports of TLS at once are not there.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Dovecot> StartAsync(TestFolder folder, IReadOnlyList<TlsSite> sites, bool delivers = false, int oddPort = 0, bool hasTls = true, CancellationToken cancellationToken = default)
    {
        Peer.RequireRoot();
        var program = Peer.Require("dovecot");
        foreach (var part in (string[])(delivers ? ["imap", "lmtp", "managesieve"] : ["imap"])) Peer.Require(part);
        var home = folder["dovecot/.here"][..^6];
        foreach (var name in (string[])["run", "state", "mail"]) Directory.CreateDirectory(Path.Combine(home, name));
        var configuration = folder.Write("dovecot/dovecot.conf", $$"""
            base_dir = {{home}}/run
            state_dir = {{home}}/state
            log_path = /dev/stderr
            protocols = imap pop3{{(delivers ? " lmtp sieve\nservice lmtp {\n  inet_listener lmtp {\n    port = 24\n  }\n}" : "")}}
            {{(oddPort == 0 ? "" : $"service imap-login {{\n  inet_listener odd {{\n    port = {oddPort}\n    ssl = yes\n  }}\n}}")}}
            listen = {{string.Join(", ", sites.Select(site => site.Address))}}
            ssl = {{(hasTls ? "yes" : "no")}}
            {{Certificates(sites[0])}}
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
            {{string.Concat(sites.Select(site => $"local {site.Address} {{\n{Certificates(site)}}}\n"))}}

            """);
        var process = PeerProcess.Start(program, "-F", "-c", configuration);
        foreach (var site in sites)
            foreach (var port in (int[])[110, 143, .. (int[])(hasTls ? [993, 995] : []), .. (int[])(delivers ? [24, 4190] : [])]) await process.WaitForPortAsync(IPAddress.Parse(site.Address), port, cancellationToken);
        return new Dovecot(process);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string Certificates(TlsSite site) =>
        $"ssl_cert = <{site.ChainFile}\nssl_key = <{site.ChainFile}\n" + string.Concat(site.OtherChainFiles.Take(1).Select(file => $"ssl_alt_cert = <{file}\nssl_alt_key = <{file}\n"));
}
