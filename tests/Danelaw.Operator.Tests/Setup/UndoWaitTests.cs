using System.Globalization;
using System.Text.Json.Nodes;
using Danelaw.Operator.Setup;

namespace Danelaw.Operator.Tests.Setup;

/// <summary>The wait for caches goes by the time since boot, never by a clock that may be set.</summary>
public sealed class UndoWaitTests : IDisposable
{
    private readonly SetupHost _host = new SetupHost { Published = [] }.HowTo();
    private readonly ScriptedWitness _witness = new();
    private readonly SetClock _clock = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _host.Dispose();

    private SetupRun Run() => _clock.Run(_host, new(), _witness);

    private async Task<SetupResult> UndoAsync() => (await Run().UndoAsync(Undo.Plain, Cancelled)).Result;

    /// <summary>The servers are moved and mended, and the records are out of the DNS again.</summary>
    private async Task BeginAsync()
    {
        var plan = await _host.PlanAsync();
        plan = plan with { Steps = [.. plan.Steps.Where(step => step.Stage is SetupStage.Chains or SetupStage.Servers or SetupStage.Records)] };
        Assert.Equal(SetupResult.Done, (await Run().ApplyAsync(plan, null, Cancelled)).Result);
        _witness.Records = new(RecordsState.Absent, "");
        Assert.Equal(SetupResult.Waiting, await UndoAsync());
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task A_clock_that_is_set_forward_ends_no_wait()
    {
        await BeginAsync();
        _clock.Now += TimeSpan.FromDays(400);
        Assert.Equal(SetupResult.Waiting, (await Run().PreviewUndoAsync(Undo.Plain, Cancelled)).Result);
        Assert.Equal(SetupResult.Waiting, await UndoAsync());
        _clock.Now -= TimeSpan.FromDays(500);
        _clock.Pass(TimeSpan.FromHours(2));
        Assert.Equal(SetupResult.Undone, await UndoAsync());
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task What_lies_between_two_boots_is_not_counted()
    {
        await BeginAsync();
        _clock.Pass(TimeSpan.FromMinutes(90));
        Assert.Equal(SetupResult.Waiting, await UndoAsync());
        _clock.Now += TimeSpan.FromDays(1);
        _clock.Boot();
        var waiting = await Run().UndoAsync(Undo.Plain, Cancelled);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"until {_clock.Now.AddMinutes(30).UtcDateTime:yyyy-MM-dd HH:mm} UTC"), Assert.Single(waiting.Messages), StringComparison.Ordinal);
        _clock.Pass(TimeSpan.FromMinutes(29));
        Assert.Equal(SetupResult.Waiting, await UndoAsync());
        _clock.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(SetupResult.Undone, await UndoAsync());
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task What_is_seen_again_at_the_end_of_the_wait_begins_it_anew()
    {
        await BeginAsync();
        _clock.Pass(TimeSpan.FromHours(2));
        _witness.Records = new(RecordsState.Verified, "");
        Assert.Equal(SetupResult.Waiting, await UndoAsync());
        _witness.Records = new(RecordsState.Absent, "");
        Assert.Equal(SetupResult.Waiting, await UndoAsync());
        _clock.Pass(TimeSpan.FromHours(2) - TimeSpan.FromSeconds(1));
        Assert.Equal(SetupResult.Waiting, await UndoAsync());
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(SetupResult.Undone, await UndoAsync());
    }

    [Fact]
    public async Task A_journal_that_knows_a_date_alone_is_read_and_the_wait_begins_anew()
    {
        await BeginAsync();
        foreach (var path in Directory.EnumerateFiles(_host.Host.Here("/var/lib/danelaw/setup"), "manifest.json", SearchOption.AllDirectories))
        {
            var journal = JsonNode.Parse(await File.ReadAllTextAsync(path, Cancelled))!.AsObject();
            Assert.True(journal.Remove("recordsGone"));

            // What later versions have added is not there either.
            Assert.True(journal.Remove("rolled"));
            journal["recordsGoneSince"] = _clock.Now.AddDays(-1).ToString("O", CultureInfo.InvariantCulture);
            await File.WriteAllTextAsync(path, journal.ToJsonString(), Cancelled);
        }

        Assert.Equal(SetupResult.Waiting, await UndoAsync());
        _clock.Pass(TimeSpan.FromHours(2));
        Assert.Equal(SetupResult.Undone, await UndoAsync());
    }
}
