using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Danelaw.Interop.Tests.Worlds;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Mail;

/// <summary>The raw public key of a real server, GnuTLS's, by the command (RFC 7250).</summary>
[Peer("gnutls-serv")]
public sealed class RawKeyTests(World world)
{
    private const string Alone = "TLS-RAW-KEY-ALONE", NotAsked = "TLS-RAW-KEY-NOT-ASKED";

    [Fact, Rfc(7250, "4.2"), Rfc(7671, "5.1"), Rule("R50")]
    public async Task A_raw_public_key_is_verified_or_failing_by_its_record_and_asked_for_only_where_there_is_one()
    {
        var token = TestContext.Current.CancellationToken;
        var signed = await world.SignedAsync(token);
        using var folder = new TestFolder("raw");
        await Loopback.AddAsync([MailPlan.RawKeyAddress, MailPlan.WrongRawKeyAddress], token);
        var (key, file) = (folder.Write("raw.key", signed.Mail.RawKey.ExportPkcs8PrivateKeyPem() + "\n"), folder.Write("raw.pub", signed.Mail.RawKey.ExportSubjectPublicKeyInfoPem() + "\n"));
        var certificate = folder.Write("raw.crt", new CertificateRequest("CN=raw.post.nsec", signed.Mail.RawKey, HashAlgorithmName.SHA256).CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(30)).ExportCertificatePem() + "\n");
        var servers = new List<PeerProcess>();
        try
        {
            foreach (var (port, version, also) in new[] { (4434, "1.3", (string[])[]), (4435, "1.2", []), (4436, "1.3", ["--x509certfile", certificate, "--x509keyfile", key]) })
            {
                var server = PeerProcess.Start(Peer.Require("gnutls-serv"), ["--port", port.ToString(CultureInfo.InvariantCulture), "--echo", "--quiet", "--priority", $"NORMAL:-VERS-ALL:+VERS-TLS{version}:+CTYPE-SRV-RAWPK", "--rawpkkeyfile", key, "--rawpkfile", file, .. also]);
                servers.Add(server);
                await server.WaitForPortAsync(IPAddress.Parse(MailPlan.RawKeyAddress), port, token);
            }

            var targets = MailPlan.RawKeyPorts.SelectMany(port => new[] { $"tls://raw.post.nsec:{port}", $"tls://raw-wrong.post.nsec:{port}" }).ToArray();
            var asking = await CommandReport.CheckAsync(signed, targets, token, options: ["--raw-public-key"]);
            var others = await CommandReport.CheckAsync(signed, targets, token);

            foreach (var port in MailPlan.RawKeyPorts)
            {
                var (right, wrong) = ($"tls://raw.post.nsec:{port}", $"tls://raw-wrong.post.nsec:{port}");
                Assert.True(asking[right].Verdict == "verified", asking[right].Line + string.Join('\n', servers.Select(server => server.Log)));
                Assert.Equal(port == 4436 ? [] : new[] { Alone }, asking[right].Findings);
                Assert.Contains("\"certificateType\":\"raw-public-key\"", asking[right].Line, StringComparison.Ordinal);
                Assert.Contains($"\"rawPublicKeySha256\":\"{Convert.ToHexStringLower(SHA256.HashData(signed.Mail.RawKey.ExportSubjectPublicKeyInfo()))}\"", asking[right].Line, StringComparison.Ordinal);
                Assert.True(asking[wrong].Verdict == "failing", asking[wrong].Line);
                Assert.Contains("TLSA-MISMATCH", asking[wrong].Findings);
                Assert.Equal(port == 4436 ? "verified" : "failing", others[right].Verdict);
                Assert.DoesNotContain("raw-public-key", others[right].Line, StringComparison.Ordinal);
            }

            // None of its records is 3 1 x, so nobody asks it.
            await world.MailAsync(token);
            var anchored = (await CommandReport.CheckAsync(signed, ["anchored.post.nsec"], token, options: ["--raw-public-key"]))["anchored.post.nsec"];
            Assert.Equal(("verified", NotAsked), (anchored.Verdict, Assert.Single(anchored.Findings)));
            Assert.DoesNotContain("raw-public-key\"", anchored.Line, StringComparison.Ordinal);
        }
        finally
        {
            foreach (var server in servers) await server.DisposeAsync();
        }
    }
}
