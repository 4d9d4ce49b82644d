using System.Globalization;
using System.Net;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Survival;

/// <summary>The hostile zones and the honest ones beside them, served by a process of their own.</summary>
internal sealed class HostileServers : IAsyncDisposable
{
    private readonly PeerProcess _process;
    private readonly TestFolder _folder;

    private HostileServers(PeerProcess process, TestFolder folder) => (_process, _folder) = (process, folder);

    /// <summary>Questions that bring a hostile zone about: name, type, the status that is right, what it does.</summary>
    internal IEnumerable<(string Name, string Type, string Outcome, string Title)> Hostile =>
        File.ReadLines(_folder["hostile"]).Select(line => line.Split('\t')).Select(words => (words[0], words[1], words[2], words[3]));

    internal IEnumerable<(string Name, string Type)> Honest => File.ReadLines(_folder["honest"]).Select(line => line.Split('\t')).Select(words => (words[0], words[1]));

    internal string[] Whom => ["--root-hints", _folder["hints"], "--trust-anchor", _folder["anchors"]];

    internal static async Task<HostileServers> StartAsync(CancellationToken cancellationToken)
    {
        Peer.RequireOwnNetwork();
        var folder = new TestFolder("hostile");
        var process = PeerProcess.Start(Path.Combine(Repository.Root, "tests/Danelaw.HostileWorld/bin/Release/net10.0/Danelaw.HostileWorld"), folder[".here"][..^6], "3");
        while (!process.Log.Contains("ready", StringComparison.Ordinal))
        {
            if (process.HasExited) throw new InvalidOperationException($"the hostile servers ended: {process.Log}");
            await Task.Delay(20, cancellationToken);
        }

        return new(process, folder);
    }

    /// <summary>How many queries an address had so far.</summary>
    internal static async Task<int> QueriesAsync(string address, CancellationToken cancellationToken)
    {
        await using var transport = new DnsTransport(new(), TimeProvider.System);
        var exchange = await transport.ExchangeAsync(new DnsQuery(new Question(DomainName.Parse("queries."), RecordType.TXT), new DnsServer(TransportKind.Datagram, new IPEndPoint(IPAddress.Parse(address), 53))), cancellationToken);
        return int.Parse(System.Text.Encoding.ASCII.GetString(exchange.Message!.Answers[0].Data.Span[1..]), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
