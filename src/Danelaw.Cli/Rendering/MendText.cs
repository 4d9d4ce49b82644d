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
        if (mend.Length == 0) return;
        var lines = mend.Split('\n');
        if (lines[0].Length > 0) page.Paragraph(indent, indent + Arrow, new Ink("-> ", Tone.Strong), lines[0]);
        foreach (var line in lines.AsSpan(1))
        {
            if (line.Contains(" IN TLSA ", StringComparison.Ordinal) || line.StartsWith("danelaw ", StringComparison.Ordinal)) page.Line(indent + Arrow, line);
            else page.Paragraph(indent + Arrow, indent + Arrow, line);
        }
    }
}
