using System.CommandLine;
using Danelaw.Cli.Commands;

namespace Danelaw.Cli.Rendering;

/// <summary>The help of the command and of each verb.</summary>
internal static class HelpPage
{
    private const int Column = 28;

    public static Page Of(VerbTree tree, ParseResult parsed, PageStyle style)
    {
        var page = new Page(style);
        if (tree.VerbOf(parsed) is { } verb) WriteVerb(page, tree, verb);
        else WriteList(page, tree, VerbTree.WordsOf(parsed));
        return page;
    }

    private static void WriteList(Page page, VerbTree tree, string group)
    {
        if (group.Length == 0)
        {
            page.Paragraph(0, 0, "danelaw checks DANE for mail and other services, validates DNSSEC itself, and explains what it finds.");
            page.Gap();
        }

        page.Line(0, $"usage: danelaw {(group.Length == 0 ? "" : group + " ")}VERB [ARGUMENT ...] [OPTION ...]");
        page.Gap();
        var verbs = tree.All.Where(verb => group.Length == 0 || verb.Name.StartsWith(group + " ", StringComparison.Ordinal)).ToList();
        var column = 4 + verbs.Max(verb => verb.Name.Length);
        foreach (var verb in verbs) page.Column(2, verb.Name, column, verb.Summary);
        page.Gap();
        page.Line(0, "danelaw VERB --help tells what a verb takes; danelaw --version the version.");
        page.Paragraph(0, 0, "Results go to standard output, errors and hints to standard error. Exit status 2 is misuse, 70 a fault of danelaw itself; the rest stands in each verb's help.");
    }

    private static void WriteVerb(Page page, VerbTree tree, Verb verb)
    {
        for (var i = 0; i < verb.Usage.Count; i++) page.Line(0, $"{(i == 0 ? "usage:" : "      ")} danelaw {verb.Name} {verb.Usage[i]}");
        foreach (var paragraph in verb.Description)
        {
            page.Gap();
            page.Paragraph(0, 0, paragraph);
        }

        foreach (var (heading, options) in verb.OptionGroups) WriteOptions(page, heading, [.. options.Where(option => !verb.Unused.Contains(option))]);
        WriteOptions(page, "telling", [.. verb.OutputOptions.All, tree.Help, tree.Version]);
        page.Gap();
        page.Line(0, "exit status:");
        foreach (var (code, meaning) in verb.ExitCodes) page.Column(2, $"{code}", 5, meaning);
        page.Column(2, "2", 5, "misuse: a bad option, a file that cannot be read or parsed");
        if (verb.Examples.Count == 0) return;
        page.Gap();
        page.Line(0, "examples:");
        foreach (var example in verb.Examples) page.Line(2, example);
    }

    private static void WriteOptions(Page page, string heading, IReadOnlyList<Option> options)
    {
        page.Gap();
        page.Line(0, heading + ":");
        foreach (var option in options)
        {
            var names = string.Join(", ", option.Aliases.Where(alias => alias.Length == 2 && alias != "-?").Append(option.Name).Distinct());
            var label = option.HelpName is { } value ? $"{names} {value}" : names;
            var description = (option.Description ?? "") + (option.Arity.MaximumNumberOfValues > 1 ? " (repeatable)" : "");
            if (label.Length > Column - 4)
            {
                page.Line(2, label);
                page.Paragraph(Column, Column, description);
            }
            else
            {
                page.Column(2, label, Column, description);
            }
        }
    }
}
