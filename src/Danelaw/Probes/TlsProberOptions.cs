namespace Danelaw.Probes;

/// <summary>How far a prober goes with one server. Immutable.</summary>
public sealed record TlsProberOptions
{
    /// <summary>The time for the TCP connection. Default 8 s.</summary>
    public TimeSpan ConnectTime { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The time for one whole reply, the greeting included, however slowly it drips. Default 12 s: servers that delay their greeting against spam do so for up to ten.</summary>
    public TimeSpan StepTime { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>The time for the TLS handshake. Default 10 s.</summary>
    public TimeSpan HandshakeTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time for the whole, connection and leave included. Default 25 s.</summary>
    public TimeSpan TotalTime { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>How long the greeting is waited for, once all is known, where TLS came at once: without it nobody takes leave. Default 2 s.</summary>
    public TimeSpan GreetingTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the answer to what is said on leaving is waited for, once all is known. Default 250 ms.</summary>
    public TimeSpan LeaveTime { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest line that a server may send, in octets. Default 8192 (RFC 5321 §4.5.3.1.5 has 512, RFC 7162 §4 has 8192).</summary>
    public int MaximumLine { get; init; } = 8192;

    /// <summary>The most octets that a server may send before TLS. Default 65536.</summary>
    public int MaximumOctets { get; init; } = 65536;

    /// <summary>The most lines of one reply. Default 200.</summary>
    public int MaximumLines { get; init; } = 200;

    /// <summary>The name in EHLO, ASCII without blanks; null for the machine's name when it has a domain, or else the address that the connection comes from (RFC 5321 §4.1.4). Default null.</summary>
    public string? HelloName { get; init; }

    /// <summary>
    /// Whom the operator of a server may write to: a mail address or a URL, of printable ASCII without blanks, quotes and backslashes. It is told before the leave, when
    /// all is known: in NOOP (SMTP and LMTP, RFC 5321 §4.1.1.9) and in ID (IMAP, RFC 2971). Default null: nobody is told.
    /// </summary>
    public string? Contact { get; init; }
}
