using System.Text;

namespace Danelaw.Operator.Publishing.ZoneFiles;

/// <summary>One file of a zone as its lines stand in it, each with its line end; a character is an octet, so that what is not touched stays as it is.</summary>
/// <param name="Path">The file, links followed.</param>
/// <param name="Lines">Its lines.</param>
internal sealed record ZoneText(string Path, string[] Lines)
{
    /// <summary>How the file ends its lines.</summary>
    internal string LineEnd => Lines.FirstOrDefault() is { } first && first.EndsWith("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";

    internal byte[] ToOctets() => Encoding.Latin1.GetBytes(string.Concat(Lines));

    internal static ZoneText Of(string path, byte[] octets)
    {
        var text = Encoding.Latin1.GetString(octets);
        var lines = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            // The same line ends as the reader of zones has: LF, CR LF, and CR alone.
            var end = text.AsSpan(at).IndexOfAny('\r', '\n');
            end = end < 0 ? text.Length : at + end + 1;
            if (end < text.Length && text[end - 1] == '\r' && text[end] == '\n') end++;
            lines.Add(text[at..end]);
            at = end;
        }

        return new(path, [.. lines]);
    }
}
