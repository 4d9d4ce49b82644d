using Danelaw.Operator.Setup;

namespace Danelaw.Operator.Tests.Setup;

/// <summary>Plans carried out on a folder, and taken back.</summary>
public sealed class ApplyTests
{
    private sealed class Killed : Exception;

    private static SetupRun Run(SetupHost host, ScriptedPrograms programs, ScriptedWitness witness, Action<string>? mark = null, SetClock? clock = null) =>
        (clock ?? new()).Run(host, programs, witness, mark);

    /// <summary>unbound is told by its process number: this test's own takes no notice of being looked at, and the step is left out.</summary>
    private static async Task<SetupPlan> PlanAsync(SetupHost host)
    {
        var plan = await host.PlanAsync();
        return plan with { Steps = [.. plan.Steps.Where(step => step.Reloads.All(reload => reload.Service != ManagedService.Unbound))] };
    }

    [Fact]
    public async Task After_it_doctor_finds_no_error_and_a_second_plan_has_nothing_to_do()
    {
        using var host = new SetupHost().HowTo();
        host.Published = [];
        var outcome = await Run(host, new(), new()).ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Done, outcome.Result);

        // Nothing brings what certbot renews into the chain file before setup --rollover.
        Assert.Equal(["warning ACME-RENEWAL /etc/letsencrypt/renewal/mx.conf"], await host.Host.FindAsync());
        host.Published = [SetupHost.Record(host.Host.Leaf)];
        var second = await host.PlanAsync();
        Assert.Empty(second.Steps);
        Assert.Empty(second.Obstacles);
        Assert.Equal(SetupResult.Nothing, (await Run(host, new(), new()).ApplyAsync(second, null, TestContext.Current.CancellationToken)).Result);
    }

    [Fact]
    public async Task Undo_gives_back_every_octet_mode_and_link()
    {
        using var host = new SetupHost().HowTo();
        File.Move(host.Host.Here("/etc/postfix/main.cf"), host.Host.Here("/etc/main.cf.real"));
        host.Host.Link("/etc/postfix/main.cf", "../main.cf.real");
        File.SetUnixFileMode(host.Host.Here("/etc/main.cf.real"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var before = host.Picture();
        var (witness, clock) = (new ScriptedWitness(), new SetClock());
        var run = Run(host, new(), witness, null, clock);
        Assert.Equal(SetupResult.Done, (await run.ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken)).Result);
        Assert.NotEqual(before, host.Picture());
        Assert.Equal("../main.cf.real", new FileInfo(host.Host.Here("/etc/postfix/main.cf")).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(host.Host.Here("/etc/main.cf.real")));
        Assert.Contains("# the certificate\n", File.ReadAllText(host.Host.Here("/etc/main.cf.real")), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(host.Host.Here("/var/lib/danelaw/chains/mx.example.org/ecdsa.pem")));
        Assert.Equal(SetupResult.Undone, (await Undo.AfterTheWaitAsync(run, witness, clock, Undo.Plain)).Result);
        Assert.Equal(before, host.Picture());
        Assert.Equal(SetupResult.Nothing, (await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken)).Result);
    }

    [Fact]
    public async Task What_somebody_altered_between_two_setups_is_not_lost_when_both_are_taken_back()
    {
        using var host = new SetupHost().HowTo();
        host.Published = [SetupHost.Record(host.Host.Leaf)];
        var main = host.Host.Here("/etc/postfix/main.cf");
        var run = Run(host, new(), new() { Published = Danelaw.Operator.Rollover.TlsaSet.Of(host.Published.Value) });
        Assert.Equal(SetupResult.Done, (await run.ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken)).Result);
        await File.AppendAllTextAsync(main, "message_size_limit = 52428800\nsmtp_host_lookup = native\n", TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Done, (await run.ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken)).Result);
        var after = await File.ReadAllTextAsync(main, TestContext.Current.CancellationToken);
        var refused = await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Refused, refused.Result);
        Assert.StartsWith("/etc/postfix/main.cf was changed by somebody else since.", Assert.Single(refused.Messages), StringComparison.Ordinal);
        Assert.Equal(after, await File.ReadAllTextAsync(main, TestContext.Current.CancellationToken));
        Assert.Equal(SetupResult.Undone, (await run.UndoAsync(Undo.Forced, TestContext.Current.CancellationToken)).Result);
    }

    [Fact]
    public async Task A_name_that_the_new_resolver_does_not_know_keeps_the_old_one()
    {
        using var host = new SetupHost().HowTo();
        File.AppendAllText(host.Host.Here("/etc/postfix/main.cf"), "virtual_mailbox_domains = mysql:/etc/postfix/sql.cf\n");
        host.Host.Write("/etc/postfix/sql.cf", "hosts = db.corp.example\n");
        var before = host.Picture();
        var witness = new ScriptedWitness { Lost = "the resolver at 127.0.0.1 does not know db.corp.example" };
        var outcome = await Run(host, new(), witness).ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Failed, outcome.Result);
        Assert.Contains("does not know db.corp.example", outcome.Messages[0], StringComparison.Ordinal);
        Assert.Equal("db.corp.example.", Assert.Single(witness.Asked).ToString());
        Assert.Equal(before, host.Picture());
    }

    [Fact]
    public async Task Killed_at_any_point_the_next_run_takes_back_what_was_done()
    {
        using var reference = new SetupHost().HowTo();
        var points = new List<string>();
        Assert.Equal(SetupResult.Done, (await Run(reference, new(), new(), points.Add).ApplyAsync(await PlanAsync(reference), null, TestContext.Current.CancellationToken)).Result);
        Assert.True(points.Count > 20, string.Join(' ', points));
        for (var victim = 0; victim < points.Count; victim++)
        {
            using var host = new SetupHost().HowTo();
            var before = host.Picture();
            var at = 0;
            var plan = await PlanAsync(host);
            await Assert.ThrowsAsync<Killed>(async () => await Run(host, new(), new(), _ => Die(ref at, victim)).ApplyAsync(plan, null, TestContext.Current.CancellationToken));
            var programs = new ScriptedPrograms();
            var recovered = await Run(host, programs, new()).RecoverAsync(TestContext.Current.CancellationToken);
            if (victim < points.IndexOf("servers stay"))
            {
                Assert.NotNull(recovered);
                Assert.True(before == host.Picture(), $"killed at point {victim} ({points[victim]}):\n{host.Picture()}");
                Assert.Contains("postfix reload", programs.Calls);
            }
            else
            {
                // Records may be published: what was sound then stays, and what was begun after it is taken back.
                Assert.Contains(await host.Host.FindAsync(), finding => finding.StartsWith("error POSTFIX-OUTBOUND-OFF", StringComparison.Ordinal));
                Assert.DoesNotContain(await host.Host.FindAsync(), finding => finding.Contains("POSTFIX-TLS-DEMANDED", StringComparison.Ordinal));
            }

            Assert.Null(await Run(host, programs, new()).RecoverAsync(TestContext.Current.CancellationToken));
            Assert.Equal(SetupResult.Done, (await Run(host, new(), new()).ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken)).Result);
        }

        static void Die(ref int at, int victim)
        {
            if (at++ == victim) throw new Killed();
        }
    }

    [Fact]
    public async Task Killed_while_it_is_taken_back_it_is_taken_back_all_the_same()
    {
        for (var victim = 0; ; victim++)
        {
            using var host = new SetupHost().HowTo();
            var before = host.Picture();
            var (witness, clock) = (new ScriptedWitness(), new SetClock());
            await Run(host, new(), witness).ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken);
            await Undo.PassTheWaitAsync(Run(host, new(), witness, null, clock), witness, clock, Undo.Plain);
            var left = victim;
            try
            {
                await Run(host, new(), witness, _ => { if (left-- == 0) throw new Killed(); }, clock).UndoAsync(Undo.Plain, TestContext.Current.CancellationToken);
                Assert.True(victim > 4);
                return;
            }
            catch (Killed)
            {
                var again = await Run(host, new(), witness, null, clock).UndoAsync(Undo.Plain, TestContext.Current.CancellationToken);
                Assert.True(again.Result is SetupResult.Undone or SetupResult.Nothing, string.Join('\n', again.Messages));
                Assert.Equal(before, host.Picture());
            }
        }
    }

    [Theory]
    [InlineData("postfix check", "postfix: fatal: bad")]
    [InlineData("postfix reload", "postfix: fatal: not running")]
    public async Task What_a_server_refuses_is_put_back_and_said(string command, string error)
    {
        using var host = new SetupHost().HowTo();
        var before = host.Picture();
        var programs = new ScriptedPrograms { Failing = { [command] = error } };
        var outcome = await Run(host, programs, new()).ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken);
        Assert.Equal(command == "postfix check" ? SetupResult.Failed : SetupResult.Stuck, outcome.Result);
        Assert.Contains(outcome.Messages, message => message.Contains(error, StringComparison.Ordinal));
        Assert.Equal(before, host.Picture());
    }

    [Fact]
    public async Task What_is_not_seen_to_work_is_put_back_and_the_server_told_again()
    {
        using var host = new SetupHost().HowTo();
        var before = host.Picture();
        var programs = new ScriptedPrograms();
        var outcome = await Run(host, programs, new() { Servers = "no TLS at 192.0.2.25:25" }).ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Failed, outcome.Result);
        Assert.Contains("It failed: no TLS at 192.0.2.25:25.", outcome.Messages);
        Assert.Equal([StepState.TakenBack, StepState.TakenBack, StepState.Failed, StepState.Planned, StepState.Planned], outcome.Steps);
        Assert.Equal(before, host.Picture());
        Assert.Equal("postfix reload", programs.Calls[^1]);
    }

    [Fact]
    public async Task A_resolver_that_setup_has_started_is_said_to_run_where_all_else_is_as_before()
    {
        using var host = new SetupHost { Published = [] }.HowTo();
        host.Host.Write("/run/systemd/system/here", "");
        var plan = await host.PlanAsync();
        Assert.Contains(plan.Steps.SelectMany(step => step.Reloads), reload => reload.Service == ManagedService.Unbound);
        var programs = new ScriptedPrograms { Failing = { ["systemctl is-active unbound"] = "inactive" } };
        var outcome = await Run(host, programs, new() { Servers = "no TLS at 192.0.2.25:25" }).ApplyAsync(plan, null, TestContext.Current.CancellationToken);
        Assert.Equal("Everything is as it was before, but that unbound runs, which did not before.", outcome.Messages[1]);
    }

    [Fact]
    public async Task Sending_is_not_switched_over_while_the_resolver_does_not_validate()
    {
        using var host = new SetupHost();
        host.Host.Main("smtp_tls_security_level = may\n");
        var outcome = await Run(host, new(), new() { Resolver = "the resolver 127.0.0.1 does not answer" }).ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Failed, outcome.Result);
        Assert.Equal(StepState.Failed, outcome.Steps[^1]);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task Once_records_may_be_in_caches_the_servers_stay_whatever_fails_later()
    {
        using var host = new SetupHost().HowTo();
        var programs = new ScriptedPrograms();
        var plan = await PlanAsync(host);
        var witness = new ScriptedWitness();
        var outcome = await Run(host, programs, witness, point => { if (point == "servers stay") witness.Resolver = "the resolver 127.0.0.1 does not answer"; }).ApplyAsync(plan, null, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Failed, outcome.Result);
        Assert.Equal([StepState.Done, StepState.Done, StepState.Done, StepState.Done, StepState.Failed], outcome.Steps);
        Assert.Contains(await host.Host.FindAsync(), finding => finding.StartsWith("error POSTFIX-OUTBOUND-OFF", StringComparison.Ordinal));
        Assert.Contains("smtpd_tls_chain_files", await File.ReadAllTextAsync(host.Host.Here("/etc/postfix/main.cf"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Null(await Run(host, programs, witness).RecoverAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_error_that_was_to_be_mended_and_is_still_found_is_a_failure()
    {
        using var host = new SetupHost().HowTo();
        host.Published = [SetupHost.Record(host.Host.Leaf)];
        var before = host.Picture();
        var outcome = await Run(host, new(), new() { Errors = ["POSTFIX-OUTBOUND-OFF postfix, sending"] }).ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken);
        Assert.Equal((SetupResult.Failed, before), (outcome.Result, host.Picture()));
    }

    [Fact]
    public async Task What_an_ACME_client_will_do_at_its_next_renewal_takes_nothing_back()
    {
        using var host = new SetupHost().HowTo();
        host.Published = [SetupHost.Record(host.Host.Leaf)];
        var plan = await PlanAsync(host);
        Assert.Contains(plan.Remarks, remark => remark.Contains("danelaw setup --rollover", StringComparison.Ordinal));
        Assert.Equal(SetupResult.Done, (await Run(host, new(), new() { Errors = ["ACME-KEY-CHANGES certbot, mx"] }).ApplyAsync(plan, null, TestContext.Current.CancellationToken)).Result);
    }

    [Fact]
    public async Task A_failure_that_nobody_has_foreseen_is_put_back_and_flies_on()
    {
        using var host = new SetupHost().HowTo();
        host.Published = [SetupHost.Record(host.Host.Leaf)];
        var before = host.Picture();
        var plan = await PlanAsync(host);
        await Assert.ThrowsAsync<NotSupportedException>(async () => await Run(host, new(), new() { Failure = new NotSupportedException() }).ApplyAsync(plan, null, TestContext.Current.CancellationToken));
        Assert.Equal(before, host.Picture());
        Assert.Null(await Run(host, new(), new()).RecoverAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_disk_that_is_full_is_said_in_words_with_the_file()
    {
        using var host = new SetupHost().HowTo();
        var full = new IOException("No space left on device : '/etc/postfix/.main.cf.danelaw-new'", 28);
        var outcome = await Run(host, new(), new() { Failure = full }).ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken);
        Assert.Equal("It failed: /etc/postfix/.main.cf.danelaw-new cannot be written: no space is left on the disk.", outcome.Messages[0]);
    }

    [Fact]
    public async Task A_journal_that_takes_nothing_more_keeps_no_file_from_being_put_back()
    {
        using var host = new SetupHost().HowTo();
        host.Published = [];
        var before = host.Picture();
        var plan = await PlanAsync(host);
        var aside = "";
        var run = new SetupRun(host.Host.Files, new ScriptedPrograms { Failing = { ["postfix check"] = "fatal: no" } }, new ScriptedWitness(), host.Options, new SetClock())
        {
            Mark = point =>
            {
                // Where the journal is written aside stands what cannot be written to.
                if (point == "in place" && aside.Length == 0) Directory.CreateDirectory(aside = Directory.GetFiles(host.Host.Here(host.Options.JournalFolder), "manifest.json", SearchOption.AllDirectories).Single().Replace("manifest.json", ".manifest.json.danelaw-new", StringComparison.Ordinal));
            },
        };
        var outcome = await run.ApplyAsync(plan, null, TestContext.Current.CancellationToken);
        Assert.NotEqual("", aside);
        Assert.Equal((SetupResult.Failed, before), (outcome.Result, host.Picture()));
        Assert.Equal("Everything is as it was before.", outcome.Messages[1]);
        Assert.StartsWith("That it is back could not be noted: ", outcome.Messages[2], StringComparison.Ordinal);

        Directory.Delete(aside);
        Assert.NotNull(await Run(host, new(), new()).RecoverAsync(TestContext.Current.CancellationToken));
        Assert.Equal(before, host.Picture());
        Assert.Null(await Run(host, new(), new()).RecoverAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_file_that_may_not_be_altered_is_a_failure_that_is_put_back_and_said()
    {
        using var host = new SetupHost().HowTo();
        host.Published = [SetupHost.Record(host.Host.Leaf)];
        var before = host.Picture();
        var outcome = await Run(host, new(), new() { Failure = new UnauthorizedAccessException("Operation not permitted") }).ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken);
        Assert.Equal((SetupResult.Failed, before), (outcome.Result, host.Picture()));
        Assert.Contains("Operation not permitted", outcome.Messages[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_file_whose_mode_alone_was_altered_the_content_is_left_as_it_is()
    {
        using var host = new SetupHost().HowTo();
        File.SetUnixFileMode(host.Host.Here("/etc/letsencrypt/archive/mx/privkey1.pem"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        var run = Run(host, new(), new() { Records = new(RecordsState.Absent, "") });
        await run.ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken);
        var key = host.Host.Here("/etc/letsencrypt/archive/mx/privkey1.pem");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(key));
        var renewed = "renewed\n" + await File.ReadAllTextAsync(key, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(key, renewed, TestContext.Current.CancellationToken);
        Assert.NotEqual(SetupResult.Refused, (await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken)).Result);
        Assert.Equal(SetupResult.Undone, (await run.UndoAsync(Undo.NeverPublished, TestContext.Current.CancellationToken)).Result);
        Assert.Equal(renewed, await File.ReadAllTextAsync(key, TestContext.Current.CancellationToken));
        Assert.True(File.GetUnixFileMode(key).HasFlag(UnixFileMode.OtherRead));
    }

    [Fact]
    public async Task A_file_that_was_being_written_where_it_is_is_not_somebody_elses()
    {
        using var host = new SetupHost().HowTo();
        var before = host.Picture();
        await Assert.ThrowsAsync<Killed>(async () => await Run(host, new(), new(), point => { if (point == "aside") throw new Killed(); }).ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken));

        // As after a file that is mounted by itself was cut short, before its new content came.
        var aside = Assert.Single(Directory.EnumerateFiles(host.Host.Path, ".*.danelaw-new", SearchOption.AllDirectories));
        var name = Path.GetFileName(aside)[1..^".danelaw-new".Length];
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(aside)!, name), "", TestContext.Current.CancellationToken);
        Assert.NotNull(await Run(host, new(), new()).RecoverAsync(TestContext.Current.CancellationToken));
        Assert.Equal(before, host.Picture());
    }

    [Fact]
    public async Task Records_that_are_not_there_yet_are_waited_for_and_nothing_is_put_back()
    {
        using var host = new SetupHost().HowTo();
        var outcome = await Run(host, new(), new() { Records = new(RecordsState.Absent, "") }).ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Waiting, outcome.Result);
        Assert.Contains(StepState.Waiting, outcome.Steps);
        Assert.DoesNotContain(await host.Host.FindAsync(), finding => finding.StartsWith("error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_somebody_has_changed_since_is_not_written_over_unless_that_is_forced()
    {
        using var host = new SetupHost().HowTo();
        var before = host.Picture();
        var run = Run(host, new(), new() { Records = new(RecordsState.Absent, "") });
        await run.ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken);
        File.AppendAllText(host.Host.Here("/etc/postfix/main.cf"), "relayhost = [mail.example.net]\n");
        var changed = host.Picture();
        var refused = await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken);
        Assert.Equal((SetupResult.Refused, changed), (refused.Result, host.Picture()));
        Assert.StartsWith("/etc/postfix/main.cf was changed by somebody else since.", Assert.Single(refused.Messages), StringComparison.Ordinal);
        var undone = await run.UndoAsync(Undo.NeverPublished with { IsForced = true }, TestContext.Current.CancellationToken);
        Assert.Equal((SetupResult.Undone, before), (undone.Result, host.Picture()));

        // What was written over is not lost.
        var message = Assert.Single(undone.Messages);
        Assert.StartsWith("/etc/postfix/main.cf as somebody had changed it is kept in /var/lib/danelaw/setup/", message, StringComparison.Ordinal);
        var copy = host.Host.Here(message[message.IndexOf("/var/lib", StringComparison.Ordinal)..].TrimEnd('.'));
        Assert.EndsWith("relayhost = [mail.example.net]\n", await File.ReadAllTextAsync(copy, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
    }

    [Fact, Rfc(7672, "2.2")]
    public async Task Servers_are_not_put_back_while_senders_may_have_their_records()
    {
        using var host = new SetupHost().HowTo();
        host.Published = [];
        var witness = new ScriptedWitness();
        var clock = new SetClock();
        var run = clock.Run(host, new(), witness);
        await run.ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken);
        var waiting = await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Waiting, waiting.Result);
        Assert.StartsWith("TLSA records are still published, or cannot be seen to be gone: _25._tcp.mx.example.org. has 3 1 1 ", Assert.Single(waiting.Messages), StringComparison.Ordinal);
        Assert.Equal(waiting.Messages, (await run.PreviewUndoAsync(Undo.Plain, TestContext.Current.CancellationToken)).Messages);
        witness.Records = new(RecordsState.Absent, "");

        // They were seen: nobody's word spares the wait.
        waiting = await run.UndoAsync(Undo.NeverPublished, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Waiting, waiting.Result);
        Assert.Contains("until 2026-06-01 14:00 UTC", Assert.Single(waiting.Messages), StringComparison.Ordinal);

        // Seen again, from whichever server: the time begins anew.
        clock.Pass(TimeSpan.FromHours(1));
        witness.Records = new(RecordsState.Verified, "");
        Assert.Equal(SetupResult.Waiting, (await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken)).Result);
        witness.Records = new(RecordsState.Absent, "");
        waiting = await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken);
        Assert.Contains("until 2026-06-01 15:00 UTC", Assert.Single(waiting.Messages), StringComparison.Ordinal);

        // And when setup was run in between.
        clock.Pass(TimeSpan.FromHours(1));
        await run.ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken);
        waiting = await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken);
        Assert.Contains("until 2026-06-01 16:00 UTC", Assert.Single(waiting.Messages), StringComparison.Ordinal);
        clock.Pass(TimeSpan.FromHours(2));
        Assert.Equal(SetupResult.Undone, (await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken)).Result);
    }

    [Fact, Rfc(7672, "2.2")]
    public async Task Records_that_were_shown_and_never_seen_are_waited_for_all_the_same()
    {
        using var host = new SetupHost().HowTo();
        host.Published = [];
        var clock = new SetClock();
        var run = clock.Run(host, new(), new() { Records = new(RecordsState.Absent, "") });
        await run.ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken);
        var waiting = await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Waiting, waiting.Result);
        Assert.EndsWith("danelaw setup --undo --never-published does not wait.", Assert.Single(waiting.Messages), StringComparison.Ordinal);

        // Nothing is forced past a cache.
        Assert.Equal(SetupResult.Waiting, (await run.UndoAsync(Undo.Forced, TestContext.Current.CancellationToken)).Result);
        clock.Pass(TimeSpan.FromHours(2));
        Assert.Equal(SetupResult.Undone, (await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken)).Result);
    }

    [Fact]
    public async Task Two_setups_do_not_work_on_one_host()
    {
        using var host = new SetupHost();
        var run = Run(host, new(), new());
        using var held = run.Lock();
        Assert.Contains("another danelaw setup", Assert.Throws<SetupException>(run.Lock).Message, StringComparison.Ordinal);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_key_that_was_renewed_since_the_plan_is_not_deployed()
    {
        using var host = new SetupHost().HowTo();
        var plan = await PlanAsync(host);
        var before = host.Picture();
        var renewed = host.Host.Authority.Issue(new() { Name = "mx.example.org", Issuer = host.Host.Root });
        host.Host.WriteKey("/etc/letsencrypt/archive/mx/privkey1.pem", renewed.PrivateKeyToPem()).Write("/etc/letsencrypt/archive/mx/fullchain1.pem", renewed.ToPem() + host.Host.Root.ToPem());
        var outcome = await Run(host, new(), new()).ApplyAsync(plan, null, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Failed, outcome.Result);
        Assert.Contains("another key than when the plan was made", outcome.Messages[0], StringComparison.Ordinal);
        Assert.False(Directory.Exists(host.Host.Here("/var/lib/danelaw/chains")));
        Assert.NotEqual(before, host.Picture());
    }

    [Fact]
    public async Task No_private_key_stands_in_a_plan_or_a_manifest()
    {
        using var host = new SetupHost().HowTo();
        var plan = await PlanAsync(host);
        var secret = host.Host.Leaf.PrivateKeyToPem().Split('\n')[1];
        Assert.DoesNotContain(secret, plan.ToString() + string.Join('\n', plan.Steps.SelectMany(step => step.Changes).Select(change => change.ToString())) + string.Join('\n', StepPreview.Of(plan, host.Host.Files).SelectMany(preview => preview.Files).SelectMany(file => file.Difference)), StringComparison.Ordinal);
        await Run(host, new(), new()).ApplyAsync(plan, null, TestContext.Current.CancellationToken);
        var manifests = Directory.GetFiles(host.Host.Here("/var/lib/danelaw/setup"), "manifest.json", SearchOption.AllDirectories);
        Assert.NotEmpty(manifests);
        foreach (var manifest in manifests)
        {
            Assert.DoesNotContain(secret, await File.ReadAllTextAsync(manifest, TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(manifest)!));
        }
    }
}
