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
}
