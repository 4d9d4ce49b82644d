using Danelaw.Probes.Dialogues;

namespace Danelaw.Probes;

/// <summary>What the server's own octets say of a handshake that failed, whoever of the two probers shook hands.</summary>
internal static class HandshakeFaults
{
    /// <summary>RFC 8996: TLS 1.0 and 1.1 are no longer used (R34).</summary>
    internal const int OldestVersion = 0x0303;

    /// <summary>The server refused every version that is in use, and did not say which it has.</summary>
    internal const string NoCommonVersion = $"the server speaks neither TLSv1.2 nor TLSv1.3 (alert protocol_version); {OldestInUse}";

    private const string OldestInUse = "TLSv1.2 is the oldest in use (RFC 8996)";

    /// <summary>How what is said of a server begins whose signature or Finished is wrong.</summary>
    internal const string NotProven = "the server does not prove that it holds the key of the certificate that it shows";

    /// <summary>Said of a server that goes on and on.</summary>
    internal const string TooMuch = "the server sent more than 512 KiB in the handshake and did not finish it";

    /// <summary>Said of a key that proves nothing.</summary>
    internal const string Everybodys = "its RSA exponent is 1 or even, so everybody can sign with it";

    /// <summary>How what is said of a server begins whose certificate .NET does not read; others may.</summary>
    internal const string UnreadableHere = "a certificate that the server shows cannot be read: ";

    /// <summary>How what is said of a server begins whose handshake OpenSSL does not understand, a certificate in it mostly.</summary>
    private const string NotUnderstood = "what the server sent in the handshake cannot be read";

    /// <summary>How what is said of a server begins that ends the handshake by an alert of its own.</summary>
    private const string Refused = "the server ended the handshake with the alert ";

    /// <summary>How what is said of a server begins that refuses the client's part of a handshake of TLS 1.3, which it has read last of all.</summary>
    private const string RefusedLate = "the server ends the session right after the handshake, with the alert ";

    /// <summary>How what is said of a completed handshake begins whose key exchange is weak.</summary>
    private const string SmallGroup = "the server's Diffie-Hellman group is too small";

    /// <summary>RFC 9325 §4.5: the least number of bits.</summary>
    private const int GroupBits = 2048;

    private const int HandshakeFailure = 40;
    private const int ProtocolVersion = 70;
    private const int InsufficientSecurity = 71;
    private const int CertificateRequired = 116;

    /// <summary>How a server is described that speaks nothing newer.</summary>
    internal static string OnlyRetired(string version) => $"{version} is the newest version that the server speaks; {OldestInUse}";

    /// <summary>Whether the server has nothing newer than a retired version.</summary>
    internal static bool IsOld(Observation seen) => seen.Outcome == ProbeOutcome.HandshakeFailed && seen.Detail.EndsWith(OldestInUse, StringComparison.Ordinal);

    /// <summary>Whether SslStream could make nothing of what the server showed, or did not come to show it.</summary>
    internal static bool IsUnread(Observation seen) =>
        seen.Outcome == ProbeOutcome.HandshakeFailed && new[] { UnreadableHere, NotUnderstood, NotProven }.Any(beginning => seen.Detail.StartsWith(beginning, StringComparison.Ordinal));

    /// <summary>Whether it took another connection to learn which version the server has, or what it shows.</summary>
    internal static bool TookASecondConnection(Observation seen) =>
        seen.Target is { RawPublicKey: false, Algorithm: KeyAlgorithm.Any } && (IsOld(seen) || IsUnread(seen) || seen.Prober == ProberKind.BouncyCastle);

    /// <summary>Whether the server itself ended the handshake, though it speaks a version that was offered: as one does that has nothing to show.</summary>
    internal static bool IsRefusal(Observation seen) => seen.Outcome == ProbeOutcome.HandshakeFailed && seen.Detail.StartsWith(Refused, StringComparison.Ordinal);

    /// <summary>Whether SslStream's library ended the handshake for a strength that it does not take. Senders with other limits do: Postfix asks OpenSSL for level 1 under DANE, where Debian has 2.</summary>
    internal static bool IsTooWeakHere(Observation seen) =>
        IsUnread(seen) && (seen.Detail.Contains("too small)", StringComparison.Ordinal) || seen.Detail.Contains("too weak)", StringComparison.Ordinal));

    /// <summary>What is said of a completed handshake with a group of that size; nothing when it is large enough, or there is none.</summary>
    internal static string OfGroup(int bits) => bits is > 0 and < GroupBits ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{SmallGroup}: {bits} bits") : "";

    /// <summary>Whether the key exchange of a completed handshake was weak.</summary>
    internal static bool HasSmallGroup(Observation seen) => seen.Outcome == ProbeOutcome.Completed && seen.Detail.StartsWith(SmallGroup, StringComparison.Ordinal);

    /// <summary>What is said of a server that refuses the client once the handshake seemed to be done.</summary>
    internal static string LateRefusal(int alert) => $"{RefusedLate}{TlsNames.AlertName(alert)} (RFC 8446 §6.2)";

    /// <summary>Whether a server has refused the client once the handshake seemed to be done: its own part of it, the proof of its key, was done.</summary>
    internal static bool IsLateRefusal(Observation seen) => seen.Outcome == ProbeOutcome.HandshakeFailed && seen.Detail.StartsWith(RefusedLate, StringComparison.Ordinal);

    /// <summary>Whether a server takes nobody without a certificate.</summary>
    internal static bool DemandsCertificate(Observation seen) => seen.Outcome == ProbeOutcome.HandshakeFailed && seen.Detail == LateRefusal(CertificateRequired);

    /// <summary>What the library's words say of the server: an alert that came encrypted (RFC 8446 §6.2) nobody else has seen.</summary>
    /// <param name="words">OpenSSL's, such as "tlsv1 alert internal error".</param>
    internal static string OfLibrary(string words)
    {
        // Of CertificateVerify or ServerKeyExchange, and of the Finished.
        if (words is "bad signature" or "digest check failed") return $"{NotProven} ({words})";
        const string Mark = " alert ";
        var mark = words.IndexOf(Mark, StringComparison.Ordinal);
        return mark < 0 ? $"{NotUnderstood} ({words})" : Refused + words[(mark + Mark.Length)..].Replace(' ', '_');
    }

    /// <summary>What the octets of the server say; otherwise what the library found.</summary>
    /// <param name="watch">What was in clear.</param>
    /// <param name="alert">The description of a fatal alert that the server sent, in clear or not; 0 or less without one.</param>
    /// <param name="asked">Whom, when a kind of key was asked for that is still to be shown; null when it was shown, or none was asked for.</param>
    /// <param name="before">The dialogue that went before, which knows what plain text means now; null when TLS comes at once.</param>
    /// <param name="otherwise">What the library found.</param>
    internal static (ProbeOutcome Outcome, string Detail) Explain(HandshakeWatch watch, int alert, ProbeTarget? asked, Dialogue? before, (ProbeOutcome Outcome, string Detail) otherwise)
    {
        if (watch.IsNoTls)
        {
            return before?.InPlaceOfTls(watch.Head) is { } plain
                ? (plain.Outcome, plain.Detail)
                : (ProbeOutcome.HandshakeFailed, "the server speaks no TLS here; it said: " + watch.Words);
        }

        if (watch.ServerVersion is > 0 and < OldestVersion)
            return (ProbeOutcome.HandshakeFailed, OnlyRetired(TlsNames.Version(watch.ServerVersion)));
        if (alert <= 0) return otherwise;
        if (asked is not null && SaysNoSuchKey(asked, alert))
            return (ProbeOutcome.AlgorithmNotOffered, $"the server has no {(asked.RawPublicKey ? "raw public key" : $"certificate with {LeafKey.NameOf(asked)}")} ({TlsNames.AlertName(alert)})");

        // A kind of key is asked for where hands were shaken without asking, and nobody else asks like that: as long as nothing was shown, nobody is turned away.
        if (asked is { Algorithm: not KeyAlgorithm.Any })
            return (ProbeOutcome.AlgorithmNotAsked, $"asked for {LeafKey.NameOf(asked)} alone, the server ended the handshake with the alert {TlsNames.AlertName(alert)}");
        return (ProbeOutcome.HandshakeFailed, alert == ProtocolVersion ? NoCommonVersion : Refused + TlsNames.AlertName(alert));
    }

    /// <summary>
    /// Whether an alert says that the server has no key of the kind it was asked for (RFC 8446 §4.4.2.2, RFC 5246 §7.4.1.4.1). For RSA and
    /// ECDSA there are those two words, though some have others for it (rustls access_denied, Go internal_error); a server that does not know EdDSA answers an offer of nothing else as it answers any that it does not
    /// understand: OpenSSL 1.0.2, for one, by illegal_parameter. Raw public keys fewer still know (RFC 7250 §4.2: unsupported_certificate).
    /// </summary>
    private static bool SaysNoSuchKey(ProbeTarget asked, int alert) => asked.Algorithm switch
    {
        KeyAlgorithm.Any => asked.RawPublicKey && alert != ProtocolVersion,
        KeyAlgorithm.Rsa or KeyAlgorithm.Ecdsa => alert is HandshakeFailure or InsufficientSecurity,
        KeyAlgorithm.Eddsa => alert != ProtocolVersion,
    };
}
