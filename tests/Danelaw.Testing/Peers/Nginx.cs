using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>An nginx of the test's own: HTTPS at port 443.</summary>
public sealed class Nginx : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private Nginx(PeerProcess process) => _process = process;

    public string Log => _process.Log;

    /// <param name="folder">Where its files go.</param>
    /// <param name="sites">The addresses that it answers at.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<Nginx> StartAsync(TestFolder folder, IReadOnlyList<TlsSite> sites, CancellationToken cancellationToken = default) => StartAsync(folder, sites, "TLSv1.2 TLSv1.3", cancellationToken);

    /// <param name="folder">Where its files go.</param>
    /// <param name="sites">The addresses that it answers at.</param>
    /// <param name="protocols">The versions of TLS, as <c>ssl_protocols</c> has them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Nginx> StartAsync(TestFolder folder, IReadOnlyList<TlsSite> sites, string protocols, CancellationToken cancellationToken = default)
    {
        var program = Peer.Require("nginx");
        var home = folder["nginx/.here"][..^6];
        var configuration = folder.Write("nginx/nginx.conf", $$"""
            daemon off;
            user root;
            pid {{home}}/nginx.pid;
            worker_processes 1;
            error_log stderr;
            events { worker_connections 64; }
            http {
              access_log off;
              client_body_temp_path {{home}}/t1; proxy_temp_path {{home}}/t2; fastcgi_temp_path {{home}}/t3; uwsgi_temp_path {{home}}/t4; scgi_temp_path {{home}}/t5;
              ssl_protocols {{protocols}};
            {{string.Concat(sites.Select(site => $"  server {{\n    listen {site.Address}:443 ssl;\n{string.Concat(site.OtherChainFiles.Prepend(site.ChainFile).Select(file => $"    ssl_certificate {file};\n    ssl_certificate_key {file};\n"))}    return 204;\n  }}\n"))}}
            }

            """);
        var process = PeerProcess.Start(program, "-p", home, "-e", "stderr", "-c", configuration);
        foreach (var site in sites) await process.WaitForPortAsync(IPAddress.Parse(site.Address), 443, cancellationToken);
        return new Nginx(process);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
