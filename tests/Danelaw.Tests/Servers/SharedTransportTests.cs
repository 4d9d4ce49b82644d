using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Servers;

namespace Danelaw.Tests.Servers;

/// <summary>What several checks ask the same name servers.</summary>
public class SharedTransportTests
{
    private static readonly DnsQuery Query = new(new(DomainName.Parse("example.org."), RecordType.SOA), new(TransportKind.Datagram, new(System.Net.IPAddress.Loopback, 53)), RecursionDesired: false);

    [Theory]
    [InlineData(4096, 1)]
    [InlineData(4097, 2)]
    public async Task What_is_asked_twice_is_carried_once_unless_the_reply_is_too_large_to_be_kept(int octets, int carried)
    {
        var counting = new Counting(octets);
        var shared = new SharedTransport(counting, TimeProvider.System, TimeSpan.FromMinutes(10));

        for (var i = 0; i < 2; i++) Assert.Equal(octets, (await shared.ExchangeAsync(Query, TestContext.Current.CancellationToken)).Reply.Length);

        Assert.Equal(carried, counting.Carried);
    }

    [Fact]
    public async Task Whoever_waits_for_a_large_reply_gets_it_all_the_same()
    {
        var counting = new Counting(60_000);
        var shared = new SharedTransport(counting, TimeProvider.System, TimeSpan.FromMinutes(10));

        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => shared.ExchangeAsync(Query, TestContext.Current.CancellationToken).AsTask()));

        Assert.All(both, exchange => Assert.Equal(60_000, exchange.Reply.Length));
        Assert.InRange(counting.Carried, 1, 2);
    }

    private sealed class Counting(int octets) : IDnsTransport
    {
        private int _carried;

        public int Carried => _carried;

        public async ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _carried);
            await Task.Yield();
            return new(query, ExchangeOutcome.Replied, new Octets(new byte[octets]));
        }
    }
}
