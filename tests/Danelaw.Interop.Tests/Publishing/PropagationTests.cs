using System.Collections.Immutable;
using System.Net;
using Danelaw.Checks;
using Danelaw.Checks.Recording;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Observing;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Probes;
using Danelaw.Testing.Forwarding;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Publishing;

/// <summary>The gate before real servers: one has the new set, one is stuck with the old zone, one answers without signatures, one is dead; aliases lead from zone to zone.</summary>
[Peer("nsd"), Peer("ldns")]
public sealed class PropagationTests : IDisposable
{
    private const string Zone = "gate.lab.";
    private const string Far = "far.lab.";

    private readonly TestFolder _folder = new("gate");
    private string _anchors = "";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact, Rfc(7671, "8.1")]
    public async Task The_gate_stays_closed_while_one_of_two_servers_is_stuck_and_opens_when_that_has_caught_up()
    {
        Peer.RequireOwnNetwork();
        await Loopback.AddAsync(["127.82.0.1", "127.82.0.2"], Cancelled);
        var zone = new LdnsZone(_folder, Zone);
        _anchors = await zone.AddKeyAsync(13, cancellationToken: Cancelled);
        var before = await SignAsync(zone, 'a', 1);
        var after = await SignAsync(zone, 'b', 2);
        await using var quick = await Nsd.StartAsync(_folder, "127.82.0.1", 53, [(Zone, after)], Cancelled);
        var stuck = await Nsd.StartAsync(_folder, "127.82.0.2", 53, [(Zone, before)], Cancelled);
        var owner = Master.Name("_25._tcp.mx." + Zone);
        var gate = PropagationGate.For([new(owner.ToString(), TlsaSet.Of(Master.Record('b')))]);

        gate = gate.See(await ViewsAsync(owner), TimeSpan.FromSeconds(0));
        Assert.Equal([("ns1.gate.lab. 127.82.0.1", ServerStanding.Current), ("ns2.gate.lab. 127.82.0.2", ServerStanding.Other)], gate.Servers.Select(server => (server.Server, server.Standing)));
        Assert.Equal((false, null, TimeSpan.FromSeconds(600)), (gate.IsOpen, gate.CachesNeed(default), gate.LargestTimeToLive));

        await stuck.DisposeAsync();
        gate = gate.See(await ViewsAsync(owner), TimeSpan.FromSeconds(5));
        Assert.Equal(ServerStanding.Unseen, gate.Servers[1].Standing);
        Assert.False(gate.IsOpen);

        await using var again = await Nsd.StartAsync(_folder, "127.82.0.2", 53, [(Zone, after)], Cancelled);
        var views = await ViewsAsync(owner);
        Assert.All(views, view => Assert.Equal(TimeSpan.FromSeconds(600), view.NamedFor));
        gate = gate.See(views, TimeSpan.FromSeconds(9));
        Assert.True(gate.IsOpen, string.Join("; ", await AskAsync(owner)));
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(9)], gate.Servers.Select(server => server.Since));
        Assert.Equal((true, TimeSpan.FromSeconds(590)), (gate.IsOpen, gate.CachesNeed(TimeSpan.FromSeconds(19))));
    }

    [Fact, Rfc(4035, "5")]
    public async Task What_is_not_validly_signed_or_not_served_is_no_view()
    {
        Peer.RequireOwnNetwork();
        await Loopback.AddAsync(["127.82.0.1", "127.82.0.2"], Cancelled);
        var zone = new LdnsZone(_folder, Zone);
        _anchors = await zone.AddKeyAsync(13, cancellationToken: Cancelled);
        var signed = await SignAsync(zone, 'b', 2);
        await using var sound = await Nsd.StartAsync(_folder, "127.82.0.1", 53, [(Zone, signed)], Cancelled);
        await using var bare = await Nsd.StartAsync(_folder, "127.82.0.2", 53, [(Zone, zone.Text)], Cancelled);

        var views = await AskAsync(Master.Name("_25._tcp.mx." + Zone));
        Assert.Equal([Security.Secure, Security.Bogus], views.Select(view => view.Security));
        Assert.Null(views[1].ToServerView().Records);
        Assert.NotEmpty(views[1].Detail);

        // The absence of records is proven, and how long it is kept is the zone's negative TTL.
        views = await AskAsync(Master.Name("_26._tcp.mx." + Zone));
        Assert.Equal((TlsaSet.Empty, TimeSpan.FromSeconds(300)), (views[0].Records, views[0].TimeToLive));
        Assert.Null(views[1].ToServerView().Records);
    }

    [Fact, Rfc(7671, "7"), Rfc(6672, "3.3")]
    public async Task Aliases_are_followed_to_the_servers_of_their_targets_zone_and_their_TTLs_count()
    {
        Peer.RequireOwnNetwork();
        await Loopback.AddAsync(["127.82.0.1", "127.82.0.2", "127.82.0.3"], Cancelled);
        var (zone, far) = (new LdnsZone(_folder, Zone), new LdnsZone(_folder, Far));
        _anchors = await zone.AddKeyAsync(13, cancellationToken: Cancelled) + await far.AddKeyAsync(13, cancellationToken: Cancelled);
        far.Text = $"$TTL 100\n{Far} SOA ns1.{Far} h.{Far} 1 7200 900 1209600 300\n{Far} NS ns1.{Far}\nns1.{Far} A 127.82.0.3\n_dane.{Far} TLSA {Master.Record('f')}\n";
        await using var third = await Nsd.StartAsync(_folder, "127.82.0.3", 53, [(Far, await far.SignAsync(new(), Cancelled))], Cancelled);
        var text = await SignAsync(zone, 'b', 2, $"_25._tcp.alias.{Zone} 900 CNAME _dane.{Far}\nmoved.{Zone} 800 DNAME mx.{Zone}\n_25._tcp.circle.{Zone} CNAME _26._tcp.circle.{Zone}\n_26._tcp.circle.{Zone} CNAME _25._tcp.circle.{Zone}\n");
        await using var first = await Nsd.StartAsync(_folder, "127.82.0.1", 53, [(Zone, text)], Cancelled);
        var second = await Nsd.StartAsync(_folder, "127.82.0.2", 53, [(Zone, text)], Cancelled);

        var view = Assert.Single(await AskAsync(Master.Name("_25._tcp.alias." + Zone)));
        Assert.Equal((Master.Name("_dane." + Far), "ns1.far.lab. 127.82.0.3", Security.Secure, TlsaSet.Of(Master.Record('f')), TimeSpan.FromSeconds(900)), (view.Name, view.Server, view.Security, view.Records, view.TimeToLive));

        var moved = await AskAsync(Master.Name("_25._tcp.moved." + Zone));
        Assert.All(moved, one => Assert.Equal((Master.Name("_25._tcp.mx." + Zone), Security.Secure, TimeSpan.FromSeconds(800)), (one.Name, one.Security, one.TimeToLive)));
        Assert.Equal(2, moved.Count);

        Assert.Null(Assert.Single(await AskAsync(Master.Name("_25._tcp.circle." + Zone))).Records);

        // One server of the zone with the alias is gone: nobody knows what it would say.
        await second.DisposeAsync();
        var doubtful = await AskAsync(Master.Name("_25._tcp.alias." + Zone));
        Assert.Equal(2, doubtful.Count);
        Assert.Contains(doubtful, one => one.Records is null && one.Server == "ns2.gate.lab. 127.82.0.2");
    }

    [Fact, Rfc(1034, "4.2.2"), Rfc(7671, "8.1")]
    public async Task Servers_and_addresses_that_the_zone_above_alone_names_are_waited_for_as_well()
    {
        Peer.RequireOwnNetwork();
        await Loopback.AddAsync(["127.82.0.1", "127.82.0.2", "127.82.0.3", "127.82.0.4", "127.82.0.9"], Cancelled);
        var (zone, above) = (new LdnsZone(_folder, Zone), new LdnsZone(_folder, "lab."));
        await zone.AddKeyAsync(13, cancellationToken: Cancelled);
        _anchors = await above.AddKeyAsync(13, cancellationToken: Cancelled);
        var signer = await File.ReadAllTextAsync(zone.PrivateKeyFiles[0].Replace(".private", ".ds", StringComparison.Ordinal), Cancelled);
        above.Text = $"""
            $TTL 600
            lab. SOA ns.lab. h.lab. 1 7200 900 1209600 300
            lab. NS ns.lab.
            ns.lab. A 127.82.0.9
            old.lab. 20000 A 127.82.0.3
            {Zone} 7200 NS ns1.{Zone}
            {Zone} 7200 NS ns2.{Zone}
            {Zone} 7200 NS old.lab.
            ns1.{Zone} 9000 A 127.82.0.1
            ns2.{Zone} A 127.82.0.4
            {signer}
            """.Replace("            ", "", StringComparison.Ordinal);
        var parent = await Nsd.StartAsync(_folder, "127.82.0.9", 53, [("lab.", await above.SignAsync(new(), Cancelled))], Cancelled);
        var before = await SignAsync(zone, 'a', 1);
        var after = await SignAsync(zone, 'b', 2);
        await using var first = await Nsd.StartAsync(_folder, "127.82.0.1", 53, [(Zone, after)], Cancelled);
        await using var second = await Nsd.StartAsync(_folder, "127.82.0.2", 53, [(Zone, after)], Cancelled);
        await using var old = await Nsd.StartAsync(_folder, "127.82.0.3", 53, [(Zone, before)], Cancelled);
        var owner = Master.Name("_25._tcp.mx." + Zone);

        // The zone names ns1 and ns2; the one above a third, and an address of ns2 at which nobody is.
        var views = await IterateAsync(owner);
        Assert.Equal(["ns1.gate.lab. 127.82.0.1", "ns2.gate.lab. 127.82.0.2", "ns2.gate.lab. 127.82.0.4", "old.lab. 127.82.0.3"], views.Select(view => view.Server));
        Assert.Equal([TlsaSet.Of(Master.Record('b')), TlsaSet.Of(Master.Record('b')), null, TlsaSet.Of(Master.Record('a'))], views.Select(view => view.ToServerView().Records));

        // Resolvers go by the longest TTL of what leads them there: NS records of the zone and above, its address there and with those.
        Assert.Equal([9000, 7200, 7200, 20000], views.Select(view => (int)view.ToServerView().NamedFor.TotalSeconds));

        // Nobody says whom the zone is delegated to: nothing is certain.
        await parent.DisposeAsync();
        views = await IterateAsync(owner);
        Assert.Contains(views, view => view.ToServerView().Records is null);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task An_alias_that_leads_to_the_records_of_a_roll_leads_senders_to_a_host_and_port_of_its_own()
    {
        Peer.RequireOwnNetwork();
        await Loopback.AddAsync(["127.82.0.1", "127.82.0.2"], Cancelled);
        var zone = new LdnsZone(_folder, Zone);
        _anchors = await zone.AddKeyAsync(13, cancellationToken: Cancelled);
        var text = await SignAsync(zone, 'b', 2, $"_25._tcp.mx2.{Zone} CNAME _25._tcp.mx.{Zone}\n_465._tcp.mx.{Zone} CNAME _25._tcp.mx.{Zone}\n");
        await using var first = await Nsd.StartAsync(_folder, "127.82.0.1", 53, [(Zone, text)], Cancelled);
        await using var second = await Nsd.StartAsync(_folder, "127.82.0.2", 53, [(Zone, text)], Cancelled);
        CheckTarget Of(string host, ushort port) => CheckTarget.Service(Master.Name(host + Zone), port, ServiceProtocol.Smtp);
        var roll = new RollSettings
        {
            Name = "mx",
            Owners = [Of("mx.", 25), Of("mx.", 465)],
            Beside = [Master.Name("_25._tcp.mx2." + Zone), Master.Name("_26._tcp.mx." + Zone)],
            Chains = [new(KeyAlgorithm.Any, _folder["chain.pem"], null, [])],
            Reload = [],
            Publisher = new PublisherSettings.Manual(null),
            TimeToLive = 600,
            Margin = TimeSpan.Zero,
        };

        var sight = await WithServersAsync(async (servers, resolver) => await new RolloverNetwork(servers, resolver, new ReplayProber([]), []).AskServersAsync(roll, Cancelled));

        Assert.Equal(4, sight.Views.Length);
        Assert.Equal(Master.Name("_25._tcp.mx." + Zone), sight.Places[Master.Name("_465._tcp.mx." + Zone)]);
        Assert.Equal(2, sight.Beside.Length);
        Assert.All(sight.Beside, view => Assert.Equal(("_25._tcp.mx2." + Zone, TlsaSet.Of(Master.Record('b'))), (view.Owner, view.Records)));
    }

    private async Task<IReadOnlyList<AuthoritativeView>> IterateAsync(DomainName owner)
    {
        Assert.True(TrustAnchors.TryRead(new StringReader(_anchors), "", out var anchors, out var fault), fault?.ToString());
        Assert.NotNull(anchors);
        Assert.True(RootHints.TryCreate([new(Master.Name("lab."), RecordType.NS, RecordClass.IN, 600, new(Master.Name("ns.lab.").Wire.ToArray())), new(Master.Name("ns.lab."), RecordType.A, RecordClass.IN, 600, new(new byte[] { 127, 82, 0, 9 }))], out var hints, out var unfit), unfit);
        var transport = new DnsTransport(new() { Timeout = TimeSpan.FromSeconds(1), Tries = 1 }, TimeProvider.System);
        await using (transport)
        {
            var resolver = new Resolver(transport, new() { Iteration = new() { Hints = hints }, Anchors = anchors }, TimeProvider.System);
            return [.. (await new AuthoritativeServers(resolver, transport, new(resolver, transport, TimeProvider.System)).AskAsync([owner], Cancelled)).OrderBy(view => view.Server, StringComparer.Ordinal)];
        }
    }

    private async Task<string> SignAsync(LdnsZone zone, char letter, int serial, string more = "")
    {
        zone.Text = $"""
            $TTL 600
            {Zone} SOA ns1.{Zone} hostmaster.{Zone} {serial} 7200 900 1209600 300
            {Zone} NS ns1.{Zone}
            {Zone} NS ns2.{Zone}
            ns1.{Zone} A 127.82.0.1
            ns2.{Zone} A 127.82.0.2
            mx.{Zone} A 192.0.2.25
            _25._tcp.mx.{Zone} TLSA {Master.Record(letter)}
            {more}

            """.Replace("            ", "", StringComparison.Ordinal);
        return await zone.SignAsync(new(), Cancelled);
    }

    private async Task<ImmutableArray<ServerView>> ViewsAsync(DomainName owner) => [.. (await AskAsync(owner)).Select(view => view.ToServerView())];

    private Task<IReadOnlyList<AuthoritativeView>> AskAsync(DomainName owner) =>
        WithServersAsync<IReadOnlyList<AuthoritativeView>>(async (servers, _) => [.. (await servers.AskAsync([owner], Cancelled)).OrderBy(view => view.Server, StringComparer.Ordinal)]);

    private async Task<T> WithServersAsync<T>(Func<AuthoritativeServers, Resolver, Task<T>> use)
    {
        Assert.True(TrustAnchors.TryRead(new StringReader(_anchors), "", out var anchors, out var fault), fault?.ToString());
        var lab = Master.Name("lab.");
        var transport = new DnsTransport(new() { Timeout = TimeSpan.FromSeconds(3), Tries = 3 }, TimeProvider.System);
        await using (transport)
        {
            // A server for everything: it hands on to whoever has a zone.
            await using var far = RewritingForwarder.Start(new(IPAddress.Parse("127.82.0.53"), 0), new(IPAddress.Parse("127.82.0.3"), 53));
            await using var hub = Forward(far);
            var resolver = new Resolver(transport, new() { Upstreams = [new(TransportKind.Datagram, new(IPAddress.Parse("127.82.0.53"), 53))], Anchors = anchors }, TimeProvider.System);
            return await use(new(resolver, transport, new(resolver, transport, TimeProvider.System)), resolver);
        }
    }

    /// <summary>What is at or below far.lab. is asked there, all else of the gate's first server.</summary>
    private static RewritingForwarder Forward(RewritingForwarder far) => RewritingForwarder.Start(
        new(IPAddress.Parse("127.82.0.53"), 53),
        new(IPAddress.Parse("127.82.0.1"), 53),
        async (query, forwarder, stop) => [await (query.Name.EndsWith(Far, StringComparison.OrdinalIgnoreCase) ? far : forwarder).AskAsync(query.Wire, query.OverTcp, stop)]);
}
