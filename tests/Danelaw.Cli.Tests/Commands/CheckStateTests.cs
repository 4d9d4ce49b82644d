using System.Text.Json.Nodes;
using System.Xml.Linq;
using Danelaw.Cli.Tests.Rendering;
using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Commands;

/// <summary><c>check --state</c>: what is kept, what of it is used again, and when it is refused.</summary>
public sealed class CheckStateTests(LabWorld world) : IClassFixture<LabWorld>, IDisposable
{
    private static readonly string[] Targets = ["good.lab", "mismatch.lab", "null-mx.lab"];

    private readonly string _folder = Directory.CreateTempSubdirectory("danelaw-state").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(string name) => Path.Combine(_folder, name);

    private string State => At("run.state");

    private Task<CommandRun> RunAsync(params string[] more) => world.RunAsync(["check", .. Targets, "--state", State, "--ordered", "--concurrency", "1", .. more]);

    /// <summary>Marks what is kept, documents and text, so that it can be told from what is found out anew.</summary>
    private void Mark() => File.WriteAllText(State, File.ReadAllText(State).Replace("all-match", "limit-reached", StringComparison.Ordinal).Replace("every endpoint matches", "limit-reached", StringComparison.Ordinal));

    [Theory]
    [InlineData("--json")]
    [InlineData("-v")]
    [InlineData("--nagios")]
    public async Task The_same_call_tells_the_same_again_and_asks_nobody(string how)
    {
        var first = await RunAsync(how);
        var kept = File.ReadAllBytes(State);
        var second = await RunAsync(how);

        Assert.Equal((first.Code, first.Output), (second.Code, second.Output));
        Assert.Equal($"danelaw: hint: {State} has the results of 3 targets: nobody is asked for them again; remove the file to begin anew\n", second.Error);
        Assert.Equal(kept, File.ReadAllBytes(State));
        Mark();
        Assert.Contains("limit-reached", (await RunAsync(how)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_line_of_the_file_fits_its_schema()
    {
        await RunAsync("--servers");
        var lines = File.ReadAllLines(State);

        Assert.Equal(Targets.Length + 1, lines.Length);
        foreach (var line in lines) await SchemaTests.AssertValidAsync("state", line);
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => SchemaTests.AssertValidAsync("state", lines[1].Replace("\"verdict\":\"verified\"", "\"verdict\":\"splendid\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Reports_have_what_earlier_runs_found_in_them()
    {
        await world.RunAsync("check", "good.lab", "--state", State);
        Mark();
        var run = await RunAsync("--junit", At("a.xml"), "--html", At("a.html"), "-q");

        Assert.Equal(1, run.Code);
        Assert.Equal(Targets, XDocument.Load(At("a.xml")).Root!.Elements("testsuite").Select(suite => suite.Attribute("name")!.Value));
        var page = File.ReadAllText(At("a.html"));
        Assert.Contains("<td>there is more to look at than a check does</td>", page, StringComparison.Ordinal);
        Assert.Contains("An earlier run found this; its chains of trust are not drawn.", page, StringComparison.Ordinal);
        Assert.Contains("MX of mismatch.lab", page, StringComparison.Ordinal);
    }

    /// <summary>An alert on how long nobody has looked must be raised by results that are only kept.</summary>
    [Fact]
    public async Task Reports_tell_when_the_oldest_result_was_judged_and_not_when_it_was_told_again()
    {
        await RunAsync("-q");
        var lines = File.ReadAllLines(State);
        var second = JsonNode.Parse(lines[2])!;
        Assert.NotNull(second["judgedAt"]);
        second["judgedAt"] = "2026-01-02T03:04:05Z";
        File.WriteAllLines(State, [.. lines[..2], second.ToJsonString(), .. lines[3..]]);

        await RunAsync("--prometheus", At("a.prom"), "--markdown", At("a.md"), "--html", At("a.html"), "--junit", At("a.xml"), "-q");

        Assert.Contains("\ndanelaw_check_last_run_timestamp_seconds 1767323045\n", File.ReadAllText(At("a.prom")), StringComparison.Ordinal);
        Assert.Contains("\nJudged from 2026-01-02 03:04 to 20", File.ReadAllText(At("a.md")), StringComparison.Ordinal);
        Assert.Contains(">Judged from 2026-01-02 03:04 to 20", File.ReadAllText(At("a.html")), StringComparison.Ordinal);
        Assert.Equal([false, true, false], XDocument.Load(At("a.xml")).Root!.Elements("testsuite").Select(suite => suite.Attribute("timestamp")!.Value == "2026-01-02T03:04:05"));
    }

    [Fact]
    public async Task Whatever_a_kill_leaves_of_the_last_line_is_cut_off_and_that_target_checked_again()
    {
        await RunAsync("--json");
        var whole = File.ReadAllBytes(State);
        var last = whole.AsSpan(0, whole.Length - 1).LastIndexOf((byte)'\n') + 1;
        foreach (var length in new[] { last, last + 1, last + 20, (last + whole.Length) / 2, whole.Length - 1 })
        {
            File.WriteAllBytes(State, whole[..length]);
            var run = await RunAsync("--json");

            Assert.Equal(Targets, Lines(run.Output).Select(line => (string)line["target"]!));
            Assert.Contains("has the results of 2 targets", run.Error, StringComparison.Ordinal);
            Assert.Equal(["", .. Targets], Lines(File.ReadAllText(State)).Select(line => (string?)line["target"] ?? ""));
        }
    }

    [Fact]
    public async Task A_head_that_a_kill_has_cut_is_written_anew()
    {
        await RunAsync();
        var head = File.ReadLines(State).First();
        foreach (var length in new[] { 0, 1, 20, head.Length })
        {
            File.WriteAllText(State, head[..length]);
            var run = await RunAsync("-q");
            Assert.Equal((1, ""), (run.Code, run.Error));
            Assert.Equal(head, File.ReadLines(State).First());
            Assert.Equal(4, File.ReadLines(State).Count());
        }
    }

    [Fact]
    public async Task A_target_that_stands_in_the_list_twice_is_checked_once()
    {
        var run = await RunAsync("good.lab", "--json");
        Assert.Equal(Targets, Lines(run.Output).Select(line => (string)line["target"]!));
        Assert.Equal(4, File.ReadLines(State).Count());
    }

    [Fact]
    public async Task Another_spelling_of_a_target_is_that_target()
    {
        var run = await RunAsync("GOOD.lab", "good.lab.", "--json");
        Assert.Equal(Targets, Lines(run.Output).Select(line => (string)line["target"]!));
        Assert.Equal(4, File.ReadLines(State).Count());
        Assert.Single(Lines((await world.RunAsync("check", "GOOD.lab", "good.lab.", "good.lab", "--json")).Output));
        Assert.Equal(2, Lines((await world.RunAsync("check", "smtp://mx.good.lab:25", "smtp://MX.good.lab.:25", "mx.good.lab", "--json")).Output).Count());
    }

    [Fact]
    public async Task With_other_options_it_is_refused_in_one_clear_error()
    {
        await RunAsync("-4");
        var kept = File.ReadAllBytes(State);
        foreach (var other in new string[][] { [], ["-4", "--no-sha1"], ["-4", "--nsec3-limit", "10"], ["-4", "--now", "2027-01-01T00:00:00Z"] })
        {
            var run = await RunAsync([.. other, "-q"]);
            Assert.Equal((2, ""), (run.Code, run.Output));
            Assert.Matches($"^danelaw: error: .*run\\.state was begun with other options: --resolver .* --ipv4 .*\n$", run.Error);
        }

        Assert.Equal(kept, File.ReadAllBytes(State));

        // How much is done at a time, how it is told and whether warnings count changes no result.
        Assert.Equal(1, (await world.RunAsync(["check", .. Targets, "--state", State, "-4", "--concurrency", "5", "--strict", "--json"])).Code);
    }

    [Theory]
    [InlineData("my notes")]
    [InlineData("my notes\n")]
    [InlineData("{\"schema\":\"danelaw.check/1\"}\n")]
    [InlineData("{\"schema\":\"danelaw.state/1\"}\n")]
    [InlineData("\0\0\0")]
    public async Task Another_file_is_left_as_it_is(string text)
    {
        File.WriteAllText(State, text);
        var run = await RunAsync();
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Equal($"danelaw: error: {State} is no state of danelaw check: it does not begin with danelaw.state/1\ndanelaw: hint: give another file with --state, or remove this one to begin anew\n", run.Error);
        Assert.Equal(text, File.ReadAllText(State));
    }

    [Fact]
    public async Task A_line_that_was_spoilt_is_named()
    {
        await RunAsync();
        var lines = File.ReadAllLines(State);
        foreach (var spoilt in new[] { "", "{}", lines[1][..^5], lines[1].Replace("\"verified\"", "\"splendid\"", StringComparison.Ordinal), lines[1].Replace("\"target\":\"good.lab\",\"check\"", "\"target\":\"bad.lab\",\"check\"", StringComparison.Ordinal) })
        {
            File.WriteAllText(State, string.Join('\n', [lines[0], spoilt, .. lines[2..], ""]));
            var run = await RunAsync();
            Assert.Equal((2, ""), (run.Code, run.Output));
            Assert.StartsWith($"danelaw: error: {State} is no state of danelaw check: line 2 is no result\n", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Of_two_runs_at_once_one_is_refused()
    {
        await RunAsync();
        using var held = new FileStream(State, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var run = await RunAsync();
        Assert.Equal((2, "", $"danelaw: error: {State} is in use by another run\ndanelaw: hint: wait until it has ended, or give this run a file of its own\n"), (run.Code, run.Output, run.Error));
    }

    [Theory]
    [InlineData("-", "--state needs a file of its own")]
    [InlineData("/dev/null", "--state needs a file of its own")]
    [InlineData(".", "cannot write .: it is a folder")]
    [InlineData("nowhere/state", "cannot write nowhere/state: there is no folder ")]
    public async Task What_cannot_be_one_is_said(string path, string error)
    {
        var run = await CommandRun.OfAsync(["check", "example.org", "--state", path, "--resolver", "127.0.0.1:1"], folder: _folder);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith("danelaw: error: " + error, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--save", "--save and --state cannot be given together")]
    [InlineData("--replay", "--state has no meaning with --replay")]
    public async Task Evidence_is_another_thing(string option, string error)
    {
        string[] target = option == "--save" ? ["example.org"] : [];
        var run = await CommandRun.OfAsync(["check", .. target, "--state", "s", option, "evidence", .. option == "--save" ? (string[])["--resolver", "127.0.0.1:1"] : []], folder: _folder);
        Assert.Equal(2, run.Code);
        Assert.StartsWith("danelaw: error: " + error, run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder));
    }

    [Fact]
    public async Task Text_that_was_put_into_the_file_moves_no_cursor()
    {
        await RunAsync();
        File.WriteAllText(State, File.ReadAllText(State).Replace("\"text\":\"good.lab", "\"text\":\"\\u001b[2Jgood.lab", StringComparison.Ordinal));
        Assert.Contains("\\u{1B}[2Jgood.lab: VERIFIED", (await RunAsync()).Output, StringComparison.Ordinal);
    }

    private static IEnumerable<JsonNode> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!);
}
