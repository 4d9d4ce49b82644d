using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Resolution.Iteration;

/// <summary>Lookups that ask the same at the same time share the asking, never one another's limits.</summary>
public class SharedInquiryTests
{
    private static TestZone Signed(string apex, string key, string records = "www 300 A 192.0.2.80") => new(apex, records) { Keys = { TestKeys.Get(key) } };

    private static async Task Until(Func<bool> condition)
    {
        for (var i = 0; i < 2000 && !condition(); i++) await Task.Delay(1, TestContext.Current.CancellationToken);
        Assert.True(condition());
    }

    /// <summary>The one lookup only feels its way past www.one.tld. and gives up after two useless replies; the other one wants that very name and has a good server left.</summary>
    [Fact]
    public async Task A_lookup_does_not_fail_because_another_one_felt_its_way_past_the_same_name()
    {
        var failed = 0;
        for (var round = 0; round < 12; round++)
        {
            string[] servers = [.. Enumerable.Range(1, 5).Select(i => $"ns{i}.one.tld. 192.0.2.{60 + i}")];
            var world = new AuthorityWorld()
                .Zone(Signed(".", "root"), $"ns. {DescentTests.Root}")
                .Zone(Signed("tld.", "tld"), $"ns.tld. {DescentTests.Top}")
                .Zone(Signed("one.tld.", "one", "www 300 A 192.0.2.80\na.www 300 A 192.0.2.81"), servers);
            world.Rewrite = (query, message) => query.Question.Type == RecordType.A && query.Question.Name.IsAtOrBelow(Text.Name("www.one.tld.")) && query.Server.EndPoint.Address.ToString() is not ("192.0.2.65" or DescentTests.Root or DescentTests.Top)
                ? message with { ResponseCode = ResponseCode.ServerFailure, Answers = [], Authorities = [] }
                : message;
            var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var www = new Question(Text.Name("www.one.tld."), RecordType.A);
            world.Delay = (query, _) => query.Question == www && query.Server.EndPoint.Address.ToString() != DescentTests.Top ? gate.Task : null;
            var resolver = world.Resolver();

            var passing = world.LookupAsync(resolver, "a.www.one.tld.", RecordType.A);
            await Until(() => { lock (world.Queries) return world.Queries.Any(query => query.Question == www && query.Server.EndPoint.Address.ToString() != DescentTests.Top); });
            var wanting = world.LookupAsync(resolver, "www.one.tld.", RecordType.A);
            await Task.Delay(50, TestContext.Current.CancellationToken);
            gate.SetResult();

            Assert.Equal(Security.Secure, (await passing).Security);
            if ((await wanting).Security != Security.Secure) failed++;
        }

        Assert.Equal(0, failed);
    }

    /// <summary>A chain of hostile delegations reaches mx.victim.tld. at a depth where no further address may be looked up; whoever asks for that name at the same time has his own budget.</summary>
    [Fact]
    public async Task A_lookup_does_not_fail_because_another_one_that_shares_its_question_has_spent_its_depth()
    {
        var world = Chain();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var other = new Question(Text.Name("other.tld."), RecordType.A);
        world.Delay = (query, _) => query.Question == other ? gate.Task : null;
        var resolver = world.Resolver();

        var hostile = world.LookupAsync(resolver, "www.evil0.tld.", RecordType.A);
        await Until(() => { lock (world.Queries) return world.Queries.Any(query => query.Question == other); });
        var honest = world.LookupAsync(resolver, "mx.victim.tld.", RecordType.A);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        gate.TrySetResult();

        Assert.Equal(Security.Insecure, (await honest).Security);
        _ = await hostile;
    }

    /// <summary>RFC 9520 remembers what failed; what was not tried has not failed. The same chain, one after the other.</summary>
    [Fact, Rfc(9520, "3.2"), Rfc(8914, "4.23")]
    public async Task A_host_that_one_lookup_might_not_look_for_is_looked_for_by_the_next()
    {
        var world = Chain();
        var resolver = world.Resolver();

        var hostile = await world.LookupAsync(resolver, "www.evil0.tld.", RecordType.A);

        // RFC 8914 §4.23.
        Assert.Equal((Security.Indeterminate, LookupReason.LimitReached, 22), (hostile.Security, hostile.Reason, (int)hostile.ExtendedError!.Value.Code));
        Assert.Contains("the addresses of k.third.tld. were not looked up: 5 lookups of addresses wait for one another, as many as may", hostile.Explanation, StringComparison.Ordinal);
        Assert.Equal(Security.Insecure, (await world.LookupAsync(resolver, "mx.victim.tld.", RecordType.A)).Security);
    }

    /// <summary>Delegations to servers whose addresses have to be looked up, each one deeper: from evil0.tld. k.third.tld. lies too deep, from victim.tld. it does not.</summary>
    private static AuthorityWorld Chain() => new AuthorityWorld()
        .Zone(Signed(".", "root"), $"ns. {DescentTests.Root}")
        .Zone(Signed("tld.", "tld"), $"ns.tld. {DescentTests.Top}")
        .Zone(Signed("third.tld.", "third"), "ns.third.tld. 192.0.2.41", "k.third.tld. 192.0.2.42")
        .Zone(Signed("other.tld.", "other"), "k.third.tld. 192.0.2.42", "h.other.tld. 192.0.2.43")
        .Zone(new TestZone("victim.tld.", "mx 300 A 192.0.2.48"), "h.other.tld. 192.0.2.43")
        .Zone(Signed("evil3.tld.", "evil3"), "mx.victim.tld. 192.0.2.48")
        .Zone(Signed("evil2.tld.", "evil2"), "x.evil3.tld. 192.0.2.44")
        .Zone(Signed("evil1.tld.", "evil1"), "x.evil2.tld. 192.0.2.45")
        .Zone(Signed("evil0.tld.", "evil0"), "x.evil1.tld. 192.0.2.46")
        .WithoutGlue("k.third.tld.", "h.other.tld.", "mx.victim.tld.", "x.evil3.tld.", "x.evil2.tld.", "x.evil1.tld.");
}
