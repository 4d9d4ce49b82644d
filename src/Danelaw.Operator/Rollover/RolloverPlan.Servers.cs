using Danelaw.Dns.Records;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Rollover;

/// <summary>What becomes of owners that the settings do not name, or name no more, and of servers that the zone has no more. Senders are still led to both.</summary>
public static partial class RolloverPlan
{
    /// <summary>How long a resolver may keep asking a server that is taken out of its zone, at least: the largest TTL that zones above give delegations (docs/decisions/0226).</summary>
    private static readonly TimeSpan DelegationLife = TimeSpan.FromDays(2);

    /// <summary>Names are one whatever case somebody types them in (RFC 4343).</summary>
    private static readonly StringComparer Names = StringComparer.OrdinalIgnoreCase;

    /// <summary>Takes note of owners and servers that have gone, and lets those gate the plan to which senders may still be led.</summary>
    private static RolloverState Follow(RolloverState state, ref RolloverObservation seen, TimeSpan delegationLife)
    {
        // What pins a key of the roll at a name that is no owner is as one that was taken out: whoever is led there by it is to be led on, or no other key comes.
        seen = seen with { Former = [.. seen.Former, .. seen.Beside.Where(view => view.Records is { } set && AreOurs(state, PinsOf(set)))] };
        var (now, elapsed) = (seen, seen.Uptime.Since(state.LastLook));
        string[] named = [.. seen.Servers.Select(view => view.Owner).Distinct(Names)];

        // What an owner has had until now that comes to the roll only now, nobody has watched.
        if (!state.Owners.IsEmpty && named.Except(state.Owners, Names).Any()) state = state with { Held = [] };
        string[] former = [.. seen.Former.Where(view => view.Records is not { } set || IsOurs(state, set)).Select(view => view.Owner).Distinct(Names)];
        var before = state.Servers;
        var missing = before.Where(known => named.Contains(known.Owner, Names) && !now.Servers.Any(view => IsOne(view, known))).ToLookup(known => known.Gone is null && IsUnclear(now, known.Owner, before));
        var unseen = missing[true].Select(known => known with { IsSilent = true });
        var gone = missing[false]
            .Select(known => known with { Gone = known.Gone is { } time ? time + elapsed : TimeSpan.Zero })
            .Where(known => known.Gone <= LifeOf(known, delegationLife))
            .ToArray();
        state = state with
        {
            Owners = [.. named.Concat(former).Distinct(Names).Order(StringComparer.Ordinal)],
            Servers = [.. seen.Servers.Select(view => See(view, before.FirstOrDefault(known => IsOne(view, known)))).OfType<KnownServer>().Concat(unseen).Concat(gone).DistinctBy(known => (known.Owner, known.Server))],
        };
        seen = seen with
        {
            Aside = [.. seen.Former.Where(view => former.Contains(view.Owner)), .. gone.Select(known => new ServerView(known.Owner, known.Server, known.Records, known.TimeToLive))],
            IsOneLost = gone.Any(known => known.IsSilent),
        };
        return state;
    }

    /// <summary>Whether a look does not tell who serves an owner: a server's address, the zone's servers or its delegation could not be found. Who is missing then has not gone, but was not seen.</summary>
    private static bool IsUnclear(RolloverObservation seen, string owner, IEnumerable<KnownServer> before) =>
        seen.Servers.Any(view => view.Records is null && Names.Equals(view.Owner, owner) && !before.Any(known => IsOne(view, known)));

    /// <summary>For how long resolvers may ask a server after it was taken out of its zone.</summary>
    private static TimeSpan LifeOf(KnownServer known, TimeSpan delegationLife) => known.NamedFor <= delegationLife ? delegationLife : known.NamedFor <= TimeToLiveMemory.LongestKept ? known.NamedFor : TimeToLiveMemory.LongestKept;

    private static TimeSpan StillAsked(KnownServer known) => LifeOf(known, DelegationLife) - (known.Gone ?? TimeSpan.Zero);

    /// <summary>What is kept of a server; null of one that never had an answer.</summary>
    private static KnownServer? See(ServerView view, KnownServer? known)
    {
        if ((view.Records ?? known?.Records) is not { } records) return null;
        return new(view.Owner, view.Server, records, null)
        {
            TimeToLive = view.Records is null ? known!.TimeToLive : view.TimeToLive,
            NamedFor = known?.NamedFor > view.NamedFor ? known.NamedFor : view.NamedFor,
            IsSilent = view.Records is null,
        };
    }

    private static bool IsOne(ServerView view, KnownServer known) => Names.Equals(view.Owner, known.Owner) && Names.Equals(view.Server, known.Server);

    /// <summary>Whether a set says that its server shows a key of the roll. An issuer says so only where nothing beside it pins a key: it may be there for others.</summary>
    private static bool IsOurs(RolloverState state, TlsaSet set) => AreOurs(state, PinsOf(set) is { Length: > 0 } pins ? pins : [.. set.Records]);

    private static TlsaRecord[] PinsOf(TlsaSet set) => [.. set.Records.Where(record => record.Usage is TlsaUsage.DaneEe or TlsaUsage.PkixEe)];

    private static bool AreOurs(RolloverState state, TlsaRecord[] records)
    {
        var chains = state.Slots.SelectMany(slot => slot.Chains).ToArray();
        var announced = Announced(state);
        return records.Any(record => announced.Records.Contains(record) || chains.Any(chain => SetMeaning.IsMeant(record, chain.Meaning)));
    }

    private static bool IsFormer(RolloverObservation seen, ServerView view) => seen.Former.Contains(view);

    private static string FormerOwner(ServerView view) =>
        $"{view.Owner} is not among owners, and {(view.Records is { } set ? $"has records of this roll ({RollTelling.Short(set)})" : $"what it has, where it had records of this roll, cannot be seen ({view.Server} gives no valid answer)")}: a server that shows its key by this roll's chain file would be left with records that do not mean the next one, so no other key is shown. Put the service into owners; or, once no server for that name reads the chain file, take the records out, or the alias that leads to them (danelaw publish {view.Owner.TrimEnd('.')} --remove --all --to WAY takes out records){(view.Records is null ? "; where neither can be done, because its zone is no more, danelaw rollover forget NAME" : "")}";

    /// <summary>How long a chain has to wait at least, by what means it: until resolvers have forgotten servers that the zone has no more, and then until caches are without what those may have given. Null where it waits for neither.</summary>
    internal static TimeSpan? LeftFor(RolloverState state, TlsaSet meaning, TimeSpan margin)
    {
        var left = Left(state, meaning, margin);
        TimeSpan[] asked = [.. Awaited(state, [meaning]).Select(StillAsked)];
        if (asked.Length == 0) return left > TimeSpan.Zero ? left : null;
        return asked.Max() + (left > state.TimesToLive.Largest ? left : state.TimesToLive.Largest);
    }

    /// <summary>Servers that the zone has no more, and for which a chain waits: they had what does not mean it, or were silent and may have an old copy without it.</summary>
    private static IEnumerable<KnownServer> Awaited(RolloverState state, TlsaSet[] meanings) => state.Servers.Where(known => known.Gone is not null && meanings.Any(meaning =>
        !SetMeaning.Means(known.Records, meaning) || (known.IsSilent && !state.Held.Any(held => held.IsWhole && meaning.Contains(held.Records)))));

    /// <summary>Servers that the zone has no more, and for which what is to be shown waits, a sentence each: that passes.</summary>
    internal static IEnumerable<string> GoneServers(RolloverState state)
    {
        TlsaSet[] awaited = [.. state.Slots.SelectMany(slot => new[] { slot.Next?.Meaning ?? TlsaSet.Empty, IsLost(state, slot.Current) ? slot.Standby : TlsaSet.Empty }).Where(set => !set.IsEmpty)];
        return GoneServers(state, awaited);
    }

    /// <summary>The same of what is to be shown by some meanings.</summary>
    internal static IEnumerable<string> GoneServers(RolloverState state, params TlsaSet[] awaited)
    {
        foreach (var known in Awaited(state, awaited))
        {
            var left = Duration.Say(StillAsked(known));
            yield return known.IsSilent
                ? $"{known.Server} gave no valid answer when it was taken out of the zone's servers, and may have an old copy of the zone (it last had {RollTelling.Short(known.Records)} at {known.Owner}): resolvers that still know it may ask it, so the next key waits {left} longer, and then {Duration.Say(state.TimesToLive.Largest)}, in which caches forget what it may have given them. If it can be brought to answer rightly, put it back among the servers until then"
                : $"{known.Server} is no more among the zone's servers, and had {RollTelling.Short(known.Records)} at {known.Owner} when it was last seen: resolvers that still know it may ask it, so the next key waits {left} longer. Let it have the zone until then, or stop it and put it back among the servers once it answers rightly";
        }
    }
}
