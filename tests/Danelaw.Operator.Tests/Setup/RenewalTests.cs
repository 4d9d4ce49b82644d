using Danelaw.Dns.Names;
using Danelaw.Operator.Changes;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Operator.Setup;
using Danelaw.Operator.Setup.Renewing;

namespace Danelaw.Operator.Tests.Setup;

/// <summary>What carries keys over renewals, planned, installed and taken back.</summary>
public sealed class RenewalTests
{
    private const string Timer = "/etc/systemd/system/danelaw-rollover.timer", Service = "/etc/systemd/system/danelaw-rollover.service", Hook = "/etc/letsencrypt/renewal-hooks/deploy/danelaw-look-now";

    private static readonly PublisherSettings.Update Primary = new("127.0.0.1", 53, null, "/etc/danelaw/tsig.key");

    private static SetupHost Sound(PublisherSettings? publisher = null, bool hasSystemd = true)
    {
        var host = new SetupHost { Options = new() { WantsRollover = true, Publisher = publisher }, Published = [] }.HowTo();
        if (hasSystemd) host.Host.Write("/run/systemd/system/here", "");
        host.Host.Write("/etc/systemd/system/here", "");
        return host;
    }

    private static SetupRun Run(SetupHost host, ScriptedPrograms programs, ISetupRenewal? renewal = null, ScriptedWitness? witness = null, SetClock? clock = null) =>
        (clock ?? new()).Run(host, programs, witness ?? new(), renewal: renewal ?? new TakenUp());

    private static async Task<SetupPlan> PlanAsync(SetupHost host)
    {
        var plan = await host.PlanAsync();
        return plan with { Steps = [.. plan.Steps.Where(step => step.Reloads.All(reload => reload.Service != ManagedService.Unbound))] };
    }

    private static SetupStep Rollover(SetupPlan plan) => Assert.Single(plan.Steps, step => step.Stage == SetupStage.Rollover);

    private static string Written(SetupStep step, string path) => Assert.Single(step.Changes.OfType<Change.WriteFile>(), file => file.File == path).Text;

    private static RollSettings ReadRoll(string text)
    {
        Assert.True(RolloverSettingsText.TryRead(text, "rollover.toml", out var settings, out var faults), string.Join('\n', faults.Select(fault => fault.Text)));
        return Assert.Single(settings.Rolls);
    }

    [Fact]
    public async Task The_settings_say_what_setup_knows_and_the_rollover_reads_them()
    {
        using var host = Sound(Primary);
        var plan = await host.PlanAsync();
        var roll = ReadRoll(Written(Rollover(plan), "/etc/danelaw/rollover.toml"));
        Assert.Equal(["smtp://mx.example.org:25"], roll.Owners.Select(owner => owner.Text));
        var chain = Assert.Single(roll.Chains);
        Assert.Equal(("/var/lib/danelaw/chains/mx.example.org/ecdsa.pem", "/etc/letsencrypt/live/mx"), (chain.File, Assert.Single(chain.Offers).Path));
        Assert.Equal("systemctl reload postfix", string.Join(' ', Assert.Single(roll.Reload)));
        Assert.Equal(Primary, roll.Publisher);
        Assert.Equal(SetupStage.Rollover, plan.Steps[^1].Stage);
    }

    [Fact]
    public async Task All_that_shows_the_key_is_one_roll_with_every_port_that_has_records()
    {
        using var host = Sound(Primary, hasSystemd: false);
        host.Host.Write("/etc/dovecot/dovecot.conf", "ssl = yes\nssl_cert = </etc/letsencrypt/live/mx/fullchain.pem\nssl_key = </etc/letsencrypt/live/mx/privkey.pem\n");
        var wide = new SetupHost { Options = host.Options with { Ports = [25, 993] } };
        var facts = new SetupReader(host.Host.Files, wide.Options).Read(await host.Host.ReadAsync(), Danelaw.Operator.Audit.NetworkFacts.None, await host.Host.ExamineAsync());
        wide.Dispose();
        var roll = ReadRoll(Written(Rollover(SetupPlanner.Plan(facts, wide.Options, HostFolder.Now)), "/etc/danelaw/rollover.toml"));
        Assert.Equal(["smtp://mx.example.org:25", "imaps://mx.example.org:993"], roll.Owners.Select(owner => owner.Text));
        Assert.Equal(["postfix reload", "doveadm reload"], roll.Reload.Select(command => string.Join(' ', command)));
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task Another_MX_name_and_another_port_that_pin_the_key_roll_with_it()
    {
        using var host = Sound(Primary);
        File.AppendAllText(host.Host.Here("/etc/postfix/master.cf"), "submission inet n - n - - smtpd\n  -o smtpd_tls_security_level=encrypt\n");
        var record = SetupHost.Record(host.Host.Leaf);
        var plan = await host.PlanAsync(facts => facts with
        {
            Asked = [.. facts.Asked, SetupHost.Answer("_587._tcp.mx.example.org.", [record]), SetupHost.Answer("_25._tcp.mx.example.net.", [record]), SetupHost.Answer("_25._tcp.nobody.example.", [record])],
            Network = facts.Network with { Domains = [MailDomain("example.org.", SetupHost.Mx), MailDomain("example.net.", DomainName.Parse("mx.example.net."))] },
        });
        Assert.Equal(["smtp://mx.example.org:25", "submission://mx.example.org:587", "smtp://mx.example.net:25"], ReadRoll(Written(Rollover(plan), "/etc/danelaw/rollover.toml")).Owners.Select(owner => owner.Text));

        static Danelaw.Operator.Audit.DomainFacts MailDomain(string name, DomainName mx) =>
            new(DomainName.Parse(name), new() { Target = name, Hosts = [new() { Name = mx, TlsaBase = mx, Addresses = [] }] });
    }

    [Theory]
    [InlineData("kind = \"update\"\nserver = \"192.0.2.1\"\nport = 5353\nzone = \"example.org\"\nkey-file = \"/a b/key\"\n")]
    [InlineData("kind = \"powerdns\"\nurl = \"http://127.0.0.1:8081\"\nserver-id = \"localhost\"\nkey-file = \"/a/key\"\n")]
    [InlineData("kind = \"zone-file\"\nfile = \"/etc/bind/example.org\"\nzone = \"example.org\"\nreload = [\"rndc\", \"reload\"]\n")]
    [InlineData("kind = \"hook\"\ncommand = [\"/a/hook\", \"say \\\"x\\\"\"]\n")]
    [InlineData("kind = \"manual\"\n")]
    public async Task Every_publisher_comes_through_the_settings_as_it_was(string text)
    {
        Assert.True(PublisherFile.TryRead(text, "p", out var publisher, out _));
        using var host = Sound(publisher);
        var step = Rollover(await host.PlanAsync());
        var read = ReadRoll(Written(step, "/etc/danelaw/rollover.toml")).Publisher;
        Assert.Equal(Say(publisher), Say(read));

        // A file elsewhere that is written needs a right that the unit has not got by itself.
        Assert.Equal(publisher is PublisherSettings.ZoneFile, step.Changes.Any(change => change.Path.EndsWith("/setup.conf", StringComparison.Ordinal)));

        static string Say(PublisherSettings settings) => settings switch
        {
            PublisherSettings.ZoneFile file => $"{file.File} {file.Zone} {string.Join(',', file.Reload)}",
            PublisherSettings.Hook hook => $"{string.Join(',', hook.Command)} {hook.Zone}",
            _ => settings.ToString(),
        };
    }

    [Fact]
    public async Task The_units_and_the_hook_are_those_of_the_package_with_the_command_that_runs()
    {
        using var host = Sound();
        var packaged = Rollover(await host.PlanAsync());
        var root = Danelaw.Testing.Repository.Root;
        Assert.Equal(await File.ReadAllTextAsync(root + "/packaging/systemd/danelaw-rollover.service", TestContext.Current.CancellationToken), Written(packaged, Service));
        Assert.Equal(await File.ReadAllTextAsync(root + "/packaging/systemd/danelaw-rollover.timer", TestContext.Current.CancellationToken), Written(packaged, Timer));
        Assert.Equal(await File.ReadAllTextAsync(root + "/packaging/hooks/danelaw-look-now", TestContext.Current.CancellationToken), Written(packaged, Hook));
        using var elsewhere = new SetupHost { Options = host.Options with { Command = ["/opt/my net/dotnet", "/opt/d.dll"] } }.HowTo();
        elsewhere.Host.Write("/etc/systemd/system/here", "");
        var step = Rollover(await elsewhere.PlanAsync());
        Assert.Contains("ExecStart=\"/opt/my net/dotnet\" /opt/d.dll rollover run\n", Written(step, Service), StringComparison.Ordinal);
        Assert.Contains("MemoryDenyWriteExecute=no", Written(step, "/etc/systemd/system/danelaw-rollover.service.d/setup.conf"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0b110_100_000, true)]
    [InlineData(0b110_100_100, false)]
    public async Task A_key_of_another_user_alone_needs_the_right_to_read_everything(int mode, bool isNeeded)
    {
        using var host = Sound(Primary with { KeyFile = "/etc/bind/tsig.key" });
        host.Host.Write("/etc/bind/tsig.key", "");
        var key = host.Host.Here("/etc/bind/tsig.key");
        Danelaw.Operator.Processes.Posix.GiveTo(key, 65534, 65534);
        File.SetUnixFileMode(key, (UnixFileMode)mode);
        var extras = Rollover(await host.PlanAsync()).Changes.OfType<Change.WriteFile>().FirstOrDefault(file => file.File.EndsWith("/setup.conf", StringComparison.Ordinal))?.Text ?? "";
        Assert.Equal(isNeeded, extras.Contains("CapabilityBoundingSet=CAP_DAC_READ_SEARCH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0b110_000_000, 0b111_101_101, 65534, true)]
    [InlineData(0b110_100_000, 0b111_000_000, 0, true)]
    [InlineData(0b110_100_100, 0b111_101_101, 65534, true)]
    [InlineData(0b110_100_000, 0b111_101_101, 0, false)]
    public async Task What_another_users_ACME_client_brings_needs_that_right_from_the_first_setup_on(int key, int folder, int group, bool isNeeded)
    {
        using var host = Sound(Primary);
        var archive = host.Host.Here("/etc/letsencrypt/archive/mx");
        foreach (var path in Directory.EnumerateFiles(archive).Append(archive)) Danelaw.Operator.Processes.Posix.GiveTo(path, 65534, (uint)group);
        File.SetUnixFileMode(archive + "/privkey1.pem", (UnixFileMode)key);
        File.SetUnixFileMode(archive, (UnixFileMode)folder);
        var plan = await PlanAsync(host);
        Assert.Equal(isNeeded, Rollover(plan).Changes.OfType<Change.WriteFile>().Any(file => file.Text.Contains("CapabilityBoundingSet=CAP_DAC_READ_SEARCH", StringComparison.Ordinal) && file.File.EndsWith("/setup.conf", StringComparison.Ordinal)));

        // And so a second setup has nothing to add.
        Assert.Equal(SetupResult.Done, (await Run(host, new()).ApplyAsync(plan, null, TestContext.Current.CancellationToken)).Result);
        host.Host.Write("/etc/systemd/system/timers.target.wants/danelaw-rollover.timer", "");
        host.Published = [SetupHost.Record(host.Host.Leaf)];
        Assert.Empty((await PlanAsync(host)).Steps);
    }

    [Theory]
    [InlineData(0b111_101_101, 0b111_101_101, 65534, true)]
    [InlineData(0b111_101_111, 0b111_101_101, 0, true)]
    [InlineData(0b111_101_101, 0b111_111_111, 0, true)]
    [InlineData(0b111_101_101, 0b111_101_101, 0, false)]
    public async Task No_timer_runs_as_root_what_others_may_alter(int file, int folder, int user, bool isRefused)
    {
        using var host = new SetupHost { Options = new() { WantsRollover = true, Command = ["/opt/bin/danelaw"] }, Published = [] }.HowTo();
        host.Host.Write("/etc/systemd/system/here", "").Write("/opt/bin/danelaw", "");
        var path = host.Host.Here("/opt/bin/danelaw");
        File.SetUnixFileMode(path, (UnixFileMode)file);
        Danelaw.Operator.Processes.Posix.GiveTo(path, (uint)user, (uint)user);
        File.SetUnixFileMode(host.Host.Here("/opt/bin"), (UnixFileMode)folder);
        var plan = await PlanAsync(host);
        Assert.Equal(isRefused, plan.Steps.All(step => step.Stage != SetupStage.Rollover));
        Assert.Equal(isRefused, plan.Obstacles.Any(obstacle => obstacle.ToDo.Contains("its whole folder, because libraries lie beside it: /opt/bin)", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Settings_that_others_may_write_to_are_not_used()
    {
        using var host = Sound();
        host.Host.Write("/etc/danelaw/rollover.toml", "[[roll]]\nname = \"x\"\nowners = [\"other.example.org:25\"]\nreload = []\nchain = [{ file = \"/a.pem\", offers = [] }]\npublisher = { kind = \"manual\" }\n");
        File.SetUnixFileMode(host.Host.Here("/etc/danelaw/rollover.toml"), (UnixFileMode)0b110_110_100);
        Assert.Contains((await host.PlanAsync()).Obstacles, obstacle => obstacle.What.Contains("others than its owner may write to it; look at what stands in it, then: chmod go-w /etc/danelaw/rollover.toml", StringComparison.Ordinal));
        var seen = await new SetupRenewal(host.Host.Files, host.Options, new Danelaw.Operator.Tests.Rollover.Running.RollScene(), _ => throw new InvalidOperationException(), new SetClock()).TakeUpAsync(TestContext.Current.CancellationToken);
        Assert.True(seen is { IsTakenUp: false, IsRefused: true });
        Assert.Contains("others than its owner may write to it", seen.Detail, StringComparison.Ordinal);
        Assert.Contains("others than its owner may write to it", Assert.Throws<SetupException>(() => RolledRecords.Of(host.Host.Files, host.Options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paths_with_signs_that_systemd_or_a_shell_would_read_stay_what_they_are()
    {
        using var host = new SetupHost { Options = new() { WantsRollover = true, Publisher = new PublisherSettings.ZoneFile("/etc/my zones/100%/example.org", DomainName.Parse("example.org."), []), Command = ["/opt/a $b`c`/danelaw"] }, Published = [] }.HowTo();
        host.Host.Write("/etc/systemd/system/here", "");
        var step = Rollover(await host.PlanAsync());
        Assert.Contains("ExecStart=\"/opt/a $$b`c`/danelaw\" rollover run\n", Written(step, Service), StringComparison.Ordinal);
        Assert.Contains("'/opt/a $b`c`/danelaw' rollover run --quiet", Written(step, Hook), StringComparison.Ordinal);
        Assert.Contains("ReadWritePaths=\"/etc/my zones/100%%\"\n", Written(step, "/etc/systemd/system/danelaw-rollover.service.d/setup.conf"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_package_has_brought_is_not_brought_again()
    {
        using var host = Sound();
        host.Host.Write("/lib/systemd/system/danelaw-rollover.timer", "");
        var step = Rollover(await host.PlanAsync());
        Assert.DoesNotContain(step.Changes, change => change.Path == Timer);
        Assert.Equal(["danelaw-rollover.timer"], step.Timers);
    }

    [Fact]
    public async Task Installed_it_is_once_for_all_and_undo_leaves_nothing()
    {
        using var host = Sound();
        var before = host.Picture();
        var programs = new ScriptedPrograms();
        var (witness, clock) = (new ScriptedWitness(), new SetClock());
        var run = Run(host, programs, new TakenUp { OnTakeUp = () => host.Host.Write("/var/lib/danelaw/rollover.db", "state") }, witness, clock);
        var outcome = await run.ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken);
        Assert.True(outcome.Result == SetupResult.Done, string.Join('\n', outcome.Messages));
        Assert.Equal(["systemctl daemon-reload", "systemctl enable --now danelaw-rollover.timer"], programs.Calls[^2..]);
        Assert.True((File.GetUnixFileMode(host.Host.Here(Hook)) & UnixFileMode.OtherExecute) != 0);
        host.Host.Write("/etc/systemd/system/timers.target.wants/danelaw-rollover.timer", "");
        host.Published = [SetupHost.Record(host.Host.Leaf)];
        var second = await PlanAsync(host);
        Assert.Empty(second.Steps);
        Assert.Empty(second.Obstacles);
        Directory.Delete(host.Host.Here("/etc/systemd/system/timers.target.wants"), recursive: true);
        Assert.Equal(SetupResult.Undone, (await Undo.AfterTheWaitAsync(run, witness, clock, Undo.Plain)).Result);
        Assert.Equal(before, host.Picture());
        Assert.False(File.Exists(host.Host.Here("/var/lib/danelaw/rollover.db")));
        Assert.False(File.Exists(host.Host.Here("/var/lib/danelaw/rollover.db.lock")));
        Assert.True(programs.Calls.IndexOf("systemctl disable --now danelaw-rollover.timer") > programs.Calls.IndexOf("systemctl enable --now danelaw-rollover.timer"));
        Assert.Equal("systemctl daemon-reload", programs.Calls.Last(call => call.StartsWith("systemctl", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_systemd_it_is_said_that_nothing_looks_by_itself()
    {
        using var host = Sound(hasSystemd: false);
        var plan = await PlanAsync(host);
        Assert.Contains(plan.Remarks, remark => remark.Contains("systemd does not run here", StringComparison.Ordinal));
        var programs = new ScriptedPrograms();
        Assert.Equal(SetupResult.Done, (await Run(host, programs).ApplyAsync(plan, null, TestContext.Current.CancellationToken)).Result);
        Assert.DoesNotContain(programs.Calls, call => call.StartsWith("systemctl", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rollover_that_cannot_be_taken_up_is_put_back_and_the_servers_stay()
    {
        using var host = Sound();
        var outcome = await Run(host, new(), new TakenUp { Seen = new(false, true, "another machine shows the key as well") }).ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Failed, outcome.Result);
        Assert.Contains("another machine shows the key as well", outcome.Messages[0], StringComparison.Ordinal);
        Assert.False(File.Exists(host.Host.Here("/etc/danelaw/rollover.toml")));
        Assert.Contains("smtpd_tls_chain_files", await File.ReadAllTextAsync(host.Host.Here("/etc/postfix/main.cf"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timer_that_systemd_refuses_is_put_back()
    {
        using var host = Sound();
        var outcome = await Run(host, new() { Failing = { ["systemctl enable --now danelaw-rollover.timer"] = "Failed to enable: no" } }).ApplyAsync(await PlanAsync(host), null, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Failed, outcome.Result);
        Assert.Contains("Failed to enable", outcome.Messages[0], StringComparison.Ordinal);
        Assert.False(File.Exists(host.Host.Here(Timer)));
    }

    [Theory]
    [InlineData("# mine\n[[roll]]\nname = \"x\"\n", "cannot be read")]
    [InlineData("[[roll]]\nname = \"x\"\nowners = [\"other.example.org:25\"]\nreload = []\nchain = [{ file = \"/a.pem\", offers = [] }]\npublisher = { kind = \"manual\" }\n", "is there already")]
    public async Task Settings_that_are_there_are_not_written_over(string text, string said)
    {
        using var host = Sound();
        host.Host.Write("/etc/danelaw/rollover.toml", text);
        var plan = await host.PlanAsync();
        Assert.DoesNotContain(plan.Steps, step => step.Stage == SetupStage.Rollover);
        Assert.Contains(plan.Obstacles, obstacle => obstacle.What.Contains(said, StringComparison.Ordinal) && !obstacle.IsFatal);
    }

    [Theory, Rfc(7671, "8.1")]
    [InlineData(25, false)]
    [InlineData(587, true)]
    public async Task A_port_that_the_roll_does_not_know_is_told_also_where_no_rollover_was_asked_for(int port, bool isTold)
    {
        const string Owned = "/var/lib/danelaw/chains/mx.example.org/ecdsa.pem";
        using var host = new SetupHost { Published = [], Options = new() { Ports = [25, port] } };
        File.AppendAllText(host.Host.Here("/etc/postfix/master.cf"), "submission inet n - n - - smtpd\n  -o smtpd_tls_security_level=encrypt\n");
        host.Host.Write("/etc/danelaw/rollover.toml", $"[[roll]]\nname = \"x\"\nowners = [\"mx.example.org:25\"]\nreload = []\nchain = [{{ file = \"{Owned}\", offers = [] }}]\npublisher = {{ kind = \"manual\" }}\n");
        var plan = await host.PlanAsync();
        Assert.Equal(isTold, plan.Obstacles.Any(one => !one.IsFatal && one.What.StartsWith($"/etc/danelaw/rollover.toml has no roll with the owner submission://mx.example.org:{port}", StringComparison.Ordinal)));
        Assert.Contains(plan.Steps, step => step.Stage == SetupStage.Records);
    }

    [Fact]
    public async Task Without_it_somebody_is_told_that_nothing_renews_the_chain_files()
    {
        using var host = new SetupHost().HowTo();
        Assert.Contains((await host.PlanAsync()).Remarks, remark => remark.Contains("setup --rollover", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_with_a_key_of_its_own_that_no_record_means_stays_with_its_ACME_client()
    {
        using var host = Sound();
        host.WriteLineage("imap", host.Host.Authority.Issue(new() { Name = "imap.example.org", DnsNames = ["imap.example.org"], Issuer = host.Host.Root }));
        host.Host.Write("/etc/dovecot/dovecot.conf", "ssl = yes\nssl_cert = </etc/letsencrypt/live/imap/fullchain.pem\nssl_key = </etc/letsencrypt/live/imap/privkey.pem\n");
        var plan = await host.PlanAsync();
        Assert.False(plan.IsRefused);
        Assert.DoesNotContain(plan.Steps.SelectMany(step => step.Changes), change => change.Path == "/etc/dovecot/dovecot.conf");
        Assert.Single(ReadRoll(Written(Rollover(plan), "/etc/danelaw/rollover.toml")).Chains);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task After_a_renewal_servers_are_not_put_back_while_records_mean_the_key_of_the_chain_file()
    {
        using var host = Sound();
        var witness = new ScriptedWitness();
        var programs = new ScriptedPrograms();
        var run = Run(host, programs, witness: witness);
        var plan = await PlanAsync(host);

        // Nothing that mends a server, so that only the key of the ACME client speaks against it.
        plan = plan with { Steps = [.. plan.Steps.Where(step => step.Stage is SetupStage.Chains or SetupStage.Records or SetupStage.Rollover)] };
        Assert.Equal(SetupResult.Done, (await run.ApplyAsync(plan, null, TestContext.Current.CancellationToken)).Result);
        var renewed = host.Host.Authority.Issue(new() { Name = "mx.example.org", Issuer = host.Host.Root });
        host.Host.WriteKey("/etc/letsencrypt/archive/mx/privkey1.pem", renewed.PrivateKeyToPem()).Write("/etc/letsencrypt/archive/mx/fullchain1.pem", renewed.ToPem());
        var undone = await run.UndoAsync(Undo.Plain, TestContext.Current.CancellationToken);
        Assert.Equal(SetupResult.Waiting, undone.Result);
        Assert.Contains("still published", undone.Messages[0], StringComparison.Ordinal);

        // The rollover does not go on meanwhile: it would publish what is to be taken out.
        Assert.Contains(programs.Calls, call => call.StartsWith("systemctl disable --now danelaw-rollover.timer", StringComparison.Ordinal));
        Assert.StartsWith("The rollover is stopped meanwhile", undone.Messages[1], StringComparison.Ordinal);
    }
}
