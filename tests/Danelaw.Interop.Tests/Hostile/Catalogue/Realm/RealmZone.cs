using Danelaw.Dns.Names;

namespace Danelaw.Interop.Tests.Hostile.Catalogue.Realm;

/// <summary>A zone of the realm, as it is planned.</summary>
internal sealed record RealmZone(string Name, int Server, SigningTool Tool, DenialStyle Denial, params int[] Algorithms)
{
    public DomainName Apex { get; } = DomainName.Parse(Name);

    /// <summary>Rounds of the NSEC3 hash beyond the first. The same everywhere, so that records of one zone look like those of another.</summary>
    public int Iterations { get; init; } = 1;

    /// <summary>A key for the key set, another for everything else.</summary>
    public bool HasTwoKeys { get; init; }

    /// <summary>Digests of its DS set.</summary>
    public string[] Digests { get; init; } = ["SHA-256"];

    /// <summary>Its records without delegations.</summary>
    public string Text { get; init; } = "";

    /// <summary>What it was some days ago; empty when it has no past.</summary>
    public string FormerText { get; init; } = "";

    /// <summary>The child that had no DS in former days.</summary>
    public string? FormerlyUnsigned { get; init; }

    /// <summary>The name as a part of a file name.</summary>
    public string FileName { get; } = Name == "." ? "root" : Name.TrimEnd('.');
}

/// <summary>The plan of all zones: three trees, proving by NSEC, by NSEC3, and by NSEC3 with opt-out; in each a zone that is attacked, its neighbours, its children, and zones of the attacker's.</summary>
internal static class RealmPlan
{
    /// <summary>The servers' addresses as delegations name them: there the proxies stand.</summary>
    public static string Address(int server) => $"127.54.0.{server}";

    /// <summary>The real servers behind them.</summary>
    public static string HiddenAddress(int server) => $"127.55.0.{server}";

    public const int Root = 1, Top = 2, Zones = 3, Children = 4, Attacker = 5;

    public static readonly string[] Trees = ["nsec.", "hash.", "opt."];

    public static IReadOnlyList<RealmZone> All()
    {
        List<RealmZone> all =
        [
            new(".", Root, SigningTool.Bind, DenialStyle.Nsec, 8)
            {
                HasTwoKeys = true,
                Text = $"$TTL 300\n. 3600 SOA a.root-ns. hostmaster. 1 3600 600 86400 60\n. 3600 NS a.root-ns.\na.root-ns. A {Address(Root)}\n",
            },
            Top_("nsec.", SigningTool.Bind, DenialStyle.Nsec, 13),
            Top_("hash.", SigningTool.Ldns, DenialStyle.Nsec3, 8),
            Top_("opt.", SigningTool.Bind, DenialStyle.OptOut, 13),

            Full("sec.nsec.", SigningTool.Bind, DenialStyle.Nsec, 13),
            Full("sec.hash.", SigningTool.Ldns, DenialStyle.Nsec3, 13) with { HasTwoKeys = true },
            Full("sec.opt.", SigningTool.Bind, DenialStyle.OptOut, 15),

            Neighbour("sib.nsec.", SigningTool.Knot, DenialStyle.Nsec, 15),
            Neighbour("sib.hash.", SigningTool.Knot, DenialStyle.Nsec3, 13),
            Neighbour("sib.opt.", SigningTool.Bind, DenialStyle.OptOut, 16),
            Neighbour("two.nsec.", SigningTool.Bind, DenialStyle.Nsec, 8, 13),
            Neighbour("digests.nsec.", SigningTool.Bind, DenialStyle.Nsec, 14) with { Digests = ["SHA-1", "SHA-256", "SHA-384"] },
            Neighbour("high.hash.", SigningTool.Ldns, DenialStyle.Nsec3, 13) with { Iterations = 500 },
            Small("child.high.hash.", Children, SigningTool.Bind, DenialStyle.Nsec, 13),
        ];
        foreach (var tree in Trees)
        {
            var (denial, algorithm) = tree switch { "nsec." => (DenialStyle.Nsec, 15), "hash." => (DenialStyle.Nsec3, 13), _ => (DenialStyle.OptOut, 14) };
            all.Add(Small($"child.sec.{tree}", Children, SigningTool.Bind, denial, algorithm));
            all.Add(Small($"deep.wild.sec.{tree}", Children, SigningTool.Bind, denial, 13));
            all.Add(Small($"plain.{tree}", Zones, SigningTool.None, DenialStyle.None));
            all.Add(Small($"un.sec.{tree}", Children, SigningTool.None, DenialStyle.None));
            all.Add(Neighbour($"evil.{tree}", SigningTool.Bind, denial, 13) with { Server = Attacker });
            all.Add(Neighbour($"evil.sec.{tree}", SigningTool.Bind, denial, 13) with { Server = Attacker });
        }
        return all;
    }

    private static RealmZone Top_(string name, SigningTool tool, DenialStyle denial, int algorithm)
    {
        var text = $"$TTL 300\n{name} 3600 SOA ns.{name} hostmaster.{name} 1 3600 600 86400 60\n{name} 3600 NS ns.{name}\nns.{name} A {Address(Top)}\n";
        return new(name, Top, tool, denial, algorithm) { Text = text, FormerText = text, FormerlyUnsigned = $"sec.{name}" };
    }

    private static RealmZone Full(string name, SigningTool tool, DenialStyle denial, params int[] algorithms)
    {
        var text = Content(name, Address(Zones)) + """
            newcomer A 192.0.2.12

            """;
        return new(name, Zones, tool, denial, algorithms) { Text = text, FormerText = Content(name, Address(Zones)).Replace("0101010101", "9999999999", StringComparison.Ordinal) };
    }

    private static RealmZone Neighbour(string name, SigningTool tool, DenialStyle denial, params int[] algorithms) =>
        new(name, Zones, tool, denial, algorithms) { Text = Content(name, Address(name.StartsWith("evil.", StringComparison.Ordinal) ? Attacker : Zones)) };

    private static RealmZone Small(string name, int server, SigningTool tool, DenialStyle denial, params int[] algorithms) => new(name, server, tool, denial, algorithms)
    {
        Text = $"""
            $ORIGIN {name}
            $TTL 300
            @ 3600 SOA ns hostmaster 1 3600 600 86400 60
            @ 3600 NS ns
            @ A 192.0.2.19
            ns A {Address(server)}
            www A 192.0.2.20
            _25._tcp.mx TLSA 3 1 1 {Hex(name)}
            mx A 192.0.2.21
            z TXT "last"

            """,
    };

    /// <summary>The same names in every zone, so that records of one could be taken for those of another; the data differ.</summary>
    private static string Content(string name, string address) => $"""
        $ORIGIN {name}
        $TTL 300
        @ 3600 SOA ns hostmaster 1 3600 600 86400 60
        @ 3600 NS ns
        @ A 192.0.2.1
        @ MX 10 MX
        @ MX 20 other
        ns A {address}
        www A 192.0.2.2
        www A 192.0.2.3
        www AAAA 2001:db8::2
        mx A 192.0.2.4
        _25._tcp.mx TLSA 3 1 1 {Hex(name)}
        other A 192.0.2.5
        _25._tcp.other TLSA 3 1 1 0202020202020202020202020202020202020202020202020202020202020202
        alias CNAME www
        chain1 CNAME chain2
        chain2 CNAME chain3
        chain3 CNAME www
        across CNAME www.child.sec.{name.Split('.')[^2]}.
        to-nothing CNAME no-such-name
        to-evil CNAME www.evil.{name.Split('.')[^2]}.
        *.wild A 192.0.2.6
        *.wild TXT "from the wildcard"
        there.wild A 192.0.2.7
        *.wildalias CNAME www
        there.wildalias A 192.0.2.77
        tree DNAME target
        host.target A 192.0.2.8
        bush DNAME www
        a.b.ent A 192.0.2.9
        Upper.Case TXT "Mixed Case"
        z TXT "last"

        """;

    private static string Hex(string name) => "0101010101" + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(name)))[..54];
}
