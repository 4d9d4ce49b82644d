using System.Text.Json;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Keeping;
using Danelaw.Operator.Setup;
using Danelaw.Operator.Setup.Applying;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Tests.Setup;

/// <summary>Records published by a setup, and taken back.</summary>
public sealed class PublishTests
{
    /// <summary>A master that has one RRset.</summary>
    internal sealed class Master : IZonePublisher
    {
        internal TlsaSet Set { get; set; } = TlsaSet.Empty;

        /// <summary>What a wildcard gives while the RRset is empty.</summary>
        internal TlsaSet Wildcard { get; init; } = TlsaSet.Empty;

        private bool IsFromWildcard => Set.IsEmpty && !Wildcard.IsEmpty;

        private TlsaSet Given => IsFromWildcard ? Wildcard : Set;

        /// <summary>The TTL that the RRset has there, whatever is given with it.</summary>
        internal uint Mastered { get; init; } = 600;

        /// <summary>The TTL that servers are seen to give.</summary>
        internal TimeSpan Served { get; init; } = TimeSpan.FromSeconds(60);

        /// <summary>The TTL that was given with it last.</summary>
        internal uint TimeToLive { get; private set; }

        internal PublishOutcome Outcome { get; set; } = PublishOutcome.Done;

        internal Action OnPublish { get; set; } = static () => { };

        /// <summary>The port whose records it does not take; 0 for none.</summary>
        internal int Refused { get; set; }

        public ValueTask<MasteredSet> ReadAsync(DomainName owner, CancellationToken cancellationToken = default) => ValueTask.FromResult(new MasteredSet(PublishOutcome.Done, Given, Mastered, "") { IsFromWildcard = IsFromWildcard });

        public ValueTask<PublishResult> RehearseAsync(DomainName owner, CancellationToken cancellationToken = default) => ValueTask.FromResult(new PublishResult(Outcome, ""));

        public ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken = default)
        {
            OnPublish();
            if (Outcome != PublishOutcome.Done || request.Owner.ToString().StartsWith($"_{Refused}.", StringComparison.Ordinal)) return ValueTask.FromResult(new PublishResult(PublishOutcome.Refused, "the key is not known there"));
            Assert.Equal(Given, request.Before);
            Set = request.After;
            TimeToLive = request.TimeToLive;
            return ValueTask.FromResult(new PublishResult(PublishOutcome.Done, ""));
        }
    }

    internal static SetupRun Run(SetupHost host, Master master, ScriptedWitness witness, SetClock clock, bool areServersBehind = false, ScriptedPrograms? programs = null, TakenUp? renewal = null) => new(host.Host.Files, programs ?? new(), witness, host.Options, clock)
    {
        ReadUptime = () => clock.Uptime,
        Renewal = renewal ?? new(),
        Publisher = new(master, (owners, _) => Task.FromResult(System.Collections.Immutable.ImmutableArray.CreateRange(owners.Select(owner => new ServerView(owner.ToString(), "ns1", areServersBehind ? TlsaSet.Empty : master.Set, master.Served)))), TimeSpan.Zero, clock),
    };

    /// <summary>What a rollover keeps that shows one key and may be bringing the next.</summary>
    internal static void WriteState(SetupHost host, TlsaSet current, TlsaSet? next, TimeSpan timeToLive)
    {
        using var store = RolloverStore.Open(host.Host.Here("/var/lib/danelaw/rollover.db"));
        var content = new Danelaw.Dns.Octets(new byte[32]);
        Chain Of(TlsaSet records) => new(content, content, records, HostFolder.Now, HostFolder.Now.AddDays(90)) { Leaf = content };
        var state = new RolloverState
        {
            LastLook = new("boot", TimeSpan.Zero),
            Phase = next is null ? RolloverPhase.Steady : RolloverPhase.Waiting,
            TimesToLive = TimeToLiveMemory.Empty.See([timeToLive], TimeSpan.Zero, isRolling: false),
            Slots = [new("ecdsa", Of(current), next is null ? null : Of(next), TlsaSet.Empty)],
        };
        store!.Save("mx.example.org", new(state, HostFolder.Now, HostFolder.Now, RolloverWait.Nothing, null, []), [], []);
    }

    private static SetupHost Sound() => new() { Published = [] };

    [Fact, Rfc(7671, "8.1")]
    public async Task The_record_is_published_and_taken_back_before_the_servers()
    {
        using var host = Sound();
        var (master, clock, witness) = (new Master(), new SetClock(), new ScriptedWitness());
        var run = Run(host, master, witness, clock);
        var outcome = await run.ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Done, outcome.Result);
        Assert.Equal([SetupHost.Record(host.Host.Leaf)], master.Set.Records);
        witness.Records = new(RecordsState.Absent, "");
        Assert.Equal(SetupResult.Undone, (await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken)).Result);
        Assert.True(master.Set.IsEmpty);
    }

    [Fact]
    public async Task The_records_of_before_are_put_back_with_the_TTL_of_before()
    {
        using var host = new SetupHost { Options = new() { TimeToLive = 300 } };
        var issuer = SetupHost.Record(host.Host.Root, usage: TlsaUsage.DaneTa);
        host.Published = [issuer];
        var (master, clock, witness) = (new Master { Set = TlsaSet.Of(issuer) }, new SetClock(), new ScriptedWitness());
        var run = Run(host, master, witness, clock);
        Assert.Equal(SetupResult.Done, (await run.ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken)).Result);
        Assert.Equal((2, 300u), (master.Set.Records.Length, master.TimeToLive));
        await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken);
        Assert.Equal((1, 600u), (master.Set.Records.Length, master.TimeToLive));
    }

    [Theory, Rfc(4592, "2.2.1")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_wildcard_gave_is_not_put_back_as_the_owners_own(bool isFailing)
    {
        using var host = new SetupHost();
        var issuer = SetupHost.Record(host.Host.Root, usage: TlsaUsage.DaneTa);
        host.Published = [issuer];
        var (master, witness) = (new Master { Wildcard = TlsaSet.Of(issuer) }, new ScriptedWitness());
        if (isFailing) witness.Records = new(RecordsState.Failing, "192.0.2.26 shows another key");
        var run = Run(host, master, witness, new());
        Assert.Equal(isFailing ? SetupResult.Failed : SetupResult.Done, (await run.ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken)).Result);
        if (!isFailing) Assert.Equal(2, master.Set.Records.Length);
        await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken);

        // Whoever changes the wildcard later changes this owner too.
        Assert.True(master.Set.IsEmpty, master.Set.ToString());

        // Once more finds nothing to take back.
        await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken);
        Assert.True(master.Set.IsEmpty, master.Set.ToString());
    }

    [Fact]
    public void A_journal_of_before_that_does_not_know_wildcards_is_read()
    {
        var text = JsonSerializer.Serialize(new() { Id = "1", Records = [JournalRecord.Of(new(DomainName.Parse("_25._tcp.mx.example.org."), TlsaSet.Empty, TlsaSet.Empty, 300) { IsBeforeFromWildcard = true })] }, JournalJson.Default.JournalEntry);
        Assert.True(JsonSerializer.Deserialize(text, JournalJson.Default.JournalEntry)!.Records[0].ToRecord().IsBeforeFromWildcard);

        var old = string.Join('\n', text.Split('\n').Where(line => !line.Contains("FromWildcard", StringComparison.Ordinal))).Replace("0,\n    }", "0\n    }", StringComparison.Ordinal);
        Assert.False(JsonSerializer.Deserialize(old, JournalJson.Default.JournalEntry)!.Records[0].ToRecord().IsBeforeFromWildcard);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task What_is_about_to_be_published_is_in_the_journal_before_it_is()
    {
        using var host = Sound();
        string? journal = null;
        var master = new Master();
        master.OnPublish = () => journal = File.ReadAllText(Directory.EnumerateFiles(host.Host.Here("/var/lib/danelaw/setup"), "manifest.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First(path => File.ReadAllText(path).Contains("_25._tcp", StringComparison.Ordinal)));
        await Run(host, master, new(), new()).ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken);
        Assert.Contains("\"isPublished\": true", journal, StringComparison.Ordinal);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task After_rolls_it_is_the_record_of_the_key_of_today_that_is_taken_back()
    {
        using var host = new SetupHost { Published = [], Options = new() { WantsRollover = true } };
        var (master, witness) = (new Master(), new ScriptedWitness());
        var run = Run(host, master, witness, new());
        await run.ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken);
        var (rolled, others) = (TlsaSet.Of(SetupHost.Record(host.Host.Authority.Issue(new() { Name = "mx.example.org", Issuer = host.Host.Root }))), TlsaSet.Of(SetupHost.Record(host.Host.Root, usage: TlsaUsage.DaneTa)));
        WriteState(host, rolled, null, TimeSpan.FromHours(1));

        master.Set = rolled.Union(others);
        witness.Records = new(RecordsState.Absent, "");
        Assert.Equal(SetupResult.Undone, (await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken)).Result);
        Assert.Equal(others, master.Set);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task What_was_found_before_is_not_left_alone_where_it_means_nothing_that_is_shown()
    {
        var foreign = new TlsaRecord(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, new(new byte[32]));
        using var host = new SetupHost { Published = [foreign], Options = new() { WantsRollover = true } };
        var (master, witness) = (new Master { Set = TlsaSet.Of(foreign) }, new ScriptedWitness());
        var run = Run(host, master, witness, new());
        await run.ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken);
        var next = host.Host.Authority.Issue(new() { Name = "mx.example.org", Issuer = host.Host.Root });
        host.Host.WriteKey("/var/lib/danelaw/chains/mx.example.org/ecdsa.pem", next.PrivateKeyToPem() + next.ToPem());
        host.Host.WriteKey(HostFolder.ChainFile, next.PrivateKeyToPem() + next.ToPem());
        WriteState(host, TlsaSet.Of(SetupHost.Record(next)), null, TimeSpan.FromHours(1));
        master.Set = TlsaSet.Of(SetupHost.Record(next), foreign);
        witness.Records = new(RecordsState.Absent, "");
        var undone = await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken);
        Assert.Equal(TlsaSet.Of(SetupHost.Record(next), foreign), master.Set);
        Assert.Equal(SetupResult.Waiting, undone.Result);
        Assert.StartsWith($"Nothing is taken out at _25._tcp.mx.example.org: what would be left there, {foreign}", undone.Messages[0], StringComparison.Ordinal);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task A_record_of_the_certificate_of_before_does_not_come_back_alone_after_its_renewal()
    {
        using var host = new SetupHost().HowTo();
        Assert.True(TlsaRecord.TryCreate(host.Host.Leaf.Der, TlsaUsage.DaneEe, TlsaSelector.Certificate, TlsaMatching.Sha256, out var before, out _));
        host.Published = [before];
        var (master, witness) = (new Master { Set = TlsaSet.Of(before) }, new ScriptedWitness());
        var run = Run(host, master, witness, new());
        await run.ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken);
        var renewed = host.Reissue("mx.example.org", 80) + host.Host.Root.ToPem();
        host.Host.WriteKey("/var/lib/danelaw/chains/mx.example.org/ecdsa.pem", host.Host.Leaf.PrivateKeyToPem() + renewed).Write("/etc/letsencrypt/archive/mx/fullchain1.pem", renewed);
        master.Set = TlsaSet.Of(before, SetupHost.Record(host.Host.Leaf));
        witness.Published = master.Set;
        var undone = await run.UndoAsync(Undo.Forced, TestContext.Current.CancellationToken);
        Assert.Equal(2, master.Set.Records.Length);
        Assert.Equal(SetupResult.Waiting, undone.Result);
        Assert.Contains(undone.Messages, message => message.StartsWith("Nothing is taken out at _25._tcp.mx.example.org", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_undo_that_fails_before_a_file_is_put_back_lets_the_rollover_go_on_or_says_that_it_is_stopped(bool goesOn)
    {
        using var host = new SetupHost { Published = [], Options = new() { WantsRollover = true } };
        host.Host.Write("/run/systemd/system/here", "").Write("/etc/systemd/system/here", "");
        var (master, programs) = (new Master(), new ScriptedPrograms());
        var run = Run(host, master, new(), new(), programs: programs);
        Assert.Equal(SetupResult.Done, (await run.ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken)).Result);
        var before = host.Picture();
        master.Outcome = PublishOutcome.Refused;
        programs.Calls.Clear();
        if (!goesOn) programs.Failing["systemctl enable --now danelaw-rollover.timer"] = "Failed to enable: no";
        var undone = await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken);
        Assert.Equal((SetupResult.Failed, before), (undone.Result, host.Picture()));
        Assert.Contains("the key is not known there", Assert.Single(undone.Messages), StringComparison.Ordinal);
        Assert.EndsWith(goesOn ? "The rollover goes on: danelaw-rollover.timer is started again." : "systemctl enable --now danelaw-rollover.timer does it.", undone.Messages[0], StringComparison.Ordinal);
        Assert.Equal("systemctl enable --now danelaw-rollover.timer", programs.Calls[^1]);

        // What rested already is not waked.
        programs.Failing["systemctl is-active danelaw-rollover.timer"] = "inactive";
        programs.Calls.Clear();
        await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(programs.Calls, call => call.Contains("enable --now", StringComparison.Ordinal));
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task Where_no_journal_can_be_begun_for_what_follows_nothing_is_published_and_all_is_put_back()
    {
        using var host = Sound();
        var before = host.Picture();
        var (master, clock, looks) = (new Master(), new SetClock(), 0);
        clock.OnLook = () => { if (++looks == 2) throw new IOException("No space left on device : '/var/lib/danelaw/setup/x'", 28); };
        var run = Run(host, master, new(), clock);
        var outcome = await run.ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken);
        Assert.Equal((SetupResult.Failed, true, before), (outcome.Result, master.Set.IsEmpty, host.Picture()));
        Assert.Equal("Everything is as it was before.", outcome.Messages[1]);
        Assert.Equal(SetupResult.Nothing, (await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken)).Result);
    }

    [Theory, Rfc(7671, "8.1")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_an_undo_without_a_publisher_leaves_in_the_zone_one_with_it_takes_out(bool hasRolled)
    {
        using var host = new SetupHost { Published = [], Options = new() { WantsRollover = true } };
        var before = host.Picture();
        var (master, clock) = (new Master(), new SetClock());
        var run = Run(host, master, new(), clock);
        Assert.Equal(SetupResult.Done, (await run.ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken)).Result);
        if (hasRolled)
        {
            master.Set = TlsaSet.Of(SetupHost.Record(host.Host.Authority.Issue(new() { Name = "mx.example.org", Issuer = host.Host.Root })));
            WriteState(host, master.Set, null, TimeSpan.FromHours(1));
        }

        var (programs, witness) = (new ScriptedPrograms(), new ScriptedWitness { Published = master.Set });
        var plain = clock.Run(host, programs, witness);
        for (var time = 0; time < 2; time++)
        {
            programs.Calls.Clear();
            var undone = await plain.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken);
            Assert.Equal((SetupResult.Waiting, true, before), (undone.Result, undone.ArePutBack, host.Picture()));
            Assert.Contains($"In your zone: take {master.Set} out at _25._tcp.mx.example.org (with --publisher FILE undo does it).", Assert.Single(undone.Messages), StringComparison.Ordinal);
            Assert.Equal(time == 0, programs.Calls.Contains("postfix reload"));
            Assert.Null(await plain.RecoverAsync(TestContext.Current.CancellationToken));
        }

        witness.Records = new(RecordsState.Absent, "");
        Assert.Equal(SetupResult.Undone, (await Run(host, master, witness, clock).UndoAsync(Undo.Plain, TestContext.Current.CancellationToken)).Result);
        Assert.True(master.Set.IsEmpty);
        Assert.Equal(SetupResult.Nothing, (await plain.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken)).Result);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task What_an_undo_without_a_publisher_leaves_in_the_zone_is_known_to_the_undo_of_a_later_setup()
    {
        using var host = Sound();
        var before = host.Picture();
        var (master, witness, clock) = (new Master(), new ScriptedWitness(), new SetClock());
        var run = Run(host, master, witness, clock);
        await run.ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken);
        witness.Published = master.Set;
        Assert.Equal(SetupResult.Waiting, (await clock.Run(host, new(), witness).UndoAsync(Undo.Plain, TestContext.Current.CancellationToken)).Result);
        host.Published = [.. master.Set.Records];
        Assert.Equal(SetupResult.Done, (await run.ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken)).Result);
        Assert.NotEqual(before, host.Picture());
        witness.Records = new(RecordsState.Absent, "");
        Assert.Equal(SetupResult.Undone, (await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken)).Result);
        Assert.Equal((true, before), (master.Set.IsEmpty, host.Picture()));
    }

    [Fact]
    public async Task Records_that_were_not_seen_to_work_are_waited_for()
    {
        using var host = Sound();
        var outcome = await Run(host, new(), new() { Records = new(RecordsState.Absent, "port 25 of mx.example.org gives no answer") }, new()).ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Waiting, outcome.Result);
        Assert.Contains("port 25 of mx.example.org gives no answer", Assert.Single(outcome.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_of_a_persons_own_that_a_server_does_not_match_are_no_waiting()
    {
        using var host = Sound();
        var outcome = await new SetClock().Run(host, new(), new() { Records = new(RecordsState.Failing, "192.0.2.26 shows another key") }).ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Failed, outcome.Result);
        Assert.Contains("the records are published, and a server does not match them: 192.0.2.26 shows another key", outcome.Messages[0], StringComparison.Ordinal);
        Assert.Contains("/var/lib/danelaw/chains", await File.ReadAllTextAsync(host.Host.Here("/etc/postfix/main.cf"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_is_nothing_to_do_an_error_that_is_left_is_no_success()
    {
        using var host = Sound();
        var plan = await host.PlanAsync() with { Steps = [], Obstacles = [] };
        var error = new Danelaw.Operator.Audit.AuditFinding(Danelaw.Operator.Audit.AuditCodes.TlsNotReloaded, Danelaw.Checks.Severity.Error, "postfix, port 25", null, "", new("postfix reload"));
        Assert.Equal(SetupResult.Nothing, (await new SetClock().Run(host, new(), new()).ApplyAsync(plan with { Left = [] }, null, TestContext.Current.CancellationToken)).Result);
        Assert.Equal(SetupResult.Waiting, (await new SetClock().Run(host, new(), new()).ApplyAsync(plan with { Left = [error] }, null, TestContext.Current.CancellationToken)).Result);
    }

    [Fact]
    public async Task Servers_that_lag_behind_are_waited_for()
    {
        using var host = Sound();
        var outcome = await Run(host, new(), new(), new() { Advances = true }, areServersBehind: true).ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Waiting, outcome.Result);
        Assert.Contains("ns1 has the records not yet", Assert.Single(outcome.Messages), StringComparison.Ordinal);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task Records_that_a_server_does_not_match_are_taken_out_again()
    {
        using var host = Sound();
        var master = new Master();
        var outcome = await Run(host, master, new() { Records = new(RecordsState.Failing, "192.0.2.26 shows another key") }, new()).ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Failed, outcome.Result);
        Assert.True(master.Set.IsEmpty);
        Assert.Contains("they are as they were before", outcome.Messages[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_master_refuses_is_said_and_the_servers_stay()
    {
        using var host = Sound();
        var outcome = await Run(host, new() { Outcome = PublishOutcome.Refused }, new(), new()).ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Failed, outcome.Result);
        Assert.Contains("the key is not known there", outcome.Messages[0], StringComparison.Ordinal);
        Assert.Contains("/var/lib/danelaw/chains", await File.ReadAllTextAsync(host.Host.Here("/etc/postfix/main.cf"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_published_before_the_master_refuses_is_named_and_nothing_is_said_to_be_put_back()
    {
        using var host = new SetupHost { Published = [], Options = new() { Ports = [25, 587] } };
        File.AppendAllText(host.Host.Here("/etc/postfix/master.cf"), "submission inet n - n - - smtpd\n  -o smtpd_tls_security_level=encrypt\n");
        var plan = await host.PlanAsync(facts => facts with { Asked = [.. facts.Asked, SetupHost.Answer("_587._tcp.mx.example.org.", [])] });
        Assert.Equal(2, Assert.Single(plan.Steps, step => step.Stage == SetupStage.Records).Records.Length);
        var outcome = await Run(host, new() { Refused = 587 }, new(), new()).ApplyAsync(plan, null, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Failed, outcome.Result);
        Assert.StartsWith("The servers stay as the steps before it have left them", outcome.Messages[1], StringComparison.Ordinal);
        Assert.EndsWith("What was published before that stays in the zone, and the servers match it: _25._tcp.mx.example.org.", outcome.Messages[1], StringComparison.Ordinal);
    }

    [Theory, Rfc(7671, "8.1")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_rollover_has_published_that_is_not_taken_up_in_the_end_is_taken_out_or_known_to_undo(bool isRefused)
    {
        using var host = new SetupHost { Published = [], Options = new() { WantsRollover = true } };
        var (master, witness) = (new Master(), new ScriptedWitness());
        var renewed = host.Host.Authority.Issue(new() { Name = "mx.example.org", Issuer = host.Host.Root });
        var (next, clock) = (SetupHost.Record(renewed), new SetClock());
        void TakeUp()
        {
            host.Host.WriteKey(HostFolder.ChainFile, renewed.PrivateKeyToPem() + renewed.ToPem());
            WriteState(host, TlsaSet.Of(SetupHost.Record(host.Host.Leaf)), TlsaSet.Of(next), TimeSpan.FromHours(1));
            master.Set = master.Set.Union(TlsaSet.Of(next));
            if (isRefused) master.Outcome = PublishOutcome.Refused;
        }

        var run = Run(host, master, witness, clock, renewal: new TakenUp { Seen = new(false, true, "the second roll has no server"), OnTakeUp = TakeUp });
        var outcome = await run.ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Failed, outcome.Result);
        Assert.EndsWith(isRefused ? "stays: _25._tcp.mx.example.org. could not be put back: the key is not known there." : "What the rollover had published at _25._tcp.mx.example.org is taken out.", outcome.Messages[1], StringComparison.Ordinal);
        Assert.Equal(isRefused ? 2 : 1, master.Set.Records.Length);
        Assert.False(File.Exists(host.Host.Here("/var/lib/danelaw/rollover.db")));
        master.Outcome = PublishOutcome.Done;
        Assert.Equal(SetupResult.Undone, (await Undo.AfterTheWaitAsync(run, witness, clock, Undo.Plain)).Result);
        Assert.True(master.Set.IsEmpty);
    }

    [Fact]
    public async Task A_master_that_has_something_else_than_its_servers_is_left_alone()
    {
        using var host = Sound();
        var other = host.Host.Authority.Issue(new() { Name = "mx.example.org", Issuer = host.Host.Root });
        var master = new Master { Set = TlsaSet.Of(SetupHost.Record(other)) };
        var outcome = await Run(host, master, new(), new()).ApplyAsync(await host.PlanAsync(), null, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Failed, outcome.Result);
        Assert.Contains("wait until they agree", outcome.Messages[0], StringComparison.Ordinal);
        Assert.Equal([SetupHost.Record(other)], master.Set.Records);
    }

    [Theory]
    [InlineData("kind = \"update\"\nserver = \"127.0.0.1\"\nkey-file = \"/etc/danelaw/tsig.key\"\n", true)]
    [InlineData("kind = \"update\"\n", false)]
    [InlineData("kind = \"pigeon\"\n", false)]
    public void The_file_of_a_publisher_is_read_whole_or_not_at_all(string text, bool expected)
    {
        Assert.Equal(expected, PublisherFile.TryRead(text, "/etc/danelaw/publisher.toml", out _, out var faults));
        Assert.Equal(expected, faults.IsEmpty);
    }
}
