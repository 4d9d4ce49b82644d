using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;

namespace Danelaw.Interop.Tests.Hostile.Catalogue;

/// <summary>What becomes of an attack.</summary>
internal enum Outcome
{
    /// <summary>The lookup fails: bogus or indeterminate, no data.</summary>
    Refused = 0,

    /// <summary>The answer is secure, with the data that the zone has.</summary>
    Withstood,

    /// <summary>Either of the two: it depends on what the attacker hits first.</summary>
    RefusedOrWithstood,

    /// <summary>What the attacker may: it is said in <see cref="Attack.Allowance"/> why.</summary>
    Allowed,
}

/// <summary>The part of the chain that an attack is aimed at.</summary>
internal enum Aim
{
    Signatures = 0,
    Denial,
    DelegationSigners,
    Keys,
    Aliases,
    Transport,
    Referrals,
}

/// <summary>One of the things that somebody can do who rewrites every reply and has no private key of the zones that he attacks.</summary>
internal sealed record Attack
{
    /// <summary>Stable: an aim's letters and a number.</summary>
    public string Id { get; init; } = "";

    public required Aim Aim { get; init; }

    /// <summary>What he does: completes "somebody who …".</summary>
    public required string Does { get; init; }

    /// <summary>What stops him, or why nothing needs to.</summary>
    public required string StoppedBy { get; init; }

    /// <summary>Where that is written, such as <c>RFC 4035 §5.3.1</c>.</summary>
    public required string Rule { get; init; }

    /// <summary>The patches of <c>tests/guards</c> that take the defence out.</summary>
    public ImmutableArray<string> Guards { get; init; } = [];

    /// <summary>What he does to a reply that holds records.</summary>
    public Func<Deal, DnsMessage> Change { get; init; } = deal => deal.Reply;

    /// <summary>What he sends for a reply, octet by octet; null: the reply as it is written, truncated where it does not fit.</summary>
    public Func<Deal, byte[], IReadOnlyList<byte[]>>? Send { get; init; }

    /// <summary>What he sends before that from another port, or over TCP without a frame.</summary>
    public Func<Deal, byte[], IEnumerable<byte[]>>? Aside { get; init; }

    /// <summary>How the resolver asks; null: as usual.</summary>
    public DnsTransportOptions? Asking { get; init; }

    /// <summary>Whose answers he is after.</summary>
    public required ImmutableArray<Question> Victims { get; init; }

    public Outcome Expected { get; init; } = Outcome.Refused;

    /// <summary>What comes of it before an iterative resolver; null: the same.</summary>
    public Outcome? ExpectedInIteration { get; init; }

    /// <summary>Why an outcome that is neither refusal nor the zone's own data of today is right.</summary>
    public string Allowance { get; init; } = "";

    public bool InStub { get; init; } = true;

    public bool InIteration { get; init; } = true;

    public Outcome ExpectedAt(Position position) => position == Position.Servers ? ExpectedInIteration ?? Expected : Expected;

    public bool IsAt(Position position) => position == Position.Servers ? InIteration : InStub;

    public override string ToString() => $"{Id} {Does}";
}

/// <summary>Questions that attackers are after, the same in each tree.</summary>
internal static class Victims
{
    public static ImmutableArray<Question> In(string zone, params (string Name, RecordType Type)[] questions) =>
        [.. questions.Select(question => new Question(DomainName.Parse(question.Name.Length == 0 ? zone : $"{question.Name}.{zone}"), question.Type))];

    public static ImmutableArray<Question> InEach(string below, params (string Name, RecordType Type)[] questions) =>
        [.. Realm.RealmPlan.Trees.SelectMany(tree => In(below + tree, questions))];

    public static readonly ImmutableArray<Question> MxTlsa = InEach("sec.", ("_25._tcp.mx", RecordType.TLSA));

    public static readonly ImmutableArray<Question> ChildTlsa = InEach("child.sec.", ("_25._tcp.mx", RecordType.TLSA));

    public static readonly ImmutableArray<Question> Www = InEach("sec.", ("www", RecordType.A));

    /// <summary>What a wildcard makes; over an opt-out span that is never secure (RFC 5155 §9.2).</summary>
    public static readonly ImmutableArray<Question> Wild = [.. In("sec.nsec.", ("x.wild", RecordType.A)), .. In("sec.hash.", ("x.wild", RecordType.A))];

    public static readonly ImmutableArray<Question> There = InEach("sec.", ("there.wild", RecordType.A));

    public static readonly ImmutableArray<Question> Two = In("two.nsec.", ("_25._tcp.mx", RecordType.TLSA));

    public static readonly ImmutableArray<Question> Alias = InEach("sec.", ("alias", RecordType.A));
}
