using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Resolution;

/// <summary>Denials through the whole resolver: what zones in the field do, and what nobody should.</summary>
public class DenialTests
{
    [Fact, Rfc(6840, "5.1")]
    public async Task A_next_name_in_capitals_is_signed_as_it_is_spelt()
    {
        var world = Lab("a 300 A 192.0.2.1\nMx 300 A 192.0.2.2");

        Assert.Equal(Security.Secure, (await world.LookupAsync("b.lab.", RecordType.A)).Security);
        Assert.Contains(world["lab."].Sets, set => set.Type == RecordType.NSEC && NsecData.TryRead(set.Set.Records[0].Data, out var data) && data.NextName.ToString() == "Mx.lab.");
    }

    [Fact, Rfc(4343, "3")]
    public async Task Labels_of_any_octets_are_denied_and_answered()
    {
        var world = Lab("h\\195\\169llo 300 TXT web\nz 300 A 192.0.2.2");

        Assert.Equal(Security.Secure, (await world.LookupAsync("h\\195\\169llo.lab.", RecordType.TXT)).Security);
        Assert.Equal((Security.Secure, LookupReason.ProvenNameError), Verdict(await world.LookupAsync("a.lab.", RecordType.A)));
        Assert.Equal((Security.Secure, LookupReason.ProvenNameError), Verdict(await world.LookupAsync("h\\195\\170.lab.", RecordType.A)));
    }

    [Fact, Rfc(4035, "5.4")]
    public async Task A_name_below_one_that_has_the_type_is_denied()
    {
        var world = Lab("mx 300 A 192.0.2.1");

        Assert.Equal((Security.Secure, LookupReason.ProvenNameError), Verdict(await world.LookupAsync("a.mx.lab.", RecordType.A)));
    }

    [Theory, Rfc(9276, "3.2")]
    [InlineData(150, Security.Secure)]
    [InlineData(151, Security.Insecure)]
    [InlineData(65535, Security.Insecure)]
    public async Task Iterations_above_the_limit_make_denials_insecure_and_nothing_else(int iterations, Security security)
    {
        var world = Lab("www 300 A 192.0.2.1\n*.wild 300 A 192.0.2.2", new() { Iterations = (ushort)iterations });

        var denied = await world.LookupAsync("missing.lab.", RecordType.A);
        Assert.Equal((security, ResponseCode.NameError), (denied.Security, denied.ResponseCode!.Value));
        Assert.Equal(security, (await world.LookupAsync("www.lab.", RecordType.AAAA)).Security);
        Assert.Equal(security, (await world.LookupAsync("a.wild.lab.", RecordType.A)).Security);
        Assert.Equal(Security.Secure, (await world.LookupAsync("www.lab.", RecordType.A)).Security);
        if (security == Security.Insecure) Assert.Equal((LookupReason.TooManyIterations, 27), (denied.Reason, (int)denied.ExtendedError!.Value.Code));
    }

    [Fact, Rfc(9276, "3.2"), Rfc(2308, "5")]
    public async Task Above_the_limit_no_SOA_makes_a_denial_last_longer_than_its_records()
    {
        var world = Lab("www 300 A 192.0.2.1", new() { Iterations = 151 });
        world.Rewrite = (_, message) => message with
        {
            Authorities = [.. message.Authorities.Select(record => record.Type == RecordType.SOA && SoaData.TryRead(record.Data, out var soa)
                ? record with { TimeToLive = 80_000, Data = (soa with { Minimum = 80_000 }).ToOctets() }
                : record)],
        };

        var answer = await world.LookupAsync("missing.lab.", RecordType.A);

        Assert.Equal((LookupReason.TooManyIterations, 300u), (answer.Reason, answer.TimeToLive));
    }

    [Fact, Rfc(9276, "3.2")]
    public async Task Above_the_limit_an_invented_alias_is_bogus_beside_records_that_are_secure()
    {
        var world = Lab("mx 300 A 192.0.2.1\nmx 300 AAAA 2001:db8::1", new() { Iterations = 500 });
        world.Rewrite = (query, message) => query.Question.Name == Text.Name("mx.lab.") && query.Question.Type == RecordType.A
            ? message with { Answers = [Text.Record("mx 300 CNAME ns", Text.Name("lab."))] }
            : message;

        var invented = await world.LookupAsync("mx.lab.", RecordType.A);
        Assert.Equal((Security.Bogus, LookupReason.SignatureMissing), Verdict(invented));
        Assert.Equal(Security.Secure, (await world.LookupAsync("mx.lab.", RecordType.AAAA)).Security);
    }

    [Fact, Rfc(9276, "3.2")]
    public async Task A_signed_delegation_is_secure_in_a_zone_above_the_limit()
    {
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("lab.") { Keys = { TestKeys.Get("lab") }, Nsec3 = new() { Iterations = 500 } },
            new TestZone("child.lab.", "www 300 A 192.0.2.1") { Keys = { TestKeys.Get("child") } });

        Assert.Equal(Security.Secure, (await world.LookupAsync("www.child.lab.", RecordType.A)).Security);
    }

    [Theory, Rfc(9276, "3.2"), Rfc(4035, "5.2")]
    [InlineData("child.lab.")]
    [InlineData("child.deep.lab.")]
    [InlineData("child.very.deep.lab.")]
    public async Task Spoilt_records_below_a_signed_delegation_are_bogus_also_where_the_zone_above_has_too_many_iterations(string child)
    {
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("lab.") { Keys = { TestKeys.Get("lab") }, Nsec3 = new() { Iterations = 500 } },
            new TestZone(child, "www 300 A 192.0.2.1") { Keys = { TestKeys.Get("child") } });
        world.Rewrite = (query, message) => query.Question.Type == RecordType.A ? message.WithoutSignatures() : message;

        Assert.Equal(Security.Bogus, (await world.LookupAsync("www." + child, RecordType.A)).Security);
    }

    [Theory, Rfc(4035, "5"), Rfc(4035, "5.3.3")]
    [InlineData("child.deep.lab.", "deep.lab.")]
    [InlineData("child.very.deep.lab.", "very.deep.lab.")]
    [InlineData("child.very.deep.lab.", "deep.lab.")]
    public async Task A_chain_of_trust_ends_at_a_label_whose_denial_of_DS_does_not_verify(string child, string label)
    {
        TestZone[] zones =
        [
            new(".") { Keys = { TestKeys.Get("root-ksk") } },
            new("lab.") { Keys = { TestKeys.Get("lab") } },
            new(child, "www 300 A 192.0.2.1") { Keys = { TestKeys.Get("child") } },
        ];
        var stub = new World(zones);
        var iterated = new AuthorityWorld().Zone(new(".") { Keys = zones[0].Keys }, $"ns. {AuthorityWorld.RootAddress}").Zone(new("lab.") { Keys = zones[1].Keys }, "ns.lab. 192.0.2.60")
            .Zone(new(child, "www 300 A 192.0.2.1") { Keys = zones[2].Keys }, $"ns.{child} 192.0.2.61");
        Assert.Equal(Security.Secure, (await stub.LookupAsync("www." + child, RecordType.A)).Security);
        Assert.Equal(Security.Secure, (await iterated.LookupAsync("www." + child, RecordType.A)).Security);

        stub.Rewrite = iterated.Rewrite = (query, message) => query.Question == new Question(Text.Name(label), RecordType.DS) ? WithWrongSignature(message, RecordType.NSEC) : message;
        Assert.Equal(Security.Bogus, (await stub.LookupAsync("www." + child, RecordType.A)).Security);
        Assert.Equal(Security.Bogus, (await iterated.LookupAsync("www." + child, RecordType.A)).Security);
    }

    [Theory, Rfc(9276, "3.2"), Rfc(4035, "5.3.3")]
    [InlineData("www.lab.", RecordType.A, RecordType.A)]
    [InlineData("www.lab.", RecordType.MX, RecordType.NSEC3)]
    [InlineData("nowhere.lab.", RecordType.A, RecordType.NSEC3)]
    [InlineData("x.wild.lab.", RecordType.A, RecordType.A)]
    public async Task A_wrong_signature_is_bogus_also_in_a_zone_above_the_limit(string name, RecordType type, RecordType wrong)
    {
        var world = Lab("www 300 A 192.0.2.1\n*.wild 300 A 192.0.2.2", new() { Iterations = 500 });
        world.Rewrite = (query, message) => query.Question != new Question(Text.Name(name), type) ? message : WithWrongSignature(message, wrong);

        Assert.Equal(Security.Bogus, (await world.LookupAsync(name, type)).Security);
    }

    [Theory, Rfc(5155, "8.6"), Rfc(4035, "5.3.3")]
    [InlineData("x.wild.lab.", RecordType.A, RecordType.A)]
    [InlineData("x.wild.lab.", RecordType.A, RecordType.NSEC3)]
    [InlineData("x.wild.lab.", RecordType.MX, RecordType.SOA)]
    [InlineData("a.b.nowhere.lab.", RecordType.A, RecordType.NSEC3)]
    public async Task A_wrong_signature_is_bogus_also_in_a_span_of_opt_out(string name, RecordType type, RecordType wrong)
    {
        var world = Lab("www 300 A 192.0.2.1\n*.wild 300 A 192.0.2.2", new() { OptOut = true });
        Assert.Equal(Security.Insecure, (await world.LookupAsync(name, type)).Security);
        world.Rewrite = (query, message) => query.Question != new Question(Text.Name(name), type) ? message : WithWrongSignature(message, wrong);

        Assert.Equal(Security.Bogus, (await world.LookupAsync(name, type)).Security);
    }

    [Theory, Rfc(5155, "8.6"), Rfc(5155, "8.9"), Rfc(9276, "3.2")]
    [InlineData(0, LookupReason.OptOut)]
    [InlineData(500, LookupReason.TooManyIterations)]
    public async Task A_delegation_in_an_opt_out_span_is_found_below_an_empty_non_terminal_that_is_half_denied(ushort iterations, LookupReason reason)
    {
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("lab.") { Keys = { TestKeys.Get("lab") }, Nsec3 = new() { OptOut = true, Iterations = iterations } },
            new TestZone("a.ent.lab.", "www 300 A 192.0.2.1"));
        Assert.Equal(Security.Insecure, (await world.LookupAsync("www.a.ent.lab.", RecordType.A)).Security);

        // What NSD 4.6 says of DS there: SOA and the closest encloser alone.
        var half = world.Reply(new(Text.Name("ent.lab."), RecordType.DS)).Authorities;
        var encloser = half.First(record => record.Type == RecordType.NSEC3 && Nsec3Data.TryRead(record.Data, out var data) && data.Types.Contains(RecordType.SOA)).Owner;
        world.Rewrite = (query, message) => query.Question != new Question(Text.Name("ent.lab."), RecordType.DS)
            ? message
            : message with { ResponseCode = ResponseCode.NoError, Authorities = [.. half.Where(record => record.Owner == Text.Name("lab.") || record.Owner == encloser)] };

        var answer = await world.LookupAsync("www.a.ent.lab.", RecordType.A);
        Assert.Equal((Security.Insecure, reason), (answer.Security, answer.Reason));
    }

    [Theory, Rfc(5155, "8.6"), Rfc(5155, "8.5"), Rfc(4035, "3.1.3.1")]
    [InlineData(false, RecordType.A)]
    [InlineData(false, RecordType.DS)]
    [InlineData(true, RecordType.A)]
    [InlineData(true, RecordType.DS)]
    public async Task A_reply_that_says_that_there_is_a_name_is_not_proven_by_records_that_say_there_is_none(bool isHashed, RecordType type)
    {
        var world = Lab("www 300 A 192.0.2.1", isHashed ? new() : null);
        Assert.Equal((Security.Secure, LookupReason.ProvenNameError), Verdict(await world.LookupAsync("missing.lab.", type)));
        world.Rewrite = (query, message) => query.Question.Name == Text.Name("missing.lab.") ? message with { ResponseCode = ResponseCode.NoError } : message;

        Assert.Equal((Security.Bogus, LookupReason.DenialInvalid), Verdict(await world.LookupAsync("missing.lab.", type)));
    }

    [Theory, Rfc(6840, "4.1")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_below_a_signed_zone_is_insecure_because_its_own_DS_cannot_be_had(bool optsOut)
    {
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("lab.") { Keys = { TestKeys.Get("lab") }, Nsec3 = optsOut ? new() { OptOut = true } : null },
            new TestZone("ent.lab.") { Keys = { TestKeys.Get("child") } },
            new TestZone("a.ent.lab.", "www 300 A 192.0.2.1"));
        Assert.Equal(Security.Insecure, (await world.LookupAsync("www.a.ent.lab.", RecordType.A)).Security);

        // The zone above is made to speak in place of the signed one: its own denials are all that it has.
        world.Outcome = query => query.Question == new Question(Text.Name("ent.lab."), RecordType.DS) ? ExchangeOutcome.TimedOut : null;
        world.Rewrite = (query, message) => query.Question != new Question(Text.Name("a.ent.lab."), RecordType.DS)
            ? message
            : message with { Authorities = world.Reply(new(Text.Name("nothing.lab."), RecordType.DS)).Authorities };
        Assert.NotEqual(Security.Insecure, (await world.LookupAsync("www.a.ent.lab.", RecordType.A)).Security);
    }

    [Theory, Rfc(4035, "5.3.3"), Rfc(4035, "5.4")]
    [InlineData("www.lab.", RecordType.MX)]
    [InlineData("x.wild.lab.", RecordType.A)]
    public async Task A_record_of_denial_that_does_not_verify_is_bogus_also_where_the_proof_does_not_need_it(string name, RecordType type)
    {
        var world = Lab("www 300 A 192.0.2.1\n*.wild 300 A 192.0.2.2\nzzz 300 A 192.0.2.3");
        var further = WithWrongSignature(world.Reply(new(Text.Name("zzz.lab."), RecordType.MX)), RecordType.NSEC).Authorities.Where(record => record.Owner == Text.Name("zzz.lab."));
        Assert.Equal(Security.Secure, (await world.LookupAsync(name, type)).Security);
        world.Rewrite = (query, message) => query.Question != new Question(Text.Name(name), type) ? message : message with { Authorities = [.. message.Authorities, .. further] };

        Assert.Equal(Security.Bogus, (await world.LookupAsync(name, type)).Security);
    }

    [Fact, Rfc(4035, "5.4"), Rfc(4034, "4.1.1")]
    public async Task A_record_of_the_zone_above_that_the_zone_has_signed_takes_nothing_from_a_proof_and_proves_nothing()
    {
        // PowerDNS 4.7, where an alias leads from the child up into the parent: the parent's record at the cut, which denies the target, is signed with the child's key.
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("lab.", "www 300 A 192.0.2.1") { Keys = { TestKeys.Get("lab") } },
            new TestZone("child.lab.", "*.wild 300 CNAME missing.lab.\n*.up 300 CNAME www.lab.") { Keys = { TestKeys.Get("child") } });
        var astray = Nsec("child.lab.", "ns.lab.", "child", "child.lab.", RecordType.NS, RecordType.DS, RecordType.RRSIG, RecordType.NSEC).ToList();
        world.Rewrite = (query, message) => query.Question.Type != RecordType.A || !query.Question.Name.IsBelow(Text.Name("child.lab.")) ? message : message with { Authorities = [.. message.Authorities, .. astray] };

        Assert.Equal((Security.Secure, LookupReason.ProvenNameError), Verdict(await world.LookupAsync("x.wild.child.lab.", RecordType.A)));
        Assert.Equal((Security.Secure, LookupReason.ValidSignature), Verdict(await world.LookupAsync("x.up.child.lab.", RecordType.A)));

        world.Rewrite = (query, message) => query.Question != new Question(Text.Name("x.child.lab."), RecordType.A) ? message : message with { Authorities = [.. astray] };
        Assert.Equal((Security.Bogus, LookupReason.DenialInvalid), Verdict(await world.LookupAsync("x.child.lab.", RecordType.A)));
    }

    [Theory, Rfc(4035, "2.5"), Rfc(6840, "4.3")]
    [InlineData(RecordType.NSEC, Security.Secure)]
    [InlineData(RecordType.A, Security.Bogus)]
    public async Task At_an_alias_in_a_zone_with_NSEC3_nothing_is_denied_but_NSEC(RecordType type, Security security)
    {
        // BIND 9.18 and Knot 3.2 follow no alias for NSEC, which stands beside one where it stands at all.
        var world = Lab("www 300 A 192.0.2.1\nalias 300 CNAME www", new());
        world.Rewrite = (query, message) => query.Question != new Question(Text.Name("alias.lab."), type) ? message : message with
        {
            Answers = [], Authorities = [.. Soa(world), .. world["lab."].Sets.Where(set => set.Type == RecordType.NSEC3 && Nsec3Data.TryRead(set.Set.Records[0].Data, out var data) && data.Types.Contains(RecordType.CNAME)).SelectMany(set => set.Set.All)],
        };

        Assert.Equal(security, (await world.LookupAsync("alias.lab.", type)).Security);
    }

    [Fact, Rfc(4035, "5.3.1"), Rfc(2308, "3")]
    public async Task A_zone_denies_nothing_below_the_zone_whose_SOA_stands_in_the_reply()
    {
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("lab.") { Keys = { TestKeys.Get("lab") } },
            new TestZone("child.lab.", "www 300 A 192.0.2.1") { Keys = { TestKeys.Get("child") } });
        var name = Text.Name("www.child.lab.");
        var denial = new RecordSet(name, RecordType.NSEC, RecordClass.IN, 300, [new NsecData(Text.Name("lab."), TypeBitmap.Create(RecordType.RRSIG, RecordType.NSEC)).ToOctets()]);
        ResourceRecord[] byTheParent = [.. denial.Records, RecordSetSigner.Sign(denial, TestKeys.Get("lab"), Text.Name("lab."), TestZone.Validity)];
        world.Rewrite = (query, message) => query.Question != new Question(name, RecordType.A) ? message : message with
        {
            Answers = [],
            Authorities = [.. world["child.lab."].Find(Text.Name("child.lab."), RecordType.SOA)!.All, .. byTheParent],
        };

        Assert.Equal(Security.Bogus, (await world.LookupAsync("www.child.lab.", RecordType.A)).Security);
    }

    /// <summary>The last bit of every signature over sets of a type is another.</summary>
    private static DnsMessage WithWrongSignature(DnsMessage message, RecordType covered)
    {
        return message with { Answers = [.. message.Answers.Select(Spoil)], Authorities = [.. message.Authorities.Select(Spoil)] };

        ResourceRecord Spoil(ResourceRecord record) => record.Type == RecordType.RRSIG && RrsigData.ReadTypeCovered(record.Data) == covered
            ? record with { Data = new Octets((byte[])[.. record.Data.Span[..^1], (byte)(record.Data.Span[^1] ^ 1)]) }
            : record;
    }

    [Theory, Rfc(9276, "3.2")]
    [InlineData(false, 500)]
    [InlineData(true, 500)]
    [InlineData(false, 3000)]
    [InlineData(true, 3000)]
    public async Task Iterations_above_the_limit_make_nothing_insecure_below_a_signed_delegation(bool isDenial, int iterations)
    {
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("lab.") { Keys = { TestKeys.Get("lab") }, Nsec3 = new() { Iterations = (ushort)iterations } },
            new TestZone("child.lab.", "www 300 A 192.0.2.1") { Keys = { TestKeys.Get("child") } });
        world.Rewrite = (query, message) => query.Question.Name != Text.Name("www.child.lab.") ? message : message with
        {
            ResponseCode = isDenial ? ResponseCode.NameError : ResponseCode.NoError,
            Answers = isDenial || query.Question.Type == RecordType.DS ? [] : [Text.Record("www 300 A 192.0.2.66", Text.Name("child.lab."))],
            Authorities = [.. Soa(world), .. world["lab."].Sets.Where(set => set.Type == RecordType.NSEC3).SelectMany(set => set.Set.All)],
        };

        Assert.Equal(Security.Bogus, (await world.LookupAsync("www.child.lab.", RecordType.A)).Security);
    }

    [Theory, Rfc(9276, "3.2"), Rfc(5155, "10.3")]
    [InlineData(151, Security.Bogus)]
    [InlineData(2500, Security.Bogus)]
    [InlineData(2501, Security.Insecure)]
    public async Task Above_the_limit_records_that_do_not_deny_the_name_make_nothing_insecure_up_to_what_any_zone_may_have(int iterations, Security security)
    {
        // Genuine records of the zone, shown for a name that exists and has the type.
        var world = Lab("www 300 A 192.0.2.1", new() { Iterations = (ushort)iterations });
        world.Rewrite = (query, message) => query.Question != new Question(Text.Name("www.lab."), RecordType.A) ? message : message with
        {
            ResponseCode = ResponseCode.NameError, Answers = [], Authorities = [.. Soa(world), .. world["lab."].Sets.Where(set => set.Type == RecordType.NSEC3).SelectMany(set => set.Set.All)],
        };

        Assert.Equal(security, (await world.LookupAsync("www.lab.", RecordType.A)).Security);
    }

    [Theory, Rfc(9276, "3.2")]
    [InlineData(RecordType.DS)]
    [InlineData(RecordType.A)]
    public async Task Above_the_limit_a_signed_delegation_cannot_be_denied_its_DS(RecordType type)
    {
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("lab.") { Keys = { TestKeys.Get("lab") }, Nsec3 = new() { Iterations = 500 } },
            new TestZone("child.lab.") { Keys = { TestKeys.Get("child") } });
        world.Rewrite = (query, message) => query.Question.Name != Text.Name("child.lab.") ? message
            : query.Question.Type != RecordType.DS ? message.WithoutSignatures()
            : message with { Answers = [], Authorities = [.. Soa(world), .. world["lab."].Sets.Where(set => set.Type == RecordType.NSEC3).SelectMany(set => set.Set.All)] };

        Assert.Equal(Security.Bogus, (await world.LookupAsync("child.lab.", type)).Security);
    }

    [Fact, Rfc(9276, "3.2")]
    public async Task Iterations_above_the_limit_count_only_where_the_records_own_signature_stands()
    {
        var world = Lab("www 300 A 192.0.2.1", new() { Iterations = 500 });
        world.Rewrite = (_, message) => message with
        {
            Authorities = [.. message.Authorities.Select(record => record.Type == RecordType.RRSIG && RrsigData.ReadTypeCovered(record.Data) == RecordType.NSEC3 ? record with { Data = Flip(record.Data) } : record)],
        };

        var answer = await world.LookupAsync("missing.lab.", RecordType.A);

        Assert.Equal((Security.Bogus, LookupReason.SignatureInvalid), Verdict(answer));
    }

    [Theory, Rfc(5155, "8.1"), Rfc(5155, "8.2")]
    [InlineData(2, 0)]
    [InlineData(1, 2)]
    [InlineData(1, 0x80)]
    public async Task NSEC3_records_of_an_unknown_hash_or_with_unknown_flags_are_ignored(byte hash, byte flags)
    {
        var world = Lab("www 300 A 192.0.2.1", new());
        world["lab."].Spoil = records => Resigned(records, RecordType.NSEC3, data => Nsec3Data.TryRead(data, out var view) ? (view with { HashAlgorithm = hash, Flags = flags }).ToOctets() : data);
        world["lab."].Sign();

        Assert.Equal((Security.Bogus, LookupReason.DenialMissing), Verdict(await world.LookupAsync("missing.lab.", RecordType.A)));
    }

    [Fact, Rfc(4470, "4")]
    public async Task Minimal_spans_made_for_the_question_prove_as_well()
    {
        // "White lies": before and behind the name and the wildcard, nothing else.
        var world = Lab("www 300 A 192.0.2.1");
        world.Rewrite = (query, message) => query.Question.Name != Text.Name("miss.lab.") || query.Question.Type != RecordType.A ? message : message with
        {
            Authorities = [.. Soa(world), .. Nsec("misr~.lab.", "miss\\000.lab.", RecordType.RRSIG, RecordType.NSEC), .. Nsec("\\)~.lab.", "*\\000.lab.", RecordType.RRSIG, RecordType.NSEC)],
        };

        Assert.Equal((Security.Secure, LookupReason.ProvenNameError), Verdict(await world.LookupAsync("miss.lab.", RecordType.A)));
    }

    [Theory, Rfc(9824, "3.1")]
    [InlineData(ResponseCode.NoError, LookupReason.ProvenNameError)]
    [InlineData(ResponseCode.NameError, LookupReason.ProvenNameError)]
    public async Task Compact_denial_proves_that_there_is_nothing(ResponseCode code, LookupReason reason)
    {
        var world = Lab("www 300 A 192.0.2.1");
        world.Rewrite = (query, message) => query.Question.Name != Text.Name("miss.lab.") || query.Question.Type != RecordType.A ? message : message with
        {
            ResponseCode = code,
            Authorities = [.. Soa(world), .. Nsec("miss.lab.", "\\000.miss.lab.", RecordType.RRSIG, RecordType.NSEC, RecordType.NXNAME)],
        };

        Assert.Equal((Security.Secure, reason), Verdict(await world.LookupAsync("miss.lab.", RecordType.A)));
    }

    [Fact, Rfc(2308, "3")]
    public async Task A_denial_whose_SOA_does_not_verify_is_bogus()
    {
        var world = Lab("www 300 A 192.0.2.1");
        world.Rewrite = (_, message) => message with { Authorities = [.. message.Authorities.Select(record => record.Type == RecordType.SOA ? record with { Data = Flip(record.Data) } : record)] };

        Assert.Equal((Security.Bogus, LookupReason.SignatureInvalid), Verdict(await world.LookupAsync("missing.lab.", RecordType.A)));
    }

    [Fact, Rfc(2308, "3")]
    public async Task A_denial_from_which_the_SOA_was_taken_and_its_signature_left_is_bogus()
    {
        var world = Lab("www 300 A 192.0.2.1");
        world.Rewrite = (_, message) => message.WithoutAuthority(record => record.Type == RecordType.SOA);

        Assert.Equal((Security.Bogus, LookupReason.DenialMissing), Verdict(await world.LookupAsync("missing.lab.", RecordType.A)));
    }

    [Fact, Rfc(2308, "2.2"), Rfc(9077, "3")]
    public async Task A_denial_without_SOA_stands_and_is_kept_for_as_long_as_its_proof()
    {
        var world = StandardWorld.Create();
        world.Rewrite = (_, message) => message with
        {
            Authorities = [.. message.Authorities
                .Where(record => record.Type != RecordType.SOA && (record.Type != RecordType.RRSIG || RrsigData.ReadTypeCovered(record.Data) != RecordType.SOA))
                .Select(record => record.Type == RecordType.NSEC ? record with { TimeToLive = 77 } : record)],
        };

        var answer = await world.LookupAsync("missing.sec.nsec.", RecordType.A);

        Assert.Equal((Security.Secure, 77u), (answer.Security, answer.TimeToLive));
    }

    [Fact, Rfc(2308, "5")]
    public async Task A_denial_is_kept_for_the_smaller_of_SOA_minimum_and_TTL()
    {
        var world = new World(new TestZone(".", "www 300 A 192.0.2.1") { Keys = { TestKeys.Get("root-ksk") } });
        world.Rewrite = (_, message) => message with { Authorities = [.. message.Authorities.Select(record => record.Type == RecordType.SOA ? record with { TimeToLive = 120 } : record)] };

        Assert.Equal(120u, (await world.LookupAsync("missing.", RecordType.A)).TimeToLive);
    }

    [Fact, Rfc(4035, "5.4"), Rfc(4592, "2.1.2")]
    public async Task An_NSEC_record_made_from_a_wildcard_denies_nothing()
    {
        // The wildcard's own NSEC, given to a name that the wildcard stands for, as though the name had no address.
        var world = Lab("*.wild 300 A 192.0.2.1");
        var own = world["lab."].Find(Text.Name("*.wild.lab."), RecordType.NSEC)!;
        world.Rewrite = (query, message) => query.Question != new Question(Text.Name("a.wild.lab."), RecordType.TXT) ? message : message with
        {
            Answers = [], Authorities = [.. Soa(world), .. own.As(Text.Name("a.wild.lab.")).All],
        };

        Assert.Equal((Security.Bogus, LookupReason.DenialInvalid), Verdict(await world.LookupAsync("a.wild.lab.", RecordType.TXT)));
    }

    [Fact, Rfc(4034, "4.1.2")]
    public async Task A_signed_NSEC_record_with_a_malformed_bitmap_denies_nothing()
    {
        var world = Lab("www 300 A 192.0.2.1");
        world["lab."].Spoil = records => Resigned(records, RecordType.NSEC, data => new((byte[])[.. data.Span, 0, 0]));
        world["lab."].Sign();

        Assert.Equal((Security.Bogus, LookupReason.DenialInvalid), Verdict(await world.LookupAsync("missing.lab.", RecordType.A)));
    }

    [Fact, Rfc(4034, "4.1.1")]
    public async Task A_next_name_outside_the_zone_covers_nothing()
    {
        var world = Lab("www 300 A 192.0.2.1");
        world.Rewrite = (query, message) => query.Question.Type != RecordType.A ? message : message with
        {
            Authorities = [.. Soa(world), .. Nsec("a.lab.", "zz.", RecordType.A, RecordType.RRSIG, RecordType.NSEC), .. world["lab."].Find(Text.Name("lab."), RecordType.NSEC)!.All],
        };

        Assert.Equal((Security.Bogus, LookupReason.DenialInvalid), Verdict(await world.LookupAsync("nz.lab.", RecordType.A)));
    }

    [Fact, Rfc(5155, "3.1.7")]
    public async Task The_records_of_another_zone_below_prove_nothing_here()
    {
        // Somebody owns child.lab. and signs denials for its parent.
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("lab.", "www 300 A 192.0.2.1") { Keys = { TestKeys.Get("lab") } },
            new TestZone("child.lab.") { Keys = { TestKeys.Get("child") } });
        world.Rewrite = (query, message) => query.Question != new Question(Text.Name("www.lab."), RecordType.A) ? message : message with
        {
            ResponseCode = ResponseCode.NameError,
            Answers = [],
            Authorities = [.. Soa(world), .. Nsec("a.lab.", "zz.lab.", "child", "child.lab.", RecordType.A, RecordType.NSEC), .. Nsec("lab.", "a.lab.", "child", "child.lab.", RecordType.SOA, RecordType.NSEC)],
        };

        Assert.Equal(Security.Bogus, (await world.LookupAsync("www.lab.", RecordType.A)).Security);
    }

    [Fact, Rfc(4035, "5.4")]
    public async Task A_name_that_is_proven_to_exist_exists_whatever_the_response_code_says()
    {
        var world = Lab("www 300 A 192.0.2.1");
        world.Rewrite = (query, message) => query.Question.Type == RecordType.AAAA ? message with { ResponseCode = ResponseCode.NameError } : message;

        var answer = await world.LookupAsync("www.lab.", RecordType.AAAA);

        Assert.Equal((Security.Secure, LookupReason.ProvenNoData, ResponseCode.NoError), (answer.Security, answer.Reason, answer.ResponseCode!.Value));
    }

    private static (Security Security, LookupReason Reason) Verdict(Answer answer) => (answer.Security, answer.Reason);

    private static IEnumerable<ResourceRecord> Soa(World world) => world["lab."].Find(Text.Name("lab."), RecordType.SOA)!.All;

    private static IEnumerable<ResourceRecord> Nsec(string owner, string next, params RecordType[] types) => Nsec(owner, next, "lab", "lab.", types);

    private static IEnumerable<ResourceRecord> Nsec(string owner, string next, string key, string zone, params RecordType[] types)
    {
        var set = new RecordSet(Text.Name(owner), RecordType.NSEC, RecordClass.IN, 300, [new NsecData(Text.Name(next), TypeBitmap.Create(types)).ToOctets()]);
        return [.. set.Records, RecordSetSigner.Sign(set, TestKeys.Get(key), Text.Name(zone), TestZone.Validity)];
    }

    /// <summary>The zone with the records of one type altered and signed anew.</summary>
    private static IEnumerable<ResourceRecord> Resigned(IEnumerable<ResourceRecord> records, RecordType type, Func<Octets, Octets> alter)
    {
        foreach (var record in records)
        {
            if (record.Type == RecordType.RRSIG && RrsigData.ReadTypeCovered(record.Data) == type) continue;
            if (record.Type != type)
            {
                yield return record;
                continue;
            }

            var altered = record with { Data = alter(record.Data) };
            yield return altered;
            yield return RecordSetSigner.Sign(new(record.Owner, type, RecordClass.IN, record.TimeToLive, [altered.Data]), TestKeys.Get("lab"), Text.Name("lab."), TestZone.Validity);
        }
    }

    private static Octets Flip(Octets data)
    {
        var octets = data.ToArray();
        octets[^1] ^= 1;
        return new(octets);
    }

    private static World Lab(string records, Nsec3Options? nsec3 = null) => new(
        new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
        new TestZone("lab.", records) { Keys = { TestKeys.Get("lab") }, Nsec3 = nsec3 });
}
