using System.Collections.Immutable;
using System.Globalization;

namespace Danelaw.Operator.Changes;

/// <summary>The difference of two texts, in the form that <c>diff -u</c> writes and <c>patch</c> reads. It is for people: passwords in it are blotted out.</summary>
public static class UnifiedDiff
{
    private const int Context = 2, MaximumCells = 4_000_000;

    /// <summary>The lines of the difference; empty where there is none.</summary>
    /// <param name="path">The file's path, for the heading.</param>
    /// <param name="before">The text before.</param>
    /// <param name="after">The text after.</param>
    public static ImmutableArray<string> Of(string path, string before, string after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (before == after) return [];
        (before, after) = (Secrets.Blot(before), Secrets.Blot(after));
        var edits = Edits(Lines(before), Lines(after));
        var output = ImmutableArray.CreateBuilder<string>();
        output.Add("--- " + (before.Length == 0 ? "/dev/null" : path));
        output.Add("+++ " + path);
        int oldLine = 1, newLine = 1;
        for (var at = 0; at < edits.Count;)
        {
            var next = edits.FindIndex(at, edit => edit.Mark != ' ');
            if (next < 0) break;
            var begin = Math.Max(at, next - Context);
            oldLine += begin - at;
            newLine += begin - at;
            var end = next;
            for (var quiet = 0; end < edits.Count && quiet <= 2 * Context; end++) quiet = edits[end].Mark == ' ' ? quiet + 1 : 0;
            while (end > begin && edits[end - 1].Mark == ' ') end--;
            end = Math.Min(edits.Count, end + Context);
            var hunk = edits.GetRange(begin, end - begin);
            int oldCount = hunk.Count(edit => edit.Mark != '+'), newCount = hunk.Count(edit => edit.Mark != '-');
            output.Add(string.Create(CultureInfo.InvariantCulture, $"@@ -{(oldCount == 0 ? oldLine - 1 : oldLine)},{oldCount} +{(newCount == 0 ? newLine - 1 : newLine)},{newCount} @@"));
            foreach (var (mark, line) in hunk) output.Add(mark + line);
            oldLine += oldCount;
            newLine += newCount;
            at = end;
        }

        return output.ToImmutable();
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n');

    /// <summary>By the longest common subsequence of what differs; of very large texts all that differs is one block.</summary>
    private static List<(char Mark, string Line)> Edits(string[] before, string[] after)
    {
        var begin = 0;
        while (begin < before.Length && begin < after.Length && before[begin] == after[begin]) begin++;
        var end = 0;
        while (end < before.Length - begin && end < after.Length - begin && before[^(end + 1)] == after[^(end + 1)]) end++;
        var (left, right) = (before[begin..^end], after[begin..^end]);
        var edits = before[..begin].Select(line => (' ', line)).ToList();
        if ((long)left.Length * right.Length > MaximumCells)
        {
            edits.AddRange(left.Select(line => ('-', line)));
            edits.AddRange(right.Select(line => ('+', line)));
        }
        else
        {
            Compare(left, right, edits);
        }

        edits.AddRange(before[(before.Length - end)..].Select(line => (' ', line)));
        return edits;
    }

    private static void Compare(string[] left, string[] right, List<(char Mark, string Line)> edits)
    {
        var common = new int[left.Length + 1, right.Length + 1];
        for (var i = left.Length - 1; i >= 0; i--)
        {
            for (var j = right.Length - 1; j >= 0; j--) common[i, j] = left[i] == right[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }

        int x = 0, y = 0;
        while (x < left.Length || y < right.Length)
        {
            if (x < left.Length && y < right.Length && left[x] == right[y])
            {
                edits.Add((' ', left[x++]));
                y++;
            }
            else if (x < left.Length && (y == right.Length || common[x + 1, y] >= common[x, y + 1]))
            {
                edits.Add(('-', left[x++]));
            }
            else
            {
                edits.Add(('+', right[y++]));
            }
        }
    }
}
