using System.Collections.Immutable;
using System.IO.Enumeration;

namespace Danelaw.Operator.Audit.Files;

/// <summary>Paths with wildcards, as the shell and the servers' includes know them.</summary>
internal static class Globs
{
    private static readonly char[] Wild = ['*', '?', '['];

    /// <summary>Whether a path has wildcards.</summary>
    internal static bool IsPattern(string path) => path.AsSpan().IndexOfAny(Wild) >= 0;

    /// <summary>The paths that a pattern stands for, in ordinal order; the path itself where it has no wildcards.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="pattern">An absolute path.</param>
    internal static ImmutableArray<string> Expand(HostFiles files, string pattern)
    {
        if (!IsPattern(pattern)) return [pattern];
        List<string> paths = [""];
        foreach (var part in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!IsPattern(part))
            {
                for (var i = 0; i < paths.Count; i++) paths[i] += "/" + part;
                continue;
            }

            // As in the shell, a leading dot is matched by a dot only.
            paths = [.. paths.SelectMany(path => files.List(path.Length == 0 ? "/" : path, out _).Where(name => (name[0] != '.' || part[0] == '.') && Matches(part, name)).Select(name => path + "/" + name))];
        }

        return [.. paths];
    }

    private static bool Matches(string pattern, string name)
    {
        if (!pattern.Contains('[', StringComparison.Ordinal)) return FileSystemName.MatchesSimpleExpression(pattern.Replace(@"\", @"\\", StringComparison.Ordinal), name, ignoreCase: false);
        return MatchesFrom(pattern, 0, name, 0, 0);
    }

    private static bool MatchesFrom(string pattern, int at, string name, int from, int depth)
    {
        if (depth > 64) return false;
        while (at < pattern.Length)
        {
            if (pattern[at] == '*')
            {
                for (var rest = from; rest <= name.Length; rest++)
                {
                    if (MatchesFrom(pattern, at + 1, name, rest, depth + 1)) return true;
                }

                return false;
            }

            if (from >= name.Length) return false;
            if (pattern[at] == '[' && pattern.IndexOf(']', at + 2 < pattern.Length ? at + 2 : at) is var end and > 0)
            {
                if (!IsInSet(pattern.AsSpan(at + 1, end - at - 1), name[from])) return false;
                at = end;
            }
            else if (pattern[at] != '?' && pattern[at] != name[from])
            {
                return false;
            }

            at++;
            from++;
        }

        return from == name.Length;
    }

    private static bool IsInSet(ReadOnlySpan<char> set, char letter)
    {
        var isNegated = set is ['!' or '^', ..];
        if (isNegated) set = set[1..];
        for (var i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                if (letter >= set[i] && letter <= set[i + 2]) return !isNegated;
                i += 2;
            }
            else if (set[i] == letter)
            {
                return !isNegated;
            }
        }

        return isNegated;
    }
}
