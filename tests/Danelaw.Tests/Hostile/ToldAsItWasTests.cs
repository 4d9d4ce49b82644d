using Danelaw.Certificates;
using Danelaw.Checks;
using Danelaw.Probes;

namespace Danelaw.Tests.Hostile;

/// <summary>What the catalogue has found, one by one.</summary>
public sealed class ToldAsItWasTests
{
    [Theory]
    [InlineData("sends HelloRequest without end")]
    [InlineData("sends HelloRequest without end, one octet a record")]
    public async Task A_handshake_that_goes_on_and_on_is_ended_by_its_octets_and_not_by_its_time(string does)
    {
        var (first, time) = await AskAsync(does, KeyAlgorithm.Any);
        Assert.Equal((ProbeOutcome.HandshakeFailed, HandshakeFaults.TooMuch, TimeSpan.Zero), (first.Outcome, first.Detail, time));
    }

    [Fact]
    public async Task The_second_prober_is_not_kept_by_warnings_either()
    {
        var (second, time) = await AskAsync("sends warnings without end", KeyAlgorithm.Ecdsa);
        Assert.Equal((ProbeOutcome.AlgorithmNotAsked, "an ECDSA key could not be asked for: the server sent more than 512 KiB in the handshake and did not finish it", TimeSpan.Zero), (second.Outcome, second.Detail, time));
    }

    [Theory]
    [InlineData("leaves its hello empty (TLS 1.2)", ProbeOutcome.AlgorithmNotAsked)]
    [InlineData("leaves its hello empty (TLS 1.3)", ProbeOutcome.AlgorithmNotAsked)]
    [InlineData("leaves its signature empty (TLS 1.2)", ProbeOutcome.CertificateSeen)]
    [InlineData("leaves its signature empty (TLS 1.3)", ProbeOutcome.CertificateSeen)]
    public async Task A_message_that_is_too_short_is_not_told_as_a_connection_that_was_closed(string does, ProbeOutcome expected)
    {
        var (second, _) = await AskAsync(does, KeyAlgorithm.Ecdsa);
        Assert.Equal(expected, second.Outcome);
        Assert.Contains("was not understood", second.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_leave_at_the_level_of_a_fatal_alert_is_a_leave()
    {
        var (second, _) = await AskAsync("sends the fatal alert 0 and closes", KeyAlgorithm.Ecdsa);
        Assert.Equal((ProbeOutcome.HandshakeInterrupted, "the server closed the connection during the handshake"), (second.Outcome, second.Detail));
    }

    [Theory]
    [InlineData("sends ChangeCipherSpec without end")]
    [InlineData("sends data of the application in place of its hello")]
    public async Task Records_of_TLS_that_come_too_early_are_no_plain_text(string does)
    {
        var result = await Trial.CheckAsync(Named(does), ServiceTable.Of(ServiceProtocol.Smtp), TestContext.Current.CancellationToken);
        Assert.Equal((CheckVerdict.Failing, CheckReason.TlsFailed), (result.Verdict, result.Report.Hosts[0].Reason));
    }

    [Theory, Rule("R28")]
    [InlineData("shows another's certificate and signs with a key of its own (TLS 1.2)")]
    [InlineData("shows another's certificate and signs with a key of its own (TLS 1.3)")]
    [InlineData("turns a bit of its Finished (TLS 1.3)")]
    public async Task Who_does_not_prove_the_key_is_told_so_by_the_first_prober_too(string does)
    {
        var (first, _) = await AskAsync(does, KeyAlgorithm.Any);
        Assert.Equal(ProbeOutcome.HandshakeFailed, first.Outcome);
        Assert.StartsWith(HandshakeFaults.NotProven, first.Detail, StringComparison.Ordinal);
        Assert.Equal(Genuine.Chain, first.Chain);
    }

    [Fact]
    public async Task Nonsense_after_the_handshake_ends_no_check()
    {
        var hostility = LeaveHostilities.All.Single(hostility => hostility.Does == "sends its Finished twice (TLS 1.2)");
        foreach (var service in new[] { ServiceProtocol.Tls, ServiceProtocol.Smtp, ServiceProtocol.ImapTls })
            Assert.Equal(CheckVerdict.Verified, (await Trial.CheckAsync(hostility, ServiceTable.Of(service), TestContext.Current.CancellationToken)).Verdict);
    }

    [Theory, Rule("R28")]
    [InlineData("shows an RSA key with the exponent 1, by which everybody can sign (TLS 1.3)", KeyAlgorithm.Any)]
    [InlineData("shows an RSA key with the exponent 1, by which everybody can sign (TLS 1.2)", KeyAlgorithm.Any)]
    [InlineData("shows an RSA key with the exponent 1, to which the secret is encrypted (TLS 1.2)", KeyAlgorithm.Any)]
    [InlineData("shows an RSA key with the exponent 1, to which the secret is encrypted (TLS 1.2)", KeyAlgorithm.Rsa)]
    public async Task A_key_that_everybody_has_proves_nothing(string does, KeyAlgorithm algorithm)
    {
        var (seen, _) = await AskAsync(does, algorithm);
        Assert.Equal(ProbeOutcome.HandshakeFailed, seen.Outcome);
        Assert.StartsWith(HandshakeFaults.NotProven, seen.Detail, StringComparison.Ordinal);
        Assert.Single(seen.Chain);
    }

    [Theory]
    [InlineData("3080")]
    [InlineData("30800201")]
    [InlineData("308030803080")]
    [InlineData("3080020100003080FFFF")]
    public void Octets_of_an_indefinite_length_without_an_end_are_no_certificate(string hex)
    {
        Assert.StartsWith("is none", Assert.Single(CertificateOddities.Of(new(Convert.FromHexString(hex)))), StringComparison.Ordinal);
    }

    private static Hostility Named(string does) => Hostility.All.Single(hostility => hostility.Does == does);

    private static Task<(Observation Seen, TimeSpan Passed)> AskAsync(string does, KeyAlgorithm algorithm) =>
        Trial.AskAsync(Named(does), ServiceTable.Of(ServiceProtocol.Tls), algorithm, TestContext.Current.CancellationToken);
}
