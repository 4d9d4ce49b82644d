using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Messages;

/// <summary>Reads one message in one pass. What was compressed is copied into one array that the names and RDATA of the message share.</summary>
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

    /// <summary>Most messages need less for what was compressed.</summary>
    private const int ScratchLength = 2048;
    private const int ChunkLength = 4096;

    private readonly byte[] _array;
    private readonly int _offset;
    private WireReader _wire;
    private byte[]? _scratch;
    private int _scratchUsed;
    private byte[] _chunk = [];
    private int _chunkUsed;
    private KnownNames _known;
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
        if (_scratch is not null) ArrayPool<byte>.Shared.Return(_scratch);
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

        KeepScratch(questions, answers, authorities, additionals);
        return new()
        {
            Id = BinaryPrimitives.ReadUInt16BigEndian(header),
            Flags = (MessageFlags)flags & MessageHeader.AllFlags,
            Opcode = (Opcode)((flags >> 11) & 0xF),
            ResponseCode = (ResponseCode)((_extendedCode << 4) | (flags & 0xF)),
            Questions = ImmutableCollectionsMarshal.AsImmutableArray(questions),
            Answers = ImmutableCollectionsMarshal.AsImmutableArray(answers),
            Authorities = ImmutableCollectionsMarshal.AsImmutableArray(authorities),
            Additionals = ImmutableCollectionsMarshal.AsImmutableArray(additionals),
            Edns = _edns,
        };
    }

    private bool TryReadQuestions(int count, out Question[] questions)
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

        questions = read;
        return true;
    }

    private bool TryReadSection(int count, bool isAdditional, out ResourceRecord[] records)
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
            if (!_wire.TryReadSpan(FixedRecordLength, out var fields)) return false;
            var type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(fields);
            var recordClass = BinaryPrimitives.ReadUInt16BigEndian(fields[2..]);
            var timeToLive = BinaryPrimitives.ReadUInt32BigEndian(fields[4..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(fields[8..]);
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

        if (read.Length != kept) System.Array.Resize(ref read, kept);
        records = read;
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
            options = ReadOptions(data, start);
        }

        _extendedCode = (int)(extendedFlags >> 24);
        _edns = new(payloadSize, (byte)((extendedFlags >> 16) & 0xFF), (extendedFlags & Edns.DnssecOkFlag) != 0, options);
        return true;
    }

    private readonly ImmutableArray<EdnsOption> ReadOptions(ReadOnlySpan<byte> data, int start)
    {
        var count = 0;
        for (var at = 0; at < data.Length; at += 4 + BinaryPrimitives.ReadUInt16BigEndian(data[(at + 2)..])) count++;
        var options = new EdnsOption[count];
        var from = 0;
        for (var i = 0; i < count; i++)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(data[(from + 2)..]);
            options[i] = new(BinaryPrimitives.ReadUInt16BigEndian(data[from..]), Share(start + from + 4, length));
            from += 4 + length;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(options);
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

            // A place where a pointer stands is not kept, or the next pointer to it would not count.
            if (place.Name.Start == place.Start) Remember(place.Start, new(octets.Array!, octets.Offset + to, place.Name.Length, place.Name.Labels));
            to += place.Name.Length;
            from = place.End;
        }

        _wire.Message[from..end].CopyTo(destination[to..]);
        return new(octets.Array!, octets.Offset, total);
    }

    private bool TryReadName(out DomainName name)
    {
        var start = _wire.PeekPointer();
        if (start != 0)
        {
            ref readonly var known = ref _known[start & KnownNames.Mask];
            if (known.Start == start)
            {
                name = known.Name;
                return _wire.TrySkip(sizeof(ushort));
            }
        }

        name = default;
        if (start == 0) start = _wire.Position;
        if (!_wire.TryReadName(out var place)) return false;
        if (place.IsContiguous)
        {
            name = new(_array, _offset + place.Start, place.Length, place.Labels);
        }
        else
        {
            var octets = Take(place.Length);
            _wire.CopyName(place, octets);
            name = new(octets.Array!, octets.Offset, place.Length, place.Labels);
        }

        Remember(start, name);
        return true;
    }

    private void Remember(int start, DomainName name) => _known[start & KnownNames.Mask] = new(start, name);

    private readonly Octets Share(int start, int length) => length == 0 ? default : new(_array, _offset + start, length);

    /// <summary>Room for what was compressed: at first in an array that is only lent, later in chunks that names and RDATA of this message share.</summary>
    private ArraySegment<byte> Take(int length)
    {
        _scratch ??= ArrayPool<byte>.Shared.Rent(ScratchLength);
        if (_scratch.Length - _scratchUsed >= length)
        {
            _scratchUsed += length;
            return new(_scratch, _scratchUsed - length, length);
        }

        if (_chunk.Length - _chunkUsed < length)
        {
            _chunk = new byte[Math.Max(length, ChunkLength)];
            _chunkUsed = 0;
        }

        _chunkUsed += length;
        return new(_chunk, _chunkUsed - length, length);
    }

    /// <summary>Moves what stands in the lent array into one of just the length that was needed.</summary>
    private readonly void KeepScratch(Span<Question> questions, params ReadOnlySpan<ResourceRecord[]> sections)
    {
        if (_scratchUsed == 0) return;
        var kept = _scratch.AsSpan(0, _scratchUsed).ToArray();
        foreach (ref var question in questions)
            if (question.Name.StandsIn(_scratch!)) question = question with { Name = question.Name.MovedTo(kept) };
        foreach (var section in sections)
        {
            foreach (ref var record in section.AsSpan())
            {
                if (record.Owner.StandsIn(_scratch!)) record = record with { Owner = record.Owner.MovedTo(kept) };
                if (record.Data.StandsIn(_scratch!)) record = record with { Data = record.Data.MovedTo(kept) };
            }
        }
    }

    private readonly int Capacity(int count, int minimumLength) => Math.Min(Math.Min(count, FirstCapacity), _wire.Remaining / minimumLength);

    private static void Grow<T>(ref T[] array, int count) => System.Array.Resize(ref array, Math.Min(count, Math.Max(1, array.Length * 2)));

    /// <summary>A name within RDATA, and where what stands for it begins and ends.</summary>
    private readonly record struct NamePlace(WireName Name, int Start, int End);

    /// <summary>A name that was read, and where it begins.</summary>
    private readonly record struct KnownName(int Start, DomainName Name);

    /// <summary>Names that were read lately, found by their place: most pointers lead to one of them.</summary>
    [InlineArray(Mask + 1)]
    private struct KnownNames
    {
        internal const int Mask = 15;

        private KnownName _first;
    }
}
