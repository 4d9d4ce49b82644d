using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Records;

/// <summary>SMIMEA and OPENPGPKEY, beside GnuPG and hash-slinger's <c>openpgpkey</c>, served by BIND and looked up again.</summary>
[Peer("bind"), Peer("openssl"), Peer("gpg")]
public sealed class MailboxTests : IDisposable
{
    private const string Mailbox = "hugh@mail.example";

    private readonly TestFolder _folder = new("mailbox");

    public void Dispose() => _folder.Dispose();

    [Fact, Rfc(7929, "3"), Rfc(8162, "3")]
    public async Task Records_are_served_by_BIND_and_verified_and_those_of_a_stranger_are_not()
    {
        const string Address = "127.25.6.3";
        await Loopback.AddAsync([Address], TestContext.Current.CancellationToken);
        await CertificateAsync("hugh");
        await CertificateAsync("other");
        var (key, stranger) = (await KeyAsync("home", "Hugh"), await KeyAsync("elsewhere", "Another Hugh"));
        var zone = await BindZone.CreateAsync(_folder, "mail.example.", new DnssecPolicy(15), TestContext.Current.CancellationToken);
        zone.Text = $"$TTL 600\n@ SOA ns1 h 7 7200 900 1209600 300\n@ NS ns1\nns1 A {Address}\n" + await DanelawAsync("smimea", "create", _folder["hugh.pem"]) + await DanelawAsync("openpgpkey", "create", key);
        await using var bind = await Bind.StartAsync(_folder, Address, 53, [zone], TestContext.Current.CancellationToken);
        await bind.WaitUntilSignedAsync(TestContext.Current.CancellationToken);

        string[] asking = ["--resolver", Address, "--trust-anchor", _folder.Write("anchor", zone.KeyAnchor()), "-q"];
        Assert.Equal($"{Mailbox}: MATCHING\n", await DanelawAsync(["smimea", "verify", _folder["hugh.pem"], .. asking]));
        Assert.Equal($"{Mailbox}: NOT MATCHING\n", await DanelawAsync(["smimea", "verify", _folder["other.pem"], .. asking], exitCode: 1));
        Assert.Equal($"{Mailbox}: MATCHING\n", await DanelawAsync(["openpgpkey", "verify", key, .. asking]));
        Assert.Equal($"{Mailbox}: NOT MATCHING\n", await DanelawAsync(["openpgpkey", "verify", stranger, .. asking], exitCode: 1));
        Assert.Equal("hugh@none.mail.example: NO RECORDS\n", (await DanelawCommand.RunAsync(["smimea", "verify", _folder["hugh.pem"], "--mailbox", "hugh@none.mail.example", .. asking], cancellationToken: TestContext.Current.CancellationToken)).Output);
        Assert.Equal($"{Mailbox}: NOT SECURED\n", await DanelawAsync(["openpgpkey", "verify", key, "--negative-anchor", "mail.example", .. asking], exitCode: 4));
    }

    [Fact, Peer("openpgpkey"), Rfc(7929, "2.1.2")]
    public async Task The_record_of_a_key_is_that_of_gpg_and_of_hash_slinger()
    {
        var key = await KeyAsync("home", "Hugh");
        var ours = await DanelawAsync("openpgpkey", "create", key);
        var theirs = await RunAsync("env", $"GNUPGHOME={_folder["home"]}", Peer.Require("openpgpkey"), "--create", Mailbox);
        Assert.Equal(theirs.Split('\n').Single(line => line.Contains(" IN OPENPGPKEY ", StringComparison.Ordinal)) + "\n", ours);

        // $ORIGIN _openpgpkey.mail.example. / ; fingerprint / ; user / digest TYPE61 \# length ( hex … )
        var dane = await RunAsync("gpg", "--homedir", _folder["home"], "--batch", "--export-options", "export-dane", "--export", Mailbox);
        var generic = (await DanelawAsync("openpgpkey", "create", key, "--format", "rfc3597")).Split(' ');
        Assert.Contains(generic[0][..56] + " TYPE61 \\# " + generic[^2], dane, StringComparison.Ordinal);
        Assert.Equal(generic[^1].Trim(), string.Concat(dane[(dane.IndexOf('(', StringComparison.Ordinal) + 1)..dane.IndexOf(')', StringComparison.Ordinal)].Where(char.IsAsciiHexDigit)));
    }

    private async Task CertificateAsync(string name) =>
        await RunAsync("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", _folder[name + ".key"], "-out", _folder[name + ".pem"], "-days", "2", "-subj", "/CN=Hugh", "-addext", $"subjectAltName=email:{Mailbox}", "-addext", "extendedKeyUsage=emailProtection");

    private async Task<string> KeyAsync(string home, string name)
    {
        var folder = _folder[home + "/.here"][..^6];
        TestFolder.SetMode(folder, 0b111_000_000);
        await RunAsync("gpg", "--homedir", folder, "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", $"{name} <{Mailbox}>", "ed25519", "sign", "never");
        await RunAsync("gpg", "--homedir", folder, "--batch", "--quiet", "--output", _folder[home + ".pgp"], "--export", Mailbox);
        await RunAsync("gpgconf", "--homedir", folder, "--kill", "all");
        return _folder[home + ".pgp"];
    }

    private static Task<string> DanelawAsync(params string[] arguments) => DanelawAsync(arguments, exitCode: 0);

    private static async Task<string> DanelawAsync(string[] arguments, int exitCode)
    {
        var run = await DanelawCommand.RunAsync([.. arguments, "--mailbox", Mailbox], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((exitCode, ""), (run.ExitCode, run.Error));
        return run.Output;
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var run = await PeerProcess.RunAsync(Peer.Require(program), arguments, cancellationToken: TestContext.Current.CancellationToken);
        return run.ExitCode == 0 ? run.Output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {run.Everything}");
    }
}
