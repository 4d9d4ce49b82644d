using System.Buffers;
using System.Globalization;
using Danelaw.Dns;
using Danelaw.Dns.Records;

namespace Danelaw.Tlsa;

public readonly partial record struct TlsaRecord
{
    /// <summary>Reads presentation form (RFC 6698 §2.2): usage, selector and matching type as decimals, then hexadecimal digits of either case, between which blanks may stand.</summary>
    /// <param name="text">The text, such as <c>3 1 1 8cb0fc6c…</c>.</param>
    /// <param name="record">The record, or the default on failure. A digest of the wrong length is no fault here but makes the record unusable.</param>
    /// <param name="fault">What is wrong and where, as a phrase without full stop; empty on success.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out TlsaRecord record, out string fault)
    {
        record = default;
        var rest = text;
        if (!TryReadField(ref rest, "usage", out var usage, out fault)
            || !TryReadField(ref rest, "selector", out var selector, out fault)
            || !TryReadField(ref rest, "matching type", out var matching, out fault)
            || !TryReadHex(rest, text.Length - rest.Length, out var data, out fault)) return false;
        record = new((TlsaUsage)usage, (TlsaSelector)selector, (TlsaMatching)matching, data);
        return true;
    }

    private static bool TryReadField(ref ReadOnlySpan<char> rest, string name, out byte value, out string fault)
    {
        rest = rest.TrimStart(Blanks);
        var end = rest.IndexOfAny(Blanks);
        var field = end < 0 ? rest : rest[..end];
        rest = rest[field.Length..];
        value = 0;
        fault = "";
        if (field.IsEmpty)
        {
            fault = $"the {name} is missing";
            return false;
        }

        if (byte.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out value)) return true;
        fault = $"the {name} is not a number from 0 to 255: {Shorten(field)}";
        return false;
    }

    private static bool TryReadHex(ReadOnlySpan<char> rest, int start, out Octets data, out string fault)
    {
        data = default;
        fault = "";
        var digits = ArrayPool<char>.Shared.Rent(Math.Max(rest.Length, 1));
        try
        {
            var count = 0;
            for (var i = 0; i < rest.Length; i++)
            {
                if (Blanks.Contains(rest[i])) continue;
                if (!char.IsAsciiHexDigit(rest[i]))
                {
                    fault = string.Create(CultureInfo.InvariantCulture, $"character {start + i + 1} is not a hexadecimal digit: {Shorten(rest.Slice(i, 1))}");
                    return false;
                }

                digits[count++] = rest[i];
            }

            if (count == 0) fault = "the certificate association data is missing";
            else if (count % 2 != 0) fault = string.Create(CultureInfo.InvariantCulture, $"the certificate association data has an odd number of hexadecimal digits ({count})");
            else if (count / 2 > MaximumDataLength) fault = string.Create(CultureInfo.InvariantCulture, $"the certificate association data has {count / 2} octets; a record has room for {MaximumDataLength}");
            return fault.Length == 0 && Octets.TryParseHex(digits.AsSpan(0, count), out data);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(digits);
        }
    }

    private static ReadOnlySpan<char> Blanks => " \t\r\n";

    private static string Shorten(ReadOnlySpan<char> text) => text.Length <= 20 ? text.ToString() : $"{text[..20]}…";
}
