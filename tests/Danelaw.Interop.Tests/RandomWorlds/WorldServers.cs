using System.Globalization;
using System.Net;
using Danelaw.Dns.Transports;
using Danelaw.Dns.Zones;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>The servers of many worlds at once: a root and four authoritative NSDs, an unbound that validates with every world's anchor, and one that validates nothing.</summary>
internal sealed class WorldServers : IAsyncDisposable
{
    private const string RootAddress = "127.77.0.10";
    private const string ValidatingAddress = "127.77.0.20";
    private const string PlainAddress = "127.77.0.21";

    // What one server process needs to ask and answer quickly, and what makes each verdict one of its own: nothing is concluded of one question for another.
    // Who does not answer a busy machine's unbound at once is asked without EDNS next, and then without proofs: so it is given time.
    private const string Plain = """
          outgoing-range: 2048
          num-queries-per-thread: 1024
          so-rcvbuf: 4m
          so-sndbuf: 4m
          qname-minimisation: no
          aggressive-nsec: no
          harden-below-nxdomain: no
          prefetch: no
          minimal-responses: no
          jostle-timeout: 5000
          unknown-server-time-limit: 3000
          infra-cache-min-rtt: 3000
          infra-keep-probing: yes
          root-key-sentinel: no
          trust-anchor-signaling: no
        """;

    private readonly List<IAsyncDisposable> _processes;
    private int _alone;

    private WorldServers(List<IAsyncDisposable> processes, string rootHints)
    {
        _processes = processes;
        RootHints = rootHints;
    }

    public string RootHints { get; }

    public static DnsServer ValidatingServer => new(TransportKind.Datagram, new IPEndPoint(IPAddress.Parse(ValidatingAddress), DnsServer.DnsPort));

    public static DnsServer PlainServer => new(TransportKind.Datagram, new IPEndPoint(IPAddress.Parse(PlainAddress), DnsServer.DnsPort));

    public static async Task<WorldServers> StartAsync(TestFolder folder, IReadOnlyList<WorldPlan> worlds, CancellationToken cancellationToken)
    {
        var processes = new List<IAsyncDisposable>();
        try
        {
            var nsds = new List<Nsd>();
            var starting = worlds.SelectMany(world => world.Zones).GroupBy(zone => zone.Server)
                .Select(server => Nsd.StartAsync(folder, ZoneFiller.AddressOf(server.Key), DnsServer.DnsPort, server.Select(zone => (zone.Apex.ToString(), TextOf(zone))), cancellationToken))
                .Append(Nsd.StartAsync(folder, RootAddress, DnsServer.DnsPort, [(".", RootText(worlds)), ("outside.", OutsideText)], cancellationToken)).ToList();
            foreach (var start in starting)
            {
                var nsd = await start;
                nsds.Add(nsd);
                processes.Add(nsd);
            }

            // What a server does not take it does not serve, and then nothing is tested.
            if (nsds.SelectMany(nsd => nsd.Log.Split('\n')).FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal)) is { } refused) throw new InvalidOperationException(refused);
            var hints = $". 3600000 IN NS ns.root-servers.outside.\nns.root-servers.outside. 3600000 IN A {RootAddress}\n";
            processes.Add(await Unbound.StartAsync(folder, ValidatingAddress, DnsServer.DnsPort, Validating(hints, worlds), cancellationToken));
            processes.Add(await Unbound.StartAsync(folder, PlainAddress, DnsServer.DnsPort, new UnboundOptions { RootHints = hints, Extra = Plain }, cancellationToken));
            return new WorldServers(processes, hints);
        }
        catch
        {
            foreach (var process in processes) await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Asks an unbound that is asked nothing else, and has kept nothing: what the busy one says may come of a server that did not answer it in time, or of what it keeps from other questions.
    /// </summary>
    public async Task<WorldAnswer> AskAloneAsync(DnsTransport transport, TestFolder folder, WorldPlan world, SetPlace question, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _alone);
        var address = string.Create(CultureInfo.InvariantCulture, $"127.78.{number / 250}.{1 + (number % 250)}");
        await using var unbound = await Unbound.StartAsync(folder, address, DnsServer.DnsPort, Validating(RootHints, [world]), cancellationToken);
        var server = new DnsServer(TransportKind.Datagram, new IPEndPoint(IPAddress.Parse(address), DnsServer.DnsPort));
        return WorldAnswer.Of(await transport.ExchangeAsync(new DnsQuery(new(question.Owner, question.Type), server, CheckingDisabled: false), cancellationToken));
    }

    private static UnboundOptions Validating(string hints, IEnumerable<WorldPlan> worlds) => new()
    {
        RootHints = hints,
        Anchors = string.Concat(worlds.SelectMany(world => world.Anchors).Select(anchor => ZoneWriter.ToLine(anchor) + "\n")),
        Extra = Plain + "  val-sig-skew-min: 0\n  val-sig-skew-max: 0\n",
    };

    public static string TextOf(ZonePlan zone) => string.Concat(zone.Served.Select(record => ZoneWriter.ToLine(record) + "\n"));

    /// <summary>The folder in which zone files are kept to be looked at, <c>DANELAW_WORLD_ZONES</c>; null for none.</summary>
    public static string? KeptZones => Environment.GetEnvironmentVariable("DANELAW_WORLD_ZONES");

    /// <summary>Keeps the zone files of a world, each with what was done to it.</summary>
    public static void Keep(WorldPlan world)
    {
        if (KeptZones is not { } folder) return;
        foreach (var zone in world.Zones) File.WriteAllText(Path.Combine(folder, $"{zone.Apex}zone"), $"; {zone.Notes}, server {zone.Server}\n{TextOf(zone)}");
    }

    // The root is unsigned: each world's own anchor is where trust begins.
    private static string RootText(IEnumerable<WorldPlan> worlds) => $"""
        . 3600 IN SOA ns.root-servers.outside. hostmaster.outside. 1 7200 900 1209600 300
        . 3600 IN NS ns.root-servers.outside.
        outside. 3600 IN NS ns.root-servers.outside.
        ns.root-servers.outside. 3600 IN A {RootAddress}

        """ + string.Concat(worlds.Select(world =>
            $"{world.Top.Apex} 3600 IN NS ns.{world.Top.Apex}\nns.{world.Top.Apex} 3600 IN A {ZoneFiller.AddressOf(world.Top.Server)}\n"));

    private const string OutsideText = $"""
        outside. 3600 IN SOA ns.root-servers.outside. hostmaster.outside. 1 7200 900 1209600 300
        outside. 3600 IN NS ns.root-servers.outside.
        ns.root-servers.outside. 3600 IN A {RootAddress}
        www.outside. 3600 IN A 192.0.2.200

        """;

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_processes.Select(process => process.DisposeAsync().AsTask()));
    }
}
