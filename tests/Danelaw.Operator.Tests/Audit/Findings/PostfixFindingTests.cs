using Danelaw.Checks;
using Danelaw.Operator.Audit;

namespace Danelaw.Operator.Tests.Audit.Findings;

/// <summary>Each finding of Postfix by a host that is sound but for one thing.</summary>
public sealed class PostfixFindingTests
{
    [Theory]
    [InlineData("smtp_tls_security_level =\n", "Mail goes out without TLS: smtp_tls_security_level is not set.")]
    [InlineData("smtp_tls_security_level = none\n", "Mail goes out without TLS: smtp_tls_security_level = none.")]
    public async Task What_turns_TLS_off_is_named(string last, string text)
    {
        using var host = new HostFolder();
        host.Main(last);
        Assert.Contains((await host.ExamineAsync()).Findings, finding => finding.Code == AuditCodes.PostfixOutboundOff && finding.Text == text);
    }

    [Fact]
    public async Task A_sound_host_has_no_findings()
    {
        using var host = new HostFolder();
        var report = await host.ExamineAsync();
        Assert.Empty(report.Findings);
        Assert.Empty(report.Unseen);
        Assert.True(report.HasMailServer);
    }

    [Theory]
    [InlineData("smtpd_tls_security_level = none", "error POSTFIX-STARTTLS-OFF")]
    [InlineData("smtpd_tls_security_level =", "error POSTFIX-STARTTLS-OFF")]
    [InlineData("smtpd_tls_security_level = encrypt", "error POSTFIX-TLS-DEMANDED")]
    [InlineData("smtpd_tls_wrappermode = yes", "error POSTFIX-WRAPPER")]
    [InlineData("smtpd_discard_ehlo_keywords = silent-discard, starttls", "error POSTFIX-STARTTLS-HIDDEN")]
    [InlineData("smtpd_discard_ehlo_keyword_address_maps = static:starttls", "error POSTFIX-STARTTLS-HIDDEN")]
    [InlineData("smtpd_discard_ehlo_keyword_address_maps = inline:{192.0.2.1=starttls}", "error POSTFIX-STARTTLS-HIDDEN")]
    [InlineData("smtpd_client_restrictions = permit_mynetworks, reject_plaintext_session", "error POSTFIX-TLS-DEMANDED")]
    [InlineData("smtpd_tls_chain_files =", "error POSTFIX-NO-CERTIFICATE")]
    [InlineData("smtpd_tls_protocols = TLSv1", "error POSTFIX-PROTOCOLS")]
    [InlineData("smtp_tls_security_level = may", "error POSTFIX-OUTBOUND-OFF")]
    [InlineData("smtp_tls_security_level =", "error POSTFIX-OUTBOUND-OFF")]
    [InlineData("smtp_tls_security_level = dane-only", "error POSTFIX-DANE-ONLY")]
    [InlineData("smtp_dns_support_level = enabled", "error POSTFIX-DNSSEC-OFF")]
    [InlineData("smtp_host_lookup = native", "error POSTFIX-DANE-INCOMPATIBLE")]
    [InlineData("ignore_mx_lookup_error = yes", "error POSTFIX-DANE-INCOMPATIBLE")]
    [InlineData("disable_dns_lookups = yes", "error POSTFIX-DANE-INCOMPATIBLE")]
    [InlineData("smtp_dns_resolver_options = res_defnames", "error POSTFIX-DANE-INCOMPATIBLE")]
    [InlineData("smtp_tls_mandatory_protocols = TLSv1.1", "error POSTFIX-PROTOCOLS")]
    [InlineData("smtp_tls_policy_maps = static:encrypt", "error POSTFIX-POLICY-OVERRIDE")]
    [InlineData("smtpd_use_tls = yes", "warning POSTFIX-DEPRECATED")]
    [InlineData("smtp_tls_per_site = hash:/etc/postfix/x", "warning POSTFIX-DEPRECATED")]
    [InlineData("virtual_alias_domains = mysql:/etc/postfix/sql.cf", "warning POSTFIX-DOMAINS-UNLISTED")]
    public async Task A_setting_of_main_is_found_at_its_line(string setting, string expected)
    {
        using var host = new HostFolder();
        // The parameter's own line is replaced, so that there is one definition; what is new stands at the end.
        var lines = HostFolder.MainCf.Split('\n')[..^1].Where(line => !line.StartsWith(setting[..setting.IndexOf(' ', StringComparison.Ordinal)] + " ", StringComparison.Ordinal)).Append(setting).ToArray();
        host.Write("/etc/postfix/main.cf", string.Join('\n', lines) + "\n");
        Assert.Equal([$"{expected} /etc/postfix/main.cf:{lines.Length}"], await host.FindAsync());
    }

    [Theory]
    [InlineData("smtpd", "-o smtpd_tls_security_level=encrypt", "error POSTFIX-TLS-DEMANDED")]
    [InlineData("smtpd", "-o smtpd_tls_security_level=none", "error POSTFIX-STARTTLS-OFF")]
    [InlineData("smtpd", "-o smtpd_discard_ehlo_keywords=starttls", "error POSTFIX-STARTTLS-HIDDEN")]
    [InlineData("smtpd", "-o { smtpd_tls_protocols = !TLSv1.2, !TLSv1.3 }", "error POSTFIX-PROTOCOLS")]
    [InlineData("smtpd", "-o smtpd_enforce_tls=yes", "warning POSTFIX-DEPRECATED")]
    [InlineData("smtp", "-o smtp_tls_security_level=may", "error POSTFIX-OUTBOUND-OFF")]
    [InlineData("smtp", "-o smtp_dns_support_level=disabled", "error POSTFIX-DNSSEC-OFF")]
    public async Task A_setting_of_one_service_is_found_at_its_line(string command, string option, string expected)
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/master.cf", string.Concat(HostFolder.MasterCf.Split('\n')[..^1].Select(line => line + (line.EndsWith(" " + command, StringComparison.Ordinal) && !line.StartsWith("relay", StringComparison.Ordinal) ? $"\n  {option}\n" : "\n"))));
        Assert.Equal([$"{expected} /etc/postfix/master.cf:{(command == "smtpd" ? 2 : 3)}"], await host.FindAsync());
    }

    [Fact]
    public async Task Where_only_the_old_parameter_demands_tls_that_is_what_is_told()
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/main.cf", HostFolder.MainCf.Replace("smtpd_tls_security_level = may\n", "", StringComparison.Ordinal))
            .Write("/etc/postfix/master.cf", HostFolder.MasterCf.Replace("smtpd\n", "smtpd -o smtpd_enforce_tls=yes\n", StringComparison.Ordinal));
        Assert.Equal(["error POSTFIX-TLS-DEMANDED /etc/postfix/master.cf:1", "warning POSTFIX-DEPRECATED /etc/postfix/master.cf:1"], await host.FindAsync());
    }

    [Theory]
    [InlineData("main.cf", "smtpd_tls_chain_files\n", "error POSTFIX-SYNTAX /etc/postfix/main.cf:8")]
    [InlineData("main.cf", "relayhost = ${a\n", "error POSTFIX-SYNTAX /etc/postfix/main.cf:8")]
    [InlineData("main.cf", "relayhost = $relayhost\n", "error POSTFIX-SYNTAX /etc/postfix/main.cf:8")]
    [InlineData("master.cf", "smtp inet n\n", "error POSTFIX-SYNTAX /etc/postfix/master.cf:4")]
    public async Task What_Postfix_cannot_read_is_an_error_at_its_line(string file, string added, string expected)
    {
        using var host = new HostFolder();
        host.Write($"/etc/postfix/{file}", (file == "main.cf" ? HostFolder.MainCf : HostFolder.MasterCf) + added);
        Assert.Equal([expected], (await host.FindAsync()).Where(one => one.Contains("SYNTAX", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_name_of_an_outbound_service_that_nothing_leads_to_is_an_error_only_where_it_is_needed()
    {
        using var host = new HostFolder();
        const string Unused = "dane unix - - n - - smtp\n  -o smtp_dns_support_level=dnssec\n  -o smtp_tls_security_level=dane\n";
        host.Write("/etc/postfix/master.cf", HostFolder.MasterCf + Unused);
        Assert.Equal(["note POSTFIX-TRANSPORT-UNUSED /etc/postfix/master.cf:4"], (await host.ExamineAsync()).Findings.Select(HostFolder.Say));
        host.Write("/etc/postfix/main.cf", HostFolder.MainCf.Replace("level = dane\n", "level = may\n", StringComparison.Ordinal));
        Assert.Contains("error POSTFIX-TRANSPORT-UNUSED /etc/postfix/master.cf:4", await host.FindAsync());
        host.Main("transport_maps = inline:{example.net=dane:}\n");
        Assert.DoesNotContain("POSTFIX-TRANSPORT-UNUSED", string.Join(' ', await host.FindAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transport_without_dane_is_a_warning()
    {
        using var host = new HostFolder();
        host.Main("transport_maps = hash:/etc/postfix/transport\n")
            .Write("/etc/postfix/transport", "example.net plain:\n")
            .Write("/etc/postfix/master.cf", HostFolder.MasterCf + "plain unix - - n - - smtp\n  -o smtp_tls_security_level=may\n");
        Assert.Equal(["warning POSTFIX-TRANSPORT-OVERRIDE /etc/postfix/master.cf:5"], await host.FindAsync());
    }

    [Theory]
    [InlineData("example.net may\n", "note POSTFIX-POLICY-OVERRIDE /etc/postfix/policy:1")]
    [InlineData("# all\n* may\n", "warning POSTFIX-POLICY-UNUSED /etc/postfix/policy:2")]
    public async Task Lines_of_the_policy_table_are_read(string table, string expected)
    {
        using var host = new HostFolder();
        host.Main("smtp_tls_policy_maps = hash:/etc/postfix/policy\n").Write("/etc/postfix/policy", table);
        Assert.Equal([expected], (await host.ExamineAsync()).Findings.Select(HostFolder.Say));
    }

    [Theory]
    [InlineData("example.net dane\n", true)]
    [InlineData("example.net dane-only\n", true)]
    [InlineData("example.net encrypt\n", false)]
    public async Task The_wrong_default_for_insecure_mx_matters_only_where_dane_comes_from_a_table(string table, bool isTold)
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/main.cf", HostFolder.MainCf.Replace("level = dane\n", "level = may\n", StringComparison.Ordinal) + "smtp_tls_policy_maps = hash:/etc/postfix/policy\n").Write("/etc/postfix/policy", table);
        Assert.Equal(isTold, (await host.FindAsync()).Any(one => one.Contains("POSTFIX-INSECURE-MX-POLICY", StringComparison.Ordinal)));
        host.Write("/var/lib/dpkg/status", "Package: postfix\nStatus: install ok installed\nVersion: 3.7.13-0\n\n");
        Assert.DoesNotContain("POSTFIX-INSECURE-MX-POLICY", string.Join(' ', await host.FindAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_table_that_cannot_be_listed_may_have_dane_in_it()
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/main.cf", HostFolder.MainCf.Replace("level = dane\n", "level = may\n", StringComparison.Ordinal) + "smtp_tls_policy_maps = socketmap:unix:/run/policy:x\n");
        Assert.Contains("warning POSTFIX-INSECURE-MX-POLICY", await host.FindAsync());
    }

    [Theory]
    [InlineData("submission", "", "warning POSTFIX-SUBMISSION-PLAIN /etc/postfix/master.cf:4")]
    [InlineData("submission", "-o smtpd_tls_wrappermode=yes", "error POSTFIX-WRAPPER /etc/postfix/master.cf:4")]
    [InlineData("submissions", "", "error POSTFIX-WRAPPER /etc/postfix/master.cf:4")]
    [InlineData("submission", "-o smtpd_tls_security_level=encrypt", null)]
    [InlineData("submissions", "-o smtpd_tls_wrappermode=yes", null)]
    [InlineData("127.0.0.1:25", "-o smtpd_tls_security_level=none", null)]
    public async Task Submission_is_held_to_its_own_rules(string service, string options, string? expected)
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/master.cf", HostFolder.MasterCf + $"{service} inet n - n - - smtpd {options}\n");
        Assert.Equal(expected is null ? [] : [expected], (await host.FindAsync()).Where(one => !one.Contains("PROTOCOLS", StringComparison.Ordinal)));
    }

    [Fact, Rule("R63"), Rfc(7672, "8.1")]
    public async Task Certificates_by_name_without_a_default_are_an_error()
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/main.cf", HostFolder.MainCf.Replace("smtpd_tls_chain_files = ", "tls_server_sni_maps = hash:/etc/postfix/sni\n#", StringComparison.Ordinal))
            .Write("/etc/postfix/sni", $"mx.example.org {HostFolder.ChainFile}\n");
        Assert.Equal(["error POSTFIX-SNI-NO-DEFAULT /etc/postfix/main.cf:5"], await host.FindAsync());
    }

    [Fact]
    public async Task A_pair_of_files_is_a_warning()
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/main.cf", HostFolder.MainCf.Replace("smtpd_tls_chain_files = ", "smtpd_tls_key_file = /etc/postfix/key.pem\nsmtpd_tls_cert_file = ", StringComparison.Ordinal))
            .WriteKey("/etc/postfix/key.pem", host.Leaf.PrivateKeyToPem())
            .Write(HostFolder.ChainFile, host.Leaf.ToPem() + host.Root.ToPem());
        Assert.Equal(["warning POSTFIX-TWO-FILES /etc/postfix/main.cf:6"], await host.FindAsync());
    }

    [Fact]
    public async Task A_definition_without_effect_is_told()
    {
        using var host = new HostFolder();
        host.Main("smtp_tls_security_level = may\nsmtp_tls_security_level = dane\n");
        Assert.Equal(["warning POSTFIX-OVERRIDDEN /etc/postfix/main.cf:8", "note POSTFIX-OVERRIDDEN /etc/postfix/main.cf:7"], (await host.ExamineAsync()).Findings.Select(HostFolder.Say));
    }

    [Theory]
    [InlineData("hash", "192.0.2.1 silent-discard, starttls\n", "error POSTFIX-STARTTLS-HIDDEN /etc/postfix/ehlo:1")]
    [InlineData("cidr", "# greylisted\n192.0.2.0/24 dsn\n0.0.0.0/0 silent-discard, STARTTLS\n", "error POSTFIX-STARTTLS-HIDDEN /etc/postfix/ehlo:3")]
    [InlineData("pcre", "/^192/ starttls\n", "error POSTFIX-STARTTLS-HIDDEN /etc/postfix/ehlo:1")]
    [InlineData("cidr", "192.0.2.0/24 silent-discard, dsn\n", null)]
    public async Task A_table_that_hides_starttls_from_some_is_read(string type, string table, string? expected)
    {
        using var host = new HostFolder();
        host.Main($"smtpd_discard_ehlo_keyword_address_maps = {type}:/etc/postfix/ehlo\n").Write("/etc/postfix/ehlo", table);
        Assert.Equal(expected is null ? [] : [expected], await host.FindAsync());
    }

    [Fact, Rfc(7672, "9.2")]
    public async Task Behind_postscreen_its_own_table_and_that_of_smtpd_hide()
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/master.cf", "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\n  -o smtpd_discard_ehlo_keyword_address_maps=static:starttls\nsmtp unix - - n - - smtp\n");
        Assert.Equal(["error POSTFIX-STARTTLS-HIDDEN /etc/postfix/master.cf:3"], await host.FindAsync());
        host.Main("postscreen_discard_ehlo_keywords = starttls\n").Write("/etc/postfix/master.cf", "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\nsmtp unix - - n - - smtp\n");
        Assert.Equal(["error POSTFIX-STARTTLS-HIDDEN /etc/postfix/main.cf:8"], await host.FindAsync());
    }

    [Theory, Rfc(8461, "2"), Rule("R69")]
    [InlineData("socketmap:inet:127.0.0.1:8461:postfix", "zone: x\n", "error STS-OVERRIDES-DANE /etc/postfix/main.cf:8")]
    [InlineData("socketmap:unix:/run/sts.sock:postfix", "path: /run/sts.sock\n", "error STS-OVERRIDES-DANE /etc/postfix/main.cf:8")]
    [InlineData("socketmap:inet:127.0.0.1:8642:query", "port: 8461\n", "note POSTFIX-POLICY-OVERRIDE /etc/postfix/main.cf:8")]
    [InlineData("socketmap:inet:127.0.0.1:8461:postfix", null, "note POSTFIX-POLICY-OVERRIDE /etc/postfix/main.cf:8")]
    [InlineData("ldap:/etc/postfix/policy.cf", null, "note POSTFIX-POLICY-OVERRIDE /etc/postfix/main.cf:8")]
    public async Task A_program_that_answers_for_MTA_STS_must_not_stand_in_for_DANE(string table, string? settings, string expected)
    {
        using var host = new HostFolder();
        host.Main($"smtp_tls_policy_maps = {table}\n");
        if (settings is not null) host.Write("/etc/mta-sts-daemon.yml", "# settings\n" + settings);
        Assert.Equal([expected], (await host.ExamineAsync()).Findings.Select(HostFolder.Say));
    }

    [Theory]
    [InlineData("smtp_fallback_relay = [fallback.example.net]")]
    [InlineData("sender_dependent_relayhost_maps = hash:/etc/postfix/relays")]
    public async Task Ways_around_the_MX_hosts_are_notes(string setting)
    {
        using var host = new HostFolder();
        host.Main(setting + "\n").Write("/etc/postfix/relays", "");
        Assert.Equal(["note POSTFIX-RELAYHOST /etc/postfix/main.cf:8"], (await host.ExamineAsync()).Findings.Select(HostFolder.Say));
    }

    [Fact]
    public async Task A_relay_host_is_a_note()
    {
        using var host = new HostFolder();
        host.Main("relayhost = [relay.example.net]:587\n");
        Assert.Equal(["note POSTFIX-RELAYHOST /etc/postfix/main.cf:8"], (await host.ExamineAsync()).Findings.Select(HostFolder.Say));
    }

    [Theory]
    [InlineData("smtp_tls_wrappermode = yes\nsmtp_tls_security_level = encrypt\n")]
    [InlineData("smtp_tls_security_level = may\n")]
    [InlineData("smtp_tls_security_level =\n")]
    [InlineData("smtp_tls_security_level = secure\n")]
    [InlineData("smtp_tls_security_level = dane-only\n")]
    [InlineData("smtp_tls_security_level = dane\nsmtp_host_lookup = native\n")]
    [InlineData("smtp_tls_security_level = dane\ndisable_dns_lookups = yes\nsmtp_dns_resolver_options = res_defnames\n")]
    public async Task The_way_to_a_relay_host_is_left_as_it_was_agreed(string settings)
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/main.cf", HostFolder.MainCf.Replace("smtp_tls_security_level = dane\n", "relayhost = [mail.example.com]:465\n" + settings, StringComparison.Ordinal));
        var report = await host.ExamineAsync();
        Assert.All(report.Findings, finding => Assert.Equal(Severity.Note, finding.Severity));
        Assert.All(report.Findings, finding => Assert.Empty(finding.Mend.Changes));
        Assert.Contains(report.Findings, finding => finding.Code == AuditCodes.PostfixRelayHost);
    }

    [Theory]
    [InlineData("encrypt")]
    [InlineData("verify")]
    [InlineData("secure")]
    [InlineData("fingerprint")]
    public async Task A_level_that_demands_TLS_is_told_and_never_lowered(string level)
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/main.cf", HostFolder.MainCf.Replace("smtp_tls_security_level = dane\n", $"smtp_tls_security_level = {level}\n", StringComparison.Ordinal));
        var finding = Assert.Single((await host.ExamineAsync()).Findings);
        Assert.Equal("warning POSTFIX-OUTBOUND-OFF /etc/postfix/main.cf:7", HostFolder.Say(finding));
        Assert.Empty(finding.Mend.Changes);
    }

    [Theory]
    [InlineData("loopback-only")]
    [InlineData("127.0.0.1, [::1]")]
    [InlineData("localhost")]
    public async Task A_host_that_listens_to_itself_alone_is_not_looked_at_by_others(string interfaces)
    {
        using var host = new HostFolder();
        host.Main($"inet_interfaces = {interfaces}\nsmtpd_tls_security_level = none\n");
        Assert.DoesNotContain(await host.FindAsync(), finding => finding.Contains("POSTFIX-STARTTLS-OFF", StringComparison.Ordinal));
        host.Main("inet_interfaces = $myhostname, localhost\nsmtpd_tls_security_level = none\n");
        Assert.Contains(await host.FindAsync(), finding => finding.Contains("POSTFIX-STARTTLS-OFF", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Paths_may_begin_with_the_folder_of_the_configuration()
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/main.cf", HostFolder.MainCf.Replace(HostFolder.ChainFile, "${config_directory}/tls/mx.pem", StringComparison.Ordinal));
        Assert.Empty(await host.FindAsync());
    }

    [Fact]
    public async Task A_chroots_copy_that_differs_in_nothing_but_what_is_searched_is_well()
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/master.cf", HostFolder.MasterCf.Replace("smtp      unix  -       -       n", "smtp      unix  -       -       y", StringComparison.Ordinal)).Write("/var/spool/postfix/etc/resolv.conf", "search example.org\nnameserver 127.0.0.1\noptions trust-ad\n");
        Assert.Empty(await host.FindAsync());
    }

    [Fact]
    public async Task Of_two_services_of_one_name_and_type_the_last_counts()
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/master.cf", HostFolder.MasterCf + "smtp unix - - n - - smtp\n  -o smtp_tls_security_level=may\n");
        Assert.Equal(["error POSTFIX-OUTBOUND-OFF /etc/postfix/master.cf:5"], await host.FindAsync());
    }

    [Fact]
    public async Task Each_instance_is_examined()
    {
        using var host = new HostFolder();
        host.Main("multi_instance_directories = /etc/postfix-out\nmulti_instance_enable = yes\n")
            .Write("/etc/postfix-out/main.cf", HostFolder.MainCf.Replace("level = dane\n", "level = may\n", StringComparison.Ordinal) + "multi_instance_enable = yes\n")
            .Write("/etc/postfix-out/master.cf", HostFolder.MasterCf);
        Assert.Equal(["error POSTFIX-OUTBOUND-OFF /etc/postfix-out/main.cf:7"], await host.FindAsync());
        var finding = Assert.Single((await host.ExamineAsync()).Findings);
        Assert.Contains("postconf -c /etc/postfix-out -e", finding.Mend.Text, StringComparison.Ordinal);

        // postmulti(1) starts none that does not say so itself.
        host.Write("/etc/postfix-out/main.cf", File.ReadAllText(host.Here("/etc/postfix-out/main.cf")).Replace("enable = yes", "enable = no", StringComparison.Ordinal));
        Assert.Empty(await host.FindAsync());
    }

    [Theory]
    [InlineData("none", "error POSTFIX-STARTTLS-OFF /etc/postfix/master.cf:3")]
    [InlineData("encrypt", "error POSTFIX-TLS-DEMANDED /etc/postfix/master.cf:3")]
    public async Task Behind_postscreen_the_smtpd_that_it_hands_to_counts_too(string level, string expected)
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/master.cf", $"smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\n  -o smtpd_tls_security_level={level}\nsmtp unix - - n - - smtp\n");
        Assert.Equal([expected], await host.FindAsync());
    }

    [Fact]
    public async Task Behind_postscreen_its_own_settings_count()
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/master.cf", "smtp inet n - n - 1 postscreen\n  -o postscreen_tls_security_level=none\nsmtpd pass - - n - - smtpd\nsmtp unix - - n - - smtp\n");
        Assert.Equal(["error POSTFIX-STARTTLS-OFF /etc/postfix/master.cf:2"], await host.FindAsync());
    }

    [Fact]
    public async Task A_stale_copy_of_the_resolver_in_the_chroot_is_an_error()
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/master.cf", HostFolder.MasterCf.Replace("smtp      unix  -       -       n", "smtp      unix  -       -       y", StringComparison.Ordinal))
            .Write("/var/spool/postfix/etc/resolv.conf", "nameserver 192.0.2.53\n");
        Assert.Equal(["error POSTFIX-CHROOT-RESOLVER /var/spool/postfix/etc/resolv.conf"], await host.FindAsync());
    }

    [Theory]
    [InlineData("nameserver 127.0.0.53\noptions trust-ad\n", "error POSTFIX-CHROOT-RESOLVER /etc/postfix/master.cf:2")]
    [InlineData("nameserver 127.0.0.1\noptions trust-ad\n", null)]
    public async Task A_chroot_without_a_copy_asks_the_usual_address(string resolver, string? expected)
    {
        using var host = new HostFolder();
        host.Write("/etc/resolv.conf", resolver).Write("/etc/postfix/master.cf", HostFolder.MasterCf.Replace("smtp      unix  -       -       n", "smtp      unix  -       -       y", StringComparison.Ordinal));
        Assert.Equal(expected is null ? [] : [expected], await host.FindAsync());
    }

    [Theory]
    [InlineData("nameserver 192.0.2.53\noptions trust-ad\n", "3.7.11", "error RESOLVER-REMOTE /etc/resolv.conf")]
    [InlineData("nameserver 127.0.0.1\noptions edns0\n", "3.5.0", "error RESOLVER-TRUST-AD /etc/resolv.conf:2")]
    [InlineData("nameserver 127.0.0.1\noptions edns0\n", "3.7.11", "note RESOLVER-TRUST-AD /etc/resolv.conf:2")]
    [InlineData("options trust-ad\n", "3.7.11", null)]
    public async Task The_resolver_must_be_on_this_host_and_its_word_must_come_through(string text, string version, string? expected)
    {
        using var host = new HostFolder();
        host.Write("/etc/resolv.conf", text).Write("/var/lib/dpkg/status", $"Package: postfix\nStatus: install ok installed\nVersion: {version}-1\n\n");
        Assert.Equal(expected is null ? [] : [expected], (await host.ExamineAsync()).Findings.Select(HostFolder.Say).Where(one => one.Contains("RESOLVER", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Every_change_that_a_mend_brings_takes_its_finding_away()
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/main.cf", HostFolder.MainCf.Replace("level = dane\n", "level = may\n", StringComparison.Ordinal).Replace("dnssec", "enabled", StringComparison.Ordinal) + "smtpd_use_tls = yes\nsmtpd_discard_ehlo_keywords = starttls, dsn\nsmtpd_tls_protocols = TLSv1\n")
            .Write("/etc/postfix/master.cf", HostFolder.MasterCf.Replace("smtpd\n", "smtpd\n  -o smtpd_tls_security_level=encrypt\n  -o smtpd_enforce_tls=yes\n", StringComparison.Ordinal));
        for (var round = 0; round < 4; round++)
        {
            foreach (var group in (await host.ExamineAsync()).Findings.SelectMany(finding => finding.Mend.Changes).GroupBy(change => change.Path))
            {
                host.Write(group.Key, group.Aggregate(File.ReadAllText(host.Here(group.Key)), Danelaw.Operator.Changes.Edit.Apply));
            }
        }

        Assert.Empty((await host.ExamineAsync()).Findings.Where(finding => finding.Severity != Severity.Note).Select(HostFolder.Say));
    }
}
