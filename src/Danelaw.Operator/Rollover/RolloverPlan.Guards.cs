using System.Collections.Immutable;

namespace Danelaw.Operator.Rollover;

/// <summary>What the plan asks of what it sees before it lets anything be published, installed or loaded.</summary>
public static partial class RolloverPlan
{
    internal const string Older = "what is shown or published is not what the state lets be: the state is older than the world (was it put back from a backup?), or somebody else has changed chain file or records; nothing is done. danelaw rollover forget NAME --force, and the next run takes up what is shown and published";

    /// <summary>Publishes, unless some sender lost its match by it.</summary>
    private static RolloverStep Publishing(RolloverState state, RolloverObservation seen, RolloverAction.Publish publish)
    {
        if (seen.Servers.FirstOrDefault(view => view.Records is not null && !publish.IsSafeFrom(view.Records)) is { } broken)
        {
            var stranger = seen.Endpoints.FirstOrDefault(view => !IsOfRoll(state, view) && !publish.IsSafeFor(broken.Records!, view.Meaning));
            if (stranger is not null)
                return new(state, [], RolloverWait.Servers, null) { Refusal = $"{stranger.Endpoint} shows key {stranger.Key?.ToHex()[..16]} to senders that ask for {stranger.Algorithm}, and to publish {publish.Records} at {broken.Owner} would take out what means it: nothing is published. Add a chain file for that key (a second [[roll.chain]]), let the server show the key of this roll, or take its service out of owners" };
            return new(state, [], RolloverWait.Servers, null) { Refusal = $"to publish {publish.Records} at {broken.Owner} beside {broken.Records} would keep some senders from finding what is shown: nothing is published. Records of somebody else there are to be taken out, or the settings are to want the same kinds of records for every key" };
        }

        return new(state, [publish], RolloverWait.Servers, null);
    }

    /// <summary>Publishes what is announced. Where all that answers has it, and still does not mean what is shown and to be shown, nothing that is published here helps.</summary>
    private static RolloverStep Announce(RolloverState state, RolloverObservation seen)
    {
        var publish = PublishFor(state, Announced(state), seen);
        var isThere = seen.Servers.All(view => view.Records is null || view.Records.Equals(publish.From(view.Records)));
        return isThere && seen.Servers.FirstOrDefault(view => view.Records is not null && !IsAnnouncedBy(state, view.Records)) is { } hidden ? Hidden(state, hidden) : Publishing(state, seen, publish);
    }

    /// <summary>Something beside our records that no step of ours brought in, or takes out.</summary>
    private static RolloverStep Hidden(RolloverState state, ServerView view) =>
        new(state, [], RolloverWait.Servers, null) { Refusal = $"somebody else's records at {view.Owner} keep senders from finding those of the key that is shown{(state.Rolling is null ? "" : ", or of the next one")} ({view.Records!.Except(Announced(state))}): take them out, or set foreign = \"remove\"" };

    /// <summary>Whether an endpoint shows a key of the roll, or none.</summary>
    private static bool IsOfRoll(RolloverState state, EndpointView view) => view.Key is not { } key || state.Slots.Any(slot => slot.Chains.Any(chain => chain.Key == key));

    /// <summary>What makes owners have some records, and be without those that are over.</summary>
    private static RolloverAction.Publish PublishFor(RolloverState state, TlsaSet wanted, RolloverObservation seen)
    {
        // What stands in a file of the roll may be loaded at any moment; a server may read another file, whatever that holds.
        var chains = state.Slots.SelectMany(slot => (state.Phase < RolloverPhase.Deploying ? slot with { Next = null } : slot).Chains).Select(chain => chain.Meaning);
        return new(wanted, TlsaSet.Of(state.Over).Except(wanted), state.KeepsForeign, [.. chains, .. seen.Endpoints.Where(view => !IsOfRoll(state, view)).Select(view => view.Meaning).Distinct()]);
    }

    /// <summary>Whether every owner at every server is as it should be.</summary>
    private static bool IsPublished(RolloverObservation seen, RolloverAction.Publish publish) => !seen.Servers.IsEmpty && seen.Servers.All(view => view.Records is not null && view.Records.Equals(publish.From(view.Records)));

    /// <summary>Whether every owner at every server has the announced records, and with them means all that is shown or to be shown.</summary>
    private static bool IsAnnounced(RolloverState state, RolloverObservation seen) => !seen.Servers.IsEmpty && seen.Servers.All(view => view.Records is not null && IsAnnouncedBy(state, view.Records));

    private static bool IsAnnouncedBy(RolloverState state, TlsaSet set) =>
        set.Contains(Announced(state)) && state.Slots.All(slot => slot.Chains.All(chain => SetMeaning.Means(set, chain)));

    /// <summary>Whether a chain may be shown now: its certificate is valid, every cache has a set that means it, and every server gives one.</summary>
    private static bool IsReady(RolloverState state, RolloverObservation seen, Chain chain, TimeSpan margin) =>
        seen.Now >= chain.NotBefore && Left(state, chain.Meaning, margin) == TimeSpan.Zero && state.Held.Any(held => held.IsWhole && chain.Meaning.Contains(held.Records)) && IsMeant(seen, chain);

    /// <summary>Whether every owner at every server means a chain, or has nothing.</summary>
    private static bool IsMeant(RolloverObservation seen, Chain chain) => !seen.Servers.IsEmpty && seen.Everywhere.All(view => view.Records is not null && SetMeaning.Means(view.Records, chain));

    /// <summary>Whether what answers contradicts a chain.</summary>
    private static bool IsContradicted(RolloverObservation seen, Chain chain) => seen.Everywhere.Any(view => view.Records is not null && !SetMeaning.Means(view.Records, chain));

    /// <summary>Whether every endpoint shows a chain.</summary>
    /// <param name="seen">What is seen.</param>
    /// <param name="algorithm">The algorithm.</param>
    /// <param name="chain">The chain.</param>
    /// <param name="byLeaf">Whether its certificate counts too: another one for the same key may be meant by other records.</param>
    private static bool Shows(RolloverObservation seen, string algorithm, Chain chain, bool byLeaf) =>
        seen.Endpoints.Any(view => view.Algorithm == algorithm) && seen.Endpoints.Where(view => view.Algorithm == algorithm).All(view => IsShownBy(view, chain, byLeaf));

    private static bool IsShownBy(EndpointView view, Chain chain, bool byLeaf) => view.Key is { } key && key == chain.Key && (!byLeaf || view.Leaf == chain.Leaf);

    /// <summary>A reload mends what shows another chain than its file holds. Who completes no handshake while others do is down, and loads the file when it comes up.</summary>
    private static ImmutableArray<RolloverAction> Reloads(RolloverObservation seen, string algorithm, Chain chain, bool byLeaf)
    {
        var views = seen.Endpoints.Where(view => view.Algorithm == algorithm).ToArray();
        return views.Any(view => view.Key is not null && !IsShownBy(view, chain, byLeaf)) || views.All(view => view.Key is null) ? [new RolloverAction.Reload()] : [];
    }

    /// <summary>Makes the endpoints load what is in the files, where the records do not contradict it.</summary>
    private static RolloverStep Reloading(RolloverState state, RolloverObservation seen)
    {
        var strange = state.Slots.Where(slot => !Shows(seen, slot.Algorithm, slot.Current, false)).ToArray();

        // Nothing was deployed, and where no address could be found nothing says that a server has to be told.
        var found = strange.Where(slot => seen.Endpoints.Any(view => view.Algorithm == slot.Algorithm && !view.HasNoAddress));
        if (strange.Any(slot => seen.Endpoints.Any(view => view.Algorithm == slot.Algorithm && view.Key is not null && view.Key != slot.Current.Key) && IsContradicted(seen, slot.Current)))
            return new(state, [], RolloverWait.Endpoints, null) { Refusal = Older };

        // What an endpoint may show still comes back if somebody has taken it out.
        var step = state.Slots.All(slot => slot.Leaving is null) || IsAnnounced(state, seen) ? new(state, [], RolloverWait.Endpoints, null) : Announce(state, seen);
        return step with { Actions = step.Actions.AddRange(found.SelectMany(slot => Reloads(seen, slot.Algorithm, slot.Current, false)).Take(1)), Wait = RolloverWait.Endpoints };
    }

    /// <summary>
    /// Whether an endpoint shows a key that is published and that the state does not let be shown yet: somebody else rolls it, or a later state did. What
    /// that has begun to take out of the zone cannot be seen at the servers yet, so that no other key may be shown again.
    /// </summary>
    private static bool IsOutOfTime(RolloverState state, RolloverObservation seen) => state.Slots.Any(slot => seen.Endpoints.Any(view =>
        view.Algorithm == slot.Algorithm && view.Key is { } key && key != slot.Current.Key && key != slot.Leaving?.Key && (state.Phase < RolloverPhase.Deploying || key != slot.Next?.Key)
        && (key == slot.Next?.Key || seen.Servers.Any(server => server.Records is { } set && set.Records.Any(record => record.Data == key)))));

    /// <summary>
    /// Puts back the chain that belongs into a file which is gone or holds something else: a server that starts anew would show that. While the next
    /// chain is being deployed its file is for that step to fill. What the records do not mean is not put back: such a state is not of this world.
    /// </summary>
    private static RolloverStep? Restore(RolloverState state, RolloverObservation seen)
    {
        var actions = ImmutableArray.CreateBuilder<RolloverAction>();
        foreach (var slot in state.Slots)
        {
            if (slot.Next is not null && state.Phase == RolloverPhase.Deploying) continue;
            var chain = slot.Next is not null && state.Phase == RolloverPhase.Retiring ? slot.Next : slot.Current;
            if (seen.Installed.TryGetValue(slot.Algorithm, out var content) && content == chain.Content) continue;
            if (!IsMeant(seen, chain) && !IsAlreadyShown(seen, slot.Algorithm, chain))
                return new(state, [], RolloverWait.Servers, null) { Refusal = IsContradicted(seen, chain) ? Older : null };
            actions.Add(new RolloverAction.Install(slot.Algorithm, chain));
        }

        return actions.Count == 0 ? null : new(state, actions.ToImmutable(), RolloverWait.Endpoints, null);
    }

    /// <summary>Whether what answers shows a chain and no other: to put its file back changes nothing for a sender.</summary>
    private static bool IsAlreadyShown(RolloverObservation seen, string algorithm, Chain chain)
    {
        var shown = seen.Endpoints.Where(view => view.Algorithm == algorithm && view.Key is not null).ToArray();
        return shown.Length > 0 && shown.All(view => IsShownBy(view, chain, true));
    }

    /// <summary>
    /// A new certificate for a key that is shown, meant by the same records, is installed in whatever phase, as soon as every sender finds it by what it has
    /// in a cache; from then on it is the one that belongs there. One for a next key that is not shown yet takes the place of the chain that is to follow.
    /// </summary>
    private static RolloverStep? Renew(ref RolloverState state, RolloverObservation seen, TimeSpan margin)
    {
        foreach (var algorithm in state.Slots.Select(slot => slot.Algorithm))
        {
            var slot = state.Slots.First(slot => slot.Algorithm == algorithm);
            var isDeployed = slot.Next is { } next && IsDeployed(state, seen, slot, next);
            if (slot.Next is { } waiting && !isDeployed && Better(state, seen, algorithm, waiting) is { } newer) state = With(state, slot = slot with { Next = newer }).WithReplaced(waiting.Content);
            if (slot.Next is not null && !isDeployed && state.Phase >= RolloverPhase.Deploying) continue;
            var shown = isDeployed ? slot.Next! : slot.Current;
            if (Better(state, seen, algorithm, shown) is not { } renewal || !MayFollow(state, seen, shown, renewal, margin)) continue;
            if (!seen.Installed.TryGetValue(algorithm, out var content) || content != renewal.Content) return new(state, [new RolloverAction.Install(algorithm, renewal)], RolloverWait.Endpoints, null);
            state = With(state, isDeployed ? slot with { Next = renewal } : slot with { Current = renewal }).WithReplaced(shown.Content);
        }

        return null;
    }

    /// <summary>Whether the next chain of a slot may be shown by now: it, or another with its key, is in its file, or an endpoint has it.</summary>
    private static bool IsDeployed(RolloverState state, RolloverObservation seen, KeySlot slot, Chain next) =>
        state.Phase == RolloverPhase.Retiring
        || (state.Phase == RolloverPhase.Deploying && ((seen.Installed.TryGetValue(slot.Algorithm, out var content) && content == next.Content) || seen.Endpoints.Any(view => view.Algorithm == slot.Algorithm && IsShownBy(view, next, next.Key == slot.Current.Key))));

    /// <summary>
    /// Whether another certificate may be shown for the key of a chain that is shown: senders may know that by its certificate, or by an issuer which the
    /// other has not. Where a server is silent, or was, it may have given no more than what is known here, and whatever of that means the one has to mean the other.
    /// </summary>
    private static bool MayFollow(RolloverState state, RolloverObservation seen, Chain shown, Chain renewal, TimeSpan margin)
    {
        if (IsReady(state, seen, renewal, margin)) return true;
        if (Left(state, renewal.Meaning, margin) > state.TimesToLive.Largest || IsContradicted(seen, renewal)) return false;
        return Announced(state).Union(TlsaSet.Of(state.Over)).Union(state.Foreign).Records.All(record => !SetMeaning.IsMeant(record, shown.Meaning) || SetMeaning.IsMeant(record, renewal.Meaning));
    }

    private static Chain? Better(RolloverState state, RolloverObservation seen, string algorithm, Chain chain) =>
        seen.Offers
            .Where(offer => offer.Algorithm == algorithm && offer.Chain.Key == chain.Key && offer.Chain.Content != chain.Content && offer.Chain.Records.Equals(chain.Records) && seen.Now >= offer.Chain.NotBefore && seen.Now <= offer.Chain.NotAfter && !state.IsReplaced(offer.Chain))
            .Select(offer => offer.Chain)
            .FirstOrDefault(other => chain.IsOwn == other.IsOwn ? other.NotBefore >= chain.NotBefore || seen.Now > chain.NotAfter : chain.IsOwn || seen.Now > chain.NotAfter);

    /// <summary>
    /// The same chains by the records that the settings want now (RFC 7671 §8.2, §8.3), all of them in one step: what is shown stays, and both sets mean it.
    /// </summary>
    private static RolloverState Remeant(RolloverState state, RolloverObservation seen)
    {
        foreach (var slot in state.Slots)
        {
            var current = seen.Offers.FirstOrDefault(offer => offer.Algorithm == slot.Algorithm && offer.Chain.Content == slot.Current.Content)?.Chain ?? slot.Current;
            var standby = !slot.Standby.IsEmpty && seen.Standby.TryGetValue(slot.Algorithm, out var wanted) ? wanted : slot.Standby;
            state = With(state, slot with { Current = slot.Current with { Records = current.Records, Meaning = current.Meaning.Union(slot.Current.Meaning) }, Standby = standby })
                .WithOver(slot.Current.Records.Except(current.Records).Union(slot.Standby.Except(standby)).Records);
        }

        return state;
    }
}
