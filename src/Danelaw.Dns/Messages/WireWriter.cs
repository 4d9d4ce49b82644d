using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Danelaw.Dns.Names;

namespace Danelaw.Dns.Messages;

/// <summary>Writes a message into room that the caller has measured. Names may be compressed against those written before (RFC 1035 §4.1.4), the case of their letters kept.</summary>
internal ref struct WireWriter
{
    /// <summary>How many places a suffix is sought at before the search, or the remembering, is given up.</summary>
    private const int Probes = 8;
    private const int PointerSpace = 0x4000;
    private const int FirstPointer = 0xC000;
    private const uint OffsetMask = 0xFF;

    private readonly Span<byte> _message;
    private readonly Span<ushort> _suffixes;
    private readonly Span<uint> _labels;
    private WrittenNames _written;
    private bool _isClosed;

    /// <param name="message">Where to write.</param>
    /// <param name="suffixes">Places of names written, found by hash; a power of two of zeroes.</param>
    /// <param name="labels">Room for the labels of one name: of each a hash of the name from there on, with its place in the lowest octet.</param>
    internal WireWriter(Span<byte> message, Span<ushort> suffixes, Span<uint> labels)
    {
        _message = message;
        _suffixes = suffixes;
        _labels = labels;
    }

    internal int Position { get; private set; }

    internal void Advance(int count) => Position += count;

    /// <summary>Room for some octets that the caller writes.</summary>
    internal Span<byte> Take(int count)
    {
        Position += count;
        return _message.Slice(Position - count, count);
    }

    internal void WriteByte(byte value) => _message[Position++] = value;

    internal void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_message[Position..], value);
        Position += sizeof(ushort);
    }

    internal void WriteUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_message[Position..], value);
        Position += sizeof(uint);
    }

    internal void Write(ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(_message[Position..]);
        Position += octets.Length;
    }

    internal readonly void PutUInt16(int position, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(_message[position..], value);

    /// <summary>Goes back to an earlier place. Names are compressed no more from there on, for those they would point to may be gone.</summary>
    internal void BackTo(int position)
    {
        Position = position;
        _isClosed = true;
    }

    /// <summary>Writes a name, the longest suffix that was written before as a pointer.</summary>
    internal void WriteCompressed(DomainName name)
    {
        if (name.IsRoot || _isClosed)
        {
            Write(name.Wire);
            return;
        }

        // Records of one RRset, the signature behind them and the data that names them mostly share the octets of a name.
        ref var written = ref _written[name.Offset & WrittenNames.Mask];
        if (written.Pointer != 0 && name.IsSameMemory(written.Name))
        {
            WriteUInt16(written.Pointer);
            return;
        }

        var start = Position;
        WriteNew(name.Wire, _labels[..name.LabelCount]);

        // What stands there now is either a pointer alone or a name that a pointer may lead to.
        if (_message[start] >= 0xC0) written = new(name, BinaryPrimitives.ReadUInt16BigEndian(_message[start..]));
        else if (start < PointerSpace) written = new(name, (ushort)(FirstPointer | start));
    }

    /// <summary>Kept apart so that the common case above stays small.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteNew(ReadOnlySpan<byte> wire, Span<uint> labels)
    {
        Hash(wire, labels);
        var found = 0;
        var pointer = 0;
        while (found < labels.Length && !TryFind(labels[found], wire[Offset(labels[found])..], out pointer)) found++;
        foreach (var label in labels[..found]) Remember(label, Position + Offset(label));
        if (found == labels.Length)
        {
            Write(wire);
            return;
        }

        Write(wire[..Offset(labels[found])]);
        WriteUInt16((ushort)(FirstPointer | pointer));
    }

    private static int Offset(uint label) => (int)(label & OffsetMask);

    /// <summary>Finds where each label begins, and a hash of what stands from there to the end.</summary>
    private static void Hash(ReadOnlySpan<byte> wire, Span<uint> labels)
    {
        var at = 0;
        foreach (ref var label in labels)
        {
            label = (uint)at;
            at += wire[at] + 1;
        }

        unchecked
        {
            var hash = 0UL;
            var end = at;
            for (var i = labels.Length - 1; i >= 0; i--)
            {
                var start = (int)labels[i];
                for (var from = start; from < end; from += sizeof(ulong)) hash = (hash ^ ReadUpToEight(wire, from, end)) * 0x9E3779B97F4A7C15;
                labels[i] |= (uint)(hash >> 32) & ~OffsetMask;
                end = start;
            }
        }
    }

    private static ulong ReadUpToEight(ReadOnlySpan<byte> wire, int from, int end)
    {
        var count = end - from;
        if (wire.Length - from >= sizeof(ulong))
        {
            var octets = BinaryPrimitives.ReadUInt64LittleEndian(wire[from..]);
            return count >= sizeof(ulong) ? octets : octets & ((1UL << (8 * count)) - 1);
        }

        ulong few = 0;
        for (var i = from; i < end; i++) few = (few << 8) | wire[i];
        return few;
    }

    private readonly bool TryFind(uint hash, ReadOnlySpan<byte> suffix, out int position)
    {
        for (var probe = 0u; probe < Probes; probe++)
        {
            position = _suffixes[Slot(hash, probe)];
            if (position == 0) return false;
            if (StandsAt(position, suffix)) return true;
        }

        position = 0;
        return false;
    }

    private readonly void Remember(uint hash, int position)
    {
        // RFC 1035 §4.1.4: a pointer has 14 bits.
        if (position >= PointerSpace) return;
        for (var probe = 0u; probe < Probes; probe++)
        {
            ref var slot = ref _suffixes[Slot(hash, probe)];
            if (slot != 0) continue;
            slot = (ushort)position;
            return;
        }
    }

    private readonly int Slot(uint hash, uint probe) => (int)unchecked(((hash >> 8) + probe) & (uint)(_suffixes.Length - 1));

    private readonly bool StandsAt(int position, ReadOnlySpan<byte> suffix)
    {
        while (true)
        {
            int octet = _message[position];
            if (octet >= 0xC0)
            {
                position = ((octet & 0x3F) << 8) | _message[position + 1];
                continue;
            }

            if (octet != suffix[0]) return false;
            if (octet == 0) return true;
            if (!_message.Slice(position + 1, octet).SequenceEqual(suffix.Slice(1, octet))) return false;
            position += octet + 1;
            suffix = suffix[(octet + 1)..];
        }
    }

    /// <summary>A name, and the pointer that stands for it from now on.</summary>
    private readonly record struct WrittenName(DomainName Name, ushort Pointer);

    /// <summary>Names that were written lately, found by their place in memory.</summary>
    [InlineArray(Mask + 1)]
    private struct WrittenNames
    {
        internal const int Mask = 15;

        private WrittenName _first;
    }
}
