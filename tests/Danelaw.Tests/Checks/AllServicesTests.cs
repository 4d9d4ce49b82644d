using Danelaw.Checks;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;
using Danelaw.Probes;
using Danelaw.Tests.Certificates;

namespace Danelaw.Tests.Checks;

/// <summary>The services of a mail domain besides port 25: which are found, and what they count for.</summary>
public sealed class AllServicesTests
{
    private static readonly (int Port, ServiceProtocol Protocol)[] Ports =
    [
        (465, ServiceProtocol.SubmissionTls), (587, ServiceProtocol.Submission), (143, ServiceProtocol.Imap), (993, ServiceProtocol.ImapTls),
        (110, ServiceProtocol.Pop3), (995, ServiceProtocol.Pop3Tls), (4190, ServiceProtocol.Sieve), (443, ServiceProtocol.Https),
    ];

    [Fact]
    public async Task A_domain_with_port_25_alone_is_what_it_is_without_the_option_and_nothing_is_found_amiss()
    {
        var report = await CheckAsync(World.Sound());

        Assert.Equal((CheckVerdict.Verified, CheckReason.AllMatch), (report.Verdict, report.Reason));
        Assert.Equal((ushort)25, Assert.Single(report.Hosts).Port);
        Assert.Equal(Ports.Select(port => port.Protocol), report.Services.Select(service => service.Service));
        Assert.All(report.Services, service => Assert.False(service.IsOffered));
        Assert.Empty(report.Findings);
    }

    [Fact]
    public async Task A_domain_with_every_service_at_its_mail_host_is_verified_at_each_port()
    {
        var world = World.Sound();
        foreach (var (port, _) in Ports) Offer(world, "192.0.2.1", port).Tlsa($"_{port}._tcp.mx.example.org", World.EcRecord);

        var report = await CheckAsync(world);

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.Equal([25, .. Ports.Select(port => port.Port)], report.Hosts.Select(host => (int)host.Port));
        Assert.Equal([ServiceProtocol.Smtp, .. Ports.Select(port => port.Protocol)], report.Hosts.Select(host => host.Service));
        Assert.All(report.Hosts, host => Assert.Equal(CheckVerdict.Verified, host.Verdict));
        Assert.All(report.Services, service => Assert.True(service.IsOffered));
        Assert.Empty(report.Findings);
    }

    [Fact]
    public async Task A_service_that_breaks_what_its_records_promise_makes_the_whole_fail_and_is_named_with_its_port()
    {
        var world = Offer(World.Sound(), "192.0.2.1", 993).Tlsa("_993._tcp.mx.example.org", World.RsaRecord);

        var report = await CheckAsync(world);

        Assert.Equal((CheckVerdict.Failing, CheckReason.HostFailing), (report.Verdict, report.Reason));
        Assert.Equal("A certificate of mx.example.org:993 does not match the TLSA records, so clients that check refuse to connect.", report.Explanation);
        Assert.Contains("mx.example.org:993 at 192.0.2.1 shows", Assert.Single(report.Findings, finding => finding.Severity == Severity.Error).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_without_records_is_a_note_and_takes_nothing_from_the_domain()
    {
        var world = Offer(World.Sound(), "192.0.2.1", 587).Serve("192.0.2.1", 143, KeyAlgorithm.Any, target => new() { Target = target, Outcome = ProbeOutcome.StartTlsNotOffered, Detail = "no capability" });

        var report = await CheckAsync(world);

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.Equal([(25, CheckVerdict.Verified), (587, CheckVerdict.Unprotected), (143, CheckVerdict.Unprotected)], report.Hosts.Select(host => ((int)host.Port, host.Verdict)));
        Assert.All(report.Findings, finding => Assert.Equal(Severity.Note, finding.Severity));
        Assert.Contains(report.Findings, finding => finding.Code == FindingCodes.TlsaNone && finding.Subject == "_587._tcp.mx.example.org");
    }

    [Theory]
    [InlineData("mail.example.org", 993)]
    [InlineData("imap.example.org", 143)]
    [InlineData("smtp.example.org", 465)]
    [InlineData("pop.example.org", 995)]
    [InlineData("pop3.example.org", 110)]
    [InlineData("mta-sts.example.org", 443)]
    public async Task Services_are_where_mail_software_looks_when_nobody_says_anything(string name, int port)
    {
        var world = Offer(World.Sound().Address(name, "192.0.2.7"), "192.0.2.7", port).Tlsa($"_{port}._tcp.{name}", World.EcRecord);

        var report = await CheckAsync(world);

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.Equal([("mx.example.org.", 25), (name + ".", port)], report.Hosts.Select(host => (host.Name.ToString(), (int)host.Port)));
    }

    [Fact, Rule("R70"), Rule("R71"), Rfc(6186, "3.2")]
    public async Task SRV_records_say_where_a_service_is_and_convention_is_looked_at_beside_them()
    {
        var world = Offer(World.Sound().Srv("_imaps._tcp.example.org", (0, 1, 1993, "imap.example.net")).Address("imap.example.net", "192.0.2.9").Tlsa("_1993._tcp.imap.example.net", World.EcRecord), "192.0.2.9", 1993);
        Offer(world, "192.0.2.1", 993).Tlsa("_993._tcp.mx.example.org", World.RsaRecord);

        var report = await CheckAsync(world);

        Assert.Equal(CheckVerdict.Failing, report.Verdict);
        Assert.Equal([("mx.example.org.", 25, CheckVerdict.Verified), ("imap.example.net.", 1993, CheckVerdict.Verified), ("mx.example.org.", 993, CheckVerdict.Failing)], report.Hosts.Select(host => (host.Name.ToString(), (int)host.Port, host.Verdict)));
        Assert.Equal((ushort)1, report.Hosts[1].Weight);
    }

    [Fact, Rule("R72")]
    public async Task An_SRV_lookup_that_failed_leaves_the_whole_undetermined()
    {
        var report = await CheckAsync(World.Sound().Fail("_imaps._tcp.example.org", RecordType.SRV));

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.SrvLookupFailed), (report.Verdict, report.Reason));
        Assert.Equal("The SRV lookup of _imaps._tcp.example.org failed, so clients cannot connect.", report.Explanation);
        Assert.Contains(report.Findings, finding => finding.Code == FindingCodes.SrvLookupFailed);
    }

    [Fact, Rule("R72")]
    public async Task Insecure_SRV_records_promise_nothing()
    {
        var world = Offer(World.Sound().Srv("_imaps._tcp.example.org", Security.Insecure, (0, 1, 993, "imap.example.net")).Address("imap.example.net", "192.0.2.9").Tlsa("_993._tcp.imap.example.net", World.RsaRecord), "192.0.2.9", 993);

        var report = await CheckAsync(world);

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.Equal(CheckReason.SrvInsecure, report.Hosts[1].Reason);
        Assert.Contains(report.Findings, finding => finding.Code == FindingCodes.SrvInsecure);
    }

    [Fact]
    public async Task That_SRV_records_are_absent_or_say_that_a_service_is_not_offered_is_nothing_to_tell()
    {
        var report = await CheckAsync(World.Sound().Srv("_pop3._tcp.example.org", (0, 0, 0, ".")));

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.Empty(report.Findings);
    }

    [Fact]
    public async Task A_target_of_SRV_records_that_cannot_be_reached_is_undetermined_where_it_promises_DANE()
    {
        var world = World.Sound().Srv("_imaps._tcp.example.org", (0, 1, 993, "imap.example.net")).Address("imap.example.net", "192.0.2.9").Tlsa("_993._tcp.imap.example.net", World.EcRecord);

        var report = await CheckAsync(world);

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.HostUndetermined), (report.Verdict, report.Reason));
        Assert.Equal("imap.example.net:993 could not be judged.", report.Explanation);
    }

    [Fact]
    public async Task Records_for_a_port_where_nobody_listens_are_told_and_stop_nobody()
    {
        var world = World.Sound().Tlsa("_995._tcp.mx.example.org", World.EcRecord).Tlsa("_110._tcp.mx.example.org", World.EcRecord);

        var report = await CheckAsync(world);

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        var finding = Assert.Single(report.Findings);
        Assert.Equal((FindingCodes.ServiceRecordUnused, Severity.Warning, "mx.example.org"), (finding.Code, finding.Severity, finding.Subject));
        Assert.Contains("for ports 110 and 995, where nobody listens", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wildcard_for_every_port_promises_no_service()
    {
        var world = World.Sound();
        foreach (var (port, _) in Ports) world.Tlsa($"_{port}._tcp.mx.example.org", World.EcRecord);
        world.Tlsa("_danelaw._tcp.mx.example.org", World.EcRecord).Serve("192.0.2.1", 995, KeyAlgorithm.Any, target => new() { Target = target, Outcome = ProbeOutcome.TimedOut, Detail = "no connection in time" });

        var report = await CheckAsync(world);

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.Single(report.Hosts);
        Assert.Empty(report.Findings);
    }

    [Fact]
    public async Task Records_for_a_port_that_says_nothing_leave_the_whole_undetermined()
    {
        var world = World.Sound().Tlsa("_993._tcp.mx.example.org", World.EcRecord).Serve("192.0.2.1", 993, KeyAlgorithm.Any, target => new() { Target = target, Outcome = ProbeOutcome.TimedOut, Detail = "no connection in time" });

        Assert.Equal(CheckVerdict.Undetermined, (await CheckAsync(world)).Verdict);
    }

    [Theory]
    [InlineData(RecordType.A)]
    [InlineData(RecordType.TLSA)]
    public async Task What_cannot_be_looked_up_is_not_known_to_be_absent(RecordType failing)
    {
        var world = World.Sound().Address("mail.example.org", "192.0.2.7");
        if (failing == RecordType.A) world.Fail("mail.example.org", RecordType.A).Fail("mail.example.org", RecordType.AAAA);
        else world.Fail("_993._tcp.mail.example.org", RecordType.TLSA);

        var report = await CheckAsync(world);

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.HostUndetermined), (report.Verdict, report.Reason));
        Assert.DoesNotContain("192.0.2.7:993", world.Probed.Select(probe => probe.Address.ToString()));
    }

    [Fact]
    public async Task An_option_names_a_service_elsewhere()
    {
        Assert.True(CheckTarget.TryParse("imaps://imap.example.net", out var also, out _));
        Assert.True(CheckTarget.TryParse("xmpp-client://example.org:5222", out var chat, out _));
        var world = Offer(World.Sound().Address("imap.example.net", "192.0.2.9").Tlsa("_993._tcp.imap.example.net", World.RsaRecord), "192.0.2.9", 993);

        var report = await CheckAsync(world, also, chat);

        Assert.Equal(CheckVerdict.Failing, report.Verdict);
        Assert.Equal([("mx.example.org.", 25), ("imap.example.net.", 993), ("example.org.", 5222)], report.Hosts.Select(host => (host.Name.ToString(), (int)host.Port)));
        Assert.Equal(ServiceProtocol.XmppClient, report.Services[^1].Service);
    }

    [Fact, Rule("R72")]
    public async Task What_an_option_names_is_judged_though_insecure_SRV_records_name_it_too()
    {
        Assert.True(CheckTarget.TryParse("imaps://imap.example.net", out var also, out _));
        var world = Offer(World.Sound().Srv("_imaps._tcp.example.org", Security.Insecure, (0, 1, 993, "imap.example.net")).Address("imap.example.net", "192.0.2.9").Tlsa("_993._tcp.imap.example.net", World.RsaRecord), "192.0.2.9", 993);

        var report = await CheckAsync(world, also);

        Assert.Equal((CheckVerdict.Failing, CheckReason.HostFailing), (report.Verdict, report.Reason));
        Assert.Equal([(25, CheckReason.AllMatch), (993, CheckReason.SrvInsecure), (993, CheckReason.Mismatch)], report.Hosts.Select(host => ((int)host.Port, host.Reason)));
    }

    [Fact, Rule("R74")]
    public async Task What_an_option_names_is_not_judged_by_the_names_that_SRV_records_add()
    {
        Assert.True(CheckTarget.TryParse("imaps://imap.example.net", out var also, out _));
        var root = Forge.Root("CA").Make();
        var leaf = Forge.Leaf("example.org", "CA").Make();
        var world = World.Sound().Srv("_imaps._tcp.example.org", (0, 1, 993, "imap.example.net")).Address("imap.example.net", "192.0.2.9").Tlsa("_993._tcp.imap.example.net", World.Record(root, TlsaUsage.DaneTa, TlsaSelector.Certificate));
        world.Serve("192.0.2.9", 993, KeyAlgorithm.Any, target => World.Shown(target, leaf, root));

        var report = await CheckAsync(world, also);

        Assert.Equal(CheckVerdict.Failing, report.Verdict);
        Assert.Equal([(25, CheckVerdict.Verified), (993, CheckVerdict.Verified), (993, CheckVerdict.Failing)], report.Hosts.Select(host => ((int)host.Port, host.Verdict)));
    }

    [Fact, Rule("R72")]
    public async Task Insecure_SRV_records_hide_nothing_of_what_is_open_at_a_mail_host()
    {
        var world = Offer(World.Sound().Tlsa("_993._tcp.mx.example.org", World.RsaRecord), "192.0.2.1", 993).Srv("_imaps._tcp.example.org", Security.Insecure, (0, 1, 993, "mx.example.org"));

        var report = await CheckAsync(world);

        Assert.Equal((CheckVerdict.Failing, CheckReason.HostFailing), (report.Verdict, report.Reason));
        Assert.Equal([(25, CheckReason.AllMatch), (993, CheckReason.SrvInsecure), (993, CheckReason.Mismatch)], report.Hosts.Select(host => ((int)host.Port, host.Reason)));
    }

    [Fact]
    public async Task A_guess_without_records_is_no_row_beside_that_of_insecure_SRV_records()
    {
        var world = Offer(World.Sound(), "192.0.2.1", 993).Srv("_imaps._tcp.example.org", Security.Insecure, (0, 1, 993, "mx.example.org"));

        var report = await CheckAsync(world);

        Assert.Equal([(25, CheckReason.AllMatch), (993, CheckReason.SrvInsecure)], report.Hosts.Select(host => ((int)host.Port, host.Reason)));
    }

    [Fact]
    public async Task A_guess_that_secure_SRV_records_name_is_looked_at_once()
    {
        var world = Offer(World.Sound().Tlsa("_993._tcp.mx.example.org", World.EcRecord), "192.0.2.1", 993).Srv("_imaps._tcp.example.org", (0, 1, 993, "mx.example.org"));

        var report = await CheckAsync(world);

        Assert.Equal([(25, CheckVerdict.Verified), (993, CheckVerdict.Verified)], report.Hosts.Select(host => ((int)host.Port, host.Verdict)));
    }

    [Fact]
    public async Task Names_that_lead_to_one_place_are_looked_at_once()
    {
        var world = Offer(World.Sound().Tlsa("_993._tcp.mx.example.org", World.EcRecord), "192.0.2.1", 993);
        foreach (var type in new[] { RecordType.A, RecordType.AAAA }) world.Alias("mail.example.org", type, [("mx.example.org", Security.Secure)], Security.Secure, type == RecordType.A ? ["192.0.2.1"] : []);

        var report = await CheckAsync(world);

        Assert.Equal([("mx.example.org.", 25), ("mx.example.org.", 993)], report.Hosts.Select(host => (host.Name.ToString(), (int)host.Port)));
        Assert.Distinct(world.Probed.Select(probe => $"{probe}"));
    }

    [Fact]
    public async Task A_port_that_is_closed_under_one_name_is_not_knocked_at_under_another()
    {
        var world = World.Sound().Address("mail.example.org", "192.0.2.1").Address("imap.example.org", "192.0.2.1").Tlsa("_993._tcp.mail.example.org", World.EcRecord);

        var report = await CheckAsync(world);

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.Equal((FindingCodes.ServiceRecordUnused, "mail.example.org"), (Assert.Single(report.Findings).Code, report.Findings[0].Subject));
        Assert.Equal(Ports.Select(port => port.Port).Order(), world.Probed.Select(probe => probe.Address.Port).Where(port => port != 25).Order());
    }

    [Fact]
    public async Task A_port_that_is_open_is_looked_at_by_each_name()
    {
        var world = Offer(World.Sound().Address("mail.example.org", "192.0.2.1").Tlsa("_993._tcp.mail.example.org", World.RsaRecord), "192.0.2.1", 993);

        var report = await CheckAsync(world);

        Assert.Equal([("mx.example.org.", CheckVerdict.Unprotected), ("mail.example.org.", CheckVerdict.Failing)], report.Hosts.Where(host => host.Port == 993).Select(host => (host.Name.ToString(), host.Verdict)));
    }

    [Fact]
    public async Task The_verdict_on_an_unprotected_domain_stays_though_another_service_is_protected()
    {
        var world = Offer(World.Sound().Mx("example.org", Security.Insecure, (10, "mx.example.org")).Tlsa("_993._tcp.mx.example.org", World.EcRecord), "192.0.2.1", 993);

        var report = await CheckAsync(world);

        Assert.Equal((CheckVerdict.Unprotected, CheckReason.MxInsecure), (report.Verdict, report.Reason));
        Assert.Equal(CheckVerdict.Verified, report.Hosts[1].Verdict);
        Assert.DoesNotContain(report.Findings, finding => finding.Code == FindingCodes.MxSomeUnprotected);
    }

    [Fact]
    public async Task A_domain_that_takes_no_mail_may_offer_the_rest()
    {
        var world = Offer(World.Sound().Mx("example.org", (0, ".")).Address("imap.example.org", "192.0.2.9").Tlsa("_993._tcp.imap.example.org", World.EcRecord), "192.0.2.9", 993);

        var report = await CheckAsync(world);

        Assert.Equal((CheckVerdict.Unprotected, CheckReason.NullMx), (report.Verdict, report.Reason));
        Assert.Equal("imap.example.org.", Assert.Single(report.Hosts).Name.ToString());
    }

    [Fact, Rule("R36"), Rfc(7672, "3.1.3")]
    public async Task PKIX_usages_count_at_every_port_but_25()
    {
        var world = Offer(World.Sound(), "192.0.2.1", 587).Tlsa("_587._tcp.mx.example.org", World.Record(World.EcLeaf, TlsaUsage.PkixEe)).Tlsa("_25._tcp.mx.example.org", World.Record(World.EcLeaf, TlsaUsage.PkixEe));

        var report = await CheckAsync(world);

        // Nobody is trusted here, so what is usable does not match, and what is not leaves TLS unauthenticated.
        Assert.Equal([CheckVerdict.Partial, CheckVerdict.Failing], report.Hosts.Select(host => host.Verdict));
    }

    [Fact]
    public async Task Without_the_option_no_other_port_is_looked_at()
    {
        var world = Offer(World.Sound(), "192.0.2.1", 993).Srv("_imaps._tcp.example.org", (0, 1, 993, "mx.example.org"));

        var report = await world.CheckAsync("example.org");

        Assert.Single(report.Hosts);
        Assert.Empty(report.Services);
        Assert.Equal([25], world.Probed.Select(probe => probe.Address.Port).Distinct());
    }

    private static World Offer(World world, string address, int port) => world.Serve(address, port, KeyAlgorithm.Any, target => World.Shown(target, World.EcLeaf));

    private static Task<CheckReport> CheckAsync(World world, params CheckTarget[] also) => world.CheckAsync("example.org", new() { AllServices = true, Also = [.. also] });
}
