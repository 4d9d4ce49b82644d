using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Resolution;

/// <summary>What RFC 4035 §5.3 demands of a signature, rule by rule.</summary>
public class SignatureTests
{
    private static readonly DateTimeOffset Now = TestZone.Now;

    public static TheoryData<string, string, string, bool> Lives => new()
    {
        // inception, expiration, now, in force
        { "2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z", "2026-06-01T00:00:00Z", true },
        { "2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z", "2026-07-01T00:00:00Z", true },
        { "2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z", "2026-05-31T23:59:59Z", false },
        { "2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z", "2026-07-01T00:00:01Z", false },
        { "2026-06-01T00:00:00Z", "2040-06-01T00:00:00Z", "2026-06-15T00:00:00Z", true },
        { "2037-12-01T00:00:00Z", "2038-03-01T00:00:00Z", "2038-01-19T03:14:08Z", true },
        { "2038-02-01T00:00:00Z", "2038-03-01T00:00:00Z", "2038-01-19T03:14:07Z", false },
        { "2106-01-01T00:00:00Z", "2106-03-01T00:00:00Z", "2106-02-07T06:28:15Z", true },
        { "2106-01-01T00:00:00Z", "2106-03-01T00:00:00Z", "2106-02-07T06:28:16Z", true },
        { "2106-01-01T00:00:00Z", "2106-03-01T00:00:00Z", "2106-03-01T00:00:01Z", false },
        { "2106-02-10T00:00:00Z", "2106-03-01T00:00:00Z", "2106-02-07T06:28:15Z", false },
    };

    [Theory, Rfc(4034, "3.1.5"), Rfc(4035, "5.3.1"), Rfc(1982, "3.2")]
    [MemberData(nameof(Lives))]
    public async Task A_signature_is_in_force_from_its_inception_to_its_expiration_by_serial_arithmetic(string inception, string expiration, string now, bool isInForce)
    {
        var life = new SignatureValidity(DateTimeOffset.Parse(inception), DateTimeOffset.Parse(expiration));
        var world = new World(new TestZone(".", "www 300 A 192.0.2.1") { Keys = { TestKeys.Get("root-ksk") }, SignedFor = life });

        var answer = await world.LookupAsync("www.", RecordType.A, now: DateTimeOffset.Parse(now));

        Assert.Equal(isInForce ? Security.Secure : Security.Bogus, answer.Security);
    }

    [Fact, Rfc(8914, "4.8")]
    public async Task An_expired_signature_is_told_with_its_end()
    {
        var answer = await StandardWorld.Create().LookupAsync("www.sec.nsec.", RecordType.A, now: TestZone.Validity.Expiration.AddSeconds(1));

        Assert.Equal((Security.Bogus, LookupReason.SignatureExpired, 7), (answer.Security, answer.Reason, (int)answer.ExtendedError!.Value.Code));
        Assert.Contains("ended 2026-07-06T12:00:00Z", answer.Explanation, StringComparison.Ordinal);
    }

    [Fact, Rfc(8914, "4.9")]
    public async Task A_signature_not_yet_valid_is_told_with_its_beginning()
    {
        var answer = await StandardWorld.Create().LookupAsync("www.sec.nsec.", RecordType.A, now: TestZone.Validity.Inception.AddSeconds(-1));

        Assert.Equal((Security.Bogus, LookupReason.SignatureNotYetValid, 8), (answer.Security, answer.Reason, (int)answer.ExtendedError!.Value.Code));
        Assert.Contains("begins 2026-06-08T12:00:00Z", answer.Explanation, StringComparison.Ordinal);
    }

    [Theory, Rfc(4035, "5.3.1")]
    [InlineData(60, 60, Security.Secure)]
    [InlineData(60, 61, Security.Bogus)]
    public async Task Leeway_at_both_ends_is_what_the_option_gives(int skew, int seconds, Security security)
    {
        var world = StandardWorld.Create();
        var options = world.Options with { ClockSkew = TimeSpan.FromSeconds(skew) };

        Assert.Equal(security, (await world.LookupAsync("www.sec.nsec.", RecordType.A, options, TestZone.Validity.Expiration.AddSeconds(seconds))).Security);
        Assert.Equal(security, (await world.LookupAsync("www.sec.nsec.", RecordType.A, options, TestZone.Validity.Inception.AddSeconds(-seconds))).Security);
    }

    [Fact, Rfc(4034, "3.1.5")]
    public async Task A_signature_that_ends_before_it_begins_is_never_in_force()
    {
        var answer = await WithSignature(signature => signature with { Inception = signature.Expiration, Expiration = signature.Inception }, resigns: true);

        Assert.Equal((Security.Bogus, LookupReason.SignatureTimesReversed), (answer.Security, answer.Reason));
    }

    [Fact, Rfc(4035, "5.3.1")]
    public async Task More_labels_than_the_owner_has_make_a_signature_unfit()
    {
        var answer = await WithSignature(signature => signature with { Labels = 4 }, resigns: true);

        Assert.Equal((Security.Bogus, LookupReason.SignatureUnfit), (answer.Security, answer.Reason));
    }

    [Fact, Rfc(4035, "5.3.1")]
    public async Task Fewer_labels_than_the_zone_has_make_a_signature_unfit()
    {
        var answer = await WithSignature(signature => signature with { Labels = 1 }, resigns: true);

        Assert.Equal((Security.Bogus, LookupReason.SignatureUnfit), (answer.Security, answer.Reason));
    }

    [Fact, Rfc(4035, "5.3.1")]
    public async Task A_signature_for_another_type_does_not_count()
    {
        var answer = await WithSignature(signature => signature with { TypeCovered = RecordType.AAAA }, resigns: true);

        Assert.Equal((Security.Bogus, LookupReason.SignatureMissing), (answer.Security, answer.Reason));
    }

    [Fact, Rfc(4035, "5.3.1")]
    public async Task A_key_tag_that_no_key_has_makes_a_signature_unfit()
    {
        var answer = await WithSignature(signature => signature with { KeyTag = (ushort)(signature.KeyTag ^ 1) }, resigns: true);

        Assert.Equal((Security.Bogus, LookupReason.SignatureUnfit), (answer.Security, answer.Reason));
    }

    [Fact, Rfc(4035, "5.3.1")]
    public async Task The_algorithm_of_a_signature_must_be_that_of_the_key()
    {
        var answer = await WithSignature(signature => signature with { Algorithm = (byte)SecurityAlgorithm.RsaSha256 }, resigns: true);

        Assert.Equal((Security.Bogus, LookupReason.SignatureUnfit), (answer.Security, answer.Reason));
    }

    [Fact, Rfc(4034, "3.1.8.1"), Rfc(6840, "5.1")]
    public async Task A_signers_name_in_capitals_is_signed_in_small_letters()
    {
        var answer = await WithSignature(signature => signature with { SignerName = Text.Name("SEC.nsec.") }, resigns: true);

        Assert.Equal(Security.Secure, answer.Security);
    }

    [Theory, Rfc(4035, "5.3.3")]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(63)]
    public async Task One_flipped_bit_of_a_signature_makes_it_invalid(int octet)
    {
        var answer = await WithSignature(
            signature =>
            {
                var octets = signature.Signature.ToArray();
                octets[octet] ^= 1;
                return signature with { Signature = new(octets) };
            },
            resigns: false);

        Assert.Equal((Security.Bogus, LookupReason.SignatureInvalid, 6), (answer.Security, answer.Reason, (int)answer.ExtendedError!.Value.Code));
    }

    [Fact, Rfc(4035, "5.3.3")]
    public async Task The_TTL_is_capped_by_the_original_one()
    {
        var world = StandardWorld.Create();
        world.Rewrite = (query, message) => query.Question.Type == RecordType.A ? message with { Answers = [.. message.Answers.Select(record => record with { TimeToLive = 40_000 })] } : message;

        var answer = await world.LookupAsync("www.sec.nsec.", RecordType.A);

        Assert.Equal((Security.Secure, 300u, 300u), (answer.Security, answer.TimeToLive, answer.Records!.TimeToLive));
    }

    [Theory, Rfc(4034, "3.1.4")]
    [InlineData("www.sec.nsec.", 300u)]
    [InlineData("www.uns.nsec.", null)]
    public async Task A_secure_RRset_has_the_TTL_of_its_zone_whatever_a_cache_has_left_of_it(string name, uint? original)
    {
        var world = StandardWorld.Create();
        world.Rewrite = (query, message) => query.Question.Type == RecordType.A ? message with { Answers = [.. message.Answers.Select(record => record with { TimeToLive = 7 })] } : message;

        var link = Assert.Single((await world.LookupAsync(name, RecordType.A)).Chain);

        Assert.Equal((7u, original), (link.Records.TimeToLive, link.OriginalTimeToLive));
    }

    [Fact, Rfc(4035, "5.3.3")]
    public async Task The_TTL_is_capped_by_the_end_of_the_signatures()
    {
        var answer = await StandardWorld.Create().LookupAsync("www.sec.nsec.", RecordType.A, now: TestZone.Validity.Expiration.AddSeconds(-100));

        Assert.Equal((Security.Secure, 100u), (answer.Security, answer.TimeToLive));
    }

    [Fact, Rfc(4035, "5.3.3")]
    public async Task The_TTL_is_capped_by_a_signature_further_up_the_chain()
    {
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") }, SignedFor = new(Now.AddDays(-1), Now.AddSeconds(77)) },
            new TestZone("lab.", "www 300 A 192.0.2.1") { Keys = { TestKeys.Get("lab") } });

        Assert.Equal(77u, (await world.LookupAsync("www.lab.", RecordType.A)).TimeToLive);
    }

    [Fact, Rfc(6840, "5.4")]
    public async Task One_good_signature_among_bad_ones_is_enough()
    {
        var world = StandardWorld.Create();
        world.Rewrite = (query, message) => query.Question.Type != RecordType.A ? message : message with
        {
            Answers = message.Answers.InsertRange(0, message.Answers.Where(record => record.Type == RecordType.RRSIG).Select(record => record with { Data = Spoilt(record.Data) })),
        };

        Assert.Equal(Security.Secure, (await world.LookupAsync("www.sec.nsec.", RecordType.A)).Security);
    }

    [Theory, Rfc(4035, "5.3.1"), Rfc(5702, "3"), Rfc(6605, "4"), Rfc(8080, "3")]
    [InlineData(SecurityAlgorithm.RsaSha1)]
    [InlineData(SecurityAlgorithm.RsaSha1Nsec3Sha1)]
    [InlineData(SecurityAlgorithm.RsaSha256)]
    [InlineData(SecurityAlgorithm.RsaSha512)]
    [InlineData(SecurityAlgorithm.EcdsaP256Sha256)]
    [InlineData(SecurityAlgorithm.EcdsaP384Sha384)]
    [InlineData(SecurityAlgorithm.Ed25519)]
    [InlineData(SecurityAlgorithm.Ed448)]
    public async Task Zones_of_every_algorithm_are_secure(SecurityAlgorithm algorithm)
    {
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("lab.", "www 300 A 192.0.2.1") { Keys = { TestKeys.Get("all", algorithm) } });

        var answer = await world.LookupAsync("www.lab.", RecordType.A);

        Assert.Equal(Security.Secure, answer.Security);
        Assert.Equal(SecurityAlgorithms.UsesSha1(algorithm) ? ["DNSSEC-SHA1"] : [], answer.Notes.Select(note => note.Code).Distinct());
    }

    [Theory, Rfc(9905, "2")]
    [InlineData(SecurityAlgorithm.RsaSha1)]
    [InlineData(SecurityAlgorithm.RsaSha1Nsec3Sha1)]
    public async Task Without_SHA1_zones_of_its_algorithms_are_insecure(SecurityAlgorithm algorithm)
    {
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("lab.", "www 300 A 192.0.2.1") { Keys = { TestKeys.Get("all", algorithm) } });

        var answer = await world.LookupAsync("www.lab.", RecordType.A, world.Options with { AcceptSha1 = false });

        Assert.Equal((Security.Insecure, LookupReason.UnsupportedAlgorithms, 1), (answer.Security, answer.Reason, (int)answer.ExtendedError!.Value.Code));
    }

    /// <summary>Looks an address up whose signature has been altered, and made anew over the altered fields where that is wanted.</summary>
    private static async Task<Answer> WithSignature(Func<RrsigData, RrsigData> alter, bool resigns)
    {
        var world = StandardWorld.Create();
        world.Rewrite = (query, message) => query.Question.Type != RecordType.A ? message : message with
        {
            Answers = [.. message.Answers.Select(record => record.Type == RecordType.RRSIG ? record with { Data = Altered(record.Data, message) } : record)],
        };
        return await world.LookupAsync("www.sec.nsec.", RecordType.A);

        Octets Altered(Octets data, DnsMessage message)
        {
            Assert.True(RrsigData.TryRead(data, out var signature));
            var altered = alter(signature);
            if (resigns) altered = altered with { Signature = new(TestKeys.Get("sec.nsec").Sign(RawSigning.Octets(altered, message.Answers.Where(record => record.Type == RecordType.A)))) };
            return altered.ToOctets();
        }
    }

    private static Octets Spoilt(Octets data)
    {
        var octets = data.ToArray();
        octets[^1] ^= 1;
        return new(octets);
    }
}
