using System.Net;
using System.Net.Sockets;
using Danelaw.Testing.Forwarding;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Worlds;

/// <summary>
/// An Internet for the iterative resolver: a root of five servers of which one lives, top-level domains in NSD and BIND, and zones whose servers are dead, lame, odd,
/// of one address family or without addresses; beside it unbound with the same hints. All in a network namespace, on port 53.
/// </summary>
internal sealed class IterationWorld : IAsyncDisposable
{
    public const string UnboundAddress = "127.60.0.9";

    private const string Root = "127.60.0.1";
    private const string Top = "127.60.0.2";
    private const string Leaf = "127.60.0.3";
    private const string Host = "127.60.0.4";
    private const string Refusing = "127.60.0.101";
    private const string Silent = "127.60.0.110";
    private const string NoEdns = "127.60.0.20";
    private const string Stumbling = "127.60.0.21";
    private const string Flooded = "127.60.0.22";
    private const string LeafSix = "2001:db8:60::3";
    private const string NowhereSix = "2001:db8:dead::1";

    public const string Hints = $"""
        . 3600 IN NS a.root.
        . 3600 IN NS b.root.
        . 3600 IN NS c.root.
        . 3600 IN NS d.root.
        . 3600 IN NS e.root.
        a.root. 3600 IN A {Silent}
        b.root. 3600 IN A {Refusing}
        c.root. 3600 IN A {Root}
        d.root. 3600 IN A 127.60.0.102
        e.root. 3600 IN AAAA {NowhereSix}

        """;

    private readonly List<IAsyncDisposable> _servers = [];
    private readonly List<Plan> _plans = [];
    private Socket? _silent;

    private IterationWorld(TestFolder folder) => Folder = folder;

    public TestFolder Folder { get; }

    public string Anchors { get; private set; } = "";

    public static async Task<IterationWorld> StartAsync(CancellationToken cancellationToken)
    {
        Peer.RequireOwnNetwork();
        var world = new IterationWorld(new TestFolder("iteration"));
        try
        {
            await world.RiseAsync(cancellationToken);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    private async Task RiseAsync(CancellationToken cancellationToken)
    {
        await Loopback.AddAsync([Root, Top, Leaf, Host, Refusing, Silent, NoEdns, Stumbling, Flooded, UnboundAddress, LeafSix], cancellationToken);
        _silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _silent.Bind(new IPEndPoint(IPAddress.Parse(Silent), 53));
        MakePlans();

        // From the leaves upwards: each zone's DS set stands in the zone above before that is signed.
        foreach (var plan in _plans.OrderByDescending(plan => plan.Name.Count(each => each == '.')).ThenByDescending(plan => plan.Name.Length))
        {
            var signers = "";
            if (plan.IsSigned)
            {
                var zone = new LdnsZone(Folder, plan.Name) { Text = plan.Text };
                var key = await zone.AddKeyAsync(13, cancellationToken: cancellationToken);
                plan.Text = plan.Spoil(await zone.SignAsync(plan.Signing, cancellationToken));
                if (plan.IsServedUnsigned) plan.Text = zone.Text;
                var named = plan.HasDsOfAnotherKey ? await zone.AddKeyAsync(13, used: false, cancellationToken: cancellationToken) : key;
                signers = await zone.DelegationSignerAsync(named, cancellationToken: cancellationToken);
                if (plan.Name == ".") Anchors = key;
            }

            if (_plans.Where(above => above != plan && (above.Name == "." || plan.Name.EndsWith("." + above.Name, StringComparison.Ordinal))).MaxBy(above => above.Name.Length) is { } parent)
                parent.Text += plan.Delegation + signers;
        }

        foreach (var address in (string[])[Root, Top, Leaf, LeafSix])
            _servers.Add(await Nsd.StartAsync(Folder, address, 53, _plans.Where(plan => plan.At.Contains(address)).Select(plan => (plan.Name, plan.Text)), cancellationToken));
        var zones = new List<BindZone>();
        foreach (var plan in _plans.Where(plan => plan.At.Contains(Host)))
        {
            var zone = await BindZone.CreateAsync(Folder, plan.Name, null, cancellationToken);
            zone.Text = plan.Text;
            zones.Add(zone);
        }

        _servers.Add(await Bind.StartAsync(Folder, Host, 53, zones, cancellationToken));
        var leaf = new IPEndPoint(IPAddress.Parse(Leaf), 53);
        _servers.Add(RewritingForwarder.Start(new(IPAddress.Parse(NoEdns), 53), leaf, KnowsNoEdnsAsync));
        _servers.Add(RewritingForwarder.Start(new(IPAddress.Parse(Stumbling), 53), leaf, StumblesAsync));
        _servers.Add(RewritingForwarder.Start(new(IPAddress.Parse(Flooded), 53), leaf, FloodsAsync));
        _servers.Add(await Unbound.StartAsync(Folder, UnboundAddress, 53, new UnboundOptions { RootHints = Hints, Anchors = Anchors }, cancellationToken));
    }

    private void MakePlans()
    {
        Add(".", true, [Root], "", ". NS c.root.\nc.root. A " + Root + "\n");
        Add("lab.", true, [Top], $"lab. NS ns.lab.\nns.lab. A {Top}\n", $"lab. NS ns.lab.\nns.lab. A {Top}\n");
        Add("host.", true, [Host], $"host. NS ns.host.\nns.host. A {Host}\n", $"host. NS ns.host.\nns.host. A {Host}\nns1.host. A {Leaf}\nns2.host. A {Silent}\n");
        var big = string.Concat(Enumerable.Range(0, 20).Select(i => $"big.fine.lab. TXT \"{new string((char)('a' + i), 200)}\"\n"));
        Leaves("fine.lab.", true, $"ns1.fine.lab. A {Leaf}", big);
        Leaves("dead.lab.", true, $"ns1.dead.lab. A {Silent}\nns2.dead.lab. A {Refusing}\nns3.dead.lab. A {Leaf}");
        Leaves("lame.lab.", true, $"ns1.lame.lab. A {Root}\nns2.lame.lab. A {Host}\nns3.lame.lab. A {Leaf}");
        Leaves("six.lab.", true, $"ns1.six.lab. A {Silent}\nns1.six.lab. AAAA {LeafSix}");
        Leaves("four.lab.", true, $"ns1.four.lab. AAAA {NowhereSix}\nns1.four.lab. A {Leaf}");
        Leaves("noedns.lab.", false, $"ns1.noedns.lab. A {NoEdns}");
        Leaves("ent.lab.", true, $"ns1.ent.lab. A {Stumbling}", "host.with.empty.labels.ent.lab. A 192.0.2.2\n");
        Leaves("flood.lab.", true, $"ns1.flood.lab. A {Flooded}");
        Leaves("glueless.lab.", true, "", servers: ["ns1.host."]);
        Leaves("half.lab.", true, "", servers: ["ns1.host.", "ns2.host."]);
        Leaves("circle-one.lab.", true, "", servers: ["ns.circle-two.lab."]);
        Leaves("circle-two.lab.", true, "", servers: ["ns.circle-one.lab."]);
        Leaves("nowhere.lab.", true, $"ns1.nowhere.lab. A {Refusing}");
        Leaves("parent.lab.", true, $"ns1.parent.lab. A {Leaf}", "alias.parent.lab. CNAME www.glueless.lab.\nmoved.parent.lab. DNAME child.parent.lab.\nchain.parent.lab. CNAME www.moved.parent.lab.\nbroken.parent.lab. CNAME www.expired.lab.\n");
        Leaves("child.parent.lab.", true, $"ns1.child.parent.lab. A {Leaf}", "up.child.parent.lab. CNAME www.expired.lab.\n");
        Leaves("bare.parent.lab.", false, $"ns1.bare.parent.lab. A {Leaf}");
        Leaves("expired.lab.", true, $"ns1.expired.lab. A {Leaf}").Signing = new() { Inception = "20200101000000", Expiration = "20210101000000" };
        Leaves("other-key.lab.", true, $"ns1.other-key.lab. A {Leaf}").HasDsOfAnotherKey = true;
        Leaves("stripped.lab.", true, $"ns1.stripped.lab. A {Leaf}").IsServedUnsigned = true;
        Leaves("altered.lab.", true, $"ns1.altered.lab. A {Leaf}").Spoil = static text => text.Replace("192.0.2.1\n", "192.0.2.66\n", StringComparison.Ordinal);
        Leaves("gap.lab.", true, $"ns1.gap.lab. A {Leaf}").Spoil = static text =>
            string.Join('\n', text.Split('\n').Where(line => !line.Contains("\tNSEC\t", StringComparison.Ordinal) && !line.Contains("\tRRSIG\tNSEC ", StringComparison.Ordinal)));
    }

    private Plan Leaves(string name, bool isSigned, string glue, string more = "", string[]? servers = null)
    {
        var names = servers ?? [.. glue.Split('\n').Select(line => line.Split(' ')[0]).Distinct()];
        var delegation = string.Concat(names.Select(server => $"{name} NS {server}\n")) + glue + "\n";
        var isCircle = name.StartsWith("circle", StringComparison.Ordinal);
        return Add(name, isSigned, [Leaf, LeafSix], delegation, $"{(isCircle ? $"{name} NS ns.{name}\nns.{name} A {Leaf}\n" : delegation)}www.{name} A 192.0.2.1\n*.wild.{name} A 192.0.2.3\n_25._tcp.mx.{name} TLSA 3 1 1 {new string('a', 64)}\n{more}");
    }

    private Plan Add(string name, bool isSigned, string[] at, string delegation, string text)
    {
        var plan = new Plan { Name = name, IsSigned = isSigned, At = at, Delegation = delegation, Text = $"$TTL 300\n{name} SOA ns.lab. hostmaster.lab. 1 3600 600 86400 60\n{text}" };
        _plans.Add(plan);
        return plan;
    }

    /// <summary>RFC 6891 §7: a server from before EDNS answers FORMERR, without OPT, to a query that has one.</summary>
    private static async Task<IReadOnlyList<byte[]>> KnowsNoEdnsAsync(ForwardedQuery query, RewritingForwarder forwarder, CancellationToken cancellationToken)
    {
        if (query.Wire[11] == 0) return [await forwarder.AskAsync(query.Wire, query.OverTcp, cancellationToken)];
        return [[query.Wire[0], query.Wire[1], 0x80, 0x01, 0, 0, 0, 0, 0, 0, 0, 0]];
    }

    /// <summary>Answers NXDOMAIN to names that have no records of their own but names below them (RFC 8020 §2 says that they exist).</summary>
    private static async Task<IReadOnlyList<byte[]>> StumblesAsync(ForwardedQuery query, RewritingForwarder forwarder, CancellationToken cancellationToken)
    {
        var reply = await forwarder.AskAsync(query.Wire, query.OverTcp, cancellationToken);
        if (query.Name is "labels.ent.lab." or "empty.labels.ent.lab." or "with.empty.labels.ent.lab.") reply[3] = (byte)((reply[3] & 0xF0) | 3);
        return [reply];
    }

    /// <summary>Packets that do not fit come before the one that does, about as many as a socket holds by default.</summary>
    private static async Task<IReadOnlyList<byte[]>> FloodsAsync(ForwardedQuery query, RewritingForwarder forwarder, CancellationToken cancellationToken)
    {
        var reply = await forwarder.AskAsync(query.Wire, query.OverTcp, cancellationToken);
        if (query.OverTcp) return [reply];
        var packets = new List<byte[]>();
        for (var i = 1; i <= 150; i++)
        {
            var wrong = (byte[])reply.Clone();
            wrong[1] ^= (byte)((i % 255) + 1);
            packets.Add(wrong);
        }

        return [.. packets, reply];
    }

    public async ValueTask DisposeAsync()
    {
        for (var i = _servers.Count - 1; i >= 0; i--) await _servers[i].DisposeAsync();
        _silent?.Dispose();
        Folder.Dispose();
    }

    private sealed class Plan
    {
        public required string Name { get; init; }

        public required bool IsSigned { get; init; }

        public required IReadOnlyList<string> At { get; init; }

        public required string Delegation { get; init; }

        public required string Text { get; set; }

        public LdnsSigning Signing { get; set; } = new();

        /// <summary>What happens to the zone after it was signed.</summary>
        public Func<string, string> Spoil { get; set; } = static text => text;

        /// <summary>Whether the zone above names a key that this one has not.</summary>
        public bool HasDsOfAnotherKey { get; set; }

        /// <summary>Whether the servers have it without signatures and keys, though the zone above has its DS set.</summary>
        public bool IsServedUnsigned { get; set; }
    }
}
