using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Danelaw.Dns.Names;

namespace Danelaw.Dns.Messages;

/// <summary>Reads a message octet by octet. Every read may fail; the first failure is remembered with its place. Nothing throws, nothing is allocated.</summary>
internal ref struct WireReader
{
    /// <summary>A name has at most 127 labels, so a sender that compresses needs no more pointers than that.</summary>
    private const int MaximumJumps = DomainName.MaximumLabels;
    private const int FirstPointer = 0xC000;

    private readonly ReadOnlySpan<byte> _message;
    private int _end;

    /// <summary>The pointer that was followed last, and where it led: most owners are the same pointer as the one before.</summary>
    private int _lastPointer;
    private WireName _lastName;

    internal WireReader(ReadOnlySpan<byte> message)
    {
        _message = message;
        _end = message.Length;
    }

    internal int Position { get; private set; }

    internal MessageFault Fault { get; private set; }

    internal readonly ReadOnlySpan<byte> Message => _message;

    internal readonly int Remaining => _end - Position;

    internal bool TryReadUInt16(out ushort value)
    {
        if (Remaining < sizeof(ushort))
        {
            value = 0;
            return Fail(MessageFaultKind.Cut, _end);
        }

        value = BinaryPrimitives.ReadUInt16BigEndian(_message[Position..]);
        Position += sizeof(ushort);
        return true;
    }

    internal bool TryReadSpan(int length, out ReadOnlySpan<byte> octets)
    {
        octets = default;
        if (Remaining < length) return Fail(MessageFaultKind.Cut, _end);
        octets = _message.Slice(Position, length);
        Position += length;
        return true;
    }

    internal bool TrySkip(int count)
    {
        if (Remaining < count) return Fail(MessageFaultKind.Cut, _end);
        Position += count;
        return true;
    }

    /// <summary>Where the pointer leads that a name begins with at this place; 0 when it begins otherwise.</summary>
    internal readonly int PeekPointer()
    {
        if (Remaining < sizeof(ushort)) return 0;
        int pointer = BinaryPrimitives.ReadUInt16BigEndian(_message[Position..]);
        return pointer >= FirstPointer ? pointer - FirstPointer : 0;
    }

    /// <summary>Reads a name, following pointers (RFC 1035 §4.1.4), and stands behind it afterwards.</summary>
    internal bool TryReadName(out WireName name)
    {
        var pointer = PeekPointer();
        if (pointer != 0 && pointer == _lastPointer)
        {
            name = _lastName;
            Position += sizeof(ushort);
            return true;
        }

        if (!TryFollow(out name)) return false;
        if (pointer != 0) (_lastPointer, _lastName) = (pointer, name);
        return true;
    }

    /// <summary>Kept apart so that the common case above stays small.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryFollow(out WireName name)
    {
        name = default;
        var message = _message;
        var segment = Position;
        var limit = _end;
        var at = segment;
        var (start, afterPointer) = (segment, 0);
        var (length, labels, jumps) = (1, 0, 0);
        var isContiguous = true;
        while (true)
        {
            if ((uint)at >= (uint)limit) return Fail(jumps == 0 ? MessageFaultKind.Cut : MessageFaultKind.BadPointer, Math.Min(at, limit));
            int octet = message[at];
            if (octet == 0) break;
            if (octet <= DomainName.MaximumLabelLength)
            {
                length += octet + 1;
                if (length > DomainName.MaximumLength) return Fail(MessageFaultKind.NameTooLong, Position);
                labels++;
                at += octet + 1;
                continue;
            }

            if (octet < 0xC0) return Fail(MessageFaultKind.ReservedLabel, at);
            if (at + 1 >= limit) return Fail(MessageFaultKind.Cut, limit);
            var target = ((octet & 0x3F) << 8) | message[at + 1];
            if (jumps == 0) afterPointer = at + 2;

            // RFC 1035 §4.1.4: a prior occurrence. It began and ended before the part of the name that points to it, so each step leads strictly back.
            if (target >= segment || target < MessageHeader.Length || ++jumps > MaximumJumps) return Fail(MessageFaultKind.BadPointer, at);
            if (labels == 0) start = target;
            else isContiguous = false;
            limit = segment;
            segment = target;
            at = target;
        }

        Position = jumps == 0 ? at + 1 : afterPointer;
        name = new(start, (byte)length, (byte)labels, isContiguous);
        return true;
    }

    /// <summary>Copies a name that <see cref="TryReadName"/> found, without its pointers.</summary>
    internal readonly void CopyName(WireName name, Span<byte> destination)
    {
        var at = name.Start;
        var written = 0;
        while (written < name.Length - 1)
        {
            int octet = _message[at];
            if (octet >= 0xC0)
            {
                at = ((octet & 0x3F) << 8) | _message[at + 1];
                continue;
            }

            _message.Slice(at, octet + 1).CopyTo(destination[written..]);
            written += octet + 1;
            at += octet + 1;
        }

        destination[written] = 0;
    }

    /// <summary>Lets no read go beyond a place until <see cref="Open"/>; pointers may still lead to anything before.</summary>
    internal void CloseAt(int end) => _end = end;

    /// <summary>Ends what <see cref="CloseAt"/> began.</summary>
    internal void Open() => _end = _message.Length;

    internal bool Fail(MessageFaultKind kind, int offset)
    {
        if (Fault.Kind == MessageFaultKind.None) Fault = new(kind, offset);
        return false;
    }
}

/// <summary>Where a name stands in a message.</summary>
/// <param name="Start">Where its first label is, behind any leading pointers.</param>
/// <param name="Length">Octets without compression, 1 to 255.</param>
/// <param name="Labels">Labels, 0 to 127.</param>
/// <param name="IsContiguous">Whether no pointer stands among the labels: the name can be taken from the message as it is.</param>
internal readonly record struct WireName(int Start, byte Length, byte Labels, bool IsContiguous);
