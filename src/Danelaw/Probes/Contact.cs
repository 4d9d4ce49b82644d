namespace Danelaw.Probes;

/// <summary>How near to a server a probe came that made no TLS with it.</summary>
internal enum Nearness
{
    /// <summary>It was not tried.</summary>
    None = 0,

    /// <summary>There was no connection.</summary>
    NotConnected,

    /// <summary>There was a connection, and the server said nothing.</summary>
    Silent,

    /// <summary>The server said something.</summary>
    Spoke,
}

/// <summary>What happened on the way to TLS, from what was seen: a port that is closed, a server that is silent and one that speaks ask for different mends.</summary>
internal static class Contact
{
    internal static Nearness Of(Observation seen) => seen.Outcome switch
    {
        ProbeOutcome.None => Nearness.None,
        ProbeOutcome.Refused => Nearness.NotConnected,
        ProbeOutcome.TimedOut when seen.Detail == TlsProber.NotConnected => Nearness.NotConnected,
        ProbeOutcome.TimedOut or ProbeOutcome.Closed => seen.Transcript.Any(line => line.StartsWith("S: ", StringComparison.Ordinal)) ? Nearness.Spoke : Nearness.Silent,
        ProbeOutcome.Completed or ProbeOutcome.GreetingRefused or ProbeOutcome.ProtocolError or ProbeOutcome.StartTlsNotOffered or ProbeOutcome.StartTlsRefused or ProbeOutcome.PlainTextAfterStartTls
            or ProbeOutcome.HandshakeFailed or ProbeOutcome.HandshakeInterrupted or ProbeOutcome.AlgorithmNotOffered or ProbeOutcome.AlgorithmNotAsked or ProbeOutcome.CertificateSeen => Nearness.Spoke,
    };

    /// <summary>What happened, as a clause.</summary>
    internal static string Words(Observation seen) => (Of(seen), seen.Outcome) switch
    {
        (Nearness.Silent, ProbeOutcome.TimedOut) => $"connected, but it says nothing ({seen.Detail})",
        (Nearness.Silent, _) => $"connected, but it hangs up without a word ({seen.Detail})",
        (Nearness.Spoke, ProbeOutcome.TimedOut) => $"it speaks and then falls silent ({seen.Detail})",
        (Nearness.Spoke, ProbeOutcome.Closed) => $"it speaks and then hangs up ({seen.Detail})",
        (_, ProbeOutcome.GreetingRefused) => $"it does not want to talk to us ({seen.Detail})",
        (_, ProbeOutcome.ProtocolError) => $"it does not speak the protocol ({seen.Detail})",
        _ => seen.Detail,
    };
}
