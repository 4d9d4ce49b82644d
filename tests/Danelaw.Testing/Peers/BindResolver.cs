using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>BIND as recursive resolver that validates nothing.</summary>
public sealed class BindResolver : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private BindResolver(PeerProcess process) => _process = process;

    /// <summary>What it has logged.</summary>
    public string Log => _process.Log;

    /// <summary>Starts it; the address must stand on an interface (<see cref="Loopback.AddAsync"/>), else BIND silently listens nowhere.</summary>
    /// <param name="folder">Where its files go.</param>
    /// <param name="address">The address that it answers at and asks from.</param>
    /// <param name="port">The port.</param>
    /// <param name="rootHints">Root hints in zone-file syntax.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<BindResolver> StartAsync(TestFolder folder, string address, int port, string rootHints, CancellationToken cancellationToken = default)
    {
        var home = $"bind-resolver-{address}-{port}/";
        var root = folder[home + ".here"][..^6];
        var configuration = folder.Write(home + "named.conf", $$"""
            options {
              directory "{{root}}"; managed-keys-directory "{{root}}";
              pid-file "{{root}}/named.pid"; session-keyfile "{{root}}/session.key"; lock-file none;
              listen-on port {{port}} { {{address}}; }; listen-on-v6 { none; }; query-source address {{address}};
              recursion yes; allow-recursion { any; }; allow-query-cache { any; }; dnssec-validation no; empty-zones-enable no; minimal-responses yes;
            };
            controls { };
            zone "." { type hint; file "{{folder.Write(home + "hints", rootHints)}}"; };
            """);
        var process = PeerProcess.Start(Peer.Require("named"), "-f", "-g", "-n", "1", "-c", configuration);
        await process.WaitForPortAsync(IPAddress.Parse(address), port, cancellationToken);
        return new BindResolver(process);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
