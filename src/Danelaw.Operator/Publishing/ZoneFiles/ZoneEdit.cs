using System.Globalization;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Operator.Rollover;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Publishing.ZoneFiles;

/// <summary>Edits the texts of a zone: the owner's TLSA records are replaced where they stand, and the serial is raised. Every other character stays.</summary>
internal static class ZoneEdit
{
    /// <summary>The texts after the edit, only those that are changed; that with the serial first, so that whatever happens between two files the serial is never behind.</summary>
    /// <param name="image">The zone as it is.</param>
    /// <param name="after">The RRset that the owner is to have.</param>
    /// <param name="timeToLive">Its TTL in seconds.</param>
    /// <param name="now">The time, for serials that bear it.</param>
    internal static IReadOnlyList<ZoneText> Apply(ZoneImage image, TlsaSet after, uint timeToLive, DateTimeOffset now)
    {
        var edits = new List<(string File, int First, int Behind, string Text)>();
        var missing = after.Records.Where(record => !image.Records.Any(entry => Stays(entry, record, timeToLive))).ToList();
        ZoneEntry? last = null;
        foreach (var entry in image.Records)
        {
            if (IsKept(entry))
            {
                last = entry;
                continue;
            }

            // What is replaced leaves its place to what comes, with its owner, spaces and comment; a record of which only the TTL changes stays the same.
            if (missing.Count == 0)
            {
                edits.Add((entry.File, entry.First, entry.Behind, ""));
                HandOn(image, entry, IsKept, edits);
                continue;
            }

            var its = ZoneImage.Tlsa(entry.Record);
            var next = missing.Contains(its) ? its : missing[0];
            missing.Remove(next);
            edits.Add((entry.File, entry.First, entry.Behind, Replaced(Text(image, entry), next, timeToLive)));
            last = entry;
        }

        if (missing.Count > 0) edits.Add(Inserted(image, last ?? image.Neighbour, missing, timeToLive));
        edits.Add(Raised(image, serial => SerialStyle.Next(serial, now)));
        return [.. edits.GroupBy(edit => edit.File).OrderByDescending(group => group.Key == image.Soa.File).Select(group => Apply(image.Texts[group.Key], group))];

        bool IsKept(ZoneEntry entry) => after.Records.Any(record => Stays(entry, record, timeToLive));
    }

    /// <summary>The file with the serial as it was before an edit, but for a serial above that of the edit.</summary>
    /// <param name="image">The zone as it was.</param>
    /// <param name="now">The time of the edit.</param>
    internal static ZoneText WithSerialAbove(ZoneImage image, DateTimeOffset now) => Apply(image.Texts[image.Soa.File], [Raised(image, serial => SerialStyle.Next(SerialStyle.Next(serial, now), now))]);

    private static (string File, int First, int Behind, string Text) Raised(ZoneImage image, Func<uint, uint> raise)
    {
        var soa = Text(image, image.Soa);
        var (start, length) = new EntryText(soa).Data(2);
        SoaData.TryRead(image.Soa.Record.Data, out var data);
        return (image.Soa.File, image.Soa.First, image.Soa.Behind, soa[..start] + raise(data.Serial).ToString(CultureInfo.InvariantCulture) + soa[(start + length)..]);
    }

    /// <summary>Whether a record in the file is one of the new set already.</summary>
    private static bool Stays(ZoneEntry entry, TlsaRecord record, uint timeToLive) => ZoneImage.Tlsa(entry.Record).Equals(record) && entry.Record.TimeToLive == timeToLive;

    private static string Text(ZoneImage image, ZoneEntry entry) => string.Concat(image.Texts[entry.File].Lines[entry.First..entry.Behind]);

    private static ZoneText Apply(ZoneText text, IEnumerable<(string File, int First, int Behind, string Text)> edits)
    {
        var lines = new List<string>(text.Lines);
        var above = lines.Count;
        foreach (var (_, first, behind, replaced) in edits.OrderByDescending(edit => edit.First).ThenByDescending(edit => edit.Behind))
        {
            // Two edits of one entry: as when the SOA record takes its owner from a record that goes. The second is left out, and the draft is found wrong.
            if (behind > above) continue;
            above = first;
            lines.RemoveRange(first, behind - first);
            if (replaced.Length > 0) lines.Insert(first, replaced);
        }

        return text with { Lines = [.. lines] };
    }

    private static string Replaced(string entry, TlsaRecord record, uint timeToLive)
    {
        var words = new EntryText(entry);
        var (start, end) = words.AllData;
        string text;
        if (words.IsPlain)
        {
            text = entry[..start] + record + entry[end..];
        }
        else
        {
            // Over several lines: what stands before the data, the new data in one, and the comment behind the end.
            var rest = entry[end..];
            var closed = rest.IndexOf(')', StringComparison.Ordinal);
            text = entry[..words.Type.Start] + "TLSA " + record + (closed >= 0 && rest[..closed].All(char.IsWhiteSpace) ? rest[(closed + 1)..] : LineEndOf(entry));
        }

        return WithTimeToLive(text, timeToLive);
    }

    private static string LineEndOf(string entry) => entry.EndsWith("\r\n", StringComparison.Ordinal) ? "\r\n" : entry.EndsWith('\n') ? "\n" : "";

    /// <summary>Writes the TTL where one stands, or before the type: then it is the record's own, whatever $TTL says.</summary>
    private static string WithTimeToLive(string entry, uint timeToLive)
    {
        var words = new EntryText(entry);
        var seconds = timeToLive.ToString(CultureInfo.InvariantCulture);
        if (words.TimeToLive is { } said) return entry[..said.Start] + seconds + entry[(said.Start + said.Length)..];
        return entry[..words.Type.Start] + seconds + " " + entry[words.Type.Start..];
    }

    /// <summary>New lines behind an entry, or further down where the next one takes its owner from above.</summary>
    private static (string File, int First, int Behind, string Text) Inserted(ZoneImage image, ZoneEntry behind, List<TlsaRecord> records, uint timeToLive)
    {
        var text = image.Texts[behind.File];
        var at = behind.Behind;
        var isElsewhere = false;
        while (NextRecord(text, at) is { IsBlank: true } next) (at, isElsewhere) = (EndOf(text, next.First), isElsewhere || next.IsElsewhere);
        var owner = isElsewhere ? image.Owner.ToString() : Relative(image.Owner, behind.Origin);
        var lines = string.Concat(records.Select(record => string.Create(CultureInfo.InvariantCulture, $"{owner} {timeToLive} IN TLSA {record}{text.LineEnd}")));

        // A last line may have no end.
        return (behind.File, at, at, at > 0 && !text.Lines[at - 1].EndsWith('\n') && !text.Lines[at - 1].EndsWith('\r') ? text.LineEnd + lines : lines);
    }

    /// <summary>Whoever stands below an entry that is taken out, without an owner of its own, gets the owner that stood there.</summary>
    private static void HandOn(ZoneImage image, ZoneEntry removed, Func<ZoneEntry, bool> stays, List<(string File, int First, int Behind, string Text)> edits)
    {
        var text = image.Texts[removed.File];
        if (NextRecord(text, removed.Behind) is not { IsBlank: true } next) return;

        // One that goes as well hands the owner on itself.
        if (image.Records.Exists(entry => entry.File == removed.File && entry.First == next.First && !stays(entry))) return;
        var owner = new EntryText(Text(image, removed)).Owner;
        if (next.IsElsewhere) owner = image.Owner.ToString();
        else if (owner.Length == 0) owner = Relative(image.Owner, removed.Origin);
        var line = text.Lines[next.First];
        var blanks = line.Length - line.TrimStart(' ', '\t').Length;
        var kept = line[..blanks].All(character => character == ' ') && blanks > owner.Length ? line[owner.Length..] : " " + line[blanks..];
        edits.Add((removed.File, next.First, next.First + 1, owner + kept));
    }

    /// <summary>The next record of a file: the line in which it begins, whether its owner is the one before, and whether relative names mean something else there. Null at the end. A <c>$GENERATE</c> has owners of its own, and leaves the one before.</summary>
    private static (int First, bool IsBlank, bool IsElsewhere)? NextRecord(ZoneText text, int from)
    {
        var isElsewhere = false;
        for (var at = from; at < text.Lines.Length; at++)
        {
            var line = text.Lines[at].AsSpan().TrimStart();
            if (line.IsEmpty || line[0] == ';') continue;
            if (text.Lines[at][0] != '$') return (at, BeginsBlank(text.Lines[at]), isElsewhere);
            isElsewhere |= line.StartsWith("$ORIGIN", StringComparison.OrdinalIgnoreCase);
            at = EndOf(text, at) - 1;
        }

        return null;
    }

    private static bool BeginsBlank(string line) => line[0] is ' ' or '\t';

    /// <summary>The line behind an entry that begins here: parentheses hold lines together.</summary>
    private static int EndOf(ZoneText text, int first)
    {
        var depth = 0;
        var at = first;
        do
        {
            var isQuoted = false;
            for (var i = 0; i < text.Lines[at].Length; i++)
            {
                var character = text.Lines[at][i];
                if (character == '\\') i++;
                else if (character == '"') isQuoted = !isQuoted;
                else if (!isQuoted && character == ';') break;
                else if (!isQuoted && character == '(') depth++;
                else if (!isQuoted && character == ')') depth--;
            }

            at++;
        }
        while (depth > 0 && at < text.Lines.Length);
        return at;
    }

    private static string Relative(DomainName name, DomainName origin) => name.IsAtOrBelow(origin) ? FormFields.Relative(name, origin) : name.ToString();
}
