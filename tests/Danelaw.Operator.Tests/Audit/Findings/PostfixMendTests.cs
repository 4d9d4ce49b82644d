using Danelaw.Checks;
using Danelaw.Operator.Changes;

namespace Danelaw.Operator.Tests.Audit.Findings;

/// <summary>What the mends of Postfix's findings make of main.cf and master.cf: nothing that is meant for one port weakens another.</summary>
public sealed class PostfixMendTests
{
    private const string Submission = "submission inet n - n - - smtpd\n";

    /// <summary>Carries out all changes that doctor's mends bring, once, as a step of setup does.</summary>
    private static async Task<(string Main, string Master)> MendAsync(HostFolder host)
    {
        foreach (var group in (await host.ExamineAsync()).Findings.Where(finding => finding.Severity != Severity.Note).SelectMany(finding => finding.Mend.Changes).Distinct().GroupBy(change => change.Path))
        {
            host.Write(group.Key, group.Aggregate(File.ReadAllText(host.Here(group.Key)), Edit.Apply));
        }

        return (File.ReadAllText(host.Here("/etc/postfix/main.cf")), File.ReadAllText(host.Here("/etc/postfix/master.cf")));
    }

    private static HostFolder Without(HostFolder host, string line, string instead, string services = "") =>
        host.Write("/etc/postfix/main.cf", HostFolder.MainCf.Replace(line + "\n", instead, StringComparison.Ordinal)).Write("/etc/postfix/master.cf", HostFolder.MasterCf + services);

    [Theory]
    [InlineData("smtp_use_tls = yes\n", "smtp_tls_security_level = dane\n")]
    [InlineData("smtp_enforce_tls = yes\n", "smtp_tls_security_level = verify\n")]
    [InlineData("smtp_enforce_tls = yes\nsmtp_tls_enforce_peername = no\n", "smtp_tls_security_level = encrypt\n")]
    [InlineData("relayhost = [relay.example.net]\nsmtp_use_tls = yes\n", "smtp_tls_security_level = may\n")]
    public async Task A_parameter_is_set_once_and_to_what_the_old_one_meant(string old, string expected)
    {
        using var host = Without(new(), "smtp_tls_security_level = dane", old);
        var sets = (await host.ExamineAsync()).Findings.SelectMany(finding => finding.Mend.Changes).OfType<Change.SetParameter>().Distinct().Where(change => change.Name == "smtp_tls_security_level").ToArray();
        Assert.Single(sets);
        var (main, _) = await MendAsync(host);
        Assert.Contains(expected, main, StringComparison.Ordinal);
        Assert.DoesNotContain("_use_tls", main, StringComparison.Ordinal);
        Assert.DoesNotContain("smtp_enforce_tls", main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_parameter_that_demands_TLS_of_mail_programs_goes_on_demanding_it()
    {
        using var host = Without(new(), "smtpd_tls_security_level = may", "smtpd_use_tls = yes\n", Submission + "  -o smtpd_enforce_tls=yes\n  -o smtpd_sasl_auth_enable=yes\n");
        var (main, master) = await MendAsync(host);
        Assert.Contains("smtpd_tls_security_level = may\n", main, StringComparison.Ordinal);
        Assert.Contains("-o smtpd_tls_security_level=encrypt", master, StringComparison.Ordinal);
        Assert.DoesNotContain("enforce", master, StringComparison.Ordinal);
        Assert.Empty(await host.FindAsync());
    }

    [Fact]
    public async Task A_client_of_its_own_that_demands_a_certificate_goes_on_demanding_it()
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/main.cf", HostFolder.MainCf.Replace("smtp_tls_security_level = dane\n", "", StringComparison.Ordinal)).Write("/etc/postfix/master.cf", HostFolder.MasterCf + "partner unix - - n - - smtp\n  -o smtp_enforce_tls=yes\n");
        var (main, master) = await MendAsync(host);
        Assert.Contains("smtp_tls_security_level = dane\n", main, StringComparison.Ordinal);
        Assert.Contains("-o smtp_tls_security_level=verify", master, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("smtpd_tls_security_level = encrypt\n", "-o smtpd_tls_security_level=may")]
    [InlineData("smtpd_enforce_tls = yes\n", "-o smtpd_tls_security_level=may")]
    [InlineData("smtpd_tls_security_level = may\nsmtpd_client_restrictions = permit_mynetworks, reject_plaintext_session\n", "-o smtpd_client_restrictions=permit_mynetworks")]
    [InlineData("smtpd_tls_security_level = may\nsmtpd_tls_wrappermode = yes\n", "-o smtpd_tls_wrappermode=no")]
    public async Task What_port_25_does_not_want_other_ports_keep(string setting, string expected)
    {
        using var host = Without(new(), "smtpd_tls_security_level = may", setting, Submission.Replace("submission", setting.Contains("wrapper", StringComparison.Ordinal) ? "submissions" : "submission", StringComparison.Ordinal));
        var (main, master) = await MendAsync(host);
        Assert.Contains(expected, master[..master.IndexOf("submission", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.DoesNotContain("-o", master[master.IndexOf("submission", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Contains(setting.Replace("smtpd_enforce_tls = yes", "smtpd_tls_security_level = encrypt", StringComparison.Ordinal), main, StringComparison.Ordinal);
        Assert.DoesNotContain(await host.FindAsync(), finding => finding.StartsWith("error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Behind_postscreen_one_round_of_mends_is_enough()
    {
        using var host = Without(new(), "smtpd_tls_security_level = may", "");
        host.Write("/etc/postfix/master.cf", "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\nsmtp unix - - n - - smtp\n");
        Assert.Equal(["error POSTFIX-STARTTLS-OFF"], await host.FindAsync());
        var (main, _) = await MendAsync(host);
        Assert.Contains("smtpd_tls_security_level = may\n", main, StringComparison.Ordinal);
        Assert.Empty(await host.FindAsync());
    }

    [Fact]
    public async Task Behind_postscreen_both_are_told_to_demand_nothing_where_others_do()
    {
        using var host = Without(new(), "smtpd_tls_security_level = may", "smtpd_tls_security_level = encrypt\n");
        host.Write("/etc/postfix/master.cf", "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\nsmtp unix - - n - - smtp\n" + Submission);
        Assert.Equal(["error POSTFIX-TLS-DEMANDED /etc/postfix/main.cf:4"], await host.FindAsync());
        var (main, _) = await MendAsync(host);
        Assert.Contains("smtpd_tls_security_level = encrypt\n", main, StringComparison.Ordinal);
        Assert.Empty(await host.FindAsync());
    }

    [Fact]
    public async Task Names_that_only_the_host_file_knows_are_still_found()
    {
        using var host = new HostFolder();
        host.Main("smtp_host_lookup = native\n");
        Assert.Contains("smtp_host_lookup = dns, native\n", (await MendAsync(host)).Main, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("smtpd_tls_security_level = dane", "error POSTFIX-SYNTAX /etc/postfix/main.cf:8")]
    [InlineData("smtpd_tls_security_level = yes", "error POSTFIX-SYNTAX /etc/postfix/main.cf:8")]
    [InlineData("smtpd_tls_security_level = secure", "error POSTFIX-TLS-DEMANDED /etc/postfix/main.cf:8")]
    [InlineData("postscreen_tls_security_level = dane", null)]
    [InlineData("smtp_tls_security_level = opportunistic", "error POSTFIX-SYNTAX /etc/postfix/main.cf:8")]
    [InlineData("smtp_tls_security_level = DANE", null)]
    public async Task A_level_that_Postfix_does_not_know_ends_every_process_that_reads_it(string setting, string? expected)
    {
        using var host = new HostFolder();
        host.Main(setting + "\n");
        Assert.Equal(expected is null ? [] : [expected], (await host.FindAsync()).Where(finding => !finding.Contains("OVERRIDDEN", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("dane-only", "error POSTFIX-DNSSEC-OFF /etc/postfix/main.cf:8")]
    [InlineData("dane-only\nsmtp_host_lookup = native", "error POSTFIX-DNSSEC-OFF /etc/postfix/main.cf:8", "error POSTFIX-DANE-INCOMPATIBLE /etc/postfix/main.cf:10")]
    [InlineData("may")]
    public async Task To_a_relay_host_dane_only_without_DNSSEC_keeps_all_mail_back(string level, params string[] expected)
    {
        using var host = Without(new(), "smtp_tls_security_level = dane", "");
        host.Write("/etc/postfix/main.cf", File.ReadAllText(host.Here("/etc/postfix/main.cf")).Replace("smtp_dns_support_level = dnssec\n", "", StringComparison.Ordinal) + $"relayhost = [relay.example.net]\n# way\nsmtp_dns_support_level = enabled\nsmtp_tls_security_level = {level}\n");
        Assert.Equal(expected, await host.FindAsync());
    }

    [Theory]
    [InlineData("example.net dane-only\n", "may", "error POSTFIX-DNSSEC-OFF /etc/postfix/policy:1")]
    [InlineData("example.org may\nexample.net dane\n", "encrypt", "error POSTFIX-DNSSEC-OFF /etc/postfix/policy:2")]
    [InlineData("example.net encrypt\n", "encrypt", null)]
    public async Task Lines_with_DANE_in_a_policy_table_need_DNSSEC(string table, string level, string? expected)
    {
        using var host = Without(new(), "smtp_dns_support_level = dnssec", "");
        host.Write("/etc/postfix/main.cf", File.ReadAllText(host.Here("/etc/postfix/main.cf")).Replace("level = dane\n", $"level = {level}\n", StringComparison.Ordinal) + "smtp_tls_policy_maps = hash:/etc/postfix/policy\n").Write("/etc/postfix/policy", table);
        Assert.Equal(expected is null ? [] : [expected], (await host.FindAsync()).Where(finding => finding.Contains("DNSSEC-OFF", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("slow:", "-o smtp_dns_support_level=disabled", "warning POSTFIX-TRANSPORT-OVERRIDE /etc/postfix/master.cf:5")]
    [InlineData("slow:", "-o smtp_host_lookup=native", "warning POSTFIX-TRANSPORT-OVERRIDE /etc/postfix/master.cf:5")]
    [InlineData("slow:[inside.example]", "-o smtp_host_lookup=native", "note POSTFIX-TRANSPORT-OVERRIDE /etc/postfix/master.cf:5")]
    [InlineData("slow:", "-o smtp_tls_security_level=dane-only -o smtp_dns_support_level=disabled", "error POSTFIX-TRANSPORT-OVERRIDE /etc/postfix/master.cf:5")]
    [InlineData("slow:", "-o smtp_destination_rate_delay=1s", null)]
    public async Task A_transport_whose_own_line_switches_DANE_off_is_told(string transport, string option, string? expected)
    {
        using var host = new HostFolder();
        host.Main($"transport_maps = inline:{{example.net={transport}}}\n").Write("/etc/postfix/master.cf", HostFolder.MasterCf + $"slow unix - - n - - smtp\n  {option}\n");
        Assert.Equal(expected is null ? [] : [expected], (await host.ExamineAsync()).Findings.Select(HostFolder.Say));
    }

    [Theory]
    [InlineData("smtp_tls_dane_insecure_mx_policy = may\n", "", "warning POSTFIX-INSECURE-MX-POLICY /etc/postfix/main.cf:8")]
    [InlineData("smtp_tls_dane_insecure_mx_policy = dane\n", "", null)]
    [InlineData("smtp_tls_policy_maps = static:dane-only\n", "", "error POSTFIX-DANE-ONLY /etc/postfix/main.cf:8")]
    [InlineData("smtp_tls_policy_maps = static:dane\n", "", null)]
    [InlineData("", "  -o smtp_tls_policy_maps=static:may\n", "error POSTFIX-POLICY-OVERRIDE /etc/postfix/master.cf:3")]
    public async Task DANE_is_switched_off_nowhere_in_silence(string main, string option, string? expected)
    {
        using var host = new HostFolder();
        host.Main(main).Write("/etc/postfix/master.cf", HostFolder.MasterCf.Replace("  smtp\nrelay", $"  smtp\n{option}relay", StringComparison.Ordinal));
        Assert.Equal(expected is null ? [] : [expected], await host.FindAsync());
        var before = File.ReadAllText(host.Here("/etc/postfix/main.cf"));
        var (after, _) = await MendAsync(host);
        if (option.Length > 0) Assert.Equal(before, after);
        Assert.DoesNotContain(await host.FindAsync(), finding => finding.StartsWith("error", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("10025", "-o smtpd_upstream_proxy_protocol=haproxy -o smtpd_tls_security_level=none", "error POSTFIX-STARTTLS-OFF /etc/postfix/master.cf:4")]
    [InlineData("127.0.0.1:10025", "-o smtpd_upstream_proxy_protocol=haproxy -o smtpd_tls_security_level=encrypt", "error POSTFIX-TLS-DEMANDED /etc/postfix/master.cf:4")]
    [InlineData("10587", "-o smtpd_upstream_proxy_protocol=haproxy -o smtpd_sasl_auth_enable=yes -o smtpd_tls_security_level=encrypt", null)]
    [InlineData("10025", "-o smtpd_tls_security_level=none", null)]
    public async Task A_listener_behind_a_proxy_is_examined_as_port_25(string name, string options, string? expected)
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/master.cf", HostFolder.MasterCf + $"{name} inet n - n - - smtpd {options}\n");
        Assert.Equal(expected is null ? [] : [expected], await host.FindAsync());
    }

    [Fact]
    public async Task Of_two_listeners_of_one_name_and_type_the_last_counts()
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/master.cf", HostFolder.MasterCf.Replace("smtpd\n", "smtpd -o smtpd_tls_security_level=none\n", StringComparison.Ordinal) + "smtp inet n - n - - smtpd\n");
        Assert.Empty(await host.FindAsync());
    }
}
