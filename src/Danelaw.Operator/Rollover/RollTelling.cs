using System.Globalization;

namespace Danelaw.Operator.Rollover;

/// <summary>Puts a roll into words. Pure.</summary>
public static partial class RollTelling
{
    /// <summary>What a step changes, a sentence each, for the history.</summary>
    internal static IEnumerable<string> Changes(RolloverState before, RolloverState after)
    {
        foreach (var slot in after.Slots)
        {
            if (before.Slots.FirstOrDefault(one => one.Algorithm == slot.Algorithm) is not { } old) continue;
            if (old.Next is null && slot.Next is { } next) yield return next.Key == old.Current.Key ? $"key {Short(next)} comes to be meant by other records: {next.Records.Records.Length} of them" : $"key {Short(next)}, valid until {Day(next.NotAfter)}, is to follow key {Short(old.Current)}";
            if (old.Next is { } former && slot.Next is { } replaced && former.Content != replaced.Content) yield return former.Key != replaced.Key ? $"key {Short(replaced)} comes in the place of key {Short(former)}, which is lost or has expired, or would have come later" : $"another certificate for key {Short(replaced)} takes the place of the one that was to follow";
            if (old.Next is { } given && slot.Next is null && slot.Current.Content == old.Current.Content) yield return $"key {Short(given)} is given up: its certificate has expired while it waited, or the shown key is lost and another can take its place sooner";
            if (slot.Leaving is { } leaving && old.Leaving is null) yield return $"the records of key {Short(leaving)} stay until every endpoint was seen without it";
            if (old.Leaving is { } left && slot.Leaving is null && slot.Next is null && old.Next is null) yield return $"no endpoint shows key {Short(left)} any more";
            if (old.Next?.Content == slot.Next?.Content && slot.Current.Content != old.Current.Content) yield return $"a new certificate for key {Short(slot.Current)}, valid until {Day(slot.Current.NotAfter)}, is in its file: nothing is to be published";
        }

        if (after.Foreign.Except(before.Foreign) is { IsEmpty: false } newcomers) yield return $"records of somebody else have come to the owners, and {(after.KeepsForeign ? "stay" : "are taken out")}: {newcomers}";
        if (after.Slots.Length == before.Slots.Length && after.Slots.Where((slot, i) => slot.Current.Content == before.Slots[i].Current.Content && !slot.Current.Records.Equals(before.Slots[i].Current.Records)).Any()) yield return "the same keys come to be meant by other kinds of records";
        if (before.Phase == after.Phase) yield break;
        yield return after.Phase switch
        {
            RolloverPhase.Steady => $"key {string.Join(" and ", after.Slots.Select(slot => Short(slot.Current)))} is shown, and published alone",
            RolloverPhase.Announcing => before.Phase == RolloverPhase.Waiting ? $"a server is without some of the records: they are published again{(IsAnew(before, after) ? ", and the wait begins anew" : "")}" : "its records are being published beside the current ones",
            RolloverPhase.Waiting => "every authoritative server has the records of the next key: caches are waited for",
            RolloverPhase.Deploying => "the next key is being deployed",
            RolloverPhase.Retiring => "every endpoint shows the new key: the old one's records are being taken out",
        };
    }

    /// <summary>A certificate that ends before a roll can, while there is time to do something about it.</summary>
    /// <param name="state">The state.</param>
    /// <param name="margin">The margin of the roll.</param>
    /// <param name="remaining">How long the wait that is on takes at least; null for none.</param>
    /// <param name="now">The time.</param>
    internal static IEnumerable<string> Expiry(RolloverState state, TimeSpan margin, TimeSpan? remaining, DateTimeOffset now)
    {
        var wait = RolloverPlan.WaitFor(state, margin);
        foreach (var slot in state.Slots)
        {
            var left = slot.Current.NotAfter - now;
            if (slot.Next is not null)
            {
                var needed = state.Phase switch { RolloverPhase.Announcing => wait, RolloverPhase.Waiting => remaining ?? wait, _ => TimeSpan.Zero };
                if (slot.Next.NotAfter - now < needed) yield return $"the certificate of the next key {Short(slot.Next)} {(slot.Next.NotAfter > now ? $"expires in {Duration.Say(slot.Next.NotAfter - now)}" : "has expired")}, before that key can be shown (in {Duration.Say(needed)} at the earliest): let the ACME client renew it with the same key now (certbot --reuse-key)";
                if (needed > left) yield return $"the certificate of key {Short(slot.Current)} {(left > TimeSpan.Zero ? $"expires in {Duration.Say(left)}" : "has expired")}, and the next key can be shown in {Duration.Say(needed)} at the earliest: senders that use DANE-EE do not mind, other clients will complain; the shortest safe way is another certificate for the key that is shown, which is deployed at once: its request is made from the chain file (openssl req -new -key FILE; certbot certonly --csr), and it is offered together with that key. certbot --reuse-key would take the next key";
            }
            else if (left > TimeSpan.Zero && left < wait + TimeSpan.FromDays(3))
            {
                yield return $"the certificate of key {Short(slot.Current)} expires on {Day(slot.Current.NotAfter)}, and nothing was brought that can follow it; a new key needs {Duration.Say(wait)} before it can be shown: let the ACME client renew it now";
            }
        }
    }

    /// <summary>Certificates that have ended, and that nothing follows: whatever should have brought another does not.</summary>
    internal static IEnumerable<string> Expired(RolloverState state, TimeSpan margin, DateTimeOffset now)
    {
        foreach (var slot in state.Slots.Where(slot => slot.Next is null && slot.Current.NotAfter <= now))
            yield return $"the certificate of key {Short(slot.Current)} has expired on {Day(slot.Current.NotAfter)}, and nothing was brought that can follow it: let the ACME client renew it; the shortest safe way is the same key (certbot --reuse-key), which is deployed at once; a new key needs {Duration.Say(RolloverPlan.WaitFor(state, margin))}";
    }

    /// <summary>What happens next, as a sentence.</summary>
    /// <param name="state">The state.</param>
    /// <param name="wait">What is waited for.</param>
    /// <param name="remaining">How long that takes at least; null where it cannot be told.</param>
    public static string Next(RolloverState state, RolloverWait wait, TimeSpan? remaining) => (state.Phase, wait) switch
    {
        (_, RolloverWait.Certificate) => $"the certificate that was brought becomes valid{In(remaining)}",
        (RolloverPhase.Steady, RolloverWait.Nothing) => "nothing: the next renewal is waited for",
        (RolloverPhase.Steady, RolloverWait.Caches) => $"the certificate that was brought for the key that is shown is deployed{In(remaining)}: so long not every cache has a record that means it",
        (RolloverPhase.Steady, RolloverWait.Servers) => "every authoritative server comes to have the records as they should be",
        (RolloverPhase.Steady, _) => "every endpoint comes to show the chain in its file",
        (RolloverPhase.Announcing, _) => "every authoritative server comes to have the records of the next key",
        (RolloverPhase.Waiting, RolloverWait.Servers) => "the servers that are silent answer again",
        (RolloverPhase.Waiting, _) => $"the next key is deployed{In(remaining)}",
        (RolloverPhase.Deploying, _) => "every endpoint comes to show the next key",
        (RolloverPhase.Retiring, RolloverWait.Endpoints) => "every endpoint shows the new key again",
        (RolloverPhase.Retiring, _) => "every authoritative server comes to be without the old key's records",
        _ => "nothing",
    };

    /// <summary>Whether less of the wait for the next chain is over than before: a standby key that was made meanwhile changes nothing in it.</summary>
    private static bool IsAnew(RolloverState before, RolloverState after) =>
        after.Rolling?.Next is { } next && RolloverPlan.Left(after, next.Meaning, TimeSpan.Zero) > RolloverPlan.Left(before, next.Meaning, TimeSpan.Zero);

    /// <summary>A key in short: the first 16 digits of its SHA-256, as they stand in its 3 1 1 record.</summary>
    /// <param name="chain">The chain of the key.</param>
    public static string Short(Chain chain) => chain.Key.ToHex()[..16];

    private static string In(TimeSpan? remaining) => remaining is { } time ? $" in {Duration.Say(time)} at the earliest" : "";

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
