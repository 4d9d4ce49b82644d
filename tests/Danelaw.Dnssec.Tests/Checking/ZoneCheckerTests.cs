using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Checking;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Tests.Signing;

namespace Danelaw.Dnssec.Tests.Checking;

public class ZoneCheckerTests
{
    public static TheoryData<string, string, string> Breakages() => new()
    {
        { "NSEC", "no-signature", ZoneFindingCodes.SignatureMissing },
        { "NSEC", "no-key-set-signature", ZoneFindingCodes.SignatureMissing },
        { "NSEC", "changed-record", ZoneFindingCodes.SignatureBogus },
        { "NSEC", "changed-signature", ZoneFindingCodes.SignatureBogus },
        { "NSEC", "signed-glue", ZoneFindingCodes.SignatureExtra },
        { "NSEC", "signature-of-nothing", ZoneFindingCodes.SignatureExtra },
        { "NSEC", "no-nsec", ZoneFindingCodes.DenialMissing },
        { "NSEC", "further-name", ZoneFindingCodes.DenialNext },
        { "NSEC", "further-type", ZoneFindingCodes.DenialTypes },
        { "NSEC", "no-denial", ZoneFindingCodes.Denial },
        { "NSEC", "no-keys", ZoneFindingCodes.Unsigned },
        { "NSEC", "outside", ZoneFindingCodes.Contents },
        { "NSEC", "cname", ZoneFindingCodes.Contents },
        { "NSEC", "ttl", ZoneFindingCodes.SignatureFields },
        { "NSEC", "ttl-in-set", ZoneFindingCodes.TimeToLive },
        { "NSEC3", "no-nsec3", ZoneFindingCodes.DenialMissing },
        { "NSEC3", "no-nsec3", ZoneFindingCodes.DenialNext },
        { "NSEC3", "further-name", ZoneFindingCodes.DenialMissing },
        { "NSEC3", "further-type", ZoneFindingCodes.DenialTypes },
        { "NSEC3", "lost-name", ZoneFindingCodes.DenialExtra },
        { "NSEC3", "new-cut", ZoneFindingCodes.DenialMissing },
        { "NSEC3", "no-signature", ZoneFindingCodes.SignatureMissing },
        { "ZONEMD", "glue-changed", ZoneFindingCodes.Digest },
    };

    [Theory, MemberData(nameof(Breakages)), Rfc(4035, "2"), Rfc(5155, "7.1"), Rfc(8976, "4")]
    public async Task Each_kind_of_breakage_is_found(string denial, string breakage, string code)
    {
        var (outcome, text) = await SignedFile.SignAsync(SignedFile.Zone, SignedFile.Options with { Nsec3 = denial == "NSEC3" ? new() : null, Digests = denial == "ZONEMD" ? [ZoneDigestAlgorithm.Sha384] : [] });
        Assert.True(outcome.IsSigned, outcome.Fault);
        Assert.True((await SignedFile.CheckAsync(text)).IsSound);

        var report = await SignedFile.CheckAsync(Break(text, breakage));

        Assert.False(report.IsSound);
        Assert.Contains(report.Findings, finding => finding.Code == code && finding.Severity == ZoneSeverity.Error);
    }

    [Fact, Rfc(9276, "3.1"), Rfc(9077, "3"), Rfc(2181, "6")]
    public async Task What_stops_no_answer_is_told_without_being_an_error()
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone, SignedFile.Options with { Nsec3 = new() { Iterations = 5, Salt = Octets.Copy([1]) } });
        Assert.All((await SignedFile.CheckAsync(text)).Findings, finding => Assert.Equal((ZoneFindingCodes.Nsec3Parameters, ZoneSeverity.Note), (finding.Code, finding.Severity)));

        (_, text) = await SignedFile.SignAsync(SignedFile.Zone, SignedFile.Options);
        Assert.Contains((await SignedFile.CheckAsync(text + "host.cut.example.lab. 3600 IN TXT hidden\n")).Findings, finding => finding is { Code: ZoneFindingCodes.Hidden, Severity: ZoneSeverity.Note });
        var late = System.Text.RegularExpressions.Regex.Replace(text, @"^(www\.example\.lab\.) \d+ IN NSEC ", "$1 7 IN NSEC ", System.Text.RegularExpressions.RegexOptions.Multiline);
        Assert.Contains((await SignedFile.CheckAsync(late)).Findings, finding => finding is { Code: ZoneFindingCodes.DenialTimeToLive, Severity: ZoneSeverity.Warning });
    }

    [Fact, Rfc(5155, "6")]
    public async Task Over_an_opt_out_span_unsigned_delegations_and_the_empty_names_above_them_may_be_missing()
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone, SignedFile.Options with { Nsec3 = new() { OptOut = true } });

        Assert.True((await SignedFile.CheckAsync(text)).IsSound);
        Assert.True((await SignedFile.CheckAsync(text + "new.example.lab. 3600 IN NS ns.elsewhere.lab.\n")).IsSound);
        Assert.False((await SignedFile.CheckAsync(text + "new.example.lab. 3600 IN NS ns.elsewhere.lab.\nnew.example.lab. 3600 IN DS 1 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n")).IsSound);
    }

    [Theory]
    [InlineData(-1, ZoneFindingCodes.SignatureNotYet, ZoneSeverity.Error)]
    [InlineData(12, ZoneFindingCodes.SignatureSoon, ZoneSeverity.Warning)]
    [InlineData(15, ZoneFindingCodes.SignatureExpired, ZoneSeverity.Error)]
    public async Task Dates_are_judged_at_the_moment_given(int days, string code, ZoneSeverity severity)
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone);

        var report = await SignedFile.CheckAsync(text, new() { Now = SignedFile.Now.AddDays(days) });

        Assert.All(report.Findings.Where(finding => finding.Code == code), finding => Assert.Equal(severity, finding.Severity));
        Assert.Contains(report.Findings, finding => finding.Code == code);
        Assert.Equal(severity != ZoneSeverity.Error, report.IsSound);
    }

    [Fact, Rfc(4035, "2.2")]
    public async Task Every_set_needs_a_signature_of_every_algorithm_of_the_key_set()
    {
        var second = SigningKey.Generate(SecurityAlgorithm.EcdsaP256Sha256, DnskeyFlags.KeySigning);
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone, null, SignedFile.KeySigning, second);
        Assert.True((await SignedFile.CheckAsync(text)).IsSound);

        var report = await SignedFile.CheckAsync(SignedFile.Without(text, line => SignedFile.Is(line, "www.example.lab.", "RRSIG", "A 13 ")));

        Assert.Equal(ZoneFindingCodes.Algorithm, Assert.Single(report.Findings).Code);
    }

    [Fact, Rfc(4035, "5.2"), Rfc(7344, "4.1")]
    public async Task The_keys_must_be_those_that_the_parent_names()
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone, SignedFile.Options with { ChildRecords = ChildRecordPolicy.Publish });
        var stranger = SigningKey.Generate(SecurityAlgorithm.Ed25519, DnskeyFlags.KeySigning);

        var good = await CheckAsync(SignedFile.KeySigning.ToDs(SignedFile.Apex));
        var both = await CheckAsync(SignedFile.KeySigning.ToDs(SignedFile.Apex), stranger.ToDs(SignedFile.Apex));
        var bad = await CheckAsync(stranger.ToDs(SignedFile.Apex));
        var signer = await CheckAsync(SignedFile.ZoneSigning.ToDs(SignedFile.Apex));

        Assert.True(good.IsSound);
        Assert.True(both.IsSound);
        Assert.Contains(both.Findings, finding => finding.Code == ZoneFindingCodes.Ds);
        Assert.Contains(bad.Findings, finding => finding.Code == ZoneFindingCodes.KeySet);
        Assert.Contains(bad.Findings, finding => finding is { Code: ZoneFindingCodes.ChildRecords, Severity: ZoneSeverity.Error });
        // A key of the zone that does not sign the key set is no entry.
        Assert.Contains(signer.Findings, finding => finding.Code == ZoneFindingCodes.KeySet);

        Task<ZoneCheckReport> CheckAsync(params Octets[] ds) => SignedFile.CheckAsync(text, new() { Now = SignedFile.Now, Ds = [.. ds] });
    }

    [Fact, Rfc(4034, "2.1.1"), Rfc(4035, "5.3.1")]
    public async Task A_signature_by_a_key_that_may_not_sign_is_an_error()
    {
        var unfit = SignedFile.ZoneSigning.WithFlags(DnskeyFlags.None);
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone, null, SignedFile.KeySigning, SignedFile.ZoneSigning, unfit);
        Assert.True((await SignedFile.CheckAsync(text)).IsSound);

        var report = await SignedFile.CheckAsync(Signed(text, "www.example.lab.", RecordType.A, unfit));

        Assert.False(report.IsSound);
        Assert.Equal(ZoneFindingCodes.SignatureKey, Assert.Single(report.Findings, finding => finding.Severity == ZoneSeverity.Error).Code);
    }

    [Fact, Rfc(6781, "4.1.4")]
    public async Task A_spare_signature_by_a_key_that_is_not_published_is_a_warning_and_alone_an_error()
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone, null, SignedFile.KeySigning, SignedFile.ZoneSigning);
        var spare = Signed(text, "www.example.lab.", RecordType.A, SigningKey.Generate(SecurityAlgorithm.EcdsaP256Sha256, DnskeyFlags.Zone), isBeside: true);

        var report = await SignedFile.CheckAsync(spare);
        Assert.True(report.IsSound);
        Assert.Equal(ZoneSeverity.Warning, Assert.Single(report.Findings, finding => finding.Code == ZoneFindingCodes.SignatureKey).Severity);
        Assert.Contains((await SignedFile.CheckAsync(Signed(text, "www.example.lab.", RecordType.A, SigningKey.Generate(SecurityAlgorithm.Ed25519, DnskeyFlags.Zone)))).Findings, finding => finding is { Code: ZoneFindingCodes.SignatureKey, Severity: ZoneSeverity.Error });
    }

    [Fact]
    public async Task Of_many_findings_the_gravest_are_told()
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone, null, SignedFile.KeySigning, SignedFile.ZoneSigning);
        text = SignedFile.Without(text, line => SignedFile.Is(line, "www.example.lab.", "RRSIG", "A "));

        var report = await SignedFile.CheckAsync(text, new() { Now = SignedFile.Now, WarnBefore = TimeSpan.FromDays(30), MaximumFindings = 1 });

        Assert.True(report.Warnings > 1);
        Assert.Equal(ZoneSeverity.Error, Assert.Single(report.Findings).Severity);
    }

    [Fact, Rfc(4035, "2.2"), Rfc(5011, "2.1")]
    public async Task A_revoked_keys_signature_stands_for_no_algorithm()
    {
        var revoked = SigningKey.Generate(SecurityAlgorithm.EcdsaP256Sha256, DnskeyFlags.KeySigning | DnskeyFlags.Revoked);
        var second = SigningKey.Generate(SecurityAlgorithm.EcdsaP256Sha256, DnskeyFlags.Zone);
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone, null, SignedFile.KeySigning, SignedFile.ZoneSigning, revoked, second);
        Assert.True((await SignedFile.CheckAsync(text)).IsSound);

        var report = await SignedFile.CheckAsync(SignedFile.Without(text, line => SignedFile.Is(line, "example.lab.", "RRSIG", "DNSKEY 13 ") && line.Contains($" {second.KeyTag} example.lab. ", StringComparison.Ordinal)));

        Assert.Contains(report.Findings, finding => finding is { Code: ZoneFindingCodes.Algorithm, Severity: ZoneSeverity.Error });
    }

    [Fact, Rfc(5011, "2.1")]
    public async Task A_DS_that_names_a_revoked_key_leads_nowhere()
    {
        var revoked = SigningKey.Generate(SecurityAlgorithm.Ed25519, DnskeyFlags.KeySigning | DnskeyFlags.Revoked);
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone, SignedFile.Options with { ChildRecords = ChildRecordPolicy.Publish }, SignedFile.KeySigning, SignedFile.ZoneSigning, revoked);

        var report = await SignedFile.CheckAsync(text, new() { Now = SignedFile.Now, Ds = [revoked.ToDs(SignedFile.Apex)] });

        Assert.Contains(report.Findings, finding => finding is { Code: ZoneFindingCodes.KeySet, Severity: ZoneSeverity.Error });
        Assert.Contains(report.Findings, finding => finding is { Code: ZoneFindingCodes.ChildRecords, Severity: ZoneSeverity.Error });
    }

    [Theory, Rfc(7344, "4.1")]
    [InlineData(59)]
    [InlineData(60)]
    public async Task CDS_and_CDNSKEY_are_signed_by_a_key_that_the_parent_may_name(ushort type)
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone, SignedFile.Options with { ChildRecords = ChildRecordPolicy.Publish });

        var report = await SignedFile.CheckAsync(Signed(text, "example.lab.", (RecordType)type, SignedFile.ZoneSigning));

        Assert.Equal((ZoneFindingCodes.ChildRecords, ZoneSeverity.Error), (Assert.Single(report.Findings).Code, report.Findings[0].Severity));
    }

    [Theory, Rfc(4035, "2.4"), Rfc(4592, "4.2"), Rfc(6672, "2.4")]
    [InlineData("example.lab. 3600 IN DS 1 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "RFC 4035 §2.4")]
    [InlineData("*.example.lab. 3600 IN NS ns.elsewhere.lab.", "RFC 4592 §4.2")]
    [InlineData("cut.example.lab. 3600 IN DNAME new.lab.", "RFC 6672 §2.4")]
    [InlineData("z.empty.example.lab. 3600 IN DS 1 13 2 aa", "RFC 4509 §2.2")]
    [InlineData("z.empty.example.lab. 3600 IN DS 1 13 1 aabb", "RFC 4034 §5.1.4")]
    [InlineData("z.empty.example.lab. 3600 IN DS 1 13 4 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "RFC 6605 §2")]
    [InlineData("host.example.lab. 3600 IN SSHFP 1 1 aa", "RFC 4255 §3.1.3")]
    [InlineData("host.example.lab. 3600 IN SSHFP 4 2 aa", "RFC 6594")]
    [InlineData("example.lab. 3600 IN NS alias.example.lab.\nalias.example.lab. 3600 IN CNAME www.example.lab.", "RFC 2181 §10.3")]
    [InlineData("x.old.example.lab. 3600 IN A 127.0.0.9", "RFC 6672 §2.4")]
    [InlineData("x.old.example.lab. 3600 IN NS ns.elsewhere.lab.", "RFC 6672 §2.4")]
    public async Task What_servers_refuse_to_load_is_an_error(string record, string rule)
    {
        // The signer that takes odd zones on purpose; the one of files refuses them.
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone);
        using var reader = new Dns.Zones.ZoneReader(new StringReader(text + record + "\n"), new());
        var records = new List<ResourceRecord>();
        while (reader.TryRead(out var one, out _)) records.Add(one);
        var signed = ZoneSigner.Sign(records, [SignedFile.KeySigning, SignedFile.ZoneSigning], SignedFile.Options);

        var report = await SignedFile.CheckAsync(string.Join('\n', signed.Select(Dns.Zones.ZoneWriter.ToLine)));

        Assert.Contains(rule, Assert.Single(report.Findings, finding => finding.Severity == ZoneSeverity.Error).Text, StringComparison.Ordinal);
    }

    [Theory, Rfc(4034, "5.1.4")]
    [InlineData("z.empty DS 1 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("z.empty DS 1 13 99 aa")]
    [InlineData("host SSHFP 1 99 aa")]
    [InlineData("@ CDS 0 0 0 00")]
    public async Task A_digest_of_the_length_that_its_type_has_or_of_an_unknown_type_is_none_of_our_business(string record)
    {
        var (outcome, text) = await SignedFile.SignAsync(SignedFile.Zone + "\n" + record + "\n");

        Assert.True(outcome.IsSigned, outcome.Fault);
        Assert.True((await SignedFile.CheckAsync(text)).IsSound);
    }

    [Fact, Rfc(5011, "2.1")]
    public async Task A_revoked_key_that_does_not_sign_the_key_set_is_not_revoked()
    {
        var revoked = SigningKey.Generate(SecurityAlgorithm.Ed25519, DnskeyFlags.KeySigning).WithFlags(DnskeyFlags.KeySigning | DnskeyFlags.Revoked);
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone, null, SignedFile.KeySigning, SignedFile.ZoneSigning, revoked);
        Assert.True((await SignedFile.CheckAsync(text)).IsSound);

        var report = await SignedFile.CheckAsync(SignedFile.Without(text, line => SignedFile.Is(line, "example.lab.", "RRSIG", "DNSKEY ") && line.Contains($" {revoked.KeyTag} example.lab. ", StringComparison.Ordinal)));

        var finding = Assert.Single(report.Findings);
        Assert.Equal((ZoneFindingCodes.KeySet, ZoneSeverity.Error), (finding.Code, finding.Severity));
        Assert.Contains($"revoked key {revoked.KeyTag}", finding.Text, StringComparison.Ordinal);
        Assert.Contains("--remove-key", finding.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(15, ZoneFindingCodes.SignatureExpired)]
    [InlineData(-1, ZoneFindingCodes.SignatureNotYet)]
    public async Task Dates_that_are_wrong_are_the_fault_and_not_who_signs_the_key_set(int days, string code)
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone, SignedFile.Options with { ChildRecords = ChildRecordPolicy.Publish });

        foreach (Octets[] ds in (Octets[][])[[], [SignedFile.KeySigning.ToDs(SignedFile.Apex)]])
        {
            var report = await SignedFile.CheckAsync(text, new() { Now = SignedFile.Now.AddDays(days), Ds = [.. ds] });
            Assert.Equal([code], report.Findings.Select(finding => finding.Code).Distinct());
        }
    }

    [Fact, Rfc(4035, "5.2")]
    public async Task A_DS_with_the_tag_of_a_key_and_another_digest_is_told_as_that()
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone);
        var octets = SignedFile.KeySigning.ToDs(SignedFile.Apex).ToArray();
        octets[^1] ^= 1;

        var report = await SignedFile.CheckAsync(text, new() { Now = SignedFile.Now, Ds = [Octets.Copy(octets)] });

        Assert.Contains($"the algorithm of key {SignedFile.KeySigning.KeyTag}", Assert.Single(report.Findings, finding => finding.Code == ZoneFindingCodes.Ds).Text, StringComparison.Ordinal);
        var keySet = Assert.Single(report.Findings, finding => finding.Code == ZoneFindingCodes.KeySet);
        Assert.Contains("no DS record names a key of the zone", keySet.Text, StringComparison.Ordinal);
        Assert.Contains("give the parent the DS", keySet.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_zone_that_is_not_signed_serial_and_names_are_told()
    {
        var report = await SignedFile.CheckAsync(SignedFile.Zone);

        Assert.Equal(ZoneFindingCodes.Unsigned, Assert.Single(report.Findings).Code);
        Assert.Equal((1u, 10L), (report.Serial, report.Names));
    }

    [Fact, Rfc(2181, "5")]
    public async Task A_record_that_stands_there_twice_counts_once()
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone + "\nalias CNAME www\n", SignedFile.Options with { Nsec3 = new() });
        string[] twice = [.. text.Split('\n').Where(line => line.Contains(" IN SOA ", StringComparison.Ordinal) || line.Contains(" IN CNAME ", StringComparison.Ordinal) || line.Contains(" IN NSEC3PARAM ", StringComparison.Ordinal))];

        var report = await SignedFile.CheckAsync(text + string.Join('\n', twice) + "\n");

        Assert.Equal(3, twice.Length);
        Assert.True(report.IsSound);
        Assert.Equal([ZoneFindingCodes.Duplicate, ZoneFindingCodes.Duplicate, ZoneFindingCodes.Duplicate], report.Findings.Select(finding => finding.Code));
    }

    [Fact]
    public async Task An_RSA_key_that_is_short_by_todays_advice_is_a_warning()
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone, null, SigningKey.Generate(SecurityAlgorithm.RsaSha256, DnskeyFlags.KeySigning, 1024));

        var report = await SignedFile.CheckAsync(text);

        Assert.True(report.IsSound);
        Assert.Equal((ZoneFindingCodes.Key, ZoneSeverity.Warning), (Assert.Single(report.Findings).Code, report.Findings[0].Severity));
    }

    [Fact, Rfc(8078, "4")]
    public async Task A_request_for_removal_stands_alone()
    {
        var zone = SignedFile.Zone + $"\n@ CDS 0 0 0 00\n@ CDS {Dns.Zones.RecordText.Format(Dns.Records.RecordType.CDS, SignedFile.KeySigning.ToDs(SignedFile.Apex))}\n";
        var (_, text) = await SignedFile.SignAsync(zone);

        Assert.Contains((await SignedFile.CheckAsync(text)).Findings, finding => finding.Code == ZoneFindingCodes.ChildRecords);
    }

    [Fact, Rfc(9276, "3.1")]
    public async Task Iterations_and_salt_are_told()
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone, SignedFile.Options with { Nsec3 = new() { Iterations = 151, Salt = Octets.Copy([1]) } });

        var report = await SignedFile.CheckAsync(text);

        Assert.True(report.IsSound);
        Assert.Equal([ZoneSeverity.Warning, ZoneSeverity.Note], report.Findings.Select(finding => finding.Severity));
    }

    [Fact]
    public async Task A_finding_says_where_it_is()
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone);
        var broken = text.Replace("127.0.0.4", "127.0.0.44", StringComparison.Ordinal);
        var line = broken.Split('\n').ToList().FindIndex(one => SignedFile.Is(one, "www.example.lab.", "RRSIG", "A ")) + 1;

        var finding = Assert.Single((await SignedFile.CheckAsync(broken)).Findings);

        Assert.Equal((DomainName.Parse("www.example.lab."), Dns.Records.RecordType.A, line), (finding.Owner, finding.Type!.Value, finding.Line));
        Assert.NotEmpty(finding.Mend);
    }

    [Fact]
    public async Task What_is_no_zone_at_all_is_unsound_and_throws_nothing()
    {
        Assert.False((await SignedFile.CheckAsync("")).IsSound);
        Assert.NotNull((await SignedFile.CheckAsync("a b c d")).Syntax);
        Assert.False((await SignedFile.CheckAsync(SignedFile.Zone)).IsSound);
    }

    /// <summary>The zone with the signatures over one set replaced by that of one key.</summary>
    private static string Signed(string text, string owner, RecordType type, SigningKey key, bool isBeside = false)
    {
        var name = RecordTypes.ToText(type);
        using var reader = new Dns.Zones.ZoneReader(new StringReader(string.Join('\n', text.Split('\n').Where(line => SignedFile.Is(line, owner, name)))), new());
        var data = new List<Octets>();
        while (reader.TryRead(out var record, out _)) data.Add(record.Data);
        var set = new RecordSet(DomainName.Parse(owner), type, RecordClass.IN, 3600, [.. data]);
        return SignedFile.Without(text, line => !isBeside && SignedFile.Is(line, owner, "RRSIG", name + " ")) + Dns.Zones.ZoneWriter.ToLine(RecordSetSigner.Sign(set, key, SignedFile.Apex, SignedFile.Options.Validity)) + "\n";
    }

    private static string Break(string text, string breakage)
    {
        var www = text.Split('\n').First(line => SignedFile.Is(line, "www.example.lab.", "RRSIG", "A "));
        return breakage switch
        {
            "no-signature" => SignedFile.Without(text, line => SignedFile.Is(line, "www.example.lab.", "RRSIG", "A ")),
            "no-key-set-signature" => SignedFile.Without(text, line => SignedFile.Is(line, "example.lab.", "RRSIG", "DNSKEY ")),
            "changed-record" => text.Replace("127.0.0.4", "127.0.0.44", StringComparison.Ordinal),
            "changed-signature" => text.Replace(www, www[..^10] + (www[^10] == 'A' ? 'B' : 'A') + www[^9..], StringComparison.Ordinal),
            "signed-glue" => text + www.Replace("www.example.lab. ", "ns.cut.example.lab. ", StringComparison.Ordinal),
            "signature-of-nothing" => text + www.Replace(" RRSIG A ", " RRSIG AAAA ", StringComparison.Ordinal),
            "no-nsec" => SignedFile.Without(text, line => SignedFile.Is(line, "www.example.lab.", "NSEC") || SignedFile.Is(line, "www.example.lab.", "RRSIG", "NSEC ")),
            "no-nsec3" => SignedFile.Without(text, line => line == text.Split('\n').First(one => one.Contains(" IN NSEC3 ", StringComparison.Ordinal))),
            "no-denial" => SignedFile.Without(text, line => line.Contains(" IN NSEC ", StringComparison.Ordinal) || line.Contains(" IN RRSIG NSEC ", StringComparison.Ordinal)),
            "no-keys" => SignedFile.Without(text, line => line.Contains(" IN DNSKEY ", StringComparison.Ordinal)),
            "further-name" => text + "further.example.lab. 3600 IN A 127.0.0.7\n",
            "further-type" => text + "www.example.lab. 3600 IN AAAA ::1\n",
            "lost-name" => SignedFile.Without(text, line => line.StartsWith("a.b.c.", StringComparison.Ordinal)),
            "new-cut" => text + "new.example.lab. 3600 IN NS ns.elsewhere.lab.\n",
            "outside" => text + "example.org. 3600 IN A 127.0.0.7\n",
            "cname" => text + "www.example.lab. 3600 IN CNAME ns.example.lab.\n",
            "ttl" => text.Replace("www.example.lab. 3600 IN A", "www.example.lab. 7200 IN A", StringComparison.Ordinal),
            "ttl-in-set" => text + "www.example.lab. 7200 IN A 127.0.0.5\n",
            "glue-changed" => text.Replace("ns.cut.example.lab. 3600 IN A 127.0.0.2", "ns.cut.example.lab. 3600 IN A 127.0.0.99", StringComparison.Ordinal),
            _ => throw new ArgumentOutOfRangeException(nameof(breakage)),
        };
    }
}
