using System.Diagnostics;
using System.Globalization;
using System.Text;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Resolution;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>
/// Random signed worlds, sound and broken, asked of Danelaw and of unbound, and held against what their construction says.
/// <c>DANELAW_WORLD_SEED=n</c> asks everything of one world, <c>DANELAW_WORLD_COUNT=m</c> with it begins there and goes on for m worlds.
/// </summary>
[Peer("unbound"), Peer("nsd"), Peer("ldns"), Peer("bind")]
[Collection("random worlds")]
public sealed class RandomWorldTests(ITestOutputHelper output)
{
    private const int FirstSeed = 1;
    private const int Batch = 70;
    private const int QuestionsPerZone = 18;

    // Each kind of proof at least this part of all questions; what is asked beside (RRSIG, names outside, a DNAME's result too long) has no proof to count.
    private const double LeastOfEachKind = 0.01;
    private static readonly string[] Uncounted = [nameof(ProofClass.None), nameof(ProofClass.Outside), nameof(ProofClass.Signatures), nameof(ProofClass.DnameTooLong), "Unsigned"];

    [Fact]
    [Rfc(4033, "5"), Rfc(4035, "5"), Rfc(5155, "8"), Rfc(4592, "3.3.1"), Rfc(6672, "5.3.1"), Rfc(6840, "5"), Rfc(9276, "3.2")]
    public async Task Random_signed_worlds_are_judged_as_they_were_made_and_as_unbound_judges_them()
    {
        Peer.RequireOwnNetwork();
        var token = TestContext.Current.CancellationToken;
        var only = Environment.GetEnvironmentVariable("DANELAW_WORLD_SEED");
        var first = only is null ? FirstSeed : int.Parse(only, CultureInfo.InvariantCulture);
        var count = only is null ? LongRun.Times(42) : int.Parse(Environment.GetEnvironmentVariable("DANELAW_WORLD_COUNT") ?? "1", CultureInfo.InvariantCulture);
        var watch = Stopwatch.StartNew();
        var pool = KeyPool.Make();
        var tally = new Tally();
        for (var begin = first; begin < first + count; begin += Batch)
            await CompareAsync(begin, Math.Min(Batch, first + count - begin), pool, tally, count == 1 ? int.MaxValue : QuestionsPerZone, token);

        foreach (var line in tally.Lines()) output.WriteLine($"TELL: {line}");
        output.WriteLine($"TELL: {watch.Elapsed.TotalSeconds:F0} s");
        Assert.True(tally.Faults.Count == 0, string.Join("\n\n", tally.Faults.Take(15)) + $"\n\n{tally.Faults.Count} in all");
        if (only is not null) return;
        Assert.True(tally.PartExpected(PeerStatus.Bogus) >= 0.20, "fewer than one in five is expected bogus");
        Assert.True(tally.PartExpected(PeerStatus.Insecure) >= 0.10, "fewer than one in ten is expected insecure");
        Assert.All(tally.Kinds.Keys.Except(Uncounted), kind => Assert.True(tally.Kinds[kind] >= LeastOfEachKind * tally.Questions, $"too few of {kind}"));
    }

    private static async Task CompareAsync(int first, int count, KeyPool pool, Tally tally, int most, CancellationToken cancellationToken)
    {
        using var folder = new TestFolder("worlds");
        var worlds = Enumerable.Range(first, count).Select(seed => WorldPlan.Draw(seed, pool)).ToList();
        var builder = new WorldBuilder(folder, TimeProvider.System.GetUtcNow());
        await Parallel.ForEachAsync(worlds, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (world, token) => await builder.BuildAsync(world, token));
        await using var servers = await WorldServers.StartAsync(folder, worlds, cancellationToken);
        await using var transport = new DnsTransport(new DnsTransportOptions { Timeout = TimeSpan.FromSeconds(5) }, TimeProvider.System);
        var results = await new Comparison(transport, most).AskAsync(worlds, world => ResolverFor(world, transport, servers.RootHints), cancellationToken);
        tally.Worlds += worlds.Count;
        tally.Zones += worlds.Sum(world => world.Zones.Count);
        foreach (var each in results)
        {
            tally.Count(each);
            if (each.IsAsExpected && each.UnboundIsAsExpected && each.Agrees) continue;
            var reading = KnownReading.For(each);
            if (reading is not null) tally.Explain(reading);
            if (await FaultOfAsync(each, reading, folder, cancellationToken) is { } fault) tally.Faults.Add(fault);
        }
    }

    /// <summary>Every other world is resolved from the root hints, the rest through a recursive resolver that validates nothing.</summary>
    private static Resolver ResolverFor(WorldPlan world, DnsTransport transport, string rootHints) => new(transport, new ResolverOptions
    {
        Upstreams = world.IsIterated ? [] : [WorldServers.PlainServer],
        Iteration = world.IsIterated ? new IterationOptions { Hints = RootHints.TryCreate(ZoneTools.Read(rootHints), out var hints, out var fault) ? hints : throw new FormatException(fault) } : null,
        Anchors = Comparison.AnchorsOf(world),
        Nsec3IterationLimit = WorldPlan.IterationLimit,
        // Nothing is kept: what one question proved must not answer another (RFC 8198), or a verdict would depend on the order of asking.
        CacheBytes = 0,
        Limits = new() { Time = TimeSpan.FromSeconds(30) },
    }, TimeProvider.System);

    /// <summary>What must not be, even where a reading explains the disagreement.</summary>
    private static async Task<string?> FaultOfAsync(Compared each, KnownReading? reading, TestFolder folder, CancellationToken cancellationToken)
    {
        var delv = reading is null || (each.Ours.Status == PeerStatus.Secure && each.Unbound.IsRefused && !reading.IsWithoutArbiter) ? await DelvAsync(each, folder, cancellationToken) : null;
        // What nobody can resolve, with or without validating, says nothing of a validator.
        if (reading is null && each.Ours.Status == PeerStatus.Failed && each.Unbound.Status == PeerStatus.Failed && delv!.Status == PeerStatus.Failed) return null;
        if (reading is null) return Told(each, delv, "a disagreement that nothing explains");
        if (each.World.IsSound && each.Ours.IsRefused && each.Expected.Status != PeerStatus.Bogus) return Told(each, delv, "an honest answer refused");
        // Secure here and refused there stands only where BIND does not refuse it either.
        return delv is { Status: < PeerStatus.Insecure } ? Told(each, delv, "secure, where unbound and delv refuse") : null;
    }

    private static Task<DelvAnswer> DelvAsync(Compared each, TestFolder folder, CancellationToken cancellationToken)
    {
        var anchors = string.Concat(each.World.Anchors.Select(anchor => ZoneWriter.ToLine(anchor) + "\n"));
        var server = WorldServers.PlainServer.EndPoint;
        // delv, like unbound, asks the CNAME of a DNAME for a signature of its own: what it says of the DNAME decides (RFC 6672 §5.3.1).
        var asked = each.Question.Type == RecordType.CNAME && each.Expected.Class == ProofClass.Dname ? each.Expected.Steps[0].Step.Data[0] : each.Question;
        return new Delv($"{server.Address}", server.Port, anchors, folder, $"{each.World.Top.Apex}").AskAsync($"{asked.Owner}", RecordTypes.ToText(asked.Type), cancellationToken);
    }

    private static string Told(Compared each, DelvAnswer? delv, string what)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{what}: {each.Question}, made to be {each.Expected.Class} {each.Expected.Status}")
            .AppendLine(CultureInfo.InvariantCulture, $"  Danelaw {each.Ours}{(each.World.IsIterated ? ", iterating" : "")}\n  unbound {each.Unbound}\n  delv    {delv?.Status}");
        if (each.Ours.Records != each.Unbound.Records) text.AppendLine(CultureInfo.InvariantCulture, $"  Danelaw's records {each.Ours.Records}\n  unbound's {each.Unbound.Records}");
        foreach (var (zone, step) in each.Expected.Steps)
            text.AppendLine(CultureInfo.InvariantCulture, $"  {zone.Apex} ({zone.Standing}, by {zone.Tool}{(zone.Nsec3 is { } nsec3 ? $", NSEC3 {nsec3.Iterations}{(nsec3.OptOut ? " opt-out" : "")}" : "")}): {step.Class} of {string.Join(", ", step.Data.Concat(step.Denials).Select(place => $"{place}{(zone.Bad.Contains(place) ? "!" : zone.Lies.Contains(place) ? "?" : "")}"))}");
        foreach (var zone in each.Expected.Steps.SelectMany(step => step.Zone.Chain).Distinct())
            text.AppendLine(CultureInfo.InvariantCulture, $"  {zone.Apex}: {(zone.Notes.Length > 1500 ? zone.Notes[..1500] + " …" : zone.Notes)}");
        text.Append(CultureInfo.InvariantCulture, $"  again: DANELAW_WORLD_SEED={each.World.Seed} ./test Random_signed_worlds (DANELAW_WORLD_ZONES=FOLDER keeps the zone files)");
        if (Environment.GetEnvironmentVariable("DANELAW_WORLD_ZONES") is { } kept)
            foreach (var zone in each.World.Zones) File.WriteAllText(Path.Combine(kept, $"{zone.Apex}zone"), WorldServers.TextOf(zone));
        return text.ToString();
    }
}
