using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Resolution.Iteration;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Resolution;

/// <summary>
/// What a reply says beside an alias about the alias's target, without what belongs to it: NSD 4.6 gives the records of a wildcard that a DNAME leads to without the proof that no
/// closer name exists. The target is then asked for by itself; what came before it stands as it was judged.
/// </summary>
public class AliasTargetTests
{
    private const string Target = "a.b.wild.sec.nsec.";
    private readonly World _world = StandardWorld.Create();

    public AliasTargetTests()
    {
        _world["sec.nsec."].Add("towild 300 DNAME wild.sec.nsec.");
        _world["sec.nsec."].Sign();
        _world["uns.nsec."].Add($"towild 300 CNAME {Target}");
        _world["uns.nsec."].Sign();
    }

    [Theory, Rfc(4035, "5.3.4"), Rfc(6672, "5.3.1")]
    [InlineData(RecordType.NSEC)]
    [InlineData(RecordType.A)]
    public async Task A_target_whose_signature_or_proof_a_reply_leaves_out_is_asked_for_by_itself(RecordType covered)
    {
        _world.Rewrite = (query, message) => query.Question.Name == Text.Name(Target) ? message : Without(message, covered);

        var answer = await _world.LookupAsync("a.b.towild.sec.nsec.", RecordType.A);

        Assert.Equal(Security.Secure, answer.Security);
        Assert.Equal(["towild.sec.nsec. DNAME Secure", "a.b.towild.sec.nsec. CNAME Secure", $"{Target} A Secure"], Links(answer));
        Assert.Equal(1, _world.Queries.Count(query => query.Question == new Question(Text.Name(Target), RecordType.A)));
    }

    [Fact, Rfc(4035, "5.3.4")]
    public async Task A_target_that_proves_itself_beside_the_alias_is_not_asked_for()
    {
        Assert.Equal(Security.Secure, (await _world.LookupAsync("a.b.towild.sec.nsec.", RecordType.A)).Security);
        Assert.DoesNotContain(_world.Queries, query => query.Question == new Question(Text.Name(Target), RecordType.A));
    }

    [Theory, Rfc(4035, "5.3.4")]
    [InlineData(RecordType.NSEC)]
    [InlineData(RecordType.A)]
    public async Task A_target_that_does_not_prove_itself_by_itself_either_is_bogus(RecordType covered)
    {
        _world.Rewrite = (_, message) => Without(message, covered);

        var answer = await _world.LookupAsync("a.b.towild.sec.nsec.", RecordType.A);

        Assert.Equal((Security.Bogus, Text.Name(Target)), (answer.Security, answer.Failure!.Owner));
        Assert.Empty(answer.Chain);
    }

    [Fact, Rfc(6672, "5.3.1")]
    public async Task An_alias_that_is_bogus_is_not_made_good_by_its_target()
    {
        _world.Rewrite = (query, message) => query.Question.Name == Text.Name(Target) ? message : Without(message, RecordType.DNAME);

        Assert.Equal((Security.Bogus, LookupReason.SignatureMissing), Verdict(await _world.LookupAsync("a.b.towild.sec.nsec.", RecordType.A)));
    }

    [Fact, Rfc(7672, "2.1.3"), Rule("R11")]
    public async Task An_insecure_alias_leaves_the_whole_insecure_also_where_its_target_was_asked_for_by_itself()
    {
        _world.Rewrite = (query, message) => query.Question.Name == Text.Name(Target) || query.Question.Type == RecordType.DS ? message : Without(message, RecordType.NSEC);

        var answer = await _world.LookupAsync("towild.uns.nsec.", RecordType.A);

        Assert.Equal((Security.Insecure, LookupReason.InsecureDelegation), Verdict(answer));
        Assert.Equal(["towild.uns.nsec. CNAME Insecure", $"{Target} A Secure"], Links(answer));
    }

    [Fact, Rfc(6672, "5.3.1")]
    public async Task The_second_alias_of_a_reply_is_told_once_when_it_had_to_be_asked_for()
    {
        // The DNAME that the first alias leads to comes with a CNAME that it does not make.
        _world["sec.nsec."].Add("first 300 CNAME x.moved.sec.nsec.");
        _world["sec.nsec."].Sign();
        _world.Rewrite = (query, message) => query.Question.Name != Text.Name("first.sec.nsec.") ? message : message with
        {
            Answers = [.. message.Answers.Select(record => record.Owner == Text.Name("x.moved.sec.nsec.") ? record with { Data = new NameData(Text.Name("mx.sec.nsec.")).ToOctets() } : record)],
        };

        var answer = await _world.LookupAsync("first.sec.nsec.", RecordType.A);

        Assert.Equal(["first.sec.nsec. CNAME Secure", "moved.sec.nsec. DNAME Secure", "x.moved.sec.nsec. CNAME Secure", "x.www2.sec.nsec. A Secure"], Links(answer));
    }

    [Fact, Rfc(4035, "5.3.4"), Rfc(6672, "5.3.1")]
    public async Task From_the_root_too_a_target_is_asked_for_by_itself()
    {
        var world = DescentTests.Standard();
        world["one.tld."].Add("*.wild 300 A 192.0.2.99\ntowild 300 DNAME wild.one.tld.");
        world.Rewrite = (query, message) => query.Question != new Question(Text.Name("x.towild.one.tld."), RecordType.A) ? message : message with
        {
            Answers = [.. message.Answers, .. world["one.tld."].Find(Text.Name("*.wild.one.tld."), RecordType.A)!.As(Text.Name("x.wild.one.tld.")).All],
        };

        var answer = await world.LookupAsync("x.towild.one.tld.", RecordType.A);

        Assert.Equal(["towild.one.tld. DNAME Secure", "x.towild.one.tld. CNAME Secure", "x.wild.one.tld. A Secure"], Links(answer));
    }

    // A reply with a chain of aliases made from wildcards bears the proofs of all of them.
    [Theory, Rfc(4035, "5.3.4"), Rfc(5155, "8.8")]
    [InlineData(true, "x.w0.many.", "x.w7.many.", 3)]
    [InlineData(true, "first.many.", "x.w7.many.", 3)]
    [InlineData(false, "x.w0.many.", "x.w7.many.", 3)]
    [InlineData(false, "first.many.", "x.w7.many.", 3)]
    public async Task Aliases_whose_proofs_are_too_many_for_one_reply_are_asked_for_one_by_one(bool isHashed, string asked, string end, int limit)
    {
        var world = Many(isHashed);
        Assert.Equal(ResponseCode.NameError, (await world.LookupAsync(asked, RecordType.A)).ResponseCode);
        Assert.DoesNotContain(world.Queries, query => query.Question.Type == RecordType.CNAME);

        world.Queries.Clear();
        var answer = await world.LookupAsync(asked, RecordType.A, world.Options with { Limits = new() { DenialRecords = limit } });
        Assert.Equal((Security.Secure, ResponseCode.NameError, Text.Name(end)), (answer.Security, answer.ResponseCode, answer.FinalName));
        Assert.All(answer.Chain, link => Assert.Equal(Security.Secure, link.Security));
        Assert.InRange(world.Queries.Count(query => query.Question.Type is RecordType.A or RecordType.CNAME), 2, 2 * (answer.Chain.Length + 1));

        var trace = await world.Resolver(world.Options with { Limits = new() { DenialRecords = limit } }).TraceAsync(Text.Name(asked), RecordType.A, TestContext.Current.CancellationToken);
        Assert.All(trace.Steps, step => Assert.NotEqual(Security.Bogus, step.Security));
    }

    [Theory, Rfc(4035, "5.3.4")]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_is_too_much_by_itself_stays_so(int limit)
    {
        var world = Many(isHashed: true);
        var answer = await world.LookupAsync("x.w0.many.", RecordType.A, world.Options with { Limits = new() { DenialRecords = limit } });
        Assert.Equal((Security.Indeterminate, LookupReason.LimitReached), Verdict(answer));
        Assert.InRange(world.Queries.Count, 1, 40);
    }

    private static World Many(bool isHashed) => new(
        new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
        new TestZone("many.", string.Join('\n', ["first 300 CNAME x.w0", .. Enumerable.Range(0, 7).Select(i => $"*.w{i} 300 CNAME x.w{i + 1}"), "in.w7 300 A 192.0.2.1"])) { Keys = { TestKeys.Get("sec") }, Nsec3 = isHashed ? new() : null });

    [Fact, Rfc(4035, "5.3.4")]
    public async Task The_trace_tells_the_target_by_its_own_reply()
    {
        _world.Rewrite = (query, message) => query.Question.Name == Text.Name(Target) ? message : Without(message, RecordType.NSEC);

        var trace = await _world.Resolver().TraceAsync(Text.Name("a.b.towild.sec.nsec."), RecordType.A, TestContext.Current.CancellationToken);

        Assert.Equal(Security.Secure, trace.Answer.Security);
        var last = trace.Steps[^1];
        Assert.Equal((Text.Name(Target), Text.Name(Target), true), (last.Question.Name, last.Asked.Name, last.Denial!.IsProven));
    }

    [Theory, Rfc(6672, "5.3.1"), Rfc(6672, "5.3.4")]
    [InlineData("x.www2.sec.nsec.", true)]
    [InlineData("www.sec.nsec.", false)]
    public async Task A_DNAME_that_the_resolver_lost_is_asked_for_and_vouches_for_the_CNAME_that_it_makes(string target, bool isMade)
    {
        // unbound without a validator, where PowerDNS has put the CNAME before the DNAME.
        _world.Rewrite = (query, message) => query.Question != new Question(Text.Name("x.moved.sec.nsec."), RecordType.A) ? message : message with
        {
            Answers = [.. message.Answers.Where(record => record.Owner != Text.Name("moved.sec.nsec.")).Select(record => record.Type == RecordType.CNAME ? record with { Data = new NameData(Text.Name(target)).ToOctets() } : record)],
        };

        var answer = await _world.LookupAsync("x.moved.sec.nsec.", RecordType.A);

        Assert.Equal(isMade ? Security.Secure : Security.Bogus, answer.Security);
        Assert.Equal(isMade ? ["moved.sec.nsec. DNAME Secure", "x.moved.sec.nsec. CNAME Secure", "x.www2.sec.nsec. A Secure"] : [], Links(answer));
        var trace = await _world.Resolver().TraceAsync(Text.Name("x.moved.sec.nsec."), RecordType.A, TestContext.Current.CancellationToken);
        Assert.Equal(isMade ? RecordType.DNAME : RecordType.CNAME, trace.Steps[0].Set!.Records.Type);
    }

    /// <summary>A message without the signatures over sets of a type; for NSEC without the records too.</summary>
    private static DnsMessage Without(DnsMessage message, RecordType covered)
    {
        bool IsLeftOut(ResourceRecord record) => record.Type == RecordType.RRSIG ? RrsigData.ReadTypeCovered(record.Data) == covered : record.Type == covered && covered == RecordType.NSEC;
        return message with { Answers = message.Answers.RemoveAll(IsLeftOut), Authorities = message.Authorities.RemoveAll(IsLeftOut) };
    }

    private static IEnumerable<string> Links(Answer answer) => answer.Chain.Select(link => $"{link.Records.Owner} {RecordTypes.ToText(link.Records.Type)} {link.Security}");

    private static (Security Security, LookupReason Reason) Verdict(Answer answer) => (answer.Security, answer.Reason);
}
