using System.Net;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Rollover;

/// <summary>
/// Debian's certbot, unmodified and told nothing of Danelaw, before Debian's Pebble, the test authority of Let's Encrypt. Pebble is told to believe every
/// challenge; all else is as it is with a public authority: a new key at each renewal, links in <c>live/NAME</c> that change one after the other.
/// </summary>
internal sealed class Certbot : IAsyncDisposable
{
    private readonly string _address;
    private readonly TestFolder _folder;
    private readonly PeerProcess _pebble;

    private Certbot(TestFolder folder, string address, PeerProcess pebble) => (_folder, _address, _pebble) = (folder, address, pebble);

    /// <summary>The folder that operators point servers to, and should not.</summary>
    internal string Live => _folder[$"letsencrypt/live/{RollWorld.Host}/.here"][..^6];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    internal static async Task<Certbot> StartAsync(TestFolder folder, int number)
    {
        var address = $"127.84.{number}.80";
        await Loopback.AddAsync([address], Cancelled);
        var (certificate, key) = (folder["pebble/cert.pem"], folder["pebble/key.pem"]);
        var made = await PeerProcess.RunAsync(
            Peer.Require("openssl"),
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", "/CN=pebble", "-addext", $"subjectAltName=IP:{address}", "-keyout", key, "-out", certificate],
            cancellationToken: Cancelled);
        Assert.True(made.ExitCode == 0, made.Everything);
        var configuration = folder.Write("pebble/config.json", $$"""
            {"pebble": {"listenAddress": "{{address}}:14000", "managementListenAddress": "{{address}}:15000", "certificate": "{{certificate}}", "privateKey": "{{key}}", "httpPort": 80, "tlsPort": 443, "ocspResponderURL": "", "externalAccountBindingRequired": false} }
            """);
        var pebble = PeerProcess.Start(Peer.Require("env"), "PEBBLE_VA_ALWAYS_VALID=1", "PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0", "PEBBLE_AUTHZREUSE=100", Peer.Require("pebble"), "-config", configuration);
        await pebble.WaitForPortAsync(IPAddress.Parse(address), 14000, Cancelled);
        return new(folder, address, pebble);
    }

    /// <summary>The first certificate.</summary>
    internal Task IssueAsync() => RunAsync(
        "certonly", "--agree-tos", "--register-unsafely-without-email", "--server", $"https://{_address}:14000/dir", "--manual", "--preferred-challenges", "http", "--manual-auth-hook", "/bin/true", "-d", RollWorld.Host);

    /// <summary>A renewal, which makes a new key.</summary>
    internal Task RenewAsync() => RunAsync("renew", "--force-renewal", "--no-random-sleep-on-renew");

    public ValueTask DisposeAsync() => _pebble.DisposeAsync();

    private async Task RunAsync(params string[] arguments)
    {
        var home = _folder["letsencrypt/.here"][..^6];
        var said = await PeerProcess.RunAsync(
            Peer.Require("env"),
            ["REQUESTS_CA_BUNDLE=" + _folder["pebble/cert.pem"], Peer.Require("certbot"), .. arguments, "--non-interactive", "--config-dir", home, "--work-dir", _folder["certbot/work/.here"][..^6], "--logs-dir", _folder["certbot/logs/.here"][..^6]],
            cancellationToken: Cancelled);
        Assert.True(said.ExitCode == 0, $"{said.Everything}\n{_pebble.Log}");
    }
}
