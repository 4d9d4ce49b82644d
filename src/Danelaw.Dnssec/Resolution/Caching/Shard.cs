using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Resolution.Caching;

/// <summary>A part of the store under a lock of its own: a hash table whose entries also stand in two queues by their last use.</summary>
internal sealed class Shard(long capacity)
{
    private const int FirstBuckets = 16;

    private readonly Lock _lock = new();
    private CacheEntry?[] _buckets = new CacheEntry?[FirstBuckets];
    private Ends _trial;
    private Ends _used;
    private long _octets;
    private int _count;

    internal long Octets
    {
        get
        {
            lock (_lock) return _octets;
        }
    }

    internal int Count
    {
        get
        {
            lock (_lock) return _count;
        }
    }

    /// <summary>Used entries may take four fifths; the rest is for what is new.</summary>
    private long UsedCapacity => capacity - (capacity / 5);

    internal CacheEntry? Get(EntryKind kind, DomainName name, RecordType type, int hash, long now, out CacheEntry? dropped)
    {
        dropped = null;
        lock (_lock)
        {
            var entry = Find(kind, name, type, hash);
            if (entry is null) return null;
            if (entry.Until <= now)
            {
                Drop(entry, ref dropped);
                return null;
            }

            Promote(entry);
            return entry;
        }
    }

    internal void Use(CacheEntry entry)
    {
        lock (_lock)
            if (entry.Queue != Queue.None) Promote(entry);
    }

    internal bool Add(CacheEntry entry, long now, out CacheEntry? dropped)
    {
        dropped = null;
        if (entry.Until <= now || entry.Cost > capacity) return false;
        lock (_lock)
        {
            if (Find(entry.Kind, entry.Name, entry.Type, entry.Hash) is { } old) Drop(old, ref dropped);
            Insert(entry);
            while (_octets > capacity) Drop(_trial.Oldest is { } oldest && oldest != entry ? oldest : _used.Oldest ?? entry, ref dropped);
            return entry.Queue != Queue.None;
        }
    }

    internal bool Remove(CacheEntry entry)
    {
        lock (_lock)
        {
            if (entry.Queue == Queue.None) return false;
            CacheEntry? dropped = null;
            Drop(entry, ref dropped);
            return true;
        }
    }

    private CacheEntry? Find(EntryKind kind, DomainName name, RecordType type, int hash)
    {
        for (var entry = _buckets[hash & (_buckets.Length - 1)]; entry is not null; entry = entry.NextInBucket)
            if (entry.Hash == hash && entry.Is(kind, name, type)) return entry;
        return null;
    }

    private void Insert(CacheEntry entry)
    {
        if (_count >= _buckets.Length) Grow();
        ref var bucket = ref _buckets[entry.Hash & (_buckets.Length - 1)];
        entry.NextInBucket = bucket;
        bucket = entry;
        _count++;
        _octets += entry.Cost;
        Put(ref _trial, Queue.Trial, entry);
    }

    private void Drop(CacheEntry entry, ref CacheEntry? dropped)
    {
        ref var link = ref _buckets[entry.Hash & (_buckets.Length - 1)];
        if (link == entry) link = entry.NextInBucket;
        else
        {
            var before = link!;
            while (before.NextInBucket != entry) before = before.NextInBucket!;
            before.NextInBucket = entry.NextInBucket;
        }

        Take(entry);
        _count--;
        _octets -= entry.Cost;
        entry.Queue = Queue.None;
        entry.NextInBucket = dropped;
        dropped = entry;
    }

    private void Promote(CacheEntry entry)
    {
        if (_used.Newest == entry) return;
        Take(entry);
        Put(ref _used, Queue.Used, entry);
        while (_used.Octets > UsedCapacity && _used.Oldest is { } oldest && oldest != entry)
        {
            Take(oldest);
            Put(ref _trial, Queue.Trial, oldest);
        }
    }

    private static void Put(ref Ends queue, Queue which, CacheEntry entry)
    {
        entry.Queue = which;
        entry.Newer = null;
        entry.Older = queue.Newest;
        if (queue.Newest is { } newest) newest.Newer = entry;
        else queue.Oldest = entry;
        queue.Newest = entry;
        queue.Octets += entry.Cost;
    }

    private void Take(CacheEntry entry)
    {
        ref var queue = ref entry.Queue == Queue.Used ? ref _used : ref _trial;
        if (entry.Newer is { } newer) newer.Older = entry.Older;
        else queue.Newest = entry.Older;
        if (entry.Older is { } older) older.Newer = entry.Newer;
        else queue.Oldest = entry.Newer;
        entry.Older = entry.Newer = null;
        queue.Octets -= entry.Cost;
    }

    private void Grow()
    {
        var old = _buckets;
        _buckets = new CacheEntry?[old.Length * 2];
        foreach (var head in old)
        {
            for (var entry = head; entry is not null;)
            {
                var next = entry.NextInBucket;
                ref var bucket = ref _buckets[entry.Hash & (_buckets.Length - 1)];
                entry.NextInBucket = bucket;
                bucket = entry;
                entry = next;
            }
        }
    }

    private struct Ends
    {
        internal CacheEntry? Newest;
        internal CacheEntry? Oldest;
        internal long Octets;
    }
}
