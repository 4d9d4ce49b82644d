using System.Net;
using Danelaw.Checks;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Validation;
using Danelaw.Servers;

namespace Danelaw.Tests.Servers;

/// <summary>What is said of a zone's signatures, keys and DS records by what its servers and those above gave.</summary>
public class SigningJudgeTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DomainName Zone = DomainName.Parse("example.org.");
    private static readonly DomainName Owner = DomainName.Parse("_25._tcp.mx.example.org.");
    private static readonly Question Tlsa = new(Owner, RecordType.TLSA);
    private static readonly SigningKey Key = SigningKey.Generate(SecurityAlgorithm.EcdsaP256Sha256, DnskeyFlags.KeySigning);
    private static readonly SigningKey Other = SigningKey.Generate(SecurityAlgorithm.EcdsaP256Sha256, DnskeyFlags.KeySigning);
    private static readonly SigningKey Edwards = SigningKey.Generate(SecurityAlgorithm.Ed25519, DnskeyFlags.KeySigning);

    [Theory, Rfc(6781, "4.4.2")]
    [InlineData(14 * 24, 60, null)]
    [InlineData(14 * 24, 47, Severity.Warning)]
    [InlineData(14 * 24, 23, Severity.Error)]
    [InlineData(14 * 24, 1, Severity.Error)]

    // Signed for each answer, for a day before and a day after.
    [InlineData(48, 24, null)]
    [InlineData(48, 13, null)]
    [InlineData(48, 11, Severity.Warning)]
    [InlineData(48, 5, Severity.Error)]
    public void A_signature_near_its_end_is_told_by_what_is_left_of_it(int hours, int left, Severity? severity)
    {
        var end = Now.AddHours(left);

        var report = Judge(Server(1, signature: (end.AddHours(-hours), end)), Server(2));

        Assert.Equal(severity, report.Findings.SingleOrDefault(finding => finding.Code == FindingCodes.DnssecSignatureEnds)?.Severity);
        if (severity is not null) Assert.Equal([[FindingCodes.DnssecSignatureEnds], []], report.Rows.Select(row => row.Faults.ToArray()));
    }

    [Fact, Rfc(4034, "3.1.5")]
    public void The_end_of_a_signature_is_found_across_the_turn_of_the_numbers()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(uint.MaxValue).AddHours(-1);

        var report = ServerJudge.Judge(Evidence([Server(1, signature: (now.AddDays(-10), now.AddHours(3)))]), now);

        Assert.Contains("in 3 hours", Assert.Single(report.Findings).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_signatures_over_a_set_the_one_that_lasts_longest_counts()
    {
        var server = Server(1).Select(probe => probe.Question != ServerQuestion.Answer ? probe : probe with { Answers = [.. probe.Answers, Signature(Owner, RecordType.TLSA, Now.AddDays(-10), Now.AddHours(1))] });

        Assert.Empty(Judge(server).Findings);
    }

    [Theory]
    [InlineData(59, false)]
    [InlineData(61, true)]
    public void Signatures_that_hold_for_very_long_are_noted(int days, bool isTold)
    {
        var report = Judge(Server(1, signature: (Now.AddDays(-1), Now.AddDays(days - 1))));

        Assert.Equal(isTold ? [(FindingCodes.DnssecSignatureLong, Severity.Note)] : [], report.Findings.Select(finding => (finding.Code, finding.Severity)));
    }

    [Fact]
    public void Where_no_TLSA_record_could_be_shown_again_nobody_is_told_of_long_signatures() =>
        Assert.Empty(Judge(Server(1, signature: (Now.AddDays(-1), Now.AddDays(300))).Select(probe => probe.Question != ServerQuestion.Answer ? probe : probe with { Records = 0, Digest = "", IsSigned = false, HasDenial = true, Answers = [] })).Findings);

    [Theory, Rfc(9715, "3.2")]
    [InlineData(ServerQuestion.Answer, 1232, null)]
    [InlineData(ServerQuestion.Answer, 1233, Severity.Warning)]
    [InlineData(ServerQuestion.NonName, 1500, Severity.Warning)]
    [InlineData(ServerQuestion.Keys, 1500, Severity.Note)]
    public void An_answer_that_is_cut_short_over_UDP_is_told(ServerQuestion question, int size, Severity? severity)
    {
        var report = Judge(Server(1).Select(probe => probe.Question == question ? probe with { Size = size } : probe));

        Assert.Equal(severity, report.Findings.SingleOrDefault(finding => finding.Code == FindingCodes.ServerAnswerLarge)?.Severity);
    }

    [Fact, Rfc(7766, "5")]
    public void An_answer_that_comes_cut_short_and_over_TCP_not_at_all_is_an_error_of_its_own()
    {
        var report = Judge(Server(1).Select(probe => probe is { IsTcp: false, Question: ServerQuestion.Answer } ? Lost(probe, Exchange.NotWholeOverUdp + "no reply") : probe));

        Assert.Equal([(FindingCodes.ServerAnswerLarge, Severity.Error)], report.Findings.Select(finding => (finding.Code, finding.Severity)));
    }

    [Fact, Rfc(8020, "2"), Rfc(9156, "4")]
    public void A_name_that_is_denied_above_TLSA_records_is_told()
    {
        var report = Judge(Server(1).Select(Denying), Server(2));

        var finding = Assert.Single(report.Findings);
        Assert.Equal((FindingCodes.DnssecEmptyNonTerminal, Severity.Error, "ns1.example.org [192.0.2.1]"), (finding.Code, finding.Severity, finding.Subject));
    }

    [Fact, Rfc(8020, "2")]
    public void Where_there_are_no_TLSA_records_the_name_above_may_be_denied()
    {
        var report = Judge(Server(1).Select(probe => probe.Question == ServerQuestion.Answer ? probe with { Code = ResponseCode.NameError, Records = 0, Digest = "", IsSigned = false, HasDenial = true } : Denying(probe)));

        Assert.Empty(report.Findings);
    }

    [Theory, Rfc(7672, "2.1.2")]
    [InlineData(true, true, FindingCodes.ServerTlsaNameError)]
    [InlineData(true, false, FindingCodes.ServerTlsaNameError)]
    [InlineData(false, false, FindingCodes.ServerTlsaNameError)]
    [InlineData(false, true, null)]
    public void NXDOMAIN_to_TLSA_is_told_where_others_have_records_or_nothing_proves_it(bool othersHaveRecords, bool isProven, string? code)
    {
        ServerProbe Denied(ServerProbe probe, bool proven) => probe.Question == ServerQuestion.Answer ? probe with { Code = ResponseCode.NameError, Records = 0, Digest = "", Answers = [], IsSigned = false, HasDenial = proven } : probe;

        var report = Judge(Server(1).Select(probe => Denied(probe, isProven)), othersHaveRecords ? Server(2) : Server(2).Select(probe => Denied(probe, true)));

        Assert.Equal(code is null ? [] : [code], report.Rows[0].Faults.ToArray());
        Assert.Empty(report.Rows[1].Faults);
    }

    [Fact, Rfc(8901, "3")]
    public void A_server_with_other_keys_than_most_is_told()
    {
        var report = Judge(Server(1), Server(2), Server(3, keys: [Key, Other]));

        Assert.Equal([[], [], [FindingCodes.DnssecKeyOneServer]], report.Rows.Select(row => row.Faults.ToArray()));
    }

    [Fact, Rfc(4035, "5.2")]
    public void A_server_to_none_of_whose_keys_a_DS_record_leads_is_told_as_that_and_not_as_bogus_besides()
    {
        var lost = Server(2, keys: [Other]).Select(probe => probe with { Status = Security.Bogus, Why = "no key fits" });

        var report = Beside([Signer(Key)], Server(1), lost, Server(3));

        Assert.Equal([[], [FindingCodes.DnssecKeyOneServer, FindingCodes.DnssecDsMismatch], []], report.Rows.Select(row => row.Faults.ToArray()));
        Assert.Contains("IN DS", report.Findings.Single(finding => finding.Code == FindingCodes.DnssecDsMismatch).Mend, StringComparison.Ordinal);
    }

    [Fact, Rfc(4035, "5.2")]
    public void A_DS_record_that_leads_to_a_key_that_signs_no_keys_is_an_error()
    {
        var report = Beside([Signer(Other)], Server(1, keys: [Key, Other], signing: Key));

        Assert.Equal([(FindingCodes.DnssecDsMismatch, Severity.Error)], report.Findings.Select(finding => (finding.Code, finding.Severity)));
    }

    [Theory, Rfc(6781, "4.1.2")]
    [InlineData(false, "of which no server has the key.")]
    [InlineData(true, "no key of algorithm 15 at all")]
    public void A_DS_record_of_a_key_that_is_not_there_is_a_warning_as_long_as_another_leads_on(bool isOtherAlgorithm, string text)
    {
        var report = Beside([Signer(Key), Signer(isOtherAlgorithm ? Edwards : Other)], Server(1));

        var finding = Assert.Single(report.Findings);
        Assert.Equal((FindingCodes.DnssecDsMismatch, Severity.Warning, "example.org"), (finding.Code, finding.Severity, finding.Subject));
        Assert.Contains(text, finding.Text, StringComparison.Ordinal);
        AssertFound(isOtherAlgorithm ? Edwards : Other, finding);
    }

    [Fact]
    public void A_DS_record_that_leads_nowhere_can_be_found_at_the_registrar_by_all_its_fields()
    {
        var finding = Assert.Single(Beside([Signer(Other)], Server(1)).Findings);

        Assert.Equal((FindingCodes.DnssecDsMismatch, Severity.Error), (finding.Code, finding.Severity));
        AssertFound(Other, finding);
    }

    private static void AssertFound(SigningKey key, Finding finding)
    {
        var digest = key.ToDs(Zone, DigestAlgorithm.Sha256).ToHex()[8..].ToUpperInvariant();
        Assert.Contains($"{Tag(key)} (algorithm {(int)key.Algorithm}, digest type 2, digest {digest[..16]}…)", finding.Text, StringComparison.Ordinal);
        Assert.Contains($"\nexample.org. IN DS {Tag(key)} {(int)key.Algorithm} 2 {digest}", finding.Mend, StringComparison.Ordinal);
    }

    [Fact, Rfc(4035, "5.2")]
    public void A_DS_set_of_which_nothing_is_supported_leaves_a_zone_insecure_and_is_no_error()
    {
        var unknown = Signer(Key).ToArray();
        unknown[2] = 199;

        Assert.All(Beside([new(unknown)], Server(1)).Findings, finding => Assert.Equal(Severity.Warning, finding.Severity));
    }

    [Fact]
    public void Thousands_of_keys_are_not_held_against_thousands_of_DS_records()
    {
        // Each of the same tag and algorithm, so that nothing but a digest tells whether they fit.
        var begun = TimeProvider.System.GetTimestamp();
        var signers = Enumerable.Range(0, 1500).Select(i => new DsData(7, 13, 2, new(BitConverter.GetBytes(i).Concat(new byte[28]).ToArray())).ToOctets()).ToArray();
        var keys = Enumerable.Range(0, 1500).Select(i => new DnskeyData(257, 3, 13, new(BitConverter.GetBytes(i))).ToOctets()).ToArray();
        var server = Server(1).Select(probe => probe.Question != ServerQuestion.Keys ? probe : probe with { Records = keys.Length, Answers = [.. keys.Select(key => new ResourceRecord(Zone, RecordType.DNSKEY, RecordClass.IN, 3600, key))] }).ToArray();

        var report = Beside(signers, [.. Enumerable.Repeat(server, 30)]);

        Assert.Empty(report.Findings);
        Assert.InRange(TimeProvider.System.GetElapsedTime(begun), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Servers_above_with_different_DS_sets_are_told()
    {
        var evidence = Evidence([Server(1)]);
        evidence = evidence with { Above = [Above(1, [Signer(Key)]), Above(2, [Signer(Key), Signer(Key, DigestAlgorithm.Sha384)])] };

        var finding = Assert.Single(ServerJudge.Judge(evidence, Now).Findings);

        Assert.Equal((FindingCodes.DnssecDsMismatch, Severity.Warning), (finding.Code, finding.Severity));
    }

    [Fact, Rfc(7344, "4")]
    public void A_zone_that_asks_for_the_DS_records_that_it_has_is_content_whatever_the_digests() =>
        Assert.Empty(Beside([Signer(Key, DigestAlgorithm.Sha384)], Server(1, childDs: [Signer(Key)], childKeys: [Key.ToDnskey()])).Findings);

    [Theory, Rfc(7344, "4")]
    [InlineData(true)]
    [InlineData(false)]
    public void A_zone_that_asks_for_other_DS_records_waits(bool byDigest)
    {
        var report = Beside([Signer(Key)], Server(1, keys: [Key, Other], childDs: byDigest ? [Signer(Other)] : [], childKeys: byDigest ? [] : [Other.ToDnskey()]));

        var finding = Assert.Single(report.Findings);
        Assert.Equal((FindingCodes.DnssecCdsWaiting, Severity.Warning, "example.org"), (finding.Code, finding.Severity, finding.Subject));
        Assert.Contains($"IN DS {Tag(Other)} 13 2 ", finding.Mend, StringComparison.Ordinal);
    }

    [Fact, Rfc(8078, "3")]
    public void A_signed_zone_without_DS_records_that_asks_for_them_waits() =>
        Assert.Equal([FindingCodes.DnssecCdsWaiting], Beside([], Server(1, childDs: [Signer(Key)], status: Security.Insecure)).Findings.Select(finding => finding.Code));

    [Theory, Rfc(8078, "4")]
    [InlineData(true)]
    [InlineData(false)]
    public void A_zone_that_asks_to_be_insecure_is_told_so(bool byDigest)
    {
        var report = Beside([Signer(Key)], Server(1, childDs: byDigest ? [new(new byte[] { 0, 0, 0, 0, 0 })] : [], childKeys: byDigest ? [] : [new(new byte[] { 0, 0, 3, 0, 0 })]));

        Assert.Contains("to take its DS records away", Assert.Single(report.Findings).Text, StringComparison.Ordinal);
    }

    [Fact, Rfc(7344, "4.1")]
    public void What_does_not_validate_asks_for_nothing() =>
        Assert.Empty(Beside([Signer(Key)], Server(1, keys: [Key, Other], childDs: [Signer(Other)], status: Security.Indeterminate)).Findings);

    [Fact, Rfc(4035, "5.2")]
    public void A_zone_whose_only_server_gives_no_signatures_is_unsigned_there_where_the_zone_above_has_a_DS_record_for_it()
    {
        var evidence = Evidence([Server(1).Where(IsOfUnsigned).Select(Unsigned)]) with { NameServers = new() { Question = new(Zone, RecordType.NS) }, Above = [Above(1, [Signer(Key)])] };

        var report = ServerJudge.Judge(evidence, Now);

        var finding = Assert.Single(report.Findings);
        Assert.Equal((FindingCodes.ServerUnsigned, Severity.Error), (finding.Code, finding.Severity));
        Assert.StartsWith("ns1.example.org at 192.0.2.1 gives no signatures with DO, though the DS records of example.org demand them", finding.Text, StringComparison.Ordinal);
        Assert.Equal([FindingCodes.ServerUnsigned], Assert.Single(report.Rows).Faults.ToArray());
    }

    [Theory]
    [InlineData("example.org.", true)]
    [InlineData("org.", false)]
    public void A_lookup_that_is_bogus_because_of_the_zone_itself_demands_signatures_of_its_servers(string zone, bool isDemanded)
    {
        var failed = new Answer { Question = new(Zone, RecordType.NS), Security = Security.Bogus, Failure = new(DomainName.Parse(zone), Zone, RecordType.DNSKEY, null, null, null, "RFC 4035 §5.2", "") };

        var report = ServerJudge.Judge(Evidence([Server(1).Where(IsOfUnsigned).Select(Unsigned)]) with { NameServers = failed }, Now);

        Assert.Equal(isDemanded ? [FindingCodes.ServerUnsigned] : [], report.Findings.Select(finding => finding.Code).ToArray());
    }

    [Fact, Rfc(4035, "5.2")]
    public void A_DS_set_of_which_nothing_is_supported_demands_no_signatures()
    {
        var unknown = Signer(Key).ToArray();
        unknown[2] = 199;

        var report = ServerJudge.Judge(Evidence([Server(1).Where(IsOfUnsigned).Select(Unsigned)]) with { NameServers = new() { Question = new(Zone, RecordType.NS) }, Above = [Above(1, [new(unknown)])] }, Now);

        Assert.DoesNotContain(report.Findings, finding => finding.Code == FindingCodes.ServerUnsigned);
    }

    private static bool IsOfUnsigned(ServerProbe probe) => probe.Question is ServerQuestion.Soa or ServerQuestion.Answer or ServerQuestion.NonName;

    private static ServerProbe Unsigned(ServerProbe probe) => probe with { IsSigned = false, HasDenial = false, Status = null, Answers = [.. probe.Answers.Where(record => record.Type != RecordType.RRSIG)] };

    private static ServerProbe Denying(ServerProbe probe) => probe.Question == ServerQuestion.EmptyNonTerminal ? probe with { Code = ResponseCode.NameError } : probe;

    private static ServerProbe Lost(ServerProbe probe, string detail) => new(probe.Host, probe.Address, probe.IsTcp, probe.Question) { Asked = probe.Asked, Outcome = ExchangeOutcome.TimedOut, Detail = detail };

    private static ServerReport Judge(params IEnumerable<ServerProbe>[] servers) => Beside([Signer(Key)], servers);

    private static ServerReport Beside(Octets[] signers, params IEnumerable<ServerProbe>[] servers) => ServerJudge.Judge(Evidence(servers) with { Above = [Above(1, signers)] }, Now);

    private static ServerEvidence Evidence(IEnumerable<IEnumerable<ServerProbe>> servers) =>
        new(Tlsa, new() { Question = Tlsa }) { Zone = Zone, IsOnTheWay = true, NameServers = new() { Question = new(Zone, RecordType.NS), Security = Security.Secure }, Probes = [.. servers.SelectMany(server => server)] };

    private static ServerProbe Above(int number, Octets[] signers) => Probe(DomainName.Parse($"a{number}.org."), 100 + number, isTcp: false, ServerQuestion.Ds, new(Zone, RecordType.DS), signers);

    private static IEnumerable<ServerProbe> Server(int number, (DateTimeOffset From, DateTimeOffset To)? signature = null, SigningKey[]? keys = null, SigningKey? signing = null, Octets[]? childDs = null, Octets[]? childKeys = null, Security status = Security.Secure)
    {
        var host = DomainName.Parse($"ns{number}.example.org.");
        var (from, to) = signature ?? (Now.AddDays(-3), Now.AddDays(11));
        keys ??= [Key];
        foreach (var isTcp in (bool[])[false, true])
        {
            yield return Probe(host, number, isTcp, ServerQuestion.Soa, new(Zone, RecordType.SOA), [new SoaData(host, host, 5, 1, 1, 1, 1).ToOctets()]) with { Serial = 5, Status = status };
            yield return With(Probe(host, number, isTcp, ServerQuestion.Answer, Tlsa, [new(new byte[] { 3, 1, 1, 7 })]), Signature(Owner, RecordType.TLSA, from, to));
            if (isTcp) continue;
            yield return Probe(host, number, isTcp, ServerQuestion.NonName, new(DomainName.Parse("nx.example.org."), RecordType.A), []) with { Code = ResponseCode.NameError, IsSigned = false, HasDenial = true };
            yield return Probe(host, number, isTcp, ServerQuestion.EmptyNonTerminal, new(Owner.Parent, RecordType.A), []) with { IsSigned = false, HasDenial = true };
            var own = Probe(host, number, isTcp, ServerQuestion.Keys, new(Zone, RecordType.DNSKEY), [.. keys.Select(key => key.ToDnskey())]);
            yield return (signing is null ? keys : [signing]).Aggregate(own, (probe, key) => With(probe, Signature(Zone, RecordType.DNSKEY, Now.AddDays(-3), Now.AddDays(11), key)));
            yield return Probe(host, number, isTcp, ServerQuestion.ChildDs, new(Zone, RecordType.CDS), childDs ?? []) with { Status = status };
            yield return Probe(host, number, isTcp, ServerQuestion.ChildKeys, new(Zone, RecordType.CDNSKEY), childKeys ?? []) with { Status = status };
        }
    }

    private static ServerProbe Probe(DomainName host, int number, bool isTcp, ServerQuestion kind, Question asked, Octets[] data) => new(host, IPAddress.Parse($"192.0.2.{number}"), isTcp, kind)
    {
        Asked = asked,
        Outcome = ExchangeOutcome.Replied,
        Code = ResponseCode.NoError,
        IsAuthoritative = true,
        IsSigned = true,
        Status = Security.Secure,
        Records = data.Length,
        Digest = string.Join('-', data.Select(octets => octets.ToHex())),
        Size = 200,
        Answers = [.. data.Select(octets => new ResourceRecord(asked.Name, asked.Type, RecordClass.IN, 3600, octets))],
    };

    private static ServerProbe With(ServerProbe probe, ResourceRecord signature) => probe with { Answers = probe.Answers.Add(signature) };

    private static ResourceRecord Signature(DomainName owner, RecordType type, DateTimeOffset from, DateTimeOffset to, SigningKey? key = null) => new(owner, RecordType.RRSIG, RecordClass.IN, 3600,
        new RrsigData(type, 13, 2, 3600, unchecked((uint)to.ToUnixTimeSeconds()), unchecked((uint)from.ToUnixTimeSeconds()), Tag(key ?? Key), Zone, default).ToOctets());

    private static Octets Signer(SigningKey key, DigestAlgorithm digest = DigestAlgorithm.Sha256) => key.ToDs(Zone, digest);

    private static ushort Tag(SigningKey key) => key.KeyTag;
}

