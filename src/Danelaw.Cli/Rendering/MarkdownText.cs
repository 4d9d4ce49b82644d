using System.Text;

namespace Danelaw.Cli.Rendering;

/// <summary>Shows our own pages as plain text: headings, paragraphs, lists, code and tables of the little Markdown that they use.</summary>
internal static class MarkdownText
{
    public static void Write(Page page, string markdown)
    {
        var isCode = false;
        foreach (var line in markdown.TrimEnd().Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal)) isCode = !isCode;
            else if (isCode) page.Line(4, line);
            else if (line.Length == 0) page.Gap();
            else if (line[0] == '#') page.Paragraph(0, 0, new Ink(Plain(line.TrimStart('#', ' ')), Tone.Strong));
            else if (line.StartsWith("- ", StringComparison.Ordinal)) page.Paragraph(0, 2, "- ", Plain(line[2..]));
            else page.Paragraph(0, 0, Plain(line));
        }
    }

    /// <summary>Without emphasis and code marks; a link is its text, and its address behind it.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '`') continue;
            if (text[i] == '*' && i + 1 < text.Length && text[i + 1] == '*')
            {
                i++;
                continue;
            }

            var middle = text[i] == '[' ? text.IndexOf("](", i, StringComparison.Ordinal) : -1;
            var end = middle < 0 ? -1 : text.IndexOf(')', middle);
            if (end < 0)
            {
                plain.Append(text[i]);
                continue;
            }

            plain.Append(text, i + 1, middle - i - 1).Append(" (").Append(text, middle + 2, end - middle - 2).Append(')');
            i = end;
        }

        return plain.ToString();
    }
}
