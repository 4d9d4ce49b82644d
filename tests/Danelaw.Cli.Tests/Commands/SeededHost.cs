using Danelaw.Lab.Authority;
using Danelaw.Testing.Peers;

namespace Danelaw.Cli.Tests.Commands;

/// <summary>A mail host with everything wrong that people get wrong, the how-to's own configuration (field.md, line by line) first of all.</summary>
internal static class SeededHost
{
    /// <summary>The time that it is examined at.</summary>
    internal const string Now = "2026-06-01T12:00:00Z";

    /// <summary>What is found, as <c>severity CODE file:line</c>, in the order in which doctor tells it.</summary>
    internal static readonly string[] Findings =
    [
        "error POSTFIX-SYNTAX /etc/postfix/main.cf:19",
        "error POSTFIX-TLS-DEMANDED /etc/postfix/master.cf:2",
        "error POSTFIX-STARTTLS-HIDDEN /etc/postfix/ehlo:2",
        "error POSTFIX-WRAPPER /etc/postfix/master.cf:5",
        "error POSTFIX-OUTBOUND-OFF /etc/postfix/main.cf:18",
        "error POSTFIX-DANE-INCOMPATIBLE /etc/postfix/main.cf:14",
        "error POSTFIX-PROTOCOLS /etc/postfix/main.cf:15",
        "error POSTFIX-TRANSPORT-UNUSED /etc/postfix/master.cf:7",
        "error RESOLVER-REMOTE /etc/resolv.conf",
        "error POSTFIX-CHROOT-RESOLVER /var/spool/postfix/etc/resolv.conf",
        "error DOVECOT-SYNTAX /etc/dovecot/dovecot.conf:6",
        "error WEB-SYNTAX /etc/nginx/nginx.conf:1",
        "error TLS-KEY-READABLE /etc/ssl/mail/key.pem",
        "error TLS-KEY-MISMATCH /etc/ssl/mail/key.pem:1",
        "error TLS-CHAIN-ORDER /etc/nginx/chain.pem:1",
        "error TLS-FILE-UNUSABLE /etc/apache2/sites-enabled/mail.conf:4",
        "warning POSTFIX-OVERRIDDEN /etc/postfix/main.cf:12",
        "warning POSTFIX-TWO-FILES /etc/postfix/main.cf:7",
        "warning POSTFIX-SUBMISSION-PLAIN /etc/postfix/master.cf:4",
        "warning POSTFIX-POLICY-UNUSED /etc/postfix/policy:1",
        "warning POSTFIX-INSECURE-MX-POLICY",
        "warning POSTFIX-DEPRECATED /etc/postfix/main.cf:6",
        "warning POSTFIX-DEPRECATED /etc/postfix/master.cf:2",
        "warning DOVECOT-TLS-OFF /etc/dovecot/dovecot.conf:3",
        "warning TLS-FILE-DATES /etc/letsencrypt/live/mx/fullchain.pem:1",
        "warning ACME-LIVE-FOLDER /etc/postfix/main.cf:7",
        "warning POSTFIX-DOMAINS-UNLISTED /etc/postfix/main.cf:10",
        "note POSTFIX-RELAYHOST /etc/postfix/main.cf:11",
        "note RESOLVER-TRUST-AD /etc/resolv.conf",
        "note ACME-RENEWAL /etc/letsencrypt/renewal/mx.conf",
    ];

    internal static TestFolder Make()
    {
        var folder = new TestFolder("seeded", isInMemory: true);
        var authority = new CertificateAuthority(new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        var root = authority.Issue(new() { Name = "Root", IsAuthority = true });
        var leaf = authority.Issue(new() { Name = "mx.example.org", DnsNames = ["mx.example.org"], Issuer = root, ValidFrom = TimeSpan.FromDays(-80), ValidFor = TimeSpan.FromDays(5) });
        var other = authority.Issue(new() { Name = "mail.example.org", DnsNames = ["mail.example.org"], Issuer = root });
        folder.Write("etc/hostname", "mx.example.org\n");
        folder.Write("etc/resolv.conf", "nameserver 192.0.2.53\n");
        folder.Write("var/spool/postfix/etc/resolv.conf", "nameserver 198.51.100.53\n");
        folder.Write("var/lib/dpkg/status", "Package: postfix\nStatus: install ok installed\nVersion: 3.7.11-0+deb12u1\n\n");
        folder.Write("etc/postfix/main.cf", """
            # the mail host of example.org, by the how-to
            compatibility_level = 3.6
            myhostname = mx.example.org
            mydestination = $myhostname, example.org

            smtpd_use_tls = yes
            smtpd_tls_cert_file = /etc/letsencrypt/live/mx/fullchain.pem
            smtpd_tls_key_file = /etc/letsencrypt/live/mx/privkey.pem
            smtpd_discard_ehlo_keyword_address_maps = cidr:/etc/postfix/ehlo
            virtual_mailbox_domains = mysql:/etc/postfix/domains.cf
            smtp_fallback_relay = [relay.example.net]
            smtp_tls_security_level = dane
            smtp_dns_support_level = dnssec
            smtp_host_lookup = native
            smtp_tls_mandatory_protocols = TLSv1
            smtp_tls_policy_maps = hash:/etc/postfix/policy
            # a provider's mail did not go out
            smtp_tls_security_level = may
            smtpd_banner

            """);
        folder.Write("etc/postfix/master.cf", """
            smtp      inet  n       -       y       -       -       smtpd
              -o smtpd_enforce_tls=yes
            # for mail programs
            submission inet n       -       y       -       -       smtpd
            submissions inet n      -       y       -       -       smtpd
            smtp      unix  -       -       y       -       -       smtp
            dane      unix  -       -       n       -       -       smtp
              -o smtp_dns_support_level=dnssec
              -o smtp_tls_security_level=dane

            """);
        folder.Write("etc/postfix/ehlo", "# greylisted\n0.0.0.0/0 silent-discard, starttls\n");
        folder.Write("etc/postfix/policy", "* may\nexample.net dane\n");
        folder.Write("etc/postfix/policy.db", "");
        folder.Write("etc/postfix/domains.cf", "hosts = 127.0.0.1\nuser = postfix\npassword = topsecret\ndbname = mail\nquery = SELECT 1 FROM domains WHERE name='%s'\n");
        folder.Write("etc/dovecot/dovecot.conf", "# Dovecot\nprotocols = imap\nssl = no\nssl_cert = </etc/ssl/mail/cert.pem\nssl_key = </etc/ssl/mail/key.pem\nssl_min_protocol\n");
        folder.Write("etc/nginx/nginx.conf", "http {\n  server {\n    listen 443 ssl;\n    server_name mail.example.org;\n    ssl_certificate /etc/nginx/chain.pem;\n    ssl_certificate_key /etc/nginx/key.pem;\n  }\n\n");
        folder.Write("etc/apache2/apache2.conf", "IncludeOptional sites-enabled/*.conf\n");
        folder.Write("etc/apache2/sites-enabled/mail.conf", "<VirtualHost *:443>\n  ServerName webmail.example.org\n  SSLEngine on\n  SSLCertificateFile /etc/ssl/mail/gone.pem\n</VirtualHost>\n");
        Key("etc/letsencrypt/archive/mx/privkey1.pem", leaf.PrivateKeyToPem());
        folder.Write("etc/letsencrypt/archive/mx/fullchain1.pem", leaf.ToPem() + root.ToPem());
        Directory.CreateDirectory(folder["etc/letsencrypt/live/mx"]);
        File.CreateSymbolicLink(folder["etc/letsencrypt/live/mx/privkey.pem"], "../../archive/mx/privkey1.pem");
        File.CreateSymbolicLink(folder["etc/letsencrypt/live/mx/fullchain.pem"], "../../archive/mx/fullchain1.pem");
        folder.Write("etc/letsencrypt/renewal/mx.conf", "archive_dir = /etc/letsencrypt/archive/mx\nfullchain = /etc/letsencrypt/live/mx/fullchain.pem\n[renewalparams]\nrenew_hook = systemctl reload postfix dovecot\n");
        folder.Write("etc/ssl/mail/cert.pem", other.ToPem() + root.ToPem());
        Key("etc/ssl/mail/key.pem", leaf.PrivateKeyToPem(), 0b110_100_100);
        folder.Write("etc/nginx/chain.pem", root.ToPem() + other.ToPem());
        Key("etc/nginx/key.pem", other.PrivateKeyToPem());
        foreach (var name in new[] { "etc", "etc/ssl", "etc/ssl/mail" }) TestFolder.SetMode(folder[name], 0b111_101_101);
        return folder;

        void Key(string path, string pem, int mode = 0b110_000_000)
        {
            folder.Write(path, pem);
            TestFolder.SetMode(folder[path], mode);
        }
    }
}
