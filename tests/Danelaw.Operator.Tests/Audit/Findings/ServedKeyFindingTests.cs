using System.Net;
using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Lab.Authority;
using Danelaw.Operator.Audit;
using Danelaw.Probes;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Operator.Tests.Audit.Findings;

/// <summary>The key on disk against the one on the wire and those in the DNS.</summary>
public sealed class ServedKeyFindingTests
{
    private static readonly IPAddress Own = IPAddress.Parse("192.0.2.25");

    /// <summary>The mail domain's one MX host is this machine; it shows the one certificate, and the record is of the other.</summary>
    private static NetworkFacts Network(LabCertificate shown, LabCertificate published)
    {
        var mx = DomainName.Parse("mx.example.org.");
        Assert.True(TlsaRecord.TryCreate(published.Der, TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, out var record, out _));
        var at = new IPEndPoint(Own, 25);
        var observation = new Observation { Target = new(at, at, ServiceProtocol.Smtp, mx), Outcome = ProbeOutcome.Completed, Chain = [shown.Der] };
        var verdict = new DaneVerdict { Reason = shown == published ? DaneReason.MatchedEndEntity : DaneReason.NoPath };
        var report = new CheckReport { Target = "example.org", Hosts = [new() { Name = mx, Endpoints = [new(observation, verdict)], Records = [new(record, RecordState.Matching, Usability.Usable)] }] };
        return new() { Domains = [new(DomainName.Parse("example.org."), report)], IsProbed = true };
    }

    private static async Task<string[]> FindAsync(HostFolder host, NetworkFacts network, params IPAddress[] addresses) =>
        [.. Doctor.Judge(await host.ReadAsync() with { Addresses = [.. addresses] }, host.Files, network, new CheckOptions(), HostFolder.Now).Findings.Select(HostFolder.Say)];

    [Fact]
    public async Task The_same_key_is_no_finding()
    {
        using var host = new HostFolder();
        Assert.Empty(await FindAsync(host, Network(host.Leaf, host.Leaf), Own));
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task A_server_that_was_not_reloaded_is_a_warning_while_the_key_on_disk_is_published()
    {
        using var host = new HostFolder();
        var old = host.Authority.Issue(new() { Name = "mx.example.org", Issuer = host.Root });
        Assert.Equal(["warning TLS-NOT-RELOADED /etc/postfix/main.cf:5"], await FindAsync(host, Network(old, host.Leaf), Own));
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task It_is_an_error_where_the_next_start_brings_a_key_that_no_record_matches()
    {
        using var host = new HostFolder();
        var old = host.Authority.Issue(new() { Name = "mx.example.org", Issuer = host.Root });
        Assert.Equal(["error TLS-NOT-RELOADED /etc/postfix/main.cf:5"], await FindAsync(host, Network(old, old), Own));
    }

    [Theory, Rfc(7671, "8.1")]
    [InlineData(false, "error")]
    [InlineData(true, "warning")]
    public async Task A_key_of_another_kind_that_is_published_helps_no_sender_that_is_shown_this_one(bool isPublished, string severity)
    {
        using var host = new HostFolder();
        var old = Rsa(host);
        var renewed = Rsa(host);
        host.WriteKey(HostFolder.ChainFile, host.Leaf.PrivateKeyToPem() + host.Leaf.ToPem() + host.Root.ToPem() + renewed.PrivateKeyToPem() + renewed.ToPem() + host.Root.ToPem());
        var network = Network(old, old);
        var report = network.Domains[0].Report;
        RecordReport[] more = [Record(host.Leaf), .. isPublished ? [Record(renewed)] : Array.Empty<RecordReport>()];
        network = network with { Domains = [network.Domains[0] with { Report = report with { Hosts = [report.Hosts[0] with { Records = [.. report.Hosts[0].Records, .. more] }] } }] };
        Assert.Contains($"{severity} TLS-NOT-RELOADED /etc/postfix/main.cf:5", await FindAsync(host, network, Own));

        static RecordReport Record(LabCertificate certificate) => new(Setup.SetupHost.Record(certificate), RecordState.Matching, Usability.Usable);
        static LabCertificate Rsa(HostFolder host) => host.Authority.Issue(new() { Name = "mx.example.org", DnsNames = ["mx.example.org"], Issuer = host.Root, KeyKind = LabKeyKind.Rsa2048 });
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task Chains_for_other_names_take_no_part_in_what_comes_in_place_of_the_one_that_is_shown()
    {
        using var host = new HostFolder();
        var old = host.Authority.Issue(new() { Name = "mx.example.org", Issuer = host.Root });
        var other = host.Authority.Issue(new() { Name = "www.example.org", DnsNames = ["www.example.org"], Issuer = host.Root });
        host.Main("tls_server_sni_maps = hash:/etc/postfix/sni\n").Write("/etc/postfix/sni", "www.example.org /etc/postfix/www.pem\n").WriteKey("/etc/postfix/www.pem", other.PrivateKeyToPem() + other.ToPem() + host.Root.ToPem());

        // The next start brings the default's key, which is published beside the one of today; of the other name's nobody speaks.
        var network = Network(old, old);
        var report = network.Domains[0].Report;
        network = network with { Domains = [network.Domains[0] with { Report = report with { Hosts = [report.Hosts[0] with { Records = [.. report.Hosts[0].Records, new(Setup.SetupHost.Record(host.Leaf), RecordState.Matching, Usability.Usable)] }] } }] };
        Assert.Contains("warning TLS-NOT-RELOADED /etc/postfix/main.cf:5", await FindAsync(host, network, Own));
    }

    [Theory]
    [InlineData("inet_interfaces = 192.0.2.24\n", false)]
    [InlineData("inet_interfaces = 192.0.2.24, 192.0.2.25\n", true)]
    [InlineData("inet_interfaces = all\n", true)]
    public async Task At_an_address_that_this_instance_does_not_listen_at_another_one_answers(string interfaces, bool isTold)
    {
        using var host = new HostFolder();
        host.Main(interfaces);
        var old = host.Authority.Issue(new() { Name = "mx.example.org", Issuer = host.Root });
        var found = Doctor.Judge(await host.ReadAsync() with { Addresses = [Own] }, host.Files, Network(old, host.Leaf), new CheckOptions(), HostFolder.Now).Findings.Where(finding => finding.Code == AuditCodes.TlsNotReloaded).ToArray();
        Assert.Equal(isTold, found.Length > 0);
        Assert.All(found, finding => Assert.StartsWith("192.0.2.25:25: the server shows another key than the one in ", finding.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_another_host_shows_says_nothing_of_this_one()
    {
        using var host = new HostFolder();
        var other = host.Authority.Issue(new() { Name = "mx.example.org", Issuer = host.Root });
        Assert.Empty(await FindAsync(host, Network(other, other), IPAddress.Parse("192.0.2.26")));
        Assert.Empty(await FindAsync(host, Network(other, other)));
    }
}
