using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Resolution;

/// <summary>DS and DNSKEY sets: which keys a delegation vouches for (RFC 4035 §5.2).</summary>
public class DelegationTests
{
    private static readonly SigningKey Key = TestKeys.Get("lab");

    [Theory, Rfc(4034, "5.1.4"), Rfc(4509, "2"), Rfc(6605, "2")]
    [InlineData(DigestAlgorithm.Sha1)]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha384)]
    public async Task Every_digest_that_is_supported_vouches_for_the_key(DigestAlgorithm digest)
    {
        var answer = await Lookup(zone => [Key.ToDs(zone.Apex, digest)]);

        Assert.Equal(Security.Secure, answer.Security);
        Assert.Equal(digest == DigestAlgorithm.Sha1 ? ["DNSSEC-SHA1"] : [], answer.Notes.Select(note => note.Code));
    }

    [Theory, Rfc(4509, "3")]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha384)]
    public async Task A_SHA1_digest_beside_a_better_one_vouches_for_nothing(DigestAlgorithm better)
    {
        var answer = await Lookup(zone => [Key.ToDs(zone.Apex, DigestAlgorithm.Sha1), TestKeys.Get("stranger").ToDs(zone.Apex, better)]);

        Assert.Equal((Security.Bogus, LookupReason.KeyDoesNotMatchDs, 9), (answer.Security, answer.Reason, (int)answer.ExtendedError!.Value.Code));
    }

    [Fact, Rfc(4509, "3")]
    public async Task A_SHA1_digest_counts_where_the_better_one_is_of_an_unknown_algorithm()
    {
        var answer = await Lookup(zone => [Key.ToDs(zone.Apex, DigestAlgorithm.Sha1), Ds(Key.ToDs(zone.Apex), algorithm: 200)]);

        Assert.Equal(Security.Secure, answer.Security);
    }

    // A SHA-256 digest is one of 32 octets: a registry that cut it, or wrote a SHA-1 digest under its number, has none.
    [Theory, Rfc(4509, "3"), Rfc(4509, "2.2"), Rfc(6605, "2")]
    [InlineData(DigestAlgorithm.Sha256, 20)]
    [InlineData(DigestAlgorithm.Sha256, 31)]
    [InlineData(DigestAlgorithm.Sha256, 48)]
    [InlineData(DigestAlgorithm.Sha384, 32)]
    [InlineData(DigestAlgorithm.Sha384, 0)]
    public async Task A_SHA1_digest_counts_beside_a_better_one_of_the_wrong_length(DigestAlgorithm better, int length)
    {
        var answer = await Lookup(zone => [Key.ToDs(zone.Apex, DigestAlgorithm.Sha1), OfLength(zone, better, length)]);
        Assert.Equal(Security.Secure, answer.Security);

        // By itself, or where SHA-1 is not accepted, it makes nothing insecure.
        Assert.Equal(Security.Bogus, (await Lookup(zone => [OfLength(zone, better, length)])).Security);
        Assert.Equal(Security.Bogus, (await Lookup(zone => [Key.ToDs(zone.Apex, DigestAlgorithm.Sha1), OfLength(zone, better, length)], options => options with { AcceptSha1 = false })).Security);

        // Beside one of the right length SHA-1 is ignored as ever.
        Assert.Equal(Security.Bogus, (await Lookup(zone => [Key.ToDs(zone.Apex, DigestAlgorithm.Sha1), OfLength(zone, better, length), TestKeys.Get("stranger").ToDs(zone.Apex)])).Security);

        static Octets OfLength(TestZone zone, DigestAlgorithm digest, int length)
        {
            Assert.True(DsData.TryRead(Key.ToDs(zone.Apex), out var ds));
            return (ds with { DigestType = (byte)digest, Digest = new(new byte[length]) }).ToOctets();
        }
    }

    [Fact, Rfc(9905, "2")]
    public async Task Without_SHA1_a_delegation_by_SHA1_alone_is_insecure()
    {
        var answer = await Lookup(zone => [Key.ToDs(zone.Apex, DigestAlgorithm.Sha1)], options => options with { AcceptSha1 = false });

        Assert.Equal((Security.Insecure, LookupReason.UnsupportedAlgorithms, 2), (answer.Security, answer.Reason, (int)answer.ExtendedError!.Value.Code));
    }

    [Theory, Rfc(4035, "5.2"), Rfc(6840, "5.2")]
    [InlineData(200, 2, 1)]
    [InlineData(3, 2, 1)]
    [InlineData(13, 200, 2)]
    [InlineData(13, 3, 2)]
    [InlineData(0, 0, 1)]
    public async Task A_delegation_of_which_nothing_is_supported_is_insecure(byte algorithm, byte digest, int extendedError)
    {
        var answer = await Lookup(zone => [Ds(Key.ToDs(zone.Apex), algorithm, digest)]);

        Assert.Equal((Security.Insecure, LookupReason.UnsupportedAlgorithms, extendedError), (answer.Security, answer.Reason, (int)answer.ExtendedError!.Value.Code));
        Assert.NotNull(answer.Records);
    }

    [Fact, Rfc(4035, "5.2")]
    public async Task One_supported_DS_among_unknown_ones_decides()
    {
        Assert.Equal(Security.Secure, (await Lookup(zone => [Ds(Key.ToDs(zone.Apex), algorithm: 200), Key.ToDs(zone.Apex), Ds(Key.ToDs(zone.Apex), digest: 200)])).Security);
        Assert.Equal(Security.Bogus, (await Lookup(zone => [Ds(Key.ToDs(zone.Apex), algorithm: 200), TestKeys.Get("stranger").ToDs(zone.Apex)])).Security);
    }

    [Theory, Rfc(4035, "5.2")]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public async Task A_digest_of_the_wrong_length_vouches_for_nothing(int length)
    {
        var answer = await Lookup(zone =>
        {
            Assert.True(DsData.TryRead(Key.ToDs(zone.Apex), out var ds));
            var digest = new byte[length];
            ds.Digest.Span[..Math.Min(length, 32)].CopyTo(digest);
            return [(ds with { Digest = new(digest) }).ToOctets()];
        });

        Assert.Equal((Security.Bogus, LookupReason.KeyDoesNotMatchDs), (answer.Security, answer.Reason));
    }

    [Fact, Rfc(6840, "5.11")]
    public async Task An_algorithm_in_the_DS_set_that_the_zone_does_not_sign_with_is_a_note()
    {
        var answer = await Lookup(zone => [Key.ToDs(zone.Apex), TestKeys.Get("other", SecurityAlgorithm.Ed25519).ToDs(zone.Apex)]);

        Assert.Equal(Security.Secure, answer.Security);
        var note = Assert.Single(answer.Notes);
        Assert.Equal("DNSSEC-ALGORITHM-UNUSED", note.Code);
        Assert.Equal(Text.Name("lab."), note.Zone);
    }

    [Fact, Rfc(6840, "5.11")]
    public async Task A_zone_with_two_algorithms_needs_only_one_good_signature()
    {
        var world = Lab(null, TestKeys.Get("lab"), TestKeys.Get("second", SecurityAlgorithm.Ed25519));
        world.Rewrite = (query, message) => message with
        {
            Answers = message.Answers.RemoveAll(record => record.Type == RecordType.RRSIG && RrsigData.TryRead(record.Data, out var signature) && signature.Algorithm == 15),
        };

        Assert.Equal(Security.Secure, (await world.LookupAsync("www.lab.", RecordType.A)).Security);
    }

    [Fact, Rfc(4034, "2.1.1")]
    public async Task The_SEP_flag_is_not_asked_for()
    {
        var key = TestKeys.Get("plain", flags: DnskeyFlags.Zone);

        Assert.Equal(Security.Secure, (await Lab(null, key).LookupAsync("www.lab.", RecordType.A)).Security);
    }

    [Theory]
    [InlineData(0x0001, 3, 11)]
    [InlineData(0x0181, 3, 6)]
    [InlineData(0x0101, 2, 6)]
    [Rfc(4034, "2.1.1"), Rfc(4034, "2.1.2"), Rfc(5011, "2.1")]
    public async Task A_key_that_is_no_zone_key_or_revoked_or_of_another_protocol_validates_nothing(int flags, byte protocol, int extendedError)
    {
        // The DS fits the odd key, and the key has signed its set and the rest of the zone.
        var world = OddKeyWorld((ushort)flags, protocol);

        var answer = await world.LookupAsync("www.lab.", RecordType.A);

        Assert.Equal((Security.Bogus, LookupReason.KeyUnfit, extendedError), (answer.Security, answer.Reason, (int)answer.ExtendedError!.Value.Code));
    }

    [Fact, Rfc(6605, "4")]
    public async Task A_key_that_is_no_public_key_of_its_algorithm_is_told_as_what_is_wrong()
    {
        var world = OddKeyWorld(0x0101, 3, Key.PublicKey.Slice(0, 40));

        var answer = await world.LookupAsync("www.lab.", RecordType.A);

        Assert.Equal((Security.Bogus, LookupReason.KeyUnfit), (answer.Security, answer.Reason));
        Assert.Contains("is by a key that is no public key of its algorithm (RFC 6605 §4)", answer.Explanation, StringComparison.Ordinal);
    }

    [Fact, Rfc(4035, "5.2")]
    public async Task The_same_world_with_an_ordinary_key_is_secure() =>
        Assert.Equal(Security.Secure, (await OddKeyWorld(0x0101, 3).LookupAsync("www.lab.", RecordType.A)).Security);

    [Fact, Rfc(4035, "5.2")]
    public async Task A_delegated_zone_without_keys_is_bogus()
    {
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("lab.", "www 300 A 192.0.2.1") { Delegation = zone => [Key.ToDs(zone.Apex)] });

        var answer = await world.LookupAsync("www.lab.", RecordType.A);

        Assert.Equal((Security.Bogus, LookupReason.KeyMissing, 9), (answer.Security, answer.Reason, (int)answer.ExtendedError!.Value.Code));
    }

    [Fact, Rfc(4035, "5.2")]
    public async Task A_key_set_signed_only_by_a_key_that_the_DS_does_not_name_is_bogus()
    {
        var world = Lab(zone => [Key.ToDs(zone.Apex)], Key, TestKeys.Get("second"));
        world.Rewrite = (query, message) => query.Question.Type != RecordType.DNSKEY || query.Question.Name.IsRoot ? message : message with
        {
            Answers = message.Answers.RemoveAll(record => record.Type == RecordType.RRSIG && RrsigData.TryRead(record.Data, out var signature) && signature.KeyTag == Key.KeyTag),
        };

        var answer = await world.LookupAsync("www.lab.", RecordType.A);

        Assert.Equal((Security.Bogus, LookupReason.KeySetUnsigned, 10), (answer.Security, answer.Reason, (int)answer.ExtendedError!.Value.Code));
    }

    [Fact, Rfc(4035, "5.2")]
    public async Task A_key_with_the_tag_of_the_DS_and_another_digest_is_not_vouched_for()
    {
        var (named, served) = TestKeys.Colliding();

        var answer = await Lab(zone => [named.ToDs(zone.Apex)], served).LookupAsync("www.lab.", RecordType.A);

        Assert.Equal((Security.Bogus, LookupReason.KeyDoesNotMatchDs), (answer.Security, answer.Reason));
    }

    [Fact, Rfc(4035, "5.3.1")]
    public async Task Of_keys_with_one_tag_each_is_tried()
    {
        var (first, second) = TestKeys.Colliding();
        var world = Lab(null, first, second);
        world.Rewrite = (query, message) => query.Question.Type != RecordType.A ? message : message with
        {
            // Only the signature of the key that stands behind in the set.
            Answers = [.. message.Answers.Where(record => record.Type != RecordType.RRSIG), RecordSetSigner.Sign(new(Text.Name("www.lab."), RecordType.A, RecordClass.IN, 300, [new(new byte[] { 192, 0, 2, 1 })]), Last(world, first, second), Text.Name("lab."), TestZone.Validity)],
        };

        Assert.Equal(Security.Secure, (await world.LookupAsync("www.lab.", RecordType.A)).Security);
    }

    [Fact]
    public async Task An_odd_RSA_modulus_among_the_keys_harms_nobody()
    {
        // A prime as modulus, and other octets that are no key.
        var world = Lab(null, Key);
        world["lab."].Spoil = null;
        byte[][] odd = [[0x01, 0x00, 0x03, 0x08], [0x01, 0x01, 0x03, 0x08, 3, 1, 0, 1, .. Enumerable.Repeat((byte)0xFF, 128)], [0x01, 0x01, 0x03, 13, 1, 2, 3]];
        foreach (var data in odd) world["lab."].Add(new ResourceRecord(Text.Name("lab."), RecordType.DNSKEY, RecordClass.IN, 3600, new(data)));
        world["lab."].Sign();

        Assert.Equal(Security.Secure, (await world.LookupAsync("www.lab.", RecordType.A)).Security);
    }

    private static SigningKey Last(World world, SigningKey first, SigningKey second)
    {
        var data = world["lab."].Find(Text.Name("lab."), RecordType.DNSKEY)!.Records[^1].Data;
        return data == first.ToDnskey() ? first : second;
    }

    private static World OddKeyWorld(ushort flags, byte protocol, Octets? publicKey = null)
    {
        var data = new DnskeyData(flags, protocol, (byte)Key.Algorithm, publicKey ?? Key.PublicKey);
        var odd = data.ToOctets();
        return new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("lab.", "www 300 A 192.0.2.1")
            {
                Keys = { Key },
                Delegation = zone => [DelegationSigner.Create(zone.Apex, odd, DigestAlgorithm.Sha256)],
                Spoil = records => records.Where(record => record.Type != RecordType.RRSIG).Select(record => record.Type == RecordType.DNSKEY ? record with { Data = odd } : record)
                    .GroupBy(record => (record.Owner, record.Type)).SelectMany(set => set.Append(Signature([.. set], data.KeyTag()))),
            });
    }

    private static ResourceRecord Signature(List<ResourceRecord> set, ushort tag)
    {
        var unsigned = new RrsigData(set[0].Type, (byte)Key.Algorithm, (byte)set[0].Owner.LabelCount, set[0].TimeToLive, TestZone.Validity.ExpirationSeconds, TestZone.Validity.InceptionSeconds, tag, Text.Name("lab."), default);
        return new(set[0].Owner, RecordType.RRSIG, RecordClass.IN, set[0].TimeToLive, (unsigned with { Signature = new(Key.Sign(RawSigning.Octets(unsigned, set))) }).ToOctets());
    }

    private static Octets Ds(Octets data, byte? algorithm = null, byte? digest = null)
    {
        Assert.True(DsData.TryRead(data, out var ds));
        return (ds with { Algorithm = algorithm ?? ds.Algorithm, DigestType = digest ?? ds.DigestType }).ToOctets();
    }

    private static World Lab(Func<TestZone, IEnumerable<Octets>>? delegation, params SigningKey[] keys) => new(
        new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
        new TestZone("lab.", "www 300 A 192.0.2.1") { Keys = [.. keys], Delegation = delegation });

    private static async Task<Answer> Lookup(Func<TestZone, IEnumerable<Octets>> delegation, Func<ResolverOptions, ResolverOptions>? change = null)
    {
        var world = Lab(delegation, Key);
        return await world.LookupAsync("www.lab.", RecordType.A, change?.Invoke(world.Options));
    }
}
