using System.Globalization;
using System.Text;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Signing;

namespace Danelaw.HostileWorld.Zones;

/// <summary>Zones whose denials cost those who check them (CVE-2023-50868).</summary>
internal static class DenialZones
{
    internal static IEnumerable<HostileZone> All()
    {
        yield return Costly("nsec3", "127.77.1.11", "NSEC3 with 150 iterations and a long salt, for a name of 120 labels", 150);
        yield return Costly("nsec3-2500", "127.77.1.12", "NSEC3 with 2500 iterations, for a name of 120 labels", 2500);
        yield return Bitmaps();
    }

    private static HostileZone Costly(string label, string address, string title, ushort iterations)
    {
        var names = new StringBuilder();
        for (var i = 0; i < 60; i++) names.Append(CultureInfo.InvariantCulture, $"n{i} 3600 IN A 192.0.2.1\n");
        var zone = ServedZone.Create($"{label}.evil.", address, names.ToString(), new Nsec3Options { Iterations = iterations, Salt = new Octets(Enumerable.Range(0, 255).Select(i => (byte)i).ToArray()) });
        var name = zone.Apex;
        while (name.LabelCount < 118 && name.TryPrepend("a"u8, out var longer)) name = longer;
        return new(title, new(name, RecordType.A), zone);
    }

    /// <summary>Denials whose type bitmaps have all 256 windows full, six in a reply.</summary>
    private static HostileZone Bitmaps()
    {
        var apex = Text.Name("bitmaps.evil.");
        var bitmap = new byte[256 * 34];
        for (var window = 0; window < 256; window++)
        {
            bitmap[window * 34] = (byte)window;
            bitmap[(window * 34) + 1] = 32;
            bitmap.AsSpan((window * 34) + 2, 32).Fill(0xFF);
        }

        ServedZone? zone = null;
        DnsMessage? Twist(Question question, DnsMessage reply)
        {
            if (question.Type is RecordType.DNSKEY or RecordType.SOA or RecordType.DS) return null;
            var authorities = new List<ResourceRecord>(zone!.Set(apex, RecordType.SOA));
            for (var i = 0; i < 6; i++)
            {
                var next = apex.Prepend($"n{i + 1}").Wire.ToArray();
                var set = new RecordSet(apex.Prepend($"n{i}"), RecordType.NSEC, RecordClass.IN, 300, [new Octets((byte[])[.. next, .. bitmap])]);
                authorities.AddRange([.. set.Records, zone.Sign(set)]);
            }

            return reply with { ResponseCode = ResponseCode.NameError, Authorities = [.. authorities] };
        }

        zone = ServedZone.Create("bitmaps.evil.", "127.77.1.13", "", with: made => made.With(twist: Twist));
        return new("NSEC records of 8 KiB each", new(apex.Prepend("nothing"), RecordType.A), zone) { Outcome = "bogus" };
    }
}
