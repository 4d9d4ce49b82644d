using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Danelaw.Dnssec.Signing.Sorting;

/// <summary>A sorted sequence of entries, in memory or in the file.</summary>
internal abstract class SortedRun
{
    internal abstract ReadOnlySpan<byte> Key { get; }

    internal abstract ReadOnlySpan<byte> Payload { get; }

    internal abstract bool MoveNext();
}

/// <summary>A sorted chunk.</summary>
internal sealed class MemoryRun(SortChunk chunk) : SortedRun
{
    private int _at = -1;

    internal override ReadOnlySpan<byte> Key => chunk.KeyOf(_at);

    internal override ReadOnlySpan<byte> Payload => chunk.PayloadOf(_at);

    internal override bool MoveNext() => ++_at < chunk.Count;
}

/// <summary>A part of the file, read through a small buffer.</summary>
internal sealed class FileRun(SafeFileHandle file, long start, long length) : SortedRun
{
    private const int BufferLength = 128 << 10;

    private byte[] _buffer = [];
    private long _read;
    private int _at;
    private int _filled;
    private int _keyLength;
    private int _payloadLength;

    internal override ReadOnlySpan<byte> Key => _buffer.AsSpan(_at + SortChunk.HeadLength, _keyLength);

    internal override ReadOnlySpan<byte> Payload => _buffer.AsSpan(_at + SortChunk.HeadLength + _keyLength, _payloadLength);

    internal override bool MoveNext()
    {
        if (_buffer.Length == 0) _buffer = new byte[BufferLength];
        else _at += SortChunk.HeadLength + _keyLength + _payloadLength;
        if (!TryHave(SortChunk.HeadLength)) return false;
        _keyLength = BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(_at));
        _payloadLength = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_at + 2));
        return TryHave(SortChunk.HeadLength + _keyLength + _payloadLength) ? true : throw new IOException("the file used for sorting is cut short");
    }

    /// <summary>Sees that so many octets of the entry are in the buffer; false at the end of the run.</summary>
    private bool TryHave(int needed)
    {
        if (_filled - _at >= needed) return true;
        _buffer.AsSpan(_at, _filled - _at).CopyTo(_buffer);
        (_at, _filled) = (0, _filled - _at);
        if (_buffer.Length < needed) Array.Resize(ref _buffer, needed);
        while (_filled < needed)
        {
            var room = (int)Math.Min(_buffer.Length - _filled, length - _read);
            if (room == 0) return false;
            var read = RandomAccess.Read(file, _buffer.AsSpan(_filled, room), start + _read);
            if (read == 0) throw new IOException("the file used for sorting is cut short");
            _filled += read;
            _read += read;
        }

        return true;
    }
}
