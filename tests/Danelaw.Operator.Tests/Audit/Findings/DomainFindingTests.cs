using System.Net;
using Danelaw.Checks;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Tests.Audit.Beside;
using Danelaw.Probes;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Tests.Audit.Findings;

/// <summary>What the DNS and the wire say of the domains, from scripted facts.</summary>
public sealed class DomainFindingTests
{
    private static readonly Finding Failed = new(FindingCodes.MxLookupFailed, Severity.Error, "a.example", "The MX records of a.example cannot be had: no reply.", "");

    private static DomainFacts Domain(string name, Finding? finding, params Answer[] lookups) =>
        new(DomainName.Parse(name + "."), new CheckReport { Target = name, Findings = finding is null ? [] : [finding], Lookups = [.. lookups] });

    private static DomainFacts At(string name, string mx, string address, CheckVerdict verdict) =>
        new(DomainName.Parse(name + "."), new CheckReport { Target = name, Verdict = verdict, Hosts = [new() { Name = DomainName.Parse(mx + "."), TlsaBase = DomainName.Parse(mx + "."), Verdict = verdict, Addresses = [IPAddress.Parse(address)] }] });

    private static async Task<DoctorReport> JudgeAsync(params DomainFacts[] domains)
    {
        using var host = new HostFolder();
        return Doctor.Judge(await host.ReadAsync(), host.Files, new() { Domains = [.. domains], IsProbed = true }, new CheckOptions(), HostFolder.Now);
    }

    [Fact]
    public async Task A_name_server_that_does_not_answer_is_unseen_and_no_error()
    {
        var report = await JudgeAsync(Domain("a.example", Failed, ScriptedLookup.None("a.example.", RecordType.MX) with { Security = Security.Indeterminate, ResponseCode = null }));
        Assert.Empty(report.Findings);
        Assert.Equal(("the mail of a.example", "The MX records of a.example cannot be had: no reply"), (Assert.Single(report.Unseen).What, report.Unseen[0].Why));
    }

    [Fact]
    public async Task One_that_answers_wrongly_is_an_error()
    {
        foreach (var answer in new[] { ScriptedLookup.Failed("a.example.", RecordType.MX), ScriptedLookup.None("a.example.", RecordType.MX) with { Security = Security.Indeterminate, ResponseCode = ResponseCode.ServerFailure } })
        {
            var report = await JudgeAsync(Domain("a.example", Failed, answer));
            Assert.Equal("error MX-LOOKUP-FAILED", HostFolder.Say(Assert.Single(report.Findings)));
            Assert.Empty(report.Unseen);
        }
    }

    [Fact]
    public async Task What_is_told_of_another_port_than_that_of_mail_servers_names_it()
    {
        using var host = new HostFolder();
        var at = new IPEndPoint(IPAddress.Parse("192.0.2.25"), 993);
        var service = new CheckReport
        {
            Target = "imaps://mx.example.org",
            Hosts = [new() { Name = DomainName.Parse("mx.example.org."), Endpoints = [new(new() { Target = new(at, at, ServiceProtocol.ImapTls, DomainName.Parse("mx.example.org.")), Outcome = ProbeOutcome.Refused }, null)] }],
            Findings =
            [
                new(FindingCodes.TlsUntested, Severity.Warning, "mx.example.org", "mx.example.org at 192.0.2.25 could not be tested: connection refused. That says nothing of its certificate.", ""),
                new(FindingCodes.TlsaTtlLong, Severity.Warning, "_993._tcp.mx.example.org", "Long.", ""),
            ],
        };
        var report = Doctor.Judge(await host.ReadAsync(), host.Files, new() { Services = [service], IsProbed = true }, new CheckOptions(), HostFolder.Now);
        Assert.Equal("mx.example.org, port 993", Assert.Single(report.Unseen).What);
        Assert.Equal("_993._tcp.mx.example.org", Assert.Single(report.Findings, finding => finding.Code == FindingCodes.TlsaTtlLong).Subject);
    }

    [Fact]
    public async Task A_server_that_cannot_be_tested_is_unseen_once_for_all_its_domains()
    {
        var untested = new Finding(FindingCodes.TlsUntested, Severity.Warning, "mx.example.org", "192.0.2.25 port 25 could not be tested: it refuses the connection. That says nothing of its certificate.", "");
        var report = await JudgeAsync([.. Enumerable.Range(0, 2000).Select(i => Domain($"d{i}.example", untested))]);
        Assert.Empty(report.Findings);
        Assert.Equal("mx.example.org", Assert.Single(report.Unseen).What);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task An_MX_name_that_pins_a_rolled_key_and_is_in_no_roll_is_told()
    {
        using var host = new HostFolder();
        host.Write("/etc/danelaw/rollover.toml", $"""
            [[roll]]
            name = "mx"
            owners = ["mx.example.org:25"]
            reload = []
            chain = [{"{"} file = "{HostFolder.ChainFile}", offers = [] {"}"}]
            publisher = {"{"} kind = "manual" {"}"}

            """);
        Assert.True(TlsaRecord.TryCreate(host.Leaf.Der, TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, out var record, out _));
        var report = Doctor.Judge(await host.ReadAsync(), host.Files, new() { Domains = [Mx("mx.example.org."), Mx("mx.example.net.")], IsProbed = true }, new CheckOptions(), HostFolder.Now);
        var finding = Assert.Single(report.Findings, finding => finding.Code == AuditCodes.RolloverOwnerMissing);
        Assert.Equal(("error ROLLOVER-OWNER-MISSING", "mx.example.net"), (HostFolder.Say(finding), finding.Subject));

        DomainFacts Mx(string name)
        {
            var mx = DomainName.Parse(name);
            var answer = ScriptedLookup.None("_25._tcp." + name, RecordType.TLSA);
            return new(mx.Parent, new() { Target = name, Hosts = [new() { Name = mx, TlsaBase = mx, TlsaAnswer = answer, Records = [new(record, default, default)] }] });
        }
    }

    [Fact, Rfc(7671, "6")]
    public async Task A_virtual_domain_with_an_MX_name_of_its_own_for_a_shared_server_is_told_the_two_ways_out()
    {
        var report = await JudgeAsync(
            At("a.example", "mx.provider.example", "192.0.2.25", CheckVerdict.Verified),
            At("b.example", "mx.provider.example", "192.0.2.25", CheckVerdict.Verified),
            At("c.example", "mail.c.example", "192.0.2.25", CheckVerdict.Unprotected),
            At("d.example", "mail.d.example", "198.51.100.25", CheckVerdict.Unprotected));
        var finding = Assert.Single(report.Findings);
        Assert.Equal(("warning MX-OWN-NAME", "c.example"), (HostFolder.Say(finding), finding.Subject));
        Assert.Contains("Either one MX name for all: c.example. IN MX 10 mx.provider.example. Or every name in the certificate", finding.Mend.Text, StringComparison.Ordinal);
        Assert.Equal(["mail.c.example", "mail.d.example", "mx.provider.example", "mx.provider.example"], report.Domains.Select(row => row.Mx));
    }

    [Theory, Rfc(2308, "5")]
    [InlineData(0, 2, "TLSA-NONE", "no TLSA records")]
    [InlineData(2, 0, "TLSA-DENIAL-CACHED", "is published, at every name server of its zone, but your resolver still holds the denial of before, for 4 min at most")]
    [InlineData(1, 1, "TLSA-DENIAL-CACHED", "is published at ns1 192.0.2.1, and was not seen at ns1 192.0.2.2; your resolver still holds the denial")]
    public async Task A_denial_that_a_cache_holds_is_told_from_a_record_that_is_not_there(int having, int lacking, string code, string text)
    {
        var owner = DomainName.Parse("_25._tcp.mx.provider.example.");
        var denial = new Answer { Question = new(owner, RecordType.TLSA), Security = Security.Secure, ResponseCode = ResponseCode.NameError, TimeToLive = 240 };
        var domain = At("a.example", "mx.provider.example", "192.0.2.25", CheckVerdict.Unprotected);
        domain = domain with
        {
            Report = domain.Report with
            {
                Hosts = [domain.Report.Hosts[0] with { TlsaAnswer = denial }],
                Findings = [new(FindingCodes.TlsaNone, Severity.Warning, "_25._tcp.mx.provider.example", "mx.provider.example has no TLSA records, though its zone is signed.", "Publish a record.")],
            },
        };
        Assert.True(TlsaRecord.TryParse($"3 1 1 {new string('a', 64)}", out var record, out _));
        var sets = Enumerable.Repeat(TlsaSet.Of(record), having).Concat(Enumerable.Repeat(TlsaSet.Empty, lacking));
        var network = new NetworkFacts { IsProbed = true, Domains = [domain], Served = [.. sets.Select((set, at) => new AuthoritativeView(owner, owner, $"ns1 192.0.2.{at + 1}", Security.Secure, set, TimeSpan.FromHours(1), ""))] };
        using var host = new HostFolder();
        var finding = Assert.Single((await host.ExamineAsync(network)).Findings, finding => finding.Code.StartsWith("TLSA-", StringComparison.Ordinal));
        Assert.Equal(code, finding.Code);
        Assert.Contains(text, finding.Text, StringComparison.Ordinal);
    }
}
