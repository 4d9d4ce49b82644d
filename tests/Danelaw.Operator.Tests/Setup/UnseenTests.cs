using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Changes;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Setup;
using Danelaw.Operator.Tests.Audit.Beside;
using Danelaw.Probes;

namespace Danelaw.Operator.Tests.Setup;

/// <summary>Plans where the key that is shown, or what records mean, is another than the files say, or could not be seen.</summary>
public sealed class UnseenTests : IDisposable
{
    private static readonly DomainName Owner = DomainName.Parse("_25._tcp.mx.example.org.");

    private readonly SetupHost _host = new SetupHost { Options = new() { WantsRollover = true } }.HowTo();

    private Lab.Authority.LabCertificate Other => field ??= _host.Host.Authority.Issue(new() { Name = "mx.example.org", DnsNames = ["mx.example.org"], Issuer = _host.Host.Root });

    public void Dispose() => _host.Dispose();

    [Theory, Rfc(7671, "8.1")]
    [InlineData(ProbeOutcome.Completed, "postfix shows at port 25 another key than")]
    [InlineData(ProbeOutcome.Refused, "Which key postfix shows at port 25 could not be seen (10.0.0.25:25: the connection is refused)")]
    [InlineData(ProbeOutcome.TimedOut, "Which key postfix shows at port 25 could not be seen (10.0.0.25:25: no answer in time)")]
    public async Task Behind_address_translation_the_key_that_this_host_shows_counts_and_one_that_is_not_seen_too(ProbeOutcome outcome, string told)
    {
        _host.Published = [SetupHost.Record(Other)];
        var plan = await _host.PlanAsync(facts => Looked(facts, outcome, Other));
        Assert.StartsWith(told, Assert.Single(plan.Obstacles, one => one.IsFatal).What, StringComparison.Ordinal);

        // Where the records mean the key in the file, nothing is lost whatever is shown; and without records nothing is pinned.
        _host.Published = [SetupHost.Record(_host.Host.Leaf)];
        Assert.False((await _host.PlanAsync(facts => Looked(facts, outcome, Other))).IsRefused);
        _host.Published = [];
        Assert.False((await _host.PlanAsync(facts => Looked(facts, outcome, Other))).IsRefused);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task A_certificate_that_was_renewed_with_its_key_is_not_deployed_while_records_pin_the_one_that_is_shown()
    {
        var shown = _host.Host.Leaf;
        _host.Host.Write("/etc/letsencrypt/archive/mx/fullchain1.pem", _host.Reissue("mx.example.org", 80) + Other.ToPem());
        Assert.True(Danelaw.Tlsa.TlsaRecord.TryCreate(shown.Der, TlsaUsage.DaneEe, TlsaSelector.Certificate, TlsaMatching.Sha256, out var pin, out _));
        _host.Published = [pin];
        Assert.StartsWith("postfix shows at port 25 another certificate than /etc/letsencrypt/live/mx/privkey.pem holds", Assert.Single((await _host.PlanAsync(facts => Looked(facts, ProbeOutcome.Completed, shown))).Obstacles, one => one.IsFatal).What, StringComparison.Ordinal);
        Assert.True((await _host.PlanAsync(facts => Unknown(Looked(facts, ProbeOutcome.Completed, shown)))).IsRefused);

        // Beside the record of the key nothing is lost.
        _host.Published = [pin, SetupHost.Record(shown)];
        Assert.False((await _host.PlanAsync(facts => Looked(facts, ProbeOutcome.Completed, shown))).IsRefused);
    }

    [Theory, Rfc(7671, "8.1")]
    [InlineData("192.0.2.25", false)]
    [InlineData("10.0.0.25", true)]
    public async Task What_is_said_of_a_backup_MX_host_elsewhere_is_none_of_this_hosts_affair(string address, bool isRefused)
    {
        // Where no MX record has an address of this host, it may be the one behind a translating router.
        var backup = SetupHost.Answer("_25._tcp.mx2.example.org.", []) with { Security = Security.Bogus, Explanation = "its signatures are wrong" };
        Checks.HostReport[] hosts = [Named("mx.example.org.", "192.0.2.25"), Named("mx2.example.org.", "198.51.100.7")];
        var plan = await _host.PlanAsync(facts => Looked(facts, ProbeOutcome.TimedOut, Other) with
        {
            Host = facts.Host with { Addresses = [IPAddress.Parse(address)] },
            Network = facts.Network with { Domains = [new(DomainName.Parse("example.org."), new() { Target = "example.org", Hosts = [.. hosts] })] },
            Asked = [SetupHost.Address(), SetupHost.Answer([SetupHost.Record(_host.Host.Leaf)]), backup],
            Served = [new(DomainName.Parse("_25._tcp.mx2.example.org."), DomainName.Parse("_25._tcp.mx2.example.org."), "ns2", Security.Secure, TlsaSet.Of(SetupHost.Record(Other)), TimeSpan.FromSeconds(600), "")],
        });
        Assert.Equal(isRefused, plan.IsRefused);

        static Checks.HostReport Named(string name, string address) => new() { Name = DomainName.Parse(name), TlsaBase = DomainName.Parse(name), Preference = 10, Addresses = [IPAddress.Parse(address)] };
    }

    [Fact]
    public async Task Where_no_TLS_is_offered_nothing_is_pinned_whatever_could_be_looked_up()
    {
        _host.Published = [SetupHost.Record(Other)];
        Assert.False((await _host.PlanAsync(facts => Looked(facts, ProbeOutcome.StartTlsNotOffered, Other))).IsRefused);
        Assert.False((await _host.PlanAsync(facts => Unknown(Looked(facts, ProbeOutcome.StartTlsNotOffered, Other)))).IsRefused);
    }

    [Theory, Rfc(7671, "8.1")]
    [InlineData(ProbeOutcome.Completed, true)]
    [InlineData(ProbeOutcome.TimedOut, true)]
    [InlineData(ProbeOutcome.Refused, false)]
    public async Task Records_that_could_not_be_looked_up_may_mean_the_key_that_is_shown(ProbeOutcome outcome, bool isRefused)
    {
        var plan = await _host.PlanAsync(facts => Unknown(Looked(facts, outcome, Other)));
        Assert.Equal(isRefused, plan.IsRefused);
        if (isRefused) Assert.Contains("could not be found out: _25._tcp.mx.example.org. could not be looked up", plan.Obstacles[^1].What + plan.Obstacles[0].What, StringComparison.Ordinal);
        Assert.False((await _host.PlanAsync(facts => Unknown(Looked(facts, ProbeOutcome.Completed, _host.Host.Leaf)))).IsRefused);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task A_server_that_is_silent_may_have_records_too()
    {
        _host.Published = [];
        var plan = await _host.PlanAsync(facts => Looked(facts, ProbeOutcome.Completed, Other) with { Served = [View([]), View(null)] });
        Assert.Contains("ns1 gives no valid answer for _25._tcp.mx.example.org. (no answer)", Assert.Single(plan.Obstacles, one => one.IsFatal).What, StringComparison.Ordinal);
        Assert.False((await _host.PlanAsync(facts => Looked(facts, ProbeOutcome.Completed, Other) with { Served = [View([])] })).IsRefused);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task An_RSA_key_that_was_renewed_is_not_deployed_because_the_ECDSA_key_beside_it_is_still_meant()
    {
        using var key = RSA.Create(2048);
        using var old = RSA.Create(2048);
        var (next, shown) = (SelfIssued(key), SelfIssued(old));
        _host.Host.WriteKey("/etc/ssl/rsa.key", key.ExportPkcs8PrivateKeyPem()).Write("/etc/ssl/rsa.pem", next.ExportCertificatePem());
        File.AppendAllText(_host.Host.Here("/etc/postfix/main.cf"), "smtpd_tls_eccert_file = /etc/letsencrypt/live/mx/fullchain.pem\nsmtpd_tls_eckey_file = /etc/letsencrypt/live/mx/privkey.pem\n");
        var main = File.ReadAllText(_host.Host.Here("/etc/postfix/main.cf")).Replace("smtpd_tls_cert_file = /etc/letsencrypt/live/mx/fullchain.pem", "smtpd_tls_cert_file = /etc/ssl/rsa.pem", StringComparison.Ordinal).Replace("smtpd_tls_key_file = /etc/letsencrypt/live/mx/privkey.pem", "smtpd_tls_key_file = /etc/ssl/rsa.key", StringComparison.Ordinal);
        _host.Host.Write("/etc/postfix/main.cf", main);
        Assert.True(Danelaw.Tlsa.TlsaRecord.TryCreate(new(shown.RawData), TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, out var record, out _));
        _host.Published = [record, SetupHost.Record(_host.Host.Leaf)];
        var plan = await _host.PlanAsync(facts => Looked(facts, ProbeOutcome.Completed, _host.Host.Leaf) is var looked ? looked with { Shown = [.. looked.Shown!.Value, Seen(KeyAlgorithm.Rsa, ProbeOutcome.Completed, new(shown.RawData))] } : facts);
        Assert.StartsWith("postfix shows at port 25 another key than", Assert.Single(plan.Obstacles, one => one.IsFatal).What, StringComparison.Ordinal);

        // What was not seen of it may be so; what the server says that it has not is not.
        Assert.StartsWith("Which RSA key postfix shows at port 25 could not be seen (10.0.0.25:25: no answer in time)", Assert.Single((await WithoutAsync(ProbeOutcome.TimedOut)).Obstacles, one => one.IsFatal).What, StringComparison.Ordinal);
        Assert.False((await WithoutAsync(ProbeOutcome.AlgorithmNotOffered)).IsRefused);

        Task<SetupPlan> WithoutAsync(ProbeOutcome outcome) => _host.PlanAsync(facts => Looked(facts, ProbeOutcome.Completed, _host.Host.Leaf) is var looked ? looked with { Shown = [.. looked.Shown!.Value, Seen(KeyAlgorithm.Rsa, outcome, default)] } : facts);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task Another_certificate_is_not_given_while_it_is_not_known_whether_records_mean_the_key_of_today()
    {
        using var host = Given(Other);
        host.Published = null;
        var plan = await host.PlanAsync(facts => Unknown(Looked(facts, ProbeOutcome.Completed, host.Host.Leaf)));
        Assert.Contains("whether TLSA records mean that one could not be found out", Assert.Single(plan.Obstacles, one => one.What.Contains("fullchain0", StringComparison.Ordinal)).What, StringComparison.Ordinal);
        Assert.DoesNotContain(plan.Steps, step => step.Stage == SetupStage.Chains);

        // A proven absence is enough, and so is a server that offers no TLS yet.
        Assert.Contains((await host.PlanAsync(facts => Looked(facts, ProbeOutcome.Completed, host.Host.Leaf) with { Asked = [SetupHost.Address(), SetupHost.Answer([])], Served = [View([])] })).Steps, step => step.Stage == SetupStage.Chains);
        Assert.Contains((await host.PlanAsync(facts => Unknown(Looked(facts, ProbeOutcome.StartTlsNotOffered, host.Host.Leaf)))).Steps, step => step.Stage == SetupStage.Chains);
    }

    [Theory, Rfc(7671, "8.1")]
    [InlineData("10.0.0.25", true)]
    [InlineData("198.51.100.7", false)]
    public async Task A_name_in_the_certificate_may_be_another_machines(string address, bool isRefused)
    {
        _host.Published = [];
        var plan = await _host.PlanAsync(facts => Looked(facts, ProbeOutcome.TimedOut, Other) is var looked
            ? looked with { Asked = [.. looked.Asked, SetupHost.Answer("_25._tcp.mx.customer.example.", [SetupHost.Record(Other)]), ScriptedLookup.Address("mx.customer.example.", address)], Network = looked.Network with { Domains = [new(DomainName.Parse("example.org."), new() { Target = "example.org", Hosts = [new() { Name = SetupHost.Mx, TlsaBase = SetupHost.Mx, Addresses = looked.Host.Addresses }] })] } }
            : facts);
        Assert.Equal(isRefused, plan.IsRefused);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task Records_at_a_name_that_only_the_certificate_tells_are_asked_for()
    {
        using var host = Given(Other);
        var leaf = host.Host.Authority.Issue(new() { Name = "mx.example.org", DnsNames = ["mx.example.org", "mx.customer.example", "*.example.net"], Issuer = host.Host.Root });
        host.Host.WriteKey("/etc/letsencrypt/archive/mx/privkey1.pem", leaf.PrivateKeyToPem()).Write("/etc/letsencrypt/archive/mx/fullchain1.pem", leaf.ToPem() + host.Host.Root.ToPem());
        var lookup = new ScriptedLookup().Add(SetupHost.Address()).Add(SetupHost.Answer("_25._tcp.mx.customer.example.", [SetupHost.Record(leaf)])).Add(ScriptedLookup.Address("mx.customer.example.", "192.0.2.25")).Add(ScriptedLookup.Address("mx.example.org.", "192.0.2.25"));
        var deaf = new DeafTransport();
        var resolver = new Resolver(deaf, new() { Upstreams = [new(TransportKind.Datagram, new(IPAddress.Loopback, 53))] }, TimeProvider.System);
        var facts = new SetupReader(host.Host.Files, host.Options).Read(await host.Host.ReadAsync(), NetworkFacts.None, await host.Host.ExamineAsync());
        Checks.HostReport here = new() { Name = SetupHost.Mx, TlsaBase = SetupHost.Mx, Preference = 10, Addresses = [IPAddress.Parse("192.0.2.25")] };
        facts = facts with { Host = facts.Host with { Addresses = [IPAddress.Parse("192.0.2.25")] }, Network = facts.Network with { Domains = [new(DomainName.Parse("example.org."), new() { Target = "example.org", Hosts = [here] })] } };
        facts = await new SetupReader(host.Host.Files, host.Options).AskAsync(facts, lookup, new(resolver, deaf, new(lookup, deaf, TimeProvider.System)), TestContext.Current.CancellationToken);
        Assert.Contains("_993._tcp.mx.customer.example. TLSA", lookup.Asked);
        var plan = SetupPlanner.Plan(facts with { Served = [] }, host.Options, HostFolder.Now);
        Assert.Contains(plan.Obstacles, one => one.IsFatal && one.What.StartsWith("TLSA records mean what postfix shows now", StringComparison.Ordinal));
    }

    /// <summary>Nothing gets through.</summary>
    private sealed class DeafTransport : IDnsTransport
    {
        public ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default) => ValueTask.FromResult(new Exchange(query, ExchangeOutcome.Unreachable));
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task The_key_that_setup_asks_for_is_taken_where_records_mean_that_of_the_file_as_well()
    {
        using var host = Given(Other);
        host.Published = [SetupHost.Record(Other), SetupHost.Record(host.Host.Leaf)];
        var plan = await host.PlanAsync(facts => Looked(facts, ProbeOutcome.Completed, Other));
        Assert.DoesNotContain(plan.Obstacles, one => one.IsFatal);
        Assert.Equal("/etc/letsencrypt/archive/mx/privkey0.pem", Assert.Single(plan.Steps.SelectMany(step => step.Changes).OfType<Change.WriteChain>()).Key.File);
    }

    [Theory, Rfc(4035, "5.3.3")]
    [InlineData(86400u, 86400u, 86400u)]
    [InlineData(null, 4_000_000_000u, 604_800u)]
    public async Task What_an_alias_or_no_signature_vouches_for_counts_as_a_roll_counts_it(uint? signed, uint sent, uint counted)
    {
        var (place, record) = (DomainName.Parse("tlsa.example.org."), SetupHost.Record(Other));
        var security = signed is null ? Security.Insecure : Security.Secure;
        var answer = SetupHost.Answer([record]) with
        {
            Security = security,
            Chain =
            [
                new(new(Owner, RecordType.CNAME, RecordClass.IN, sent, [new(place.Wire.ToArray())]), security) { OriginalTimeToLive = signed },
                new(new(place, RecordType.TLSA, RecordClass.IN, 600, [record.ToRecordData()]), security) { OriginalTimeToLive = signed is null ? null : 600 },
            ],
        };
        var plan = await _host.PlanAsync(facts => facts with { Asked = [SetupHost.Address(), answer] });
        Assert.Equal(counted, Assert.Single(plan.Led, record => record.Owner == Owner).BeforeTimeToLive);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Records_behind_an_alias_are_to_be_made_where_it_leads(bool isPublished)
    {
        var place = DomainName.Parse("tlsa.example.org.");
        var plan = await _host.PlanAsync(facts => facts with
        {
            Asked = [SetupHost.Address()],
            Served = [new(Owner, place, "ns1", Security.Secure, TlsaSet.Of(isPublished ? SetupHost.Record(_host.Host.Leaf) : SetupHost.Record(Other)), TimeSpan.FromSeconds(600), "")],
        });
        Assert.DoesNotContain(plan.Steps, step => step.Stage == SetupStage.Records);
        if (isPublished) Assert.DoesNotContain(plan.Obstacles, one => one.What.Contains("alias", StringComparison.Ordinal));
        else Assert.Contains($"{SetupHost.Record(_host.Host.Leaf)}", Assert.Single(plan.Obstacles, one => one is { IsFatal: false } && one.What.StartsWith("_25._tcp.mx.example.org is an alias: its TLSA records stand at tlsa.example.org", StringComparison.Ordinal)).ToDo, StringComparison.Ordinal);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task Behind_an_alias_what_may_be_another_hosts_stays_unless_it_hides_the_key_of_this_one()
    {
        var (others, hiding) = (SetupHost.Record(Other, usage: TlsaUsage.DaneTa), SetupHost.Record(Other, TlsaMatching.Sha512));
        foreach (var there in new[] { TlsaSet.Of(others, SetupHost.Record(Other)), TlsaSet.Of(others, hiding) })
        {
            var plan = await _host.PlanAsync(facts => facts with { Asked = [SetupHost.Address()], Served = [new(Owner, DomainName.Parse("tlsa.example.org."), "ns1", Security.Secure, there, TimeSpan.FromSeconds(600), "")] });
            var toDo = Assert.Single(plan.Obstacles, one => one.What.Contains("is an alias", StringComparison.Ordinal)).ToDo;
            Assert.StartsWith($"Add there {SetupHost.Record(_host.Host.Leaf)}.", toDo, StringComparison.Ordinal);
            Assert.Equal(there.Records.Contains(hiding), toDo.Contains($"Take out there {hiding}:", StringComparison.Ordinal));
            Assert.DoesNotContain($"{others}", toDo, StringComparison.Ordinal);
            Assert.Contains("Leave what else stands there", toDo, StringComparison.Ordinal);
        }
    }

    [Theory, Rfc(7671, "8")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_record_of_the_next_key_stays_beside_one_of_its_kind_that_means_todays(bool hasTodays)
    {
        var (today, next) = (SetupHost.Record(_host.Host.Leaf, TlsaMatching.Sha512), SetupHost.Record(Other, TlsaMatching.Sha512));
        var plan = await _host.PlanAsync(facts => facts with { Asked = [SetupHost.Address(), SetupHost.Answer(hasTodays ? [today, next] : [next])] });
        var made = Assert.Single(plan.Steps.SelectMany(step => step.Records));
        Assert.Equal(hasTodays ? TlsaSet.Of(today, next, SetupHost.Record(_host.Host.Leaf)) : TlsaSet.Of(SetupHost.Record(_host.Host.Leaf)), made.After);
    }

    [Theory]
    [InlineData(ProbeOutcome.Completed, true)]
    [InlineData(ProbeOutcome.TimedOut, false)]
    public async Task A_server_that_has_not_read_its_file_is_told_where_nothing_else_is_to_do(ProbeOutcome outcome, bool isRefused)
    {
        const string Chain = "/var/lib/danelaw/chains/mx.example.org/ecdsa.pem";
        using var host = new SetupHost { Published = [SetupHost.Record(_host.Host.Leaf)] };
        host.Host.WriteKey(Chain, _host.Host.Leaf.PrivateKeyToPem() + _host.Host.Leaf.ToPem() + _host.Host.Root.ToPem());
        host.Host.Write("/etc/postfix/main.cf", File.ReadAllText(host.Host.Here("/etc/postfix/main.cf")).Replace(HostFolder.ChainFile, Chain, StringComparison.Ordinal));
        var plan = await host.PlanAsync(facts => Looked(facts, outcome, Other));
        Assert.Equal(isRefused, plan.IsRefused);
        if (isRefused) Assert.Equal(("postfix shows at port 25 another key than its files hold: it has not read them since they were written.", "postfix reload; then run setup again."), (plan.Obstacles[^1].What, plan.Obstacles[^1].ToDo));
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_is_there_and_matches_nothing()
    {
        var answer = SetupHost.Answer([]) with { Chain = [new(new(Owner, RecordType.TLSA, RecordClass.IN, 600, [new(new byte[] { 3 })]), Security.Secure) { OriginalTimeToLive = 600 }] };
        var record = Assert.Single((await _host.PlanAsync(facts => facts with { Asked = [SetupHost.Address(), answer] })).Steps.SelectMany(step => step.Records));
        Assert.Single(record.Before!.Records);
        Assert.Equal([SetupHost.Record(_host.Host.Leaf)], record.After.Records);
        Assert.Equal(record.Before, Operator.Setup.Applying.JournalRecord.Of(record).ToRecord().Before);
    }

    private static SetupHost Given(Lab.Authority.LabCertificate certificate)
    {
        var host = new SetupHost { Options = new() { CertificateFile = "/etc/letsencrypt/archive/mx/fullchain0.pem", KeyFile = "/etc/letsencrypt/archive/mx/privkey0.pem" } }.HowTo();
        host.Host.WriteKey("/etc/letsencrypt/archive/mx/privkey0.pem", certificate.PrivateKeyToPem()).Write("/etc/letsencrypt/archive/mx/fullchain0.pem", certificate.ToPem() + host.Host.Root.ToPem());
        return host;
    }

    private static X509Certificate2 SelfIssued(RSA key) => new CertificateRequest("CN=mx.example.org", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(HostFolder.Now.AddDays(-1), HostFolder.Now.AddDays(90));

    /// <summary>A host whose MX record leads to a router, and which was looked at where it is.</summary>
    private static SetupFacts Looked(SetupFacts facts, ProbeOutcome outcome, Lab.Authority.LabCertificate shown) => facts with
    {
        Host = facts.Host with { Addresses = [IPAddress.Parse("10.0.0.25")] },
        Shown = [Seen(KeyAlgorithm.Any, outcome, outcome == ProbeOutcome.Completed ? shown.Der : default)],
    };

    private static Observation Seen(KeyAlgorithm kind, ProbeOutcome outcome, Octets leaf)
    {
        var at = new IPEndPoint(IPAddress.Parse("10.0.0.25"), 25);
        return new() { Target = new(at, at, ServiceProtocol.Smtp, SetupHost.Mx, kind), Outcome = outcome, Chain = leaf.Length == 0 ? [] : [leaf] };
    }

    /// <summary>No resolver says what stands at the owner, and the servers that were seen have nothing.</summary>
    private static SetupFacts Unknown(SetupFacts facts) => facts with { Asked = [SetupHost.Address(), SetupHost.Answer([]) with { Security = Security.Bogus, Explanation = "its signatures are wrong" }], Served = [View([])] };

    private static AuthoritativeView View(ImmutableArray<Danelaw.Tlsa.TlsaRecord>? records) => new(Owner, Owner, "ns1", Security.Secure, records is { } set ? TlsaSet.Of(set) : null, TimeSpan.FromSeconds(600), records is null ? "no answer" : "");
}
