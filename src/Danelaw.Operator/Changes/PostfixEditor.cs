using Danelaw.Operator.Audit.Postfix.Syntax;

namespace Danelaw.Operator.Changes;

/// <summary>Edits main.cf and master.cf as text: comments, order and spelling of everything else stay.</summary>
public static class PostfixEditor
{
    /// <summary>Sets a parameter of main.cf: the definition that counts is replaced where it stands, or one is added at the end.</summary>
    /// <param name="text">main.cf.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="value">Its value.</param>
    public static string SetParameter(string text, string name, string value)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = Lines(text);
        var line = value.Length == 0 ? $"{name} =" : $"{name} = {value}";
        if (MainText.Read(text, "main.cf").Definitions.LastOrDefault(definition => definition.Name == name) is { } definition)
        {
            if (definition.Value == value) return text;
            Replace(lines, definition, [line]);
        }
        else
        {
            lines.Add(line);
        }

        return Join(lines);
    }

    /// <summary>Takes every definition of a parameter out of main.cf.</summary>
    /// <param name="text">main.cf.</param>
    /// <param name="name">The parameter.</param>
    public static string RemoveParameter(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = Lines(text);
        foreach (var definition in MainText.Read(text, "main.cf").Definitions.Where(definition => definition.Name == name).Reverse()) Replace(lines, definition, []);
        return Join(lines);
    }

    /// <summary>Sets or takes out a setting of a service in master.cf.</summary>
    /// <param name="text">master.cf.</param>
    /// <param name="service">Its name and type, such as <c>smtp/inet</c>.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="value">Its value; null to take it out.</param>
    /// <returns>The text; unchanged where there is no such service.</returns>
    public static string SetServiceOption(string text, string service, string name, string? value)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(service);
        var slash = service.LastIndexOf('/');
        var found = MasterText.Read(text, "master.cf").Services.LastOrDefault(one => one.Name == service[..slash] && one.Type == service[(slash + 1)..]);
        if (found is null) return text;
        var lines = Lines(text);
        var setting = value is null ? null : value.AsSpan().IndexOfAny(' ', '\t') >= 0 ? $"-o {{ {name} = {value} }}" : $"-o {name}={value}";
        var isDone = false;
        var last = found.LastLine;
        for (var number = found.LastLine; number >= found.Place.Line; number--)
        {
            // Comments and empty lines may stand within a service.
            if (lines[number - 1].Trim() is "" or ['#', ..]) continue;
            while (TryFind(lines[number - 1], name, out var begin, out var end))
            {
                // The last one counts, so it is the one that is replaced; the others go.
                var replacement = isDone ? null : setting;
                isDone |= replacement is not null;
                var line = lines[number - 1][..begin] + (replacement ?? "") + lines[number - 1][end..];
                lines[number - 1] = line.TrimEnd();
                if (replacement is not null) break;
            }

            if (lines[number - 1].Trim().Length > 0) continue;
            lines.RemoveAt(number - 1);
            last--;
        }

        if (!isDone && setting is not null) lines.Insert(last, "  " + setting);
        return Join(lines);
    }

    /// <summary>Where <c>-o NAME=…</c> stands on a line.</summary>
    private static bool TryFind(string line, string name, out int begin, out int end)
    {
        end = 0;
        for (begin = line.IndexOf("-o", StringComparison.Ordinal); begin >= 0; begin = line.IndexOf("-o", begin + 2, StringComparison.Ordinal))
        {
            if (begin > 0 && line[begin - 1] is not (' ' or '\t')) continue;
            var at = begin + 2;
            while (at < line.Length && line[at] is ' ' or '\t') at++;
            if (at >= line.Length) continue;
            end = line[at] == '{' ? Words.Closing(line, at) + 1 : line.AsSpan(at).IndexOfAny(' ', '\t') is var blank and >= 0 ? at + blank : line.Length;
            if (end > 0 && Assignment.TryRead(Words.Inner(line[at..end]), out var found, out _, out _) && found == name) return true;
        }

        return false;
    }

    /// <summary>Replaces a definition; comments that stand between its lines stay.</summary>
    private static void Replace(List<string> lines, Definition definition, string[] replacement)
    {
        var kept = lines.Skip(definition.Place.Line).Take(definition.LastLine - definition.Place.Line).Where(line => line.TrimStart().StartsWith('#')).ToArray();
        lines.RemoveRange(definition.Place.Line - 1, definition.LastLine - definition.Place.Line + 1);
        lines.InsertRange(definition.Place.Line - 1, [.. replacement, .. kept]);
    }

    private static List<string> Lines(string text)
    {
        var lines = text.Split('\n').ToList();
        if (lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    private static string Join(List<string> lines) => lines.Count == 0 ? "" : string.Join('\n', lines) + "\n";
}
