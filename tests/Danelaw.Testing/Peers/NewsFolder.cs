namespace Danelaw.Testing.Peers;

/// <summary>What INN's programs read: an empty news server of the test's own.</summary>
internal static class NewsFolder
{
    /// <summary>Writes it; gives the path of its inn.conf.</summary>
    /// <param name="folder">The test's folder.</param>
    /// <param name="name">The folder in it.</param>
    /// <param name="address">The server's address.</param>
    /// <param name="chain">Key and chain, in PEM; null for no TLS.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal static async Task<string> WriteAsync(TestFolder folder, string name, string address, string? chain, CancellationToken cancellationToken)
    {
        var home = folder[$"{name}/.here"][..^6];
        foreach (var one in (string[])["etc", "db", "run", "tmp", "log", "spool/articles", "spool/overview", "spool/incoming", "spool/outgoing"]) Directory.CreateDirectory(Path.Combine(home, one));
        var chainFile = chain is null ? null : folder.Write($"{name}/chain.pem", chain);

        // Whoever runs the tests may keep the machine busier than a news server likes: no limit by load.
        var configuration = folder.Write($"{name}/etc/inn.conf", $"""
            organization: test
            domain: news.example
            fromhost: news.example
            pathhost: news.example
            server: {address}
            bindaddress: {address}
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
            pathincoming: {home}/spool/incoming
            pathoutgoing: {home}/spool/outgoing
            pathlog: {home}/log
            readerswhenstopped: true
            nnrpdloadlimit: 0
            {(chainFile is null ? "" : $"tlscertfile: {chainFile}\ntlskeyfile: {chainFile}")}

            """);
        // Who may post is greeted by 200, as danetool wants it; 201 it does not know.
        folder.Write($"{name}/etc/readers.conf", "auth \"all\" {\n  hosts: \"*\"\n  default: \"<reader>\"\n}\naccess \"all\" {\n  users: \"<reader>\"\n  newsgroups: \"*\"\n  access: RP\n}\n");
        folder.Write($"{name}/etc/storage.conf", "method trash {\n  newsgroups: *\n  class: 0\n}\n");
        folder.Write($"{name}/etc/newsfeeds", "ME:!*/!local::\n");
        folder.Write($"{name}/etc/incoming.conf", "streaming: true\nmax-connections: 8\n");
        folder.Write($"{name}/db/active", string.Concat(((string[])["junk", "control", "control.cancel", "to"]).Select(group => group + " 0000000000 0000000001 n\n")));
        foreach (var empty in (string[])["history", "newsgroups", "active.times"]) folder.Write($"{name}/db/{empty}", "");

        // A key that others may read is not taken.
        if (chainFile is not null) TestFolder.SetMode(chainFile, 0b110_000_000);
        await RunAsync(Peer.Require("chown"), ["-R", "news:news", home], cancellationToken);
        await RunAsync(Peer.Require("env"), [.. AsNews(configuration), Peer.Require("makehistory"), "-x", "-O"], cancellationToken);
        return configuration;
    }

    /// <summary>What goes before a program of INN's for <c>env</c> to run it as its user, who may bind the port of news.</summary>
    internal static string[] AsNews(string configuration) =>
        [$"INNCONF={configuration}", Peer.Require("setpriv"), "--reuid=news", "--regid=news", "--clear-groups", "--inh-caps=+net_bind_service", "--ambient-caps=+net_bind_service"];

    internal static async Task RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var result = await PeerProcess.RunAsync(program, arguments, cancellationToken: cancellationToken);
        if (result.ExitCode != 0) throw new InvalidOperationException($"{program}: {result.Everything}");
    }
}
