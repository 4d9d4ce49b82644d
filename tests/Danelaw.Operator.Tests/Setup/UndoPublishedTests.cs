using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Setup;
using Danelaw.Operator.Setup.Applying;
using Danelaw.Operator.Tests.Rollover.Running;

namespace Danelaw.Operator.Tests.Setup;

/// <summary>The wait of an undo that takes the records out itself: what is published meanwhile, and the TTL that is served.</summary>
public sealed class UndoPublishedTests : IDisposable
{
    private readonly SetupHost _host = new SetupHost { Published = [], Options = new() { WantsRollover = true } }.HowTo();
    private readonly ScriptedWitness _witness = new();
    private readonly SetClock _clock = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _host.Dispose();

    private async Task<SetupRun> SetUpAsync(PublishTests.Master master)
    {
        var run = PublishTests.Run(_host, master, _witness, _clock);
        var plan = await _host.PlanAsync();
        plan = plan with { Steps = [.. plan.Steps.Where(step => step.Stage is SetupStage.Chains or SetupStage.Servers or SetupStage.Records or SetupStage.Rollover)] };
        Assert.Equal(SetupResult.Done, (await run.ApplyAsync(plan, null, Cancelled)).Result);
        _witness.Records = new(RecordsState.Absent, "");
        return run;
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task What_was_published_again_during_the_wait_begins_it_anew_once_it_is_taken_out()
    {
        var master = new PublishTests.Master();
        var run = await SetUpAsync(master);
        var records = master.Set;
        Assert.Equal(SetupResult.Waiting, (await run.UndoAsync(Undo.Plain, Cancelled)).Result);
        Assert.True(master.Set.IsEmpty);

        // Whatever has published it, an older danelaw or a person: caches fetched it a moment ago.
        _clock.Pass(TimeSpan.FromHours(2));
        master.Set = records;
        Assert.Equal(SetupResult.Waiting, (await run.UndoAsync(Undo.Plain, Cancelled)).Result);
        Assert.True(master.Set.IsEmpty);
        _clock.Pass(TimeSpan.FromHours(2) - TimeSpan.FromSeconds(1));
        Assert.Equal(SetupResult.Waiting, (await run.UndoAsync(Undo.Plain, Cancelled)).Result);
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(SetupResult.Undone, (await run.UndoAsync(Undo.Plain, Cancelled)).Result);
    }

    [Theory, Rfc(7671, "8.1")]
    [InlineData(14400u, 60)]
    [InlineData(600u, 14400)]
    public async Task It_is_as_long_as_caches_keep_what_is_served_and_not_what_was_asked_for(uint mastered, int served)
    {
        var run = await SetUpAsync(new() { Mastered = mastered, Served = TimeSpan.FromSeconds(served) });
        Assert.Equal(SetupResult.Waiting, (await run.UndoAsync(Undo.Plain, Cancelled)).Result);
        _clock.Pass(TimeSpan.FromHours(8) - TimeSpan.FromSeconds(1));
        Assert.Equal(SetupResult.Waiting, (await run.UndoAsync(Undo.Plain, Cancelled)).Result);
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(SetupResult.Undone, (await run.UndoAsync(Undo.Plain, Cancelled)).Result);
    }

    [Theory, Rfc(7671, "8.1")]
    [InlineData(true, 1200)]
    [InlineData(false, 8 * 3600)]
    public async Task What_was_there_before_and_is_back_makes_no_wait_longer(bool wasThere, int seconds)
    {
        var issuer = SetupHost.Record(_host.Host.Root, usage: Dns.Records.TlsaUsage.DaneTa);
        var record = SetupHost.Record(_host.Host.Authority.Issue(new() { Name = "mx.example.org", Issuer = _host.Host.Root }));
        _host.Published = wasThere ? [issuer] : [];
        var run = await SetUpAsync(new() { Set = TlsaSet.Of([.. _host.Published.Value]) });

        // The look finds it with four hours.
        (_witness.Records, _witness.TimeToLive, _witness.Published) = (new(RecordsState.Verified, ""), TimeSpan.FromHours(4), wasThere ? TlsaSet.Of(issuer) : TlsaSet.Of(record));
        Assert.Equal(SetupResult.Waiting, (await run.UndoAsync(Undo.Plain, Cancelled)).Result);
        _witness.Records = new(RecordsState.Absent, "");
        if (!wasThere) Assert.Equal(SetupResult.Waiting, (await run.UndoAsync(Undo.Plain, Cancelled)).Result);
        _clock.Pass(TimeSpan.FromSeconds(seconds - 1));
        Assert.Equal(SetupResult.Waiting, (await run.UndoAsync(Undo.Plain, Cancelled)).Result);
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(SetupResult.Undone, (await run.UndoAsync(Undo.Plain, Cancelled)).Result);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task The_rollover_that_rests_meanwhile_is_named_and_setup_lets_it_go_on()
    {
        var run = await SetUpAsync(new());
        _host.Host.Write("/etc/cron.d/danelaw", "*/5 * * * * root danelaw rollover run\n");
        var waiting = await run.UndoAsync(Undo.Plain, Cancelled);
        Assert.Equal("danelaw rollover would put the records back, and leaves the roll mx.example.org of /etc/danelaw/rollover.toml, which /etc/cron.d/danelaw runs, alone meanwhile; danelaw setup lets it go on.", waiting.Messages[^1]);
        Assert.True(IsAwaited);
        _clock.Pass(TimeSpan.FromHours(2));
        await run.ApplyAsync(await _host.PlanAsync() with { Steps = [], Obstacles = [] }, null, Cancelled);
        Assert.False(IsAwaited);

        // What it may have published since nobody has seen.
        Assert.Equal(SetupResult.Waiting, (await run.UndoAsync(Undo.Plain, Cancelled)).Result);
    }

    [Theory, Rfc(7671, "8.1")]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    public async Task What_several_setups_have_made_of_a_set_is_taken_back_as_one(bool stoodBefore, int published)
    {
        var ours = Enumerable.Range(0, 2).Select(_ => SetupHost.Record(_host.Host.Authority.Issue(new() { Name = "mx.example.org", Issuer = _host.Host.Root }))).ToArray();
        var before = stoodBefore ? TlsaSet.Of(SetupHost.Record(_host.Host.Root, usage: Dns.Records.TlsaUsage.DaneTa)) : TlsaSet.Empty;
        var (first, second) = (before.Union(TlsaSet.Of(ours[0])), before.Union(TlsaSet.Of(ours)));

        // The second was noted, and may not have come to be published.
        var master = new PublishTests.Master { Set = published == 0 ? before : published == 1 ? first : second };
        Directory.CreateDirectory(_host.Host.Here("/var/lib/danelaw/setup"));
        foreach (var (old, made) in new[] { (before, first), (first, second) })
        {
            var journal = Journal.Begin(_host.Host.Files, "/var/lib/danelaw/setup", _clock.Now);
            journal.Set(journal.Entry with { State = JournalState.Applied, Records = [JournalRecord.Of(new(Danelaw.Dns.Names.DomainName.Parse("_25._tcp.mx.example.org."), old, made, 3600)) with { IsPublished = true }] });
        }

        _witness.Records = new(RecordsState.Absent, "");
        var undone = await PublishTests.Run(_host, master, _witness, _clock).UndoAsync(Undo.Plain, Cancelled);
        Assert.True(undone.Result == SetupResult.Undone, string.Join('\n', undone.Messages));
        Assert.Equal(before, master.Set);
    }

    [Fact]
    public async Task An_undo_that_fails_lets_the_rollover_go_on()
    {
        var master = new PublishTests.Master();
        var run = await SetUpAsync(master);
        master.Outcome = Danelaw.Operator.Publishing.PublishOutcome.Refused;
        Assert.Equal(SetupResult.Failed, (await run.UndoAsync(Undo.Plain, Cancelled)).Result);
        Assert.False(IsAwaited);
    }

    private bool IsAwaited => Journal.Open(_host.Host.Files, "/var/lib/danelaw/setup").Any(journal => journal.Entry.IsUndoAwaited);

    [Fact, Rfc(7671, "8.1")]
    public async Task No_rollover_publishes_for_keys_that_are_being_taken_back()
    {
        using var scene = new RollScene();
        var first = scene.Offer();
        (scene.Shown, scene.Master) = (RollScene.SummaryOf(first), RollScene.RecordOf(first));
        await scene.RunAsync();
        Directory.CreateDirectory(scene.SetupJournals);
        var journal = Journal.Begin(new HostFiles("/"), scene.SetupJournals, scene.Clock.GetUtcNow());
        journal.Set(journal.Entry with { State = JournalState.Applied, IsUndoAwaited = true, Files = [new() { Path = scene.Roll.Chains[0].File, Origin = "/etc/letsencrypt/live/mx/privkey.pem" }] });
        scene.Master = TlsaSet.Empty;
        var rested = await scene.RunAsync();
        Assert.Equal((RollVerdict.Waiting, true), (rested.Verdict, scene.Master.IsEmpty));
        Assert.Contains("danelaw setup --undo is taking", Assert.Single(rested.Problems), StringComparison.Ordinal);
        Assert.EndsWith("goes on with the next danelaw rollover run: where a key is lost, run both at once", rested.Problems[0], StringComparison.Ordinal);
        Assert.Equal(rested.Problems, scene.Kept()!.Problems);

        journal.Set(journal.Entry with { IsUndoAwaited = false });
        await scene.RunAsync();
        Assert.Equal(RollScene.RecordOf(first), scene.Master);
    }
}
