using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Dnssec.Tests.Resolution;

/// <summary>What an opt-out span makes insecure stays so for as long as the span is known, and no longer.</summary>
public class OptOutLifeTests
{
    private readonly FakeTimeProvider _clock = new(TestZone.Now);

    private static async Task<Answer> Ask(Resolver resolver, string name, RecordType type) => await resolver.LookupAsync(Text.Name(name), type, TestContext.Current.CancellationToken);

    private static World Island() => new(
        new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
        new TestZone("opt.") { Keys = { TestKeys.Get("opt") }, Nsec3 = new() { OptOut = true } },
        new TestZone("island.opt.", "www 60 A 192.0.2.1\nmx 60 A 192.0.2.2") { Keys = { TestKeys.Get("island") }, Delegation = _ => [] });

    [Fact, Rfc(4035, "5.3.3"), Rfc(2308, "5")]
    public async Task A_zone_in_an_opt_out_span_that_gets_its_DS_is_not_insecure_beyond_the_TTL_of_the_span()
    {
        var world = Island();
        var resolver = new Resolver(world, world.Options, _clock);
        Assert.Equal(Security.Insecure, (await Ask(resolver, "www.island.opt.", RecordType.A)).Security);

        world["opt."].Add(new ResourceRecord(Text.Name("island.opt."), RecordType.DS, RecordClass.IN, 3600, TestKeys.Get("island").ToDs(Text.Name("island.opt."))));
        world["opt."].Sign();
        _clock.Advance(TimeSpan.FromSeconds(301));

        Assert.Equal(Security.Secure, (await Ask(resolver, "mx.island.opt.", RecordType.A)).Security);
    }

    [Fact, Rfc(4035, "5.3.3")]
    public async Task What_is_insecure_by_a_span_does_not_outlive_the_signature_of_the_span()
    {
        var world = Island();
        var resolver = new Resolver(world, world.Options, _clock);
        _clock.Advance(TestZone.Validity.Expiration - TestZone.Now - TimeSpan.FromSeconds(100));

        // The key set of opt. is signed for longer than its spans are: only the answer to DNSKEY questions is taken from a world signed later.
        var later = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") }, SignedFor = new(TestZone.Now.AddDays(-7), TestZone.Now.AddDays(60)) },
            new TestZone("opt.") { Keys = { TestKeys.Get("opt") }, SignedFor = new(TestZone.Now.AddDays(-7), TestZone.Now.AddDays(60)), Nsec3 = new() { OptOut = true } });
        world.Rewrite = (query, message) => query.Question.Type == RecordType.DNSKEY && !query.Question.Name.IsAtOrBelow(Text.Name("island.opt.")) || query.Question == new Question(Text.Name("opt."), RecordType.DS) ? later.Reply(query.Question) : message;
        Assert.Equal(Security.Insecure, (await Ask(resolver, "www.island.opt.", RecordType.A)).Security);

        _clock.Advance(TimeSpan.FromSeconds(101));

        Assert.NotEqual(Security.Insecure, (await Ask(resolver, "mx.island.opt.", RecordType.A)).Security);
    }
}
