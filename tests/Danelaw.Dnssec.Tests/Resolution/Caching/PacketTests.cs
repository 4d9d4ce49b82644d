using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Dnssec.Tests.Resolution.Caching;

/// <summary>What is kept is copied out: a cache of small things must not keep large packets alive.</summary>
public class PacketTests
{
    private readonly World _world = StandardWorld.Create();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_that_is_kept_holds_on_to_a_packet(bool keepsAnswersOnly)
    {
        var watching = new WatchingTransport(_world);
        var resolver = new Resolver(watching, _world.Options with { KeepsAnswersOnly = keepsAnswersOnly }, new FakeTimeProvider(TestZone.Now));
        await AskAsync(resolver);

        // The world's own list holds names that were read from packets.
        _world.Queries.Clear();
        string[] alive = [""];
        for (var i = 0; i < 10 && alive.Length > 0; i++)
        {
            await Task.Yield();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            alive = [.. watching.Packets.Where(packet => packet.Reply.TryGetTarget(out _)).Select(packet => packet.Question)];
        }

        Assert.InRange(watching.Packets.Count, 30, 1000);
        Assert.Equal([], alive);
        GC.KeepAlive(resolver);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task AskAsync(Resolver resolver)
    {
        (string Name, RecordType Type)[] questions =
        [
            ("www.sec.nsec.", RecordType.A), ("missing.sec.nsec.", RecordType.A), ("missing.sec.hash.", RecordType.A), ("www.uns.opt.", RecordType.A), ("missing.uns.nsec.", RecordType.A),
            ("across.sec.nsec.", RecordType.A), ("a.wild.sec.hash.", RecordType.A), ("x.moved.sec.nsec.", RecordType.A), ("toinsecure.sec.nsec.", RecordType.A), ("sec.nsec.", RecordType.DS),
            ("sec.nsec.", RecordType.DNSKEY), ("www.sec.nsec.", RecordType.ANY), ("www.sec.opt.", RecordType.RRSIG), ("plain.sec.nsec.", RecordType.TXT),
        ];
        foreach (var (name, type) in questions) await resolver.LookupAsync(Text.Name(name), type, TestContext.Current.CancellationToken);
    }

    private sealed class WatchingTransport(IDnsTransport inner) : IDnsTransport
    {
        internal List<(string Question, WeakReference<byte[]> Reply)> Packets { get; } = [];

        public async ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
        {
            var exchange = await inner.ExchangeAsync(query, cancellationToken);
            if (MemoryMarshal.TryGetArray(exchange.Reply.Memory, out var segment))
                lock (Packets) Packets.Add((query.Question.ToString(), new(segment.Array!)));
            return exchange;
        }
    }
}
