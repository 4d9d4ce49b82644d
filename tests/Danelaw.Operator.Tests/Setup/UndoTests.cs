using Danelaw.Operator.Rollover.Keeping;
using Danelaw.Operator.Setup;

namespace Danelaw.Operator.Tests.Setup;

/// <summary>What keeps a setup from being taken back, and what is shown before it is.</summary>
public sealed class UndoTests
{
    private const string Elsewhere = """
        state = "/var/lib/danelaw/other.db"

        [[roll]]
        name = "mx"
        owners = ["smtp://mx.example.org:25"]
        reload = []

        [[roll.chain]]
        file = "/var/lib/danelaw/chains/mx.example.org/ecdsa.pem"
        offers = ["/etc/letsencrypt/live/mx"]

        [roll.publisher]
        kind = "manual"

        """;

    private static SetupRun Run(SetupHost host, ScriptedPrograms? programs = null, ScriptedWitness? witness = null, SetClock? clock = null) =>
        (clock ?? new()).Run(host, programs ?? new(), witness ?? new() { Records = new(RecordsState.Absent, "") }, renewal: new TakenUp());

    private static async Task<SetupHost> SetUpAsync(bool wantsRollover = false, bool hasSystemd = false)
    {
        var host = new SetupHost { Published = [], Options = new() { WantsRollover = wantsRollover } };
        if (hasSystemd) host.Host.Write("/run/systemd/system/here", "").Write("/etc/systemd/system/here", "");
        var outcome = await Run(host).ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken);
        Assert.True(outcome.Result == SetupResult.Waiting, string.Join('\n', outcome.Messages));
        return host;
    }

    [Theory]
    [InlineData("/etc/danelaw/rollover.toml", null, "")]
    [InlineData("/etc/danelaw/mine.toml", null, "")]
    [InlineData("/root/rolls.toml", "/etc/cron.d/mail", "*/5 * * * * root danelaw rollover run --config /root/rolls.toml\n")]
    [InlineData("/root/rolls.toml", "/etc/systemd/system/rolls.service", "[Service]\nExecStart=/usr/bin/danelaw rollover watch --config=/root/rolls.toml\n")]
    public async Task Settings_that_are_not_setups_and_look_after_its_chain_files_keep_everything_as_it_is(string settings, string? caller, string text)
    {
        using var host = await SetUpAsync();
        host.Host.Write(settings, Elsewhere);
        if (caller is not null) host.Host.Write(caller, text);
        var before = host.Picture();
        var refused = await Run(host).UndoAsync(Undo.Forced, TestContext.Current.CancellationToken);
        Assert.Equal((SetupResult.Refused, before), (refused.Result, host.Picture()));
        Assert.StartsWith($"{settings} is not setup's, and its roll mx looks after /var/lib/danelaw/chains/mx.example.org/ecdsa.pem{(caller is null ? "" : $"; {caller} runs it")}: ", Assert.Single(refused.Messages), StringComparison.Ordinal);
        File.Delete(host.Host.Here(settings));
        Assert.Equal(SetupResult.Undone, (await Run(host).UndoAsync(Undo.NeverPublished, TestContext.Current.CancellationToken)).Result);
    }

    [Fact]
    public async Task A_line_that_is_out_of_force_runs_nothing_and_settings_for_other_files_are_no_matter()
    {
        using var host = await SetUpAsync();
        host.Host.Write("/root/rolls.toml", Elsewhere).Write("/etc/crontab", "# */5 * * * * root danelaw rollover run --config /root/rolls.toml\n");
        host.Host.Write("/etc/danelaw/rollover.toml", Elsewhere.Replace("/var/lib/danelaw/chains/mx.example.org", "/etc/ssl/own", StringComparison.Ordinal));
        Assert.Equal(SetupResult.Undone, (await Run(host).UndoAsync(Undo.NeverPublished, TestContext.Current.CancellationToken)).Result);
    }

    [Theory]
    [InlineData("danelaw\0rollover\0watch\0")]
    [InlineData("/usr/bin/dotnet\0/opt/danelaw/Danelaw.Cli.dll\0rollover\0watch\0--every\010s\0")]
    public async Task A_rollover_that_watches_is_said_with_its_process(string command)
    {
        using var host = await SetUpAsync(wantsRollover: true);
        host.Host.Write("/proc/77/cmdline", command).Link("/proc/77/root", host.Host.Path);
        var before = host.Picture();
        var refused = await Run(host).UndoAsync(Undo.Forced, TestContext.Current.CancellationToken);
        Assert.Equal((SetupResult.Refused, before), (refused.Result, host.Picture()));
        Assert.Contains("danelaw rollover watch (process 77)", Assert.Single(refused.Messages), StringComparison.Ordinal);
        Assert.Contains("kill 77", refused.Messages[0], StringComparison.Ordinal);

        // That of a container has files of its own.
        File.Delete(host.Host.Here("/proc/77/root"));
        Directory.CreateDirectory(host.Host.Here("/elsewhere/var/lib/danelaw"));
        host.Host.Link("/proc/77/root", host.Host.Here("/elsewhere"));
        Assert.Equal(SetupResult.Undone, (await Run(host).UndoAsync(Undo.NeverPublished, TestContext.Current.CancellationToken)).Result);
    }

    [Fact]
    public async Task Setup_does_not_take_up_a_rollover_beside_one_that_watches()
    {
        using var host = new SetupHost { Published = [], Options = new() { WantsRollover = true } };
        host.Host.Write("/var/lib/danelaw/rollover.db", "").Write("/proc/77/cmdline", "danelaw\0rollover\0watch\0").Link("/proc/77/root", host.Host.Path);
        var plan = await host.PlanAsync();
        Assert.DoesNotContain(plan.Steps, step => step.Stage == SetupStage.Rollover);
        Assert.Contains(plan.Obstacles, obstacle => obstacle is { IsFatal: false } && obstacle.What.Contains("process 77", StringComparison.Ordinal) && obstacle.ToDo.Contains("kill 77", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_a_run_is_at_work_nothing_is_taken_back()
    {
        using var host = await SetUpAsync(wantsRollover: true, hasSystemd: true);
        using (RolloverStore.Open(host.Host.Here("/var/lib/danelaw/rollover.db")))
        {
            var before = host.Picture();
            var programs = new ScriptedPrograms();
            var refused = await Run(host, programs).UndoAsync(Undo.NeverPublished, TestContext.Current.CancellationToken);
            Assert.Equal((SetupResult.Refused, before), (refused.Result, host.Picture()));

            // Nor is what looks after the keys stopped for good.
            Assert.Empty(programs.Calls);
            Assert.Contains("is at work on these keys", Assert.Single(refused.Messages), StringComparison.Ordinal);
        }

        Assert.Equal(SetupResult.Undone, (await Run(host).UndoAsync(Undo.NeverPublished, TestContext.Current.CancellationToken)).Result);
    }

    [Fact]
    public async Task A_timer_that_is_not_setups_rests_meanwhile_and_goes_on_afterwards()
    {
        using var host = await SetUpAsync();
        host.Host.Write("/run/systemd/system/here", "");
        var programs = new ScriptedPrograms();
        Assert.Equal(SetupResult.Undone, (await Run(host, programs).UndoAsync(Undo.NeverPublished, TestContext.Current.CancellationToken)).Result);
        Assert.Equal(["systemctl is-active danelaw-rollover.timer", "systemctl stop danelaw-rollover.timer danelaw-rollover.service", "systemctl start danelaw-rollover.timer"], programs.Calls.Where(call => call.StartsWith("systemctl", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task It_is_shown_without_a_trace_what_would_be_done()
    {
        using var host = await SetUpAsync(wantsRollover: true);
        var main = host.Host.Here("/etc/postfix/main.cf");
        await File.AppendAllTextAsync(main, "relayhost = [mail.example.net]\n", TestContext.Current.CancellationToken);
        var before = Everything(host);
        var preview = await Run(host).PreviewUndoAsync(Undo.Plain, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Refused, preview.Result);
        preview = await Run(host).PreviewUndoAsync(Undo.NeverPublished with { IsForced = true }, TestContext.Current.CancellationToken);
        Assert.Equal((SetupResult.Undone, 1), (preview.Result, preview.Records.Length));
        var shown = Assert.Single(preview.Files, file => file.File == "/etc/postfix/main.cf");
        Assert.True(shown.IsForeign);
        Assert.Contains("-relayhost = [mail.example.net]", shown.Difference);
        Assert.Contains("+smtpd_tls_chain_files = /etc/postfix/tls/mx.pem", shown.Difference);
        Assert.Contains(preview.Files, file => file is { Action: UndoneAction.TakenAway, Difference.IsEmpty: true, File: "/var/lib/danelaw/chains/mx.example.org/ecdsa.pem" });
        Assert.Contains("postfix reload", preview.Reloads.Select(reload => reload.Command));
        Assert.Equal(before, Everything(host));

        static string Everything(SetupHost host) => string.Join('\n', Directory.EnumerateFileSystemEntries(host.Host.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => path + " " + File.GetLastWriteTimeUtc(path).Ticks));
    }

    [Fact]
    public async Task Records_that_several_setups_have_shown_are_told_once()
    {
        using var host = await SetUpAsync();
        await Run(host).ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken);
        Assert.Single((await Run(host).PreviewUndoAsync(Undo.NeverPublished, TestContext.Current.CancellationToken)).Records);
    }

    [Fact]
    public async Task Records_that_stay_behind_are_waited_for_by_nobody_but_the_operator()
    {
        using var host = await SetUpAsync();
        var witness = new ScriptedWitness();

        // The servers show the same key as before, so that nothing stops; what a renewal will do is said.
        var undone = await Run(host, witness: witness).UndoAsync(Undo.Plain, TestContext.Current.CancellationToken);
        Assert.Equal((SetupResult.Waiting, true), (undone.Result, undone.ArePutBack));
        Assert.Contains("In your zone: take 3 1 1 ", Assert.Single(undone.Messages), StringComparison.Ordinal);
        Assert.Contains("the next renewal", undone.Messages[0], StringComparison.Ordinal);

        // A person has put them into the zone: undo would not take them out with a publisher either.
        Assert.DoesNotContain("--publisher", undone.Messages[0], StringComparison.Ordinal);
    }
}
