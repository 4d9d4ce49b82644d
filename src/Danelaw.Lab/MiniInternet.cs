using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Signing;
using Danelaw.Lab.Authority;
using Danelaw.Lab.Faults;
using Danelaw.Lab.Scenarios;
using Danelaw.Lab.Servers;
using Danelaw.Lab.Zones;

namespace Danelaw.Lab;

/// <summary>
/// A signed Internet in one process, on loopback, without privileges: a root with a key of its own, the zone <c>lab.</c>, mail domains
/// sound and broken, a DNS server that answers for all of them as an upstream resolver does, and real mail servers with TLS, each host at
/// an address of its own, all on one port. It ends when it is disposed.
/// </summary>
public sealed partial class MiniInternet : IAsyncDisposable
{
    // The rest of 127/8 belongs to others: 127.0/16 and 127.1/16 to the machine, the tests' own servers below 16.
    private const int FirstNetwork = 16;
    private const int Networks = 224;
    private const int PortTries = 20;
    private const uint AnchorTimeToLive = 3600;

    private readonly World _world;
    private readonly DnsResponder _responder;
    private readonly ImmutableArray<IAsyncDisposable> _listeners;

    private MiniInternet(int seed, World world, LabNamespace zones, DnsResponder responder, int port, ImmutableArray<IAsyncDisposable> listeners)
    {
        Seed = seed;
        _world = world;
        Namespace = zones;
        _responder = responder;
        MailPort = port;
        _listeners = listeners;
    }

    /// <summary>What everything was drawn from; given again, the same lab comes out, but for its keys and its port.</summary>
    public int Seed { get; }

    /// <summary>The lab's time when it was raised.</summary>
    public DateTimeOffset StartedAt => _world.Now;

    /// <summary>The DNS server, by UDP and TCP.</summary>
    public DnsServer Upstream => new(TransportKind.Datagram, new IPEndPoint(_world.NameServerAddress, MailPort));

    /// <summary>The root's trust anchor: a DS record in zone-file syntax.</summary>
    public string Anchor => ZoneWriter.ToLine(new ResourceRecord(DomainName.Root, RecordType.DS, RecordClass.IN, AnchorTimeToLive, _world.Keys.Root.ToDs(DomainName.Root)));

    /// <summary>The root's key: a DNSKEY record in zone-file syntax, for tools that want that as their anchor.</summary>
    public string AnchorKey => ZoneWriter.ToLine(new ResourceRecord(DomainName.Root, RecordType.DNSKEY, RecordClass.IN, AnchorTimeToLive, _world.Keys.Root.ToDnskey()));

    /// <summary>The root's trust anchor as delv's configuration has it.</summary>
    public string DelvAnchors
    {
        get
        {
            var key = _world.Keys.Root;
            return string.Create(CultureInfo.InvariantCulture, $"trust-anchors {{ . static-key {(int)key.Flags} 3 {(int)key.Algorithm} \"{key.PublicKey.ToBase64()}\"; }};");
        }
    }

    /// <summary>The port of every mail server.</summary>
    public int MailPort { get; }

    /// <summary>What leads port 25 of every host to the lab's port, for <c>--connect-to</c>.</summary>
    public string ConnectTo => string.Create(CultureInfo.InvariantCulture, $":25::{MailPort}");

    /// <summary>What leads port 53 of the zones' name server to the lab's port, for <c>--connect-to</c>.</summary>
    public string ConnectNameServersTo => string.Create(CultureInfo.InvariantCulture, $":53::{MailPort}");

    /// <summary>The mail domains, the sound ones first, with what a right check says of each.</summary>
    public ImmutableArray<LabDomain> Domains => _world.Domains;

    /// <summary>The mail servers.</summary>
    public ImmutableArray<MailHost> Hosts => _world.Hosts;

    /// <summary>All zones.</summary>
    public LabNamespace Namespace { get; }

    /// <summary>The authority's root certificate.</summary>
    public LabCertificate RootCertificate => _world.RootCertificate;

    /// <summary>The authority that issued the servers' certificates.</summary>
    public LabCertificate IssuingCertificate => _world.Intermediate;

    /// <summary>The questions for which the DNS server misbehaves now. Setting it takes the place of all that was there.</summary>
    public ImmutableArray<ReplyFault> ReplyFaults { get => _responder.Faults; set => _responder.Faults = value; }

    /// <summary>Raises a lab.</summary>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SocketException">No port, or not the one asked for, could be had.</exception>
    public static async Task<MiniInternet> StartAsync(MiniInternetOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new MiniInternetOptions();
        var seed = options.Seed ?? RandomNumberGenerator.GetInt32(1_000_000);
        var now = options.Clock.GetUtcNow();
        var oddities = options.IsOdd ? Oddities.From(seed) : Oddities.None;
        var network = (byte)(FirstNetwork + (new Random(seed).Next(Networks)));

        var keys = await SlowKeys.GenerateAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var world = new World(network, now, keys, oddities);
        SoundDomains.Add(world);
        UnprotectedDomains.Add(world);
        BrokenDomains.Add(world);
        var zones = world.Build(new SignatureValidity(now.AddHours(-1), now + options.SignatureLife), options.RecordFaults);
        var responder = new DnsResponder(zones, oddities) { Faults = [.. options.ReplyFaults, .. world.Faults] };
        var (port, listeners) = await ListenAsync(world, responder, options).ConfigureAwait(false);
        return new MiniInternet(seed, world, zones, responder, port, listeners);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await CloseAsync(_listeners).ConfigureAwait(false);

    private static async Task<(int Port, ImmutableArray<IAsyncDisposable> Listeners)> ListenAsync(World world, DnsResponder responder, MiniInternetOptions options)
    {
        for (var tries = 1; ; tries++)
        {
            var listeners = new List<IAsyncDisposable>();
            try
            {
                var port = options.Port != 0 ? options.Port : FreePort(world.NameServerAddress);
                listeners.Add(DnsListener.Start(new IPEndPoint(world.NameServerAddress, port), responder, options.Clock));
                foreach (var host in world.Hosts)
                    foreach (var address in host.Addresses)
                        listeners.Add(TcpAcceptor.Start(new IPEndPoint(address, port), (socket, stop) => SmtpSession.ServeAsync(host, socket, options.Clock, stop)));
                return (port, [.. listeners]);
            }
            catch (SocketException) when (options.Port == 0 && tries < PortTries)
            {
                // Somebody listens at that port on every address: another one.
                await CloseAsync(listeners).ConfigureAwait(false);
            }
            catch
            {
                await CloseAsync(listeners).ConfigureAwait(false);
                throw;
            }
        }
    }

    private static int FreePort(IPAddress address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task CloseAsync(IEnumerable<IAsyncDisposable> listeners)
    {
        await Task.WhenAll(listeners.Select(listener => listener.DisposeAsync().AsTask())).ConfigureAwait(false);
    }
}
