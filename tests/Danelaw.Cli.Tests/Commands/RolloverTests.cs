using System.Collections.Immutable;
using System.Text.Json;
using Danelaw.Cli.Tests.Rendering;
using Danelaw.Cli.Tests.Running;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Keeping;
using Danelaw.Testing.Peers;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Tests.Commands;

public sealed class RolloverTests : IDisposable
{
    private readonly TestFolder _folder = new("rollover");

    public void Dispose() => _folder.Dispose();

    private string Settings(string more = "") => _folder.Write("rollover.toml", $$"""
        state = "{{_folder["rollover.db"]}}"

        [[roll]]
        name = "mx"
        owners = ["mx.example.org:25"]
        reload = []
        {{more}}
        chain = [{ file = "{{_folder["mx.pem"]}}", offers = ["{{_folder["live"]}}"] }]
        publisher = { kind = "manual" }

        """);

    private static Octets Digest(byte seed) => new(Enumerable.Repeat(seed, 32).ToArray());

    private static Chain ChainOf(byte seed) =>
        new(Digest(seed), Digest((byte)(seed + 1)), TlsaSet.Of(new TlsaRecord(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, Digest((byte)(seed + 1)))), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(80)) { Leaf = Digest(seed) };

    private void Keep(RolloverPhase phase, RolloverWait wait, TimeSpan? remaining, params ImmutableArray<string> problems)
    {
        var now = TimeProvider.System.GetUtcNow();
        var state = new RolloverState { Slots = [new("any", ChainOf(1), phase == RolloverPhase.Steady ? null : ChainOf(3), TlsaSet.Empty)], Phase = phase, LastLook = new("boot", TimeSpan.FromSeconds(1)) };
        using var store = RolloverStore.Open(_folder["rollover.db"])!;
        store.Save("mx", new(state, now.AddMinutes(-30), now, wait, remaining, problems), [], ["it began"]);
    }

    [Fact]
    public async Task Without_settings_it_says_where_they_belong()
    {
        var run = await CommandRun.OfAsync("rollover", "run", "--config", _folder["none.toml"]);
        Assert.Equal(2, run.Code);
        Assert.Contains($"there are no settings in {_folder["none.toml"]}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_fault_of_the_settings_is_told_with_its_line_and_nothing_is_done()
    {
        var run = await CommandRun.OfAsync("rollover", "run", "--config", Settings("ttl = -1\nmargni = 5"));
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains("rollover.toml:7: ttl: it takes whole seconds", run.Error, StringComparison.Ordinal);
        Assert.Contains("rollover.toml:8: [[roll]] has no setting margni", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["rollover.db"]));
    }

    [Fact]
    public async Task A_roll_that_is_not_in_the_settings_is_misuse()
    {
        var run = await CommandRun.OfAsync("rollover", "status", "xm", "--config", Settings());
        Assert.Equal(2, run.Code);
        Assert.Contains("there is no roll xm", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_to_die_at_that_does_not_exist_is_misuse()
    {
        var run = await CommandRun.OfAsync(["rollover", "run", "--config", Settings()], variables: new Dictionary<string, string> { ["DANELAW_FAULT"] = "after-lunch" });
        Assert.Equal(2, run.Code);
        Assert.Contains("'after-lunch' is none of before-save", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_roll_that_was_never_taken_up_is_told_as_such()
    {
        var run = await CommandRun.OfAsync("rollover", "status", "--config", Settings());
        Assert.Equal((3, ""), (run.Code, run.Error));
        Assert.StartsWith("mx: not taken up yet\n", run.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["rollover.db"]));
    }

    [Fact]
    public async Task Status_says_where_each_key_is_and_what_happens_next_and_when()
    {
        Keep(RolloverPhase.Waiting, RolloverWait.Caches, TimeSpan.FromMinutes(90), "a server is slow");
        var run = await CommandRun.OfAsync("rollover", "status", "--config", Settings());
        Assert.Equal((3, ""), (run.Code, run.Error));
        foreach (var told in new[] { "mx: waiting since ", " (30 min ago)", "shown     key 0202020202020202", "to follow key 0404040404040404", "next      the next key is deployed in 90 min at the earliest (", "note      a server is slow", "it began" }) Assert.Contains(told, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RolloverPhase.Steady, RolloverWait.Nothing, 0, "done")]
    [InlineData(RolloverPhase.Deploying, RolloverWait.Endpoints, 3, "waiting")]
    public async Task What_it_tells_as_json_fits_its_schema(RolloverPhase phase, RolloverWait wait, int code, string verdict)
    {
        Keep(phase, wait, null);
        var run = await CommandRun.OfAsync("rollover", "status", "--json", "--config", Settings());
        Assert.Equal((code, ""), (run.Code, run.Error));
        await SchemaTests.AssertValidAsync("rollover", run.Output);
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal(verdict, document.RootElement.GetProperty("rolls")[0].GetProperty("verdict").GetString());
    }

    [Theory]
    [InlineData("run")]
    [InlineData("status")]
    public async Task A_damaged_file_of_states_stops_everything_with_one_clear_error(string verb)
    {
        _folder.Write("rollover.db", "this is no database");
        var run = await CommandRun.OfAsync(["rollover", verb, "--config", Settings(), .. verb == "run" ? ["--resolver", "127.0.0.1:1"] : Array.Empty<string>()]);
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.StartsWith($"danelaw: error: the state of the rollovers cannot be kept in {_folder["rollover.db"]}: the file is damaged", run.Error, StringComparison.Ordinal);
        Assert.Equal("this is no database", File.ReadAllText(_folder["rollover.db"]));
    }

    [Fact]
    public async Task A_second_run_beside_the_first_waits()
    {
        using var first = RolloverStore.Open(_folder["rollover.db"]);
        var run = await CommandRun.OfAsync("rollover", "run", "--config", Settings(), "--resolver", "127.0.0.1:1");
        Assert.Equal(3, run.Code);
        Assert.Contains("another run is at work", run.Error, StringComparison.Ordinal);
    }
}
