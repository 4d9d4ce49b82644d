using System.Net;
using Danelaw.Dns.Names;
using Danelaw.Probes;
using Danelaw.Probes.SecondProber;
using Org.BouncyCastle.Tls;

namespace Danelaw.Tests.Probes;

/// <summary>What a completed handshake is worth: servers that show a certificate without holding its key, or do not prove that they do.</summary>
public sealed class LyingServerTests
{
    private static readonly TlsProber Prober = new(new TlsProberOptions { HelloName = "probe.example" }, TimeProvider.System);

    public static TheoryData<KeyAlgorithm, bool> Keys
    {
        get
        {
            var keys = new TheoryData<KeyAlgorithm, bool>();
            foreach (var kind in new[] { KeyAlgorithm.Rsa, KeyAlgorithm.Ecdsa, KeyAlgorithm.Eddsa })
                foreach (var isTls13 in new[] { false, true }) keys.Add(kind, isTls13);
            return keys;
        }
    }

    public static TheoryData<Lie, KeyAlgorithm, bool> Lies
    {
        get
        {
            var lies = new TheoryData<Lie, KeyAlgorithm, bool>();
            foreach (var lie in Enum.GetValues<Lie>().Where(lie => lie != Lie.None))
                foreach (var row in Keys) lies.Add(lie, row.Data.Item1, row.Data.Item2);
            return lies;
        }
    }

    [Theory, MemberData(nameof(Keys)), Rfc(8446, "4.4.3"), Rfc(5246, "7.4.3"), Rfc(8422, "5.1.1")]
    public async Task A_server_that_holds_the_key_proves_it_to_both_probers(KeyAlgorithm kind, bool isTls13)
    {
        await using var server = LyingTlsServer.Start(Lie.None, kind, isTls13);

        foreach (var asked in new[] { kind, KeyAlgorithm.Any })
        {
            var seen = await ProbeAsync(server, asked);
            Assert.Equal((ProbeOutcome.Completed, isTls13 ? "TLSv1.3" : "TLSv1.2"), (seen.Outcome, seen.TlsVersion));
            Assert.Equal([ServerKey.Genuine[kind].Certificate], seen.Chain);
            Assert.Equal(asked == KeyAlgorithm.Any ? ProberKind.SslStream : ProberKind.BouncyCastle, seen.Prober);
        }
    }

    [Theory, MemberData(nameof(Lies)), Rule("R28"), Rfc(8446, "4.4.3"), Rfc(8446, "4.4.4"), Rfc(5246, "7.4.3"), Rfc(5246, "7.4.9")]
    public async Task A_server_that_lies_never_completes_a_handshake(Lie lie, KeyAlgorithm kind, bool isTls13)
    {
        await using var server = LyingTlsServer.Start(lie, kind, isTls13);

        var seen = await ProbeAsync(server, kind);
        Assert.Equal(lie is Lie.SignatureLeftOut or Lie.BrokenOff ? ProbeOutcome.CertificateSeen : ProbeOutcome.HandshakeFailed, seen.Outcome);
        Assert.Equal([ServerKey.Genuine[kind].Certificate], seen.Chain);
        Assert.Contains(lie switch { Lie.FinishedLeftOut => "internal_error", Lie.SignatureLeftOut => "unexpected_message", Lie.BrokenOff => "closed the connection", _ => "does not prove that it holds the key" }, seen.Detail, StringComparison.Ordinal);

        // An alert that is encrypted SslStream takes for an end like any other.
        Assert.Contains((await ProbeAsync(server, KeyAlgorithm.Any)).Outcome, new[] { ProbeOutcome.HandshakeFailed, ProbeOutcome.HandshakeInterrupted });
    }

    [Theory, MemberData(nameof(Keys)), Rfc(7250, "4.2"), Rfc(8446, "4.4.2")]
    public async Task A_server_that_holds_a_raw_public_key_proves_it(KeyAlgorithm kind, bool isTls13)
    {
        await using var server = LyingTlsServer.Start(Lie.None, kind, isTls13, isRaw: true);

        var seen = await ProbeRawAsync(server);

        Assert.Equal((ProbeOutcome.Completed, isTls13 ? "TLSv1.3" : "TLSv1.2"), (seen.Outcome, seen.TlsVersion));
        Assert.Equal(ServerKey.Genuine[kind].PublicKey, seen.RawPublicKey);
        Assert.Empty(seen.Chain);
    }

    [Theory, MemberData(nameof(Lies)), Rule("R28"), Rfc(7250, "4.2"), Rfc(8446, "4.4.3"), Rfc(8446, "4.4.4"), Rfc(5246, "7.4.3"), Rfc(5246, "7.4.9")]
    public async Task A_server_that_lies_about_a_raw_public_key_never_completes_a_handshake(Lie lie, KeyAlgorithm kind, bool isTls13)
    {
        await using var server = LyingTlsServer.Start(lie, kind, isTls13, isRaw: true);

        var seen = await ProbeRawAsync(server);

        Assert.Equal(lie is Lie.SignatureLeftOut or Lie.BrokenOff ? ProbeOutcome.CertificateSeen : ProbeOutcome.HandshakeFailed, seen.Outcome);
        Assert.Equal(ServerKey.Genuine[kind].PublicKey, seen.RawPublicKey);
        Assert.Contains(lie switch { Lie.FinishedLeftOut => "internal_error", Lie.SignatureLeftOut => "unexpected_message", Lie.BrokenOff => "closed the connection", _ => "does not prove that it holds the key" }, seen.Detail, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Keys)), Rule("R28"), Rfc(8446, "4.4.2"), Rfc(7250, "4.2")]
    public async Task A_server_that_sends_two_raw_public_keys_has_proven_none(KeyAlgorithm kind, bool isTls13)
    {
        await using var server = LyingTlsServer.Start(Lie.None, kind, isTls13, isRaw: true, keys: 2);

        var seen = await ProbeRawAsync(server);

        // In TLS 1.2 there is no list of them, so the second is a fault of form (RFC 7250 §3).
        Assert.Equal(isTls13 ? (ProbeOutcome.HandshakeFailed, "the server sends several raw public keys, of which there can be one (RFC 8446 §4.4.2)") : (ProbeOutcome.AlgorithmNotAsked, seen.Detail), (seen.Outcome, seen.Detail));
        Assert.Equal(0, seen.RawPublicKey.Length);
    }

    [Theory, Rule("R28"), Rfc(7250, "4.2"), Rfc(5246, "7.4.7.1")]
    [InlineData(Lie.None, ProbeOutcome.Completed)]
    [InlineData(Lie.ForeignKey, ProbeOutcome.HandshakeFailed)]
    public async Task A_secret_that_only_the_raw_key_s_owner_can_read_proves_it(Lie lie, ProbeOutcome expected)
    {
        await using var server = LyingTlsServer.Start(lie, KeyAlgorithm.Rsa, isTls13: false, exchangesByRsa: true, isRaw: true);

        Assert.Equal(expected, (await ProbeRawAsync(server)).Outcome);
    }

    [Theory, MemberData(nameof(Keys)), Rfc(7250, "4.2")]
    public async Task A_server_with_certificates_alone_has_no_raw_public_key_whatever_it_knows_of_them(KeyAlgorithm kind, bool isTls13)
    {
        // BouncyCastle's server knows the extension and refuses; that of .NET has never heard of it and shows its certificate.
        await using var knowing = LyingTlsServer.Start(Lie.None, kind, isTls13);
        await using var ignorant = LoopbackServer.Tls(LoopbackServer.EcCertificate, isTls13 ? System.Security.Authentication.SslProtocols.Tls13 : System.Security.Authentication.SslProtocols.Tls12);

        foreach (var (server, said) in new[] { (knowing, "the server has no raw public key (unsupported_certificate)"), (ignorant, "asked for a raw public key alone, the server showed a certificate") })
        {
            var seen = await ProbeRawAsync(server);
            Assert.Equal((ProbeOutcome.AlgorithmNotOffered, said), (seen.Outcome, seen.Detail));
            Assert.Empty(seen.Chain);
            Assert.Equal(0, seen.RawPublicKey.Length);
        }
    }

    [Theory, Rule("R28"), Rfc(5246, "7.4.7.1")]
    [InlineData(Lie.None, ProbeOutcome.Completed)]
    [InlineData(Lie.ForeignKey, ProbeOutcome.HandshakeFailed)]
    public async Task A_secret_that_only_the_key_s_owner_can_read_proves_the_key(Lie lie, ProbeOutcome expected)
    {
        await using var server = LyingTlsServer.Start(lie, KeyAlgorithm.Rsa, isTls13: false, exchangesByRsa: true);

        Assert.Equal(expected, (await ProbeAsync(server, KeyAlgorithm.Rsa)).Outcome);
        Assert.Equal(expected, (await ProbeAsync(server, KeyAlgorithm.Any)).Outcome);
    }

    [Fact, Rule("R28")]
    public void A_handshake_that_no_key_took_part_in_is_not_completed_whatever_the_library_says()
    {
        var address = new IPEndPoint(IPAddress.Loopback, 25);
        var client = new ObservingClient(new(address, address, ServiceProtocol.Tls, DomainName.Parse("mx.example")));

        Assert.Throws<TlsFatalAlert>(client.NotifyHandshakeComplete);
        Assert.False(client.IsComplete);
    }

    private static ValueTask<Observation> ProbeRawAsync(LoopbackServer server) => Prober.ProbeAsync(server.Target(ServiceProtocol.Tls) with { RawPublicKey = true }, TestContext.Current.CancellationToken);

    private static ValueTask<Observation> ProbeAsync(LoopbackServer server, KeyAlgorithm asked) => Prober.ProbeAsync(server.Target(ServiceProtocol.Tls, asked), TestContext.Current.CancellationToken);
}
