using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Danelaw.Dns.Records.Text;

/// <summary>IP addresses as people and zone files write them: four decimal numbers, or IPv6 (RFC 4291 §2.2, RFC 5952); none of the shorthands of inet_aton.</summary>
internal static class AddressText
{
    internal const int Length4 = 4;
    internal const int Length6 = 16;

    internal static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (text.Contains('%')) return TryParseScoped(text, out address);
        Span<byte> octets = stackalloc byte[Length6];
        if (TryParse4(text, octets)) address = new(octets[..Length4]);
        else if (TryParse6(text, octets)) address = new(octets);
        return address is not null;
    }

    /// <summary>Reads four decimal numbers of 0 to 255 between dots, each of one to three digits.</summary>
    internal static bool TryParse4(ReadOnlySpan<char> text, Span<byte> octets)
    {
        var (part, value, digits) = (0, 0, 0);
        foreach (var character in text)
        {
            if (character == '.')
            {
                if (digits == 0 || part == Length4 - 1) return false;
                octets[part++] = (byte)value;
                (value, digits) = (0, 0);
                continue;
            }

            if (!char.IsAsciiDigit(character) || ++digits > 3) return false;
            value = (value * 10) + (character - '0');
            if (value > byte.MaxValue) return false;
        }

        if (digits == 0 || part != Length4 - 1) return false;
        octets[part] = (byte)value;
        return true;
    }

    /// <summary>Reads eight groups, of which one run may be left out, and of which the last two may be an IPv4 address.</summary>
    internal static bool TryParse6(ReadOnlySpan<char> text, Span<byte> octets)
    {
        var (filled, gap) = (0, -1);
        if (text.StartsWith("::"))
        {
            gap = 0;
            text = text[2..];
        }

        while (!text.IsEmpty)
        {
            var colon = text.IndexOf(':');
            var group = colon < 0 ? text : text[..colon];
            if (colon < 0 && group.Contains('.'))
            {
                if (filled > Length6 - Length4 || !TryParse4(group, octets[filled..])) return false;
                filled += Length4;
                break;
            }

            if (filled == Length6 || group.Length is 0 or > 4 || !ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)) return false;
            octets[filled++] = (byte)(value >> 8);
            octets[filled++] = (byte)(value & 0xFF);
            if (colon < 0) break;
            text = text[(colon + 1)..];
            if (text.StartsWith(':'))
            {
                if (gap >= 0) return false;
                gap = filled;
                text = text[1..];
            }
            else if (text.IsEmpty)
            {
                return false;
            }
        }

        if (gap < 0) return filled == Length6;
        if (filled == Length6) return false;
        var behind = filled - gap;
        octets[gap..filled].CopyTo(octets[(Length6 - behind)..Length6]);
        octets[gap..(Length6 - behind)].Clear();
        return true;
    }

    internal static void Format4(ReadOnlySpan<byte> octets, TextBuilder text)
    {
        for (var i = 0; i < Length4; i++)
        {
            if (i > 0) text.Add('.');
            text.AddNumber(octets[i]);
        }
    }

    /// <summary>Writes the form of RFC 5952 §4, §5: lower case, no leading zeros, the first of the longest runs of zero groups left out, IPv4-mapped addresses with dots.</summary>
    internal static void Format6(ReadOnlySpan<byte> octets, TextBuilder text)
    {
        var (start, length) = LongestRun(octets);
        var isMapped = start == 0 && length == 5 && octets[10] == 0xFF && octets[11] == 0xFF;
        for (var i = 0; i < 8; i++)
        {
            if (length > 1 && i == start)
            {
                text.Add("::");
                i += length - 1;
                continue;
            }

            if (i > 0 && (length == 0 || i != start + length)) text.Add(':');
            if (isMapped && i == 6)
            {
                Format4(octets[12..], text);
                return;
            }

            var group = (octets[2 * i] << 8) | octets[(2 * i) + 1];
            group.TryFormat(text.Reserve(4), out var written, "x", CultureInfo.InvariantCulture);
            text.Advance(written);
        }
    }

    private static (int Start, int Length) LongestRun(ReadOnlySpan<byte> octets)
    {
        var (start, length, run) = (-1, 0, 0);
        for (var i = 0; i < 8; i++)
        {
            run = octets[2 * i] == 0 && octets[(2 * i) + 1] == 0 ? run + 1 : 0;
            if (run > length) (start, length) = (i - run + 1, run);
        }

        return length > 1 ? (start, length) : (-1, 0);
    }

    /// <summary>An address of one link, with the number or name of its interface behind a percent sign (RFC 4007 §11).</summary>
    private static bool TryParseScoped(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        return text.Length <= 100 && TryParse6(text[..text.IndexOf('%')], stackalloc byte[Length6]) && IPAddress.TryParse(text, out address);
    }
}
