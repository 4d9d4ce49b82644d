using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Tests.Worlds;

namespace Danelaw.Dnssec.Tests.Resolution.Caching;

/// <summary>A root, a zone of random content that is signed with NSEC, NSEC3 or NSEC3 with opt-out, and random zones below it, signed or not.</summary>
internal static class RandomWorld
{
    private static readonly string[] Labels = ["a", "b", "c", "d", "e"];

    internal static World Create(Random random)
    {
        var zone = NewZone("zone.", random, isSigned: true);
        var zones = new List<TestZone> { new(".") { Keys = { TestKeys.Get("root-ksk"), TestKeys.Get("root-zsk", flags: DnskeyFlags.Zone) } }, zone };
        var cuts = new List<string>();
        for (var i = random.Next(4); i > 0; i--)
        {
            var name = Name(random, 2);
            if (cuts.Exists(other => IsBelow(other, name) || IsBelow(name, other))) continue;
            cuts.Add(name);
            var child = NewZone($"{name}.zone.", random, isSigned: random.Next(2) == 0);
            Fill(child, random, 4, []);
            zones.Add(child);
        }

        Fill(zone, random, 14, cuts);
        return new(zones);
    }

    /// <summary>A question for a name that may exist, lie near one that does, or below one.</summary>
    internal static (DomainName Name, RecordType Type) Question(Random random)
    {
        RecordType[] types = [RecordType.A, RecordType.A, RecordType.TXT, RecordType.AAAA, RecordType.MX, RecordType.DS, RecordType.CNAME, RecordType.NS, RecordType.NSEC, RecordType.SOA];
        var name = Name(random, 3);
        if (random.Next(3) == 0) name = $"{(char)('a' + random.Next(26))}{random.Next(10)}.{name}";
        if (random.Next(20) == 0) name = $"*.{name}";
        return (Text.Name($"{name}.zone."), types[random.Next(types.Length)]);
    }

    private static TestZone NewZone(string apex, Random random, bool isSigned)
    {
        var zone = new TestZone(apex)
        {
            Nsec3 = random.Next(3) switch { 0 => null, 1 => new() { Iterations = (ushort)random.Next(3) }, _ => new() { OptOut = true } },
        };
        if (isSigned) zone.Keys.Add(TestKeys.Get(apex));
        return zone;
    }

    private static void Fill(TestZone zone, Random random, int names, List<string> cuts)
    {
        var used = new HashSet<string>(cuts);
        var ends = new List<string>(cuts);
        for (var i = 0; i < names; i++)
        {
            var name = Name(random, 3);
            var kind = random.Next(8);
            if (kind == 0) name = $"*.{name}";
            if (!used.Add(name) || ends.Exists(end => IsBelow(name, end))) continue;
            switch (random.Next(8))
            {
                case 0 when !used.Any(other => IsBelow(other, name) && other != name) && kind != 0:
                    zone.Add($"{name} 300 DNAME {Name(random, 1)}.elsewhere");
                    ends.Add(name);
                    break;
                case 1 or 2:
                    zone.Add($"{name} 300 CNAME {Name(random, 2)}");
                    break;
                case 3:
                    zone.Add($"{name} 300 TXT text");
                    break;
                default:
                    zone.Add($"{name} 300 A 192.0.2.{i}\n{name} 300 TXT both");
                    break;
            }
        }
    }

    private static string Name(Random random, int most) => string.Join('.', Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => Labels[random.Next(Labels.Length)]));

    private static bool IsBelow(string name, string other) => name == other || name.EndsWith($".{other}", StringComparison.Ordinal);
}
