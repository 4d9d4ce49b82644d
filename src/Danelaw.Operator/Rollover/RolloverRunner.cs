using System.Collections.Immutable;
using System.Runtime.Versioning;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Processes;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover.Acting;
using Danelaw.Operator.Rollover.Keeping;
using Danelaw.Operator.Rollover.Observing;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Operator.Rollover.Standby;
using Danelaw.Probes;

namespace Danelaw.Operator.Rollover;

/// <summary>How a roll stands after a run. Closed.</summary>
public enum RollVerdict
{
    /// <summary>It could not be done; all is as it was, and nothing is broken.</summary>
    Failed = 0,

    /// <summary>It goes on by itself: run it again later.</summary>
    Waiting,

    /// <summary>All is as it should be.</summary>
    Done,
}

/// <summary>What came of a run.</summary>
/// <param name="Verdict">In short.</param>
/// <param name="Kept">How the roll stands; null where it could not be taken up.</param>
/// <param name="Done">What was done, a sentence each.</param>
/// <param name="Faults">What does not pass by itself, a sentence each.</param>
/// <param name="Problems">What is in the way and may pass, or is to be known early, a sentence each.</param>
public sealed record RollResult(RollVerdict Verdict, KeptRoll? Kept, ImmutableArray<string> Done, ImmutableArray<string> Faults, ImmutableArray<string> Problems)
{
    /// <summary>What the plan would do, where it was only asked.</summary>
    public ImmutableArray<RolloverAction> Planned { get; init; } = [];
}

/// <summary>How a runner works. Immutable.</summary>
public sealed record RunnerOptions
{
    /// <summary>How long one run waits for servers and endpoints before it leaves the rest to the next. Default: 20 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The pause between two looks of a run. Default: 1 s.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a server that was told to reload, or to read its zone, is given before it is told again. Default: 30 s.</summary>
    public TimeSpan ReloadSpacing { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where a test kills. Default: nowhere.</summary>
    public FaultPoints Faults { get; init; } = FaultPoints.None;

    /// <summary>This machine's files.</summary>
    public HostFiles Files { get; init; } = new("/");

    /// <summary>The folder of keys made ahead; null for none.</summary>
    public string? StandbyFolder { get; init; }

    /// <summary>The time since boot; null for the kernel's.</summary>
    public Func<Uptime>? Uptime { get; init; }
}

/// <summary>
/// Carries a roll on: looks, lets <see cref="RolloverPlan"/> decide, keeps the new state on the disk, and only then acts. Whoever is killed looks again.
/// </summary>
/// <param name="store">Where states are kept.</param>
/// <param name="network">What is asked of the network.</param>
/// <param name="publishers">Makes the publisher of a roll.</param>
/// <param name="options">How it works.</param>
/// <param name="clock">The time.</param>
[UnsupportedOSPlatform("windows")]
public sealed class RolloverRunner(RolloverStore store, IRolloverNetwork network, Func<PublisherSettings, IZonePublisher> publishers, RunnerOptions options, TimeProvider clock)
{
    /// <summary>However much there is to do, a run ends after so many looks, and the next goes on.</summary>
    private const int MostRounds = 100;

    private readonly StandbyKeys? _standby = options.StandbyFolder is null ? null : new(options.StandbyFolder);
    private readonly Dictionary<DomainName, string> _places = [];
    private readonly Dictionary<string, long> _reloads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _publications = new(StringComparer.Ordinal);

    /// <summary>Looks at a roll and carries it on as far as it goes now.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RolloverStoreException">The state cannot be kept; nothing was done that was not kept before.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<RollResult> RunAsync(RollSettings roll, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(roll);
        var begin = clock.GetTimestamp();
        var done = ImmutableArray.CreateBuilder<string>();
        for (var rounds = 1; ; rounds++)
        {
            var round = await RoundAsync(roll, false, cancellationToken).ConfigureAwait(false);
            done.AddRange(round.Result.Done);
            var elapsed = clock.GetElapsedTime(begin);
            if (round.IsFinal || (elapsed >= options.Patience && !round.HasMoved) || rounds == MostRounds) return round.Result with { Done = done.ToImmutable() };
            if (!round.HasMoved) await Task.Delay(options.Pause, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Looks at a roll and says what would be done. Nothing is kept, published, written or reloaded.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RolloverStoreException">The state cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<RollResult> AskAsync(RollSettings roll, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(roll);
        return (await RoundAsync(roll, true, cancellationToken).ConfigureAwait(false)).Result;
    }

    /// <summary>Makes a key ahead for every chain file of a roll. From the next run on its record is published always.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="replaces">Whether a key that was made before may be replaced.</param>
    /// <returns>The files of requests for certificates; a fault where it was not done.</returns>
    /// <exception cref="RolloverStoreException">The state cannot be kept.</exception>
    public (ImmutableArray<string> Requests, string? Fault) MakeStandby(RollSettings roll, bool replaces)
    {
        ArgumentNullException.ThrowIfNull(roll);
        if (store.Read(roll.Name) is not { } kept) return ([], $"the roll {roll.Name} was not taken up yet: danelaw rollover run does it");
        if (_standby is null) return ([], "there is no folder for keys made ahead");
        if (!replaces && kept.State.Slots.Any(slot => !slot.Standby.IsEmpty)) return ([], $"the roll {roll.Name} has a standby key already; --replace makes another, and takes its record out");
        if (roll.Chains.Any(chain => chain.Algorithm == KeyAlgorithm.Eddsa)) return ([], "no standby key can be made for a chain file of algorithm \"eddsa\": make one with your own tools, and keep it ready");
        var state = kept.State;
        try
        {
            foreach (var chain in roll.Chains) state = state.WithStandby(EndpointSurvey.SlotOf(chain.Algorithm), _standby.Make(roll, chain));

            // The state first: a key whose record is published must not be written over by one that nobody knows of.
            options.Faults.Reach("before-save");
            store.Save(roll.Name, kept with { State = state, Looked = clock.GetUtcNow() }, [], ["a standby key was made; its record is published from now on"]);
            options.Faults.Reach("after-save");
            SettleStandby(roll, state);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return ([], $"the key cannot be written: {fault.Message}");
        }

        return ([.. roll.Chains.Select(chain => _standby.RequestFile(roll, EndpointSurvey.SlotOf(chain.Algorithm)))], null);
    }

    private void SettleStandby(RollSettings roll, RolloverState state)
    {
        foreach (var slot in state.Slots) _standby?.Settle(roll, slot.Algorithm, slot.Standby);
    }

    /// <summary>Takes note that the keys in use of a roll are lost: they are never taken up again, and a standby key takes their place.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="isAsked">Whether it is only said how it would go on.</param>
    /// <param name="key">The first hexadecimal digits, eight at least, of the key that is lost, as they stand in its 3 1 1 record; null for those that are shown.</param>
    /// <returns>How it goes on, a sentence each; a fault where it cannot.</returns>
    /// <exception cref="RolloverStoreException">The state cannot be kept.</exception>
    public (ImmutableArray<string> Path, string? Fault) DeclareEmergency(RollSettings roll, bool isAsked, string? key = null)
    {
        ArgumentNullException.ThrowIfNull(roll);
        if (store.Read(roll.Name) is not { } kept) return ([], $"the roll {roll.Name} was not taken up yet: danelaw rollover run does it");
        var state = kept.State;

        // From the moment at which the next chain is deployed it is the key in use.
        var known = state.Slots.SelectMany(slot => slot.Next is null ? new[] { slot.Current } : [slot.Current, slot.Next]);
        Chain[] lost = [.. key is null ? state.Slots.Select(slot => slot.Next is not null && state.Phase >= RolloverPhase.Deploying ? slot.Next : slot.Current) : known.Where(chain => key.Length >= 8 && chain.Key.ToHex().StartsWith(key, StringComparison.OrdinalIgnoreCase))];
        if (lost.Length == 0) return ([], $"the roll {roll.Name} has no key {key}: it has {string.Join(" and ", known.Select(RollTelling.Short))}");
        foreach (var chain in lost) state = state.WithRetired(chain.Key);
        try
        {
            if (!isAsked) SettleStandby(roll, state);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return ([], $"the standby key cannot be used: {fault.Message}");
        }

        var path = ImmutableArray.CreateBuilder<string>();
        var wait = RolloverPlan.WaitFor(state, roll.Margin);
        foreach (var slot in state.Slots)
        {
            var name = slot.Algorithm == "any" ? "the key" : $"the {slot.Algorithm} key";
            var isNextLost = slot.Next is not null && lost.Contains(slot.Next);
            if (!isNextLost && !lost.Contains(slot.Current)) continue;
            var isReady = !slot.Standby.IsEmpty && _standby?.RecordsOf(roll, slot.Algorithm) is { IsEmpty: false } records && slot.Standby.Records.Any(records.Records.Contains);
            var left = RolloverPlan.Left(state, slot.Standby, roll.Margin);
            var next = slot.Next is null || isNextLost ? TimeSpan.MaxValue : state.Phase >= RolloverPhase.Deploying ? TimeSpan.Zero : RolloverPlan.Left(state, slot.Next.Meaning, roll.Margin);
            if (next < TimeSpan.MaxValue && (!isReady || next <= left))
            {
                path.Add($"{name} is being rolled already: the next one is shown in {RollTelling.Say(next)} at the earliest, which is the shortest safe path");
            }
            else if (isReady)
            {
                try
                {
                    if (!isAsked) _standby!.MakeOwnCertificate(roll, slot.Algorithm, clock.GetUtcNow());
                }
                catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
                {
                    return ([], $"the standby key cannot be used: {fault.Message}");
                }

                path.Add(left == TimeSpan.Zero
                    ? $"{name} is replaced at once by the standby key, whose record every cache has, with a certificate of its own: mail servers that use DANE-EE take it; let the ACME client bring another for clients that do not"
                    : $"the standby key takes the place of {name} in {RollTelling.Say(left)}: so long not every cache has its record");
            }
            else
            {
                path.Add($"there is no standby key for {(slot.Algorithm == "any" ? "it" : slot.Algorithm)}: let the ACME client renew with a new key now (certbot renew --force-renewal); from then on it takes {RollTelling.Say(wait)}, which is the shortest safe path. The old record must stay so long, because senders that know it alone would defer all mail");
            }
        }

        if (!isAsked) store.Save(roll.Name, kept with { State = state, Looked = clock.GetUtcNow() }, [], [$"emergency: key {string.Join(" and ", lost.Select(RollTelling.Short))} is lost, and never taken up again", .. path]);
        return (path.ToImmutable(), null);
    }

    private async Task<Round> RoundAsync(RollSettings roll, bool isAsked, CancellationToken cancellationToken)
    {
        var kept = store.Read(roll.Name);
        try
        {
            if (!isAsked && kept is not null) SettleStandby(roll, kept.State);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Both keys are still there, and the next run tries again.
        }

        var sight = await new RollLook(network, options.Files, _standby, options.Uptime ?? Posix.ReadUptime, clock).LookAsync(roll, kept?.State, cancellationToken).ConfigureAwait(false);
        var now = sight.Observation.Now;
        if (sight.Refusal is { } refusal) return Failed(roll, kept, refusal, sight, isAsked);
        if (SharedPlace(roll, sight) is { } shared) return Failed(roll, kept, shared, sight, isAsked);
        var events = new List<string>();
        if (kept is null)
        {
            if (!sight.Faults.IsEmpty && sight.Candidates.Any(one => one.Chains.IsEmpty)) return new(new(RollVerdict.Failed, null, [], sight.Faults, sight.Problems), true, false);
            var adopted = RolloverAdoption.Judge(sight.Observation, sight.Candidates, roll.KeepsForeign, TimeSpan.FromSeconds(roll.TimeToLive));
            if (adopted.State is null) return new(new(adopted.MayPass ? RollVerdict.Waiting : RollVerdict.Failed, null, [], adopted.MayPass ? [] : [adopted.Refusal], adopted.MayPass ? [adopted.Refusal, .. sight.Problems] : sight.Problems), !adopted.MayPass, false);
            kept = new(adopted.State, now, now, RolloverWait.Nothing, null, []);
            events.Add($"taken up with key {string.Join(" and ", adopted.State.Slots.Select(slot => RollTelling.Short(slot.Current)))}{(adopted.State.Foreign.IsEmpty ? "" : $"; {adopted.State.Foreign.Records.Length} records that mean another key stay")}");
        }

        var slots = roll.Chains.Select(chain => EndpointSurvey.SlotOf(chain.Algorithm));
        if (!kept.State.Slots.Select(slot => slot.Algorithm).Order(StringComparer.Ordinal).SequenceEqual(slots.Order(StringComparer.Ordinal)))
            return Failed(roll, kept, $"the roll was taken up with the chain files {string.Join(" and ", kept.State.Slots.Select(slot => slot.Algorithm))}, and the settings have others: put them back, or, while no roll is on, move the file of states away, and the next run takes up what is shown and published", sight, isAsked);
        var before = kept.State with { KeepsForeign = roll.KeepsForeign };
        var step = RolloverPlan.Next(before, sight.Observation, roll.Margin);
        ImmutableArray<string> faults = [.. new[] { step.Refusal, RolloverAdoption.SecondKey(sight.Observation, step.State.Slots) }.OfType<string>(), .. sight.Faults];
        var actions = Due(roll, step.Actions, isAsked);
        var expiry = RollTelling.Expiry(step.State, roll.Margin, step.Remaining, now).ToImmutableArray();
        events.AddRange(RollTelling.Changes(before, step.State));
        var next = new KeptRoll(step.State, step.State.Phase == before.Phase ? kept.Since : now, now, step.Wait, step.Remaining, [.. faults, .. sight.Problems, .. expiry]) { Faults = faults };
        if (isAsked) return new(new(VerdictOf(step, faults), next, [], faults, [.. sight.Problems, .. expiry]) { Planned = actions }, true, false);

        // Kept first: what is done must be what a successor knows of.
        options.Faults.Reach("before-save");
        store.Save(roll.Name, next, Needed(step.State, sight), events);
        options.Faults.Reach("after-save");
        var actor = new RollActor(publishers, (_, chain) => sight.Chains.TryGetValue(chain.Content, out var file) ? file.ToPem() : store.ReadChain(roll.Name, chain.Content), options.Faults, clock);
        var hasDone = false;
        foreach (var action in actions)
        {
            var isTimeToRepeat = IsDue(_publications, roll);
            var result = await actor.DoAsync(roll, action, sight.Places, isTimeToRepeat, cancellationToken).ConfigureAwait(false);
            if (action is RolloverAction.Install or RolloverAction.Reload) _reloads[roll.Name] = clock.GetTimestamp();
            else if (isTimeToRepeat || result.Done.Length > 0) _publications[roll.Name] = clock.GetTimestamp();
            hasDone |= result.Done.Length > 0;
            events.AddRange(result.Done);
            if (result.Failure is null && result.Done.IsEmpty) continue;
            if (result.Failure is { } failure) next = next with { Problems = [failure, .. next.Problems], Faults = result.MayPass ? next.Faults : [failure, .. next.Faults] };
            store.Save(roll.Name, next, [], result.Failure is null ? result.Done : [.. result.Done, result.Failure]);
            if (result.Failure is null) continue;
            return result.MayPass
                ? new(new(RollVerdict.Waiting, next, [.. events], faults, [result.Failure, .. sight.Problems, .. expiry]), false, false)
                : new(new(RollVerdict.Failed, next, [.. events], [result.Failure, .. faults], [.. sight.Problems, .. expiry]), true, false);
        }

        // To publish what a master has already, and to reload what was told to a moment ago, is no move.
        var hasMoved = hasDone || !Equals(Still(before), Still(step.State));
        var isFinal = step.Actions.IsEmpty && !hasMoved && (step.Refusal is not null || step.Wait is not (RolloverWait.Servers or RolloverWait.Endpoints));
        return new(new(VerdictOf(step, faults), next, [.. events], faults, [.. sight.Problems, .. expiry]), isFinal, hasMoved);
    }

    /// <summary>Where aliases lead the owners of two rolls to one RRset, neither can tell whose records are over.</summary>
    private string? SharedPlace(RollSettings roll, RollSight sight)
    {
        foreach (var owner in roll.TlsaOwners)
        {
            var place = sight.Places.GetValueOrDefault(owner, owner);
            if (_places.TryGetValue(place, out var other) && other != roll.Name) return $"the records of {owner} stand at {place}, as do those of the roll {other}: a TLSA RRset belongs to one roll, so name all of its services there";
            _places[place] = roll.Name;
        }

        return null;
    }

    /// <summary>A server that was told to reload a moment ago is given time; and who has published waits for the servers.</summary>
    private ImmutableArray<RolloverAction> Due(RollSettings roll, ImmutableArray<RolloverAction> actions, bool isAsked) =>
        isAsked || IsDue(_reloads, roll) ? actions : actions.RemoveAll(action => action is RolloverAction.Reload);

    private bool IsDue(Dictionary<string, long> last, RollSettings roll) => !last.TryGetValue(roll.Name, out var moment) || clock.GetElapsedTime(moment) >= options.ReloadSpacing;

    private static RollVerdict VerdictOf(RolloverStep step, ImmutableArray<string> faults) =>
        !faults.IsEmpty ? RollVerdict.Failed
        : step.State.Phase == RolloverPhase.Steady && step.Wait == RolloverWait.Nothing && step.Actions.IsEmpty ? RollVerdict.Done
        : RollVerdict.Waiting;

    private Round Failed(RollSettings roll, KeptRoll? kept, string refusal, RollSight sight, bool isAsked)
    {
        // The look does not count: whoever waits must not take the time of a roll that is refused for time in which all was well.
        if (kept is not null && !isAsked) store.Save(roll.Name, kept with { State = kept.State with { Held = [.. kept.State.Held.Select(held => held with { IsWhole = false })] }, Looked = sight.Observation.Now, Problems = [refusal], Faults = [refusal] }, [], kept.Problems.Contains(refusal) ? [] : [refusal]);
        return new(new(RollVerdict.Failed, kept, [], [refusal, .. sight.Faults], sight.Problems), true, false);
    }

    /// <summary>The chain files that a state names, as far as they were seen.</summary>
    private static IEnumerable<ChainFile> Needed(RolloverState state, RollSight sight) =>
        state.Slots.SelectMany(slot => slot.Next is null ? new[] { slot.Current } : [slot.Current, slot.Next]).Where(chain => sight.Chains.ContainsKey(chain.Content)).Select(chain => sight.Chains[chain.Content]);

    /// <summary>A state without what changes at every look.</summary>
    private static RolloverState Still(RolloverState state) => state with { LastLook = default, Held = [], TimesToLive = TimeToLiveMemory.Empty };

    private sealed record Round(RollResult Result, bool IsFinal, bool HasMoved);
}
