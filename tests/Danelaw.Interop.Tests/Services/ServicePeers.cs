using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Danelaw.Interop.Tests.Worlds;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Services;

/// <summary>The servers of the matrix, raised: each once for each state that it is met in, or once for all where it can show different things at different addresses.</summary>
internal sealed class ServicePeers : IAsyncDisposable
{
    private readonly ConcurrentBag<IAsyncDisposable> _servers = [];
    private readonly ConcurrentBag<TestFolder> _folders = [];
    private readonly ServicePlan _plan;

    private ServicePeers(ServicePlan plan) => _plan = plan;

    /// <summary>What PostgreSQL has logged.</summary>
    public Func<string> PostgreSqlLog { get; private set; } = () => "";

    public static async Task<ServicePeers> StartAsync(ServicePlan plan, IEnumerable<MatrixRow> rows, CancellationToken cancellationToken)
    {
        Peer.RequireOwnNetwork();
        var started = new ServicePeers(plan);
        try
        {
            var needed = rows.GroupBy(row => row.Peer, row => row.Condition.Site()).Select(group => (Peer: group.Key, Sites: group.Distinct().Order().ToArray())).ToArray();
            await Loopback.AddAsync(needed.SelectMany(each => each.Sites.Select(each.Peer.Address)), cancellationToken);
            await Parallel.ForEachAsync(needed, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (each, token) => await started.RaiseAsync(each.Peer, each.Sites, token));
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_servers.Select(server => server.DisposeAsync().AsTask()));
        foreach (var folder in _folders) folder.Dispose();
    }

    private async Task RaiseAsync(ServicePeer peer, IReadOnlyList<SiteKind> sites, CancellationToken cancellationToken)
    {
        switch (peer.Label)
        {
            case "postfix" or "exim" or "opensmtpd":
                await RaiseTogetherAsync(peer, sites, cancellationToken);
                return;
            case "nginx":
                var folder = Folder(peer);
                _servers.Add(await Nginx.StartAsync(folder, [.. sites.Select(site => Tls(peer, site, folder))], cancellationToken));
                return;
            default:
                foreach (var site in sites) await RaiseAsync(peer, site, Folder(peer), cancellationToken);
                return;
        }
    }

    private async Task RaiseTogetherAsync(ServicePeer peer, IReadOnlyList<SiteKind> sites, CancellationToken cancellationToken)
    {
        var folder = Folder(peer);
        PostfixListener[] listeners = [.. sites.Select(site => new PostfixListener(peer.Address(site), Files(site, folder)))];
        _servers.Add(peer.Label switch
        {
            "exim" => await Exim.StartAsync(folder, listeners, cancellationToken),
            "opensmtpd" => await OpenSmtpd.StartAsync(folder, listeners, cancellationToken),
            _ => await Postfix.StartAsync(folder,
            [
                .. listeners,
                .. listeners.Select(listener => listener with { Port = 587 }),
                .. listeners.Where(listener => listener.ChainFiles.Count > 0).Select(listener => listener with { Port = 465, Settings = ["smtpd_tls_wrappermode = yes"] }),
            ], cancellationToken),
        });
    }

    /// <summary>Raises a server for one site alone.</summary>
    private async Task RaiseAsync(ServicePeer peer, SiteKind site, TestFolder folder, CancellationToken cancellationToken)
    {
        var (address, hasTls) = (peer.Address(site), site != SiteKind.Plain);
        var chain = hasTls ? _plan.Chains(site)[0] : null;
        string[] hosts = [.. Enum.GetValues<Condition>().Where(condition => condition.Site() == site).Select(peer.Host)];
        switch (peer.Label)
        {
            case "dovecot":
                _servers.Add(await Dovecot.StartAsync(folder, [Tls(peer, site, folder)], delivers: true, hasTls: hasTls, cancellationToken: cancellationToken));
                return;
            case "prosody":
                _servers.Add(await Prosody.StartAsync(folder, Tls(peer, site, folder), hosts, hasTls, cancellationToken));
                return;
            case "openldap":
                _servers.Add(await Slapd.StartAsync(folder, [address], chain, cancellationToken));
                return;
            case "vsftpd":
                var files = Files(site, folder);
                foreach (var port in (int[])(hasTls ? [21, 990] : [21])) _servers.Add(await Vsftpd.StartAsync(folder, address, port, hasTls ? files[0] : null, files.Count > 1 ? files[1] : null, cancellationToken));
                return;
            case "innd":
                _servers.Add(await Innd.StartAsync(folder, address, chain, cancellationToken));
                return;
            case "nnrpd":
                _servers.Add(await Nnrpd.StartAsync(folder, address, 563, chain, cancellationToken));
                return;
            case "inspircd":
                _servers.Add(await InspIrcd.StartAsync(folder, Tls(peer, site, folder), hasTls, cancellationToken));
                return;
            case "postgresql":
                var postgres = await PostgreSql.StartAsync(folder, 5432, "password", "", [address], chain, cancellationToken);
                _servers.Add(postgres);
                var before = PostgreSqlLog;
                PostgreSqlLog = () => before() + postgres.Log;
                return;
            case "mariadb":
                // It greets only hosts from which somebody may log in.
                _servers.Add(await MariaDb.StartAsync(folder, 3306, "CREATE USER probe@'%' IDENTIFIED BY 'password';", [address], chain, cancellationToken));
                return;
            case "unbound":
                var file = Tls(peer, site, folder).ChainFile;
                _servers.Add(await Unbound.StartAsync(folder, address, 5300, new UnboundOptions
                {
                    RootHints = SignedWorld.RootHints,
                    Extra = $"interface: {address}@853\n  interface: {address}@8443\n  tls-port: 853\n  https-port: 8443\n  tls-service-key: \"{file}\"\n  tls-service-pem: \"{file}\"",
                }, cancellationToken));
                return;
            case "gnutls-serv":
                var listening = peer.Port(peer.Services[0], site);
                var process = PeerProcess.Start(Peer.Require("gnutls-serv"), ["--port", listening.ToString(CultureInfo.InvariantCulture), "--echo", "--quiet", .. Files(site, folder).SelectMany(file => new[] { "--x509certfile", file, "--x509keyfile", file })]);
                _servers.Add(process);
                await process.WaitForPortAsync(IPAddress.Parse(address), listening, cancellationToken);
                return;
            default:
                throw new ArgumentOutOfRangeException(nameof(peer), peer.Label, "nobody knows how to raise it");
        }
    }

    private TestFolder Folder(ServicePeer peer)
    {
        var folder = new TestFolder(peer.Label, isInMemory: peer.IsSlowToRise);
        _folders.Add(folder);
        return folder;
    }

    private List<string> Files(SiteKind site, TestFolder folder) => [.. _plan.Chains(site).Select((chain, i) => folder.Write($"{site}-{i}.pem", chain))];

    /// <summary>A site with its certificates; one without TLS has a file that plays no part, because some will have one.</summary>
    private TlsSite Tls(ServicePeer peer, SiteKind site, TestFolder folder)
    {
        var files = Files(site == SiteKind.Plain ? SiteKind.Current : site, folder);
        return new(peer.Address(site), files[0]) { OtherChainFiles = files[1..] };
    }
}
