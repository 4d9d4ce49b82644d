using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Commands;

public sealed class SaveAndReplayTests(LabWorld world) : IClassFixture<LabWorld>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("danelaw-replay").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Evidence => Path.Combine(_folder, "evidence.json");

    [Theory]
    [InlineData("good.lab")]
    [InlineData("mismatch.lab")]
    [InlineData("expired.lab")]
    [InlineData("no-starttls.lab")]
    [InlineData("tlsa-bogus.lab")]
    [InlineData("mx-servfail.lab")]
    [InlineData("unsigned.lab")]
    [InlineData("closed.lab")]
    [InlineData("null-mx.lab")]
    [InlineData("127.0.0.1")]
    public async Task A_replay_says_the_same_byte_for_byte(string target)
    {
        var live = await world.RunAsync("check", target, "--save", Evidence, "--json");
        var replay = await CommandRun.OfAsync("check", "--replay", Evidence, "--json");
        Assert.Equal((live.Code, live.Output, ""), (replay.Code, replay.Output, replay.Error));
        Assert.NotEmpty(live.Output);
    }

    [Theory]
    [InlineData("half-dual.lab")]
    [InlineData("no-starttls.lab")]
    public async Task Evidence_of_an_earlier_version_says_what_that_version_said(string name)
    {
        var replay = await CommandRun.OfAsync("check", "--replay", Repository.Corpus("recordings", name + ".json"));

        Assert.Equal((1, File.ReadAllText(Repository.Corpus("recordings", name + ".txt")), ""), (replay.Code, replay.Output, replay.Error));
    }

    /// <summary>What earlier versions, or other libraries, may have written down of an endpoint.</summary>
    public static TheoryData<string, string> Endings
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var outcome in Enum.GetNames<Danelaw.Probes.ProbeOutcome>())
                foreach (var detail in (string[])["", "the server ended the handshake with the alert alert 255", "the server ends the session right after the handshake, with the alert alert 0 (RFC 8446 §6.2)", "tlsv1 alert internal error"])
                    rows.Add(outcome, detail);
            return rows;
        }
    }

    [Theory, MemberData(nameof(Endings))]
    public async Task Whatever_a_recording_says_of_an_endpoint_is_judged_and_told(string outcome, string detail)
    {
        foreach (var (kind, isShown) in ((string, bool)[])[("Any", true), ("Any", false), ("Rsa", true), ("Rsa", false)])
        {
            var document = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(Repository.Corpus("recordings", "half-dual.lab.json"), TestContext.Current.CancellationToken))!;
            var seen = document["observations"]!.AsArray().Single(one => one!["algorithm"]!.GetValue<string>() == kind)!;
            (seen["outcome"], seen["detail"]) = (outcome, detail);
            if (!isShown) seen["chain"] = new System.Text.Json.Nodes.JsonArray();
            await File.WriteAllTextAsync(Evidence, document.ToJsonString(), TestContext.Current.CancellationToken);

            var run = await CommandRun.OfAsync("check", "--replay", Evidence, "-v", "--html", Path.Combine(_folder, "a.html"), "--markdown", Path.Combine(_folder, "a.md"), "--junit", Path.Combine(_folder, "a.xml"), "--prometheus", Path.Combine(_folder, "a.prom"));

            Assert.Equal("", run.Error);
            Assert.True(run.Code is 0 or 1 or 3, run.Output);
        }
    }

    [Fact]
    public async Task A_report_whose_name_is_a_link_is_written_where_the_link_leads()
    {
        var (report, link) = (Path.Combine(_folder, "report.prom"), Path.Combine(_folder, "link.prom"));
        await File.WriteAllTextAsync(report, "old", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(link, report);

        await CommandRun.OfAsync("check", "--replay", Repository.Corpus("recordings", "half-dual.lab.json"), "--prometheus", link, "-q");

        Assert.Equal(report, new FileInfo(link).LinkTarget);
        Assert.Contains("danelaw_check_targets 1\n", await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_tells_nothing_is_spoken_to_as_was_said_and_replays_so()
    {
        var port = world.Lab.ConnectTo[(world.Lab.ConnectTo.LastIndexOf(':') + 1)..];
        var live = await world.RunAsync("check", "mx.good.lab:" + port, "--starttls", "SMTP", "--save", Evidence, "--json");
        var replay = await CommandRun.OfAsync("check", "--replay", Evidence, "--json");

        Assert.Contains("\"tls\":\"TLSv1.3\"", live.Output, StringComparison.Ordinal);
        Assert.Equal((4, live.Output), (live.Code, replay.Output));
    }

    [Theory, Rfc(7673, "3")]
    [InlineData("_submission._tcp.submission.lab", 0, "records")]
    [InlineData("submission://submission.lab --srv", 0, "records")]
    [InlineData("_imaps._tcp.submission.lab", 4, "none")]
    [InlineData("submission.lab --all-services", 0, "records")]
    [InlineData("good.lab --all-services --also submission://mx.submission.lab", 0, "none")]
    [InlineData("no-tlsa.lab --all-services", 4, "none")]
    [InlineData("_submission._tcp.unsigned.lab", 4, "none")]
    public async Task What_SRV_records_say_replays_byte_for_byte_and_fits_the_schema(string target, int code, string result)
    {
        var port = world.Lab.ConnectTo[(world.Lab.ConnectTo.LastIndexOf(':') + 1)..];
        var live = await world.RunAsync(["check", .. target.Split(' '), "--connect-to", ":587::" + port, "--save", Evidence, "--json"]);
        var replay = await CommandRun.OfAsync("check", "--replay", Evidence, "--json");

        Assert.Equal((code, live.Output), (live.Code, replay.Output));
        Assert.Contains($"\"result\":\"{result}\"", live.Output, StringComparison.Ordinal);
        await Rendering.SchemaTests.AssertValidAsync("check", live.Output);
        Assert.Equal((await world.RunAsync(["check", .. target.Split(' '), "--connect-to", ":587::" + port, "--save", Evidence, "-v"])).Output, (await ReplayAsync("-v")).Item2);
    }

    [Fact]
    public async Task The_text_is_the_same_too_and_monitors_hear_the_same()
    {
        var live = await world.RunAsync("check", "good.lab", "--save", Evidence, "-v");
        Assert.Equal((live.Code, live.Output), await ReplayAsync("-v"));
        var monitored = await world.RunAsync("check", "good.lab", "--save", Evidence, "--nagios");
        Assert.Equal((monitored.Code, monitored.Output), await ReplayAsync("--nagios"));
    }

    [Fact]
    public async Task Another_clock_judges_the_same_evidence_anew()
    {
        await world.RunAsync("check", "good.lab", "--save", Evidence);
        var (code, output) = await ReplayAsync("--now", "2040-01-01T00:00:00Z", "-q");
        Assert.Equal((3, "good.lab: UNDETERMINED (the MX lookup failed or is bogus)\n"), (code, output));
    }

    [Fact]
    public async Task Evidence_goes_through_a_pipe()
    {
        var live = await world.RunAsync("check", "good.lab", "--save", "-");
        var replay = await CommandRun.OfAsync(["check", "--replay", "-", "-q"], input: live.Output);
        Assert.Equal((0, "good.lab: VERIFIED (every endpoint matches)\n"), (replay.Code, replay.Output));
        Assert.Equal(0, live.Code);
    }

    [Theory]
    [InlineData("check good.lab --replay evidence.json", "good.lab and --replay cannot be given together")]
    [InlineData("check --replay evidence.json --resolver 127.0.0.1", "--resolver has no meaning with --replay")]
    [InlineData("check --replay evidence.json --save other.json", "--save and --replay cannot be given together")]
    [InlineData("check a.example b.example --save evidence.json --resolver 127.0.0.1:1", "--save keeps the evidence of one target")]
    [InlineData("check --replay evidence.json --starttls smtp", "--starttls has no meaning with --replay")]
    [InlineData("check --replay missing.json", "cannot read missing.json: there is no such file")]
    public async Task What_makes_no_sense_together_is_misuse(string call, string fault)
    {
        var run = await CommandRun.OfAsync(call.Split(' '), folder: _folder);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith($"danelaw: error: {fault}\n", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"schema\":\"danelaw.check/1\"}")]
    [InlineData("not json")]
    public async Task A_file_that_is_no_evidence_is_misuse(string content)
    {
        File.WriteAllText(Evidence, content);
        var run = await CommandRun.OfAsync("check", "--replay", Evidence);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith($"danelaw: error: {Evidence}: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evidence_that_cannot_be_kept_is_said_after_the_report()
    {
        var run = await world.RunAsync("check", "null-mx.lab", "--save", "/dev/full", "-q");
        Assert.Equal((2, "null-mx.lab: UNPROTECTED (the domain takes no mail)\n"), (run.Code, run.Output));
        Assert.Contains("cannot write /dev/full: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_that_does_not_exist_is_said_before_anything_is_asked()
    {
        var missing = await world.RunAsync("check", "null-mx.lab", "--save", Path.Combine(_folder, "missing", "evidence.json"));
        Assert.Equal((2, "", $"danelaw: error: cannot write {_folder}/missing/evidence.json: there is no folder {_folder}/missing\n"), (missing.Code, missing.Output, missing.Error));
        var folder = await world.RunAsync("check", "null-mx.lab", "--save", _folder);
        Assert.Equal((2, "", $"danelaw: error: cannot write {_folder}: it is a folder\n"), (folder.Code, folder.Output, folder.Error));
    }

    [Fact]
    public async Task A_monitors_line_and_JSON_exclude_each_other()
    {
        var run = await world.RunAsync("check", "null-mx.lab", "--nagios", "--json");
        Assert.Equal(3, run.Code);
        Assert.StartsWith("danelaw: error: --nagios and --json cannot be given together\n", run.Error, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output)> ReplayAsync(params string[] args)
    {
        var run = await CommandRun.OfAsync(["check", "--replay", Evidence, .. args]);
        return (run.Code, run.Output);
    }
}
