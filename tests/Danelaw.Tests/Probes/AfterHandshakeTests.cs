using Danelaw.Dns;
using Danelaw.Probes;
using Org.BouncyCastle.Tls;

namespace Danelaw.Tests.Probes;

/// <summary>Servers that shake hands, and then break the connection in one way or another.</summary>
public sealed class AfterHandshakeTests
{
    private static readonly TlsProber Prober = new(new TlsProberOptions { HelloName = "probe.example" }, TimeProvider.System);

    public static TheoryData<After, bool, KeyAlgorithm> Ends
    {
        get
        {
            var ends = new TheoryData<After, bool, KeyAlgorithm>();
            foreach (var after in new[] { After.Garbage, After.AlertInClear, After.PlainText, After.Closed, After.Reset })
                foreach (var isTls13 in new[] { false, true })
                    foreach (var algorithm in new[] { KeyAlgorithm.Any, KeyAlgorithm.Ecdsa }) ends.Add(after, isTls13, algorithm);
            return ends;
        }
    }

    [Theory, MemberData(nameof(Ends))]
    public async Task Whatever_comes_after_the_handshake_in_place_of_a_farewell_is_no_exception_and_changes_nothing(After after, bool isTls13, KeyAlgorithm algorithm)
    {
        await using var server = RudeServer.Start(after, isTls13);

        var seen = await Prober.ProbeAsync(server.Target(ServiceProtocol.IrcTls, algorithm), TestContext.Current.CancellationToken);

        Assert.Equal((ProbeOutcome.Completed, isTls13 ? "TLSv1.3" : "TLSv1.2"), (seen.Outcome, seen.TlsVersion));
        Assert.Equal([new Octets(LoopbackServer.EcCertificate.RawData)], seen.Chain);
    }

    [Theory, Rule("R28"), Rfc(8446, "6.2"), Rfc(8446, "4.4.2.4")]
    [InlineData(ServiceProtocol.IrcTls, KeyAlgorithm.Any)]
    [InlineData(ServiceProtocol.IrcTls, KeyAlgorithm.Ecdsa)]
    [InlineData(ServiceProtocol.SubmissionTls, KeyAlgorithm.Any)]
    [InlineData(ServiceProtocol.SubmissionTls, KeyAlgorithm.Ecdsa)]
    [InlineData(ServiceProtocol.Https, KeyAlgorithm.Any)]
    [InlineData(ServiceProtocol.Https, KeyAlgorithm.Ecdsa)]
    public async Task A_server_that_takes_nobody_without_a_certificate_has_refused_the_handshake_in_either_version(ServiceProtocol protocol, KeyAlgorithm algorithm)
    {
        await using var newer = OddTlsServer.Start(() => new() { Ecdsa = LoopbackServer.EcCertificate, Versions = [ProtocolVersion.TLSv13], DemandsCertificate = true });
        await using var older = OddTlsServer.Start(() => new() { Ecdsa = LoopbackServer.EcCertificate, DemandsCertificate = true });

        var refused = await Prober.ProbeAsync(newer.Target(protocol, algorithm), TestContext.Current.CancellationToken);
        Assert.Equal((ProbeOutcome.HandshakeFailed, "the server ends the session right after the handshake, with the alert certificate_required (RFC 8446 §6.2)"), (refused.Outcome, refused.Detail));
        Assert.Equal([new Octets(LoopbackServer.EcCertificate.RawData)], refused.Chain);
        Assert.True(HandshakeFaults.DemandsCertificate(refused));

        var never = await Prober.ProbeAsync(older.Target(protocol, algorithm), TestContext.Current.CancellationToken);
        Assert.Equal(ProbeOutcome.HandshakeFailed, never.Outcome);
        Assert.Equal((true, false), (refused.HasProvenKey, never.HasProvenKey));
    }

    [Theory]
    [InlineData(KeyAlgorithm.Any, true)]
    [InlineData(KeyAlgorithm.Any, false)]
    [InlineData(KeyAlgorithm.Ecdsa, true)]
    [InlineData(KeyAlgorithm.Ecdsa, false)]
    public async Task A_server_that_asks_for_a_certificate_and_takes_whom_has_none_has_completed_the_handshake(KeyAlgorithm algorithm, bool isTls13)
    {
        await using var server = OddTlsServer.Start(() => new() { Ecdsa = LoopbackServer.EcCertificate, Versions = [isTls13 ? ProtocolVersion.TLSv13 : ProtocolVersion.TLSv12], AsksCertificate = true });

        Assert.Equal(ProbeOutcome.Completed, (await Prober.ProbeAsync(server.Target(ServiceProtocol.Https, algorithm), TestContext.Current.CancellationToken)).Outcome);
    }

    [Theory, Rfc(8446, "6.2")]
    [InlineData(After.Alert, true, KeyAlgorithm.Any, ProbeOutcome.HandshakeFailed)]
    [InlineData(After.Alert, true, KeyAlgorithm.Ecdsa, ProbeOutcome.HandshakeFailed)]
    [InlineData(After.Alert, false, KeyAlgorithm.Any, ProbeOutcome.Completed)]
    [InlineData(After.Alert, false, KeyAlgorithm.Ecdsa, ProbeOutcome.Completed)]
    [InlineData(After.AnswerAndAlert, true, KeyAlgorithm.Any, ProbeOutcome.Completed)]
    [InlineData(After.AnswerAndAlert, true, KeyAlgorithm.Ecdsa, ProbeOutcome.Completed)]
    public async Task An_alert_in_place_of_any_answer_is_the_end_of_the_handshake_in_TLS_1_3(After after, bool isTls13, KeyAlgorithm algorithm, ProbeOutcome expected)
    {
        await using var server = RudeServer.Start(after, isTls13);

        var seen = await Prober.ProbeAsync(server.Target(ServiceProtocol.IrcTls, algorithm), TestContext.Current.CancellationToken);

        Assert.Equal((expected, expected == ProbeOutcome.Completed ? "" : "the server ends the session right after the handshake, with the alert internal_error (RFC 8446 §6.2)"), (seen.Outcome, seen.Detail));
    }
}
