using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>A Prosody of the test's own: clients at port 5222 and servers at 5269 by STARTTLS if it is to, with TLS at once at 5223 and 5270.</summary>
public sealed class Prosody : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private Prosody(PeerProcess process) => _process = process;

    public string Log => _process.Log;

    /// <param name="folder">Where its files go.</param>
    /// <param name="site">The address, and its certificate.</param>
    /// <param name="domains">The domains that it serves, in their own letters.</param>
    /// <param name="startsTls">Whether it knows STARTTLS.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Prosody> StartAsync(TestFolder folder, TlsSite site, IEnumerable<string> domains, bool startsTls = true, CancellationToken cancellationToken = default)
    {
        Peer.RequireRoot();
        var program = Peer.Require("prosody");
        var name = $"prosody/{site.Address}";
        var certificate = $$"""{ key = "{{site.ChainFile}}", certificate = "{{site.ChainFile}}" }""";
        var configuration = folder.Write($"{name}.cfg.lua", $$"""
            pidfile = "{{folder[$"{name}.pid"]}}"
            data_path = "{{folder[$"{name}/.here"][..^6]}}"
            run_as_root = true
            log = { info = "*console" }
            modules_enabled = { "saslauth", "dialback", "disco"{{(startsTls ? ", \"tls\"" : "")}} }
            modules_disabled = { "posix" }
            c2s_require_encryption = {{(startsTls ? "true" : "false")}}
            s2s_require_encryption = {{(startsTls ? "true" : "false")}}
            interfaces = { "{{site.Address}}" }
            c2s_direct_tls_ports = { 5223 }
            s2s_direct_tls_ports = { 5270 }
            ssl = {{certificate}}
            c2s_direct_tls_ssl = {{certificate}}
            s2s_direct_tls_ssl = {{certificate}}
            {{string.Concat(domains.Select(domain => $"VirtualHost \"{domain}\"\n"))}}
            """);
        var process = PeerProcess.Start(program, "-F", "--config", configuration);
        foreach (var port in (int[])[5222, 5223, 5269, 5270]) await process.WaitForPortAsync(IPAddress.Parse(site.Address), port, cancellationToken);
        return new Prosody(process);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
