using System.Net;
using Danelaw.Certificates;
using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Lab.Authority;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Beside;
using Danelaw.Probes;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Tests.Audit.Beside;

/// <summary>MTA-STS and TLSRPT beside DANE, from scripted facts.</summary>
public sealed class BesideFindingTests
{
    private const string Mx = "mx.example.org.", Record = "v=STSv1; id=1";

    private static PolicyFetch Policy(string mode = "enforce", string mx = "mx.example.org", string age = "1209600") => new(PolicyOutcome.Fetched, $"version: STSv1\nmode: {mode}\nmx: {mx}\nmax_age: {age}\n", "");

    private static DomainFacts Domain(string name, PolicyFetch? policy = null, string? record = Record, string? reporting = "v=TLSRPTv1; rua=mailto:r@example.org", CheckVerdict verdict = CheckVerdict.Verified, LabCertificate? shown = null)
    {
        var mx = DomainName.Parse(Mx);
        var at = new IPEndPoint(IPAddress.Parse("192.0.2.25"), 25);
        var host = new HostReport { Name = mx, TlsaBase = mx, Verdict = verdict };
        if (shown is not null)
        {
            Assert.True(TlsaRecord.TryCreate(shown.Der, TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, out var tlsa, out _));
            host = host with
            {
                Records = [new(tlsa, RecordState.Matching, Usability.Usable)],
                Endpoints = [new(new Observation { Target = new(at, at, ServiceProtocol.Smtp, mx), Outcome = ProbeOutcome.Completed, Chain = [.. shown.Path.Select(one => one.Der)] }, null)],
            };
        }

        return new(DomainName.Parse(name + "."), new CheckReport { Target = name, Verdict = verdict, Hosts = [host] })
        {
            Beside = new(
                record is null ? ScriptedLookup.None($"_mta-sts.{name}.", RecordType.TXT) : ScriptedLookup.Txt($"_mta-sts.{name}.", record),
                policy ?? PolicyFetch.NotAsked,
                reporting is null ? ScriptedLookup.None($"_smtp._tls.{name}.", RecordType.TXT) : ScriptedLookup.Txt($"_smtp._tls.{name}.", reporting)),
        };
    }

    private static async Task<DoctorReport> JudgeAsync(TrustStore? roots, params DomainFacts[] domains)
    {
        using var host = new HostFolder();
        return Doctor.Judge(await host.ReadAsync(), host.Files, new() { Domains = [.. domains], IsProbed = true }, new CheckOptions { Roots = roots }, HostFolder.Now);
    }

    private static async Task<string[]> FindAsync(params DomainFacts[] domains) => [.. (await JudgeAsync(null, domains)).Findings.Select(finding => $"{HostFolder.Say(finding)} {finding.Subject}")];

    [Fact]
    public async Task A_domain_without_either_is_told_nothing() => Assert.Empty(await FindAsync(Domain("example.org", record: null, reporting: null)));

    [Fact]
    public async Task Both_sound_are_told_nothing() => Assert.Empty(await FindAsync(Domain("example.org", Policy())));

    [Fact]
    public async Task A_record_that_senders_pass_over_is_told() => Assert.Contains("warning STS-RECORD example.org", await FindAsync(Domain("example.org", record: "v=STSv1")));

    [Theory, Rfc(8461, "3.1"), Rfc(8461, "3.3"), Rfc(8461, "4.1"), Rfc(8461, "5")]
    [InlineData("enforce", "mx.example.org", "1209600", null)]
    [InlineData("enforce", "*.example.org", "1209600", null)]
    [InlineData("enforce", "mx2.example.org", "1209600", "error STS-MX example.org")]
    [InlineData("testing", "mx2.example.org", "1209600", "warning STS-MX example.org")]
    [InlineData("enforce", "mx.example.org", "86400", "note STS-MAX-AGE example.org")]
    [InlineData("enforce", "mx.example.org", "3600", "warning STS-MAX-AGE example.org")]
    [InlineData("testing", "mx.example.org", "3600", "note STS-MODE example.org")]
    [InlineData("none", "mx2.example.org", "3600", "note STS-MODE example.org")]
    [InlineData("soon", "mx.example.org", "3600", "warning STS-POLICY example.org")]
    public async Task The_policy_must_name_the_hosts_of_the_MX_records(string mode, string mx, string age, string? expected) =>
        Assert.Equal(expected, (await FindAsync(Domain("example.org", Policy(mode, mx, age)))).FirstOrDefault());

    [Theory, Rfc(8461, "3.3")]
    [InlineData(PolicyOutcome.NotReached, "warning STS-UNREACHABLE example.org")]
    [InlineData(PolicyOutcome.Redirected, "warning STS-UNREACHABLE example.org")]
    [InlineData(PolicyOutcome.NotTrusted, "warning STS-CERTIFICATE example.org")]
    public async Task A_policy_that_cannot_be_had_is_a_warning(PolicyOutcome outcome, string expected) =>
        Assert.Equal([expected], await FindAsync(Domain("example.org", new(outcome, "", "its server refuses the connection"))));

    [Theory, Rfc(8461, "2"), Rule("R69")]
    [InlineData("enforce", CheckVerdict.Failing, true)]
    [InlineData("testing", CheckVerdict.Failing, true)]
    [InlineData("none", CheckVerdict.Failing, false)]
    [InlineData("enforce", CheckVerdict.Verified, false)]
    public async Task A_policy_that_hides_that_DANE_fails_is_told(string mode, CheckVerdict verdict, bool isTold) =>
        Assert.Equal(isTold, (await FindAsync(Domain("example.org", Policy(mode), verdict: verdict))).Contains("warning STS-HIDES-DANE example.org"));

    [Fact, Rfc(8461, "4.2")]
    public async Task A_host_that_the_policy_names_needs_a_certificate_of_the_web_too()
    {
        var authority = new CertificateAuthority(HostFolder.Now);
        var root = authority.Issue(new() { Name = "Root", IsAuthority = true });
        var good = authority.Issue(new() { Name = "mx.example.org", DnsNames = ["mx.example.org"], Issuer = root });
        var own = authority.Issue(new() { Name = "mx.example.org", DnsNames = ["mx.example.org"] });
        var other = authority.Issue(new() { Name = "x.example.org", DnsNames = ["x.example.org"], Issuer = root });
        var roots = new TrustStore([root.Der]);
        Assert.Empty((await JudgeAsync(roots, Domain("example.org", Policy(), shown: good))).Findings);
        Assert.Empty((await JudgeAsync(null, Domain("example.org", Policy(), shown: own))).Findings);
        Assert.Contains("no authority of the machine's store vouches for it", Assert.Single((await JudgeAsync(roots, Domain("example.org", Policy(), shown: own))).Findings).Text, StringComparison.Ordinal);
        var finding = Assert.Single((await JudgeAsync(roots, Domain("example.org", Policy(), shown: other))).Findings);
        Assert.Equal(("error STS-MX-CERTIFICATE", true), (HostFolder.Say(finding), finding.Text.Contains("it does not bear the host's name", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_holds_for_thousands_is_told_once()
    {
        DomainFacts[] domains = [.. Enumerable.Range(1, 3000).Select(i => Domain($"d{i}.example", new(PolicyOutcome.NotTrusted, "", $"the certificate of its server is not for mta-sts.d{i}.example"), reporting: "v=TLSRPTv1"))];
        var report = await JudgeAsync(null, domains);
        Assert.Equal(["warning STS-CERTIFICATE 3000 domains", "warning TLSRPT-RECORD 3000 domains"], report.Findings.Select(finding => $"{HostFolder.Say(finding)} {finding.Subject}"));
        Assert.Contains(" and 2994 more.", report.Findings[0].Text, StringComparison.Ordinal);
    }

    [Fact, Rfc(8460, "3")]
    public async Task No_reports_are_a_note_where_there_is_something_to_report()
    {
        var leaf = new CertificateAuthority(HostFolder.Now).Issue(new() { Name = "mx.example.org" });
        Assert.Equal(["note TLSRPT-NONE example.org"], await FindAsync(Domain("example.org", record: null, reporting: null, shown: leaf)));
        Assert.Equal(["warning TLSRPT-RECORD example.org"], await FindAsync(Domain("example.org", record: null, reporting: "v=TLSRPTv1; rua=x", shown: leaf)));
    }

    [Fact]
    public async Task A_lookup_that_failed_is_unseen_and_no_finding()
    {
        var domain = Domain("example.org");
        var report = await JudgeAsync(null, domain with { Beside = domain.Beside! with { Sts = ScriptedLookup.Failed("_mta-sts.example.org.", RecordType.TXT), Reporting = ScriptedLookup.Failed("_smtp._tls.example.org.", RecordType.TXT) } });
        Assert.Empty(report.Findings);
        Assert.Equal(["the MTA-STS record of example.org", "the TLSRPT record of example.org"], report.Unseen.Select(unseen => unseen.What));
    }

    [Fact]
    public async Task A_policy_is_asked_for_only_where_a_record_says_that_there_is_one()
    {
        var fetcher = new Counting();
        var domain = DomainName.Parse("example.org.");
        var none = await BesideFacts.AskAsync(domain, new ScriptedLookup(), fetcher, TestContext.Current.CancellationToken);
        Assert.Equal((0, PolicyOutcome.NotAsked), (fetcher.Count, none!.Policy.Outcome));
        var some = await BesideFacts.AskAsync(domain, new ScriptedLookup().Add(ScriptedLookup.Txt("_mta-sts.example.org.", Record)), fetcher, TestContext.Current.CancellationToken);
        Assert.Equal((1, PolicyOutcome.Fetched), (fetcher.Count, some!.Policy.Outcome));
    }

    private sealed class Counting : IPolicyFetcher
    {
        internal int Count { get; private set; }

        public ValueTask<PolicyFetch> FetchAsync(DomainName domain, CancellationToken cancellationToken = default)
        {
            Count++;
            return ValueTask.FromResult(Policy());
        }
    }
}
