using System.Diagnostics;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;
using ZoneKeys = Danelaw.Dnssec.Validation.ZoneKeys;

namespace Danelaw.Dnssec.Tests.Resolution;

/// <summary>Zones that want to cost: each limit ends the work, and the verdict says so.</summary>
[Collection("Alone")]
public class LimitTests
{
    [Fact]
    public async Task KeyTrap_many_keys_of_one_tag_and_many_signatures_cost_a_few_checks()
    {
        // CVE-2023-50387: 79 keys of one tag, 80 signatures by it over one RRset.
        var world = KeyTrap(keys: 79, signatures: 80);
        var start = Stopwatch.GetTimestamp();

        var answer = await world.LookupAsync("www.lab.", RecordType.A);

        Assert.Equal((Security.Indeterminate, LookupReason.LimitReached, 5), (answer.Security, answer.Reason, (int)answer.ExtendedError!.Value.Code));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Of_one_tag_four_keys_are_tried_and_no_more()
    {
        var (set, keys) = Trap(keys: 79, signatures: 80);
        var work = new Work(Limits.Default);

        var check = SignatureChecker.Check(set, keys, new() { Anchors = TrustAnchors.None }, TestZone.Now, work);

        Assert.Equal((true, 4), (check.IsOverLimit, work.Signatures));
    }

    [Fact]
    public void Of_one_RRset_eight_signatures_are_tried_and_no_more()
    {
        var (set, keys) = Trap(keys: 1, signatures: 80);
        var work = new Work(Limits.Default);

        var check = SignatureChecker.Check(set, keys, new() { Anchors = TrustAnchors.None }, TestZone.Now, work);

        Assert.Equal((true, 8), (check.IsOverLimit, work.Signatures));
    }

    [Fact]
    public void Failed_checks_of_one_lookup_are_counted_over_all_its_RRsets()
    {
        var work = new Work(Limits.Default);
        for (var i = 0; i < 5; i++)
        {
            var (set, keys) = Trap(keys: 4, signatures: 1);
            SignatureChecker.Check(set, keys, new() { Anchors = TrustAnchors.None }, TestZone.Now, work);
        }

        Assert.Equal((16, 16), (work.Signatures, work.FailedSignatures));
    }

    [Fact]
    public void Each_good_check_pays_for_one_that_fails()
    {
        var work = new Work(new() { FailedSignatures = 2, Signatures = 7 });

        Assert.Equal([true, true, true, true, false], ((bool[])[false, true, true, true, true]).Select(fails => Take(work, fails)));
        Assert.Equal((4, 3), (work.Signatures, work.FailedSignatures));

        static bool Take(Work work, bool fails)
        {
            if (!work.TryTakeSignature()) return false;
            if (fails) work.CountFailedSignature();
            return true;
        }
    }

    [Theory, Rfc(4035, "5.3.1")]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Where_two_keys_have_one_tag_a_long_chain_of_aliases_is_followed_to_its_end(int signer)
    {
        // Whichever of the two signs alone, for one of them each set costs a check that fails.
        var (first, second) = TestKeys.Colliding();
        var world = Aliases(16, first, second);
        world["lab."].Spoil = records => records.Where(record => record.Type != RecordType.RRSIG)
            .Concat(records.Where(record => record.Type == RecordType.RRSIG).GroupBy(record => (record.Owner, RrsigData.ReadTypeCovered(record.Data))).Select(set => set.ElementAt(signer)));
        world["lab."].Sign();

        Assert.Equal(Security.Secure, (await world.LookupAsync("n0.lab.", RecordType.A)).Security);
    }

    [Fact, Rfc(4035, "5.3.3")]
    public async Task With_a_bad_signature_before_every_good_one_a_long_chain_of_aliases_is_followed_to_its_end()
    {
        var world = Aliases(16);
        world["lab."].Spoil = records => records.SelectMany(record => record.Type == RecordType.RRSIG ? (ResourceRecord[])[record with { Data = Flip(record.Data) }, record] : [record]);
        world["lab."].Sign();

        Assert.Equal(Security.Secure, (await world.LookupAsync("n0.lab.", RecordType.A)).Security);
    }

    [Fact]
    public async Task Good_signatures_are_counted_too()
    {
        var world = StandardWorld.Create();

        var answer = await world.LookupAsync("www.sec.nsec.", RecordType.A, world.Options with { Limits = new() { Signatures = 3 } });

        Assert.Equal((Security.Indeterminate, LookupReason.LimitReached), (answer.Security, answer.Reason));
    }

    [Fact]
    public async Task A_DS_set_with_many_digests_of_one_tag_costs_a_few_digests()
    {
        var key = TestKeys.Get("lab");
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("lab.", "www 300 A 192.0.2.1") { Keys = { key }, Delegation = _ => Enumerable.Range(0, 1000).Select(i => new DsData(key.KeyTag, (byte)key.Algorithm, 2, new(Digest(i))).ToOctets()) });

        Assert.Equal((Security.Indeterminate, LookupReason.LimitReached), Verdict(await world.LookupAsync("www.lab.", RecordType.A)));
    }

    [Fact]
    public async Task A_denial_of_many_records_is_not_looked_through()
    {
        var world = StandardWorld.Create();
        world.Rewrite = (query, message) => query.Question.Type != RecordType.A ? message : message with
        {
            Authorities = [.. Enumerable.Range(0, 60).SelectMany(i => Copy(message.Authorities, Text.Name($"n{i}.sec.nsec.")))],
        };

        var answer = await world.LookupAsync("missing.sec.nsec.", RecordType.A, world.Options with { Limits = new() { FailedSignatures = 1000, Signatures = 1000 } });

        Assert.Equal((Security.Indeterminate, LookupReason.LimitReached), Verdict(answer));
    }

    [Fact]
    public async Task A_long_chain_of_aliases_ends_at_the_limit()
    {
        // CNAME chains of 1,000: each name leads to the next.
        var world = Aliases(1000);

        var answer = await world.LookupAsync("n0.lab.", RecordType.A);

        Assert.Equal((Security.Indeterminate, LookupReason.AliasLoop), Verdict(answer));
    }

    [Theory]
    [InlineData(16, Security.Secure)]
    [InlineData(17, Security.Indeterminate)]
    public async Task As_many_aliases_as_allowed_are_followed(int aliases, Security security) =>
        Assert.Equal(security, (await Aliases(aliases).LookupAsync("n0.lab.", RecordType.A)).Security);

    [Fact]
    public async Task A_long_chain_of_delegations_ends_at_the_number_of_queries()
    {
        // A zone cut at each of 100 labels, each signed.
        var zones = new List<TestZone> { new(".") { Keys = { TestKeys.Get("root-ksk") } } };
        var name = ".";
        for (var i = 0; i < 100; i++) zones.Add(new(name = $"d{(name == "." ? "." : "." + name)}") { Keys = { TestKeys.Get("deep") } });
        var world = new World(zones);

        var answer = await world.LookupAsync(name, RecordType.SOA);

        Assert.Equal((Security.Indeterminate, LookupReason.LimitReached), Verdict(answer));
        Assert.Equal(Limits.Default.Queries, world.Queries.Count);
    }

    [Fact]
    public async Task No_query_is_sent_beyond_the_allowed_number()
    {
        var world = StandardWorld.Create();

        var answer = await world.LookupAsync("www.sec.nsec.", RecordType.A, world.Options with { Limits = new() { Queries = 3 } });

        Assert.Equal((Security.Indeterminate, LookupReason.LimitReached), Verdict(answer));
        Assert.Equal(3, world.Queries.Count);
    }

    [Fact]
    public async Task No_more_octets_are_taken_in_than_allowed()
    {
        var world = StandardWorld.Create();

        var answer = await world.LookupAsync("www.sec.nsec.", RecordType.A, world.Options with { Limits = new() { Bytes = 100 } });

        Assert.Equal((Security.Indeterminate, LookupReason.LimitReached), Verdict(answer));
    }

    [Fact, Rfc(9276, "3.2")]
    public async Task Costly_NSEC3_names_end_at_the_number_of_hashes()
    {
        // CVE-2023-50868: many labels below a zone with as many iterations as are allowed.
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("lab.", "www 300 A 192.0.2.1") { Keys = { TestKeys.Get("lab") }, Nsec3 = new() { Iterations = 150 } });
        var name = string.Concat(Enumerable.Repeat("a.", 100)) + "lab.";

        Assert.Equal((Security.Secure, LookupReason.ProvenNameError), Verdict(await world.LookupAsync(name, RecordType.A)));
        Assert.Equal((Security.Indeterminate, LookupReason.LimitReached), Verdict(await world.LookupAsync(name, RecordType.A, world.Options with { Limits = new() { Nsec3Hashes = 50 } })));
    }

    [Fact]
    public async Task A_message_full_of_signatures_and_records_is_judged_in_no_time()
    {
        // As many RRSIG records, RRsets and records as 64 KiB hold.
        var world = StandardWorld.Create();
        var signatures = Enumerable.Range(0, 400).Select(i => new ResourceRecord(Text.Name("www.sec.nsec."), RecordType.RRSIG, RecordClass.IN, 300, Signature(RecordType.A, TestKeys.Get("sec.nsec"), Text.Name("sec.nsec."), i)));
        var others = Enumerable.Range(0, 500).Select(i => new ResourceRecord(Text.Name($"x{i}.sec.nsec."), RecordType.A, RecordClass.IN, 300, new(new byte[] { 1, 2, 3, 4 })));
        world.Rewrite = (query, message) => query.Question.Type != RecordType.A ? message : message with
        {
            Answers = [.. message.Answers.Where(record => record.Type == RecordType.A), .. signatures, .. others],
        };
        var start = Stopwatch.GetTimestamp();

        Assert.Equal((Security.Indeterminate, LookupReason.LimitReached), Verdict(await world.LookupAsync("www.sec.nsec.", RecordType.A)));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2));
    }

    private static World Aliases(int count, params SigningKey[] keys) => new(
        new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
        new TestZone("lab.", string.Join('\n', Enumerable.Range(0, count).Select(i => $"n{i} 300 CNAME n{i + 1}")) + $"\nn{count} 300 A 192.0.2.1") { Keys = [.. keys.DefaultIfEmpty(TestKeys.Get("lab"))] });

    private static World KeyTrap(int keys, int signatures)
    {
        var key = TestKeys.Get("lab");
        var (set, trap) = Trap(keys, signatures);
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("lab.", "www 300 A 192.0.2.1") { Keys = { key } });
        foreach (var one in trap.Keys) world["lab."].Add(new ResourceRecord(Text.Name("lab."), RecordType.DNSKEY, RecordClass.IN, 3600, one.Data));
        world["lab."].Sign();
        world.Rewrite = (query, message) => query.Question.Type != RecordType.A ? message : message with
        {
            Answers = [.. message.Answers.Where(record => record.Type == RecordType.A), .. set.Signatures.Select(each => new ResourceRecord(set.Owner, RecordType.RRSIG, RecordClass.IN, 300, each.Signature.ToOctets()))],
        };
        return world;
    }

    /// <summary>RSA keys whose moduli have the same 16-bit words in another order have the same tag; signatures are noise.</summary>
    private static (SignedSet Set, ZoneKeys Keys) Trap(int keys, int signatures)
    {
        var random = new Random(1);
        var words = Enumerable.Range(0, 63).Select(_ => (ushort)random.Next(0x8000, 0x10000)).ToArray();
        var list = new List<ZoneKey>();
        for (var i = 0; i < keys; i++)
        {
            random.Shuffle(words);
            byte[] modulus = [.. words.SelectMany(word => new[] { (byte)(word >> 8), unchecked((byte)word) }), 0xFF, 0xFF];
            var data = new DnskeyData(256, 3, (byte)SecurityAlgorithm.RsaSha256, new((byte[])[3, 1, 0, 1, .. modulus]));
            list.Add(new(data.ToOctets(), data));
        }

        Assert.Single(list.Select(key => key.Tag).Distinct());
        var set = new SignedSet(Text.Name("www.lab."), RecordType.A);
        set.Add(new ResourceRecord(set.Owner, RecordType.A, RecordClass.IN, 300, new(new byte[] { 192, 0, 2, 1 })));
        for (var i = 0; i < signatures; i++)
        {
            var noise = new byte[128];
            random.NextBytes(noise);
            set.Add(new RrsigData(RecordType.A, (byte)SecurityAlgorithm.RsaSha256, 2, 300, TestZone.Validity.ExpirationSeconds, TestZone.Validity.InceptionSeconds, list[0].Tag, Text.Name("lab."), new(noise)), 300);
        }

        return (set, new(Text.Name("lab."), [.. list]));
    }

    private static Octets Signature(RecordType type, SigningKey key, DomainName zone, int seed)
    {
        var noise = new byte[64];
        new Random(seed).NextBytes(noise);
        return new RrsigData(type, (byte)key.Algorithm, 3, 300, TestZone.Validity.ExpirationSeconds, TestZone.Validity.InceptionSeconds, key.KeyTag, zone, new(noise)).ToOctets();
    }

    private static IEnumerable<ResourceRecord> Copy(IEnumerable<ResourceRecord> records, DomainName owner) => records.Where(record => record.Type is RecordType.NSEC or RecordType.RRSIG).Select(record => record with { Owner = owner });

    /// <summary>One bit of a signature turned.</summary>
    private static Octets Flip(Octets signature) => new((byte[])[.. signature.Span[..^1], (byte)(signature.Span[^1] ^ 1)]);

    private static byte[] Digest(int seed)
    {
        var digest = new byte[32];
        new Random(seed).NextBytes(digest);
        return digest;
    }

    private static (Security Security, LookupReason Reason) Verdict(Answer answer) => (answer.Security, answer.Reason);
}
