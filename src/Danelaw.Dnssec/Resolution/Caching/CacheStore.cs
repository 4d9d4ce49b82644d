using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Resolution.Caching;

/// <summary>
/// Entries by kind, name and type, in shards with a lock each, bounded in octets. An entry that came and was never used again goes first, so that a
/// walk over millions of names drives out nothing that is in use; then the one that was used least recently.
/// </summary>
internal sealed class CacheStore
{
    private const int OctetsPerShard = 4 << 20;
    private const int MaximumShards = 16;
    private readonly Shard[] _shards;
    private readonly Action<CacheEntry>? _dropped;

    /// <summary>Makes an empty store.</summary>
    /// <param name="capacity">How many octets it may hold; 0 or less for none.</param>
    /// <param name="dropped">Told of each entry that left, outside any lock; null for nobody.</param>
    internal CacheStore(long capacity, Action<CacheEntry>? dropped = null)
    {
        var count = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(capacity / OctetsPerShard, 1, MaximumShards));
        _shards = new Shard[count];
        for (var i = 0; i < count; i++) _shards[i] = new(capacity / count);
        _dropped = dropped;
    }

    /// <summary>How many octets are taken.</summary>
    internal long Octets => _shards.Sum(shard => shard.Octets);

    /// <summary>How many entries there are.</summary>
    internal long Count => _shards.Sum(shard => (long)shard.Count);

    /// <summary>Finds what is alive, and counts as a use of it.</summary>
    internal bool TryGet(EntryKind kind, DomainName name, RecordType type, DateTimeOffset now, [NotNullWhen(true)] out CacheEntry? entry)
    {
        entry = ShardOf(CacheEntry.HashOf(kind, name, type), out var hash).Get(kind, name, type, hash, now.UtcTicks, out var dropped);
        Tell(dropped);
        return entry is not null;
    }

    /// <summary>Counts as a use of an entry that was found by other ways.</summary>
    internal void Use(CacheEntry entry) => ShardOf(entry.Hash, out _).Use(entry);

    /// <summary>Adds an entry in the place of one with the same key, unless there is no room for it.</summary>
    internal bool Add(CacheEntry entry, DateTimeOffset now)
    {
        var isAdded = ShardOf(entry.Hash, out _).Add(entry, now.UtcTicks, out var dropped);
        Tell(dropped);
        return isAdded;
    }

    /// <summary>Drops an entry.</summary>
    internal void Remove(CacheEntry entry)
    {
        if (ShardOf(entry.Hash, out _).Remove(entry)) _dropped?.Invoke(entry);
    }

    private Shard ShardOf(int hash, out int same)
    {
        same = hash;
        return _shards[(hash >>> 24) & (_shards.Length - 1)];
    }

    private void Tell(CacheEntry? dropped)
    {
        if (_dropped is null) return;
        while (dropped is not null)
        {
            var next = dropped.NextInBucket;
            dropped.NextInBucket = null;
            _dropped(dropped);
            dropped = next;
        }
    }
}
