using System.Globalization;
using System.Net;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Testing.Forwarding;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Hostile.Catalogue.Realm;

/// <summary>
/// Real zones, signed by the tools of BIND, ldns and Knot, served by NSD and BIND; before every one of these servers a proxy that rewrites, before it
/// a real recursive resolver that validates nothing, and before that a forwarder that rewrites. Without an attack all of them pass on what they get.
/// </summary>
public sealed class HostileRealm : IAsyncLifetime
{
    public const string RecursorAddress = "127.55.0.11";
    public const string BindRecursorAddress = "127.55.0.12";
    public const string ForwarderAddress = "127.54.0.21";

    private readonly List<IAsyncDisposable> _running = [];
    private readonly TestFolder _folder = new("realm");
    private (Answering Answer, bool AtServers)? _attack;

    internal Scene Scene { get; private set; } = null!;

    internal TrustAnchors Anchors { get; private set; } = TrustAnchors.Iana;

    /// <summary>What zones say of names that are asked for again and again.</summary>
    internal Dictionary<(Position Position, Question Question), Truth> Known { get; } = [];

    /// <summary>Queries that reached proxies or forwarder.</summary>
    public int Queries => _queries;

    private int _queries;

    public async ValueTask InitializeAsync()
    {
        Peer.RequireOwnNetwork();
        foreach (var program in (string[])["named", "nsd", "unbound", "dnssec-signzone", "ldns-signzone", "kzonesign"]) Peer.Require(program);
        await RiseAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Lets the attacker work in one of the two places, until the result is disposed of.</summary>
    internal IDisposable Attack(Answering answer, bool atServers)
    {
        if (_attack is not null) throw new InvalidOperationException("one attack at a time");
        _attack = (answer, atServers);
        return new End(this);
    }

    private async Task RiseAsync(CancellationToken cancellationToken)
    {
        var plan = RealmPlan.All();
        await Loopback.AddAsync([.. Enumerable.Range(1, 5).SelectMany(server => new[] { RealmPlan.Address(server), RealmPlan.HiddenAddress(server) }), RecursorAddress, BindRecursorAddress, ForwarderAddress], cancellationToken);
        var tools = plan.ToDictionary(zone => zone.Name, zone => new ToolSigning(_folder, zone));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 3, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(plan, parallel, async (zone, token) => await tools[zone.Name].MakeKeysAsync(token));

        // Knot's zones have no children; once they are signed every DS is known.
        var texts = new Dictionary<(DomainName Zone, Era Era), string>();
        foreach (var zone in plan.Where(zone => zone.Tool == SigningTool.Knot)) texts[(zone.Apex, Era.Now)] = await tools[zone.Name].SignAsync(zone.Text, default, default, cancellationToken);
        var delegations = new Dictionary<string, string>();
        foreach (var zone in plan) delegations[zone.Name] = await tools[zone.Name].DelegationSignersAsync(cancellationToken);

        await Parallel.ForEachAsync(plan.Where(zone => zone.Tool != SigningTool.Knot), parallel, async (zone, token) =>
        {
            foreach (var (era, text) in await SignAsync(zone, plan, delegations, tools[zone.Name], token))
                lock (texts) texts[(zone.Apex, era)] = text;
        });

        var genuine = texts.ToDictionary(each => each.Key, each => new GenuineZone(each.Key.Zone, each.Value));
        Scene = new Scene(genuine, new Impostor(plan.Where(zone => zone.Name.StartsWith("evil.", StringComparison.Ordinal)).Select(zone => (zone.Apex, tools[zone.Name].PrivateKeys().First()))));
        Anchors = TrustAnchors.TryCreate(Scene["."].Bare(DomainName.Root, RecordType.DNSKEY).Where(key => DnskeyData.TryRead(key.Data, out var view) && view.IsSecureEntryPoint), out var anchors, out var fault)
            ? anchors : throw new InvalidOperationException(fault.ToString());
        await ServeAsync(plan, zone => texts[(zone.Apex, Era.Now)], cancellationToken);
    }

    private static async Task<IReadOnlyList<(Era, string)>> SignAsync(RealmZone zone, IReadOnlyList<RealmZone> plan, Dictionary<string, string> delegations, ToolSigning tool, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var text = zone.Text + Delegations(former: false);
        List<(Era, string)> signed = [(Era.Now, await tool.SignAsync(text, now.AddDays(-1), now.AddDays(30), cancellationToken))];
        if (zone.FormerText.Length == 0) return signed;
        var former = zone.FormerText + Delegations(former: true);
        signed.Add((Era.Expired, await tool.SignAsync(former, now.AddDays(-60), now.AddDays(-30), cancellationToken)));
        signed.Add((Era.Stale, await tool.SignAsync(former, now.AddDays(-10), now.AddDays(10), cancellationToken)));
        signed.Add((Era.Future, await tool.SignAsync(former, now.AddDays(30), now.AddDays(60), cancellationToken)));
        return signed;

        string Delegations(bool former) => string.Concat(plan.Where(child => child.Apex.IsBelow(zone.Apex) && !plan.Any(between => child.Apex.IsBelow(between.Apex) && between.Apex.IsBelow(zone.Apex)))
            .Select(child => $"{child.Name} 3600 NS ns.{child.Name}\nns.{child.Name} 300 A {RealmPlan.Address(child.Server)}\n{(former && child.Name == zone.FormerlyUnsigned ? "" : delegations[child.Name])}"));
    }

    private async Task ServeAsync(IReadOnlyList<RealmZone> plan, Func<RealmZone, string> text, CancellationToken cancellationToken)
    {
        foreach (var group in plan.GroupBy(zone => zone.Server))
        {
            var address = RealmPlan.HiddenAddress(group.Key);
            if (group.Key is RealmPlan.Top or RealmPlan.Children)
            {
                List<BindZone> zones = [];
                foreach (var zone in group)
                {
                    var made = await BindZone.CreateAsync(_folder, zone.Name, null, cancellationToken);
                    made.Text = text(zone);
                    zones.Add(made);
                }
                _running.Add(await Bind.StartAsync(_folder, address, 53, zones, cancellationToken));
            }
            else
            {
                _running.Add(await Nsd.StartAsync(_folder, address, 53, group.Select(zone => (zone.Name, text(zone))), cancellationToken));
            }
            _running.Add(RewritingForwarder.Start(EndPoint(RealmPlan.Address(group.Key)), EndPoint(address), (query, forwarder, token) => AnswerAsync(query, forwarder, atServers: true, token)));
        }
        var hints = string.Create(CultureInfo.InvariantCulture, $". 3600 IN NS a.root-ns.\na.root-ns. 3600 IN A {RealmPlan.Address(RealmPlan.Root)}\n");
        RootHints = hints;
        _running.Add(await Unbound.StartAsync(_folder, RecursorAddress, 53, new UnboundOptions { RootHints = hints, Extra = "target-fetch-policy: \"0 0 0 0 0\"\n  minimal-responses: no" }, cancellationToken));
        _running.Add(await BindResolver.StartAsync(_folder, BindRecursorAddress, 53, hints, cancellationToken));
        _running.Add(RewritingForwarder.Start(EndPoint(ForwarderAddress), EndPoint(RecursorAddress), (query, forwarder, token) => AnswerAsync(query, forwarder, atServers: false, token)));
    }

    /// <summary>Root hints in zone-file syntax.</summary>
    public string RootHints { get; private set; } = "";

    internal static IPEndPoint EndPoint(string address) => new(IPAddress.Parse(address), 53);

    private Task<IReadOnlyList<byte[]>> AnswerAsync(ForwardedQuery query, RewritingForwarder forwarder, bool atServers, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _queries);
        return _attack is { } attack && attack.AtServers == atServers ? attack.Answer(query, forwarder, cancellationToken) : RewritingForwarder.Unchanged(query, forwarder, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        for (var i = _running.Count - 1; i >= 0; i--) await _running[i].DisposeAsync();
        _folder.Dispose();
    }

    private sealed class End(HostileRealm realm) : IDisposable
    {
        public void Dispose() => realm._attack = null;
    }
}
