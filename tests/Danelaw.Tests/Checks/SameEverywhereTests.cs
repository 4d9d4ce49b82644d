using Danelaw.Checks;
using Danelaw.Probes;

namespace Danelaw.Tests.Checks;

/// <summary>Many mail hosts of one domain, and what is said of them together.</summary>
public sealed class SameEverywhereTests
{
    [Theory]
    [InlineData(3, 3)]
    [InlineData(4, 1)]
    [InlineData(40, 1)]
    public async Task What_is_the_same_at_four_hosts_or_more_is_one_finding_with_all_their_names(int hosts, int findings)
    {
        var report = await Many(hosts).CheckAsync("example.org");

        foreach (var code in new[] { FindingCodes.TlsaNone, FindingCodes.TlsUntested }) Assert.Equal(findings, report.Findings.Count(finding => finding.Code == code));
        if (findings > 1) return;
        var text = report.Findings.Single(finding => finding.Code == FindingCodes.TlsaNone).Text;
        for (var i = 2; i <= hosts; i++) Assert.Contains($"mx{i:00}.example.org", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_with_another_fault_keeps_a_finding_of_its_own()
    {
        var report = await Many(5).Refuse("192.0.2.3", ProbeOutcome.Closed, detail: "421 going down").CheckAsync("example.org");

        var untested = report.Findings.Where(finding => finding.Code == FindingCodes.TlsUntested).ToArray();
        Assert.Equal(2, untested.Length);
        var own = Assert.Single(untested, finding => finding.Subject == "mx03.example.org");
        Assert.DoesNotContain("The same holds", own.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("mx03", untested.Single(finding => finding != own).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_fails_at_another_family_or_at_one_address_of_several_stays_with_its_host()
    {
        var world = new World().Mx("example.org", [.. Enumerable.Range(1, 6).Select(i => (10, $"mx{i:00}.example.org"))]).Address("mx06.example.org", "192.0.2.6", "192.0.2.106").Refuse("192.0.2.6", ProbeOutcome.TimedOut).Serve("192.0.2.106", World.EcLeaf);
        for (var i = 1; i <= 5; i++)
        {
            var (right, wrong) = i == 5 ? ("2001:db8::5", "192.0.2.5") : ($"192.0.2.{i}", $"2001:db8::{i}");
            world.Address($"mx{i:00}.example.org", $"192.0.2.{i}", $"2001:db8::{i}").Serve(right, World.EcLeaf).Refuse(wrong, ProbeOutcome.TimedOut);
        }

        var report = await world.CheckAsync("example.org");

        var untested = report.Findings.Where(finding => finding.Code == FindingCodes.TlsUntested).Select(finding => finding.Text).ToArray();
        Assert.Equal(3, untested.Length);
        Assert.Contains("The same holds for mx02.example.org, mx03.example.org and mx04.example.org.", untested[0], StringComparison.Ordinal);
        Assert.Contains("192.0.2.5", untested[1], StringComparison.Ordinal);
        Assert.Contains("192.0.2.6", untested[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_to_be_done_at_each_host_in_its_own_way_stays_apart()
    {
        // Each shows the key for which a record is to be published at its own name.
        var world = Many(5);
        for (var i = 1; i <= 5; i++) world.Serve($"192.0.2.{i}", i % 2 == 0 ? World.EcLeaf : World.OtherEcLeaf);

        var report = await world.CheckAsync("example.org");

        var mends = string.Join('\n', report.Findings.Where(finding => finding.Code == FindingCodes.TlsaNone).Select(finding => finding.Mend));
        for (var i = 1; i <= 5; i++) Assert.Contains($"_25._tcp.mx0{i}.example.org. 3600 IN TLSA {(i % 2 == 0 ? World.EcRecord : World.Record(World.OtherEcLeaf))}", mends, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(11, true)]
    public async Task More_than_ten_mail_hosts_are_a_note(int hosts, bool isTold)
    {
        var finding = (await Many(hosts).CheckAsync("example.org")).Findings.SingleOrDefault(one => one.Code == FindingCodes.MxTooMany);

        Assert.Equal(isTold ? Severity.Note : null, finding?.Severity);
    }

    private static World Many(int hosts)
    {
        var world = new World().Mx("example.org", [.. Enumerable.Range(1, hosts).Select(i => (10, $"mx{i:00}.example.org"))]);
        for (var i = 1; i <= hosts; i++) world.Address($"mx{i:00}.example.org", $"192.0.2.{i}");
        return world;
    }
}
