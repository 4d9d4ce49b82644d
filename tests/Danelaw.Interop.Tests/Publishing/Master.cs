using System.Net;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Testing.Peers;
using Danelaw.Tlsa;

namespace Danelaw.Interop.Tests.Publishing;

/// <summary>A place where a zone is mastered, raised once for a class of tests. The zone is an island: its own key is the trust anchor.</summary>
public abstract class Master : IAsyncLifetime
{
    public const string Zone = "pub.lab.";

    /// <summary>A zone without signatures, at those that have one.</summary>
    public const string PlainZone = "plain.lab.";

    /// <summary>For records that stand in the zone from the beginning.</summary>
    public static readonly TlsaRecord First = Record('a');

    private readonly List<IAsyncDisposable> _kept = [];

    public TestFolder Folder { get; } = new("publish");

    /// <summary>Where the zone is served.</summary>
    public abstract string Address { get; }

    /// <summary>A place that takes what it is told.</summary>
    public abstract PublisherSettings Settings { get; }

    /// <summary>The same place, which refuses us.</summary>
    public abstract PublisherSettings Refusing { get; }

    /// <summary>A place where nobody is.</summary>
    public abstract PublisherSettings Absent { get; }

    /// <summary>What comes of asking there.</summary>
    public virtual PublishOutcome OfAbsent => PublishOutcome.Unreachable;

    /// <summary>Whether records are refused for a name to which a wildcard gives some.</summary>
    public virtual bool RefusesWildcards => false;

    /// <summary>Whether it is known beforehand that records could not be published.</summary>
    public virtual bool IsRehearsed => true;

    /// <summary>Whether servers show what was published.</summary>
    public virtual bool IsServed => true;

    public PublisherServices Services { get; } = new() { Time = TimeProvider.System, ExchangeLimit = TimeSpan.FromSeconds(5) };

    public static DomainName Name(string text) => DomainName.Parse(text);

    /// <summary>A record that no other letter makes.</summary>
    public static TlsaRecord Record(char letter) => TlsaRecord.TryParse($"3 1 1 {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData([(byte)letter]))}", out var record, out var fault) ? record : throw new InvalidOperationException(fault);

    /// <summary>The zone as it is to begin with.</summary>
    protected virtual string Text => $"""
        $TTL 600
        {Zone} SOA ns1.{Zone} hostmaster.{Zone} 7 7200 900 1209600 300
        {Zone} NS ns1.{Zone}
        ns1.{Zone} A {Address}
        mx.{Zone} A 192.0.2.25
        _25._tcp.mx.{Zone} 300 TLSA {First}
        _25._tcp.mx.{Zone} TXT "beside it"
        _443._tcp.mx.{Zone} 300 TLSA {Record('z')}
        *._tcp.wild.{Zone} 300 TLSA {First}
        *.wild.{Zone} 300 TLSA {First}
        _443._tcp.kept.wild.{Zone} TXT "keeps the wildcard away"
        _25._tcp.alias.{Zone} CNAME _25._tcp.mx.{Zone}
        sub.{Zone} NS ns.sub.{Zone}
        ns.sub.{Zone} A 192.0.2.53
        text.{Zone} TXT "semi; colon" "and \"quotes\""

        """.Replace("        ", "", StringComparison.Ordinal);

    public IZonePublisher Publisher => Create(Settings);

    /// <summary>The publisher for a place.</summary>
    public virtual IZonePublisher Create(PublisherSettings settings) => ZonePublisher.Create(settings, Services);

    public async ValueTask InitializeAsync()
    {
        Peer.RequireOwnNetwork();
        await Loopback.AddAsync([Address]);
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var kept in _kept) await kept.DisposeAsync();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Raises it.</summary>
    protected abstract Task StartAsync();

    protected T Keep<T>(T server)
        where T : IAsyncDisposable
    {
        _kept.Add(server);
        return server;
    }

    protected static string[] Fields(string line) => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A file that nobody else may read.</summary>
    protected string Secret(string name, string text)
    {
        var path = Folder[name];
        if (File.Exists(path) && File.ReadAllText(path) == text) return path;
        File.WriteAllText(path, text);
        TestFolder.SetMode(path, 0b110_000_000);
        return path;
    }

    /// <summary>Every record of the zone but those that a signer makes, and the serial, as sorted lines.</summary>
    public virtual async Task<IReadOnlyList<string>> DumpAsync(CancellationToken cancellationToken)
    {
        string[] made = ["SOA", "RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "DNSKEY", "CDS", "CDNSKEY", "TYPE65534"];
        var said = await PeerProcess.RunAsync(Peer.Require("dig"), ["@" + Address, Zone, "AXFR", "+noall", "+answer"], cancellationToken: cancellationToken);
        var lines = said.Output.Split('\n').Select(Fields).Where(fields => fields.Length > 4 && !made.Contains(fields[3])).Select(fields => string.Join(' ', fields)).Distinct().Order(StringComparer.Ordinal).ToList();
        return lines.Count > 0 ? lines : throw new InvalidOperationException($"no transfer: {said.Everything}");
    }

    /// <summary>What all authoritative servers say, validated from the zone's own key down.</summary>
    public async Task<IReadOnlyList<AuthoritativeView>> ViewsAsync(DomainName owner, CancellationToken cancellationToken)
    {
        var transport = new DnsTransport(new(), TimeProvider.System);
        await using (transport)
            return [.. await (await ServersAsync(transport, null, cancellationToken)).AskAsync([owner], cancellationToken)];
    }

    protected async Task<AuthoritativeServers> ServersAsync(DnsTransport transport, string? instead, CancellationToken cancellationToken)
    {
        var said = await PeerProcess.RunAsync(Peer.Require("dig"), ["@" + Address, Zone, "DNSKEY", "+noall", "+answer", "+norec"], cancellationToken: cancellationToken);
        Assert.True(TrustAnchors.TryRead(new StringReader(said.Output), "", out var anchors, out var fault), $"{fault}\n{said.Everything}");
        Assert.True(RootHints.TryCreate([new(Name(Zone), RecordType.NS, RecordClass.IN, 600, new(Name("ns1." + Zone).Wire.ToArray())), new(Name("ns1." + Zone), RecordType.A, RecordClass.IN, 600, new(IPAddress.Parse(Address).GetAddressBytes()))], out var hints, out var unfit), unfit);
        var resolver = new Resolver(transport, new() { Iteration = new() { Hints = hints }, Anchors = anchors }, TimeProvider.System);
        return new(resolver, transport, new(resolver, transport, TimeProvider.System)) { ConnectTo = instead is null ? [] : [new(null, null, null, IPAddress.Parse(instead), null)] };
    }

    /// <summary>The options by which the command asks this place's server and nobody else.</summary>
    public async Task<string[]> AskingAsync(CancellationToken cancellationToken)
    {
        var said = await PeerProcess.RunAsync(Peer.Require("dig"), ["@" + Address, Zone, "DNSKEY", "+noall", "+answer", "+norec"], cancellationToken: cancellationToken);
        return ["--root-hints", Folder.Write("hints", $"{Zone} 600 IN NS ns1.{Zone}\nns1.{Zone} 600 IN A {Address}\n"), "--trust-anchor", Folder.Write("anchor", said.Output), "--timeout", "1s", "--tries", "2"];
    }

    /// <summary>Polls until a signed denial is there: a server that signs by itself takes a moment.</summary>
    protected async Task WaitUntilSignedAsync()
    {
        for (var round = 0; ; round++)
        {
            var said = await PeerProcess.RunAsync(Peer.Require("dig"), ["@" + Address, "nx." + Zone, "A", "+dnssec", "+noall", "+authority", "+norec"]);
            if (said.Output.Split('\n').Select(Fields).Any(fields => fields.Length > 4 && fields[3] == "RRSIG" && fields[4] is "NSEC" or "NSEC3")) return;
            if (round > 300) throw new InvalidOperationException($"the zone was not signed: {said.Everything}");
            await Task.Delay(20);
        }
    }
}
