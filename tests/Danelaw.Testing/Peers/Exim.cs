using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>An Exim of the test's own: STARTTLS at ports 25 and 587, and TLS at once at 465. It takes mail for anybody, and keeps it in its queue.</summary>
public sealed class Exim : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private Exim(PeerProcess process) => _process = process;

    public string Log => _process.Log;

    /// <param name="folder">Where its files go.</param>
    /// <param name="listeners">Where it listens, and with which keys; the port of each is passed over.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Exim> StartAsync(TestFolder folder, IReadOnlyList<PostfixListener> listeners, CancellationToken cancellationToken = default)
    {
        Peer.RequireRoot();
        var program = Peer.Require("exim4");
        var home = folder["exim/.here"][..^6];
        Directory.CreateDirectory(home + "/spool");

        // Which files, it looks up by the address that the client came to; where there are none it offers no TLS.
        var files = folder.Write("exim/certificates", string.Concat(listeners.Where(listener => listener.ChainFiles.Count > 0).Select(listener => $"{listener.Address}: {string.Join(" : ", listener.ChainFiles)}\n")));
        var lookup = $"${{lookup{{$received_ip_address}}lsearch{{{files}}}";
        var (advertised, chosen) = (lookup + "{*}}", lookup + "}");

        // Without deliver_drop_privilege it would start itself anew from where its package has it; roots deliver nothing.
        var configuration = folder.Write("exim/exim.conf", $$"""
            primary_hostname = exim.invalid
            exim_user = Debian-exim
            exim_group = Debian-exim
            deliver_drop_privilege = true
            keep_environment =
            spool_directory = {{home}}/spool
            log_file_path = {{home}}/spool/log-%s
            pid_file_path = {{home}}/spool/pid
            local_interfaces = {{string.Join(" : ", listeners.Select(listener => listener.Address))}}
            daemon_smtp_ports = 25 : 465 : 587
            tls_on_connect_ports = 465
            tls_advertise_hosts = {{advertised}}
            tls_certificate = {{chosen}}
            tls_privatekey = {{chosen}}
            smtp_accept_max = 200
            queue_only = true
            rfc1413_hosts =
            acl_smtp_rcpt = accept

            """);
        var owned = await PeerProcess.RunAsync(Peer.Require("chown"), ["Debian-exim", home + "/spool"], cancellationToken: cancellationToken);
        if (owned.ExitCode != 0) throw new InvalidOperationException(owned.Everything);
        var process = PeerProcess.Start(program, "-C", configuration, "-bdf");
        foreach (var listener in listeners)
            foreach (var port in (int[])[25, 465, 587]) await process.WaitForPortAsync(IPAddress.Parse(listener.Address), port, cancellationToken);
        return new Exim(process);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
