using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Probes;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Mail;

/// <summary>Each kind of key that a real server holds is shown when it is asked for, over TLS 1.2 and where there is TLS 1.3 alone; and none that it has not.</summary>
[Peer("openssl"), Peer("gnutls-serv"), Peer("nginx"), Peer("postfix")]
public sealed class EveryKeyTests
{
    private static readonly KeyAlgorithm[] Kinds = [KeyAlgorithm.Rsa, KeyAlgorithm.Ecdsa, KeyAlgorithm.Eddsa];

    [Theory, Rfc(7672, "8.1"), Rfc(8446, "4.2.3"), Rule("R64")]
    [InlineData("s_server", true)]
    [InlineData("s_server", false)]
    [InlineData("gnutls-serv", true)]
    [InlineData("gnutls-serv", false)]
    [InlineData("nginx", true)]
    [InlineData("nginx", false)]
    [InlineData("postfix", true)]
    [InlineData("postfix", false)]
    public async Task A_server_shows_each_kind_of_key_that_it_holds_and_no_other(string server, bool isTls13)
    {
        Peer.RequireOwnNetwork();
        var token = TestContext.Current.CancellationToken;
        // s_server shows nothing at all when it is given a third kind (-xcert).
        KeyAlgorithm[][] holdings = [server == "s_server" ? Kinds[..2] : Kinds, .. Kinds.Select(kind => new[] { kind })];
        var wrong = new List<string>();
        for (var i = 0; i < holdings.Length; i++)
        {
            var address = $"127.25.2.{(isTls13 ? 10 : 20) + i}";
            await using var running = await KeyServer.StartAsync(server, address, isTls13, holdings[i], token);
            foreach (var asked in Kinds.Prepend(KeyAlgorithm.Any))
            {
                var seen = await ProbeAsync(running, address, asked, token);
                var shown = seen.Outcome == ProbeOutcome.Completed ? $"{KindOf(seen.Chain[0])} {seen.TlsVersion}" : seen.Outcome.ToString();
                var holds = asked == KeyAlgorithm.Any || holdings[i].Contains(asked);
                if (holds ? seen.Outcome != ProbeOutcome.Completed || (asked != KeyAlgorithm.Any && KindOf(seen.Chain[0]) != asked) || seen.TlsVersion != $"TLSv1.{(isTls13 ? 3 : 2)}" : seen.Outcome != ProbeOutcome.AlgorithmNotOffered)
                    wrong.Add($"{string.Join('+', holdings[i])} asked for {asked}: {shown} ({seen.Detail})\n{running.Log()}");
            }

            // Each probe is one connection, by the server's own count; the first in its log only looked whether it listens.
            if (server == "postfix" && await ConnectionsAsync(running, 5, token) != 5) wrong.Add($"not 4 connections:\n{running.Log()}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static async Task<int> ConnectionsAsync(KeyServer server, int expected, CancellationToken cancellationToken)
    {
        // The log is written a moment after the connection has ended.
        for (var i = 0; i < 200 && Count() < expected; i++) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        return Count();

        int Count() => server.Log().Split('\n').Count(line => line.Contains(": disconnect from ", StringComparison.Ordinal));
    }

    private static ValueTask<Observation> ProbeAsync(KeyServer server, string address, KeyAlgorithm asked, CancellationToken cancellationToken)
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(address), server.Port);
        return new TlsProber(new() { HelloName = "probe.example" }, TimeProvider.System).ProbeAsync(new(endPoint, endPoint, server.Protocol, DomainName.Parse("keys.example"), asked), cancellationToken);
    }

    private static KeyAlgorithm KindOf(Octets der)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(der.Span);
        return new AsnReader(certificate.PublicKey.ExportSubjectPublicKeyInfo(), AsnEncodingRules.DER).ReadSequence().ReadSequence().ReadObjectIdentifier() switch
        {
            "1.2.840.113549.1.1.1" => KeyAlgorithm.Rsa,
            "1.2.840.10045.2.1" => KeyAlgorithm.Ecdsa,
            "1.3.101.112" => KeyAlgorithm.Eddsa,
            _ => KeyAlgorithm.Any,
        };
    }
}
