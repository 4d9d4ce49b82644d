using System.Text.Json;
using Danelaw.Interop.Tests.Mail;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Operating.Setup;

/// <summary>A mail host with what the how-to of today makes people write, set up and taken back, with Postfix, Dovecot, unbound and BIND as Debian has them.</summary>
[Collection(nameof(MailWorld)), Peer("postfix"), Peer("dovecot"), Peer("unbound"), Peer("bind")]
public sealed class SetupTests(ITestOutputHelper output)
{
    private static readonly string[] Publisher = ["--publisher", "/etc/danelaw/publisher.toml"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact, Rfc(7672, "2.2"), Rfc(7671, "8.1")]
    public async Task From_the_how_to_to_DANE_in_both_directions_in_one_command_and_back()
    {
        var authority = ServerCertificate.Root("Test Root").IssueAuthority("Test Authority");
        var certificate = authority.IssueServer([MailWorld.Mx], to: 12);
        var peerCertificate = authority.IssueServer([MailWorld.PeerMx]);
        await using var world = await MailWorld.RiseAsync(
            $"""
            _25._tcp.{MailWorld.Mx}. 86400 TLSA {certificate.Tlsa(3, 1, 2)}
            _25._tcp.{MailWorld.Home}. TLSA {certificate.Tlsa(3, 1, 1)}
            shop.{MailWorld.Home}. MX 10 mx.shop.{MailWorld.Home}.
            mx.shop.{MailWorld.Home}. A {MailWorld.HomeAddress}

            """,
            peerCertificate);
        await using var peer = await PeerAsync(world, peerCertificate);
        await using var home = await MailMachine.RiseAsync(world, MailWorld.Home, MailWorld.HomeAddress, certificate);
        WriteHowTo(home);
        await home.Host.MustRunAsync(["postmap", "/etc/postfix/tls_policy"], Cancelled);
        await home.StartAsync();
        home.Host.Write("/var/spool/postfix/etc/resolv.conf", "nameserver 10.77.1.99\n");
        var before = home.Picture();

        var found = await DoctorAsync(home, 1);
        var codes = found.Select(finding => finding.Code).Distinct().Order(StringComparer.Ordinal).ToArray();
        output.WriteLine($"{codes.Length} kinds before: {string.Join(' ', codes)}");
        Assert.True(codes.Length >= 15, string.Join('\n', codes));

        var shown = await home.DanelawAsync(["setup", "--dry-run", "--ttl", "1", .. Publisher]);
        output.WriteLine(shown.Everything);
        Assert.True(shown.ExitCode == 0, shown.Everything);
        Assert.Equal(before, home.Picture());

        var done = await home.DanelawAsync(["setup", "--ttl", "1", .. Publisher]);
        output.WriteLine(done.Everything);
        Assert.True(done.ExitCode == 0, done.Everything);
        Assert.Contains(certificate.Tlsa(3, 1, 1), await MailWorld.PublishedAsync($"_25._tcp.{MailWorld.Mx}"));

        var left = await DoctorAsync(home, 0);
        output.WriteLine($"after: {string.Join(' ', left.Select(finding => $"{finding.Severity} {finding.Code}").Distinct())}");

        var sent = await home.SendAsync($"root@{MailWorld.Peer}");
        output.WriteLine(sent);
        Assert.Contains($"Verified TLS connection established to {MailWorld.PeerMx}[{MailWorld.PeerAddress}]:25", sent, StringComparison.Ordinal);
        Assert.Contains("status=sent", sent, StringComparison.Ordinal);
        var received = await peer.SendAsync($"root@{MailWorld.Home}");
        output.WriteLine(received);
        Assert.Contains($"Verified TLS connection established to {MailWorld.Mx}[{MailWorld.HomeAddress}]:25", received, StringComparison.Ordinal);
        Assert.Contains("status=sent", received, StringComparison.Ordinal);

        var after = home.Picture();
        var again = await home.DanelawAsync(["setup", .. Publisher]);
        Assert.True(again.ExitCode == 0, again.Everything);
        Assert.Contains("there is nothing to do", again.Output, StringComparison.Ordinal);
        Assert.Equal(after, home.Picture());

        var preview = await home.DanelawAsync(["setup", "--undo", "--dry-run", .. Publisher]);
        output.WriteLine(preview.Everything);
        Assert.True(preview.ExitCode == 0, preview.Everything);
        Assert.Equal(after, home.Picture());
        var (waiting, undone) = await home.UndoAsync(Publisher);
        output.WriteLine(waiting.Everything + undone.Everything);
        Assert.True(waiting.ExitCode == 3, waiting.Everything);
        Assert.Contains("what was there before is back: 3 1 2 ", waiting.Everything.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.True(undone.ExitCode == 0, undone.Everything);
        Assert.Equal(before, home.Picture());
        Assert.Equal([certificate.Tlsa(3, 1, 2)], await MailWorld.PublishedAsync($"_25._tcp.{MailWorld.Mx}"));
        Assert.Contains(await DoctorAsync(home, 1), finding => finding.Code == "POSTFIX-OUTBOUND-OFF");
    }

    /// <summary>The how-to's own configuration, and what else goes wrong.</summary>
    private static void WriteHowTo(MailMachine home)
    {
        const string Main = "/etc/postfix/main.cf", Master = "/etc/postfix/master.cf";
        home.Replace(Main, "smtpd_tls_cert_file=/etc/ssl/certs/ssl-cert-snakeoil.pem", $"smtpd_tls_cert_file = {MailMachine.Live}/fullchain.pem");
        home.Replace(Main, "smtpd_tls_key_file=/etc/ssl/private/ssl-cert-snakeoil.key", $"smtpd_tls_key_file = {MailMachine.Live}/privkey.pem");
        home.Append(Main, $"""
            # by the how-to
            smtpd_use_tls = yes
            smtpd_discard_ehlo_keywords = starttls
            ignore_mx_lookup_error = yes
            smtp_tls_policy_maps = hash:/etc/postfix/tls_policy
            virtual_alias_domains = shop.{MailWorld.Home}
            virtual_alias_maps = inline:root@shop.{MailWorld.Home}=root
            recipient_delimiter = -

            """.Replace("inline:", "inline:{", StringComparison.Ordinal).Replace("=root\n", "=root}\n", StringComparison.Ordinal));
        home.Host.Write("/etc/postfix/tls_policy", "* may\n");
        home.Replace(Master, "smtp      inet  n       -       y       -       -       smtpd\n", """
            smtp      inet  n       -       y       -       -       smtpd
              -o smtpd_tls_security_level=encrypt
              -o smtpd_enforce_tls=yes
            submissions inet n      -       y       -       -       smtpd
            dane      unix  -       -       n       -       -       smtp
              -o smtp_dns_support_level=dnssec
              -o smtp_tls_security_level=dane

            """);
        home.Replace("/etc/dovecot/conf.d/10-ssl.conf", "\nssl = yes\n", "\nssl = no\n");
        home.Replace("/etc/dovecot/conf.d/10-ssl.conf", "ssl_cert = </etc/dovecot/private/dovecot.pem", $"ssl_cert = <{MailMachine.Live}/fullchain.pem");
        home.Replace("/etc/dovecot/conf.d/10-ssl.conf", "ssl_key = </etc/dovecot/private/dovecot.key", $"ssl_key = <{MailMachine.Live}/privkey.pem");
        TestFolder.SetMode(home.Host["/etc/letsencrypt/archive/mx/privkey1.pem"], 0b110_100_100);
        home.Host.Write("/etc/unbound/unbound.conf.d/own.conf", "server:\n    module-config: \"iterator\"\n");
        home.Host.Write("/etc/resolv.conf", $"# by hand\nsearch {MailWorld.Home}\nnameserver {MailWorld.OtherResolver}\n");
        home.WritePublisher();
    }

    /// <summary>Another mail host, which does DANE already.</summary>
    private static async Task<MailMachine> PeerAsync(MailWorld world, ServerCertificate certificate)
    {
        var peer = await MailMachine.RiseAsync(world, MailWorld.Peer, MailWorld.PeerAddress, certificate);
        try
        {
            peer.Replace("/etc/postfix/main.cf", "smtp_tls_security_level=may", "smtp_tls_security_level = dane\nsmtp_dns_support_level = dnssec");
            peer.Replace("/etc/postfix/main.cf", "smtpd_tls_cert_file=/etc/ssl/certs/ssl-cert-snakeoil.pem", $"smtpd_tls_cert_file = {MailMachine.Live}/fullchain.pem");
            peer.Replace("/etc/postfix/main.cf", "smtpd_tls_key_file=/etc/ssl/private/ssl-cert-snakeoil.key", $"smtpd_tls_key_file = {MailMachine.Live}/privkey.pem");
            await peer.StartAsync(withDovecot: false);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    private static async Task<(string Code, string Severity)[]> DoctorAsync(MailMachine home, int code)
    {
        var said = await home.DanelawAsync("doctor", "--json");
        Assert.True(said.ExitCode == code, said.Everything);
        using var document = JsonDocument.Parse(said.Output);
        return [.. document.RootElement.GetProperty("findings").EnumerateArray().Select(finding => (finding.GetProperty("code").GetString()!, finding.GetProperty("severity").GetString()!))];
    }
}
