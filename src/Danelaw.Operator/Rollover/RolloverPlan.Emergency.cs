namespace Danelaw.Operator.Rollover;

/// <summary>What becomes of keys that are lost, and which chain follows.</summary>
public static partial class RolloverPlan
{
    /// <summary>Begins with the successor of a lost key that every cache means already: whatever else is in the way, an endpoint that is down or a server that is slow, it waits for nothing.</summary>
    private static RolloverStep? Emergency(RolloverState state, RolloverObservation seen, TimeSpan margin)
    {
        foreach (var slot in state.Slots.Where(slot => IsLost(state, slot.Current)))
        {
            if (Choose(state, seen, slot, margin) is { } ahead && ahead.Key != slot.Current.Key && IsReady(state, seen, ahead, margin)) return Begin(state, seen, slot, ahead, margin);
        }

        return null;
    }

    /// <summary>
    /// Breaks off a deployment that not every endpoint has followed, where a key is lost and another can take its place at once: the one that is being
    /// deployed, or the key of another chain file. What was in the file until then counts as shown, and what stood there before stays meant for as long as an
    /// endpoint may show it, so that nobody waits for one that is down.
    /// </summary>
    private static RolloverStep? Interrupt(RolloverState state, RolloverObservation seen, TimeSpan margin)
    {
        if (state.Rolling is not { Next: { } next, Leaving: null } slot) return null;
        var begun = slot with { Current = next, Next = null, Leaving = slot.Current, Standby = slot.Standby.Except(next.Meaning) };
        var halfway = With(state, begun) with { Phase = RolloverPhase.Steady };
        var step = Emergency(halfway, seen, margin);

        // Without another key the one of before will do, as long as nothing of it was taken out.
        if (step is null && MayGoBack(state, slot, margin, seen.Now) && IsReady(state, seen, slot.Current, margin))
            step = Begin(halfway, seen, begun with { Leaving = null }, slot.Current, margin);
        return step is { Actions.IsEmpty: false } ? step : null;
    }

    /// <summary>Whether the key of before may be shown again, the next one being lost, as far as the state tells: nothing of it was taken out yet.</summary>
    internal static bool MayGoBack(RolloverState state, KeySlot slot, TimeSpan margin, DateTimeOffset now) =>
        state.Phase == RolloverPhase.Deploying && slot is { Next: { } next, Leaving: null } && IsLost(state, next) && !IsLost(state, slot.Current) && now <= slot.Current.NotAfter && Left(state, slot.Current.Meaning, margin) == TimeSpan.Zero;

    /// <summary>
    /// Ends a roll of which nothing was deployed yet, which is safe: its chain has expired while it waited, its key is lost too, or the key of some slot is
    /// lost and another that was made ahead can take its place at once. A newer offer with another key has to wait.
    /// </summary>
    private static RolloverStep? GiveUp(RolloverState state, RolloverObservation seen, TimeSpan margin)
    {
        var slot = state.Rolling!;
        var next = slot.Next!;
        var isOver = seen.Now > next.NotAfter || IsLost(state, next);
        if (!isOver && !state.Slots.Any(one => IsLost(state, one.Current) && Choose(state, seen, one, margin) is { } chain && chain.Key != next.Key && IsReady(state, seen, chain, margin))) return null;
        var settled = (With(state, slot with { Next = null }) with { Phase = RolloverPhase.Steady }).WithOver(next.Records.Records);
        return Steady(settled, seen, margin);
    }

    /// <summary>The chain that is to follow, or to take the place of, the current one; null for none.</summary>
    internal static Chain? Choose(RolloverState state, RolloverObservation seen, KeySlot slot, TimeSpan margin)
    {
        var offered = seen.Offers
            .Where(offer => offer.Algorithm == slot.Algorithm && offer.Chain.Content != slot.Current.Content && seen.Now <= offer.Chain.NotAfter && !state.IsReplaced(offer.Chain) && !IsLost(state, offer.Chain))
            .Select(offer => offer.Chain)
            .ToArray();

        // What can be shown at once comes first where the key is lost.
        if (IsLost(state, slot.Current)) return offered.FirstOrDefault(chain => IsReady(state, seen, chain, margin)) ?? offered.FirstOrDefault();
        if (seen.Now > slot.Current.NotAfter) return offered.FirstOrDefault();

        // A key made ahead is for the day on which this one is lost, and a chain that is older is none to follow it; a certificate of our own is newer than what it is to be replaced by.
        return offered.FirstOrDefault(chain => !IsBefore(chain, slot.Current) && (slot.Standby.IsEmpty || !chain.Meaning.Contains(slot.Standby)));
    }

    private static bool IsBefore(Chain chain, Chain current) => !current.IsOwn && chain.NotBefore < current.NotBefore - MostBackdated;

    /// <summary>Whether a chain with another key could follow the current one, were it not the older of the two.</summary>
    internal static bool IsOlder(RolloverState state, KeySlot slot, Chain chain, DateTimeOffset now) =>
        IsBefore(chain, slot.Current) && chain.Key != slot.Current.Key && chain.Key != slot.Next?.Key && now <= chain.NotAfter && now <= slot.Current.NotAfter
        && !IsLost(state, slot.Current) && !IsLost(state, chain) && !state.IsReplaced(chain) && (slot.Standby.IsEmpty || !chain.Meaning.Contains(slot.Standby));
}
