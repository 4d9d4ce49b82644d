using System.Buffers.Binary;
using System.Globalization;

namespace Danelaw.Dns.Records.Text;

/// <summary>Reads RDATA field by field as the table has them.</summary>
internal static class RdataParser
{
    /// <summary>Reads all tokens that are left.</summary>
    internal static bool TryParse(ref RdataText text)
    {
        text.Writer.Clear();
        if (!(text.IsNext("\\#") ? TryGeneric(ref text) : TryFields(ref text))) return false;
        if (text.HasMore)
        {
            var rest = RdataText.Shorten(text.Peek());
            text.TryTake(out _);
            return text.Fail($"'{rest}' stands behind the end of the record");
        }

        return text.Writer.Length <= RdataWriter.MaximumLength || text.Fail(string.Create(CultureInfo.InvariantCulture, $"the record's data has {text.Writer.Length} octets; at most {RdataWriter.MaximumLength} fit"));
    }

    /// <summary>RFC 3597 §5: <c>\#</c>, the length, and so many octets in hexadecimal.</summary>
    private static bool TryGeneric(ref RdataText text)
    {
        text.TryTake(out _);
        text.Expected = "the length of the data";
        if (!text.TryNumber16(out var length)) return false;
        text.Expected = "the data";
        if (text.HasMore && !text.TryHexRest()) return false;
        return text.Writer.Length == length || text.Fail(string.Create(CultureInfo.InvariantCulture, $"the data is said to have {length} octets, but {text.Writer.Length} are given"));
    }

    private static bool TryFields(ref RdataText text)
    {
        var fields = RecordFields.Of(text.Type);
        if (fields[0] == FieldKind.Opaque) return OtherForms.TryParse(ref text);
        for (var i = 0; i < fields.Length; i++)
        {
            text.Field = i;
            if (!TryField(fields[i], ref text)) return false;
        }

        return true;
    }

    private static bool TryField(FieldKind kind, ref RdataText text)
    {
        switch (kind)
        {
            case FieldKind.Number8: return TryNumber8(ref text);
            case FieldKind.Number16: return TryNumber16(ref text);
            case FieldKind.Number32: return TryNumber(ref text, 4);
            case FieldKind.Number48: return TryNumber(ref text, 6);
            case FieldKind.Number64: return TryNumber(ref text, 8);
            case FieldKind.Period: return TryPeriod(ref text);
            case FieldKind.SerialTime: return TrySerialTime(ref text);
            case FieldKind.TypeMnemonic: return TryType(ref text);
            case FieldKind.Algorithm: return TryAlgorithm(ref text);
            case FieldKind.ErrorCode: return TryError(ref text);
            case FieldKind.Ipv4: return TryAddress4(ref text);
            case FieldKind.Ipv6: return TryAddress6(ref text);
            case FieldKind.CompressedName or FieldKind.TolerantName or FieldKind.LoweredName or FieldKind.PlainName: return text.TryName();
            case FieldKind.CharacterString: return TryOneString(ref text);
            case FieldKind.CharacterStrings: return TryStrings(ref text);
            case FieldKind.Tag: return TryTag(ref text);
            case FieldKind.TextRest: return text.TryText();
            case FieldKind.HexRest: return text.TryHexRest();
            case FieldKind.Base64Rest: return text.TryBase64Rest();
            case FieldKind.HexCounted8: return TrySalt(ref text);
            case FieldKind.Base32Counted8: return TryHash(ref text);
            case FieldKind.Base64Counted16: return TryCountedBase64(ref text);
            case FieldKind.TypeBits: return TypeListText.TryParse(ref text, mayBeEmpty: false);
            case FieldKind.TypeBitsOrNone: return TypeListText.TryParse(ref text, mayBeEmpty: true);
            case FieldKind.OldTypeBitmap: return TypeListText.TryParseOld(ref text);
            case FieldKind.ServiceParameters: return ServiceParameterText.TryParse(ref text);
            case FieldKind.Locator64: return TryGroups(ref text, 4, 4, ':');
            case FieldKind.Eui48: return TryGroups(ref text, 6, 2, '-');
            case FieldKind.Eui64: return TryGroups(ref text, 8, 2, '-');
            case FieldKind.A6Suffix: return OtherForms.TryA6Suffix(ref text);
            case FieldKind.A6Name: return text.Writer.Written[0] == 0 || text.TryName();
            case FieldKind.EdnsOptions or FieldKind.Opaque:
            default:
                text.TryTake(out _);
                return text.Fail("this type is written as \\# length hex only");
        }
    }

    private static bool TryNumber8(ref RdataText text)
    {
        // RFC 4034 App. A.2 gives the digests of a DS names too.
        if (text.Field == 2 && text.Type is RecordType.DS or RecordType.CDS or RecordType.DLV or RecordType.TA && text.HasMore && text.NextKind == TokenKind.Plain && Mnemonics.TryDigest(text.Peek(), out var digest))
        {
            text.TryTake(out _);
            text.Writer.Write8(digest);
            return true;
        }

        // RFC 9859 §2.2: the one scheme there is has a name.
        if (text.Field == 1 && text.Type == RecordType.DSYNC && text.HasMore && text.NextKind == TokenKind.Plain && text.Peek().Equals("NOTIFY", StringComparison.OrdinalIgnoreCase))
        {
            text.TryTake(out _);
            text.Writer.Write8(1);
            return true;
        }

        if (!text.TryNumber8(out var number)) return false;
        text.Writer.Write8(number);
        return true;
    }

    private static bool TryNumber16(ref RdataText text)
    {
        ushort number;
        if (text.Type == RecordType.CERT && text.Field == 0)
        {
            if (!text.TryWord(out var word)) return false;
            if (!Mnemonics.TryCertificate(word, out number)) return text.Fail($"'{RdataText.Shorten(word)}' is no type of certificate (RFC 4398 §2.1)");
        }
        else if (!text.TryNumber16(out number))
        {
            return false;
        }

        text.Writer.Write16(number);
        return true;
    }

    private static bool TryNumber(ref RdataText text, int octets)
    {
        if (!text.TryNumber(ulong.MaxValue >> (64 - (8 * octets)), out var number)) return false;
        Span<byte> buffer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(buffer, number);
        text.Writer.Write(buffer[(8 - octets)..]);
        return true;
    }

    private static bool TryPeriod(ref RdataText text)
    {
        if (!text.TryWord(out var word)) return false;
        if (!TimeText.TryPeriod(word, out var seconds)) return text.Fail($"'{RdataText.Shorten(word)}' is not a number of seconds up to 4294967295, nor one with units such as 1h30m");
        text.Writer.Write32(seconds);
        return true;
    }

    private static bool TrySerialTime(ref RdataText text)
    {
        if (!text.TryWord(out var word)) return false;
        if (!TimeText.TrySerial(word, out var time)) return text.Fail($"'{RdataText.Shorten(word)}' is neither a time YYYYMMDDHHmmSS nor seconds since 1970");
        text.Writer.Write32(time);
        return true;
    }

    private static bool TryType(ref RdataText text)
    {
        if (!text.TryWord(out var word)) return false;
        if (!RecordTypes.TryParse(word, out var type)) return text.Fail($"'{RdataText.Shorten(word)}' is no record type");
        text.Writer.Write16((ushort)type);
        return true;
    }

    private static bool TryAlgorithm(ref RdataText text)
    {
        if (!text.TryWord(out var word)) return false;
        if (!Mnemonics.TryAlgorithm(word, out var algorithm)) return text.Fail($"'{RdataText.Shorten(word)}' is no algorithm: neither a number up to 255 nor a name that is known");
        text.Writer.Write8(algorithm);
        return true;
    }

    private static bool TryError(ref RdataText text)
    {
        if (!text.TryWord(out var word)) return false;
        if (!Mnemonics.TryError(word, out var error)) return text.Fail($"'{RdataText.Shorten(word)}' is no error code of TSIG");
        text.Writer.Write16(error);
        return true;
    }

    private static bool TryAddress4(ref RdataText text)
    {
        if (!text.TryWord(out var word)) return false;
        if (!AddressText.TryParse4(word, text.Writer.Reserve(AddressText.Length4))) return text.Fail($"'{RdataText.Shorten(word)}' is not an IPv4 address");
        text.Writer.Advance(AddressText.Length4);
        return true;
    }

    private static bool TryAddress6(ref RdataText text)
    {
        if (!text.TryWord(out var word)) return false;
        if (!AddressText.TryParse6(word, text.Writer.Reserve(AddressText.Length6))) return text.Fail($"'{RdataText.Shorten(word)}' is not an IPv6 address");
        text.Writer.Advance(AddressText.Length6);
        return true;
    }

    private static bool TryOneString(ref RdataText text) => text.HasMore && text.NextKind == TokenKind.Pair ? text.TakeAndFail("a quote begins in the middle of a word") : text.TryCharacterString();

    private static bool TryStrings(ref RdataText text)
    {
        do
        {
            if (!text.TryCharacterString()) return false;
        }
        while (text.HasMore);
        return true;
    }

    /// <summary>RFC 8659 §4.1: letters and digits.</summary>
    private static bool TryTag(ref RdataText text)
    {
        if (!text.TryWord(out var word)) return false;
        foreach (var character in word)
            if (!char.IsAsciiLetterOrDigit(character)) return text.Fail($"the tag '{RdataText.Shorten(word)}' has something other than letters and digits");
        if (word.Length > byte.MaxValue) return text.Fail("the tag has more than 255 characters");
        text.Writer.Write8((byte)word.Length);
        return text.TryUnescape(word);
    }

    /// <summary>RFC 5155 §3.3: hexadecimal without blanks, a hyphen for none.</summary>
    private static bool TrySalt(ref RdataText text)
    {
        if (!text.TryWord(out var word)) return false;
        if (word is "-") word = default;
        if (word.Length > 2 * byte.MaxValue) return text.Fail("the salt has more than 255 octets");
        text.Writer.Write8((byte)(word.Length / 2));
        if (word.Length % 2 != 0 || Convert.FromHexString(word, text.Writer.Reserve(word.Length / 2), out _, out var written) != System.Buffers.OperationStatus.Done) return text.Fail("the salt is neither a hyphen nor an even number of hexadecimal digits");
        text.Writer.Advance(written);
        return true;
    }

    private static bool TryHash(ref RdataText text)
    {
        if (!text.TryWord(out var word)) return false;
        var length = Base32Text.DecodedLength(word.Length);
        if (length is 0 or > byte.MaxValue || !Base32Text.TryDecode(word, text.Writer.Reserve(length + 1)[1..])) return text.Fail($"'{RdataText.Shorten(word)}' is not a hash in base 32 with the extended hex alphabet");
        text.Writer.Reserve(1)[0] = (byte)length;
        text.Writer.Advance(length + 1);
        return true;
    }

    /// <summary>The length, and base 64 in one token unless it is 0 (TSIG).</summary>
    private static bool TryCountedBase64(ref RdataText text)
    {
        if (!text.TryNumber16(out var length)) return false;
        text.Writer.Write16(length);
        if (length == 0) return true;
        var start = text.Writer.Length;
        if (!text.TryWord(out var word) || !text.TryBase64(word)) return false;
        return text.Writer.Length - start == length || text.Fail("the length and the octets do not agree");
    }

    /// <summary>Groups of hexadecimal digits with a mark between them (RFC 6742 §2.2.2, RFC 7043 §3.2).</summary>
    private static bool TryGroups(ref RdataText text, int groups, int digits, char mark)
    {
        if (!text.TryWord(out var word)) return false;
        var rest = word;
        for (var i = 0; i < groups; i++)
        {
            var end = i == groups - 1 ? rest.Length : rest.IndexOf(mark);
            // Leading zeros may be left out of the groups of a locator only.
            if (end < (digits == 2 ? 2 : 1) || end > digits || !ushort.TryParse(rest[..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)) return text.Fail($"'{RdataText.Shorten(word)}' is not {groups} groups of hexadecimal digits with '{mark}' between them");
            if (digits == 2) text.Writer.Write8((byte)value);
            else text.Writer.Write16(value);
            rest = rest[Math.Min(end + 1, rest.Length)..];
        }

        return true;
    }
}
