using Danelaw.Dns;
using Danelaw.Probes;
using Danelaw.Probes.SecondProber;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;

namespace Danelaw.Tests.Probes;

/// <summary>Servers of TLS 1.2 that bring a Diffie-Hellman group of their own (RFC 5246 §7.4.3).</summary>
public sealed class SmallGroupTests
{
    private static readonly TlsProber Prober = new(new TlsProberOptions { HelloName = "probe.example" }, TimeProvider.System);

    [Theory, Rfc(9325, "4.5")]
    [InlineData(KeyAlgorithm.Any)]
    [InlineData(KeyAlgorithm.Rsa)]
    public async Task One_that_OpenSSL_does_not_take_makes_a_handshake_that_counts_and_is_told(KeyAlgorithm algorithm)
    {
        await using var server = Start(DHStandardGroups.rfc2409_1024);

        var seen = await ProbeAsync(server, algorithm);

        Assert.Equal((ProbeOutcome.Completed, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"), (seen.Outcome, seen.CipherSuite));
        Assert.Equal([new Octets(LoopbackServer.RsaCertificate.RawData)], seen.Chain);

        // Where the machine sets OpenSSL's limits lower, SslStream completes it, and tells nothing of the group.
        Assert.Equal(seen.Prober == ProberKind.BouncyCastle ? "the server's Diffie-Hellman group is too small: 1024 bits" : "", seen.Detail);
        Assert.Equal(seen.Prober == ProberKind.BouncyCastle, HandshakeFaults.HasSmallGroup(seen));
    }

    [Theory]
    [InlineData(KeyAlgorithm.Any)]
    [InlineData(KeyAlgorithm.Rsa)]
    public async Task One_of_2048_bits_is_nothing_to_tell(KeyAlgorithm algorithm)
    {
        await using var server = Start(DHStandardGroups.rfc3526_2048);

        var seen = await ProbeAsync(server, algorithm);

        Assert.Equal((ProbeOutcome.Completed, ""), (seen.Outcome, seen.Detail));
    }

    [Theory]
    [InlineData(8192)]
    [InlineData(4098)]
    [InlineData(768)]
    public async Task One_that_makes_work_is_not_reckoned_with(int bits)
    {
        await using var server = Start(new(Odd(bits), null, BigInteger.Two, 160));

        var seen = await ProbeAsync(server, KeyAlgorithm.Rsa);

        Assert.Equal((ProbeOutcome.CertificateSeen, "what the server sent after its certificate was not understood (insufficient_security)"), (seen.Outcome, seen.Detail));
    }

    [Theory]
    [InlineData(1024, true)]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    [InlineData(1023, false)]
    public void An_even_modulus_is_none_and_odd_ones_are_taken_between_1024_and_4096_bits(int bits, bool isTaken)
    {
        Assert.Equal(isTaken, ObservingClient.Takes(Odd(bits)));
        Assert.False(ObservingClient.Takes(Odd(bits).Subtract(BigInteger.One)));
    }

    /// <summary>So many bits, and odd. It is no prime, which no client finds out.</summary>
    private static BigInteger Odd(int bits) => BigInteger.Two.Pow(bits).Subtract(BigInteger.ValueOf(1234567));

    private static LoopbackServer Start(DHGroup group) =>
        OddTlsServer.Start(() => new() { Rsa = LoopbackServer.RsaCertificate, Suites = [CipherSuite.TLS_DHE_RSA_WITH_AES_128_GCM_SHA256], Group = group });

    private static ValueTask<Observation> ProbeAsync(LoopbackServer server, KeyAlgorithm algorithm) =>
        Prober.ProbeAsync(server.Target(ServiceProtocol.Tls, algorithm), TestContext.Current.CancellationToken);
}
