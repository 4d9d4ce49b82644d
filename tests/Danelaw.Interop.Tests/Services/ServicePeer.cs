using System.Collections.Immutable;
using Danelaw.Probes;

namespace Danelaw.Interop.Tests.Services;

/// <summary>A service of a real server, and how each tool is told of it.</summary>
/// <param name="Scheme">Its name for <c>danelaw check</c>.</param>
/// <param name="Port">Its port.</param>
internal sealed record PeerService(string Scheme, int Port)
{
    /// <summary>The protocol to start TLS in as s_client calls it; null for TLS at once.</summary>
    public string? SClient { get; init; }

    /// <summary>The same as danetool calls it; null where the port tells it that TLS comes at once, and where it does not speak the protocol.</summary>
    public string? Danetool { get; init; }

    /// <summary>The options with which posttls-finger speaks it; null where it does not.</summary>
    public IReadOnlyList<string>? Finger { get; init; }

    public bool IsAtOnce => SClient is null;
}

/// <summary>A real server, as the tests raise it.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Label">What its hosts' names have for it.</param>
/// <param name="Services">What it serves; the first is met in every condition in each run, the others with <c>--long</c>.</param>
internal sealed record ServicePeer(string Name, string Label, params IReadOnlyList<PeerService> Services)
{
    private static readonly string[] Plainly = [], WrappedTls = ["-w"], Lmtp = ["-S"];

    private static readonly PeerService[] Submitting =
    [
        new("smtp", 25) { SClient = "smtp", Danetool = "smtp", Finger = Plainly },
        new("submission", 587) { SClient = "smtp", Danetool = "smtp", Finger = Plainly },
        new("submissions", 465) { Finger = WrappedTls },
    ];

    public static ImmutableArray<ServicePeer> All { get; } =
    [
        new("Postfix", "postfix", Submitting),
        new("Exim", "exim", Submitting) { KeyForOpenSsl = KeyAlgorithm.Rsa },
        new("OpenSMTPD", "opensmtpd", Submitting[0]) 
        {
            CannotSign = true,
            OneKey = "a listener has one key",
            Note = "Debian 12's (6.8.0p2) offers STARTTLS, shows its certificate and then fails: it cannot sign with OpenSSL 3 (OpenSMTPD's issues 1171 and 1239). So no client comes to TLS with it, and nothing can verify.",
        },
        new("Dovecot", "dovecot",
            new("imap", 143) { SClient = "imap", Danetool = "imap" },
            new("imaps", 993),
            new("pop3", 110) { SClient = "pop3", Danetool = "pop3" },
            new("pop3s", 995),
            new("lmtp", 24) { SClient = "lmtp", Danetool = "lmtp", Finger = Lmtp },
            new("sieve", 4190) { SClient = "sieve", Danetool = "sieve" }) { ClosesUnasked = true },
        new("Prosody", "prosody",
            new("xmpp-client", 5222) { SClient = "xmpp", Danetool = "xmpp" },
            new("xmpp-server", 5269) { SClient = "xmpp-server" },
            new("xmpps-client", 5223),
            new("xmpps-server", 5270)) { OneKey = "a host has one certificate" },
        new("OpenLDAP", "openldap", new("ldap", 389) { SClient = "ldap", Danetool = "ldap" }, new("ldaps", 636)) { OneKey = "it has one certificate", ClosesUnasked = true },
        new("vsftpd", "vsftpd", new("ftp", 21) { SClient = "ftp", Danetool = "ftp" }, new("ftps", 990) { Danetool = "https" }),
        new("INN, innd", "innd", new PeerService("nntp", 119) { SClient = "nntp", Danetool = "nntp" }) { OneKey = "it has one certificate" },
        new("INN, nnrpd", "nnrpd", new PeerService("nntps", 563)) { OneKey = "it has one certificate" },
        new("InspIRCd", "inspircd", new("irc", 6667) { SClient = "irc" }, new("ircs", 6697)) { OneKey = "a profile of its GnuTLS has one certificate", ClosesUnasked = true },
        new("PostgreSQL", "postgresql", new PeerService("postgres", 5432) { SClient = "postgres", Danetool = "postgres" }) { OneKey = "it has one certificate", IsSlowToRise = true },
        new("MariaDB", "mariadb", new PeerService("mysql", 3306) { SClient = "mysql" }) { OneKey = "it has one certificate", IsSlowToRise = true },
        new("unbound", "unbound", new("dot", 853), new("doh", 8443)) { OneKey = "it has one certificate" },
        new("nginx", "nginx", new PeerService("https", 443)),
        new("gnutls-serv", "gnutls-serv", new PeerService("tls", 4441)) { KeyForOpenSsl = KeyAlgorithm.Rsa, ListensEverywhere = true },
    ];

    /// <summary>Why it cannot have two keys; null when it can.</summary>
    public string? OneKey { get; init; }

    /// <summary>What has to be known of it, for people; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>Whether it shows a certificate and never completes a handshake.</summary>
    public bool CannotSign { get; init; }

    /// <summary>Whether it closes the connection without an alert when it is asked for a kind of key that it has not: a note tells that.</summary>
    public bool ClosesUnasked { get; init; }

    /// <summary>Whether raising one more of it is left to the long run.</summary>
    public bool IsSlowToRise { get; init; }

    /// <summary>Whether it takes its port on every address, so that each site has a port of its own.</summary>
    public bool ListensEverywhere { get; init; }

    /// <summary>Which key of two it shows to clients of OpenSSL.</summary>
    public KeyAlgorithm KeyForOpenSsl { get; init; } = KeyAlgorithm.Ecdsa;

    /// <summary>Which key of two it shows to clients of GnuTLS.</summary>
    public KeyAlgorithm KeyForGnuTls { get; init; } = KeyAlgorithm.Rsa;

    public string Host(Condition condition) => $"{condition.Label()}.{Label}.post.nsec";

    public string Address(SiteKind site) => $"127.25.{20 + All.IndexOf(this)}.{(int)site + 1}";

    public int Port(PeerService service, SiteKind site) => ListensEverywhere ? service.Port + (int)site : service.Port;

    /// <summary>The conditions in which a service of it is met.</summary>
    public IEnumerable<Condition> Conditions(PeerService service) => Enum.GetValues<Condition>().Where(condition => condition switch
    {
        Condition.Right or Condition.Wrong => true,
        Condition.ExpiredEndEntity or Condition.ExpiredAnchored => !CannotSign,
        Condition.DualBoth or Condition.DualRsa or Condition.DualEcdsa => OneKey is null,
        Condition.TlsMissing => !service.IsAtOnce,
    });

    /// <summary>Whether a service is met in that condition in the long run alone.</summary>
    public bool IsLong(PeerService service, Condition condition) =>
        condition.Site() is SiteKind.Expired or SiteKind.Dual && (IsSlowToRise || service != Services[0]);
}
