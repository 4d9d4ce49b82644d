using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>
/// The proofs of random worlds, as real servers reply them, with each RRset that they rest on taken out, stripped of its signatures, or with a bit turned; and record by record.
/// What was secure is then refused, what was insecure never becomes secure.
/// </summary>
[Peer("unbound"), Peer("nsd"), Peer("ldns"), Peer("bind")]
[Collection("random worlds")]
public sealed class KnockOutTests(ITestOutputHelper output)
{
    private const int FirstSeed = 5001;
    private const int QuestionsPerZone = 5;
    private const int RecordsPerQuestion = 12;

    [Fact, Rfc(4035, "5"), Rfc(5155, "8"), Rfc(4035, "5.3.3")]
    public async Task What_a_proof_of_a_random_world_rests_on_cannot_be_taken_out_or_altered()
    {
        Peer.RequireOwnNetwork();
        var token = TestContext.Current.CancellationToken;
        var pool = KeyPool.Make();
        using var folder = new TestFolder("knockouts");
        var worlds = Enumerable.Range(FirstSeed, LongRun.IsOn ? 120 : 6).Select(seed => WorldPlan.Draw(seed, pool)).ToList();
        var builder = new WorldBuilder(folder, TimeProvider.System.GetUtcNow());
        foreach (var world in worlds) await builder.BuildAsync(world, token);
        await using var servers = await WorldServers.StartAsync(folder, worlds, token);
        await using var transport = new DnsTransport(new DnsTransportOptions { Timeout = TimeSpan.FromSeconds(5) }, TimeProvider.System);

        int proofs = 0, alterations = 0;
        var faults = new List<string>();
        foreach (var (world, question, expected) in worlds.SelectMany(world => world.Questions(QuestionsPerZone).Select(each => (world, each.Question, each.Expected))))
        {
            if (expected.Status is not (PeerStatus.Secure or PeerStatus.Insecure) || expected.Zone is null || question.Type is RecordType.ANY or RecordType.RRSIG) continue;
            var proof = new Proof(world, question, expected, new RecordedReplies(transport));
            var genuine = await proof.AskAsync(proof.Replies, token);
            // Where even the genuine answer is read otherwise, the comparison of worlds tells why.
            if (genuine.Status != expected.Status) continue;
            proofs++;
            foreach (var knockOut in proof.KnockOuts().Concat(proof.Records(RecordsPerQuestion)))
            {
                alterations++;
                var altered = await proof.AskAsync(new AlteredReplies(proof.Replies, knockOut.Alter), token);
                if (proof.Allows(genuine, altered, knockOut)) continue;
                faults.Add($"seed {world.Seed}: {question}, {genuine.Status}, {knockOut.Name}: {altered}\n  {string.Join("\n  ", expected.Steps.SelectMany(step => step.Zone.Chain).Distinct().Select(zone => $"{zone.Apex} {zone.Notes}"))}");
            }
        }

        output.WriteLine($"TELL: {alterations} records and sets of {proofs} proofs of {worlds.Count} random worlds taken out or altered, {faults.Count} of them unnoticed");
        Assert.True(faults.Count == 0, string.Join("\n", faults.Take(8)));
        Assert.True(proofs >= 40 && alterations >= 1000, "too few proofs");
    }
}

/// <summary>One thing done to a proof.</summary>
/// <param name="Name">What, for people.</param>
/// <param name="Alter">Does it to a reply.</param>
/// <param name="IsNeeded">Whether the proof rests on it.</param>
/// <param name="LeavesUnsigned">Whether what remains may look like that of an unsigned zone.</param>
internal sealed record KnockOut(string Name, Func<Question, DnsMessage, DnsMessage> Alter, bool IsNeeded, bool LeavesUnsigned);

/// <summary>A question with the replies that its answer rests on.</summary>
internal sealed class Proof(WorldPlan world, SetPlace question, Expectation expected, RecordedReplies replies)
{
    private readonly Random _random = new(world.Seed + question.GetHashCode());

    public RecordedReplies Replies => replies;

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
        select new KnockOut($"{place} {alteration}", (_, message) => message.Altered(place, alteration, _random), isNeeded, alteration is Alteration.SetRemoved or Alteration.SignaturesRemoved);

    /// <summary>Single records of single replies, some of them.</summary>
    public IEnumerable<KnockOut> Records(int most)
    {
        var all = replies.Messages.SelectMany(each => each.Value.Answers.Concat(each.Value.Authorities).Select(record => (each.Key, record))).ToArray();
        _random.Shuffle(all);
        foreach (var (asked, record) in all.Take(most))
        {
            var flipped = record.Flipped(_random);
            yield return new($"{record.Owner} {record.Type} removed from the reply to {asked}", (at, message) => at == asked ? message.Each(each => each == record ? null : each) : message, false, true);
            yield return new($"{record.Owner} {record.Type} altered in the reply to {asked}", (at, message) => at == asked ? message.Each(each => each == record ? flipped : each) : message, false, false);
        }
    }

    /// <summary>Never secure with other data, never insecure where it was secure; and where the proof rests on it, refused.</summary>
    public bool Allows(WorldAnswer genuine, WorldAnswer altered, KnockOut knockOut)
    {
        if (altered.IsRefused) return true;
        if (genuine.Status == PeerStatus.Insecure) return altered.Status == PeerStatus.Insecure && !knockOut.IsNeeded;
        // Only names below a denial above the limit, or in an opt-out span, may be those of an unsigned zone (RFC 9276 §3.2, RFC 5155 §8.6).
        if (altered.Status == PeerStatus.Insecure) return expected.Steps.Any(step => step.Zone.Chain.Any(zone => zone.HasTooManyIterations || zone.Nsec3 is { OptOut: true }));
        return !knockOut.IsNeeded && altered.Records == genuine.Records && altered.Code == genuine.Code;
    }

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
