using System.Net;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Resolution.Iteration;
using Danelaw.Dnssec.Tests.Resolution.Iteration;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Dnssec.Tests.Resolution;

/// <summary>What lookups hold while they run, and what is left of them, measured on the heap. These tests run alone: others would be measured too.</summary>
[Collection("Alone")]
public class HeldOctetsTests
{
    private const int Mebibyte = 1 << 20;

    private static readonly string Labels = string.Concat(Enumerable.Repeat("a.", 60));

    private static AuthorityWorld World(string records) => new AuthorityWorld()
        .Zone(new(".") { Keys = { TestKeys.Get("root") } }, $"ns. {DescentTests.Root}")
        .Zone(new("tld.", "www 300 A 192.0.2.80") { Keys = { TestKeys.Get("tld") } }, $"ns.tld. {DescentTests.Top}")
        .Zone(new("evil.tld.", records) { Keys = { TestKeys.Get("evil") } }, $"ns1.evil.tld. {DescentTests.Leaf}");

    private static FillingTransport Fill(AuthorityWorld world) => new(world, static query => query.Server.EndPoint.Address.ToString() == DescentTests.Leaf);

    private static Iterator Iterator(IDnsTransport transport, AuthorityWorld world, long cache) =>
        new(transport, world.Options with { CacheBytes = cache }, new() { Anchors = TrustAnchors.None }, world.Timer, new Random(1));

    /// <summary>Replies of 64 KiB of small records with long names, one for each label of a name.</summary>
    [Fact]
    public async Task A_lookup_from_the_root_holds_little_however_much_its_replies_become_once_they_are_read()
    {
        var world = World($"{Labels}x 300 A 192.0.2.80");
        var filling = Fill(world);
        await AssertHoldsLittle(filling, new(filling, world.Options, new FakeTimeProvider(TestZone.Now), world.Timer));
    }

    [Fact]
    public async Task A_lookup_behind_a_resolver_holds_little_however_much_its_replies_become_once_they_are_read()
    {
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("tld.", "www 300 A 192.0.2.80") { Keys = { TestKeys.Get("tld") } },
            new TestZone("evil.tld.", $"{Labels}x 300 A 192.0.2.80") { Keys = { TestKeys.Get("evil") } });
        var filling = new FillingTransport(world, static query => query.Question.Name.IsBelow(Text.Name("evil.tld.")));
        await AssertHoldsLittle(filling, new(filling, world.Options, new FakeTimeProvider(TestZone.Now)));
    }

    [Fact]
    public async Task What_is_left_of_hostile_replies_is_bounded_by_the_size_of_the_cache()
    {
        const int Cache = 4 * Mebibyte;
        var labels = string.Concat(Enumerable.Repeat("a.", 8));
        var world = World(string.Concat(Enumerable.Range(0, 12).Select(i => $"{labels}x{i} 300 A 192.0.2.80\n")));
        var filling = Fill(world);
        var resolver = new Resolver(filling, world.Options with { CacheBytes = Cache }, new FakeTimeProvider(TestZone.Now), world.Timer);
        _ = await resolver.LookupAsync(Text.Name("www.tld."), RecordType.A, TestContext.Current.CancellationToken);
        var baseline = GC.GetTotalMemory(forceFullCollection: true);

        for (var i = 0; i < 12; i++) _ = await resolver.LookupAsync(Text.Name($"{labels}x{i}.evil.tld."), RecordType.A, TestContext.Current.CancellationToken);

        var left = GC.GetTotalMemory(forceFullCollection: true) - baseline;
        TestContext.Current.TestOutputHelper?.WriteLine($"{filling.Count} full replies, {left} octets are left");
        GC.KeepAlive(resolver);
        Assert.InRange(filling.Count, 24, 1000);
        Assert.InRange(left, -Cache, Cache);
    }

    [Fact]
    public async Task What_is_at_hand_goes_when_its_time_is_over_though_nobody_asks()
    {
        var world = DescentTests.Standard();
        var iterator = Iterator(world, world, 64 * Mebibyte);
        using (var asking = iterator.Begin(TestContext.Current.CancellationToken)) _ = await asking.AskAsync([new(Text.Name("www.one.tld."), RecordType.A)]);
        Assert.InRange(iterator.Inquiries.Octets, 2000, 64 * 1024);

        // Keys are at hand for five seconds, all else for one.
        world.Timer.Advance(TimeSpan.FromSeconds(1));
        Assert.InRange(iterator.Inquiries.Octets, 500, 16 * 1024);
        world.Timer.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(0, iterator.Inquiries.Octets);
    }

    [Fact]
    public void What_is_kept_for_asking_is_counted_as_what_it_is_and_takes_a_quarter_of_the_cache()
    {
        const int Cache = 64 * Mebibyte;
        var world = World("");
        var iterator = Iterator(world, world, Cache);
        var packet = Pointers().Write();
        var server = new DnsServer(TransportKind.Datagram, new(IPAddress.Loopback, 53));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 1000; i++)
        {
            var question = new Question(Text.Name($"z{i}.tld."), RecordType.A);
            var octets = new Octets(packet.ToArray());
            Assert.True(DnsMessage.TryRead(octets.Memory, out var message, out _));
            var exchange = new Exchange(new(question, server), ExchangeOutcome.Replied, octets) { Message = message };

            // Nobody is going to judge it, so the referral is held.
            iterator.Delegations.Set(iterator.Referrals.Read(exchange, Text.Name("tld."), question.Name, iterator.Now, isJudged: false));
            iterator.Inquiries.Keep(Text.Name("tld."), question, new() { Kind = ReplyKind.Answer, Zone = Text.Name("tld."), Exchange = exchange });
        }

        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"counted {iterator.Octets}, held {held}");
        Assert.InRange(iterator.Octets, Cache / 10, Cache / 4);
        Assert.InRange(iterator.Octets / (double)held, 0.9, 1.5);
        GC.KeepAlive(iterator);
    }

    /// <summary>What pointers can make of few octets: a message of some 30 KiB, twenty times as much when it is read.</summary>
    private static DnsMessage Pointers()
    {
        var name = Text.Name($"{new string('b', 63)}.{new string('c', 63)}.{new string('d', 63)}.{new string('e', 50)}.tld.");
        return new()
        {
            Flags = MessageFlags.Response,
            Authorities = [.. Enumerable.Range(0, 2000).Select(i => new ResourceRecord(name, RecordType.MX, RecordClass.IN, 300, new MxData((ushort)i, name).ToOctets()))],
        };
    }

    private static async Task AssertHoldsLittle(FillingTransport filling, Resolver resolver)
    {
        _ = await resolver.LookupAsync(Text.Name("www.tld."), RecordType.A, TestContext.Current.CancellationToken);
        var baseline = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0L;
        filling.IsStripping = true;
        filling.Filling = () => most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - baseline);

        var answer = await resolver.LookupAsync(Text.Name($"{Labels}x.evil.tld."), RecordType.A, TestContext.Current.CancellationToken);

        TestContext.Current.TestOutputHelper?.WriteLine($"{filling.Count} full replies, {most} octets at most, {answer.Explanation}");
        GC.KeepAlive(resolver);
        Assert.Equal((Security.Indeterminate, LookupReason.LimitReached), (answer.Security, answer.Reason));
        Assert.InRange(filling.Count, 3, 40);
        Assert.InRange(most, 0, 24 * Mebibyte);
    }
}
