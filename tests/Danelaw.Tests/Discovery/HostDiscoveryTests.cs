using Danelaw.Discovery;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;
using Danelaw.Tests.Checks;

namespace Danelaw.Tests.Discovery;

public sealed class HostDiscoveryTests
{
    private const string Record = "3 1 1 0000000000000000000000000000000000000000000000000000000000000000";

    [Fact, Rule("R21"), Rule("R51"), Rfc(7672, "2.2.2")]
    public async Task The_base_of_a_host_that_is_no_alias_is_its_name()
    {
        var world = World.Sound();

        var host = await FindAsync(world, "mx.example.org");

        Assert.Equal((AddressState.Secure, TlsaState.Secure), (host.AddressState, host.TlsaState));
        Assert.Equal("mx.example.org.", host.TlsaBase.ToString());
        Assert.Equal(["_25._tcp.mx.example.org. TLSA"], Tlsa(world));
    }

    [Fact, Rule("R14"), Rfc(7672, "2.2.2")]
    public async Task Addresses_are_looked_up_before_TLSA()
    {
        var world = World.Sound();

        await FindAsync(world, "mx.example.org");

        Assert.Equal(["mx.example.org. A", "mx.example.org. AAAA", "_25._tcp.mx.example.org. TLSA"], world.Asked);
    }

    [Fact, Rule("R14")]
    public async Task Above_insecure_addresses_no_TLSA_is_looked_up()
    {
        var world = World.Sound().Address("mx.example.org", Security.Insecure, "192.0.2.1");

        var host = await FindAsync(world, "mx.example.org");

        Assert.Equal((AddressState.Insecure, TlsaState.NotAsked), (host.AddressState, host.TlsaState));
        Assert.Empty(Tlsa(world));
    }

    [Fact]
    public async Task A_failed_family_beside_insecure_addresses_does_not_make_them_secure()
    {
        var world = World.Sound().Address("mx.example.org", Security.Insecure, "192.0.2.1").Fail("mx.example.org", RecordType.AAAA);

        Assert.Equal(AddressState.Insecure, (await FindAsync(world, "mx.example.org")).AddressState);
    }

    [Fact]
    public async Task One_secure_family_suffices()
    {
        var world = World.Sound().Put("mx.example.org", RecordType.AAAA, Security.Insecure, [new(new byte[16])]);

        Assert.Equal(AddressState.Secure, (await FindAsync(world, "mx.example.org")).AddressState);
    }

    [Fact, Rule("R22"), Rfc(7672, "2.2.3")]
    public async Task Of_a_secure_alias_the_end_is_tried_first_then_the_name_and_never_one_in_between()
    {
        var world = Alias(Security.Secure, Security.Secure, Security.Secure);

        var host = await FindAsync(world, "mx.example.org");

        Assert.Equal(TlsaState.None, host.TlsaState);
        Assert.Equal(["_25._tcp.end.example.net. TLSA", "_25._tcp.mx.example.org. TLSA"], Tlsa(world));
        Assert.DoesNotContain(world.Asked, question => question.Contains("CNAME", StringComparison.Ordinal));
    }

    [Fact, Rule("R22"), Rule("R51")]
    public async Task The_end_of_a_secure_alias_becomes_the_base()
    {
        var world = Alias(Security.Secure, Security.Secure, Security.Secure).Tlsa("_25._tcp.end.example.net", World.EcRecord).Tlsa("_25._tcp.mx.example.org", World.RsaRecord);

        var host = await FindAsync(world, "mx.example.org");

        Assert.Equal("end.example.net.", host.TlsaBase.ToString());
        Assert.Equal([World.EcRecord], host.Records);
    }

    [Fact, Rule("R11"), Rule("R22")]
    public async Task The_end_of_an_insecure_alias_is_no_base_though_the_other_family_is_secure()
    {
        // Above the limit of NSEC3 iterations denials are insecure, so an alias can be invented for one family while the other family's records are still signed.
        var world = World.Sound()
            .Alias("mx.example.org", RecordType.A, [("mx.attacker.example", Security.Insecure)], Security.Secure, "192.0.2.66")
            .Put("mx.example.org", RecordType.AAAA, Security.Secure, [new(new byte[16])])
            .Tlsa("_25._tcp.mx.attacker.example", World.EcRecord)
            .Tlsa("_25._tcp.mx.example.org", World.RsaRecord);

        var host = await FindAsync(world, "mx.example.org");

        Assert.Equal((TlsaState.Secure, "mx.example.org."), (host.TlsaState, host.TlsaBase.ToString()));
        Assert.Equal(["_25._tcp.mx.example.org. TLSA"], Tlsa(world));
    }

    [Theory, Rule("R24"), Rfc(7672, "2.2.3")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Absent_or_insecure_TLSA_at_the_end_leads_to_the_name_itself(bool isInsecure)
    {
        var world = Alias(Security.Secure, Security.Secure, Security.Secure).Tlsa("_25._tcp.mx.example.org", World.EcRecord);
        if (isInsecure) world.Tlsa("_25._tcp.end.example.net", Security.Insecure, World.RsaRecord);

        var host = await FindAsync(world, "mx.example.org");

        Assert.Equal(TlsaState.Secure, host.TlsaState);
        Assert.Equal("mx.example.org.", host.TlsaBase.ToString());
    }

    [Theory]
    [InlineData("end.example.net")]
    [InlineData("mx.example.org")]
    public async Task Insecure_records_at_either_candidate_are_the_answer_beside_a_denial_at_the_other(string candidate)
    {
        var world = Alias(Security.Secure, Security.Secure, Security.Secure).Absent("_25._tcp.end.example.net", RecordType.TLSA).Absent("_25._tcp.mx.example.org", RecordType.TLSA);
        world.Tlsa($"_25._tcp.{candidate}", Security.Insecure, World.EcRecord);

        var host = await FindAsync(world, "mx.example.org");

        Assert.Equal((TlsaState.Insecure, Security.Insecure), (host.TlsaState, host.TlsaAnswer!.Security));
        Assert.Equal($"_25._tcp.{candidate}.", host.TlsaAnswer.Question.Name.ToString());
    }

    [Theory, Rule("R09"), Rule("R24"), Rfc(7672, "2.1.2")]
    [InlineData(Security.Bogus)]
    [InlineData(Security.Indeterminate)]
    public async Task A_failure_at_the_end_of_the_alias_is_the_end_of_the_search(Security security)
    {
        var world = Alias(Security.Secure, Security.Secure, Security.Secure).Fail("_25._tcp.end.example.net", RecordType.TLSA, security).Tlsa("_25._tcp.mx.example.org", World.EcRecord);

        var host = await FindAsync(world, "mx.example.org");

        Assert.Equal(TlsaState.Failed, host.TlsaState);
        Assert.Equal(["_25._tcp.end.example.net. TLSA"], Tlsa(world));
    }

    [Fact, Rule("R23"), Rule("R13"), Rfc(7672, "2.2.2")]
    public async Task Behind_a_secure_alias_into_an_insecure_zone_only_the_name_itself_is_tried()
    {
        var world = Alias(Security.Secure, Security.Insecure, Security.Insecure)
            .Alias("mx.example.org", RecordType.CNAME, [("middle.example.net", Security.Secure)], Security.Secure)
            .Tlsa("_25._tcp.mx.example.org", World.EcRecord);

        var host = await FindAsync(world, "mx.example.org");

        Assert.Equal((AddressState.InsecureBehindSecureAlias, TlsaState.Secure), (host.AddressState, host.TlsaState));
        Assert.Equal("mx.example.org.", host.TlsaBase.ToString());
        Assert.Equal(["_25._tcp.mx.example.org. TLSA"], Tlsa(world));
    }

    [Fact, Rule("R13"), Rule("R11"), Rfc(7672, "2.1.3")]
    public async Task An_alias_that_is_itself_insecure_ends_DANE_and_a_CNAME_question_tells()
    {
        var world = Alias(Security.Insecure, Security.Secure, Security.Secure).Alias("mx.example.org", RecordType.CNAME, [("middle.example.net", Security.Insecure)], Security.Insecure);

        var host = await FindAsync(world, "mx.example.org");

        Assert.Equal(AddressState.Insecure, host.AddressState);
        Assert.Contains("mx.example.org. CNAME", world.Asked);
        Assert.Empty(Tlsa(world));
    }

    [Fact, Rule("R11"), Rfc(7672, "2.1.3")]
    public async Task One_insecure_link_makes_all_after_it_insecure_even_when_the_end_is_signed()
    {
        var world = Alias(Security.Secure, Security.Insecure, Security.Secure).Alias("mx.example.org", RecordType.CNAME, [("middle.example.net", Security.Secure)], Security.Secure)
            .Tlsa("_25._tcp.end.example.net", World.EcRecord);

        var host = await FindAsync(world, "mx.example.org");

        Assert.Equal((AddressState.InsecureBehindSecureAlias, TlsaState.None), (host.AddressState, host.TlsaState));
        Assert.Equal(["_25._tcp.mx.example.org. TLSA"], Tlsa(world));
    }

    [Fact, Rule("R13"), Rule("R11")]
    public async Task A_CNAME_question_that_fails_is_a_failed_lookup()
    {
        var world = Alias(Security.Secure, Security.Insecure, Security.Insecure).Fail("mx.example.org", RecordType.CNAME);

        Assert.Equal(AddressState.Failed, (await FindAsync(world, "mx.example.org")).AddressState);
    }

    [Fact, Rule("R12")]
    public async Task A_DNAME_is_its_synthesised_alias_and_nothing_more()
    {
        var world = World.Sound();
        world.Reply("mx.example.org", RecordType.A, question =>
        {
            var end = DomainName.Parse("mx.example.net");
            return new()
            {
                Question = question,
                Security = Security.Secure,
                ResponseCode = Danelaw.Dns.Messages.ResponseCode.NoError,
                FinalName = end,
                Chain =
                [
                    new(new(DomainName.Parse("example.org"), RecordType.DNAME, RecordClass.IN, 300, [Octets.Copy(DomainName.Parse("example.net").Wire)]), Security.Secure),
                    new(new(question.Name, RecordType.CNAME, RecordClass.IN, 300, [Octets.Copy(end.Wire)]), Security.Secure),
                    new(new(end, RecordType.A, RecordClass.IN, 300, [new(new byte[] { 192, 0, 2, 1 })]), Security.Secure),
                ],
            };
        });

        await FindAsync(world, "mx.example.org");

        Assert.Equal("_25._tcp.mx.example.net. TLSA", Tlsa(world).First());
    }

    [Fact, Rule("R26"), Rfc(7672, "2.2.3")]
    public async Task An_alias_at_the_TLSA_owner_is_followed_and_changes_neither_base_nor_SNI()
    {
        var world = World.Sound().Alias("_25._tcp.mx.example.org", RecordType.TLSA, [("tlsa.example.net", Security.Secure)], Security.Secure, Record);

        var host = await FindAsync(world, "mx.example.org");

        Assert.Equal(TlsaState.Secure, host.TlsaState);
        Assert.Equal("mx.example.org.", host.TlsaBase.ToString());
        Assert.Equal(Record, Assert.Single(host.Records).ToString());
    }

    [Fact, Rule("R26"), Rule("R11")]
    public async Task An_insecure_alias_at_the_TLSA_owner_makes_the_records_insecure()
    {
        var world = World.Sound().Alias("_25._tcp.mx.example.org", RecordType.TLSA, [("tlsa.example.net", Security.Insecure)], Security.Secure, Record);

        Assert.Equal(TlsaState.Insecure, (await FindAsync(world, "mx.example.org")).TlsaState);
    }

    [Fact, Rule("R25")]
    public async Task Another_port_takes_the_place_of_25()
    {
        var world = World.Sound();

        await new HostDiscovery(world).FindHostAsync(new(DomainName.Parse("mx.example.org"), null, null), 2525, TestContext.Current.CancellationToken);

        Assert.Equal(["_2525._tcp.mx.example.org. TLSA"], Tlsa(world));
    }

    [Fact]
    public async Task A_name_too_long_for_the_labels_of_a_service_has_no_TLSA()
    {
        var name = string.Join('.', Enumerable.Repeat(new string('a', 49), 5)) + ".b";
        var world = new World().Address(name, "192.0.2.1");

        Assert.Equal(TlsaState.None, (await FindAsync(world, name)).TlsaState);
    }

    [Theory]
    [InlineData(AddressFamilies.IPv4, "A")]
    [InlineData(AddressFamilies.IPv6, "AAAA")]
    public async Task Only_the_families_in_use_are_looked_up(AddressFamilies families, string type)
    {
        var world = World.Sound();

        await new HostDiscovery(world, families).FindHostAsync(new(DomainName.Parse("mx.example.org"), null, null), 25, TestContext.Current.CancellationToken);

        Assert.Equal($"mx.example.org. {type}", Assert.Single(world.Asked, question => question.StartsWith("mx.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Addresses_stand_in_numeric_order_IPv4_first_each_once()
    {
        var world = World.Sound().Address("mx.example.org", "192.0.2.10", "2001:db8::2", "192.0.2.9", "2001:db8::1", "192.0.2.10");

        Assert.Equal(["192.0.2.9", "192.0.2.10", "2001:db8::1", "2001:db8::2"], (await FindAsync(world, "mx.example.org")).Addresses.Select(address => address.ToString()));
    }

    /// <summary>mx.example.org is an alias of middle.example.net, an alias of end.example.net at 192.0.2.1.</summary>
    private static World Alias(Security first, Security second, Security end)
    {
        var world = new World();
        world.Alias("mx.example.org", RecordType.A, [("middle.example.net", first), ("end.example.net", second)], end, "192.0.2.1");
        world.Alias("mx.example.org", RecordType.AAAA, [("middle.example.net", first), ("end.example.net", second)], end);
        return world;
    }

    private static ValueTask<HostEvidence> FindAsync(World world, string host) =>
        new HostDiscovery(world).FindHostAsync(new(DomainName.Parse(host), 10, null), 25, TestContext.Current.CancellationToken);

    private static IEnumerable<string> Tlsa(World world) => world.Asked.Where(question => question.EndsWith(" TLSA", StringComparison.Ordinal));
}
