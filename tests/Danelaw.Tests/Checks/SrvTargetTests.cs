using Danelaw.Checks;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;
using Danelaw.Probes;
using Danelaw.Tests.Certificates;

namespace Danelaw.Tests.Checks;

/// <summary>Services that SRV records lead to (RFC 7673), from the target to the verdict.</summary>
public sealed class SrvTargetTests
{
    private const string Owner = "_imaps._tcp.example.org";

    private static readonly Octets Authority = Forge.Root("Some CA").Make();

    [Fact, Rule("R70"), Rule("R71"), Rfc(7673, "3.3")]
    public async Task Secure_records_lead_to_the_host_and_the_port_that_they_name()
    {
        var world = Sound();

        var report = await world.CheckAsync(Owner);

        Assert.Equal((CheckVerdict.Verified, CheckReason.AllMatch), (report.Verdict, report.Reason));
        var host = Assert.Single(report.Hosts);
        Assert.Equal(("imap.example.net.", ServiceProtocol.ImapTls, (ushort)1993, (ushort)1, (ushort)2), (host.Name.ToString(), host.Service, host.Port, host.Priority, host.Weight));
        Assert.Equal("_1993._tcp.imap.example.net. TLSA", Assert.Single(world.Asked, question => question.EndsWith(" TLSA", StringComparison.Ordinal)));
        Assert.Equal(["_imaps._tcp.example.org. SRV", "imap.example.net. A", "imap.example.net. AAAA", "_1993._tcp.imap.example.net. TLSA"], report.Lookups.Select(answer => $"{answer.Question.Name} {RecordTypes.ToText(answer.Question.Type)}"));
        Assert.Empty(report.Findings);
    }

    [Fact, Rule("R72"), Rfc(7673, "3.1")]
    public async Task Below_insecure_records_the_service_is_unprotected_as_though_there_were_no_TLSA()
    {
        // A certificate of another key: with DANE the service would fail.
        var world = Sound(Security.Insecure).Serve("192.0.2.9", 1993, KeyAlgorithm.Any, target => World.Shown(target, World.OtherEcLeaf));

        var report = await world.CheckAsync(Owner);

        Assert.Equal((CheckVerdict.Unprotected, CheckReason.SrvInsecure), (report.Verdict, report.Reason));
        var host = Assert.Single(report.Hosts);
        Assert.Equal((CheckVerdict.Unprotected, CheckReason.SrvInsecure), (host.Verdict, host.Reason));
        Assert.Equal((SenderAction.DeliverOpportunistically, "R72"), (host.Sender.Action, host.Sender.Rule));
        Assert.Empty(host.Records);
        var finding = Assert.Single(report.Findings);
        Assert.Equal((FindingCodes.SrvInsecure, Severity.Warning), (finding.Code, finding.Severity));
        Assert.Contains("The TLSA records of imap.example.net:1993 protect nobody", finding.Text, StringComparison.Ordinal);
    }

    [Theory, Rule("R72"), Rfc(7673, "3.1")]
    [InlineData(Security.Bogus, ResponseCode.NoError)]
    [InlineData(Security.Indeterminate, ResponseCode.ServerFailure)]
    [InlineData(Security.Indeterminate, null)]
    public async Task Where_the_SRV_lookup_failed_nobody_connects(Security security, ResponseCode? code)
    {
        var world = Sound().Fail(Owner, RecordType.SRV, security, code: code);

        var report = await world.CheckAsync(Owner);

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.SrvLookupFailed), (report.Verdict, report.Reason));
        Assert.Equal(FindingCodes.SrvLookupFailed, Assert.Single(report.Findings).Code);
        Assert.Empty(report.Hosts);
        Assert.Empty(world.Probed);
        Assert.Single(world.Asked);
    }

    [Theory, Rule("R73"), Rfc(7673, "3.2")]
    [InlineData(RecordType.A)]
    [InlineData(RecordType.TLSA)]
    public async Task A_target_whose_lookup_failed_is_passed_over_and_the_next_is_tried(RecordType failing)
    {
        var world = Sound().Srv(Owner, (0, 0, 993, "first.example.net"), (1, 2, 1993, "imap.example.net")).Address("first.example.net", "192.0.2.8");
        if (failing == RecordType.A) world.Fail("first.example.net", RecordType.A).Fail("first.example.net", RecordType.AAAA);
        else world.Fail("_993._tcp.first.example.net", RecordType.TLSA, Security.Bogus, code: ResponseCode.NoError);

        var report = await world.CheckAsync(Owner);

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.HostUndetermined), (report.Verdict, report.Reason));
        Assert.Equal([CheckVerdict.Undetermined, CheckVerdict.Verified], report.Hosts.Select(host => host.Verdict));
        Assert.Equal((SenderAction.SkipHost, "R73"), (report.Hosts[0].Sender.Action, report.Hosts[0].Sender.Rule));
        Assert.Equal(["192.0.2.9:1993"], world.Probed.Select(probe => probe.Address.ToString()).Distinct());
    }

    [Theory, Rule("R74"), Rfc(7673, "4.1")]
    [InlineData("imap.example.net", true)]
    [InlineData("example.org", true)]
    [InlineData("other.example.net", false)]
    public async Task Under_DANE_TA_a_certificate_bears_the_target_or_the_service_s_domain(string name, bool isAllowed)
    {
        var world = Sound().Tlsa("_1993._tcp.imap.example.net", World.Record(Authority, TlsaUsage.DaneTa)).Serve("192.0.2.9", 1993, KeyAlgorithm.Any, target => World.Shown(target, Forge.Leaf(name, "Some CA").Make(), Authority));

        Assert.Equal(isAllowed ? CheckVerdict.Verified : CheckVerdict.Failing, (await world.CheckAsync(Owner)).Verdict);
    }

    [Theory, Rule("R74"), Rule("R22"), Rfc(7673, "4.1")]
    [InlineData("end.example.com", true)]
    [InlineData("imap.example.net", true)]
    [InlineData("example.org", true)]
    [InlineData("example.net", false)]
    public async Task Of_a_target_that_is_an_alias_the_base_is_allowed_too(string name, bool isAllowed)
    {
        var world = Sound().Alias("imap.example.net", RecordType.A, [("end.example.com", Security.Secure)], Security.Secure, "192.0.2.9").Tlsa("_1993._tcp.end.example.com", World.Record(Authority, TlsaUsage.DaneTa))
            .Serve("192.0.2.9", 1993, KeyAlgorithm.Any, target => World.Shown(target, Forge.Leaf(name, "Some CA").Make(), Authority));

        Assert.Equal(isAllowed ? CheckVerdict.Verified : CheckVerdict.Failing, (await world.CheckAsync(Owner)).Verdict);
    }

    [Theory, Rule("R74"), Rfc(7673, "4.1"), Rfc(9525, "6.2")]
    [InlineData(TlsaUsage.DaneTa, "_imaps.example.org", true)]
    [InlineData(TlsaUsage.PkixTa, "_imaps.example.org", true)]
    [InlineData(TlsaUsage.PkixEe, "_imaps.example.org", true)]
    [InlineData(TlsaUsage.DaneTa, "_imap.example.org", false)]
    [InlineData(TlsaUsage.PkixTa, "_imap.example.org", false)]
    [InlineData(TlsaUsage.PkixEe, "_imaps.example.com", false)]

    // The target is a name of the host, not of a service.
    [InlineData(TlsaUsage.PkixTa, "_imaps.imap.example.net", false)]
    public async Task A_certificate_may_bear_the_service_itself(TlsaUsage usage, string name, bool isAllowed)
    {
        var leaf = new Forge { Subject = "some server", Issuer = "Some CA", Extensions = [ServiceNamesTests.Constructed(ServiceNamesTests.Other("1.3.6.1.5.5.7.8.7", name))] }.Make();
        var pinned = usage is TlsaUsage.PkixEe ? leaf : Authority;
        var world = Sound().Tlsa("_1993._tcp.imap.example.net", World.Record(pinned, usage)).Serve("192.0.2.9", 1993, KeyAlgorithm.Any, target => World.Shown(target, leaf, Authority));

        Assert.Equal(isAllowed ? CheckVerdict.Verified : CheckVerdict.Failing, (await world.CheckAsync(Owner, new() { Roots = new([Authority]) })).Verdict);
    }

    [Theory, Rule("R74"), Rfc(6120, "13.7.1.2")]
    [InlineData("xmpp-client://example.org", "_xmpp-client._tcp.example.org", "1.3.6.1.5.5.7.8.5", "example.org", true)]
    [InlineData("xmpp-client://example.org", "_xmpp-client._tcp.example.org", "1.3.6.1.5.5.7.8.7", "_xmpp-client.example.org", true)]
    [InlineData("xmpp-client://example.org", "_xmpp-client._tcp.example.org", "1.3.6.1.5.5.7.8.7", "_xmpp-server.example.org", false)]
    [InlineData("xmpp-client://example.org", "_xmpp-client._tcp.example.org", "1.3.6.1.5.5.7.8.5", "chat.example.net", false)]
    [InlineData("xmpps-server://example.org", "_xmpps-server._tcp.example.org", "1.3.6.1.5.5.7.8.7", "_xmpp-server.example.org", true)]
    public async Task An_XMPP_certificate_may_bear_the_domain_as_XMPP_writes_it(string target, string owner, string oid, string name, bool isAllowed)
    {
        var leaf = new Forge { Subject = "some server", Issuer = "Some CA", Extensions = [ServiceNamesTests.Constructed(ServiceNamesTests.Other(oid, name))] }.Make();
        var world = new World().Srv(owner, (0, 0, 15222, "chat.example.net")).Address("chat.example.net", "192.0.2.9").Tlsa("_15222._tcp.chat.example.net", World.Record(Authority, TlsaUsage.DaneTa))
            .Serve("192.0.2.9", 15222, KeyAlgorithm.Any, probe => World.Shown(probe, leaf, Authority));

        Assert.Equal(isAllowed ? CheckVerdict.Verified : CheckVerdict.Failing, (await world.CheckAsync(target)).Verdict);
    }

    [Fact, Rule("R74"), Rule("R41"), Rfc(7673, "4.2")]
    public async Task Under_DANE_EE_no_name_is_looked_at()
    {
        var stranger = Forge.Leaf("stranger.example", "Some CA").Make();
        var world = Sound().Tlsa("_1993._tcp.imap.example.net", World.Record(stranger)).Serve("192.0.2.9", 1993, KeyAlgorithm.Any, target => World.Shown(target, stranger));

        Assert.Equal(CheckVerdict.Verified, (await world.CheckAsync(Owner)).Verdict);
    }

    [Theory, Rule("R74"), Rule("R51"), Rfc(7673, "4.1"), Rfc(7673, "6"), Rfc(7671, "10.2")]
    [InlineData(Security.Secure, "usable", "imap.example.net.")]
    [InlineData(Security.Secure, "unusable", "example.org.")]
    [InlineData(Security.Secure, "insecure", "example.org.")]
    [InlineData(Security.Secure, "none", "example.org.")]
    [InlineData(Security.Insecure, "usable", "example.org.")]
    public async Task SNI_is_the_target_where_a_TLSA_record_can_be_used_and_the_service_s_domain_otherwise(Security srv, string tlsa, string expected)
    {
        const string owner = "_1993._tcp.imap.example.net";
        var world = Sound(srv);
        if (tlsa == "unusable") world.Put(owner, RecordType.TLSA, Security.Secure, [new(new byte[] { 3, 1, 1, 0 })]);
        if (tlsa == "insecure") world.Tlsa(owner, Security.Insecure, World.EcRecord);
        if (tlsa == "none") world.Absent(owner, RecordType.TLSA);

        await world.CheckAsync(Owner);

        Assert.Equal([expected], world.Probed.Select(probe => probe.ServerName.ToString()).Distinct());
    }

    [Theory, Rule("R74"), Rfc(6120, "4.7.2"), Rfc(7590, "3.5")]
    [InlineData("xmpp-client://example.org", "_xmpp-client._tcp.example.org", "chat.example.net.", "example.org.")]
    [InlineData("xmpp-server://example.org", "_xmpp-server._tcp.example.org", "chat.example.net.", "example.org.")]
    [InlineData("_xmpp-server._tcp.example.org", "_xmpp-server._tcp.example.org", "chat.example.net.", "example.org.")]

    // TLS at once: nothing but SNI can tell the domain (XEP-0368).
    [InlineData("xmpps-client://example.org", "_xmpps-client._tcp.example.org", "example.org.", null)]
    [InlineData("xmpps-server://example.org", "_xmpps-server._tcp.example.org", "example.org.", null)]
    public async Task XMPP_is_asked_for_the_domain_whichever_host_serves_it(string target, string owner, string serverName, string? to)
    {
        var world = new World().Srv(owner, (0, 0, 15222, "chat.example.net")).Address("chat.example.net", "192.0.2.9").Tlsa("_15222._tcp.chat.example.net", World.EcRecord)
            .Serve("192.0.2.9", 15222, KeyAlgorithm.Any, probe => World.Shown(probe, World.EcLeaf));

        Assert.Equal(CheckVerdict.Verified, (await world.CheckAsync(target)).Verdict);

        Assert.Equal([(serverName, to)], world.Probed.Select(probe => (probe.ServerName.ToString(), probe.ServiceName?.ToString())).Distinct());
        Assert.Equal([KeyAlgorithm.Any, KeyAlgorithm.Rsa, KeyAlgorithm.Eddsa], world.Probed.Select(probe => probe.Algorithm));
    }

    [Theory, Rfc(6120, "3.2.2")]
    [InlineData(Security.Secure, CheckVerdict.Verified, CheckReason.AllMatch)]

    // An absence that is not proven may hide records that lead elsewhere.
    [InlineData(Security.Insecure, CheckVerdict.Unprotected, CheckReason.SrvInsecure)]
    public async Task Without_SRV_records_an_XMPP_domain_is_its_own_host(Security absence, CheckVerdict verdict, CheckReason reason)
    {
        var world = new World().Absent("_xmpp-client._tcp.example.org", RecordType.SRV, absence).Address("example.org", "192.0.2.9").Tlsa("_5222._tcp.example.org", World.EcRecord)
            .Serve("192.0.2.9", 5222, KeyAlgorithm.Any, probe => World.Shown(probe, World.EcLeaf));

        var report = await world.CheckAsync("xmpp-client://example.org");

        Assert.Equal((verdict, reason), (report.Verdict, report.Reason));
        Assert.Equal(("example.org.", (ushort)5222), (Assert.Single(report.Hosts).Name.ToString(), report.Hosts[0].Port));
        Assert.Contains(report.Findings, finding => finding.Code == FindingCodes.SrvNone && finding.Severity == Severity.Note);
    }

    [Fact]
    public async Task With_a_port_the_host_is_the_one_that_was_given()
    {
        var world = new World().Srv("_xmpp-client._tcp.example.org", (0, 0, 15222, "chat.example.net")).Address("example.org", "192.0.2.9").Tlsa("_5222._tcp.example.org", World.EcRecord)
            .Serve("192.0.2.9", 5222, KeyAlgorithm.Any, probe => World.Shown(probe, World.EcLeaf));

        Assert.Equal(CheckVerdict.Verified, (await world.CheckAsync("xmpp-client://example.org:5222")).Verdict);
        Assert.DoesNotContain(world.Asked, question => question.EndsWith(" SRV", StringComparison.Ordinal));
    }

    [Theory, Rfc(6186, "3.4")]
    [InlineData(Security.Secure)]
    [InlineData(Security.Insecure)]
    public async Task A_service_that_is_not_offered_is_no_failure(Security security)
    {
        var world = new World().Srv(Owner, security, (0, 0, 0, "."));

        var report = await world.CheckAsync(Owner);

        Assert.Equal((CheckVerdict.Unprotected, CheckReason.ServiceNotOffered), (report.Verdict, report.Reason));
        Assert.Equal((FindingCodes.SrvNotOffered, Severity.Note), (Assert.Single(report.Findings).Code, report.Findings[0].Severity));
        Assert.Equal(new ServiceReport(ServiceProtocol.ImapTls, false, report.Services[0].Srv), Assert.Single(report.Services));
    }

    [Fact]
    public async Task No_records_leave_nothing_to_check_where_clients_have_to_be_told_the_host()
    {
        var world = new World().Address("example.org", "192.0.2.9").Tlsa("_993._tcp.example.org", World.EcRecord);

        var report = await world.CheckAsync(Owner);

        Assert.Equal((CheckVerdict.Unprotected, CheckReason.NoSrv), (report.Verdict, report.Reason));
        Assert.Equal(FindingCodes.SrvNone, Assert.Single(report.Findings).Code);
        Assert.Empty(world.Probed);
    }

    [Fact]
    public async Task A_target_that_is_an_alias_is_told_and_followed()
    {
        var world = Sound().Srv(Owner, (0, 0, 993, "alias.example.net")).Alias("alias.example.net", RecordType.A, [("imap.example.net", Security.Secure)], Security.Secure, "192.0.2.9")
            .Tlsa("_993._tcp.imap.example.net", World.EcRecord).Serve("192.0.2.9", 993, KeyAlgorithm.Any, target => World.Shown(target, World.EcLeaf));

        var report = await world.CheckAsync(Owner);

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.Equal("imap.example.net.", report.Hosts[0].TlsaBase.ToString());
        Assert.Equal(FindingCodes.SrvTargetAlias, Assert.Single(report.Findings).Code);
    }

    [Theory, Rule("R20")]
    [InlineData(993, "192.0.2.9", CheckVerdict.Unprotected, CheckReason.AllHostsUnprotected)]
    [InlineData(0, "imap.example.net", CheckVerdict.Undetermined, CheckReason.NoEndpointTested)]
    public async Task A_record_that_leads_nowhere_is_told(int port, string target, CheckVerdict verdict, CheckReason reason)
    {
        var world = Sound().Srv(Owner, (0, 0, port, target));

        var report = await world.CheckAsync(Owner);

        Assert.Equal((verdict, reason), (report.Verdict, report.Reason));
        Assert.Contains(report.Findings, finding => finding.Code == FindingCodes.SrvTargetUnusable);
        Assert.Empty(world.Probed);
    }

    [Fact]
    public async Task One_weak_target_is_told_and_makes_the_service_partial()
    {
        var world = Sound().Srv(Owner, (0, 0, 1993, "imap.example.net"), (1, 0, 993, "weak.example.net")).Address("weak.example.net", "192.0.2.8");

        var report = await world.CheckAsync(Owner);

        Assert.Equal((CheckVerdict.Partial, CheckReason.SomeHostsUnprotected), (report.Verdict, report.Reason));
        Assert.Contains("weak.example.net:993 has no TLSA records", Assert.Single(report.Findings, finding => finding.Code == FindingCodes.SrvSomeUnprotected).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_ports_of_one_host_have_records_of_their_own()
    {
        var world = Sound().Srv(Owner, (0, 0, 1993, "imap.example.net"), (1, 0, 993, "imap.example.net")).Tlsa("_993._tcp.imap.example.net", World.Record(World.OtherEcLeaf))
            .Serve("192.0.2.9", 993, KeyAlgorithm.Any, target => World.Shown(target, World.EcLeaf));

        var report = await world.CheckAsync(Owner);

        Assert.Equal([((ushort)1993, CheckVerdict.Verified), ((ushort)993, CheckVerdict.Failing)], report.Hosts.Select(host => (host.Port, host.Verdict)));
        Assert.Distinct(report.Lookups.Select(answer => answer.Question));
    }

    [Fact]
    public async Task More_targets_than_are_looked_at_leave_it_undetermined()
    {
        var world = Sound().Srv(Owner, (0, 0, 1993, "imap.example.net"), (1, 0, 993, "imap.example.net"));

        var report = await world.CheckAsync(Owner, new() { MaximumHosts = 1 });

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.LimitReached), (report.Verdict, report.Reason));
    }

    private static World Sound(Security srv = Security.Secure) => new World()
        .Srv(Owner, srv, (1, 2, 1993, "imap.example.net"))
        .Address("imap.example.net", "192.0.2.9")
        .Tlsa("_1993._tcp.imap.example.net", World.EcRecord)
        .Serve("192.0.2.9", 1993, KeyAlgorithm.Any, target => World.Shown(target, World.EcLeaf));
}
