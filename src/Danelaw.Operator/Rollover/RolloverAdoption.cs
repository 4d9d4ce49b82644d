using System.Collections.Immutable;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Rollover;

/// <summary>What came of taking up a roll that nothing is known of.</summary>
/// <param name="State">The state to begin with; null when it cannot begin.</param>
/// <param name="Refusal">Why not, as a sentence; empty on success.</param>
/// <param name="MayPass">Whether that may pass by itself: a server or an endpoint that is silent.</param>
public sealed record AdoptedRoll(RolloverState? State, string Refusal, bool MayPass);

/// <summary>
/// Takes up a roll for the first time, or after its state was lost. Pure. The law is the plan's: nothing may come to be shown that the records which are
/// published, or kept in caches, do not mean. So what endpoints show now is where it begins, and where that cannot be told it does not begin.
/// </summary>
public static class RolloverAdoption
{
    /// <summary>Judges.</summary>
    /// <param name="seen">What is seen.</param>
    /// <param name="candidates">For each chain file the chains that it may begin with, in the order in which they are tried: what stands in the file, or else what was offered.</param>
    /// <param name="keepsForeign">Whether records that mean none of these keys stay.</param>
    /// <param name="timeToLive">The TTL that the settings give the records: what was published may have had it until a moment ago, even where it is lower now.</param>
    public static AdoptedRoll Judge(RolloverObservation seen, ImmutableArray<(string Slot, ImmutableArray<Chain> Chains)> candidates, bool keepsForeign, TimeSpan timeToLive)
    {
        ArgumentNullException.ThrowIfNull(seen);

        // What is published must be known before anything is put in its place.
        var silent = seen.Servers.FirstOrDefault(view => view.Records is null);
        if (seen.Servers.IsEmpty || silent is not null)
            return new(null, $"{silent?.Server ?? "no authoritative server"} gives no valid answer, and what is published has to be known before this roll is taken up", true);
        var slots = ImmutableArray.CreateBuilder<KeySlot>();
        foreach (var (slot, chains) in candidates)
        {
            var shown = seen.Endpoints.Where(view => view.Algorithm == slot).ToArray();
            if (chains.IsEmpty) return new(null, $"there is no chain to begin with for the {slot} chain file: neither a file nor an offer that can be used", false);
            if (shown.Length == 0) return new(null, "there is no endpoint to look at", true);
            if (chains.FirstOrDefault(chain => shown.All(view => view.Key is null || view.Key == chain.Key)) is not { } current)
            {
                var other = shown.First(view => view.Key is not null && view.Key != chains[0].Key);
                return new(null, $"{other.Endpoint} shows another key than the one to begin with: put the chain that is shown into the chain file, and let the servers read it (danelaw setup does both)", false);
            }

            // An endpoint that is down shows the file's key once it is up again: the records must not contradict it.
            if (shown.FirstOrDefault(view => view.Key is null) is { } down && seen.Servers.FirstOrDefault(view => !SetMeaning.Means(view.Records!, current)) is { } contrary)
                return new(null, $"{down.Endpoint} completes no handshake, and {contrary.Server} has records at {contrary.Owner} that do not mean the key in the chain file: which key it would show is not known", true);
            slots.Add(new(slot, current, null, TlsaSet.Empty));
        }

        if (SecondKey(seen, slots, keepsForeign) is { } second) return new(null, second, false);
        var own = slots.Aggregate(TlsaSet.Empty, (set, slot) => set.Union(slot.Current.Records));
        var over = ImmutableArray.CreateBuilder<TlsaRecord>();
        foreach (var view in seen.Servers)
        {
            foreach (var record in view.Records!.Except(own).Records)
            {
                // Left there, it would hide the records of the next key from senders that go by its digest (RFC 7671 §9).
                var isHiding = SetMeaning.Hides(record, own) || slots.Any(slot => SetMeaning.Hides(record, slot.Current.Records));

                // Whatever pins this key or its certificate would outlive both; an issuer may be there for others.
                if (slots.Any(slot => SetMeaning.IsMeant(record, slot.Current.Meaning)) && (isHiding || record.Usage == TlsaUsage.DaneEe)) over.Add(record);
                else if (isHiding && keepsForeign) return new(null, $"{view.Owner} has the record {record}, which means none of the keys that are shown and keeps senders from finding those that this roll publishes ({string.Join(", ", own.Records.Select(one => one.Parameters).Distinct())}): take it out, let records name its kind too, or set foreign = \"remove\"", false);
            }
        }

        // Nobody can see how long a cache may keep what it fetched before this look; the settings say what the records had, or are to have.
        var lived = seen.Servers.All(view => view.Records!.IsEmpty) ? TimeToLiveMemory.Empty : TimeToLiveMemory.Empty.See([timeToLive], TimeSpan.Zero, false);
        var state = new RolloverState { Slots = slots.ToImmutable(), LastLook = seen.Uptime, TimesToLive = lived, KeepsForeign = keepsForeign }.WithOver(over);
        return new(state with { Foreign = seen.Servers.Aggregate(TlsaSet.Empty, (set, view) => set.Union(view.Records!)).Except(own).Except(TlsaSet.Of(over)) }, "", false);
    }

    /// <summary>Another key, shown to senders of another algorithm, that no chain file of the roll holds and no record means that stays; null for none.</summary>
    /// <param name="seen">What is seen.</param>
    /// <param name="slots">The slots of the roll.</param>
    /// <param name="keepsForeign">Whether records that mean none of the roll's keys stay.</param>
    internal static string? SecondKey(RolloverObservation seen, IReadOnlyList<KeySlot> slots, bool keepsForeign)
    {
        if (slots.Count != 1 || seen.Endpoints.FirstOrDefault(view => view.Algorithm != slots[0].Algorithm && view.Key is not null && view.Key != slots[0].Current.Key && view.Key != slots[0].Next?.Key && !(keepsForeign && IsPinned(seen, view))) is not { } second) return null;
        return $"{second.Endpoint} shows another key to senders that ask for {second.Algorithm}, and {(IsPinned(seen, second) ? "foreign = \"remove\" would take out the record that means it" : "the records do not mean it to all of them")}: add a chain file for it (a second [[roll.chain]] with algorithm = \"{second.Algorithm}\"), or let the server show one key";
    }

    private static bool IsPinned(RolloverObservation seen, EndpointView view) =>
        seen.Servers.Any(server => server.Records is { IsEmpty: false } set && (SetMeaning.Means(set, view.Meaning) || set.Records.Any(record => record.Usage == TlsaUsage.DaneTa)));
}
