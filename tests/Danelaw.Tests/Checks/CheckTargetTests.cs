using System.Net;
using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Probes;

namespace Danelaw.Tests.Checks;

public sealed class CheckTargetTests
{
    [Theory]
    [InlineData("example.org", "example.org.", 25, ServiceProtocol.Smtp, true)]
    [InlineData(" example.org. ", "example.org.", 25, ServiceProtocol.Smtp, true)]
    [InlineData("bücher.example", "xn--bcher-kva.example.", 25, ServiceProtocol.Smtp, true)]
    [InlineData("imaps://host.example", "host.example.", 993, ServiceProtocol.ImapTls, false)]
    [InlineData("IMAPS://host.example/", "host.example.", 993, ServiceProtocol.ImapTls, false)]
    [InlineData("https://host.example:8443", "host.example.", 8443, ServiceProtocol.Https, false)]
    [InlineData("smtp://host.example", "host.example.", 25, ServiceProtocol.Smtp, false)]
    [InlineData("smtp://host.example:2525", "host.example.", 2525, ServiceProtocol.Smtp, false)]
    [InlineData("tls://host.example:5223", "host.example.", 5223, ServiceProtocol.Tls, false)]
    [InlineData("host.example:25", "host.example.", 25, ServiceProtocol.Smtp, false)]
    [InlineData("host.example:587", "host.example.", 587, ServiceProtocol.Submission, false)]
    [InlineData("host.example:465", "host.example.", 465, ServiceProtocol.SubmissionTls, false)]
    [InlineData("host.example:143", "host.example.", 143, ServiceProtocol.Imap, false)]
    [InlineData("host.example:993", "host.example.", 993, ServiceProtocol.ImapTls, false)]
    [InlineData("host.example:110", "host.example.", 110, ServiceProtocol.Pop3, false)]
    [InlineData("host.example:995", "host.example.", 995, ServiceProtocol.Pop3Tls, false)]
    [InlineData("host.example:4190", "host.example.", 4190, ServiceProtocol.Sieve, false)]
    [InlineData("host.example:443", "host.example.", 443, ServiceProtocol.Https, false)]
    [InlineData("doh://host.example", "host.example.", 443, ServiceProtocol.Doh, false)]
    [InlineData("lmtp://host.example", "host.example.", 24, ServiceProtocol.Lmtp, false)]
    [InlineData("host.example:24", "host.example.", 24, ServiceProtocol.Lmtp, false)]
    [InlineData("host.example:21", "host.example.", 21, ServiceProtocol.Ftp, false)]
    [InlineData("host.example:119", "host.example.", 119, ServiceProtocol.Nntp, false)]
    [InlineData("host.example:6667", "host.example.", 6667, ServiceProtocol.Irc, false)]
    [InlineData("host.example:853", "host.example.", 853, ServiceProtocol.Dot, false)]
    [InlineData("host.example:636", "host.example.", 636, ServiceProtocol.LdapTls, false)]
    [InlineData("host.example:990", "host.example.", 990, ServiceProtocol.FtpTls, false)]
    [InlineData("host.example:563", "host.example.", 563, ServiceProtocol.NntpTls, false)]
    [InlineData("host.example:6697", "host.example.", 6697, ServiceProtocol.IrcTls, false)]
    [InlineData("host.example:5223", "host.example.", 5223, ServiceProtocol.XmppClientTls, false)]
    [InlineData("xmpp-client://host.example", "host.example.", 5222, ServiceProtocol.XmppClient, false)]
    [InlineData("host.example:5222", "host.example.", 5222, ServiceProtocol.XmppClient, false)]
    [InlineData("host.example:5269", "host.example.", 5269, ServiceProtocol.XmppServer, false)]
    [InlineData("host.example:5270", "host.example.", 5270, ServiceProtocol.XmppServerTls, false)]
    public void A_target_is_a_mail_domain_or_a_service(string text, string name, int port, ServiceProtocol protocol, bool isMailDomain)
    {
        Assert.True(CheckTarget.TryParse(text, out var target, out var fault), fault);

        Assert.Equal((name, port, protocol, isMailDomain), (target.Name.ToString(), target.Port, target.Protocol, target.IsMailDomain));
        Assert.Equal(text, target.Text);
    }

    [Theory, Rfc(6186, "3.2"), Rfc(6120, "3.2.1"), Rfc(8314, "5.1")]
    [InlineData("_imaps._tcp.example.org", "_imaps._tcp.example.org.", "example.org.", ServiceProtocol.ImapTls)]
    [InlineData("_IMAPS._TCP.Example.org.", "_IMAPS._TCP.Example.org.", "Example.org.", ServiceProtocol.ImapTls)]
    [InlineData("_submissions._tcp.example.org", "_submissions._tcp.example.org.", "example.org.", ServiceProtocol.SubmissionTls)]
    [InlineData("_postgresql._tcp.example.org", "_postgresql._tcp.example.org.", "example.org.", ServiceProtocol.Postgres)]
    [InlineData("xmpp-server://example.org", "_xmpp-server._tcp.example.org.", "example.org.", ServiceProtocol.XmppServer)]
    [InlineData("xmpps-client://example.org/", "_xmpps-client._tcp.example.org.", "example.org.", ServiceProtocol.XmppClientTls)]
    [InlineData("xmpp-server://example.org:5269", null, "example.org.", ServiceProtocol.XmppServer)]
    [InlineData("example.org:5269", null, "example.org.", ServiceProtocol.XmppServer)]
    [InlineData("imaps://example.org", null, "example.org.", ServiceProtocol.ImapTls)]
    public void SRV_records_are_asked_for_at_an_owner_spelt_out_and_in_XMPP_without_a_port(string text, string? owner, string name, ServiceProtocol protocol)
    {
        Assert.True(CheckTarget.TryParse(text, out var target, out var fault), fault);

        Assert.Equal((owner, name, protocol, false), (target.SrvOwner?.ToString(), target.Name.ToString(), target.Protocol, target.IsMailDomain));
    }

    [Theory]
    [InlineData("imaps://example.org", "_imaps._tcp.example.org.")]
    [InlineData("xmpp-client://example.org", "_xmpp-client._tcp.example.org.")]
    [InlineData("_pop3s._tcp.example.org", "_pop3s._tcp.example.org.")]
    public void SRV_records_are_asked_for_when_that_is_said(string text, string owner)
    {
        Assert.True(CheckTarget.TryParseSrv(text, out var target, out var fault), fault);

        Assert.Equal((owner, true), (target.SrvOwner?.ToString(), target.AsksSrv));
    }

    [Theory]
    [InlineData("example.org", "names no service")]
    [InlineData("imaps://example.org:993", "has a port")]
    [InlineData("example.org:993", "has a port")]
    [InlineData("https://example.org", "look no SRV records up")]
    [InlineData("imaps://192.0.2.1", "an address")]
    [InlineData("", "no host name")]
    public void SRV_records_are_those_of_a_service_and_a_domain(string text, string expected)
    {
        Assert.False(CheckTarget.TryParseSrv(text, out var target, out var fault));

        Assert.Null(target);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    [Theory, Rule("R20")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("192.0.2.1:993", "192.0.2.1")]
    [InlineData("[192.0.2.1]", "192.0.2.1")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("[2001:db8::1]:993", "2001:db8::1")]
    [InlineData("imaps://[2001:db8::1]", "2001:db8::1")]
    public void An_address_is_a_target_to_which_DANE_does_not_apply(string text, string address)
    {
        Assert.True(CheckTarget.TryParse(text, out var target, out var fault), fault);

        Assert.Equal(IPAddress.Parse(address), target.Address);
    }

    [Theory]
    [InlineData("", "no host name")]
    [InlineData("   ", "no host name")]
    [InlineData(".", "root")]
    [InlineData("imaps://", "no host name")]
    [InlineData("host.example:8443", "scheme")]
    [InlineData("tls://host.example", "port")]
    [InlineData("http://host.example", "https")]
    [InlineData("_25._tcp.mx.example.org", "mx.example.org:25")]
    [InlineData("_imaps._udp.example.org", "transport")]
    [InlineData("_gopher._tcp.example.org", "known are _submission")]
    [InlineData("_imaps._tcp.example.org:993", "alone")]
    [InlineData("imaps://_imaps._tcp.example.org", "alone")]
    [InlineData("gopher://host.example", "scheme is not known")]
    [InlineData("https://host.example/path", "path")]
    [InlineData("user@example.org", "example.org")]
    [InlineData("host.example:0", "1 to 65535")]
    [InlineData("host.example:65536", "1 to 65535")]
    [InlineData("host.example:", "1 to 65535")]
    [InlineData("host.example:-1", "1 to 65535")]
    [InlineData("a..b", "two dots")]
    [InlineData("[2001:db8::1", "bracket")]
    [InlineData("[host.example]:25", "brackets")]
    [InlineData("exam ple.org", "character")]
    public void A_target_that_is_none_is_told_why(string text, string fault)
    {
        Assert.False(CheckTarget.TryParse(text, out var target, out var told));

        Assert.Null(target);
        Assert.Contains(fault, told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host.example:2525", ServiceProtocol.Smtp, 2525, ServiceProtocol.Smtp)]
    [InlineData("host.example:587", ServiceProtocol.Smtp, 587, ServiceProtocol.Submission)]
    [InlineData("host.example:993", ServiceProtocol.Imap, 993, ServiceProtocol.Imap)]
    [InlineData("192.0.2.1:2525", ServiceProtocol.Pop3, 2525, ServiceProtocol.Pop3)]
    public void What_is_spoken_at_a_port_can_be_said_beside_it(string text, ServiceProtocol startTls, int port, ServiceProtocol protocol)
    {
        Assert.True(CheckTarget.TryParse(text, startTls, out var target, out var fault), fault);

        Assert.Equal((text, port, protocol), (target.Text, target.Port, target.Protocol));
        Assert.Equal(startTls, target.StartTls);
    }

    [Theory]
    [InlineData("example.org", "no port")]
    [InlineData("192.0.2.1", "no port")]
    [InlineData("smtp://host.example:2525", "scheme")]
    [InlineData("host.example:0", "1 to 65535")]
    public void It_cannot_be_said_of_what_tells_it_or_has_no_port(string text, string fault)
    {
        Assert.False(CheckTarget.TryParse(text, ServiceProtocol.Smtp, out var target, out var told));

        Assert.Null(target);
        Assert.Contains(fault, told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ServiceProtocol.ImapTls)]
    [InlineData(ServiceProtocol.Tls)]
    public void TLS_at_once_is_not_started_by_any_word(ServiceProtocol protocol) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CheckTarget.TryParse("host.example:2525", protocol, out _, out _));

    [Fact]
    public void A_name_or_label_too_long_is_told_so()
    {
        Assert.False(CheckTarget.TryParse(new string('a', 64) + ".example", out _, out var label));
        Assert.False(CheckTarget.TryParse(string.Join('.', Enumerable.Repeat(new string('a', 60), 5)), out _, out var name));

        Assert.Contains("63", label, StringComparison.Ordinal);
        Assert.Contains("255", name, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(":25::2525", "mx.example", "192.0.2.1", 25, "192.0.2.1:2525")]
    [InlineData(":25::2525", "mx.example", "192.0.2.1", 993, "192.0.2.1:993")]
    [InlineData("mx.example:25:127.0.0.1:2525", "MX.example", "192.0.2.1", 25, "127.0.0.1:2525")]
    [InlineData("mx.example:25:127.0.0.1:2525", "mx2.example", "192.0.2.1", 25, "192.0.2.1:25")]
    [InlineData("mx.example::[::1]:", "mx.example", "192.0.2.1", 25, "[::1]:25")]
    [InlineData("192.0.2.1:25:localhost:2525", "mx.example", "192.0.2.1", 25, "127.0.0.1:2525")]
    [InlineData("[2001:db8::1]:::9", "mx.example", "2001:db8::1", 25, "[2001:db8::1]:9")]
    [InlineData(":::", "mx.example", "192.0.2.1", 25, "192.0.2.1:25")]
    public void A_connect_to_rule_works_as_in_curl(string text, string host, string address, int port, string expected)
    {
        Assert.True(ConnectToRule.TryParse(text, out var rule, out var fault), fault);

        Assert.Equal(IPEndPoint.Parse(expected), ConnectToRule.Apply([rule], DomainName.Parse(host), new(IPAddress.Parse(address), port)));
        Assert.True(ConnectToRule.TryParse(rule.ToString(), out var again, out _));
        Assert.Equal(rule, again);
    }

    [Fact]
    public void The_first_connect_to_rule_that_fits_counts()
    {
        ConnectToRule[] rules = [Rule("other.example:25::1"), Rule(":25::2"), Rule(":25::3")];

        Assert.Equal(2, ConnectToRule.Apply(rules, DomainName.Parse("mx.example"), new(IPAddress.Loopback, 25)).Port);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a:b:c")]
    [InlineData("mx.example:25:127.0.0.1:2525:1")]
    [InlineData("mx.example:x::1")]
    [InlineData("mx.example:25:other.example:25")]
    [InlineData(":::70000")]
    [InlineData("[::1:25::")]
    public void A_connect_to_rule_that_is_none_is_refused_with_words(string text)
    {
        Assert.False(ConnectToRule.TryParse(text, out var rule, out var fault));

        Assert.Null(rule);
        Assert.NotEqual("", fault);
    }

    private static ConnectToRule Rule(string text) => ConnectToRule.TryParse(text, out var rule, out var fault) ? rule : throw new FormatException(fault);
}
