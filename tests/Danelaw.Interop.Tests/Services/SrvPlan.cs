using Danelaw.Interop.Tests.Mail;

namespace Danelaw.Interop.Tests.Services;

/// <summary>Domains of the signed world whose SRV records lead to Dovecot and Prosody; and one domain that offers mail in every way, beside one that takes mail and nothing else.</summary>
internal sealed class SrvPlan
{
    public const string MailAddress = "127.25.6.1";
    public const string ChatAddress = "127.25.6.2";
    public const string OnlyAddress = "127.25.6.3";
    public const string AllAddress = "127.25.6.4";

    /// <summary>A port of Dovecot's for IMAP over TLS that no client would guess.</summary>
    public const int OddPort = 1993;

    public const string ChatDomain = "chat.post.nsec";
    public const string ChatHost = "xmpp.post.nsec";
    public const string AllDomain = "all.post.nsec";
    public const string OnlyDomain = "only.post.nsec";

    public SrvPlan(ServerCertificate authority)
    {
        Imap = authority.IssueServer(["imap.post.nsec", "mail.all.post.nsec"]);
        Chat = authority.IssueServer([ChatDomain]);
        Anchor = authority.Tlsa(2, 0, 1);
    }

    /// <summary>What Dovecot, Postfix and nginx serve.</summary>
    public ServerCertificate Imap { get; }

    /// <summary>What Prosody serves: it bears the domain, and not the host.</summary>
    public ServerCertificate Chat { get; }

    private string Anchor { get; }

    /// <summary>The zone-file lines of one zone.</summary>
    public string ZoneLines(string zone) => zone switch
    {
        MailPlan.Zone => Secure(),

        // Unsigned, and leads to a host that has all that DANE needs.
        MailPlan.PlainZone => "_imaps._tcp.srv SRV 0 1 993 imap.post.nsec.\n",

        // Its signature is broken.
        "spoilt.nsec." => "_imaps._tcp.srv SRV 0 1 993 imap.post.nsec.\n",
        _ => "",
    };

    private string Secure() => $"""
        imap A {MailAddress}
        imap-alias CNAME imap
        _993._tcp.imap TLSA {Imap.Tlsa(3, 1, 1)}
        _{OddPort}._tcp.imap TLSA {Anchor}
        _imaps._tcp.srv SRV 0 1 993 imap
        _imaps._tcp.srv-odd-port SRV 0 1 {OddPort} imap
        _imaps._tcp.srv-alias SRV 0 1 993 imap-alias
        _imaps._tcp.srv-two SRV 0 1 993 flipped.spoilt.nsec.
        _imaps._tcp.srv-two SRV 1 1 993 imap
        _imaps._tcp.srv-not-offered SRV 0 0 0 .
        _imaps._tcp.srv-wrong SRV 0 1 993 wrong
        wrong A {MailAddress}
        _993._tcp.wrong TLSA {Chat.Tlsa(3, 1, 1)}
        xmpp A {ChatAddress}
        _xmpp-client._tcp.chat SRV 0 1 5222 xmpp
        _xmpp-server._tcp.chat SRV 0 1 5269 xmpp
        _xmpps-client._tcp.chat SRV 0 1 5223 xmpp
        _xmpps-server._tcp.chat SRV 0 1 5270 xmpp
        {string.Concat(((int[])[5222, 5223, 5269, 5270]).Select(port => $"_{port}._tcp.xmpp TLSA {Anchor}\n"))}
        {OnlyDomain}. MX 10 mx.{OnlyDomain}.
        mx.{OnlyDomain}. A {OnlyAddress}
        _25._tcp.mx.{OnlyDomain}. TLSA {Imap.Tlsa(3, 1, 1)}
        {AllDomain}. MX 10 mail.{AllDomain}.
        mail.{AllDomain}. A {AllAddress}
        {string.Concat(((int[])[25, 110, 143, 443, 465, 587, 993, 995, 4190]).Select(port => $"_{port}._tcp.mail.{AllDomain}. TLSA {Imap.Tlsa(3, 1, 1)}\n"))}

        """;
}
