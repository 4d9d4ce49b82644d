using Danelaw.Checks;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;
using Danelaw.Probes;
using Danelaw.Tlsa;

namespace Danelaw.Tests.Checks;

/// <summary>The table of verdicts on a domain, clause by clause.</summary>
public sealed class DomainVerdictTests
{
    [Theory]
    [InlineData(Security.Indeterminate, ResponseCode.ServerFailure)]
    [InlineData(Security.Indeterminate, null)]
    [InlineData(Security.Bogus, ResponseCode.NoError)]
    [InlineData(Security.Secure, ResponseCode.YXDomain)]
    [Rule("R05"), Rule("R07")]
    public async Task An_MX_lookup_that_fails_leaves_the_domain_undetermined(Security security, ResponseCode? code)
    {
        var world = World.Sound().Fail("example.org", RecordType.MX, security, code: code);

        var report = await world.CheckAsync("example.org");

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.MxLookupFailed), (report.Verdict, report.Reason));
        Assert.Equal(FindingCodes.MxLookupFailed, Assert.Single(report.Findings).Code);
        Assert.Empty(world.Probed);
    }

    [Fact, Rule("R17")]
    public async Task Insecure_MX_is_unprotected_whatever_its_hosts_have_and_the_finding_says_what()
    {
        var report = await World.Sound().Mx("example.org", Security.Insecure, (10, "mx.example.org")).CheckAsync("example.org");

        Assert.Equal((CheckVerdict.Unprotected, CheckReason.MxInsecure), (report.Verdict, report.Reason));
        Assert.Equal(CheckVerdict.Verified, report.Hosts[0].Verdict);
        Assert.Equal((SenderAction.DeliverAuthenticated, "R17", false), (report.Hosts[0].Sender.Action, report.Hosts[0].Sender.Rule, report.Hosts[0].Sender.IsSecureDelivery));
        Assert.Contains("mx.example.org (verified)", Assert.Single(report.Findings, finding => finding.Code == FindingCodes.MxInsecure).Text, StringComparison.Ordinal);
    }

    [Fact, Rfc(7505, "3")]
    public async Task A_null_MX_is_unprotected()
    {
        var world = World.Sound().Mx("example.org", (0, "."));

        var report = await world.CheckAsync("example.org");

        Assert.Equal((CheckVerdict.Unprotected, CheckReason.NullMx), (report.Verdict, report.Reason));
        Assert.Empty(report.Hosts);
        Assert.Equal(["example.org. MX"], world.Asked);
    }

    [Fact, Rule("R18")]
    public async Task Without_MX_the_domain_itself_is_the_host()
    {
        var world = new World().Address("example.org", "192.0.2.1").Tlsa("_25._tcp.example.org", World.EcRecord).Serve("192.0.2.1", World.EcLeaf);

        var report = await world.CheckAsync("example.org");

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.Null(Assert.Single(report.Hosts).Preference);
    }

    [Fact]
    public async Task Insecurely_no_MX_is_unprotected()
    {
        var report = await World.Sound().Absent("example.org", RecordType.MX, Security.Insecure).CheckAsync("example.org");

        Assert.Equal((CheckVerdict.Unprotected, CheckReason.MxInsecure), (report.Verdict, report.Reason));
    }

    [Fact]
    public async Task A_host_without_an_address_of_the_one_family_looked_at_is_not_verified_by_leaving_it_out()
    {
        var world = World.Sound().Mx("example.org", (10, "mx.example.org"), (20, "six.example.org")).Address("six.example.org", "2001:db8::6");

        var report = await world.CheckAsync("example.org", new() { Families = Danelaw.Discovery.AddressFamilies.IPv4 });

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.HostUndetermined), (report.Verdict, report.Reason));
        Assert.Equal((CheckVerdict.Unreachable, CheckReason.NoEndpointTested), (report.Hosts[1].Verdict, report.Hosts[1].Reason));
        Assert.Equal("six.example.org has no IPv4 address, and no other was asked for.", Assert.Single(report.Findings, finding => finding.Code == FindingCodes.MxNoAddress).Text);
    }

    [Theory]
    [InlineData(1, "a.example.org has no TLSA records.")]
    [InlineData(2, "a.example.org and b.example.org have no TLSA records.")]
    public async Task The_explanation_agrees_with_the_number_of_hosts(int count, string expected)
    {
        (int, string)[] hosts = [(10, "a.example.org"), (20, "b.example.org")];
        var world = new World().Mx("example.org", hosts[..count]).Address("a.example.org", "192.0.2.1").Address("b.example.org", "192.0.2.2");

        Assert.Equal(expected, (await world.CheckAsync("example.org")).Explanation);
    }

    [Theory]
    [InlineData(1, "a.example.org has TLSA records and does not offer STARTTLS, so senders that check refuse to deliver.")]
    [InlineData(2, "a.example.org and b.example.org have TLSA records and do not offer STARTTLS, so senders that check refuse to deliver.")]
    public async Task What_fails_agrees_with_the_number_of_hosts(int count, string expected)
    {
        (int, string)[] hosts = [(10, "a.example.org"), (20, "b.example.org")];
        var world = new World().Mx("example.org", hosts[..count]);
        foreach (var (name, address) in new[] { ("a", "192.0.2.1"), ("b", "192.0.2.2") })
            world.Address($"{name}.example.org", address).Tlsa($"_25._tcp.{name}.example.org", World.EcRecord).Refuse(address, ProbeOutcome.StartTlsNotOffered);

        Assert.Equal(expected, (await world.CheckAsync("example.org")).Explanation);
    }

    [Fact, Rule("R15")]
    public async Task A_domain_that_does_not_exist_has_one_host_that_is_unreachable()
    {
        var world = new World().Absent("example.org", RecordType.MX, code: ResponseCode.NameError);

        var report = await world.CheckAsync("example.org");

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.NoSuchDomain), (report.Verdict, report.Reason));
        Assert.Equal(CheckVerdict.Unreachable, Assert.Single(report.Hosts).Verdict);
        Assert.Equal(FindingCodes.MxNoDomain, Assert.Single(report.Findings).Code);
    }

    [Theory]
    [InlineData("failing undetermined verified", CheckVerdict.Failing, CheckReason.HostFailing)]
    [InlineData("failing unprotected unreachable", CheckVerdict.Failing, CheckReason.HostFailing)]
    [InlineData("verified undetermined", CheckVerdict.Undetermined, CheckReason.HostUndetermined)]
    [InlineData("verified unreachable", CheckVerdict.Undetermined, CheckReason.HostUndetermined)]
    [InlineData("partial undetermined", CheckVerdict.Undetermined, CheckReason.HostUndetermined)]
    [InlineData("unprotected undetermined", CheckVerdict.Undetermined, CheckReason.HostUndetermined)]
    [InlineData("verified noaddress", CheckVerdict.Verified, CheckReason.AllMatch)]
    [InlineData("unprotected noaddress", CheckVerdict.Unprotected, CheckReason.AllHostsUnprotected)]
    [InlineData("partial noaddress", CheckVerdict.Partial, CheckReason.HostPartial)]
    [InlineData("unreachable noaddress", CheckVerdict.Undetermined, CheckReason.NoEndpointTested)]
    [InlineData("noaddress noaddress", CheckVerdict.Undetermined, CheckReason.NoAddress)]
    [InlineData("noaddress", CheckVerdict.Undetermined, CheckReason.NoAddress)]
    [InlineData("partial verified", CheckVerdict.Partial, CheckReason.HostPartial)]
    [InlineData("partial unprotected", CheckVerdict.Partial, CheckReason.HostPartial)]
    [InlineData("verified unprotected", CheckVerdict.Partial, CheckReason.SomeHostsUnprotected)]
    [InlineData("unprotected verified", CheckVerdict.Partial, CheckReason.SomeHostsUnprotected)]
    [InlineData("verified verified", CheckVerdict.Verified, CheckReason.AllMatch)]
    [InlineData("unprotected unprotected", CheckVerdict.Unprotected, CheckReason.AllHostsUnprotected)]
    [InlineData("partial", CheckVerdict.Partial, CheckReason.HostPartial)]
    public async Task The_domain_is_judged_by_the_worst_of_its_hosts(string hosts, CheckVerdict verdict, CheckReason reason)
    {
        var world = new World();
        var kinds = hosts.Split(' ');
        world.Mx("example.org", [.. kinds.Select((_, i) => (10 + i, $"mx{i}.example.org"))]);
        for (var i = 0; i < kinds.Length; i++) Build(world, kinds[i], $"mx{i}.example.org", $"192.0.2.{i + 1}");

        var report = await world.CheckAsync("example.org");

        Assert.Equal((verdict, reason), (report.Verdict, report.Reason));
        Assert.NotEqual("", report.Explanation);
    }

    [Fact, Rule("R08")]
    public async Task A_failing_lookup_at_one_host_leaves_the_others_judged()
    {
        var world = World.Sound().Mx("example.org", (10, "mx.example.org"), (20, "mx2.example.org")).Fail("mx2.example.org", RecordType.A).Fail("mx2.example.org", RecordType.AAAA);

        var report = await world.CheckAsync("example.org");

        Assert.Equal([CheckVerdict.Verified, CheckVerdict.Undetermined], report.Hosts.Select(host => host.Verdict));
    }

    [Fact]
    public async Task Some_MX_without_TLSA_is_an_error_that_names_them()
    {
        var world = World.Sound().Mx("example.org", (10, "mx.example.org"), (20, "mx2.example.org")).Address("mx2.example.org", "192.0.2.2");

        var report = await world.CheckAsync("example.org");

        var finding = Assert.Single(report.Findings, finding => finding.Code == FindingCodes.MxSomeUnprotected);
        Assert.Equal(Severity.Error, finding.Severity);
        Assert.StartsWith("mx2.example.org has", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_single_service_is_judged_as_one_host_and_all_usages_count_there()
    {
        var world = new World().Address("imap.example.org", "192.0.2.1").Tlsa("_993._tcp.imap.example.org", World.EcRecord)
            .Serve("192.0.2.1", 993, KeyAlgorithm.Any, target => World.Shown(target, World.EcLeaf));

        var report = await world.CheckAsync("imaps://imap.example.org");

        Assert.Equal((CheckVerdict.Verified, CheckReason.AllMatch), (report.Verdict, report.Reason));
        Assert.Equal(ServiceProtocol.ImapTls, world.Probed.First().Protocol);
    }

    [Fact, Rule("R19"), Rfc(7672, "2.2.2")]
    public async Task A_host_named_by_hand_goes_through_the_same_walk_and_counts_as_secure()
    {
        var world = World.Sound();

        var report = await world.CheckAsync("smtp://mx.example.org");

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.True(report.Hosts[0].Sender.IsSecureDelivery);
        Assert.Equal(["mx.example.org. A", "mx.example.org. AAAA", "_25._tcp.mx.example.org. TLSA"], world.Asked);
    }

    [Fact]
    public async Task A_single_service_that_cannot_be_reached_is_undetermined()
    {
        var report = await new World().Address("imap.example.org", "192.0.2.1").Tlsa("_993._tcp.imap.example.org", World.EcRecord).CheckAsync("imap.example.org:993");

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.NoEndpointTested), (report.Verdict, report.Reason));
        Assert.Equal(CheckVerdict.Unreachable, report.Hosts[0].Verdict);
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("[2001:db8::1]:993")]
    [Rule("R20")]
    public async Task An_address_as_target_is_unprotected(string target)
    {
        var report = await new World().CheckAsync(target);

        Assert.Equal((CheckVerdict.Unprotected, CheckReason.AddressLiteral), (report.Verdict, report.Reason));
    }

    [Fact]
    public async Task Hosts_beyond_the_limit_make_the_domain_undetermined_unless_a_failure_was_seen()
    {
        var world = World.Sound().Mx("example.org", (10, "mx.example.org"), (20, "mx2.example.org"));

        var report = await world.CheckAsync("example.org", new() { MaximumHosts = 1 });

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.LimitReached), (report.Verdict, report.Reason));
        Assert.Contains(report.Findings, finding => finding is { Code: FindingCodes.MxTooMany, Severity: Severity.Warning });
        world.Serve("192.0.2.1", World.OtherEcLeaf);
        Assert.Equal(CheckVerdict.Failing, (await world.CheckAsync("example.org", new() { MaximumHosts = 1 })).Verdict);
    }

    [Fact]
    public async Task Addresses_beyond_the_limit_make_the_host_undetermined()
    {
        var report = await World.Sound().Address("mx.example.org", "192.0.2.1", "192.0.2.2").CheckAsync("example.org", new() { MaximumAddresses = 1 });

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.LimitReached), (report.Hosts[0].Verdict, report.Hosts[0].Reason));
    }

    private static void Build(World world, string kind, string host, string address)
    {
        if (kind == "noaddress") return;
        world.Address(host, address);
        var owner = $"_25._tcp.{host}";
        if (kind == "unprotected") return;
        if (kind == "undetermined")
        {
            world.Fail(owner, RecordType.TLSA);
            return;
        }

        world.Tlsa(owner, kind == "partial" ? new TlsaRecord(TlsaUsage.DaneEe, TlsaSelector.PublicKey, (TlsaMatching)9, World.EcRecord.Data) : World.EcRecord);
        if (kind == "unreachable") return;
        world.Serve(address, kind == "failing" ? World.OtherEcLeaf : World.EcLeaf);
    }
}
