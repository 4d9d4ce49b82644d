using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Danelaw.Dns;
using Danelaw.Testing.Peers;
using Danelaw.Tests.Certificates;
using Danelaw.Tlsa;

namespace Danelaw.Interop.Tests.Verification;

/// <summary>What OpenSSL's own DANE client makes of a chain that its own server sends.</summary>
/// <param name="IsMatch">Whether it verifies, by a record.</param>
/// <param name="Depth">At which depth; null without a match.</param>
/// <param name="Everything">What the client said.</param>
internal sealed partial record OpenSslDane(bool IsMatch, int? Depth, string Everything)
{
    /// <summary>Serves the chain with s_server and verifies it with s_client, at the security level that OpenSSL itself has by default.</summary>
    public static async Task<OpenSslDane> JudgeAsync(ImmutableArray<Octets> chain, string leafKeyName, ImmutableArray<TlsaRecord> records, string name, ImmutableArray<Octets> roots, CancellationToken cancellationToken)
    {
        var openssl = Peer.Require("openssl");
        using var folder = new TestFolder("openssl-dane");
        List<string> serve =
        [
            "s_server", "-accept", "127.0.0.1:0", "-www", "-cipher", "DEFAULT:@SECLEVEL=0",
            "-cert", folder.Write("leaf.pem", Pem(chain[..1])),
            "-key", folder.Write("key.pem", Signing.EcKey(leafKeyName, ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKeyPem()),
        ];
        if (chain.Length > 1) serve.AddRange(["-cert_chain", folder.Write("chain.pem", Pem(chain[1..]))]);
        await using var server = PeerProcess.Start(openssl, serve);
        var port = await WaitForPortAsync(server, cancellationToken);
        List<string> ask =
        [
            "s_client", "-connect", $"127.0.0.1:{port}", "-cipher", "DEFAULT:@SECLEVEL=1", "-no-CApath", "-no-CAstore", "-dane_ee_no_namechecks", "-dane_tlsa_domain", name,
            "-attime", Forge.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        ];
        foreach (var record in records) ask.AddRange(["-dane_tlsa_rrdata", record.ToString()]);
        if (roots.IsEmpty) ask.Add("-no-CAfile");
        else ask.AddRange(["-CAfile", folder.Write("roots.pem", Pem(roots))]);
        var result = await PeerProcess.RunAsync(openssl, ask, input: "", cancellationToken: cancellationToken);
        var matched = Matched().Match(result.Output);
        var isMatch = result.Output.Contains("Verify return code: 0 (ok)", StringComparison.Ordinal) && matched.Success;
        return new(isMatch, isMatch ? int.Parse(matched.Groups["depth"].Value, CultureInfo.InvariantCulture) : null, result.Everything);
    }

    [GeneratedRegex(@"^DANE TLSA .* at depth (?<depth>\d+)$", RegexOptions.Multiline)]
    private static partial Regex Matched();

    [GeneratedRegex(@"^ACCEPT 127\.0\.0\.1:(?<port>\d+)", RegexOptions.Multiline)]
    private static partial Regex Accepting();

    private static async Task<string> WaitForPortAsync(PeerProcess server, CancellationToken cancellationToken)
    {
        while (true)
        {
            var said = Accepting().Match(server.Log);
            if (said.Success) return said.Groups["port"].Value;
            if (server.HasExited) throw new InvalidOperationException(server.Log);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
        }
    }

    private static string Pem(IEnumerable<Octets> certificates)
    {
        var text = new StringBuilder();
        foreach (var der in certificates) text.Append(PemEncoding.WriteString("CERTIFICATE", der.Span)).Append('\n');
        return text.ToString();
    }
}
