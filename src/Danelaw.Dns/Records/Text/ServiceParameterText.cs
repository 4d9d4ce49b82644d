using System.Buffers.Binary;
using System.Globalization;

namespace Danelaw.Dns.Records.Text;

/// <summary>The parameters of SVCB and HTTPS (RFC 9460 §2.1, §7, App. A).</summary>
internal static class ServiceParameterText
{
    private const ushort Mandatory = 0;
    private const ushort Alpn = 1;
    private const ushort NoDefaultAlpn = 2;
    private const ushort Port = 3;
    private const ushort Ipv4Hint = 4;
    private const ushort Ech = 5;
    private const ushort Ipv6Hint = 6;
    private const ushort DohPath = 7;
    private const ushort Ohttp = 8;

    /// <summary>RFC 9460 §14.3.2: never a key.</summary>
    private const ushort Invalid = 65535;

    private const int HeaderLength = 4;

    /// <summary>By number: RFC 9460 §14.3.2, RFC 9461 §5, RFC 9540 §4.</summary>
    private static readonly string[] Names = ["mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath", "ohttp"];

    /// <summary>Reads parameters to the end; they may stand in any order, each once.</summary>
    internal static bool TryParse(ref RdataText text)
    {
        var start = text.Writer.Length;
        var places = new List<(ushort Key, int Start, int Length)>();
        while (text.HasMore)
        {
            var at = text.Writer.Length;
            if (!TryOne(ref text, out var key)) return false;
            foreach (var place in places)
                if (place.Key == key) return text.Fail($"the parameter {NameOf(key)} stands there twice");
            places.Add((key, at, text.Writer.Length - at));
        }

        SortByKey(text.Writer, start, places);
        return IsConsistent(ref text, places);
    }

    /// <summary>Writes parameters that are well-formed on the wire, a blank before each.</summary>
    internal static void Format(ReadOnlySpan<byte> data, TextBuilder text)
    {
        while (!data.IsEmpty)
        {
            var key = BinaryPrimitives.ReadUInt16BigEndian(data);
            var length = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
            var value = data.Slice(HeaderLength, length);
            data = data[(HeaderLength + length)..];
            text.Add(' ');
            var start = text.Length;
            if (key < Names.Length)
            {
                text.Add(Names[key]);
                if (TryFormatKnown(key, value, text)) continue;
                text.CutAt(start);
            }

            text.Add("key");
            text.AddNumber(key);
            if (value.IsEmpty) continue;
            text.Add('=');
            text.AddQuoted(value);
        }
    }

    private static bool TryOne(ref RdataText text, out ushort key)
    {
        key = 0;
        text.TryTake(out var token);
        if (text.LastKind == TokenKind.Quoted) return text.Fail("a parameter is a key, or a key, an equals sign and a value that alone may be in quotes");
        var equals = token.IndexOf('=');
        var name = equals < 0 ? token : token[..equals];
        var value = equals < 0 ? default : token[(equals + 1)..];
        if (text.LastKind == TokenKind.Pair)
        {
            if (!value.StartsWith('"')) return text.Fail("a value is quoted in part only");
            value = value[1..^1];
        }

        if (!TryKey(name, out key, out var isNumbered)) return text.Fail($"'{RdataText.Shorten(name)}' is no service parameter: neither a name that is known nor key with a number below 65535");
        var header = text.Writer.Length;
        text.Writer.Write16(key);
        text.Writer.Write16(0);
        if (!text.TryUnescape(value)) return false;
        // RFC 9460 §2.1: a numbered key bears its value as it is on the wire.
        if (!isNumbered && !TryKnown(ref text, key, header + HeaderLength, equals >= 0)) return false;
        var length = text.Writer.Length - header - HeaderLength;
        if (length > ushort.MaxValue) return text.Fail("a value has more than 65535 octets");
        text.Writer.Patch(header + 2, (byte)(length >> 8));
        text.Writer.Patch(header + 3, (byte)(length & 0xFF));
        return true;
    }

    private static bool TryKey(ReadOnlySpan<char> name, out ushort key, out bool isNumbered)
    {
        isNumbered = false;
        for (key = 0; key < Names.Length; key++)
            if (name.Equals(Names[key], StringComparison.OrdinalIgnoreCase)) return true;
        isNumbered = true;
        var digits = name.StartsWith("key", StringComparison.OrdinalIgnoreCase) ? name[3..] : default;
        return ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out key) && key != Invalid && (digits.Length == 1 || digits[0] != '0');
    }

    /// <summary>Turns the value, whose escapes are gone, from its text into its wire form.</summary>
    private static bool TryKnown(ref RdataText text, ushort key, int start, bool hasValue)
    {
        var value = text.Writer.Written[start..].ToArray();
        text.Writer.CutAt(start);
        if (key is NoDefaultAlpn or Ohttp) return value.Length == 0 || text.Fail($"the parameter {Names[key]} takes no value");
        if (!hasValue || value.Length == 0) return text.Fail($"the parameter {Names[key]} needs a value");
        switch (key)
        {
            case DohPath:
                text.Writer.Write(value);
                return true;
            case Ech:
                text.Expected = "the value of ech";
                var isBase64 = text.TryBase64(System.Text.Encoding.Latin1.GetString(value));
                text.Expected = null;
                return isBase64;
            case Port:
                if (!ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return text.Fail("the port is not a number from 0 to 65535");
                text.Writer.Write16(port);
                return true;
            default:
                return TryList(ref text, key, value);
        }
    }

    /// <summary>RFC 9460 App. A.1: items between commas, in which a backslash stands before a comma or another backslash.</summary>
    private static bool TryList(ref RdataText text, ushort key, ReadOnlySpan<byte> value)
    {
        Span<byte> item = new byte[value.Length];
        var (length, start) = (0, text.Writer.Length);
        for (var i = 0; i <= value.Length; i++)
        {
            if (i == value.Length || value[i] == (byte)',')
            {
                if (length == 0) return text.Fail($"the list of {Names[key]} has an empty item");
                if (!TryItem(ref text, key, item[..length])) return false;
                length = 0;
                continue;
            }

            if (value[i] == (byte)'\\' && (++i == value.Length || value[i] is not ((byte)',' or (byte)'\\'))) return text.Fail($"in a list a backslash stands before a comma or a backslash only ({Names[key]})");
            item[length++] = value[i];
        }

        return key != Mandatory || TrySortMandatory(ref text, start);
    }

    private static bool TryItem(ref RdataText text, ushort key, ReadOnlySpan<byte> item)
    {
        var characters = System.Text.Encoding.Latin1.GetString(item);
        switch (key)
        {
            case Alpn:
                if (item.Length > byte.MaxValue) return text.Fail("a protocol of alpn has more than 255 octets");
                text.Writer.Write8((byte)item.Length);
                text.Writer.Write(item);
                return true;
            case Ipv4Hint:
                if (!AddressText.TryParse4(characters, text.Writer.Reserve(AddressText.Length4))) return text.Fail($"'{RdataText.Shorten(characters)}' is not an IPv4 address");
                text.Writer.Advance(AddressText.Length4);
                return true;
            case Ipv6Hint:
                if (!AddressText.TryParse6(characters, text.Writer.Reserve(AddressText.Length6))) return text.Fail($"'{RdataText.Shorten(characters)}' is not an IPv6 address");
                text.Writer.Advance(AddressText.Length6);
                return true;
            default:
                if (!TryKey(characters, out var listed, out _)) return text.Fail($"'{RdataText.Shorten(characters)}' in mandatory is no service parameter");
                if (listed == Mandatory) return text.Fail("mandatory must not list itself");
                text.Writer.Write16(listed);
                return true;
        }
    }

    /// <summary>RFC 9460 §8: ascending, each key once.</summary>
    private static bool TrySortMandatory(ref RdataText text, int start)
    {
        var written = text.Writer.Written[start..];
        var keys = new ushort[written.Length / 2];
        for (var i = 0; i < keys.Length; i++) keys[i] = BinaryPrimitives.ReadUInt16BigEndian(written[(2 * i)..]);
        Array.Sort(keys);
        text.Writer.CutAt(start);
        for (var i = 0; i < keys.Length; i++)
        {
            if (i > 0 && keys[i] == keys[i - 1]) return text.Fail($"mandatory lists {NameOf(keys[i])} twice");
            text.Writer.Write16(keys[i]);
        }

        return true;
    }

    private static void SortByKey(RdataWriter writer, int start, List<(ushort Key, int Start, int Length)> places)
    {
        var isSorted = true;
        for (var i = 1; i < places.Count; i++) isSorted &= places[i - 1].Key < places[i].Key;
        if (isSorted) return;
        var written = writer.Written.ToArray();
        writer.CutAt(start);
        foreach (var place in places.OrderBy(place => place.Key)) writer.Write(written.AsSpan(place.Start, place.Length));
    }

    /// <summary>RFC 9460 §2.4.3: what zone files should not be able to say.</summary>
    private static bool IsConsistent(ref RdataText text, List<(ushort Key, int Start, int Length)> places)
    {
        if (places.Exists(place => place.Key == NoDefaultAlpn) && !places.Exists(place => place.Key == Alpn)) return text.Fail("no-default-alpn needs alpn beside it");
        if (!places.Exists(place => place.Key == Mandatory)) return true;
        // Sorted, it is the first of them.
        var data = text.Writer.Written[places.Min(place => place.Start)..];
        var listed = data.Slice(HeaderLength, BinaryPrimitives.ReadUInt16BigEndian(data[2..]));
        if (listed.Length % 2 != 0) return true;
        for (var i = 0; i < listed.Length; i += 2)
        {
            var key = BinaryPrimitives.ReadUInt16BigEndian(listed[i..]);
            if (!places.Exists(place => place.Key == key)) return text.Fail($"mandatory lists {NameOf(key)}, which is not there");
        }

        return true;
    }

    private static string NameOf(ushort key) => key < Names.Length ? Names[key] : string.Create(CultureInfo.InvariantCulture, $"key{key}");

    private static bool TryFormatKnown(ushort key, ReadOnlySpan<byte> value, TextBuilder text)
    {
        if (key is NoDefaultAlpn or Ohttp) return value.IsEmpty;
        if (value.IsEmpty) return false;
        text.Add('=');
        switch (key)
        {
            case Mandatory: return TryFormatMandatory(value, text);
            case Alpn: return TryFormatAlpn(value, text);
            case Port when value.Length == 2:
                text.AddNumber(BinaryPrimitives.ReadUInt16BigEndian(value));
                return true;
            case Ipv4Hint when value.Length % AddressText.Length4 == 0: return FormatAddresses(value, AddressText.Length4, text);
            case Ipv6Hint when value.Length % AddressText.Length6 == 0: return FormatAddresses(value, AddressText.Length6, text);
            case Ech:
                text.AddBase64(value);
                return true;
            case DohPath:
                text.AddQuoted(value);
                return true;
            default: return false;
        }
    }

    private static bool TryFormatMandatory(ReadOnlySpan<byte> value, TextBuilder text)
    {
        if (value.Length % 2 != 0) return false;
        var previous = 0;
        for (var i = 0; i < value.Length; i += 2)
        {
            var key = BinaryPrimitives.ReadUInt16BigEndian(value[i..]);
            if (key <= previous || key == Invalid) return false;
            if (i > 0) text.Add(',');
            text.Add(NameOf(key));
            previous = key;
        }

        return true;
    }

    private static bool TryFormatAlpn(ReadOnlySpan<byte> value, TextBuilder text)
    {
        var list = new List<byte>(value.Length);
        while (!value.IsEmpty)
        {
            int length = value[0];
            if (length == 0 || length >= value.Length) return false;
            if (list.Count > 0) list.Add((byte)',');
            foreach (var octet in value[1..(length + 1)])
            {
                if (octet is (byte)',' or (byte)'\\') list.Add((byte)'\\');
                list.Add(octet);
            }

            value = value[(length + 1)..];
        }

        var isPlain = list.TrueForAll(octet => char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)',' or (byte)'-' or (byte)'.' or (byte)'/' or (byte)'_');
        if (isPlain) text.AddEscaped(list.ToArray());
        else text.AddQuoted(list.ToArray());
        return true;
    }

    private static bool FormatAddresses(ReadOnlySpan<byte> value, int length, TextBuilder text)
    {
        for (var i = 0; i < value.Length; i += length)
        {
            if (i > 0) text.Add(',');
            if (length == AddressText.Length4) AddressText.Format4(value.Slice(i, length), text);
            else AddressText.Format6(value.Slice(i, length), text);
        }

        return true;
    }
}
