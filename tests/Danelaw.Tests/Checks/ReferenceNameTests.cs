using Danelaw.Checks;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;
using Danelaw.Probes;
using Danelaw.Tests.Certificates;

namespace Danelaw.Tests.Checks;

/// <summary>Which names a certificate under DANE-TA may bear (R45), seen from outside: a leaf for each name, verified or failing.</summary>
public sealed class ReferenceNameTests
{
    private static readonly Octets Authority = Forge.Root("Some CA").Make();

    [Theory, Rule("R45"), Rfc(7672, "3.2.2")]
    [InlineData("mx.example.org", true)]
    [InlineData("example.org", true)]
    [InlineData("other.example.org", false)]
    public Task Secure_MX_allows_the_base_and_the_mail_domain(string name, bool isAllowed) => AssertAsync(World.Sound(), name, isAllowed);

    [Theory, Rule("R45"), Rule("R27"), Rfc(7672, "3.2.2")]
    [InlineData("mx.example.org", true)]
    [InlineData("example.org", true)]
    [InlineData("example.net", true)]
    public Task A_mail_domain_that_is_an_alias_allows_its_expanded_name_too(string name, bool isAllowed)
    {
        var world = World.Sound().Reply("example.org", RecordType.MX, question =>
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
                    new(new(end, RecordType.MX, RecordClass.IN, 300, [new MxData(10, DomainName.Parse("mx.example.org")).ToOctets()]), Security.Secure),
                ],
            };
        });
        return AssertAsync(world, name, isAllowed);
    }

    [Theory, Rule("R45"), Rule("R17"), Rfc(7672, "3.2.2")]
    [InlineData("mx.example.org", true)]
    [InlineData("example.org", false)]
    public Task Insecure_MX_allows_the_MX_host_s_name_alone(string name, bool isAllowed) =>
        AssertAsync(World.Sound().Mx("example.org", Security.Insecure, (10, "mx.example.org")), name, isAllowed);

    [Theory, Rule("R45"), Rule("R18"), Rfc(7672, "3.2.2")]
    [InlineData("end.example.net", true)]
    [InlineData("example.org", true)]
    [InlineData("other.example.net", false)]
    public Task Without_MX_the_expanded_base_and_the_domain_are_allowed(string name, bool isAllowed)
    {
        var world = new World().Alias("example.org", RecordType.A, [("end.example.net", Security.Secure)], Security.Secure, "192.0.2.1");
        return AssertAsync(world, name, isAllowed, "_25._tcp.end.example.net");
    }

    [Theory, Rule("R45"), Rule("R22")]
    [InlineData("end.example.net", true)]
    [InlineData("example.org", true)]
    [InlineData("mx.example.org", false)]
    public Task Of_an_MX_host_that_is_a_secure_alias_the_base_is_allowed(string name, bool isAllowed)
    {
        var world = World.Sound().Absent("_25._tcp.mx.example.org", RecordType.TLSA).Alias("mx.example.org", RecordType.A, [("end.example.net", Security.Secure)], Security.Secure, "192.0.2.1");
        return AssertAsync(world, name, isAllowed, "_25._tcp.end.example.net");
    }

    [Theory, Rule("R45"), Rule("R17"), Rule("R22")]
    [InlineData("end.example.net", true)]
    [InlineData("mx.example.org", true)]
    [InlineData("example.org", false)]
    public Task Of_an_alias_below_insecure_MX_records_the_base_and_the_MX_host_s_name_are_allowed(string name, bool isAllowed)
    {
        var world = World.Sound().Mx("example.org", Security.Insecure, (10, "mx.example.org")).Absent("_25._tcp.mx.example.org", RecordType.TLSA).Alias("mx.example.org", RecordType.A, [("end.example.net", Security.Secure)], Security.Secure, "192.0.2.1");
        return AssertAsync(world, name, isAllowed, "_25._tcp.end.example.net");
    }

    [Theory, Rule("R22"), Rfc(7671, "7")]
    [InlineData("end.example.net", true)]
    [InlineData("mx.example.org", true)]
    [InlineData("example.org", false)]
    public async Task Of_a_single_service_at_an_alias_the_base_and_the_name_as_given_are_allowed(string name, bool isAllowed)
    {
        var world = new World().Alias("mx.example.org", RecordType.A, [("end.example.net", Security.Secure)], Security.Secure, "192.0.2.1").Tlsa("_993._tcp.end.example.net", World.Record(Authority, TlsaUsage.DaneTa))
            .Serve("192.0.2.1", 993, KeyAlgorithm.Any, target => World.Shown(target, Forge.Leaf(name, "Some CA").Make(), Authority));

        Assert.Equal(isAllowed ? CheckVerdict.Verified : CheckVerdict.Failing, (await world.CheckAsync("imaps://mx.example.org")).Verdict);
    }

    /// <summary>Who was led there by no SRV record asks for a host, and of a host a name for a service proves nothing; XMPP clients ask for the service in any case.</summary>
    [Theory, Rfc(9525, "6.2")]
    [InlineData("imaps://mx.example.org", 993, "_imaps.mx.example.org", false)]
    [InlineData("xmpp-client://mx.example.org:5222", 5222, "_xmpp-client.mx.example.org", true)]
    [InlineData("xmpps-client://mx.example.org:5223", 5223, "_xmpps-client.mx.example.org", true)]
    [InlineData("xmpps-client://mx.example.org:5223", 5223, "_xmpp-client.mx.example.org", true)]
    [InlineData("xmpps-server://mx.example.org:5270", 5270, "_xmpps-server.mx.example.org", true)]
    [InlineData("xmpps-server://mx.example.org:5270", 5270, "_xmpp-client.mx.example.org", false)]
    public async Task A_host_that_no_SRV_record_names_is_called_by_its_service_in_XMPP_alone(string target, int port, string name, bool isAllowed)
    {
        var leaf = new Forge { Subject = "some server", Issuer = "Some CA", Extensions = [ServiceNamesTests.Constructed(ServiceNamesTests.Other("1.3.6.1.5.5.7.8.7", name))] }.Make();
        var world = World.Sound().Tlsa($"_{port}._tcp.mx.example.org", World.Record(Authority, TlsaUsage.DaneTa)).Serve("192.0.2.1", port, KeyAlgorithm.Any, probe => World.Shown(probe, leaf, Authority));

        Assert.Equal(isAllowed ? CheckVerdict.Verified : CheckVerdict.Failing, (await world.CheckAsync(target)).Verdict);
    }

    [Fact, Rule("R51"), Rfc(7672, "8.1")]
    public async Task SNI_is_the_base_even_when_that_is_the_end_of_an_alias()
    {
        var world = World.Sound().Alias("mx.example.org", RecordType.A, [("end.example.net", Security.Secure)], Security.Secure, "192.0.2.1").Tlsa("_25._tcp.end.example.net", World.EcRecord);

        await world.CheckAsync("example.org");

        Assert.All(world.Probed, target => Assert.Equal("end.example.net.", target.ServerName.ToString()));
    }

    [Fact, Rule("R26"), Rule("R51")]
    public async Task SNI_stays_the_host_s_name_when_only_the_TLSA_owner_is_an_alias()
    {
        var world = World.Sound().Alias("_25._tcp.mx.example.org", RecordType.TLSA, [("tlsa.example.net", Security.Secure)], Security.Secure, World.EcRecord.ToString());

        Assert.Equal(CheckVerdict.Verified, (await world.CheckAsync("example.org")).Verdict);
        Assert.All(world.Probed, target => Assert.Equal("mx.example.org.", target.ServerName.ToString()));
    }

    [Theory, Rfc(6120, "4.7.2")]
    [InlineData("xmpp-client://mx.example.org", "mx.example.org.")]
    [InlineData("xmpp-server://mx.example.org", "mx.example.org.")]
    [InlineData("imap://mx.example.org", null)]
    public async Task The_domain_that_is_asked_for_is_the_target_s_own_name_and_no_end_of_an_alias(string target, string? name)
    {
        var world = World.Sound().Alias("mx.example.org", RecordType.A, [("end.example.net", Security.Secure)], Security.Secure, "192.0.2.1");
        foreach (var port in (int[])[143, 5222, 5269]) world.Tlsa($"_{port}._tcp.end.example.net", World.EcRecord);

        await world.CheckAsync(target);

        Assert.All(world.Probed, probe => Assert.Equal(("end.example.net.", name), (probe.ServerName.ToString(), probe.ServiceName?.ToString())));
        Assert.NotEmpty(world.Probed);
    }

    private static async Task AssertAsync(World world, string name, bool isAllowed, string owner = "_25._tcp.mx.example.org")
    {
        world.Tlsa(owner, World.Record(Authority, TlsaUsage.DaneTa)).Serve("192.0.2.1", Forge.Leaf(name, "Some CA").Make(), Authority);

        var host = Assert.Single((await world.CheckAsync("example.org")).Hosts);

        Assert.Equal(isAllowed ? CheckVerdict.Verified : CheckVerdict.Failing, host.Verdict);
    }
}
