using System.Text;

namespace Danelaw.Cli.Rendering;

/// <summary>How a page is written.</summary>
/// <param name="Color">Whether tones become colours.</param>
/// <param name="Width">Where lines are broken; null, as on a pipe, for never.</param>
internal sealed record PageStyle(bool Color, int? Width)
{
    public static PageStyle Pipe { get; } = new(false, null);
}

/// <summary>Text as it is put together: escapes, breaks and paints whatever is written on it, so that no writer of results can forget to.</summary>
internal sealed class Page(PageStyle style)
{
    private readonly StringBuilder _text = new();

    /// <summary>The tone that was painted last.</summary>
    private Tone _tone;

    public bool IsEmpty => _text.Length == 0;

    /// <summary>Where lines are broken; null for never.</summary>
    public int? Width => style.Width;

    /// <summary>An empty line.</summary>
    public void Gap() => _text.Append('\n');

    /// <summary>One line that is never broken.</summary>
    public void Line(int indent, params ReadOnlySpan<Ink> inks)
    {
        _text.Append(' ', indent);
        foreach (var ink in inks) Paint(Escape.Text(ink.Text), ink.Tone);
        while (_text.Length > 0 && _text[^1] == ' ') _text.Length--;
        _text.Append('\n');
    }

    /// <summary>A paragraph, broken at blanks where the page has a width.</summary>
    /// <param name="indent">Blanks before its first line.</param>
    /// <param name="hang">Blanks before the others.</param>
    /// <param name="inks">What it says.</param>
    public void Paragraph(int indent, int hang, params ReadOnlySpan<Ink> inks)
    {
        if (style.Width is null)
        {
            Line(indent, inks);
            return;
        }

        _text.Append(' ', indent);
        Fill(indent, hang, inks);
    }

    /// <summary>A label, and a paragraph that stands beside it from a column on.</summary>
    /// <param name="indent">Blanks before the label.</param>
    /// <param name="label">The label.</param>
    /// <param name="column">Where the paragraph begins and goes on.</param>
    /// <param name="inks">What it says.</param>
    public void Column(int indent, Ink label, int column, params ReadOnlySpan<Ink> inks) => Column(indent, label, column, column, inks);

    private void Column(int indent, Ink label, int column, int hang, ReadOnlySpan<Ink> inks)
    {
        _text.Append(' ', indent);
        Paint(Escape.Text(label.Text), label.Tone);
        _text.Append(' ', Math.Max(1, column - indent - label.Text.Length));
        if (style.Width is null) Line(0, inks);
        else Fill(hang, hang, inks);
    }

    /// <summary>A mark, a label and a paragraph, each from a column of its own on.</summary>
    public void Row(int indent, Ink mark, int labelColumn, string label, int column, params ReadOnlySpan<Ink> inks)
    {
        _text.Append(' ', indent);
        Paint(mark.Text, mark.Tone);
        _text.Append(' ', Math.Max(1, labelColumn - indent - mark.Text.Length));
        Column(0, label, column - labelColumn, column, inks);
    }

    private void Fill(int column, int hang, ReadOnlySpan<Ink> inks)
    {
        var width = style.Width ?? int.MaxValue;
        var isFirst = true;
        foreach (var word in Words(inks))
        {
            var length = word.Sum(part => part.Text.Length);
            if (!isFirst && column + 1 + length > width)
            {
                _text.Append('\n').Append(' ', hang);
                column = hang;
            }
            else if (!isFirst)
            {
                _text.Append(' ');
                column++;
            }

            foreach (var part in word) Paint(part.Text, part.Tone);
            column += length;
            isFirst = false;
        }

        _text.Append('\n');
    }

    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(_text.ToString());

    public override string ToString() => _text.ToString();

    /// <summary>The words between blanks; where two inks meet without one, the word is of both.</summary>
    private static List<List<Ink>> Words(ReadOnlySpan<Ink> inks)
    {
        var words = new List<List<Ink>>();
        List<Ink>? current = null;
        foreach (var ink in inks)
        {
            var pieces = Escape.Text(ink.Text).Split(' ');
            for (var i = 0; i < pieces.Length; i++)
            {
                if (i > 0) current = null;
                if (pieces[i].Length == 0) continue;
                if (current is null) words.Add(current = []);
                current.Add(ink with { Text = pieces[i] });
            }
        }

        return words;
    }

    private void Paint(string text, Tone tone)
    {
        var code = tone switch
        {
            Tone.Plain => "",
            Tone.Good => "\e[32m",
            Tone.Doubt => "\e[33m",
            Tone.Bad => "\e[31m",
            Tone.Strong => "\e[1m",
            Tone.Faint => "\e[2m",
        };
        if (!style.Color || code.Length == 0 || text.Length == 0)
        {
            _text.Append(text);
            return;
        }

        // Blanks that fill a column stay outside the colour; words of one tone that follow one another share it.
        var end = text.AsSpan().TrimEnd(' ').Length;
        if (tone == _tone && _text.ToString(Math.Max(0, _text.Length - 5), Math.Min(5, _text.Length)) == "\e[0m ") _text.Remove(_text.Length - 5, 4);
        else _text.Append(code);
        _text.Append(text, 0, end).Append("\e[0m").Append(' ', text.Length - end);
        _tone = tone;
    }
}
