using System.Net;
using Danelaw.Checks;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Tests.Audit.Beside;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Operator.Tests.Audit;

/// <summary>What is asked for the domains of a host, and what becomes of it.</summary>
public sealed class NetworkSurveyTests
{
    private static readonly Octets Record = new((byte[])[3, 1, 1, .. new byte[32]]);

    [Theory, Rule("R01"), Rfc(6698, "3")]
    [InlineData("_25_._tcp.mx.example.org")]
    [InlineData("_25_.tcp.mx.example.org")]
    [InlineData("25._tcp.mx.example.org")]
    [InlineData("_tcp._25.mx.example.org")]
    [InlineData("mx.example.org")]
    public async Task A_mistyped_owner_is_told_as_check_tells_it(string owner)
    {
        var report = await ExamineAsync(Of("example.org").Add(ScriptedLookup.Secure(owner + ".", RecordType.TLSA, Record)), "example.org");

        var finding = Assert.Single(report.Findings, finding => finding.Code == FindingCodes.TlsaOwnerTypo);
        Assert.Equal((Severity.Error, owner), (finding.Severity, finding.Subject));
        Assert.Contains("The name is _25._tcp.mx.example.org, and there are none", finding.Text, StringComparison.Ordinal);
    }

    [Fact, Rfc(7672, "2.2.3")]
    public async Task Records_at_the_mail_domains_themselves_are_told_in_one_breath()
    {
        var lookup = Of("a.example", "b.example", "c.example").Add(ScriptedLookup.Secure("_25._tcp.mx.example.org.", RecordType.TLSA, Record));
        foreach (var name in new[] { "a", "b", "c" }) lookup.Add(ScriptedLookup.Secure($"_25._tcp.{name}.example.", RecordType.TLSA, Record));

        var report = await ExamineAsync(lookup, "a.example", "b.example", "c.example");

        var finding = Assert.Single(report.Findings, finding => finding.Code == FindingCodes.TlsaOwnerUnused);
        Assert.Equal((Severity.Note, "3 domains"), (finding.Severity, finding.Subject));
        Assert.Contains("There are TLSA records at _25._tcp.a.example, where no sender looks: mail for a.example goes to mx.example.org", finding.Text, StringComparison.Ordinal);
        Assert.Contains("The same holds for b.example, c.example", finding.Text, StringComparison.Ordinal);
    }

    [Fact, Rfc(7672, "2.2.3")]
    public async Task Where_they_stand_in_place_of_the_hosts_that_is_a_warning()
    {
        var report = await ExamineAsync(Of("example.org").Add(ScriptedLookup.Secure("_25._tcp.example.org.", RecordType.TLSA, Record)), "example.org");

        var finding = Assert.Single(report.Findings, finding => finding.Code == FindingCodes.TlsaOwnerUnused);
        Assert.Equal((Severity.Warning, "example.org"), (finding.Severity, finding.Subject));
    }

    [Fact]
    public async Task Of_records_of_ports_that_are_checked_by_themselves_nobody_says_that_they_are_not()
    {
        var lookup = Of("example.org");
        foreach (var port in new[] { 25, 465, 993 }) lookup.Add(ScriptedLookup.Secure($"_{port}._tcp.mx.example.org.", RecordType.TLSA, Record));

        var report = await ExamineAsync(lookup, "example.org");

        var finding = Assert.Single(report.Findings, finding => finding.Code == FindingCodes.ServiceRecordUnchecked);
        Assert.Contains("TLSA records for port 993 too", finding.Text, StringComparison.Ordinal);
    }

    [Theory, Rfc(7672, "2.2.2")]
    [InlineData("unsigned.example", "", "warning")]
    [InlineData("unsigned.example", "_25._tcp.mx.example.org.", "note")]
    [InlineData("[mx.example.org]:587", "_25._tcp.mx.example.org.", "warning")]
    [InlineData("[mx.example.org]:587", "_587._tcp.mx.example.org.", "note")]
    [InlineData("[mx.example.org]:submission", "_587._tcp.mx.example.org.", "note")]
    [InlineData("unsigned.example:587", "_25._tcp.mx.example.org.", "warning")]
    [InlineData("[unknown.example]", "", "unseen")]
    [InlineData("[192.0.2.1]", "", "unseen")]
    public async Task A_host_that_takes_all_mail_is_looked_up(string hop, string owner, string told)
    {
        var lookup = Of("unsigned.example").Add(ScriptedLookup.Failed("unknown.example.", RecordType.A)).Add(ScriptedLookup.Failed("unknown.example.", RecordType.AAAA));
        if (owner.Length > 0) lookup.Add(ScriptedLookup.Secure(owner, RecordType.TLSA, Record));
        var report = await ExamineAsync($"relayhost = {hop}\n", lookup);

        var finding = Assert.Single(report.Findings, finding => finding.Code == AuditCodes.PostfixRelayHost);
        Assert.Equal(told == "warning" ? Severity.Warning : Severity.Note, finding.Severity);
        Assert.Equal(told == "warning", finding.Text.Contains("it goes out without DANE", StringComparison.Ordinal));
        Assert.Equal(told == "unseen", report.Unseen.Any(unseen => unseen.What == $"whether {hop}, which all mail goes to, has TLSA records"));
    }

    [Theory]
    [InlineData("smtp_tls_security_level = encrypt\n", AuditCodes.PostfixOutboundOff)]
    [InlineData("smtp_tls_policy_maps = inline:{[mx.example.org]=encrypt}\n", AuditCodes.PostfixPolicyOverride)]
    public async Task A_level_that_takes_all_mail_out_without_DANE_is_a_warning_there(string settings, string code)
    {
        var lookup = Of().Add(ScriptedLookup.Secure("_25._tcp.mx.example.org.", RecordType.TLSA, Record));
        var report = await ExamineAsync($"relayhost = [mx.example.org]\n{settings}", lookup);
        Assert.Contains(report.Findings, finding => finding.Code == code && finding.Severity == Severity.Warning && finding.Text.Contains("without DANE", StringComparison.Ordinal));
    }

    private static ScriptedLookup Of(params string[] domains)
    {
        var lookup = new ScriptedLookup().Add(ScriptedLookup.Secure("mx.example.org.", RecordType.A, new Octets(IPAddress.Parse("192.0.2.25").GetAddressBytes())));
        foreach (var domain in domains) lookup.Add(ScriptedLookup.Secure(domain + ".", RecordType.MX, new Octets((byte[])[0, 10, .. DomainName.Parse("mx.example.org.").Wire])));
        return lookup;
    }

    /// <summary>A host whose Postfix listens at ports 25 and 465.</summary>
    private static Task<DoctorReport> ExamineAsync(ScriptedLookup lookup, params string[] domains) => ExamineAsync("", lookup, domains);

    private static async Task<DoctorReport> ExamineAsync(string settings, ScriptedLookup lookup, params string[] domains)
    {
        using var folder = new HostFolder();
        folder.Main(settings);
        folder.Write("/etc/postfix/master.cf", HostFolder.MasterCf + "465 inet n - n - - smtpd -o smtpd_tls_wrappermode=yes\n");
        var host = await folder.ReadAsync();
        var network = await new NetworkSurvey(lookup, null, null, new(), new FakeTimeProvider(HostFolder.Now)).AskAsync(host, [.. domains.Select(DomainName.Parse)], DomainName.Parse("bogus.example"), 2, null, TestContext.Current.CancellationToken);
        return Doctor.Judge(host, folder.Files, network, new(), HostFolder.Now);
    }
}
