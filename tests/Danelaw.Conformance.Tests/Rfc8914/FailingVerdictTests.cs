using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Conformance.Tests.Rfc8914;

/// <summary>Every reason of a failure has a world that brings it about, an extended error that fits, and says what it is about, by which rule, and what to do next.</summary>
public class FailingVerdictTests
{
    private const string Content = "www 300 A 192.0.2.1\n*.wild 300 A 192.0.2.2\nmoved 300 DNAME wild\nloop 300 CNAME pool\npool 300 CNAME loop";
    private static readonly SigningKey Key = TestKeys.Get("lab"), Other = TestKeys.Get("stranger");

    /// <summary>Reason, extended error, name that is asked for, and whether a key is concerned.</summary>
    private static readonly (LookupReason Reason, int Code, string Name, bool HasKey, Func<World> World)[] Cases =
    [
        (LookupReason.SignatureMissing, 10, "www.lab.", false, () => Rewriting("www.lab.", RecordType.A, message => message with { Answers = message.Answers.RemoveAll(IsSignature) })),
        (LookupReason.SignatureExpired, 7, "www.lab.", true, () => Lab(new() { SignedFor = new(TestZone.Now.AddDays(-9), TestZone.Now.AddDays(-1)) })),
        (LookupReason.SignatureNotYetValid, 8, "www.lab.", true, () => Lab(new() { SignedFor = new(TestZone.Now.AddDays(1), TestZone.Now.AddDays(9)) })),
        (LookupReason.SignatureTimesReversed, 25, "www.lab.", true, () => Lab(new() { SignedFor = new(TestZone.Now.AddDays(9), TestZone.Now.AddDays(-9)) })),
        (LookupReason.SignatureUnfit, 9, "www.lab.", true, () => Rewriting("www.lab.", RecordType.A, message => Resigned(message, signature => signature with { KeyTag = (ushort)(signature.KeyTag ^ 1) }))),
        (LookupReason.SignatureInvalid, 6, "www.lab.", true, () => Rewriting("www.lab.", RecordType.A, message => message with { Answers = message.Answers.Replace(RecordType.A, Text.Record("www 300 A 192.0.2.66", default).Data) })),
        (LookupReason.KeyDoesNotMatchDs, 9, "www.lab.", true, () => Lab(new() { Delegation = zone => [Other.ToDs(zone.Apex)] })),
        (LookupReason.KeyMissing, 9, "www.lab.", false, () => Rewriting("lab.", RecordType.DNSKEY, message => message with { Answers = [] })),
        (LookupReason.KeySetUnsigned, 10, "www.lab.", true, () => Rewriting("lab.", RecordType.DNSKEY, message => message with { Answers = message.Answers.RemoveAll(IsSignature) })),
        (LookupReason.KeyUnfit, 6, "www.lab.", true, RevokedKey),
        (LookupReason.DenialMissing, 12, "missing.lab.", false, () => Rewriting("missing.lab.", RecordType.A, message => message.WithoutSignatures())),
        (LookupReason.DenialInvalid, 6, "www.lab.", false, () => Denied("www.lab.")),
        (LookupReason.WildcardProofMissing, 12, "a.wild.lab.", false, () => Rewriting("a.wild.lab.", RecordType.A, message => message with { Authorities = [] })),
        (LookupReason.DelegationProofMissing, 12, "www.lab.", false, () => Rewriting(null, null, message => message.Questions[0].Name.IsRoot ? message : message.WithoutSignatures() with { Answers = message.Questions[0].Type == RecordType.DS ? [] : message.WithoutSignatures().Answers })),
        (LookupReason.AliasMismatch, 6, "x.moved.lab.", false, () => Rewriting("x.moved.lab.", RecordType.A, message => message with { Answers = message.Answers.Replace(RecordType.CNAME, new NameData(Text.Name("www.lab.")).ToOctets()) })),
        (LookupReason.TimedOut, 23, "www.lab.", false, () => Ending(ExchangeOutcome.TimedOut, null)),
        (LookupReason.Unreachable, 23, "www.lab.", false, () => Ending(ExchangeOutcome.Unreachable, null)),
        (LookupReason.ServerFailed, 22, "www.lab.", false, () => Rewriting("www.lab.", RecordType.A, message => message with { ResponseCode = ResponseCode.ServerFailure, Answers = [] })),
        (LookupReason.MalformedReply, 24, "www.lab.", false, () => Rewriting("www.lab.", RecordType.A, message => message with { Questions = [new(Text.Name("other.lab."), RecordType.A)] })),
        (LookupReason.AliasLoop, 5, "loop.lab.", false, () => Lab(new())),
        (LookupReason.LimitReached, 5, "www.lab.", false, () => Ending(ExchangeOutcome.NotAsked, RecordType.DNSKEY)),
        (LookupReason.ChainUnavailable, 23, "www.lab.", false, () => Ending(ExchangeOutcome.TimedOut, RecordType.DNSKEY)),
    ];

    /// <summary>Reasons that no zone or server brings about: of a recording that lacks a reply (held in the tests of recordings), and of nothing at all.</summary>
    private static readonly LookupReason[] Elsewhere = [LookupReason.NotRecorded, LookupReason.None];

    public static TheoryData<LookupReason> Rows() => [.. Cases.Select(each => each.Reason)];

    [Theory, MemberData(nameof(Rows)), Rfc(8914, "4"), Rfc(4033, "5")]
    public async Task A_failing_verdict_says_what_it_is_about_by_which_rule_and_what_to_do(LookupReason reason)
    {
        var its = Cases.Single(each => each.Reason == reason);

        var answer = await its.World().LookupAsync(its.Name, RecordType.A);

        Assert.True(answer.IsFailure);
        Assert.Equal((its.Reason, its.Code), (answer.Reason, (int)answer.ExtendedError!.Value.Code));
        Assert.Empty(answer.Chain.Where(_ => answer.Security == Security.Bogus));
        var failure = Assert.IsType<LookupFailure>(answer.Failure);
        Assert.True(failure.Owner.IsAtOrBelow(failure.Zone));
        Assert.NotEqual(RecordType.None, failure.Type);
        Assert.Equal(its.HasKey, failure.KeyTag is not null);
        Assert.Equal(its.HasKey, failure.Algorithm is not null);
        Assert.Equal(World.First, failure.Server);
        Assert.Matches(@"^RFC \d+ §[\d.]+$", failure.Rule);
        Assert.Matches(@"^[A-Z].{30,}\.$", failure.Mend);
        Assert.NotEmpty(answer.Explanation);
    }

    [Fact, Rfc(8914, "4")]
    public void Every_reason_of_a_failure_has_its_world()
    {
        var failing = Enum.GetValues<LookupReason>().Where(reason => FailureRules.MendOf(reason, default, default, RecordType.A, false).Length > 0);

        Assert.Equal(failing.Except(Elsewhere).Order(), Cases.Select(each => each.Reason).Order());
    }

    [Fact, Rfc(8914, "4")]
    public async Task The_key_tag_is_that_of_the_signature_at_fault_and_the_zone_its_signer()
    {
        var failure = (await Lab(new() { SignedFor = new(TestZone.Now.AddDays(-9), TestZone.Now.AddDays(-1)) }).LookupAsync("www.lab.", RecordType.A)).Failure!;

        Assert.Equal(("lab.", Key.KeyTag, Key.Algorithm), (failure.Zone.ToString(), failure.KeyTag, failure.Algorithm));
        Assert.Contains("lab.", failure.Mend, StringComparison.Ordinal);
    }

    private sealed record LabOptions
    {
        internal SignatureValidity SignedFor { get; init; } = TestZone.Validity;

        internal Func<TestZone, IEnumerable<Octets>>? Delegation { get; init; }
    }

    private static World Lab(LabOptions options) => new(
        new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
        new TestZone("lab.", Content) { Keys = { Key }, SignedFor = options.SignedFor, Delegation = options.Delegation });

    private static World Rewriting(string? name, RecordType? type, Func<DnsMessage, DnsMessage> rewrite)
    {
        var world = Lab(new());
        world.Rewrite = (query, message) => (name is null || query.Question.Name == Text.Name(name)) && (type is null || query.Question.Type == type) ? rewrite(message) : message;
        return world;
    }

    private static World Ending(ExchangeOutcome outcome, RecordType? type)
    {
        var world = Lab(new());
        world.Outcome = query => type is null || query.Question.Type == type ? outcome : null;
        return world;
    }

    /// <summary>Every record of denial that the zone has, for a name that exists.</summary>
    private static World Denied(string name)
    {
        var world = Lab(new());
        var lab = world["lab."];
        world.Rewrite = (query, message) => query.Question != new Question(Text.Name(name), RecordType.A) ? message : message with
        {
            ResponseCode = ResponseCode.NameError,
            Answers = [],
            Authorities = [.. lab.Find(lab.Apex, RecordType.SOA)!.All, .. lab.Sets.Where(set => set.Type == RecordType.NSEC).SelectMany(set => set.Set.All)],
        };
        return world;
    }

    private static World RevokedKey()
    {
        var revoked = Key.WithFlags(DnskeyFlags.KeySigning | DnskeyFlags.Revoked);
        var world = Lab(new() { Delegation = zone => [revoked.ToDs(zone.Apex)] });
        world.Rewrite = (query, message) => query.Question.Type == RecordType.DNSKEY && !query.Question.Name.IsRoot ? message with { Answers = message.Answers.Replace(RecordType.DNSKEY, revoked.ToDnskey()) } : message;
        return world;
    }

    private static DnsMessage Resigned(DnsMessage message, Func<RrsigData, RrsigData> change) => message with
    {
        Answers = [.. message.Answers.Select(record => record.Type == RecordType.RRSIG && RrsigData.TryRead(record.Data, out var signature) ? record with { Data = change(signature).ToOctets() } : record)],
    };

    private static bool IsSignature(ResourceRecord record) => record.Type == RecordType.RRSIG;
}
