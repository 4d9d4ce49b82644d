using System.Collections.Immutable;

namespace Danelaw.Operator.Rollover.Keeping;

/// <summary>What is kept of a roll between two looks.</summary>
/// <param name="State">The plan's state.</param>
/// <param name="Since">When its phase began, by the clock.</param>
/// <param name="Looked">When it was last looked at, by the clock.</param>
/// <param name="Wait">What it waited for then.</param>
/// <param name="Remaining">How long that takes at least from then on, where it can be told; otherwise null.</param>
/// <param name="Problems">What was in the way then, a sentence each.</param>
public sealed record KeptRoll(RolloverState State, DateTimeOffset Since, DateTimeOffset Looked, RolloverWait Wait, TimeSpan? Remaining, ImmutableArray<string> Problems)
{
    /// <summary>Those of the problems that do not pass by themselves: the last run failed.</summary>
    public ImmutableArray<string> Faults { get; init; } = [];

    /// <summary>Since when each key has had its role, by role and key; kept by the store.</summary>
    internal ImmutableDictionary<string, DateTimeOffset> Roles { get; init; } = ImmutableDictionary<string, DateTimeOffset>.Empty;

    /// <summary>The same at a later moment, at which nobody has looked again.</summary>
    /// <param name="now">The moment, by the clock.</param>
    internal KeptRoll At(DateTimeOffset now)
    {
        var passed = now > Looked ? now - Looked : TimeSpan.Zero;
        return this with { Looked = now, Remaining = Remaining is { } left ? left > passed ? left - passed : TimeSpan.Zero : null };
    }

    /// <summary>Since when a chain's key has been the one that is shown, or that is to follow; null where that is not known.</summary>
    /// <param name="slot">Its slot.</param>
    /// <param name="chain">The chain.</param>
    public DateTimeOffset? SinceOf(KeySlot slot, Chain chain)
    {
        ArgumentNullException.ThrowIfNull(slot);
        ArgumentNullException.ThrowIfNull(chain);
        return Roles.TryGetValue(RoleOf(slot, chain), out var since) ? since : null;
    }

    /// <summary>Since when a slot has had its standby key; null where that is not known.</summary>
    /// <param name="slot">The slot.</param>
    public DateTimeOffset? SinceOfStandby(KeySlot slot)
    {
        ArgumentNullException.ThrowIfNull(slot);
        return Roles.TryGetValue(RoleOfStandby(slot), out var since) ? since : null;
    }

    /// <summary>All roles that a state gives to keys.</summary>
    internal static IEnumerable<string> RolesOf(RolloverState state) => state.Slots.SelectMany(slot => new[]
    {
        RoleOf(slot, slot.Current),
        slot.Next is { } next ? RoleOf(slot, next) : "",
        slot.Standby.IsEmpty ? "" : RoleOfStandby(slot),
    }).Where(role => role.Length > 0);

    private static string RoleOf(KeySlot slot, Chain chain) => $"{slot.Algorithm} {(ReferenceEquals(chain, slot.Next) ? "next" : "shown")} {chain.Key.ToHex()}";

    private static string RoleOfStandby(KeySlot slot) => $"{slot.Algorithm} standby {slot.Standby.Records[0].Data.ToHex()}";
}

/// <summary>Something that happened to a roll.</summary>
/// <param name="At">When, by the clock.</param>
/// <param name="What">What, as a sentence without full stop.</param>
public sealed record RolloverEvent(DateTimeOffset At, string What);

/// <summary>The file of states cannot be used: it is damaged, the disk is full, it may not be read. Nothing is done then.</summary>
public sealed class RolloverStoreException : Exception
{
    /// <summary>Says which file, and why.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reason">Why, as a phrase.</param>
    /// <param name="inner">What was seen.</param>
    public RolloverStoreException(string path, string reason, Exception inner)
        : base($"the state of the rollovers cannot be kept in {path}: {reason}", inner) => Path = path;

    /// <summary>Says that one roll's row makes no sense.</summary>
    /// <param name="path">The file.</param>
    /// <param name="roll">The roll.</param>
    internal RolloverStoreException(string path, string roll)
        : base($"what is kept of the roll {roll} in {path} makes no sense; of other rolls nothing is the matter. danelaw rollover forget {roll} --force forgets it, the list of its lost keys with it, and the next run takes up what is shown and published") => (Path, Roll) = (path, roll);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The one roll whose row makes no sense; null where it is the whole file that cannot be used.</summary>
    public string? Roll { get; }
}
