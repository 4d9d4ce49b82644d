using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Tracing;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Tracing;

/// <summary>What a trace tells of sound, insecure and broken chains; the worlds are the scripted ones.</summary>
public class ChainTraceTests
{
    private readonly World _world = StandardWorld.Create();

    private async Task<ChainTrace> TraceAsync(string name, RecordType type, ResolverOptions? options = null) =>
        await _world.Resolver(options).TraceAsync(Text.Name(name), type, TestContext.Current.CancellationToken);

    [Fact, Rfc(4035, "5")]
    public async Task A_sound_chain_is_told_from_the_anchor_to_the_answer()
    {
        var trace = await TraceAsync("www.sec.nsec.", RecordType.A);

        Assert.Equal((Security.Secure, null), (trace.Answer.Security, trace.End));
        Assert.Equal([".", "nsec.", "sec.nsec."], trace.Zones.Select(zone => zone.Zone.ToString()));
        Assert.All(trace.Zones, zone => Assert.Equal(Security.Secure, zone.Security));
        Assert.True(trace.Zones[0].IsAnchor);
        Assert.Null(trace.Zones[0].Parent);
        Assert.Equal("nsec.", trace.Zones[2].Parent.ToString());
        Assert.All(trace.Zones.Skip(1), zone => Assert.True(zone.DelegationSet!.IsSigned && zone.DelegationSigners.Any(ds => ds.State == DelegationSignerState.Matches)));
        Assert.All(trace.Zones, zone => Assert.True(zone.KeySet!.IsSigned && zone.Keys.Any(key => key is { IsTrusted: true, SignsKeys: true })));
        var step = Assert.Single(trace.Steps);
        Assert.True(step.Set!.IsSigned);
        Assert.Equal((28.0, 21.0), ((step.Set.Signatures[0].Expiration - step.Set.Signatures[0].Inception).TotalDays, (step.Set.Signatures[0].Expiration - trace.Now).TotalDays));
        Assert.All(trace.Replies, reply => Assert.Equal("192.0.2.1:53", reply.Server));
    }

    [Fact, Rfc(4034, "2.1.1")]
    public async Task Keys_are_told_with_role_and_size()
    {
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("split.", "www 300 A 192.0.2.80") { Keys = { TestKeys.Get("split"), TestKeys.Get("split", flags: DnskeyFlags.Zone) }, Delegation = zone => [TestKeys.Get("split").ToDs(zone.Apex)] });
        var trace = await world.Resolver().TraceAsync(Text.Name("www.split."), RecordType.A, TestContext.Current.CancellationToken);

        Assert.Equal([KeyRole.KeySigning, KeyRole.ZoneSigning], trace.Zones[1].Keys.OrderByDescending(key => key.Flags).Select(key => key.Role));
        var key = Assert.Single(trace.Zones[0].Keys);
        Assert.Equal((KeyRole.Combined, 256, SecurityAlgorithm.EcdsaP256Sha256), (key.Role, key.Bits, key.Algorithm));
    }

    [Fact]
    public async Task Of_many_keys_those_that_the_chain_rests_on_are_told_and_the_others_counted()
    {
        var zone = new TestZone("many.", "www 300 A 192.0.2.80") { Delegation = zone => [TestKeys.Get("many").ToDs(zone.Apex)] };
        for (var i = 0; i < 44; i++) zone.Keys.Add(TestKeys.Get($"many-{i}", flags: DnskeyFlags.Zone));
        zone.Keys.Add(TestKeys.Get("many"));
        var trace = await new World(new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } }, zone).Resolver().TraceAsync(Text.Name("www.many."), RecordType.A, TestContext.Current.CancellationToken);

        Assert.Equal(Security.Secure, trace.Answer.Security);
        Assert.Equal((32, 13), (trace.Zones[1].Keys.Length, trace.Zones[1].KeysLeftOut));
        Assert.Equal((TestKeys.Get("many").KeyTag, true, true), (trace.Zones[1].Keys[0].Tag, trace.Zones[1].Keys[0].IsTrusted, trace.Zones[1].Keys[0].SignsKeys));
        Assert.Single(trace.Zones[1].Keys, key => key.IsTrusted);
    }

    [Theory]
    [InlineData(SecurityAlgorithm.RsaSha256, 1024)]
    [InlineData(SecurityAlgorithm.EcdsaP384Sha384, 384)]
    [InlineData(SecurityAlgorithm.Ed25519, 256)]
    [InlineData(SecurityAlgorithm.Ed448, 456)]
    public void The_size_of_a_key_is_that_of_its_modulus_or_curve(SecurityAlgorithm algorithm, int bits) =>
        Assert.Equal(bits, KeySize.BitsOf(algorithm, TestKeys.Get("size", algorithm).PublicKey.Span));

    /// <summary>A span that ends at another name than the apex does not go round, for whoever tells as for the judge.</summary>
    [Fact, Rfc(4034, "4.1.1")]
    public async Task An_NSEC_record_is_told_to_cover_a_name_only_where_the_judge_would_have_it_so()
    {
        var (owner, next) = (Text.Name("b.a.sec.nsec."), Text.Name("a.sec.nsec."));
        var odd = new ResourceRecord(owner, RecordType.NSEC, RecordClass.IN, 300, new NsecData(next, TypeBitmap.Create(RecordType.A)).ToOctets());
        _world.Rewrite = (query, message) => query.Question.Name == Text.Name("zz.sec.nsec.") ? message with { Authorities = message.Authorities.Insert(0, odd) } : message;

        var trace = await TraceAsync("zz.sec.nsec.", RecordType.A);

        var records = Assert.Single(trace.Steps).Denial!.Records;
        Assert.Null(records.Single(record => record.Owner == owner.ToString()).Covers);
        Assert.Contains(records, record => record.Covers is { } covers && covers.Equals(Text.Name("zz.sec.nsec.")));
    }

    [Theory, Rfc(3110, "2")]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0000")]
    [InlineData("05aabb")]
    [InlineData("01030000")]
    public void A_key_that_is_cut_has_no_size(string hex) => Assert.Equal(0, KeySize.BitsOf(SecurityAlgorithm.RsaSha256, Convert.FromHexString(hex)));

    [Fact, Rfc(8914, "4.8")]
    public async Task An_expired_signature_is_where_the_chain_breaks()
    {
        var trace = await _world.Resolver(now: TestZone.Now.AddDays(30)).TraceAsync(Text.Name("www.sec.nsec."), RecordType.A, TestContext.Current.CancellationToken);

        // The root's key set is the first that has expired: everything above the break is told, and the answer that came too.
        Assert.Equal((LookupReason.SignatureExpired, RecordType.DNSKEY, ".", true, (ushort?)7), (trace.End!.Reason, trace.End.Type, trace.End.Name.ToString(), trace.End.IsBreak, trace.End.Code));
        Assert.Equal("RFC 4035 §5.3.1", trace.End.Rule);
        Assert.Equal("192.0.2.1:53", trace.End.Server);
        Assert.NotNull(trace.End.KeyTag);
        Assert.Contains("anew", trace.End.Mend, StringComparison.Ordinal);
        Assert.Equal(Security.Bogus, trace.Zones[0].Security);
        Assert.All(trace.Zones[0].KeySet!.Signatures, signature => Assert.Equal(LookupReason.SignatureExpired, signature.State));
    }

    [Fact, Rfc(4035, "5.2")]
    public async Task A_DS_that_no_key_fits_is_told_as_such()
    {
        var sec = TestKeys.Get("sec.nsec");
        var other = TestKeys.Get("another");
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("nsec.") { Keys = { TestKeys.Get("nsec") } },
            new TestZone("sec.nsec.", "www 300 A 192.0.2.80") { Keys = { sec }, Delegation = zone => [other.ToDs(zone.Apex)] });
        var trace = await world.Resolver().TraceAsync(Text.Name("www.sec.nsec."), RecordType.A, TestContext.Current.CancellationToken);

        Assert.Equal((LookupReason.KeyDoesNotMatchDs, RecordType.DNSKEY, "sec.nsec.", (ushort?)9), (trace.End!.Reason, trace.End.Type, trace.End.Name.ToString(), trace.End.Code));
        var zone = trace.Zones[2];
        Assert.Equal((Security.Bogus, DelegationSignerState.NoKey), (zone.Security, zone.DelegationSigners[0].State));
        Assert.True(zone.DelegationSet!.IsSigned);
        Assert.False(Assert.Single(zone.Keys).IsTrusted);
        Assert.True(zone.Keys[0].SignsKeys);
        Assert.Equal(trace.Answer.Failure!.Mend, trace.End.Mend);
    }

    [Fact, Rfc(4034, "5.1.4")]
    public async Task A_DS_with_a_wrong_digest_is_told_apart_from_one_without_a_key()
    {
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("bad.", "www 300 A 192.0.2.80") { Keys = { TestKeys.Get("bad") }, Delegation = zone => [Flipped(TestKeys.Get("bad").ToDs(zone.Apex))] });
        var trace = await world.Resolver().TraceAsync(Text.Name("www.bad."), RecordType.A, TestContext.Current.CancellationToken);

        Assert.Equal(DelegationSignerState.WrongDigest, trace.Zones[1].DelegationSigners[0].State);

        static Dns.Octets Flipped(Dns.Octets data)
        {
            var octets = data.ToArray();
            octets[^1] ^= 1;
            return new(octets);
        }
    }

    [Theory, Rfc(4035, "5.2"), Rfc(5155, "8.6")]
    [InlineData("www.uns.nsec.", "uns.nsec.", LookupReason.InsecureDelegation, false)]
    [InlineData("www.uns.hash.", "uns.hash.", LookupReason.InsecureDelegation, false)]
    [InlineData("www.uns.opt.", "uns.opt.", LookupReason.OptOut, true)]
    public async Task An_insecure_delegation_is_told_with_its_proof(string name, string zone, LookupReason reason, bool isOptOut)
    {
        var trace = await TraceAsync(name, RecordType.A);

        Assert.Equal((Security.Insecure, reason, false, zone), (trace.Answer.Security, trace.End!.Reason, trace.End.IsBreak, trace.End.Name.ToString()));
        var cut = Assert.Single(trace.Zones, one => one.Security == Security.Insecure);
        Assert.Equal(zone, cut.Zone.ToString());
        Assert.Equal((true, isOptOut), (cut.Denial!.IsProven, cut.Denial.IsOptOut));
        Assert.NotEmpty(cut.Denial.Records);
        Assert.All(cut.Denial.Records, record => Assert.True(record.Set.IsSigned));
        Assert.Contains(cut.Denial.Records, record => record.Matches is { } matches && matches.Equals(cut.Zone) || record.Covers is { } covers && covers.Equals(cut.Zone));
    }

    [Theory, Rfc(5155, "8.4"), Rfc(4035, "5.4")]
    [InlineData("a.b.missing.sec.nsec.", "sec.nsec.")]
    [InlineData("a.b.missing.sec.hash.", "sec.hash.")]
    public async Task A_denial_names_the_closest_encloser_and_what_each_record_covers(string name, string zone)
    {
        var trace = await TraceAsync(name, RecordType.A);

        var denial = Assert.Single(trace.Steps).Denial!;
        Assert.True(denial is { IsProven: true, IsNameError: true });
        Assert.Equal(zone, denial.ClosestEncloser.ToString());
        Assert.Contains(denial.Records, record => record.Covers is { } covers && Text.Name(name).IsAtOrBelow(covers));
        Assert.Contains(denial.Records, record => record.Covers is { } covers && covers.Equals(Text.Name("*." + zone)) || record.Covers is not null && record.Matches is not null);
    }

    [Fact, Rfc(4035, "5.3.4")]
    public async Task A_wildcard_is_told_with_the_proof_that_no_closer_name_exists()
    {
        var trace = await TraceAsync("x.wild.sec.nsec.", RecordType.A);

        var step = Assert.Single(trace.Steps);
        Assert.True(step.Set!.Signatures[0].IsExpanded);
        Assert.True(step.Denial!.IsProven);
        Assert.Equal("x.wild.sec.nsec.", step.Denial.Name.ToString());
    }

    /// <summary>Anybody can add a signature that says anything; which wildcard it was the valid one tells (RFC 4035 §5.3.2).</summary>
    [Fact, Rfc(4035, "5.3.2")]
    public async Task A_forged_signature_of_fewer_labels_leads_no_trace_to_the_proof_of_another_name()
    {
        _world.Rewrite = (query, message) => query.Question.Type != RecordType.A ? message : message with
        {
            Answers = [.. message.Answers, .. message.Answers.Where(record => record.Type == RecordType.RRSIG).Select(record => RrsigData.TryRead(record.Data, out var signature) ? record with { Data = (signature with { Labels = 1 }).ToOctets() } : record)],
        };
        var trace = await TraceAsync("x.wild.sec.nsec.", RecordType.A);

        Assert.Equal(Security.Secure, trace.Answer.Security);
        var step = Assert.Single(trace.Steps);
        Assert.Equal([true, false], step.Set!.Signatures.Select(signature => signature.IsValid));
        Assert.Equal(("x.wild.sec.nsec.", true), (step.Denial!.Name.ToString(), step.Denial.IsProven));
    }

    [Fact, Rfc(8914, "4.13")]
    public async Task A_denial_without_proof_is_where_the_chain_breaks()
    {
        _world.Rewrite = (query, message) => query.Question.Type == RecordType.TLSA ? message with { Authorities = [] } : message;
        var trace = await TraceAsync("nothing.sec.nsec.", RecordType.TLSA);

        Assert.Equal((LookupReason.DenialMissing, (ushort?)12, "nothing.sec.nsec."), (trace.End!.Reason, trace.End.Code, trace.End.Name.ToString()));
        var step = Assert.Single(trace.Steps);
        Assert.Equal((Security.Bogus, false), (step.Security, step.Denial!.IsProven));
        Assert.Empty(step.Denial.Records);
        Assert.All(trace.Zones, zone => Assert.Equal(Security.Secure, zone.Security));
    }

    /// <summary>The zone says by its SOA that it is it that denies: the name is none of a zone's.</summary>
    [Theory, Rfc(4035, "5.4")]
    [InlineData("nope.sec.nsec.", "sec.nsec.")]
    [InlineData("a.nope.sec.hash.", "sec.hash.")]
    public async Task A_zone_that_proves_nothing_of_a_name_lacks_a_denial_and_the_name_is_no_zone(string name, string zone)
    {
        _world.Rewrite = (query, message) => query.Question.Name.IsAtOrBelow(Text.Name("nope." + zone)) ? message with { Authorities = [.. message.Authorities.Where(record => record.Type == RecordType.SOA)] } : message;
        var trace = await TraceAsync(name, RecordType.A);

        Assert.Equal((LookupReason.DenialMissing, (ushort?)12, name, zone), (trace.End!.Reason, trace.End.Code, trace.End.Name.ToString(), trace.End.Zone.ToString()));
        Assert.DoesNotContain(trace.Zones, one => one.Zone.IsBelow(Text.Name(zone)));
        Assert.All(trace.Zones, one => Assert.Equal(Security.Secure, one.Security));
        Assert.Equal(name, Assert.Single(trace.Steps).Denial!.Name.ToString());
        Assert.Contains($"the name servers of {zone}", trace.End.Mend, StringComparison.Ordinal);
    }

    [Theory, Rfc(4035, "5.2")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_the_absence_of_DS_is_not_proven_the_zone_above_lacks_the_denial(bool isKnownToBeAZone)
    {
        _world.Rewrite = (query, message) => query.Question.Type == RecordType.DS && query.Question.Name == Text.Name("uns.nsec.") ? message with { Authorities = [] }
            : query.Question.Name.IsAtOrBelow(Text.Name("uns.nsec.")) ? message with { Authorities = isKnownToBeAZone ? [new(Text.Name("uns.nsec."), RecordType.NS, RecordClass.IN, 300, new NameData(Text.Name("ns.uns.nsec.")).ToOctets())] : [] } : message;
        var trace = await TraceAsync("www.uns.nsec.", RecordType.A);

        Assert.Equal((Security.Bogus, LookupReason.DelegationProofMissing, "uns.nsec.", RecordType.DS), (trace.Answer.Security, trace.End!.Reason, trace.End.Name.ToString(), trace.End.Type));
        Assert.Contains("the name servers of nsec.", trace.End.Mend, StringComparison.Ordinal);
        Assert.Equal(isKnownToBeAZone, trace.Zones.Any(zone => zone.Zone == Text.Name("uns.nsec.")));
        if (isKnownToBeAZone) return;
        Assert.Equal((new Question(Text.Name("uns.nsec."), RecordType.DS), "nsec.", Security.Bogus), (trace.Steps[0].Question, trace.Steps[0].Zone.ToString(), trace.Steps[0].Security));
        Assert.False(trace.Steps[0].Denial!.IsProven);
        Assert.Equal("www.uns.nsec.", trace.Steps[1].Question.Name.ToString());
    }

    [Fact, Rfc(4035, "5.2")]
    public async Task An_unsigned_child_below_a_DS_is_told_as_one_without_keys()
    {
        _world.Rewrite = (query, message) => query.Question.Name.Equals(Text.Name("sec.nsec.")) && query.Question.Type == RecordType.DNSKEY ? message with { Answers = [] } : message;
        var trace = await TraceAsync("www.sec.nsec.", RecordType.A);

        Assert.Equal((LookupReason.KeyMissing, "sec.nsec.", RecordType.DNSKEY), (trace.End!.Reason, trace.End.Name.ToString(), trace.End.Type));
        Assert.Null(trace.Zones[2].KeySet);
        Assert.Equal(DelegationSignerState.NotCompared, trace.Zones[2].DelegationSigners[0].State);
    }

    [Fact]
    public async Task An_alias_across_zones_is_told_step_by_step()
    {
        var trace = await TraceAsync("across.sec.nsec.", RecordType.A);

        Assert.Equal(["across.sec.nsec.", "www.sec.opt."], trace.Steps.Select(step => step.Question.Name.ToString()));
        Assert.Equal("www.sec.opt.", trace.Steps[0].Target.ToString());
        Assert.Equal(["sec.nsec.", "sec.opt."], trace.Steps.Select(step => step.Zone.ToString()));
        Assert.Equal([".", "nsec.", "sec.nsec.", "opt.", "sec.opt."], trace.Zones.OrderBy(zone => zone.Zone.ToString().Contains("opt") ? 1 : 0).Select(zone => zone.Zone.ToString()));
    }

    [Fact]
    public async Task A_broken_alias_target_is_the_step_that_is_bogus()
    {
        _world.Rewrite = (_, message) => message with { Answers = [.. message.Answers.Where(record => !(record.Type == RecordType.RRSIG && record.Owner.Equals(Text.Name("www.sec.opt."))))] };
        var trace = await TraceAsync("across.sec.nsec.", RecordType.A);

        Assert.Equal([Security.Secure, Security.Bogus], trace.Steps.Select(step => step.Security));
        Assert.Equal(LookupReason.SignatureMissing, trace.End!.Reason);
        Assert.Empty(trace.Steps[1].Set!.Signatures);
    }

    [Fact, Rfc(4035, "4.3")]
    public async Task Where_the_answer_fails_the_chain_above_it_is_told_all_the_same()
    {
        _world.Rewrite = (query, message) => query.Question.Type == RecordType.MX ? message with { ResponseCode = ResponseCode.ServerFailure, Answers = [], Authorities = [] } : message;
        var trace = await TraceAsync("sec.nsec.", RecordType.MX);

        Assert.Equal((LookupReason.ServerFailed, (ushort?)22), (trace.End!.Reason, trace.End.Code));
        Assert.Equal([".", "nsec.", "sec.nsec."], trace.Zones.Select(zone => zone.Zone.ToString()));
        Assert.All(trace.Zones, zone => Assert.Equal(Security.Secure, zone.Security));
        Assert.Contains("SERVFAIL", Assert.Single(trace.Steps).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resolver_that_is_down_is_asked_no_more_than_for_the_lookup()
    {
        _world.Outcome = _ => ExchangeOutcome.Unreachable;
        var trace = await TraceAsync("sec.nsec.", RecordType.MX);

        Assert.Equal(LookupReason.Unreachable, trace.End!.Reason);
        Assert.Empty(trace.Zones);
        Assert.Single(_world.Queries);
    }

    [Fact]
    public async Task A_trace_asks_anew_for_every_link_and_agrees_with_the_lookup()
    {
        var resolver = _world.Resolver();
        var answer = await resolver.LookupAsync(Text.Name("www.sec.nsec."), RecordType.A, TestContext.Current.CancellationToken);
        var trace = await resolver.TraceAsync(Text.Name("www.sec.nsec."), RecordType.A, TestContext.Current.CancellationToken);

        Assert.Equal((answer.Security, answer.Reason, answer.Explanation), (trace.Answer.Security, trace.Answer.Reason, trace.Answer.Explanation));
        Assert.Contains(trace.Replies, reply => reply.Question == new Question(Text.Name("sec.nsec."), RecordType.DNSKEY));
    }

    [Fact]
    public async Task Many_signatures_are_counted_and_not_all_told()
    {
        _world.Rewrite = (query, message) => query.Question.Type == RecordType.A && message.Answers.FirstOrDefault(record => record.Type == RecordType.RRSIG) is { Type: RecordType.RRSIG } one && RrsigData.TryRead(one.Data, out var data)
            ? message with { Answers = [.. message.Answers, .. Enumerable.Range(0, 100).Select(tag => one with { Data = (data with { KeyTag = (ushort)tag }).ToOctets() })] }
            : message;
        var trace = await TraceAsync("www.sec.nsec.", RecordType.A);

        var set = Assert.Single(trace.Steps).Set!;
        Assert.Equal((32, 69), (set.Signatures.Length, set.SignaturesLeftOut));
    }
}
