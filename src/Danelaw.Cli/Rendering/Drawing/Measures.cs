using System.Globalization;
using System.Text;
using Danelaw.Cli.Rendering.Tracing;

namespace Danelaw.Cli.Rendering.Drawing;

/// <summary>The sizes of the picture, and text cut to them. The font is one of fixed width, so that the length of a text is known without measuring it.</summary>
internal static class Measures
{
    public const double Width = 1000;
    public const double Margin = 20;
    public const double FontSize = 13;
    public const double HeadSize = 15;

    /// <summary>One character, a little more than the widest of the fonts named has.</summary>
    public const double Advance = 7.9;
    public const double LineHeight = 17;
    public const double NodeWidth = 210;
    public const double NodePadding = 9;
    public const double NodeGap = 16;
    public const double RowGap = 46;
    public const double ZonePadding = 14;
    public const double ZoneHead = 34;
    public const double ZoneGap = 44;
    public const double LabelHeight = 19;

    /// <summary>Characters of a line in a node, its mark left aside.</summary>
    public const int NodeColumns = 24;

    /// <summary>Characters of a line across the picture.</summary>
    public const int PageColumns = 116;

    /// <summary>Foreign text as ASCII, so that it has a known width and direction; the sign of sections stays.</summary>
    public static string Plain(string text)
    {
        if (Ascii.IsValid(text) && !text.AsSpan().ContainsAnyInRange('\0', '\x1F') && !text.Contains('\x7F')) return text;
        var plain = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is >= ' ' and < '\x7F' or '§' or '…' or '→' or '✓' or '✗') plain.Append(rune.ToString());
            else plain.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
        }

        return plain.ToString();
    }

    /// <summary>Breaks text into lines; what does not fit into the last is cut.</summary>
    /// <param name="text">The text.</param>
    /// <param name="columns">The length of a line.</param>
    /// <param name="lines">How many there may be.</param>
    public static List<string> Wrap(string text, int columns, int lines)
    {
        var rest = Plain(text);
        var wrapped = new List<string>();
        while (rest.Length > columns && wrapped.Count < lines - 1)
        {
            // At a blank or behind a dot, unless that leaves half of the line empty.
            var at = rest.LastIndexOf(' ', columns);
            var isBlank = at > columns / 2;
            if (!isBlank) at = rest.LastIndexOf('.', columns - 1) + 1;
            if (!isBlank && at <= columns / 3) at = columns;
            wrapped.Add(rest[..at].TrimEnd());
            rest = rest[at..].TrimStart();
        }

        wrapped.Add(TraceWords.Cut(rest, columns));
        return wrapped;
    }

    /// <summary>The width of an arrow's label with its frame; 0 without one.</summary>
    public static double LabelWidth(string label) => label.Length == 0 ? 0 : TextWidth(label, 12) + 14;

    public static double TextWidth(string text, double size = FontSize) => text.Length * Advance * size / FontSize;
}
