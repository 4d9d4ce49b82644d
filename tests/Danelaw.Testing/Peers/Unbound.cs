using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>How an unbound is to be set up.</summary>
public sealed record UnboundOptions
{
    /// <summary>Root hints in zone-file syntax; null when it forwards.</summary>
    public string? RootHints { get; init; }

    /// <summary>The resolver that it sends every question to, as <c>ADDRESS@PORT</c>; null when it resolves by itself.</summary>
    public string? ForwardTo { get; init; }

    /// <summary>The root's trust anchors in zone-file syntax; null makes a resolver that validates nothing.</summary>
    public string? Anchors { get; init; }

    /// <summary>The socket at which <c>unbound-control</c> may ask it; null for none.</summary>
    public string? ControlSocket { get; init; }

    /// <summary>Further lines of its <c>server:</c> clause.</summary>
    public string Extra { get; init; } = "";
}

/// <summary>unbound, as validating resolver or as one that validates nothing.</summary>
public sealed class Unbound : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private Unbound(PeerProcess process, string address, int port)
    {
        _process = process;
        Address = address;
        Port = port;
    }

    public string Address { get; }

    public int Port { get; }

    /// <summary>What it has logged.</summary>
    public string Log => _process.Log;

    public static async Task<Unbound> StartAsync(TestFolder folder, string address, int port, UnboundOptions options, CancellationToken cancellationToken = default)
    {
        var program = Peer.Require("unbound");
        var home = $"unbound-{address}-{port}/";
        var modules = options.Anchors is null ? "iterator" : "validator iterator";
        var anchors = options.Anchors is null ? "" : $"trust-anchor-file: \"{folder.Write(home + "anchors", options.Anchors)}\"";
        var hints = options.RootHints is null ? "" : $"root-hints: \"{folder.Write(home + "hints", options.RootHints)}\"";
        var forward = options.ForwardTo is null ? "" : $"forward-zone:\n  name: \".\"\n  forward-addr: {options.ForwardTo}\n  forward-first: no\n";
        var control = options.ControlSocket is null ? "control-enable: no" : $"control-enable: yes\n  control-interface: \"{options.ControlSocket}\"\n  control-use-cert: no";
        var configuration = folder.Write(home + "unbound.conf", $"""
            server:
              interface: {address}@{port}
              access-control: 0.0.0.0/0 allow
              access-control: ::/0 allow
              do-not-query-localhost: no
              do-daemonize: no
              use-syslog: no
              verbosity: 1
              val-log-level: 2
              username: ""
              chroot: ""
              directory: "{folder.Root}"
              pidfile: ""
              num-threads: 1
              so-reuseport: no
              outgoing-range: 64
              num-queries-per-thread: 64
              msg-cache-size: 4m
              rrset-cache-size: 4m
              edns-buffer-size: 1232
              ede: yes
              module-config: "{modules}"
              {anchors}
              {hints}
              {options.Extra}
            remote-control:
              {control}
            {forward}
            """);
        var process = PeerProcess.Start(program, "-d", "-p", "-c", configuration);
        await process.WaitForPortAsync(IPAddress.Parse(address), port, cancellationToken);
        return new Unbound(process, address, port);
    }

    /// <summary>How many questions an unbound with a control socket was asked so far.</summary>
    public static async Task<long> QueriesAsync(string controlSocket, CancellationToken cancellationToken = default)
    {
        var told = await PeerProcess.RunAsync(Peer.Require("unbound-control"), ["-s", controlSocket, "stats_noreset"], cancellationToken: cancellationToken);
        var line = told.Output.Split('\n').FirstOrDefault(line => line.StartsWith("total.num.queries=", StringComparison.Ordinal)) ?? throw new InvalidOperationException(told.Everything);
        return long.Parse(line.AsSpan(line.IndexOf('=') + 1), System.Globalization.CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
