using Danelaw.Checks;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Probes;
using Danelaw.Tests.Certificates;
using Danelaw.Tlsa;

namespace Danelaw.Tests.Checks;

/// <summary>What is found, and that each finding names the thing and the mend.</summary>
public sealed class FindingTests
{
    private static readonly Octets Root = Forge.Root("Root").Make();
    private static readonly Octets Intermediate = Forge.Intermediate("Some CA", "Root").Make();

    [Fact]
    public async Task A_sound_domain_has_no_findings()
    {
        Assert.Empty((await World.Sound().CheckAsync("example.org")).Findings);
    }

    [Fact]
    public async Task No_TLSA_gives_the_line_to_publish_for_each_key()
    {
        var world = World.Sound().Absent("_25._tcp.mx.example.org", RecordType.TLSA).Serve("192.0.2.1", KeyAlgorithm.Rsa, World.RsaLeaf);

        var finding = await OnlyAsync(world, FindingCodes.TlsaNone, Severity.Warning);

        Assert.Contains($"\n_25._tcp.mx.example.org. 3600 IN TLSA {World.EcRecord}\n", finding.Mend, StringComparison.Ordinal);
        Assert.Contains($"\n_25._tcp.mx.example.org. 3600 IN TLSA {World.RsaRecord}\n", finding.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mismatch_names_the_served_key_the_published_records_and_the_line_to_publish()
    {
        var finding = await OnlyAsync(World.Sound().Serve("192.0.2.1", World.OtherEcLeaf), FindingCodes.TlsaMismatch, Severity.Error);

        Assert.Contains("an ECDSA key", finding.Text, StringComparison.Ordinal);
        Assert.Contains(World.EcRecord.ToString()[..22], finding.Text, StringComparison.Ordinal);
        Assert.Contains(World.Record(World.OtherEcLeaf).ToString()[..22], finding.Text, StringComparison.Ordinal);
        Assert.Contains($"_25._tcp.mx.example.org. 3600 IN TLSA {World.Record(World.OtherEcLeaf)}", finding.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mismatch_beside_a_match_says_to_keep_the_record_that_matches()
    {
        var other = await OnlyAsync(World.Sound().Address("mx.example.org", "192.0.2.1", "192.0.2.2").Serve("192.0.2.2", World.OtherEcLeaf), FindingCodes.TlsaMismatch, Severity.Error);
        Assert.Contains("keep the one that matches", other.Mend, StringComparison.Ordinal);
        Assert.Contains($"_25._tcp.mx.example.org. 3600 IN TLSA {World.Record(World.OtherEcLeaf)}", other.Mend, StringComparison.Ordinal);

        var alone = await OnlyAsync(World.Sound().Serve("192.0.2.1", World.OtherEcLeaf), FindingCodes.TlsaMismatch, Severity.Error);
        Assert.DoesNotContain("keep the one", alone.Mend, StringComparison.Ordinal);
    }

    /// <summary>A man in the middle shows a key as well: what says whose it is comes before the record of it, whatever the reason for which it was refused.</summary>
    [Theory]
    [InlineData(FindingCodes.TlsaMismatch)]
    [InlineData(FindingCodes.TlsAnchorMissing)]
    [InlineData(FindingCodes.TlsExpired)]
    [InlineData(FindingCodes.TlsNameMismatch)]
    public async Task A_record_of_a_key_that_was_shown_is_offered_behind_the_question_whose_it_is(string code)
    {
        var shown = code switch
        {
            FindingCodes.TlsExpired => (Forge.Leaf("mx.example.org", "Some CA") with { NotAfter = Forge.Now.AddDays(-1) }).Make(),
            FindingCodes.TlsNameMismatch => Forge.Leaf("www.example.net", "Some CA").Make(),
            _ => World.OtherEcLeaf,
        };
        var world = code switch
        {
            FindingCodes.TlsaMismatch => World.Sound().Serve("192.0.2.1", shown),
            FindingCodes.TlsAnchorMissing => World.Sound().Tlsa("_25._tcp.mx.example.org", World.Record(Intermediate, TlsaUsage.DaneTa, TlsaSelector.Certificate)).Serve("192.0.2.1", shown),
            _ => World.Sound().Tlsa("_25._tcp.mx.example.org", World.Record(Intermediate, TlsaUsage.DaneTa)).Serve("192.0.2.1", shown, Intermediate),
        };

        var finding = await OnlyAsync(world, code, Severity.Error);

        var record = finding.Mend.IndexOf($"_25._tcp.mx.example.org. 3600 IN TLSA {World.Record(shown)}", StringComparison.Ordinal);
        Assert.InRange(finding.Mend.IndexOf("\ndanelaw tlsa compare mx.example.org FILE\n", StringComparison.Ordinal), 0, record);
        Assert.Contains("somebody is in between", finding.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_record_says_whose_a_key_is_the_line_for_it_comes_with_the_question()
    {
        var none = await OnlyAsync(World.Sound().Absent("_25._tcp.mx.example.org", RecordType.TLSA), FindingCodes.TlsaNone, Severity.Warning);
        Assert.Contains("only a key that is yours, which this sees in the file that the server reads:\ndanelaw tlsa compare mx.example.org FILE\n", none.Mend, StringComparison.Ordinal);

        // The record that matches says it.
        var known = await OnlyAsync(World.Sound().Tlsa("_25._tcp.mx.example.org", World.Record(World.EcLeaf, selector: TlsaSelector.Certificate)), FindingCodes.TlsaSelectorCertificate, Severity.Warning);
        Assert.DoesNotContain("tlsa compare", known.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_mismatch_at_two_addresses_is_one_finding()
    {
        var world = World.Sound().Address("mx.example.org", "192.0.2.1", "192.0.2.2").Serve("192.0.2.1", World.OtherEcLeaf).Serve("192.0.2.2", World.OtherEcLeaf);

        var finding = await OnlyAsync(world, FindingCodes.TlsaMismatch, Severity.Error);

        Assert.Contains("192.0.2.1 and 192.0.2.2", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_matches_nothing_beside_one_that_does_is_a_note()
    {
        await OnlyAsync(World.Sound().Tlsa("_25._tcp.mx.example.org", World.EcRecord, World.Record(World.OtherEcLeaf)), FindingCodes.TlsaUnmatched, Severity.Note);
    }

    [Fact]
    public async Task With_the_next_certificate_named_records_are_next_or_stale()
    {
        var stale = World.Record(World.RsaLeaf);
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", World.EcRecord, World.Record(World.OtherEcLeaf), stale);

        var report = await world.CheckAsync("example.org", new() { Next = [World.OtherEcLeaf] });

        Assert.Equal(RecordState.Matching, StateOf(report, World.EcRecord));
        Assert.Equal(RecordState.Next, StateOf(report, World.Record(World.OtherEcLeaf)));
        Assert.Equal(RecordState.Stale, StateOf(report, stale));
        Assert.Contains(report.Findings, finding => finding is { Code: FindingCodes.TlsaUnmatched, Severity: Severity.Warning } && finding.Mend.Contains(stale.ToString(), StringComparison.Ordinal));
    }

    [Fact, Rule("R64")]
    public async Task Of_several_keys_to_come_none_is_stale()
    {
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", World.EcRecord, World.Record(World.OtherEcLeaf), World.RsaRecord);

        var report = await world.CheckAsync("example.org", new() { Next = [World.OtherEcLeaf, World.RsaLeaf] });

        Assert.Equal((RecordState.Next, RecordState.Next), (StateOf(report, World.Record(World.OtherEcLeaf)), StateOf(report, World.RsaRecord)));
        Assert.DoesNotContain(report.Findings, finding => finding.Severity == Severity.Warning);
    }

    [Fact]
    public async Task The_next_key_may_be_named_by_its_public_key_alone()
    {
        var key = new Octets(Forge.Leaf("x", "y").Signing.PublicKeyOf("another"));
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", World.EcRecord, World.Record(World.OtherEcLeaf));

        var report = await world.CheckAsync("example.org", new() { Next = [key] });

        Assert.Equal(RecordState.Next, StateOf(report, World.Record(World.OtherEcLeaf)));
    }

    [Fact, Rfc(7671, "2")]
    public async Task Only_SHA_512_is_a_warning_with_the_SHA_256_line()
    {
        var finding = await OnlyAsync(World.Sound().Tlsa("_25._tcp.mx.example.org", World.Record(World.EcLeaf, matching: TlsaMatching.Sha512)), FindingCodes.TlsaOnlySha512, Severity.Warning);

        Assert.Contains(World.EcRecord.ToString(), finding.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Selector_0_on_the_server_s_certificate_is_a_warning_and_on_an_authority_none()
    {
        await OnlyAsync(World.Sound().Tlsa("_25._tcp.mx.example.org", World.Record(World.EcLeaf, selector: TlsaSelector.Certificate)), FindingCodes.TlsaSelectorCertificate, Severity.Warning);
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", World.Record(Intermediate, TlsaUsage.DaneTa, TlsaSelector.Certificate)).Serve("192.0.2.1", World.EcLeaf, Intermediate);

        Assert.Empty((await world.CheckAsync("example.org")).Findings);
    }

    [Theory, Rule("R36"), Rfc(7672, "3.1.3")]
    [InlineData(TlsaUsage.PkixTa)]
    [InlineData(TlsaUsage.PkixEe)]
    public async Task PKIX_usages_between_mail_servers_are_unusable_and_an_error_when_alone(TlsaUsage usage)
    {
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", World.Record(World.EcLeaf, usage));

        var report = await world.CheckAsync("example.org");

        Assert.Equal(CheckVerdict.Partial, report.Verdict);
        Assert.Equal((FindingCodes.TlsaPkixUsage, Severity.Error), (Assert.Single(report.Findings).Code, report.Findings[0].Severity));
        Assert.Contains(World.EcRecord.ToString(), report.Findings[0].Mend, StringComparison.Ordinal);
        Assert.Contains($"has usage {(byte)usage}, which means nothing", report.Findings[0].Text, StringComparison.Ordinal);
    }

    [Fact, Rule("R36")]
    public async Task PKIX_usages_count_at_other_services()
    {
        var world = new World().Address("www.example.org", "192.0.2.1").Tlsa("_443._tcp.www.example.org", World.Record(World.EcLeaf, TlsaUsage.PkixEe))
            .Serve("192.0.2.1", 443, KeyAlgorithm.Any, target => World.Shown(target, World.EcLeaf));

        var host = Assert.Single((await world.CheckAsync("https://www.example.org")).Hosts);

        Assert.Equal(Usability.Usable, Assert.Single(host.Records).Usability);
        Assert.Equal(CheckVerdict.Failing, host.Verdict);
    }

    [Fact]
    public async Task An_expired_certificate_under_DANE_TA_is_an_error()
    {
        var leaf = (Forge.Leaf("mx.example.org", "Some CA") with { NotAfter = Forge.Now.AddDays(-1) }).Make();
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", World.Record(Intermediate, TlsaUsage.DaneTa)).Serve("192.0.2.1", leaf, Intermediate);

        var finding = await OnlyAsync(world, FindingCodes.TlsExpired, Severity.Error);

        Assert.Contains("2026-10-31", finding.Text, StringComparison.Ordinal);
        Assert.StartsWith("Install a renewed certificate and reload", finding.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_has_not_begun_wants_no_renewal_and_an_issuer_that_has_ended_another_chain()
    {
        var early = (Forge.Leaf("mx.example.org", "Some CA") with { NotBefore = Forge.Now.AddDays(9) }).Make();
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", World.Record(Intermediate, TlsaUsage.DaneTa)).Serve("192.0.2.1", early, Intermediate);
        Assert.StartsWith("It was installed too early", (await OnlyAsync(world, FindingCodes.TlsExpired, Severity.Error)).Mend, StringComparison.Ordinal);

        var ended = (Forge.Intermediate("Some CA", "Root") with { NotAfter = Forge.Now.AddDays(-1) }).Make();
        world = World.Sound().Tlsa("_25._tcp.mx.example.org", World.Record(ended, TlsaUsage.DaneTa)).Serve("192.0.2.1", World.EcLeaf, ended);
        Assert.StartsWith("Install a renewed chain", (await OnlyAsync(world, FindingCodes.TlsExpired, Severity.Error)).Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(14, true)]
    [InlineData(15, false)]
    public async Task A_certificate_under_DANE_TA_that_ends_within_two_weeks_is_a_warning(int days, bool isSoon)
    {
        var leaf = (Forge.Leaf("mx.example.org", "Some CA") with { NotAfter = Forge.Now.AddDays(days) }).Make();
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", World.Record(Intermediate, TlsaUsage.DaneTa)).Serve("192.0.2.1", leaf, Intermediate);

        var report = await world.CheckAsync("example.org");

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.Equal(isSoon, report.Findings.Any(finding => finding is { Code: FindingCodes.TlsExpiresSoon, Severity: Severity.Warning }));
    }

    [Theory]
    [InlineData(TlsaMatching.Sha256, true)]
    [InlineData(TlsaMatching.Full, false)]
    public async Task An_authority_under_DANE_TA_that_ends_within_two_weeks_is_a_warning_that_names_it(TlsaMatching matching, bool isSent)
    {
        var root = (Forge.Root("Root") with { NotAfter = Forge.Now.AddDays(5) }).Make();
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", World.Record(root, TlsaUsage.DaneTa, TlsaSelector.Certificate, matching));
        world = isSent ? world.Serve("192.0.2.1", World.EcLeaf, Intermediate, root) : world.Serve("192.0.2.1", World.EcLeaf, Intermediate);

        var finding = Assert.Single((await world.CheckAsync("example.org")).Findings, finding => finding is { Code: FindingCodes.TlsExpiresSoon, Severity: Severity.Warning });

        Assert.Contains("\"Root\"", finding.Text, StringComparison.Ordinal);
        Assert.Contains("2026-11-06", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_beside_the_path_may_end_when_it_likes()
    {
        var stray = (Forge.Intermediate("Other CA", "Root") with { NotAfter = Forge.Now.AddDays(5) }).Make();
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", World.Record(Intermediate, TlsaUsage.DaneTa)).Serve("192.0.2.1", World.EcLeaf, stray, Intermediate);

        Assert.DoesNotContain((await world.CheckAsync("example.org")).Findings, finding => finding.Code == FindingCodes.TlsExpiresSoon);
    }

    [Fact, Rule("R41")]
    public async Task Under_DANE_EE_a_certificate_out_of_its_dates_is_a_note()
    {
        foreach (var (leaf, text) in new[] { (Forge.Leaf("mx.example.org", "Some CA") with { NotAfter = Forge.Now.AddDays(-1) }, "ended on"), (Forge.Leaf("mx.example.org", "Some CA") with { NotBefore = Forge.Now.AddDays(1) }, "is not valid before") })
        {
            var report = await World.Sound().Serve("192.0.2.1", leaf.Make()).CheckAsync("example.org");

            Assert.Equal(CheckVerdict.Verified, report.Verdict);
            Assert.Equal((FindingCodes.TlsExpired, Severity.Note), (Assert.Single(report.Findings).Code, report.Findings[0].Severity));
            Assert.Contains(text, report.Findings[0].Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_anchor_that_is_not_sent_is_an_error()
    {
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", World.Record(Root, TlsaUsage.DaneTa)).Serve("192.0.2.1", World.EcLeaf, Intermediate);

        var finding = await OnlyAsync(world, FindingCodes.TlsAnchorMissing, Severity.Error);

        Assert.Contains("Append the certificate of the authority", finding.Mend, StringComparison.Ordinal);
    }

    /// <summary>Verified here (R44), and not by everybody: <c>--strict</c> has to fail.</summary>
    [Theory, Rule("R60"), Rule("R44"), Rfc(7671, "5.2.3")]
    [InlineData(false, false, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public async Task The_bare_key_of_an_anchor_that_is_not_sent_is_a_warning_where_nothing_else_matches(bool isSent, bool isBesideOwnKey, bool isTold)
    {
        var bare = World.Record(Intermediate, TlsaUsage.DaneTa, TlsaSelector.PublicKey, TlsaMatching.Full);
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", isBesideOwnKey ? [bare, World.EcRecord] : [bare]);
        world = isSent ? world.Serve("192.0.2.1", World.EcLeaf, Intermediate) : world.Serve("192.0.2.1", World.EcLeaf);

        var report = await world.CheckAsync("example.org");

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.Equal(isTold, report.Findings.Any(finding => finding is { Code: FindingCodes.TlsAnchorMissing, Severity: Severity.Warning }));
    }

    [Fact, Rule("R45"), Rfc(7672, "3.2.2")]
    public async Task A_certificate_that_bears_no_reference_name_is_an_error()
    {
        var leaf = Forge.Leaf("www.example.net", "Some CA").Make();
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", World.Record(Intermediate, TlsaUsage.DaneTa)).Serve("192.0.2.1", leaf, Intermediate);

        await OnlyAsync(world, FindingCodes.TlsNameMismatch, Severity.Error);
    }

    [Theory, Rule("R62"), Rfc(7672, "2.2")]
    [InlineData(ProbeOutcome.StartTlsNotOffered, FindingCodes.TlsStartTlsMissing)]
    [InlineData(ProbeOutcome.StartTlsRefused, FindingCodes.TlsStartTlsRefused)]
    [InlineData(ProbeOutcome.PlainTextAfterStartTls, FindingCodes.TlsInjection)]
    [InlineData(ProbeOutcome.HandshakeFailed, FindingCodes.TlsHandshakeFailed)]
    public async Task Missing_TLS_is_an_error_that_quotes_the_server(ProbeOutcome outcome, string code)
    {
        var finding = await OnlyAsync(World.Sound().Refuse("192.0.2.1", outcome, detail: "its words"), code, Severity.Error);

        Assert.Contains("its words", finding.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LocalCauses.NoRoute, Severity.Note)]
    [InlineData("connection refused", Severity.Warning)]
    public async Task An_address_that_this_machine_cannot_reach_is_a_note_beside_one_that_was_seen(string detail, Severity severity)
    {
        var world = World.Sound().Address("mx.example.org", "192.0.2.1", "2001:db8::1").Refuse("2001:db8::1", ProbeOutcome.Refused, detail: detail);

        await OnlyAsync(world, FindingCodes.TlsUntested, severity);
    }

    [Fact, Rule("R34")]
    public async Task A_retired_version_is_an_error_of_its_own_name()
    {
        var world = World.Sound().Refuse("192.0.2.1", ProbeOutcome.HandshakeFailed, detail: HandshakeFaults.OnlyRetired("TLSv1.0"));

        var finding = await OnlyAsync(world, FindingCodes.TlsVersionOld, Severity.Error);

        Assert.Contains("TLSv1.0", finding.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("certificate that it shows", finding.Text, StringComparison.Ordinal);
    }

    [Theory, Rule("R34")]
    [InlineData(true, "would match 3 1 1 ", "only the version stands in the way")]
    [InlineData(false, "would not match its TLSA records either", "")]
    public async Task What_a_server_shows_in_a_retired_version_is_held_against_its_records_and_counts_for_nothing(bool isRight, string expected, string more)
    {
        var shown = isRight ? World.EcLeaf : World.OtherEcLeaf;
        var world = World.Sound().Serve("192.0.2.1", 25, KeyAlgorithm.Any, target => new() { Target = target, Outcome = ProbeOutcome.HandshakeFailed, Detail = HandshakeFaults.OnlyRetired("TLSv1.0"), Chain = [shown] });

        var report = await world.CheckAsync("example.org");

        Assert.Equal((CheckVerdict.Failing, CheckReason.TlsFailed), (report.Verdict, report.Hosts[0].Reason));
        Assert.DoesNotContain(report.Hosts[0].Records, record => record.State == RecordState.Matching);
        var finding = Assert.Single(report.Findings, finding => finding.Code == FindingCodes.TlsVersionOld);
        Assert.Equal(Severity.Error, finding.Severity);
        Assert.Contains(expected, finding.Text, StringComparison.Ordinal);
        Assert.Contains(more, finding.Text, StringComparison.Ordinal);
    }

    [Fact, Rfc(2181, "10.3")]
    public async Task An_MX_host_that_is_an_alias_is_a_warning_that_names_the_target()
    {
        var world = World.Sound().Alias("mx.example.org", RecordType.A, [("real.example.org", Security.Secure)], Security.Secure, "192.0.2.1");

        var finding = await OnlyAsync(world, FindingCodes.MxAlias, Severity.Warning);

        Assert.Contains("real.example.org", finding.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3600u, null, false)]
    [InlineData(3601u, null, true)]
    [InlineData(60u, 3600u, false)]
    [InlineData(60u, 3601u, true)]
    public async Task A_TTL_over_an_hour_is_a_warning_however_much_of_it_a_cache_has_used(uint seconds, uint? original, bool isLong)
    {
        var world = World.Sound().Put("_25._tcp.mx.example.org", RecordType.TLSA, Security.Secure, [World.EcRecord.ToRecordData()], seconds, original);

        Assert.Equal(isLong, (await world.CheckAsync("example.org")).Findings.Any(finding => finding is { Code: FindingCodes.TlsaTtlLong, Severity: Severity.Warning }));
    }

    [Theory]
    [InlineData("example.org", RecordType.MX, FindingCodes.MxLookupFailed)]
    [InlineData("mx.example.org", RecordType.A, FindingCodes.MxAddressLookupFailed)]
    [InlineData("_25._tcp.mx.example.org", RecordType.TLSA, FindingCodes.TlsaLookupFailed)]
    public async Task A_bogus_lookup_is_told_at_each_step_with_how_to_look_closer(string name, RecordType type, string code)
    {
        var world = World.Sound().Fail(name, type, Security.Bogus, LookupReason.SignatureExpired, ResponseCode.NoError);

        var finding = Assert.Single((await world.CheckAsync("example.org")).Findings, finding => finding.Code == code);

        Assert.Contains("bogus", finding.Text, StringComparison.Ordinal);
        Assert.Contains($"danelaw lookup {name} {type} --trace", finding.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_that_looks_closer_asks_as_the_check_did_and_is_one_line_that_a_shell_takes_as_it_is()
    {
        var world = World.Sound().Fail("example.org", RecordType.MX, Security.Bogus, LookupReason.SignatureExpired, ResponseCode.NoError);

        var finding = Assert.Single((await world.CheckAsync("example.org", new() { AskedWith = ["--resolver", "192.0.2.53:5300", "--trust-anchor", "my anchors/root's.ds"] })).Findings);

        Assert.EndsWith("\ndanelaw lookup example.org MX --trace --resolver 192.0.2.53:5300 --trust-anchor 'my anchors/root'\\''s.ds'", finding.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mx|reboot.example.org", "'mx|reboot.example.org'")]
    [InlineData("--svg=x.example.org", "'\\045-svg=x.example.org'")]
    public async Task A_name_that_would_be_a_command_or_an_option_stays_a_name_in_the_command_to_copy(string host, string word)
    {
        var world = World.Sound().Mx("example.org", (10, host)).Fail(host, RecordType.A, Security.Bogus, LookupReason.SignatureExpired, ResponseCode.NoError);

        var finding = Assert.Single((await world.CheckAsync("example.org")).Findings, finding => finding.Code == FindingCodes.MxAddressLookupFailed && finding.Text.StartsWith("The A ", StringComparison.Ordinal));

        Assert.EndsWith($"\ndanelaw lookup {word} A --trace", finding.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LookupReason.Unreachable)]
    [InlineData(LookupReason.TimedOut)]
    [InlineData(LookupReason.MalformedReply)]
    public async Task Nobody_is_sent_to_a_resolver_where_none_was_asked(LookupReason reason)
    {
        var world = World.Sound().Fail("example.org", RecordType.MX, Security.Indeterminate, reason, null);

        var asked = Assert.Single((await world.CheckAsync("example.org")).Findings);
        var iterated = Assert.Single((await world.CheckAsync("example.org", new() { IsIterating = true, AskedWith = ["--iterate"] })).Findings);

        Assert.Contains("resolver", asked.Mend, StringComparison.Ordinal);
        Assert.DoesNotContain("resolver", iterated.Text + iterated.Mend, StringComparison.Ordinal);
        Assert.EndsWith("\ndanelaw lookup example.org MX --trace --iterate", iterated.Mend, StringComparison.Ordinal);
    }

    /// <summary>A router, a container's forwarder, a hotel: what it leaves out is no zone's fault, and nobody may be sent to the registrar for it.</summary>
    [Theory]
    [InlineData("example.org", RecordType.MX, FindingCodes.MxLookupFailed)]
    [InlineData("mx.example.org", RecordType.A, FindingCodes.MxAddressLookupFailed)]
    [InlineData("_25._tcp.mx.example.org", RecordType.TLSA, FindingCodes.TlsaLookupFailed)]
    public async Task A_resolver_that_passes_no_signatures_on_says_nothing_of_the_zone(string name, RecordType type, string code)
    {
        var world = World.Sound().Fail(name, type, Security.Bogus, LookupReason.KeyMissing, ResponseCode.NoError, isOfResolver: true);
        if (type == RecordType.A) world.Fail(name, RecordType.AAAA, Security.Bogus, LookupReason.KeyMissing, ResponseCode.NoError, isOfResolver: true);

        var report = await world.CheckAsync("example.org");
        var finding = Assert.Single(report.Findings, finding => finding.Code == code);

        Assert.Contains("This says nothing of", finding.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("do not connect", finding.Text + report.Explanation, StringComparison.Ordinal);
        Assert.StartsWith("Name another resolver with --resolver, or ask without one (--iterate)", finding.Mend, StringComparison.Ordinal);
        Assert.Contains("Leave its DS record as it is.", finding.Mend, StringComparison.Ordinal);
        if (type == RecordType.MX) Assert.StartsWith("The resolver in use passes no signatures on", report.Explanation, StringComparison.Ordinal);

        // From the root no resolver is in use.
        var iterated = await world.CheckAsync("example.org", new() { IsIterating = true });
        Assert.DoesNotContain("resolver", iterated.Explanation + iterated.Findings.First(one => one.Code == code).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_single_service_too_nothing_is_said_where_only_the_resolver_is_at_fault()
    {
        var world = new World().Address("mail.example.org", "192.0.2.1").Fail("_993._tcp.mail.example.org", RecordType.TLSA, Security.Bogus, LookupReason.KeyMissing, ResponseCode.NoError, isOfResolver: true);

        var report = await world.CheckAsync("imaps://mail.example.org");

        Assert.StartsWith("The resolver in use passes no signatures on", report.Explanation, StringComparison.Ordinal);
        Assert.EndsWith("so nothing is known of mail.example.org.", report.Explanation, StringComparison.Ordinal);
    }

    [Fact, Rule("R61"), Rfc(7671, "10.1")]
    public async Task A_whole_key_in_a_record_is_told()
    {
        Assert.True(TlsaRecord.TryCreate(World.EcLeaf, TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Full, out var record, out _));

        Assert.Contains((await World.Sound().Tlsa("_25._tcp.mx.example.org", record).CheckAsync("example.org")).Findings, finding => finding.Code == FindingCodes.TlsaFullData);
    }

    [Fact, Rule("R61"), Rfc(7671, "10.1")]
    public async Task More_than_a_dozen_records_are_a_warning()
    {
        TlsaRecord[] records = [World.EcRecord, .. Enumerable.Range(0, 12).Select(i => World.EcRecord with { Data = new(System.Security.Cryptography.SHA256.HashData([(byte)i])) })];

        Assert.Contains((await World.Sound().Tlsa("_25._tcp.mx.example.org", records).CheckAsync("example.org")).Findings, finding => finding is { Code: FindingCodes.TlsaSetLarge, Severity: Severity.Warning });
    }

    [Fact]
    public async Task What_the_validator_noticed_is_told_once()
    {
        var world = World.Sound();
        foreach (var (name, type) in new[] { ("example.org", RecordType.MX), ("mx.example.org", RecordType.A) })
        {
            var inner = new World().Mx("example.org", (10, "mx.example.org")).Address("mx.example.org", "192.0.2.1");
            world.Reply(name, type, question => inner.LookupAsync(question.Name, question.Type).AsTask().GetAwaiter().GetResult() with
            {
                Notes = [new(FindingCodes.DnssecSha1, Danelaw.Dns.Names.DomainName.Parse("example.org"), "signed with SHA-1")],
            });
        }

        Assert.Equal(FindingCodes.DnssecSha1, Assert.Single((await world.CheckAsync("example.org")).Findings).Code);
    }

    [Fact]
    public async Task The_gravest_findings_stand_first()
    {
        var world = World.Sound().Mx("example.org", Security.Insecure, (10, "mx.example.org")).Tlsa("_25._tcp.mx.example.org", World.EcRecord, World.Record(World.RsaLeaf)).Serve("192.0.2.1", KeyAlgorithm.Rsa, World.OtherEcLeaf);

        var report = await world.CheckAsync("example.org");

        Assert.Equal(report.Findings.OrderByDescending(finding => finding.Severity), report.Findings);
        Assert.Equal(Severity.Error, report.Findings[0].Severity);
    }

    private static RecordState StateOf(CheckReport report, TlsaRecord record) => Assert.Single(report.Hosts[0].Records, other => other.Record == record).State;

    private static async Task<Finding> OnlyAsync(World world, string code, Severity severity)
    {
        var finding = Assert.Single((await world.CheckAsync("example.org")).Findings);
        Assert.Equal((code, severity), (finding.Code, finding.Severity));
        Assert.NotEqual("", finding.Mend);
        return finding;
    }
}
