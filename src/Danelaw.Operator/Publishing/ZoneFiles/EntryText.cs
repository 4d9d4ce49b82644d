using Danelaw.Dns.Records;

namespace Danelaw.Operator.Publishing.ZoneFiles;

/// <summary>The words of one entry of a zone file and where they stand, so that one can be replaced and the rest left as it is. The entry has been read by the reader of zones before, so it is well-formed.</summary>
/// <param name="text">The text of all its lines.</param>
internal sealed class EntryText(string text)
{
    private readonly List<(int Start, int Length)> _words = Scan(text);

    /// <summary>Whether its owner is the one before.</summary>
    internal bool BeginsBlank => text.Length > 0 && text[0] is ' ' or '\t';

    /// <summary>The owner as it is written; empty where it is the one before.</summary>
    internal string Owner => BeginsBlank || _words.Count == 0 ? "" : Word(0);

    /// <summary>The place of the TTL; null where none is written.</summary>
    internal (int Start, int Length)? TimeToLive
    {
        get
        {
            for (var i = FirstOfHead; i < TypeAt; i++)
                if (char.IsAsciiDigit(Word(i)[0])) return _words[i];
            return null;
        }
    }

    /// <summary>The place of the type.</summary>
    internal (int Start, int Length) Type => _words[TypeAt];

    /// <summary>The place of a word of the data, counted from 0.</summary>
    internal (int Start, int Length) Data(int word) => _words[TypeAt + 1 + word];

    /// <summary>The place of all of the data: from its first word to its last.</summary>
    internal (int Start, int End) AllData => (_words[TypeAt + 1].Start, _words[^1].Start + _words[^1].Length);

    /// <summary>Whether the entry is on one line, without parentheses.</summary>
    internal bool IsPlain => !text.TrimEnd('\r', '\n').Contains('\n', StringComparison.Ordinal) && !text[..AllData.End].Contains('(', StringComparison.Ordinal);

    private int FirstOfHead => BeginsBlank ? 0 : 1;

    /// <summary>TTL and class stand before it, in either order (RFC 1035 §5.1).</summary>
    private int TypeAt
    {
        get
        {
            var at = FirstOfHead;
            while (char.IsAsciiDigit(Word(at)[0]) || (RecordClasses.TryParse(Word(at), out _) && !RecordTypes.TryParse(Word(at), out _))) at++;
            return at;
        }
    }

    private string Word(int at) => text.Substring(_words[at].Start, _words[at].Length);

    private static List<(int Start, int Length)> Scan(string text)
    {
        var words = new List<(int Start, int Length)>();
        for (var at = 0; at < text.Length;)
        {
            if (text[at] is ' ' or '\t' or '\r' or '\n' or '(' or ')')
            {
                at++;
            }
            else if (text[at] == ';')
            {
                while (at < text.Length && text[at] is not ('\r' or '\n')) at++;
            }
            else
            {
                var start = at;
                var isQuoted = text[at] == '"';
                if (isQuoted) at++;
                while (at < text.Length && (isQuoted ? text[at] != '"' : text[at] is not (' ' or '\t' or '\r' or '\n' or '(' or ')' or ';'))) at += text[at] == '\\' ? 2 : 1;
                if (isQuoted) at++;
                at = Math.Min(at, text.Length);
                words.Add((start, at - start));
            }
        }

        return words;
    }
}
