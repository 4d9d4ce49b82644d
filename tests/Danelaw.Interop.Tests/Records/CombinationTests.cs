using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Records;

/// <summary>Every usage, selector and matching type, from every container that holds what they need, beside openssl's digests, hash-slinger's <c>tlsa</c> and GnuTLS's <c>danetool</c>.</summary>
[Peer("openssl"), Peer("danetool"), Peer("tlsa")]
public sealed class CombinationTests : IDisposable
{
    private const string Owner = "_25._tcp.mx.example.org. IN TLSA ";

    private readonly TestFolder _folder = new("combinations");

    public void Dispose() => _folder.Dispose();

    [Theory, Rfc(6698, "2.1"), Rfc(6698, "A.1")]
    [InlineData("RSA", "rsa_keygen_bits:2048")]
    [InlineData("EC", "ec_paramgen_curve:P-256")]
    public async Task All_24_combinations_are_those_of_the_other_tools(string algorithm, string option)
    {
        await MakeAsync(algorithm, option);
        var expected = new Dictionary<(int Usage, int Selector), string[]>();
        foreach (var usage in (int[])[0, 1, 2, 3])
        {
            var whose = usage is 0 or 2 ? "ca" : "leaf";
            foreach (var selector in (int[])[0, 1])
            {
                var der = _folder[$"{whose}.{(selector == 0 ? "cert" : "public")}.der"];
                string[] data = [Convert.ToHexStringLower(await File.ReadAllBytesAsync(der, TestContext.Current.CancellationToken)), await DigestAsync("-sha256", der), await DigestAsync("-sha512", der)];
                expected[(usage, selector)] = data;
                for (var matching = 0; matching <= 2; matching++)
                {
                    var slinger = await RunAsync("tlsa", "--create", "--certificate", _folder[$"{whose}.cert.pem"], "--usage", $"{usage}", "--selector", $"{selector}", "--mtype", $"{matching}", "--port", "25", "mx.example.org");
                    Assert.Equal($"{Owner}{usage} {selector} {matching} {data[matching]}", Line(slinger));
                    if (matching == 0) continue;
                    string[] options = [.. usage is 0 or 2 ? (string[])["--ca"] : [], .. usage is 0 or 1 ? (string[])["--no-domain"] : [], .. selector == 0 ? (string[])["--x509"] : []];
                    var danetool = await RunAsync("danetool", ["--tlsa-rr", "--load-certificate", _folder[$"{whose}.cert.pem"], "--host", "mx.example.org", "--port", "25", "--hash", matching == 1 ? "sha256" : "sha512", .. options]);
                    Assert.Equal($"{Owner}( 0{usage} 0{selector} 0{matching} {data[matching]} )", Line(danetool));
                }
            }
        }

        foreach (var ((usage, selector), data) in expected)
        {
            string[] whole = ["chain.pem", "server.p12"];
            string[] own = usage is 0 or 2 ? ["ca.cert.pem", "ca.cert.der"] : ["leaf.cert.pem", "leaf.cert.der"];
            string[] keys = usage is 0 or 2 ? ["ca.key.pem", "ca.public.der"] : ["leaf.key.pem", "leaf.public.der", "leaf.request.pem"];
            foreach (var source in (string[])[.. whole, .. own, .. selector == 1 ? keys : []])
            {
                var made = await DanelawCommand.RunAsync(["tlsa", "create", _folder[source], "--name", "mx.example.org", "--usage", $"{usage}", "--selector", $"{selector}", "--matching", "0", "--matching", "1", "--matching", "2", "--password-file", _folder["password"], "-q"], cancellationToken: TestContext.Current.CancellationToken);
                Assert.Equal((source, usage, selector, string.Concat(data.Select((hex, matching) => $"{Owner}{usage} {selector} {matching} {hex}\n")), ""), (source, usage, selector, made.Output, made.Error));
            }
        }
    }

    private async Task MakeAsync(string algorithm, string option)
    {
        _folder.Write("password", "lock 9\n");
        await RunAsync("openssl", "genpkey", "-algorithm", algorithm, "-pkeyopt", option, "-out", _folder["ca.key.pem"]);
        await RunAsync("openssl", "req", "-x509", "-new", "-key", _folder["ca.key.pem"], "-subj", "/CN=Authority", "-days", "2", "-out", _folder["ca.cert.pem"]);
        await RunAsync("openssl", "genpkey", "-algorithm", algorithm, "-pkeyopt", option, "-out", _folder["leaf.key.pem"]);
        await RunAsync("openssl", "req", "-new", "-key", _folder["leaf.key.pem"], "-subj", "/CN=mx.example.org", "-out", _folder["leaf.request.pem"]);
        await RunAsync("openssl", "x509", "-req", "-in", _folder["leaf.request.pem"], "-CA", _folder["ca.cert.pem"], "-CAkey", _folder["ca.key.pem"], "-set_serial", "7", "-days", "2", "-out", _folder["leaf.cert.pem"]);
        foreach (var whose in (string[])["ca", "leaf"])
        {
            await RunAsync("openssl", "x509", "-in", _folder[$"{whose}.cert.pem"], "-outform", "DER", "-out", _folder[$"{whose}.cert.der"]);
            await RunAsync("openssl", "pkey", "-in", _folder[$"{whose}.key.pem"], "-pubout", "-outform", "DER", "-out", _folder[$"{whose}.public.der"]);
        }

        await RunAsync("openssl", "pkcs12", "-export", "-inkey", _folder["leaf.key.pem"], "-in", _folder["leaf.cert.pem"], "-certfile", _folder["ca.cert.pem"], "-passout", "pass:lock 9", "-out", _folder["server.p12"]);
        _folder.Write("chain.pem", File.ReadAllText(_folder["leaf.cert.pem"]) + File.ReadAllText(_folder["ca.cert.pem"]));
    }

    private async Task<string> DigestAsync(string digest, string path) => (await RunAsync("openssl", "dgst", digest, path)).Trim().Split(' ')[^1];

    private static string Line(string output) => output.Split('\n').Single(line => line.Contains(" IN TLSA ", StringComparison.Ordinal));

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var run = await PeerProcess.RunAsync(Peer.Require(program), arguments, cancellationToken: TestContext.Current.CancellationToken);
        return run.ExitCode == 0 ? run.Output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {run.Everything}");
    }
}
