namespace Danelaw.Probes;

/// <summary>What is spoken before and around TLS. Closed.</summary>
public enum ServiceProtocol
{
    /// <summary>TLS at once, nothing known of what comes inside.</summary>
    Tls = 0,

    /// <summary>SMTP between servers, port 25, STARTTLS (RFC 3207).</summary>
    Smtp,

    /// <summary>Submission, port 587, STARTTLS (RFC 6409).</summary>
    Submission,

    /// <summary>Submission over TLS, port 465 (RFC 8314).</summary>
    SubmissionTls,

    /// <summary>IMAP, port 143, STARTTLS (RFC 9051).</summary>
    Imap,

    /// <summary>IMAP over TLS, port 993.</summary>
    ImapTls,

    /// <summary>POP3, port 110, STLS (RFC 2595).</summary>
    Pop3,

    /// <summary>POP3 over TLS, port 995.</summary>
    Pop3Tls,

    /// <summary>ManageSieve, port 4190, STARTTLS (RFC 5804).</summary>
    Sieve,

    /// <summary>HTTPS, port 443.</summary>
    Https,

    /// <summary>Delivery to mailboxes, port 24, STARTTLS (RFC 2033, RFC 3207).</summary>
    Lmtp,

    /// <summary>XMPP for clients, port 5222, STARTTLS (RFC 6120 §5).</summary>
    XmppClient,

    /// <summary>XMPP between servers, port 5269, STARTTLS (RFC 6120 §5).</summary>
    XmppServer,

    /// <summary>XMPP for clients over TLS, by custom port 5223 (XEP-0368).</summary>
    XmppClientTls,

    /// <summary>XMPP between servers over TLS, by custom port 5270 (XEP-0368).</summary>
    XmppServerTls,

    /// <summary>LDAP, port 389, the StartTLS operation (RFC 4511 §4.14).</summary>
    Ldap,

    /// <summary>LDAP over TLS, port 636.</summary>
    LdapTls,

    /// <summary>FTP, port 21, AUTH TLS (RFC 4217).</summary>
    Ftp,

    /// <summary>FTP over TLS, port 990.</summary>
    FtpTls,

    /// <summary>NNTP, port 119, STARTTLS (RFC 4642).</summary>
    Nntp,

    /// <summary>NNTP over TLS, port 563 (RFC 8143).</summary>
    NntpTls,

    /// <summary>IRC, port 6667, STARTTLS (IRCv3).</summary>
    Irc,

    /// <summary>IRC over TLS, port 6697 (RFC 7194).</summary>
    IrcTls,

    /// <summary>PostgreSQL, port 5432, SSLRequest.</summary>
    Postgres,

    /// <summary>MySQL and MariaDB, port 3306, SSLRequest.</summary>
    Mysql,

    /// <summary>DNS over TLS, port 853 (RFC 7858).</summary>
    Dot,

    /// <summary>DNS over HTTPS, port 443 (RFC 8484).</summary>
    Doh,
}
