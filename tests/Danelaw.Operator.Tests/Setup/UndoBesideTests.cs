using Danelaw.Lab.Authority;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Setup;

namespace Danelaw.Operator.Tests.Setup;

/// <summary>Records that pin the key at names which only the certificate tells, as a customer's own name for the mail host.</summary>
public sealed class UndoBesideTests : IDisposable
{
    private const string Customers = "_25._tcp.mx.customer.example.";

    private readonly SetupHost _host = new SetupHost { Published = [] }.HowTo();
    private readonly ScriptedWitness _witness = new() { Published = TlsaSet.Empty };
    private readonly SetClock _clock = new();
    private readonly LabCertificate _leaf;

    public UndoBesideTests()
    {
        _leaf = Issue();
        Write(_leaf);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _host.Dispose();

    private SetupRun Run(Action<string>? mark = null) => _clock.Run(_host, new(), _witness, mark);

    private LabCertificate Issue() => _host.Host.Authority.Issue(new() { Name = "mx.example.org", DnsNames = ["mx.example.org", "mx.customer.example"], Issuer = _host.Host.Root });

    private void Write(LabCertificate leaf) =>
        _host.Host.WriteKey("/etc/letsencrypt/archive/mx/privkey1.pem", leaf.PrivateKeyToPem()).Write("/etc/letsencrypt/archive/mx/fullchain1.pem", leaf.ToPem() + _host.Host.Root.ToPem());

    private async Task<SetupPlan> PlanAsync(Func<SetupFacts, SetupFacts>? alter = null)
    {
        var plan = await _host.PlanAsync(alter);
        Assert.False(plan.IsRefused);
        return plan with { Steps = [.. plan.Steps.Where(step => step.Stage is SetupStage.Chains)] };
    }

    private bool AreMoved => File.ReadAllText(_host.Host.Here("/etc/postfix/main.cf")).Contains("smtpd_tls_chain_files", StringComparison.Ordinal);

    [Fact, Rfc(7671, "8.1")]
    public async Task What_was_published_since_setup_keeps_the_servers_until_no_cache_has_it()
    {
        Assert.Equal(SetupResult.Done, (await Run().ApplyAsync(await PlanAsync(), null, Cancelled)).Result);
        var renewed = Issue();
        Write(renewed);
        _witness.Beside[Customers] = TlsaSet.Of(SetupHost.Record(_leaf));
        var waiting = await Run().UndoAsync(Undo.Plain, Cancelled);
        Assert.Equal((SetupResult.Waiting, true), (waiting.Result, AreMoved));
        Assert.Contains($"{Customers} has {_witness.Beside[Customers]}", waiting.Messages[0], StringComparison.Ordinal);

        // What means the other key as well may stay, once no cache is without it.
        _witness.Beside[Customers] = TlsaSet.Of(SetupHost.Record(_leaf), SetupHost.Record(renewed));
        Assert.Equal(SetupResult.Waiting, (await Run().UndoAsync(Undo.Plain, Cancelled)).Result);
        _clock.Pass(TimeSpan.FromSeconds(2 * 600));
        Assert.Equal(SetupResult.Undone, (await Run().UndoAsync(Undo.Plain, Cancelled)).Result);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task What_cannot_be_seen_there_may_pin_the_key_and_records_of_other_keys_are_nobodys_here()
    {
        Assert.Equal(SetupResult.Done, (await Run().ApplyAsync(await PlanAsync(), null, Cancelled)).Result);
        Write(Issue());
        _witness.Beside[Customers] = null;
        Assert.Contains($"{Customers} cannot be seen", (await Run().UndoAsync(Undo.Plain, Cancelled)).Messages[0], StringComparison.Ordinal);
        _witness.Beside[Customers] = TlsaSet.Of(SetupHost.Record(Issue()));
        Assert.Equal(SetupResult.Undone, (await Run().UndoAsync(Undo.NeverPublished, Cancelled)).Result);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task An_interrupted_setup_is_not_put_back_beside_it_either()
    {
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await Run(point => { if (point == "reloaded") throw new OperationCanceledException(); }).ApplyAsync(await PlanAsync(), null, Cancelled));
        Assert.True(AreMoved);
        Write(Issue());
        _witness.Beside[Customers] = TlsaSet.Of(SetupHost.Record(_leaf));
        Assert.Contains("What it had done is not taken back", await Run().RecoverAsync(Cancelled), StringComparison.Ordinal);
        Assert.True(AreMoved);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task What_stood_there_when_setup_looked_makes_no_wait_longer_where_the_key_stays()
    {
        var answer = SetupHost.Answer(Customers, [SetupHost.Record(_leaf)]);
        answer = answer with { Chain = [answer.Chain[0] with { Records = answer.Chain[0].Records with { TimeToLive = 86400 }, OriginalTimeToLive = 86400 }] };
        var plan = await _host.PlanAsync(facts => facts with { Asked = [.. facts.Asked, answer] });
        plan = plan with { Steps = [.. plan.Steps.Where(step => step.Stage is SetupStage.Chains or SetupStage.Servers or SetupStage.Records)] };
        Assert.Equal(SetupResult.Done, (await Run().ApplyAsync(plan, null, Cancelled)).Result);
        _witness.Beside[Customers] = TlsaSet.Of(SetupHost.Record(_leaf));
        Assert.Equal(SetupResult.Waiting, (await Run().UndoAsync(Undo.Plain, Cancelled)).Result);
        _clock.Pass(TimeSpan.FromHours(2));
        Assert.Equal(SetupResult.Undone, (await Run().UndoAsync(Undo.Plain, Cancelled)).Result);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task What_has_come_since_to_where_records_were_found_is_waited_for_with_its_own_TTL()
    {
        var plan = await _host.PlanAsync(facts => facts with { Asked = [.. facts.Asked, SetupHost.Answer(Customers, [SetupHost.Record(_leaf)])] });
        plan = plan with { Steps = [.. plan.Steps.Where(step => step.Stage is SetupStage.Chains or SetupStage.Servers or SetupStage.Records)] };
        Assert.Equal(SetupResult.Done, (await Run().ApplyAsync(plan, null, Cancelled)).Result);
        _witness.Beside[Customers] = TlsaSet.Of(SetupHost.Record(_leaf), SetupHost.Record(_host.Host.Root, usage: Dns.Records.TlsaUsage.DaneTa));
        _witness.TimeToLive = TimeSpan.FromHours(4);
        Assert.Equal(SetupResult.Waiting, (await Run().UndoAsync(Undo.Plain, Cancelled)).Result);
        _witness.Beside[Customers] = TlsaSet.Of(SetupHost.Record(_leaf));
        Assert.Equal(SetupResult.Waiting, (await Run().UndoAsync(Undo.Plain, Cancelled)).Result);
        _clock.Pass(TimeSpan.FromHours(8) - TimeSpan.FromSeconds(1));
        Assert.Equal(SetupResult.Waiting, (await Run().UndoAsync(Undo.Plain, Cancelled)).Result);
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(SetupResult.Undone, (await Run().UndoAsync(Undo.Plain, Cancelled)).Result);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task What_stood_there_when_setup_looked_is_watched_although_no_domain_that_is_known_leads_there()
    {
        var plan = await PlanAsync(facts => facts with { Asked = [.. facts.Asked, SetupHost.Answer(Customers, [SetupHost.Record(_leaf)])] });
        Assert.Contains(plan.Led, led => led.Owner.ToString() == Customers && !led.After.IsEmpty);
        Assert.Equal(SetupResult.Done, (await Run().ApplyAsync(plan, null, Cancelled)).Result);
        Write(Issue());

        // It is gone by now, and caches may have it.
        _witness.Records = new(RecordsState.Absent, "");
        Assert.Equal(SetupResult.Waiting, (await Run().UndoAsync(Undo.Plain, Cancelled)).Result);
        Assert.Contains(Customers, _witness.Watched!.Value.Select(owner => owner.ToString()));
    }

    [Fact, Rfc(7672, "2.2.2")]
    public async Task What_no_sender_asks_for_holds_nothing_although_it_cannot_be_seen()
    {
        Assert.Equal(SetupResult.Done, (await Run().ApplyAsync(await PlanAsync(), null, Cancelled)).Result);
        Write(Issue());
        _witness.Beside[Customers] = null;
        Assert.Equal(SetupResult.Waiting, (await Run().UndoAsync(Undo.NeverPublished, Cancelled)).Result);
        _witness.Unasked.Add(Customers);
        Assert.Equal(SetupResult.Undone, (await Run().UndoAsync(Undo.NeverPublished, Cancelled)).Result);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task What_cannot_be_seen_there_is_passed_over_where_that_is_forced_and_what_is_seen_is_not()
    {
        Assert.Equal(SetupResult.Done, (await Run().ApplyAsync(await PlanAsync(), null, Cancelled)).Result);
        Write(Issue());
        var forced = Undo.Forced with { WereNeverPublished = true };
        _witness.Beside[Customers] = TlsaSet.Of(SetupHost.Record(_leaf));
        Assert.Equal((SetupResult.Waiting, true), ((await Run().PreviewUndoAsync(forced, Cancelled)).Result, AreMoved));
        _witness.Beside[Customers] = null;
        Assert.Contains("danelaw setup --undo --force passes over what cannot be seen there", (await Run().UndoAsync(Undo.NeverPublished, Cancelled)).Messages[0], StringComparison.Ordinal);
        var undone = await Run().UndoAsync(forced, Cancelled);
        Assert.Equal((SetupResult.Undone, false), (undone.Result, AreMoved));
        Assert.StartsWith("What cannot be seen is passed over, because that is forced: _25._tcp.mx.customer.example.", undone.Messages[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(100, false)]
    public async Task A_hundred_names_are_looked_at_and_those_beyond_are_said(int names, bool isSeen)
    {
        _host.Host.WriteKey("/etc/letsencrypt/archive/mx/privkey1.pem", Many(names, out var leaf).PrivateKeyToPem()).Write("/etc/letsencrypt/archive/mx/fullchain1.pem", leaf.ToPem() + _host.Host.Root.ToPem());
        Assert.Equal(SetupResult.Done, (await Run().ApplyAsync(await PlanAsync(), null, Cancelled)).Result);
        Write(_host.Host.Leaf);
        _witness.Beside[$"_25._tcp.mx{names}.customer.example."] = TlsaSet.Of(SetupHost.Record(leaf));
        var undone = await Run().UndoAsync(Undo.NeverPublished, Cancelled);
        Assert.Equal(isSeen, undone.Result == SetupResult.Waiting);
        if (!isSeen) Assert.Contains($"No records were looked for at mx{names}.customer.example", undone.Messages[0], StringComparison.Ordinal);
    }

    private LabCertificate Many(int names, out LabCertificate leaf) =>
        leaf = _host.Host.Authority.Issue(new() { Name = "mx.example.org", DnsNames = [.. Enumerable.Range(1, names).Select(number => $"mx{number}.customer.example").Prepend("mx.example.org")], Issuer = _host.Host.Root });
}
