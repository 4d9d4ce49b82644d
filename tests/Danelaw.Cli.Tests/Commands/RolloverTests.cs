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

    private void Keep(RolloverPhase phase, RolloverWait wait, TimeSpan? remaining, params ImmutableArray<string> problems) => Keep(TimeProvider.System.GetUtcNow(), phase, wait, remaining, problems);

    private void Keep(DateTimeOffset now, RolloverPhase phase, RolloverWait wait, TimeSpan? remaining, params ImmutableArray<string> problems)
    {
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

    [Theory]
    [InlineData(1, 0)]
    [InlineData(50, 1)]
    public async Task A_roll_that_nobody_looks_at_any_more_is_not_told_as_steady(int hours, int code)
    {
        Keep(TimeProvider.System.GetUtcNow().AddHours(-hours), RolloverPhase.Steady, RolloverWait.Nothing, null);
        var run = await CommandRun.OfAsync("rollover", "status", "--config", Settings());
        Assert.Equal((code, code != 0), (run.Code, run.Output.Contains("nobody has looked at it for 2 days", StringComparison.Ordinal)));
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
    public async Task A_file_of_states_that_others_may_read_is_told_by_status_too()
    {
        Keep(RolloverPhase.Steady, RolloverWait.Nothing, null);
        TestFolder.SetMode(_folder["rollover.db"], 0b110_100_100);
        var run = await CommandRun.OfAsync("rollover", "status", "--config", Settings());
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains("it holds private keys, and others than its owner may read or change it", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_run_beside_the_first_waits()
    {
        using var first = RolloverStore.Open(_folder["rollover.db"]);
        var run = await CommandRun.OfAsync("rollover", "run", "--config", Settings(), "--resolver", "127.0.0.1:1");
        Assert.Equal(3, run.Code);
        Assert.Contains("another run is at work", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_roll_is_forgotten_and_what_is_lost_by_that_is_told()
    {
        Keep(RolloverPhase.Steady, RolloverWait.Nothing, null);
        var run = await CommandRun.OfAsync("rollover", "forget", "mx", "--config", Settings());
        Assert.Equal((0, ""), (run.Code, run.Error));
        foreach (var told in new[] { "mx: not taken up yet", "what was kept is forgotten", "lost is the TTLs that were seen" }) Assert.Contains(told, run.Output, StringComparison.Ordinal);
        using (var store = RolloverStore.OpenToRead(_folder["rollover.db"])) Assert.Null(store!.Read("mx"));
        var again = await CommandRun.OfAsync("rollover", "forget", "mx", "--json", "--config", Settings());
        Assert.Equal((0, ""), (again.Code, again.Error));
        await SchemaTests.AssertValidAsync("rollover", again.Output);
    }

    [Fact]
    public async Task In_the_middle_of_a_roll_nothing_is_forgotten_unless_forced()
    {
        Keep(RolloverPhase.Waiting, RolloverWait.Caches, null);
        var run = await CommandRun.OfAsync("rollover", "forget", "mx", "--config", Settings());
        Assert.Equal((1, ""), (run.Code, run.Output));
        foreach (var told in new[] { "mx is in the middle of a roll (waiting): nothing was forgotten", "lost would be: key 0404040404040404", "--force" }) Assert.Contains(told, run.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await CommandRun.OfAsync("rollover", "forget", "mx", "--force", "--config", Settings())).Code);
        using var store = RolloverStore.OpenToRead(_folder["rollover.db"]);
        Assert.Null(store!.Read("mx"));
    }

    [Fact]
    public async Task A_roll_that_the_settings_no_longer_have_can_be_forgotten_and_one_that_nobody_knows_is_misuse()
    {
        Keep(RolloverPhase.Steady, RolloverWait.Nothing, null);
        using (var store = RolloverStore.Open(_folder["rollover.db"])!) store.Save("old", store.Read("mx")!, [], []);
        var run = await CommandRun.OfAsync("rollover", "forget", "old", "--config", Settings());
        Assert.Equal(0, run.Code);
        Assert.Contains("the settings have no such roll", run.Output, StringComparison.Ordinal);
        var unknown = await CommandRun.OfAsync("rollover", "forget", "old", "--config", Settings());
        Assert.Equal(2, unknown.Code);
        Assert.Contains("there is no roll old", unknown.Error, StringComparison.Ordinal);
        using var kept = RolloverStore.OpenToRead(_folder["rollover.db"]);
        Assert.NotNull(kept!.Read("mx"));
    }

    [Fact]
    public async Task Status_says_of_which_rolls_the_settings_know_nothing()
    {
        Keep(RolloverPhase.Steady, RolloverWait.Nothing, null);
        using (var store = RolloverStore.Open(_folder["rollover.db"])!) store.Save("old", store.Read("mx")!, [], []);
        var run = await CommandRun.OfAsync("rollover", "status", "--config", Settings());
        Assert.Contains("the settings have no roll old", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("no roll mx", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_says_since_when_each_key_is_what_it_is()
    {
        Keep(RolloverPhase.Waiting, RolloverWait.Caches, null);
        var run = await CommandRun.OfAsync("rollover", "status", "--config", Settings());
        Assert.Matches("shown     key 0202020202020202, since [0-9-]+ [0-9:]+Z \\([0-9]+ s ago\\), valid until", run.Output);
        Assert.Matches("to follow key 0404040404040404, since ", run.Output);
        using var document = JsonDocument.Parse((await CommandRun.OfAsync("rollover", "status", "--json", "--config", Settings())).Output);
        Assert.Equal(JsonValueKind.String, document.RootElement.GetProperty("rolls")[0].GetProperty("keys")[0].GetProperty("since").ValueKind);
    }

    [Fact]
    public async Task Settings_that_others_may_write_to_are_not_used()
    {
        var settings = Settings();
        TestFolder.SetMode(settings, 0b110_000_010);
        var run = await CommandRun.OfAsync("rollover", "status", "--config", settings);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains("others than its owner may write to it", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_margin_for_one_run_is_a_duration()
    {
        var run = await CommandRun.OfAsync("rollover", "run", "--margin", "soon", "--config", Settings(), "--resolver", "127.0.0.1:1");
        Assert.Equal(2, run.Code);
        Assert.Contains("--margin", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_person_is_to_type_is_told_field_by_field()
    {
        var settings = Operator.Rollover.Settings.RolloverSettingsText.TryRead(await File.ReadAllTextAsync(Settings(), TestContext.Current.CancellationToken), "x", out var read, out _) ? read.Rolls[0] : null;
        var form = Operator.Publishing.FormFields.Of(Danelaw.Dns.Names.DomainName.Parse("example.org."), Danelaw.Dns.Names.DomainName.Parse("_25._tcp.mx.example.org."), ChainOf(1).Records.Records[0], 3600);
        var change = new PlannedSet(Danelaw.Dns.Names.DomainName.Parse("_25._tcp.mx.example.org."), ChainOf(3).Records, ChainOf(1).Records);
        var told = new Danelaw.Cli.Rendering.Operating.ToldRoll { Settings = settings!, Verdict = RollVerdict.Waiting, Changes = [change], Forms = [form] };
        var page = new Danelaw.Cli.Rendering.Page(Danelaw.Cli.Rendering.PageStyle.Pipe);
        Danelaw.Cli.Rendering.Operating.RolloverText.Write(page, [told], DateTimeOffset.UnixEpoch, new(false, false, false, Danelaw.Cli.Rendering.PageStyle.Pipe));
        var text = System.Text.Encoding.UTF8.GetString(page.ToUtf8());
        foreach (var field in new[] { "at _25._tcp.mx.example.org.", "+ 3 1 1 0202", "- 3 1 1 0404" }) Assert.Contains(field, text, StringComparison.Ordinal);
        foreach (var field in new[] { "Port +25", "Protocol +tcp", "Host +mx  \\(mx\\.example\\.org\\.\\)", "Usage +3", "Selector +1", "Matching type +1", "Association +0202", "TTL +3600" }) Assert.Matches($"\n  {field}", text);
        await SchemaTests.AssertValidAsync("rollover", System.Text.Encoding.UTF8.GetString(Danelaw.Cli.Rendering.Operating.RolloverJson.Document("run", [told], DateTimeOffset.UnixEpoch)));
    }

    [Fact]
    public async Task An_emergency_waits_for_the_run_that_is_at_work()
    {
        var first = RolloverStore.Open(_folder["rollover.db"])!;
        var run = CommandRun.OfAsync("rollover", "emergency", "mx", "--dry-run", "--config", Settings(), "--resolver", "127.0.0.1:1");
        while (!first.IsWanted && !run.IsCompleted) await Task.Yield();
        Assert.False(run.IsCompleted);
        first.Dispose();
        var done = await run;
        Assert.Equal(1, done.Code);
        Assert.Contains("the roll mx was not taken up yet", done.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_person_is_to_type_behind_an_alias_is_told_by_its_name_and_what_to_delete_is_told_alone()
    {
        Assert.True(Operator.Rollover.Settings.RolloverSettingsText.TryRead(File.ReadAllText(Settings()), "-", out var settings, out _));
        var place = Danelaw.Dns.Names.DomainName.Parse("tlsa201._dane.example.org.");
        var form = Operator.Publishing.FormFields.Of(Danelaw.Dns.Names.DomainName.Parse("example.org."), place, ChainOf(1).Records.Records[0], 3600);
        var told = new Danelaw.Cli.Rendering.Operating.ToldRoll { Settings = settings.Rolls[0], Verdict = RollVerdict.Waiting, Changes = [new(place, TlsaSet.Empty, ChainOf(1).Records)], Forms = [form] };
        var text = Written(told);
        Assert.Matches("\n  Name +tlsa201\\._dane  \\(tlsa201\\._dane\\.example\\.org\\.\\)", text);
        foreach (var field in new[] { "Port", "Protocol", "Host", "delete" }) Assert.DoesNotContain(field, text, StringComparison.Ordinal);
        await SchemaTests.AssertValidAsync("rollover", System.Text.Encoding.UTF8.GetString(Danelaw.Cli.Rendering.Operating.RolloverJson.Document("run", [told], DateTimeOffset.UnixEpoch)));

        var deletion = Written(told with { Changes = [new(place, ChainOf(1).Records.Union(ChainOf(3).Records), ChainOf(3).Records)], Forms = [] });
        foreach (var line in new[] { "- 3 1 1 0202", "delete those marked -" }) Assert.Contains(line, deletion, StringComparison.Ordinal);

        static string Written(Danelaw.Cli.Rendering.Operating.ToldRoll roll)
        {
            var page = new Danelaw.Cli.Rendering.Page(Danelaw.Cli.Rendering.PageStyle.Pipe);
            Danelaw.Cli.Rendering.Operating.RolloverText.Write(page, [roll], DateTimeOffset.UnixEpoch, new(false, false, false, Danelaw.Cli.Rendering.PageStyle.Pipe));
            return System.Text.Encoding.UTF8.GetString(page.ToUtf8());
        }
    }

    [Fact]
    public async Task A_roll_whose_row_makes_no_sense_is_told_and_forgotten_by_force()
    {
        Keep(RolloverPhase.Steady, RolloverWait.Nothing, null);
        using (var raw = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_folder["rollover.db"]};Pooling=False"))
        {
            raw.Open();
            using var command = raw.CreateCommand();
            command.CommandText = "UPDATE roll SET state = '{}'";
            command.ExecuteNonQuery();
        }

        var status = await CommandRun.OfAsync("rollover", "status", "--config", Settings());
        Assert.Equal(1, status.Code);
        Assert.Contains("what is kept of the roll mx in", status.Output, StringComparison.Ordinal);
        var refused = await CommandRun.OfAsync("rollover", "forget", "mx", "--config", Settings());
        Assert.Equal((1, ""), (refused.Code, refused.Output));
        Assert.Contains("danelaw rollover forget mx --force", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await CommandRun.OfAsync("rollover", "forget", "mx", "--force", "--config", Settings())).Code);
        using var store = RolloverStore.OpenToRead(_folder["rollover.db"]);
        Assert.Empty(store!.Names());
    }
}
