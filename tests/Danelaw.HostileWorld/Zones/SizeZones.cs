using System.Security.Cryptography;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;

namespace Danelaw.HostileWorld.Zones;

/// <summary>Zones whose records are very large or very many.</summary>
internal static class SizeZones
{
    internal static IEnumerable<HostileZone> All()
    {
        yield return Huge("texts", "127.77.1.31", "a TXT set of 60 KiB", RecordType.TXT, 230, i => new Octets((byte[])[255, .. RandomNumberGenerator.GetBytes(255)]));
        yield return Huge("addresses", "127.77.1.32", "an address set of four thousand", RecordType.A, 4000, Text.Address);
        yield return Unasked();
        yield return LongNames();
        yield return ManyServers();
    }

    private static HostileZone Huge(string label, string address, string title, RecordType type, int count, Func<int, Octets> data)
    {
        var apex = Text.Name($"{label}.evil.");
        ServedZone? zone = null;
        DnsMessage? reply = null;
        zone = ServedZone.Create($"{label}.evil.", address, "", with: made => made.With(twist: (question, head) =>
        {
            if (question.Type != type) return null;
            if (reply is null)
            {
                var set = new RecordSet(question.Name, type, RecordClass.IN, 3600, [.. Enumerable.Range(0, count).Select(data)]);
                reply = new DnsMessage { Answers = [.. set.Records, zone!.Sign(set)] };
            }

            return head with { Answers = reply.Answers };
        }));
        return new(title, new(apex.Prepend("big"), type), zone) { Outcome = "secure" };
    }

    /// <summary>Fifteen hundred signed sets that nobody asked for.</summary>
    private static HostileZone Unasked()
    {
        var apex = Text.Name("unasked.evil.");
        ServedZone? zone = null;
        ResourceRecord[]? sets = null;
        zone = ServedZone.Create("unasked.evil.", "127.77.1.33", "www 3600 IN A 192.0.2.1", with: made => made.With(twist: (question, reply) =>
        {
            if (question.Type != RecordType.A) return null;
            sets ??= [.. Enumerable.Range(0, 380).SelectMany(i => Signed(zone!, new(apex.Prepend($"n{i}"), RecordType.A, RecordClass.IN, 3600, [Text.Address(i)])))];
            return reply with { Answers = [.. Signed(zone!, new(question.Name, RecordType.A, RecordClass.IN, 3600, [Text.Address(1)])), .. sets], Authorities = [.. sets.Take(200)] };
        }));
        return new("hundreds of signed sets that nobody asked for", new(apex.Prepend("www"), RecordType.A), zone) { Outcome = "secure" };
    }

    /// <summary>Five thousand records whose owners are pointers to one name of 255 octets: 60 KiB on the wire, much more when written out, and with one reply a label more than one lookup may hold.</summary>
    private static HostileZone LongNames()
    {
        var apex = Text.Name("pointers.evil.");
        var name = apex;
        while (name.TryPrepend("abcdefghijklmnopqrstuvwxyz0123456789"u8, out var longer)) name = longer;
        ServedZone? zone = null;
        zone = ServedZone.Create("pointers.evil.", "127.77.1.34", "", with: made => made.With(twist: (question, reply) =>
        {
            if (question.Name.LabelCount <= apex.LabelCount) return null;
            return reply with { Answers = [.. Enumerable.Range(0, 4500).Select(i => new ResourceRecord(name, (RecordType)(256 + (i % 4000)), RecordClass.IN, 3600, new Octets(new byte[] { (byte)(i & 0xFF) })))] };
        }));
        return new("thousands of sets at a name of 255 octets", new(name, RecordType.A), zone);
    }

    /// <summary>CacheFlush: a delegation that brings hundreds of servers with addresses, over and over below other names.</summary>
    private static HostileZone ManyServers()
    {
        var apex = Text.Name("flush.evil.");
        ServedZone? zone = null;
        zone = ServedZone.Create("flush.evil.", "127.77.1.35", "", with: made => made.With(twist: (question, reply) =>
        {
            if (question.Type is RecordType.DNSKEY or RecordType.DS || question.Name.LabelCount <= apex.LabelCount) return null;
            var cut = question.Name;
            return reply with
            {
                Flags = MessageFlags.Response,
                Authorities = [.. Enumerable.Range(0, 900).Select(i => new ResourceRecord(cut, RecordType.NS, RecordClass.IN, 86400, new NameData(cut.Prepend($"n{i}")).ToOctets()))],
                Additionals = [.. Enumerable.Range(0, 900).Select(i => new ResourceRecord(cut.Prepend($"n{i}"), RecordType.A, RecordClass.IN, 86400, AddressData.ToOctets(zone!.Address)))],
            };
        }));
        var asked = apex;
        while (asked.LabelCount < 40) asked = asked.Prepend("f");
        return new("delegations with nine hundred servers each (CacheFlush)", new(asked, RecordType.A), zone);
    }

    private static IEnumerable<ResourceRecord> Signed(ServedZone zone, RecordSet set) => [.. set.Records, zone.Sign(set)];
}
