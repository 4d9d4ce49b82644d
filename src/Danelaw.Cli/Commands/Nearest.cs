namespace Danelaw.Cli.Commands;

/// <summary>Guesses what somebody meant.</summary>
internal static class Nearest
{
    /// <summary>The candidate that the fewest typing errors lead to; null when none is near.</summary>
    public static string? To(string word, IEnumerable<string> candidates) => Several(word, candidates, 1) is [var nearest] ? nearest : null;

    /// <summary>The nearest candidates, the best first.</summary>
    public static IReadOnlyList<string> Several(string word, IEnumerable<string> candidates, int count) =>
        [.. candidates
            .Select(candidate => (candidate, distance: Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(one => one.distance <= Math.Max(1, one.candidate.Length / 3))
            .OrderBy(one => one.distance)
            .ThenBy(one => one.candidate, StringComparer.Ordinal)
            .Select(one => one.candidate)
            .Take(count)];

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours between two words.</summary>
    private static int Distance(string left, string right)
    {
        if (left.Length > 64) return int.MaxValue;
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= right.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var change = left[i - 1] == right[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[left.Length, right.Length];
    }
}
