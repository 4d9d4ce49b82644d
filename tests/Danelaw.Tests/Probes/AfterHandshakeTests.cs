using Danelaw.Dns;
using Danelaw.Probes;

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
}
