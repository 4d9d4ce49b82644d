using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>Knot DNS, serving zone files that somebody else has signed.</summary>
public sealed class Knot : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private Knot(PeerProcess process) => _process = process;

    public string Log => _process.Log;

    /// <param name="folder">Where its files go.</param>
    /// <param name="address">The address that it answers at.</param>
    /// <param name="port">The port.</param>
    /// <param name="zones">Zone names and the text of their files.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Knot> StartAsync(TestFolder folder, string address, int port, IEnumerable<(string Name, string Text)> zones, CancellationToken cancellationToken = default)
    {
        var home = $"knot-{address}-{port}/";
        var root = folder[home + ".here"][..^6];
        var clauses = string.Concat(zones.Select(zone =>
            $"  - domain: {zone.Name}\n    file: \"{folder.Write($"{home}{BindZone.Label(zone.Name)}.zone", zone.Text)}\"\n    zonefile-sync: -1\n    journal-content: none\n    semantic-checks: off\n"));
        var configuration = folder.Write(home + "knot.conf", $"""
            server:
              rundir: "{root}"
              listen: {address}@{port}
              udp-workers: 1
              tcp-workers: 1
              background-workers: 1
            database:
              storage: "{root}"
            log:
              - target: stderr
                any: warning
            zone:
            {clauses}
            """);
        var process = PeerProcess.Start(Peer.Require("knotd"), "-c", configuration);
        await process.WaitForPortAsync(IPAddress.Parse(address), port, cancellationToken);
        return new Knot(process);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
