namespace Danelaw.Cli.Rendering;

/// <summary>What to do, as text: its lines are ours, and a record to be published or a command to be run stands whole on a line of its own, ready to be copied.</summary>
internal static class MendText
{
    private const int Arrow = 3;

    /// <summary>Writes a mend behind an arrow; nothing where there is none.</summary>
    /// <param name="page">The page.</param>
    /// <param name="indent">Blanks before the arrow.</param>
    /// <param name="mend">Its lines.</param>
    public static void Write(Page page, int indent, string mend)
    {
        var isFirst = true;
        foreach (var (line, isCode) in Lines(mend))
        {
            if (isFirst && line.Length > 0) page.Paragraph(indent, indent + Arrow, new Ink("-> ", Tone.Strong), line);
            else if (isCode) page.Line(indent + Arrow, line);
            else if (!isFirst) page.Paragraph(indent + Arrow, indent + Arrow, line);
            isFirst = false;
        }
    }

    private static bool IsCode(string line) =>
        line.Contains(" IN TLSA ", StringComparison.Ordinal) || line.Contains(" IN DS ", StringComparison.Ordinal) || line.StartsWith("danelaw ", StringComparison.Ordinal) || line.StartsWith("dig ", StringComparison.Ordinal);

    /// <summary>The lines of a mend, and which of them are there to be copied as they are; none where there is no mend.</summary>
    public static IEnumerable<(string Text, bool IsCode)> Lines(string mend)
    {
        if (mend.Length == 0) yield break;
        var isFirst = true;
        foreach (var line in mend.Split('\n'))
        {
            yield return (line, !isFirst && IsCode(line));
            isFirst = false;
        }
    }
}
