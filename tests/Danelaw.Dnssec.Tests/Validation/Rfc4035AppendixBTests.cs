using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Dnssec.Tests.Validation;

/// <summary>The responses of RFC 4035 Appendix B (<c>tests/Corpora/rfc4035</c>), whole, with each record taken out, and out of their time.</summary>
public class Rfc4035AppendixBTests
{
    private static readonly DateTimeOffset Now = new(2004, 5, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ImmutableArray<Response> Responses = [.. Read()];

    public static TheoryData<int> All => [.. Enumerable.Range(0, Responses.Length)];

    [Theory, Rfc(4035, "B")]
    [MemberData(nameof(All))]
    public async Task A_response_is_what_the_RFC_says(int index)
    {
        var response = Responses[index];

        var answer = await Judge(response.Question, response.Message, Now);

        Assert.Equal(response.Expected, $"{answer.Security} {answer.Reason}");
    }

    [Theory, Rfc(4035, "5")]
    [MemberData(nameof(All))]
    public async Task Without_any_one_of_its_records_it_is_not(int index)
    {
        var response = Responses[index];
        for (var i = 0; i < response.Message.Answers.Length + response.Message.Authorities.Length; i++)
        {
            var isAnswer = i < response.Message.Answers.Length;
            var taken = isAnswer ? response.Message.Answers[i] : response.Message.Authorities[i - response.Message.Answers.Length];

            // The zone's servers stand in the authority section for no proof.
            if (!isAnswer && (taken.Type == RecordType.NS || (taken.Type == RecordType.RRSIG && RrsigData.ReadTypeCovered(taken.Data) == RecordType.NS))) continue;
            var message = response.Message with
            {
                Answers = response.Message.Answers.Remove(taken),
                Authorities = isAnswer ? response.Message.Authorities : response.Message.Authorities.Remove(taken),
            };

            Assert.True((await Judge(response.Question, message, Now)).IsFailure, $"{response.Question} without {ZoneWriter.ToLine(taken)}");
        }
    }

    [Theory, Rfc(4035, "5.3.1")]
    [MemberData(nameof(All))]
    public async Task Out_of_its_time_it_is_bogus(int index)
    {
        Assert.Equal(LookupReason.SignatureExpired, (await Judge(Responses[index].Question, Responses[index].Message, new(2004, 5, 9, 18, 36, 20, TimeSpan.Zero))).Reason);
        Assert.Equal(LookupReason.SignatureNotYetValid, (await Judge(Responses[index].Question, Responses[index].Message, new(2004, 4, 9, 18, 36, 18, TimeSpan.Zero))).Reason);
    }

    private static async Task<Answer> Judge(Question question, DnsMessage message, DateTimeOffset now)
    {
        var keys = Responses[0].Message.Answers.Where(record => record.Type == RecordType.DNSKEY && DnskeyData.TryRead(record.Data, out var key) && key.IsSecureEntryPoint);
        Assert.True(TrustAnchors.TryCreate(keys, out var anchors, out _));
        var server = new DnsServer(TransportKind.Datagram, new IPEndPoint(IPAddress.Loopback, 53));
        var resolver = new Resolver(new Transport(question, message), new() { Upstreams = [server], Anchors = anchors }, new FakeTimeProvider(now));
        return await resolver.LookupAsync(question.Name, question.Type, TestContext.Current.CancellationToken);
    }

    private static IEnumerable<Response> Read()
    {
        foreach (var part in File.ReadAllText(Repository.Corpus("rfc4035", "responses.txt")).Split(";; ")[1..])
        {
            var lines = part.Split('\n');
            var words = lines.Single(line => line.StartsWith(";? ", StringComparison.Ordinal))[3..].Split(' ');
            Assert.True(RecordTypes.TryParse(words[1], out var type));
            var question = new Question(DomainName.Parse(words[0]), type);
            var sections = part.Split(";answer\n")[1].Split(";authority\n");
            var message = new DnsMessage
            {
                Questions = [question],
                Flags = MessageFlags.Response | MessageFlags.RecursionAvailable,
                ResponseCode = words[2] == "NXDOMAIN" ? ResponseCode.NameError : ResponseCode.NoError,
                Answers = Records(sections[0]),
                Authorities = Records(sections[1]),
            };
            yield return new(question, message, lines.Single(line => line.StartsWith(";= ", StringComparison.Ordinal))[3..]);
        }
    }

    private static ImmutableArray<ResourceRecord> Records(string text)
    {
        var records = ImmutableArray.CreateBuilder<ResourceRecord>();
        using var reader = new ZoneReader(new StringReader(text), new());
        ZoneFault? fault;
        while (reader.TryRead(out var record, out fault)) records.Add(record);
        Assert.Null(fault);
        return records.ToImmutable();
    }

    private sealed record Response(Question Question, DnsMessage Message, string Expected);

    /// <summary>Answers the question, and otherwise what the appendix has.</summary>
    private sealed class Transport(Question question, DnsMessage message) : IDnsTransport
    {
        public ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
        {
            var reply = query.Question == question ? message : Responses.FirstOrDefault(each => each.Question == query.Question)?.Message;
            return ValueTask.FromResult(reply is null ? new Exchange(query, ExchangeOutcome.Unreachable) : new Exchange(query, ExchangeOutcome.Replied, new Octets(reply.Write())));
        }
    }
}
