using System.Globalization;
using System.Text;

namespace Danelaw.Cli.Tests.Rendering;

/// <summary>
/// Reads Prometheus' text format 0.0.4 and takes nothing that its description does not allow: the lines of a metric in one group, HELP and TYPE first and once,
/// names and labels of the right letters, the three escapes, a value, no series twice, a line feed at the end.
/// </summary>
internal static class PrometheusReader
{
    /// <summary>The series by name and labels, as they are after the escapes are taken out.</summary>
    public static Dictionary<string, double> Read(string text)
    {
        var series = new Dictionary<string, double>(StringComparer.Ordinal);
        var (metric, hasHelp, hasType) = ("", false, false);
        var ended = new HashSet<string>(StringComparer.Ordinal);
        if (!text.EndsWith('\n')) throw new FormatException("no line feed at the end");
        foreach (var line in text[..^1].Split('\n'))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                var words = line.Split(' ', 4);
                if (words.Length < 4 || words[1] is not ("HELP" or "TYPE")) throw new FormatException(line);
                if (words[2] != metric)
                {
                    if (!ended.Add(metric) || ended.Contains(words[2])) throw new FormatException($"{words[2]} comes in two groups");
                    (metric, hasHelp, hasType) = (words[2], false, false);
                }

                if (words[1] == "HELP" ? hasHelp : hasType) throw new FormatException($"twice: {line}");
                if (words[1] == "TYPE" && words[3] is not ("gauge" or "counter" or "untyped")) throw new FormatException(line);
                (hasHelp, hasType) = (hasHelp || words[1] == "HELP", hasType || words[1] == "TYPE");
                continue;
            }

            var at = 0;
            var name = Name(line, ref at, allowsColon: true);
            if (name != metric || !hasHelp || !hasType) throw new FormatException($"{name} stands outside of its group");
            var key = new StringBuilder(name);
            if (line[at] == '{') Labels(line, ref at, key);
            if (line[at++] != ' ') throw new FormatException(line);
            if (!double.TryParse(line.AsSpan(at), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) throw new FormatException($"no value: {line}");
            if (!series.TryAdd(key.ToString(), value)) throw new FormatException($"twice: {key}");
        }

        return series;
    }

    private static void Labels(string line, ref int at, StringBuilder key)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        at++;
        while (true)
        {
            var label = Name(line, ref at, allowsColon: false);
            if (!names.Add(label)) throw new FormatException($"label {label} twice");
            if (line[at++] != '=' || line[at++] != '"') throw new FormatException(line);
            key.Append(' ').Append(label).Append('=');
            for (; line[at] != '"'; at++)
            {
                if (line[at] < ' ') throw new FormatException("a control in a value");
                if (line[at] != '\\')
                {
                    key.Append(line[at]);
                    continue;
                }

                key.Append(line[++at] switch { '\\' => '\\', '"' => '"', 'n' => '\n', _ => throw new FormatException($"no such escape: {line}") });
            }

            at++;
            if (line[at++] is not (',' or '}')) throw new FormatException(line);
            if (line[at - 1] == '}') return;
        }
    }

    private static string Name(string line, ref int at, bool allowsColon)
    {
        var start = at;
        while (at < line.Length && (char.IsAsciiLetter(line[at]) || line[at] == '_' || (allowsColon && line[at] == ':') || (at > start && char.IsAsciiDigit(line[at])))) at++;
        return at > start ? line[start..at] : throw new FormatException($"no name at {start}: {line}");
    }
}
