using Danelaw.Dns.Records;
using Danelaw.Dns.Records.Text;

namespace Danelaw.Dns.Zones;

/// <summary>Writes records as lines of a zone file: absolute names with the closing dot, TTL in decimal seconds, class, type, and RDATA as <see cref="RecordText.Format"/> has it.</summary>
/// <param name="output">Takes the lines; it is neither flushed nor closed.</param>
public sealed class ZoneWriter(TextWriter output)
{
    private readonly TextBuilder _text = new();

    /// <summary>One record as a line, without the line end: <c>owner ttl class type rdata</c>.</summary>
    /// <param name="record">The record.</param>
    public static string ToLine(ResourceRecord record)
    {
        var text = new TextBuilder();
        Format(record, text);
        return text.ToString();
    }

    /// <summary>Writes one record and a line feed.</summary>
    /// <param name="record">The record.</param>
    public void Write(ResourceRecord record)
    {
        _text.Clear();
        Format(record, _text);
        _text.Add('\n');
        output.Write(_text.Written);
    }

    /// <summary>Writes a comment of one line.</summary>
    /// <param name="comment">The comment; line ends in it become blanks.</param>
    public void WriteComment(string comment)
    {
        ArgumentNullException.ThrowIfNull(comment);
        output.Write("; ");
        output.Write(comment.ReplaceLineEndings(" "));
        output.Write('\n');
    }

    private static void Format(ResourceRecord record, TextBuilder text)
    {
        text.AddName(record.Owner);
        text.Add(' ');
        text.AddNumber(record.TimeToLive);
        text.Add(' ');
        text.Add(RecordClasses.ToText(record.Class));
        text.Add(' ');
        text.Add(RecordTypes.ToText(record.Type));
        var end = text.Length;
        text.Add(' ');
        RdataFormatter.Format(record.Type, record.Data, text);
        // Data without any text (APL with no prefix) leaves no blank behind.
        if (text.Length == end + 1) text.CutAt(end);
    }
}
