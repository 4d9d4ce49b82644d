using Danelaw.Interop.Tests.Mail;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Operating.Setup;

/// <summary>What stands around a mail host: a signed root, signed zones that take dynamic updates, one whose signatures are wrong, and a resolver on another host that validates nothing.</summary>
internal sealed class MailWorld : IAsyncDisposable
{
    internal const string Home = "home.lab", Mx = "mx.home.lab", Peer = "peer.lab", PeerMx = "mx.peer.lab", BogusName = "a.bad.lab";
    internal const string RootAddress = "10.77.1.1", ZoneAddress = "10.77.1.2", OtherResolver = "10.77.1.53", HomeAddress = "10.77.1.25", PeerAddress = "10.77.1.26";

    private const string KeyName = "setup-key.", Secret = "kp4/24gyYsEzbuTVJRUMoqGFmN3LYgVDzJ/3oRSP7ys=";

    private readonly List<IAsyncDisposable> _servers = [];

    internal TestFolder Folder { get; } = new("setup");

    /// <summary>The root's key, as a zone file has it.</summary>
    internal string Anchor { get; private set; } = "";

    internal static string RootHints => $". 3600 IN NS a.root-ns.\na.root-ns. 3600 IN A {RootAddress}\n";

    /// <summary>A key file that the primary takes.</summary>
    internal static string KeyFile(string secret = Secret) => $"key \"{KeyName}\" {{ algorithm hmac-sha256; secret \"{secret}\"; }};\n";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Raises it.</summary>
    /// <param name="records">Further records of the home zone.</param>
    /// <param name="peer">The certificate of the other mail host, which its record means.</param>
    internal static async Task<MailWorld> RiseAsync(string records, ServerCertificate? peer = null)
    {
        var world = new MailWorld();
        try
        {
            await PrivateHost.BringUpAsync([RootAddress, ZoneAddress, OtherResolver], Cancelled);
            await world.RaiseAsync(records, peer);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>The data of the TLSA records that the primary has at an owner.</summary>
    internal static async Task<string[]> PublishedAsync(string owner)
    {
        var said = await PeerProcess.RunAsync(Testing.Peers.Peer.Require("dig"), ["@" + ZoneAddress, owner, "TLSA", "+short", "+norec", "+nosplit"], cancellationToken: Cancelled);
        return [.. said.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().ToUpperInvariant()).Order(StringComparer.Ordinal)];
    }

    public async ValueTask DisposeAsync()
    {
        for (var i = _servers.Count - 1; i >= 0; i--) await _servers[i].DisposeAsync();
        Folder.Dispose();
    }

    private async Task RaiseAsync(string records, ServerCertificate? peer)
    {
        var policy = new DnssecPolicy(13);
        var root = await BindZone.CreateAsync(Folder, ".", policy, Cancelled);
        var home = await BindZone.CreateAsync(Folder, Home + ".", policy, Cancelled);
        var other = await BindZone.CreateAsync(Folder, Peer + ".", policy, Cancelled);
        var bad = await BindZone.CreateAsync(Folder, "bad.lab.", policy, Cancelled);
        home.Text = Zone(Home, $"{Home}. MX 10 {Mx}.\n{Mx}. A {HomeAddress}\n{records}");
        home.Statements = $"update-policy {{ grant {KeyName} zonesub TLSA; }};";
        other.Text = Zone(Peer, $"{Peer}. MX 10 {PeerMx}.\n{PeerMx}. A {PeerAddress}\n{(peer is null ? "" : $"_25._tcp.{PeerMx}. TLSA {peer.Tlsa(3, 1, 1)}\n")}");
        bad.Text = Zone("bad.lab", $"{BogusName}. A {ZoneAddress}\n");

        // The digest of another zone's key: nothing below it verifies.
        var wrong = (await home.DelegationSignerAsync(cancellationToken: Cancelled)).Replace($"{Home}.", "bad.lab.", StringComparison.Ordinal);
        root.Text = $"$TTL 300\n. SOA a.root-ns. hostmaster. 1 3600 600 86400 60\n. NS a.root-ns.\na.root-ns. A {RootAddress}\n"
            + Delegation(Home) + await home.DelegationSignerAsync(cancellationToken: Cancelled)
            + Delegation(Peer) + await other.DelegationSignerAsync(cancellationToken: Cancelled)
            + Delegation("bad.lab") + wrong;
        var servers = new[] { await Bind.StartAsync(Folder, RootAddress, 53, [root], Cancelled), await Bind.StartAsync(Folder, ZoneAddress, 53, [home, other, bad], KeyFile(), Cancelled) };
        _servers.AddRange(servers);
        foreach (var server in servers) await server.WaitUntilSignedAsync(Cancelled);
        Anchor = root.KeyAnchor();
        _servers.Add(await Unbound.StartAsync(Folder, OtherResolver, 53, new() { RootHints = RootHints }, Cancelled));
    }

    private static string Delegation(string zone) => $"{zone}. NS ns1.{zone}.\nns1.{zone}. A {ZoneAddress}\n";

    private static string Zone(string name, string records) =>
        $"$TTL 300\n{name}. SOA ns1.{name}. hostmaster.{name}. 7 3600 600 86400 300\n{name}. NS ns1.{name}.\nns1.{name}. A {ZoneAddress}\n{records}";
}
