using System.Buffers.Binary;

namespace Danelaw.Dnssec.Signing.Sorting;

/// <summary>Entries that are sorted together in one buffer: <c>key length (2) | payload length (4) | key | payload</c>.</summary>
internal sealed class SortChunk(int length)
{
    internal const int HeadLength = 6;

    private readonly byte[] _octets = new byte[length];
    private Entry[] _entries = new Entry[1024];
    private int _last = -1;
    private bool _isSorted = true;

    internal int Count { get; private set; }

    internal int Capacity => _octets.Length;

    internal int Length { get; private set; }

    /// <summary>Takes an entry unless the chunk is full; an entry that is larger than the chunk has one of its own.</summary>
    internal bool TryAdd(ReadOnlySpan<byte> key, ReadOnlySpan<byte> payload)
    {
        var needed = HeadLength + key.Length + payload.Length;
        if (_octets.Length - Length < needed) return false;
        var entry = _octets.AsSpan(Length);
        BinaryPrimitives.WriteUInt16LittleEndian(entry, (ushort)key.Length);
        BinaryPrimitives.WriteInt32LittleEndian(entry[2..], payload.Length);
        key.CopyTo(entry[HeadLength..]);
        payload.CopyTo(entry[(HeadLength + key.Length)..]);
        // Zones mostly come sorted, or nearly so.
        if (_isSorted && _last >= 0 && KeyAt(_last).SequenceCompareTo(key) > 0) _isSorted = false;
        _last = Length;
        if (Count == _entries.Length) Array.Resize(ref _entries, Count * 2);
        _entries[Count++].Start = Length;
        Length += needed;
        return true;
    }

    internal void Clear() => (Count, Length, _last, _isSorted) = (0, 0, -1, true);

    internal ReadOnlySpan<byte> KeyOf(int index) => KeyAt(_entries[index].Start);

    internal ReadOnlySpan<byte> PayloadOf(int index)
    {
        var start = _entries[index].Start;
        var head = HeadLength + BinaryPrimitives.ReadUInt16LittleEndian(_octets.AsSpan(start));
        return _octets.AsSpan(start + head, BinaryPrimitives.ReadInt32LittleEndian(_octets.AsSpan(start + 2)));
    }

    /// <summary>The whole entry, as it is written to a file.</summary>
    internal ReadOnlySpan<byte> EntryOf(int index)
    {
        var start = _entries[index].Start;
        return _octets.AsSpan(start, HeadLength + BinaryPrimitives.ReadUInt16LittleEndian(_octets.AsSpan(start)) + BinaryPrimitives.ReadInt32LittleEndian(_octets.AsSpan(start + 2)));
    }

    /// <summary>Sorts by key; equal keys stay in the order in which they came.</summary>
    internal void Sort()
    {
        if (_isSorted || Count < 2) return;
        // All names of a zone begin alike; what tells them apart comes behind, and eight octets of it decide nearly always.
        var common = CommonLength();
        var entries = _entries.AsSpan(0, Count);
        foreach (ref var entry in entries) entry.Begin = BeginOf(KeyAt(entry.Start)[common..]);
        entries.Sort((left, right) =>
        {
            if (left.Begin != right.Begin) return left.Begin < right.Begin ? -1 : 1;
            var order = KeyAt(left.Start).SequenceCompareTo(KeyAt(right.Start));
            return order != 0 ? order : left.Start.CompareTo(right.Start);
        });
        _isSorted = true;
    }

    private ReadOnlySpan<byte> KeyAt(int start) => _octets.AsSpan(start + HeadLength, BinaryPrimitives.ReadUInt16LittleEndian(_octets.AsSpan(start)));

    private int CommonLength()
    {
        var first = KeyAt(_entries[0].Start);
        var common = first.Length;
        for (var i = 1; i < Count && common > 0; i++) common = first[..common].CommonPrefixLength(KeyAt(_entries[i].Start));
        return common;
    }

    private static ulong BeginOf(ReadOnlySpan<byte> key)
    {
        if (key.Length >= 8) return BinaryPrimitives.ReadUInt64BigEndian(key);
        ulong begin = 0;
        for (var i = 0; i < 8; i++) begin = (begin << 8) | (i < key.Length ? key[i] : (byte)0);
        return begin;
    }

    private struct Entry
    {
        internal ulong Begin;
        internal int Start;
    }
}
