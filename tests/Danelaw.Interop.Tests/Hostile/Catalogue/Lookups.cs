using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Resolution;
using Danelaw.Interop.Tests.Hostile.Catalogue.Realm;

namespace Danelaw.Interop.Tests.Hostile.Catalogue;

/// <summary>A resolver of ours with a cache of its own, as stub behind the forwarder or iterating behind the proxies.</summary>
internal sealed class Lookups : IAsyncDisposable
{
    private readonly DnsTransport _transport;
    private readonly Resolver _resolver;
    private readonly MovableClock _clock = new();

    public Lookups(HostileRealm realm, Position position, DnsTransportOptions? options = null, string upstream = HostileRealm.ForwarderAddress)
    {
        _transport = new DnsTransport(options ?? new DnsTransportOptions(), TimeProvider.System);
        var shared = new ResolverOptions { Anchors = realm.Anchors };
        _resolver = new Resolver(_transport, position == Position.Servers
            ? shared with { Iteration = new IterationOptions { Hints = Hints(realm.RootHints), UseIPv6 = false } }
            : shared with { Upstreams = [new DnsServer(TransportKind.Datagram, HostileRealm.EndPoint(upstream))] }, _clock, _clock);
    }

    public ValueTask<Answer> AskAsync(Question question, CancellationToken cancellationToken) => _resolver.LookupAsync(question.Name, question.Type, cancellationToken);

    /// <summary>Lets time pass for what is cached and for signatures; the servers know nothing of it.</summary>
    public void Pass(TimeSpan time) => _clock.Ahead += time;

    private static RootHints Hints(string text)
    {
        using var reader = new ZoneReader(new StringReader(text), new ZoneReaderOptions());
        var records = new List<ResourceRecord>();
        while (reader.TryRead(out var record, out _)) records.Add(record);
        return RootHints.TryCreate(records, out var hints, out var fault) ? hints : throw new FormatException(fault);
    }

    public ValueTask DisposeAsync() => _transport.DisposeAsync();

    private sealed class MovableClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;

        // The age of what an iteration keeps for asking is measured by this.
        public override long GetTimestamp() => System.GetTimestamp() + (long)(Ahead.TotalSeconds * TimestampFrequency);
    }
}
