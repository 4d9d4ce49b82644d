using System.Globalization;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.HostileWorld.Zones;

/// <summary>Zones that send those who resolve round and round (NXNS, CAMP, TsuNAME, chains of aliases and of delegations).</summary>
internal static class DelegationZones
{
    /// <summary>Where the victim of amplification is served.</summary>
    internal const string VictimAddress = "127.77.2.1";

    internal static IEnumerable<HostileZone> All()
    {
        yield return NonexistentServers();
        yield return Compositional();
        yield return Cyclic();
        yield return AliasChain();
        yield return AliasesInOneReply();
        yield return GrowingDname();
        yield return DelegationChain();
    }

    /// <summary>NXNSAttack: a delegation to a thousand servers that somebody else's zone would have to deny one by one.</summary>
    private static HostileZone NonexistentServers()
    {
        var victim = ServedZone.Create("victim.good.", VictimAddress, $"ns 3600 IN A {VictimAddress}\n");
        var zone = Referring("nxns.evil.", "127.77.1.21", "x.nxns.evil.", 1000, i => $"n{i}.victim.good.");
        return new("a delegation to a thousand servers in a victim's zone that do not exist (NXNSAttack)", new(Text.Name("www.x.nxns.evil."), RecordType.A), zone, victim);
    }

    /// <summary>CAMP: servers whose names are long aliases, to names below delegations to further such servers.</summary>
    private static HostileZone Compositional()
    {
        const string labels = "a.b.c.d.e.f.g.h";
        var first = Referring("camp1.evil.", "127.77.1.22", "x.camp1.evil.", 30, i => $"{labels}.n{i}.camp2.evil.");
        ServedZone? second = null;
        DnsMessage? Aliases(Question question, DnsMessage reply)
        {
            if (question.Name.LabelCount <= second!.Apex.LabelCount + 1 || question.Type is RecordType.DS or RecordType.DNSKEY) return null;
            var number = question.Name.GetLabel(question.Name.LabelCount - 3);
            if (question.Name.LabelCount < 11) return reply with { Authorities = [.. second.Set(second.Apex, RecordType.SOA)] };
            var target = Text.Name($"{labels}.{System.Text.Encoding.ASCII.GetString(number)}.camp3.evil.");
            var set = new RecordSet(question.Name, RecordType.CNAME, RecordClass.IN, 3600, [new NameData(target).ToOctets()]);
            return reply with { Answers = [.. set.Records, second.Sign(set)] };
        }

        second = ServedZone.Create("camp2.evil.", "127.77.1.23", "", with: made => made.With(twist: Aliases));
        var third = Referring("camp3.evil.", "127.77.1.24", null, 30, i => $"{labels}.m{i}.camp2.evil.");
        return new("delegations to aliases to delegations, with many labels each (CAMP)", new(Text.Name("www.x.camp1.evil."), RecordType.A), first, second, third);
    }

    /// <summary>TsuNAME: two zones each served by names in the other alone.</summary>
    private static HostileZone Cyclic()
    {
        var records = (ResourceRecord[])
        [
            Text.Record("one.evil.", RecordType.NS, "ns.two.evil."),
            Text.Record("two.evil.", RecordType.NS, "ns.one.evil."),
        ];
        return new("two zones served by each other (TsuNAME)", new(Text.Name("www.one.evil."), RecordType.A)) { Above = records };
    }

    /// <summary>A thousand aliases and more, a reply each.</summary>
    private static HostileZone AliasChain()
    {
        var apex = Text.Name("chain.evil.");
        ServedZone? zone = null;
        zone = ServedZone.Create("chain.evil.", "127.77.1.25", "", with: made => made.With(twist: (question, reply) =>
        {
            if (Number(question.Name, 'c') is not { } number) return null;
            return reply with { Answers = [.. Alias(zone!, apex.Prepend($"c{number}"), apex.Prepend($"c{number + 1}"))] };
        }));
        return new("a chain of a thousand aliases", new(apex.Prepend("c0"), RecordType.A), zone);
    }

    private static HostileZone AliasesInOneReply()
    {
        var apex = Text.Name("heap.evil.");
        ServedZone? zone = null;
        zone = ServedZone.Create("heap.evil.", "127.77.1.26", "", with: made => made.With(twist: (question, reply) =>
        {
            if (Number(question.Name, 'c') is not { } number) return null;
            return reply with { Answers = [.. Enumerable.Range(number, 400).SelectMany(i => Alias(zone!, apex.Prepend($"c{i}"), apex.Prepend($"c{i + 1}")))] };
        }));
        return new("four hundred aliases in a reply, and so on", new(apex.Prepend("c0"), RecordType.A), zone);
    }

    private static HostileZone GrowingDname()
    {
        var zone = ServedZone.Create("grow.evil.", "127.77.1.27", "d 3600 IN DNAME d.d\n");
        return new("a DNAME below itself: the name grows", new(Text.Name("x.d.grow.evil."), RecordType.A), zone.With(twist: (question, reply) =>
        {
            var owner = Text.Name("d.grow.evil.");
            if (!question.Name.IsBelow(owner)) return null;
            return reply with { Answers = [.. zone.Set(owner, RecordType.DNAME)] };
        }));
    }

    /// <summary>A hundred zones, each sound and signed, each delegated by the one above and at an address of its own.</summary>
    private static HostileZone DelegationChain()
    {
        var zones = new List<ServedZone> { ServedZone.Create(Deep(100), AddressOf(100), "www 3600 IN A 192.0.2.1") };
        for (var depth = 99; depth >= 1; depth--)
        {
            var child = zones[^1];
            var server = child.Apex.Prepend("ns");
            zones.Add(ServedZone.Create(Deep(depth), AddressOf(depth), $"{child.Apex} 3600 IN NS {server}\n{server} 3600 IN A {child.Address}\n", more: [child.DelegationSigner()]));
        }

        zones.Reverse();
        return new("a hundred delegations, one below the other", new(zones[^1].Apex.Prepend("www"), RecordType.A), [.. zones]);

        static string Deep(int depth) => string.Concat(Enumerable.Repeat("a.", depth - 1)) + "deep.evil.";
        static string AddressOf(int depth) => $"127.77.3.{depth}";
    }

    /// <summary>A zone that refers everything below a name, or below each of its names, to many servers elsewhere.</summary>
    private static ServedZone Referring(string apex, string address, string? cut, int count, Func<int, string> server)
    {
        var zone = Text.Name(apex);
        return ServedZone.Create(apex, address, "", with: made => made.With(twist: (question, reply) =>
        {
            if (question.Type is RecordType.DNSKEY or RecordType.DS || question.Name.LabelCount <= zone.LabelCount) return null;
            var owner = cut is null ? question.Name.Suffix(zone.LabelCount + 1) : Text.Name(cut);
            if (!question.Name.IsAtOrBelow(owner)) return null;
            return reply with
            {
                Flags = MessageFlags.Response,
                Authorities = [.. Enumerable.Range(0, count).Select(i => new ResourceRecord(owner, RecordType.NS, RecordClass.IN, 3600, new NameData(Text.Name(server(i))).ToOctets()))],
            };
        }));
    }

    private static int? Number(DomainName name, char letter)
    {
        var label = System.Text.Encoding.ASCII.GetString(name.GetLabel(0));
        return label[0] == letter && int.TryParse(label.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static IEnumerable<ResourceRecord> Alias(ServedZone zone, DomainName from, DomainName to)
    {
        var set = new RecordSet(from, RecordType.CNAME, RecordClass.IN, 3600, [new NameData(to).ToOctets()]);
        return [.. set.Records, zone.Sign(set)];
    }
}
