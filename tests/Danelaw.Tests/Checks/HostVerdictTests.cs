using Danelaw.Checks;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;
using Danelaw.Probes;
using Danelaw.Tlsa;

namespace Danelaw.Tests.Checks;

/// <summary>The table of verdicts on a host, clause by clause.</summary>
public sealed class HostVerdictTests
{
    [Fact, Rule("R03"), Rule("R28")]
    public async Task Every_address_and_key_that_answers_matches_so_the_host_is_verified()
    {
        var world = World.Sound().Address("mx.example.org", "192.0.2.1", "2001:db8::1").Serve("2001:db8::1", World.EcLeaf);

        var host = await HostAsync(world);

        Assert.Equal((CheckVerdict.Verified, CheckReason.AllMatch), (host.Verdict, host.Reason));
        Assert.Equal(["192.0.2.1", "2001:db8::1"], host.Addresses.Select(address => address.ToString()));
    }

    [Fact]
    public async Task A_wrong_second_address_is_failing()
    {
        var host = await HostAsync(World.Sound().Address("mx.example.org", "192.0.2.1", "2001:db8::1").Serve("2001:db8::1", World.OtherEcLeaf));

        Assert.Equal((CheckVerdict.Failing, CheckReason.Mismatch), (host.Verdict, host.Reason));
    }

    [Fact]
    public async Task A_wrong_second_key_is_failing()
    {
        var world = World.Sound().Serve("192.0.2.1", KeyAlgorithm.Rsa, World.RsaLeaf);

        var host = await HostAsync(world);

        Assert.Equal((CheckVerdict.Failing, CheckReason.Mismatch), (host.Verdict, host.Reason));
        Assert.Equal([KeyAlgorithm.Rsa, KeyAlgorithm.Ecdsa, KeyAlgorithm.Eddsa], host.Endpoints.Select(endpoint => endpoint.Algorithm));
    }

    [Fact]
    public async Task Both_keys_with_their_records_are_verified()
    {
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", World.EcRecord, World.RsaRecord).Serve("192.0.2.1", KeyAlgorithm.Rsa, World.RsaLeaf);

        var host = await HostAsync(world);

        Assert.Equal(CheckVerdict.Verified, host.Verdict);
        Assert.All(host.Records, record => Assert.Equal(RecordState.Matching, record.State));
    }

    [Theory]
    [InlineData(ProbeOutcome.StartTlsNotOffered, CheckReason.StartTlsNotOffered)]
    [InlineData(ProbeOutcome.StartTlsRefused, CheckReason.StartTlsRefused)]
    [InlineData(ProbeOutcome.HandshakeFailed, CheckReason.TlsFailed)]
    [InlineData(ProbeOutcome.PlainTextAfterStartTls, CheckReason.PlainTextAfterStartTls)]
    public async Task Without_the_promised_TLS_on_some_address_mail_stops(ProbeOutcome outcome, CheckReason reason)
    {
        var host = await HostAsync(World.Sound().Address("mx.example.org", "192.0.2.1", "192.0.2.2").Refuse("192.0.2.2", outcome));

        Assert.Equal((CheckVerdict.Failing, reason), (host.Verdict, host.Reason));
    }

    [Theory]
    [InlineData(ProbeOutcome.StartTlsNotOffered, CheckReason.StartTlsNotOffered)]
    [InlineData(ProbeOutcome.HandshakeFailed, CheckReason.TlsFailed)]
    [Rule("R29")]
    public async Task Unusable_records_promise_TLS_all_the_same(ProbeOutcome outcome, CheckReason reason)
    {
        var host = await HostAsync(World.Sound().Tlsa("_25._tcp.mx.example.org", Unusable).Refuse("192.0.2.1", outcome));

        Assert.Equal((CheckVerdict.Failing, reason), (host.Verdict, host.Reason));
    }

    [Fact, Rule("R29")]
    public async Task Only_unusable_records_and_TLS_that_works_are_partial()
    {
        var host = await HostAsync(World.Sound().Tlsa("_25._tcp.mx.example.org", Unusable));

        Assert.Equal((CheckVerdict.Partial, CheckReason.NoUsableTlsa), (host.Verdict, host.Reason));
        Assert.Equal(RecordState.Unusable, Assert.Single(host.Records).State);
    }

    [Fact, Rule("R35")]
    public async Task A_record_too_short_to_read_counts_as_present_and_unusable()
    {
        var host = await HostAsync(World.Sound().Put("_25._tcp.mx.example.org", RecordType.TLSA, Security.Secure, [new(new byte[] { 3, 1 })]));

        Assert.Equal((CheckVerdict.Partial, CheckReason.NoUsableTlsa), (host.Verdict, host.Reason));
    }

    [Theory]
    [InlineData(ProbeOutcome.Refused)]
    [InlineData(ProbeOutcome.TimedOut)]
    [InlineData(ProbeOutcome.Closed)]
    [InlineData(ProbeOutcome.GreetingRefused)]
    [InlineData(ProbeOutcome.ProtocolError)]
    [InlineData(ProbeOutcome.HandshakeInterrupted)]
    public async Task A_host_of_which_nothing_could_be_tested_is_unreachable_and_no_mismatch(ProbeOutcome outcome)
    {
        var report = await World.Sound().Refuse("192.0.2.1", outcome).CheckAsync("example.org");

        Assert.Equal((CheckVerdict.Unreachable, CheckReason.NoEndpointTested), (report.Hosts[0].Verdict, report.Hosts[0].Reason));
        Assert.Equal(CheckVerdict.Undetermined, report.Verdict);
        Assert.DoesNotContain(report.Findings, finding => finding.Code == FindingCodes.TlsaMismatch);
    }

    [Fact]
    public async Task An_address_that_does_not_answer_beside_one_that_matches_is_a_warning()
    {
        var report = await World.Sound().Address("mx.example.org", "192.0.2.1", "2001:db8::1").CheckAsync("example.org");

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.Contains(report.Findings, finding => finding is { Code: FindingCodes.TlsUntested, Severity: Severity.Warning });
    }

    [Theory]
    [InlineData(ProbeOutcome.Refused, CheckVerdict.Verified, CheckReason.AllMatch)]
    [InlineData(ProbeOutcome.TimedOut, CheckVerdict.Verified, CheckReason.AllMatch)]
    [InlineData(ProbeOutcome.Closed, CheckVerdict.Verified, CheckReason.AllMatch)]
    [InlineData(ProbeOutcome.GreetingRefused, CheckVerdict.Verified, CheckReason.AllMatch)]
    [InlineData(ProbeOutcome.ProtocolError, CheckVerdict.Undetermined, CheckReason.NoHandshake)]
    [InlineData(ProbeOutcome.HandshakeInterrupted, CheckVerdict.Undetermined, CheckReason.NoHandshake)]
    public async Task An_address_that_answers_and_shakes_no_hands_is_not_verified_by_another_that_matches(ProbeOutcome outcome, CheckVerdict verdict, CheckReason reason)
    {
        var report = await World.Sound().Address("mx.example.org", "192.0.2.1", "2001:db8::1").Refuse("2001:db8::1", outcome).CheckAsync("example.org");

        Assert.Equal((verdict, reason), (report.Hosts[0].Verdict, report.Hosts[0].Reason));
        Assert.Equal((verdict, reason), (report.Verdict, report.Reason));
        Assert.Contains(report.Findings, finding => finding is { Code: FindingCodes.TlsUntested, Severity: Severity.Warning });
    }

    [Fact]
    public async Task A_mismatch_outranks_an_address_that_shakes_no_hands()
    {
        var report = await World.Sound().Address("mx.example.org", "192.0.2.1", "2001:db8::1").Serve("192.0.2.1", World.RsaLeaf).Refuse("2001:db8::1", ProbeOutcome.HandshakeInterrupted).CheckAsync("example.org");

        Assert.Equal((CheckVerdict.Failing, CheckReason.Mismatch), (report.Hosts[0].Verdict, report.Hosts[0].Reason));
    }

    [Fact, Rule("R15")]
    public async Task A_host_that_securely_has_no_address_is_unreachable()
    {
        var host = await HostAsync(World.Sound().Address("mx.example.org"));

        Assert.Equal((CheckVerdict.Unreachable, CheckReason.NoAddress), (host.Verdict, host.Reason));
        Assert.Equal((SenderAction.SkipHost, "R15"), (host.Sender.Action, host.Sender.Rule));
    }

    [Theory]
    [InlineData(Security.Indeterminate, ResponseCode.ServerFailure)]
    [InlineData(Security.Indeterminate, null)]
    [InlineData(Security.Bogus, ResponseCode.NoError)]
    [InlineData(Security.Secure, ResponseCode.YXDomain)]
    [InlineData(Security.Insecure, ResponseCode.Refused)]
    [Rule("R05"), Rule("R08")]
    public async Task Addresses_that_cannot_be_looked_up_leave_the_host_undetermined(Security security, ResponseCode? code)
    {
        var world = World.Sound().Fail("mx.example.org", RecordType.A, security, code: code).Fail("mx.example.org", RecordType.AAAA, security, code: code);

        var host = await HostAsync(world);

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.AddressLookupFailed), (host.Verdict, host.Reason));
        Assert.Equal((SenderAction.SkipHost, "R08"), (host.Sender.Action, host.Sender.Rule));
        Assert.Empty(world.Probed);
    }

    [Fact, Rule("R08")]
    public async Task Of_two_families_the_one_that_answered_is_judged_with_a_warning()
    {
        var report = await World.Sound().Fail("mx.example.org", RecordType.AAAA).CheckAsync("example.org");

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.Contains(report.Findings, finding => finding is { Code: FindingCodes.MxAddressLookupFailed, Severity: Severity.Warning });
    }

    [Fact, Rule("R08")]
    public async Task A_family_that_failed_beside_one_without_addresses_leaves_the_host_undetermined()
    {
        var host = await HostAsync(World.Sound().Address("mx.example.org").Fail("mx.example.org", RecordType.AAAA));

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.AddressLookupFailed), (host.Verdict, host.Reason));
    }

    [Theory]
    [InlineData(Security.Indeterminate, ResponseCode.ServerFailure)]
    [InlineData(Security.Indeterminate, null)]
    [InlineData(Security.Bogus, ResponseCode.NoError)]
    [InlineData(Security.Secure, ResponseCode.YXDomain)]
    [InlineData(Security.Indeterminate, ResponseCode.NoError)]
    [Rule("R04"), Rule("R05"), Rule("R09")]
    public async Task A_TLSA_lookup_that_fails_leaves_the_host_undetermined_and_unconnected(Security security, ResponseCode? code)
    {
        var world = World.Sound().Fail("_25._tcp.mx.example.org", RecordType.TLSA, security, code: code);

        var host = await HostAsync(world);

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.TlsaLookupFailed), (host.Verdict, host.Reason));
        Assert.Equal((SenderAction.SkipHost, "R09"), (host.Sender.Action, host.Sender.Rule));
        Assert.Empty(world.Probed);
    }

    [Theory]
    [InlineData(Security.Secure, ResponseCode.NoError)]
    [InlineData(Security.Secure, ResponseCode.NameError)]
    [InlineData(Security.Insecure, ResponseCode.NoError)]
    [InlineData(Security.Insecure, ResponseCode.NameError)]
    [Rule("R06"), Rule("R30")]
    public async Task Absent_TLSA_is_unprotected_whether_the_denial_is_secure_or_not(Security security, ResponseCode code)
    {
        var host = await HostAsync(World.Sound().Absent("_25._tcp.mx.example.org", RecordType.TLSA, security, code));

        Assert.Equal((CheckVerdict.Unprotected, CheckReason.NoTlsa), (host.Verdict, host.Reason));
        Assert.Equal((SenderAction.DeliverOpportunistically, "R30"), (host.Sender.Action, host.Sender.Rule));
    }

    [Fact, Rule("R03")]
    public async Task Insecure_TLSA_is_not_used_even_when_it_matches()
    {
        var report = await World.Sound().Tlsa("_25._tcp.mx.example.org", Security.Insecure, World.EcRecord).CheckAsync("example.org");

        Assert.Equal((CheckVerdict.Unprotected, CheckReason.TlsaInsecure), (report.Hosts[0].Verdict, report.Hosts[0].Reason));
        Assert.All(report.Hosts[0].Endpoints, endpoint => Assert.Null(endpoint.Verdict));
        Assert.Contains(report.Findings, finding => finding.Code == FindingCodes.TlsaInsecure);
    }

    [Fact, Rule("R04"), Rule("R14"), Rule("R30")]
    public async Task Insecure_addresses_are_unprotected_and_a_failing_TLSA_lookup_there_changes_nothing()
    {
        var world = World.Sound().Address("mx.example.org", Security.Insecure, "192.0.2.1").Fail("_25._tcp.mx.example.org", RecordType.TLSA);

        var host = await HostAsync(world);

        Assert.Equal((CheckVerdict.Unprotected, CheckReason.AddressInsecure), (host.Verdict, host.Reason));
        Assert.Equal(SenderAction.DeliverOpportunistically, host.Sender.Action);
    }

    [Fact, Rule("R14")]
    public async Task TLSA_above_insecure_addresses_is_told_and_not_used()
    {
        var report = await World.Sound().Address("mx.example.org", Security.Insecure, "192.0.2.1").CheckAsync("example.org");

        Assert.Equal((CheckVerdict.Unprotected, CheckReason.AddressInsecure), (report.Hosts[0].Verdict, report.Hosts[0].Reason));
        Assert.Empty(report.Hosts[0].Records);
        Assert.Contains(report.Findings, finding => finding.Code == FindingCodes.TlsaInsecure);
    }

    [Fact]
    public async Task A_mismatch_that_was_seen_outranks_what_could_not_be_looked_up()
    {
        var world = World.Sound().Fail("mx.example.org", RecordType.AAAA).Serve("192.0.2.1", World.OtherEcLeaf);

        Assert.Equal(CheckVerdict.Failing, (await HostAsync(world)).Verdict);
    }

    [Fact]
    public async Task A_key_that_the_server_does_not_have_is_no_failure()
    {
        var report = await World.Sound().Refuse("192.0.2.1", ProbeOutcome.AlgorithmNotOffered, KeyAlgorithm.Rsa).CheckAsync("example.org");

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.Empty(report.Findings);
    }

    [Fact, Rule("R28")]
    public async Task A_certificate_whose_key_is_not_proven_makes_no_record_match()
    {
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", World.EcRecord, World.RsaRecord).Seen("192.0.2.1", KeyAlgorithm.Rsa, World.RsaLeaf);

        var host = await HostAsync(world);

        Assert.Equal(CheckVerdict.Verified, host.Verdict);
        Assert.Equal((KeyAlgorithm.Rsa, null), (host.Endpoints[0].Algorithm, host.Endpoints[0].Verdict));
        Assert.Equal([RecordState.Other, RecordState.Matching], host.Records.Select(record => record.State).Order());
    }

    [Fact, Rule("R28")]
    public async Task A_certificate_whose_key_is_not_proven_is_failing_when_no_record_matches_it()
    {
        var report = await World.Sound().Seen("192.0.2.1", KeyAlgorithm.Rsa, World.RsaLeaf).CheckAsync("example.org");

        Assert.Equal((CheckVerdict.Failing, CheckReason.Mismatch), (report.Hosts[0].Verdict, report.Hosts[0].Reason));
        Assert.Equal([FindingCodes.TlsPossessionUnproven, FindingCodes.TlsaMismatch], report.Findings.Select(finding => finding.Code).Order(StringComparer.Ordinal));
    }

    [Fact, Rule("R28")]
    public async Task Where_no_key_is_proven_at_all_nothing_is_verified()
    {
        var report = await World.Sound().Seen("192.0.2.1", KeyAlgorithm.Any, World.EcLeaf).CheckAsync("example.org");

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.PossessionNotProven), (report.Hosts[0].Verdict, report.Hosts[0].Reason));
        Assert.NotEqual(SenderAction.DeliverAuthenticated, report.Hosts[0].Sender.Action);
        Assert.All(report.Hosts[0].Records, record => Assert.Equal(RecordState.Other, record.State));
        Assert.Equal((FindingCodes.TlsPossessionUnproven, Severity.Warning), (report.Findings[0].Code, report.Findings[0].Severity));
    }

    [Fact]
    public async Task Whoever_signs_with_another_key_than_it_shows_is_told_so()
    {
        var report = await World.Sound().Refuse("192.0.2.1", ProbeOutcome.HandshakeFailed, KeyAlgorithm.Rsa, HandshakeFaults.NotProven + " (decrypt_error)").CheckAsync("example.org");

        Assert.Equal((CheckVerdict.Failing, CheckReason.TlsFailed), (report.Hosts[0].Verdict, report.Hosts[0].Reason));
        Assert.Equal((FindingCodes.TlsPossessionUnproven, Severity.Error), (Assert.Single(report.Findings).Code, report.Findings[0].Severity));
    }

    [Fact]
    public async Task A_key_that_could_not_be_asked_for_is_a_note()
    {
        var report = await World.Sound().Refuse("192.0.2.1", ProbeOutcome.AlgorithmNotAsked, KeyAlgorithm.Rsa, "no RSA key in TLSv1.3").CheckAsync("example.org");

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.Equal((FindingCodes.TlsKeyNotAsked, Severity.Note), (Assert.Single(report.Findings).Code, report.Findings[0].Severity));
    }

    [Fact]
    public async Task It_names_the_port_of_mail_programs()
    {
        var world = World.Sound().Serve("192.0.2.1", 993, KeyAlgorithm.Any, target => new() { Target = target, Outcome = ProbeOutcome.AlgorithmNotAsked, Detail = "no RSA key in TLSv1.3" });

        var report = await world.CheckAsync("imaps://mx.example.org");

        Assert.Contains(report.Findings, finding => finding.Code == FindingCodes.TlsKeyNotAsked && finding.Text.Contains("at 192.0.2.1, port 993: no RSA key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Kinds_of_keys_at_which_a_server_breaks_off_are_one_note()
    {
        var world = World.Sound().Refuse("192.0.2.1", ProbeOutcome.HandshakeInterrupted, KeyAlgorithm.Rsa, "reset").Refuse("192.0.2.1", ProbeOutcome.HandshakeInterrupted, KeyAlgorithm.Eddsa, "closed");

        var report = await world.CheckAsync("example.org");

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        var note = Assert.Single(report.Findings);
        Assert.Equal((FindingCodes.TlsKeyNotAsked, Severity.Note), (note.Code, note.Severity));
        Assert.Contains("when asked for an RSA key or an EdDSA key alone", note.Text, StringComparison.Ordinal);
    }

    [Fact, Rule("R20")]
    public async Task An_MX_that_is_an_address_is_unprotected_and_not_connected_to()
    {
        var world = World.Sound().Mx("example.org", (10, "192.0.2.1."));

        var report = await world.CheckAsync("example.org");

        Assert.Equal((CheckVerdict.Unprotected, CheckReason.AddressLiteral), (report.Hosts[0].Verdict, report.Hosts[0].Reason));
        Assert.Equal("R20", report.Hosts[0].Sender.Rule);
        Assert.Empty(world.Probed);
        Assert.Contains(report.Findings, finding => finding.Code == FindingCodes.MxAddress);
    }

    private static TlsaRecord Unusable => new((TlsaUsage)9, TlsaSelector.PublicKey, TlsaMatching.Sha256, World.EcRecord.Data);

    private static async Task<HostReport> HostAsync(World world) => Assert.Single((await world.CheckAsync("example.org")).Hosts);
}
