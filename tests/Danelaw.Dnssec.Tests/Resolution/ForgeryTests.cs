using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Resolution;

/// <summary>
/// Somebody rewrites every reply, has all genuine records of all zones, but no zone's private key. Each attack first shows that the genuine answer is secure on
/// the same path. The forgeries A to E are those that a validator of this field accepted.
/// </summary>
public class ForgeryTests
{
    private const string Mx = "_25._tcp.mx.sec.nsec.";
    private static readonly Octets Forged = new(new byte[] { 3, 1, 1, 0xBA, 0xD0 });

    private readonly World _world = StandardWorld.Create();

    [Theory, Rfc(4035, "5"), Rfc(7672, "2.1.1")]
    [InlineData(Mx)]
    [InlineData("_25._tcp.mx.sec.opt.")]
    [InlineData("_25._tcp.mx.sec.hash.")]
    [InlineData("_25._tcp.mx.out.nsec.")]
    public async Task Forgeries_A_and_B_stripping_signatures_and_replacing_the_TLSA_is_bogus(string name)
    {
        var answer = await Attack(name, RecordType.TLSA, (query, message) => query.Question.Type == RecordType.TLSA
            ? message.WithoutSignatures() with { Answers = message.WithoutSignatures().Answers.Replace(RecordType.TLSA, Forged) }
            : message);

        AssertBogus(answer, LookupReason.SignatureMissing, 10);
        Assert.False(answer.Failure!.IsOfResolver);
    }

    [Theory, Rfc(4035, "5")]
    [InlineData(Mx)]
    [InlineData("_25._tcp.mx.sec.opt.")]
    [InlineData("_25._tcp.mx.sec.hash.")]
    public async Task Stripping_every_signature_and_denial_from_every_reply_is_bogus(string name)
    {
        var answer = await Attack(name, RecordType.TLSA, (_, message) => message.WithoutSignatures() with { Answers = message.WithoutSignatures().Answers.Replace(RecordType.TLSA, Forged) });

        AssertBogus(answer, LookupReason.KeySetUnsigned, 10);
        Assert.Contains("seems not to pass DNSSEC records", answer.Explanation, StringComparison.Ordinal);
        Assert.True(answer.Failure!.IsOfResolver);
        Assert.StartsWith("Ask another resolver than 192.0.2.1:53 (--resolver), or from the root (--iterate)", answer.Failure.Mend, StringComparison.Ordinal);
    }

    [Theory, Rfc(4035, "5.2")]
    [InlineData(Mx)]
    [InlineData("_25._tcp.mx.sec.opt.")]
    [InlineData("_25._tcp.mx.sec.hash.")]
    public async Task Stripping_and_denying_the_DS_set_without_proof_is_bogus(string name)
    {
        var answer = await Attack(name, RecordType.TLSA, (query, message) => query.Question.Type switch
        {
            RecordType.TLSA => message.WithoutSignatures() with { Answers = message.WithoutSignatures().Answers.Replace(RecordType.TLSA, Forged) },
            RecordType.DS => message with { Answers = [] },
            _ => message,
        });

        AssertBogus(answer, LookupReason.DelegationProofMissing, 12);
    }

    [Fact, Rfc(4035, "5.2")]
    public async Task A_denial_of_DS_at_a_name_that_is_no_delegation_makes_nothing_insecure()
    {
        // The genuine denial of DS for www: no NS bit, so no delegation; replayed to show that the zone is unsigned.
        var answer = await Attack("www.sec.nsec.", RecordType.A, (query, message) => query.Question.Type == RecordType.A
            ? message.WithoutSignatures() with { Answers = message.WithoutSignatures().Answers.Replace(RecordType.A, new(new byte[] { 203, 0, 113, 1 })) }
            : message);

        AssertBogus(answer, LookupReason.SignatureMissing, 10);
    }

    [Fact, Rfc(4035, "5.4")]
    public async Task Forgery_C_denying_a_wildcard_answer_without_denying_the_wildcard_is_bogus()
    {
        // The NSEC record that proves the wildcard's answer, of m.wild, covers the name; it says nothing about the wildcard.
        var denial = _world.Reply(new(Text.Name("z.wild.sec.nsec."), RecordType.A)).Authorities;
        var answer = await Attack("z.wild.sec.nsec.", RecordType.A, (query, message) => query.Question.Type == RecordType.A
            ? message with { ResponseCode = ResponseCode.NameError, Answers = [], Authorities = [.. Soa("sec.nsec."), .. denial] }
            : message);

        AssertBogus(answer, LookupReason.DenialInvalid, 6);
    }

    [Theory, Rfc(6840, "4.1")]
    [InlineData("sec.nsec.", "nsec.")]
    [InlineData("sec.hash.", "hash.")]
    [InlineData("sec.opt.", "opt.")]
    public async Task Forgery_D_denying_names_of_a_child_with_the_parents_record_of_the_cut_is_bogus(string child, string parent)
    {
        var name = $"_25._tcp.mx.{child}";
        var cut = Denials(parent).Where(set => set.Type == RecordType.NSEC ? set.Owner == Text.Name(child) : true).SelectMany(set => set.Records);
        var answer = await Attack(name, RecordType.TLSA, (query, message) => query.Question.Type == RecordType.TLSA
            ? message with { ResponseCode = ResponseCode.NameError, Answers = [], Authorities = [.. Soa(parent), .. cut] }
            : message);

        AssertBogus(answer, LookupReason.DenialInvalid, 6);
    }

    [Theory, Rfc(5155, "8.5"), Rfc(5155, "8.4")]
    [InlineData("sec.opt.", ResponseCode.NameError)]
    [InlineData("sec.opt.", ResponseCode.NoError)]
    [InlineData("sec.hash.", ResponseCode.NameError)]
    [InlineData("sec.nsec.", ResponseCode.NameError)]
    [InlineData("out.nsec.", ResponseCode.NameError)]
    public async Task Forgery_E_denying_what_exists_with_every_genuine_record_of_denial_is_bogus(string zone, ResponseCode code)
    {
        var answer = await Attack($"_25._tcp.mx.{zone}", RecordType.TLSA, (query, message) => query.Question.Type == RecordType.TLSA
            ? message with { ResponseCode = code, Answers = [], Authorities = [.. Soa(zone), .. Denials(zone).SelectMany(set => set.Records)] }
            : message, limits: new() { DenialRecords = 1000, Signatures = 10_000, Nsec3Hashes = 10_000 });

        AssertBogus(answer, LookupReason.DenialInvalid, 6);
    }

    [Theory, Rfc(5155, "8.3"), Rfc(5155, "8.4")]
    [InlineData("sec.opt.")]
    [InlineData("sec.hash.")]
    [InlineData("out.nsec.")]
    public async Task Forgery_E_denying_what_exists_with_genuine_records_that_do_not_cover_it_is_bogus(string zone)
    {
        // All but the one that matches the name: base32 told apart from base32hex, its hash would seem covered.
        var name = Text.Name($"_25._tcp.mx.{zone}");
        var own = new byte[Nsec3Hash.Length];
        Nsec3Hash.Compute(name, _world[zone].Nsec3!.Iterations, _world[zone].Nsec3!.Salt.Span, own);
        Assert.True(Nsec3Hash.TryToOwner(own, Text.Name(zone), out var matching));
        var answer = await Attack(name.ToString(), RecordType.TLSA, (query, message) => query.Question.Type == RecordType.TLSA
            ? message with { ResponseCode = ResponseCode.NameError, Answers = [], Authorities = [.. Soa(zone), .. Denials(zone).Where(set => set.Owner != matching).SelectMany(set => set.Records)] }
            : message, limits: new() { DenialRecords = 1000, Signatures = 10_000, Nsec3Hashes = 10_000 });

        AssertBogus(answer, LookupReason.DenialInvalid, 6);
    }

    [Theory, Rfc(4035, "5.3.1")]
    [InlineData(RecordType.A)]
    [InlineData(RecordType.TXT)]
    public async Task A_signature_by_the_parent_of_the_zone_is_bogus(RecordType type)
    {
        // The parent really signs a record of the child, as its zone once may have held it; across the signed delegation it is worth nothing.
        var set = new RecordSet(Text.Name("www.child.sec.nsec."), type, RecordClass.IN, 300, [type == RecordType.A ? new(new byte[] { 203, 0, 113, 1 }) : new(new byte[] { 1, 65 })]);
        var signed = RecordSetSigner.Sign(set, TestKeys.Get("sec.nsec"), Text.Name("sec.nsec."), TestZone.Validity);
        var world = _world;
        world.Rewrite = (query, message) => query.Question.Name == set.Owner && query.Question.Type == type ? message with { Answers = [.. set.Records, signed], Authorities = [] } : message;

        var answer = await world.LookupAsync("www.child.sec.nsec.", type);

        AssertBogus(answer, LookupReason.SignatureUnfit, 6);
        Assert.Contains("child.sec.nsec.", answer.Explanation, StringComparison.Ordinal);
    }

    [Theory, Rfc(4035, "5.3.1")]
    [InlineData(ExchangeOutcome.Unreachable)]
    [InlineData(null)]
    public async Task A_signature_by_the_parent_is_bogus_also_where_the_owner_itself_shows_no_cut(ExchangeOutcome? outcome)
    {
        // The DS question at the owner fails, or is answered without proof; the one at the cut tells.
        var set = new RecordSet(Text.Name("www.child.sec.nsec."), RecordType.A, RecordClass.IN, 300, [new(new byte[] { 203, 0, 113, 1 })]);
        var signed = RecordSetSigner.Sign(set, TestKeys.Get("sec.nsec"), Text.Name("sec.nsec."), TestZone.Validity);
        _world.Outcome = query => query.Question == new Question(set.Owner, RecordType.DS) ? outcome : null;
        _world.Rewrite = (query, message) => query.Question == new Question(set.Owner, RecordType.A) ? message with { Answers = [.. set.Records, signed], Authorities = [] }
            : query.Question == new Question(set.Owner, RecordType.DS) ? message with { Authorities = [] }
            : message;

        AssertBogus(await _world.LookupAsync("www.child.sec.nsec.", RecordType.A), LookupReason.SignatureUnfit, 6);
    }

    [Theory, Rfc(4035, "5.3.1")]
    [InlineData(ExchangeOutcome.Unreachable)]
    [InlineData(ExchangeOutcome.TimedOut)]
    [InlineData(null)]
    public async Task Signed_records_stand_where_DS_questions_below_the_apex_are_not_answered(ExchangeOutcome? outcome)
    {
        _world.Outcome = query => query.Question.Type == RecordType.DS && query.Question.Name.IsBelow(Text.Name("sec.nsec.")) ? outcome : null;
        _world.Rewrite = (query, message) => query.Question.Type == RecordType.DS && query.Question.Name.IsBelow(Text.Name("sec.nsec.")) ? message with { Authorities = [] } : message;

        Assert.Equal(Security.Secure, (await _world.LookupAsync(Mx, RecordType.TLSA)).Security);
    }

    [Fact, Rfc(4035, "5.3.1")]
    public async Task A_DS_set_signed_by_an_ancestor_across_a_signed_delegation_is_bogus()
    {
        var set = new RecordSet(Text.Name("child.sec.nsec."), RecordType.DS, RecordClass.IN, 3600, [TestKeys.Get("stranger").ToDs(Text.Name("child.sec.nsec."))]);
        var signed = RecordSetSigner.Sign(set, TestKeys.Get("nsec"), Text.Name("nsec."), TestZone.Validity);
        _world.Rewrite = (query, message) => query.Question.Name == set.Owner && query.Question.Type == RecordType.DS ? message with { Answers = [.. set.Records, signed], Authorities = [] } : message;

        var answer = await _world.LookupAsync("child.sec.nsec.", RecordType.DS);

        AssertBogus(answer, LookupReason.SignatureUnfit, 6);
    }

    [Fact, Rfc(4035, "2.4"), Rfc(6840, "4.4")]
    public async Task A_DS_set_signed_by_the_child_itself_is_bogus()
    {
        var set = new RecordSet(Text.Name("sec.nsec."), RecordType.DS, RecordClass.IN, 3600, [TestKeys.Get("sec.nsec").ToDs(Text.Name("sec.nsec."))]);
        var signed = RecordSetSigner.Sign(set, TestKeys.Get("sec.nsec"), Text.Name("sec.nsec."), TestZone.Validity);
        _world.Rewrite = (query, message) => query.Question == new Question(set.Owner, RecordType.DS) ? message with { Answers = [.. set.Records, signed], Authorities = [] } : message;

        AssertBogus(await _world.LookupAsync("sec.nsec.", RecordType.DS), LookupReason.SignatureUnfit, 6);
        AssertBogus(await _world.LookupAsync("www.sec.nsec.", RecordType.A), LookupReason.SignatureUnfit, 6);
    }

    [Theory, Rfc(6840, "4.4"), Rfc(5155, "8.9")]
    [InlineData("sec.nsec.")]
    [InlineData("sec.opt.")]
    public async Task A_denial_of_DS_from_the_childs_side_proves_nothing(string zone)
    {
        var apex = _world[zone].Answer(Text.Name(zone), RecordType.AAAA).Authority.SelectMany(set => set.All).ToList();
        _world.Rewrite = (query, message) => query.Question == new Question(Text.Name(zone), RecordType.DS) ? message with { Answers = [], Authorities = [.. apex] }
            : query.Question.Type == RecordType.A ? message.WithoutSignatures()
            : message;

        var answer = await _world.LookupAsync($"www.{zone}", RecordType.A);

        AssertBogus(answer, LookupReason.DelegationProofMissing, 12);
    }

    [Theory, Rfc(4035, "5.2")]
    [InlineData("alias.sec.nsec.")]
    [InlineData("alias.sec.opt.")]
    public async Task An_alias_without_its_signature_is_bogus_also_when_the_DS_question_meets_the_same_alias(string name)
    {
        var answer = await Attack(name, RecordType.A, (_, message) => message with { Answers = [.. message.Answers.Where(record => record.Type != RecordType.RRSIG || RrsigData.ReadTypeCovered(record.Data) != RecordType.CNAME)] });

        AssertBogus(answer, LookupReason.SignatureMissing, 10);
    }

    [Fact, Rfc(4035, "5.3.1")]
    public async Task Signed_records_stay_secure_where_the_zone_denies_nothing()
    {
        _world.Rewrite = (query, message) => query.Question.Name.IsBelow(Text.Name("sec.nsec.")) ? message with { Authorities = [] } : message;

        Assert.Equal(Security.Secure, (await _world.LookupAsync(Mx, RecordType.TLSA)).Security);
    }

    [Fact, Rfc(6672, "5.3.1")]
    public async Task A_CNAME_that_is_not_what_the_DNAME_makes_is_bogus()
    {
        var answer = await Attack("x.moved.sec.nsec.", RecordType.A, (_, message) => message with { Answers = message.Answers.Replace(RecordType.CNAME, new NameData(Text.Name("www.uns.nsec.")).ToOctets()) });

        AssertBogus(answer, LookupReason.AliasMismatch, 6);
    }

    [Fact, Rfc(6672, "5.3.4")]
    public async Task A_name_below_a_DNAME_cannot_be_denied_with_the_DNAMEs_own_NSEC()
    {
        var own = Denials("sec.nsec.").Single(set => set.Owner == Text.Name("moved.sec.nsec.")).Records;
        var wildcard = _world["sec.nsec."].Answer(Text.Name("missing.sec.nsec."), RecordType.A).Authority.SelectMany(set => set.All);
        var answer = await Attack("x.moved.sec.nsec.", RecordType.A, (query, message) => query.Question.Type == RecordType.A && query.Question.Name == Text.Name("x.moved.sec.nsec.")
            ? message with { ResponseCode = ResponseCode.NameError, Answers = [], Authorities = [.. own, .. wildcard] }
            : message);

        AssertBogus(answer, LookupReason.DenialInvalid, 6);
    }

    [Fact, Rfc(6840, "4.3")]
    public async Task A_name_that_is_an_alias_cannot_be_denied_a_type_with_its_own_NSEC()
    {
        var own = Denials("sec.nsec.").Single(set => set.Owner == Text.Name("alias.sec.nsec.")).Records;
        var answer = await Attack("alias.sec.nsec.", RecordType.A, (query, message) => query.Question == new Question(Text.Name("alias.sec.nsec."), RecordType.A)
            ? message with { Answers = [], Authorities = [.. Soa("sec.nsec."), .. own] }
            : message);

        AssertBogus(answer, LookupReason.DenialInvalid, 6);
    }

    [Fact, Rfc(4035, "5.3.4")]
    public async Task A_wildcards_answer_without_the_proof_that_no_closer_name_exists_is_bogus()
    {
        var answer = await Attack("a.wild.sec.nsec.", RecordType.A, (_, message) => message with { Authorities = [] });

        AssertBogus(answer, LookupReason.WildcardProofMissing, 12);
    }

    [Theory, Rfc(4035, "5.3.4"), Rfc(5155, "8.8")]
    [InlineData("nsec")]
    [InlineData("opt")]
    [InlineData("hash")]
    public async Task A_wildcards_records_given_to_a_name_that_exists_are_bogus(string tld)
    {
        var zone = $"sec.{tld}.";
        var wildcard = _world[zone].Find(Text.Name($"*.wild.{zone}"), RecordType.A)!;
        _world[zone].Add("here.wild 300 TXT here");
        _world[zone].Sign();
        var name = Text.Name($"here.wild.{zone}");
        _world.Rewrite = (query, message) => query.Question == new Question(name, RecordType.A)
            ? message with { Answers = [.. wildcard.As(name).All], Authorities = [.. Denials(zone).SelectMany(set => set.Records)] }
            : message;

        var answer = await _world.LookupAsync($"here.wild.{zone}", RecordType.A, _world.Options with { Limits = new() { DenialRecords = 1000, Signatures = 10_000 } });

        AssertBogus(answer, LookupReason.WildcardProofMissing, 12);
    }

    [Fact, Rfc(4035, "5.3.1")]
    public async Task Signed_records_under_another_name_are_bogus()
    {
        var other = _world["sec.nsec."].Find(Text.Name("mx.sec.nsec."), RecordType.A)!;
        var answer = await Attack("www.sec.nsec.", RecordType.A, (query, message) => query.Question.Type == RecordType.A ? message with { Answers = [.. other.As(query.Question.Name).All] } : message);

        AssertBogus(answer, LookupReason.SignatureInvalid, 6);
    }

    [Fact, Rfc(4035, "5.3.1")]
    public async Task Records_signed_by_a_zone_beside_are_bogus()
    {
        // Somebody owns child.sec.nsec. and signs with its key what belongs to its neighbour.
        var set = new RecordSet(Text.Name("www.sec.nsec."), RecordType.A, RecordClass.IN, 300, [new(new byte[] { 203, 0, 113, 1 })]);
        var signed = RecordSetSigner.Sign(set, TestKeys.Get("child"), Text.Name("child.sec.nsec."), TestZone.Validity);
        var answer = await Attack("www.sec.nsec.", RecordType.A, (query, message) => query.Question.Type == RecordType.A ? message with { Answers = [.. set.Records, signed] } : message);

        AssertBogus(answer, LookupReason.SignatureUnfit, 6);
    }

    [Fact, Rfc(4035, "5.2")]
    public async Task A_key_that_the_parent_does_not_vouch_for_signs_nothing()
    {
        var stranger = TestKeys.Get("stranger");
        var zone = Text.Name("sec.nsec.");
        var keys = new RecordSet(zone, RecordType.DNSKEY, RecordClass.IN, 3600, [stranger.ToDnskey()]);
        var set = new RecordSet(Text.Name("www.sec.nsec."), RecordType.A, RecordClass.IN, 300, [new(new byte[] { 203, 0, 113, 1 })]);
        var answer = await Attack("www.sec.nsec.", RecordType.A, (query, message) => query.Question.Type switch
        {
            RecordType.A => message with { Answers = [.. set.Records, RecordSetSigner.Sign(set, stranger, zone, TestZone.Validity)] },
            RecordType.DNSKEY when query.Question.Name == zone => message with { Answers = [.. keys.Records, RecordSetSigner.Sign(keys, stranger, zone, TestZone.Validity)] },
            _ => message,
        });

        AssertBogus(answer, LookupReason.KeyDoesNotMatchDs, 9);
    }

    [Fact, Rfc(4035, "5.2")]
    public async Task A_strangers_key_beside_the_zones_own_signs_nothing()
    {
        var stranger = TestKeys.Get("stranger");
        var zone = Text.Name("sec.nsec.");
        var set = new RecordSet(Text.Name("www.sec.nsec."), RecordType.A, RecordClass.IN, 300, [new(new byte[] { 203, 0, 113, 1 })]);
        var answer = await Attack("www.sec.nsec.", RecordType.A, (query, message) => query.Question.Type switch
        {
            RecordType.A => message with { Answers = [.. set.Records, RecordSetSigner.Sign(set, stranger, zone, TestZone.Validity)] },
            RecordType.DNSKEY when query.Question.Name == zone => message with { Answers = message.Answers.Insert(0, new(zone, RecordType.DNSKEY, RecordClass.IN, 3600, stranger.ToDnskey())) },
            _ => message,
        });

        AssertBogus(answer, LookupReason.SignatureInvalid, 6);
    }

    [Fact, Rfc(4035, "4.9.3")]
    public async Task The_AD_bit_of_a_reply_is_not_believed()
    {
        var answer = await Attack("www.sec.nsec.", RecordType.A, (query, message) => (query.Question.Type == RecordType.A
            ? message.WithoutSignatures() with { Answers = message.WithoutSignatures().Answers.Replace(RecordType.A, new(new byte[] { 203, 0, 113, 1 })) }
            : message) with { Flags = message.Flags | MessageFlags.AuthenticData });

        AssertBogus(answer, LookupReason.SignatureMissing, 10);
    }

    [Fact, Rfc(2181, "5.4.1")]
    public async Task Records_that_nobody_asked_for_change_nothing()
    {
        var evil = new ResourceRecord(Text.Name("mx.sec.nsec."), RecordType.A, RecordClass.IN, 300, new(new byte[] { 203, 0, 113, 1 }));
        var resolver = _world.Resolver();
        _world.Rewrite = (query, message) => query.Question.Name == Text.Name("www.uns.nsec.") ? message with { Answers = message.Answers.Add(evil), Additionals = [evil] } : message;

        var first = await resolver.LookupAsync(Text.Name("www.uns.nsec."), RecordType.A, TestContext.Current.CancellationToken);
        var second = await resolver.LookupAsync(Text.Name("mx.sec.nsec."), RecordType.A, TestContext.Current.CancellationToken);

        Assert.Equal((Security.Insecure, 1), (first.Security, first.Chain.Length));
        Assert.Equal(Security.Secure, second.Security);
        Assert.Equal("c0000219", second.Records!.Data[0].ToHex());
    }

    [Fact, Rfc(4035, "4.3")]
    public async Task A_failed_DS_lookup_is_no_evidence_of_insecurity()
    {
        _world.Outcome = query => query.Question.Type == RecordType.DS ? ExchangeOutcome.TimedOut : null;

        var answer = await _world.LookupAsync("www.uns.nsec.", RecordType.A);

        Assert.Equal((Security.Indeterminate, LookupReason.ChainUnavailable, 23), (answer.Security, answer.Reason, (int)answer.ExtendedError!.Value.Code));
        Assert.Empty(answer.Chain);
    }

    /// <summary>Shows that the genuine answer is secure, then what the altered one is judged to be.</summary>
    private async Task<Answer> Attack(string name, RecordType type, Func<DnsQuery, DnsMessage, DnsMessage> rewrite, Limits? limits = null)
    {
        Assert.Equal(Security.Secure, (await _world.LookupAsync(name, type)).Security);
        _world.Rewrite = rewrite;
        return await _world.LookupAsync(name, type, _world.Options with { Limits = limits ?? Limits.Default });
    }

    private static void AssertBogus(Answer answer, LookupReason reason, int extendedError)
    {
        Assert.Equal((Security.Bogus, reason, extendedError), (answer.Security, answer.Reason, (int)answer.ExtendedError!.Value.Code));
        Assert.Empty(answer.Chain);
        Assert.Null(answer.Records);
        Assert.Contains("RFC", answer.Explanation, StringComparison.Ordinal);
        Assert.Contains("192.0.2.1:53", answer.Explanation, StringComparison.Ordinal);
    }

    private IEnumerable<ResourceRecord> Soa(string zone) => _world[zone].Find(Text.Name(zone), RecordType.SOA)!.All;

    private IEnumerable<(DomainName Owner, RecordType Type, IEnumerable<ResourceRecord> Records)> Denials(string zone) =>
        _world[zone].Sets.Where(each => each.Type is RecordType.NSEC or RecordType.NSEC3).Select(each => (each.Name, each.Type, each.Set.All));
}
