using Danelaw.Discovery;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;
using Danelaw.Tests.Checks;

namespace Danelaw.Tests.Discovery;

public sealed class ServiceDiscoveryTests
{
    private const string Owner = "_imaps._tcp.example.org";

    [Theory, Rfc(6186, "3.2")]
    [InlineData("imaps", "example.org", "_imaps._tcp.example.org.")]
    [InlineData("xmpp-server", "Example.ORG", "_xmpp-server._tcp.Example.ORG.")]
    public void SRV_records_stand_below_the_service_and_TCP(string service, string domain, string owner)
    {
        Assert.True(ServiceDiscovery.TryOwner(service, DomainName.Parse(domain), out var name));

        Assert.Equal(owner, name.ToString());
    }

    [Fact]
    public void A_domain_too_long_for_the_labels_of_a_service_has_no_SRV_records()
    {
        var domain = DomainName.Parse(string.Join('.', Enumerable.Repeat(new string('a', 61), 4)));

        Assert.False(ServiceDiscovery.TryOwner("imaps", domain, out _));
    }

    [Fact, Rfc(7673, "3.1")]
    public async Task Targets_stand_by_priority_then_by_weight_then_by_name_and_port()
    {
        var route = await FindAsync(new World().Srv(Owner, (20, 9, 993, "a.example.org"), (10, 1, 993, "b.example.org"), (10, 5, 1993, "z.example.org"), (10, 5, 993, "z.example.org"), (10, 5, 993, "c.example.org")));

        Assert.Equal((ServiceRouteKind.Records, true), (route.Kind, route.IsSecure));
        Assert.Equal(["10 5 993 c.example.org.", "10 5 993 z.example.org.", "10 5 1993 z.example.org.", "10 1 993 b.example.org.", "20 9 993 a.example.org."], route.Hosts.Select(host => $"{host.Priority} {host.Weight} {host.Port} {host.Name}"));
    }

    [Fact]
    public async Task A_host_and_port_named_twice_stand_once_at_their_best_place()
    {
        var route = await FindAsync(new World().Srv(Owner, (20, 1, 993, "imap.example.org"), (10, 0, 993, "IMAP.example.org"), (10, 7, 993, "imap.example.org")));

        Assert.Equal(((ushort)10, (ushort)7), (Assert.Single(route.Hosts).Priority, route.Hosts[0].Weight));
    }

    [Theory, Rfc(6186, "3.4")]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_root_as_the_sole_target_says_that_the_service_is_not_offered(int records)
    {
        var route = await FindAsync(new World().Srv(Owner, [.. Enumerable.Range(0, records).Select(i => (i, 0, 0, "."))]));

        Assert.Equal(ServiceRouteKind.NotOffered, route.Kind);
        Assert.Empty(route.Hosts);
    }

    [Fact]
    public async Task The_root_beside_other_targets_and_port_0_lead_nowhere()
    {
        var route = await FindAsync(new World().Srv(Owner, (0, 0, 993, "."), (1, 0, 0, "imap.example.org"), (2, 0, 993, "imap.example.org")));

        Assert.Equal(ServiceRouteKind.Records, route.Kind);
        Assert.Equal((ushort)2, Assert.Single(route.Hosts).Priority);
        Assert.Equal(["0 0 993 .", "1 0 0 imap.example.org."], route.Unusable.Select(record => $"{record.Priority} {record.Weight} {record.Port} {record.Target}"));
    }

    [Theory, Rule("R72"), Rfc(7673, "3.1")]
    [InlineData(Security.Indeterminate, ResponseCode.ServerFailure)]
    [InlineData(Security.Indeterminate, null)]
    [InlineData(Security.Bogus, ResponseCode.NoError)]
    [InlineData(Security.Secure, ResponseCode.YXDomain)]
    public async Task A_lookup_that_fails_leads_nowhere(Security security, ResponseCode? code)
    {
        var route = await FindAsync(new World().Fail(Owner, RecordType.SRV, security, code: code));

        Assert.Equal((ServiceRouteKind.Failed, false), (route.Kind, route.IsSecure));
    }

    [Theory]
    [InlineData(ResponseCode.NoError)]
    [InlineData(ResponseCode.NameError)]
    public async Task No_records_are_no_failure(ResponseCode code)
    {
        var route = await FindAsync(new World().Absent(Owner, RecordType.SRV, code: code));

        Assert.Equal((ServiceRouteKind.None, true), (route.Kind, route.IsSecure));
    }

    [Fact]
    public async Task Records_that_cannot_be_read_are_a_failure_unless_another_can()
    {
        var cut = new Octets(new byte[] { 0, 1, 0, 1, 3 });
        var good = new SrvData(0, 0, 993, DomainName.Parse("imap.example.org")).ToOctets();

        Assert.Equal(ServiceRouteKind.Failed, (await FindAsync(new World().Put(Owner, RecordType.SRV, Security.Secure, [cut]))).Kind);
        Assert.Equal(ServiceRouteKind.Records, (await FindAsync(new World().Put(Owner, RecordType.SRV, Security.Secure, [cut, good]))).Kind);
    }

    [Fact, Rule("R20")]
    public async Task An_address_for_a_target_is_seen_as_one()
    {
        var route = await FindAsync(new World().Srv(Owner, (0, 0, 993, "192.0.2.1")));

        Assert.Equal("192.0.2.1", Assert.Single(route.Hosts).Literal?.ToString());
    }

    private static async Task<ServiceRoute> FindAsync(World world) =>
        await new ServiceDiscovery(world).FindRouteAsync(DomainName.Parse(Owner), DomainName.Parse("example.org"), TestContext.Current.CancellationToken);
}
