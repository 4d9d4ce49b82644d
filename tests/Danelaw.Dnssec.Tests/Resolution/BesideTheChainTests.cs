using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Resolution;

/// <summary>What cannot be had beside the chain of trust does not matter where the chain has ended, or leads on.</summary>
public class BesideTheChainTests
{
    private static async Task<Answer> Ask(Resolver resolver, string name, RecordType type) => await resolver.LookupAsync(Text.Name(name), type, TestContext.Current.CancellationToken);

    [Fact, Rfc(6672, "5.3.1")]
    public async Task A_DNAME_that_the_resolver_lost_is_found_also_two_labels_above_the_CNAME()
    {
        var world = StandardWorld.Create();
        world["sec.nsec."].Add("y.x.www2 300 A 192.0.2.83");
        world["sec.nsec."].Sign();
        world.Rewrite = (query, message) => query.Question != new Question(Text.Name("y.x.moved.sec.nsec."), RecordType.A) ? message : message with
        {
            Answers = [.. message.Answers.Where(record => record.Owner != Text.Name("moved.sec.nsec."))],
        };

        Assert.Equal(Security.Secure, (await Ask(world.Resolver(), "y.x.moved.sec.nsec.", RecordType.A)).Security);
    }

    [Theory, Rfc(4035, "5.2")]
    [InlineData(ExchangeOutcome.TimedOut, null)]
    [InlineData(null, ResponseCode.NotImplemented)]
    public async Task A_signed_zone_below_an_unsigned_one_is_insecure_although_the_unsigned_ones_servers_fail_on_DS(ExchangeOutcome? outcome, ResponseCode? code)
    {
        var world = StandardWorld.Create();
        var ds = new Question(Text.Name("below.uns.nsec."), RecordType.DS);
        world.Outcome = query => query.Question == ds ? outcome : null;
        world.Rewrite = (query, message) => query.Question == ds && code is { } its ? message with { ResponseCode = its, Answers = [], Authorities = [] } : message;

        var answer = await Ask(world.Resolver(), "www.below.uns.nsec.", RecordType.A);

        Assert.Equal((Security.Insecure, LookupReason.InsecureDelegation), (answer.Security, answer.Reason));
    }

    [Fact, Rfc(4035, "5.2")]
    public async Task The_same_without_signatures_is_insecure()
    {
        var world = StandardWorld.Create();
        var ds = new Question(Text.Name("below.uns.nsec."), RecordType.DS);
        world.Outcome = query => query.Question == ds ? ExchangeOutcome.TimedOut : null;
        world.Rewrite = (query, message) => query.Question.Type == RecordType.A ? message.WithoutSignatures() : message;

        Assert.Equal(Security.Insecure, (await Ask(world.Resolver(), "www.below.uns.nsec.", RecordType.A)).Security);
    }
}
