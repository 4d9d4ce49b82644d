using System.Text;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Acme;
using Danelaw.Operator.Changes;
using Danelaw.Operator.Setup;

namespace Danelaw.Operator.Tests.Setup;

/// <summary>Hooks that say "look now" for acme.sh and lego. acme.sh is not installed here: its files are fixtures in the form in which its version 3 writes them.</summary>
public sealed class LookNowTests
{
    private const string Program = "/etc/danelaw/danelaw-look-now";
    private const string AcmeSh = "/root/.acme.sh/mx.example.org_ecc/mx.example.org.conf";
    private const string AcmeShText = "Le_Domain='mx.example.org'\nLe_Alt='no'\nLe_Webroot='/var/www'\nLe_PreHook=''\nLe_PostHook=''\nLe_RenewHook=''\nLe_API='https://acme-v02.api.letsencrypt.org/directory'\nLe_Keylength='ec-256'\nLe_RealKeyPath='/etc/nginx/mx.key'\nLe_RealFullChainPath='/etc/nginx/mx.pem'\nLe_NextRenewTime='1785000000'\n";
    private const string CronTable = "/etc/cron.d/lego";
    private const string CronText = "MAILTO=root\n# lego renew, every night\n17 3 * * * root /usr/bin/lego --path /etc/lego --email a@example.org --domains mx.example.org --http renew --days 30\n";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The how-to's host, whose certificate another client brings.</summary>
    private static SetupHost Renewed(string key, string chain)
    {
        var host = new SetupHost { Options = new() { WantsRollover = true }, Published = [] }.HowTo();
        host.Host.Write("/etc/systemd/system/here", "").Write("/run/systemd/system/here", "");
        Directory.Delete(host.Host.Here("/etc/letsencrypt"), recursive: true);
        host.Host.WriteKey(key, host.Host.Leaf.PrivateKeyToPem()).Write(chain, host.Host.Leaf.ToPem() + host.Host.Root.ToPem());
        var main = host.Host.Here("/etc/postfix/main.cf");
        File.WriteAllText(main, File.ReadAllText(main).Replace("/etc/letsencrypt/live/mx/fullchain.pem", chain, StringComparison.Ordinal).Replace("/etc/letsencrypt/live/mx/privkey.pem", key, StringComparison.Ordinal));
        return host;
    }

    private static SetupHost RenewedByAcmeSh(string text = AcmeShText)
    {
        var host = Renewed("/root/.acme.sh/mx.example.org_ecc/mx.example.org.key", "/root/.acme.sh/mx.example.org_ecc/fullchain.cer");
        host.Host.Write(AcmeSh, text);
        return host;
    }

    private static SetupHost RenewedByLego(string path = CronTable, string text = CronText)
    {
        var host = Renewed("/etc/lego/certificates/mx.example.org.key", "/etc/lego/certificates/mx.example.org.crt");
        host.Host.Write(path, text);
        return host;
    }

    private static async Task<SetupPlan> PlanAsync(SetupHost host)
    {
        var plan = await host.PlanAsync();
        return plan with { Steps = [.. plan.Steps.Where(step => step.Reloads.All(reload => reload.Service != ManagedService.Unbound))] };
    }

    private static SetupRun Run(SetupHost host, ScriptedPrograms programs, ScriptedWitness witness, SetClock clock) => clock.Run(host, programs, witness, renewal: new TakenUp());

    private static SetupStep Rollover(SetupPlan plan) => Assert.Single(plan.Steps, step => step.Stage == SetupStage.Rollover);

    private static string Coded(string command) => $"Le_RenewHook='__ACME_BASE64__START_{Convert.ToBase64String(Encoding.UTF8.GetBytes(command))}__ACME_BASE64__END_'";

    [Theory]
    [InlineData("Le_RenewHook=''", Program)]
    [InlineData("Le_RenewHook='/bin/mine'", Program + "; /bin/mine")]
    [InlineData("Le_RenewHook='__ACME_BASE64__START_L2Jpbi9taW5lICMgb3Vycw==__ACME_BASE64__END_'", Program + "; /bin/mine # ours")]
    public async Task Acme_sh_is_told_in_the_certificates_own_file_and_what_stood_there_is_run_too(string before, string expected)
    {
        using var host = RenewedByAcmeSh(AcmeShText.Replace("Le_RenewHook=''", before, StringComparison.Ordinal));
        var step = Rollover(await host.PlanAsync());
        var change = Assert.Single(step.Changes.OfType<Change.SetLine>());
        Assert.Equal((AcmeSh, 6, before, Coded(expected)), (change.File, change.Line, change.Before, change.After));
        Assert.Contains(step.Changes, one => one is Change.WriteFile { File: Program } file && file.Text.Contains("exit 0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Acme_shs_own_writing_does_not_stop_undo_and_outlives_it()
    {
        using var host = RenewedByAcmeSh();
        var (programs, witness, clock) = (new ScriptedPrograms(), new ScriptedWitness(), new SetClock());
        var run = Run(host, programs, witness, clock);
        var outcome = await run.ApplyAsync(await PlanAsync(host), null, Cancelled);
        Assert.True(outcome.Result == SetupResult.Done, string.Join('\n', outcome.Messages));
        Assert.True((File.GetUnixFileMode(host.Host.Here(Program)) & UnixFileMode.OtherExecute) != 0);
        host.Host.Write("/etc/systemd/system/timers.target.wants/danelaw-rollover.timer", "");
        host.Published = [SetupHost.Record(host.Host.Leaf)];
        Assert.Empty((await PlanAsync(host)).Steps);

        // A renewal: acme.sh writes the file anew.
        var conf = host.Host.Here(AcmeSh);
        var renewed = (await File.ReadAllTextAsync(conf, Cancelled)).Replace("1785000000", "1790000000", StringComparison.Ordinal) + "Le_LinkCert='https://x'\n";
        Assert.Contains(Coded(Program), renewed, StringComparison.Ordinal);
        await File.WriteAllTextAsync(conf, renewed, Cancelled);
        Assert.Contains((await run.PreviewUndoAsync(Undo.Plain, Cancelled)).Files, file => file.File == AcmeSh && !file.IsForeign && file.Difference.Contains("-" + Coded(Program)) && file.Difference.Contains("+Le_RenewHook=''"));
        Directory.Delete(host.Host.Here("/etc/systemd/system/timers.target.wants"), recursive: true);
        Assert.Equal(SetupResult.Undone, (await Undo.AfterTheWaitAsync(run, witness, clock, Undo.Plain)).Result);
        Assert.Equal(renewed.Replace(Coded(Program), "Le_RenewHook=''", StringComparison.Ordinal), await File.ReadAllTextAsync(conf, Cancelled));
        Assert.False(File.Exists(host.Host.Here(Program)));
    }

    [Fact]
    public async Task A_file_of_acme_shs_without_the_line_is_given_it_and_without_the_file_nothing_is_put_back()
    {
        using var host = RenewedByAcmeSh(AcmeShText.Replace("Le_RenewHook=''\n", "", StringComparison.Ordinal));
        var (witness, clock) = (new ScriptedWitness(), new SetClock());
        var run = Run(host, new(), witness, clock);
        Assert.Equal(SetupResult.Done, (await run.ApplyAsync(await PlanAsync(host), null, Cancelled)).Result);
        Assert.EndsWith("1785000000'\n" + Coded(Program) + "\n", await File.ReadAllTextAsync(host.Host.Here(AcmeSh), Cancelled), StringComparison.Ordinal);
        File.Delete(host.Host.Here(AcmeSh));
        Assert.Equal(SetupResult.Undone, (await Undo.AfterTheWaitAsync(run, witness, clock, Undo.Plain)).Result);
        Assert.False(File.Exists(host.Host.Here(AcmeSh)));
    }

    [Fact]
    public async Task Another_users_acme_sh_is_left_alone()
    {
        using var host = RenewedByAcmeSh();
        Danelaw.Operator.Processes.Posix.GiveTo(host.Host.Here(AcmeSh), 65534, 65534);
        var plan = await host.PlanAsync();
        Assert.DoesNotContain(Rollover(plan).Changes, change => change is Change.SetLine || change.Path == Program);
        Assert.DoesNotContain(plan.Remarks, remark => remark.Contains("looked at once", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(CronTable, CronText, 3, "--http renew --renew-hook=" + Program + " --days 30")]
    [InlineData("/var/spool/cron/crontabs/root", "@daily /usr/bin/lego --path=/etc/lego/ -d 'mx.example.org' -d other.example.org --http renew\n", 1, "renew --renew-hook=" + Program)]
    [InlineData("/etc/systemd/system/lego.service", "[Service]\nType=oneshot\nExecStart=-/usr/bin/lego --path /etc/lego \\\n  --domains mx.example.org \\\n  renew --days 30\n", 5, "  renew --renew-hook=" + Program + " --days 30")]
    [InlineData("/etc/cron.daily/lego", "#!/bin/sh\ncd /etc && lego --path /etc/lego --domains=\"$1\" renew || exit 1\n", 2, "renew --renew-hook=" + Program + " || exit 1")]
    public async Task Lego_is_told_where_its_command_stands(string path, string text, int line, string expected)
    {
        using var host = RenewedByLego(path, text);
        var (programs, witness, clock) = (new ScriptedPrograms(), new ScriptedWitness(), new SetClock());
        var plan = await PlanAsync(host);
        var change = Assert.Single(Rollover(plan).Changes.OfType<Change.SetLine>());
        Assert.Equal((path, line), (change.File, change.Line));
        Assert.EndsWith(expected, change.After, StringComparison.Ordinal);
        var run = Run(host, programs, witness, clock);
        Assert.Equal(SetupResult.Done, (await run.ApplyAsync(plan, null, Cancelled)).Result);
        var file = host.Host.Here(path);
        Assert.Equal(text.Replace(change.Before!, change.After, StringComparison.Ordinal), await File.ReadAllTextAsync(file, Cancelled));

        // Somebody adds a line of his own, and keeps it.
        await File.AppendAllTextAsync(file, "# mine\n", Cancelled);
        Assert.Equal(SetupResult.Undone, (await Undo.AfterTheWaitAsync(run, witness, clock, Undo.Plain)).Result);
        Assert.Equal(text + "# mine\n", await File.ReadAllTextAsync(file, Cancelled));
    }

    [Theory]
    [InlineData("17 3 * * * root lego --path /etc/lego -d mx.example.org renew --renew-hook '/opt/reload all'\n", "at /etc/cron.d/lego:1 that is /opt/reload: add /etc/danelaw/danelaw-look-now to it")]
    [InlineData("17 3 * * * root lego --path /srv/lego -d mx.example.org renew\n", "was found in no table of cron")]
    [InlineData("17 3 * * * root lego --path /etc/lego -d other.example.org renew\n", "was found in no table of cron")]
    [InlineData("17 3 * * * acme lego --path /etc/lego -d mx.example.org renew\n", null)]
    [InlineData("17 3 * * * root sudo -u lego lego --path /etc/lego -d mx.example.org renew\n", null)]
    [InlineData("17 3 * * * root docker run --rm -v /etc/lego:/etc/lego goacme/lego --path /etc/lego -d mx.example.org renew\n", null)]
    [InlineData("17 3 * * * root lego --path /etc/lego -d mx.example.org renew --renew-hook /opt/script\n", "nothing to say")]
    public async Task What_cannot_be_altered_for_sure_is_said_and_left(string text, string? said)
    {
        using var host = RenewedByLego(CronTable, text);
        host.Host.Write("/opt/script", "#!/bin/sh\npostfix reload\nexec /usr/lib/danelaw/danelaw-look-now\n");
        var plan = await host.PlanAsync();
        Assert.DoesNotContain(Rollover(plan).Changes, change => change is Change.SetLine);
        var remarks = plan.Remarks.Where(remark => remark.Contains("looked at once", StringComparison.Ordinal)).ToArray();
        if (said is null or "nothing to say") Assert.Empty(remarks);
        else Assert.Contains(said, Assert.Single(remarks), StringComparison.Ordinal);
        Assert.Equal(said is null or "nothing to say" ? [] : [Program], Rollover(plan).Changes.OfType<Change.WriteFile>().Select(file => file.File).Where(file => file == Program));
    }

    [Theory]
    [InlineData("renew\n", KeyAtRenewal.Changed)]
    [InlineData("renew --reuse-key\n", KeyAtRenewal.Kept)]
    [InlineData("list\n", KeyAtRenewal.Unknown)]
    public async Task Where_legos_command_is_found_it_says_what_becomes_of_the_key(string command, KeyAtRenewal expected)
    {
        using var host = RenewedByLego(CronTable, "17 3 * * * root lego --path /etc/lego -d mx.example.org " + command);
        Assert.Equal(expected, Assert.Single((await host.Host.ReadAsync()).Lineages).Key);
    }

    [Fact]
    public async Task A_line_that_is_another_one_meanwhile_is_not_altered()
    {
        using var host = RenewedByLego();
        var plan = await PlanAsync(host);
        host.Host.Write(CronTable, "# gone\n" + CronText);
        var outcome = await Run(host, new(), new(), new()).ApplyAsync(plan, null, Cancelled);
        Assert.Contains("line 3 of /etc/cron.d/lego is not as it was when the plan was made", outcome.Messages[0], StringComparison.Ordinal);
        Assert.Equal("# gone\n" + CronText, await File.ReadAllTextAsync(host.Host.Here(CronTable), Cancelled));
    }

    [Fact]
    public async Task A_unit_that_is_altered_while_the_timer_runs_is_read_by_systemd()
    {
        using var host = RenewedByLego("/etc/systemd/system/lego.service", "[Service]\nExecStart=/usr/bin/lego --path /etc/lego --domains mx.example.org renew\n");
        host.Host.Write("/etc/systemd/system/timers.target.wants/danelaw-rollover.timer", "");
        var programs = new ScriptedPrograms();
        Assert.Equal(SetupResult.Done, (await Run(host, programs, new(), new()).ApplyAsync(await PlanAsync(host), null, Cancelled)).Result);
        Assert.Equal("systemctl daemon-reload", programs.Calls[^1]);
    }

    [Fact]
    public async Task A_roll_that_waits_for_a_client_which_tells_nobody_is_a_note_with_the_line_as_its_mend()
    {
        using var host = RenewedByLego();
        await Settings(host, "/etc/lego/certificates/mx.example.org.crt");
        var note = Assert.Single((await host.Host.ExamineAsync()).Findings, finding => finding.Code == AuditCodes.AcmeHookMissing);
        Assert.Equal((Checks.Severity.Note, CronTable, 3), (note.Severity, note.Place!.File, note.Place.Line));
        Assert.IsType<Change.SetLine>(Assert.Single(note.Mend.Changes));
        var cron = host.Host.Here(CronTable);
        await File.WriteAllTextAsync(cron, (await File.ReadAllTextAsync(cron, Cancelled)).Replace("renew ", $"renew --renew-hook={Program} ", StringComparison.Ordinal), Cancelled);
        Assert.DoesNotContain((await host.Host.ExamineAsync()).Findings, finding => finding.Code == AuditCodes.AcmeHookMissing);

        using var certbot = new SetupHost().HowTo();
        await Settings(certbot, "/etc/letsencrypt/live/mx");
        Assert.Contains((await certbot.Host.ExamineAsync()).Findings, finding => finding.Code == AuditCodes.AcmeHookMissing);
        certbot.Host.Write("/etc/letsencrypt/renewal-hooks/deploy/danelaw-look-now", "");
        Assert.DoesNotContain((await certbot.Host.ExamineAsync()).Findings, finding => finding.Code == AuditCodes.AcmeHookMissing);

        static Task Settings(SetupHost host, string offer) => File.WriteAllTextAsync(Directory.CreateDirectory(host.Host.Here("/etc/danelaw")).FullName + "/rollover.toml", $"[[roll]]\nname = \"mx\"\nowners = [\"mx.example.org:25\"]\nreload = [[\"postfix\", \"reload\"]]\n[[roll.chain]]\nfile = \"/var/lib/danelaw/chains/mx.pem\"\noffers = [\"{offer}\"]\n[roll.publisher]\nkind = \"manual\"\n", Cancelled);
    }

    [Fact]
    public void A_table_made_of_anything_is_read_to_its_end()
    {
        var random = new Random(7);
        string[] parts = ["lego", "renew", "\\\n", "\n", " ", "'", "\"", "--path", "=", ";", "&&", "@daily", "root", "#", "--renew-hook", "-d"];
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(14)).Select(_ => parts[random.Next(parts.Length)] + (random.Next(2) == 0 ? " " : "")));
            foreach (var command in LegoCommand.Read(CronTable, text)) Assert.Equal("renew", command.Line[..command.End].TrimEnd('\'', '"')[^5..].Replace("'", "", StringComparison.Ordinal));
        }
    }
}
