using System.Globalization;
using System.Text.RegularExpressions;
using Danelaw.Lab.Authority;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Observing;
using Danelaw.Testing.Peers;

namespace Danelaw.Operator.Tests.Rollover.Running;

/// <summary>What a run finds out early, does once, says, and leaves to the next in time.</summary>
public sealed class RollCareTests : IDisposable
{
    private readonly RollScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task A_publisher_that_is_broken_is_told_while_nothing_is_to_be_published()
    {
        await _scene.BeginAsync();
        Assert.Equal(1, _scene.Rehearsals);
        await _scene.RunAsync();
        Assert.Equal(1, _scene.Rehearsals);

        // A day later the key is gone.
        _scene.Pass(TimeSpan.FromHours(25));
        _scene.Obstacle = "/etc/danelaw/tsig.key cannot be read: there is no such file";
        var broken = await _scene.RunAsync();
        Assert.Equal(RollVerdict.Done, broken.Verdict);
        Assert.Contains("nothing is to be published now, and nothing could be: _25._tcp.mx.example.org.: /etc/danelaw/tsig.key cannot be read: there is no such file. Mend it before the next key comes", Assert.Single(broken.Problems), StringComparison.Ordinal);
        Assert.Equal(broken.Problems, _scene.Kept()!.Problems);
        Assert.Contains("there is no such file", Assert.Single((await _scene.RunAsync(isAsked: true)).Problems), StringComparison.Ordinal);

        // As long as it is not mended every run tries again; then once a day.
        var tried = _scene.Rehearsals;
        _scene.Obstacle = "";
        Assert.Empty((await _scene.RunAsync()).Problems);
        Assert.Empty((await _scene.RunAsync()).Problems);
        Assert.Equal(tried + 1, _scene.Rehearsals);
    }

    [Fact]
    public async Task What_a_master_says_of_what_it_has_done_is_told_and_kept()
    {
        _scene.PublishedWith = "PowerDNS did not raise the zone's serial";
        await _scene.BeginAsync();
        Assert.Contains("; PowerDNS did not raise the zone's serial", _scene.History(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_reads_another_file_is_reloaded_once_and_told()
    {
        using var folder = new TestFolder("reloads");
        var first = await _scene.BeginAsync();
        for (var half = 0; half < 3; half++)
        {
            _scene.Pass(TimeSpan.FromMinutes(6));
            await _scene.RunAsync();
        }

        _scene.Roll = _scene.Roll with { Reload = [["/bin/sh", "-c", $"echo reloaded >> {folder["log"]}"]] };
        _scene.Offer(_scene.Issue(first));
        int Reloads() => File.ReadAllLines(folder["log"]).Length;
        await _scene.RunAsync();
        Assert.Equal(1, Reloads());
        await _scene.RunAsync();
        Assert.Equal(2, Reloads());
        _scene.Pass(TimeSpan.FromMinutes(5));
        var told = await _scene.RunAsync();
        Assert.Equal((2, RollVerdict.Waiting), (Reloads(), told.Verdict));
        Assert.Contains(told.Problems, problem => problem.Contains("although the reload at 2026-06-01 12:", StringComparison.Ordinal) && problem.Contains("It is not reloaded again before a day is over", StringComparison.Ordinal));
        Assert.Empty((await _scene.RunAsync(isAsked: true)).Planned);

        // A day later it is tried again.
        _scene.Pass(TimeSpan.FromHours(25));
        await _scene.RunAsync();
        Assert.Equal(3, Reloads());
    }

    [Theory]
    [InlineData("/etc/old.pem", "postfix is told to read /etc/old.pem (/etc/postfix/main.cf:5), not /var/lib/danelaw/chains/mx.pem; danelaw setup moves it")]
    [InlineData("/var/lib/danelaw/chains/mx.pem", "postfix is told to read /var/lib/danelaw/chains/mx.pem (/etc/postfix/main.cf:5), and shows what it read before, or something else answers there: restart it")]
    [InlineData("", "its server reads another file than /var/lib/danelaw/chains/mx.pem, or something else answers there; danelaw doctor says which file each server reads")]
    public async Task Which_file_a_server_reads_is_what_doctor_finds(string read, string told)
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/main.cf", HostFolder.MainCf.Replace($"smtpd_tls_chain_files = {HostFolder.ChainFile}", read.Length > 0 ? $"smtpd_tls_chain_files = {read}" : "", StringComparison.Ordinal));
        var files = await ReadFiles.ReadAsync(host.Files, TestContext.Current.CancellationToken);
        Assert.Equal(told, files.ReasonOf(new("192.0.2.25:25 (mx.example.org)", "any", ChainFile.Digest([1])), "/var/lib/danelaw/chains/mx.pem"));
    }

    [Fact]
    public async Task Before_a_roll_is_taken_up_all_that_the_first_run_does_is_told()
    {
        var first = _scene.Offer();
        _scene.Shown = RollScene.SummaryOf(first);
        var asked = await _scene.RunAsync(isAsked: true);
        Assert.Contains("taken up with key ", asked.TakenUp, StringComparison.Ordinal);
        Assert.Equal(["Install", "Publish"], asked.Planned.Select(action => action.GetType().Name));
        Assert.False(File.Exists(_scene.ChainPath));
        Assert.Equal(0, _scene.Publications);

        // That is what it does.
        await _scene.RunAsync();
        Assert.True(File.Exists(_scene.ChainPath));
        Assert.Equal(1, _scene.Publications);
        Assert.Null((await _scene.RunAsync(isAsked: true)).TakenUp);
    }

    [Fact]
    public async Task A_standby_key_whose_record_is_not_published_yet_is_waited_for()
    {
        await _scene.BeginAsync();
        Assert.Null(_scene.Runner().MakeStandby(_scene.Roll, false).Fault);
        Assert.Equal(RolloverWait.Servers, _scene.Kept()!.Wait);
        Assert.Equal(RollVerdict.Done, (await _scene.RunAsync()).Verdict);
        Assert.Equal(RolloverWait.Nothing, _scene.Kept()!.Wait);
    }

    [Fact]
    public async Task After_its_time_a_run_begins_nothing_more()
    {
        await _scene.BeginAsync();
        var runner = _scene.Runner(options => options with { Looking = _ => _scene.Clock.Advance(options.Limit) });
        var results = await runner.RunAllAsync([_scene.Roll, _scene.Roll with { Name = "other" }], TestContext.Current.CancellationToken);
        Assert.Single(results, result => result.Verdict == RollVerdict.Done);
        Assert.Single(results, result => result.Problems.Contains("it was not looked at: the run had taken its 7 min, and the next run looks at this roll first"));
    }

    [Fact]
    public async Task What_hangs_is_ended_before_systemd_would_end_the_run()
    {
        await _scene.BeginAsync();
        _scene.IsHanging = true;
        var options = new RunnerOptions();
        var running = _scene.Runner().RunAsync(_scene.Roll, TestContext.Current.CancellationToken);
        _scene.Clock.Advance(options.Limit + options.Grace);
        var ended = await running;
        Assert.Equal((RollVerdict.Waiting, RolloverPhase.Steady), (ended.Verdict, ended.Kept!.State.Phase));
        Assert.Contains("was ended, 9 min after the run had begun", Assert.Single(ended.Problems), StringComparison.Ordinal);
        var unit = File.ReadAllText(Path.Combine(Repository.Root, "packaging", "systemd", "danelaw-rollover.service"));
        Assert.Equal(options.Limit + options.Grace + TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(int.Parse(Regex.Match(unit, "^TimeoutStartSec=(\\d+)min$", RegexOptions.Multiline).Groups[1].Value, CultureInfo.InvariantCulture)));
    }

    [Theory, Rfc(7671, "8.1")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_roll_with_one_chain_file_changes_its_algorithm(bool isToEcdsa)
    {
        var (old, young) = isToEcdsa ? (LabKeyKind.Rsa2048, LabKeyKind.P256) : (LabKeyKind.P256, LabKeyKind.Rsa2048);
        var first = _scene.Offer(_scene.Issue(kind: old));
        _scene.Shown = RollScene.SummaryOf(first);
        Assert.Equal(RollVerdict.Done, (await _scene.RunAsync()).Verdict);
        var second = _scene.Offer(_scene.Issue(kind: young));
        Assert.Equal(RollVerdict.Done, (await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(2))).Verdict);
        Assert.Equal((RollScene.SummaryOf(second).PublicKey, RollScene.RecordOf(second)), (_scene.Shown!.PublicKey, _scene.Master));
    }
}
