using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>An address that a Postfix takes mail at.</summary>
/// <param name="Address">The address; it must stand on an interface.</param>
/// <param name="ChainFiles">Files of key and chain, one for each key algorithm; none: STARTTLS is not offered.</param>
public sealed record PostfixListener(string Address, IReadOnlyList<string> ChainFiles)
{
    /// <summary>The port.</summary>
    public int Port { get; init; } = 25;

    /// <summary>Further settings of main.cf for this address, such as <c>smtpd_tls_protocols=&gt;=TLSv1.3</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];
}

/// <summary>A Postfix of the test's own (its own configuration, queue and log), which takes mail for anybody and throws it away.</summary>
public sealed class Postfix : IAsyncDisposable
{
    private readonly PeerProcess _process;
    private readonly string _logFile;

    private Postfix(PeerProcess process, string logFile)
    {
        _process = process;
        _logFile = logFile;
    }

    /// <summary>What it has logged.</summary>
    public string Log => _process.Log + (File.Exists(_logFile) ? File.ReadAllText(_logFile) : "");

    public static async Task<Postfix> StartAsync(TestFolder folder, IReadOnlyList<PostfixListener> listeners, CancellationToken cancellationToken = default)
    {
        Peer.RequireRoot();
        var program = Peer.Require("postfix");
        var home = folder["postfix/.here"][..^6];
        foreach (var name in (string[])["queue", "data", "log"]) Directory.CreateDirectory(Path.Combine(home, name));
        var owned = await PeerProcess.RunAsync(Peer.Require("chown"), ["postfix", Path.Combine(home, "data")], cancellationToken: cancellationToken);
        if (owned.ExitCode != 0) throw new InvalidOperationException(owned.Everything);
        var log = Path.Combine(home, "log", "mail.log");
        folder.Write("postfix/main.cf", $"""
            compatibility_level = 3.7
            queue_directory = {home}/queue
            data_directory = {home}/data
            command_directory = /usr/sbin
            daemon_directory = /usr/lib/postfix/sbin
            maillog_file = {log}
            maillog_file_prefixes = {home}/log
            myhostname = postfix.invalid
            mydestination =
            inet_interfaces = {string.Join(", ", listeners.Select(listener => Bracketed(listener.Address)).Distinct())}
            inet_protocols = all
            mynetworks = 127.0.0.0/8 [2001:db8:25::]/64
            smtpd_relay_restrictions = permit_mynetworks, reject
            relay_domains = static:ALL
            relay_transport = discard
            local_recipient_maps =
            alias_maps =
            smtpd_peername_lookup = no
            smtpd_tls_security_level = none
            smtpd_client_connection_count_limit = 0
            smtpd_client_connection_rate_limit = 0

            """);
        folder.Write("postfix/master.cf", string.Concat(listeners.Select(Service)) + """
            pickup unix n - n 60 1 pickup
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            tlsmgr unix - - n 1000? 1 tlsmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            verify unix - - n - 1 verify
            flush unix n - n 1000? 0 flush
            proxymap unix - - n - - proxymap
            proxywrite unix - - n - 1 proxymap
            smtp unix - - n - - smtp
            showq unix n - n - - showq
            error unix - - n - - error
            retry unix - - n - - error
            discard unix - - n - - discard
            anvil unix - - n - 1 anvil
            scache unix - - n - 1 scache
            postlog unix-dgram n - n - 1 postlogd

            """);
        var process = PeerProcess.Start(program, "-c", home, "start-fg");
        try
        {
            foreach (var listener in listeners) await process.WaitForPortAsync(IPAddress.Parse(listener.Address), listener.Port, cancellationToken);
        }
        catch (InvalidOperationException failure)
        {
            throw new InvalidOperationException(failure.Message + (File.Exists(log) ? await File.ReadAllTextAsync(log, CancellationToken.None) : ""), failure);
        }
        return new Postfix(process, log);
    }

    /// <summary>Makes a map for <c>tls_server_sni_maps</c> with one name; gives it as main.cf takes it.</summary>
    public static async Task<string> WriteNameMapAsync(TestFolder folder, string name, string chainPem, CancellationToken cancellationToken = default)
    {
        var map = folder.Write($"sni/{name}", $"{name} {folder.Write($"sni/{name}.pem", chainPem)}\n");
        var made = await PeerProcess.RunAsync(Peer.Require("env"), ["MAIL_CONFIG=" + Path.GetDirectoryName(folder.Write("sni-config/main.cf", "compatibility_level = 3.7\n")), Peer.Require("postmap"), "-F", "hash:" + map], cancellationToken: cancellationToken);
        if (made.ExitCode != 0) throw new InvalidOperationException($"postmap: {made.Everything}");
        return "hash:" + map;
    }

    private static string Bracketed(string address) => address.Contains(':') ? $"[{address}]" : address;

    private static string Service(PostfixListener listener)
    {
        var settings = listener.Settings.AsEnumerable();
        if (listener.ChainFiles.Count > 0)
            settings = settings.Concat(["smtpd_tls_security_level = may", $"smtpd_tls_chain_files = {string.Join(", ", listener.ChainFiles)}"]);
        return $"{Bracketed(listener.Address)}:{listener.Port} inet n - n - - smtpd{string.Concat(settings.Select(setting => $"\n  -o {{ {setting} }}"))}\n";
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
