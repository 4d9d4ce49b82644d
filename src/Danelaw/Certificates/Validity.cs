using System.Formats.Asn1;
using System.Globalization;
using System.Text;

namespace Danelaw.Certificates;

/// <summary>From when to when a certificate is valid, both ends included (RFC 5280 §4.1.2.5).</summary>
/// <param name="NotBefore">The first second.</param>
/// <param name="NotAfter">The last second.</param>
internal readonly record struct Validity(DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    /// <summary>Reads a Validity.</summary>
    /// <returns>False for dates in another form than RFC 5280 §4.1.2.5 allows.</returns>
    public static bool TryRead(ReadOnlySpan<byte> octets, out Validity validity)
    {
        validity = default;
        var outer = new DerReader(octets);
        if (!outer.TryReadSequence(out var dates) || !outer.IsAtEnd) return false;
        if (!TryReadDate(ref dates, out var notBefore) || !TryReadDate(ref dates, out var notAfter) || !dates.IsAtEnd) return false;
        validity = new(notBefore, notAfter);
        return true;
    }

    private static bool TryReadDate(ref DerReader reader, out DateTimeOffset date)
    {
        date = default;
        if (!reader.TryReadAny(out var tag, out _, out var content)) return false;
        Span<byte> digits = stackalloc byte[15];
        if (tag == Asn1Tag.UtcTime && content.Length == 13)
        {
            // RFC 5280 §4.1.2.5.1: years from 50 are of the twentieth century.
            (content[0] >= (byte)'5' ? "19"u8 : "20"u8).CopyTo(digits);
            content.CopyTo(digits[2..]);
        }
        else if (tag == Asn1Tag.GeneralizedTime && content.Length == 15)
        {
            content.CopyTo(digits);
        }
        else
        {
            return false;
        }

        Span<char> text = stackalloc char[15];
        return Encoding.ASCII.TryGetChars(digits, text, out _)
            && DateTimeOffset.TryParseExact(text, "yyyyMMddHHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out date);
    }
}
