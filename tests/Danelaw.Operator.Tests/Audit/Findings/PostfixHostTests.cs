using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Files;

namespace Danelaw.Operator.Tests.Audit.Findings;

/// <summary>Postfix with what stands beside it on a host: certificates by name, postscreen's helpers, the host's own name, secrets.</summary>
public sealed class PostfixHostTests
{
    [Theory, Rfc(7672, "8.1")]
    [InlineData("mx.example.org")]
    [InlineData(".example.org")]
    public async Task Another_key_for_the_name_that_DANE_senders_ask_for_is_told(string key)
    {
        using var host = new HostFolder();
        var other = host.Authority.Issue(new() { Name = "mx.example.org", DnsNames = ["mx.example.org"], Issuer = host.Root });
        host.Main("tls_server_sni_maps = hash:/etc/postfix/sni\n").WriteKey("/etc/ssl/sni.pem", other.PrivateKeyToPem() + other.ToPem()).Write("/etc/postfix/sni", $"# by name\n{key} /etc/ssl/sni.pem\n");
        Assert.Equal(["warning POSTFIX-SNI-OTHER-KEY /etc/postfix/sni:2"], await host.FindAsync());
        host.Write("/etc/postfix/sni", $"mail.example.net /etc/ssl/sni.pem\n{key} {HostFolder.ChainFile}\n");
        Assert.Empty(await host.FindAsync());
    }

    [Theory]
    [InlineData("postscreen_pipelining_enable = yes\n", "", "", "error POSTFIX-TLSPROXY /etc/postfix/master.cf:1")]
    [InlineData("postscreen_pipelining_enable = yes\n", "tlsproxy unix - - n - 0 tlsproxy\n", "", null)]
    [InlineData("", "", "", null)]
    [InlineData("postscreen_pipelining_enable = yes\nsmtpd_tls_chain_files =\n", "tlsproxy unix - - n - 0 tlsproxy\n", " -o smtpd_tls_chain_files=/etc/postfix/tls/mx.pem", "error POSTFIX-NO-CERTIFICATE /etc/postfix/master.cf:4")]
    [InlineData("postscreen_pipelining_enable = yes\nsmtpd_tls_chain_files = /etc/gone.pem\n", "tlsproxy unix - - n - 0 tlsproxy\n", " -o smtpd_tls_chain_files=/etc/postfix/tls/mx.pem", "error TLS-FILE-UNUSABLE /etc/postfix/main.cf:9")]
    [InlineData("postscreen_bare_newline_enable = yes\nsmtpd_tls_chain_files =\n", "tlsproxy unix - - n - 0 tlsproxy -o tlsproxy_tls_chain_files=/etc/postfix/tls/mx.pem\n", " -o smtpd_tls_chain_files=/etc/postfix/tls/mx.pem", null)]
    public async Task Where_postscreen_speaks_TLS_it_needs_tlsproxy_and_a_certificate_there(string main, string service, string option, string? expected)
    {
        using var host = new HostFolder();
        host.Main(main).Write("/etc/postfix/master.cf", $"smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd{option}\nsmtp unix - - n - - smtp\n{service}");
        Assert.Equal(expected is null ? [] : [expected], (await host.FindAsync()).Where(finding => !finding.Contains("OVERRIDDEN", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_Postfix_does_not_expand_is_no_syntax_error()
    {
        using var host = new HostFolder();
        host.Main("mailbox_command = /usr/bin/maildrop -d \"$USER\"; exit $?\nforward_path = $home/.forward${recipient_delimiter}${extension\n");
        Assert.Empty(await host.FindAsync());
    }

    [Theory]
    [InlineData("myhostname = mx.example.org\n", "mx", "example.org")]
    [InlineData("", "mx.example.net", "example.net")]
    [InlineData("mydomain = example.com\n", "mx", "example.com, mx.example.com")]
    [InlineData("myhostname = mx\n", "host.example.net", "")]
    [InlineData("myhostname = $mydomain\n", "mx.example.org", "")]
    public async Task The_domain_follows_from_the_hosts_name(string names, string hostName, string expected)
    {
        using var host = new HostFolder();
        host.Write("/etc/hostname", hostName + "\n").Write("/etc/postfix/main.cf", HostFolder.MainCf.Replace("myhostname = mx.example.org\nmydestination = $myhostname, example.org, localhost\n", names + (expected.Contains(',', StringComparison.Ordinal) ? "mydestination = $myhostname, $mydomain\n" : "mydestination = $mydomain\n"), StringComparison.Ordinal));
        Assert.Equal(expected, string.Join(", ", Assert.Single((await host.ReadAsync()).Postfix).Domains.Domains.Select(domain => domain.Name)));
    }

    [Fact]
    public async Task The_domain_follows_from_main_and_not_from_what_postconf_would_take_without_it()
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/main.cf", HostFolder.MainCf.Replace("mydestination = $myhostname, example.org, localhost", "mydestination = $mydomain", StringComparison.Ordinal));
        var facts = await new HostReader(host.Files, new SaidPrograms("mail_version = 3.7.11\nmydomain = localdomain\nmyhostname = host.localdomain\n")).ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal("example.org", Assert.Single(Assert.Single(facts.Postfix).Domains.Domains).Name);
        host.Write("/etc/postfix/main.cf", "mydomain = example.net\nmydestination = $myhostname\n");
        facts = await new HostReader(host.Files, new SaidPrograms("mail_version = 3.7.11\nmydomain = localdomain\nmyhostname = host.localdomain\n")).ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal("host.example.net", Assert.Single(Assert.Single(facts.Postfix).Domains.Domains).Name);
    }

    private sealed class SaidPrograms(string output) : IHostPrograms
    {
        public ValueTask<ProgramResult?> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken = default) => ValueTask.FromResult<ProgramResult?>(program == "postconf" ? new(0, output, "") : null);
    }

    [Fact]
    public async Task Passwords_are_in_no_text_that_is_shown()
    {
        using var host = new HostFolder();
        host.Main("smtp_sasl_password_maps = static:relayuser:Erstes1\nsmtp_use_tls = yes\nsmtp_sasl_password_maps = static:relayuser:S3cretPassw0rd\n");
        var findings = (await host.ExamineAsync()).Findings;
        Assert.Contains(findings, finding => finding.Text.Contains("smtp_sasl_password_maps = static:*** has no effect", StringComparison.Ordinal));
        Assert.DoesNotContain(findings, finding => finding.ToString().Contains("Passw0rd", StringComparison.Ordinal) || finding.Text.Contains("Erstes1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("smtp_tls_policy_maps = hash:/etc/postfix/policy\n", "/etc/postfix/policy.db", "postmap hash:/etc/postfix/policy")]
    [InlineData("transport_maps = proxy:lmdb:/etc/postfix/policy\n", "/etc/postfix/policy.lmdb", "postmap lmdb:/etc/postfix/policy")]
    [InlineData("tls_server_sni_maps = cdb:/etc/postfix/policy\n", "/etc/postfix/policy.cdb", "postmap -F cdb:/etc/postfix/policy")]
    public async Task A_table_that_was_not_made_of_its_text_or_not_anew_is_told_with_the_command(string setting, string index, string mend)
    {
        using var host = new HostFolder { HasBareTables = true };
        host.Main(setting).Write("/etc/postfix/policy", "");
        var missing = Assert.Single((await host.ExamineAsync()).Findings, finding => finding.Code == AuditCodes.PostfixTableStale);
        Assert.Equal((Checks.Severity.Error, mend, 8), (missing.Severity, missing.Mend.Text, missing.Place!.Line));
        host.Write(index, "");
        File.SetLastWriteTimeUtc(host.Here(index), HostFolder.Now.UtcDateTime);
        File.SetLastWriteTimeUtc(host.Here("/etc/postfix/policy"), HostFolder.Now.UtcDateTime.AddSeconds(-1));
        Assert.DoesNotContain((await host.ExamineAsync()).Findings, finding => finding.Code == AuditCodes.PostfixTableStale);
        File.SetLastWriteTimeUtc(host.Here("/etc/postfix/policy"), HostFolder.Now.UtcDateTime.AddSeconds(1));
        var stale = Assert.Single((await host.ExamineAsync()).Findings, finding => finding.Code == AuditCodes.PostfixTableStale);
        Assert.Equal((Checks.Severity.Warning, mend), (stale.Severity, stale.Mend.Text));
    }

    [Theory]
    [InlineData("texthash:/etc/postfix/policy")]
    [InlineData("regexp:/etc/postfix/policy")]
    [InlineData("inline:{a=may}")]
    public async Task A_table_that_is_read_as_text_needs_nothing_beside(string table)
    {
        using var host = new HostFolder { HasBareTables = true };
        host.Main($"smtp_tls_policy_maps = {table}\n").Write("/etc/postfix/policy", "");
        Assert.DoesNotContain((await host.ExamineAsync()).Findings, finding => finding.Code == AuditCodes.PostfixTableStale);
    }

    [Theory]
    [InlineData("/var/lib/rpm/rpmdb.sqlite", "RPM's database is read by RPM's own library alone")]
    [InlineData("/usr/lib/sysimage/rpm/Packages.db", "RPM's database is read by RPM's own library alone")]
    [InlineData("/etc/nothing", "no package database that is known names it")]
    public async Task On_a_tree_of_RPMs_the_release_is_unseen_and_nothing_is_guessed(string path, string why)
    {
        using var host = new HostFolder().Write(path, "SQLite format 3");
        File.Delete(host.Here("/var/lib/dpkg/status"));
        Assert.Contains((await host.ReadAsync()).Unseen, unseen => unseen.What == "the release of Postfix" && unseen.Why.StartsWith(why, StringComparison.Ordinal));
    }
}
