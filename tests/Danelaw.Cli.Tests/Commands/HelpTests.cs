using Danelaw.Cli.Commands;
using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Commands;

public sealed class HelpTests
{
    /// <summary>The schema of what each verb tells with <c>--json</c>.</summary>
    private static readonly Dictionary<string, string> Schemas = new()
    {
        ["check"] = "check", ["doctor"] = "doctor", ["setup"] = "setup", ["publish"] = "publish", ["dnssec"] = "dnssec", ["lookup"] = "lookup", ["anchors"] = "anchors", ["verify"] = "verify", ["tlsa create"] = "tlsa", ["explain"] = "explain", ["lab up"] = "lab", ["demo"] = "demo",
        ["zone sign"] = "zone-sign", ["zone check"] = "zone-check", ["zone key make"] = "zone-key", ["zone key show"] = "zone-key", ["zone key import"] = "zone-key",
        ["rollover run"] = "rollover", ["rollover status"] = "rollover", ["rollover watch"] = "rollover", ["rollover standby make"] = "rollover", ["rollover emergency"] = "rollover", ["rollover forget"] = "rollover",
    };

    /// <summary>What <c>zone key export</c> tells is a secret, in no JSON.</summary>
    public static TheoryData<string> VerbsWithJson() => [.. new VerbTree().All.Select(verb => verb.Name).Where(name => name != "zone key export")];

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
