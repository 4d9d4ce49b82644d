using Danelaw.Operator.Rollover.Keeping;

namespace Danelaw.Operator.Rollover;

/// <summary>Puts into words how a lost key is replaced by the one made ahead. Pure: nothing is promised but what the last look lets the plan do.</summary>
internal static class EmergencyTelling
{
    /// <summary>When the standby key takes the place of a lost one.</summary>
    /// <param name="kept">The roll, as the last look left it.</param>
    /// <param name="slot">The slot of the lost key.</param>
    /// <param name="name">The lost key, for people.</param>
    /// <param name="margin">The margin of the roll.</param>
    internal static string Takeover(KeptRoll kept, KeySlot slot, string name, TimeSpan margin)
    {
        const string Place = "the standby key takes the place of";
        var state = kept.State;
        var gone = RolloverPlan.GoneServers(state, slot.Standby).FirstOrDefault();
        if (!state.Held.Any(held => slot.Standby.Contains(held.Records)))
        {
            string[] behind = [.. state.Servers.Where(known => known.Gone is null && !SetMeaning.Means(known.Records, slot.Standby)).Select(known => $"{known.Server} has {RollTelling.Short(known.Records)} at {known.Owner}")];
            return $"{Place} {name} {Duration.Say(RolloverPlan.WaitFor(state, margin))} after every authoritative server has come to have its record{(behind.Length == 0 ? "" : $": {string.Join("; ", behind)}")}";
        }

        if (RolloverPlan.Left(state, slot.Standby, margin) > TimeSpan.Zero && RolloverPlan.LeftFor(state, slot.Standby, margin) is { } left)
            return $"{Place} {name} in {Duration.Say(left)}: so long not every cache has its record{(gone is null ? "" : $" ({gone})")}";

        // Two keys that are over may be shown already; a third is not added to them.
        if (state.Rolling is { Next: { } next, Leaving: not null } && (state.Phase == RolloverPhase.Deploying || (state.Phase == RolloverPhase.Retiring && kept.Wait == RolloverWait.Endpoints)))
            return $"{Place} {name} as soon as every endpoint shows key {RollTelling.Short(next)}, which is being deployed: {Way(kept, "bring up what does not show it yet, or take its service out of owners and endpoints")}";
        if (gone is not null) return $"{Place} {name} when no resolver asks a server any more that was taken out of the zone: {gone}";
        if (!state.Held.Any(held => held.IsWhole && slot.Standby.Contains(held.Records)))
        {
            var isOld = state.Held.Any(held => slot.Standby.Contains(held.Records) && held.IsOld(RolloverPlan.WaitFor(state, margin)));
            var way = isOld
                ? "Bring up those that do not, or take them out of the zone's servers, which costs no wait: its record has been there for so long that no copy of the zone is without it"
                : "Bring up those that do not: who takes one out of the zone's servers instead waits two days at least, until resolvers have forgotten it";
            return $"{Place} {name} as soon as every authoritative server answers, and has its record: the last look did not find all of them so. {Way(kept, way)}";
        }

        var once = $"{name} is replaced at once by the standby key, whose record every cache has, with a certificate of its own: mail servers that use DANE-EE take it; let the ACME client bring another for clients that do not";
        return kept.Faults.IsEmpty ? once : $"{once}. What the last run failed at may be in the way: {string.Join("; ", kept.Faults)}";
    }

    private static string Way(KeptRoll kept, string what) => kept.Problems.IsEmpty ? what : $"{what} ({string.Join("; ", kept.Problems)})";
}
