using System.Collections.Immutable;

namespace Danelaw.Operator.Rollover;

/// <summary>
/// How long a cache may still keep what was published: every TTL that was seen, until the last copy with it must be gone. That is counted from the look
/// at which it was first found missing, because it may have been served until just before. While a roll is on nothing is forgotten, so that a TTL which
/// somebody lowers in the middle shortens no wait. A server that cannot be seen may give out an old copy of the zone: as long as there is one, every TTL
/// that such a copy may have counts as seen (docs/decisions/0289). Immutable.
/// </summary>
public sealed record TimeToLiveMemory
{
    /// <summary>How long caches keep anything at most, whatever TTL it had: no resolver in wide use keeps it longer (BIND, max-cache-ttl; RFC 8767 §4; the others keep a day).</summary>
    internal static readonly TimeSpan LongestKept = TimeSpan.FromDays(7);

    private TimeToLiveMemory(ImmutableArray<Entry> entries, ImmutableArray<Entry> copies) => (Entries, Copies) = (entries, copies);

    /// <summary>Nothing was seen.</summary>
    public static TimeToLiveMemory Empty { get; } = new([], []);

    /// <summary>The TTLs, the largest first, with the time since each was found missing.</summary>
    public ImmutableArray<Entry> Entries { get; private init; }

    /// <summary>The TTLs that an old copy of the zone may have, the largest first, with the time since each was found missing: none is older than a secondary may serve what it has.</summary>
    internal ImmutableArray<Entry> Copies { get; private init; }

    /// <summary>The largest.</summary>
    public TimeSpan Largest => Entries.IsEmpty ? TimeSpan.Zero : Entries[0].TimeToLive;

    /// <summary>The largest that the last look has seen; zero where it has seen none.</summary>
    internal TimeSpan Served => Copies.Where(copy => copy.Unseen is null).Select(copy => copy.TimeToLive).FirstOrDefault();

    /// <summary>Takes note of what is served now.</summary>
    /// <param name="seen">Every TTL: of the RRset, of aliases that lead to it, of its absence.</param>
    /// <param name="elapsed">The time since the last look.</param>
    /// <param name="isRolling">Whether a roll is on.</param>
    /// <param name="isWhole">Whether every server was seen to which senders may be led. While one is not, no copy grows older: it may have the oldest. Default: true.</param>
    public TimeToLiveMemory See(IEnumerable<TimeSpan> seen, TimeSpan elapsed, bool isRolling, bool isWhole = true)
    {
        var served = seen.ToHashSet();
        var copies = After(Copies, served, isWhole ? elapsed : TimeSpan.Zero, entry => entry.Unseen <= HeldSet.LongestExpire);
        var given = isWhole ? served : copies.Select(copy => copy.TimeToLive).ToHashSet();
        return new(After(Entries, given, elapsed, entry => isRolling || entry.Unseen <= entry.TimeToLive), copies);
    }

    private static ImmutableArray<Entry> After(ImmutableArray<Entry> entries, HashSet<TimeSpan> now, TimeSpan elapsed, Func<Entry, bool> isKept) =>
    [
        .. entries
            .Where(entry => !now.Contains(entry.TimeToLive))
            .Select(entry => entry with { Unseen = entry.Unseen is { } unseen ? unseen + elapsed : TimeSpan.Zero })
            .Where(isKept)
            .Concat(now.Select(timeToLive => new Entry(timeToLive, null)))
            .OrderByDescending(entry => entry.TimeToLive),
    ];

    /// <summary>Reads what was kept in a state.</summary>
    /// <param name="entries">The entries, in any order.</param>
    public static TimeToLiveMemory Of(IEnumerable<Entry> entries) => Of([.. entries], null);

    /// <summary>Reads what was kept in a state.</summary>
    /// <param name="entries">The entries, in any order.</param>
    /// <param name="copies">What old copies may have; null where that was not kept: no more than the entries.</param>
    internal static TimeToLiveMemory Of(Entry[] entries, IEnumerable<Entry>? copies) => new([.. entries.OrderByDescending(entry => entry.TimeToLive)], [.. (copies ?? entries).OrderByDescending(entry => entry.TimeToLive)]);

    /// <inheritdoc/>
    public bool Equals(TimeToLiveMemory? other) => other is not null && Entries.AsSpan().SequenceEqual(other.Entries.AsSpan()) && Copies.AsSpan().SequenceEqual(other.Copies.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Entries.Aggregate(0, HashCode.Combine);

    /// <summary>A TTL.</summary>
    /// <param name="TimeToLive">It.</param>
    /// <param name="Unseen">The time since a look first found it missing; null while it is seen.</param>
    public readonly record struct Entry(TimeSpan TimeToLive, TimeSpan? Unseen);
}
