using System.Globalization;
using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>INN's nnrpd, the half of it that readers talk to, without the other half: at one address, port 119 by STARTTLS or port 563 by TLS at once.</summary>
public sealed class Nnrpd : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private Nnrpd(PeerProcess process) => _process = process;

    /// <param name="folder">Where its files go.</param>
    /// <param name="address">The address.</param>
    /// <param name="port">The port: 119, or 563 for TLS at once.</param>
    /// <param name="chain">Key and chain, in PEM; null for no TLS.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Nnrpd> StartAsync(TestFolder folder, string address, int port, string? chain, CancellationToken cancellationToken = default)
    {
        Peer.RequireRoot();
        var (program, makeHistory) = (Peer.Require("nnrpd"), Peer.Require("makehistory"));
        var name = string.Create(CultureInfo.InvariantCulture, $"news/{address}-{port}");
        var home = folder[$"{name}/.here"][..^6];
        foreach (var one in (string[])["etc", "db", "run", "tmp", "log", "spool/articles", "spool/overview"]) Directory.CreateDirectory(Path.Combine(home, one));
        var chainFile = chain is null ? null : folder.Write($"{name}/chain.pem", chain);

        // Whoever runs the tests may keep the machine busier than a news server likes: no limit by load.
        var configuration = folder.Write($"{name}/etc/inn.conf", $"""
            organization: test
            domain: news.example
            fromhost: news.example
            pathhost: news.example
            server: {address}
            hismethod: hisv6
            enableoverview: true
            ovmethod: tradindexed
            mta: "/bin/false %s"
            pathnews: /usr/lib/news
            pathetc: {home}/etc
            pathdb: {home}/db
            pathrun: {home}/run
            pathtmp: {home}/tmp
            pathspool: {home}/spool
            patharticles: {home}/spool/articles
            pathoverview: {home}/spool/overview
            pathlog: {home}/log
            readerswhenstopped: true
            nnrpdloadlimit: 0
            {(chainFile is null ? "" : $"tlscertfile: {chainFile}\ntlskeyfile: {chainFile}")}

            """);
        folder.Write($"{name}/etc/readers.conf", "auth \"all\" {\n  hosts: \"*\"\n  default: \"<reader>\"\n}\naccess \"all\" {\n  users: \"<reader>\"\n  newsgroups: \"*\"\n  access: R\n}\n");
        folder.Write($"{name}/etc/storage.conf", "method trash {\n  newsgroups: *\n  class: 0\n}\n");
        folder.Write($"{name}/db/active", "junk 0000000000 0000000001 n\n");
        foreach (var empty in (string[])["history", "newsgroups", "active.times"]) folder.Write($"{name}/db/{empty}", "");

        // A key that others may read is not taken.
        if (chainFile is not null) TestFolder.SetMode(chainFile, 0b110_000_000);
        await RunAsync("chown", ["-R", "news:news", home], cancellationToken);
        await RunAsync("env", [$"INNCONF={configuration}", Peer.Require("setpriv"), "--reuid=news", "--regid=news", "--clear-groups", makeHistory, "-x", "-O"], cancellationToken);
        var process = PeerProcess.Start(Peer.Require("env"), [$"INNCONF={configuration}", program, "-D", "-f", "-b", address, "-p", port.ToString(CultureInfo.InvariantCulture), .. (string[])(port == 563 ? ["-S"] : [])]);
        await process.WaitForPortAsync(IPAddress.Parse(address), port, cancellationToken);
        return new Nnrpd(process);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var result = await PeerProcess.RunAsync(Peer.Require(program), arguments, cancellationToken: cancellationToken);
        if (result.ExitCode != 0) throw new InvalidOperationException($"{program}: {result.Everything}");
    }
}
