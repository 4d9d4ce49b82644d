using System.Globalization;
using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>INN's nnrpd, the half of it that readers talk to, without the other half: at one address, port 119 by STARTTLS or port 563 by TLS at once.</summary>
public sealed class Nnrpd : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private Nnrpd(PeerProcess process) => _process = process;

    /// <param name="folder">Where its files go.</param>
    /// <param name="address">The address.</param>
    /// <param name="port">The port: 119, or 563 for TLS at once.</param>
    /// <param name="chain">Key and chain, in PEM; null for no TLS.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Nnrpd> StartAsync(TestFolder folder, string address, int port, string? chain, CancellationToken cancellationToken = default)
    {
        Peer.RequireRoot();
        var program = Peer.Require("nnrpd");
        var configuration = await NewsFolder.WriteAsync(folder, string.Create(CultureInfo.InvariantCulture, $"news/{address}-{port}"), address, chain, cancellationToken);
        var process = PeerProcess.Start(Peer.Require("env"), [$"INNCONF={configuration}", program, "-D", "-f", "-b", address, "-p", port.ToString(CultureInfo.InvariantCulture), .. (string[])(port == 563 ? ["-S"] : [])]);
        await process.WaitForPortAsync(IPAddress.Parse(address), port, cancellationToken);
        return new Nnrpd(process);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
