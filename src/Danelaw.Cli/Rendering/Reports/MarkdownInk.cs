using System.Text;

namespace Danelaw.Cli.Rendering.Reports;

/// <summary>Text as Markdown (CommonMark, with GitHub's tables) shows it and does not obey it.</summary>
internal static class MarkdownInk
{
    /// <summary>Characters that mean something anywhere in a line, the bar of tables and GitHub's formulas among them.</summary>
    private const string Marks = "\\`*_[]<>|~&#$";

    /// <summary>Text on one line.</summary>
    public static string Text(string text)
    {
        var shown = Escape.Text(text);
        var escaped = new StringBuilder(shown.Length + 16);
        for (var i = 0; i < shown.Length; i++)
        {
            if (Marks.Contains(shown[i], StringComparison.Ordinal) || BeginsBlock(shown, i) || BeginsLink(shown, i)) escaped.Append('\\');
            escaped.Append(shown[i]);
            if (CallsSomebody(shown, i)) escaped.Append(Apart);
        }

        return escaped.ToString();
    }

    /// <summary>A name or a code, in letters of one width where that is safe: between backticks nothing can be escaped.</summary>
    public static string Code(string text)
    {
        var shown = Escape.Text(text);
        return shown.Length == 0 || shown.AsSpan().IndexOfAny("`|\\") >= 0 ? Text(text) : $"`{shown}`";
    }

    /// <summary>What makes a list or a heading of a line that begins with it.</summary>
    private static bool BeginsBlock(string text, int at)
    {
        if (text[at] is '-' or '+' or '=') return at == 0;
        return text[at] is '.' or ')' && at > 0 && text.AsSpan(0, at).IndexOfAnyExceptInRange('0', '9') < 0;
    }

    /// <summary>A blank without width: GitHub looks for names and numbers in what it has made of the Markdown, where a backslash is gone.</summary>
    private const string Apart = "&#8203;";

    /// <summary>What GitHub tells somebody of, or another ticket: <c>@name</c>, <c>#12</c>, <c>GH-12</c>. A mail address becomes a link by the same sign.</summary>
    private static bool CallsSomebody(string text, int at) => at + 1 < text.Length && text[at] switch
    {
        '@' => char.IsAsciiLetterOrDigit(text[at + 1]),
        '#' => char.IsAsciiDigit(text[at + 1]),
        '-' => char.IsAsciiDigit(text[at + 1]) && at >= 2 && text.AsSpan(at - 2, 2).Equals("gh", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    /// <summary>What GitHub makes a link of without being asked: <c>https://…</c> and <c>www.…</c>.</summary>
    private static bool BeginsLink(string text, int at) =>
        (text[at] == ':' && text.AsSpan(at).StartsWith("://", StringComparison.Ordinal))
        || (text[at] == '.' && at >= 3 && text.AsSpan(at - 3, 3).Equals("www", StringComparison.OrdinalIgnoreCase));
}
