using System.CommandLine;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Options;

namespace Danelaw.Cli.Rendering;

/// <summary>The help of the command, of a group of verbs, and of each verb.</summary>
internal static class HelpPage
{
    private const int Column = 28;

    public static Page Of(VerbTree tree, ParseResult parsed, PageStyle style)
    {
        var page = new Page(style);
        if (tree.VerbOf(parsed) is { } verb) WriteVerb(page, tree, verb);
        else if (VerbTree.WordsOf(parsed) is { Length: > 0 } words) WriteGroup(page, tree, words);
        else WriteAll(page, tree);
        return page;
    }

    private static void WriteAll(Page page, VerbTree tree)
    {
        page.Paragraph(0, 0, FirstSteps.About);
        page.Gap();
        page.Line(0, "usage: danelaw VERB [ARGUMENT ...] [OPTION ...]");
        page.Gap();
        page.Line(0, "begin with:");
        var column = 4 + FirstSteps.Calls.Max(step => step.Call.Length);
        foreach (var (call, meaning) in FirstSteps.Calls) page.Column(2, call, column, meaning);
        column = 4 + tree.All.Max(verb => verb.Name.Length);
        foreach (var group in tree.InOrder.GroupBy(verb => verb.Group))
        {
            page.Gap();
            page.Line(0, VerbGroups.HeadingOf(group.Key) + ":");
            foreach (var verb in group) page.Column(2, verb.Name, column, verb.Summary);
        }

        WriteEnd(page);
    }

    private static void WriteGroup(Page page, VerbTree tree, string words)
    {
        page.Line(0, $"usage: danelaw {words} VERB [ARGUMENT ...] [OPTION ...]");
        page.Gap();
        var verbs = tree.All.Where(verb => verb.Name.StartsWith(words + " ", StringComparison.Ordinal)).ToList();
        var column = 4 + verbs.Max(verb => verb.Name.Length);
        foreach (var verb in verbs) page.Column(2, verb.Name, column, verb.Summary);
        WriteEnd(page);
    }

    private static void WriteEnd(Page page)
    {
        page.Gap();
        page.Line(0, "danelaw VERB --help tells what a verb takes; danelaw --version the version.");
        page.Paragraph(0, 0, "Results go to standard output, errors and hints to standard error. Exit status 2 is misuse, 70 a fault of danelaw itself; the rest stands in each verb's help.");
    }

    private static void WriteVerb(Page page, VerbTree tree, Verb verb)
    {
        for (var i = 0; i < verb.Usage.Count; i++) page.Line(0, $"{(i == 0 ? "usage:" : "      ")} danelaw {verb.Name} {verb.Usage[i]}");
        page.Gap();
        page.Paragraph(0, 0, $"{char.ToUpperInvariant(verb.Summary[0])}{verb.Summary[1..]}.");
        foreach (var paragraph in verb.Description)
        {
            page.Gap();
            page.Paragraph(0, 0, paragraph);
        }

        foreach (var (heading, options) in tree.OptionsOf(verb)) WriteOptions(page, heading, options);
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
            var names = string.Join(", ", Flag.NamesOf(option));
            var label = option.HelpName is { } value ? $"{names} {value}" : names;
            if (label.Length > Column - 4)
            {
                page.Line(2, label);
                page.Paragraph(Column, Column, Flag.Meaning(option));
            }
            else
            {
                page.Column(2, label, Column, Flag.Meaning(option));
            }
        }
    }
}
