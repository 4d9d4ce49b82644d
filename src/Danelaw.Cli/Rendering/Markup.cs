using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Danelaw.Cli.Rendering;

/// <summary>Markup (HTML, XML) as it is put together. What stands in the code as it is written is markup; whatever is filled into it is text and cannot become any.</summary>
internal sealed class Markup
{
    private readonly StringBuilder _text = new(4096);

    /// <summary>Adds markup, with text filled into it.</summary>
#pragma warning disable CA1822, IDE0060 // It takes the instance with it, into which it has been written by then.
    public void Add([InterpolatedStringHandlerArgument("")] ref Filled filled)
#pragma warning restore CA1822, IDE0060
    {
    }

    /// <summary>Adds what is markup already.</summary>
    public void AddMarkup(string markup) => _text.Append(markup);

    public override string ToString() => _text.ToString();

    /// <summary>The five characters that mean something in markup, as entities.</summary>
    public static string Entities(string text)
    {
        if (text.AsSpan().IndexOfAny("&<>\"'") < 0) return text;
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            _ = character switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }

    /// <summary>What the compiler makes of an interpolated string: its literals are markup, its values text.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Filled
    {
        private readonly StringBuilder _text;

#pragma warning disable IDE0060 // The compiler gives the lengths to every handler.
        public Filled(int literalLength, int formattedCount, Markup markup) => _text = markup._text;
#pragma warning restore IDE0060

        public void AppendLiteral(string markup) => _text.Append(markup);

        /// <summary>Text, in which nothing that is not seen remains: XML 1.0 has no place for most controls, and none turns the direction of writing.</summary>
        public void AppendFormatted(string text) => _text.Append(Entities(Escape.Text(text)));

        public void AppendFormatted(int number) => _text.Append(number.ToString(CultureInfo.InvariantCulture));
    }
}
