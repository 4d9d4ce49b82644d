using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Records;

/// <summary><c>tlsa create</c> from every container that openssl writes, held against the pipeline by which people have made records so far.</summary>
[Peer("openssl")]
public sealed class KeySourceTests : IDisposable
{
    private const string Password = "pass:lock 9";

    private readonly TestFolder _folder = new("key-sources");

    public void Dispose() => _folder.Dispose();

    [Theory, Rfc(6698, "2.1.2")]
    [InlineData("RSA", "rsa_keygen_bits:3072")]
    [InlineData("EC", "ec_paramgen_curve:P-256")]
    [InlineData("EC", "ec_paramgen_curve:P-521")]
    [InlineData("EC", "ec_paramgen_curve:brainpoolP256r1")]
    [InlineData("ED25519", null)]
    [InlineData("ED448", null)]
    public async Task Every_container_of_a_key_gives_the_digest_of_the_openssl_pipeline(string algorithm, string? option)
    {
        var (key, certificate, password) = (_folder["key.pem"], _folder["cert.pem"], _folder.Write("password", "lock 9\n"));
        await OpenSslAsync(["genpkey", "-algorithm", algorithm, .. option is null ? Array.Empty<string>() : ["-pkeyopt", option], "-out", key]);
        await OpenSslAsync("req", "-x509", "-new", "-key", key, "-subj", "/CN=mx.example.org", "-days", "2", "-out", certificate);
        await OpenSslAsync("x509", "-in", certificate, "-outform", "DER", "-out", _folder["cert.der"]);
        await OpenSslAsync("pkey", "-in", key, "-outform", "DER", "-out", _folder["key.der"]);
        await OpenSslAsync("pkey", "-in", key, "-pubout", "-out", _folder["public.pem"]);
        await OpenSslAsync("pkey", "-in", key, "-pubout", "-outform", "DER", "-out", _folder["public.der"]);
        await OpenSslAsync("req", "-new", "-key", key, "-subj", "/CN=mx.example.org", "-out", _folder["request.pem"]);
        await OpenSslAsync("req", "-in", _folder["request.pem"], "-outform", "DER", "-out", _folder["request.der"]);
        await OpenSslAsync("pkcs8", "-topk8", "-in", key, "-passout", Password, "-out", _folder["encrypted.pem"]);
        await OpenSslAsync("pkcs8", "-topk8", "-in", key, "-passout", Password, "-outform", "DER", "-out", _folder["encrypted.der"]);
        await OpenSslAsync("pkcs12", "-export", "-inkey", key, "-in", certificate, "-passout", Password, "-out", _folder["new.p12"]);
        await OpenSslAsync("pkcs12", "-export", "-legacy", "-inkey", key, "-in", certificate, "-passout", Password, "-out", _folder["old.p12"]);
        if (algorithm is "RSA" or "EC") await OpenSslAsync("pkey", "-in", key, "-traditional", "-out", _folder["traditional.pem"]);
        File.Copy(certificate, _folder["live/fullchain.pem"]);

        // openssl x509 -in cert.pem -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary | xxd -p
        var expected = await DigestAsync(_folder["public.der"]);
        var whole = await DigestAsync(_folder["cert.der"]);
        foreach (var path in Directory.EnumerateFiles(_folder.Root).Where(path => path != password).Append(_folder["live"]))
        {
            var made = await DanelawCommand.RunAsync(["tlsa", "create", path, "--name", "mx.example.org", "--password-file", password, "-q"], cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal((path, 0, $"_25._tcp.mx.example.org. IN TLSA 3 1 1 {expected}\n", ""), (path, made.ExitCode, made.Output, made.Error));
            if (Path.GetFileName(path) is not ("new.p12" or "old.p12" or "cert.der")) continue;
            made = await DanelawCommand.RunAsync(["tlsa", "create", path, "--name", "mx.example.org", "--selector", "0", "--password-file", password, "-q"], cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal((path, 0, $"_25._tcp.mx.example.org. IN TLSA 3 0 1 {whole}\n"), (path, made.ExitCode, made.Output));
        }
    }

    /// <summary>The same curve, written in other ways than certificates mostly have it: the digest of openssl's public key, or none at all.</summary>
    [Theory]
    [InlineData("-param_enc", "explicit")]
    [InlineData("-conv_form", "compressed")]
    public async Task An_EC_key_in_an_odd_form_never_gives_another_digest(string option, string value)
    {
        var key = _folder["odd.pem"];
        await OpenSslAsync("ecparam", "-genkey", "-name", "prime256v1", option, value, "-noout", "-out", key);
        await OpenSslAsync("pkcs8", "-topk8", "-nocrypt", "-in", key, "-out", _folder["odd8.pem"]);
        await OpenSslAsync("pkey", "-in", key, "-pubout", "-outform", "DER", "-out", _folder["odd.der"]);
        var expected = await DigestAsync(_folder["odd.der"]);
        foreach (var path in (string[])[key, _folder["odd8.pem"], _folder["odd.der"]])
        {
            var made = await DanelawCommand.RunAsync(["tlsa", "create", path, "--name", "mx.example.org", "-q"], cancellationToken: TestContext.Current.CancellationToken);
            if (made.ExitCode == 0) Assert.Equal((path, $"_25._tcp.mx.example.org. IN TLSA 3 1 1 {expected}\n"), (path, made.Output));
            else Assert.Equal((path, 2, ""), (path, made.ExitCode, made.Output));
        }
    }

    /// <summary>On a terminal of its own: nothing that is typed is shown, mistakes can be taken back, ^C breaks off.</summary>
    [Theory, Peer("python3")]
    [InlineData(@"wrong\x15lock 8\x7f9\n", 0)]
    [InlineData(@"lock 9\x03", 2)]
    public async Task The_password_is_typed_unseen(string keys, int exitCode)
    {
        await OpenSslAsync("genpkey", "-algorithm", "ED25519", "-out", _folder["key.pem"]);
        await OpenSslAsync("pkcs8", "-topk8", "-in", _folder["key.pem"], "-passout", Password, "-out", _folder["encrypted.pem"]);
        var terminal = _folder.Write("terminal.py", """
            import os, pty, sys
            pid, fd = pty.fork()
            if pid == 0:
                os.execv(sys.argv[2], sys.argv[2:])
            said, typed = b'', False
            while True:
                try:
                    part = os.read(fd, 4096)
                except OSError:
                    break
                if not part:
                    break
                said += part
                if not typed and b'password of' in said and said.endswith(b': '):
                    os.write(fd, sys.argv[1].encode().decode('unicode_escape').encode())
                    typed = True
            sys.stdout.buffer.write(said)
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """);

        var run = await PeerProcess.RunAsync(Peer.Require("python3"), [terminal, keys, Path.Combine(Repository.Root, "danelaw"), "tlsa", "create", _folder["encrypted.pem"], "--name", "mx.example.org"], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(exitCode == 0, run.Output.Contains("_25._tcp.mx.example.org. IN TLSA 3 1 1 ", StringComparison.Ordinal));
        Assert.DoesNotContain("lock", run.Output.Replace("encrypted", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static Task<string> OpenSslAsync(params string[] arguments) => OpenSslAsync((IReadOnlyList<string>)arguments);

    private static async Task<string> OpenSslAsync(IReadOnlyList<string> arguments)
    {
        var run = await PeerProcess.RunAsync(Peer.Require("openssl"), arguments, cancellationToken: TestContext.Current.CancellationToken);
        return run.ExitCode == 0 ? run.Output : throw new InvalidOperationException($"openssl {string.Join(' ', arguments)}: {run.Everything}");
    }

    /// <summary><c>SHA2-256(file)= digest</c>, by its last word.</summary>
    private static async Task<string> DigestAsync(string path) => (await OpenSslAsync("dgst", "-sha256", path)).Trim().Split(' ')[^1];
}
