using System.Globalization;
using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Peer = ARSoft.Tools.Net.Dns;

namespace Danelaw.Benchmarks;

/// <summary>A zone of a million records as text: hosts with addresses, MX, TLSA, and a signature for each RRset. Both sides decode every RDATA and read a field of each.</summary>
internal static class ZoneRows
{
    private const int Records = 1_000_000;
    private const int FewRecords = 20_000;
    private const int Rounds = 3;

    internal static IEnumerable<Row> All
    {
        get
        {
            yield return NewRow("zone", "read and write", ReadAndWrite, zone => PeerRead(zone) + PeerWrite(_peerZone!));
            yield return NewRow("read-zone", "read", Read, PeerRead);

            // The peer keeps the text of a name once it was asked for, so each round begins with records just read.
            yield return NewRow("write-zone", "write", _ => Write(_records), _ => PeerWrite(_peerZone!)) with
            {
                Prepare = (() => Keep(Zone(Records)), () => PeerRead(Zone(Records))),
                WarmUp = (() => ReadAndWrite(Zone(FewRecords)), () => PeerRead(Zone(FewRecords)) + PeerWrite(_peerZone!)),
            };
        }
    }

    private static Row NewRow(string name, string what, Func<byte[], long> ours, Func<byte[], long> theirs) =>
        new(name, $"{what} a zone of {Records:N0} records", 1, () => ours(Zone(Records)), () => theirs(Zone(Records)))
        {
            Rounds = Rounds,
            WarmUp = (() => ours(Zone(FewRecords)), () => theirs(Zone(FewRecords))),
        };

    /// <summary>Each record is written as soon as it was read.</summary>
    private static long ReadAndWrite(byte[] zone)
    {
        using var reader = new ZoneReader(new StreamReader(new MemoryStream(zone)), Options);
        using var output = new StreamWriter(Stream.Null);
        var writer = new ZoneWriter(output);
        long sum = 0;
        while (reader.TryRead(out var record, out var fault) || fault is not null)
        {
            if (fault is not null) throw new InvalidDataException(fault.ToString());
            sum += Fields.Of(record);
            writer.Write(record);
        }

        return sum;
    }

    private static long Read(byte[] zone)
    {
        using var reader = new ZoneReader(new StreamReader(new MemoryStream(zone)), Options);
        long sum = 0;
        while (reader.TryRead(out var record, out var fault) || fault is not null)
        {
            if (fault is not null) throw new InvalidDataException(fault.ToString());
            sum += Fields.Of(record);
        }

        return sum;
    }

    private static long PeerRead(byte[] zone)
    {
        long sum = 0;
        _peerZone = Peer.Zone.ParseMasterFile(PeerOrigin, new MemoryStream(zone));
        foreach (var record in _peerZone) sum += Fields.Of(record);
        return sum;
    }

    private static long Write(List<ResourceRecord> records)
    {
        using var output = new StreamWriter(Stream.Null);
        var writer = new ZoneWriter(output);
        foreach (var record in records) writer.Write(record);
        return records.Count;
    }

    private static long PeerWrite(Peer.Zone zone)
    {
        using var output = new StreamWriter(Stream.Null);
        foreach (var record in zone) output.WriteLine(record.ToString());
        return zone.Count;
    }

    private static ZoneReaderOptions Options => new() { Origin = DomainName.Parse("example.") };

    private static ARSoft.Tools.Net.DomainName PeerOrigin => ARSoft.Tools.Net.DomainName.Parse("example.");

    private static readonly Dictionary<int, byte[]> Zones = [];
    private static List<ResourceRecord> _records = [];
    private static Peer.Zone? _peerZone;

    private static byte[] Zone(int records)
    {
        if (!Zones.TryGetValue(records, out var zone)) Zones[records] = zone = MakeZone(records);
        return zone;
    }

    private static void Keep(byte[] zone)
    {
        _records = [];
        using var reader = new ZoneReader(new StreamReader(new MemoryStream(zone)), Options);
        while (reader.TryRead(out var record, out _)) _records.Add(record);
    }

    /// <summary>SOA, then eight records a host until there are enough.</summary>
    private static byte[] MakeZone(int records)
    {
        var random = new Random(20261126);
        var digest = new byte[32];
        var signature = new byte[64];
        var text = new StringBuilder("example. 3600 IN SOA ns.example. hostmaster.example. 1 7200 1800 1209600 300\n");
        for (var i = 1; i < records; i++)
        {
            var host = i / 8;
            random.NextBytes(digest);
            random.NextBytes(signature);
            var (owner, type, data) = (i % 8) switch
            {
                0 => ($"host{host}", "A", $"192.0.{(host >> 8) & 255}.{host & 255}"),
                1 => ($"host{host}", "RRSIG", Signature("A", 2, signature)),
                2 => ($"host{host}", "AAAA", $"2001:db8::{host & 0xFFFF:x}"),
                3 => ($"host{host}", "RRSIG", Signature("AAAA", 2, signature)),
                4 => ($"host{host}", "MX", $"10 host{host}.example."),
                5 => ($"host{host}", "RRSIG", Signature("MX", 2, signature)),
                6 => ($"_25._tcp.host{host}", "TLSA", $"3 1 1 {Convert.ToHexStringLower(digest)}"),
                _ => ($"_25._tcp.host{host}", "RRSIG", Signature("TLSA", 4, signature)),
            };
            text.Append(CultureInfo.InvariantCulture, $"{owner}.example. 3600 IN {type} {data}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static string Signature(string type, int labels, byte[] signature) =>
        $"{type} 13 {labels} 3600 20361101000000 20261101000000 27346 example. {Convert.ToBase64String(signature)}";
}
