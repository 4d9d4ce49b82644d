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

    /// <summary>Letters, marks and digits (RFC 5892 §2.1), after lower-casing.</summary>
    private static bool IsAllowed(Rune rune) => rune.Value == '-' || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.DecimalDigitNumber or
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

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
