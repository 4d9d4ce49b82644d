using System.Net;
using Danelaw.Checks;
using Danelaw.Checks.Findings;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Validation;
using Danelaw.Servers;

namespace Danelaw.Tests.Servers;

/// <summary>What is said of a zone's servers by what each of them answered.</summary>
public class ServerJudgeTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    private static readonly DomainName Zone = DomainName.Parse("example.org.");

    private static readonly Question Asked = new(DomainName.Parse("_25._tcp.mx.example.org."), RecordType.TLSA);

    [Fact]
    public void Servers_that_answer_alike_have_no_finding()
    {
        var report = Judge([Sound(1), Sound(2)]);

        Assert.Empty(report.Findings);
        Assert.False(report.HasErrors);
        Assert.All(report.Rows, row => Assert.Empty(row.Faults));
    }

    [Fact, Rfc(7766, "5")]
    public void A_server_without_TCP_is_named() =>
        Assert.Equal([FindingCodes.ServerNoTcp], FaultsOf(Sound(2).Select(probe => probe.IsTcp ? Silent(probe) : probe)));

    [Fact]
    public void A_server_that_gives_no_reply_at_all_is_unreachable_and_nothing_else() =>
        Assert.Equal([FindingCodes.ServerUnreachable], FaultsOf(Sound(2).Select(Silent)));

    [Theory]
    [InlineData(ResponseCode.Refused, true)]
    [InlineData(ResponseCode.ServerFailure, true)]
    [InlineData(ResponseCode.NoError, false)]
    public void A_server_that_does_not_have_the_zone_is_lame(ResponseCode code, bool isAuthoritative) =>
        Assert.Equal([FindingCodes.ServerLame], FaultsOf(Sound(2).Select(probe => probe with { Code = code, IsAuthoritative = isAuthoritative, Records = 0, Digest = "", IsSigned = false, HasDenial = false })));

    [Theory, Rfc(1982, "3.2")]
    [InlineData(7u, 9u, true)]
    [InlineData(9u, 7u, false)]
    [InlineData(uint.MaxValue, 3u, true)]
    [InlineData(3u, uint.MaxValue, false)]
    [InlineData(5u, 5u, false)]
    public void Which_serial_is_older_is_told_by_serial_arithmetic(uint serial, uint other, bool isOlder)
    {
        var report = Judge([WithSerial(Sound(1), other), WithSerial(Sound(2), serial)]);

        Assert.Equal(isOlder, report.Rows[1].Faults.Contains(FindingCodes.ServerSerialLag));
    }

    [Fact]
    public void Serials_of_different_primaries_are_not_compared_and_what_they_answer_is()
    {
        IEnumerable<ServerProbe> Of(IEnumerable<ServerProbe> server, string primary) => server.Select(probe => probe with { Primary = DomainName.Parse(primary) });

        Assert.Empty(Judge([Of(WithSerial(Sound(1), 9), "ns1.example.org."), Of(WithSerial(Sound(2), 7), "ns2.example.org.")]).Findings);
        Assert.Equal([FindingCodes.ServerSerialLag], Judge([Of(WithSerial(Sound(1), 9), "ns1.example.org."), Of(WithSerial(Sound(2), 7), "ns1.example.org.")]).Rows[1].Faults.ToArray());
        var other = WithSerial(Sound(3), 5).Select(probe => probe.Question == ServerQuestion.Answer ? probe with { Digest = "bad0bad0" } : probe);
        Assert.Equal([FindingCodes.ServerDiffers], Judge([Of(Sound(1), "ns1.example.org."), Of(Sound(2), "ns1.example.org."), Of(other, "ns2.example.org.")]).Rows[2].Faults.ToArray());
    }

    [Fact]
    public void An_old_copy_is_a_warning_and_no_error() => Assert.False(Judge([WithSerial(Sound(1), 9), WithSerial(Sound(2), 7)]).HasErrors);

    [Fact, Rfc(4035, "3.1")]
    public void A_server_that_leaves_the_signatures_out_is_named_once() =>
        Assert.Equal([FindingCodes.ServerUnsigned], FaultsOf(Sound(2).Select(probe => probe with { IsSigned = false, HasDenial = false })));

    [Fact]
    public void In_an_unsigned_zone_nobody_lacks_signatures()
    {
        var unsigned = new[] { Sound(1), Sound(2) }.Select(server => server.Select(probe => probe with { IsSigned = false, HasDenial = false }));

        Assert.Empty(Judge(unsigned, Security.Insecure).Findings);
    }

    [Theory, Rfc(7672, "2.1.2")]
    [InlineData(false)]
    [InlineData(true)]
    public void A_server_that_keeps_silent_on_one_type_is_named(bool answersWithError) =>
        Assert.Equal([FindingCodes.ServerTypeDropped], FaultsOf(Sound(2).Select(probe => probe.Question != ServerQuestion.Answer ? probe : answersWithError ? probe with { Code = ResponseCode.NotImplemented, Records = 0, Digest = "" } : Silent(probe))));

    [Fact, Rfc(7672, "2.1.2")]
    public void Where_every_server_keeps_silent_on_a_type_each_of_them_is_named()
    {
        var report = Judge([Sound(1).Select(Dropping), Sound(2).Select(Dropping)]);

        Assert.Equal([[FindingCodes.ServerTypeDropped], [FindingCodes.ServerTypeDropped]], report.Rows.Select(row => row.Faults.ToArray()));

        static ServerProbe Dropping(ServerProbe probe) => probe.Question == ServerQuestion.Answer ? Silent(probe) : probe;
    }

    [Theory, Rfc(7672, "2.1.2")]
    [InlineData(ResponseCode.ServerFailure, new[] { "answers for SOA and not for mx.example.org A and AAAA (SERVFAIL)" })]
    [InlineData(ResponseCode.NotImplemented, new[] { "answers for SOA and not for mx.example.org A (SERVFAIL)", "answers for SOA and not for mx.example.org AAAA (NOTIMP)" })]
    [InlineData(ResponseCode.NoError, new[] { "answers for SOA and not for mx.example.org A (SERVFAIL)" })]
    public void Both_families_that_fare_alike_are_one_finding(ResponseCode code, string[] told)
    {
        var (four, six) = (new Question(DomainName.Parse("mx.example.org."), RecordType.A), new Question(DomainName.Parse("mx.example.org."), RecordType.AAAA));
        IEnumerable<ServerProbe> With(int number, ResponseCode ofFour, ResponseCode ofSix) => Sound(number).SelectMany(probe => probe.Question == ServerQuestion.Answer ? [probe with { Asked = four, Code = ofFour }, probe with { Asked = six, Code = ofSix }] : new[] { probe });

        var report = ServerJudge.Judge(Evidence([With(1, ResponseCode.NoError, ResponseCode.NoError), With(2, ResponseCode.ServerFailure, code)]) with { Question = four, Further = [six], IsOnTheWay = true }, Now);

        Assert.Equal([FindingCodes.ServerTypeDropped], report.Rows[1].Faults.ToArray());
        Assert.Equal(told, report.Findings.Select(finding => finding.Text[finding.Text.IndexOf("answers", StringComparison.Ordinal)..(finding.Text.IndexOf(')', StringComparison.Ordinal) + 1)]));
    }

    [Fact]
    public void A_failed_lookup_is_laid_to_what_servers_do_with_that_question_or_all_of_them_with_every_one()
    {
        var other = new Question(DomainName.Parse("mx.example.org."), RecordType.A);
        var dropping = Judge([Sound(1), Sound(2).Select(probe => probe.Question == ServerQuestion.Answer ? Silent(probe) : probe)]);
        Assert.Equal(FindingCodes.ServerTypeDropped, CauseOf(Asked, dropping)?.Code);
        Assert.Null(CauseOf(other, dropping));
        Assert.Null(CauseOf(Asked with { Name = DomainName.Parse("_25._tcp.mx.example.net.") }, dropping));

        var lame = (int number) => Sound(number).Select(probe => probe with { Code = ResponseCode.Refused, IsAuthoritative = false, Records = 0, Digest = "", IsSigned = false, HasDenial = false });
        Assert.Equal((FindingCodes.ServerLame, "example.org"), CauseOf(other, Judge([lame(1), lame(2)])) is { } all ? (all.Code, all.Subject) : default);
        Assert.Null(CauseOf(other, Judge([lame(1), Sound(2)])));

        static Finding? CauseOf(Question question, ServerReport report) => ServerFindings.CauseOf(new() { Question = question, FinalName = question.Name, Security = Security.Indeterminate }, [report]);
    }

    [Fact]
    public void What_this_machine_could_not_ask_says_nothing_of_a_server()
    {
        var unasked = new ServerProbe(DomainName.Parse("ns2.example.org."), IPAddress.Parse("2001:db8::2"), false, ServerQuestion.Soa) { Outcome = ExchangeOutcome.NotAsked, Detail = "this machine has no route there" };

        var report = Judge([Sound(1), [unasked]]);

        Assert.Empty(report.Findings);
        Assert.Equal([true, false], report.Rows.Select(row => row.IsAsked));
    }

    [Fact]
    public void Each_of_several_names_is_compared_by_itself()
    {
        var mx = new Question(Zone, RecordType.MX);
        IEnumerable<ServerProbe> With(IEnumerable<ServerProbe> server, string digest) =>
            server.SelectMany(probe => probe.Question == ServerQuestion.Answer ? new[] { probe, probe with { Asked = mx, Digest = digest } } : [probe]);

        var report = ServerJudge.Judge(Evidence([With(Sound(1), "aaaaaaaa"), With(Sound(2), "aaaaaaaa"), With(Sound(3), "bad0bad0")]) with { Further = [mx], IsOnTheWay = true }, Now);

        var finding = Assert.Single(report.Findings);
        Assert.Equal((FindingCodes.ServerDiffers, "ns3.example.org [192.0.2.3]"), (finding.Code, finding.Subject));
        Assert.Contains("another example.org MX answer", finding.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void Addresses_that_are_given_by_turns_are_no_fault_beside_a_check(bool isOnTheWay, int findings)
    {
        var address = new Question(DomainName.Parse("mx.example.org."), RecordType.A);
        IEnumerable<ServerProbe> With(int number, string digest) => Sound(number).Select(probe => probe.Question == ServerQuestion.Answer ? probe with { Asked = address, Digest = digest } : probe);

        var report = ServerJudge.Judge(Evidence([With(1, "aaaaaaaa"), With(2, "aaaaaaaa"), With(3, "bad0bad0")]) with { Question = address, IsOnTheWay = isOnTheWay }, Now);

        Assert.Equal(findings, report.Findings.Length);
    }

    [Fact, Rfc(4035, "3.1.3")]
    public void A_denial_without_proof_is_named() =>
        Assert.Equal([FindingCodes.ServerDenial], FaultsOf(Sound(2).Select(probe => probe.Question == ServerQuestion.NonName ? probe with { HasDenial = false } : probe)));

    [Fact]
    public void Of_three_servers_the_one_that_differs_is_named()
    {
        var report = Judge([Sound(1), Sound(2), Sound(3).Select(probe => probe.Question == ServerQuestion.Answer ? probe with { Digest = "bad0bad0" } : probe)]);

        Assert.Equal([[], [], [FindingCodes.ServerDiffers]], report.Rows.Select(row => row.Faults.ToArray()));
    }

    [Fact]
    public void Of_two_servers_that_differ_both_are_named()
    {
        var report = Judge([Sound(1), Sound(2).Select(probe => probe.Question == ServerQuestion.Answer ? probe with { Digest = "bad0bad0" } : probe)]);

        Assert.Equal([[FindingCodes.ServerDiffers], [FindingCodes.ServerDiffers]], report.Rows.Select(row => row.Faults.ToArray()));
        Assert.True(report.HasErrors);
    }

    [Fact]
    public void A_server_that_denies_the_name_at_which_the_others_have_records_is_named_for_that() =>
        Assert.Equal([FindingCodes.ServerTlsaNameError], FaultsOf(Sound(2).Select(probe => probe.Question == ServerQuestion.Answer ? probe with { Code = ResponseCode.NameError, Digest = "", Records = 0, IsSigned = false, HasDenial = true } : probe)));

    [Theory, Rfc(4035, "5.3")]
    [InlineData(ServerQuestion.Answer)]
    [InlineData(ServerQuestion.Soa)]
    [InlineData(ServerQuestion.NonName)]
    public void A_server_whose_reply_does_not_validate_is_named(ServerQuestion question)
    {
        var second = Sound(2).Select(probe => probe.Question == question ? probe with { Status = Security.Bogus, Why = "the signature has ended" } : probe with { Status = Security.Secure });

        Assert.Equal([FindingCodes.ServerBogus], FaultsOf(second));
        Assert.Contains("the signature has ended", Judge([Sound(1), second]).Findings[0].Text, StringComparison.Ordinal);
    }

    [Fact, Rfc(7766, "5")]
    public void What_a_server_answers_wrongly_over_TCP_alone_is_told_so()
    {
        var second = Sound(2).Select(probe => probe is { IsTcp: true, Question: ServerQuestion.Soa } ? probe with { Code = ResponseCode.Refused, IsAuthoritative = false, Serial = null } : probe);

        Assert.Equal([FindingCodes.ServerLame], FaultsOf(second));
        Assert.Contains("over TCP", Judge([Sound(1), second, Sound(3)]).Findings[0].Text, StringComparison.Ordinal);
    }

    [Fact, Rfc(2182, "5")]
    public void An_old_copy_that_answers_otherwise_is_an_error() =>
        Assert.True(Judge([WithSerial(Sound(1), 9), WithSerial(Sound(2), 7).Select(probe => probe.Question == ServerQuestion.Answer ? probe with { Digest = "bad0bad0" } : probe)]).HasErrors);

    [Fact]
    public void A_name_server_without_an_address_is_named()
    {
        var report = ServerJudge.Judge(Evidence([Sound(1)]) with { WithoutAddress = [DomainName.Parse("gone.example.org.")] }, Now);

        var finding = Assert.Single(report.Findings);
        Assert.Equal((FindingCodes.ServerUnreachable, "gone.example.org"), (finding.Code, finding.Subject));
    }

    [Theory, Rfc(2181, "10.3")]
    [InlineData(1, Severity.Warning)]
    [InlineData(2, Severity.Error)]
    public void A_name_server_whose_name_is_an_alias_is_told_and_is_an_error_where_there_is_no_other(int aliases, Severity severity)
    {
        var evidence = Evidence([Sound(1), Sound(2)]);
        var hosts = evidence.Probes.Select(probe => (probe.Host, probe.Address)).Distinct().ToArray();

        var report = ServerJudge.Judge(evidence with { Addresses = [.. hosts], Aliases = [.. hosts.Take(aliases).Select(one => one.Host)] }, Now);

        Assert.Equal(aliases, report.Findings.Length);
        Assert.All(report.Findings, finding => Assert.Equal((FindingCodes.ServerAlias, severity), (finding.Code, finding.Severity)));
    }

    [Theory]
    [InlineData(ResponseCode.ServerFailure, true)]
    [InlineData(ResponseCode.NotImplemented, false)]
    public void Where_a_name_fails_an_alias_in_a_circle_is_looked_for_before_a_firewall(ResponseCode code, bool isAlias)
    {
        var finding = Assert.Single(Judge([Sound(1), Sound(2).Select(probe => probe.Question != ServerQuestion.Answer ? probe : probe with { Code = code, Records = 0, Digest = "" })]).Findings, one => one.Code == FindingCodes.ServerTypeDropped);

        Assert.Equal(isAlias, finding.Mend.Contains("\ndig +norecurse @192.0.2.2 _25._tcp.mx.example.org CNAME\n", StringComparison.Ordinal));
    }

    private static string[] FaultsOf(IEnumerable<ServerProbe> second)
    {
        var report = Judge([Sound(1), second, Sound(3)]);
        Assert.Empty(report.Rows[0].Faults);
        Assert.Empty(report.Rows[2].Faults);
        Assert.All(report.Findings, finding => Assert.NotEmpty(finding.Mend));
        return [.. report.Rows[1].Faults];
    }

    private static ServerReport Judge(IEnumerable<IEnumerable<ServerProbe>> servers, Security security = Security.Secure) => ServerJudge.Judge(Evidence(servers, security), Now);

    private static ServerEvidence Evidence(IEnumerable<IEnumerable<ServerProbe>> servers, Security security = Security.Secure) =>
        new(Asked, new() { Question = Asked }) { Zone = Zone, NameServers = new() { Question = new(Zone, RecordType.NS), Security = security }, Probes = [.. servers.SelectMany(server => server)] };

    private static IEnumerable<ServerProbe> Sound(int number) =>
        from isTcp in new[] { false, true }
        from question in (ServerQuestion[])[ServerQuestion.Answer, ServerQuestion.Soa, ServerQuestion.NonName]
        let isDenial = question == ServerQuestion.NonName
        select new ServerProbe(DomainName.Parse($"ns{number}.example.org."), IPAddress.Parse($"192.0.2.{number}"), isTcp, question)
        {
            Asked = question switch
            {
                ServerQuestion.Answer => Asked,
                ServerQuestion.Soa => new(Zone, RecordType.SOA),
                _ => new(DomainName.Parse("nx.example.org."), RecordType.A),
            },
            Outcome = ExchangeOutcome.Replied,
            Code = isDenial ? ResponseCode.NameError : ResponseCode.NoError,
            IsAuthoritative = true,
            IsSigned = !isDenial,
            HasDenial = isDenial,
            Serial = question == ServerQuestion.Answer ? null : 5,
            Records = isDenial ? 0 : 1,
            Digest = isDenial ? "" : question == ServerQuestion.Soa ? "50a50a50" : "a0a0a0a0",
            Size = 200,
            EdnsSize = 1232,
        };

    private static IEnumerable<ServerProbe> WithSerial(IEnumerable<ServerProbe> server, uint serial) => server.Select(probe => probe.Serial is null ? probe : probe with { Serial = serial });

    private static ServerProbe Silent(ServerProbe probe) => new(probe.Host, probe.Address, probe.IsTcp, probe.Question) { Asked = probe.Asked, Outcome = ExchangeOutcome.TimedOut, Detail = "no reply" };
}
