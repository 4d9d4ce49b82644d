namespace Danelaw.Cli.Rendering;

/// <summary>The difference of two texts as <c>diff -u</c> writes it, what goes and what comes in colours of their own.</summary>
internal static class DifferenceText
{
    /// <summary>Writes it, a line each, never broken.</summary>
    /// <param name="page">The page.</param>
    /// <param name="indent">Blanks before each line.</param>
    /// <param name="lines">Its lines.</param>
    public static void Write(Page page, int indent, IEnumerable<string> lines)
    {
        foreach (var line in lines) page.Line(indent, new Ink(line.Replace("\t", "    ", StringComparison.Ordinal), line[0] == '+' ? Tone.Good : line[0] == '-' ? Tone.Bad : Tone.Faint));
    }
}
