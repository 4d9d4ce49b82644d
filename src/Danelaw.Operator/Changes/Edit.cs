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
