using System.Text.RegularExpressions;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Commands;

public sealed class HelpTests
{
    /// <summary>The schema of what each verb tells with <c>--json</c>.</summary>
    private static readonly Dictionary<string, string> Schemas = new()
    {
        ["check"] = "check", ["doctor"] = "doctor", ["setup"] = "setup", ["publish"] = "publish", ["dnssec"] = "dnssec", ["lookup"] = "lookup", ["anchors"] = "anchors", ["verify"] = "verify", ["tlsa create"] = "tlsa", ["tlsa compare"] = "tlsa-compare", ["smimea create"] = "smimea", ["smimea verify"] = "mailbox-verify", ["openpgpkey create"] = "openpgpkey", ["openpgpkey verify"] = "mailbox-verify", ["explain"] = "explain", ["lab up"] = "lab", ["demo"] = "demo",
        ["zone sign"] = "zone-sign", ["zone check"] = "zone-check", ["zone key make"] = "zone-key", ["zone key show"] = "zone-key", ["zone key import"] = "zone-key",
        ["rollover run"] = "rollover", ["rollover status"] = "rollover", ["rollover watch"] = "rollover", ["rollover standby make"] = "rollover", ["rollover emergency"] = "rollover", ["rollover forget"] = "rollover",
    };

    /// <summary>What <c>zone key export</c> tells is a secret, and scripts and manual pages have one form: in no JSON.</summary>
    public static TheoryData<string> VerbsWithJson() => [.. new VerbTree().All.Select(verb => verb.Name).Except(["zone key export", "completion", "manual"])];

    public static TheoryData<string> Verbs() => [.. new VerbTree().All.Select(verb => verb.Name)];

    [Theory, MemberData(nameof(Verbs))]
    public async Task Each_verb_tells_its_options_and_exit_codes_within_80_columns(string name)
    {
        var run = await CommandRun.OfAsync([.. name.Split(' '), "--help"]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.StartsWith($"usage: danelaw {name}", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Output.Split('\n'), line => line.Length > 80);
        Assert.Contains("\nexit status:\n  0  ", run.Output, StringComparison.Ordinal);
        var verb = new VerbTree().All.Single(one => one.Name == name);
        foreach (var option in verb.ToCommand().Options.Except(verb.Unused)) Assert.Contains(option.Name, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_that_a_verb_has_no_use_for_are_taken_and_not_told()
    {
        Assert.DoesNotContain("--ca-file", (await CommandRun.OfAsync("lookup", "--help")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("--ca-file", (await CommandRun.OfAsync("anchors", "--help")).Output, StringComparison.Ordinal);
        Assert.Contains("--ca-file", (await CommandRun.OfAsync("check", "--help")).Output, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(VerbsWithJson))]
    public void Each_verb_has_a_schema_for_its_JSON(string name) =>
        Assert.True(File.Exists(Path.Combine(Repository.Root, "docs", "schema", $"danelaw.{Schemas[name]}.1.json")));

    [Theory, MemberData(nameof(Verbs))]
    public async Task Each_verb_takes_the_options_of_every_verb(string name)
    {
        var run = await CommandRun.OfAsync([.. name.Split(' '), "--json", "--no-color", "-q", "-v", "--version"]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.StartsWith("danelaw ", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    public async Task The_command_lists_its_verbs(string word)
    {
        var run = await CommandRun.OfAsync(word);
        Assert.Equal((0, ""), (run.Code, run.Error));
        foreach (var verb in new VerbTree().All) Assert.Contains($"\n  {verb.Name}  ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Output.Split('\n'), line => line.Length > 80);
    }

    [Theory, MemberData(nameof(Verbs))]
    public void Each_option_says_what_it_does(string name)
    {
        foreach (var option in Verb(name).ToCommand().Options)
        {
            var told = $"{option.Name} {option.HelpName}: {option.Description}";
            // Lower case but for abbreviations, no full stop; that it may be repeated is added by the help.
            Assert.True(option.Description is { Length: > 8 } text && !text.EndsWith('.') && !text.Contains("repeatable", StringComparison.Ordinal) && !text.Contains('\n', StringComparison.Ordinal) && !Regex.IsMatch(text, "^[A-Z][a-z]"), told);
            // A value has a name: in capitals what is not to be typed as it stands.
            Assert.True(option.Arity.MaximumNumberOfValues == 0 ? option.HelpName is null : option.HelpName is { } value && Regex.IsMatch(value, "^([A-Z0-9][A-Z0-9:.,\\[\\]]*|[a-z0-9]+(\\|[a-z0-9]+)+|[a-z]+|\"[A-Z ]+\")$"), told);
        }

        foreach (var argument in Verb(name).Arguments) Assert.Matches("^[A-Z]+$", argument.HelpName ?? argument.Name);
    }

    [Theory, MemberData(nameof(Verbs))]
    public void Each_verb_says_what_it_is_for_how_it_is_called_and_how_it_ends(string name)
    {
        var verb = Verb(name);
        Assert.Matches("^(?![A-Z][a-z])[^\n]{12,110}(?<!\\.)$", verb.Summary);
        Assert.NotEmpty(verb.Usage);
        Assert.All(verb.Description, paragraph => Assert.Matches("^[^a-z\n].*[.)]$", paragraph));
        Assert.Equal(0, verb.ExitCodes[0].Code);
        Assert.Contains(verb.Examples, example => example.Contains($"danelaw {name}", StringComparison.Ordinal));
    }

    public static TheoryData<string> Calls() => [.. new VerbTree().All.SelectMany(verb => verb.Examples).Concat(FirstSteps.Calls.Select(step => step.Call)).Where(example => example.StartsWith("danelaw ", StringComparison.Ordinal)).Distinct()];

    [Theory, MemberData(nameof(Calls))]
    public void What_examples_call_can_be_called(string example)
    {
        // As a shell has it: words between quotation marks are one, and what follows a pipe, a comment or a redirection is not ours.
        var words = Regex.Matches(example, "'([^']*)'|\"([^\"]*)\"|(\\S+)").Select(word => word.Groups[1].Success ? word.Groups[1].Value : word.Groups[2].Success ? word.Groups[2].Value : word.Value)
            .Skip(1).TakeWhile(word => word is not ("|" or "<" or ">" or "#"));
        var tree = new VerbTree();
        var parsed = tree.Parse([.. words]);
        if (!parsed.GetValue(tree.Help)) tree.Check(parsed, tree.VerbOf(parsed));
        Assert.NotNull(tree.VerbOf(parsed));
    }

    [Fact]
    public async Task Every_group_of_verbs_has_a_heading_and_a_help()
    {
        var help = (await CommandRun.OfAsync("--help")).Output;
        Assert.All(Enum.GetValues<VerbGroup>(), group => Assert.Contains($"\n{VerbGroups.HeadingOf(group)}:\n", help, StringComparison.Ordinal));
        Assert.StartsWith("usage: danelaw zone key VERB ", (await CommandRun.OfAsync("zone", "key", "--help")).Output, StringComparison.Ordinal);
    }

    private static Verb Verb(string name) => new VerbTree().All.Single(one => one.Name == name);

    [Fact]
    public async Task Help_of_a_verb_can_be_asked_for_by_the_word()
    {
        var run = await CommandRun.OfAsync("help", "tlsa", "create");
        Assert.StartsWith("usage: danelaw tlsa create ", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chekc --help", "there is no verb chekc")]
    [InlineData("help chekc", "there is no verb chekc")]
    [InlineData("tlsa crate --help", "danelaw tlsa has no verb crate")]
    public async Task A_verb_that_does_not_exist_has_no_help(string call, string fault)
    {
        var run = await CommandRun.OfAsync(call.Split(' '));
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith($"danelaw: error: {fault}\n", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--anchor-state")]
    public async Task What_does_not_exist_yet_is_not_offered(string option) =>
        Assert.Equal(2, (await CommandRun.OfAsync("lookup", "example.org", option)).Code);
}
