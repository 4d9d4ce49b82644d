using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>INN's innd at port 119: who is no peer of its feeds is handed to an nnrpd, which knows STARTTLS.</summary>
public sealed class Innd : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private Innd(PeerProcess process) => _process = process;

    /// <param name="folder">Where its files go.</param>
    /// <param name="address">The address.</param>
    /// <param name="chain">Key and chain, in PEM; null for no TLS.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Innd> StartAsync(TestFolder folder, string address, string? chain, CancellationToken cancellationToken = default)
    {
        Peer.RequireRoot();
        var program = Peer.Require("innd");
        var name = $"innd/{address}";
        var configuration = await NewsFolder.WriteAsync(folder, name, address, chain, cancellationToken);
        await NewsFolder.RunAsync(Peer.Require("env"), [.. NewsFolder.AsNews(configuration), Peer.Require("makedbz"), "-i", "-o", "-f", folder[$"{name}/db/history"]], cancellationToken);
        var process = PeerProcess.Start(Peer.Require("env"), [.. NewsFolder.AsNews(configuration), program, "-d", "-P", "119"]);
        await process.WaitForPortAsync(IPAddress.Parse(address), 119, cancellationToken);
        return new Innd(process);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
