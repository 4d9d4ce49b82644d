using System.Globalization;
using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>A vsftpd of the test's own, at one address and port.</summary>
public sealed class Vsftpd : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private Vsftpd(PeerProcess process) => _process = process;

    /// <param name="folder">Where its files go.</param>
    /// <param name="address">The address.</param>
    /// <param name="port">The port: 21, or 990 for TLS at once.</param>
    /// <param name="chainFile">A file of key and chain; null for no TLS.</param>
    /// <param name="otherChainFile">One with a key of another kind; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Vsftpd> StartAsync(TestFolder folder, string address, int port, string? chainFile, string? otherChainFile = null, CancellationToken cancellationToken = default)
    {
        Peer.RequireRoot();
        var program = Peer.Require("vsftpd");
        var name = string.Create(CultureInfo.InvariantCulture, $"vsftpd/{address}-{port}");
        Directory.CreateDirectory(folder[$"{name}-empty"]);
        var configuration = folder.Write($"{name}.conf", $"""
            listen=YES
            background=NO
            listen_address={address}
            listen_port={port}
            secure_chroot_dir={folder[$"{name}-empty"]}
            ftp_username=nobody
            nopriv_user=nobody
            seccomp_sandbox=NO
            {(chainFile is null ? "ssl_enable=NO" : $"ssl_enable=YES\nssl_tlsv1=YES\nssl_ciphers=HIGH\nrsa_cert_file={chainFile}\nrsa_private_key_file={chainFile}\nimplicit_ssl={(port == 990 ? "YES" : "NO")}")}
            {(otherChainFile is null ? "" : $"dsa_cert_file={otherChainFile}\ndsa_private_key_file={otherChainFile}")}

            """);
        var process = PeerProcess.Start(program, configuration);
        await process.WaitForPortAsync(IPAddress.Parse(address), port, cancellationToken);
        return new Vsftpd(process);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
