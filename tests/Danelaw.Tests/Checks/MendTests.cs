using Danelaw.Checks;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Tests.Checks;

/// <summary>Mends that lead where they say: whoever follows one is better off than before.</summary>
public sealed class MendTests
{
    private const string Owner = "_25._tcp.mx.example.org";
    private static readonly DomainName Zone = DomainName.Parse("example.org");

    /// <summary>A key-signing key of algorithm 13; what it signs is never looked at.</summary>
    private static readonly Octets Key = new((byte[])[1, 1, 3, 13, .. Enumerable.Range(0, 64).Select(octet => (byte)octet)]);

    [Fact]
    public async Task A_signed_zone_without_DS_is_told_once_with_the_DS_record_to_hand_in()
    {
        var report = await Below(Zone).Put("example.org", RecordType.DNSKEY, Security.Insecure, [Key]).CheckAsync("example.org");

        Assert.True(DsData.TryRead(DelegationSigner.Create(Zone, Key, DigestAlgorithm.Sha256), out var ds));
        var line = $"example.org. IN DS {ds.KeyTag} 13 2 {ds.Digest.ToHex().ToUpperInvariant()}";
        var first = Only(report, FindingCodes.MxInsecure);
        Assert.Contains("example.org is signed already", first.Mend, StringComparison.Ordinal);
        Assert.Contains($"\n{line}\n", first.Mend, StringComparison.Ordinal);
        Assert.Contains("\ndanelaw dnssec example.org\n", first.Mend, StringComparison.Ordinal);
        Assert.DoesNotContain("Sign", first.Mend, StringComparison.Ordinal);
        Assert.Single(report.Findings, finding => finding.Mend.Contains(line, StringComparison.Ordinal));
        foreach (var code in new[] { FindingCodes.MxAddressInsecure, FindingCodes.TlsaInsecure })
            Assert.StartsWith("Make example.org secure first, as is said of example.org (MX-INSECURE).", Only(report, code).Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unsigned_zone_is_to_be_signed_and_that_is_told_once()
    {
        var report = await Below(Zone).Absent("example.org", RecordType.DNSKEY, Security.Insecure).CheckAsync("example.org");

        Assert.StartsWith("example.org is not signed. Sign example.org with DNSSEC", Only(report, FindingCodes.MxInsecure).Mend, StringComparison.Ordinal);
        Assert.Single(report.Findings, finding => finding.Mend.Contains("Sign example.org", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_zone_of_which_nobody_knows_whether_it_is_signed_is_not_called_unsigned()
    {
        var report = await Below(Zone).Fail("example.org", RecordType.DNSKEY).CheckAsync("example.org");

        Assert.StartsWith("Sign example.org with DNSSEC", Only(report, FindingCodes.MxInsecure).Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_DS_set_of_SHA_1_alone_wants_another_DS_and_no_other_key()
    {
        var use = new SignatureUse(Zone, 1, SecurityAlgorithm.EcdsaP256Sha256, default, default);
        var sha1 = new DsData(1, 13, 1, new(new byte[20])).ToOctets();
        var link = new TrustLink(Zone, false, new(Zone, RecordType.DS, RecordClass.IN, 300, [sha1]), use, new(Zone, RecordType.DNSKEY, RecordClass.IN, 300, [Key]), use);
        var world = World.Sound();
        var sound = await world.LookupAsync(Zone, RecordType.MX, TestContext.Current.CancellationToken);
        world.Reply("example.org", RecordType.MX, _ => sound with { Trust = [link], Notes = [new(FindingCodes.DnssecSha1, Zone, "the DS set of example.org. rests on SHA-1")] });

        var finding = Only(await world.CheckAsync("example.org"), FindingCodes.DnssecSha1);

        Assert.StartsWith("The DS records of example.org have only SHA-1 digests", finding.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Roll", finding.Mend, StringComparison.Ordinal);
        Assert.Contains("\nexample.org. IN DS ", finding.Mend, StringComparison.Ordinal);
        Assert.Contains(" 13 2 ", finding.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_TLSA_owner_is_an_alias_the_record_is_to_stand_at_its_end()
    {
        var world = World.Sound().Alias(Owner, RecordType.TLSA, [("_dane.certs.example.org", Security.Secure)], Security.Secure, World.Record(World.RsaLeaf).ToString());

        var report = await world.CheckAsync("example.org");

        var finding = Only(report, FindingCodes.TlsaMismatch);
        Assert.Contains($"\n_dane.certs.example.org. 3600 IN TLSA {World.EcRecord}\n", finding.Mend, StringComparison.Ordinal);
        Assert.Contains($"{Owner} is an alias of _dane.certs.example.org", finding.Mend, StringComparison.Ordinal);
        Assert.DoesNotContain(report.Findings, other => other.Mend.Contains($"{Owner}. 3600", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_alias_that_leads_nowhere_is_named_where_TLSA_records_are_missing()
    {
        var world = World.Sound().Alias(Owner, RecordType.TLSA, [("nowhere.example.org", Security.Secure)], Security.Secure);

        var finding = Only(await world.CheckAsync("example.org"), FindingCodes.TlsaNone);

        Assert.Contains($"{Owner} is an alias of nowhere.example.org, where there are none", finding.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("everything else", finding.Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"{Owner}. 3600 IN TLSA", finding.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_MX_host_that_is_an_alias_into_an_unsigned_zone_keeps_its_own_name_and_records()
    {
        var world = World.Sound();
        foreach (var (type, data) in new[] { (RecordType.A, "192.0.2.1"), (RecordType.AAAA, "2001:db8::1") })
            world.Alias("mx.example.org", type, [("real.example.net", Security.Secure)], Security.Insecure, data);
        world.Put("mx.example.org", RecordType.CNAME, Security.Secure, [Octets.Copy(DomainName.Parse("real.example.net").Wire)]);

        var finding = Only(await world.CheckAsync("example.org"), FindingCodes.MxAlias);

        Assert.StartsWith("Give mx.example.org address records of its own", finding.Mend, StringComparison.Ordinal);
        Assert.DoesNotContain("Put real.example.net itself", finding.Mend, StringComparison.Ordinal);
        Assert.Contains("Do not put real.example.net into the MX record", finding.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_set_without_signatures_leaves_the_DS_record_as_it_is()
    {
        var world = World.Sound().Fail("example.org", RecordType.MX, Security.Bogus, LookupReason.KeySetUnsigned);

        var finding = Only(await world.CheckAsync("example.org"), FindingCodes.MxLookupFailed);

        Assert.StartsWith("See whether the servers serve an unsigned copy", finding.Mend, StringComparison.Ordinal);
        Assert.DoesNotContain("Make the DS record", finding.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_null_MX_beside_others_is_an_error_of_the_domain_and_no_host_without_address()
    {
        var report = await World.Sound().Mx("example.org", (0, "."), (10, "mx.example.org")).CheckAsync("example.org");

        Assert.Equal(Severity.Error, Only(report, FindingCodes.MxNullNotAlone).Severity);
        Assert.DoesNotContain(report.Findings, finding => finding.Code == FindingCodes.MxNoAddress);
        Assert.DoesNotContain((await World.Sound().Mx("example.org", (0, ".")).CheckAsync("example.org")).Findings, finding => finding.Code == FindingCodes.MxNullNotAlone);
    }

    [Fact]
    public async Task A_domain_with_neither_MX_nor_address_is_told_to_publish_an_MX_record()
    {
        var finding = Only(await new World().CheckAsync("example.org"), FindingCodes.MxNoAddress);

        Assert.Contains("has no MX record", finding.Text, StringComparison.Ordinal);
        Assert.StartsWith("Publish an MX record", finding.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dot_that_was_forgotten_in_an_MX_record_is_recognised()
    {
        var finding = Only(await new World().Mx("example.org", (10, "mx.good.test.example.org")).CheckAsync("example.org"), FindingCodes.MxNoAddress);
        Assert.StartsWith("If mx.good.test was meant, the dot at the end", finding.Mend, StringComparison.Ordinal);

        var plain = Only(await new World().Mx("example.org", (10, "mx.example.org")).CheckAsync("example.org"), FindingCodes.MxNoAddress);
        Assert.StartsWith("Give mx.example.org an address", plain.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Security.Secure)]
    [InlineData(Security.Insecure)]
    public async Task A_name_that_bears_the_domains_twice_is_named_for_the_dot_that_is_missing(Security security)
    {
        var world = new World().Mx("example.org", security, (10, "mx.example.org.example.org"));
        foreach (var type in new[] { RecordType.A, RecordType.AAAA }) world.Absent("mx.example.org.example.org", type, security, ResponseCode.NameError);

        var finding = Only(await world.CheckAsync("example.org"), FindingCodes.MxNoAddress);

        Assert.EndsWith("The name bears example.org twice: in the zone file the dot behind mx.example.org is missing.", finding.Text, StringComparison.Ordinal);
        Assert.StartsWith("If mx.example.org was meant, the dot at the end", finding.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mx.example.org.example.org", true)]
    [InlineData("mx.good.test.example.org", false)]
    [InlineData("example.org.example.org", false)]
    public async Task A_name_that_bears_the_domains_twice_and_has_an_address_is_told_and_no_records_are_asked_for_there(string host, bool isTold)
    {
        var report = await new World().Mx("example.org", (10, host)).Address(host, "192.0.2.1").Serve("192.0.2.1", World.EcLeaf).CheckAsync("example.org");

        Assert.Equal(!isTold, report.Findings.Any(finding => finding.Code == FindingCodes.TlsaNone));
        var finding = report.Findings.SingleOrDefault(finding => finding.Code == FindingCodes.MxNameDoubled);
        if (!isTold) Assert.Null(finding);
        else Assert.Equal((Severity.Warning, host, true, true), (finding!.Severity, finding.Subject, finding.Text.EndsWith("_25._tcp.mx.example.org.example.org, where there are none.", StringComparison.Ordinal), finding.Mend.StartsWith("Write \"mx.example.org.\" into", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("::", true)]
    [InlineData("127.101.0.25", false)]
    [InlineData("192.0.2.1", false)]
    public async Task A_mail_host_at_everybodys_own_address_is_named(string address, bool isLocal)
    {
        var report = await World.Sound().Address("mx.example.org", address).CheckAsync("example.org");

        Assert.Equal(isLocal, report.Findings.Any(finding => finding.Code == FindingCodes.MxAddressLocal));
        if (isLocal) Assert.Contains(address, Only(report, FindingCodes.MxAddressLocal).Text, StringComparison.Ordinal);
        Assert.DoesNotContain((await World.Sound().Address("mx.example.org", address).CheckAsync("smtp://mx.example.org")).Findings, finding => finding.Code == FindingCodes.MxAddressLocal);
    }

    [Fact]
    public async Task A_record_to_publish_beside_others_has_their_TTL_as_the_zone_gives_it()
    {
        var world = World.Sound().Put(Owner, RecordType.TLSA, Security.Secure, [World.Record(World.RsaLeaf).ToRecordData()], timeToLive: 17, originalTimeToLive: 300);

        Assert.Contains($"{Owner}. 300 IN TLSA {World.EcRecord}", Only(await world.CheckAsync("example.org"), FindingCodes.TlsaMismatch).Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_denial_of_too_many_iterations_is_the_thing_to_mend()
    {
        var world = World.Sound();
        world.Reply(Owner, RecordType.TLSA, question => new()
        {
            Question = question,
            Security = Security.Insecure,
            ResponseCode = ResponseCode.NoError,
            FinalName = question.Name,
            Reason = LookupReason.TooManyIterations,
            Explanation = "example.org. has NSEC3 with 400 iterations",
        });

        var finding = Only(await world.CheckAsync("example.org"), FindingCodes.TlsaNone);

        Assert.Contains("400 iterations", finding.Text, StringComparison.Ordinal);
        Assert.Contains("to 0 (RFC 9276)", finding.Mend, StringComparison.Ordinal);
        Assert.Contains($"{Owner}. 3600 IN TLSA {World.EcRecord}", finding.Mend, StringComparison.Ordinal);
    }

    /// <summary>The usual domain, in a zone to which no DS record leads.</summary>
    private static World Below(DomainName zone)
    {
        var world = World.Sound().Mx("example.org", Security.Insecure, (10, "mx.example.org")).Address("mx.example.org", Security.Insecure, "192.0.2.1").Tlsa(Owner, Security.Insecure, World.EcRecord);
        world.Cut = zone;
        return world;
    }

    private static Finding Only(CheckReport report, string code) => Assert.Single(report.Findings, finding => finding.Code == code);
}
