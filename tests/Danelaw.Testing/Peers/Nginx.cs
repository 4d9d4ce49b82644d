using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>An nginx of the test's own: HTTPS at port 443.</summary>
public sealed class Nginx : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private Nginx(PeerProcess process) => _process = process;

    public string Log => _process.Log;

    /// <param name="folder">Where its files go.</param>
    /// <param name="addresses">The addresses that it answers at.</param>
    /// <param name="chainFile">A file of key and chain.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Nginx> StartAsync(TestFolder folder, IReadOnlyList<string> addresses, string chainFile, CancellationToken cancellationToken = default)
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
              server {
                {{string.Concat(addresses.Select(address => $"listen {address}:443 ssl; "))}}
                ssl_certificate {{chainFile}};
                ssl_certificate_key {{chainFile}};
                ssl_protocols TLSv1.2 TLSv1.3;
                return 204;
              }
            }

            """);
        var process = PeerProcess.Start(program, "-p", home, "-e", "stderr", "-c", configuration);
        foreach (var address in addresses) await process.WaitForPortAsync(IPAddress.Parse(address), 443, cancellationToken);
        return new Nginx(process);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
