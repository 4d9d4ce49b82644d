using System.Buffers.Binary;
using System.Globalization;

namespace Danelaw.Dns.Records.Text;

/// <summary>APL (RFC 3123 §5): address prefixes as <c>[!]family:address/length</c>.</summary>
internal static class PrefixListText
{
    private const ushort Family4 = 1;
    private const ushort Family6 = 2;

    internal static bool TryParse(ref RdataText text)
    {
        text.Expected = "the prefix";
        Span<byte> address = stackalloc byte[AddressText.Length6];
        while (text.HasMore)
        {
            if (!text.TryWord(out var word)) return false;
            var isNegated = word.StartsWith('!');
            var rest = isNegated ? word[1..] : word;
            var (colon, slash) = (rest.IndexOf(':'), rest.LastIndexOf('/'));
            address.Clear();
            if (colon < 0 || slash < colon
                || !ushort.TryParse(rest[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var family)
                || !byte.TryParse(rest[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var prefix)
                || !TryAddress(family, rest[(colon + 1)..slash], address)
                || prefix > (family == Family4 ? 32 : 128))
                return text.Fail($"'{RdataText.Shorten(word)}' is not a prefix as in 1:192.0.2.0/24 or !2:2001:db8::/32");

            // RFC 3123 §4: zero octets at the end are left out.
            var length = address.LastIndexOfAnyExcept((byte)0) + 1;
            text.Writer.Write16(family);
            text.Writer.Write8(prefix);
            text.Writer.Write8((byte)((isNegated ? 0x80 : 0) | length));
            text.Writer.Write(address[..length]);
        }

        return true;
    }

    internal static bool TryFormat(ReadOnlySpan<byte> data, TextBuilder text)
    {
        Span<byte> address = stackalloc byte[AddressText.Length6];
        for (var isFirst = true; !data.IsEmpty; isFirst = false)
        {
            if (data.Length < 4) return false;
            var (family, prefix, length) = (BinaryPrimitives.ReadUInt16BigEndian(data), data[2], data[3] & 0x7F);
            if (family is not (Family4 or Family6) || length > (family == Family4 ? 4 : 16) || data.Length < 4 + length) return false;
            if (!isFirst) text.Add(' ');
            if ((data[3] & 0x80) != 0) text.Add('!');
            text.AddNumber(family);
            text.Add(':');
            address.Clear();
            data.Slice(4, length).CopyTo(address);
            if (family == Family4) AddressText.Format4(address, text);
            else AddressText.Format6(address, text);
            text.Add('/');
            text.AddNumber(prefix);
            data = data[(4 + length)..];
        }

        return true;
    }

    private static bool TryAddress(ushort family, ReadOnlySpan<char> text, Span<byte> address) => family switch
    {
        Family4 => AddressText.TryParse4(text, address),
        Family6 => AddressText.TryParse6(text, address),
        _ => false,
    };
}
