using System.Net;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;

namespace Danelaw.Dnssec.Tests.Resolution.Iteration;

/// <summary>Where iteration begins.</summary>
public class RootHintsTests
{
    private static ResourceRecord Ns(string zone, string host) => new(Text.Name(zone), RecordType.NS, RecordClass.IN, 1, new NameData(Text.Name(host)).ToOctets());

    private static ResourceRecord A(string host, string address) => new(Text.Name(host), RecordType.A, RecordClass.IN, 1, AddressData.ToOctets(IPAddress.Parse(address)));

    [Fact, Rfc(9609, "2")]
    public void The_built_in_hints_are_thirteen_servers_with_an_address_of_each_family()
    {
        var zone = Assert.Single(RootHints.Iana.Zones);
        Assert.Equal(DomainName.Root, zone.Zone);
        Assert.Equal(13, zone.Servers.Length);
        Assert.All(zone.Servers, server => Assert.Equal(["InterNetwork", "InterNetworkV6"], server.Addresses.Select(address => $"{address.AddressFamily}").Order()));
        Assert.Equal(26, zone.Servers.SelectMany(server => server.Addresses).Distinct().Count());
    }

    [Fact]
    public void Several_zones_may_be_hinted_at()
    {
        Assert.True(RootHints.TryCreate([Ns(".", "a."), A("a.", "192.0.2.1"), Ns("lab.", "ns.lab."), A("ns.lab.", "192.0.2.2"), A("unused.", "192.0.2.3")], out var hints, out _));
        Assert.Equal([DomainName.Root, Text.Name("lab.")], hints.Zones.Select(zone => zone.Zone));
    }

    [Fact]
    public void Hints_without_servers_without_addresses_and_of_other_types_are_none()
    {
        Assert.False(RootHints.TryCreate([], out _, out var fault));
        Assert.Equal("there is no NS record", fault);
        Assert.False(RootHints.TryCreate([Ns(".", "a."), A("b.", "192.0.2.1")], out _, out fault));
        Assert.Equal("no server of . has an address", fault);
        Assert.False(RootHints.TryCreate([Ns(".", "a."), A("a.", "192.0.2.1"), new(default, RecordType.TXT, RecordClass.IN, 1, default)], out _, out fault));
        Assert.StartsWith(". TXT is no root hint", fault, StringComparison.Ordinal);
    }
}
