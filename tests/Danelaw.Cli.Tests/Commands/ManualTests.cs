using System.Text;
using System.Text.RegularExpressions;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering.Manuals;
using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Commands;

/// <summary>The manual pages; groff, man and mandoc read them in the interop tests.</summary>
public sealed class ManualTests
{
    private static readonly Dictionary<string, string> Epoch = new() { ["SOURCE_DATE_EPOCH"] = "1794783600" };

    public static TheoryData<string> Verbs() => [.. new VerbTree().All.Select(verb => verb.Name)];

    [Theory, MemberData(nameof(Verbs))]
    public async Task Each_verb_has_a_page_with_all_that_its_help_says(string name)
    {
        var run = await CommandRun.OfAsync(["manual", .. name.Split(' ')], variables: Epoch);
        Assert.Equal((0, ""), (run.Code, run.Error));
        var verb = new VerbTree().All.Single(one => one.Name == name);
        var page = Plain(run.Output);
        Assert.Contains($"\n.SH NAME\ndanelaw-{name.Replace(' ', '-')} - ", page, StringComparison.Ordinal);
        Assert.Contains(" 1 2026-11-15 ", run.Output, StringComparison.Ordinal);
        foreach (var option in verb.ToCommand().Options.Except(verb.Unused))
            Assert.Contains($"\n.TP\n{string.Join(", ", Flag.NamesOf(option))}{(option.HelpName is { } value ? " " + value : "")}\n", page, StringComparison.Ordinal);
        foreach (var (code, _) in verb.ExitCodes) Assert.Contains($"\n.TP\n{code}\n", page, StringComparison.Ordinal);
        Assert.All(verb.Examples, example => Assert.Contains($"\n{example}\n", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_page_of_the_command_names_every_verb()
    {
        var page = Plain((await CommandRun.OfAsync("manual")).Output);
        foreach (var verb in new VerbTree().All)
        {
            Assert.Contains($"\n.TP\n{verb.Name}\n", page, StringComparison.Ordinal);
            Assert.Matches($"\n\\.BR {ManualPage.NameOf(verb)} \\(1\\),?\n", page);
        }
    }

    [Fact]
    public async Task All_pages_are_written_into_a_folder_the_same_ones_twice()
    {
        var folder = Directory.CreateTempSubdirectory("danelaw-manual");
        try
        {
            foreach (var one in (string[])["a", "b"]) Assert.Equal((0, "", ""), (await CommandRun.OfAsync(["manual", "--write", one], folder: folder.FullName, variables: Epoch)) is var run ? (run.Code, run.Output, run.Error) : default);
            var names = Directory.GetFiles(Path.Combine(folder.FullName, "a")).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray();
            Assert.Equal(new VerbTree().All.Select(verb => ManualPage.NameOf(verb) + ".1").Append("danelaw.1").Order(StringComparer.Ordinal), names);
            foreach (var name in names) Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(folder.FullName, "a", name!), TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(Path.Combine(folder.FullName, "b", name!), TestContext.Current.CancellationToken));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    public async Task A_date_that_is_none_is_misuse(string epoch) =>
        Assert.Equal(2, (await CommandRun.OfAsync(["manual"], variables: new Dictionary<string, string> { ["SOURCE_DATE_EPOCH"] = epoch })).Code);

    [Fact]
    public void Text_is_never_taken_for_a_request()
    {
        var roff = new Roff("a-b", DateTimeOffset.UnixEpoch, "1");
        roff.Section("x");
        roff.Paragraph(".dot 'quote \\back -- ~^` § … é");
        roff.Example([".dot", "'quote"]);
        Assert.Equal(
            ".\\\" Made by: danelaw manual\n.TH A\\-B 1 1970-01-01 \"1\" \"Danelaw\"\n.nh\n.ad l\n.SH X\n\\&.dot \\(aqquote \\(rsback \\-\\- \\(ti\\(ha\\(ga \\(sc ... \\[u00E9]\n.PP\n.EX\n\\&.dot\n\\(aqquote\n.EE\n",
            Encoding.ASCII.GetString(roff.ToAscii()));
    }

    /// <summary>The source as it reads, without fonts and escapes.</summary>
    private static string Plain(string roff) => Regex.Replace(roff, @"\\f.", "").Replace("\\-", "-", StringComparison.Ordinal).Replace("\\(aq", "'", StringComparison.Ordinal).Replace("\\(dq", "\"", StringComparison.Ordinal).Replace("\\(ti", "~", StringComparison.Ordinal).Replace("\\(rs", "\\", StringComparison.Ordinal);
}
