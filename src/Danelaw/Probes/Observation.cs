using System.Collections.Immutable;
using Danelaw.Dns;

namespace Danelaw.Probes;

/// <summary>How far a probe came. Closed.</summary>
public enum ProbeOutcome
{
    /// <summary>Nothing is known; it was never tried.</summary>
    None = 0,

    /// <summary>The handshake was completed: the server has proven that it holds the leaf's key.</summary>
    Completed,

    /// <summary>The host or the network refused the connection.</summary>
    Refused,

    /// <summary>No connection, or no further octet, within the time allowed.</summary>
    TimedOut,

    /// <summary>The connection was closed or reset before TLS began.</summary>
    Closed,

    /// <summary>The server greeted with a refusal (4xx, 5xx, BYE, -ERR, ERROR, a stream error).</summary>
    GreetingRefused,

    /// <summary>The server spoke something else than the protocol, or more than the limit.</summary>
    ProtocolError,

    /// <summary>STARTTLS is not among the capabilities.</summary>
    StartTlsNotOffered,

    /// <summary>STARTTLS was offered and then refused (4xx, 5xx, NO, BAD, -ERR, 691, a failure element).</summary>
    StartTlsRefused,

    /// <summary>Plain text was in the buffer after STARTTLS was accepted: an injection (CVE-2011-0411).</summary>
    PlainTextAfterStartTls,

    /// <summary>The TLS handshake failed for reasons of TLS: no common version or cipher, an alert, an unreadable certificate.</summary>
    HandshakeFailed,

    /// <summary>The server closed or reset the connection, or said nothing, in the middle of the handshake.</summary>
    HandshakeInterrupted,

    /// <summary>The server has no certificate for the kind of key that was asked for.</summary>
    AlgorithmNotOffered,

    /// <summary>That kind of key could not be asked for: what the server sent before any certificate was not understood, or it ended the handshake for another reason than that it has none. Older recordings say it of servers of TLS 1.3 alone.</summary>
    AlgorithmNotAsked,

    /// <summary>A certificate was shown and the handshake was not completed: nothing proves that the server holds its key. That no record matches it counts; that one does is worth nothing.</summary>
    CertificateSeen,
}

/// <summary>What shook hands. Closed.</summary>
public enum ProberKind
{
    /// <summary><see cref="System.Net.Security.SslStream"/>.</summary>
    SslStream = 0,

    /// <summary>BouncyCastle's TLS.</summary>
    BouncyCastle,
}

/// <summary>What a probe saw: evidence, immutable.</summary>
public sealed record Observation
{
    /// <summary>Whom it looked at.</summary>
    public required ProbeTarget Target { get; init; }

    /// <summary>How far it came.</summary>
    public ProbeOutcome Outcome { get; init; }

    /// <summary>The certificates exactly as sent, leaf first, DER; empty when none was shown.</summary>
    public ImmutableArray<Octets> Chain { get; init; } = [];

    /// <summary>The raw public key (RFC 7250), a SubjectPublicKeyInfo in DER; empty unless one was asked for and shown.</summary>
    public Octets RawPublicKey { get; init; }

    /// <summary>What shook hands; it says how a thing was seen, and decides nothing. Default <see cref="ProberKind.SslStream"/>.</summary>
    public ProberKind Prober { get; init; }

    /// <summary>The TLS version, such as <c>TLSv1.3</c>; empty without a handshake.</summary>
    public string TlsVersion { get; init; } = "";

    /// <summary>The cipher suite by its IANA name; empty without a handshake.</summary>
    public string CipherSuite { get; init; } = "";

    /// <summary>What the server said in plain, foreign text, at most a few hundred characters: the reply that decided, or the fault of the handshake. Escape before showing.</summary>
    public string Detail { get; init; } = "";

    /// <summary>
    /// Whether the server has proven that it holds the key of what it showed: in a completed handshake, or in one of TLS 1.3 that it ended afterwards, as one does that demands
    /// a certificate of its clients (RFC 8446 §6.2). Who looks after a server of his own can go by that; whether clients come through, the outcome alone says.
    /// </summary>
    public bool HasProvenKey => Outcome == ProbeOutcome.Completed || HandshakeFaults.IsLateRefusal(this);

    /// <summary>The dialogue before TLS, a line an entry with <c>C: </c> or <c>S: </c> before it, cut at the probe's limits.</summary>
    public ImmutableArray<string> Transcript { get; init; } = [];
}
