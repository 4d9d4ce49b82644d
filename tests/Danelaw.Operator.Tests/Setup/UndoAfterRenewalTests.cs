using Danelaw.Dns.Records;
using Danelaw.Lab.Authority;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Setup;

namespace Danelaw.Operator.Tests.Setup;

/// <summary>Servers that are put back show what their files of before hold by then: nothing is shown that some sender finds no match for.</summary>
public sealed class UndoAfterRenewalTests : IDisposable
{
    private readonly SetupHost _host = new SetupHost().HowTo();
    private readonly ScriptedWitness _witness = new();
    private readonly SetClock _clock = new();

    public void Dispose() => _host.Dispose();

    private SetupRun Run(SetupHost? host = null) => _clock.Run(host ?? _host, new(), _witness);

    /// <summary>The servers are moved, and nothing else: what mends a server would speak against them by itself.</summary>
    private async Task SetUpAsync(SetupHost? host = null)
    {
        var plan = await (host ?? _host).PlanAsync();
        Assert.False(plan.IsRefused);
        plan = plan with { Steps = [.. plan.Steps.Where(step => step.Stage is SetupStage.Chains or SetupStage.Records)] };
        Assert.Equal(SetupResult.Done, (await Run(host).ApplyAsync(plan, null, TestContext.Current.CancellationToken)).Result);
    }

    private LabCertificate Renew()
    {
        var renewed = _host.Host.Authority.Issue(new() { Name = "mx.example.org", DnsNames = ["mx.example.org"], Issuer = _host.Host.Root });
        _host.Host.WriteKey("/etc/letsencrypt/archive/mx/privkey1.pem", renewed.PrivateKeyToPem()).Write("/etc/letsencrypt/archive/mx/fullchain1.pem", renewed.ToPem() + _host.Host.Root.ToPem());
        return renewed;
    }

    private async Task<SetupOutcome> UndoAsync(SetupHost? host = null) => await Run(host).UndoAsync(Undo.Plain, TestContext.Current.CancellationToken);

    private bool AreMoved => File.ReadAllText(_host.Host.Here("/etc/postfix/main.cf")).Contains("smtpd_tls_chain_files", StringComparison.Ordinal);

    [Fact]
    public async Task What_a_cache_alone_still_has_is_nothing_to_take_out()
    {
        _host.Published = [];
        await SetUpAsync();
        _witness.Published = TlsaSet.Of(SetupHost.Record(_host.Host.Leaf));
        Renew();
        Assert.Contains("In your zone: take ", Assert.Single((await UndoAsync()).Messages), StringComparison.Ordinal);
        _witness.Where = "";
        var undone = await UndoAsync();
        Assert.Equal(SetupResult.Waiting, undone.Result);
        var told = Assert.Single(undone.Messages);
        Assert.StartsWith("The zone has no TLSA records any more", told, StringComparison.Ordinal);
        Assert.Contains("There is nothing to take out.", told, StringComparison.Ordinal);
        Assert.DoesNotContain("In your zone", told, StringComparison.Ordinal);
    }

    [Theory, Rfc(7671, "8.1")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Records_that_were_there_before_setup_keep_the_servers_too(bool wereThere)
    {
        _host.Published = wereThere ? [SetupHost.Record(_host.Host.Leaf)] : [];
        await SetUpAsync();
        _witness.Published = TlsaSet.Of(SetupHost.Record(_host.Host.Leaf));
        Renew();
        var undone = await UndoAsync();
        Assert.Equal(SetupResult.Waiting, undone.Result);
        Assert.Contains("which does not mean what /etc/letsencrypt/live/mx/privkey.pem holds now", undone.Messages[0], StringComparison.Ordinal);
        Assert.True(AreMoved);

        // Gone, they are waited for as long as caches may have them, and no longer.
        _witness.Records = new(RecordsState.Absent, "");
        Assert.Equal(SetupResult.Waiting, (await UndoAsync()).Result);
        _clock.Pass(wereThere ? TimeSpan.FromSeconds(2 * 600) : TimeSpan.FromHours(2));
        Assert.Equal(SetupResult.Undone, (await UndoAsync()).Result);
        Assert.False(AreMoved);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task Records_that_mean_the_new_key_as_well_may_stay_once_no_cache_is_without_them()
    {
        _host.Published = [SetupHost.Record(_host.Host.Leaf)];
        await SetUpAsync();
        _witness.Published = TlsaSet.Of(SetupHost.Record(_host.Host.Leaf), SetupHost.Record(Renew()));
        Assert.Equal(SetupResult.Waiting, (await UndoAsync()).Result);
        Assert.True(AreMoved);
        _clock.Pass(TimeSpan.FromSeconds(2 * 600));
        Assert.Equal(SetupResult.Undone, (await UndoAsync()).Result);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task In_the_middle_of_a_roll_the_record_of_the_next_key_stays_and_caches_are_waited_for()
    {
        _host.Published = [SetupHost.Record(_host.Host.Leaf)];
        await SetUpAsync();
        var next = TlsaSet.Of(SetupHost.Record(Renew()));
        _host.Host.Write("/etc/danelaw/rollover.toml", """
            [[roll]]
            name = "mx.example.org"
            owners = ["submission://mx.example.org:587"]
            reload = []
            chain = [{ file = "/etc/own/mx.pem", offers = ["/etc/letsencrypt/live/mx"] }]
            publisher = { kind = "manual" }

            """);
        PublishTests.WriteState(_host, TlsaSet.Of(SetupHost.Record(_host.Host.Leaf)), next, TimeSpan.FromHours(6));
        _witness.Published = TlsaSet.Of(SetupHost.Record(_host.Host.Leaf)).Union(next);

        // What the rollover has made since is shown as what goes, not what setup had made.
        var preview = await Run().PreviewUndoAsync(Undo.Plain, TestContext.Current.CancellationToken);
        Assert.Equal(_witness.Published, Assert.Single(preview.Records, record => record.Owner.ToString() == "_587._tcp.mx.example.org.").After);
        Assert.Equal(SetupResult.Waiting, (await UndoAsync()).Result);
        Assert.Contains("_587._tcp.mx.example.org.", _witness.Watched!.Value.Select(owner => owner.ToString()));

        // So long as a cache may hold what the rollover saw there.
        _clock.Pass(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        Assert.Equal(SetupResult.Waiting, (await UndoAsync()).Result);
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.True((await UndoAsync()).ArePutBack);
    }

    [Fact]
    public async Task Without_a_renewal_nothing_is_asked_and_nothing_waited_for()
    {
        _host.Published = [SetupHost.Record(_host.Host.Leaf)];
        await SetUpAsync();
        Assert.Equal(SetupResult.Undone, (await UndoAsync()).Result);
        Assert.Null(_witness.Watched);
    }

    [Theory, Rfc(7671, "8.1")]
    [InlineData(TlsaSelector.PublicKey, SetupResult.Undone)]
    [InlineData(TlsaSelector.Certificate, SetupResult.Waiting)]
    public async Task Another_certificate_for_the_same_key_matters_to_records_that_pin_the_certificate(TlsaSelector selector, SetupResult result)
    {
        Assert.True(Danelaw.Tlsa.TlsaRecord.TryCreate(_host.Host.Leaf.Der, TlsaUsage.DaneEe, selector, TlsaMatching.Sha256, out var record, out _));
        _host.Published = selector == TlsaSelector.PublicKey ? [record] : [record, SetupHost.Record(_host.Host.Leaf)];
        await SetUpAsync();
        _witness.Published = TlsaSet.Of(record);
        _host.Host.Write("/etc/letsencrypt/archive/mx/fullchain1.pem", _host.Reissue("mx.example.org", 80) + _host.Host.Root.ToPem());
        Assert.Equal(result, (await UndoAsync()).Result);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task A_key_that_was_given_leaves_no_record_of_its_own_behind()
    {
        using var host = new SetupHost { Options = new() { CertificateFile = "/root/new.pem" }, Published = [] }.HowTo();
        var given = host.Host.Authority.Issue(new() { Name = "mx.example.org", DnsNames = ["mx.example.org"], Issuer = host.Host.Root });
        host.Host.WriteKey("/root/new.pem", given.PrivateKeyToPem() + given.ToPem() + host.Host.Root.ToPem());
        host.Published = [SetupHost.Record(given)];
        await SetUpAsync(host);
        _witness.Published = TlsaSet.Of(SetupHost.Record(given));
        Assert.Equal(SetupResult.Waiting, (await UndoAsync(host)).Result);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task Another_port_and_another_MX_name_that_pin_the_key_are_asked_for_too()
    {
        _host.Published = [SetupHost.Record(_host.Host.Leaf)];
        File.AppendAllText(_host.Host.Here("/etc/postfix/master.cf"), "submission inet n - n - - smtpd\n  -o smtpd_tls_security_level=encrypt\n");
        var plan = await _host.PlanAsync(facts => facts with
        {
            Asked = [.. facts.Asked, SetupHost.Answer("_25._tcp.mx.example.net.", [SetupHost.Record(_host.Host.Leaf)])],
            Network = facts.Network with { Domains = [new(Danelaw.Dns.Names.DomainName.Parse("example.net."), new() { Target = "example.net", Hosts = [new() { Name = Danelaw.Dns.Names.DomainName.Parse("mx.example.net."), TlsaBase = Danelaw.Dns.Names.DomainName.Parse("mx.example.net."), Addresses = [] }] })] },
        });
        plan = plan with { Steps = [.. plan.Steps.Where(step => step.Stage is SetupStage.Chains or SetupStage.Records)] };
        Assert.Equal(SetupResult.Done, (await Run().ApplyAsync(plan, null, TestContext.Current.CancellationToken)).Result);
        Renew();
        await UndoAsync();
        Assert.Equal(["_25._tcp.mx.example.net.", "_25._tcp.mx.example.org.", "_587._tcp.mx.example.org."], _witness.Watched!.Value.Select(owner => owner.ToString()).Order(StringComparer.Ordinal));
    }
}
