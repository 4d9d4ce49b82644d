using System.Diagnostics;
using Danelaw.Operator.Audit;
using Danelaw.Testing.Peers;

namespace Danelaw.Operator.Tests.Audit;

/// <summary>Files that were made to keep a reader busy: each ends quickly, as a finding or as something unseen.</summary>
public sealed class HostileHostTests
{
    /// <summary>Far above what any of them takes, and far below what one without its limit would.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static async Task<DoctorReport> ExamineAsync(HostFolder host)
    {
        var work = Task.Run(() => host.ExamineAsync(), TestContext.Current.CancellationToken);
        return await work.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_main_file_of_random_octets_is_read_to_its_end()
    {
        using var host = new HostFolder();
        var octets = new byte[1 << 18];
        new Random(1).NextBytes(octets);
        await File.WriteAllBytesAsync(host.Here("/etc/postfix/main.cf"), octets, TestContext.Current.CancellationToken);
        Assert.Contains((await ExamineAsync(host)).Findings, finding => finding.Code == AuditCodes.PostfixSyntax);
    }

    [Fact]
    public async Task A_hundred_thousand_definitions_of_one_name_end()
    {
        using var host = new HostFolder();
        host.Main(string.Concat(Enumerable.Range(0, 100_000).Select(i => $"relayhost = $mydomain{i}\n")));
        Assert.Contains((await ExamineAsync(host)).Findings, finding => finding.Code == AuditCodes.PostfixOverridden);
    }

    [Fact]
    public async Task Braces_that_open_and_never_close_end()
    {
        using var host = new HostFolder();
        host.Main($"mydestination = {new string('{', 50_000)}\nrelayhost = {string.Concat(Enumerable.Repeat("${a?", 50_000))}\n");
        Assert.Contains((await ExamineAsync(host)).Findings, finding => finding.Code == AuditCodes.PostfixSyntax);
    }

    [Fact]
    public async Task The_name_of_a_parameter_with_a_fault_stays_as_it_is_spelt()
    {
        using var host = new HostFolder();
        host.Main("virtual_alias_domains = ${oops\nsmtpd_tls_cert_file\n");
        Assert.Equal(["Missing '=' after attribute name", "virtual_alias_domains: truncated macro reference"], (await ExamineAsync(host)).Findings.Where(finding => finding.Code == AuditCodes.PostfixSyntax).Select(finding => finding.Text.Split('.')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Values_that_double_at_each_step_end()
    {
        using var host = new HostFolder();
        host.Main(string.Concat(Enumerable.Range(0, 48).Select(i => $"v{i} = $v{i + 1} $v{i + 1}\n")) + "v48 = x\n");
        Assert.Contains((await ExamineAsync(host)).Findings, finding => finding.Code == AuditCodes.PostfixSyntax);
    }

    [Fact]
    public async Task Names_and_values_that_would_fill_a_screen_are_told_by_their_beginning()
    {
        using var host = new HostFolder();
        var (name, level) = (new string('n', 100_000), new string('l', 100_000));
        host.Main($"virtual_mailbox_domains = mysql:/etc/{name}\nsmtp_tls_policy_maps = socketmap:inet:{name}\nsmtp_tls_mandatory_protocols = {level}\n");
        var report = await ExamineAsync(host);
        Assert.Contains(report.Findings, finding => finding.Code == AuditCodes.PostfixDomainsUnlisted);
        Assert.All(report.Findings, finding => Assert.InRange(finding.Text.Length + finding.Subject.Length, 1, 2_400));
        Assert.All(report.Unseen, unseen => Assert.InRange(unseen.What.Length + unseen.Why.Length, 1, 2_400));
    }

    [Fact]
    public async Task Includes_in_a_circle_end()
    {
        using var host = new HostFolder();
        host.Write("/etc/dovecot/dovecot.conf", "!include dovecot.conf\n!include dovecot.conf\n!include dovecot.conf\n")
            .Write("/etc/nginx/nginx.conf", "include nginx.conf;\ninclude nginx.conf;\ninclude *.conf;\n")
            .Write("/etc/apache2/apache2.conf", "Include apache2.conf\nInclude *.conf\nInclude apache2.conf\n");
        Assert.NotEmpty((await ExamineAsync(host)).Findings);
    }

    [Fact]
    public async Task A_pipe_in_place_of_any_file_is_never_opened()
    {
        using var host = new HostFolder();
        foreach (var path in new[] { "/etc/postfix/tls/pipe.pem", "/etc/dovecot/dovecot.conf", "/etc/nginx/nginx.conf", "/etc/postfix/vdomains", "/etc/hostname", "/etc/passwd" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(host.Here(path))!);
            File.Delete(host.Here(path));
            Assert.Equal(0, (await PeerProcess.RunAsync("/usr/bin/mkfifo", [host.Here(path)], cancellationToken: TestContext.Current.CancellationToken)).ExitCode);
        }

        host.Main("virtual_alias_domains = hash:/etc/postfix/vdomains\nsmtpd_tls_chain_files = /etc/postfix/tls/pipe.pem\n");
        Assert.Contains((await ExamineAsync(host)).Findings, finding => finding.Code == AuditCodes.TlsFileUnusable);
    }

    [Fact]
    public async Task Wildcards_that_could_match_in_many_ways_end()
    {
        using var host = new HostFolder();
        host.Write("/etc/dovecot/dovecot.conf", "!include_try c/*a*a*a*a*a*a*a*a*a*a*a[b]\n").Write($"/etc/dovecot/c/{new string('a', 200)}", "");
        Assert.True((await ExamineAsync(host)).HasMailServer);
    }

    [Fact]
    public async Task Links_that_make_many_paths_of_few_end_and_are_told()
    {
        using var host = new HostFolder();
        for (var i = 0; i < 10; i++) host.Link($"/etc/dovecot/c/l{i}", ".");
        host.Write("/etc/dovecot/dovecot.conf", "!include_try c/*/*/*/*/*/x\n");
        Assert.Contains((await ExamineAsync(host)).Findings, finding => finding.Text.Contains("too many files match", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_of_braces_that_stay_open_ends()
    {
        using var host = new HostFolder();
        host.Main($"relay_domains = a{string.Concat(Enumerable.Repeat(":{", 1_000_000))}\n");
        Assert.True((await ExamineAsync(host)).HasMailServer);
    }

    [Fact]
    public async Task Files_that_are_large_in_all_are_told()
    {
        using var host = new HostFolder();
        host.Write("/etc/dovecot/dovecot.conf", "!include c/*.conf\n").Write("/etc/dovecot/big", $"# {new string('x', Danelaw.Operator.Audit.Files.HostFiles.MaximumLength - 100)}\n");
        for (var i = 0; i < 8; i++) File.CreateSymbolicLink(host.Write($"/etc/dovecot/c/{i}.txt", "").Here($"/etc/dovecot/c/{i}.conf"), "../big");
        Assert.Contains((await ExamineAsync(host)).Findings, finding => finding.Text.Contains("too large in all", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_million_settings_are_too_many()
    {
        using var host = new HostFolder();
        var settings = string.Concat(Enumerable.Repeat("a=\n", 1_000_000));
        host.Main(settings).Write("/etc/dovecot/dovecot.conf", settings);
        var findings = (await ExamineAsync(host)).Findings;
        Assert.Contains(findings, finding => finding.Text.Contains("too many definitions", StringComparison.OrdinalIgnoreCase));
        Assert.Contains(findings, finding => finding.Text.Contains("too many settings", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lists_of_many_large_files_end_as_something_unseen()
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/domains", string.Concat(Enumerable.Range(0, 1_000).Select(i => $"d{i}.example.net\n"))).Main($"relay_domains = {string.Join(' ', Enumerable.Range(0, 100).Select(i => $"/etc/postfix/domains{i}"))}\n");
        for (var i = 0; i < 100; i++) host.Link($"/etc/postfix/domains{i}", "domains");
        var files = new Danelaw.Operator.Audit.Files.HostFiles(host.Path) { MaximumTotal = 200_000 };
        var domains = Assert.Single((await new HostReader(files, null).ReadAsync(TestContext.Current.CancellationToken)).Postfix).Domains;
        Assert.Contains(domains.Unlisted, table => table.Reason == "the file cannot be read");
        Assert.Contains(domains.Domains, domain => domain.Name == "d999.example.net");
    }

    [Fact]
    public async Task Reading_ends_when_it_is_told_to()
    {
        using var host = new HostFolder();
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await new HostReader(host.Files, null).ReadAsync(stop.Token));
    }

    [Fact]
    public async Task A_chain_file_of_many_blocks_ends()
    {
        using var host = new HostFolder();
        host.WriteKey(HostFolder.ChainFile, host.Leaf.PrivateKeyToPem() + string.Concat(Enumerable.Repeat(host.Leaf.ToPem(), 3_000)));
        var clock = Stopwatch.StartNew();
        Assert.True((await ExamineAsync(host)).HasMailServer);
        Assert.True(clock.Elapsed < Patience);
    }

    [Fact]
    public async Task A_host_without_a_mail_server_is_said_to_be_one()
    {
        using var folder = new TestFolder("empty");
        folder.Write("etc/hostname", "web.example.org\n");
        var facts = await new HostReader(new(folder.Root), null).ReadAsync(TestContext.Current.CancellationToken);
        Assert.False(facts.HasMailServer);
        Assert.Equal("web.example.org", facts.Host);
    }

    [Theory]
    [InlineData("/etc/exim4/update-exim4.conf.conf", "Exim's configuration")]
    [InlineData("/etc/smtpd.conf", "OpenSMTPD's configuration")]
    public async Task A_mail_server_that_is_not_read_is_unseen_and_not_fine(string path, string what)
    {
        using var host = new HostFolder();
        host.Write(path, "x\n");
        Assert.Empty((await host.ExamineAsync()).Unseen);
        File.Delete(host.Here("/etc/postfix/main.cf"));
        var report = await host.ExamineAsync();
        Assert.True(report.HasMailServer);
        Assert.Equal(what, Assert.Single(report.Unseen).What);
    }
}
