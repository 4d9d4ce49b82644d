using System.Buffers;
using System.Buffers.Binary;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Messages;

public sealed partial record DnsMessage
{
    /// <summary>Every receiver takes so much (RFC 1035 §4.2.1).</summary>
    private const int MinimumLimit = 512;
    private const int QuestionTail = 4;
    private const int RecordTail = 10;

    /// <summary>So many names written are found again, powers of two; what finds no room there is not compressed against.</summary>
    private const int FewSuffixes = 256;
    private const int ManySuffixes = 1024;
    private const int ShortMessage = 2048;

    private const int LongestRecord = DomainName.MaximumLength + RecordTail + ushort.MaxValue;

    /// <summary>Writes the message, names compressed as far as RFC 3597 §4 allows: owners, and names in the RDATA of RFC 1035's own types. OPT comes behind the other additional records, TSIG last.</summary>
    /// <remarks>
    /// When not everything fits, whole RRsets are left out from the first that does not fit on. TC is set when one of the answer or
    /// authority section is missing (RFC 2181 §9); OPT and TSIG stay (RFC 6891 §7, RFC 8945 §5.3).
    /// </remarks>
    /// <param name="maximumLength">Octets that the message may have, 512 to 65535.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 512 or above 65535.</exception>
    /// <exception cref="InvalidOperationException">
    /// Questions, OPT and TSIG alone do not fit; a section has more than 65534 records; RDATA or an option has more octets than its length
    /// field can say; or the response code has more than 12 bits, or more than 4 and there is no <see cref="Edns"/> to bear them.
    /// </exception>
    public byte[] Write(int maximumLength = MaximumLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumLength, MinimumLimit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumLength, MaximumLength);
        var needed = LongestForm();
        var length = (int)Math.Min(needed, maximumLength + LongestRecord);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            return buffer.AsSpan(0, Write(buffer.AsSpan(0, length), needed <= maximumLength ? int.MaxValue : maximumLength)).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Writes the message into octets of the caller's, as <see cref="Write(int)"/> does, and allocates nothing.</summary>
    /// <param name="destination">Where to write: 512 octets or more, of which 65535 at most are used.</param>
    /// <returns>How many octets the message has.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is room for fewer than 512 octets.</exception>
    /// <exception cref="InvalidOperationException">As for <see cref="Write(int)"/>.</exception>
    public int WriteTo(Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, MinimumLimit, nameof(destination));
        var limit = Math.Min(destination.Length, MaximumLength);
        var needed = LongestForm();
        if (needed <= limit) return Write(destination[..(int)needed], int.MaxValue);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(needed, limit + LongestRecord));
        try
        {
            var length = Write(buffer, limit);
            buffer.AsSpan(0, length).CopyTo(destination);
            return length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int Write(Span<byte> buffer, int limit)
    {
        Span<ushort> suffixes = stackalloc ushort[buffer.Length <= ShortMessage ? FewSuffixes : ManySuffixes];
        Span<uint> labels = stackalloc uint[DomainName.MaximumLabels];
        var writer = new WireWriter(buffer, suffixes, labels);
        writer.Advance(MessageHeader.Length);
        foreach (ref readonly var question in Questions.AsSpan())
        {
            writer.WriteCompressed(question.Name);
            writer.WriteUInt16((ushort)question.Type);
            writer.WriteUInt16((ushort)question.Class);
        }

        var tail = Additionals is [.., { Type: RecordType.TSIG } signature] ? signature : (ResourceRecord?)null;
        var room = limit == int.MaxValue ? limit : limit - (Edns is null ? 0 : LengthOf(Edns)) - (tail is { } last ? LengthOf(last) : 0);
        if (writer.Position > room) throw new InvalidOperationException($"the questions, OPT and TSIG do not fit into {limit} octets");

        var ordinary = tail is null ? Additionals.AsSpan() : Additionals.AsSpan()[..^1];
        var flags = (int)(Flags & MessageHeader.AllFlags);
        var (answers, authorities, additionals) = (0, 0, 0);
        if (!TryWrite(Answers.AsSpan(), room, ref writer, out answers) || !TryWrite(Authorities.AsSpan(), room, ref writer, out authorities)) flags |= (int)MessageFlags.Truncated;
        else TryWrite(ordinary, room, ref writer, out additionals);

        if (Edns is not null)
        {
            Write(Edns, (uint)ResponseCode >> 4, ref writer);
            additionals++;
        }

        if (tail is { } tsig)
        {
            writer.Write(tsig.Owner.Wire);
            WriteRest(tsig, ref writer);
            additionals++;
        }

        writer.PutUInt16(0, Id);
        writer.PutUInt16(2, (ushort)(flags | ((int)Opcode << 11) | ((int)ResponseCode & 0xF)));
        writer.PutUInt16(4, (ushort)Questions.Length);
        writer.PutUInt16(6, (ushort)answers);
        writer.PutUInt16(8, (ushort)authorities);
        writer.PutUInt16(10, (ushort)additionals);
        return writer.Position;
    }

    /// <summary>Writes a section, RRset by RRset.</summary>
    /// <returns>False when the RRset after the <paramref name="written"/> records went beyond the room, and was taken back.</returns>
    private static bool TryWrite(ReadOnlySpan<ResourceRecord> records, int room, ref WireWriter writer, out int written)
    {
        written = 0;
        var setStart = writer.Position;
        for (var i = 0; i < records.Length; i++)
        {
            ref readonly var record = ref records[i];
            if (i > 0 && room < int.MaxValue && !IsSameSet(record, records[i - 1]))
            {
                written = i;
                setStart = writer.Position;
            }

            writer.WriteCompressed(record.Owner);
            WriteRest(record, ref writer);
            if (writer.Position <= room) continue;
            writer.BackTo(setStart);
            return false;
        }

        written = records.Length;
        return true;
    }

    private static bool IsSameSet(in ResourceRecord left, in ResourceRecord right) => left.Type == right.Type && left.Class == right.Class && left.Owner == right.Owner;

    private static void WriteRest(in ResourceRecord record, ref WireWriter writer)
    {
        var fields = writer.Take(RecordTail);
        BinaryPrimitives.WriteUInt16BigEndian(fields, (ushort)record.Type);
        BinaryPrimitives.WriteUInt16BigEndian(fields[2..], (ushort)record.Class);
        BinaryPrimitives.WriteUInt32BigEndian(fields[4..], record.TimeToLive);
        var start = writer.Position;
        if (RecordFields.HasCompressedNames(record.Type)) WriteWithNames(record.Type, record.Data, ref writer);
        else writer.Write(record.Data.Span);
        BinaryPrimitives.WriteUInt16BigEndian(fields[8..], (ushort)(writer.Position - start));
    }

    private static void WriteWithNames(RecordType type, Octets data, ref WireWriter writer)
    {
        var at = 0;
        foreach (var field in RecordFields.Of(type))
        {
            if (field == FieldKind.CompressedName)
            {
                if (!DomainName.TryFromWire(data, at, out var name)) break;
                writer.WriteCompressed(name);
                at += name.Length;
            }
            else
            {
                if (!RecordFields.TryMeasure(field, data.Span, at, out var length)) break;
                writer.Write(data.Span.Slice(at, length));
                at += length;
            }
        }

        writer.Write(data.Span[at..]);
    }

    private static void Write(Edns edns, uint extendedCode, ref WireWriter writer)
    {
        writer.WriteByte(0);
        writer.WriteUInt16((ushort)RecordType.OPT);
        writer.WriteUInt16(edns.UdpPayloadSize);
        writer.WriteUInt32((extendedCode << 24) | ((uint)edns.Version << 16) | (edns.DnssecOk ? Edns.DnssecOkFlag : 0));
        writer.WriteUInt16((ushort)(LengthOf(edns) - 1 - RecordTail));
        foreach (var option in edns.Options)
        {
            writer.WriteUInt16(option.Code);
            writer.WriteUInt16((ushort)option.Data.Length);
            writer.Write(option.Data.Span);
        }
    }

    /// <summary>The octets that the message has without any compression. What no message can say is refused here.</summary>
    private long LongestForm()
    {
        if ((ushort)ResponseCode > 0xFFF) throw new InvalidOperationException("a response code has twelve bits");
        if ((ushort)ResponseCode > 0xF && Edns is null) throw new InvalidOperationException("a response code above 15 needs EDNS (RFC 6891 §6.1.3)");
        long length = MessageHeader.Length;
        foreach (var question in Questions) length += question.Name.Length + QuestionTail;
        length += LengthOf(Answers.AsSpan()) + LengthOf(Authorities.AsSpan()) + LengthOf(Additionals.AsSpan());
        if (Questions.Length > ushort.MaxValue) throw new InvalidOperationException("more than 65535 questions");
        return Edns is null ? length : length + LengthOf(Edns);
    }

    private static long LengthOf(ReadOnlySpan<ResourceRecord> records)
    {
        if (records.Length > ushort.MaxValue - 1) throw new InvalidOperationException("more than 65534 records in a section");
        long length = 0;
        foreach (ref readonly var record in records) length += LengthOf(record);
        return length;
    }

    private static int LengthOf(in ResourceRecord record)
    {
        if (record.Data.Length > ushort.MaxValue) throw new InvalidOperationException("RDATA of more than 65535 octets");
        return record.Owner.Length + RecordTail + record.Data.Length;
    }

    private static int LengthOf(Edns edns)
    {
        long length = 0;
        foreach (var option in edns.Options) length += 4 + option.Data.Length;
        if (length > ushort.MaxValue) throw new InvalidOperationException("EDNS options of more than 65535 octets");
        return 1 + RecordTail + (int)length;
    }
}
