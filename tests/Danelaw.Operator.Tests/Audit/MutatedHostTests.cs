using System.Globalization;
using System.Text;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Setup;

namespace Danelaw.Operator.Tests.Audit;

/// <summary>Configurations as they are found on hosts, each with something of it gone wrong: whatever they say, a report and a plan come of it.</summary>
public sealed class MutatedHostTests
{
    private static readonly (string Path, string Text)[] Real =
    [
        ("/etc/postfix/main.cf", """
            compatibility_level = 3.6
            myhostname = mx.example.org
            myorigin = /etc/mailname
            mydestination = $myhostname, example.org, ${mydomain?{$mydomain}:{localhost}}
            mynetworks = 127.0.0.0/8 [::1]/128
            virtual_alias_domains = hash:/etc/postfix/vdomains, inline:{ a.example=1, b.example=2 }
            transport_maps = texthash:/etc/postfix/transport, static:smtp:[relay.example.net]:587
            smtpd_tls_security_level = may
            smtpd_tls_chain_files = /etc/postfix/tls/mx.pem
            smtpd_tls_cert_file = none
            tls_server_sni_maps = texthash:/etc/postfix/sni
            smtpd_client_restrictions = permit_mynetworks,
                check_client_access inline:{ 192.0.2.1=reject_plaintext_session },
              # within
                permit
            smtp_dns_support_level = dnssec
            smtp_tls_security_level = dane
            smtp_tls_policy_maps = texthash:/etc/postfix/policy, socketmap:inet:127.0.0.1:8461:postfix
            smtpd_discard_ehlo_keyword_address_maps = cidr:/etc/postfix/discard

            """),
        ("/etc/postfix/master.cf", """
            smtp inet n - y - 1 postscreen
            smtpd pass - - y - - smtpd
              -o smtpd_tls_security_level=may -o { smtpd_tls_protocols = >=TLSv1.2 }
            submission inet n - y - - smtpd
              -o syslog_name=postfix/submission
              # -o smtpd_enforce_tls=yes
              -o smtpd_tls_security_level=encrypt
            smtps inet n - y - - smtpd -o smtpd_tls_wrappermode=yes
            127.0.0.1:10025 inet n - n - - smtpd
            smtp unix - - y - - smtp
            relay unix - - y - - smtp -o smtp_fallback_relay=
            dane unix - - n - - smtp
              -o smtp_tls_security_level=dane-only
            spamassassin unix - n n - - pipe
              user=debian-spamd argv=/usr/bin/spamc -f -e /usr/sbin/sendmail -oi -f ${sender} ${recipient}

            """),
        ("/etc/postfix/transport", "example.net smtp:[mx.example.net]\n* dane:\n.example.com error:no\n"),
        ("/etc/postfix/vdomains", "a.example.org anything\nb.example.org anything\n"),
        ("/etc/postfix/policy", "example.net secure match=.example.net:nexthop\n.example.com may\n[mx.example.org]:25 none\n"),
        ("/etc/postfix/sni", "mx.example.org /etc/postfix/tls/mx.pem\n"),
        ("/etc/postfix/discard", "192.0.2.0/24 silent-discard, starttls\n::/0 silent-discard\n"),
        ("/etc/dovecot/dovecot.conf", "dovecot_config_version = 2.4.0\n!include_try /usr/share/dovecot/protocols.d/*.protocol\nprotocols = imap pop3\nssl = required\n!include conf.d/*.conf\n"),
        ("/etc/dovecot/conf.d/10-ssl.conf", "ssl_cert = </etc/letsencrypt/live/mx/fullchain.pem\nssl_key = <\"/etc/letsencrypt/live/mx/privkey.pem\"\nssl_min_protocol = TLSv1.2\nlocal_name mail.example.org {\n  ssl_cert = </etc/postfix/tls/mx.pem\n  ssl_key = </etc/postfix/tls/mx.pem\n}\nservice imap-login {\n  inet_listener imaps {\n    port = 993\n    ssl = yes\n  }\n}\nssl_server {\n  cert_file = /etc/postfix/tls/mx.pem # chain\n}\n"),
        ("/etc/nginx/nginx.conf", "user www-data;\nhttp {\n  log_format main '$remote_addr \"$request\"';\n  include sites-enabled/*;\n}\n"),
        ("/etc/nginx/sites-enabled/mail", "server {\n  listen 443 ssl http2; # here\n  listen [::]:443 ssl;\n  server_name mail.example.org *.example.net;\n  ssl_certificate /etc/letsencrypt/live/mx/fullchain.pem;\n  ssl_certificate_key /etc/letsencrypt/live/mx/privkey.pem;\n  location ~ \\.php$ { fastcgi_param A ${document_root}$b; }\n}\n"),
        ("/etc/apache2/apache2.conf", "ServerRoot \"/etc/apache2\"\nDefine DIR /etc/apache2\nDefine SITES ${DIR}/sites-enabled\nIncludeOptional ${SITES}/*.conf\n"),
        ("/etc/apache2/sites-enabled/a.conf", "<IfModule mod_ssl.c>\n<VirtualHost *:443>\n  ServerName mail.example.org\n  SSLEngine on\n  SSLCertificateFile /etc/letsencrypt/live/mx/fullchain.pem\n  SSLCertificateKeyFile \\\n    \"/etc/letsencrypt/live/mx/privkey.pem\"\n</VirtualHost>\n</IfModule>\n"),
        ("/etc/letsencrypt/renewal/mx.conf", "# renew_before_expiry = 30 days\nrenew_before_expiry = 30 days\nversion = 2.1.0\narchive_dir = /etc/letsencrypt/archive/mx\ncert = /etc/letsencrypt/live/mx/cert.pem\nprivkey = /etc/letsencrypt/live/mx/privkey.pem\nfullchain = /etc/letsencrypt/live/mx/fullchain.pem\n[renewalparams]\nreuse_key = False\nrenew_hook = systemctl reload postfix\n"),
        ("/root/.acme.sh/mx.example.org_ecc/mx.example.org.conf", "Le_Domain='mx.example.org'\nLe_Alt='no'\nLe_ReloadCmd='__ACME_BASE64__START_c3lzdGVtY3RsIHJlbG9hZCBwb3N0Zml4__ACME_BASE64__END_'\nLe_NextRenewTime='1780000000'\nLe_ForceNewDomainKey='1'\n"),
        ("/root/.lego/certificates/mx.example.org.json", "{ \"domain\": \"mx.example.org\", \"certUrl\": \"https://acme.example/1\" }\n"),
        ("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\nalice:x:1000:1000::/home/alice:/bin/sh\n"),
        ("/etc/resolv.conf", "# by hand\nsearch example.org\nnameserver 127.0.0.1\nnameserver fe80::1%eth0\noptions edns0 trust-ad\n"),
        ("/var/spool/postfix/etc/resolv.conf", "nameserver 127.0.0.1\n"),
        ("/etc/unbound/unbound.conf", "include-toplevel: \"/etc/unbound/unbound.conf.d/*.conf\"\nserver:\n  interface: 127.0.0.1@53\n  module-config: \"validator iterator\"\n  port: 53\n"),
        ("/etc/unbound/unbound.conf.d/anchor.conf", "server:\n    auto-trust-anchor-file: \"/var/lib/unbound/root.key\" # kept\n"),
        ("/etc/danelaw/rollover.toml", "# danelaw rollover\n[[roll]]\nname = \"mx\"\n"),
        ("/var/lib/dpkg/status", "Package: postfix\nStatus: install ok installed\nVersion: 3.7.11-0+deb12u1\n\nPackage: dovecot-core\nStatus: install ok installed\nVersion: 1:2.3.19.1+dfsg1-2.1\n\n"),
    ];

    private static readonly string[] Odd = ["\0", "{", "}", "\"", "'", "\\\n", "=", "${", "$", "none", "../..", "/", "\n", " ", "#", "99999999999999999999", "3000000 days", "-1", ":", "[", "]", "*", "é", "\u202e", "__ACME_BASE64__START_", "__ACME_BASE64__END_", "-o", ",", "%", "</", "!include ", "include *;", "Include *\n"];

    private static readonly int Rounds = Environment.GetEnvironmentVariable("DANELAW_TEST_LONG") == "1" ? 20_000 : 120;

    private static HostFolder Host()
    {
        var host = new HostFolder();
        foreach (var (path, text) in Real) host.Write(path, text);
        host.WriteKey("/etc/letsencrypt/archive/mx/privkey1.pem", host.Leaf.PrivateKeyToPem())
            .Write("/etc/letsencrypt/archive/mx/fullchain1.pem", host.Leaf.ToPem() + host.Root.ToPem())
            .Link("/etc/letsencrypt/live/mx/privkey.pem", "../../archive/mx/privkey1.pem")
            .Link("/etc/letsencrypt/live/mx/fullchain.pem", "../../archive/mx/fullchain1.pem");
        return host;
    }

    private static async Task ExamineAsync(HostFolder host)
    {
        var options = new SetupOptions { WantsRollover = true };
        var facts = await host.ReadAsync();
        var report = await host.ExamineAsync();
        SetupPlanner.Plan(new SetupReader(host.Files, options).Read(facts, NetworkFacts.None, report), options, HostFolder.Now);
    }

    /// <summary>Cut, doubled, turned round, or with something odd in it.</summary>
    private static string Mutate(string text, Random random)
    {
        var mutated = new StringBuilder(text);
        for (var times = random.Next(1, 5); times > 0; times--)
        {
            var at = random.Next(mutated.Length + 1);
            var length = random.Next(Math.Min(40, mutated.Length - at) + 1);
            switch (random.Next(6))
            {
                case 0:
                    mutated.Remove(at, length);
                    break;
                case 1:
                    mutated.Insert(at, mutated.ToString(at, length));
                    break;
                case 2:
                    mutated.Insert(random.Next(mutated.Length + 1), mutated.ToString(at, length));
                    break;
                case 3 when at < mutated.Length:
                    mutated[at] = (char)(mutated[at] ^ (1 << random.Next(7)));
                    break;
                case 4:
                    var lines = mutated.ToString().Split('\n');
                    mutated.Clear().AppendJoin('\n', lines.Append(lines[random.Next(lines.Length)]));
                    break;
                default:
                    mutated.Insert(at, Odd[random.Next(Odd.Length)]);
                    break;
            }
        }

        return mutated.ToString();
    }

    [Fact]
    public async Task Whatever_a_file_says_there_is_a_report_and_a_plan()
    {
        using var host = Host();
        await ExamineAsync(host);
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var (path, text) = Real[seed % Real.Length];
            var mutated = Mutate(text, random);
            host.Write(path, mutated);
            try
            {
                await ExamineAsync(host).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            }
            catch (Exception failure)
            {
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {path}:\n{mutated}\n{failure}"));
            }

            host.Write(path, text);
        }
    }

    [Theory]
    [InlineData("/etc/postfix/main.cf", "smtpd_tls_chain_files = none, key.pem, /a\0b\n")]
    [InlineData("/etc/postfix/main.cf", "smtpd_tls_cert_file = ${nothing}\nsmtpd_tls_key_file = $smtpd_tls_cert_file\n")]
    [InlineData("/etc/postfix/main.cf", "transport_maps = hash:transport, cidr:\0, texthash:\n")]
    [InlineData("/etc/dovecot/dovecot.conf", "protocols = imap\nssl_cert = <none\nssl_key = <\n!include conf.d/\0*.conf\n")]
    [InlineData("/etc/nginx/nginx.conf", "http { server { listen 443 ssl; ssl_certificate chain.pem; ssl_certificate_key \"data:$key\"; } include \"\0\"; }")]
    [InlineData("/etc/apache2/apache2.conf", "ServerRoot relative\nInclude a/*.conf\nInclude b\n<VirtualHost *:443>\nSSLCertificateFile chain.pem\n</VirtualHost>\n")]
    [InlineData("/etc/letsencrypt/renewal/mx.conf", "fullchain = fullchain.pem\nrenew_before_expiry = 3000000 days\n")]
    [InlineData("/etc/letsencrypt/renewal/mx.conf", "fullchain = /etc/letsencrypt/live/mx/fullchain.pem\nrenew_before_expiry = 3000000 days\n")]
    [InlineData("/etc/letsencrypt/renewal/mx.conf", "fullchain = /etc/letsencrypt/live/mx/fullchain.pem\nrenew_before_expiry = 2147483647 weeks\n")]
    [InlineData("/root/.acme.sh/mx.example.org_ecc/mx.example.org.conf", "Le_ReloadCmd='__ACME_BASE64__START__ACME_BASE64__END_'\n")]
    [InlineData("/etc/passwd", "root:x:0:0:root:/\0:/bin/bash\n")]
    public async Task Paths_and_numbers_that_mean_nothing_are_no_failure(string path, string text)
    {
        using var host = Host();
        host.Write(path, text);
        await ExamineAsync(host);
    }

    [Fact]
    public async Task Definitions_of_Apache_that_double_at_each_step_end()
    {
        using var host = Host();
        host.Write("/etc/apache2/apache2.conf", "Define V0 xxxxxxxx\n" + string.Concat(Enumerable.Range(1, 64).Select(i => $"Define V{i} ${{V{i - 1}}}${{V{i - 1}}}\n")));
        Assert.Contains((await host.ExamineAsync()).Findings, finding => finding.Code == AuditCodes.WebSyntax);
    }

    [Fact]
    public async Task Lines_that_go_on_without_end_and_blocks_in_blocks_end()
    {
        using var host = Host();
        var goesOn = string.Concat(Enumerable.Repeat("x\\\n", 200_000));
        host.Write("/etc/apache2/apache2.conf", goesOn).Write("/etc/dovecot/dovecot.conf", goesOn + string.Concat(Enumerable.Repeat("a {\nb = c\n", 50_000)));
        await ExamineAsync(host).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }
}
