using System.Collections.Immutable;
using Danelaw.Checks;
using Danelaw.Probes;
using Danelaw.Verification;

namespace Danelaw.Cli.Rendering;

/// <summary>What came of one endpoint, in one word: the closed list <c>result</c> of <c>danelaw.check/1</c>.</summary>
internal static class EndpointResults
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        "match", "mismatch", "unauthenticated", "untested",
        .. Enum.GetValues<ProbeOutcome>().Where(outcome => outcome is not (ProbeOutcome.None or ProbeOutcome.Completed)).Select(Kebab.Of),
    ];

    /// <summary>The result of an endpoint.</summary>
    public static string Of(EndpointReport endpoint) => endpoint.Observation.Outcome switch
    {
        ProbeOutcome.None => "untested",
        ProbeOutcome.Completed => endpoint.Verdict switch { null => "unauthenticated", { IsMatch: true } => "match", { Reason: DaneReason.LimitReached } => "untested", _ => "mismatch" },
        ProbeOutcome.Refused or ProbeOutcome.TimedOut or ProbeOutcome.Closed or ProbeOutcome.GreetingRefused or ProbeOutcome.ProtocolError or
        ProbeOutcome.StartTlsNotOffered or ProbeOutcome.StartTlsRefused or ProbeOutcome.PlainTextAfterStartTls or ProbeOutcome.HandshakeFailed or
        ProbeOutcome.HandshakeInterrupted or ProbeOutcome.AlgorithmNotOffered or ProbeOutcome.AlgorithmNotAsked or ProbeOutcome.CertificateSeen => Kebab.Of(endpoint.Observation.Outcome),
    };

    /// <summary>A result as people say it. What stands behind it (<c>detail</c>) tells connections apart that did not come about.</summary>
    public static string InWords(string result, string? detail) => result switch
    {
        "match" => "matches",
        "mismatch" => "does not match",
        "unauthenticated" => "TLS, nothing to match",
        "untested" => "not tested",
        "refused" => detail == TlsProber.ConnectionRefused ? "refused" : "no connection",
        "timed-out" => detail == TlsProber.NotConnected ? "timed out" : "no answer in time",
        "closed" => "hung up",
        "greeting-refused" => "greets with a refusal",
        "protocol-error" => "speaks something else",
        "start-tls-not-offered" => "no STARTTLS",
        "start-tls-refused" => "STARTTLS refused",
        "plain-text-after-start-tls" => "plain text after STARTTLS",
        "handshake-failed" => "TLS fails",
        "handshake-interrupted" => "TLS broken off",
        "algorithm-not-offered" => "no such key",
        "algorithm-not-asked" => "not asked",
        "certificate-seen" => "shown and not proven",
        _ => result,
    };

    /// <summary>What a result stands for.</summary>
    public static Tone ToneOf(string result) => result switch
    {
        "match" => Tone.Good,
        "mismatch" or "start-tls-not-offered" or "start-tls-refused" or "plain-text-after-start-tls" or "handshake-failed" => Tone.Bad,
        "algorithm-not-offered" => Tone.Faint,
        _ => Tone.Doubt,
    };
}
