using System.Collections.Concurrent;
using System.Globalization;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>
/// The proofs of random worlds, as real servers reply them, with each RRset that they rest on taken out, stripped of its signatures, or with a bit turned; record by record;
/// and with what the same servers replied to other questions in their place. What was secure is then refused, what was insecure never becomes secure.
/// </summary>
[Peer("unbound"), Peer("nsd"), Peer("ldns"), Peer("bind")]
[Collection("random worlds")]
public sealed class KnockOutTests(ITestOutputHelper output)
{
    private const int FirstSeed = 5001;
    private const int QuestionsPerZone = 5;

    // In ordinary runs some of the records and of the replays; in the long one every record.
    private static readonly int RecordsPerQuestion = LongRun.IsOn ? int.MaxValue : 12;
    private static readonly int ReplaysPerQuestion = LongRun.IsOn ? 24 : 4;
    private static readonly int Worlds = LongRun.IsOn ? 40 : 6;

    // What has no proof to take anything out of.
    private static readonly string[] Unproven = [nameof(ProofClass.None), nameof(ProofClass.Outside), nameof(ProofClass.Signatures), nameof(ProofClass.Any), nameof(ProofClass.DnameTooLong), "Unsigned"];

    [Fact, Rfc(4035, "5"), Rfc(5155, "8"), Rfc(4035, "5.3.3")]
    public async Task What_a_proof_of_a_random_world_rests_on_cannot_be_taken_out_or_altered_or_replaced()
    {
        Peer.RequireOwnNetwork();
        var token = TestContext.Current.CancellationToken;
        var first = Environment.GetEnvironmentVariable("DANELAW_WORLD_SEED") is { } only ? int.Parse(only, CultureInfo.InvariantCulture) : FirstSeed;
        using var built = await BuiltWorlds.MakeAsync(first, Worlds, KeyPool.Make(), token);
        var worlds = built.Worlds;
        await using var servers = await WorldServers.StartAsync(built.Folder, worlds, token);
        await using var transport = new DnsTransport(new DnsTransportOptions { Timeout = TimeSpan.FromSeconds(5) }, TimeProvider.System);

        var proofs = new ConcurrentDictionary<string, int>();
        var counts = new ConcurrentDictionary<(KnockOutKind Kind, string Outcome), int>();
        var faults = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(worlds, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = token }, async (world, ended) =>
        {
            var recorded = new List<Proof>();
            foreach (var (index, (question, expected)) in world.Questions(QuestionsPerZone).Index())
            {
                if (expected.Status is not (PeerStatus.Secure or PeerStatus.Insecure) || expected.Zone is null || question.Type is RecordType.ANY or RecordType.RRSIG) continue;
                var proof = new Proof(world, question, expected, new RecordedReplies(transport), index);
                // Where even the genuine answer is read otherwise, the comparison of worlds tells why.
                if (await proof.RecordAsync(ended) && proof.Genuine.Status == expected.Status) recorded.Add(proof);
            }

            foreach (var proof in recorded)
            {
                proofs.AddOrUpdate(proof.Kind, 1, (_, before) => before + 1);
                foreach (var knockOut in proof.KnockOuts().Concat(proof.Records(RecordsPerQuestion)).Concat(proof.Replays(recorded, ReplaysPerQuestion)))
                {
                    var altered = await proof.AskAsync(new AlteredReplies(proof.Replies, knockOut.Alter), ended);
                    counts.AddOrUpdate((knockOut.Kind, proof.Outcome(altered)), 1, (_, before) => before + 1);
                    if (!proof.Allows(altered, knockOut)) faults.Enqueue(proof.Tell(altered, knockOut));
                }
            }
        });

        output.WriteLine($"TELL: {counts.Values.Sum()} records, sets and replies of {proofs.Values.Sum()} proofs of {worlds.Count} random worlds taken out, altered or replaced, {faults.Count} of them unnoticed");
        output.WriteLine($"TELL: proofs by class: {string.Join(", ", proofs.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => $"{each.Key} {each.Value}"))}");
        foreach (var kind in counts.GroupBy(each => each.Key.Kind).OrderBy(kind => kind.Key))
            output.WriteLine($"TELL: {kind.Key}: {string.Join(", ", kind.OrderBy(each => each.Key.Outcome, StringComparer.Ordinal).Select(each => $"{each.Value} {each.Key.Outcome}"))}");
        Assert.True(faults.IsEmpty, string.Join("\n", faults.Take(8)));
        Assert.True(proofs.Values.Sum() >= 40 && counts.Values.Sum() >= 1000, "too few proofs");
        if (LongRun.IsOn) Assert.Empty(worlds.SelectMany(world => world.Questions(QuestionsPerZone)).Select(each => each.Expected.Kind).Distinct().Except(Unproven).Except(proofs.Keys));
    }
}
