using Danelaw.Discovery;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;
using Danelaw.Tests.Checks;

namespace Danelaw.Tests.Discovery;

public sealed class MailDiscoveryTests
{
    [Fact, Rule("R16"), Rfc(7672, "2.2.1")]
    public async Task Hosts_stand_by_preference_then_by_name_and_nothing_else()
    {
        var route = await FindAsync(new World().Mx("example.org", (20, "a.example.org"), (10, "z.example.org"), (10, "B.example.org"), (10, "a.example.net")));

        Assert.Equal(MailRouteKind.MxRecords, route.Kind);
        Assert.Equal(["10 a.example.net.", "10 B.example.org.", "10 z.example.org.", "20 a.example.org."], route.Hosts.Select(host => $"{host.Preference} {host.Name}"));
    }

    [Fact]
    public async Task A_host_named_twice_stands_once_at_its_best_preference()
    {
        var route = await FindAsync(new World().Mx("example.org", (20, "mx.example.org"), (10, "MX.example.org")));

        Assert.Equal((ushort)10, Assert.Single(route.Hosts).Preference);
    }

    [Fact, Rfc(7505, "3")]
    public async Task A_root_beside_other_hosts_is_a_host_without_address_and_no_null_MX()
    {
        var route = await FindAsync(new World().Mx("example.org", (0, "."), (10, "mx.example.org")));

        Assert.Equal(MailRouteKind.MxRecords, route.Kind);
        Assert.Equal(2, route.Hosts.Length);
    }

    [Fact, Rule("R18"), Rfc(5321, "5.1")]
    public async Task No_MX_records_make_the_domain_its_own_host()
    {
        var route = await FindAsync(new World());

        Assert.Equal((MailRouteKind.Implicit, true), (route.Kind, route.IsSecure));
        Assert.Equal(new MailHost(DomainName.Parse("example.org"), null, null), Assert.Single(route.Hosts));
    }

    [Fact, Rule("R27"), Rfc(7672, "2.2.1")]
    public async Task An_alias_as_mail_domain_is_expanded_and_both_names_are_kept()
    {
        var world = new World();
        world.Reply("example.org", RecordType.MX, question =>
        {
            var end = DomainName.Parse("example.net");
            return new()
            {
                Question = question,
                Security = Security.Secure,
                ResponseCode = ResponseCode.NoError,
                FinalName = end,
                Chain =
                [
                    new(new(question.Name, RecordType.CNAME, RecordClass.IN, 300, [Octets.Copy(end.Wire)]), Security.Secure),
                    new(new(end, RecordType.MX, RecordClass.IN, 300, [new MxData(10, DomainName.Parse("mx.example.net")).ToOctets()]), Security.Secure),
                ],
            };
        });

        var route = await FindAsync(world);

        Assert.Equal(("example.org.", "example.net."), (route.Domain.ToString(), route.ExpandedDomain.ToString()));
        Assert.Equal("mx.example.net.", Assert.Single(route.Hosts).Name.ToString());
    }

    [Theory, Rule("R20"), Rfc(7672, "2.2")]
    [InlineData("192.0.2.1.", "192.0.2.1")]
    [InlineData("[192.0.2.1].", "192.0.2.1")]
    [InlineData("2001:db8::1.", "2001:db8::1")]
    [InlineData("10.", null)]
    [InlineData("192.0.2.example.", null)]
    [InlineData("1.2.3.4.example.", null)]
    [InlineData("192.0.2.256.", null)]
    public async Task An_address_in_an_MX_record_is_told_from_a_name(string exchange, string? address)
    {
        var route = await FindAsync(new World().Mx("example.org", (10, exchange)));

        Assert.Equal(address, Assert.Single(route.Hosts).Literal?.ToString());
    }

    [Theory, Rule("R05"), Rule("R07")]
    [InlineData(Security.Bogus, ResponseCode.NoError)]
    [InlineData(Security.Indeterminate, null)]
    [InlineData(Security.Secure, ResponseCode.YXDomain)]
    [InlineData(Security.Secure, ResponseCode.ServerFailure)]
    public async Task A_failed_lookup_is_no_absence_of_MX(Security security, ResponseCode? code)
    {
        var route = await FindAsync(new World().Fail("example.org", RecordType.MX, security, code: code));

        Assert.Equal(MailRouteKind.Failed, route.Kind);
        Assert.False(route.IsSecure);
        Assert.Empty(route.Hosts);
    }

    [Fact]
    public async Task MX_records_that_cannot_be_read_are_a_failure_and_no_absence()
    {
        var route = await FindAsync(new World().Put("example.org", RecordType.MX, Security.Secure, [new(new byte[] { 0, 10 })]));

        Assert.Equal(MailRouteKind.Failed, route.Kind);
    }

    private static ValueTask<MailRoute> FindAsync(World world) => new MailDiscovery(world).FindRouteAsync(DomainName.Parse("example.org"), TestContext.Current.CancellationToken);
}
