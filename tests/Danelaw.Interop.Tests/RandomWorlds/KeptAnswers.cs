using System.Globalization;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>
/// The questions of a world once more, one after the other, of a resolver that keeps all that a shipped one keeps: what earlier answers proved must not change a later verdict,
/// but where a kept record of denial answers (RFC 8198).
/// </summary>
internal static class KeptAnswers
{
    /// <summary>What may differ, by the section that allows it.</summary>
    private static readonly (string Name, Func<Compared, WorldAnswer, bool> Applies)[] Readings =
    [
        ("kept: of ANY or RRSIG a cache shows what it has (RFC 8482 §4.1)",
            (each, kept) => each.Question.Type is RecordType.ANY or RecordType.RRSIG && (kept.Status == each.Ours.Status || (IsPartlyBroken(each, out var broken) && !kept.Types.Any(broken.Contains)))),
        ("kept: a denial whose records are good, beside a SOA that is broken (RFC 8198 §5)",
            (each, kept) => each.Ours.IsRefused && (IsDenial(kept) || EndsInDenial(each, kept)) && each.Expected.Steps is [.., var last] && !last.Step.Denials.IsEmpty
                && last.Zone.Bad.Contains(new SetPlace(last.Zone.Apex, RecordType.SOA)) && !Records(last.Step).Any(last.Zone.Bad.Contains)),
        ("kept: a signed record of denial that leaves out a type which the zone has (RFC 8198 §5.4)",
            (each, kept) => (IsDenial(kept) || EndsInDenial(each, kept)) && Names(each).Any(name => LeavesOut(name.Zone, name.Name))),
        // Resolved from the root no referral shows such a cut; another answer may have.
        ("kept: a cut that one server of both zones hides, above data that the zone above it has signed (RFC 4035 §5.3.1)",
            (each, kept) => each is { World.IsIterated: true, Expected.Status: PeerStatus.Bogus, Ours.Status: PeerStatus.Secure } && kept.Status == PeerStatus.Bogus
                && each.Expected.Steps.Any(step => step.Zone.Server == step.Zone.Parent?.Server && step.Step.Data.Any(place => step.Zone.SetFaults.GetValueOrDefault(place) == SetFault.SignerIsParent))),
        ("kept: a span whose opt-out flag the zone has turned, and so denies its own delegations (RFC 5155 §6)",
            (each, kept) => (IsDenial(kept) || EndsInDenial(each, kept)) && Names(each).Any(name => IsSpanned(name.Zone, name.Name, DenialFault.OptOutFlipped))),
        ("kept: a span that the zone has drawn over names which it has (RFC 8198 §5.4)",
            (each, kept) => (IsDenial(kept) || EndsInDenial(each, kept)) && Names(each).Any(name => IsSpanned(name.Zone, name.Name, DenialFault.NextTooFar))),
    ];

    public static async Task AskAsync(IEnumerable<Compared> results, Func<WorldPlan, Resolver> resolverOf, Tally tally, CancellationToken cancellationToken)
    {
        var worlds = results.GroupBy(each => each.World).ToList();
        await Parallel.ForEachAsync(worlds, new ParallelOptions { MaxDegreeOfParallelism = 24, CancellationToken = cancellationToken }, async (world, token) =>
        {
            var resolver = resolverOf(world.Key);
            foreach (var each in world)
            {
                var kept = WorldAnswer.Of(await resolver.LookupAsync(each.Question.Owner, each.Question.Type, token));
                // A server that had no time says nothing of what is kept.
                if (kept.Status == PeerStatus.Failed || each.Ours.Status == PeerStatus.Failed) continue;
                var same = each with { Unbound = kept };
                var reading = same.Agrees ? null : Readings.FirstOrDefault(reading => reading.Applies(each, kept)).Name;
                lock (tally) tally.Keep(reading, same.Agrees || reading is not null ? null : Told(each, kept));
            }
        });
    }

    // Which of the sets of a name are shown, the broken ones or the others, is up to the server.
    private static bool IsPartlyBroken(Compared each, out HashSet<RecordType> broken)
    {
        broken = each.Expected.Steps is [{ Step.Class: ProofClass.Any } only] ? [.. only.Step.Data.Where(only.Zone.Bad.Contains).Select(place => place.Type)] : [];
        return broken.Count > 0;
    }

    private static bool IsDenial(WorldAnswer kept) => kept is { Status: PeerStatus.Secure, Records: "" };

    // Aliases lead to what is denied; where one of them stands in a zone that is not signed, no more than that can be said of the whole.
    private static bool EndsInDenial(Compared each, WorldAnswer kept) =>
        kept.Records.Length > 0 && kept.Types.All(type => type is RecordType.CNAME or RecordType.DNAME)
            && kept.Status == (each.Expected.Steps.SkipLast(1).All(step => step.Zone.Standing == PeerStatus.Secure) ? PeerStatus.Secure : PeerStatus.Insecure);

    // Each name of the answer from alias to alias, with each zone whose records could deny it: the zone that holds it, and those above.
    private static IEnumerable<(ZonePlan Zone, DomainName Name)> Names(Compared each) =>
        each.Expected.Steps.Select((step, index) => (step.Zone, Name: index == 0 ? each.Question.Owner : each.Expected.Steps[index - 1].Step.Target!.Value))
            .SelectMany(step => step.Zone.Chain.Select(zone => (zone, step.Name)));

    // The record of a name, of one above it (a cut or a DNAME that is left out), or of a wildcard that would stand for it.
    private static bool LeavesOut(ZonePlan zone, DomainName name)
    {
        var view = new ZoneView(zone.Apex, zone.Sound);
        for (var above = name; above.IsAtOrBelow(zone.Apex) && !above.IsRoot; above = above.Parent)
        {
            if (Lies(above) || (above.TryToWildcardChild(out var wildcard) && Lies(wildcard))) return true;
        }

        return false;

        bool Lies(DomainName at) => view.OwnDenial(at).Any(place => zone.DenialFaults.GetValueOrDefault(place) == DenialFault.TypesRemoved);
    }

    // The span of a record with the fault holds the name, or one above it.
    private static bool IsSpanned(ZonePlan zone, DomainName name, DenialFault fault)
    {
        foreach (var record in zone.Served)
        {
            if (zone.DenialFaults.GetValueOrDefault(new SetPlace(record.Owner, record.Type)) != fault || !Nsec3Data.TryRead(record.Data, out var data)) continue;
            for (var above = name; above.IsAtOrBelow(zone.Apex) && !above.IsRoot; above = above.Parent)
            {
                var hash = new byte[Nsec3Hash.Length];
                Nsec3Hash.Compute(above, data.Iterations, data.Salt.Span, hash);
                if (ZoneView.Spans(record.Owner, data.NextHash, hash)) return true;
            }
        }

        return false;
    }

    private static IEnumerable<SetPlace> Records(ZoneStep step) => step.Denials.Where(place => place.Type is RecordType.NSEC or RecordType.NSEC3);

    private static string Told(Compared each, WorldAnswer kept)
    {
        WorldServers.Keep(each.World);
        var zones = string.Concat(each.Expected.Steps.SelectMany(step => step.Zone.Chain).Distinct().Select(zone => $"  {zone.Apex}: {zone.Notes}\n"));
        return string.Create(CultureInfo.InvariantCulture, $"what was kept changed a verdict: {each.Question}, made to be {each.Expected.Class} {each.Expected.Status}\n  alone {each.Ours} {each.Ours.Records}\n  after others {kept} {kept.Records}\n{zones}  again: DANELAW_WORLD_SEED={each.World.Seed} ./test Random_signed_worlds");
    }
}
