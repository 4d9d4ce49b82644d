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
    private const int Batch = 140;
    private const int QuestionsPerZone = 12;

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
        // While some worlds are asked, the next are signed.
        Task<BuiltWorlds>? next = null;
        for (var begin = first; begin < first + count; begin += Batch)
        {
            using var built = await (next ?? BuiltWorlds.MakeAsync(begin, Math.Min(Batch, first + count - begin), pool, token));
            var after = begin + Batch;
            next = after < first + count ? Task.Run(() => BuiltWorlds.MakeAsync(after, Math.Min(Batch, first + count - after), pool, token), token) : null;
            if (count == 1 && WorldServers.KeptZones is { }) foreach (var world in built.Worlds) WorldServers.Keep(world);
            await CompareAsync(built, tally, count == 1 ? int.MaxValue : QuestionsPerZone, token);
            if (WorldServers.KeptZones is { } kept) File.WriteAllText(Path.Combine(kept, "faults"), string.Join("\n\n", tally.Faults));
            if (after < first + count) output.WriteLine($"{tally.Worlds} worlds, {tally.Questions} questions, {tally.Faults.Count} faults, {watch.Elapsed.TotalSeconds:F0} s");
        }

        foreach (var line in tally.Lines()) output.WriteLine($"TELL: {line}");
        output.WriteLine($"TELL: {watch.Elapsed.TotalSeconds:F0} s");
        Assert.True(tally.Faults.Count == 0, string.Join("\n\n", tally.Faults.Take(15)) + $"\n\n{tally.Faults.Count} in all");
        if (only is not null) return;
        Assert.True(tally.PartExpected(PeerStatus.Bogus) >= 0.20, "fewer than one in five is expected bogus");
        Assert.True(tally.PartExpected(PeerStatus.Insecure) >= 0.10, "fewer than one in ten is expected insecure");
        Assert.All(tally.Kinds.Keys.Except(Uncounted), kind => Assert.True(tally.Kinds[kind] >= LeastOfEachKind * tally.Questions, $"too few of {kind}"));
    }

    private static async Task CompareAsync(BuiltWorlds built, Tally tally, int most, CancellationToken cancellationToken)
    {
        var (folder, worlds) = (built.Folder, built.Worlds);
        await using var servers = await WorldServers.StartAsync(folder, worlds, cancellationToken);
        await using var transport = new DnsTransport(new DnsTransportOptions { Timeout = TimeSpan.FromSeconds(5) }, TimeProvider.System);
        var results = await new Comparison(transport, most).AskAsync(worlds, world => ResolverFor(world, transport, servers.RootHints, keeps: false), cancellationToken);
        tally.Worlds += worlds.Count;
        tally.Zones += worlds.Sum(world => world.Zones.Count);
        foreach (var each in results) tally.Count(each);
        await KeptAnswers.AskAsync(results, world => ResolverFor(world, transport, servers.RootHints, keeps: true), tally, cancellationToken);

        // Each of them is a process: some at a time.
        var disagreements = results.Where(each => !(each.IsAsExpected && each.UnboundIsAsExpected && each.Agrees)).ToList();
        var told = new (Compared Each, KnownReading? Reading, Arbiter? Arbiter)[disagreements.Count];
        await Parallel.ForAsync(0, told.Length, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken }, async (i, token) =>
        {
            var each = disagreements[i];
            var (reading, arbiter) = (KnownReading.For(each), default(Arbiter));
            // Who had no answer says nothing of the data, whatever else could explain it.
            if (reading is null || (each.Unbound.Status == PeerStatus.Failed && NeedsArbiter(each, reading)))
            {
                var alone = each with { Unbound = await servers.AskAloneAsync(transport, folder, each.World, each.Question, token) };
                if (alone is { Agrees: true, IsAsExpected: true, UnboundIsAsExpected: true }) (reading, arbiter) = (KnownReading.UnboundBusy, new("unbound alone", alone.Unbound.Status, ""));
                else if (KnownReading.For(alone) is { } other) (each, reading) = (alone, other);
            }

            if (arbiter is null && NeedsArbiter(each, reading)) arbiter = await ArbitrateAsync(each, transport, folder, token);
            told[i] = (each, reading, arbiter);
        });
        foreach (var (each, reading, arbiter) in told)
        {
            if (reading is not null) tally.Explain(reading, each, arbiter);
            else if (IsUnboundAlone(each, arbiter!)) tally.Explain(KnownReading.UnboundAlone, each, arbiter);
            if (FaultOf(each, reading, arbiter) is { } fault) tally.Faults.Add(fault);
        }
    }

    /// <summary>Every other world is resolved from the root hints, the rest through a recursive resolver that validates nothing.</summary>
    private static Resolver ResolverFor(WorldPlan world, DnsTransport transport, string rootHints, bool keeps) => new(transport, new ResolverOptions
    {
        Upstreams = world.IsIterated ? [] : [WorldServers.PlainServer],
        Iteration = world.IsIterated ? new IterationOptions { Hints = RootHints.TryCreate(ZoneTools.Read(rootHints), out var hints, out var fault) ? hints : throw new FormatException(fault) } : null,
        Anchors = Comparison.AnchorsOf(world),
        Nsec3IterationLimit = WorldPlan.IterationLimit,
        // Beside unbound the keys of zones are kept, and no records: what one question proved must not answer another (RFC 8198), or a verdict would depend on the order of asking.
        KeepsAnswersOnly = !keeps,
        Limits = new() { Time = TimeSpan.FromSeconds(30) },
    }, TimeProvider.System);

    // Where nothing explains it, and wherever what is secure here is refused there.
    private static bool NeedsArbiter(Compared each, KnownReading? reading) => reading is null || (each.Ours.Status == PeerStatus.Secure && each.OnlyUnboundRefuses);

    /// <summary>What must not be, even where a reading explains the disagreement.</summary>
    private static string? FaultOf(Compared each, KnownReading? reading, Arbiter? arbiter)
    {
        // What nobody can resolve, with or without validating, says nothing of a validator; nor does what the resolver fails at that both ask who are not unbound.
        if (reading is null && each.Ours.Status == PeerStatus.Failed && arbiter!.Status == PeerStatus.Failed && (each.Unbound.Status == PeerStatus.Failed || !each.World.IsIterated)) return null;
        if (reading is null && IsUnboundAlone(each, arbiter!)) return null;
        if (reading is null) return Told(each, arbiter, "a disagreement that nothing explains");
        if (each.World.IsSound && each.Ours.IsRefused && each.Expected.Status != PeerStatus.Bogus) return Told(each, arbiter, "an honest answer refused");
        // Secure here and refused there stands only where the arbiter says secure as well.
        return NeedsArbiter(each, reading) && arbiter!.Status != PeerStatus.Secure ? Told(each, arbiter, "secure, where unbound refuses and the arbiter is not for it") : null;
    }

    /// <summary>Where unbound says nothing of the data, or alone accepts what was made to be refused: the construction says as we do, and the arbiter is not against it.</summary>
    private static bool IsUnboundAlone(Compared each, Arbiter arbiter) => each is { IsAsExpected: true, Expected.Status: { } expected } && (each.OnlyWeRefuse
        ? expected == PeerStatus.Bogus && arbiter.Status is PeerStatus.Bogus or PeerStatus.Failed
        : each.Unbound.Status == PeerStatus.Failed && (expected != PeerStatus.Secure || arbiter.Status == PeerStatus.Secure));

    /// <summary>
    /// Who decides between what is secure here and refused by unbound: unbound itself, asked for the RRsets that the answer is made of, or else delv. delv gives up at the first
    /// signature that does not verify, also where a good one stands beside it (RFC 4035 §5.3.3).
    /// </summary>
    private static async Task<Arbiter> ArbitrateAsync(Compared each, DnsTransport transport, TestFolder folder, CancellationToken cancellationToken)
    {
        SetPlace[] parts = each.Question.Type switch
        {
            // Both look for a signature of its own on the CNAME that a DNAME makes: what they say of the DNAME decides (RFC 6672 §5.3.1).
            RecordType.CNAME when each.Expected.Class == ProofClass.Dname => [each.Expected.Steps[0].Step.Data[0]],
            // RFC 8482 §4.1: of all that is at a name each shows some; what is shown here has to be good.
            RecordType.ANY when each.Ours.Types.Any() => [.. each.Ours.Types.Select(type => new SetPlace(each.Question.Owner, type))],
            _ => [],
        };
        if (parts.Length > 0)
        {
            var weakest = PeerStatus.Secure;
            foreach (var part in parts)
            {
                var answer = WorldAnswer.Of(await transport.ExchangeAsync(new DnsQuery(new(part.Owner, part.Type), WorldServers.ValidatingServer, CheckingDisabled: false), cancellationToken));
                if (answer.Status < weakest) weakest = answer.Status;
            }

            if (weakest == PeerStatus.Secure) return new("unbound of its parts", weakest, "");
        }

        var anchors = string.Concat(each.World.Anchors.Select(anchor => ZoneWriter.ToLine(anchor) + "\n"));
        var server = WorldServers.PlainServer.EndPoint;
        var delv = new Delv($"{server.Address}", server.Port, anchors, folder, $"{each.World.Top.Apex}");
        DelvAnswer? worst = null;
        foreach (var place in parts.DefaultIfEmpty(each.Question))
        {
            try
            {
                var answer = await delv.AskAsync($"{place.Owner}", RecordTypes.ToText(place.Type), cancellationToken);
                if (worst is null || answer.Status < worst.Status) worst = answer;
            }
            catch (TimeoutException unanswered)
            {
                // Some questions end NSD 4.6: nobody gets an answer.
                return new("delv", PeerStatus.Failed, unanswered.Message);
            }
        }

        return new("delv", worst!.Status, worst.Text.Split('\n').FirstOrDefault(line => line.StartsWith(";;", StringComparison.Ordinal)) ?? "");
    }

    private static string Told(Compared each, Arbiter? arbiter, string what)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{what}: {each.Question}, made to be {each.Expected.Class} {each.Expected.Status}")
            .AppendLine(CultureInfo.InvariantCulture, $"  Danelaw {each.Ours}{(each.World.IsIterated ? ", iterating" : "")}\n  unbound {each.Unbound}\n  {arbiter}");
        if (each.Ours.Records != each.Unbound.Records) text.AppendLine(CultureInfo.InvariantCulture, $"  Danelaw's records {each.Ours.Records}\n  unbound's {each.Unbound.Records}");
        foreach (var (zone, step) in each.Expected.Steps)
            text.AppendLine(CultureInfo.InvariantCulture, $"  {zone.Apex} ({zone.Standing}, by {zone.Tool}{(zone.Nsec3 is { } nsec3 ? $", NSEC3 {nsec3.Iterations}{(nsec3.OptOut ? " opt-out" : "")}" : "")}): {step.Class} of {string.Join(", ", step.Data.Concat(step.Denials).Select(place => $"{place}{(zone.Bad.Contains(place) ? "!" : zone.Lies.Contains(place) ? "?" : "")}"))}");
        foreach (var zone in each.Expected.Steps.SelectMany(step => step.Zone.Chain).Distinct())
            text.AppendLine(CultureInfo.InvariantCulture, $"  {zone.Apex}: {(zone.Notes.Length > 1500 ? zone.Notes[..1500] + " …" : zone.Notes)}");
        text.Append(CultureInfo.InvariantCulture, $"  again: DANELAW_WORLD_SEED={each.World.Seed} ./test Random_signed_worlds (DANELAW_WORLD_ZONES=FOLDER keeps the zone files)");
        WorldServers.Keep(each.World);
        return text.ToString();
    }
}
