using System.Globalization;
using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>Fills a zone with names of every kind, and draws what is asked of them.</summary>
internal sealed class ZoneFiller(Random random, IReadOnlyList<ZonePlan> zones, ZonePlan zone)
{
    private static readonly RecordType[] Absent = [RecordType.AAAA, RecordType.MX, RecordType.TLSA, RecordType.SRV, RecordType.TXT, RecordType.CAA];
    private static readonly uint[] TimesToLive = [60, 120, 300, 3600, 7200, 86400, 604800, 1];

    private int _names;

    /// <summary>Where the name servers of random worlds listen, by the zone's server number.</summary>
    public static string AddressOf(int server) => $"127.77.0.{10 + server}";

    /// <summary>What every zone has: aliases of other zones may lead there.</summary>
    public void Begin()
    {
        Apex();
        Delegations();
        Host();
        Host();
    }

    public void Fill()
    {
        for (var i = 3 + random.Next(4); i > 0; i--) Feature();
        if (random.Next(3) == 0) Dname();
        if (random.Next(3) == 0) Chain();
        // Unsigned delegations are what opt-out is about.
        for (var i = zone.Nsec3 is { OptOut: true } ? 4 : random.Next(2); i > 0; i--) Lame();
        Missing();
        Missing();
        Missing();
    }

    private void Feature()
    {
        switch (random.Next(9))
        {
            case 0: Wildcard(); break;
            case 1: EmptyNonTerminal(); break;
            case 2: WildcardAlias(); break;
            case 3: Alias(); break;
            case 4: Dname(); break;
            case 5: Tlsa(); break;
            case 6: Chain(); break;
            case 7: Lame(); break;
            default: Host(); break;
        }
    }

    private void Apex()
    {
        var apex = zone.Apex;
        zone.Add(apex, TimeToLive(), RecordType.SOA, $"{NameServer(zone)} hostmaster 1 7200 900 1209600 {random.Next(30, 900)}");
        zone.Add(apex, TimeToLive(), RecordType.NS, NameServer(zone));
        zone.Add(apex.Prepend("ns"), 3600, RecordType.A, AddressOf(zone.Server));
        if (random.Next(2) == 0) zone.Add(apex, TimeToLive(), RecordType.MX, "10 mx");
        if (random.Next(3) == 0) zone.Add(apex, TimeToLive(), RecordType.TXT, "\"v=spf1 -all\" \"apex\"");
        Ask(apex, RecordType.SOA, RecordType.DNSKEY, RecordType.DS);
        if (random.Next(2) == 0) Ask(apex, RecordType.NS, RecordType.MX);
        if (random.Next(3) == 0) Ask(apex, RecordType.ANY);
        if (random.Next(4) == 0) Ask(apex, RecordType.TLSA, RecordType.NSEC3PARAM);
    }

    private void Delegations()
    {
        foreach (var child in zones.Where(each => each.Parent == zone))
        {
            zone.Add(child.Apex, TimeToLive(), RecordType.NS, NameServer(child));
            zone.Add(child.Apex.Prepend("ns"), 3600, RecordType.A, AddressOf(child.Server));
            Ask(child.Apex, RecordType.DS);
        }
    }

    private void Host()
    {
        var name = Name();
        var timeToLive = TimeToLive();
        for (var i = random.Next(3); i >= 0; i--) zone.Add(name, timeToLive, RecordType.A, $"192.0.2.{1 + (i * 80) + random.Next(80)}");
        if (random.Next(3) == 0) zone.Add(name, TimeToLive(), RecordType.AAAA, $"2001:db8::{random.Next(1, 0xFFFF):x}");
        if (random.Next(5) == 0) zone.Add(name, TimeToLive(), (RecordType)65280, $"\\# 4 {random.Next():x8}");
        zone.Hosts.Add(name);
        Ask(name, RecordType.A);
        Ask(name, Absent[random.Next(Absent.Length)]);
        if (random.Next(3) == 0) Ask(name, RecordType.ANY);
        if (random.Next(3) == 0) Ask(name, RecordType.DS);
        if (random.Next(12) == 0) Ask(name, RecordType.RRSIG);
        if (random.Next(4) == 0) Ask(name.Prepend("below"), RecordType.A);
        if (random.Next(10) == 0) Ask(name, RecordType.NSEC);
    }

    private void Tlsa()
    {
        var host = Name();
        zone.Add(host, TimeToLive(), RecordType.A, "192.0.2.25");
        var digest = new byte[32];
        random.NextBytes(digest);
        var owner = host.Prepend("_tcp").Prepend("_25");
        zone.Add(owner, TimeToLive(), RecordType.TLSA, $"3 1 1 {Convert.ToHexString(digest)}");
        Ask(owner, RecordType.TLSA, RecordType.A);
        Ask(host.Prepend("_tcp"), RecordType.TLSA);
        Ask(host.Prepend("_tcp").Prepend("_443"), RecordType.TLSA);
    }

    private void Wildcard()
    {
        var above = random.Next(6) == 0 ? zone.Apex : Name();
        var wildcard = above.ToWildcardChild();
        if (Has(wildcard)) return;
        zone.Add(wildcard, TimeToLive(), RecordType.A, "192.0.2.99");
        if (random.Next(2) == 0) zone.Add(wildcard, TimeToLive(), RecordType.TXT, "\"any\"");
        var known = above.Prepend("known");
        zone.Add(known, TimeToLive(), RecordType.MX, "5 mx");
        Ask(above.Prepend("x1"), RecordType.A, RecordType.MX);
        Ask(above.Prepend("b").Prepend("a"), RecordType.A, RecordType.TXT, RecordType.TLSA);
        Ask(known, RecordType.A);
        Ask(known.Prepend("below"), RecordType.A);
        if (random.Next(3) == 0) Ask(wildcard, RecordType.A, RecordType.SRV);
        if (random.Next(3) == 0) Ask(above, RecordType.A);
        if (random.Next(3) == 0) Ask(above.Prepend("x2"), RecordType.DS);
    }

    private void WildcardAlias()
    {
        var above = Name();
        zone.Add(above.ToWildcardChild(), TimeToLive(), RecordType.CNAME, Target().ToString());
        Ask(above.Prepend("x"), RecordType.A);
        Ask(above.Prepend("y").Prepend("x"), RecordType.A, RecordType.CNAME);
    }

    private void EmptyNonTerminal()
    {
        var top = Name();
        zone.Add(top.Prepend("mid").Prepend("leaf"), TimeToLive(), RecordType.A, "192.0.2.7");
        Ask(top, RecordType.A);
        Ask(top.Prepend("mid"), RecordType.TXT);
        Ask(top.Prepend("mid").Prepend("leaf"), RecordType.A);
        Ask(top.Prepend("other"), RecordType.A);
        if (random.Next(2) == 0) Ask(top.Prepend("mid"), RecordType.DS);
    }

    private void Alias()
    {
        var name = Name();
        zone.Add(name, TimeToLive(), RecordType.CNAME, Target().ToString());
        Ask(name, RecordType.A);
        Ask(name, random.Next(2) == 0 ? RecordType.CNAME : Absent[random.Next(Absent.Length)]);
    }

    private void Chain()
    {
        var target = Target();
        var first = Name();
        foreach (var link in new[] { first, Name(), Name() }.Take(2 + random.Next(2)).Reverse())
        {
            zone.Add(link, TimeToLive(), RecordType.CNAME, target.ToString());
            target = link;
        }
        Ask(target, RecordType.A, RecordType.AAAA);
    }

    private void Dname()
    {
        var name = Name();
        var to = Target();
        if (random.Next(4) == 0) to = zones[random.Next(zones.Count)].Apex;
        zone.Add(name, TimeToLive(), RecordType.DNAME, to.ToString());
        var relative = to == zone.Apex || !to.IsBelow(zone.Apex) ? "ns" : "x";
        Ask(name.Prepend(relative), RecordType.A);
        Ask(name.Prepend("b").Prepend("a"), RecordType.TXT);
        if (random.Next(2) == 0) Ask(name.Prepend(relative), RecordType.CNAME);
        if (random.Next(2) == 0) Ask(name, RecordType.DNAME, RecordType.A);
        if (random.Next(6) == 0 && TryLong(name, out var tooLong)) Ask(tooLong, RecordType.A);
    }

    // 255 octets that a longer suffix makes too many (RFC 6672 §2.2).
    private static bool TryLong(DomainName name, out DomainName tooLong)
    {
        tooLong = name;
        while (tooLong.Length + 64 <= 255) tooLong = tooLong.Prepend(new string('l', 63));
        var rest = 255 - tooLong.Length - 1;
        if (rest > 0) tooLong = tooLong.Prepend(new string('m', rest));
        return tooLong.Length == 255;
    }

    // Nobody answers there: only the DS can be asked for.
    private void Lame()
    {
        var name = Name();
        zone.Add(name, TimeToLive(), RecordType.NS, "ns.nobody.outside.");
        Ask(name, RecordType.DS);
    }

    private void Missing()
    {
        var name = random.Next(6) switch
        {
            0 => zone.Apex.Prepend("!first"),
            1 => zone.Apex.Prepend("~last"),
            2 => zone.Apex.Prepend("gone").Prepend("far").Prepend("a"),
            3 => zone.Apex.TryPrepend([0, 1], out var low) ? low : zone.Apex,
            _ => zone.Apex.Prepend($"nx{random.Next(100000)}"),
        };
        Ask(name, random.Next(3) switch { 0 => RecordType.A, 1 => RecordType.TLSA, _ => RecordType.MX });
        if (random.Next(4) == 0) Ask(name, RecordType.DS);
    }

    private DomainName Target()
    {
        var other = zones[random.Next(zones.Count)];
        return random.Next(8) switch
        {
            0 => zone.Apex.Prepend("nowhere"),
            1 => DomainName.Parse("www.outside."),
            2 => DomainName.Parse("www.nowhere-at-all."),
            3 when other.Hosts.Count > 0 => other.Hosts[0].Prepend("below"),
            < 6 when other.Hosts.Count > 0 => other.Hosts[random.Next(other.Hosts.Count)],
            _ => zone.Hosts.Count > 0 ? zone.Hosts[random.Next(zone.Hosts.Count)] : zone.Apex,
        };
    }

    // A label that no other name of the zone has; now and then an odd one.
    private DomainName Name()
    {
        var number = (_names++).ToString(CultureInfo.InvariantCulture);
        byte[] label = random.Next(16) switch
        {
            0 => Encoding.ASCII.GetBytes("UP" + number + "Case"),
            // NSD 4.6 does not find the denial of the wildcard *, where a name of an NSEC zone sorts before it.
            1 when zone.Nsec3 is not null => [.. "\0\u0001"u8, .. Encoding.ASCII.GetBytes(number)],
            2 => [.. Encoding.ASCII.GetBytes(number), 0xC3, 0xA4, 0xFF],
            3 => [.. Encoding.ASCII.GetBytes(new string('a', 63 - number.Length)), .. Encoding.ASCII.GetBytes(number)],
            // ldns 1.8 prints a quote in a name bare, and no reader takes that for one.
            4 when zones.Any(each => each.Tool == ZoneTool.Ldns) => Encoding.ASCII.GetBytes($"dot.{number} \\(;"),
            4 => Encoding.ASCII.GetBytes($"dot.{number} \\\"(;"),
            5 => Encoding.ASCII.GetBytes($"_s{number}-"),
            _ => Encoding.ASCII.GetBytes(random.Next(4) switch { 0 => $"a{number}", 1 => $"m{number}", 2 => $"z{number}", _ => $"www{number}" }),
        };
        return zone.Apex.TryPrepend(label, out var name) ? name : throw new InvalidOperationException("the label is too long");
    }

    private bool Has(DomainName name) => zone.Records.Any(record => record.Owner == name);

    private void Ask(DomainName name, params ReadOnlySpan<RecordType> types)
    {
        foreach (var type in types) zone.Ask(name, type);
    }

    private static string NameServer(ZonePlan of) => of.Apex.Prepend("ns").ToString();

    private uint TimeToLive() => TimesToLive[random.Next(TimesToLive.Length)];
}
