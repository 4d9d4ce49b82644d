using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Resolution;

/// <summary>A zone above the limit of NSEC3 iterations has insecure denials (RFC 9276 §3.2); whoever answers in its place gains nothing by that.</summary>
public class IterationLimitTests
{
    private static async Task<Answer> Ask(Resolver resolver, string name, RecordType type) => await resolver.LookupAsync(Text.Name(name), type, TestContext.Current.CancellationToken);

    // Nothing that the attacker sends proves anything but the apex; asking again spends the hashes that are allowed.
    [Theory, Rfc(9276, "3.2")]
    [InlineData(2500, true, 512)]
    [InlineData(2500, false, 512)]
    [InlineData(1000, false, 512)]
    [InlineData(2500, false, 1)]
    [InlineData(2500, false, 20)]
    [InlineData(2500, false, 40)]
    [InlineData(2500, false, 60)]
    public async Task Signed_records_of_a_zone_above_the_limit_of_iterations_do_not_become_insecure_by_spending_the_hashes(int iterations, bool isForged, int hashes)
    {
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("sec.", "_25._tcp.mx 300 TLSA 3 1 1 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20\nmx 300 A 192.0.2.1") { Keys = { TestKeys.Get("sec") }, Nsec3 = new() { Iterations = (ushort)iterations } });
        var apex = world.Reply(new(Text.Name("sec."), RecordType.AAAA)).Authorities;
        Assert.Equal(Security.Secure, (await Ask(world.Resolver(), "_25._tcp.mx.sec.", RecordType.TLSA)).Security);
        world.Rewrite = (query, message) => query.Question.Type == RecordType.TLSA
            ? isForged ? message with { Answers = [message.Answers[0] with { Data = new(new byte[] { 3, 1, 1, 6, 6, 6 }) }] } : message with { Answers = [], Authorities = apex }
            : query.Question.Type == RecordType.DS && query.Question.Name.IsBelow(Text.Name("sec.")) ? message with { ResponseCode = ResponseCode.NoError, Answers = [], Authorities = apex } : message;

        var one = world.Options with { Limits = world.Options.Limits with { Nsec3Hashes = hashes } };
        var upstreams = one with { Upstreams = [World.First, World.Second] };
        Assert.NotEqual(Security.Insecure, (await Ask(world.Resolver(one), "_25._tcp.mx.sec.", RecordType.TLSA)).Security);
        Assert.NotEqual(Security.Insecure, (await Ask(world.Resolver(upstreams), "_25._tcp.mx.sec.", RecordType.TLSA)).Security);
    }

    [Theory, Rfc(9276, "3.2"), Rfc(4035, "5.2")]
    [InlineData(2500, 512)]
    [InlineData(1000, 512)]
    [InlineData(2500, 1)]
    [InlineData(2500, 20)]
    [InlineData(2500, 40)]
    [InlineData(2500, 60)]
    public async Task A_signed_delegation_of_a_zone_above_the_limit_of_iterations_does_not_become_insecure_by_spending_the_hashes(int iterations, int hashes)
    {
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("sec.") { Keys = { TestKeys.Get("sec") }, Nsec3 = new() { Iterations = (ushort)iterations } },
            new TestZone("child.sec.", "_25._tcp.mx 300 TLSA 3 1 1 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20") { Keys = { TestKeys.Get("child") } });
        var apex = world.Reply(new(Text.Name("sec."), RecordType.AAAA)).Authorities;
        Assert.Equal(Security.Secure, (await Ask(world.Resolver(), "_25._tcp.mx.child.sec.", RecordType.TLSA)).Security);
        world.Rewrite = (query, message) => query.Question.Type is RecordType.TLSA || (query.Question.Type == RecordType.DS && query.Question.Name.IsBelow(Text.Name("sec.")))
            ? message with { ResponseCode = ResponseCode.NoError, Answers = [], Authorities = apex }
            : message;

        var one = world.Options with { Limits = world.Options.Limits with { Nsec3Hashes = hashes } };
        Assert.NotEqual(Security.Insecure, (await Ask(world.Resolver(one), "_25._tcp.mx.child.sec.", RecordType.TLSA)).Security);
        Assert.NotEqual(Security.Insecure, (await Ask(world.Resolver(one with { Upstreams = [World.First, World.Second] }), "_25._tcp.mx.child.sec.", RecordType.TLSA)).Security);
    }
}
