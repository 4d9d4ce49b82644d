using System.Buffers.Binary;
using Danelaw.Dns.Names;

namespace Danelaw.Dns.Messages;

/// <summary>Writes a message into room that the caller has measured. Names may be compressed against those written before (RFC 1035 §4.1.4), the case of their letters kept.</summary>
internal ref struct WireWriter
{
    /// <summary>How many places a suffix is sought at before the search, or the remembering, is given up.</summary>
    private const int Probes = 8;
    private const int PointerSpace = 0x4000;

    private readonly Span<byte> _message;
    private readonly Span<ushort> _suffixes;
    private bool _isClosed;

    /// <param name="message">Where to write.</param>
    /// <param name="suffixes">Places of names written, found by hash; a power of two of zeroes.</param>
    internal WireWriter(Span<byte> message, Span<ushort> suffixes)
    {
        _message = message;
        _suffixes = suffixes;
    }

    internal int Position { get; private set; }

    internal readonly Span<byte> Written => _message[..Position];

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
        var wire = name.Wire;
        if (name.IsRoot || _isClosed)
        {
            Write(wire);
            return;
        }

        Span<byte> offsets = stackalloc byte[DomainName.MaximumLabels];
        Span<uint> hashes = stackalloc uint[DomainName.MaximumLabels];
        Hash(wire, offsets, hashes, name.LabelCount);
        var label = 0;
        var pointer = 0;
        while (label < name.LabelCount && !TryFind(hashes[label], wire[offsets[label]..], out pointer)) label++;

        var kept = label == name.LabelCount ? wire.Length : offsets[label];
        for (var i = 0; i < label; i++) Remember(hashes[i], Position + offsets[i]);
        Write(wire[..kept]);
        if (label < name.LabelCount) WriteUInt16((ushort)(0xC000 | pointer));
    }

    private static void Hash(ReadOnlySpan<byte> wire, Span<byte> offsets, Span<uint> hashes, int labels)
    {
        var at = 0;
        for (var i = 0; i < labels; i++)
        {
            offsets[i] = (byte)at;
            at += wire[at] + 1;
        }

        unchecked
        {
            var hash = 2166136261u;
            for (var i = labels - 1; i >= 0; i--)
            {
                foreach (var octet in wire.Slice(offsets[i], wire[offsets[i]] + 1)) hash = (hash ^ octet) * 16777619;
                hashes[i] = hash;
            }
        }
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

    private readonly int Slot(uint hash, uint probe) => (int)unchecked((hash + probe) & (uint)(_suffixes.Length - 1));

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
}
