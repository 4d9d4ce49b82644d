using System.Collections.Immutable;
using Danelaw.Probes.Dialogues;

namespace Danelaw.Probes;

/// <summary>
/// Every service that a probe can speak to: all that differs between protocols stands in its row and nowhere else. A new one is a dialogue and a row.
/// A protocol without a row is not spoken yet: no name leads to it, and a probe refuses it.
/// </summary>
internal static class ServiceTable
{
    /// <summary>The rows. Of several services at one port the first is the one that the port tells.</summary>
    internal static ImmutableArray<Service> All { get; } =
    [
        new(ServiceProtocol.Smtp, 25, "smtp")
        {
            StartTls = "smtp",
            Before = context => new SmtpDialogue(context),
            TurnTlsOn = "Turn STARTTLS on for every client (Postfix: smtpd_tls_security_level = may, and smtpd_tls_chain_files)",
        },
        new(ServiceProtocol.Submission, 587, "submission")
        {
            Srv = "submission",
            StartTls = "smtp",
            Before = context => new SmtpDialogue(context),
            TurnTlsOn = "Turn STARTTLS on (Postfix, in master.cf: -o smtpd_tls_security_level=encrypt, and smtpd_tls_chain_files)",
        },
        new(ServiceProtocol.SubmissionTls, 465, "submissions", "smtps") { Srv = "submissions", Within = context => new SmtpDialogue(context) },
        new(ServiceProtocol.Lmtp, 24, "lmtp") { StartTls = "lmtp", Before = context => new SmtpDialogue(context, isLmtp: true), TurnTlsOn = DovecotTls },
        new(ServiceProtocol.Imap, 143, "imap") { Srv = "imap", StartTls = "imap", Before = context => new ImapDialogue(context.Contact), TurnTlsOn = DovecotTls },
        new(ServiceProtocol.ImapTls, 993, "imaps") { Srv = "imaps", Within = context => new ImapDialogue(context.Contact) },
        new(ServiceProtocol.Pop3, 110, "pop3", "pop") { Srv = "pop3", StartTls = "pop3", Before = _ => new Pop3Dialogue(), TurnTlsOn = DovecotTls },
        new(ServiceProtocol.Pop3Tls, 995, "pop3s", "pops") { Srv = "pop3s", Within = _ => new Pop3Dialogue() },
        new(ServiceProtocol.Sieve, 4190, "sieve") { Srv = "sieve", StartTls = "sieve", Before = _ => new SieveDialogue(), TurnTlsOn = DovecotTls },
        new(ServiceProtocol.XmppClient, 5222, "xmpp-client")
        {
            Srv = "xmpp-client",
            AsksSrvFirst = true,
            StartTls = "xmpp-client",
            Before = context => new XmppDialogue(context.Target.ServiceName ?? context.Target.ServerName, "jabber:client"),
            NamesDomain = true,
            TurnTlsOn = ProsodyTls,
        },
        new(ServiceProtocol.XmppServer, 5269, "xmpp-server")
        {
            Srv = "xmpp-server",
            AsksSrvFirst = true,
            StartTls = "xmpp-server",
            Before = context => new XmppDialogue(context.Target.ServiceName ?? context.Target.ServerName, "jabber:server"),
            NamesDomain = true,
            TurnTlsOn = ProsodyTls,
        },
        new(ServiceProtocol.XmppClientTls, 5223, "xmpps-client") { Srv = "xmpps-client", AsksSrvFirst = true, ShowsDomain = true },
        new(ServiceProtocol.XmppServerTls, 5270, "xmpps-server") { Srv = "xmpps-server", AsksSrvFirst = true, ShowsDomain = true },
        new(ServiceProtocol.Ldap, 389, "ldap")
        {
            Srv = "ldap",
            StartTls = "ldap",
            Before = _ => new LdapDialogue(),
            TurnTlsOn = "Turn StartTLS on (OpenLDAP: olcTLSCertificateFile and olcTLSCertificateKeyFile)",
        },
        new(ServiceProtocol.LdapTls, 636, "ldaps") { Srv = "ldaps", Within = _ => new LdapDialogue() },
        new(ServiceProtocol.Ftp, 21, "ftp")
        {
            Srv = "ftp",
            StartTls = "ftp",
            Before = _ => new FtpDialogue(),
            TurnTlsOn = "Turn AUTH TLS on (vsftpd: ssl_enable=YES, with rsa_cert_file and rsa_private_key_file)",
        },
        new(ServiceProtocol.FtpTls, 990, "ftps") { Srv = "ftps", Within = _ => new FtpDialogue() },
        new(ServiceProtocol.Nntp, 119, "nntp")
        {
            Srv = "nntp",
            StartTls = "nntp",
            Before = _ => new NntpDialogue(),
            TurnTlsOn = "Turn STARTTLS on (INN, in inn.conf: tlscertfile and tlskeyfile)",
        },
        new(ServiceProtocol.NntpTls, 563, "nntps") { Srv = "nntps", Within = _ => new NntpDialogue() },
        new(ServiceProtocol.Irc, 6667, "irc")
        {
            Srv = "irc",
            StartTls = "irc",
            Before = _ => new IrcDialogue(),
            TurnTlsOn = "Turn STARTTLS on (InspIRCd: the modules starttls and ssl_gnutls, and an sslprofile)",
        },
        new(ServiceProtocol.IrcTls, 6697, "ircs") { Srv = "ircs", Within = _ => new IrcDialogue() },
        new(ServiceProtocol.Postgres, 5432, "postgres", "postgresql")
        {
            Srv = "postgresql",
            StartTls = "postgres",
            Before = _ => new PostgresDialogue(),
            TurnTlsOn = "Turn TLS on (PostgreSQL: ssl = on, with ssl_cert_file and ssl_key_file)",
        },
        new(ServiceProtocol.Mysql, 3306, "mysql", "mariadb")
        {
            Srv = "mysql",
            StartTls = "mysql",
            Before = _ => new MysqlDialogue(),
            TurnTlsOn = "Turn TLS on (MariaDB and MySQL: ssl_cert and ssl_key under [mysqld])",
        },
        new(ServiceProtocol.Https, 443, "https"),
        new(ServiceProtocol.Dot, 853, "dot"),
        new(ServiceProtocol.Doh, 443, "doh"),
        new(ServiceProtocol.Tls, 0, "tls"),
    ];

    private const string ProsodyTls = "Turn STARTTLS on (Prosody: \"tls\" among modules_enabled, and a certificate by prosodyctl cert import)";
    private const string DovecotTls = "Turn STARTTLS on (Dovecot: ssl = yes, with its certificate and key)";

    /// <summary>The row of a protocol.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not spoken.</exception>
    internal static Service Of(ServiceProtocol protocol) =>
        All.FirstOrDefault(service => service.Protocol == protocol) ?? throw new ArgumentOutOfRangeException(nameof(protocol), protocol, "no probe speaks this protocol");

    /// <summary>The service with that scheme, in whatever case; null when there is none.</summary>
    internal static Service? WithScheme(string scheme) => All.FirstOrDefault(service => service.Schemes.Contains(scheme, StringComparer.OrdinalIgnoreCase));

    /// <summary>The service whose SRV records stand below that label, the underscore left out, in whatever case; null when there is none.</summary>
    internal static Service? WithSrv(string name) => All.FirstOrDefault(service => name.Equals(service.Srv, StringComparison.OrdinalIgnoreCase));

    /// <summary>The service that a port tells; null when it tells none.</summary>
    internal static Service? AtPort(int port) => port == 0 ? null : All.FirstOrDefault(service => service.Port == port);

    /// <summary>The service at a port of which it is said how TLS is started there: of several that start it alike the one whose port it is, or else the first.</summary>
    internal static Service? WithStartTls(string name, int port = 0)
    {
        var alike = All.Where(service => name.Equals(service.StartTls, StringComparison.OrdinalIgnoreCase)).ToList();
        return alike.Find(service => service.Port == port) ?? alike.FirstOrDefault();
    }
}

/// <summary>One row of the table: a service, how it is called, and what is spoken there.</summary>
/// <param name="protocol">The protocol, of which there is one row.</param>
/// <param name="port">The port as IANA assigns it, or as everybody uses it; 0 when it has none of its own.</param>
/// <param name="schemes">The names before <c>://</c>, the usual one first.</param>
internal sealed class Service(ServiceProtocol protocol, ushort port, params string[] schemes)
{
    internal ServiceProtocol Protocol => protocol;

    internal ushort Port => port;

    internal IReadOnlyList<string> Schemes => schemes;

    /// <summary>The value of <c>--starttls</c>; null where TLS comes at once.</summary>
    internal string? StartTls { get; init; }

    /// <summary>The dialogue that goes before TLS; null where TLS comes at once.</summary>
    internal Func<DialogueContext, Dialogue>? Before { get; init; }

    /// <summary>The dialogue that goes on within TLS that came at once, so that a leave is polite; null when nothing is said.</summary>
    internal Func<DialogueContext, Dialogue>? Within { get; init; }

    /// <summary>Whether the domain that is served is named before TLS, which need not be the host.</summary>
    internal bool NamesDomain { get; init; }

    /// <summary>The service's name in SRV owners (RFC 6186, RFC 8314 §5.1, RFC 5804 §1.8, RFC 6120 §3.2, XEP-0368, or as IANA registers it), the underscore left out; null where clients look no SRV records up.</summary>
    internal string? Srv { get; init; }

    /// <summary>Whether clients ask for SRV records before anything else, and go to the domain itself when there is none (RFC 6120 §3.2); others ask where they are told to.</summary>
    internal bool AsksSrvFirst { get; init; }

    /// <summary>Whether SNI is the domain that is served, whoever serves it: TLS comes at once, so nothing else tells it (XEP-0368).</summary>
    internal bool ShowsDomain { get; init; }

    /// <summary>How an operator turns TLS on, without a full stop.</summary>
    internal string TurnTlsOn { get; init; } = "Turn TLS on";
}
