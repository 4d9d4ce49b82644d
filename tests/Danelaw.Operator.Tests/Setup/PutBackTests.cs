using Danelaw.Lab.Authority;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Setup;

namespace Danelaw.Operator.Tests.Setup;

/// <summary>After a failure or an interruption no server is put back to a key that senders would find no match for.</summary>
public sealed class PutBackTests : IDisposable
{
    private const string Given = "/etc/letsencrypt/archive/mx/fullchain0.pem", GivenKey = "/etc/letsencrypt/archive/mx/privkey0.pem";

    private readonly SetupHost _host = new SetupHost().HowTo();
    private readonly ScriptedPrograms _programs = new();
    private readonly ScriptedWitness _witness = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private sealed class Killed : Exception;

    public void Dispose() => _host.Dispose();

    private SetupRun Run(SetupHost host, Action<string>? mark = null) => new SetClock().Run(host, _programs, _witness, mark);

    private static async Task<SetupPlan> PlanAsync(SetupHost host, params SetupStage[] stages)
    {
        var plan = await host.PlanAsync();
        Assert.False(plan.IsRefused);
        return plan with { Steps = [.. plan.Steps.Where(step => stages.Contains(step.Stage))] };
    }

    private static bool AreMoved(SetupHost host) => File.ReadAllText(host.Host.Here("/etc/postfix/main.cf")).Contains("smtpd_tls_chain_files = /var/lib/danelaw/chains", StringComparison.Ordinal);

    /// <summary>The power fails when the server has read its chain file; then the ACME client brings another key.</summary>
    private async Task<LabCertificate> InterruptAndRenewAsync()
    {
        var plan = await PlanAsync(_host, SetupStage.Chains, SetupStage.Servers);
        await Assert.ThrowsAsync<Killed>(async () => await Run(_host, point => { if (point == "reloaded") throw new Killed(); }).ApplyAsync(plan, null, Cancelled));
        Assert.True(AreMoved(_host));
        _programs.Calls.Clear();
        var renewed = _host.Host.Authority.Issue(new() { Name = "mx.example.org", DnsNames = ["mx.example.org"], Issuer = _host.Host.Root });
        _host.Host.WriteKey("/etc/letsencrypt/archive/mx/privkey1.pem", renewed.PrivateKeyToPem()).Write("/etc/letsencrypt/archive/mx/fullchain1.pem", renewed.ToPem() + _host.Host.Root.ToPem());
        return renewed;
    }

    [Theory, Rfc(7671, "8.1")]
    [InlineData(" at ns1", true)]
    [InlineData("", true)]
    [InlineData("", false)]
    public async Task Interrupted_before_a_renewal_the_servers_keep_the_key_that_a_server_or_a_cache_has_a_record_of(string where, bool wasThere)
    {
        _host.Published = wasThere ? [SetupHost.Record(_host.Host.Leaf)] : [];
        await InterruptAndRenewAsync();
        var before = _host.Picture();
        (_witness.Published, _witness.Where) = (TlsaSet.Of(SetupHost.Record(_host.Host.Leaf)), where);
        var told = await Run(_host).RecoverAsync(Cancelled);
        Assert.NotNull(told);
        Assert.Contains("What it had done is not taken back", told, StringComparison.Ordinal);
        Assert.Contains($"has {_witness.Published}{where}, which does not mean what /etc/letsencrypt/live/mx/privkey.pem holds now", told, StringComparison.Ordinal);
        Assert.Contains("it stays as setup has left it: /var/lib/danelaw/chains/mx.example.org/ecdsa.pem, /etc/postfix/main.cf", told, StringComparison.Ordinal);
        Assert.Equal(before, _host.Picture());
        Assert.DoesNotContain("postfix reload", _programs.Calls);

        // It is a setup like others from then on: nothing is recovered again, and undo waits as always.
        Assert.Null(await Run(_host).RecoverAsync(Cancelled));
        Assert.Equal(SetupResult.Waiting, (await Run(_host).UndoAsync(Undo.Plain, Cancelled)).Result);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task Interrupted_before_a_renewal_the_servers_stay_while_caches_may_have_the_record_of_then()
    {
        _host.Published = [SetupHost.Record(_host.Host.Leaf)];
        var renewed = await InterruptAndRenewAsync();
        _witness.Published = TlsaSet.Of(SetupHost.Record(renewed));
        Assert.Contains("caches may have the records of when it began", await Run(_host).RecoverAsync(Cancelled), StringComparison.Ordinal);
        Assert.True(AreMoved(_host));
    }

    [Fact]
    public async Task Interrupted_before_a_renewal_all_is_put_back_where_no_record_leads_to_the_servers()
    {
        _host.Published = [];
        await InterruptAndRenewAsync();
        _witness.Records = new(RecordsState.Absent, "");
        var told = await Run(_host).RecoverAsync(Cancelled);
        Assert.Contains("what it had done was taken back.", told, StringComparison.Ordinal);

        // The ACME client holds another key by now.
        Assert.Contains("No other file here holds the key of /var/lib/danelaw/chains/mx.example.org/ecdsa.pem: a copy is kept in ", told, StringComparison.Ordinal);
        Assert.False(AreMoved(_host));
        Assert.Contains("postfix reload", _programs.Calls);
    }

    /// <summary>The file holds another key than is shown, and than records mean, which is given to setup as decision 0298 has it.</summary>
    private SetupHost GiveKey()
    {
        var host = new SetupHost { Options = new() { CertificateFile = Given, KeyFile = GivenKey } }.HowTo();
        var shown = host.Host.Authority.Issue(new() { Name = "mx.example.org", DnsNames = ["mx.example.org"], Issuer = host.Host.Root });
        host.Host.WriteKey(GivenKey, shown.PrivateKeyToPem()).Write(Given, shown.ToPem() + host.Host.Root.ToPem());
        host.Published = [SetupHost.Record(shown)];
        _witness.Published = TlsaSet.Of(host.Published.Value);
        return host;
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task With_the_key_that_is_shown_given_what_comes_after_the_servers_is_put_back_alone()
    {
        using var host = GiveKey();
        var plan = await PlanAsync(host, SetupStage.Chains, SetupStage.Servers, SetupStage.Outbound);
        Assert.Equal([SetupStage.Chains, SetupStage.Servers, SetupStage.Outbound], plan.Steps.Select(step => step.Stage).Distinct());
        _witness.Errors = ["POSTFIX-OUTBOUND-OFF postfix, sending"];
        var outcome = await Run(host).ApplyAsync(plan, null, Cancelled);
        Assert.Equal(SetupResult.Failed, outcome.Result);
        Assert.Equal(StepState.Done, outcome.Steps[0]);
        Assert.All(outcome.Steps[1..], state => Assert.Equal(StepState.TakenBack, state));
        Assert.StartsWith("What was done since the servers were moved is put back. They stay with the key that they show", outcome.Messages[1], StringComparison.Ordinal);
        Assert.True(AreMoved(host));
        Assert.Contains("smtp_tls_security_level = may", await File.ReadAllTextAsync(host.Host.Here("/etc/postfix/main.cf"), Cancelled), StringComparison.Ordinal);
        Assert.Null(await Run(host).RecoverAsync(Cancelled));
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task With_the_key_that_is_shown_given_a_server_that_was_told_keeps_it_when_that_very_step_fails()
    {
        using var host = GiveKey();
        _witness.Servers = "no TLS at 192.0.2.25:993";
        var outcome = await Run(host).ApplyAsync(await PlanAsync(host, SetupStage.Chains), null, Cancelled);
        Assert.Equal((SetupResult.Stuck, StepState.Failed), (outcome.Result, Assert.Single(outcome.Steps)));
        Assert.Equal("It failed: no TLS at 192.0.2.25:993.", outcome.Messages[0]);
        Assert.StartsWith("What it had done is not taken back: the servers would show another key or certificate than they do, and ", outcome.Messages[1], StringComparison.Ordinal);
        Assert.Contains("run danelaw setup again", outcome.Messages[1], StringComparison.Ordinal);
        Assert.True(AreMoved(host));
        Assert.Single(_programs.Calls, call => call == "postfix reload");
        Assert.Null(await Run(host).RecoverAsync(Cancelled));
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task A_server_that_was_not_told_to_read_what_failed_is_not_told_to_read_the_files_of_before_either()
    {
        using var host = GiveKey();
        var before = host.Picture();
        _programs.Failing["postfix check"] = "postfix: fatal: bad";
        var outcome = await Run(host).ApplyAsync(await PlanAsync(host, SetupStage.Chains), null, Cancelled);
        Assert.Equal((SetupResult.Failed, before), (outcome.Result, host.Picture()));
        Assert.Contains("Everything is as it was before.", outcome.Messages);
        Assert.DoesNotContain("postfix reload", _programs.Calls);
    }

    [Fact]
    public async Task What_cannot_be_noted_before_anything_is_altered_is_said_and_nothing_is()
    {
        Assert.Equal(SetupResult.Done, (await Run(_host).ApplyAsync(await PlanAsync(_host, SetupStage.Chains, SetupStage.Servers), null, Cancelled)).Result);
        (_host.Published, _witness.Records) = ([], new(RecordsState.Absent, ""));
        Assert.Equal(SetupResult.Waiting, (await Run(_host).ApplyAsync(await PlanAsync(_host, SetupStage.Records), null, Cancelled)).Result);
        var before = _host.Picture();
        foreach (var journal in Directory.EnumerateDirectories(_host.Host.Here("/var/lib/danelaw/setup"))) Directory.CreateDirectory(journal + "/.manifest.json.danelaw-new");
        var failed = await Run(_host).ApplyAsync(await PlanAsync(_host, SetupStage.Resolver, SetupStage.Outbound), null, Cancelled);
        Assert.Equal((SetupResult.Failed, before), (failed.Result, _host.Picture()));
        Assert.StartsWith("Nothing was altered: ", Assert.Single(failed.Messages), StringComparison.Ordinal);
    }
}
