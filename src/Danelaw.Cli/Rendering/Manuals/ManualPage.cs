using Danelaw.Cli.Commands;
using Danelaw.Cli.Options;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Rendering.Manuals;

/// <summary>The manual: a page for the command, and one for each verb; what its help says, at more leisure.</summary>
internal static class ManualPage
{
    private const string Command = "danelaw";

    /// <summary>The name of a verb's page: <c>danelaw-zone-key-make</c>.</summary>
    public static string NameOf(Verb verb) => $"{Command}-{verb.Name.Replace(' ', '-')}";

    /// <summary>Every page with its name.</summary>
    public static IEnumerable<(string Name, byte[] Text)> All(VerbTree tree, DateTimeOffset date) =>
        tree.All.Select(verb => (NameOf(verb), Of(tree, verb, date))).Prepend((Command, Of(tree, date)));

    /// <summary>The page of the command.</summary>
    public static byte[] Of(VerbTree tree, DateTimeOffset date)
    {
        var roff = Begin(Command, date, "checks and keeps DANE for mail and other services");
        roff.Section("synopsis");
        roff.Lines([("danelaw", "VERB [ARGUMENT ...] [OPTION ...]"), ("danelaw", "VERB --help"), ("danelaw", "--version")]);
        roff.Section("description");
        roff.Paragraph(FirstSteps.About);
        roff.Paragraph("Each verb has a manual page of its own. Results go to standard output, errors and hints to standard error; into a pipe nothing is coloured or wrapped.");
        roff.Section("first steps");
        foreach (var (call, meaning) in FirstSteps.Calls) roff.Item([call], "", meaning);
        roff.Section("verbs");
        foreach (var group in tree.InOrder.GroupBy(verb => verb.Group))
        {
            roff.Part(Capitalized(VerbGroups.HeadingOf(group.Key)));
            foreach (var verb in group) roff.Item([verb.Name], "", verb.Summary);
        }

        roff.Section("options of every verb");
        foreach (var option in tree.All[0].OutputOptions.All.Append(tree.Help).Append(tree.Version)) roff.Item(Flag.NamesOf(option), "", Flag.Meaning(option));
        roff.Section("exit status");
        WriteExitCodes(roff, [(ExitCode.Good, "verified, answered, matched, made, done"), (ExitCode.Bad, "failing, bogus, no match, refused"), (ExitCode.Undetermined, "it could not be determined, or something is waited for"), (ExitCode.Unprotected, "there is no DANE to check")]);
        roff.Paragraph("What they mean for a verb its own page says.");
        roff.Section("environment");
        roff.Item(["NO_COLOR"], "", "when it is set to anything, no colours");
        roff.Item(["SOURCE_DATE_EPOCH"], "", "the date of manual pages, in seconds since the epoch");
        roff.Section("files");
        roff.Item(["/etc/resolv.conf"], "", "the resolvers that are asked, unless --resolver or --iterate is given; their word is not taken");
        roff.Item(["/etc/danelaw/rollover.toml"], "", "the settings of danelaw rollover");
        roff.Item(["/var/lib/danelaw"], "", "what danelaw rollover and danelaw setup keep");
        roff.Section("standards");
        roff.Paragraph("RFC 4033 to 4035, 5155 and 9364 (DNSSEC); RFC 6698, 7671, 7672 and 7673 (DANE); RFC 5011, 7344 and 8078 (trust anchors, CDS).");
        SeeAlso(roff, tree.All.Select(NameOf));
        return roff.ToAscii();
    }

    /// <summary>The page of a verb.</summary>
    public static byte[] Of(VerbTree tree, Verb verb, DateTimeOffset date)
    {
        var roff = Begin(NameOf(verb), date, verb.Summary);
        roff.Section("synopsis");
        roff.Lines(verb.Usage.Select(usage => ($"danelaw {verb.Name}", usage)));
        roff.Section("description");
        foreach (var paragraph in verb.Description) roff.Paragraph(paragraph);
        roff.Section("options");
        foreach (var (heading, options) in tree.OptionsOf(verb))
        {
            roff.Part(Capitalized(heading));
            foreach (var option in options) roff.Item(Flag.NamesOf(option), option.HelpName ?? "", Flag.Meaning(option));
        }

        roff.Section("exit status");
        WriteExitCodes(roff, verb.ExitCodes);
        if (verb.Examples.Count > 0)
        {
            roff.Section("examples");
            roff.Example(verb.Examples);
        }

        var siblings = tree.All.Where(other => other != verb && other.Name.Split(' ')[0] == verb.Name.Split(' ')[0]);
        SeeAlso(roff, siblings.Select(NameOf).Append(Command));
        return roff.ToAscii();
    }

    private static Roff Begin(string name, DateTimeOffset date, string summary)
    {
        var roff = new Roff(name, date, $"{Command} {ProductVersion.Text}");
        roff.Section("name");
        roff.Paragraph($"{name} - {summary}");
        return roff;
    }

    private static void WriteExitCodes(Roff roff, IReadOnlyList<(int Code, string Meaning)> codes)
    {
        (int Code, string Meaning)[] common =
        [
            (ExitCode.Misuse, "misuse: a bad option, a file that cannot be read or parsed"),
            (ExitCode.Fault, "a fault of danelaw itself"),
            (ExitCode.HungUp, "its terminal went away (SIGHUP)"),
            (ExitCode.Interrupted, "interrupted from the keyboard"),
            (ExitCode.BrokenPipe, "nobody reads the results any more"),
            (ExitCode.Terminated, "ended by SIGTERM"),
        ];
        foreach (var (code, meaning) in codes.Concat(common.ExceptBy(codes.Select(own => own.Code), other => other.Code)).OrderBy(one => one.Code)) roff.Item([$"{code}"], "", meaning);
    }

    private static void SeeAlso(Roff roff, IEnumerable<string> pages)
    {
        roff.Section("see also");
        roff.Pages([.. pages.Order(StringComparer.Ordinal)]);
    }

    private static string Capitalized(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
