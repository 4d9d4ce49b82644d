using System.Globalization;
using Danelaw.Probes.SecondProber;

namespace Danelaw.Probes;

/// <summary>
/// What a server says of the client's part of a handshake. In TLS 1.3 the client's Finished, and the certificate that a server may demand, go last: the client
/// takes the handshake for done before the server has judged it (RFC 8446 §6.2, §4.4.2.4). In TLS 1.2 the server's Finished comes after, and nothing is left open.
/// </summary>
internal static class LateAlert
{
    /// <summary>How long is waited for it where the protocol has no reply that would tell as much, and the server has asked for a certificate.</summary>
    internal static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether the server had the last word still to say.</summary>
    internal static bool CanCome(Observation seen) => seen.TlsVersion == TlsNames.Version(0x0304);

    /// <summary>What was seen, once whatever came after the handshake is known.</summary>
    /// <param name="seen">The handshake, completed.</param>
    /// <param name="channel">What was read within TLS.</param>
    internal static Observation Apply(Observation seen, OctetChannel channel)
    {
        // Whoever is answered within the session has been taken; an alert after that is about what was said there.
        if (!CanCome(seen) || channel.HasReceived || Find(channel.ReadFault) is not { } alert) return seen;
        return seen with { Outcome = ProbeOutcome.HandshakeFailed, Detail = HandshakeFaults.LateRefusal(alert) };
    }

    /// <summary>The description of the fatal alert that ended reading, as the two libraries tell it; null when it was something else.</summary>
    internal static int? Find(Exception? fault)
    {
        // OpenSSL numbers what it was told from 1000 on: "error:0A00045C:…" is 1116, certificate_required. An alert that is not under the session's keys is none to it.
        const string Start = "error:0A";
        const int FirstAlert = 1000;
        for (; fault is not null; fault = fault.InnerException)
        {
            if (BouncyHandshake.AlertIn(fault) is { } alert) return alert;
            var message = fault.Message.AsSpan();
            if (!message.StartsWith(Start, StringComparison.Ordinal) || message.Length < Start.Length + 6) continue;
            if (int.TryParse(message.Slice(Start.Length, 6), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var reason) && reason is > FirstAlert and <= FirstAlert + byte.MaxValue) return reason - FirstAlert;
        }

        return null;
    }
}
