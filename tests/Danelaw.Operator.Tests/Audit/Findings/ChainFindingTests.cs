using Danelaw.Lab.Authority;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Tests.Setup;

namespace Danelaw.Operator.Tests.Audit.Findings;

/// <summary>Keys and certificates on disk.</summary>
public sealed class ChainFindingTests
{
    private const string File = HostFolder.ChainFile;

    [Fact]
    public async Task A_key_of_another_certificate_is_an_error()
    {
        using var host = new HostFolder();
        var other = host.Authority.Issue(new() { Name = "other", Issuer = host.Root });
        host.WriteKey(File, other.PrivateKeyToPem() + host.Leaf.ToPem() + host.Root.ToPem());
        Assert.Equal([$"error TLS-KEY-MISMATCH {File}:1"], await host.FindAsync());
    }

    [Theory]
    [InlineData("privkey.pem", "Put the private key there, in PEM.")]
    [InlineData("fullchain.pem", "Put the certificate and its issuers there, in PEM.")]
    public async Task Of_two_files_a_damaged_one_is_told_what_belongs_there(string damaged, string mend)
    {
        using var host = new SetupHost().HowTo();
        host.Host.WriteKey("/etc/letsencrypt/archive/mx/" + damaged.Replace(".pem", "1.pem", StringComparison.Ordinal), "-----BEGIN PRIVATE KEY-----\nMIIB\n");
        Assert.Equal(mend, Assert.Single((await host.Host.ExamineAsync()).Findings, finding => finding.Code == AuditCodes.TlsFileUnusable).Mend.Text);
    }

    [Fact]
    public async Task An_issuer_before_the_leaf_is_an_error()
    {
        using var host = new HostFolder();
        host.WriteKey(File, host.Leaf.PrivateKeyToPem() + host.Root.ToPem() + host.Leaf.ToPem());
        Assert.StartsWith($"error TLS-CHAIN-ORDER {File}:", Assert.Single(await host.FindAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_before_the_key_is_an_error_in_a_chain_file()
    {
        using var host = new HostFolder();
        host.WriteKey(File, host.Leaf.ToPem() + host.Root.ToPem() + host.Leaf.PrivateKeyToPem());
        Assert.Equal([$"error TLS-CHAIN-ORDER {File}:1"], await host.FindAsync());
    }

    [Fact]
    public async Task An_issuer_of_somebody_else_is_a_warning()
    {
        using var host = new HostFolder();
        var other = host.Authority.Issue(new() { Name = "Other", IsAuthority = true });
        host.WriteKey(File, host.Leaf.PrivateKeyToPem() + host.Leaf.ToPem() + other.ToPem());
        Assert.StartsWith($"warning TLS-CHAIN-ORDER {File}:", Assert.Single(await host.FindAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_keys_with_their_chains_are_sound()
    {
        using var host = new HostFolder();
        var second = host.Authority.Issue(new() { Name = "mx.example.org", DnsNames = ["mx.example.org"], Issuer = host.Root, KeyKind = LabKeyKind.Rsa2048 });
        host.WriteKey(File, host.Leaf.PrivateKeyToPem() + host.Leaf.ToPem() + host.Root.ToPem() + second.PrivateKeyToPem() + second.ToPem() + host.Root.ToPem());
        Assert.Empty(await host.FindAsync());
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherRead, true)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead, false)]
    [InlineData(UnixFileMode.UserRead, false)]
    public async Task A_key_that_everybody_can_read_is_an_error(UnixFileMode mode, bool isTold)
    {
        using var host = new HostFolder();
        // Reading needs every folder on the way: here those of the test's own root are what the host has.
        foreach (var folder in new[] { "/etc", "/etc/postfix", "/etc/postfix/tls" }) System.IO.File.SetUnixFileMode(host.Here(folder), (UnixFileMode)0b111_101_101);
        host.WriteKey(File, host.Leaf.PrivateKeyToPem() + host.Leaf.ToPem() + host.Root.ToPem(), mode | UnixFileMode.UserWrite);
        Assert.Equal(isTold ? [$"error TLS-KEY-READABLE {File}"] : [], await host.FindAsync());
    }

    [Fact]
    public async Task A_closed_folder_on_the_way_keeps_the_key()
    {
        using var host = new HostFolder();
        System.IO.File.SetUnixFileMode(host.Here("/etc/postfix/tls"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        host.WriteKey(File, host.Leaf.PrivateKeyToPem() + host.Leaf.ToPem() + host.Root.ToPem(), (UnixFileMode)0b110_100_100);
        Assert.Empty(await host.FindAsync());
    }

    [Theory]
    [InlineData("", "error TLS-FILE-UNUSABLE")]
    [InlineData("no PEM at all\n", "error TLS-FILE-UNUSABLE")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n", "error TLS-FILE-UNUSABLE")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "error TLS-FILE-UNUSABLE")]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", "error TLS-FILE-UNUSABLE")]
    public async Task A_file_that_the_server_cannot_use_is_an_error(string text, string expected)
    {
        using var host = new HostFolder();
        host.WriteKey(File, text);
        Assert.StartsWith(expected, Assert.Single((await host.FindAsync()).Distinct()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_does_not_exist_is_an_error()
    {
        using var host = new HostFolder();
        System.IO.File.Delete(host.Here(File));
        Assert.Equal(["error TLS-FILE-UNUSABLE /etc/postfix/main.cf:5"], await host.FindAsync());
    }

    [Theory]
    [InlineData(-30, -1, "has expired")]
    [InlineData(1, 90, "not yet")]
    [InlineData(-80, 3, "expires on 2026-06-04, in 3 days")]
    public async Task Dates_are_warnings(int from, int until, string text)
    {
        using var host = new HostFolder();
        var leaf = host.Authority.Issue(new() { Name = "mx.example.org", DnsNames = ["mx.example.org"], Issuer = host.Root, ValidFrom = TimeSpan.FromDays(from), ValidFor = TimeSpan.FromDays(until) });
        host.WriteKey(File, leaf.PrivateKeyToPem() + leaf.ToPem() + host.Root.ToPem());
        var finding = Assert.Single((await host.ExamineAsync()).Findings);
        Assert.StartsWith($"warning {AuditCodes.TlsFileDates} {File}:", HostFolder.Say(finding), StringComparison.Ordinal);
        Assert.Contains(text, finding.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Let's Encrypt Authority X3", true)]
    [InlineData("Somebody's Authority X3", false)]
    public async Task An_issuer_that_its_authority_has_retired_is_a_warning(string name, bool isTold)
    {
        using var host = new HostFolder();
        var issuer = host.Authority.Issue(new() { Name = name, IsAuthority = true, Issuer = host.Root });
        var leaf = host.Authority.Issue(new() { Name = "mx.example.org", DnsNames = ["mx.example.org"], Issuer = issuer });
        host.WriteKey(File, leaf.PrivateKeyToPem() + leaf.ToPem() + issuer.ToPem());
        Assert.Equal(isTold, (await host.FindAsync()).Any(one => one.StartsWith($"warning {AuditCodes.AcmeIssuerRetired} {File}:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_private_key_is_kept_nowhere()
    {
        using var host = new HostFolder();
        var facts = await host.ReadAsync();
        var chain = Assert.Single(facts.Chains);
        Assert.All(chain.Files, file => Assert.Equal(0, file.Content.Length));
        Assert.Equal(host.Leaf.PublicKeyInfo, Assert.Single(chain.Keys));
    }
}
