using System.Collections.Immutable;

namespace Danelaw.Operator.Rollover;

/// <summary>
/// How long a cache may still keep what was published: every TTL that was seen, until the last copy with it must be gone. That is counted from the look
/// at which it was first found missing, because it may have been served until just before. While a roll is on nothing is forgotten, so that a TTL which
/// somebody lowers in the middle shortens no wait. Immutable.
/// </summary>
public sealed record TimeToLiveMemory
{
    private TimeToLiveMemory(ImmutableArray<Entry> entries) => Entries = entries;

    /// <summary>Nothing was seen.</summary>
    public static TimeToLiveMemory Empty { get; } = new(ImmutableArray<Entry>.Empty);

    /// <summary>The TTLs, the largest first, with the time since each was found missing.</summary>
    public ImmutableArray<Entry> Entries { get; private init; }

    /// <summary>The largest.</summary>
    public TimeSpan Largest => Entries.IsEmpty ? TimeSpan.Zero : Entries[0].TimeToLive;

    /// <summary>Takes note of what is served now.</summary>
    /// <param name="seen">Every TTL: of the RRset, of aliases that lead to it, of its absence.</param>
    /// <param name="elapsed">The time since the last look.</param>
    /// <param name="isRolling">Whether a roll is on.</param>
    public TimeToLiveMemory See(IEnumerable<TimeSpan> seen, TimeSpan elapsed, bool isRolling)
    {
        var now = seen.ToHashSet();
        var kept = Entries
            .Where(entry => !now.Contains(entry.TimeToLive))
            .Select(entry => entry with { Unseen = entry.Unseen is { } unseen ? unseen + elapsed : TimeSpan.Zero })
            .Where(entry => isRolling || entry.Unseen <= entry.TimeToLive)
            .Concat(now.Select(timeToLive => new Entry(timeToLive, null)))
            .OrderByDescending(entry => entry.TimeToLive)
            .ToImmutableArray();
        return new(kept);
    }

    /// <summary>Reads what was kept in a state.</summary>
    /// <param name="entries">The entries, in any order.</param>
    public static TimeToLiveMemory Of(IEnumerable<Entry> entries) => new([.. entries.OrderByDescending(entry => entry.TimeToLive)]);

    /// <inheritdoc/>
    public bool Equals(TimeToLiveMemory? other) => other is not null && Entries.AsSpan().SequenceEqual(other.Entries.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Entries.Aggregate(0, HashCode.Combine);

    /// <summary>A TTL.</summary>
    /// <param name="TimeToLive">It.</param>
    /// <param name="Unseen">The time since a look first found it missing; null while it is seen.</param>
    public readonly record struct Entry(TimeSpan TimeToLive, TimeSpan? Unseen);
}
