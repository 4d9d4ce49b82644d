using System.Text.RegularExpressions;

namespace Danelaw.Interop.Tests.Help;

/// <summary>A command, or a line of a file, as a page of a finding has it.</summary>
/// <param name="Page">The page.</param>
/// <param name="Program">The program whose line it is, such as <c>Knot</c>; empty in a block.</param>
/// <param name="Text">The command, with what stands for a digest filled in.</param>
internal sealed partial record PageCommand(string Page, string Program, string Text)
{
    /// <summary>Every command of every page: the blocks line by line, and what stands between backticks in the lines of programs.</summary>
    public static IEnumerable<PageCommand> All()
    {
        foreach (var path in Directory.GetFiles(Path.Combine(Repository.Root, "docs", "findings"), "*.md").Order(StringComparer.Ordinal))
        {
            var page = Path.GetFileNameWithoutExtension(path);
            var isBlock = false;
            foreach (var line in File.ReadLines(path))
            {
                if (line.StartsWith("```", StringComparison.Ordinal)) isBlock = !isBlock;
                else if (isBlock && WithoutComment(line) is { Length: > 0 } command) yield return new(page, "", Fill(command));
                else if (!isBlock && OfProgram().Match(line) is { Success: true } program)
                    foreach (Match code in Code().Matches(line)) yield return new(page, program.Groups[1].Value, Fill(code.Groups[1].Value));
            }
        }
    }

    /// <summary>The program that it calls.</summary>
    public string Word => Text.TrimStart().Split(' ')[0];

    private static string WithoutComment(string line) => line.StartsWith('#') ? "" : Comment().Replace(line, "").TrimEnd();

    private static string Fill(string text) => text.Replace("3 1 1 …", "3 1 1 " + new string('a', 64), StringComparison.Ordinal).Replace("TLSA OLD", "TLSA 3 1 1 " + new string('a', 64), StringComparison.Ordinal)
        .Replace("OWNER", "_25._tcp.old.example.org", StringComparison.Ordinal);

    [GeneratedRegex("^- (BIND|Knot|PowerDNS|NSD|Postfix|Dovecot)\\b")]
    private static partial Regex OfProgram();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\s{2,}#.*$")]
    private static partial Regex Comment();
}
