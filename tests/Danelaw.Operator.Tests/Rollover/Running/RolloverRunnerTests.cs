using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Keeping;
using Danelaw.Operator.Rollover.Observing;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Probes;

namespace Danelaw.Operator.Tests.Rollover.Running;

public sealed class RolloverRunnerTests : IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds((2 * RollScene.TimeToLive) + 60);

    private readonly RollScene _scene = new();

    public void Dispose() => _scene.Dispose();

    /// <summary>So long that every cache has what is published.</summary>
    private async Task WaitOutAsync()
    {
        for (var half = 0; half < 2; half++)
        {
            _scene.Pass(Wait / 2);
            await _scene.RunAsync();
        }
    }

    [Fact]
    public async Task What_is_shown_and_offered_is_taken_up_published_and_put_into_the_chain_file()
    {
        var first = await _scene.BeginAsync();
        Assert.Equal(RollScene.RecordOf(first), _scene.Master);
        var text = File.ReadAllText(_scene.ChainPath);
        Assert.StartsWith(first.PrivateKeyToPem().Split('\n')[0], text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("BEGIN CERTIFICATE").Length - 1);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_scene.ChainPath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_scene.StatePath));
    }

    [Fact]
    public async Task A_second_run_changes_nothing()
    {
        await _scene.BeginAsync();
        var written = File.GetLastWriteTimeUtc(_scene.ChainPath);
        var published = _scene.Publications;
        var again = await _scene.RunAsync();
        Assert.Equal(RollVerdict.Done, again.Verdict);
        Assert.Empty(again.Done);
        Assert.Equal((written, published), (File.GetLastWriteTimeUtc(_scene.ChainPath), _scene.Publications));
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task A_new_key_is_published_waited_for_deployed_and_the_old_one_retired()
    {
        var first = await _scene.BeginAsync();
        var second = _scene.Offer();
        var announced = await _scene.RunAsync();
        Assert.Equal(RollVerdict.Waiting, announced.Verdict);
        Assert.Equal(RollScene.RecordOf(first).Union(RollScene.RecordOf(second)), _scene.Master);
        Assert.Equal((RolloverPhase.Waiting, RolloverWait.Caches, Wait), (announced.Kept!.State.Phase, announced.Kept.Wait, announced.Kept.Remaining));
        _scene.Pass(Wait / 2);
        await _scene.RunAsync();
        _scene.Pass((Wait / 2) - TimeSpan.FromSeconds(1));
        Assert.Equal(RolloverPhase.Waiting, (await _scene.RunAsync()).Kept!.State.Phase);
        Assert.Equal(RollScene.SummaryOf(first).PublicKey, _scene.Shown!.PublicKey);
        _scene.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(RollVerdict.Done, (await _scene.RunAsync()).Verdict);
        Assert.Equal(RollScene.SummaryOf(second).PublicKey, _scene.Shown!.PublicKey);
        Assert.Equal(RollScene.RecordOf(second), _scene.Master);
        var history = _scene.History();
        foreach (var told in new[] { "is to follow key", "every authoritative server has the records", "is being deployed", "every endpoint shows the new key", "published alone", "reloaded: /usr/bin/touch" }) Assert.Contains(told, history, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_for_the_same_key_is_deployed_at_once_and_nothing_is_published()
    {
        var first = await _scene.BeginAsync();
        var published = _scene.Publications;
        await WaitOutAsync();
        _scene.Pass(TimeSpan.FromDays(60));
        var renewed = _scene.Offer(_scene.Issue(first));
        Assert.Equal(RollVerdict.Done, (await _scene.RunAsync()).Verdict);
        Assert.Equal(ChainFile.Digest(renewed.Der.Span), _scene.LeafShown);
        Assert.Equal(published, _scene.Publications);
    }

    [Fact]
    public async Task A_renewal_that_was_kept_but_not_installed_is_installed_by_the_next_run()
    {
        var first = await _scene.BeginAsync();
        var old = File.ReadAllText(_scene.ChainPath);
        await WaitOutAsync();
        var renewed = _scene.Offer(_scene.Issue(first));
        await _scene.RunAsync();
        File.WriteAllText(_scene.ChainPath, old);
        Assert.Equal(RollVerdict.Done, (await _scene.RunAsync()).Verdict);
        Assert.Contains(renewed.ToPem().Split('\n')[3], File.ReadAllText(_scene.ChainPath), StringComparison.Ordinal);
        Assert.Equal(ChainFile.Digest(renewed.Der.Span), _scene.LeafShown);
    }

    [Fact]
    public async Task Nothing_is_deployed_while_one_server_is_stuck_however_long()
    {
        var first = await _scene.BeginAsync();
        _scene.Offer();
        _scene.Stuck = 1;
        for (var day = 0; day < 30; day++)
        {
            Assert.Equal(RollVerdict.Waiting, (await _scene.RunAsync()).Verdict);
            _scene.Pass(TimeSpan.FromDays(1));
        }

        Assert.Equal(RollScene.SummaryOf(first).PublicKey, _scene.Shown!.PublicKey);
        Assert.Equal(RolloverPhase.Announcing, _scene.Kept()!.State.Phase);
        _scene.Stuck = -1;
        Assert.Equal(RollVerdict.Done, (await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1))).Verdict);
    }

    [Fact]
    public async Task The_time_in_which_a_server_is_silent_does_not_count()
    {
        await _scene.BeginAsync();
        _scene.Offer();
        await _scene.RunAsync();
        _scene.Silent = 0;
        _scene.Pass(TimeSpan.FromHours(1));
        var silent = await _scene.RunAsync();
        Assert.Equal((RollVerdict.Waiting, RolloverWait.Servers), (silent.Verdict, silent.Kept!.Wait));
        _scene.Silent = -1;
        Assert.Equal(Wait, (await _scene.RunAsync()).Kept!.Remaining);
    }

    [Fact]
    public async Task A_reboot_lets_the_wait_begin_where_it_was()
    {
        await _scene.BeginAsync();
        _scene.Offer();
        await _scene.RunAsync();
        _scene.Pass(TimeSpan.FromMinutes(5));
        await _scene.RunAsync();
        _scene.Forget();
        _scene.Reboot();
        _scene.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(Wait - TimeSpan.FromMinutes(5), (await _scene.RunAsync()).Kept!.Remaining);
    }

    [Fact]
    public async Task What_the_client_writes_over_while_a_roll_waits_is_not_lost()
    {
        await _scene.BeginAsync();
        var second = _scene.Offer();
        await _scene.RunAsync();
        var third = _scene.Offer();
        _scene.Forget();
        Assert.Equal(RollVerdict.Done, (await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1))).Verdict);
        Assert.Equal(RollScene.RecordOf(third), _scene.Master);
        Assert.Contains(RollScene.RecordOf(second).Records[0].Data.ToHex()[..16], _scene.History(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_was_retired_is_no_offer_any_more()
    {
        var first = await _scene.BeginAsync();
        var second = _scene.Offer();
        await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1));
        _scene.Offer(first);
        Assert.Equal(RollVerdict.Done, (await _scene.RunAsync()).Verdict);
        Assert.Equal(RollScene.RecordOf(second), _scene.Master);
    }

    [Fact]
    public async Task A_chain_file_that_somebody_altered_is_put_right_before_a_server_reads_it()
    {
        await _scene.BeginAsync();
        var right = File.ReadAllText(_scene.ChainPath);
        File.WriteAllText(_scene.ChainPath, "nonsense");
        Assert.Equal(RollVerdict.Done, (await _scene.RunAsync()).Verdict);
        Assert.Equal(right, File.ReadAllText(_scene.ChainPath));
        File.Delete(_scene.ChainPath);
        Assert.Equal(RollVerdict.Done, (await _scene.RunAsync()).Verdict);
        Assert.Equal(right, File.ReadAllText(_scene.ChainPath));
    }

    [Fact, Rule("R68"), Rfc(7671, "8.2")]
    public async Task Other_records_for_the_same_chain_are_announced_before_the_old_ones_go()
    {
        await _scene.BeginAsync();
        _scene.Roll = _scene.Roll with { Records = [RecordKind.Default, new(Danelaw.Dns.Records.TlsaUsage.DaneTa, Danelaw.Dns.Records.TlsaSelector.PublicKey, Danelaw.Dns.Records.TlsaMatching.Sha256)] };
        Assert.Equal(RollVerdict.Done, (await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1))).Verdict);
        Assert.Equal([2, 3], _scene.Master.Records.Select(record => (int)record.Usage));
        _scene.Roll = _scene.Roll with { Records = [new(Danelaw.Dns.Records.TlsaUsage.DaneTa, Danelaw.Dns.Records.TlsaSelector.PublicKey, Danelaw.Dns.Records.TlsaMatching.Sha256)] };
        Assert.Equal(RollVerdict.Done, (await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1))).Verdict);
        Assert.Equal([2], _scene.Master.Records.Select(record => (int)record.Usage));
    }

    [Fact]
    public async Task A_publisher_that_refuses_is_a_failure_and_one_that_is_silent_a_wait()
    {
        await _scene.BeginAsync();
        var before = _scene.Master;
        _scene.Offer();
        _scene.PublishedAs = PublishOutcome.Refused;
        var refused = await _scene.RunAsync();
        Assert.Equal(RollVerdict.Failed, refused.Verdict);
        Assert.Contains("the key is not allowed to", Assert.Single(refused.Faults), StringComparison.Ordinal);
        _scene.PublishedAs = PublishOutcome.Unreachable;
        Assert.Equal(RollVerdict.Waiting, (await _scene.RunAsync()).Verdict);
        Assert.Equal(before, _scene.Master);
        _scene.PublishedAs = PublishOutcome.Done;
        Assert.Equal(RollVerdict.Done, (await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1))).Verdict);
    }

    [Theory]
    [InlineData("/bin/false", "failed with status 1")]
    [InlineData("/no/such/program", "there is no such program")]
    public async Task A_reload_that_fails_is_told_and_done_again(string program, string told)
    {
        await _scene.BeginAsync();
        var reload = _scene.Roll.Reload;
        _scene.Offer();
        await _scene.RunAsync();
        _scene.Roll = _scene.Roll with { Reload = [[program]] };
        _scene.Pass(TimeSpan.FromHours(1));
        await _scene.RunAsync();
        _scene.Pass(TimeSpan.FromHours(1));
        var failed = await _scene.RunAsync();
        Assert.Equal(RollVerdict.Failed, failed.Verdict);
        Assert.Contains(failed.Faults, fault => fault.Contains(told, StringComparison.Ordinal));
        _scene.Roll = _scene.Roll with { Reload = reload };
        Assert.Equal(RollVerdict.Done, (await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1))).Verdict);
    }

    [Fact]
    public async Task An_offer_whose_key_and_certificate_do_not_belong_together_harms_nobody_and_is_told()
    {
        var first = await _scene.BeginAsync();
        _scene.WriteLive("privkey.pem", _scene.Issue().PrivateKeyToPem());
        var result = await _scene.RunAsync();
        Assert.Equal(RollVerdict.Failed, result.Verdict);
        Assert.Contains("do not belong together", Assert.Single(result.Faults), StringComparison.Ordinal);
        Assert.Equal(RollScene.RecordOf(first), _scene.Master);
    }

    [Fact]
    public async Task A_host_that_shows_another_key_than_its_chain_file_is_not_taken_up()
    {
        _scene.Offer();
        _scene.Shown = RollScene.SummaryOf(_scene.Issue());
        var result = await _scene.RunAsync();
        Assert.Equal(RollVerdict.Failed, result.Verdict);
        Assert.Contains("shows another key", Assert.Single(result.Faults), StringComparison.Ordinal);
        Assert.False(File.Exists(_scene.ChainPath));
        Assert.Equal(0, _scene.Publications);
    }

    [Fact]
    public async Task A_server_that_is_down_is_not_taken_up_with_a_key_that_the_records_contradict()
    {
        _scene.Offer();
        _scene.Master = RollScene.RecordOf(_scene.Issue());
        var result = await _scene.RunAsync();
        Assert.Equal(RollVerdict.Waiting, result.Verdict);
        Assert.False(File.Exists(_scene.ChainPath));
        _scene.Master = TlsaSet.Empty;
        Assert.Equal(RollVerdict.Done, (await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1))).Verdict);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task Records_of_somebody_else_stay_unless_they_are_to_go(bool stay, int count)
    {
        var other = _scene.Issue();
        var first = _scene.Offer();
        _scene.Shown = RollScene.SummaryOf(first);
        _scene.Master = RollScene.RecordOf(other).Union(RollScene.RecordOf(first));
        _scene.Roll = _scene.Roll with { KeepsForeign = stay };
        Assert.Equal(RollVerdict.Done, (await _scene.RunAsync()).Verdict);
        Assert.Equal(count, _scene.Master.Records.Length);
    }

    [Fact]
    public async Task A_host_that_is_not_alone_with_its_key_is_refused_with_the_reason()
    {
        await _scene.BeginAsync();
        _scene.Refusal = "several hosts that share one key";
        _scene.Offer();
        var result = await _scene.RunAsync();
        Assert.Equal((RollVerdict.Failed, "several hosts that share one key"), (result.Verdict, result.Faults[0]));
        Assert.Equal(RolloverPhase.Steady, _scene.Kept()!.State.Phase);

        // What that look has seen of the servers is kept.
        _scene.Silent = 1;
        await _scene.RunAsync();
        Assert.Equal([false, true], _scene.Kept()!.State.Servers.OrderBy(known => known.Server, StringComparer.Ordinal).Select(known => known.IsSilent));
    }

    [Fact]
    public async Task A_certificate_that_ends_before_the_roll_can_is_told_early()
    {
        var first = _scene.Offer(_scene.Issue(validFor: TimeSpan.FromDays(2)));
        _scene.Shown = RollScene.SummaryOf(first);
        Assert.Contains((await _scene.RunAsync()).Problems, problem => problem.Contains("let the ACME client renew it now", StringComparison.Ordinal));
        _scene.Pass(TimeSpan.FromDays(2) - TimeSpan.FromMinutes(5));
        _scene.Offer();
        Assert.Contains((await _scene.RunAsync()).Problems, problem => problem.Contains("expires in 5 min, and the next key can be shown in 11 min at the earliest", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_would_be_done_can_be_asked_and_nothing_is_done()
    {
        await _scene.BeginAsync();
        var before = _scene.Master;
        _scene.Offer();
        var asked = await _scene.RunAsync(isAsked: true);
        Assert.IsType<RolloverAction.Publish>(Assert.Single(asked.Planned));
        Assert.Equal((before, RolloverPhase.Steady), (_scene.Master, _scene.Kept()!.State.Phase));
    }

    [Fact]
    public async Task A_standby_key_is_published_always_and_takes_the_place_of_a_lost_one_at_once()
    {
        var first = await _scene.BeginAsync();
        var (requests, fault) = _scene.Runner().MakeStandby(_scene.Roll, false);
        Assert.Null(fault);
        Assert.StartsWith("-----BEGIN CERTIFICATE REQUEST-----", File.ReadAllText(Assert.Single(requests)), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_scene.StandbyPath, "mx.key")));
        Assert.NotNull(_scene.Runner().MakeStandby(_scene.Roll, false).Fault);
        Assert.Equal(RollVerdict.Done, (await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1))).Verdict);
        Assert.Equal(2, _scene.Master.Records.Length);
        await WaitOutAsync();

        var (path, none) = _scene.Runner().DeclareEmergency(_scene.Roll, false);
        Assert.Null(none);
        Assert.Contains("is replaced at once by the standby key", Assert.Single(path), StringComparison.Ordinal);
        Assert.Equal(RollVerdict.Done, (await _scene.RunAsync()).Verdict);
        Assert.NotEqual(RollScene.SummaryOf(first).PublicKey, _scene.Shown!.PublicKey);
        Assert.DoesNotContain(RollScene.RecordOf(first).Records[0], _scene.Master.Records);

        // Once more, in a hurry, would burn the key that has just saved the day.
        Assert.Contains("took the place of a lost one; nothing was altered", _scene.Runner().DeclareEmergency(_scene.Roll, false).Fault, StringComparison.Ordinal);

        // What the client still has is the lost key, and it is not taken up again; a certificate with a new key is.
        Assert.Equal(RollVerdict.Done, (await _scene.RunAsync()).Verdict);
        var second = _scene.Offer();
        Assert.Equal(RollVerdict.Done, (await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1))).Verdict);
        Assert.Equal(RollScene.RecordOf(second), _scene.Master);
    }

    [Fact]
    public async Task A_standby_key_that_not_every_cache_knows_waits_for_its_time()
    {
        var first = await _scene.BeginAsync();
        _scene.Runner().MakeStandby(_scene.Roll, false);
        await _scene.RunAsync();
        Assert.Contains("the standby key takes the place of the key in 11 min", Assert.Single(_scene.Runner().DeclareEmergency(_scene.Roll, false).Path), StringComparison.Ordinal);
        Assert.Equal(RollVerdict.Waiting, (await _scene.RunAsync()).Verdict);
        Assert.Equal(RollScene.SummaryOf(first).PublicKey, _scene.Shown!.PublicKey);
        Assert.Equal(RollVerdict.Done, (await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1))).Verdict);
        Assert.Single(_scene.Master.Records);
    }

    [Fact]
    public async Task The_lost_key_is_the_one_that_is_shown_or_the_one_that_is_named()
    {
        var first = await _scene.BeginAsync();
        var second = _scene.Offer();
        var reload = _scene.Roll.Reload;
        _scene.Roll = _scene.Roll with { Reload = [] };
        for (var half = 0; half < 3; half++)
        {
            await _scene.RunAsync();
            _scene.Pass(Wait / 2);
        }

        await _scene.RunAsync();
        Assert.Equal(RolloverPhase.Deploying, _scene.Kept()!.State.Phase);
        _scene.Roll = _scene.Roll with { Reload = reload };
        Assert.NotNull(_scene.Runner().DeclareEmergency(_scene.Roll, false, "0123456789abcdef").Fault);
        Assert.Empty(_scene.Kept()!.State.Retired);
        var (one, two) = (ChainFile.Digest(first.PublicKeyInfo.Span), ChainFile.Digest(second.PublicKeyInfo.Span));
        _scene.Runner().DeclareEmergency(_scene.Roll, false, one.ToHex()[..16]);
        Assert.Equal([one], _scene.Kept()!.State.Retired);

        // Either may be what a server shows: which of them is lost, somebody has to say.
        Assert.Contains($"--key {two.ToHex()[..8]} or --key {one.ToHex()[..8]}", _scene.Runner().DeclareEmergency(_scene.Roll, false).Fault, StringComparison.Ordinal);
        Assert.Equal([one], _scene.Kept()!.State.Retired);
        _scene.Runner().DeclareEmergency(_scene.Roll, false, two.ToHex()[..8]);
        Assert.Equal([one, two], _scene.Kept()!.State.Retired);
    }

    [Fact]
    public async Task The_lost_key_is_the_one_that_has_taken_the_place_though_the_old_one_is_still_published()
    {
        await _scene.BeginAsync();
        var second = _scene.Offer();
        for (var run = 0; run < 20 && _scene.Kept()!.State.Phase != RolloverPhase.Retiring; run++)
        {
            await _scene.RunAsync();

            // One server has what was announced, and takes nothing further.
            if (_scene.Kept()!.State.Phase == RolloverPhase.Waiting) _scene.Stuck = 0;
            _scene.Pass(Wait / 2);
        }

        Assert.Equal(RolloverPhase.Retiring, _scene.Kept()!.State.Phase);
        Assert.Equal("", _scene.Runner().DeclareEmergency(_scene.Roll, false).Fault ?? "");
        Assert.Equal([ChainFile.Digest(second.PublicKeyInfo.Span)], _scene.Kept()!.State.Retired);
    }

    [Fact]
    public async Task A_watch_of_months_reads_as_much_at_its_last_look_as_at_its_first()
    {
        await _scene.BeginAsync();
        var files = new HostFiles("/") { MaximumTotal = 50_000 };
        for (var look = 0; look < 20; look++)
        {
            var result = await _scene.Runner(with => with with { Files = files }).RunAsync(_scene.Roll, TestContext.Current.CancellationToken);
            Assert.Equal((RollVerdict.Done, "", ""), (result.Verdict, string.Join(' ', result.Done), string.Join(' ', result.Faults)));
        }
    }

    [Fact]
    public async Task A_publisher_that_hangs_keeps_no_lost_key_in_use()
    {
        var first = await _scene.BeginAsync();
        Assert.Null(_scene.Runner().MakeStandby(_scene.Roll, false).Fault);
        for (var half = 0; half < 4; half++)
        {
            await _scene.RunAsync();
            _scene.Pass(Wait / 2);
        }

        await _scene.RunAsync();
        _scene.Roll = _scene.Roll with { Owners = [.. new[] { 25, 465, 587, 993, 995 }.Select(port => CheckTarget.Service(DomainName.Parse("mx.example.org."), (ushort)port, ServiceProtocol.Smtp))] };
        _scene.Hangs = TimeSpan.FromMinutes(2);
        Assert.Null(_scene.Runner().DeclareEmergency(_scene.Roll, false).Fault);
        var reads = _scene.Reads;
        await _scene.RunAsync();
        Assert.NotEqual(ChainFile.Digest(first.PublicKeyInfo.Span), _scene.Kept()!.State.Slots[0].Chains.Last().Key);
        Assert.DoesNotContain(first.ToPem().Trim(), await File.ReadAllTextAsync(_scene.ChainPath, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.InRange(_scene.Reads - reads, 1, 2);
    }

    [Fact]
    public async Task Whoever_waits_for_the_state_does_not_wait_for_what_a_look_would_begin()
    {
        await _scene.BeginAsync();
        _scene.Offer();
        var runner = _scene.Runner();
        Task<RolloverStore?>? waiting = null;
        _scene.WhileLooking = async () =>
        {
            waiting ??= RolloverStore.OpenAsync(_scene.StatePath, TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken);
            while (!File.Exists(_scene.StatePath + ".wanted")) await Task.Yield();
        };
        var before = _scene.Publications;
        Assert.Equal(RollVerdict.Waiting, (await runner.RunAsync(_scene.Roll, TestContext.Current.CancellationToken)).Verdict);
        Assert.Equal((before, RolloverPhase.Announcing), (_scene.Publications, _scene.Kept()!.State.Phase));
        _scene.Forget();
        (await waiting!)!.Dispose();
    }

    [Fact]
    public async Task What_a_person_has_typed_is_not_asked_for_again_while_a_secondary_is_slow()
    {
        await _scene.BeginAsync();
        _scene.Offer();
        _scene.PublishedAs = PublishOutcome.Refused;
        var asked = Assert.Single((await _scene.RunAsync()).Changes);
        _scene.Master = asked.After;
        _scene.Stuck = 1;
        Assert.Empty((await _scene.RunAsync()).Changes);
    }

    [Fact]
    public async Task A_certificate_that_has_ended_and_that_nothing_follows_is_a_fault()
    {
        await _scene.BeginAsync();
        _scene.Pass(TimeSpan.FromDays(91));
        var ended = await _scene.RunAsync();
        Assert.Equal(RollVerdict.Failed, ended.Verdict);
        Assert.Contains("has expired on", Assert.Single(ended.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_standby_key_takes_the_place_of_the_old_one_only_once_the_state_knows_of_it()
    {
        await _scene.BeginAsync();
        _scene.Runner().MakeStandby(_scene.Roll, false);
        var file = Path.Combine(_scene.StandbyPath, "mx.key");
        var old = File.ReadAllText(file);

        // Killed after the key was written, and before the state was.
        File.WriteAllText(file + ".next", _scene.Issue().PrivateKeyToPem());
        await _scene.RunAsync();
        Assert.False(File.Exists(file + ".next"));
        Assert.Equal(old, File.ReadAllText(file));

        // Killed after the state was written, and before the key took its place.
        Assert.Null(_scene.Runner().MakeStandby(_scene.Roll, true).Fault);
        var made = File.ReadAllText(file);
        Assert.NotEqual(old, made);
        File.WriteAllText(file + ".next", made);
        File.WriteAllText(file, old);
        await _scene.RunAsync();
        Assert.Equal(made, File.ReadAllText(file));
        Assert.Equal(RollVerdict.Done, (await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1))).Verdict);
        Assert.Equal(2, _scene.Master.Records.Length);
    }

    [Fact, Rfc(7671, "9")]
    public async Task A_standby_key_has_records_of_all_kinds_of_the_roll()
    {
        _scene.Roll = _scene.Roll with { Records = [RecordKind.Default, new(Danelaw.Dns.Records.TlsaUsage.DaneEe, Danelaw.Dns.Records.TlsaSelector.PublicKey, Danelaw.Dns.Records.TlsaMatching.Sha512)] };
        await _scene.BeginAsync();
        _scene.Runner().MakeStandby(_scene.Roll, false);
        Assert.Equal(RollVerdict.Done, (await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1))).Verdict);
        Assert.Equal([1, 1, 2, 2], _scene.Master.Records.Select(record => (int)record.Matching));
        await WaitOutAsync();

        Assert.Contains("at once", Assert.Single(_scene.Runner().DeclareEmergency(_scene.Roll, false).Path), StringComparison.Ordinal);
        Assert.Equal(RollVerdict.Done, (await _scene.RunAsync()).Verdict);
        Assert.Equal(2, _scene.Master.Records.Length);
    }

    [Fact]
    public async Task No_standby_key_is_made_of_an_algorithm_that_cannot_be_made()
    {
        await _scene.BeginAsync();
        var roll = _scene.Roll with { Chains = [_scene.Roll.Chains[0] with { Algorithm = Danelaw.Probes.KeyAlgorithm.Eddsa }] };
        Assert.Contains("eddsa", _scene.Runner().MakeStandby(roll, false).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_chain_is_installed_whose_record_is_taken_out_where_it_is_mastered()
    {
        var first = await _scene.BeginAsync();
        _scene.Offer();
        for (var half = 0; half < 2; half++)
        {
            await _scene.RunAsync();
            _scene.Pass(Wait / 2);
        }

        (_scene.IsFrozen, _scene.Master) = (true, RollScene.RecordOf(first));
        var result = await _scene.RunAsync();
        Assert.Equal((RollVerdict.Waiting, RollScene.SummaryOf(first).PublicKey), (result.Verdict, _scene.Shown!.PublicKey));
        Assert.Contains(result.Problems, problem => problem.Contains("is mastered without a record", StringComparison.Ordinal));
        _scene.IsFrozen = false;
        Assert.Equal(RollVerdict.Done, (await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1))).Verdict);
    }

    [Fact]
    public async Task Two_rolls_whose_records_stand_at_one_place_are_refused()
    {
        await _scene.BeginAsync();
        var runner = _scene.Runner();
        await runner.RunAsync(_scene.Roll, TestContext.Current.CancellationToken);
        var other = await runner.RunAsync(_scene.Roll with { Name = "other" }, TestContext.Current.CancellationToken);
        Assert.Contains(other.Faults, fault => fault.Contains("those of the roll mx", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_standby_key_an_emergency_says_what_to_do_and_how_long_it_takes()
    {
        await _scene.BeginAsync();
        Assert.Contains("takes 11 min, which is the shortest safe path", Assert.Single(_scene.Runner().DeclareEmergency(_scene.Roll, true).Path), StringComparison.Ordinal);
        Assert.Empty(_scene.Kept()!.State.Retired);
        _scene.Runner().DeclareEmergency(_scene.Roll, false);
        var second = _scene.Offer();
        Assert.Equal(RollVerdict.Done, (await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1))).Verdict);
        Assert.Equal(RollScene.RecordOf(second), _scene.Master);
    }

    [Fact]
    public async Task Settings_that_want_records_which_cannot_mean_the_chain_are_told_and_change_nothing()
    {
        await _scene.BeginAsync();
        var (before, written) = (_scene.Master, File.GetLastWriteTimeUtc(_scene.ChainPath));
        _scene.Roll = _scene.Roll with { Records = [new(Danelaw.Dns.Records.TlsaUsage.PkixTa, Danelaw.Dns.Records.TlsaSelector.PublicKey, Danelaw.Dns.Records.TlsaMatching.Sha256)] };
        var result = await _scene.RunAsync();
        Assert.Equal(RollVerdict.Failed, result.Verdict);
        Assert.Contains(result.Faults, fault => fault.Contains("not used between mail servers", StringComparison.Ordinal));
        Assert.Equal((before, written), (_scene.Master, File.GetLastWriteTimeUtc(_scene.ChainPath)));
    }

    [Fact]
    public async Task An_owner_that_is_taken_out_of_the_settings_and_still_has_records_keeps_other_keys_away()
    {
        var first = await _scene.BeginAsync();
        var kept = _scene.Kept()!;
        _scene.Forget();
        using (var store = RolloverStore.Open(_scene.StatePath)!) store.Save("mx", kept with { State = kept.State with { Owners = kept.State.Owners.Add("_25._tcp.mx2.example.org.") } }, [], []);
        _scene.Offer();
        foreach (var left in new[] { RollScene.RecordOf(first), null })
        {
            _scene.Left = left;
            var result = await _scene.RunAsync();
            Assert.Equal((RollVerdict.Failed, RolloverPhase.Steady), (result.Verdict, _scene.Kept()!.State.Phase));
            Assert.Contains("_25._tcp.mx2.example.org. is not among owners", Assert.Single(result.Faults), StringComparison.Ordinal);
        }

        _scene.Left = TlsaSet.Empty;
        Assert.Equal(RollVerdict.Done, (await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1))).Verdict);
        Assert.Equal([RollScene.Owner.ToString()], _scene.Kept()!.State.Owners);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task A_port_that_is_not_among_owners_and_pins_the_key_keeps_other_keys_away()
    {
        var first = await _scene.BeginAsync();
        var submission = DomainName.Parse("_587._tcp.mx.example.org.");
        _scene.Beside[submission] = RollScene.RecordOf(first);
        _scene.Offer();
        var result = await _scene.RunAsync();
        Assert.Equal((RollVerdict.Failed, RolloverPhase.Steady), (result.Verdict, _scene.Kept()!.State.Phase));
        Assert.StartsWith("_587._tcp.mx.example.org. is not among owners, and has records of this roll", Assert.Single(result.Faults), StringComparison.Ordinal);

        // Its record taken out, or another key meant by it, it is in nobody's way.
        _scene.Beside[submission] = RollScene.RecordOf(_scene.Issue());
        Assert.Equal(RollVerdict.Done, (await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1))).Verdict);
        Assert.Equal([RollScene.Owner.ToString()], _scene.Kept()!.State.Owners);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task A_name_in_the_certificate_whose_record_comes_in_the_middle_of_a_roll_stops_it()
    {
        var first = _scene.Offer(_scene.Issue(names: ["mx.example.org", "mx.example.net"]));
        await _scene.BeginAsync(first);
        _scene.Offer();
        Assert.Equal(RollVerdict.Waiting, (await _scene.RunAsync()).Verdict);
        _scene.Beside[DomainName.Parse("_25._tcp.mx.example.net.")] = RollScene.RecordOf(first);
        for (var minute = 0; minute < 60; minute++)
        {
            _scene.Pass(TimeSpan.FromMinutes(1));
            Assert.Equal(RollVerdict.Failed, (await _scene.RunAsync()).Verdict);
        }

        Assert.Equal(first.PublicKeyInfo, _scene.Shown!.PublicKey);
        _scene.Beside.Clear();
        Assert.Equal(RollVerdict.Done, (await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1))).Verdict);
    }

    [Fact]
    public void Where_the_key_may_be_pinned_is_every_port_of_every_name_but_for_what_another_roll_names()
    {
        var other = _scene.Roll with { Name = "imap", Owners = [CheckTarget.Service(DomainName.Parse("mx.example.org."), 993, ServiceProtocol.ImapTls)] };
        var owners = OwnersBeside.Of(_scene.Roll, ["mx.example.org", "*.example.org", "localhost", "mail.localhost", "debian", "mx.local", "mx.home.arpa", "a.example.org"], [_scene.Roll, other]).Select(owner => owner.ToString()).ToArray();
        Assert.Equal(7 + 9, owners.Length);
        Assert.DoesNotContain("_25._tcp.mx.example.org.", owners);
        Assert.DoesNotContain("_993._tcp.mx.example.org.", owners);
        Assert.Contains("_465._tcp.mx.example.org.", owners);
        Assert.Contains("_25._tcp.a.example.org.", owners);
        Assert.Equal(9, OwnersBeside.Of([DomainName.Parse("mx.test.")], ["mx.invalid", "mx.onion", "home.arpa"]).Count());
    }

    [Fact]
    public async Task A_ttl_that_was_lowered_in_the_settings_alone_is_told()
    {
        await _scene.BeginAsync();
        _scene.Roll = _scene.Roll with { TimeToLive = 60 };
        Assert.Contains((await _scene.RunAsync()).Problems, problem => problem.Contains("are served with a TTL of 5 min, and ttl is 60 s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_private_key_is_told()
    {
        await _scene.BeginAsync();
        _scene.Offer();
        var result = await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain("PRIVATE", $"{_scene.History()}{result}{string.Join(' ', result.Done)}{_scene.Kept()}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_instances_at_once_are_harmless()
    {
        await _scene.BeginAsync();
        Assert.Null(RolloverStore.Open(_scene.StatePath));
        using var reader = RolloverStore.OpenToRead(_scene.StatePath);
        Assert.Equal(RolloverPhase.Steady, reader!.Read("mx")!.State.Phase);
    }

    [Theory]
    [InlineData("the TSIG key is not known (BADKEY)")]
    [InlineData(null)]
    public async Task A_lost_key_with_a_published_standby_key_waits_for_no_publisher(string? unread)
    {
        var first = await _scene.BeginAsync();
        _scene.Runner().MakeStandby(_scene.Roll, false);
        await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1));
        await WaitOutAsync();
        _scene.Unread = unread;
        if (unread is null) _scene.PublishedAs = PublishOutcome.Unreachable;
        _scene.Runner().DeclareEmergency(_scene.Roll, false);
        var result = await _scene.RunAsync();
        Assert.Contains(result.Done, done => done.Contains("holds the chain of key", StringComparison.Ordinal));
        Assert.NotEqual(RollScene.SummaryOf(first).PublicKey, (await _scene.RunAsync(), _scene.Shown!.PublicKey).PublicKey);

        // The old record is taken out once somebody lets it be.
        Assert.Contains([.. result.Faults, .. result.Problems], one => one.Contains(unread ?? "no answer in time", StringComparison.Ordinal));
        (_scene.Unread, _scene.PublishedAs) = (null, PublishOutcome.Done);
        Assert.Equal(RollVerdict.Done, (await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1))).Verdict);
        Assert.DoesNotContain(RollScene.RecordOf(first).Records[0], _scene.Master.Records);
    }

    [Fact]
    public async Task An_older_certificate_with_another_key_that_is_brought_is_told()
    {
        await _scene.BeginAsync();
        var older = _scene.Issue();
        _scene.Pass(TimeSpan.FromDays(10));
        var newer = _scene.Offer();
        await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(2));
        _scene.Offer(older);
        var result = await _scene.RunAsync();
        var told = Assert.Single(result.Problems, problem => problem.Contains("is older than that of key", StringComparison.Ordinal));
        Assert.Contains(RollTelling.Short(_scene.Kept()!.State.Slots[0].Current), told, StringComparison.Ordinal);
        Assert.Contains("danelaw rollover emergency mx --key ", told, StringComparison.Ordinal);

        // What it says of the way to have it sooner is so.
        _scene.Runner().DeclareEmergency(_scene.Roll, false, ChainFile.Digest(newer.PublicKeyInfo.Span).ToHex()[..8]);
        Assert.Equal(RollVerdict.Done, (await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1))).Verdict);
        Assert.Equal(RollScene.RecordOf(older), _scene.Master);
        Assert.DoesNotContain((await _scene.RunAsync()).Problems, problem => problem.Contains("is older", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_two_keys_in_use_a_standby_key_is_not_what_is_lost()
    {
        await _scene.BeginAsync();
        _scene.Runner().MakeStandby(_scene.Roll, false);
        await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1));
        await WaitOutAsync();
        _scene.Runner().DeclareEmergency(_scene.Roll, false);
        await _scene.RunToTheEndAsync(TimeSpan.FromMinutes(1));
        var ecdsa = _scene.Issue();
        var kept = _scene.Kept()!;
        var shown = new Chain(ChainFile.Digest([1]), ChainFile.Digest(ecdsa.PublicKeyInfo.Span), RollScene.RecordOf(ecdsa), _scene.Clock.GetUtcNow(), _scene.Clock.GetUtcNow().AddDays(90)) { Leaf = ChainFile.Digest([2]) };
        var (own, store) = (kept.State.Slots[0] with { Algorithm = "rsa" }, _scene.Store);
        Assert.True(own.Current.IsOwn);
        store.Save("mx", kept with { State = kept.State with { Slots = [new("ecdsa", shown, null, TlsaSet.Empty), own] } }, [], []);

        var (path, fault) = _scene.Runner().DeclareEmergency(_scene.Roll, false);

        Assert.Null(fault);
        Assert.Contains("there is no standby key for ecdsa", Assert.Single(path), StringComparison.Ordinal);
        Assert.Contains(shown.Key, _scene.Kept()!.State.Retired);
        Assert.DoesNotContain(own.Current.Key, _scene.Kept()!.State.Retired);
    }

    [Fact]
    public async Task What_is_left_of_a_wait_does_not_grow_by_a_standby_key_that_is_made_meanwhile()
    {
        await _scene.BeginAsync();
        _scene.Offer();
        await _scene.RunAsync();
        await _scene.RunAsync();
        var before = _scene.Kept()!;
        Assert.Equal(RolloverWait.Caches, before.Wait);
        _scene.Pass(TimeSpan.FromMinutes(2));
        _scene.Runner().MakeStandby(_scene.Roll, false);
        Assert.Equal(before.Remaining - TimeSpan.FromMinutes(2), _scene.Kept()!.Remaining);
    }

    [Fact, Rfc(4343, "3")]
    public async Task An_owner_that_is_typed_in_another_case_is_the_same()
    {
        await _scene.BeginAsync();
        _scene.Offer();
        await _scene.RunAsync();
        _scene.Pass(TimeSpan.FromMinutes(2));
        await _scene.RunAsync();
        var held = _scene.Kept()!.State.Held;
        Assert.Contains(held, one => one.Time > TimeSpan.Zero);
        _scene.OwnerSeen = "_25._tcp.MX.example.org.";
        await _scene.RunAsync();
        Assert.Equal(held.Select(one => (one.Records, one.Time)), _scene.Kept()!.State.Held.Select(one => (one.Records, one.Time)));
    }

    [Fact]
    public async Task An_API_key_that_goes_over_the_network_as_it_is_is_told()
    {
        await _scene.BeginAsync();
        _scene.Roll = _scene.Roll with { Publisher = new PublisherSettings.PowerDns(new("http://192.0.2.53:8081"), "localhost", null, "/etc/danelaw/api.key") };
        Assert.Contains((await _scene.RunAsync()).Problems, problem => problem.StartsWith("the API key goes to http://192.0.2.53:8081 unencrypted", StringComparison.Ordinal));
        foreach (var url in new[] { "http://127.0.0.1:8081", "http://[::1]:8081", "http://localhost:8081", "https://192.0.2.53" })
            Assert.Null(OpenApiKey.Advise(new PublisherSettings.PowerDns(new(url), "localhost", null, "")));
    }
}
