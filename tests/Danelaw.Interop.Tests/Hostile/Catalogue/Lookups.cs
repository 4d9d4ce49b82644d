using Danelaw.Dns.Messages;
using Danelaw.Dns.Transports;
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
        _resolver = new Resolver(_transport, new ResolverOptions
        {
            Upstreams = [new DnsServer(TransportKind.Datagram, HostileRealm.EndPoint(upstream))],
            Anchors = realm.Anchors,
        }, _clock);
    }

    public ValueTask<Answer> AskAsync(Question question, CancellationToken cancellationToken) => _resolver.LookupAsync(question.Name, question.Type, cancellationToken);

    /// <summary>Lets time pass for what is cached and for signatures; the servers know nothing of it.</summary>
    public void Pass(TimeSpan time) => _clock.Ahead += time;

    public ValueTask DisposeAsync() => _transport.DisposeAsync();

    private sealed class MovableClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
    }
}
