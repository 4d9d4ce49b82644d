using System.Text.Json;
using System.Text.RegularExpressions;
using Danelaw.Cli.Tests.Rendering;
using Danelaw.Cli.Tests.Running;
using Danelaw.Lab.Authority;
using Danelaw.Testing.Peers;

namespace Danelaw.Cli.Tests.Commands;

public sealed class SetupTests
{
    /// <summary>A Debian mail host with what the how-to of today makes people write.</summary>
    internal static TestFolder Host()
    {
        var folder = new TestFolder("setup");
        var authority = new CertificateAuthority(TimeProvider.System.GetUtcNow());
        var root = authority.Issue(new() { Name = "Root", IsAuthority = true });
        var leaf = authority.Issue(new() { Name = "mx.example.org", DnsNames = ["mx.example.org"], Issuer = root });
        folder.Write("etc/hostname", "mx.example.org\n");
        folder.Write("etc/resolv.conf", "# by hand\nsearch example.org\nnameserver 192.0.2.53\n");
        folder.Write("var/spool/postfix/etc/resolv.conf", "nameserver 192.0.2.53\n");
        folder.Write("var/lib/dpkg/status", "Package: postfix\nStatus: install ok installed\nVersion: 3.7.11-0+deb12u1\n\n");
        folder.Write("etc/postfix/main.cf", "# the mail host of example.org\nmyhostname = mx.example.org\nmydestination = $myhostname, example.org\n\n# TLS\nsmtpd_use_tls = yes\nsmtpd_tls_cert_file = /etc/letsencrypt/live/mx/fullchain.pem\nsmtpd_tls_key_file = /etc/letsencrypt/live/mx/privkey.pem\n\nsmtp_tls_security_level = may\n");
        folder.Write("etc/postfix/master.cf", "smtp inet n - y - - smtpd\n  -o smtpd_enforce_tls=yes\nsmtp unix - - y - - smtp\ndane unix - - n - - smtp\n  -o smtp_dns_support_level=dnssec\n  -o smtp_tls_security_level=dane\n");
        folder.Write("etc/dovecot/dovecot.conf", "# Dovecot\nprotocols = imap\nssl = yes\nssl_cert = </etc/letsencrypt/live/mx/fullchain.pem\nssl_key = </etc/letsencrypt/live/mx/privkey.pem\n");
        folder.Write("etc/unbound/unbound.conf", "include-toplevel: \"/etc/unbound/unbound.conf.d/*.conf\"\n");
        folder.Write("etc/unbound/unbound.conf.d/own.conf", "server:\n    module-config: \"iterator\"\n    trust-anchor-file: \"/usr/share/dns/root.key\"\n");
        folder.Write("etc/letsencrypt/live/mx/privkey.pem", leaf.PrivateKeyToPem());
        folder.Write("etc/letsencrypt/live/mx/fullchain.pem", leaf.ToPem() + root.ToPem());
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder["etc/letsencrypt/live/mx/privkey.pem"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        folder.Write("etc/letsencrypt/renewal/mx.conf", "fullchain = /etc/letsencrypt/live/mx/fullchain.pem\nprivkey = /etc/letsencrypt/live/mx/privkey.pem\n[renewalparams]\n");
        return folder;
    }

    [Fact]
    public async Task A_dry_run_reads_as_a_person_has_read_it()
    {
        using var folder = Host();
        var run = await CommandRun.OfAsync(["setup", "--dry-run", "--root", folder.Root], isTerminal: true, width: 80, variables: new Dictionary<string, string> { ["NO_COLOR"] = "1" });
        Assert.Equal(0, run.Code);
        var golden = Path.Combine(Repository.Root, "tests/Danelaw.Cli.Tests/Golden/setup-dry-run-80.txt");
        var output = Regex.Replace(Regex.Replace(run.Output, "[0-9a-f]{64}", new string('k', 64)), @"\d{4}-\d\d-\d\d", "yyyy-mm-dd");
        if (Environment.GetEnvironmentVariable("DANELAW_UPDATE_GOLDEN") == "1") await File.WriteAllTextAsync(golden, output, TestContext.Current.CancellationToken);
        Assert.Equal(await File.ReadAllTextAsync(golden, TestContext.Current.CancellationToken), output);
    }

    [Fact]
    public async Task A_dry_run_that_leaves_something_out_ends_as_the_setup_does()
    {
        using var folder = Host();
        Directory.Delete(folder["etc/unbound"], recursive: true);
        var run = await CommandRun.OfAsync("setup", "--dry-run", "--root", folder.Root);
        Assert.Contains("Left out", run.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(3, run.Code);
    }

    [Theory]
    [InlineData(true, "--rollover")]
    [InlineData(false)]
    public async Task What_the_timer_does_not_keep_of_how_the_DNS_is_asked_is_told(bool isTold, params string[] more)
    {
        using var folder = Host();
        var run = await CommandRun.OfAsync(["setup", "--dry-run", "--root", folder.Root, "--tries", "1", .. more]);
        Assert.Equal(isTold, run.Error.Contains("hint: the timer and the hook run danelaw rollover without --tries 1, which is not kept", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Prose_keeps_to_80_columns()
    {
        using var folder = Host();
        var run = await CommandRun.OfAsync(["setup", "--dry-run", "--root", folder.Root], isTerminal: true, width: 80, variables: new Dictionary<string, string> { ["NO_COLOR"] = "1" });
        Assert.All(run.Output.Split('\n').Where(line => line.Length > 80), line => Assert.Matches("^ {3}(the same by hand |[-+ ])|/var/lib/danelaw|danelaw publish ", line));
    }

    [Fact]
    public async Task What_it_tells_as_json_fits_its_schema_and_holds_no_key()
    {
        using var folder = Host();
        var run = await CommandRun.OfAsync("setup", "--dry-run", "--root", folder.Root, "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        await SchemaTests.AssertValidAsync("setup", run.Output);
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal(["resolver", "resolver", "chains", "servers", "records", "outbound"], document.RootElement.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("stage").GetString()));
        Assert.DoesNotContain("PRIVATE", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(File.ReadAllLines(folder["etc/letsencrypt/live/mx/privkey.pem"])[1], run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_syntax_error_is_told_with_its_place_and_nothing_is_planned()
    {
        using var folder = Host();
        folder.Write("etc/postfix/main.cf", "myhostname = mx.example.org\nsmtp_tls_security_level\n");
        var run = await CommandRun.OfAsync("setup", "--dry-run", "--root", folder.Root);
        Assert.Equal((1, ""), (run.Code, run.Error));
        Assert.StartsWith("mx.example.org: nothing can be set up\n\nIn the way: /etc/postfix/main.cf:2: ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_Postfix_is_told()
    {
        using var folder = new TestFolder("web");
        folder.Write("etc/hostname", "web.example.org\n");
        var run = await CommandRun.OfAsync("setup", "--dry-run", "--root", folder.Root);
        Assert.Equal((1, ""), (run.Code, run.Error));
        Assert.Contains("There is no Postfix on this host.", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--root is for looking", "setup", "--root", "/")]
    [InlineData("--force belongs to --undo", "setup", "--force")]
    [InlineData("--never-published belongs to --undo", "setup", "--never-published")]
    [InlineData("--root and --undo cannot be given together", "setup", "--undo", "--dry-run", "--root", "/")]
    [InlineData("--key needs the certificate", "setup", "--dry-run", "--key", "x")]
    [InlineData("cannot read /nonexistent", "setup", "--dry-run", "--certificate", "/nonexistent")]
    [InlineData("--ports", "setup", "--dry-run", "--ports", "25,x")]
    public async Task Misuse_is_told(string expected, params string[] arguments)
    {
        var run = await CommandRun.OfAsync(arguments);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith("danelaw: error: " + expected, run.Error, StringComparison.Ordinal);
    }

    [Fact, Peer("setpriv")]
    public async Task Who_is_not_root_is_told_so()
    {
        Peer.RequireRoot();
        var result = await PeerProcess.RunAsync(Peer.Require("setpriv"), ["--reuid=65534", "--regid=65534", "--clear-groups", Peer.Require("dotnet"), typeof(Danelaw.Cli.Running.ExitCode).Assembly.Location, "setup"], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((2, "", "danelaw: error: setup alters files of the system, and this user may not\ndanelaw: hint: sudo danelaw setup; with --dry-run it only looks\n"), (result.ExitCode, result.Output, result.Error));
    }
}
