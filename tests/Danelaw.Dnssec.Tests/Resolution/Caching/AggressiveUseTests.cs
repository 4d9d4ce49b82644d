using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Dnssec.Tests.Resolution.Caching;

/// <summary>Kept NSEC and NSEC3 records deny what nobody asked before, and no more than they prove (RFC 8198).</summary>
public class AggressiveUseTests
{
    private readonly World _world = StandardWorld.Create();
    private readonly FakeTimeProvider _clock = new(TestZone.Now);
    private readonly Resolver _resolver;

    public AggressiveUseTests() => _resolver = new(_world, _world.Options, _clock, _clock);

    [Theory, Rfc(8198, "5.1"), Rfc(8198, "5.2")]
    [InlineData("sec.nsec.")]
    [InlineData("sec.opt.")]
    [InlineData("sec.hash.")]
    public async Task Names_that_do_not_exist_cost_a_handful_of_queries(string zone)
    {
        for (var i = 0; i < 300; i++)
        {
            var answer = await Ask($"n{i}.{zone}", RecordType.A);
            Assert.Equal((Security.Secure, ResponseCode.NameError), (answer.Security, answer.ResponseCode));
        }

        // The zone has some 20 names, so there are that many spans.
        Assert.InRange(_world.Queries.Count, 1, 50);
    }

    [Fact, Rfc(8198, "4"), Rfc(5155, "6")]
    public async Task Over_an_opt_out_span_each_name_is_asked_for()
    {
        for (var i = 4; i < 100; i++) await Ask($"n{i}.out.nsec.", RecordType.A);
        _world.Queries.Clear();

        var answer = await Ask("n3.out.nsec.", RecordType.A);

        Assert.Equal(LookupReason.OptOut, answer.Reason);
        Assert.Contains(_world.Queries, query => query.Question.Name == Text.Name("n3.out.nsec."));
    }

    [Theory, Rfc(8198, "5.3")]
    [InlineData("sec.nsec.", "b.wild", RecordType.A, 1)]
    [InlineData("sec.nsec.", "b.wild", RecordType.TXT, 1)]
    [InlineData("sec.nsec.", "b.walias", RecordType.A, 2)]
    public async Task A_wildcard_stands_for_other_names_too(string zone, string name, RecordType type, int links)
    {
        await Ask($"a.{name[2..]}.{zone}", type);
        _world.Queries.Clear();

        var answer = await Ask($"{name}.{zone}", type);

        Assert.Empty(_world.Queries);
        Assert.Equal((Security.Secure, links), (answer.Security, answer.Chain.Length));
        Assert.Equal(Text.Name($"{name}.{zone}"), answer.Chain[0].Records.Owner);
    }

    [Fact, Rfc(8198, "5.3")]
    public async Task A_wildcard_does_not_stand_for_a_name_that_exists()
    {
        await Ask("a.wild.sec.nsec.", RecordType.A);

        var answer = await Ask("m.wild.sec.nsec.", RecordType.A);

        Assert.Equal(LookupReason.ProvenNoData, answer.Reason);
    }

    [Theory, Rfc(6840, "4.1"), Rfc(8198, "5.1")]
    [InlineData("island.nsec.", RecordType.TXT)]
    [InlineData("www.island.nsec.", RecordType.A)]
    [InlineData("www.child.sec.nsec.", RecordType.A)]
    [InlineData("child.sec.nsec.", RecordType.TXT)]
    public async Task The_parents_record_at_a_delegation_denies_nothing_of_the_child(string name, RecordType type)
    {
        var cut = name.StartsWith("www.", StringComparison.Ordinal) ? name[4..] : name;

        // A name just behind the cut has the cut's own NSEC record as its proof.
        var behind = $"{cut[..cut.IndexOf('.', StringComparison.Ordinal)]}0{cut[cut.IndexOf('.', StringComparison.Ordinal)..]}";
        Assert.Equal(ResponseCode.NameError, (await Ask(behind, RecordType.A)).ResponseCode);

        var answer = await Ask(name, type);

        Assert.NotNull(answer.Records);
    }

    [Fact, Rfc(8198, "5.4"), Rfc(9077, "3"), Rfc(2308, "5")]
    public async Task A_record_of_denial_is_used_no_longer_than_the_SOA_says_that_denials_are_kept()
    {
        // This zone gives its NSEC records an hour, its SOA 300 seconds to denials.
        var zone = _world["sec.nsec."];
        zone.Spoil = records => records.Where(record => record.Type != RecordType.RRSIG || RrsigData.ReadTypeCovered(record.Data) != RecordType.NSEC).SelectMany(record =>
        {
            if (record.Type != RecordType.NSEC) return [record];
            var longer = record with { TimeToLive = 3600 };
            return (ResourceRecord[])[longer, Danelaw.Dnssec.Signing.RecordSetSigner.Sign(new(longer.Owner, longer.Type, longer.Class, 3600, [longer.Data]), zone.Keys[0], zone.Apex, TestZone.Validity)];
        });
        zone.Sign();
        await Ask("missing1.sec.nsec.", RecordType.A);
        _clock.Advance(TimeSpan.FromSeconds(299));
        _world.Queries.Clear();
        Assert.Equal(1u, (await Ask("missing2.sec.nsec.", RecordType.A)).TimeToLive);
        Assert.Empty(_world.Queries);

        _clock.Advance(TimeSpan.FromSeconds(1));
        await Ask("missing3.sec.nsec.", RecordType.A);

        Assert.NotEmpty(_world.Queries);
    }

    [Fact, Rfc(4035, "5.3.3")]
    public async Task A_record_of_denial_is_not_used_beyond_the_end_of_its_signature()
    {
        _clock.Advance(TestZone.Validity.Expiration - TestZone.Now - TimeSpan.FromSeconds(10));
        Assert.Equal(Security.Secure, (await Ask("missing1.sec.nsec.", RecordType.A)).Security);

        _clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(LookupReason.SignatureExpired, (await Ask("missing2.sec.nsec.", RecordType.A)).Reason);
    }

    [Fact, Rfc(8020, "2")]
    public async Task Below_a_name_that_securely_does_not_exist_there_is_nothing()
    {
        await Ask("missing.sec.nsec.", RecordType.A);
        _world.Queries.Clear();

        Assert.Equal(ResponseCode.NameError, (await Ask("a.b.missing.sec.nsec.", RecordType.TXT)).ResponseCode);
        Assert.Empty(_world.Queries);
    }

    [Fact, Rfc(8020, "2")]
    public async Task What_an_insecure_zone_says_about_a_name_says_nothing_about_names_below()
    {
        await Ask("missing.uns.nsec.", RecordType.A);
        _world.Queries.Clear();

        await Ask("a.missing.uns.nsec.", RecordType.A);

        Assert.Contains(_world.Queries, query => query.Question == new Question(Text.Name("a.missing.uns.nsec."), RecordType.A));
    }

    [Fact, Rfc(8198, "4")]
    public async Task Records_of_denial_that_do_not_verify_deny_nothing()
    {
        _world.Rewrite = (query, message) => query.Question.Name == Text.Name("missing1.sec.nsec.")
            ? message with { Authorities = message.Authorities.Replace(RecordType.NSEC, new NsecData(Text.Name("zzz.sec.nsec."), TypeBitmap.Create(RecordType.NSEC, RecordType.RRSIG)).ToOctets()) }
            : message;
        Assert.Equal(Security.Bogus, (await Ask("missing1.sec.nsec.", RecordType.A)).Security);

        Assert.NotNull((await Ask("www.sec.nsec.", RecordType.A)).Records);
    }

    [Fact]
    public async Task An_alias_is_followed_over_kept_links()
    {
        await Ask("twice.sec.nsec.", RecordType.A);
        _world.Queries.Clear();

        var answer = await Ask("twice.sec.nsec.", RecordType.TXT);

        Assert.Equal([RecordType.CNAME, RecordType.CNAME, RecordType.TXT], answer.Chain.Select(link => link.Records.Type));
        Assert.Equal([new Question(Text.Name("www.sec.nsec."), RecordType.TXT)], _world.Queries.Select(query => query.Question));
    }

    [Fact, Rfc(6672, "3.1")]
    public async Task A_DNAME_that_is_kept_moves_other_names_too()
    {
        await Ask("x.moved.sec.nsec.", RecordType.A);
        _world.Queries.Clear();

        Assert.Equal(ResponseCode.NameError, (await Ask("y.moved.sec.nsec.", RecordType.A)).ResponseCode);

        Assert.DoesNotContain(_world.Queries, query => query.Question.Name == Text.Name("y.moved.sec.nsec."));
    }

    [Fact, Rfc(4035, "5.3.1")]
    public async Task What_a_key_signed_that_the_zone_has_no_more_is_asked_for_again()
    {
        Assert.Equal(ResponseCode.NameError, (await Ask("missing1.", RecordType.A)).ResponseCode);
        var root = _world["."];
        root.Keys.RemoveAt(1);
        root.Keys.Add(TestKeys.Get("root-zsk-2", flags: Danelaw.Dnssec.Signing.DnskeyFlags.Zone));
        root.Sign();

        // The new signature does not fit the kept keys, so that they are fetched anew.
        Assert.Equal(Security.Secure, (await Ask(".", RecordType.NS)).Security);
        _world.Queries.Clear();

        var answer = await Ask("missing2.", RecordType.A);

        Assert.Equal((Security.Secure, ResponseCode.NameError), (answer.Security, answer.ResponseCode));
        Assert.Contains(_world.Queries, query => query.Question.Name == Text.Name("missing2."));

        // It is asked for as though it had never been asked for, not as what a server's reply was bogus for.
        Assert.All(_world.Queries, query => Assert.True(query.CheckingDisabled));
    }

    [Fact, Rfc(7646, "2")]
    public async Task What_a_zone_above_a_negative_anchor_proves_says_nothing_below_it()
    {
        var resolver = new Resolver(_world, _world.Options with { NegativeAnchors = [Text.Name("missing2.sec.nsec.")] }, _clock, _clock);
        await resolver.LookupAsync(Text.Name("missing1.sec.nsec."), RecordType.A, TestContext.Current.CancellationToken);

        var answer = await resolver.LookupAsync(Text.Name("missing2.sec.nsec."), RecordType.A, TestContext.Current.CancellationToken);

        Assert.Equal(LookupReason.NegativeAnchor, answer.Reason);
        Assert.Contains(_world.Queries, query => query.Question.Name == Text.Name("missing2.sec.nsec."));
    }

    [Fact, Rfc(9520, "3.2"), Rfc(6840, "5.9")]
    public async Task A_remembered_failure_does_not_keep_a_bogus_answer_from_being_mended()
    {
        _world.Rewrite = (query, message) => query.CheckingDisabled ? message.WithoutSignatures() : message;

        Assert.Equal(Security.Secure, (await Ask("www.sec.nsec.", RecordType.A)).Security);
        Assert.Equal(Security.Secure, (await Ask("mx.sec.nsec.", RecordType.A)).Security);
    }

    [Fact]
    public async Task Who_keeps_answers_only_asks_for_each_name_whatever_is_kept_of_others()
    {
        var resolver = new Resolver(_world, _world.Options with { KeepsAnswersOnly = true }, _clock, _clock);
        foreach (var name in (string[])["missing1.sec.nsec.", "missing2.sec.nsec.", "missing1.sec.nsec."])
            Assert.Equal(Security.Secure, (await resolver.LookupAsync(Text.Name(name), RecordType.A, TestContext.Current.CancellationToken)).Security);

        Assert.Single(_world.Queries, query => query.Question.Name == Text.Name("missing1.sec.nsec."));
        Assert.Single(_world.Queries, query => query.Question.Name == Text.Name("missing2.sec.nsec."));
    }

    private async Task<Answer> Ask(string name, RecordType type) => await _resolver.LookupAsync(Text.Name(name), type, TestContext.Current.CancellationToken);
}
