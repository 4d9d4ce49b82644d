using System.Collections.Immutable;
using Danelaw.Dns;

namespace Danelaw.Operator.Rollover;

/// <summary>
/// Decides the next step of a rollover (RFC 7671 §8.1). Pure: what it says follows from the state, what is seen now, and the margin. Its law: no
/// validating sender, whatever its cache holds, may see records of which none matches what an endpoint shows.
/// </summary>
public static class RolloverPlan
{
    /// <summary>Decides.</summary>
    /// <param name="state">What was kept of the last look.</param>
    /// <param name="seen">What is seen now.</param>
    /// <param name="margin">Added to every wait, for servers that cannot be seen (anycast).</param>
    /// <returns>The state to keep, to be saved before anything is done, and what to do.</returns>
    public static RolloverStep Next(RolloverState state, RolloverObservation seen, TimeSpan margin)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(seen);
        var elapsed = seen.Uptime.Since(state.LastLook);
        state = state with
        {
            LastLook = seen.Uptime,
            TimesToLive = state.TimesToLive.See(seen.Servers.Where(view => view.Records is not null).Select(view => view.TimeToLive), elapsed, state.Phase != RolloverPhase.Steady),
        };
        if (Restore(state, seen) is { IsEmpty: false } restored)
        {
            // Nobody has looked at the servers for this step, so its time counts for no wait.
            return new(state with { WasHeld = false }, restored, RolloverWait.Endpoints, null);
        }

        return state.Phase switch
        {
            RolloverPhase.Steady => Steady(state, seen, elapsed, margin),
            RolloverPhase.Announcing => Announcing(state, seen, margin),
            RolloverPhase.Waiting => Waiting(state, seen, elapsed, margin),
            RolloverPhase.Deploying => Deploying(state, seen, margin),
            RolloverPhase.Retiring => Retiring(state, seen),
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

    /// <summary>What is published when no roll is on: the records of every algorithm's current chain, of standby keys, and of others.</summary>
    internal static TlsaSet Settled(RolloverState state) => state.Slots.Aggregate(state.Foreign, (set, slot) => set.Union(slot.Current.Records).Union(slot.Standby));

    private static RolloverStep Steady(RolloverState state, RolloverObservation seen, TimeSpan elapsed, TimeSpan margin)
    {
        // Somebody's records never came from here, and are not ours to take out.
        var settled = Settled(state);
        if (!ShowsCurrent(state, seen))
        {
            // What is in the file may not have been loaded; records are left alone until the endpoints show what the state says.
            return new(state with { WasHeld = false }, [new RolloverAction.Reload()], RolloverWait.Endpoints, null);
        }

        var isHeld = HasExactly(seen, settled);
        state = state with { Waited = isHeld && state.WasHeld ? state.Waited + elapsed : isHeld || IsHeldWhereSeen(seen, settled) ? state.Waited : TimeSpan.Zero, WasHeld = isHeld };
        if (!isHeld) return new(state, [new RolloverAction.Publish(settled)], RolloverWait.Servers, null);
        foreach (var slot in state.Slots)
        {
            // The same chain again may come to be meant by other records (RFC 7671 §8.2, §8.3): those are announced like any other.
            if (Newest(state, seen, slot.Algorithm) is not { } offer || (offer.Chain.Content == slot.Current.Content && offer.Chain.Records.Equals(slot.Current.Records))) continue;

            // The same key with a new certificate: what is published means it already.
            if (offer.Chain.Key == slot.Current.Key && offer.Chain.Records.Equals(slot.Current.Records))
            {
                if (seen.Now < offer.Chain.NotBefore) return new(state, [], RolloverWait.Certificate, offer.Chain.NotBefore - seen.Now);
                var renewed = With(state, slot with { Current = offer.Chain }).WithRetired(slot.Current.Content);
                return new(renewed, [new RolloverAction.Install(slot.Algorithm, offer.Chain)], RolloverWait.Nothing, null);
            }

            var begun = With(state, slot with { Next = offer.Chain }) with { Phase = RolloverPhase.Announcing, Waited = TimeSpan.Zero, WasHeld = false };

            // A standby key, or an issuer that the next chain shares: what every cache has by now matches it already.
            if (state.Waited >= WaitFor(state, margin) && seen.Now >= offer.Chain.NotBefore && slot.Current.Records.Union(slot.Standby).Records.Any(offer.Chain.Records.Records.Contains))
                return new(begun with { Phase = RolloverPhase.Deploying }, [new RolloverAction.Publish(settled.Union(offer.Chain.Records)), new RolloverAction.Install(slot.Algorithm, offer.Chain)], RolloverWait.Endpoints, null);
            return new(begun, [new RolloverAction.Publish(settled.Union(offer.Chain.Records))], RolloverWait.Servers, null);
        }

        // The key is the right one; of the certificate only its file is sure.
        return state.Slots.All(slot => ShowsLeaf(seen, slot)) ? new(state, [], RolloverWait.Nothing, null) : new(state, [new RolloverAction.Reload()], RolloverWait.Endpoints, null);
    }

    private static RolloverStep Announcing(RolloverState state, RolloverObservation seen, TimeSpan margin)
    {
        if (Replaced(state, seen) is { } instead) return instead;
        var announced = Settled(state).Union(state.Rolling!.Next!.Records);
        if (!IsHeld(seen, announced)) return new(state, [new RolloverAction.Publish(announced)], RolloverWait.Servers, null);

        // From this moment on no server gives the old set to any cache.
        var waiting = state with { Phase = RolloverPhase.Waiting, Waited = TimeSpan.Zero, WasHeld = true };
        return new(waiting, [], RolloverWait.Caches, WaitFor(waiting, margin));
    }

    private static RolloverStep Waiting(RolloverState state, RolloverObservation seen, TimeSpan elapsed, TimeSpan margin)
    {
        if (Replaced(state, seen) is { } instead) return instead;
        var slot = state.Rolling!;
        var next = slot.Next!;
        var announced = Settled(state).Union(next.Records);
        if (!IsHeldWhereSeen(seen, announced))
        {
            // A server gives the old set again, and so may every cache from now on.
            return Announcing(state with { Phase = RolloverPhase.Announcing, Waited = TimeSpan.Zero, WasHeld = false }, seen, margin);
        }

        // A server that says nothing may have gone back meanwhile: the time until it answers again does not count.
        var isHeld = IsHeld(seen, announced);
        state = state with { Waited = isHeld && state.WasHeld ? state.Waited + elapsed : state.Waited, WasHeld = isHeld };
        if (!isHeld) return new(state, [], RolloverWait.Servers, null);
        var wait = WaitFor(state, margin);
        if (state.Waited < wait) return new(state, [], RolloverWait.Caches, wait - state.Waited);
        if (seen.Now < next.NotBefore) return new(state, [], RolloverWait.Certificate, next.NotBefore - seen.Now);
        return new(state with { Phase = RolloverPhase.Deploying }, [new RolloverAction.Install(slot.Algorithm, next)], RolloverWait.Endpoints, null);
    }

    private static RolloverStep Deploying(RolloverState state, RolloverObservation seen, TimeSpan margin)
    {
        var slot = state.Rolling!;
        var next = slot.Next!;
        var announced = Settled(state).Union(next.Records);
        var isInstalled = seen.Installed.TryGetValue(slot.Algorithm, out var content) && content == next.Content;
        if (!isInstalled && !seen.Endpoints.Any(view => view.Algorithm == slot.Algorithm && view.Key == next.Key))
        {
            // Killed before the chain was in its file, perhaps for long: what was published then must still be there.
            if (seen.Servers.Any(view => view.Records is not null && !view.Records.Records.Any(next.Records.Records.Contains)))
                return Announcing(state with { Phase = RolloverPhase.Announcing, Waited = TimeSpan.Zero, WasHeld = false }, seen, margin);
            if (seen.Servers.Any(view => view.Records is null)) return new(state, [], RolloverWait.Servers, null);
        }

        if (!isInstalled) return new(state, [new RolloverAction.Install(slot.Algorithm, next)], RolloverWait.Endpoints, null);
        if (!Shows(seen, slot.Algorithm, next.Key))
        {
            // Both keys are published, and an endpoint may show either; if somebody has taken one out, it comes back.
            ImmutableArray<RolloverAction> actions = IsHeld(seen, announced) ? [new RolloverAction.Reload()] : [new RolloverAction.Publish(announced), new RolloverAction.Reload()];
            return new(state, actions, RolloverWait.Endpoints, null);
        }

        return Retiring(state with { Phase = RolloverPhase.Retiring }, seen);
    }

    private static RolloverStep Retiring(RolloverState state, RolloverObservation seen)
    {
        var slot = state.Rolling!;
        var next = slot.Next!;
        if (!Shows(seen, slot.Algorithm, next.Key)) return new(state, [new RolloverAction.Reload()], RolloverWait.Endpoints, null);
        var settled = With(state, slot with { Current = next, Next = null, Standby = slot.Standby.Except(next.Records) });
        var wanted = Settled(settled);
        if (!HasExactly(seen, wanted)) return new(state, [new RolloverAction.Publish(wanted)], RolloverWait.Servers, null);
        settled = slot.Current.Key != next.Key ? settled.WithRetired(slot.Current.Key) : slot.Current.Content != next.Content ? settled.WithRetired(slot.Current.Content) : settled;
        return new(settled with { Phase = RolloverPhase.Steady, Waited = TimeSpan.Zero, WasHeld = false }, [], RolloverWait.Nothing, null);
    }

    /// <summary>
    /// A newer offer while a roll waits. With the next key and another certificate it takes the place of the next chain; with another key it has to
    /// wait, unless the next chain has expired meanwhile: then that roll is given up, which is safe as long as nothing was deployed.
    /// </summary>
    private static RolloverStep? Replaced(RolloverState state, RolloverObservation seen)
    {
        var slot = state.Rolling!;
        var next = slot.Next!;
        var newest = Newest(state, seen, slot.Algorithm)?.Chain;
        if (newest is not null && newest.Content != next.Content && newest.Key == next.Key && newest.Records.Equals(next.Records))
            return new(With(state, slot with { Next = newest }), [], RolloverWait.Caches, null);
        if (seen.Now <= next.NotAfter) return null;
        var settled = With(state, slot with { Next = null }) with { Phase = RolloverPhase.Steady, Waited = TimeSpan.Zero, WasHeld = false };
        return new(settled, [new RolloverAction.Publish(Settled(settled))], RolloverWait.Servers, null);
    }

    /// <summary>Whether every owner at every server has at least these.</summary>
    private static bool IsHeld(RolloverObservation seen, TlsaSet records) => !seen.Servers.IsEmpty && seen.Servers.All(view => view.Records is not null && view.Records.Contains(records));

    /// <summary>Whether no server that answers is without one of these.</summary>
    private static bool IsHeldWhereSeen(RolloverObservation seen, TlsaSet records) => seen.Servers.All(view => view.Records is null || view.Records.Contains(records));

    /// <summary>Whether every owner at every server has just these.</summary>
    private static bool HasExactly(RolloverObservation seen, TlsaSet records) => !seen.Servers.IsEmpty && seen.Servers.All(view => view.Records is not null && view.Records.Equals(records));

    private static bool Shows(RolloverObservation seen, string algorithm, Octets key) =>
        seen.Endpoints.Any(view => view.Algorithm == algorithm) && seen.Endpoints.Where(view => view.Algorithm == algorithm).All(view => view.Key is { } shown && shown == key);

    private static bool ShowsCurrent(RolloverState state, RolloverObservation seen) => state.Slots.All(slot => Shows(seen, slot.Algorithm, slot.Current.Key));

    private static bool ShowsLeaf(RolloverObservation seen, KeySlot slot) => seen.Endpoints.All(view => view.Algorithm != slot.Algorithm || view.Leaf == slot.Current.Leaf);

    /// <summary>
    /// Puts back the chain that belongs into a file which is gone or holds something else: a server that starts anew would show that. While the next
    /// chain is being deployed its file is for that step to fill.
    /// </summary>
    private static ImmutableArray<RolloverAction> Restore(RolloverState state, RolloverObservation seen)
    {
        var actions = ImmutableArray.CreateBuilder<RolloverAction>();
        foreach (var slot in state.Slots)
        {
            if (slot.Next is not null && state.Phase == RolloverPhase.Deploying) continue;
            var chain = slot.Next is not null && state.Phase == RolloverPhase.Retiring ? slot.Next : slot.Current;
            if (!seen.Installed.TryGetValue(slot.Algorithm, out var content) || content != chain.Content) actions.Add(new RolloverAction.Install(slot.Algorithm, chain));
        }

        return actions.ToImmutable();
    }

    /// <summary>The newest offer that is neither over nor expired.</summary>
    private static Offer? Newest(RolloverState state, RolloverObservation seen, string algorithm) =>
        seen.Offers.FirstOrDefault(offer => offer.Algorithm == algorithm && seen.Now <= offer.Chain.NotAfter && !state.Retired.Contains(offer.Chain.Content) && !state.Retired.Contains(offer.Chain.Key));

    private static RolloverState With(RolloverState state, KeySlot slot) => state with { Slots = [.. state.Slots.Select(one => one.Algorithm == slot.Algorithm ? slot : one)] };
}
