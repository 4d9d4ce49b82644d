using System.Buffers.Binary;

namespace Danelaw.Dns.Records.Text;

/// <summary>Gathers RDATA; used again for the next record. It grows with what is written, which is bounded by the text it comes from.</summary>
internal sealed class RdataWriter
{
    /// <summary>The longest RDATA (RFC 1035 §3.2.1).</summary>
    internal const int MaximumLength = 65535;

    private byte[] _buffer = new byte[512];

    /// <summary>Room for characters that are put together before they are decoded.</summary>
    private char[] _scratch = [];

    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    internal void Clear() => Length = 0;

    /// <summary>Room for octets at the end; <see cref="Advance"/> makes them part of the RDATA.</summary>
    internal Span<byte> Reserve(int length)
    {
        if (_buffer.Length - Length < length) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + length));
        return _buffer.AsSpan(Length, length);
    }

    internal void Advance(int length) => Length += length;

    /// <summary>Takes back what was written from a place on.</summary>
    internal void CutAt(int length) => Length = length;

    /// <summary>Changes an octet that was written before.</summary>
    internal void Patch(int at, byte value) => _buffer[at] = value;

    internal void Write8(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    internal void Write16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Reserve(2), value);
        Length += 2;
    }

    internal void Write32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Reserve(4), value);
        Length += 4;
    }

    internal void Write(ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(Reserve(octets.Length));
        Length += octets.Length;
    }

    internal char[] Scratch(int length, int kept)
    {
        if (_scratch.Length < length)
        {
            var larger = new char[Math.Max(length, _scratch.Length * 2)];
            _scratch.AsSpan(0, kept).CopyTo(larger);
            _scratch = larger;
        }

        return _scratch;
    }

    internal Octets ToOctets() => Octets.Copy(Written);
}
