using System.Net;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Rollover;

/// <summary>Debian's Pebble, the test authority of Let's Encrypt, told to believe every challenge; all else is as it is with a public authority.</summary>
internal sealed class Pebble : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private Pebble(PeerProcess process, string address, string certificate) => (_process, Address, Certificate) = (process, address, certificate);

    internal string Address { get; }

    /// <summary>Where ACME clients begin.</summary>
    internal string Directory => $"https://{Address}:14000/dir";

    /// <summary>The certificate of its own web server.</summary>
    internal string Certificate { get; }

    internal string Log => _process.Log;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    internal static async Task<Pebble> StartAsync(TestFolder folder, int number)
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
        var process = PeerProcess.Start(Peer.Require("env"), "PEBBLE_VA_ALWAYS_VALID=1", "PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0", "PEBBLE_AUTHZREUSE=100", Peer.Require("pebble"), "-config", configuration);
        await process.WaitForPortAsync(IPAddress.Parse(address), 14000, Cancelled);
        return new(process, address, certificate);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
