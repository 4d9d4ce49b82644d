using System.Globalization;

namespace Danelaw.Dns.Zones;

/// <summary>What is wrong with a zone file, and where.</summary>
/// <param name="File">The file as it was named; empty for text without a file.</param>
/// <param name="Line">The line, from 1; 0 when the fault is not in the text (a file that cannot be read).</param>
/// <param name="Column">The column, from 1, counted in characters; 0 when the fault is not in the text.</param>
/// <param name="Text">One sentence.</param>
public sealed record ZoneFault(string File, int Line, int Column, string Text)
{
    /// <summary><c>file:line:column: text</c>.</summary>
    public override string ToString()
    {
        var place = Line == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{Line}:{Column}");
        return string.Join(':', new[] { File, place, $" {Text}" }.Where(part => part.Length > 0)).TrimStart();
    }
}
