using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Danelaw.Checks;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Acme;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Tests.Audit.Findings;

/// <summary>What ACME clients keep, and who reads it.</summary>
public sealed class AcmeFindingTests
{
    private static HostFolder Certbot(string parameters)
    {
        var host = new HostFolder();
        host.WriteKey("/etc/letsencrypt/archive/mx/privkey1.pem", host.Leaf.PrivateKeyToPem())
            .Write("/etc/letsencrypt/archive/mx/fullchain1.pem", host.Leaf.ToPem() + host.Root.ToPem())
            .Link("/etc/letsencrypt/live/mx/privkey.pem", "../../archive/mx/privkey1.pem")
            .Link("/etc/letsencrypt/live/mx/fullchain.pem", "../../archive/mx/fullchain1.pem")
            .Write("/etc/letsencrypt/renewal/mx.conf", $"version = 2.1.0\narchive_dir = /etc/letsencrypt/archive/mx\nfullchain = /etc/letsencrypt/live/mx/fullchain.pem\n[renewalparams]\n{parameters}");
        return host;
    }

    private static HostFolder ReadByPostfix(HostFolder host, string key, string chain) =>
        host.Write("/etc/postfix/main.cf", HostFolder.MainCf.Replace($"smtpd_tls_chain_files = {HostFolder.ChainFile}", $"smtpd_tls_chain_files = {key}, {chain}", StringComparison.Ordinal));

    [Fact]
    public async Task A_server_that_reads_the_live_folder_is_told_and_so_is_the_change_of_key()
    {
        using var host = ReadByPostfix(Certbot("key_type = ecdsa\n"), "/etc/letsencrypt/live/mx/privkey.pem", "/etc/letsencrypt/live/mx/fullchain.pem");
        Assert.Equal(["warning ACME-LIVE-FOLDER /etc/postfix/main.cf:5"], await host.FindAsync());
        var lineage = Assert.Single((await host.ReadAsync()).Lineages);
        Assert.Equal((AcmeClient.Certbot, "mx", KeyAtRenewal.Changed), (lineage.Client, lineage.Name, lineage.Key));
        Assert.Equal(HostFolder.Now.AddDays(60), lineage.RenewalFrom!.Value, TimeSpan.FromHours(2));
    }

    [Fact]
    public async Task A_chain_file_of_danelaws_own_changes_with_no_renewal_and_ends_without_one()
    {
        using var host = Certbot("");
        host.WriteKey("/var/lib/danelaw/chains/mx.example.org/ecdsa.pem", host.Leaf.PrivateKeyToPem() + host.Leaf.ToPem() + host.Root.ToPem());
        ReadByPostfix(host, "/var/lib/danelaw/chains/mx.example.org/ecdsa.pem", "");
        Assert.True(TlsaRecord.TryCreate(host.Leaf.Der, TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, out var record, out _));
        var report = new CheckReport { Target = "example.org", Hosts = [new() { Name = DomainName.Parse("mx.example.org."), Records = [new(record, RecordState.Matching, Usability.Usable)] }] };
        var warning = Assert.Single((await host.ExamineAsync(new() { Domains = [new(DomainName.Parse("example.org."), report)], IsProbed = true })).Findings, finding => finding.Code.StartsWith("ACME", StringComparison.Ordinal));
        Assert.Equal((Severity.Warning, AuditCodes.AcmeRenewal, "sudo danelaw setup --rollover"), (warning.Severity, warning.Code, warning.Mend.Text));
    }

    [Theory, Rfc(7671, "5.1")]
    [InlineData(TlsaSelector.PublicKey, "warning ACME-LIVE-FOLDER /etc/postfix/main.cf:5", "for as long as that stays so")]
    [InlineData(TlsaSelector.Certificate, "error ACME-LIVE-FOLDER /etc/postfix/main.cf:5", "match nothing any more")]
    [InlineData(null, "note ACME-LIVE-FOLDER /etc/postfix/main.cf:5", "for as long as that stays so")]
    public async Task A_client_that_keeps_the_key_breaks_no_record_that_means_the_key(TlsaSelector? selector, string expected, string said)
    {
        using var host = ReadByPostfix(Certbot("reuse_key = True\n"), "/etc/letsencrypt/live/mx/privkey.pem", "/etc/letsencrypt/live/mx/fullchain.pem");
        var report = new CheckReport { Target = "example.org" };
        if (selector is { } wanted && TlsaRecord.TryCreate(host.Leaf.Der, TlsaUsage.DaneEe, wanted, TlsaMatching.Sha256, out var record, out _)) report = report with { Hosts = [new() { Name = DomainName.Parse("mx.example.org."), Records = [new(record, RecordState.Matching, Usability.Usable)] }] };
        var finding = Assert.Single((await host.ExamineAsync(new() { Domains = [new(DomainName.Parse("example.org."), report)], IsProbed = true })).Findings, finding => finding.Code == AuditCodes.AcmeLiveFolder);
        Assert.Equal(expected, HostFolder.Say(finding));
        Assert.Contains(said, finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_of_certbots_that_leads_to_nothing_is_nothing()
    {
        using var host = Certbot("").Link("/etc/letsencrypt/renewal/old.conf", "/mnt/gone/old.conf");
        var facts = await host.ReadAsync();
        Assert.Empty(facts.Unseen);
        Assert.Equal("mx", Assert.Single(facts.Lineages).Name);
    }

    [Fact]
    public async Task A_link_to_the_live_folder_is_the_live_folder()
    {
        using var host = Certbot("").Link("/etc/ssl/mail/key.pem", "/etc/letsencrypt/live/mx/privkey.pem").Link("/etc/ssl/mail/chain.pem", "/etc/letsencrypt/live/mx/fullchain.pem");
        ReadByPostfix(host, "/etc/ssl/mail/key.pem", "/etc/ssl/mail/chain.pem");
        Assert.Equal(["warning ACME-LIVE-FOLDER /etc/postfix/main.cf:5"], await host.FindAsync());
    }

    [Theory]
    [InlineData("reuse_key = True\n", KeyAtRenewal.Kept)]
    [InlineData("reuse_key = False\n", KeyAtRenewal.Changed)]
    public async Task Certbot_says_whether_the_key_stays(string parameters, KeyAtRenewal expected)
    {
        using var host = Certbot(parameters + "renew_hook = systemctl reload postfix\n");
        var lineage = Assert.Single((await host.ReadAsync()).Lineages);
        Assert.Equal(expected, lineage.Key);
        Assert.Equal(["systemctl reload postfix"], lineage.Hooks);
        Assert.Equal(["note ACME-RENEWAL /etc/letsencrypt/renewal/mx.conf"], (await host.ExamineAsync()).Findings.Select(HostFolder.Say));
    }

    [Theory, Rfc(7671, "8.1")]
    [InlineData("renew_hook = /usr/local/bin/copy\n", true, false, "error ACME-KEY-CHANGES /etc/letsencrypt/renewal/mx.conf")]
    [InlineData("reuse_key = True\n", true, false, "note ACME-RENEWAL /etc/letsencrypt/renewal/mx.conf")]
    [InlineData("renew_hook = /usr/local/bin/copy\n", false, false, "note ACME-RENEWAL /etc/letsencrypt/renewal/mx.conf")]
    [InlineData("renew_hook = /usr/local/bin/copy\n", true, true, "note ACME-RENEWAL /etc/letsencrypt/renewal/mx.conf")]
    public async Task A_copy_of_the_clients_key_breaks_pinned_records_at_the_next_renewal_unless_danelaw_rolls_it(string parameters, bool isPinned, bool isRolled, string expected)
    {
        using var host = Certbot(parameters);
        if (isRolled) host.Write("/etc/letsencrypt/renewal-hooks/deploy/danelaw-look-now", "");
        if (isRolled) host.Write(Danelaw.Operator.Rollover.Settings.RolloverSettings.DefaultFile, $"[[roll]]\nname = \"mx\"\nowners = [\"mx.example.org:25\"]\nreload = [[\"postfix\", \"reload\"]]\n[[roll.chain]]\nfile = \"{HostFolder.ChainFile}\"\noffers = [\"/etc/letsencrypt/live/mx\"]\n[roll.publisher]\nkind = \"manual\"\n");
        var finding = Assert.Single((await host.ExamineAsync(isPinned ? Published(host.Leaf.Der, TlsaUsage.DaneEe) : null)).Findings);
        Assert.Equal(expected, HostFolder.Say(finding));
        if (finding.Severity == Severity.Error) Assert.Contains("its hook (/usr/local/bin/copy)", finding.Text, StringComparison.Ordinal);
        if (isRolled) Assert.Contains("danelaw rollover has charge", finding.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Let's Encrypt", "R13", TlsaUsage.DaneTa, "warning ACME-ISSUER-PINNED", "R12, R13")]
    [InlineData("Let's Encrypt", "R11", TlsaUsage.DaneTa, "error ACME-ISSUER-RETIRED", "Let's Encrypt does not issue from R11 any more")]
    [InlineData("Let's Encrypt", "R11", TlsaUsage.DaneEe, "warning ACME-ISSUER-RETIRED", "2026-01-08")]
    [InlineData("Let's Encrypt", "R13", TlsaUsage.DaneEe, null, "")]
    [InlineData("Let's Encrypt", "X99", TlsaUsage.DaneTa, null, "")]
    [InlineData("Google Trust Services", "WR1", TlsaUsage.DaneTa, "warning ACME-ISSUER-PINNED", "Google Trust Services issues from several in turn")]
    [InlineData("Google Trust Services LLC", "GTS CA 1P5", TlsaUsage.DaneTa, "error ACME-ISSUER-RETIRED", "march2024-intermediates")]
    [InlineData("Sectigo Limited", "Sectigo RSA Domain Validation Secure Server CA", TlsaUsage.DaneTa, "error ACME-ISSUER-RETIRED", "since 2025-06-02 at the latest")]
    [InlineData("Sectigo Limited", "Sectigo Public Server Authentication CA DV E36", TlsaUsage.DaneTa, "warning ACME-ISSUER-PINNED", "recognised by its name")]
    [InlineData("ZeroSSL", "ZeroSSL ECC Domain Secure Site CA", TlsaUsage.DaneTa, "warning ACME-ISSUER-PINNED", "ZeroSSL promises nobody")]
    [InlineData("GlobalSign nv-sa", "GlobalSign Atlas R3 DV TLS CA 2026 Q2", TlsaUsage.DaneTa, "warning ACME-ISSUER-PINNED", "GlobalSign Atlas R3 DV TLS CA 2026 Q2 of GlobalSign. GlobalSign replaces its Atlas issuers every quarter")]
    [InlineData("Buypass AS-983163327", "Buypass Class 2 CA 5", TlsaUsage.DaneTa, "error ACME-ISSUER-RETIRED", "Buypass does not issue")]
    [InlineData("DigiCert Inc", "RapidSSL RSA CA 2018", TlsaUsage.DaneTa, "error ACME-ISSUER-RETIRED", "2020-07-30")]
    [InlineData("Some Company", "WR1", TlsaUsage.DaneTa, null, "")]
    [InlineData("Some Company", "GlobalSign Atlas R3 DV TLS CA 2026 Q2", TlsaUsage.DaneTa, null, "")]
    public async Task Whoever_pins_an_issuer_is_told_what_the_authority_does_with_it(string organization, string name, TlsaUsage usage, string? expected, string said)
    {
        using var host = new HostFolder();
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var made = new CertificateRequest($"CN={name}, O={organization}, C=US", issuerKey, HashAlgorithmName.SHA256);
        made.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var issuer = made.CreateSelfSigned(HostFolder.Now.AddDays(-1), HostFolder.Now.AddDays(900));
        using var leaf = new CertificateRequest("CN=mx.example.org", leafKey, HashAlgorithmName.SHA256).Create(issuer, HostFolder.Now.AddDays(-1), HostFolder.Now.AddDays(60), [1]);
        host.WriteKey(HostFolder.ChainFile, leafKey.ExportPkcs8PrivateKeyPem() + "\n" + leaf.ExportCertificatePem() + "\n" + issuer.ExportCertificatePem() + "\n");
        var findings = (await host.ExamineAsync(Published(new Octets((usage == TlsaUsage.DaneEe ? leaf : issuer).RawData), usage))).Findings;
        var found = findings.Select(finding => $"{finding.Severity.ToString().ToLowerInvariant()} {finding.Code} {finding.Place!.File}");
        Assert.Equal(expected is null ? [] : [$"{expected} {HostFolder.ChainFile}"], found);
        Assert.All(findings, finding => Assert.Contains(said, finding.Text, StringComparison.Ordinal));
    }

    /// <summary>A mail domain whose MX host has one TLSA record, of that certificate.</summary>
    private static NetworkFacts Published(Octets certificate, TlsaUsage usage)
    {
        var mx = DomainName.Parse("mx.example.org.");
        Assert.True(TlsaRecord.TryCreate(certificate, usage, TlsaSelector.PublicKey, TlsaMatching.Sha256, out var record, out _));
        var report = new CheckReport { Target = "example.org", Verdict = CheckVerdict.Verified, Hosts = [new() { Name = mx, TlsaBase = mx, Verdict = CheckVerdict.Verified, Records = [new(record, RecordState.Matching, Usability.Usable)] }] };
        return new() { Domains = [new(DomainName.Parse("example.org."), report)] };
    }

    [Fact]
    public async Task Acme_sh_keeps_the_key_unless_it_is_told_otherwise()
    {
        using var host = new HostFolder();
        var hook = Convert.ToBase64String(Encoding.UTF8.GetBytes("systemctl reload postfix"));
        host.Write("/root/.acme.sh/mx_ecc/fullchain.cer", host.Leaf.ToPem())
            .Write("/root/.acme.sh/mx_ecc/mx.conf", $"Le_Domain='mx'\nLe_NextRenewTime='1785000000'\nLe_ReloadCmd='__ACME_BASE64__START_{hook}__ACME_BASE64__END_'\n");
        var lineage = Assert.Single((await host.ReadAsync()).Lineages);
        Assert.Equal((AcmeClient.AcmeSh, "mx", KeyAtRenewal.Kept), (lineage.Client, lineage.Name, lineage.Key));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1785000000), lineage.RenewalFrom);
        Assert.Equal(["systemctl reload postfix"], lineage.Hooks);
        host.Write("/root/.acme.sh/mx_ecc/mx.conf", "Le_ForceNewDomainKey='1'\n");
        Assert.Equal(KeyAtRenewal.Changed, Assert.Single((await host.ReadAsync()).Lineages).Key);
    }

    [Fact]
    public async Task Lego_says_nothing_of_the_key()
    {
        using var host = new HostFolder();
        host.Write("/etc/lego/certificates/mx.crt", host.Leaf.ToPem()).Write("/etc/lego/certificates/mx.issuer.crt", host.Root.ToPem());
        var lineage = Assert.Single((await host.ReadAsync()).Lineages);
        Assert.Equal((AcmeClient.Lego, "mx", KeyAtRenewal.Unknown), (lineage.Client, lineage.Name, lineage.Key));
    }
}
