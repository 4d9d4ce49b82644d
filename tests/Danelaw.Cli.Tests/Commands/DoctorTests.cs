using System.Text;
using System.Text.Json;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Operating;
using Danelaw.Cli.Running;
using Danelaw.Cli.Tests.Rendering;
using Danelaw.Cli.Tests.Running;
using Danelaw.Testing.Peers;

namespace Danelaw.Cli.Tests.Commands;

public sealed class DoctorTests
{
    /// <summary>What the how-to of today makes people write.</summary>
    private static TestFolder HowTo()
    {
        var folder = new TestFolder("howto");
        folder.Write("etc/hostname", "mx.example.org\n");
        folder.Write("etc/resolv.conf", "nameserver 192.0.2.53\n");
        folder.Write("var/lib/dpkg/status", "Package: postfix\nStatus: install ok installed\nVersion: 3.7.11-0+deb12u1\n\n");
        folder.Write("etc/postfix/main.cf", "myhostname = mx.example.org\nmydestination = $myhostname, example.org\nsmtpd_use_tls = yes\nsmtpd_tls_cert_file = /etc/letsencrypt/live/mx/fullchain.pem\nsmtpd_tls_key_file = /etc/letsencrypt/live/mx/privkey.pem\nsmtp_dns_support_level = dnssec\nsmtp_tls_security_level = may\n");
        folder.Write("etc/postfix/master.cf", "smtp inet n - y - - smtpd\n  -o smtpd_enforce_tls=yes\nsmtp unix - - y - - smtp\ndane unix - - n - - smtp\n  -o smtp_dns_support_level=dnssec\n  -o smtp_tls_security_level=dane\n");
        return folder;
    }

    private static Task<CommandRun> RunAsync(TestFolder folder, params string[] more) => CommandRun.OfAsync(["doctor", "--root", folder.Root, .. more]);

    [Fact]
    public async Task The_configuration_of_the_how_to_is_taken_apart()
    {
        using var folder = HowTo();
        var run = await RunAsync(folder);
        Assert.Equal((1, ""), (run.Code, run.Error));
        foreach (var code in new[] { "error POSTFIX-TLS-DEMANDED", "error POSTFIX-OUTBOUND-OFF", "error POSTFIX-TRANSPORT-UNUSED", "error RESOLVER-REMOTE", "warning POSTFIX-DEPRECATED", "warning POSTFIX-TWO-FILES" }) Assert.Contains($"{code}  ", run.Output, StringComparison.Ordinal);
        Assert.Contains("/etc/postfix/main.cf:7", run.Output, StringComparison.Ordinal);
        Assert.Contains("-smtp_tls_security_level = may\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("+smtp_tls_security_level = dane\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_tells_as_json_fits_its_schema()
    {
        using var folder = HowTo();
        var run = await RunAsync(folder, "--json");
        Assert.Equal((1, ""), (run.Code, run.Error));
        await SchemaTests.AssertValidAsync("doctor", run.Output);
        using var document = JsonDocument.Parse(run.Output);
        Assert.Contains(document.RootElement.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("code").GetString() == "POSTFIX-OUTBOUND-OFF" && finding.GetProperty("line").GetInt32() == 7);
    }

    [Fact]
    public async Task Every_seeded_fault_is_found_once_at_its_place()
    {
        using var folder = SeededHost.Make();
        var run = await RunAsync(folder, "--json", "--now", SeededHost.Now);
        Assert.Equal((1, ""), (run.Code, run.Error));
        await SchemaTests.AssertValidAsync("doctor", run.Output);
        using var document = JsonDocument.Parse(run.Output);
        var found = document.RootElement.GetProperty("findings").EnumerateArray().Select(Say);
        Assert.Equal(SeededHost.Findings, found);
        Assert.True(SeededHost.Findings.Select(finding => finding.Split(' ')[1]).Distinct().Count() >= 15);
        Assert.DoesNotContain("topsecret", run.Output, StringComparison.Ordinal);

        static string Say(JsonElement finding)
        {
            var line = finding.GetProperty("line");
            return $"{finding.GetProperty("severity")} {finding.GetProperty("code")} {finding.GetProperty("file")}{(line.ValueKind == JsonValueKind.Null ? "" : ":" + line)}".TrimEnd();
        }
    }

    [Fact]
    public async Task The_seeded_host_reads_as_a_person_has_read_it()
    {
        using var folder = SeededHost.Make();
        var run = await CommandRun.OfAsync(["doctor", "--root", folder.Root, "--now", SeededHost.Now, "-v"], isTerminal: true, width: 80, variables: new Dictionary<string, string> { ["NO_COLOR"] = "1" });
        Assert.Equal((1, "\rlooking at this host's files\e[K\r\e[K"), (run.Code, run.Error));
        Assert.All(run.Output.Split('\n').Where(line => line.Length > 80), line => Assert.Matches("^ {5}[-+ ]|^(error|warning|note) [A-Z]|https?://|/etc/", line));
        var golden = Path.Combine(Repository.Root, "tests/Danelaw.Cli.Tests/Golden/doctor-seeded-80.txt");
        if (Environment.GetEnvironmentVariable("DANELAW_UPDATE_GOLDEN") == "1") await File.WriteAllTextAsync(golden, run.Output, TestContext.Current.CancellationToken);
        Assert.Equal(await File.ReadAllTextAsync(golden, TestContext.Current.CancellationToken), run.Output);
    }

    [Fact]
    public async Task Text_from_the_host_is_escaped()
    {
        using var folder = HowTo();
        folder.Write("etc/hostname", "\u001b[31mred\u202e\n");
        folder.Write("etc/postfix/main.cf", "smtp_tls_security_level = \u001b]0;x\u0007\u009b\n\u001b[2J\n");
        var run = await RunAsync(folder);
        Assert.DoesNotContain(run.Output, letter => letter != '\n' && char.IsControl(letter));
        var json = await RunAsync(folder, "--json");
        Assert.DoesNotContain(json.Output, letter => letter is not '\n' and (< ' ' or > '~'));
        await SchemaTests.AssertValidAsync("doctor", json.Output);
        using var document = JsonDocument.Parse(json.Output);
        Assert.Equal("\u001b[31mred\u202e", document.RootElement.GetProperty("host").GetString());
    }

    [Fact]
    public async Task A_syntax_error_is_a_finding_with_its_place_and_no_misuse()
    {
        using var folder = HowTo();
        folder.Write("etc/postfix/main.cf", "myhostname = mx.example.org\nsmtp_tls_security_level\n");
        var run = await RunAsync(folder);
        Assert.Equal((1, ""), (run.Code, run.Error));
        Assert.Contains("error POSTFIX-SYNTAX  postfix  /etc/postfix/main.cf:2\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_without_a_mail_server_gives_4()
    {
        using var folder = new TestFolder("web");
        folder.Write("etc/hostname", "web.example.org\n");
        var run = await RunAsync(folder);
        Assert.Equal((4, ""), (run.Code, run.Error));
        Assert.Equal("web.example.org: no mail server was found (Postfix, Exim, OpenSMTPD, Dovecot)\n", run.Output);
    }

    [Theory]
    [InlineData("--domains-query", "SELECT 1", "danelaw: error: --domains-query: no pgsql:, mysql: or sqlite: table stands for domains here\n", "")]
    [InlineData("--domains-map", "mysql:/x", "danelaw: error: --domains-map chooses for --domains-query, which is not given\n", "")]
    [InlineData("--domains-query", "SELECT 1", "danelaw: error: --domains-query: mysql:/etc/postfix/a.cf is a database of the host that these files come from, and of files from elsewhere no server is asked\n", "virtual_mailbox_domains = mysql:/etc/postfix/a.cf\n")]
    [InlineData("--domains-query", "SELECT 1", "danelaw: error: --domains-query: domains stand in several databases\ndanelaw: hint: choose one: --domains-map mysql:/etc/postfix/a.cf or --domains-map sqlite:/etc/postfix/s.cf\n", "virtual_mailbox_domains = mysql:/etc/postfix/a.cf\nvirtual_alias_domains = proxy:sqlite:/etc/postfix/s.cf\n")]
    [InlineData("--domains-query", "SELECT nothing FROM nowhere", "danelaw: error: --domains-query: the database of sqlite:/etc/postfix/s.cf does not take it: ", "virtual_alias_domains = sqlite:/etc/postfix/s.cf\n")]
    public async Task A_query_that_cannot_be_run_is_misuse(string option, string value, string error, string main)
    {
        using var folder = Databases(main);
        var run = await RunAsync(folder, option, value);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith(error, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_of_the_tables_own_database_gives_its_domains()
    {
        using var folder = Databases("virtual_mailbox_domains = mysql:/etc/postfix/a.cf\nvirtual_alias_domains = sqlite:/etc/postfix/s.cf\n");
        var run = await RunAsync(folder, "--domains-query", "SELECT 'ALL' UNION SELECT 'no..domain' UNION SELECT 'a.example'", "--domains-map", "sqlite:/etc/postfix/s.cf", "-v");
        Assert.Equal((1, ""), (run.Code, run.Error));
        Assert.Contains("note POSTFIX-DOMAINS-UNLISTED  postfix  /etc/postfix/main.cf:9\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("1 of the 3 rows that --domains-query gave: 'no..domain' is no domain name; the first column must be the domain\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("warning POSTFIX-DOMAINS-UNLISTED", run.Output, StringComparison.Ordinal);
    }

    private static TestFolder Databases(string main)
    {
        var folder = HowTo();
        folder.Write("etc/postfix/main.cf", File.ReadAllText(folder["etc/postfix/main.cf"]) + main);
        folder.Write("etc/postfix/a.cf", "hosts = 127.0.0.1\nuser = postfix\npassword = topsecret\ndbname = mail\n");
        folder.Write("etc/postfix/s.cf", "dbpath = /var/lib/mail.db\n");
        folder.Write("var/lib/mail.db", "");
        return folder;
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_is_misuse()
    {
        var run = await CommandRun.OfAsync("doctor", "--root", "/nonexistent-folder");
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith("danelaw: error: --root /nonexistent-folder: there is no such folder\n", run.Error, StringComparison.Ordinal);
    }

    [Fact, Peer("setpriv")]
    public async Task What_this_user_may_not_read_is_said_to_be_unseen()
    {
        var setpriv = Peer.Require("setpriv");
        Peer.RequireRoot();
        using var folder = HowTo();
        folder.Write("etc/postfix/main.cf", "smtpd_tls_security_level = may\nsmtpd_tls_chain_files = /etc/postfix/tls/mx.pem\nsmtp_tls_security_level = dane\nsmtp_dns_support_level = dnssec\n");
        folder.Write("etc/postfix/master.cf", "smtp inet n - y - - smtpd\nsmtp unix - - n - - smtp\n");
        folder.Write("etc/resolv.conf", "nameserver 127.0.0.1\noptions trust-ad\n");
        folder.Write("etc/postfix/tls/mx.pem", "secret\n");
        Assert.Equal(0, (await PeerProcess.RunAsync("/bin/chmod", ["-R", "go=rX", folder.Root], cancellationToken: TestContext.Current.CancellationToken)).ExitCode);
        Assert.Equal(0, (await PeerProcess.RunAsync("/bin/chmod", ["400", folder.Root + "/etc/postfix/tls/mx.pem"], cancellationToken: TestContext.Current.CancellationToken)).ExitCode);
        var result = await PeerProcess.RunAsync(setpriv, ["--reuid=65534", "--regid=65534", "--clear-groups", Peer.Require("dotnet"), typeof(ExitCode).Assembly.Location, "doctor", "--root", folder.Root], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((3, ""), (result.ExitCode, result.Error));
        Assert.Contains("the key or certificate /etc/postfix/tls/mx.pem: it cannot be read by this user; run as root\n", result.Output, StringComparison.Ordinal);
        Assert.StartsWith("mx.example.org: 0 errors, 0 warnings, 0 notes\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clean_host_prints_one_calm_line()
    {
        var page = new Page(PageStyle.Pipe);
        DoctorText.Write(page, new("mx.example.org", [], [], [new("a.example", "mx.example.org", "mx.example.org", "verified"), new("b.example", "mx.example.org", "mx.example.org", "verified")], true), new("/"), new Output(false, false, false, PageStyle.Pipe));
        Assert.Equal("mx.example.org: all is well (2 domains)\n", Encoding.UTF8.GetString(page.ToUtf8()));
    }
}
