using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Operator.Rollover.Observing;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Rollover;

/// <summary>Who or what is waited for, by name.</summary>
public static partial class RollTelling
{
    /// <summary>How an ACME client is made to make a new key, where it would keep the one that it has.</summary>
    internal const string NewKey = "certbot renew --cert-name LINEAGE --force-renewal --new-key; acme.sh --renew -d NAME --force --always-force-new-domain-key";

    /// <summary>Servers that answer, and have not yet what is published.</summary>
    internal static IEnumerable<string> Behind(RolloverStep step, RolloverObservation seen)
    {
        foreach (var publish in step.Actions.OfType<RolloverAction.Publish>())
        {
            foreach (var view in seen.Servers)
            {
                if (view.Records is not { } has || publish.From(has) is not { } wanted || wanted.Equals(has)) continue;
                var (missing, over) = (wanted.Except(has), has.Except(wanted));
                yield return $"{view.Server}: {view.Owner} has {Short(has)}{(missing.IsEmpty ? "" : $", not yet {Short(missing)}")}{(over.IsEmpty ? "" : $", still {Short(over)}")}";
            }
        }
    }

    /// <summary>Endpoints that show another key, or another certificate, than the one in the file that their server is to read.</summary>
    internal static IEnumerable<(EndpointView View, Chain Wanted)> StrangersOf(RolloverState state, RolloverObservation seen)
    {
        foreach (var view in seen.Endpoints)
        {
            if (view.Key is not { } key || state.Slots.FirstOrDefault(slot => slot.Algorithm == view.Algorithm) is not { } slot) continue;
            var wanted = slot.Next is not null && state.Phase >= RolloverPhase.Deploying ? slot.Next : slot.Current;
            if (key != wanted.Key || (!view.Leaf.IsEmpty && !wanted.Leaf.IsEmpty && view.Leaf != wanted.Leaf)) yield return (view, wanted);
        }
    }

    /// <summary>The same in words.</summary>
    /// <param name="step">The step.</param>
    /// <param name="strangers">The endpoints.</param>
    /// <param name="roll">The roll.</param>
    /// <param name="reloaded">When a reload was tried that has not helped; null where none was.</param>
    /// <param name="files">Which files servers are told to read; null where it was not asked for.</param>
    internal static IEnumerable<string> Strangers(RolloverStep step, IEnumerable<(EndpointView View, Chain Wanted)> strangers, RollSettings roll, DateTimeOffset? reloaded, ReadFiles? files)
    {
        if (step.Wait != RolloverWait.Endpoints || step.Refusal is not null || step.Actions.Any(action => action is RolloverAction.Install)) yield break;
        foreach (var (view, wanted) in strangers)
        {
            var file = roll.Chains.First(chain => EndpointSurvey.SlotOf(chain.Algorithm) == view.Algorithm).File;
            var what = view.Key != wanted.Key ? $"{view.Endpoint} still shows key {view.Key?.ToHex()[..16]}, not {Short(wanted)}" : $"{view.Endpoint} still shows another certificate of key {Short(wanted)} than that in {file}";
            yield return reloaded is { } at
                ? string.Create(CultureInfo.InvariantCulture, $"{what}, although the reload at {at:yyyy-MM-dd HH:mm:ss'Z'} went well: {files?.ReasonOf(view, file)}. It is not reloaded again before a day is over, or something has changed")
                : $"{what}: its server {(view.Key != wanted.Key ? $"reads another file than {file}, or " : "")}was not reloaded (reload in the settings)";
        }
    }

    /// <summary>That records could not be published, while none are to be.</summary>
    /// <param name="state">The state.</param>
    /// <param name="obstacle">What stands in the way; null for nothing.</param>
    internal static IEnumerable<string> Unpublishable(RolloverState state, string? obstacle)
    {
        if (obstacle is not null) yield return $"nothing is to be published now, and nothing could be: {obstacle}. Mend it before the next key comes: the certificate of key {Short(state.Slots[0].Current)} ends on {Day(state.Slots.Min(slot => slot.Current.NotAfter))}";
    }

    /// <summary>Records that are kept longer than the settings want, as a TTL that was lowered there does nothing by itself.</summary>
    internal static IEnumerable<string> LongLived(RolloverState state, RollSettings roll)
    {
        var served = state.TimesToLive.Served;
        if (state.Phase == RolloverPhase.Steady && served > TimeSpan.FromSeconds(roll.TimeToLive))
            yield return $"the TLSA records, or aliases that lead to them, are served with a TTL of {Duration.Say(served)}, and ttl is {Duration.Say(TimeSpan.FromSeconds(roll.TimeToLive))}: a new key waits twice the longer one. The next publication gives the records the shorter; to have it sooner, lower it where the zone is mastered now";
    }

    /// <summary>A wait by a longer TTL than the one that is served now.</summary>
    internal static IEnumerable<string> LongerWait(RolloverState state)
    {
        var (served, largest) = (state.TimesToLive.Served, state.TimesToLive.Largest);
        if (state.Phase is not (RolloverPhase.Announcing or RolloverPhase.Waiting) || served == TimeSpan.Zero || largest <= served) yield break;
        string[] silent = [.. state.Servers.Where(known => known.IsSilent).Select(known => known.Server).Distinct()];
        yield return $"the TLSA records, or aliases that lead to them, are served with a TTL of {Duration.Say(served)}, and the next key waits twice {Duration.Say(largest)}: they had that TTL before, and {(silent.Length > 0 ? $"{string.Join(" and ", silent)}, which cannot be seen, may give out a copy of the zone that still has it" : "caches may keep what they took with it, from a server too that was not seen for a while and had an old copy of the zone")}";
    }

    /// <summary>Keys that were brought and wait for their turn.</summary>
    internal static IEnumerable<string> Waiting(RolloverStep step, RolloverObservation seen, TimeSpan margin)
    {
        var why = (step.State.Rolling, step.Refusal, step.Wait) switch
        {
            ({ Next: { } next }, _, _) => $"until the roll to key {Short(next)} is over",
            (_, { }, _) => "until what is in the way is mended",
            (_, _, RolloverWait.Servers) => "until every authoritative server has what is published now",
            (_, _, RolloverWait.Endpoints) => "until every endpoint shows the chain in its file",
            _ => null,
        };
        if (why is null) yield break;
        foreach (var slot in step.State.Slots)
        {
            if (RolloverPlan.Choose(step.State, seen, slot, margin) is { } chain && chain.Key != slot.Current.Key && chain.Key != slot.Next?.Key)
                yield return $"key {Short(chain)}, valid until {Day(chain.NotAfter)}, was brought, and waits {why}";
        }
    }

    /// <summary>What was brought and will never be taken up, because its key was lost or replaced; a chain that a roll has left behind is no news.</summary>
    internal static IEnumerable<string> RuledOut(RolloverState state, ImmutableArray<BroughtChain> brought, DateTimeOffset now)
    {
        foreach (var (settings, source, file) in brought)
        {
            var chain = file.Chain;
            if (chain.IsOwn || now > chain.NotAfter || !state.Retired.Contains(chain.Key) || state.Slots.FirstOrDefault(slot => slot.Algorithm == EndpointSurvey.SlotOf(settings.Algorithm)) is not { } slot) continue;
            if (chain.Key == slot.Current.Key || slot.Current.IsOwn || chain.NotBefore >= slot.Current.NotBefore)
                yield return $"what is offered at {source} has key {Short(chain)}, which was lost, or replaced by a roll, and is never taken up again: let the ACME client make a new key ({NewKey})";
        }
    }

    /// <summary>What was brought, and is older than the chain that it would follow.</summary>
    internal static IEnumerable<string> Older(RolloverState state, ImmutableArray<BroughtChain> brought, RollSettings roll, DateTimeOffset now)
    {
        foreach (var (settings, source, file) in brought)
        {
            var chain = file.Chain;
            if (state.Slots.FirstOrDefault(slot => slot.Algorithm == EndpointSurvey.SlotOf(settings.Algorithm)) is not { } slot || !RolloverPlan.IsOlder(state, slot, chain, now)) continue;
            var other = slot.Standby.IsEmpty ? $"; or give the key that is shown up for good (danelaw rollover emergency {roll.Name} --key {Short(slot.Current)[..8]}), and this one follows it after the usual wait" : "";
            yield return $"what is offered at {source} has another key ({Short(chain)}), and its certificate is older than that of key {Short(slot.Current)}, which is shown (valid from {Day(chain.NotBefore)} and from {Day(slot.Current.NotBefore)}): it is not taken up before {Day(slot.Current.NotAfter)}, when that one expires. To have it sooner, let the authority issue another certificate for it{other}";
        }
    }

    /// <summary>What is lost when a state is forgotten, a phrase each.</summary>
    /// <param name="state">The state.</param>
    public static IEnumerable<string> Losses(RolloverState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Rolling?.Next is { } next) yield return $"key {Short(next)}, which is to follow: its records stay published, and where nobody else keeps its chain the key is gone";
        if (state.Retired.Length + state.Replaced.Length is > 0 and var over) yield return string.Create(CultureInfo.InvariantCulture, $"what rules out {over} keys and certificates that were lost or replaced: an offer with one of them is taken up again");
        if (state.Slots.Any(slot => !slot.Standby.IsEmpty)) yield return "the word that the standby key is one: its file stays, and the next run takes it up where every server has its record";
        if (!state.Over.IsEmpty) yield return string.Create(CultureInfo.InvariantCulture, $"what rules out {state.Over.Length} records that are over: where they turn up again they stay");
        foreach (var known in state.Servers.Where(known => known.Gone is not null || known.IsSilent))
            yield return $"the wait for {known.Server}, which {(known.Gone is null ? "gave no valid answer at the last look" : "is no more among the zone's servers, though resolvers may still ask it")}: it may give out an old copy of the zone ({known.Owner}), and mail by that copy fails once another key is shown";
        yield return "the TTLs that were seen, those of old copies too: the next run goes by ttl in the settings";
    }

    /// <summary>Why a step is refused; where an endpoint shows what the state does not let be shown, it is named.</summary>
    internal static string? Refusal(RolloverStep step, RolloverObservation seen, RollSettings roll)
    {
        if (step.Refusal?.Replace("forget NAME", $"forget {roll.Name}", StringComparison.Ordinal) is not { } text) return null;
        if (step.Refusal != RolloverPlan.Older) return text;
        foreach (var slot in step.State.Slots)
        {
            if (seen.Endpoints.FirstOrDefault(view => view.Algorithm == slot.Algorithm && view.Key is { } key && key != slot.Current.Key && key != slot.Next?.Key) is not { Key: { } shown } stranger) continue;
            var file = roll.Chains.First(chain => EndpointSurvey.SlotOf(chain.Algorithm) == slot.Algorithm).File;
            return $"{stranger.Endpoint} shows key {shown.ToHex()[..16]}, which is none of this roll's. A service that is new in owners and has a key of its own: take it out of owners, or let its server read {file}. Otherwise {text}";
        }

        return text;
    }

    /// <summary>Records in short.</summary>
    internal static string Short(TlsaSet set) => set.IsEmpty ? "none" : string.Join(" and ", set.Records.Select(Short));

    /// <summary>A record in short.</summary>
    internal static string Short(TlsaRecord record) => record.Data.Length > 8 ? $"{record.Parameters} {record.Data.ToHex()[..16]}…" : record.ToString();
}
