using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Resolution;

/// <summary>CNAME and DNAME: each link with its own verdict, the whole as good as the weakest.</summary>
public class AliasTests
{
    private readonly World _world = StandardWorld.Create();

    [Fact, Rule("R26"), Rfc(4035, "5")]
    public async Task A_chain_is_told_link_by_link_aliases_first()
    {
        var answer = await _world.LookupAsync("twice.sec.nsec.", RecordType.A);

        Assert.Equal(["twice.sec.nsec. CNAME Secure", "alias.sec.nsec. CNAME Secure", "www.sec.nsec. A Secure"], Links(answer));
        Assert.Equal("www.sec.nsec.", answer.FinalName.ToString());
        Assert.True(answer.IsAlias);
    }

    [Fact, Rule("R11"), Rfc(7672, "2.1.3")]
    public async Task A_secure_alias_to_an_insecure_name_is_insecure_as_a_whole()
    {
        var answer = await _world.LookupAsync("toinsecure.sec.nsec.", RecordType.A);

        Assert.Equal((Security.Insecure, LookupReason.InsecureDelegation), (answer.Security, answer.Reason));
        Assert.Equal(["toinsecure.sec.nsec. CNAME Secure", "www.uns.nsec. A Insecure"], Links(answer));
    }

    [Fact, Rule("R11"), Rfc(7672, "2.1.3")]
    public async Task An_insecure_alias_makes_what_follows_insecure_as_a_whole()
    {
        _world["uns.nsec."].Add("tosecure 300 CNAME www.sec.nsec.");
        _world["uns.nsec."].Sign();

        var answer = await _world.LookupAsync("tosecure.uns.nsec.", RecordType.A);

        Assert.Equal(Security.Insecure, answer.Security);
        Assert.Equal(["tosecure.uns.nsec. CNAME Insecure", "www.sec.nsec. A Secure"], Links(answer));
    }

    [Fact, Rule("R11"), Rfc(7672, "2.1.3")]
    public async Task A_bogus_link_anywhere_makes_the_whole_bogus()
    {
        _world.Rewrite = (_, message) => message with
        {
            Answers = [.. message.Answers.Select(record => record.Type == RecordType.A && record.Owner == Text.Name("www.sec.opt.") ? record with { Data = new(new byte[] { 203, 0, 113, 1 }) } : record)],
        };

        var answer = await _world.LookupAsync("across.sec.nsec.", RecordType.A);

        Assert.Equal((Security.Bogus, LookupReason.SignatureInvalid), (answer.Security, answer.Reason));
        Assert.Empty(answer.Chain);
    }

    // An NSEC3 record is always one of the zone right above it.
    [Fact, Rfc(4035, "5.2"), Rfc(5155, "3")]
    public async Task Unsigned_records_of_denial_of_an_unsigned_zone_do_not_spoil_the_proof_of_a_wildcards_alias_above_it()
    {
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("sec.", "*.w 300 CNAME gone.uns.sec.") { Keys = { TestKeys.Get("sec") } },
            new TestZone("uns.sec."));
        var stray = new ResourceRecord(Text.Name("1234567890abcdefghijklmnopqrstuv.uns.sec."), RecordType.NSEC3, RecordClass.IN, 300, new Nsec3Data(1, 0, 0, default, new(new byte[20]), TypeBitmap.Create([RecordType.A])).ToOctets());
        world.Rewrite = (query, message) => query.Question.Type == RecordType.A ? message with { Authorities = [.. message.Authorities, stray] } : message;

        Assert.Equal((Security.Insecure, LookupReason.InsecureDelegation), Verdict(await world.LookupAsync("x.w.sec.", RecordType.A)));
    }

    [Theory, Rfc(4035, "5.3.3"), Rfc(2181, "10.1")]
    [InlineData("alias.sec.nsec.", RecordType.CNAME)]
    [InlineData("x.moved.sec.nsec.", RecordType.DNAME)]
    public async Task A_target_that_somebody_added_is_a_broken_signature_and_not_a_question_of_form(string name, RecordType type)
    {
        _world.Rewrite = (_, message) => message with
        {
            Answers = [.. message.Answers.SelectMany(record => record.Type == type ? [record, record with { Data = new NameData(Text.Name("www.uns.nsec.")).ToOctets() }] : (ResourceRecord[])[record])],
        };

        var answer = await _world.LookupAsync(name, RecordType.A);

        Assert.Equal((Security.Bogus, LookupReason.SignatureInvalid), (answer.Security, answer.Reason));
    }

    [Fact]
    public async Task A_target_that_the_reply_leaves_out_is_asked_for()
    {
        _world.Rewrite = (query, message) => query.Question.Name == Text.Name("twice.sec.nsec.") ? message with { Answers = [.. message.Answers.Where(record => record.Owner == Text.Name("twice.sec.nsec."))] } : message;

        var answer = await _world.LookupAsync("twice.sec.nsec.", RecordType.A);

        Assert.Equal(Security.Secure, answer.Security);
        Assert.Contains(_world.Queries, query => query.Question == new Question(Text.Name("alias.sec.nsec."), RecordType.A));
    }

    [Theory, Rfc(6672, "3"), Rule("R12")]
    [InlineData("x.moved.sec.nsec.", "moved.sec.nsec. DNAME Secure|x.moved.sec.nsec. CNAME Secure|x.www2.sec.nsec. A Secure")]
    [InlineData("www.tonsec.sec.opt.", "tonsec.sec.opt. DNAME Secure|www.tonsec.sec.opt. CNAME Secure|www.sec.nsec. A Secure")]
    public async Task A_DNAME_stands_before_the_CNAME_that_it_makes(string name, string links) =>
        Assert.Equal(links.Split('|'), Links(await _world.LookupAsync(name, RecordType.A)));

    [Fact, Rfc(6672, "5.3.1")]
    public async Task The_CNAME_of_a_DNAME_is_judged_by_it_also_when_CNAME_is_asked_for()
    {
        var answer = await _world.LookupAsync("x.moved.sec.nsec.", RecordType.CNAME);

        Assert.Equal(["moved.sec.nsec. DNAME Secure", "x.moved.sec.nsec. CNAME Secure"], Links(answer));
        Assert.Equal(RecordType.CNAME, answer.Records!.Type);
    }

    [Fact, Rfc(6672, "3.1")]
    public async Task A_CNAME_that_the_upstream_left_out_is_made_from_the_DNAME()
    {
        _world.Rewrite = (_, message) => message with { Answers = message.Answers.RemoveAll(record => record.Type == RecordType.CNAME) };

        Assert.Equal(Security.Secure, (await _world.LookupAsync("x.moved.sec.nsec.", RecordType.A)).Security);
    }

    [Theory, Rfc(6672, "3.2"), Rfc(4035, "5.3.4")]
    [InlineData("x.towild.sec.nsec.", "x.wild.sec.nsec.")]
    [InlineData("tox.sec.nsec.", "x.wild.sec.nsec.")]
    public async Task A_wildcard_behind_an_alias_whose_denial_the_reply_leaves_out_is_asked_for_by_itself(string name, string target)
    {
        _world["sec.nsec."].Add("towild 300 DNAME wild\ntox 300 CNAME x.wild");
        _world["sec.nsec."].Sign();
        _world.Rewrite = (query, message) => query.Question.Name == Text.Name(name) && query.Question.Type == RecordType.A ? message with { Authorities = [] } : message;

        var answer = await _world.LookupAsync(name, RecordType.A);

        Assert.Equal(Security.Secure, answer.Security);
        Assert.Equal($"{target} A Secure", Links(answer).Last());
        Assert.Equal(Links(answer).Distinct(), Links(answer));
    }

    [Fact, Rfc(4035, "5.3.4")]
    public async Task A_wildcard_behind_an_alias_is_bogus_where_no_reply_has_its_denial()
    {
        _world["sec.nsec."].Add("towild 300 DNAME wild");
        _world["sec.nsec."].Sign();
        _world.Rewrite = (query, message) => query.Question.Type == RecordType.A ? message with { Authorities = [] } : message;

        Assert.Equal((Security.Bogus, LookupReason.WildcardProofMissing), Verdict(await _world.LookupAsync("x.towild.sec.nsec.", RecordType.A)));
    }

    [Fact, Rfc(6672, "2.2")]
    public async Task What_a_DNAME_makes_too_long_is_YXDOMAIN()
    {
        var target = string.Concat(Enumerable.Repeat(new string('a', 49) + ".", 4));
        _world["sec.nsec."].Add($"short 300 DNAME {target}sec.nsec.");
        _world["sec.nsec."].Sign();
        var name = $"{new string('b', 60)}.short.sec.nsec.";

        var answer = await _world.LookupAsync(name, RecordType.A);

        Assert.Equal((Security.Secure, ResponseCode.YXDomain), (answer.Security, answer.ResponseCode!.Value));
        Assert.Equal(["short.sec.nsec. DNAME Secure"], Links(answer));
        Assert.Null(answer.Records);
    }

    [Fact, Rfc(6672, "5.3.1")]
    public async Task A_DNAME_without_signature_is_bogus()
    {
        _world.Rewrite = (query, message) => query.Question.Type != RecordType.A ? message : message with { Answers = message.Answers.RemoveAll(record => record.Type == RecordType.RRSIG && RrsigData.ReadTypeCovered(record.Data) == RecordType.DNAME) };

        Assert.Equal((Security.Bogus, LookupReason.SignatureMissing), Verdict(await _world.LookupAsync("x.moved.sec.nsec.", RecordType.A)));
    }

    [Fact, Rfc(6672, "5.3.1")]
    public async Task An_alias_of_ones_own_under_a_forged_DNAME_is_bogus()
    {
        _world.Rewrite = (query, message) => query.Question != new Question(Text.Name("www.sec.nsec."), RecordType.A) ? message : message with
        {
            Answers = [new(Text.Name("sec.nsec."), RecordType.DNAME, RecordClass.IN, 300, new NameData(Text.Name("uns.nsec.")).ToOctets()), .. _world.Reply(new(Text.Name("www.uns.nsec."), RecordType.A)).Answers],
        };

        Assert.Equal(Security.Bogus, (await _world.LookupAsync("www.sec.nsec.", RecordType.A)).Security);
    }

    [Fact, Rfc(6672, "3.3")]
    public async Task A_DNAME_made_from_a_wildcard_means_nothing()
    {
        _world["sec.nsec."].Add("*.dwild 300 DNAME www2.sec.nsec.");
        _world["sec.nsec."].Sign();
        var dname = _world["sec.nsec."].Find(Text.Name("*.dwild.sec.nsec."), RecordType.DNAME)!;
        _world.Rewrite = (query, message) => query.Question != new Question(Text.Name("x.y.dwild.sec.nsec."), RecordType.A) ? message : message with
        {
            ResponseCode = ResponseCode.NoError, Answers = [.. dname.As(Text.Name("y.dwild.sec.nsec.")).All],
        };

        Assert.Equal((Security.Bogus, LookupReason.SignatureUnfit), Verdict(await _world.LookupAsync("x.y.dwild.sec.nsec.", RecordType.A)));
    }

    [Fact, Rfc(2181, "10.1")]
    public async Task Two_signed_targets_of_one_alias_cannot_be_resolved()
    {
        _world["sec.nsec."].Add("two 300 CNAME www.sec.nsec.");
        _world["sec.nsec."].Add("two 300 CNAME mx.sec.nsec.");
        _world["sec.nsec."].Sign();

        Assert.Equal((Security.Indeterminate, LookupReason.MalformedReply), Verdict(await _world.LookupAsync("two.sec.nsec.", RecordType.A)));
    }

    [Fact]
    public async Task A_DNAME_that_leads_back_below_itself_ends()
    {
        _world["sec.nsec."].Add("spin 300 DNAME x.spin.sec.nsec.");
        _world["sec.nsec."].Sign();

        var answer = await _world.LookupAsync("a.spin.sec.nsec.", RecordType.A);

        Assert.Equal(Security.Indeterminate, answer.Security);
        Assert.Equal(LookupReason.AliasLoop, answer.Reason);
    }

    [Theory, Rfc(4035, "2.2")]
    [InlineData("www.sec.nsec.")]
    [InlineData("missing.sec.nsec.")]
    [InlineData("alias.sec.nsec.")]
    public async Task A_question_for_RRSIG_is_never_secure(string name)
    {
        var answer = await _world.LookupAsync(name, RecordType.RRSIG);

        Assert.Equal((Security.Insecure, LookupReason.SignatureQuery), Verdict(answer));
    }

    [Fact, Rfc(8482, "4")]
    public async Task Of_ANY_each_set_is_judged()
    {
        var answer = await _world.LookupAsync("www.sec.nsec.", RecordType.ANY);
        Assert.Equal(["www.sec.nsec. A Secure", "www.sec.nsec. NSEC Secure", "www.sec.nsec. TXT Secure"], Links(answer).Order(StringComparer.OrdinalIgnoreCase));

        _world.Rewrite = (_, message) => message with { Answers = [.. message.Answers.Select(record => record.Type == RecordType.TXT ? record with { Data = new(new byte[] { 1, 66 }) } : record)] };
        Assert.Equal(Security.Bogus, (await _world.LookupAsync("www.sec.nsec.", RecordType.ANY)).Security);
    }

    private static IEnumerable<string> Links(Answer answer) => answer.Chain.Select(link => $"{link.Records.Owner} {RecordTypes.ToText(link.Records.Type)} {link.Security}");

    private static (Security Security, LookupReason Reason) Verdict(Answer answer) => (answer.Security, answer.Reason);
}
