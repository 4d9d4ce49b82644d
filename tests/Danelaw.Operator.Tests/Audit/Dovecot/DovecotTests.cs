using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Dovecot;
using Danelaw.Operator.Audit.Files;

namespace Danelaw.Operator.Tests.Audit.Dovecot;

public sealed class DovecotTests
{
    private static DovecotText Read(HostFolder host) => DovecotText.Read(host.Files, "/etc/dovecot/dovecot.conf");

    [Fact]
    public void Blocks_includes_and_comments_are_read()
    {
        using var host = new HostFolder();
        host.Write("/etc/dovecot/dovecot.conf", "ssl = required # comment\n!include conf.d/*.conf\n!include_try none.conf\n")
            .Write("/etc/dovecot/conf.d/10-ssl.conf", "ssl_cert = </etc/ssl/a.pem# as 2.3.19, a comment within a word\nssl_key = <\"/etc/ssl/key.pem\"\nlocal_name mail.example.org {\n  ssl_cert = </etc/ssl/other.pem\n  ssl_key = </etc/ssl/otherkey.pem\n}\nservice imap-login {\n  inet_listener imaps {\n    port = 1993\n  }\n  inet_listener imap {\n    port = 0\n  }\n}\n");
        var text = Read(host);
        Assert.Empty(text.Faults);
        Assert.Equal("required", DovecotConfiguration.Get(text, "ssl")!.Value);
        Assert.Equal("</etc/ssl/a.pem", DovecotConfiguration.Get(text, "ssl_cert")!.Value);
        Assert.Equal([110, 995, 1993], DovecotConfiguration.Ports(text).Where(port => port != 143));
    }

    [Theory]
    [InlineData("# ssl_cert = </etc/ssl/old.pem \\\nssl = no\n", "no")]
    [InlineData("ssl = \\\n  yes # so\n", "yes")]
    [InlineData("ssl = \\\n# yes\n", null)]
    [InlineData("ssl = \\\n\n", null)]
    public void A_comment_that_ends_in_a_backslash_goes_on_with_nothing(string settings, string? expected)
    {
        using var host = new HostFolder();
        host.Write("/etc/dovecot/dovecot.conf", settings + "protocols = imap\n");
        var text = Read(host);
        Assert.Empty(text.Faults);
        Assert.Equal((expected, "imap"), (DovecotConfiguration.Get(text, "ssl")?.Value, DovecotConfiguration.Get(text, "protocols")!.Value));
    }

    [Theory]
    [InlineData("doveconf: Fatal: Error in configuration file /etc/dovecot/conf.d/10-ssl.conf line 12: Invalid value: maybe\ndoveconf: Error: managesieve-login: dump-capability process returned 89\n", "/etc/dovecot/conf.d/10-ssl.conf:12", "Invalid value: maybe")]
    [InlineData("doveconf: Fatal: Error in configuration file /etc/dovecot/dovecot.conf: protocols: Unknown protocol: gopher\n", "/etc/dovecot/dovecot.conf", "protocols: Unknown protocol: gopher")]
    [InlineData("doveconf: Fatal: Error in configuration file /etc/dovecot/dovecot.conf line 8: Couldn't open include file /etc/dovecot/secret.conf: Permission denied\n", null, null)]
    [InlineData("doveconf: Fatal: Error in configuration file : x\n", null, null)]
    [InlineData("Killed\n", null, null)]
    [InlineData("", null, null)]
    public async Task What_Dovecot_itself_does_not_take_is_told_with_its_place(string said, string? place, string? text)
    {
        using var host = new HostFolder();
        host.Write("/etc/dovecot/dovecot.conf", "protocols = imap\n");
        var facts = await new HostReader(host.Files, new Doveconf(said)).ReadAsync(TestContext.Current.CancellationToken);
        var fault = facts.Dovecot!.Faults.SingleOrDefault();
        Assert.Equal((place, text), (fault?.Place.ToString(), fault?.Text));
    }

    private sealed class Doveconf(string said) : IHostPrograms
    {
        public ValueTask<ProgramResult?> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken = default) => ValueTask.FromResult<ProgramResult?>(program == "doveconf" ? new(89, "ssl = yes\n", said) : null);
    }

    [Theory]
    [InlineData("TLSv9", true)]
    [InlineData("tlsv1.2", true)]
    [InlineData("TLSv1.2", false)]
    [InlineData("ANY", false)]
    public async Task A_version_of_TLS_that_Dovecot_does_not_know_is_an_error(string version, bool isFault)
    {
        using var host = new HostFolder();
        host.Main("").Write("/etc/dovecot/dovecot.conf", $"protocols = imap\nssl_min_protocol = {version}\n");
        var finding = (await host.ExamineAsync()).Findings.SingleOrDefault(finding => finding.Code == AuditCodes.DovecotSyntax);
        Assert.Equal(isFault ? "error DOVECOT-SYNTAX /etc/dovecot/dovecot.conf:2" : null, finding is null ? null : HostFolder.Say(finding));
    }

    [Fact]
    public void The_chains_are_those_of_the_default_and_of_each_name()
    {
        using var host = new HostFolder();
        host.Write("/etc/dovecot/dovecot.conf", "protocols = imap\nssl_cert = </etc/ssl/chain.pem\nssl_key = </etc/ssl/key.pem\nlocal_name mail.example.org {\n  ssl_cert = </etc/ssl/other.pem\n  ssl_key = </etc/ssl/otherkey.pem\n}\n");
        var uses = DovecotConfiguration.Uses(Read(host));
        Assert.Equal([" /etc/ssl/key.pem,/etc/ssl/chain.pem", "mail.example.org /etc/ssl/otherkey.pem,/etc/ssl/other.pem"], uses.Select(use => $"{use.Name} {string.Join(',', use.Files)}"));
        Assert.Equal([143, 993], uses[0].Ports);
    }

    /// <summary>Written from the manual of 2.4 (doc.dovecot.org/2.4, SSL configuration), not taken from a server.</summary>
    [Fact]
    public void The_names_of_2_4_are_known()
    {
        using var host = new HostFolder();
        host.Write("/etc/dovecot/dovecot.conf", "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\nprotocols {\n  imap = yes\n}\nssl = yes\nssl_server {\n  cert_file = /etc/ssl/chain.pem\n  key_file = /etc/ssl/key.pem\n}\nlocal_name mail.example.org {\n  ssl_server_cert_file = /etc/ssl/other.pem\n  ssl_server_key_file = /etc/ssl/otherkey.pem\n}\n");
        Assert.Equal([" /etc/ssl/key.pem,/etc/ssl/chain.pem", "mail.example.org /etc/ssl/otherkey.pem,/etc/ssl/other.pem"], DovecotConfiguration.Uses(Read(host)).Select(use => $"{use.Name} {string.Join(',', use.Files)}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("!include_try protocols.d/*.protocol\n", "143, 993, 4190")]
    [InlineData("!include_try protocols.d/*.protocol\nprotocols = $protocols pop3\n", "110, 143, 993, 995, 4190")]
    [InlineData("!include_try protocols.d/*.protocol\nprotocols = lmtp\n", "")]
    [InlineData("ssl = yes\n", "110, 143, 993, 995")]
    public void Protocols_add_up_as_Debian_brings_them(string text, string ports)
    {
        using var host = new HostFolder();
        host.Write("/etc/dovecot/dovecot.conf", text).Write("/etc/dovecot/protocols.d/imapd.protocol", "protocols = $protocols imap\n").Write("/etc/dovecot/protocols.d/managesieved.protocol", "protocols = $protocols sieve\n");
        Assert.Equal(ports, string.Join(", ", DovecotConfiguration.Ports(Read(host))));
    }

    [Theory]
    [InlineData("ssl\n", "/etc/dovecot/dovecot.conf:1 expecting '='")]
    [InlineData("a = b\n}\n", "/etc/dovecot/dovecot.conf:2 unexpected '}'")]
    [InlineData("service x {\n", "/etc/dovecot/dovecot.conf:2 a block is not closed")]
    [InlineData("service x { port = 1 }\n", "/etc/dovecot/dovecot.conf:1 garbage after '{'")]
    [InlineData("!include gone/*.conf\n", "/etc/dovecot/dovecot.conf:1 no file matches /etc/dovecot/gone/*.conf")]
    [InlineData("!include dovecot.conf\n", "/etc/dovecot/dovecot.conf:1 /etc/dovecot/dovecot.conf includes itself")]
    [InlineData("!include gone.conf\n", "/etc/dovecot/dovecot.conf:1 /etc/dovecot/gone.conf is included and does not exist")]
    public async Task What_Dovecot_would_not_read_is_an_error_with_its_place(string text, string fault)
    {
        using var host = new HostFolder();
        host.Write("/etc/dovecot/dovecot.conf", text);
        Assert.Equal(fault, Assert.Single(Read(host).Faults.Select(one => $"{one.Place} {one.Text}")));
        Assert.Contains($"error DOVECOT-SYNTAX {fault.Split(' ')[0]}", await host.FindAsync());
    }

    [Theory]
    [InlineData("protocols = imap\n", true)]
    [InlineData("protocols = imap\nlisten = *, ::\n", true)]
    [InlineData("protocols = imap\nlisten = 127.0.0.1, [::1]\n", false)]
    [InlineData("protocols = imap\nlisten = localhost\nservice imap-login {\n  inet_listener imap {\n    address = 192.0.2.1\n  }\n}\n", true)]
    [InlineData("protocols = imap\nservice imap-login {\n  inet_listener imap {\n    address = 127.0.0.1\n  }\n  inet_listener imaps {\n    port = 0\n  }\n}\n", false)]
    [InlineData("protocols = lmtp\n", false)]
    public async Task Dovecot_without_tls_is_told_where_others_can_reach_it_and_never_altered(string settings, bool isTold)
    {
        using var host = new HostFolder();
        host.WriteKey("/etc/ssl/mail.pem", host.Leaf.PrivateKeyToPem() + host.Leaf.ToPem()).Write("/etc/dovecot/dovecot.conf", $"ssl = no\nssl_cert = </etc/ssl/mail.pem\nssl_key = </etc/ssl/mail.pem\n{settings}");
        Assert.Equal(isTold ? ["warning DOVECOT-TLS-OFF /etc/dovecot/dovecot.conf:1"] : [], await host.FindAsync());
        Assert.Empty((await host.ExamineAsync()).Findings.SelectMany(finding => finding.Mend.Changes));
    }
}
