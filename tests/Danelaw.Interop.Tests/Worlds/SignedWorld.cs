using System.Diagnostics;
using Danelaw.Interop.Tests.Mail;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Worlds;

/// <summary>
/// A small Internet of real name servers: a root, three top-level domains and their zones in BIND, signed by BIND itself with every algorithm that it has;
/// zones that are wrong on purpose in NSD; before them a validating unbound and one that validates nothing.
/// </summary>
internal sealed class SignedWorld : IAsyncDisposable
{
    public const string RootAddress = "127.53.0.1";
    public const string TopAddress = "127.53.0.2";
    public const string ZoneAddress = "127.53.0.3";
    public const string FaultAddress = "127.53.0.4";
    public const string SmallAddress = "127.53.0.5";
    public const string NobodyAddress = "127.53.0.9";
    public const string ValidatingAddress = "127.53.0.10";
    public const string PlainAddress = "127.53.0.11";
    public const string RootHints = $". 3600 IN NS a.root-ns.\na.root-ns. 3600 IN A {RootAddress}\n";

    private readonly List<IAsyncDisposable> _servers = [];
    private readonly List<(string Name, string Type)> _questions = [];

    private SignedWorld(TestFolder folder) => Folder = folder;

    public TestFolder Folder { get; }

    /// <summary>The root's keys, DNSKEY lines in zone-file syntax.</summary>
    public string Anchors { get; private set; } = "";

    /// <summary>The same in a file.</summary>
    public string AnchorFile { get; private set; } = "";

    /// <summary>All that is asked of this world; each question once.</summary>
    public IReadOnlyList<(string Name, string Type)> Questions => _questions;

    /// <summary>The mail domains, and what their servers serve.</summary>
    public MailPlan Mail { get; } = new();

    /// <summary>delv, asking the resolver that validates nothing, so that it sees the data itself.</summary>
    public Delv Delv { get; private set; } = null!;

    /// <summary>How long it took to rise.</summary>
    public TimeSpan RiseTime { get; private set; }

    public static async Task<SignedWorld> StartAsync(CancellationToken cancellationToken)
    {
        Peer.RequireOwnNetwork();
        foreach (var program in (string[])["named", "dnssec-keygen", "delv", "dig", "nsd", "ldns-signzone", "unbound"]) Peer.Require(program);
        var world = new SignedWorld(new TestFolder("world"));
        try
        {
            var started = Stopwatch.GetTimestamp();
            await world.RiseAsync(cancellationToken);
            world.RiseTime = Stopwatch.GetElapsedTime(started);
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
        await Loopback.AddAsync([RootAddress, TopAddress, ZoneAddress, FaultAddress, SmallAddress, ValidatingAddress, PlainAddress], cancellationToken);

        // Keys first: every DS is known before any server runs, so all of them start at once.
        var faultsMade = new FaultZones(Folder, FaultAddress, Mail).MakeAsync(cancellationToken);
        var plans = Plans();
        var zones = new BindZone[plans.Count];
        await Parallel.ForAsync(0, plans.Count, new ParallelOptions { MaxDegreeOfParallelism = 3, CancellationToken = cancellationToken },
            async (i, token) => zones[i] = await BindZone.CreateAsync(Folder, plans[i].Name, plans[i].Policy, token));
        var faults = await faultsMade;

        for (var i = 0; i < plans.Count; i++) zones[i].Text = plans[i].Text;
        // Each zone's delegation goes into the zone right above it.
        for (var i = 0; i < plans.Count; i++)
        {
            var parent = zones.Where(zone => zone != zones[i] && IsBelow(zones[i].Name, zone.Name)).MaxBy(zone => zone.Name.Length);
            if (parent is null) continue;
            parent.Text += $"{zones[i].Name} NS ns.{zones[i].Name}\nns.{zones[i].Name} A {plans[i].Address}\n{await zones[i].DelegationSignerAsync(cancellationToken: cancellationToken)}";
        }
        foreach (var fault in faults)
        {
            var parent = zones.Where(zone => IsBelow(fault.Name, zone.Name)).MaxBy(zone => zone.Name.Length)!;
            parent.Text += $"{fault.Name} NS ns.{fault.Name}\nns.{fault.Name} A {FaultAddress}\n{fault.DelegationSigners}";
        }

        foreach (var group in plans.Zip(zones).GroupBy(pair => pair.First.Address))
        {
            var bind = await Bind.StartAsync(Folder, group.Key, 53, [.. group.Select(pair => pair.Second)], cancellationToken);
            _servers.Add(bind);
        }
        _servers.Add(await Nsd.StartAsync(Folder, FaultAddress, 53, faults.Select(fault => (fault.Name, fault.Text)), cancellationToken));
        await Task.WhenAll(_servers.OfType<Bind>().Select(bind => bind.WaitUntilSignedAsync(cancellationToken)));

        Anchors = zones.Single(zone => zone.Name == ".").KeyAnchor();
        AnchorFile = Folder.Write("anchors.zone", Anchors);
        _servers.Add(await Unbound.StartAsync(Folder, ValidatingAddress, 53, new UnboundOptions { RootHints = RootHints, Anchors = Anchors }, cancellationToken));
        _servers.Add(await Unbound.StartAsync(Folder, PlainAddress, 53, new UnboundOptions { RootHints = RootHints }, cancellationToken));
        Delv = new Delv(PlainAddress, 53, Anchors, Folder);

        _questions.AddRange(plans.SelectMany(plan => plan.Questions).Concat(faults.SelectMany(fault => fault.Questions)).Distinct());
    }

    /// <summary>What BIND serves: name, policy, address, text without delegations, questions.</summary>
    private List<ZonePlan> Plans()
    {
        var nsec3 = new DnssecPolicy(13) { UsesNsec3 = true };
        List<ZonePlan> plans =
        [
            new(".", new DnssecPolicy(8) { TwoKeys = true }, RootAddress,
                $"$TTL 300\n. SOA a.root-ns. hostmaster. 1 3600 600 86400 60\n. NS a.root-ns.\na.root-ns. A {RootAddress}\n",
                [(".", "NS"), (".", "DNSKEY"), (".", "SOA"), ("no-such-top.", "A"), ("nsec.", "DS"), ("a.root-ns.", "A")]),
            Top("nsec.", new DnssecPolicy(13)),
            Top("nsec3.", new DnssecPolicy(8) { TwoKeys = true, UsesNsec3 = true }),
            Top("optout.", nsec3 with { OptOut = true, SaltLength = 8, Iterations = 5 }),
            Few("a5.nsec.", new DnssecPolicy(5)),
            Few("a8.nsec.", new DnssecPolicy(8) { TwoKeys = true }),
            Few("a10.nsec.", new DnssecPolicy(10)),
            Full("a13.nsec.", new DnssecPolicy(13)),
            Few("a14.nsec.", new DnssecPolicy(14)),
            Few("a15.nsec.", new DnssecPolicy(15)),
            Few("a16.nsec.", new DnssecPolicy(16)),
            Few("b7.nsec3.", new DnssecPolicy(7) { UsesNsec3 = true }),
            Few("b8.nsec3.", new DnssecPolicy(8) { UsesNsec3 = true, Iterations = 10, SaltLength = 4 }),
            Few("b10.nsec3.", new DnssecPolicy(10) { UsesNsec3 = true }),
            Full("b13.nsec3.", nsec3 with { TwoKeys = true }),
            Few("b14.nsec3.", new DnssecPolicy(14) { UsesNsec3 = true }),
            Few("b15.nsec3.", new DnssecPolicy(15) { UsesNsec3 = true }),
            Few("b16.nsec3.", new DnssecPolicy(16) { UsesNsec3 = true }),
            Full("c13.optout.", nsec3 with { OptOut = true }),
            Full("c15.optout.", new DnssecPolicy(15)),
            Post(MailPlan.Zone, new DnssecPolicy(13)),
            Post(MailPlan.Nsec3Zone, nsec3),
            Post(MailPlan.PlainZone, null),
            Small("plain.nsec.", null, ZoneAddress),
            Small("plain.nsec3.", null, ZoneAddress),
            Small("plain.optout.", null, ZoneAddress),
            Small("island.plain.nsec.", new DnssecPolicy(13), SmallAddress),
            Small("sub.a13.nsec.", new DnssecPolicy(15), SmallAddress),
            Small("sub.b13.nsec3.", nsec3, SmallAddress),
            Small("sub.c13.optout.", new DnssecPolicy(13), SmallAddress),
        ];
        plans.AddRange([.. plans.Where(plan => plan.Address == ZoneAddress && plan.Policy is not null && !plan.Name.StartsWith("post.", StringComparison.Ordinal)).Select(plan => Small("un." + plan.Name, null, SmallAddress))]);
        return plans;
    }

    private static ZonePlan Top(string name, DnssecPolicy policy) =>
        new(name, policy, TopAddress, $"$TTL 300\n{name} SOA ns.{name} hostmaster.{name} 1 3600 600 86400 60\n{name} NS ns.{name}\nns.{name} A {TopAddress}\nlame.{name} NS ns.lame.{name}\nns.lame.{name} A {RootAddress}\n",
            [(name, "NS"), (name, "DS"), (name, "DNSKEY"), ("no-such-zone." + name, "A"), ("no-such-zone." + name, "DS"), ("lame." + name, "DS"), ("www.lame." + name, "A")]);

    private static ZonePlan Full(string name, DnssecPolicy policy) => new(name, policy, ZoneAddress, ZoneContent.Text(name, ZoneAddress), [.. ZoneContent.Questions(name)]);

    private static ZonePlan Few(string name, DnssecPolicy policy) => Full(name, policy) with { Questions = [.. ZoneContent.FewQuestions(name)] };

    private static ZonePlan Small(string name, DnssecPolicy? policy, string address) =>
        new(name, policy, address, ZoneContent.SmallText(name, address), name.StartsWith("un.", StringComparison.Ordinal) ? [] : [.. ZoneContent.SmallQuestions(name)]);

    private ZonePlan Post(string name, DnssecPolicy? policy) =>
        new(name, policy, ZoneAddress, ZoneContent.SmallText(name, ZoneAddress) + Mail.ZoneLines(name), [.. Mail.Questions(name)]);

    private static bool IsBelow(string name, string zone) => zone == "." ? name != "." : name.EndsWith("." + zone, StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        for (var i = _servers.Count - 1; i >= 0; i--) await _servers[i].DisposeAsync();
        Folder.Dispose();
    }

    private sealed record ZonePlan(string Name, DnssecPolicy? Policy, string Address, string Text, IReadOnlyList<(string Name, string Type)> Questions);
}
