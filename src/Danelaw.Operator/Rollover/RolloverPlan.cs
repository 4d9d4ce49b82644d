namespace Danelaw.Operator.Rollover;

/// <summary>
/// Decides the next step of a rollover (RFC 7671 §8.1). Pure: what it says follows from the state, what is seen now, and the margin. Its law: no
/// validating sender, whatever its cache holds, may see records of which none matches what an endpoint shows. docs/rollover.md has it as a table.
/// </summary>
public static partial class RolloverPlan
{
    /// <summary>Authorities date certificates back; one that is older than the current by more than this was not brought to follow it.</summary>
    private static readonly TimeSpan MostBackdated = TimeSpan.FromDays(1);

    /// <summary>Decides.</summary>
    /// <param name="state">What was kept of the last look.</param>
    /// <param name="seen">What is seen now.</param>
    /// <param name="margin">Added to every wait, for servers that cannot be seen (anycast).</param>
    /// <returns>The state to keep, to be saved before anything is done, and what to do.</returns>
    public static RolloverStep Next(RolloverState state, RolloverObservation seen, TimeSpan margin) => Next(state, seen, margin, DelegationLife);

    /// <summary>Decides, where resolvers ask servers of before for another time than is usual.</summary>
    internal static RolloverStep Next(RolloverState state, RolloverObservation seen, TimeSpan margin, TimeSpan delegationLife)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(seen);
        state = Follow(state, ref seen, delegationLife);
        state = Look(state, seen, margin);
        var step = Decide(state, seen, margin);
        return step.Refusal is null && seen.Aside.FirstOrDefault(view => IsFormer(seen, view)) is { } former ? step with { Refusal = FormerOwner(former) } : step;
    }

    private static RolloverStep Decide(RolloverState state, RolloverObservation seen, TimeSpan margin)
    {
        state = Release(state, seen);
        if (IsOutOfTime(state, seen)) return new(state, [], RolloverWait.Endpoints, null) { Refusal = Older };
        if (Renew(ref state, seen, margin) is { } renewed) return renewed;
        if (Restore(state, seen) is { } restored) return restored;
        return state.Phase switch
        {
            RolloverPhase.Steady => Steady(state, seen, margin),
            RolloverPhase.Announcing => Announcing(state, seen, margin),
            RolloverPhase.Waiting => Waiting(state, seen, margin),
            RolloverPhase.Deploying => Deploying(state, seen, margin),
            RolloverPhase.Retiring => Retiring(state, seen, margin),
        };
    }

    /// <summary>How long every server must have had the announced records before the next key may be shown.</summary>
    /// <param name="state">The state.</param>
    /// <param name="margin">The margin.</param>
    public static TimeSpan WaitFor(RolloverState state, TimeSpan margin)
    {
        ArgumentNullException.ThrowIfNull(state);

        // RFC 7671 §8.1: at least two TTLs.
        return (2 * state.TimesToLive.Largest) + margin;
    }

    /// <summary>How much of that is left for a chain; none when it may be shown as far as caches are concerned.</summary>
    /// <param name="state">The state.</param>
    /// <param name="meaning">The records that mean the chain.</param>
    /// <param name="margin">The margin.</param>
    internal static TimeSpan Left(RolloverState state, TlsaSet meaning, TimeSpan margin)
    {
        var (wait, most) = (WaitFor(state, margin), TimeSpan.Zero);
        foreach (var held in state.Held.Where(held => held.Time > most && meaning.Contains(held.Records))) most = held.Time;
        return wait > most ? wait - most : TimeSpan.Zero;
    }

    /// <summary>What is published when no roll is on: the records of every algorithm's current chain, of standby keys, and of what may be shown still.</summary>
    internal static TlsaSet Settled(RolloverState state) => state.Slots.Aggregate(TlsaSet.Empty, (set, slot) => set.Union(slot.Current.Records).Union(slot.Standby).Union(slot.Leaving?.Records ?? TlsaSet.Empty));

    /// <summary>The same beside the records of the next chain.</summary>
    internal static TlsaSet Announced(RolloverState state) => state.Rolling?.Next is { } next ? Settled(state).Union(next.Records) : Settled(state);

    /// <summary>Takes note of what is seen.</summary>
    private static RolloverState Look(RolloverState state, RolloverObservation seen, TimeSpan margin)
    {
        var elapsed = seen.Uptime.Since(state.LastLook);
        state = state with
        {
            LastLook = seen.Uptime,
            TimesToLive = state.TimesToLive.See(seen.Everywhere.Concat(seen.Former).Where(view => view.Records is not null).Select(view => view.TimeToLive), elapsed, state.Phase != RolloverPhase.Steady, !seen.IsOneLost && seen.Everywhere.All(view => view.Records is not null)),
        };

        // Nobody has watched between two looks: however long that was, no more of it counts than half a wait.
        var most = state.TimesToLive.Largest + margin;
        var credit = elapsed < most ? elapsed : most;

        // What means a key that is shown is watched as well: another certificate for it may not be meant by all that means the one before.
        TlsaSet[] shown = [.. state.Slots.SelectMany(slot => HeldSet.PartsOf(slot.Current.Records))];
        var awaited = state.Slots.SelectMany(slot => new[] { slot.Standby, slot.Next?.Records ?? TlsaSet.Empty });
        var ours = Announced(state).Union(TlsaSet.Of(state.Over));
        return state with
        {
            Held = HeldSet.Look(state.Held, shown, awaited, seen, credit, WaitFor(state, margin), state.TimesToLive.Largest),
            Foreign = seen.Servers.Aggregate(seen.Servers.All(view => view.Records is not null) ? TlsaSet.Empty : state.Foreign, (set, view) => set.Union(view.Records ?? TlsaSet.Empty)).Except(ours),
        };
    }

    /// <summary>
    /// Takes note of a look after which nothing may be done: of what servers have, of their TTLs, of who is silent or gone. It counts against waits, and not for them: whoever waits must not take
    /// the time of a roll that is refused for time in which all was well. Which owners the roll has is for a look to say that is not refused.
    /// </summary>
    internal static RolloverState Witness(RolloverState state, RolloverObservation seen, TimeSpan margin)
    {
        seen = seen with { Servers = [.. seen.Servers.Where(view => state.Owners.IsEmpty || state.Owners.Contains(view.Owner, Names))] };
        if (seen.Servers.IsEmpty) return state with { Held = [.. state.Held.Select(held => held with { IsWhole = false })] };
        var looked = Look(Follow(state, ref seen, DelegationLife), seen, margin);
        return state with
        {
            LastLook = looked.LastLook,
            TimesToLive = looked.TimesToLive,
            Servers = looked.Servers,
            Held = [.. state.Held.Where(held => looked.Held.Any(other => other.Records.Equals(held.Records))).Select(held => held with { IsWhole = false })],
        };
    }

    private static RolloverStep Steady(RolloverState state, RolloverObservation seen, TimeSpan margin)
    {
        var remeant = Remeant(state, seen);
        if (Emergency(remeant, seen, margin) is { } ahead) return ahead;

        // What is in the file may not have been loaded; records are left alone until the endpoints show what the state says.
        if (state.Slots.Any(slot => !Shows(seen, slot.Algorithm, slot.Current, false))) return Reloading(state, seen);
        state = remeant;
        var publish = PublishFor(state, Settled(state), seen);
        if (!IsPublished(seen, publish)) return Publishing(state, seen, publish);

        // Something beside our records that no step of ours brought in, or takes out.
        if (seen.Servers.FirstOrDefault(view => state.Slots.Any(slot => !SetMeaning.Means(view.Records!, slot.Current))) is { } hidden) return Hidden(state, hidden);
        RolloverStep? waiting = null;
        foreach (var slot in state.Slots)
        {
            if (Choose(state, seen, slot, margin) is not { } chain) continue;
            if (chain.Key == slot.Current.Key && chain.Records.Equals(slot.Current.Records))
            {
                // The same key with a new certificate is installed as soon as that is valid, and nobody finds the key by what the old one alone matches.
                if (seen.Now < chain.NotBefore) waiting ??= new(state, [], RolloverWait.Certificate, chain.NotBefore - seen.Now);
                else if (Better(state, seen, slot.Algorithm, slot.Current) is { } renewal && !MayFollow(state, seen, slot.Current, renewal, margin))
                    waiting ??= LeftFor(state, renewal.Meaning, margin) is { } left ? new(state, [], RolloverWait.Caches, left) : new(state, [], RolloverWait.Servers, null);
                continue;
            }

            // A name that may still lead here is rolled with the others, or none is.
            if (seen.Aside.Any(view => IsFormer(seen, view))) continue;
            return Begin(state, seen, slot, chain, margin);
        }

        // The key is the right one; of the certificate only its file is sure.
        if (waiting is null && state.Slots.SelectMany(slot => Reloads(seen, slot.Algorithm, slot.Current, true)).Any()) return new(state, [new RolloverAction.Reload()], RolloverWait.Endpoints, null);
        if (waiting is null && state.Slots.FirstOrDefault(slot => IsLost(state, slot.Current)) is { } lost)
            return new(state, [], RolloverWait.Nothing, null) { Refusal = $"key {RollTelling.Short(lost.Current)} was declared lost and is still shown, and no other is there to follow it: let the ACME client renew with a new key now ({RollTelling.NewKey})" };
        return waiting ?? new(state, [], RolloverWait.Nothing, null);
    }

    private static RolloverStep Begin(RolloverState state, RolloverObservation seen, KeySlot slot, Chain chain, TimeSpan margin)
    {
        var begun = With(state, slot with { Next = chain }) with { Phase = RolloverPhase.Announcing };
        var publish = PublishFor(begun, Announced(begun), seen);
        if (seen.Servers.Any(view => !SetMeaning.Means(publish.From(view.Records!), chain)))
            return new(state, [], RolloverWait.Servers, null) { Refusal = $"what stands at the owners would keep senders from finding the records of key {RollTelling.Short(chain)}, so its roll is not begun: somebody else's records there are to be taken out, or the settings are to want the same kinds of records for every key" };

        // A standby key, or an issuer that the next chain shares: what every cache has by now matches it already.
        if (IsReady(begun, seen, chain, margin))
        {
            var deploying = begun with { Phase = RolloverPhase.Deploying };
            var step = Publishing(deploying, seen, PublishFor(deploying, Announced(deploying), seen));

            // The chain first: it needs nothing that is not there, and a publisher that fails is not to keep a lost key in use.
            return step.Actions.IsEmpty ? step with { State = state } : step with { Actions = [new RolloverAction.Install(slot.Algorithm, chain), .. step.Actions], Wait = RolloverWait.Endpoints };
        }

        var announcing = Publishing(begun, seen, publish);
        return announcing.Actions.IsEmpty ? announcing with { State = state } : announcing;
    }

    private static RolloverStep Announcing(RolloverState state, RolloverObservation seen, TimeSpan margin)
    {
        if (GiveUp(state, seen, margin) is { } instead) return instead;
        if (!IsAnnounced(state, seen)) return Announce(state with { Phase = RolloverPhase.Announcing }, seen);

        // From this moment on no server gives the old set to any cache.
        return new(state with { Phase = RolloverPhase.Waiting }, [], RolloverWait.Caches, LeftFor(state, state.Rolling!.Next!.Meaning, margin) ?? TimeSpan.Zero);
    }

    private static RolloverStep Waiting(RolloverState state, RolloverObservation seen, TimeSpan margin)
    {
        if (GiveUp(state, seen, margin) is { } instead) return instead;
        var slot = state.Rolling!;
        var next = slot.Next!;

        // A server gives the old set again, and so may every cache from now on.
        if (seen.Servers.Any(view => view.Records is not null && !IsAnnouncedBy(state, view.Records))) return Announcing(state with { Phase = RolloverPhase.Announcing }, seen, margin);
        if (seen.Servers.Any(view => view.Records is null)) return new(state, [], RolloverWait.Servers, null);
        if (LeftFor(state, next.Meaning, margin) is { } left) return new(state, [], RolloverWait.Caches, left);
        if (seen.Now < next.NotBefore) return new(state, [], RolloverWait.Certificate, next.NotBefore - seen.Now);

        // Whoever is led here by a name that was taken out would see the next key with what that name has.
        if (seen.Aside.Any(view => IsFormer(seen, view))) return new(state, [], RolloverWait.Servers, null);
        return new(state with { Phase = RolloverPhase.Deploying }, [new RolloverAction.Install(slot.Algorithm, next)], RolloverWait.Endpoints, null);
    }

    private static RolloverStep Deploying(RolloverState state, RolloverObservation seen, TimeSpan margin)
    {
        var slot = state.Rolling!;
        var next = slot.Next!;
        var isInstalled = seen.Installed.TryGetValue(slot.Algorithm, out var content) && content == next.Content;
        var byLeaf = next.Key == slot.Current.Key;
        if (!isInstalled && !seen.Endpoints.Any(view => view.Algorithm == slot.Algorithm && IsShownBy(view, next, byLeaf)))
        {
            // Killed before the chain was in its file, perhaps for long: what was published then must still be there, and no less.
            if (GiveUp(state, seen, margin) is { } instead) return instead;
            if (seen.Servers.Any(view => view.Records is null)) return new(state, [], RolloverWait.Servers, null);
            if (!IsReady(state, seen, next, margin)) return Announcing(state with { Phase = RolloverPhase.Announcing }, seen, margin);
        }

        if ((IsLost(state, next) || !Shows(seen, slot.Algorithm, next, byLeaf)) && Interrupt(state, seen, margin) is { } urgent) return urgent;
        if (!isInstalled) return new(state, [new RolloverAction.Install(slot.Algorithm, next)], RolloverWait.Endpoints, null);
        if (!Shows(seen, slot.Algorithm, next, byLeaf))
        {
            // Both keys are published, and an endpoint may show either; if somebody has taken one out, it comes back.
            var step = IsAnnounced(state, seen) ? new(state, [], RolloverWait.Endpoints, null) : Announce(state, seen);
            return step with { Actions = step.Actions.AddRange(Reloads(seen, slot.Algorithm, next, byLeaf)), Wait = RolloverWait.Endpoints };
        }

        return Retiring(state with { Phase = RolloverPhase.Retiring }, seen, margin);
    }

    private static RolloverStep Retiring(RolloverState state, RolloverObservation seen, TimeSpan margin)
    {
        var slot = state.Rolling!;
        var next = slot.Next!;
        var byLeaf = next.Key == slot.Current.Key;
        if (!Shows(seen, slot.Algorithm, next, byLeaf)) return Interrupt(state, seen, margin) ?? new(state, Reloads(seen, slot.Algorithm, next, byLeaf), RolloverWait.Endpoints, null);
        var settled = With(state, slot with { Current = next, Next = null, Leaving = null, Standby = slot.Standby.Except(next.Meaning) }) with { Phase = RolloverPhase.Steady };
        if (slot.Leaving is { } leaving) settled = WithReplaced(settled, leaving, next);
        settled = WithReplaced(settled, slot.Current, next);
        var publish = PublishFor(settled, Settled(settled), seen);
        if (IsPublished(seen, publish)) return new(settled, [], RolloverWait.Nothing, null);

        // A key that is lost now does not wait for servers that are slow to be without the old records.
        return Emergency(settled, seen, margin) ?? Publishing(state, seen, publish);
    }

    /// <summary>What was shown before the current chain is over once every endpoint shows that one.</summary>
    private static RolloverState Release(RolloverState state, RolloverObservation seen)
    {
        foreach (var slot in state.Slots)
        {
            if (slot is { Leaving: { } leaving, Next: null } && Shows(seen, slot.Algorithm, slot.Current, false)) state = WithReplaced(With(state, slot with { Leaving = null }), leaving, slot.Current);
        }

        return state;
    }

    /// <summary>Whatever pins the key of a chain that another has replaced is over; an issuer is so only where it was published here.</summary>
    private static RolloverState WithReplaced(RolloverState state, Chain old, Chain by)
    {
        var pins = old.Records.Union(TlsaSet.Of(old.Meaning.Records.Where(record => record.Usage == Dns.Records.TlsaUsage.DaneEe))).Except(by.Meaning);
        state = state.WithOver(pins.Records).WithOver(old.Records.Except(by.Records).Records);
        return old.Key != by.Key ? state.WithRetired(old.Key) : old.Content != by.Content ? state.WithReplaced(old.Content) : state;
    }

    private static bool IsLost(RolloverState state, Chain chain) => state.Retired.Contains(chain.Key);

    private static RolloverState With(RolloverState state, KeySlot slot) => state with { Slots = [.. state.Slots.Select(one => one.Algorithm == slot.Algorithm ? slot : one)] };
}
