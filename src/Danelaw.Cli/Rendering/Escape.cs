using System.Globalization;
using System.Text;

namespace Danelaw.Cli.Rendering;

/// <summary>Makes text from the network harmless to a terminal: what would move the cursor, change colours, turn the direction of writing or not be seen at all is shown as <c>\u{1B}</c>, and the ends of lines and tabs as <c>\n</c>, <c>\r</c> and <c>\t</c>, as people write them.</summary>
internal static class Escape
{
    /// <summary>The text on one line, with every character visible.</summary>
    public static string Text(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (IsHidden(rune)) return Rewrite(text);
        return text;
    }

    private static string Rewrite(string text)
    {
        var builder = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsHidden(rune)) builder.Append(rune.ToString());
            else if (rune.Value is '\n' or '\r' or '\t') builder.Append('\\').Append(rune.Value switch { '\n' => 'n', '\r' => 'r', _ => 't' });
            else builder.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
        }

        return builder.ToString();
    }

    /// <summary>Controls (ESC, newlines, C1), formats (bidirectional overrides, zero width), separators, and what has no agreed shape. A lone surrogate was read as U+FFFD already.</summary>
    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or
        UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
