using System.Diagnostics;

namespace Danelaw.Operator.Changes;

/// <summary>Carries changes out on text, which is what both a preview and the applying of a plan do.</summary>
public static class Edit
{
    /// <summary>A file's text after a change; unchanged by one that is not of text.</summary>
    /// <param name="text">The text before.</param>
    /// <param name="change">The change.</param>
    public static string Apply(string text, Change change)
    {
        ArgumentNullException.ThrowIfNull(text);
        return change switch
        {
            Change.SetParameter set => PostfixEditor.SetParameter(text, set.Name, set.Value),
            Change.RemoveParameter remove => PostfixEditor.RemoveParameter(text, remove.Name),
            Change.SetServiceOption option => PostfixEditor.SetServiceOption(text, option.Service, option.Name, option.Value),
            Change.ReplaceLines lines => ReplaceLines(text, lines),
            Change.ReplaceWords words => ReplaceWords(text, words),
            Change.SetLine line => SetLine(text, line),
            Change.WriteFile file => file.Text,
            Change.SetMode or Change.WriteChain => text,
            _ => throw new UnreachableException("the cases of a change are closed"),
        };
    }

    private static string ReplaceWords(string text, Change.ReplaceWords change)
    {
        var lines = text.Split('\n');
        if (change.Line > lines.Length) return text;
        var at = lines[change.Line - 1].IndexOf(change.Before, StringComparison.Ordinal);
        if (at < 0) return text;
        lines[change.Line - 1] = lines[change.Line - 1][..at] + change.After + lines[change.Line - 1][(at + change.Before.Length)..];
        return string.Join('\n', lines);
    }

    /// <summary>Takes the change of a line back: where it stands no more, somebody else has taken it out already, and nothing is altered.</summary>
    /// <param name="text">The text as it stands.</param>
    /// <param name="before">The line before; null where it was added.</param>
    /// <param name="after">The line that came in its place.</param>
    internal static string TakeLineBack(string text, string? before, string after)
    {
        var lines = text.Split('\n').ToList();
        var at = lines.LastIndexOf(after);
        if (at < 0) return text;
        if (before is null) lines.RemoveAt(at);
        else lines[at] = before;
        return string.Join('\n', lines);
    }

    private static string SetLine(string text, Change.SetLine change)
    {
        if (change.Before is null) return (text.Length == 0 || text.EndsWith('\n') ? text : text + "\n") + change.After + "\n";
        var lines = text.Split('\n');
        if (lines.ElementAtOrDefault(change.Line - 1) != change.Before) return text;
        lines[change.Line - 1] = change.After;
        return string.Join('\n', lines);
    }

    private static string ReplaceLines(string text, Change.ReplaceLines change)
    {
        var lines = text.Split('\n').ToList();
        if (lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        var first = Math.Min(change.First - 1, lines.Count);
        var count = Math.Min(change.Count, lines.Count - first);
        lines.RemoveRange(first, count);
        lines.InsertRange(first, change.Lines);
        return lines.Count == 0 ? "" : string.Join('\n', lines) + "\n";
    }
}
