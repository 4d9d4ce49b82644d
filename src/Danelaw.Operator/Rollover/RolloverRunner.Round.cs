using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Operator.Processes;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover.Acting;
using Danelaw.Operator.Rollover.Keeping;
using Danelaw.Operator.Rollover.Observing;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Operator.Setup.Applying;

namespace Danelaw.Operator.Rollover;

/// <summary>One look, what the plan makes of it, and what is done.</summary>
public sealed partial class RolloverRunner
{
    private async Task<Round> RoundAsync(RollSettings roll, bool isAsked, CancellationToken cancellationToken)
    {
        KeptRoll? kept;
        try
        {
            kept = store.Read(roll.Name);
        }
        catch (RolloverStoreException fault) when (fault.Roll is not null)
        {
            // Of other rolls nothing is the matter, and they go on.
            return new(new(RollVerdict.Failed, null, [], [fault.Message], []), true, false);
        }

        if (AwaitedUndo.Find(options.Files.Until(cancellationToken), options.SetupJournals, roll) is { } awaited)
        {
            if (kept is not null && !isAsked) store.Save(roll.Name, kept with { Problems = [awaited], Faults = [] }, [], kept.Problems.Contains(awaited) ? [] : [awaited]);
            return new(new(RollVerdict.Waiting, kept, [], [], [awaited]), true, false);
        }

        try
        {
            if (!isAsked && kept is not null) SettleStandby(roll, kept.State);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Both keys are still there, and the next run tries again.
        }

        // A look reads within limits of its own: whoever watches for months has many.
        var files = options.Files.Until(cancellationToken);
        var sight = await new RollLook(network, files, _standby, options.Rolls, options.Uptime ?? Posix.ReadUptime, clock).LookAsync(roll, kept?.State, cancellationToken).ConfigureAwait(false);
        var now = sight.Observation.Now;
        if (sight.Refusal is { } refusal) return Failed(roll, kept, refusal, sight, isAsked);
        await _survey.AskAsync(files, cancellationToken).ConfigureAwait(false);
        if (_survey.FindShared(roll, sight.Places, files) is { } shared) return Failed(roll, kept, shared, sight, isAsked);
        var events = new List<string>();
        string? takenUp = null;
        if (kept is null)
        {
            if (!sight.Faults.IsEmpty && sight.Candidates.Any(one => one.Chains.IsEmpty)) return new(new(RollVerdict.Failed, null, [], sight.Faults, sight.Problems), true, false);
            var adopted = RolloverAdoption.Judge(sight.Observation, sight.Candidates, roll.KeepsForeign, TimeSpan.FromSeconds(roll.TimeToLive));
            if (adopted.State is null) return new(new(adopted.MayPass ? RollVerdict.Waiting : RollVerdict.Failed, null, [], adopted.MayPass ? [] : [adopted.Refusal], adopted.MayPass ? [adopted.Refusal, .. sight.Problems] : sight.Problems), !adopted.MayPass, false);
            kept = new(WithStandby(adopted.State, sight.Observation), now, now, RolloverWait.Nothing, null, []);
            if (kept.State.Slots.Any(slot => !slot.Standby.IsEmpty)) events.Add("the standby key that lies there is published, and is one still");
            events.Add(takenUp = $"taken up with key {string.Join(" and ", adopted.State.Slots.Select(slot => RollTelling.Short(slot.Current)))}{(kept.State.Foreign.IsEmpty ? "" : $"; {kept.State.Foreign.Records.Length} records that are none of this roll's stay")}");
        }

        var slots = roll.Chains.Select(chain => EndpointSurvey.SlotOf(chain.Algorithm));
        if (!kept.State.Slots.Select(slot => slot.Algorithm).Order(StringComparer.Ordinal).SequenceEqual(slots.Order(StringComparer.Ordinal)))
            return Failed(roll, kept, $"the roll was taken up with the chain files {string.Join(" and ", kept.State.Slots.Select(slot => slot.Algorithm))}, and the settings have others: put them back, or, while no roll is on, danelaw rollover forget {roll.Name}, and the next run takes up what is shown and published", sight, isAsked);

        // An owner that comes to the roll only now: what was there before this look, setup knows if anybody does.
        string? lowered;
        try
        {
            kept = kept with { State = LoweredTimes.Enter(kept.State, files, options.SetupJournals, [.. roll.TlsaOwners.ExceptBy(kept.State.Owners.Select(DomainName.Parse), owner => owner)], out lowered) };
        }
        catch (InvalidDataException damage)
        {
            return Failed(roll, takenUp is null ? kept : null, $"which TTL the records had before setup lowered it is not known: {damage.Message}; move that folder away, wait as long as the TTL was, and run this again", sight, isAsked);
        }

        if (lowered is not null) events.Add(lowered);
        var before = kept.State with { KeepsForeign = roll.KeepsForeign };
        var step = RolloverPlan.Next(before, sight.Observation, roll.Margin);
        ImmutableArray<string> faults = [.. new[] { RollTelling.Refusal(step, sight.Observation, roll), RolloverAdoption.SecondKey(sight.Observation, step.State.Slots, roll.KeepsForeign) }.OfType<string>(), .. RollTelling.Expired(step.State, roll.Margin, now), .. sight.Faults];

        // A reload that has not helped once does not help, and disturbs; after a day it is tried again.
        var strangers = RollTelling.StrangersOf(step.State, sight.Observation).ToArray();
        var situation = SituationOf(strangers, sight.Observation);
        var reloaded = store.NotedToday(roll.Name, situation, now);
        var actions = Due(roll, step.Actions, isAsked, reloaded is not null);
        var reasons = reloaded is null || strangers.Length == 0 ? null : await ReadFiles.ReadAsync(files, cancellationToken).ConfigureAwait(false);
        var obstacle = step.Actions.IsEmpty ? await RehearseAsync(roll, sight.Places, isAsked, now, cancellationToken).ConfigureAwait(false) : null;
        ImmutableArray<string> problems =
        [
            .. sight.Problems,
            .. RolloverPlan.GoneServers(step.State),
            .. RollTelling.LongLived(step.State, roll),
            .. RollTelling.LongerWait(step.State),
            .. RollTelling.Behind(step, sight.Observation),
            .. RollTelling.Strangers(step, strangers, roll, reloaded, reasons),
            .. RollTelling.Unpublishable(step.State, obstacle),
            .. step.Actions.OfType<RolloverAction.Publish>().Select(_ => UntoldServer.Advise(roll.Publisher)).OfType<string>(),
            .. new[] { OpenApiKey.Advise(roll.Publisher) }.OfType<string>(),
            .. step.Actions.Except(actions).OfType<RolloverAction.Install>().Select(install => $"the {install.Algorithm} chain file was written a moment ago, and holds something else again: somebody else writes it too"),
            .. RollTelling.Waiting(step, sight.Observation, roll.Margin),
            .. RollTelling.RuledOut(step.State, sight.Brought, now),
            .. RollTelling.Older(step.State, sight.Brought, roll, now),
            .. RollTelling.Expiry(step.State, roll.Margin, step.Remaining, now),
        ];
        var changes = ChangesOf(step, sight);
        events.AddRange(RollTelling.Changes(before, step.State));
        var next = new KeptRoll(step.State, step.State.Phase == before.Phase ? kept.Since : now, now, step.Wait, step.Remaining, [.. faults, .. problems]) { Faults = faults };
        if (isAsked)
        {
            var planned = Due(roll, RolloverForecast.Of(step, sight.Observation, roll.Margin, roll.Publisher is PublisherSettings.Manual), isAsked, reloaded is not null);
            return new(new(VerdictOf(step, faults), next, [], faults, problems) { Planned = planned, TakenUp = takenUp, Changes = changes }, true, false);
        }

        // Kept first: what is done must be what a successor knows of.
        options.Faults.Reach("before-save");
        store.Save(roll.Name, next, Needed(step.State, sight), events);
        options.Faults.Reach("after-save");
        var actor = new RollActor(publishers, (_, chain) => sight.Chains.TryGetValue(chain.Content, out var file) ? file.ToPem() : store.ReadChain(roll.Name, chain.Content), options.Faults, clock);
        var hasDone = false;
        foreach (var action in actions)
        {
            // Whoever waits for the state does not wait for another command's hour too: what is left undone, the next run does.
            if (store.IsWanted) break;
            var isTimeToRepeat = IsDue(_memory.Publications, roll.Name);
            var result = await actor.DoAsync(roll, action, sight.Places, isTimeToRepeat, cancellationToken).ConfigureAwait(false);
            if (action is RolloverAction.Install install && result.Done.Length > 0) _memory.Installs[(roll.Name, install.Chain.Content)] = clock.GetTimestamp();
            if (action is RolloverAction.Reload && result.Failure is null && !roll.Reload.IsEmpty) store.Note(roll.Name, situation, now);
            if (action is RolloverAction.Install or RolloverAction.Reload) _memory.Reloads[roll.Name] = clock.GetTimestamp();
            else if (isTimeToRepeat || result.Done.Length > 0) _memory.Publications[roll.Name] = clock.GetTimestamp();
            hasDone |= result.Done.Length > 0;
            events.AddRange(result.Done);
            if (result.Failure is null && result.Done.IsEmpty) continue;
            if (result.Failure is { } failure) next = next with { Problems = [failure, .. next.Problems], Faults = result.MayPass ? next.Faults : [failure, .. next.Faults] };

            // What was in the way at the last look already is no news: the history is not to be full of it.
            store.Save(roll.Name, next, [], result.Failure is null || kept.Problems.Contains(result.Failure.ReplaceLineEndings(" ")) ? result.Done : [.. result.Done, result.Failure]);
            if (result.Failure is null) continue;
            return result.MayPass
                ? new(new(RollVerdict.Waiting, next, [.. events], faults, [result.Failure, .. problems]) { Changes = changes }, false, false)
                : new(new(RollVerdict.Failed, next, [.. events], [result.Failure, .. faults], problems) { Changes = changes }, true, false);
        }

        // To publish what a master has already, and to reload what was told to a moment ago, is no move.
        var hasMoved = hasDone || !Equals(Still(before), Still(step.State));
        var isFinal = step.Actions.IsEmpty && !hasMoved && (step.Refusal is not null || step.Wait is not (RolloverWait.Servers or RolloverWait.Endpoints));
        return new(new(VerdictOf(step, faults), next, [.. events], faults, problems) { Changes = changes }, isFinal, hasMoved);
    }

    /// <summary>What becomes of each place where records stand, as servers have it now; servers that differ are told one by one elsewhere.</summary>
    private static ImmutableArray<PlannedSet> ChangesOf(RolloverStep step, RollSight sight)
    {
        var changes = ImmutableArray.CreateBuilder<PlannedSet>();
        foreach (var publish in step.Actions.OfType<RolloverAction.Publish>())
        {
            foreach (var views in sight.Observation.Servers.Where(view => view.Records is not null).GroupBy(view => PlaceOf(view.Owner)))
            {
                // Where a server has it already it was published, and the others are waited for.
                if (views.Any(view => publish.From(view.Records!).Equals(view.Records))) continue;
                var has = views.First().Records!;
                changes.Add(new(views.Key, has, publish.From(has)));
            }
        }

        return changes.ToImmutable();

        DomainName PlaceOf(string text) => DomainName.Parse(text) is var owner && sight.Places.TryGetValue(owner, out var place) ? place : owner;
    }

    /// <summary>After its state was lost: a key made ahead that every server has a record of is a standby key still, and no record of somebody else.</summary>
    private static RolloverState WithStandby(RolloverState state, RolloverObservation seen)
    {
        foreach (var slot in state.Slots)
        {
            if (!seen.Standby.TryGetValue(slot.Algorithm, out var made)) continue;
            var published = TlsaSet.Of(made.Records.Where(record => seen.Servers.All(view => view.Records!.Records.Contains(record))));
            if (!published.IsEmpty && !slot.Current.Meaning.Contains(published)) state = state.WithStandby(slot.Algorithm, published) with { Foreign = state.Foreign.Except(published) };
        }

        return state;
    }

    /// <summary>What endpoints show that their files do not hold: as long as that stays so, another reload changes nothing.</summary>
    private static string SituationOf(IEnumerable<(EndpointView View, Chain Wanted)> strangers, RolloverObservation seen) => "reload " + ChainFile.Digest(System.Text.Encoding.UTF8.GetBytes(string.Join(
        '\n',
        strangers.Select(one => $"{one.View.Endpoint} {one.View.Algorithm} {one.View.Key?.ToHex()} {one.View.Leaf.ToHex()}").Concat(seen.Installed.Select(file => $"{file.Key} {file.Value.ToHex()}")).Order(StringComparer.Ordinal)))).ToHex();

    /// <summary>Where nothing is to be published: what would stand in the way, found out once a day as long as it is nothing. Null for nothing.</summary>
    private async Task<string?> RehearseAsync(RollSettings roll, ImmutableDictionary<DomainName, DomainName> places, bool isAsked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var what = "publisher " + ChainFile.Digest(System.Text.Encoding.UTF8.GetBytes($"{roll.Publisher} {string.Join(' ', roll.Publisher switch { PublisherSettings.ZoneFile file => file.Reload, PublisherSettings.Hook hook => hook.Command, _ => [] })}")).ToHex();
        if (!isAsked && store.NotedToday(roll.Name, what, now) is not null) return null;
        if (_memory.Rehearsals.TryGetValue(roll.Name, out var last) && clock.GetElapsedTime(last.At) < options.ReloadSpacing) return last.Obstacle;
        var obstacle = await new RollActor(publishers, (_, _) => null, options.Faults, clock).RehearseAsync(roll, places, cancellationToken).ConfigureAwait(false);
        _memory.Rehearsals[roll.Name] = (clock.GetTimestamp(), obstacle);
        if (!isAsked && obstacle is null) store.Note(roll.Name, what, now);
        return obstacle;
    }

    /// <summary>A server that was told to reload a moment ago is given time, and so is whoever else writes a chain file.</summary>
    private ImmutableArray<RolloverAction> Due(RollSettings roll, ImmutableArray<RolloverAction> actions, bool isAsked, bool hasReloaded) => actions.RemoveAll(action => action switch
    {
        RolloverAction.Reload => hasReloaded || (!isAsked && !IsDue(_memory.Reloads, roll.Name)),
        RolloverAction.Install install => !isAsked && !IsDue(_memory.Installs, (roll.Name, install.Chain.Content)),
        _ => false,
    });

    private bool IsDue<T>(Dictionary<T, long> last, T what)
        where T : notnull => !last.TryGetValue(what, out var moment) || clock.GetElapsedTime(moment) >= options.ReloadSpacing;

    private static RollVerdict VerdictOf(RolloverStep step, ImmutableArray<string> faults) =>
        !faults.IsEmpty ? RollVerdict.Failed
        : step.State.Phase == RolloverPhase.Steady && step.Wait == RolloverWait.Nothing && step.Actions.IsEmpty ? RollVerdict.Done
        : RollVerdict.Waiting;

    private Round Failed(RollSettings roll, KeptRoll? kept, string refusal, RollSight sight, bool isAsked)
    {
        if (kept is not null && !isAsked) store.Save(roll.Name, kept with { State = RolloverPlan.Witness(kept.State, sight.Observation, roll.Margin), Looked = sight.Observation.Now, Problems = [refusal], Faults = [refusal] }, [], kept.Problems.Contains(refusal) ? [] : [refusal]);
        return new(new(RollVerdict.Failed, kept, [], [refusal, .. sight.Faults], sight.Problems), true, false);
    }

    /// <summary>The chain files that a state names, as far as they were seen.</summary>
    private static IEnumerable<ChainFile> Needed(RolloverState state, RollSight sight) =>
        state.Slots.SelectMany(slot => slot.Installable).Where(chain => sight.Chains.ContainsKey(chain.Content)).Select(chain => sight.Chains[chain.Content]);

    /// <summary>A state without what changes at every look.</summary>
    private static RolloverState Still(RolloverState state) => state with { LastLook = default, Held = [], Owners = [], Servers = [], TimesToLive = TimeToLiveMemory.Empty };

    /// <summary>How far a run has come with a roll.</summary>
    private sealed class Course(RollSettings roll)
    {
        internal RollSettings Roll => roll;

        internal ImmutableArray<string>.Builder Done { get; } = ImmutableArray.CreateBuilder<string>();

        internal RollResult? Result { get; set; }

        internal int Rounds { get; set; }

        internal bool IsLooking { get; set; }

        internal bool IsOver { get; set; }
    }

    private sealed record Round(RollResult Result, bool IsFinal, bool HasMoved);
}
