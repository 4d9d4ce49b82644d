using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>What is done to a proof.</summary>
internal enum KnockOutKind
{
    /// <summary>An RRset that it rests on is removed or altered wherever it is replied.</summary>
    Set = 0,

    /// <summary>One record of one reply is removed.</summary>
    RecordRemoved,

    /// <summary>One bit of one record of one reply is turned.</summary>
    RecordAltered,

    /// <summary>What was replied to another question is put in the place of one reply, or beside it.</summary>
    Replay,
}

/// <summary>One thing done to a proof.</summary>
/// <param name="Kind">Of what kind.</param>
/// <param name="Name">What, for people.</param>
/// <param name="Alter">Does it to a reply.</param>
/// <param name="IsNeeded">Whether the proof rests on it.</param>
internal sealed record KnockOut(KnockOutKind Kind, string Name, Func<Question, DnsMessage, DnsMessage> Alter, bool IsNeeded);

/// <summary>A question with the replies that its answer rests on.</summary>
/// <param name="world">The world.</param>
/// <param name="question">The question.</param>
/// <param name="expected">What it must come to.</param>
/// <param name="replies">What real servers reply.</param>
/// <param name="index">The question's number in its world: what is altered is drawn from the two.</param>
internal sealed class Proof(WorldPlan world, SetPlace question, Expectation expected, RecordedReplies replies, int index)
{
    private readonly Random _random = new((world.Seed * 1000) + index);

    public RecordedReplies Replies => replies;

    public string Kind => expected.Kind;

    /// <summary>The answer by what was really replied.</summary>
    public WorldAnswer Genuine { get; private set; } = new(PeerStatus.Failed, null, "", "not asked yet");

    /// <summary>Asks the real servers; false when they give no verdict.</summary>
    public async Task<bool> RecordAsync(CancellationToken cancellationToken)
    {
        Genuine = await AskAsync(replies, cancellationToken);
        return !Genuine.IsRefused;
    }

    public async Task<WorldAnswer> AskAsync(IDnsTransport through, CancellationToken cancellationToken)
    {
        var resolver = new Resolver(through, new ResolverOptions { Upstreams = [WorldServers.PlainServer], Anchors = Comparison.AnchorsOf(world), CacheBytes = 0 }, TimeProvider.System);
        return WorldAnswer.Of(await resolver.LookupAsync(question.Owner, question.Type, cancellationToken));
    }

    /// <summary>Every RRset that the answer rests on, in each way, in every reply that has it.</summary>
    public IEnumerable<KnockOut> KnockOuts() =>
        from place in Needed().Distinct()
        from alteration in Enum.GetValues<Alteration>()
        // RFC 2308 §2.2: a denial stands without SOA.
        let isNeeded = !(place.Type == RecordType.SOA && alteration == Alteration.SetRemoved && place != question)
        select new KnockOut(KnockOutKind.Set, $"{place} {alteration}", (_, message) => message.Altered(place, alteration, _random), isNeeded);

    /// <summary>Single records of single replies.</summary>
    public IEnumerable<KnockOut> Records(int most)
    {
        var all = replies.InOrder.SelectMany(each => each.Message.Answers.Concat(each.Message.Authorities).Select(record => (each.Question, record))).ToArray();
        _random.Shuffle(all);
        foreach (var (asked, record) in all.Take(most))
        {
            var flipped = record.Flipped(_random);
            yield return new(KnockOutKind.RecordRemoved, $"{record.Owner} {record.Type} removed from the reply to {asked}", (at, message) => at == asked ? message.Each(each => each == record ? null : each) : message, false);
            yield return new(KnockOutKind.RecordAltered, $"{record.Owner} {record.Type} altered in the reply to {asked}", (at, message) => at == asked ? message.Each(each => each == record ? flipped : each) : message, false);
        }
    }

    /// <summary>Genuine records of the same world in the wrong place: what was replied to other questions, as the whole reply, as its authority section, or beside the genuine records.</summary>
    public IEnumerable<KnockOut> Replays(IReadOnlyList<Proof> others, int most)
    {
        var asked = replies.InOrder;
        for (var i = 0; i < most; i++)
        {
            var at = asked[_random.Next(asked.Count)].Question;
            var pool = others[_random.Next(others.Count)].Replies.InOrder;
            var (other, message) = pool[_random.Next(pool.Count)];
            if (other == at) continue;
            var how = _random.Next(4);
            yield return new(KnockOutKind.Replay, $"the reply to {other} {how switch { 0 => "for the reply", 1 => "as the authority section of the reply", 2 => "with its response code as the authority section of the reply", _ => "beside the reply" }} to {at}", (question, genuine) => question != at ? genuine : how switch
            {
                0 => message,
                1 => genuine with { Answers = [], Authorities = message.Authorities },
                2 => genuine with { Answers = [], Authorities = message.Authorities, ResponseCode = message.ResponseCode },
                _ => genuine with { Answers = [.. message.Answers, .. genuine.Answers], Authorities = [.. message.Authorities, .. genuine.Authorities] },
            }, false);
        }
    }

    /// <summary>Never secure with other data, never insecure where it was secure; and where the proof rests on it, refused.</summary>
    public bool Allows(WorldAnswer altered, KnockOut knockOut)
    {
        if (altered.IsRefused) return true;
        if (Genuine.Status == PeerStatus.Insecure) return altered.Status == PeerStatus.Insecure && !knockOut.IsNeeded;
        // Only names below a denial above the limit, or in an opt-out span, may be those of an unsigned zone (RFC 9276 §3.2, RFC 5155 §8.6).
        if (altered.Status == PeerStatus.Insecure) return expected.Steps.Any(step => step.Zone.Chain.Any(zone => zone.HasTooManyIterations || zone.Nsec3 is { OptOut: true }));
        return !knockOut.IsNeeded && IsSame(altered);
    }

    /// <summary>What came of it, for counting.</summary>
    public string Outcome(WorldAnswer altered) =>
        altered.IsRefused ? "refused"
        : altered.Status == Genuine.Status ? IsSame(altered) ? $"{altered.Status} as before: nothing rested on it" : $"{altered.Status} with other records"
        : $"{altered.Status} where it was {Genuine.Status}: an opt-out span, or above the limit of iterations";

    public string Tell(WorldAnswer altered, KnockOut knockOut) =>
        $"seed {world.Seed}: {question}, {Genuine.Status}, {knockOut.Name}: {altered}\n  {string.Join("\n  ", expected.Steps.SelectMany(step => step.Zone.Chain).Distinct().Select(zone => $"{zone.Apex} {zone.Notes}"))}";

    private bool IsSame(WorldAnswer altered) => altered.Records == Genuine.Records && altered.Code == Genuine.Code;

    private IEnumerable<SetPlace> Needed()
    {
        foreach (var (zone, step) in expected.Steps)
        {
            // Below a delegation that is proven to be unsigned nothing rests on the zone's own records.
            if (zone.Standing == PeerStatus.Secure && expected.Status == PeerStatus.Secure)
                foreach (var place in step.Data.Concat(step.Denials)) yield return place;
            foreach (var each in zone.Chain)
            {
                if (each.Standing == PeerStatus.Secure)
                {
                    yield return new SetPlace(each.Apex, RecordType.DNSKEY);
                    if (each.Parent is not null) yield return new SetPlace(each.Apex, RecordType.DS);
                }
                else if (each is { Fault: ChainFault.NoDs, Parent: { Standing: PeerStatus.Secure, HasTooManyIterations: false } parent })
                {
                    foreach (var denial in new ZoneView(parent.Apex, parent.Sound).Find(each.Apex, RecordType.DS)!.Denials) yield return denial;
                }
            }
        }
    }
}
