using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>One question, what it must come to, and what each resolver made of it.</summary>
internal sealed record Compared(WorldPlan World, SetPlace Question, Expectation Expected, WorldAnswer Ours, WorldAnswer Unbound)
{
    /// <summary>Verdicts that are the same for whoever relies on them, and where there is an answer its code and its records.</summary>
    public bool Agrees => Ours.IsRefused == Unbound.IsRefused && (Ours.IsRefused || (Ours.Status == Unbound.Status && (SaysAnything || (Ours.Code == Unbound.Code && Ours.Records == Unbound.Records))));

    // RFC 8482 §4.1: to ANY a server may show what it likes of a name, and a cache shows what it has.
    private bool SaysAnything => Question.Type is RecordType.ANY or RecordType.RRSIG;

    /// <summary>Accepted there, secure or insecure, and refused here.</summary>
    public bool OnlyWeRefuse => Ours.IsRefused && !Unbound.IsRefused;

    /// <summary>Refused there, and accepted here.</summary>
    public bool OnlyUnboundRefuses => Unbound.IsRefused && !Ours.IsRefused;

    public bool IsAsExpected => Expected.Status is not { } status || (status == PeerStatus.Bogus ? Ours.IsRefused : Ours.Status == status);

    public bool UnboundIsAsExpected => Expected.Status is not { } status || (status == PeerStatus.Bogus ? Unbound.IsRefused : Unbound.Status == status);
}

/// <summary>Asks every question of some worlds.</summary>
internal sealed class Comparison(DnsTransport transport, int most)
{
    private const int InFlight = 96;

    public async Task<List<Compared>> AskAsync(IReadOnlyList<WorldPlan> worlds, Func<WorldPlan, Resolver> resolverOf, CancellationToken cancellationToken)
    {
        var questions = worlds.SelectMany(world =>
        {
            var resolver = resolverOf(world);
            return world.Questions(most).Select(each => (World: world, Resolver: resolver, each.Question, each.Expected));
        }).ToList();
        var results = new Compared[questions.Count];
        await Parallel.ForAsync(0, questions.Count, new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellationToken }, async (i, token) =>
        {
            var (world, resolver, question, expected) = questions[i];
            results[i] = await AskAsync(world, resolver, question, expected, token);
        });

        // A server that had no time to answer has said nothing about the zone: asked again, fewer at a time, then one by one. Some questions end NSD 4.6: those fail for all.
        foreach (var inFlight in (int[])[8, 1])
        {
            var again = Enumerable.Range(0, results.Length).Where(i => HasNoAnswer(results[i], inFlight > 1)).ToList();
            if (again.Count == 0) break;
            // unbound keeps a SERVFAIL for five seconds.
            await Task.Delay(TimeSpan.FromSeconds(6), cancellationToken);
            await Parallel.ForEachAsync(again, new ParallelOptions { MaxDegreeOfParallelism = inFlight, CancellationToken = cancellationToken }, async (i, token) =>
                results[i] = await AskAsync(questions[i].World, resolverOf(questions[i].World), questions[i].Question, questions[i].Expected, token));
        }

        return [.. results];
    }

    private static bool HasNoAnswer(Compared each, bool alsoBoth)
    {
        if (each is { Agrees: true, IsAsExpected: true }) return false;
        var (ours, theirs) = (each.Ours.Status == PeerStatus.Failed, each.Unbound.Status == PeerStatus.Failed);
        return alsoBoth ? ours || theirs : ours != theirs;
    }

    private async Task<Compared> AskAsync(WorldPlan world, Resolver resolver, SetPlace question, Expectation expected, CancellationToken cancellationToken)
    {
        var theirs = await transport.ExchangeAsync(new DnsQuery(new(question.Owner, question.Type), WorldServers.ValidatingServer, CheckingDisabled: false), cancellationToken);
        var ours = await resolver.LookupAsync(question.Owner, question.Type, cancellationToken);
        return new Compared(world, question, expected, WorldAnswer.Of(ours), WorldAnswer.Of(theirs));
    }

    public static TrustAnchors AnchorsOf(WorldPlan world) =>
        TrustAnchors.TryCreate(world.Anchors, out var anchors, out var unfit) ? anchors : throw new FormatException($"{unfit.Owner} {unfit.Type}");
}
