using Danelaw.Dnssec.Checking;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Dnssec.Tests.Signing;

public class ZoneFileSigningTests
{
    private static ZoneSigningOptions Again => SignedFile.Options with { Reuse = new(SignedFile.Now, TimeSpan.FromDays(3)) };

    [Fact, Rfc(4035, "2")]
    public async Task A_file_is_signed_as_the_records_in_memory_are()
    {
        var (outcome, text) = await SignedFile.SignAsync(SignedFile.Zone);

        Assert.True(outcome.IsSigned, outcome.Fault);
        Assert.Equal(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, outcome.Records);
        Assert.Equal(SignedFile.Signatures(text).Count, outcome.SignaturesMade);
        Assert.True((await SignedFile.CheckAsync(text)).IsSound);
    }

    [Theory]
    [InlineData("$ORIGIN example.lab.\n@ 60 SOA a b 1 2 3 4 5\n@ 60 NS a.\nx 60 CNAME y\nx 60 A 127.0.0.1", "CNAME and other records")]
    [InlineData("$ORIGIN example.lab.\n@ 60 SOA a b 1 2 3 4 5\n@ 60 NS a.\nx 60 CNAME y\nx 60 CNAME z", "more than one CNAME")]
    [InlineData("$ORIGIN example.lab.\n@ 60 SOA a b 1 2 3 4 5\nx 60 A 127.0.0.1", "has no NS record")]
    [InlineData("$ORIGIN example.lab.\n@ 60 SOA a b 1 2 3 4 5\n@ 60 NS a.\nexample.org. 60 A 127.0.0.1", "lies outside the zone")]
    [InlineData("$ORIGIN example.lab.\n@ 60 SOA a b 1 2 3 4 5\n@ 60 NS a.\na.aaa. 60 A 127.0.0.1", "lies outside the zone")]
    [InlineData("$ORIGIN example.lab.\n@ 60 NS a.", "no SOA record")]
    [InlineData("$ORIGIN example.lab.\n@ 60 SOA a b 1 2 3 4 5\n@ 60 NS a.\n@ 60 DS 1 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "RFC 4035 §2.4")]
    [InlineData("$ORIGIN example.lab.\n@ 60 SOA a b 1 2 3 4 5\n@ 60 NS a.\n* 60 NS b.", "RFC 4592 §4.2")]
    [InlineData("$ORIGIN example.lab.\n@ 60 SOA a b 1 2 3 4 5\n@ 60 NS a.\nx 60 NS b.\nx 60 DNAME c.", "RFC 6672 §2.4")]
    [InlineData("$ORIGIN example.lab.\n@ 60 SOA a b 1 2 3 4 5\n@ 60 NS a.\nx 60 DNAME c.\nz.y.x 60 A 127.0.0.1", "z.y.x.example.lab. A stands below the DNAME record of x.example.lab. (RFC 6672 §2.4), line 5")]
    [InlineData("$ORIGIN example.lab.\n@ 60 SOA a b 1 2 3 4 5\n@ 60 NS a.\nx 60 DNAME c.\ny.x 60 NS b.", "y.x.example.lab. NS stands below the DNAME record of x.example.lab.")]
    [InlineData("$ORIGIN example.lab.\n@ 60 SOA a b 1 2 3 4 5\n@ 60 NS ns\n@ 60 DNAME c.\nns 60 A 127.0.0.1", "ns.example.lab. A stands below the DNAME record of example.lab.")]
    [InlineData("$ORIGIN example.lab.\n@ 60 SOA a b 1 2 3 4 5\n@ 60 NS a.\nx 60 A 127.0.0.1\nx 60 CH A 127.0.0.1", "classes")]
    [InlineData("$ORIGIN example.lab.\n@ 60 SOA a b 1 2 3 4 5\n@ 60 NS a.\nx 60 NS b.\nx 60 DS 1 13 2 aa", "has 1 octet, not 32, so it can match nothing (RFC 4509 §2.2), line 4")]
    [InlineData("$ORIGIN example.lab.\n@ 60 SOA a b 1 2 3 4 5\n@ 60 NS a.\nx 60 SSHFP 1 1 aabb", "has 2 octets, not 20")]
    [InlineData("$ORIGIN example.lab.\n@ 60 SOA a b 1 2 3 4 5\n@ 60 NS x\nx 60 CNAME y", "RFC 2181 §10.3")]
    public async Task What_no_server_would_load_is_refused_with_the_reason(string zone, string reason)
    {
        var (outcome, _) = await SignedFile.SignAsync(zone);

        Assert.False(outcome.IsSigned);
        Assert.Contains(reason, outcome.Fault, StringComparison.Ordinal);
    }

    [Fact, Rfc(9276, "3.2")]
    public async Task A_chain_that_zone_check_would_call_an_error_is_not_made()
    {
        Assert.True((await SignedFile.SignAsync(SignedFile.Zone, SignedFile.Options with { Nsec3 = new() { Iterations = 500 } })).Outcome.IsSigned);

        Assert.Contains("501 NSEC3 iterations", (await SignedFile.SignAsync(SignedFile.Zone, SignedFile.Options with { Nsec3 = new() { Iterations = 501 } })).Outcome.Fault, StringComparison.Ordinal);
    }

    [Theory, Rfc(6672, "2.4")]
    [InlineData("x 60 NS b.\nd.x 60 DNAME c.\ny.d.x 60 A 127.0.0.1")]
    [InlineData("@ 60 DNAME c.")]
    public async Task A_DNAME_below_a_delegation_is_another_zones_and_one_with_nothing_below_it_is_signed(string records)
    {
        var (outcome, text) = await SignedFile.SignAsync("$ORIGIN example.lab.\n@ 60 SOA a. b. 1 2 3 4 5\n@ 60 NS a.\n" + records, SignedFile.Options with { Nsec3 = new(), Digests = [ZoneDigestAlgorithm.Sha384, ZoneDigestAlgorithm.Sha512] });

        Assert.True(outcome.IsSigned, outcome.Fault);
        Assert.True((await SignedFile.CheckAsync(text)).IsSound);
    }

    /// <summary>A hint at signing, a warning of the check: servers load such a zone, or not, and nobody finds it.</summary>
    [Theory, Rfc(1034, "4.2.1"), Rfc(2181, "10.3"), Rfc(4592, "3.3.1")]
    [InlineData("@ 60 NS ns", "the name server ns.example.lab. lies within the zone and has no address here (RFC 1034 §4.2.1)")]
    [InlineData("@ 60 NS ns\nns 60 TXT x\n* 60 A 127.0.0.1", "the name server ns.example.lab. lies within the zone and has no address here (RFC 1034 §4.2.1)")]
    [InlineData("@ 60 NS ns.b.w\n*.w 60 A 127.0.0.1\nx.b.w 60 A 127.0.0.1", "the name server ns.b.w.example.lab. lies within the zone and has no address here (RFC 1034 §4.2.1)")]
    [InlineData("@ 60 NS ns.w\n*.w 60 CNAME www\nwww 60 A 127.0.0.1", "the name server ns.w.example.lab. is an alias (RFC 2181 §10.3)")]
    [InlineData("@ 60 NS ns.d\nd 60 DNAME new.lab.", "the name server ns.d.example.lab. is an alias (RFC 2181 §10.3)")]
    [InlineData("@ 60 NS ns\nns 60 AAAA ::1", null)]
    [InlineData("@ 60 NS @\n@ 60 A 127.0.0.1", null)]
    [InlineData("@ 60 NS ns.elsewhere.lab.", null)]
    [InlineData("@ 60 NS ns.w\n*.w 60 A 127.0.0.1", null)]
    [InlineData("@ 60 NS ns.sub\nsub 60 NS ns.elsewhere.lab.", null)]
    public async Task A_name_server_of_the_zones_own_needs_an_address_there(string records, string? fault)
    {
        var (outcome, text) = await SignedFile.SignAsync("$ORIGIN example.lab.\n@ 60 SOA a. b. 1 2 3 4 5\n" + records);
        var report = await SignedFile.CheckAsync(text);

        Assert.True(outcome.IsSigned, outcome.Fault);
        Assert.Equal(fault is null ? [] : [$"example.lab. NS: {fault}"], outcome.Notes);
        Assert.True(report.IsSound);
        Assert.Equal(fault is null ? [] : [(ZoneFindingCodes.Glue, ZoneSeverity.Warning, SignedFile.Apex, fault)], report.Findings.Select(finding => (finding.Code, finding.Severity, finding.Owner, finding.Text)));
    }

    [Fact]
    public async Task A_fault_of_the_text_is_told_with_its_line()
    {
        var (outcome, _) = await SignedFile.SignAsync(SignedFile.Zone + "\nbad A 1.2.3\n");

        Assert.False(outcome.IsSigned);
        Assert.Equal(SignedFile.Zone.Split('\n').Length + 1, outcome.Syntax!.Line);
    }

    [Fact, Rfc(4035, "2.2")]
    public async Task A_key_of_an_algorithm_that_nobody_signs_with_is_refused()
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone, null, SigningKey.Generate(SecurityAlgorithm.EcdsaP256Sha256, DnskeyFlags.KeySigning));

        var (outcome, _) = await SignedFile.SignAsync(text);

        Assert.Contains("RFC 4035 §2.2", outcome.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_keys_of_another_zone_sign_nothing()
    {
        var (outcome, text) = await SignedFile.SignAsync(SignedFile.Zone, SignedFile.Options with { Apex = Dns.Names.DomainName.Parse("example.org.") });

        Assert.False(outcome.IsSigned);
        Assert.Empty(text);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Signing_again_keeps_every_signature_that_is_still_good(bool isNsec3)
    {
        var denial = isNsec3 ? new Nsec3Options() : null;
        var (first, text) = await SignedFile.SignAsync(SignedFile.Zone, SignedFile.Options with { Nsec3 = denial });

        var (second, again) = await SignedFile.SignAsync(text, Again with { Nsec3 = denial });

        Assert.Equal((0, first.SignaturesMade), (second.SignaturesMade, second.SignaturesKept));
        Assert.Equal(text, again);
    }

    [Fact]
    public async Task A_signature_over_records_that_have_changed_is_not_kept()
    {
        var (first, text) = await SignedFile.SignAsync(SignedFile.Zone);

        var (second, again) = await SignedFile.SignAsync(text.Replace("127.0.0.4", "127.0.0.44", StringComparison.Ordinal), Again);

        Assert.Equal((1, first.SignaturesMade - 1), (second.SignaturesMade, second.SignaturesKept));
        Assert.True((await SignedFile.CheckAsync(again)).IsSound);
    }

    [Theory]
    [InlineData(11.5, true)]
    [InlineData(10.5, false)]
    [InlineData(15, true)]
    [InlineData(-1, true)]
    public async Task A_signature_that_ends_soon_or_is_not_in_force_is_made_anew(double days, bool isAnew)
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone);
        var now = SignedFile.Now.AddDays(days);

        var (second, _) = await SignedFile.SignAsync(text, SignedFile.Options with { Validity = new(now.AddHours(-1), now.AddDays(14)), Reuse = new(now, TimeSpan.FromDays(3)) });

        Assert.Equal(isAnew, second.SignaturesKept == 0);
        Assert.Equal(isAnew, second.SignaturesMade > 0);
    }

    [Fact]
    public async Task A_name_that_has_gone_takes_its_denials_along()
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone);
        var without = SignedFile.Without(text, line => line.StartsWith("www.", StringComparison.Ordinal) && (SignedFile.Is(line, "www.example.lab.", "A") || SignedFile.Is(line, "www.example.lab.", "TXT")));

        var (_, again) = await SignedFile.SignAsync(without, Again);

        Assert.DoesNotContain("www.example.lab.", again, StringComparison.Ordinal);
        Assert.True((await SignedFile.CheckAsync(again)).IsSound);
    }

    [Fact]
    public async Task Jitter_ends_signatures_earlier_and_a_seed_repeats_it()
    {
        var options = SignedFile.Options with { Jitter = TimeSpan.FromDays(2), Seed = 7 };
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone, options);
        var (_, same) = await SignedFile.SignAsync(SignedFile.Zone, options);
        var (_, other) = await SignedFile.SignAsync(SignedFile.Zone, options with { Seed = 8 });

        Assert.Equal(text, same);
        Assert.NotEqual(text, other);
        var ends = SignedFile.Signatures(text).Select(data => data.Expiration).ToList();
        Assert.All(ends, end => Assert.InRange(end, options.Validity.ExpirationSeconds - (2 * 86400), options.Validity.ExpirationSeconds));
        Assert.True(ends.Distinct().Count() > 5);
    }

    [Theory, Rfc(1982, "3.2")]
    [InlineData(SerialPolicy.Keep, 1u, 1u)]
    [InlineData(SerialPolicy.Increment, 1u, 2u)]
    [InlineData(SerialPolicy.Increment, 4294967295u, 1u)]
    [InlineData(SerialPolicy.UnixTime, 1u, 1767225600u)]
    [InlineData(SerialPolicy.UnixTime, 1767225600u, 1767225601u)]
    [InlineData(SerialPolicy.Date, 2025123199u, 2026010100u)]
    [InlineData(SerialPolicy.Date, 2026010105u, 2026010106u)]
    public async Task The_serial_follows_its_rule_and_never_goes_back(SerialPolicy policy, uint serial, uint expected)
    {
        var (outcome, text) = await SignedFile.SignAsync(SignedFile.Zone.Replace("hostmaster 1 ", $"hostmaster {serial} ", StringComparison.Ordinal), SignedFile.Options with { Serial = policy });

        Assert.Equal((serial, expected), (outcome.OldSerial, outcome.Serial));
        Assert.Contains($" hostmaster.example.lab. {expected} ", text, StringComparison.Ordinal);
    }

    [Theory, Rfc(1982, "3.2")]
    [InlineData(SerialPolicy.UnixTime, 2026010100u, true)]
    [InlineData(SerialPolicy.UnixTime, 1767225600u, false)]
    [InlineData(SerialPolicy.UnixTime, 1u, false)]
    [InlineData(SerialPolicy.Date, 2026010105u, false)]
    [InlineData(SerialPolicy.Date, 2027010100u, true)]
    [InlineData(SerialPolicy.Increment, 2027010100u, false)]
    public async Task A_serial_that_is_ahead_of_its_rule_is_told(SerialPolicy policy, uint serial, bool isTold)
    {
        var (outcome, _) = await SignedFile.SignAsync(SignedFile.Zone.Replace("hostmaster 1 ", $"hostmaster {serial} ", StringComparison.Ordinal), SignedFile.Options with { Serial = policy });

        Assert.Equal(isTold, outcome.Notes.Any(note => note.Contains($"so it goes on by one: {serial + 1}", StringComparison.Ordinal)));
    }

    [Fact, Rfc(7344, "4.1"), Rfc(8078, "4")]
    public async Task CDS_and_CDNSKEY_are_published_for_the_entry_keys_or_ask_for_removal()
    {
        var (_, published) = await SignedFile.SignAsync(SignedFile.Zone, SignedFile.Options with { ChildRecords = ChildRecordPolicy.Publish });
        var (_, delete) = await SignedFile.SignAsync(published, Again with { ChildRecords = ChildRecordPolicy.Delete });
        var (_, none) = await SignedFile.SignAsync(delete, Again with { ChildRecords = ChildRecordPolicy.Remove });

        Assert.Contains($" IN CDS {SignedFile.KeySigning.KeyTag} 15 2 ", Assert.Single(SignedFile.Lines(published, "CDS")), StringComparison.Ordinal);
        Assert.EndsWith(" IN CDS 0 0 0 00", Assert.Single(SignedFile.Lines(delete, "CDS")), StringComparison.Ordinal);
        Assert.EndsWith(" IN CDNSKEY 0 3 0 AA==", Assert.Single(SignedFile.Lines(delete, "CDNSKEY")), StringComparison.Ordinal);
        Assert.Empty(SignedFile.Lines(none, "CDS"));
        foreach (var text in (string[])[published, delete, none]) Assert.True((await SignedFile.CheckAsync(text)).IsSound);
    }

    [Fact, Rfc(8976, "4")]
    public async Task A_digest_that_the_zone_brings_is_made_anew_and_none_takes_it_out()
    {
        var (_, first) = await SignedFile.SignAsync(SignedFile.Zone, SignedFile.Options with { Digests = [ZoneDigestAlgorithm.Sha512], Nsec3 = new() });

        var (_, second) = await SignedFile.SignAsync(first.Replace("127.0.0.4", "127.0.0.44", StringComparison.Ordinal), Again with { Nsec3 = new() });
        var (_, none) = await SignedFile.SignAsync(first, Again with { Nsec3 = new(), Digests = [] });

        Assert.NotEqual(Assert.Single(SignedFile.Lines(first, "ZONEMD")), Assert.Single(SignedFile.Lines(second, "ZONEMD")));
        Assert.True((await SignedFile.CheckAsync(second)).IsSound);
        Assert.Empty(SignedFile.Lines(none, "ZONEMD"));
    }

    [Fact, Rfc(2181, "5.2")]
    public async Task One_TTL_holds_for_a_set_and_the_operator_is_told()
    {
        var (outcome, text) = await SignedFile.SignAsync(SignedFile.Zone + "\nmix 100 A 127.0.0.8\nmix 50 A 127.0.0.9\n");

        Assert.Contains("mix.example.lab. A", Assert.Single(outcome.Notes), StringComparison.Ordinal);
        Assert.Equal(2, text.Split('\n').Count(line => line.StartsWith("mix.example.lab. 50 IN A ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_zone_that_came_with_NSEC3_and_is_signed_with_NSEC_is_told()
    {
        var (first, text) = await SignedFile.SignAsync(SignedFile.Zone, SignedFile.Options with { Nsec3 = new() });

        var (second, again) = await SignedFile.SignAsync(text, Again);

        Assert.Empty(first.Notes);
        Assert.Contains("NSEC3", Assert.Single(second.Notes), StringComparison.Ordinal);
        Assert.DoesNotContain("NSEC3", again, StringComparison.Ordinal);
    }

    [Theory, Rfc(5155, "7.1")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_chain_of_NSEC3_is_kept_with_its_parameters_where_that_is_asked_for(bool isOptOut)
    {
        var nsec3 = new Nsec3Options { Iterations = 3, Salt = Dns.Octets.Copy([1, 2]), OptOut = isOptOut };
        var (first, text) = await SignedFile.SignAsync(SignedFile.Zone, SignedFile.Options with { Nsec3 = nsec3 });

        var (second, again) = await SignedFile.SignAsync(text, Again with { KeepsNsec3 = true });

        Assert.Equal(nsec3, first.Nsec3);
        Assert.Equal(nsec3, second.Nsec3);
        Assert.Equal(text, again);
        Assert.Null((await SignedFile.SignAsync(SignedFile.Zone, SignedFile.Options with { KeepsNsec3 = true })).Outcome.Nsec3);
    }

    [Fact]
    public async Task An_output_that_fails_ends_the_work_with_that_failure()
    {
        using var reader = new Dns.Zones.ZoneReader(new StringReader(SignedFile.Zone), new());
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

        await Assert.ThrowsAsync<IOException>(() => ZoneSigner.SignAsync(reader, [SignedFile.KeySigning], SignedFile.Options, full, cancellationToken: TestContext.Current.CancellationToken));
    }
}
