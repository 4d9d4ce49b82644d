using System.Buffers;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Messages;

public sealed partial record DnsMessage
{
    private const int QuestionTail = 4;
    private const int RecordTail = 10;

    /// <summary>Where the names written so far are found again; a power of two. What finds no room there is not compressed against.</summary>
    private const int SuffixSlots = 512;

    /// <summary>Writes the message, names compressed as far as RFC 3597 §4 allows: owners, and names in the RDATA of RFC 1035's own types. OPT comes behind the other additional records, TSIG last.</summary>
    /// <remarks>
    /// When not everything fits, whole RRsets are left out from the first that does not fit on. TC is set when one of the answer or
    /// authority section is missing (RFC 2181 §9); OPT and TSIG stay (RFC 6891 §7, RFC 8945 §5.3).
    /// </remarks>
    /// <param name="maximumLength">Octets that the message may have, 512 to 65535.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 512 or above 65535.</exception>
    /// <exception cref="InvalidOperationException">Questions, OPT and TSIG alone do not fit; a section has more than 65535 records; RDATA or an option has more octets than its length field can say; or the response code has more than 12 bits, or more than 4 and there is no <see cref="Edns"/> to bear them.</exception>
    public byte[] Write(int maximumLength = MaximumLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumLength, 512);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumLength, MaximumLength);
        if ((ushort)ResponseCode > 0xFFF) throw new InvalidOperationException("a response code has twelve bits");
        if ((ushort)ResponseCode > 0xF && Edns is null) throw new InvalidOperationException("a response code above 15 needs EDNS (RFC 6891 §6.1.3)");

        var needed = LongestForm();
        var fits = needed <= maximumLength;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(needed, maximumLength + LongestRecord));
        try
        {
            return Write(buffer, fits ? int.MaxValue : maximumLength);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private const int LongestRecord = DomainName.MaximumLength + RecordTail + ushort.MaxValue;

    private byte[] Write(Span<byte> buffer, int limit)
    {
        Span<ushort> suffixes = stackalloc ushort[SuffixSlots];
        var writer = new WireWriter(buffer, suffixes);
        writer.WriteUInt16(Id);
        writer.WriteUInt32(0);
        writer.WriteUInt32(0);
        writer.WriteUInt16(0);
        foreach (var question in Questions)
        {
            writer.WriteCompressed(question.Name);
            writer.WriteUInt16((ushort)question.Type);
            writer.WriteUInt16((ushort)question.Class);
        }

        var tail = Additionals is [.., { Type: RecordType.TSIG } signature] ? signature : (ResourceRecord?)null;
        var room = limit - (Edns is null ? 0 : LengthOf(Edns)) - (tail is { } last ? LengthOf(last) : 0);
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

        writer.PutUInt16(2, (ushort)(flags | ((int)Opcode << 11) | ((int)ResponseCode & 0xF)));
        writer.PutUInt16(4, (ushort)Questions.Length);
        writer.PutUInt16(6, (ushort)answers);
        writer.PutUInt16(8, (ushort)authorities);
        writer.PutUInt16(10, (ushort)additionals);
        return writer.Written.ToArray();
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
            if (i > 0 && !IsSameSet(record, records[i - 1]))
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
        writer.WriteUInt16((ushort)record.Type);
        writer.WriteUInt16((ushort)record.Class);
        writer.WriteUInt32(record.TimeToLive);
        var lengthAt = writer.Position;
        writer.WriteUInt16(0);
        WriteData(record.Type, record.Data, ref writer);
        writer.PutUInt16(lengthAt, (ushort)(writer.Position - lengthAt - 2));
    }

    private static void WriteData(RecordType type, Octets data, ref WireWriter writer)
    {
        if (!RecordFields.HasCompressedNames(type))
        {
            writer.Write(data.Span);
            return;
        }

        var at = 0;
        foreach (var field in RecordFields.Of(type))
        {
            if (!RecordFields.TryMeasure(field, data.Span, at, out var length)) break;
            if (field == FieldKind.CompressedName && DomainName.TryFromWire(data, at, out var name)) writer.WriteCompressed(name);
            else writer.Write(data.Span.Slice(at, length));
            at += length;
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
