using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Resolution.Iteration;
using Danelaw.Dnssec.Tests.Worlds;

namespace Danelaw.Dnssec.Tests.Resolution.Iteration;

/// <summary>The tables of what is known for asking take no more octets than they may, and forget what was not used.</summary>
public class GenerationsTests
{
    [Fact]
    public void However_much_comes_in_two_halves_are_never_exceeded()
    {
        var table = new Generations<int, string>(1000, static (_, text) => text.Length);
        for (var i = 0; i < 500; i++)
        {
            table.Set(i, new string('x', (i * 37 % 300) + 1));
            Assert.InRange(table.Cost, 0, 2000);
        }
    }

    [Fact]
    public void What_is_used_stays_and_what_is_not_is_forgotten()
    {
        var table = new Generations<int, string>(10, static (_, _) => 1);
        table.Set(-1, "used");
        table.Set(-2, "not used");
        for (var i = 0; i < 100; i++)
        {
            table.Set(i, "other");
            Assert.True(table.TryGet(-1, out _));
        }

        Assert.False(table.TryGet(-2, out _));
    }

    [Fact]
    public void What_is_taken_out_or_replaced_costs_nothing_any_more()
    {
        var table = new Generations<int, string>(100, static (_, text) => text.Length);
        var kept = new string('x', 60);
        table.Set(1, kept);
        table.Set(1, new string('y', 10));
        Assert.Equal(10, table.Cost);
        table.Set(1, kept);

        // Another value stands there by now.
        table.Remove(1, new string('x', 60));
        Assert.Equal(60, table.Cost);
        table.Remove(1, kept);
        Assert.Equal(0, table.Cost);
    }

    [Fact]
    public void What_is_larger_than_a_half_is_not_kept_and_drives_nothing_out()
    {
        var table = new Generations<int, string>(100, static (_, text) => text.Length);
        table.Set(1, "kept");

        table.Set(2, new string('x', 101));

        Assert.False(table.TryGet(2, out _));
        Assert.True(table.TryGet(1, out _));
        Assert.Equal(4, table.Cost);
    }

    [Fact, Rfc(2181, "5.2")]
    public void Addresses_of_a_host_last_no_longer_than_those_of_either_family()
    {
        var hosts = new HostTable(10_000);
        var host = Text.Name("ns.lab.");
        System.Net.IPAddress four = System.Net.IPAddress.Parse("192.0.2.1"), six = System.Net.IPAddress.Parse("2001:db8::1");
        hosts.Add(host, [four], 0, 300_000);
        hosts.Add(host, [six], 1_000, 86_400_000);

        Assert.Equal([four, six], hosts.Known(host, 299_999));
        Assert.Empty(hosts.Known(host, 300_000));

        // What has ended adds nothing, and shortens nothing.
        hosts.Add(host, [six], 300_000, 86_400_000);
        Assert.Equal([six], hosts.Known(host, 86_399_999));
    }

    [Fact]
    public void Ten_thousand_delegations_of_many_servers_take_no_more_octets_than_they_may()
    {
        var world = DescentTests.Standard();
        var options = new ResolverOptions { Iteration = new(), CacheBytes = 8 << 20 };
        var iterator = new Iterator(world, options, new() { Anchors = Danelaw.Dnssec.Keys.TrustAnchors.None }, TimeProvider.System, new Random(1));
        for (var i = 0; i < 10_000; i++)
        {
            var zone = Text.Name($"z{i}.tld.");
            var message = new DnsMessage
            {
                Flags = MessageFlags.Response,
                Questions = [new(zone, RecordType.A)],
                Authorities = [.. Enumerable.Range(0, 32).Select(n => new ResourceRecord(zone, RecordType.NS, RecordClass.IN, 3600, new NameData(Text.Name($"ns{n}.{new string('x', 60)}.example.")).ToOctets()))],
            };
            var exchange = new Exchange(new(new(zone, RecordType.A), new(TransportKind.Datagram, new(System.Net.IPAddress.Loopback, 53))), ExchangeOutcome.Replied, new(message.Write())) { Message = message };

            // Nobody is going to judge it, so the whole referral is held.
            iterator.Delegations.Set(iterator.Referrals.Read(exchange, Text.Name("tld."), zone, iterator.Now, isJudged: false));
            Assert.InRange(iterator.Delegations.Octets, 1, (8 << 20) * 3 / 16);
        }
    }
}
