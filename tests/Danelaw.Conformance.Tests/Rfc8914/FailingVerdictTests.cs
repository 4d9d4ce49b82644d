using System.Net;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Conformance.Tests.Rfc8914;

/// <summary>
/// Every reason of a failure has a world that brings it about, through a resolver and from the root, an extended error that fits, and says what it is about (the very zone, and the very
/// server), by which rule, and what to do next.
/// </summary>
public class FailingVerdictTests
{
    private const string Content = "www 300 A 192.0.2.1\n*.wild 300 A 192.0.2.2\nmoved 300 DNAME wild\nloop 300 CNAME pool\npool 300 CNAME loop";
    private const string LabAddress = "192.0.2.10";
    private static readonly SigningKey Key = TestKeys.Get("lab"), Other = TestKeys.Get("stranger");

    private static readonly Case[] Cases =
    [
        new(LookupReason.SignatureMissing, 10, "www.lab.", Rewriting("www.lab.", RecordType.A, message => message with { Answers = message.Answers.RemoveAll(IsSignature) })),
        new(LookupReason.SignatureExpired, 7, "www.lab.", new() { SignedFor = new(TestZone.Now.AddDays(-9), TestZone.Now.AddDays(-1)) }) { HasKey = true },
        new(LookupReason.SignatureNotYetValid, 8, "www.lab.", new() { SignedFor = new(TestZone.Now.AddDays(1), TestZone.Now.AddDays(9)) }) { HasKey = true },
        new(LookupReason.SignatureTimesReversed, 25, "www.lab.", new() { SignedFor = new(TestZone.Now.AddDays(9), TestZone.Now.AddDays(-9)) }) { HasKey = true },
        new(LookupReason.SignatureUnfit, 9, "www.lab.", Rewriting("www.lab.", RecordType.A, message => Resigned(message, signature => signature with { KeyTag = (ushort)(signature.KeyTag ^ 1) }))) { HasKey = true },
        new(LookupReason.SignatureInvalid, 6, "www.lab.", Rewriting("www.lab.", RecordType.A, message => message with { Answers = message.Answers.Replace(RecordType.A, Text.Record("www 300 A 192.0.2.66", default).Data) })) { HasKey = true },
        new(LookupReason.KeyDoesNotMatchDs, 9, "www.lab.", new() { Delegation = zone => [Other.ToDs(zone.Apex)] }) { HasKey = true },
        new(LookupReason.KeyMissing, 9, "www.lab.", Rewriting("lab.", RecordType.DNSKEY, message => message with { Answers = [] })),
        new(LookupReason.KeySetUnsigned, 10, "www.lab.", Rewriting("lab.", RecordType.DNSKEY, message => message with { Answers = message.Answers.RemoveAll(IsSignature) })) { HasKey = true },
        new(LookupReason.KeyUnfit, 6, "www.lab.", RevokedKey()) { HasKey = true },
        new(LookupReason.DenialMissing, 12, "missing.lab.", Rewriting("missing.lab.", RecordType.A, message => message.WithoutSignatures())),
        new(LookupReason.DenialInvalid, 6, "www.lab.", new() { RewriteWith = DenyAll }),
        new(LookupReason.WildcardProofMissing, 12, "a.wild.lab.", Rewriting("a.wild.lab.", RecordType.A, message => message with { Authorities = [] })),
        new(LookupReason.DelegationProofMissing, 12, "www.lab.", Rewriting(null, null, WithoutProofOfDelegation)) { Zone = ".", ZoneFromRoot = "." },
        new(LookupReason.AliasMismatch, 6, "x.moved.lab.", Rewriting("x.moved.lab.", RecordType.A, message => message with { Answers = message.Answers.Replace(RecordType.CNAME, new NameData(Text.Name("www.lab.")).ToOctets()) })),
        new(LookupReason.TimedOut, 23, "www.lab.", Ending(ExchangeOutcome.TimedOut, "www.lab.", RecordType.A)) { Zone = null },
        new(LookupReason.Unreachable, 23, "www.lab.", Ending(ExchangeOutcome.Unreachable, null, null)) { Zone = null, ZoneFromRoot = "." },
        new(LookupReason.ServerFailed, 22, "www.lab.", Rewriting("www.lab.", RecordType.A, message => message with { ResponseCode = ResponseCode.ServerFailure, Answers = [] })) { Zone = null },
        new(LookupReason.MalformedReply, 24, "www.lab.", Ending(ExchangeOutcome.Malformed, "www.lab.", RecordType.A)) { Zone = null },
        new(LookupReason.AliasLoop, 5, "loop.lab.", new()),
        new(LookupReason.LimitReached, 5, "www.lab.", new() { Limits = new() { Signatures = 2 } }),
        new(LookupReason.ChainUnavailable, 23, "www.lab.", Ending(ExchangeOutcome.TimedOut, "lab.", RecordType.DNSKEY)),
    ];

    /// <summary>Reasons that no zone or server brings about: of a recording that lacks a reply (held in the tests of recordings), and of nothing at all.</summary>
    private static readonly LookupReason[] Elsewhere = [LookupReason.NotRecorded, LookupReason.None];

    public static TheoryData<LookupReason, bool> Rows() => [.. Cases.SelectMany(each => new[] { (each.Reason, false), (each.Reason, true) })];

    [Theory, MemberData(nameof(Rows)), Rfc(8914, "4"), Rfc(4033, "5")]
    public async Task A_failing_verdict_says_what_it_is_about_by_which_rule_and_what_to_do(LookupReason reason, bool isFromRoot)
    {
        var its = Cases.Single(each => each.Reason == reason);
        var zone = isFromRoot ? its.ZoneFromRoot : its.Zone;
        var resolver = isFromRoot ? its.Scene.FromRoot() : its.Scene.ThroughResolver();

        var answer = await resolver(its.Scene.Limits).LookupAsync(Text.Name(its.Name), RecordType.A, TestContext.Current.CancellationToken);

        Assert.True(answer.IsFailure);
        Assert.Equal((its.Reason, its.Code), (answer.Reason, (int)answer.ExtendedError!.Value.Code));
        Assert.Empty(answer.Chain.Where(_ => answer.Security == Security.Bogus));
        var failure = Assert.IsType<LookupFailure>(answer.Failure);
        Assert.Equal(zone, failure.Zone?.ToString());
        Assert.Equal(isFromRoot ? Authority(zone == "." ? AuthorityWorld.RootAddress : LabAddress) : World.First, failure.Server);
        Assert.NotEqual(RecordType.None, failure.Type);
        Assert.Equal(its.HasKey, failure.KeyTag is not null);
        Assert.Equal(its.HasKey, failure.Algorithm is not null);
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
        var scene = new Scene { SignedFor = new(TestZone.Now.AddDays(-9), TestZone.Now.AddDays(-1)) };

        var failure = (await scene.ThroughResolver()(null).LookupAsync(Text.Name("www.lab."), RecordType.A, TestContext.Current.CancellationToken)).Failure!;

        Assert.Equal(("lab.", Key.KeyTag, Key.Algorithm), (failure.Zone.ToString(), failure.KeyTag, failure.Algorithm));
        Assert.Contains("lab.", failure.Mend, StringComparison.Ordinal);
    }

    /// <summary>The servers of a zone answer for its names and refuse its keys: they are at fault, and neither the zone above nor its servers.</summary>
    [Theory, Rfc(8914, "4"), Rfc(4035, "4.3")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_refuses_the_keys_of_a_zone_is_named_and_so_is_the_zone(bool isFromRoot)
    {
        var scene = Rewriting("lab.", RecordType.DNSKEY, message => message with { ResponseCode = ResponseCode.Refused, Answers = [], Authorities = [] });
        var resolver = (isFromRoot ? scene.FromRoot() : scene.ThroughResolver())(null);

        var failure = (await resolver.LookupAsync(Text.Name("www.lab."), RecordType.A, TestContext.Current.CancellationToken)).Failure!;

        Assert.Equal(("lab.", "lab.", RecordType.DNSKEY), (failure.Zone.ToString(), failure.Owner.ToString(), failure.Type));
        Assert.Equal(isFromRoot ? Authority(LabAddress) : World.First, failure.Server);
        Assert.StartsWith("See that every name server of lab. can be reached and answers for lab. DNSKEY", failure.Mend, StringComparison.Ordinal);
    }

    /// <summary>What is remembered of a failure (RFC 9520) says what the failure itself said.</summary>
    [Theory, Rfc(8914, "4"), Rfc(9520, "3.2")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failure_that_is_remembered_names_the_same_zone_and_server(bool isFromRoot)
    {
        var scene = Rewriting("lab.", RecordType.DNSKEY, message => message with { ResponseCode = ResponseCode.Refused, Answers = [], Authorities = [] });
        var resolver = (isFromRoot ? scene.FromRoot() : scene.ThroughResolver())(null);
        var first = await resolver.LookupAsync(Text.Name("www.lab."), RecordType.A, TestContext.Current.CancellationToken);

        var second = await resolver.LookupAsync(Text.Name("a.wild.lab."), RecordType.A, TestContext.Current.CancellationToken);

        Assert.NotNull(first.Failure!.Server);
        Assert.Equal(first.Failure, second.Failure);
    }

    [Fact, Rfc(8914, "4"), Rfc(1034, "4.2.1")]
    public async Task A_zone_whose_servers_have_no_address_is_named_and_no_server_is()
    {
        var world = new AuthorityWorld()
            .Zone(new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } }, $"ns. {AuthorityWorld.RootAddress}")
            .Zone(new TestZone("lab.", Content) { Keys = { Key } }, "ns.gone.");

        var failure = (await world.LookupAsync("www.lab.", RecordType.A)).Failure!;

        Assert.Equal(("lab.", "www.lab.", null), (failure.Zone.ToString(), failure.Owner.ToString(), failure.Server));
        Assert.StartsWith("Ask the name servers of lab. one by one", failure.Mend, StringComparison.Ordinal);
    }

    private static DnsServer Authority(string address) => new(TransportKind.Datagram, new IPEndPoint(IPAddress.Parse(address), 53));

    private static Scene Rewriting(string? name, RecordType? type, Func<DnsMessage, DnsMessage> rewrite) => new() { Rewrite = (query, message) => IsMeant(query, name, type) ? rewrite(message) : message };

    private static Scene Ending(ExchangeOutcome outcome, string? name, RecordType? type) => new() { Outcome = query => IsMeant(query, name, type) ? outcome : null };

    /// <summary>Whether a query is for a name and a type; where a name is given the root's server is not meant, which refers.</summary>
    private static bool IsMeant(DnsQuery query, string? name, RecordType? type) =>
        (name is null || (query.Question.Name == Text.Name(name) && query.Server != Authority(AuthorityWorld.RootAddress))) && (type is null || query.Question.Type == type);

    /// <summary>Nothing about the delegation is signed, and DS is not there; the root's keys are.</summary>
    private static DnsMessage WithoutProofOfDelegation(DnsMessage message)
    {
        if (message.Questions[0].Name.IsRoot) return message;
        var bare = message.WithoutSignatures();
        return bare with
        {
            Answers = message.Questions[0].Type == RecordType.DS ? [] : bare.Answers,
            Authorities = bare.Authorities.RemoveAll(record => record.Type == RecordType.DS),
        };
    }

    /// <summary>Every record of denial that the zone has, for a name that exists.</summary>
    private static Func<DnsQuery, DnsMessage, DnsMessage> DenyAll(TestZone lab) => (query, message) => query.Question != new Question(Text.Name("www.lab."), RecordType.A) ? message : message with
    {
        ResponseCode = ResponseCode.NameError,
        Answers = [],
        Authorities = [.. lab.Find(lab.Apex, RecordType.SOA)!.All, .. lab.Sets.Where(set => set.Type == RecordType.NSEC).SelectMany(set => set.Set.All)],
    };

    private static Scene RevokedKey()
    {
        var revoked = Key.WithFlags(DnskeyFlags.KeySigning | DnskeyFlags.Revoked);
        return new()
        {
            Delegation = zone => [revoked.ToDs(zone.Apex)],
            Rewrite = (query, message) => query.Question.Type == RecordType.DNSKEY && !query.Question.Name.IsRoot ? message with { Answers = message.Answers.Replace(RecordType.DNSKEY, revoked.ToDnskey()) } : message,
        };
    }

    private static DnsMessage Resigned(DnsMessage message, Func<RrsigData, RrsigData> change) => message with
    {
        Answers = [.. message.Answers.Select(record => record.Type == RecordType.RRSIG && RrsigData.TryRead(record.Data, out var signature) ? record with { Data = change(signature).ToOctets() } : record)],
    };

    private static bool IsSignature(ResourceRecord record) => record.Type == RecordType.RRSIG;

    /// <summary>A reason and what brings it about.</summary>
    /// <param name="Reason">The reason.</param>
    /// <param name="Code">The extended error.</param>
    /// <param name="Name">The name that is asked for.</param>
    /// <param name="Scene">The world.</param>
    private sealed record Case(LookupReason Reason, int Code, string Name, Scene Scene)
    {
        /// <summary>Whether a key is concerned.</summary>
        internal bool HasKey { get; init; }

        /// <summary>The zone at fault, as far as a resolver's replies show it.</summary>
        internal string? Zone { get; init; } = "lab.";

        /// <summary>The same where the servers themselves are asked.</summary>
        internal string ZoneFromRoot { get; init; } = "lab.";
    }

    /// <summary>A root and a zone below it, behind a resolver or each on a server of its own.</summary>
    private sealed record Scene
    {
        internal SignatureValidity SignedFor { get; init; } = TestZone.Validity;

        internal Func<TestZone, IEnumerable<Octets>>? Delegation { get; init; }

        internal Func<DnsQuery, DnsMessage, DnsMessage>? Rewrite { get; init; }

        /// <summary>The same by what the zone holds.</summary>
        internal Func<TestZone, Func<DnsQuery, DnsMessage, DnsMessage>>? RewriteWith { get; init; }

        internal Func<DnsQuery, ExchangeOutcome?>? Outcome { get; init; }

        internal Limits? Limits { get; init; }

        internal Func<Limits?, Resolver> ThroughResolver()
        {
            var world = new World(Root(), Lab()) { Outcome = Outcome };
            world.Rewrite = Rewrite ?? RewriteWith?.Invoke(world["lab."]);
            return limits => world.Resolver(world.Options with { Limits = limits ?? Dnssec.Validation.Limits.Default });
        }

        internal Func<Limits?, Resolver> FromRoot()
        {
            var world = new AuthorityWorld().Zone(Root(), $"ns. {AuthorityWorld.RootAddress}").Zone(Lab(), $"ns.lab. {LabAddress}");
            (world.Outcome, world.Rewrite) = (Outcome, Rewrite ?? RewriteWith?.Invoke(world["lab."]));
            return limits => world.Resolver(world.Options with { Limits = limits ?? Dnssec.Validation.Limits.Default });
        }

        private static TestZone Root() => new(".") { Keys = { TestKeys.Get("root-ksk") } };

        private TestZone Lab() => new("lab.", Content) { Keys = { Key }, SignedFor = SignedFor, Delegation = Delegation };
    }
}
