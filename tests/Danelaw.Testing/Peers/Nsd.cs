using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>NSD, which serves zone files just as they are, faults and all.</summary>
public sealed class Nsd : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private Nsd(PeerProcess process, string address, int port)
    {
        _process = process;
        Address = address;
        Port = port;
    }

    public string Address { get; }

    public int Port { get; }

    public string Log => _process.Log;

    /// <param name="folder">Where its files go.</param>
    /// <param name="address">The address that it answers at.</param>
    /// <param name="port">The port.</param>
    /// <param name="zones">Zone names and the text of their files.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Nsd> StartAsync(TestFolder folder, string address, int port, IEnumerable<(string Name, string Text)> zones, CancellationToken cancellationToken = default)
    {
        var home = $"nsd-{address}-{port}/";
        var root = folder[home + ".here"][..^6];
        var clauses = string.Concat(zones.Select(zone => $"zone:\n  name: \"{zone.Name}\"\n  zonefile: \"{folder.Write($"{home}{BindZone.Label(zone.Name)}.zone", zone.Text)}\"\n"));
        var configuration = folder.Write(home + "nsd.conf", $"""
            server:
              ip-address: {address}@{port}
              username: ""
              database: ""
              zonesdir: "{root}"
              pidfile: "{root}/nsd.pid"
              xfrdfile: "{root}/xfrd.state"
              xfrdir: "{root}"
              zonelistfile: "{root}/zone.list"
              cookie-secret-file: ""
              server-count: 1
              verbosity: 1
              rrl-ratelimit: 0
            remote-control:
              control-enable: no
            {clauses}
            """);
        var process = PeerProcess.Start(Peer.Require("nsd"), "-d", "-c", configuration);
        await process.WaitForPortAsync(IPAddress.Parse(address), port, cancellationToken);
        return new Nsd(process, address, port);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
