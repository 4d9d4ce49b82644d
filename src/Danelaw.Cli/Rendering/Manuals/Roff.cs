using System.Globalization;
using System.Text;

namespace Danelaw.Cli.Rendering.Manuals;

/// <summary>A manual page as it is put together, in the macros of man(7): ASCII, as groff and mandoc both take it without a word.</summary>
internal sealed class Roff
{
    /// <summary>Lines of the source are broken before this; how wide the page is shown is another matter.</summary>
    private const int Width = 76;

    private readonly StringBuilder _text = new();

    /// <summary>Whether a heading was written last: the first paragraph after it needs no mark of its own.</summary>
    private bool _isAfterHeading;

    /// <param name="name">The page's name, such as danelaw-check.</param>
    /// <param name="date">Its date.</param>
    /// <param name="version">What it is the manual of.</param>
    public Roff(string name, DateTimeOffset date, string version)
    {
        _text.Append(".\\\" Made by: danelaw manual\n");
        _text.Append(CultureInfo.InvariantCulture, $".TH {Escaped(name.ToUpperInvariant())} 1 {date.UtcDateTime:yyyy-MM-dd} \"{Escaped(version)}\" \"Danelaw\"\n");
        // Option names and file names are neither hyphenated nor stretched.
        _text.Append(".nh\n.ad l\n");
    }

    public void Section(string heading) => Heading("SH", heading.ToUpperInvariant());

    public void Part(string heading) => Heading("SS", heading);

    public void Paragraph(string text)
    {
        if (!_isAfterHeading) _text.Append(".PP\n");
        Fill(Escaped(text));
    }

    /// <summary>Lines of bold text and what follows it, each on a line of its own.</summary>
    public void Lines(IEnumerable<(string Bold, string Plain)> lines)
    {
        var isFirst = true;
        foreach (var (bold, plain) in lines)
        {
            if (!isFirst) _text.Append(".br\n");
            isFirst = false;
            Fill($"{Bold(bold)} {Escaped(plain)}");
        }
    }

    /// <summary>A label, and what is said of it.</summary>
    /// <param name="bold">The parts of the label that are typed as they stand, with commas between.</param>
    /// <param name="italic">What stands for a value behind them; empty for none.</param>
    /// <param name="text">What is said.</param>
    public void Item(IEnumerable<string> bold, string italic, string text)
    {
        _text.Append(".TP\n").AppendJoin(", ", bold.Select(Bold));
        if (italic.Length > 0) _text.Append(" \\fI").Append(Escaped(italic)).Append("\\fR");
        _text.Append('\n');
        Fill(Escaped(text));
    }

    /// <summary>Lines to copy.</summary>
    public void Example(IEnumerable<string> lines)
    {
        if (!_isAfterHeading) _text.Append(".PP\n");
        _text.Append(".EX\n");
        foreach (var line in lines) _text.Append(Guarded(Escaped(line))).Append('\n');
        _text.Append(".EE\n");
        _isAfterHeading = false;
    }

    /// <summary>Names of other pages of section 1.</summary>
    public void Pages(IReadOnlyList<string> names)
    {
        for (var i = 0; i < names.Count; i++) _text.Append(CultureInfo.InvariantCulture, $".BR {Escaped(names[i])} (1){(i < names.Count - 1 ? "," : "")}\n");
        _isAfterHeading = false;
    }

    public byte[] ToAscii() => Encoding.ASCII.GetBytes(_text.ToString());

    private void Heading(string macro, string heading)
    {
        _text.Append(CultureInfo.InvariantCulture, $".{macro} {Escaped(heading)}\n");
        _isAfterHeading = true;
    }

    private void Fill(string escaped)
    {
        var column = 0;
        foreach (var word in escaped.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > 0 && column + 1 + word.Length > Width)
            {
                _text.Append('\n');
                column = 0;
            }

            if (column > 0) _text.Append(' ');
            _text.Append(column > 0 ? word : Guarded(word));
            column += word.Length + 1;
        }

        _text.Append('\n');
        _isAfterHeading = false;
    }

    private static string Bold(string text) => $"\\fB{Escaped(text)}\\fR";

    /// <summary>A dot at the beginning of a line would be a macro.</summary>
    private static string Guarded(string line) => line.StartsWith('.') ? "\\&" + line : line;

    /// <summary>Every hyphen is one that can be copied into a shell.</summary>
    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            escaped.Append(rune.Value switch
            {
                '\\' => "\\(rs",
                '-' => "\\-",
                '\'' => "\\(aq",
                '"' => "\\(dq",
                '`' => "\\(ga",
                '^' => "\\(ha",
                '~' => "\\(ti",
                '…' => "...",
                '§' => "\\(sc",
                < ' ' => " ",
                < 127 => rune.ToString(),
                var other => string.Create(CultureInfo.InvariantCulture, $"\\[u{other:X4}]"),
            });
        }

        return escaped.ToString();
    }
}
