using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Resolution;

/// <summary>
/// Where iteration begins: the name servers of the root with their addresses, or of any other zone whose name the records bear; several zones are possible.
/// They are only used to find the zone's own list of its servers (RFC 9609). Immutable.
/// </summary>
public sealed class RootHints
{
    private RootHints(ImmutableArray<ResourceRecord> records, ImmutableArray<HintedZone> zones) => (Records, Zones) = (records, zones);

    /// <summary>The root servers as IANA lists them (named.root of 2024-01).</summary>
    public static RootHints Iana { get; } = BuiltIn();

    /// <summary>The NS, A and AAAA records.</summary>
    public ImmutableArray<ResourceRecord> Records { get; }

    /// <summary>The zones that are hinted at.</summary>
    internal ImmutableArray<HintedZone> Zones { get; }

    /// <summary>Makes hints of records: NS at the zone's name, A and AAAA at the names of the servers. Addresses of names that no NS record names are left alone.</summary>
    /// <param name="records">The records.</param>
    /// <param name="hints">The hints; null on failure.</param>
    /// <param name="fault">What is wrong, in one sentence; empty on success.</param>
    /// <returns>False for another type or class, without any NS record, or for a zone without any address.</returns>
    public static bool TryCreate(IEnumerable<ResourceRecord> records, [NotNullWhen(true)] out RootHints? hints, out string fault)
    {
        ArgumentNullException.ThrowIfNull(records);
        hints = null;
        var all = records.Select(record => record.ToOwned()).ToImmutableArray();
        foreach (var record in all)
        {
            fault = $"{record.Owner} {RecordTypes.ToText(record.Type)} is no root hint: hints are NS, A and AAAA records of class IN";
            if (record.Class != RecordClass.IN || record.Type is not (RecordType.NS or RecordType.A or RecordType.AAAA)) return false;
            fault = $"the data of {record.Owner} {RecordTypes.ToText(record.Type)} cannot be read";
            if (record.Type == RecordType.NS ? !NameData.TryRead(record.Data, out _) : !AddressData.TryRead(record.Type, record.Data, out _)) return false;
        }

        var zones = ImmutableArray.CreateBuilder<HintedZone>();
        foreach (var zone in all.Where(record => record.Type == RecordType.NS).Select(record => record.Owner).Distinct())
        {
            var servers = all.Where(record => record.Type == RecordType.NS && record.Owner == zone).Select(record => NameOf(record)).Distinct()
                .Select(name => new HintedServer(name, [.. all.Where(record => record.Type != RecordType.NS && record.Owner == name).Select(AddressOf).Distinct()]))
                .ToImmutableArray();
            fault = $"no server of {zone} has an address";
            if (servers.All(server => server.Addresses.IsEmpty)) return false;
            zones.Add(new(zone, servers));
        }

        fault = "there is no NS record";
        if (zones.Count == 0) return false;
        fault = "";
        hints = new(all, zones.ToImmutable());
        return true;
    }

    private static DomainName NameOf(ResourceRecord record) => NameData.TryRead(record.Data, out var data) ? data.Name : default;

    private static IPAddress AddressOf(ResourceRecord record) => AddressData.TryRead(record.Type, record.Data, out var address) ? address : IPAddress.None;

    private static RootHints BuiltIn()
    {
        (string Letter, string Four, string Six)[] servers =
        [
            ("a", "198.41.0.4", "2001:503:ba3e::2:30"),
            ("b", "170.247.170.2", "2801:1b8:10::b"),
            ("c", "192.33.4.12", "2001:500:2::c"),
            ("d", "199.7.91.13", "2001:500:2d::d"),
            ("e", "192.203.230.10", "2001:500:a8::e"),
            ("f", "192.5.5.241", "2001:500:2f::f"),
            ("g", "192.112.36.4", "2001:500:12::d0d"),
            ("h", "198.97.190.53", "2001:500:1::53"),
            ("i", "192.36.148.17", "2001:7fe::53"),
            ("j", "192.58.128.30", "2001:503:c27::2:30"),
            ("k", "193.0.14.129", "2001:7fd::1"),
            ("l", "199.7.83.42", "2001:500:9f::42"),
            ("m", "202.12.27.33", "2001:dc3::35"),
        ];
        const uint TimeToLive = 3600000;
        var domain = DomainName.Parse("root-servers.net.");
        var records = servers.SelectMany(server =>
        {
            var name = domain.Prepend(server.Letter);
            return new ResourceRecord[]
            {
                new(default, RecordType.NS, RecordClass.IN, TimeToLive, new NameData(name).ToOctets()),
                new(name, RecordType.A, RecordClass.IN, TimeToLive, AddressData.ToOctets(IPAddress.Parse(server.Four))),
                new(name, RecordType.AAAA, RecordClass.IN, TimeToLive, AddressData.ToOctets(IPAddress.Parse(server.Six))),
            };
        });
        return TryCreate(records, out var hints, out var fault) ? hints : throw new InvalidOperationException(fault);
    }

    internal sealed record HintedZone(DomainName Zone, ImmutableArray<HintedServer> Servers);

    internal sealed record HintedServer(DomainName Name, ImmutableArray<IPAddress> Addresses);
}
