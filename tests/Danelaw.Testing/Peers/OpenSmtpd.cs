using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>
/// An OpenSMTPD of the test's own, at port 25. That of Debian 12 (6.8.0p2) offers STARTTLS and shows its certificate, but signs nothing with OpenSSL 3:
/// every handshake ends with an alert of its own (OpenSMTPD's issues 1171 and 1239).
/// </summary>
public sealed class OpenSmtpd : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private OpenSmtpd(PeerProcess process) => _process = process;

    public string Log => _process.Log;

    /// <param name="folder">Where its files go.</param>
    /// <param name="listeners">Where it listens, and with which key: it has one for each.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<OpenSmtpd> StartAsync(TestFolder folder, IReadOnlyList<PostfixListener> listeners, CancellationToken cancellationToken = default)
    {
        Peer.RequireRoot();
        var program = Peer.Require("smtpd");
        var home = folder["opensmtpd/.here"][..^6];
        foreach (var layer in (string[])["upper", "work"]) Directory.CreateDirectory($"{home}/var/{layer}");
        var configuration = folder.Write("opensmtpd/smtpd.conf", $"""
            {string.Concat(listeners.Where(listener => listener.ChainFiles.Count > 0).Select(listener => $"pki \"{listener.Address}\" cert \"{listener.ChainFiles[0]}\"\npki \"{listener.Address}\" key \"{listener.ChainFiles[0]}\"\n"))}
            {string.Concat(listeners.Select(listener => $"listen on {listener.Address} port 25{(listener.ChainFiles.Count > 0 ? $" tls pki \"{listener.Address}\"" : "")} hostname opensmtpd.invalid\n"))}
            match from any for any reject

            """);

        // A key that others may read is not taken. Its spool, its empty root and its socket stand where it was compiled to look: in a /var and a /run of its own.
        foreach (var file in listeners.SelectMany(listener => listener.ChainFiles)) TestFolder.SetMode(file, 0b110_000_000);
        var process = PeerProcess.Start(Peer.Require("unshare"), "--mount", "bash", "-c", $"""
            set -e
            mount -t overlay overlay -o "lowerdir=/var,upperdir={home}/var/upper,workdir={home}/var/work" /var
            mount -t tmpfs -o mode=755 tmpfs /run
            mkdir -p -m 711 /var/spool/smtpd
            mkdir -p -m 755 /var/lib/opensmtpd/empty
            exec {program} -d -f {configuration}
            """);
        foreach (var listener in listeners) await process.WaitForPortAsync(IPAddress.Parse(listener.Address), 25, cancellationToken);
        return new OpenSmtpd(process);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
