using System.Net;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Interop.Tests.Mail;
using Danelaw.Interop.Tests.Worlds;
using Danelaw.Testing.Forwarding;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Hostile;

/// <summary>
/// Somebody between <c>danelaw check</c> and its upstream wants mail to be taken away from a domain that is sound, or one with a wrong record to pass. Nothing that
/// he can do makes the one <em>unprotected</em>, or the other <em>verified</em>: the answer is that it could not be determined.
/// </summary>
[Peer("bind"), Peer("unbound"), Peer("postfix")]
public sealed class HostileCheckTests(World world, ITestOutputHelper output)
{
    private const string Right = "right.post.nsec", Wrong = "wrong.post.nsec";
    private static readonly IPEndPoint Upstream = new(IPAddress.Parse(SignedWorld.PlainAddress), 53);

    private static readonly (string Does, string Domain, Func<Question, DnsMessage, Genuine, Task<DnsMessage>> Change)[] All =
    [
        ("strips the MX record's signature", Right, (question, reply, _) => Only(question, RecordType.MX, reply, reply.WithoutSignatures())),
        ("denies the MX record", Right, (question, reply, _) => Only(question, RecordType.MX, reply, reply.Denied(ResponseCode.NoError))),
        ("leads the MX elsewhere", Right, (question, reply, _) => Only(question, RecordType.MX, reply, reply.WithoutSignatures() with
        {
            Answers = [.. reply.Answers.Where(record => record.Type == RecordType.MX).Select(record => record with { Data = new MxData(0, DomainName.Parse("mx.right.post.optout.")).ToOctets() })],
        })),
        ("strips the address records' signatures", Right, (question, reply, _) => Only(question, RecordType.A, reply, reply.WithoutSignatures())),
        ("denies the TLSA records", Right, (question, reply, _) => Only(question, RecordType.TLSA, reply, reply.Denied(ResponseCode.NameError))),
        ("denies the TLSA records with another name's proof", Right, async (question, reply, genuine) =>
            question.Type == RecordType.TLSA ? reply.Denied(ResponseCode.NameError, (await genuine.AskAsync("_25._tcp.mx.no-tlsa.post.nsec.", RecordType.TLSA)).Authorities) : reply),
        ("answers SERVFAIL to TLSA", Right, (question, reply, _) => Only(question, RecordType.TLSA, reply, reply.Denied(ResponseCode.ServerFailure))),
        ("denies the zone's DS records and strips the zone", Right, (question, reply, _) => Task.FromResult(
            question.Type == RecordType.DS && question.Name == DomainName.Parse(MailPlan.Zone) ? reply.Denied(ResponseCode.NoError)
            : question.Name.IsAtOrBelow(DomainName.Parse(MailPlan.Zone)) ? reply.WithoutSignatures() : reply)),
        ("puts a right TLSA record in place of the wrong one", Wrong, async (question, reply, genuine) =>
            question.Type == RecordType.TLSA ? reply with { Answers = [.. (await genuine.AskAsync("_25._tcp.mx.right.post.nsec.", RecordType.TLSA)).Answers.Select(record => record with { Owner = question.Name })] } : reply),
        ("strips the wrong TLSA record's signature", Wrong, (question, reply, _) => Only(question, RecordType.TLSA, reply, reply.WithoutSignatures())),
    ];

    public static TheoryData<string> Names => [.. All.Select(attack => attack.Does)];

    [Theory, MemberData(nameof(Names)), Rule("R05"), Rule("R09"), Rfc(7672, "2.1.2")]
    public async Task A_check_behind_somebody_who(string does)
    {
        var token = TestContext.Current.CancellationToken;
        var signed = await world.SignedAsync(token);
        await world.MailAsync(token);
        var (index, (_, domain, change)) = All.Index().Single(each => each.Item.Does == does);
        var address = $"127.53.3.{1 + index}";
        await Loopback.AddAsync([address], token);
        await using var forwarder = RewritingForwarder.Start(new IPEndPoint(IPAddress.Parse(address), 53), Upstream, Conduct.Changing(does, change).Answer);

        var report = (await CommandReport.CheckAsync(signed, [domain], token, address))[domain];

        output.WriteLine($"behind somebody who {does}: {domain} is {report.Verdict} ({report.Reason}): {string.Join(' ', report.Findings)}");
        Assert.Equal("undetermined", report.Verdict);
        Assert.Contains(report.Findings, code => code is "MX-LOOKUP-FAILED" or "TLSA-LOOKUP-FAILED" or "MX-ADDRESS-LOOKUP-FAILED");
    }

    [Fact]
    public async Task Without_an_attack_the_same_path_verifies_the_one_and_fails_the_other()
    {
        var token = TestContext.Current.CancellationToken;
        var signed = await world.SignedAsync(token);
        await world.MailAsync(token);
        await Loopback.AddAsync(["127.53.3.100"], token);
        await using var forwarder = RewritingForwarder.Start(new IPEndPoint(IPAddress.Parse("127.53.3.100"), 53), Upstream);

        var reports = await CommandReport.CheckAsync(signed, [Right, Wrong], token, "127.53.3.100");

        Assert.Equal(("verified", "failing"), (reports[Right].Verdict, reports[Wrong].Verdict));
    }

    private static Task<DnsMessage> Only(Question question, RecordType type, DnsMessage reply, DnsMessage changed) =>
        Task.FromResult(question.Type == type && question.Name.IsAtOrBelow(DomainName.Parse(MailPlan.Zone)) ? changed : reply);
}
