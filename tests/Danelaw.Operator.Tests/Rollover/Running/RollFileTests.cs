using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Keeping;
using Danelaw.Operator.Rollover.Observing;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Probes;
using Danelaw.Testing.Peers;

namespace Danelaw.Operator.Tests.Rollover.Running;

/// <summary>What a run does with files that are not as they should be: chain files, keys made ahead, the file of states; and with several rolls.</summary>
public sealed class RollFileTests : IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds((2 * RollScene.TimeToLive) + 60);

    private readonly RollScene _scene = new();

    public void Dispose() => _scene.Dispose();

    private string StandbyKey => Path.Combine(_scene.StandbyPath, "mx.key");

    /// <summary>A roll with another name, owner and chain file, which brings the same offers.</summary>
    private RollSettings Other(string owner) => _scene.Roll with
    {
        Name = "other",
        Owners = [CheckTarget.Service(DomainName.Parse(owner), 25, ServiceProtocol.Smtp)],
        Chains = [_scene.Roll.Chains[0] with { File = _scene.ChainPath + ".other", Offers = [new(Path.Combine(_scene.Roll.Chains[0].Offers[0].Path, "fullchain.pem"), Path.Combine(_scene.Roll.Chains[0].Offers[0].Path, "privkey.pem"))] }],
    };

    [Fact]
    public async Task A_chain_file_that_cannot_be_read_is_told_and_left_alone()
    {
        await _scene.BeginAsync();
        File.Delete(_scene.ChainPath);
        File.CreateSymbolicLink(_scene.ChainPath, "/proc/self/mem");
        var result = await _scene.RunAsync();
        Assert.Equal((RollVerdict.Failed, 0), (result.Verdict, result.Done.Length));
        Assert.Contains(result.Faults, fault => fault.Contains("cannot be read: run as root", StringComparison.Ordinal) && fault.Contains("CAP_DAC_READ_SEARCH", StringComparison.Ordinal));
        Assert.DoesNotContain("nothing was changed", _scene.History(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_file_that_somebody_else_writes_too_is_not_written_without_end()
    {
        await _scene.BeginAsync();
        var installs = Path.GetTempFileName();
        _scene.Roll = _scene.Roll with { Reload = [["/bin/sh", "-c", $"echo . >> {installs}; echo > {_scene.ChainPath}"]] };
        File.WriteAllText(_scene.ChainPath, "");
        var result = await _scene.RunAsync();
        Assert.Single(File.ReadAllLines(installs));
        Assert.Contains(result.Problems, problem => problem.Contains("somebody else writes it too", StringComparison.Ordinal));
        File.Delete(installs);
    }

    [Fact]
    public async Task A_standby_key_is_one_still_after_the_state_was_lost()
    {
        await _scene.BeginAsync();
        _scene.Roll = _scene.Roll with { KeepsForeign = false };
        _scene.Runner().MakeStandby(_scene.Roll, false);
        Assert.Equal(RollVerdict.Done, (await _scene.RunAsync()).Verdict);
        Assert.Equal(2, _scene.Master.Records.Length);
        _scene.Forget();
        File.Delete(_scene.StatePath);
        Assert.Equal(RollVerdict.Done, (await _scene.RunAsync()).Verdict);
        Assert.Equal(2, _scene.Master.Records.Length);
        Assert.Single(_scene.Kept()!.State.Slots[0].Standby.Records);
        Assert.True(_scene.Kept()!.State.Foreign.IsEmpty);
        Assert.Contains("the standby key that lies there is published", _scene.History(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_the_state_does_not_know_is_not_written_over_unless_asked()
    {
        await _scene.BeginAsync();
        _scene.Runner().MakeStandby(_scene.Roll, false);
        var made = File.ReadAllText(StandbyKey);
        _scene.Forget();
        File.Delete(_scene.StatePath);
        await _scene.RunAsync();
        Assert.Contains($"there is a key in {StandbyKey} already", _scene.Runner().MakeStandby(_scene.Roll, false).Fault, StringComparison.Ordinal);
        Assert.Equal(made, File.ReadAllText(StandbyKey));
        Assert.Null(_scene.Runner().MakeStandby(_scene.Roll, true).Fault);
        Assert.NotEqual(made, File.ReadAllText(StandbyKey));
    }

    [Fact]
    public async Task A_standby_key_that_cannot_be_read_is_told_and_ends_nothing()
    {
        await _scene.BeginAsync();
        _scene.Runner().MakeStandby(_scene.Roll, false);
        Assert.Equal(RollVerdict.Done, (await _scene.RunAsync()).Verdict);
        File.Delete(StandbyKey);
        File.CreateSymbolicLink(StandbyKey, "/proc/self/mem");
        var renewed = _scene.Offer();
        var result = await _scene.RunAsync();
        Assert.Contains(result.Faults, fault => fault.StartsWith($"the standby key {StandbyKey} cannot be read", StringComparison.Ordinal));
        Assert.True(_scene.Master.Contains(RollScene.RecordOf(renewed)));
    }

    [Fact]
    public void Two_rolls_never_have_one_file_for_their_standby_keys()
    {
        var keys = new Danelaw.Operator.Rollover.Standby.StandbyKeys("/s");
        Assert.Equal(("/s/mx.key", "/s/mx@rsa.key"), (keys.KeyFile(_scene.Roll, "any"), keys.KeyFile(_scene.Roll, "rsa")));
        Assert.NotEqual(keys.KeyFile(_scene.Roll with { Name = "mx.rsa" }, "any"), keys.KeyFile(_scene.Roll, "rsa"));
    }

    [Fact]
    public void A_standby_key_that_cannot_be_written_leaves_no_part_of_it_behind()
    {
        using var folder = new TestFolder("standby");
        var keys = new Danelaw.Operator.Rollover.Standby.StandbyKeys(folder.Root);

        // Another folder stands where the key is to come.
        Directory.CreateDirectory(keys.KeyFile(_scene.Roll, "any") + ".next/x");
        Assert.ThrowsAny<SystemException>(() => keys.Make(_scene.Roll, _scene.Roll.Chains[0]));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(folder.Root), path => path.EndsWith(".danelaw-new", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_roll_that_was_not_looked_at_for_the_longest_time_comes_first()
    {
        await _scene.BeginAsync();
        var looked = new List<string>();
        var late = _scene.Roll with { Name = "late" };
        var runner = _scene.Runner(with => with with { Looking = roll => looked.Add(roll.Name) });
        await runner.RunAllAsync([_scene.Roll, late], TestContext.Current.CancellationToken);
        Assert.Equal(["late", "mx"], looked);
    }

    [Fact]
    public async Task A_run_ends_when_another_command_waits_and_says_what_it_did_not_look_at()
    {
        await _scene.BeginAsync();
        var runner = _scene.Runner();
        var waiting = RolloverStore.OpenAsync(_scene.StatePath, TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken);
        while (!File.Exists(_scene.StatePath + ".wanted")) await Task.Yield();
        var result = await runner.RunAsync(_scene.Roll, TestContext.Current.CancellationToken);
        Assert.Equal(RollVerdict.Waiting, result.Verdict);
        Assert.Contains(result.Problems, problem => problem.StartsWith("it was not looked at", StringComparison.Ordinal));
        Assert.False(waiting.IsCompleted);
        _scene.Forget();
        using var mine = await waiting;
        Assert.False(mine!.IsWanted);
    }

    [Fact]
    public async Task Whoever_waits_in_vain_for_the_state_is_told()
    {
        await _scene.BeginAsync();
        Assert.Null(await RolloverStore.OpenAsync(_scene.StatePath, TimeSpan.Zero, TimeProvider.System, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Of_two_rolls_with_one_RRset_neither_goes_on_whichever_is_run()
    {
        await _scene.BeginAsync();
        _scene.Offer();
        foreach (var roll in new[] { _scene.Roll, Other("imap.example.org.") })
        {
            _scene.Alias = (DomainName.Parse("_25._tcp.imap.example.org."), RollScene.Owner);
            var result = await _scene.Runner(with => with with { Rolls = [_scene.Roll, Other("imap.example.org.")] }).RunAsync(roll, TestContext.Current.CancellationToken);
            Assert.Equal((RollVerdict.Failed, 0), (result.Verdict, result.Done.Length));
            Assert.Contains(result.Faults, fault => fault.Contains("a TLSA RRset belongs to one roll", StringComparison.Ordinal));
        }

        Assert.Single(_scene.Master.Records);
    }

    [Fact]
    public async Task Two_rolls_that_are_brought_one_file_by_two_names_are_refused()
    {
        await _scene.BeginAsync();
        var result = await _scene.Runner(with => with with { Rolls = [_scene.Roll, Other("imap.example.org.")] }).RunAsync(_scene.Roll, TestContext.Current.CancellationToken);
        Assert.Contains(result.Faults, fault => fault.Contains("is what the roll other is given too", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_offer_whose_key_was_lost_is_told_with_the_command_that_makes_another()
    {
        var first = await _scene.BeginAsync();
        _scene.Runner().DeclareEmergency(_scene.Roll, false);
        var bare = await _scene.RunAsync();
        Assert.Equal(RollVerdict.Failed, bare.Verdict);
        Assert.Contains(bare.Faults, fault => fault.Contains("was declared lost and is still shown", StringComparison.Ordinal));
        _scene.Pass(TimeSpan.FromDays(1));
        _scene.Offer(_scene.Issue(first));
        var result = await _scene.RunAsync();
        Assert.Contains(result.Problems, problem => problem.Contains("was lost, or replaced by a roll, and is never taken up again", StringComparison.Ordinal) && problem.Contains("--new-key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_is_behind_is_named_and_so_is_what_it_lacks()
    {
        var first = await _scene.BeginAsync();
        var second = _scene.Offer();
        _scene.Stuck = 1;
        var result = await _scene.RunAsync();
        var (one, two) = (ChainFile.Digest(first.PublicKeyInfo.Span).ToHex()[..16], ChainFile.Digest(second.PublicKeyInfo.Span).ToHex()[..16]);
        Assert.Contains($"ns1: {RollScene.Owner} has 3 1 1 {one}…, not yet 3 1 1 {two}…", result.Problems);
    }

    [Fact]
    public async Task An_endpoint_that_shows_another_key_than_its_file_is_named_and_so_is_an_offer_that_waits()
    {
        var first = await _scene.BeginAsync();
        _scene.Offer();
        _scene.Roll = _scene.Roll with { Reload = [] };
        for (var half = 0; half < 3; half++)
        {
            await _scene.RunAsync();
            _scene.Pass(Wait / 2);
        }

        var third = _scene.Offer();
        var result = await _scene.RunAsync();
        Assert.Equal(RolloverPhase.Deploying, result.Kept!.State.Phase);
        Assert.Contains(result.Problems, problem => problem.StartsWith($"127.0.0.1:25 still shows key {ChainFile.Digest(first.PublicKeyInfo.Span).ToHex()[..16]}, not ", StringComparison.Ordinal));
        Assert.Contains(result.Problems, problem => problem.StartsWith($"key {ChainFile.Digest(third.PublicKeyInfo.Span).ToHex()[..16]}, valid until ", StringComparison.Ordinal) && problem.Contains("waits until the roll to key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_in_the_way_at_every_look_stands_once_in_the_history()
    {
        await _scene.BeginAsync();
        _scene.Offer();
        _scene.PublishedAs = Danelaw.Operator.Publishing.PublishOutcome.Unknown;
        for (var look = 0; look < 5; look++)
        {
            await _scene.RunAsync();
            _scene.Pass(TimeSpan.FromSeconds(40));
        }

        Assert.Single(_scene.History().Split('\n'), line => line.Contains("was not published", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_standby_key_made_while_a_roll_waits_does_not_let_the_wait_begin_anew_and_is_not_told_so()
    {
        await _scene.BeginAsync();
        _scene.Offer();
        await _scene.RunAsync();
        _scene.Pass(Wait / 2);
        await _scene.RunAsync();
        _scene.Runner().MakeStandby(_scene.Roll, false);
        Assert.Equal(Wait / 2, (await _scene.RunAsync()).Kept!.Remaining);
        Assert.Contains("they are published again", _scene.History(), StringComparison.Ordinal);
        Assert.DoesNotContain("begins anew", _scene.History(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_states_that_others_may_read_is_not_used()
    {
        await _scene.BeginAsync();
        _scene.Forget();
        File.SetUnixFileMode(_scene.StatePath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Contains("chmod 600", Assert.Throws<RolloverStoreException>(() => RolloverStore.Open(_scene.StatePath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_roll_is_forgotten_and_no_other_loses_anything()
    {
        await _scene.BeginAsync();
        _scene.Forget();
        using var store = RolloverStore.Open(_scene.StatePath)!;
        store.Save("other", store.Read("mx")!, [], ["it began"]);
        store.Forget("mx");
        Assert.Equal(["other"], store.Names());
        Assert.Null(store.Read("mx"));
        Assert.Empty(store.Events("mx", 10));
        Assert.Single(store.Events("other", 10));
    }

    [Fact]
    public async Task What_would_become_of_the_records_is_told_before_and_after()
    {
        var first = await _scene.BeginAsync();
        var second = _scene.Offer();
        var change = Assert.Single((await _scene.RunAsync(isAsked: true)).Changes);
        Assert.Equal((RollScene.Owner, RollScene.RecordOf(first), RollScene.RecordOf(first).Union(RollScene.RecordOf(second))), (change.Place, change.Before, change.After));
    }

    [Fact]
    public async Task What_a_person_has_to_publish_is_told_with_the_failure_and_not_once_it_is_there()
    {
        await _scene.BeginAsync();
        var second = _scene.Offer();
        _scene.PublishedAs = Danelaw.Operator.Publishing.PublishOutcome.Unknown;
        Assert.True(Assert.Single((await _scene.RunAsync()).Changes).After.Contains(RollScene.RecordOf(second)));
        _scene.Master = _scene.Master.Union(RollScene.RecordOf(second));
        Assert.Empty((await _scene.RunAsync()).Changes);
    }

    [Fact]
    public async Task A_variable_that_is_not_set_is_told_with_what_the_unit_needs()
    {
        await _scene.BeginAsync();
        _scene.Offer();
        _scene.Unread = "the environment variable TSIG is not set";
        Assert.Contains((await _scene.RunAsync()).Faults, fault => fault.Contains("TSIG is not set; the systemd unit has only those", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_of_another_key_that_is_new_in_the_settings_is_named()
    {
        await _scene.BeginAsync();
        var other = _scene.Issue();
        _scene.Master = _scene.Master.Union(RollScene.RecordOf(other));
        Assert.Equal(RollVerdict.Done, (await _scene.RunAsync()).Verdict);
        _scene.Shown = RollScene.SummaryOf(other);
        var result = await _scene.RunAsync();
        Assert.Contains(result.Faults, fault => fault.StartsWith($"127.0.0.1:25 shows key {ChainFile.Digest(other.PublicKeyInfo.Span).ToHex()[..16]}, which is none of this roll's.", StringComparison.Ordinal) && fault.Contains($"let its server read {_scene.ChainPath}", StringComparison.Ordinal) && fault.Contains("danelaw rollover forget mx --force", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Since_when_a_key_is_shown_does_not_change_with_its_certificate()
    {
        var first = await _scene.BeginAsync();
        var begun = _scene.Clock.GetUtcNow();
        _scene.Pass(TimeSpan.FromDays(1));
        _scene.Offer(_scene.Issue(first));
        await _scene.RunAsync();
        var kept = _scene.Kept()!;
        Assert.Equal(begun, kept.SinceOf(kept.State.Slots[0], kept.State.Slots[0].Current));
        _scene.Offer();
        await _scene.RunAsync();
        kept = _scene.Kept()!;
        Assert.Equal(_scene.Clock.GetUtcNow(), kept.SinceOf(kept.State.Slots[0], kept.State.Slots[0].Next!));
    }

    [Fact]
    public async Task Runners_that_follow_each_other_do_not_tell_a_server_to_reload_at_every_look()
    {
        await _scene.BeginAsync();
        var reloads = Path.GetTempFileName();
        _scene.Roll = _scene.Roll with { Reload = [["/bin/sh", "-c", $"echo . >> {reloads}"]] };
        _scene.Shown = null;
        var memory = new RunnerMemory();
        for (var look = 0; look < 3; look++) await _scene.Runner(with => with with { Memory = memory }).RunAsync(_scene.Roll, TestContext.Current.CancellationToken);
        Assert.Single(File.ReadAllLines(reloads));
        _scene.Pass(TimeSpan.FromSeconds(30));
        await _scene.Runner(with => with with { Memory = memory }).RunAsync(_scene.Roll, TestContext.Current.CancellationToken);
        Assert.Single(File.ReadAllLines(reloads));
        _scene.Pass(TimeSpan.FromDays(1));
        await _scene.Runner(with => with with { Memory = memory }).RunAsync(_scene.Roll, TestContext.Current.CancellationToken);
        Assert.Equal(2, File.ReadAllLines(reloads).Length);
        File.Delete(reloads);
    }

    [Fact]
    public async Task A_roll_whose_row_makes_no_sense_stops_no_other_and_can_be_forgotten()
    {
        await _scene.BeginAsync();
        _scene.Forget();
        using (var raw = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_scene.StatePath};Pooling=False"))
        {
            raw.Open();
            using var command = raw.CreateCommand();
            command.CommandText = "INSERT INTO roll SELECT 'broken', '{}', since, looked, wait, remaining, problems FROM roll WHERE name = 'mx'";
            command.ExecuteNonQuery();
        }

        var broken = _scene.Roll with { Name = "broken" };
        var results = await _scene.Runner().RunAllAsync([broken, _scene.Roll], TestContext.Current.CancellationToken);
        Assert.Equal([RollVerdict.Failed, RollVerdict.Done], results.Select(result => result.Verdict));
        Assert.Contains("danelaw rollover forget broken --force", Assert.Single(results[0].Faults), StringComparison.Ordinal);
        Assert.Equal(["broken", "mx"], _scene.Store.Names());
    }

    [Fact]
    public async Task A_list_of_authorities_is_no_chain()
    {
        await _scene.BeginAsync();
        var renewed = _scene.Issue();
        _scene.WriteLive("privkey.pem", renewed.PrivateKeyToPem());
        _scene.WriteLive("fullchain.pem", string.Concat(Enumerable.Repeat(renewed.ToPem(), 17)));
        Assert.Contains((await _scene.RunAsync()).Faults, fault => fault.Contains("there are 17 certificates in it", StringComparison.Ordinal));
    }

    [Fact]
    public void What_an_ACME_client_brings_while_it_is_listed_ends_no_run()
    {
        var listings = new Queue<string[]>([["/live/old.pem"], ["/live/new.pem"]]);
        var survey = new RollSurvey(_scene, [_scene.Roll], _ => listings.TryDequeue(out var listing) ? listing : []);
        Assert.Null(survey.FindShared(_scene.Roll, System.Collections.Immutable.ImmutableDictionary<DomainName, DomainName>.Empty, new("/")));
    }
}
