using Danelaw.Dns.Names;

namespace Danelaw.Dnssec.Resolution.Caching;

/// <summary>Entries in the canonical order of their names, in blocks, so that adding to many is cheap. Not safe for threads by itself.</summary>
internal sealed class SortedEntries
{
    private const int BlockLength = 128;
    private readonly List<List<CacheEntry>> _blocks = [];

    internal bool IsEmpty => _blocks.Count == 0;

    /// <summary>The last entry in order; null when there is none.</summary>
    internal CacheEntry? Last => _blocks.Count == 0 ? null : _blocks[^1][^1];

    /// <summary>The entry at a name, or the one before it; null when all stand behind it.</summary>
    internal CacheEntry? FindAtOrBefore(DomainName name)
    {
        var block = FindBlock(name);
        return block < 0 ? null : _blocks[block][Find(_blocks[block], name)];
    }

    /// <summary>Adds an entry, in the place of one with the same name.</summary>
    internal void Add(CacheEntry entry)
    {
        if (_blocks.Count == 0)
        {
            _blocks.Add([entry]);
            return;
        }

        var at = Math.Max(FindBlock(entry.Name), 0);
        var block = _blocks[at];
        var index = Find(block, entry.Name);
        if (index >= 0 && block[index].Name.Equals(entry.Name))
        {
            block[index] = entry;
            return;
        }

        block.Insert(index + 1, entry);
        if (block.Count <= BlockLength) return;
        _blocks.Insert(at + 1, block.GetRange(BlockLength / 2, block.Count - (BlockLength / 2)));
        block.RemoveRange(BlockLength / 2, block.Count - (BlockLength / 2));
    }

    /// <summary>Takes out an entry, if it is in; another with its name stays.</summary>
    internal void Remove(CacheEntry entry)
    {
        var at = FindBlock(entry.Name);
        if (at < 0) return;
        var block = _blocks[at];
        var index = Find(block, entry.Name);
        if (index < 0 || block[index] != entry) return;
        block.RemoveAt(index);
        if (block.Count == 0) _blocks.RemoveAt(at);
        else if (!TryMerge(at)) TryMerge(at - 1);
    }

    /// <summary>Puts the next block's entries into one, if that leaves it half empty: much that comes and goes must not leave many blocks with little in them.</summary>
    private bool TryMerge(int at)
    {
        if (at < 0 || at + 1 >= _blocks.Count || _blocks[at].Count + _blocks[at + 1].Count > BlockLength / 2) return false;
        _blocks[at].AddRange(_blocks[at + 1]);
        _blocks.RemoveAt(at + 1);
        return true;
    }

    /// <summary>The last block whose first name is not behind a name; -1 without one.</summary>
    private int FindBlock(DomainName name)
    {
        var (low, high) = (0, _blocks.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_blocks[middle][0].Name.CompareTo(name) <= 0) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    private static int Find(List<CacheEntry> block, DomainName name)
    {
        var (low, high) = (0, block.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (block[middle].Name.CompareTo(name) <= 0) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }
}
