using System.Security.Cryptography;
using Danelaw.Checks;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Probes;
using Danelaw.Tests.Certificates;
using Danelaw.Tlsa;
using Danelaw.Tlsa.Guessing;

namespace Danelaw.Tests.Checks;

/// <summary>What published records are worth beside what is served: RFC 7671 §8, and records that are mistakes.</summary>
public sealed class PublishedRecordTests
{
    private const string Owner = "_25._tcp.mx.example.org";
    private static readonly Octets Root = Forge.Root("Root").Make();
    private static readonly Octets Intermediate = Forge.Intermediate("Some CA", "Root").Make();

    [Fact, Rule("R54"), Rfc(7671, "8")]
    public async Task Each_combination_that_is_published_must_match_what_is_served()
    {
        // Current key and current issuer (R68): both combinations match, so nothing is told.
        var both = World.Sound().Tlsa(Owner, World.EcRecord, World.Record(Intermediate, TlsaUsage.DaneTa)).Serve("192.0.2.1", World.EcLeaf, Intermediate);
        Assert.Empty((await both.CheckAsync("example.org")).Findings);

        var old = Forge.Intermediate("Old CA", "Root").Make();
        var finding = await OnlyAsync(World.Sound().Tlsa(Owner, World.EcRecord, World.Record(old, TlsaUsage.DaneTa)).Serve("192.0.2.1", World.EcLeaf, Intermediate, Root), FindingCodes.TlsaCombination, Severity.Warning);
        Assert.Contains("2 1 1", finding.Text, StringComparison.Ordinal);
        Assert.Contains("RFC 7671 §8.2", finding.Mend, StringComparison.Ordinal);
    }

    [Fact, Rule("R60"), Rfc(7671, "5.2.2")]
    public async Task An_anchor_beside_a_match_that_is_not_sent_says_so()
    {
        var finding = await OnlyAsync(World.Sound().Tlsa(Owner, World.EcRecord, World.Record(Root, TlsaUsage.DaneTa)).Serve("192.0.2.1", World.EcLeaf, Intermediate), FindingCodes.TlsaCombination, Severity.Warning);

        Assert.Contains("must be sent", finding.Text, StringComparison.Ordinal);
        Assert.Contains("append the authority's certificate", finding.Mend, StringComparison.Ordinal);
    }

    [Fact, Rule("R56"), Rfc(7671, "8.4")]
    public async Task New_parameters_come_for_the_current_key_first()
    {
        var next = World.Record(World.OtherEcLeaf, selector: TlsaSelector.Certificate);
        var report = await World.Sound().Tlsa(Owner, World.EcRecord, next).CheckAsync("example.org", new() { Next = [World.OtherEcLeaf] });

        var finding = Assert.Single(report.Findings, finding => finding.Code == FindingCodes.TlsaCombination);
        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.Contains($"{Owner}. 3600 IN TLSA {World.Record(World.EcLeaf, selector: TlsaSelector.Certificate)}", finding.Mend, StringComparison.Ordinal);
    }

    [Fact, Rule("R57"), Rfc(7671, "8.2")]
    public async Task The_authority_of_a_chain_to_come_must_not_stand_beside_the_key_of_today()
    {
        var report = await World.Sound().Tlsa(Owner, World.EcRecord, World.Record(Intermediate, TlsaUsage.DaneTa, TlsaSelector.Certificate)).CheckAsync("example.org", new() { Next = [Intermediate] });

        Assert.Single(report.Findings, finding => finding is { Code: FindingCodes.TlsaCombination, Severity: Severity.Warning });
    }

    [Fact, Rule("R54"), Rule("R64")]
    public async Task Of_two_keys_each_needs_every_combination()
    {
        var world = World.Sound().Serve("192.0.2.1", KeyAlgorithm.Rsa, World.RsaLeaf)
            .Tlsa(Owner, World.EcRecord, World.RsaRecord, World.Record(World.EcLeaf, selector: TlsaSelector.Certificate));

        var finding = Assert.Single((await world.CheckAsync("example.org")).Findings, finding => finding.Code == FindingCodes.TlsaCombination);

        Assert.Contains("an RSA key", finding.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("ECDSA", finding.Text, StringComparison.Ordinal);
        Assert.Contains(World.Record(World.RsaLeaf, selector: TlsaSelector.Certificate).ToString(), finding.Mend, StringComparison.Ordinal);
    }

    [Fact, Rule("R58"), Rfc(7671, "8.3")]
    public async Task A_digest_stands_for_every_key_or_for_none()
    {
        var finding = await OnlyAsync(World.Sound().Tlsa(Owner, World.EcRecord, World.Record(World.EcLeaf, matching: TlsaMatching.Sha512), World.Record(World.OtherEcLeaf)), FindingCodes.TlsaDigestGap, Severity.Warning, FindingCodes.TlsaUnmatched);
        Assert.Contains("look at no weaker digest", finding.Text, StringComparison.Ordinal);

        Assert.DoesNotContain(
            (await World.Sound().Tlsa(Owner, World.EcRecord, World.Record(World.EcLeaf, matching: TlsaMatching.Sha512), World.Record(World.OtherEcLeaf), World.Record(World.OtherEcLeaf, matching: TlsaMatching.Sha512)).CheckAsync("example.org")).Findings,
            one => one.Code == FindingCodes.TlsaDigestGap);
    }

    [Fact]
    public async Task Where_nobody_is_trusted_nothing_is_said_of_PKIX_usages()
    {
        var world = new World().Address("www.example.org", "192.0.2.1").Tlsa("_443._tcp.www.example.org", World.EcRecord, World.Record(World.EcLeaf, TlsaUsage.PkixEe))
            .Serve("192.0.2.1", 443, KeyAlgorithm.Any, target => World.Shown(target, World.EcLeaf));

        Assert.DoesNotContain((await world.CheckAsync("https://www.example.org")).Findings, finding => finding.Code == FindingCodes.TlsaCombination);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_digest_of_nothing_is_an_error_whatever_stands_beside_it(bool isAlone)
    {
        var empty = World.EcRecord with { Data = new(SHA256.HashData([])) };
        var report = await World.Sound().Tlsa(Owner, isAlone ? [empty] : [World.EcRecord, empty]).CheckAsync("example.org");

        var finding = Assert.Single(report.Findings, finding => finding.Code == FindingCodes.TlsaEmptyDigest);
        Assert.Equal(isAlone ? CheckVerdict.Failing : CheckVerdict.Verified, report.Verdict);
        Assert.Equal(Severity.Error, finding.Severity);
        Assert.Contains($"{Owner}. 3600 IN TLSA {World.EcRecord}", finding.Mend, StringComparison.Ordinal);
        Assert.DoesNotContain(report.Findings, one => one.Code == FindingCodes.TlsaUnmatched);
    }

    [Fact]
    public async Task The_digest_of_nothing_is_known_where_no_server_answers()
    {
        var report = await World.Sound().Tlsa(Owner, World.EcRecord with { Data = new(SHA512.HashData([])), Matching = TlsaMatching.Sha512 }).Refuse("192.0.2.1", ProbeOutcome.Refused).CheckAsync("example.org");

        Assert.Contains(report.Findings, finding => finding.Code == FindingCodes.TlsaEmptyDigest);
    }

    [Theory]
    [InlineData(true, Severity.Error)]
    [InlineData(false, Severity.Warning)]
    public async Task The_digest_of_another_thing_is_named_and_stops_mail_only_where_nothing_else_matches(bool isAlone, Severity severity)
    {
        var wrong = World.Record(World.EcLeaf, selector: TlsaSelector.Certificate) with { Selector = TlsaSelector.PublicKey };
        var report = await World.Sound().Tlsa(Owner, isAlone ? [wrong] : [World.EcRecord, wrong]).CheckAsync("example.org");

        var finding = Assert.Single(report.Findings, finding => finding.Code == FindingCodes.TlsaWrongDigest);
        Assert.Equal(severity, finding.Severity);
        Assert.Contains("selector 0, not 1", finding.Text, StringComparison.Ordinal);
        Assert.Contains($"{Owner}. 3600 IN TLSA {World.EcRecord}", finding.Mend, StringComparison.Ordinal);
        Assert.Equal(isAlone, finding.Text.Contains("So nothing matches what mx.example.org shows at 192.0.2.1 (TLSA-MISMATCH)", StringComparison.Ordinal));
        Assert.DoesNotContain(report.Findings, one => one.Code is FindingCodes.TlsaMismatch or FindingCodes.TlsaUnmatched or FindingCodes.TlsaCombination);
    }

    [Fact, Rule("R35")]
    public async Task What_makes_a_digest_too_short_is_told_beside_that_it_is()
    {
        var report = await World.Sound().Tlsa(Owner, World.EcRecord, World.EcRecord with { Data = new(SHA384.HashData(World.EcLeaf.Span)) }).CheckAsync("example.org");

        var finding = Assert.Single(report.Findings);
        Assert.Equal(FindingCodes.TlsaWrongDigest, finding.Code);
        Assert.Contains("SHA-384 digest of the server's whole certificate", finding.Text, StringComparison.Ordinal);
        Assert.Contains("Nor can it be used: the digest has the wrong length", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mismatch_that_another_key_causes_stays_beside_the_mistake_that_causes_the_first()
    {
        var wrong = World.Record(World.EcLeaf, selector: TlsaSelector.Certificate) with { Selector = TlsaSelector.PublicKey };
        var report = await World.Sound().Tlsa(Owner, wrong).Address("mx.example.org", "192.0.2.1", "2001:db8::1").Serve("2001:db8::1", World.OtherEcLeaf).CheckAsync("example.org");

        Assert.Contains("192.0.2.1", Assert.Single(report.Findings, finding => finding.Code == FindingCodes.TlsaWrongDigest).Text, StringComparison.Ordinal);
        Assert.Contains("2001:db8::1", Assert.Single(report.Findings, finding => finding.Code == FindingCodes.TlsaMismatch).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_record_says_nothing_of_the_key_that_is_shown_the_question_whose_it_is_stays()
    {
        // Never filled in, so nothing but the server says that the key is its own.
        var report = await World.Sound().Tlsa(Owner, World.EcRecord with { Data = new(new byte[32]) }).CheckAsync("example.org");

        Assert.Contains("whether this key is yours", Assert.Single(report.Findings, finding => finding.Code == FindingCodes.TlsaMismatch).Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_private_key_in_the_DNS_is_an_error_of_its_own()
    {
        var key = RSA.Create(2048).ExportPkcs8PrivateKey();
        var report = await World.Sound().Tlsa(Owner, World.EcRecord, new TlsaRecord(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Full, new(key))).CheckAsync("example.org");

        var finding = Assert.Single(report.Findings, finding => finding.Code == FindingCodes.TlsaPrivateKey);
        Assert.Equal(Severity.Error, finding.Severity);
        Assert.DoesNotContain(Convert.ToHexStringLower(key.AsSpan(40, 40)), finding.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The record of the key that is served would let in whoever has read the private key.</summary>
    [Fact]
    public async Task Where_a_private_key_stands_in_the_DNS_a_new_key_comes_first_and_no_record_of_the_old_one_is_offered()
    {
        var key = RSA.Create(2048).ExportPkcs8PrivateKey();
        var lost = new TlsaRecord(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Full, new(key));
        foreach (var beside in new TlsaRecord[][] { [], [World.Record(World.OtherEcLeaf)], [World.EcRecord with { Data = new(SHA256.HashData([])) }], [World.Record(World.EcLeaf, TlsaUsage.PkixEe)] })
        {
            var report = await World.Sound().Tlsa(Owner, [lost, .. beside]).CheckAsync("example.org");

            Assert.Equal(FindingCodes.TlsaPrivateKey, report.Findings[0].Code);
            Assert.DoesNotContain(report.Findings, finding => finding.Code == FindingCodes.TlsaUnusable);
            Assert.DoesNotContain(report.Findings, finding => finding.Mend.Contains(World.EcRecord.Data.ToHex(), StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task The_digest_of_a_file_that_is_named_is_recognised()
    {
        var file = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n-----END PRIVATE KEY-----\n"u8.ToArray();
        var world = World.Sound().Tlsa(Owner, World.EcRecord, World.EcRecord with { Data = new(SHA256.HashData(file)) });

        Assert.Contains(FindingCodes.TlsaUnmatched, (await world.CheckAsync("example.org")).Findings.Select(finding => finding.Code));
        var told = Assert.Single((await world.CheckAsync("example.org", new() { Known = [KnownFile.Of("mx.key", file)] })).Findings);

        Assert.Equal(FindingCodes.TlsaWrongDigest, told.Code);
        Assert.Contains("of the file mx.key", told.Text, StringComparison.Ordinal);
    }

    [Fact, Rule("R66"), Rfc(7672, "2.2.3")]
    public async Task A_record_of_another_hosts_key_is_a_note_and_of_one_set_for_both_a_warning()
    {
        var world = World.Sound().Mx("example.org", (10, "mx.example.org"), (20, "mx2.example.org")).Address("mx2.example.org", "192.0.2.2").Serve("192.0.2.2", World.OtherEcLeaf)
            .Tlsa(Owner, World.EcRecord, World.Record(World.OtherEcLeaf)).Tlsa("_25._tcp.mx2.example.org", World.Record(World.OtherEcLeaf));

        var note = Assert.Single((await world.CheckAsync("example.org")).Findings);
        Assert.Equal((FindingCodes.TlsaShared, Severity.Note, Owner), (note.Code, note.Severity, note.Subject));

        foreach (var host in (string[])["mx", "mx2"])
            world.Alias($"_25._tcp.{host}.example.org", RecordType.TLSA, [("_dane.example.org", Security.Secure)], Security.Secure, World.EcRecord.ToString(), World.Record(World.OtherEcLeaf).ToString());
        var shared = (await world.CheckAsync("example.org")).Findings;
        Assert.Equal([(FindingCodes.TlsaShared, Severity.Warning), (FindingCodes.TlsaShared, Severity.Warning)], shared.Select(finding => (finding.Code, finding.Severity)));
    }

    [Fact, Rule("R66")]
    public async Task Two_hosts_with_one_key_share_what_they_like()
    {
        var world = World.Sound().Mx("example.org", (10, "mx.example.org"), (20, "mx2.example.org")).Address("mx2.example.org", "192.0.2.2").Serve("192.0.2.2", World.EcLeaf).Tlsa("_25._tcp.mx2.example.org", World.EcRecord);

        Assert.Empty((await world.CheckAsync("example.org")).Findings);
    }

    [Fact, Rule("R65"), Rfc(7671, "13")]
    public async Task A_long_TTL_is_told_with_the_moments_that_it_puts_off()
    {
        var finding = await OnlyAsync(World.Sound().Put(Owner, RecordType.TLSA, Security.Secure, [World.EcRecord.ToRecordData()], 60, 86400), FindingCodes.TlsaTtlLong, Severity.Warning);

        // Two days and ten minutes after the check; one day for what is lost.
        Assert.Contains("from 2026-11-03 12:10 UTC on", finding.Mend, StringComparison.Ordinal);
        Assert.Contains("by 2026-11-02 12:00 UTC", finding.Mend, StringComparison.Ordinal);
    }

    [Fact, Rule("R65")]
    public async Task The_TTL_of_an_alias_counts_as_much()
    {
        var world = World.Sound().Reply(Owner, RecordType.TLSA, question => new()
        {
            Question = question,
            Security = Security.Secure,
            ResponseCode = Danelaw.Dns.Messages.ResponseCode.NoError,
            FinalName = DomainName.Parse("_dane.example.org"),
            Reason = LookupReason.ValidSignature,
            Explanation = "an alias",
            Chain =
            [
                new(new(question.Name, RecordType.CNAME, RecordClass.IN, 7200, [Octets.Copy(DomainName.Parse("_dane.example.org").Wire)]), Security.Secure),
                new(new(DomainName.Parse("_dane.example.org"), RecordType.TLSA, RecordClass.IN, 300, [World.EcRecord.ToRecordData()]), Security.Secure),
            ],
        });

        var finding = await OnlyAsync(world, FindingCodes.TlsaTtlLong, Severity.Warning);

        Assert.StartsWith($"The alias at {Owner}", finding.Text, StringComparison.Ordinal);
        Assert.Contains("from 2026-11-01 16:10 UTC on", finding.Mend, StringComparison.Ordinal);
    }

    [Fact, Rule("R55"), Rfc(7671, "8.1")]
    public async Task The_next_record_is_told_with_the_moment_from_which_its_key_may_be_used()
    {
        var report = await World.Sound().Tlsa(Owner, World.EcRecord, World.Record(World.OtherEcLeaf)).CheckAsync("example.org", new() { Next = [World.OtherEcLeaf] });

        Assert.Contains("from 2026-11-01 14:10 UTC on", Assert.Single(report.Findings).Mend, StringComparison.Ordinal);
    }

    private static async Task<Finding> OnlyAsync(World world, string code, Severity severity, params string[] beside)
    {
        var report = await world.CheckAsync("example.org");
        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        var finding = Assert.Single(report.Findings, finding => !beside.Contains(finding.Code));
        Assert.Equal((code, severity, Owner), (finding.Code, finding.Severity, finding.Subject));
        Assert.NotEqual("", finding.Mend);
        return finding;
    }
}
