using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Commands;

/// <summary>Files of targets, one object a line, and what a bad line does.</summary>
public sealed class ManyTargetsTests : IDisposable
{
    private static readonly string[] Nowhere = ["--resolver", "127.0.0.1:1", "--timeout", "150ms", "--tries", "1", "--json"];

    private readonly string _folder = Directory.CreateTempSubdirectory("danelaw-cli").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_file_of_names_gives_one_object_a_line()
    {
        File.WriteAllText(Path.Combine(_folder, "names"), "# names\n\nexample.org\nexample.net\tMX   # why not\nb\\#c.example  TYPE52\n");
        var run = await CommandRun.OfAsync(["lookup", "@names", .. Nowhere], folder: _folder);
        Assert.Equal(3, run.Code);
        var lines = run.Output.TrimEnd('\n').Split('\n').Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("""{"schema":"danelaw.lookup/1","name":"b\\#c.example","type":"TLSA",""", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("""{"schema":"danelaw.lookup/1","name":"example.net","type":"MX",""", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("""{"schema":"danelaw.lookup/1","name":"example.org","type":"A",""", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blank_behind_a_backslash_is_part_of_the_name()
    {
        File.WriteAllText(Path.Combine(_folder, "names"), "b\\ c.example  TYPE52\n");
        var run = await CommandRun.OfAsync(["lookup", "@names", .. Nowhere], folder: _folder);
        Assert.Equal((3, ""), (run.Code, run.Error));
        Assert.StartsWith("""{"schema":"danelaw.lookup/1","name":"b\\ c.example","type":"TLSA",""", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_come_from_standard_input_too()
    {
        var run = await CommandRun.OfAsync(["lookup", "@-", .. Nowhere], input: "example.org A\nexample.org AAAA\n");
        Assert.Equal(3, run.Code);
        Assert.Equal(2, run.Output.Count(character => character == '\n'));
    }

    [Fact]
    public async Task A_bad_line_is_found_before_anything_is_done()
    {
        File.WriteAllText(Path.Combine(_folder, "names"), "example.org\nexample..net\n");
        var run = await CommandRun.OfAsync(["lookup", "@names", .. Nowhere], folder: _folder);
        Assert.Equal((2, "", "danelaw: error: names, line 2: 'example..net' has two dots together, or begins with one\n"), (run.Code, run.Output, run.Error));
    }

    [Theory]
    [InlineData("lookup")]
    [InlineData("check")]
    public async Task A_line_that_is_not_UTF_8_is_told_as_that(string verb)
    {
        File.WriteAllBytes(Path.Combine(_folder, "names"), System.Text.Encoding.Latin1.GetBytes("example.org\nb\u00FCcher.example\n"));
        var run = await CommandRun.OfAsync([verb, "@names", .. Nowhere], folder: _folder);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith("danelaw: error: names, line 2: what stands there is not UTF-8\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_targets_is_named_and_nothing_is_known_to_be_well()
    {
        File.WriteAllText(Path.Combine(_folder, "names"), "# nothing yet\n");
        var run = await CommandRun.OfAsync(["check", "@names", "--junit", "a.xml", .. Nowhere], folder: _folder);
        Assert.Equal((3, "", "danelaw: hint: there was no target in names: nothing was done\n"), (run.Code, run.Output, run.Error));
        Assert.Contains("<testsuites name=\"danelaw check\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">", File.ReadAllText(Path.Combine(_folder, "a.xml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_monitor_whose_list_is_empty_is_not_told_that_all_is_well()
    {
        File.WriteAllText(Path.Combine(_folder, "names"), "# nothing left\n");
        var run = await CommandRun.OfAsync(["check", "@names", "--nagios", "--resolver", "127.0.0.1:1"], folder: _folder);
        Assert.Equal((3, "DANELAW UNKNOWN - there was no target to check\n", ""), (run.Code, run.Output, run.Error));
    }

    [Fact]
    public async Task Several_domains_on_the_command_line_give_one_object_each()
    {
        var run = await CommandRun.OfAsync(["check", "a.example", "b.example", .. Nowhere]);
        Assert.Equal(3, run.Code);
        Assert.Equal(2, run.Output.TrimEnd('\n').Split('\n').Length);
        foreach (var line in run.Output.TrimEnd('\n').Split('\n')) await Rendering.SchemaTests.AssertValidAsync("check", line);
    }

    [Fact]
    public async Task When_the_reader_goes_away_the_command_stops_without_a_word()
    {
        var run = await CommandRun.WithBrokenPipeAsync(["check", "a.example", "b.example", .. Nowhere]);
        Assert.Equal((141, ""), (run.Code, run.Error));
    }
}
