using System.Collections.Immutable;

namespace Danelaw.Operator.Audit.Files;

/// <summary>Paths with wildcards, as the shell and the servers' includes know them.</summary>
internal static class Globs
{
    private static readonly char[] Wild = ['*', '?', '['];

    /// <summary>Whether a path has wildcards.</summary>
    internal static bool IsPattern(string path) => path.AsSpan().IndexOfAny(Wild) >= 0;

    /// <summary>The most paths that a pattern stands for, on the way too: links make many of few.</summary>
    private const int MaximumPaths = 10_000;

    /// <summary>The paths that a pattern stands for, in ordinal order; the path itself where it has no wildcards.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="pattern">An absolute path.</param>
    /// <param name="isWhole">Whether they are all; of too many the rest is left out.</param>
    internal static ImmutableArray<string> Expand(HostFiles files, string pattern, out bool isWhole)
    {
        isWhole = true;
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
            var found = paths.SelectMany(path => files.List(path.Length == 0 ? "/" : path, out _).Where(name => (name[0] != '.' || part[0] == '.') && Matches(part, name)).Select(name => path + "/" + name)).Take(MaximumPaths + 1).ToList();
            isWhole &= found.Count <= MaximumPaths;
            paths = found.Count <= MaximumPaths ? found : found[..MaximumPaths];
        }

        return [.. paths];
    }

    /// <summary>Of several stars only the last has to be tried anew: what stands before it is matched as early as can be.</summary>
    private static bool Matches(string pattern, string name)
    {
        int at = 0, from = 0, star = -1, retry = 0;
        while (from < name.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, retry) = (at++, from);
            }
            else if (at < pattern.Length && MatchesOne(pattern, at, name[from], out var next))
            {
                (at, from) = (next, from + 1);
            }
            else if (star >= 0)
            {
                (at, from) = (star + 1, ++retry);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(at).TrimStart('*').IsEmpty;
    }

    private static bool MatchesOne(string pattern, int at, char letter, out int next)
    {
        next = at + 1;
        if (pattern[at] == '[' && pattern.IndexOf(']', at + 2 < pattern.Length ? at + 2 : at) is var end and > 0)
        {
            next = end + 1;
            return IsInSet(pattern.AsSpan(at + 1, end - at - 1), letter);
        }

        return pattern[at] == '?' || pattern[at] == letter;
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
