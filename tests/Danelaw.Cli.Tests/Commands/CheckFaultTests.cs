using System.Text.Json.Nodes;
using Danelaw.Cli.Tests.Running;
using Danelaw.Probes;

namespace Danelaw.Cli.Tests.Commands;

/// <summary>A fault of Danelaw itself while one of several targets is looked at.</summary>
public sealed class CheckFaultTests(LabWorld world) : IClassFixture<LabWorld>, IDisposable
{
    private static readonly string[] Targets = ["good.lab", "mismatch.lab", "null-mx.lab"];

    private readonly string _folder = Directory.CreateTempSubdirectory("danelaw-fault").FullName;

    private bool _isMended;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<CommandRun> RunAsync(params string[] more) =>
        CommandRun.OfAsync(["check", .. more, .. world.Options], beforeProber: prober => new Faulty(prober, () => _isMended));

    [Theory]
    [InlineData("--ordered")]
    [InlineData("--concurrency", "2")]
    public async Task It_stops_that_target_alone_and_is_told_in_exact_words(params string[] how)
    {
        var run = await RunAsync([.. Targets, "--json", .. how]);

        Assert.Equal(70, run.Code);
        var told = Lines(run.Output).ToDictionary(line => (string)line["target"]!, line => ((string)line["verdict"]!, (string)line["reason"]!, (string)line["explanation"]!));
        Assert.Equal(Targets, told.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("undetermined", "internal-fault", "A fault of Danelaw itself stopped this check, so nothing is known. It says nothing of the target."), told["good.lab"]);
        Assert.Equal(["failing", "unprotected"], Targets[1..].Select(target => told[target].Item1));
        Assert.StartsWith($"danelaw: error: good.lab: this is a fault of danelaw {Danelaw.Cli.Running.ProductVersion.Text} itself: NotImplementedException: nobody thought of this\ndanelaw: hint: please report it with the command line and these lines", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_keeps_no_result_of_it_and_the_same_call_finishes_the_run()
    {
        string[] call = [.. Targets, "--json", "--ordered", "--state", Path.Combine(_folder, "run.state")];
        Assert.Equal(70, (await RunAsync(call)).Code);
        _isMended = true;

        var again = await RunAsync(call);

        Assert.Equal(1, again.Code);
        Assert.Contains("has the results of 2 targets", again.Error, StringComparison.Ordinal);
        Assert.Equal(["verified", "failing", "unprotected"], Lines(again.Output).Select(line => (string)line["verdict"]!));
    }

    [Fact]
    public async Task One_target_is_told_in_the_same_way()
    {
        var run = await RunAsync("good.lab");

        Assert.Equal(70, run.Code);
        Assert.StartsWith("good.lab: UNDETERMINED (a fault of Danelaw itself stopped the check)", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_monitor_reads_unknown()
    {
        var run = await RunAsync("good.lab", "--nagios");

        Assert.Equal(3, run.Code);
        Assert.StartsWith("DANELAW UNKNOWN - good.lab undetermined (internal-fault)", run.Output, StringComparison.Ordinal);
    }

    private static JsonNode[] Lines(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];

    private sealed class Faulty(IProber inner, Func<bool> isMended) : IProber
    {
        public ValueTask<Observation> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken = default) =>
            target.ServerName.ToString() == "mx.good.lab." && !isMended() ? throw new NotImplementedException("nobody thought of this") : inner.ProbeAsync(target, cancellationToken);
    }
}
