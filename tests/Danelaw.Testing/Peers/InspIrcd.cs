using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>An InspIRCd of the test's own: port 6667 in plain, by STARTTLS if it is to, and port 6697 with TLS at once.</summary>
public sealed class InspIrcd : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private InspIrcd(PeerProcess process) => _process = process;

    public string Log => _process.Log;

    /// <param name="folder">Where its files go.</param>
    /// <param name="site">The address, and its certificate.</param>
    /// <param name="startsTls">Whether it knows STARTTLS.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<InspIrcd> StartAsync(TestFolder folder, TlsSite site, bool startsTls = true, CancellationToken cancellationToken = default)
    {
        Peer.RequireRoot();
        var program = Peer.Require("inspircd");
        var name = $"inspircd/{site.Address}";
        var configuration = folder.Write($"{name}.conf", $"""
            <server name="irc.example" description="test" network="test" id="1AB">
            <admin name="nobody" nick="nobody" email="nobody@irc.example">
            <bind address="{site.Address}" port="6667" type="clients">
            <bind address="{site.Address}" port="6697" type="clients" sslprofile="own">
            <module name="cap">
            <module name="ssl_gnutls">
            {(startsTls ? "<module name=\"starttls\">" : "")}
            <sslprofile name="own" provider="gnutls" certfile="{site.ChainFile}" keyfile="{site.ChainFile}">
            <connect name="all" allow="*" timeout="60" useident="no" resolvehostnames="no">
            <class name="none" commands="">
            <type name="none" classes="none">
            <dns server="127.0.0.1" timeout="1">
            <pid file="{folder[$"{name}.pid"]}">
            <log method="file" type="*" level="default" target="{folder[$"{name}.log"]}">

            """);
        var process = PeerProcess.Start(program, "--nofork", "--runasroot", "--config", configuration);
        foreach (var port in (int[])[6667, 6697]) await process.WaitForPortAsync(IPAddress.Parse(site.Address), port, cancellationToken);
        return new InspIrcd(process);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
