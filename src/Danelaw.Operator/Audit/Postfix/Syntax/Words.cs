using System.Collections.Immutable;

namespace Danelaw.Operator.Audit.Postfix.Syntax;

/// <summary>Postfix's lists: words between blanks and commas, and groups in braces that may hold both.</summary>
internal static class Words
{
    internal const string ListSeparators = " \t\r\n\v\f,", Blanks = " \t\r\n\v\f";

    /// <summary>How many braces are looked for to the end of the text in vain: one that has more of them is no list of tables.</summary>
    private const int MaximumOpen = 100;

    /// <summary>Takes a text apart. A word that begins with a brace ends with its counterpart and keeps both.</summary>
    /// <param name="text">The text.</param>
    /// <param name="separators">What stands between words.</param>
    /// <param name="isClosed">False where a brace is left open; the last word is then the rest.</param>
    internal static ImmutableArray<string> Of(string text, string separators, out bool isClosed)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        isClosed = true;
        var open = 0;
        for (var at = 0; at < text.Length;)
        {
            if (separators.Contains(text[at], StringComparison.Ordinal))
            {
                at++;
                continue;
            }

            var begin = at;
            if (text[at] == '{')
            {
                at = Closing(text, at) + 1;
                if (at == 0)
                {
                    isClosed = false;
                    at = text.Length;
                }
            }

            // A table such as inline:{ … } has its braces behind a prefix.
            while (at < text.Length && !separators.Contains(text[at], StringComparison.Ordinal))
            {
                if (text[at] == '{' && at > begin && text[at - 1] == ':' && open < MaximumOpen)
                {
                    if (Closing(text, at) is var end and >= 0) at = end;
                    else open++;
                }

                at++;
            }

            words.Add(text[begin..at]);
        }

        return words.ToImmutable();
    }

    /// <summary>The words of a list.</summary>
    internal static ImmutableArray<string> OfList(string text) => Of(text, ListSeparators, out _);

    /// <summary>The brace that belongs to the one at a position; -1 where there is none.</summary>
    internal static int Closing(string text, int open)
    {
        var depth = 0;
        for (var at = open; at < text.Length; at++)
        {
            if (text[at] == '{') depth++;
            else if (text[at] == '}' && --depth == 0) return at;
        }

        return -1;
    }

    /// <summary>What stands between the braces around a word, without blanks at its ends; the word itself where it has none.</summary>
    internal static string Inner(string word) => word is ['{', .., '}'] ? word[1..^1].Trim() : word;
}
