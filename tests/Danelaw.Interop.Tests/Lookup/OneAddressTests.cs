using System.Net;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Lookup;

/// <summary>
/// A zone, its child, an unsigned child and a neighbour on one address of each authoritative server that people run, with aliases, DNAMEs, wildcards and empty non-terminals that lead
/// from each into each. A server gives the whole chain in one reply, with the proofs of several zones beside it, and each does it in its own way: no honest answer is bogus.
/// </summary>
[Peer("bind"), Peer("nsd"), Peer("knot"), Peer("pdns"), Peer("unbound")]
public sealed class OneAddressTests(ITestOutputHelper output)
{
    private const string Root = "127.71.0.1";
    private const string Shared = "127.71.0.2";
    private const string Plain = "127.71.0.3";
    private const string Validating = "127.71.0.4";
    private const string Hints = $". 3600 IN NS a.root.\na.root. 3600 IN A {Root}\n";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, Rfc(4035, "5"), Rfc(6672, "5.3.1"), Rfc(4035, "3.1")]
    [InlineData("nsd", false)]
    [InlineData("nsd", true)]
    [InlineData("knot", false)]
    [InlineData("knot", true)]
    [InlineData("bind", false)]
    [InlineData("bind", true)]
    [InlineData("pdns", false)]
    [InlineData("pdns", true)]
    public async Task No_honest_answer_of_a_server_with_several_zones_is_bogus(string server, bool usesNsec3)
    {
        Peer.RequireOwnNetwork();
        using var folder = new TestFolder("one-address");
        await Loopback.AddAsync([Root, Shared, Plain, Validating], Cancelled);
        var zones = await MakeAsync(folder, usesNsec3);
        var root = zones[^1];
        await using var top = await Nsd.StartAsync(folder, Root, 53, [(".", root.Signed)], Cancelled);
        await using var shared = await StartAsync(server, folder, zones[..^1], usesNsec3);
        await using var plain = await Unbound.StartAsync(folder, Plain, 53, new UnboundOptions { RootHints = Hints }, Cancelled);
        await using var validating = await Unbound.StartAsync(folder, Validating, 53, new UnboundOptions { RootHints = Hints, Anchors = root.Key }, Cancelled);

        var questions = Questions();
        var theirs = await Dig.AskAsync(Validating, 53, questions, cancellationToken: Cancelled);
        var faults = new List<string>();
        // In ordinary runs each server is asked in one of the two ways with each kind of denial; in long ones in both.
        foreach (var iterates in LongRun.IsOn ? (bool[])[false, true] : [!usesNsec3])
        {
            await using var transport = new DnsTransport(new DnsTransportOptions { Timeout = TimeSpan.FromSeconds(5) }, TimeProvider.System);
            var resolver = Resolver(transport, root.Key!, iterates);
            for (var i = 0; i < questions.Count; i++)
            {
                var (name, type) = questions[i];
                var ours = await resolver.LookupAsync(DomainName.Parse(name), RecordTypes.TryParse(type, out var parsed) ? parsed : throw new FormatException(type), Cancelled);
                var status = LibraryLookup.StatusOf(ours);

                // unbound 1.17 refuses a secure wildcard alias into an unsigned zone where the reply holds its denial, and a CNAME behind which PowerDNS has put the DNAME that makes it.
                var right = type != "DS" && (name.Contains("-barepar.", StringComparison.Ordinal) || name.EndsWith("bare.par.", StringComparison.Ordinal)) ? PeerStatus.Insecure : PeerStatus.Secure;
                if (status != right || (theirs[i].Status != PeerStatus.Bogus && theirs[i].Status != right))
                    faults.Add($"{(iterates ? "from the root" : "through a resolver")} {name} {type} is {right}: unbound {theirs[i].Status}, Danelaw {status}: {ours.Explanation}");
            }
        }

        output.WriteLine($"{server} {(usesNsec3 ? "NSEC3" : "NSEC")}: {questions.Count} questions{(LongRun.IsOn ? ", twice" : "")}; {theirs.Count(reply => reply.Status == PeerStatus.Secure)} secure");
        Assert.True(faults.Count == 0, string.Join("\n", faults));
        Assert.True(theirs.Count(reply => reply.Status == PeerStatus.Secure) >= questions.Count * 2 / 3, "too few of the answers are secure to show anything");
    }

    private static Resolver Resolver(IDnsTransport transport, string anchors, bool iterates)
    {
        // Nothing is kept, so that no answer helps another.
        var options = new ResolverOptions { Anchors = LibraryLookup.ReadAnchors(anchors), CacheBytes = 0, Limits = Dnssec.Validation.Limits.Default with { Time = TimeSpan.FromSeconds(60) } };
        if (!iterates) return new(transport, options with { Upstreams = [new(TransportKind.Datagram, new IPEndPoint(IPAddress.Parse(Plain), 53))] }, TimeProvider.System);
        var read = RootHints.TryCreate(
            [
                new(DomainName.Root, RecordType.NS, RecordClass.IN, 3600, new NameData(DomainName.Parse("a.root.")).ToOctets()),
                new(DomainName.Parse("a.root."), RecordType.A, RecordClass.IN, 3600, AddressData.ToOctets(IPAddress.Parse(Root))),
            ],
            out var hints,
            out var fault);
        Assert.True(read, fault);
        return new(transport, options with { Iteration = new() { Hints = hints! } }, TimeProvider.System);
    }

    private static async Task<IAsyncDisposable> StartAsync(string server, TestFolder folder, IReadOnlyList<Zone> zones, bool usesNsec3)
    {
        var served = zones.Select(zone => (zone.Name, zone.Signed)).ToList();
        switch (server)
        {
            case "nsd": return await Nsd.StartAsync(folder, Shared, 53, served, Cancelled);
            case "knot": return await Knot.StartAsync(folder, Shared, 53, served, Cancelled);
            case "pdns": return await PowerDns.StartAsync(folder, Shared, 53, zones.Select(zone => new PowerDnsZone(zone.Name, zone.Text, zone.PrivateKeyFile, usesNsec3)), Cancelled);
            default:
                var made = new List<BindZone>();
                foreach (var (name, text) in served)
                {
                    var zone = await BindZone.CreateAsync(folder, name, null, Cancelled);
                    zone.Text = text;
                    made.Add(zone);
                }

                return await Bind.StartAsync(folder, Shared, 53, made, Cancelled);
        }
    }

    /// <summary>The zones from the leaves up to the root, which is the last.</summary>
    private static async Task<List<Zone>> MakeAsync(TestFolder folder, bool usesNsec3)
    {
        var signing = new LdnsSigning { UsesNsec3 = usesNsec3, Iterations = usesNsec3 ? 1 : 0, Salt = usesNsec3 ? "abcd" : "" };
        var bare = new Zone("bare.par.", Content("bare.par.", "par."));
        var child = await SignAsync(folder, "kid.par.", Content("kid.par.", "par.", "far."), signing);
        var neighbour = await SignAsync(folder, "far.", Content("far.", "par.", "kid.par."), signing);
        var above = await SignAsync(folder, "par.", Content("par.", "kid.par.", "far.", "bare.par.") + Delegation("kid.par.") + child.DelegationSigner + Delegation("bare.par."), signing);
        var top = $"$TTL 300\n. SOA a.root. host. 1 3600 600 86400 60\n. NS a.root.\na.root. A {Root}\n{Delegation("par.")}{above.DelegationSigner}{Delegation("far.")}{neighbour.DelegationSigner}";
        return [bare, child, neighbour, above, await SignAsync(folder, ".", top, new LdnsSigning())];
    }

    private static async Task<Zone> SignAsync(TestFolder folder, string name, string text, LdnsSigning signing)
    {
        var zone = new LdnsZone(folder, name) { Text = text };
        var key = await zone.AddKeyAsync(13, cancellationToken: Cancelled);
        return new(name, text)
        {
            Key = key.Split(';')[0] + "\n",
            Signed = await zone.SignAsync(signing, Cancelled),
            DelegationSigner = await zone.DelegationSignerAsync(key, cancellationToken: Cancelled),
            PrivateKeyFile = zone.PrivateKeyFiles[0],
        };
    }

    private static string Delegation(string name) => $"{name} NS ns.{name}\nns.{name} A {Shared}\n";

    private static string Content(string zone, params string[] others) => $"""
        $TTL 300
        {zone} SOA ns.{zone} host.{zone} 1 3600 600 86400 60
        {zone} NS ns.{zone}
        ns.{zone} A {Shared}
        www.{zone} A 192.0.2.1
        *.wild.{zone} A 192.0.2.3
        m.wild.{zone} TXT "between"
        leaf.ent.{zone} A 192.0.2.4
        alias.{zone} CNAME www.{zone}
        *.wc.{zone} CNAME www.{zone}
        *.wcm.{zone} CNAME missing.{zone}
        dwild.{zone} DNAME wild.{zone}
        dself.{zone} DNAME sub.{zone}
        *.deep.sub.{zone} A 192.0.2.6

        """ + string.Concat(others.Select(other => $"""
        to-{Label(other)}.{zone} CNAME www.{other}
        tomiss-{Label(other)}.{zone} CNAME missing.{other}
        towild-{Label(other)}.{zone} CNAME x.wild.{other}
        toent-{Label(other)}.{zone} CNAME ent.{other}
        todw-{Label(other)}.{zone} CNAME x.dwild.{other}
        *.wc-{Label(other)}.{zone} CNAME www.{other}
        *.wcm-{Label(other)}.{zone} CNAME missing.{other}
        dw-{Label(other)}.{zone} DNAME wild.{other}

        """));

    private static string Label(string zone) => zone.Replace(".", "", StringComparison.Ordinal);

    private static List<(string Name, string Type)> Questions()
    {
        var questions = new List<(string, string)>();
        foreach (var (zone, others) in ((string, string[])[])[("par.", ["kid.par.", "far.", "bare.par."]), ("kid.par.", ["par.", "far."]), ("far.", ["par.", "kid.par."])])
        {
            foreach (var name in (string[])["www", "missing", "x.wild", "a.b.wild", "ent", "alias", "x.wc", "x.wcm", "x.dwild", "a.b.dwild", "x.deep.dself", "x.dself"]) Ask($"{name}.{zone}");
            foreach (var other in others.Select(Label))
                foreach (var name in (string[])["to", "tomiss", "towild", "toent", "todw", "x.wc", "x.wcm", "x.dw", "m.dw"]) Ask($"{name}-{other}.{zone}");
            foreach (var name in (string[])["", "www.", "missing.", "alias.", "ent."]) questions.Add((name + zone, "DS"));
            foreach (var name in (string[])["", "www.", "alias."]) questions.Add((name + zone, "NSEC"));
        }

        foreach (var name in (string[])["bare.par.", "www.bare.par.", "missing.bare.par."]) Ask(name);
        questions.Add(("bare.par.", "DS"));
        return questions;

        void Ask(string name) => questions.AddRange([(name, "A"), (name, "TXT")]);
    }

    private sealed record Zone(string Name, string Text)
    {
        public string Signed { get; init; } = Text;

        public string? Key { get; init; }

        public string DelegationSigner { get; init; } = "";

        public string? PrivateKeyFile { get; init; }
    }
}
