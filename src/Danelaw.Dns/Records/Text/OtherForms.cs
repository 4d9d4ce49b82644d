using System.Buffers.Binary;
using System.Globalization;

namespace Danelaw.Dns.Records.Text;

/// <summary>Types whose text does not follow their fields one by one. What a form cannot show is left to RFC 3597's.</summary>
internal static class OtherForms
{
    /// <summary>Reads the RDATA of a type that the table has no fields for.</summary>
    internal static bool TryParse(ref RdataText text)
    {
        switch (text.Type)
        {
            case RecordType.LOC: return LocationText.TryParse(ref text);
            case RecordType.APL: return PrefixListText.TryParse(ref text);
            case RecordType.IPSECKEY: return GatewayText.TryParseIpsecKey(ref text);
            case RecordType.AMTRELAY: return GatewayText.TryParseRelay(ref text);
            case RecordType.HIP: return TryParseHip(ref text);
            case RecordType.WKS: return ServiceListText.TryParse(ref text);
            case RecordType.NSAP: return TryParseNsap(ref text);
            default:
                text.Expected = "the data";
                if (!text.HasMore) return text.TryTake(out _);
                return text.TakeAndFail($"a record of type {RecordTypes.ToText(text.Type)} is written as \\# length hex only");
        }
    }

    /// <summary>Writes it; false when the form cannot show these octets.</summary>
    internal static bool TryFormat(RecordType type, Octets data, TextBuilder text) => type switch
    {
        RecordType.LOC => LocationText.TryFormat(data.Span, text),
        RecordType.APL => PrefixListText.TryFormat(data.Span, text),
        RecordType.IPSECKEY => GatewayText.TryFormatIpsecKey(data, text),
        RecordType.AMTRELAY => GatewayText.TryFormatRelay(data, text),
        RecordType.HIP => TryFormatHip(data, text),
        RecordType.WKS => ServiceListText.TryFormat(data.Span, text),
        RecordType.NSAP => TryFormatNsap(data.Span, text),
        _ => false,
    };

    /// <summary>RFC 8005 §6: algorithm, tag, key, and names of servers that lead on.</summary>
    private static bool TryParseHip(ref RdataText text)
    {
        text.Expected = "the key's algorithm";
        if (!text.TryWord(out var word)) return false;
        if (!byte.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var algorithm)) return text.Fail($"'{RdataText.Shorten(word)}' is not a number from 0 to 255");
        text.Expected = "the host identity tag";
        if (!text.TryWord(out var tag)) return false;
        if (tag.Length > 2 * byte.MaxValue) return text.Fail("the host identity tag has more than 255 octets");
        text.Writer.Write8((byte)(tag.Length / 2));
        text.Writer.Write8(algorithm);
        text.Writer.Write16(0);
        if (tag.Length % 2 != 0 || Convert.FromHexString(tag, text.Writer.Reserve(tag.Length / 2), out _, out var written) != System.Buffers.OperationStatus.Done) return text.Fail("the host identity tag is not an even number of hexadecimal digits");
        text.Writer.Advance(written);
        text.Expected = "the public key";
        var start = text.Writer.Length;
        if (!text.TryWord(out var key) || !text.TryBase64(key)) return false;
        var length = text.Writer.Length - start;
        if (length > ushort.MaxValue) return text.Fail("the public key has more than 65535 octets");
        text.Writer.Patch(2, (byte)(length >> 8));
        text.Writer.Patch(3, (byte)(length & 0xFF));
        text.Expected = "the rendezvous server";
        while (text.HasMore)
            if (!text.TryName()) return false;
        return true;
    }

    private static bool TryFormatHip(Octets data, TextBuilder text)
    {
        var octets = data.Span;
        if (octets.Length < 4) return false;
        var (tag, key) = (octets[0], BinaryPrimitives.ReadUInt16BigEndian(octets[2..]));
        if (tag == 0 || key == 0 || octets.Length < 4 + tag + key) return false;
        text.AddNumber(octets[1]);
        text.Add(' ');
        text.AddHex(octets.Slice(4, tag));
        text.Add(' ');
        text.AddBase64(octets.Slice(4 + tag, key));
        for (var at = 4 + tag + key; at < octets.Length;)
        {
            if (!Names.DomainName.TryFromWire(data, at, out var server)) return false;
            text.Add(' ');
            text.AddName(server);
            at += server.Length;
        }

        return true;
    }

    /// <summary>RFC 1706 §5: 0x, then hexadecimal digits with dots anywhere between.</summary>
    private static bool TryParseNsap(ref RdataText text)
    {
        text.Expected = "the address";
        if (!text.TryWord(out var word)) return false;
        if (!word.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) return text.Fail("an NSAP address begins with 0x");
        var digits = new List<char>(word.Length);
        foreach (var character in word[2..])
            if (character != '.') digits.Add(character);
        if (!Octets.TryParseHex(digits.ToArray(), out var octets) || octets.IsEmpty) return text.Fail("an NSAP address is an even number of hexadecimal digits behind 0x");
        text.Writer.Write(octets.Span);
        return true;
    }

    private static bool TryFormatNsap(ReadOnlySpan<byte> octets, TextBuilder text)
    {
        if (octets.IsEmpty) return false;
        text.Add("0x");
        text.AddHex(octets);
        return true;
    }

    /// <summary>RFC 2874 §3.1.1: the address with the bits of the prefix zero; absent when the prefix is all of it.</summary>
    internal static bool TryA6Suffix(ref RdataText text)
    {
        var prefix = text.Writer.Written[0];
        if (prefix > 128) return text.Fail("the prefix has more than 128 bits");
        if (prefix == 128) return true;
        if (!text.TryWord(out var word)) return false;
        Span<byte> address = stackalloc byte[AddressText.Length6];
        if (!AddressText.TryParse6(word, address)) return text.Fail($"'{RdataText.Shorten(word)}' is not an IPv6 address");
        var suffix = address[(prefix / 8)..];
        suffix[0] &= (byte)(0xFF >> (prefix % 8));
        text.Writer.Write(suffix);
        return true;
    }

    internal static void FormatA6Suffix(byte prefix, ReadOnlySpan<byte> suffix, TextBuilder text)
    {
        if (prefix == 128) return;
        Span<byte> address = stackalloc byte[AddressText.Length6];
        address.Clear();
        suffix.CopyTo(address[(AddressText.Length6 - suffix.Length)..]);
        AddressText.Format6(address, text);
    }
}
