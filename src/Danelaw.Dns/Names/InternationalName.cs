using System.Globalization;
using System.Text;

namespace Danelaw.Dns.Names;

/// <summary>U-labels to A-labels (RFC 5891 §4, RFC 3492), where people type names. Nothing behind the edge knows of it.</summary>
internal static class InternationalName
{
    private const int Base = 36;
    private const int MinimumThreshold = 1;
    private const int MaximumThreshold = 26;
    private const int Skew = 38;
    private const int Damp = 700;

    /// <summary>Rewrites each label that is not ASCII; false when one cannot be a U-label.</summary>
    internal static bool TryToAscii(string text, out string ascii, out NameFault fault)
    {
        ascii = text;
        fault = NameFault.None;
        if (Ascii.IsValid(text)) return true;
        var result = new StringBuilder(text.Length + 16);
        var first = true;
        // RFC 3490 §3.1: people type other full stops too.
        foreach (var label in text.Replace('\u3002', '.').Replace('\uFF0E', '.').Replace('\uFF61', '.').Split('.'))
        {
            if (!first) result.Append('.');
            first = false;
            if (Ascii.IsValid(label)) result.Append(label);
            else if (!TryEncodeLabel(label, result, out fault)) return false;
        }

        ascii = result.ToString();
        return true;
    }

    private static bool TryEncodeLabel(string label, StringBuilder result, out NameFault fault)
    {
        fault = NameFault.NotAscii;
        // A label longer than this cannot fit, and the work below grows with the square of its length.
        if (label.Length > DomainName.MaximumLabelLength || !IsWellFormed(label)) return false;
        var isComposed = Composition.TryCompose(label.ToLowerInvariant(), out var composed);
        var points = new List<int>();
        foreach (var rune in composed.EnumerateRunes())
        {
            if (!IsAllowed(rune)) return false;
            points.Add(rune.Value);
        }

        // RFC 5891 §4.2.3: no hyphen at an end nor in the third and fourth place, no combining mark first.
        if (points[0] == '-' || points[^1] == '-' || (points.Count > 3 && points[2] == '-' && points[3] == '-')) return false;
        if (Rune.GetUnicodeCategory(new Rune(points[0])) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark) return false;
        if (!isComposed)
        {
            fault = NameFault.NotComposed;
            return false;
        }

        fault = NameFault.None;
        result.Append("xn--");
        EncodePunycode(points, result);
        return true;
    }

    private static bool IsWellFormed(string label)
    {
        for (var i = 0; i < label.Length; i++)
        {
            if (!char.IsSurrogate(label[i])) continue;
            if (i + 1 >= label.Length || !char.IsSurrogatePair(label[i], label[i + 1])) return false;
            i++;
        }

        return true;
    }

    /// <summary>Letters, marks and digits (RFC 5892 §2.1), after lower-casing, but for those of <see cref="Unstable"/>.</summary>
    private static bool IsAllowed(Rune rune) => rune.Value == '-' || (!IsUnstable(rune.Value) && Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.DecimalDigitNumber or
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);

    /// <summary>
    /// Letters, marks and digits that Normalization Form KC turns into others, and no name may have (RFC 5892 §2.2): full-width letters, ligatures, small raised letters.
    /// Written down because a runtime without ICU knows no such form; what stands in a range and is no letter is not allowed anyway.
    /// </summary>
    private static readonly (int First, int Last)[] Unstable =
    [
        (0xAA, 0xBA), (0x133, 0x133), (0x140, 0x140), (0x149, 0x149), (0x17F, 0x17F), (0x1C6, 0x1CC), (0x1F3, 0x1F3), (0x2B0, 0x2B8), (0x2E0, 0x2E4), (0x37A, 0x37A), (0x3D0, 0x3D6),
        (0x3F0, 0x3F2), (0x3F5, 0x3F5), (0x587, 0x587), (0x675, 0x678), (0xE33, 0xE33), (0xEB3, 0xEB3), (0xEDC, 0xEDD), (0xF77, 0xF77), (0xF79, 0xF79), (0x10FC, 0x10FC),
        (0x1D2C, 0x1D2E), (0x1D30, 0x1D3A), (0x1D3C, 0x1D4D), (0x1D4F, 0x1D6A), (0x1D78, 0x1D78), (0x1D9B, 0x1DBF), (0x1E9A, 0x1E9B), (0x2071, 0x209C), (0x210A, 0x2149),
        (0x2C7C, 0x2C7D), (0x2D6F, 0x2D6F), (0x309F, 0x309F), (0x30FF, 0x30FF), (0x3131, 0x318E), (0xA69C, 0xA69D), (0xA770, 0xA770), (0xA7F2, 0xA7F4), (0xA7F8, 0xA7F9),
        (0xAB5C, 0xAB5F), (0xAB69, 0xAB69), (0xFB00, 0xFB17), (0xFB20, 0xFB28), (0xFB4F, 0xFDFB), (0xFE70, 0xFE72), (0xFE74, 0xFFDC), (0x10781, 0x107BA), (0x1D41A, 0x1D7FF),
        (0x1EE00, 0x1FBF9),
    ];

    private static bool IsUnstable(int point)
    {
        foreach (var (first, last) in Unstable)
            if (point >= first && point <= last) return true;
        return false;
    }

    private static void EncodePunycode(List<int> points, StringBuilder result)
    {
        int next = 128, delta = 0, bias = 72, handled = 0;
        foreach (var point in points)
        {
            if (point >= 128) continue;
            result.Append((char)point);
            handled++;
        }

        var basic = handled;
        if (basic > 0) result.Append('-');
        while (handled < points.Count)
        {
            var smallest = int.MaxValue;
            foreach (var point in points)
                if (point >= next && point < smallest) smallest = point;
            delta += (smallest - next) * (handled + 1);
            next = smallest;
            foreach (var point in points)
            {
                if (point < next) delta++;
                if (point != next) continue;
                EncodeInteger(delta, bias, result);
                bias = Adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled++;
            }

            delta++;
            next++;
        }
    }

    private static void EncodeInteger(int value, int bias, StringBuilder result)
    {
        for (var k = Base; ; k += Base)
        {
            var threshold = k <= bias ? MinimumThreshold : Math.Min(k - bias, MaximumThreshold);
            if (value < threshold)
            {
                result.Append(Digit(value));
                return;
            }

            result.Append(Digit(threshold + ((value - threshold) % (Base - threshold))));
            value = (value - threshold) / (Base - threshold);
        }
    }

    private static char Digit(int value) => (char)(value < 26 ? 'a' + value : '0' + value - 26);

    private static int Adapt(int delta, int points, bool isFirst)
    {
        delta = isFirst ? delta / Damp : delta / 2;
        delta += delta / points;
        var k = 0;
        for (; delta > (Base - MinimumThreshold) * MaximumThreshold / 2; k += Base) delta /= Base - MinimumThreshold;
        return k + ((Base - MinimumThreshold + 1) * delta / (delta + Skew));
    }
}
