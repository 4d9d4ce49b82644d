using Danelaw.Discovery;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Servers;

namespace Danelaw.Checks;

/// <summary>
/// Asks the name servers of every zone on the way of a check: the domain's, those of its hosts and of their TLSA records, and those that aliases lead to. It decides nothing, and what there is
/// no time for is left.
/// </summary>
/// <param name="budget">The time of the check.</param>
/// <param name="survey">Asks the servers of one zone.</param>
/// <param name="clock">Measures how long nobody answers.</param>
/// <param name="caller">The caller's token.</param>
internal sealed class ZoneTour(CheckBudget budget, ServerSurvey survey, TimeProvider clock, CancellationToken caller)
{
    // Hosts and their zones are the domain's to name, be there as many as it likes.
    private const int MostNames = 64;
    private const int MostZones = 16;
    private const int MostQuestions = 24;
    private const int MostAtOnce = 48;

    /// <summary>Makes the tour.</summary>
    /// <param name="evidence">The hosts, as far as the DNS goes.</param>
    /// <param name="patience">After how long without a single reply it is given up.</param>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    internal async Task<ServerTour> AskAsync(CheckEvidence evidence, TimeSpan patience)
    {
        if (survey.Cut.IsWhole) return new() { IsCutShort = true };
        using var work = budget.Work();
        using var transport = new TourTransport(survey.Transport, MostAtOnce);
        var heard = survey.Over(transport);
        try
        {
            var found = await Task.WhenAll(OnTheWay(evidence).Take(MostNames).Select(one => survey.FindAsync(budget, one.Question, one.Answer, budget.Limit))).ConfigureAwait(false);

            // From here on the servers themselves are asked. Where none of them answers, a machine behind a firewall is not to be kept waiting for each.
            using var end = CancellationTokenSource.CreateLinkedTokenSource(budget.Limit);
            await using var silence = clock.CreateTimer(_ => EndUnlessHeard(transport, end), null, patience, Timeout.InfiniteTimeSpan).ConfigureAwait(false);
            var zones = Gather(await Task.WhenAll(found.Select(one => WithoutDoubtAsync(heard, one, found, end.Token))).ConfigureAwait(false));
            var asked = await Task.WhenAll(zones.Take(MostZones).Select(zone => AskAsync(heard, zone, end.Token))).ConfigureAwait(false);
            return new() { Zones = [.. asked], ZonesLeftOut = Math.Max(0, zones.Count - MostZones) };
        }
        catch (OperationCanceledException)
        {
            caller.ThrowIfCancellationRequested();
            return new() { IsCutShort = true };
        }
    }

    /// <summary>Every name that was asked for, and every one that an alias led to, with the type.</summary>
    private static IEnumerable<(Question Question, Answer Answer)> OnTheWay(CheckEvidence evidence)
    {
        var seen = new HashSet<Question>();
        foreach (var answer in evidence.Lookups)
        {
            // A domain or host that does not exist is nobody's, and the servers above have better things to do. A CNAME question only tells how secure an alias is.
            if (answer.Question.Type == RecordType.CNAME || (answer.IsNameError && answer.Question.Type != RecordType.TLSA)) continue;
            foreach (var name in NamesOf(answer))
                if (seen.Add(new(name, answer.Question.Type))) yield return (new(name, answer.Question.Type), answer);
        }
    }

    private static IEnumerable<DomainName> NamesOf(Answer answer)
    {
        yield return answer.Question.Name;
        foreach (var link in answer.Chain)
            if (link.Records is { Type: RecordType.CNAME } alias && NameData.TryRead(alias.Data[0], out var target)) yield return target.Name;
    }

    /// <summary>The names by the zones that hold them, in the order of the walk. Where a lookup leaves it open whether a name is a zone of its own, it counts to the zone that others were found in.</summary>
    private static List<ServerEvidence> Gather(IReadOnlyCollection<ServerEvidence> found)
    {
        var zones = new List<ServerEvidence>();
        foreach (var one in found.Where(one => one.Zone is not null).OrderBy(one => one.Doubt is null ? 0 : 1))
        {
            var at = zones.FindIndex(zone => zone.Zone == one.Zone);
            if (at < 0 && one.Doubt is null) zones.Add(one with { IsOnTheWay = true });
            else if (at >= 0 && zones[at].Further.Length + 1 < MostQuestions) zones[at] = zones[at] with { Further = zones[at].Further.Add(one.Question) };
        }

        return zones;
    }

    /// <summary>Where no other name has shown which zone this one lies in, the zone above is asked.</summary>
    private static async Task<ServerEvidence> WithoutDoubtAsync(ServerSurvey survey, ServerEvidence one, ServerEvidence[] all, CancellationToken cancellationToken) =>
        one.Doubt is null || Array.Exists(all, other => other.Doubt is null && other.Zone == one.Zone) ? one : await survey.FindDelegatedAsync(one, cancellationToken).ConfigureAwait(false);

    private async Task<ServerEvidence> AskAsync(ServerSurvey survey, ServerEvidence zone, CancellationToken cancellationToken)
    {
        var cut = zone with { IsCutShort = true };
        if (survey.Cut.Zones.Contains(zone.Zone!.Value)) return cut;
        try
        {
            return await survey.AskAsync(zone, ServerPlan.OfCheck, budget, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            caller.ThrowIfCancellationRequested();
            return cut;
        }
    }

    private static void EndUnlessHeard(TourTransport transport, CancellationTokenSource end)
    {
        if (!transport.IsHeard) end.Cancel();
    }
}
