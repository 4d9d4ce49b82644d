using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Messages;

/// <summary>Reads one message in one pass. What was compressed is copied into chunks that the names and RDATA of the message share.</summary>
internal ref struct MessageReader
{
    private const int HeaderLength = MessageHeader.Length;
    private const int FixedRecordLength = 10;

    /// <summary>A record has at least an owner of one octet and its fixed fields.</summary>
    private const int MinimumRecordLength = 1 + FixedRecordLength;
    private const int MinimumQuestionLength = 5;

    /// <summary>A count from the wire is a stranger's word: room is made for so many records, and more only as they turn up.</summary>
    private const int FirstCapacity = 64;

    /// <summary>No type has more names that are decompressed (SOA, MINFO, RP, PX).</summary>
    private const int MaximumNames = 2;
    private const int FirstChunk = 256;
    private const int LargestChunk = 4096;

    private readonly byte[] _array;
    private readonly int _offset;
    private WireReader _wire;
    private byte[] _chunk = [];
    private int _chunkUsed;
    private int _copiedFrom = -1;
    private DomainName _copied;
    private Edns? _edns;
    private int _extendedCode;

    internal MessageReader(Octets octets)
    {
        _array = octets.Array ?? [];
        _offset = octets.Offset;
        _wire = new(octets.Span);
    }

    internal bool TryRead([NotNullWhen(true)] out DnsMessage? message, out MessageFault fault)
    {
        message = Read();
        fault = message is null ? _wire.Fault : default;
        return message is not null;
    }

    private DnsMessage? Read()
    {
        var header = _wire.Message;
        if (header.Length > DnsMessage.MaximumLength) _wire.Fail(MessageFaultKind.TooLong, DnsMessage.MaximumLength);
        else _wire.TrySkip(HeaderLength);
        if (_wire.Fault.Kind != MessageFaultKind.None) return null;

        var flags = BinaryPrimitives.ReadUInt16BigEndian(header[2..]);
        if (!TryReadQuestions(BinaryPrimitives.ReadUInt16BigEndian(header[4..]), out var questions)) return null;
        if (!TryReadSection(BinaryPrimitives.ReadUInt16BigEndian(header[6..]), isAdditional: false, out var answers)) return null;
        if (!TryReadSection(BinaryPrimitives.ReadUInt16BigEndian(header[8..]), isAdditional: false, out var authorities)) return null;
        if (!TryReadSection(BinaryPrimitives.ReadUInt16BigEndian(header[10..]), isAdditional: true, out var additionals)) return null;
        if (_wire.Remaining > 0)
        {
            _wire.Fail(MessageFaultKind.TrailingOctets, _wire.Position);
            return null;
        }

        return new()
        {
            Id = BinaryPrimitives.ReadUInt16BigEndian(header),
            Flags = (MessageFlags)flags & MessageHeader.AllFlags,
            Opcode = (Opcode)((flags >> 11) & 0xF),
            ResponseCode = (ResponseCode)((_extendedCode << 4) | (flags & 0xF)),
            Questions = questions,
            Answers = answers,
            Authorities = authorities,
            Additionals = additionals,
            Edns = _edns,
        };
    }

    private bool TryReadQuestions(int count, out ImmutableArray<Question> questions)
    {
        questions = [];
        if (count == 0) return true;
        var read = new Question[Capacity(count, MinimumQuestionLength)];
        for (var i = 0; i < count; i++)
        {
            if (!TryReadName(out var name) || !_wire.TryReadUInt16(out var type) || !_wire.TryReadUInt16(out var recordClass)) return false;
            if (i == read.Length) Grow(ref read, count);
            read[i] = new(name, (RecordType)type, (RecordClass)recordClass);
        }

        questions = Seal(read, count);
        return true;
    }

    private bool TryReadSection(int count, bool isAdditional, out ImmutableArray<ResourceRecord> records)
    {
        records = [];
        if (count == 0) return true;

        // Most additional sections hold an OPT record, which is lifted out.
        var expected = isAdditional ? count - 1 : count;
        var read = expected == 0 ? [] : new ResourceRecord[Capacity(expected, MinimumRecordLength)];
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            var start = _wire.Position;
            if (!TryReadName(out var owner)) return false;
            var message = _wire.Message;
            var at = _wire.Position;
            if (!_wire.TrySkip(FixedRecordLength)) return false;
            var type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
            var recordClass = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]);
            var timeToLive = BinaryPrimitives.ReadUInt32BigEndian(message[(at + 4)..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
            if (type == RecordType.OPT)
            {
                // RFC 6891 §6.1.1, §6.1.2: once, in the additional section, owned by the root.
                if (!isAdditional || !owner.IsRoot) return _wire.Fail(MessageFaultKind.MisplacedOpt, start);
                if (_edns is not null) return _wire.Fail(MessageFaultKind.SecondOpt, start);
                if (!TryReadOptions(recordClass, timeToLive, length)) return false;
                continue;
            }

            // RFC 8945 §5.1: what follows a TSIG record was never signed.
            if (type == RecordType.TSIG && !(isAdditional && i == count - 1)) return _wire.Fail(MessageFaultKind.MisplacedTsig, start);

            if (!TryReadData(type, length, out var data)) return false;
            if (kept == read.Length) Grow(ref read, count);

            // RFC 2181 §8: a TTL with the uppermost bit set counts as 0.
            read[kept++] = new(owner, type, (RecordClass)recordClass, timeToLive > int.MaxValue ? 0 : timeToLive, data);
        }

        records = Seal(read, kept);
        return true;
    }

    /// <summary>Reads the RDATA of OPT: options to its end (RFC 6891 §6.1.2, §6.1.3).</summary>
    private bool TryReadOptions(ushort payloadSize, uint extendedFlags, int length)
    {
        var start = _wire.Position;
        if (!_wire.TrySkip(length)) return false;
        var data = _wire.Message.Slice(start, length);
        var options = ImmutableArray<EdnsOption>.Empty;
        if (length > 0)
        {
            if (!RecordFields.TryMeasure(FieldKind.EdnsOptions, data, 0, out _)) return _wire.Fail(MessageFaultKind.BadOption, start);
            var builder = ImmutableArray.CreateBuilder<EdnsOption>(1);
            for (var at = 0; at < length;)
            {
                var optionLength = BinaryPrimitives.ReadUInt16BigEndian(data[(at + 2)..]);
                builder.Add(new(BinaryPrimitives.ReadUInt16BigEndian(data[at..]), Share(start + at + 4, optionLength)));
                at += 4 + optionLength;
            }

            options = builder.DrainToImmutable();
        }

        _extendedCode = (int)(extendedFlags >> 24);
        _edns = new(payloadSize, (byte)((extendedFlags >> 16) & 0xFF), (extendedFlags & Edns.DnssecOkFlag) != 0, options);
        return true;
    }

    private bool TryReadData(RecordType type, int length, out Octets data)
    {
        var start = _wire.Position;
        data = default;

        // Empty RDATA stands for itself: an update deletes an RRset so (RFC 2136 §2.5.2).
        if (length == 0) return true;
        if (_wire.Remaining < length) return _wire.TrySkip(length);
        if (RecordFields.HasDecompressedNames(type)) return TryDecompress(type, length, out data);
        data = Share(start, length);
        return _wire.TrySkip(length);
    }

    private bool TryDecompress(RecordType type, int length, out Octets data)
    {
        data = default;
        var start = _wire.Position;
        var end = start + length;
        var octets = _wire.Message[start..end];
        Span<NamePlace> names = stackalloc NamePlace[MaximumNames];
        var nameCount = 0;
        var total = length;
        _wire.CloseAt(end);
        foreach (var field in RecordFields.Of(type))
        {
            var at = _wire.Position;
            if (RecordFields.IsDecompressed(field))
            {
                if (!_wire.TryReadName(out var name)) return false;
                total += name.Length - (_wire.Position - at);
                names[nameCount++] = new(name, at, _wire.Position);
            }
            else
            {
                if (!RecordFields.TryMeasure(field, octets, at - start, out var measured)) return _wire.Fail(MessageFaultKind.BadData, at);
                _wire.TrySkip(measured);
            }
        }

        if (_wire.Position != end || total > ushort.MaxValue) return _wire.Fail(MessageFaultKind.BadData, _wire.Position);
        _wire.Open();

        // No name has two octets, so a name is as long as what stands for it only when no pointer is in it.
        var isCompressed = false;
        foreach (var place in names[..nameCount]) isCompressed |= place.Name.Length != place.End - place.Start;
        data = isCompressed ? Decompress(start, end, names[..nameCount], total) : Share(start, length);
        return true;
    }

    private Octets Decompress(int start, int end, scoped ReadOnlySpan<NamePlace> names, int total)
    {
        var octets = Take(total);
        var destination = octets.AsSpan();
        var (from, to) = (start, 0);
        foreach (var place in names)
        {
            _wire.Message[from..place.Start].CopyTo(destination[to..]);
            to += place.Start - from;
            _wire.CopyName(place.Name, destination[to..]);
            to += place.Name.Length;
            from = place.End;
        }

        _wire.Message[from..end].CopyTo(destination[to..]);
        return new(octets.Array!, octets.Offset, total);
    }

    private bool TryReadName(out DomainName name)
    {
        name = default;
        if (!_wire.TryReadName(out var place)) return false;
        if (place.IsContiguous)
        {
            name = new(_array, _offset + place.Start, place.Length, place.Labels);
            return true;
        }

        // A signature's owner mostly points to the owner of the record before.
        if (place.Start != _copiedFrom)
        {
            var octets = Take(place.Length);
            _wire.CopyName(place, octets);
            _copied = new(octets.Array!, octets.Offset, place.Length, place.Labels);
            _copiedFrom = place.Start;
        }

        name = _copied;
        return true;
    }

    private readonly Octets Share(int start, int length) => length == 0 ? default : new(_array, _offset + start, length);

    /// <summary>Room in a chunk that names and RDATA of this message share.</summary>
    private ArraySegment<byte> Take(int length)
    {
        if (_chunk.Length - _chunkUsed < length)
        {
            _chunk = new byte[Math.Max(length, Math.Clamp(_chunk.Length * 2, FirstChunk, LargestChunk))];
            _chunkUsed = 0;
        }

        var taken = new ArraySegment<byte>(_chunk, _chunkUsed, length);
        _chunkUsed += length;
        return taken;
    }

    private readonly int Capacity(int count, int minimumLength) => Math.Min(Math.Min(count, FirstCapacity), _wire.Remaining / minimumLength);

    private static void Grow<T>(ref T[] array, int count) => System.Array.Resize(ref array, Math.Min(count, Math.Max(1, array.Length * 2)));

    private static ImmutableArray<T> Seal<T>(T[] array, int count)
    {
        if (array.Length != count) System.Array.Resize(ref array, count);
        return count == 0 ? [] : ImmutableCollectionsMarshal.AsImmutableArray(array);
    }

    /// <summary>A name within RDATA, and where what stands for it begins and ends.</summary>
    private readonly record struct NamePlace(WireName Name, int Start, int End);
}
