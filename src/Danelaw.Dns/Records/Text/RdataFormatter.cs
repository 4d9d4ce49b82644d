using System.Buffers.Binary;

namespace Danelaw.Dns.Records.Text;

/// <summary>Writes RDATA field by field as the table has them.</summary>
internal static class RdataFormatter
{
    /// <summary>Writes the form of the type, or that of RFC 3597 §5 where the former would not say the same octets.</summary>
    internal static void Format(RecordType type, Octets data, TextBuilder text)
    {
        var start = text.Length;
        if (TryFormat(type, data, text)) return;
        text.CutAt(start);
        text.Add("\\# ");
        text.AddNumber((ulong)data.Length);
        if (data.IsEmpty) return;
        text.Add(' ');
        text.AddHex(data.Span);
    }

    private static bool TryFormat(RecordType type, Octets data, TextBuilder text)
    {
        var start = text.Length;
        var fields = RecordFields.Of(type);
        if (fields[0] == FieldKind.Opaque) return OtherForms.TryFormat(type, data, text) && IsReadBack(type, data, text, start);
        var (at, mayLose) = (0, false);
        for (var i = 0; i < fields.Length; i++)
        {
            if (!RecordFields.TryMeasure(fields[i], data.Span, at, out var length)) return false;
            if (fields[i] == FieldKind.EdnsOptions) return false;
            AddField(fields[i], type, i, data, at, length, text);
            mayLose |= fields[i] is FieldKind.ServiceParameters or FieldKind.OldTypeBitmap or FieldKind.A6Suffix;
            at += length;
        }

        return at == data.Length && (!mayLose || IsReadBack(type, data, text, start));
    }

    /// <summary>Some octets are well-formed and still have no text: bits that a reader ignores, parameters that contradict one another. Reading back finds them all.</summary>
    private static bool IsReadBack(RecordType type, Octets data, TextBuilder text, int start)
    {
        var written = text.Written[start..];
        var tokens = new TokenList();
        var scanner = new TextScanner(written, isWhole: true, line: 1);
        if (scanner.Scan(tokens) != ScanResult.Entry) return false;
        var writer = new RdataWriter();
        var reader = new RdataText(type, written, tokens.Span, 0, default, isOctets: false, writer);
        return RdataParser.TryParse(ref reader) && writer.Written.SequenceEqual(data.Span);
    }

    private static void AddField(FieldKind kind, RecordType type, int field, Octets data, int at, int length, TextBuilder text)
    {
        var octets = data.Span.Slice(at, length);
        var begins = kind is FieldKind.TypeBits or FieldKind.TypeBitsOrNone or FieldKind.OldTypeBitmap or FieldKind.ServiceParameters;
        // What may be absent brings its own blanks.
        if (field > 0 && !begins && !(length == 0 && kind is FieldKind.A6Suffix or FieldKind.A6Name)) text.Add(' ');
        switch (kind)
        {
            case FieldKind.Number8 or FieldKind.Algorithm: text.AddNumber(octets[0]); break;
            case FieldKind.Number16 when type == RecordType.CERT && field == 0: text.Add(Mnemonics.CertificateText(BinaryPrimitives.ReadUInt16BigEndian(octets))); break;
            case FieldKind.Number16: text.AddNumber(BinaryPrimitives.ReadUInt16BigEndian(octets)); break;
            case FieldKind.Number32 or FieldKind.Period: text.AddNumber(BinaryPrimitives.ReadUInt32BigEndian(octets)); break;
            case FieldKind.Number48 or FieldKind.Number64: AddLongNumber(octets, text); break;
            case FieldKind.SerialTime:
                TimeText.FormatSerial(BinaryPrimitives.ReadUInt32BigEndian(octets), text.Reserve(14));
                text.Advance(14);
                break;
            case FieldKind.TypeMnemonic: text.Add(RecordTypes.ToText((RecordType)BinaryPrimitives.ReadUInt16BigEndian(octets))); break;
            case FieldKind.ErrorCode: text.Add(Mnemonics.ErrorText(BinaryPrimitives.ReadUInt16BigEndian(octets))); break;
            case FieldKind.Ipv4: AddressText.Format4(octets, text); break;
            case FieldKind.Ipv6: AddressText.Format6(octets, text); break;
            case FieldKind.CompressedName or FieldKind.TolerantName or FieldKind.LoweredName or FieldKind.PlainName: text.AddName(data, at); break;
            case FieldKind.A6Name: if (length > 0) text.AddName(data, at); break;
            case FieldKind.CharacterString: text.AddQuoted(octets[1..]); break;
            case FieldKind.CharacterStrings: AddStrings(octets, text); break;
            case FieldKind.Tag: text.AddEscaped(octets[1..]); break;
            case FieldKind.TextRest: text.AddQuoted(octets); break;
            case FieldKind.HexRest: text.AddHex(octets); break;
            case FieldKind.Base64Rest: text.AddBase64(octets); break;
            case FieldKind.HexCounted8:
                if (length == 1) text.Add('-');
                else text.AddHex(octets[1..]);
                break;
            case FieldKind.Base32Counted8:
                Base32Text.Encode(octets[1..], text.Reserve(Base32Text.EncodedLength(length - 1)));
                text.Advance(Base32Text.EncodedLength(length - 1));
                break;
            case FieldKind.Base64Counted16:
                text.AddNumber(BinaryPrimitives.ReadUInt16BigEndian(octets));
                if (length > 2) text.Add(' ');
                text.AddBase64(octets[2..]);
                break;
            case FieldKind.TypeBits or FieldKind.TypeBitsOrNone: TypeListText.Format(data.Slice(at, length), text); break;
            case FieldKind.OldTypeBitmap: TypeListText.FormatOld(octets, text); break;
            case FieldKind.ServiceParameters: ServiceParameterText.Format(octets, text); break;
            case FieldKind.Locator64: AddGroups(octets, 2, ':', text); break;
            case FieldKind.Eui48 or FieldKind.Eui64: AddGroups(octets, 1, '-', text); break;
            case FieldKind.A6Suffix: OtherForms.FormatA6Suffix(data.Span[0], octets, text); break;
            case FieldKind.EdnsOptions or FieldKind.Opaque: break;
        }
    }

    private static void AddLongNumber(ReadOnlySpan<byte> octets, TextBuilder text)
    {
        ulong number = 0;
        foreach (var octet in octets) number = (number << 8) | octet;
        text.AddNumber(number);
    }

    private static void AddStrings(ReadOnlySpan<byte> octets, TextBuilder text)
    {
        for (var i = 0; i < octets.Length; i += octets[i] + 1)
        {
            if (i > 0) text.Add(' ');
            text.AddQuoted(octets.Slice(i + 1, octets[i]));
        }
    }

    private static void AddGroups(ReadOnlySpan<byte> octets, int size, char mark, TextBuilder text)
    {
        for (var i = 0; i < octets.Length; i += size)
        {
            if (i > 0) text.Add(mark);
            text.AddHex(octets.Slice(i, size));
        }
    }
}
