using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;

namespace Danelaw.Dnssec.Tests.Validation;

/// <summary>The responses of RFC 4035 Appendix B (<c>tests/Corpora/rfc4035</c>), whole, with each record taken out, and out of their time.</summary>
public class Rfc4035AppendixBTests
{
    private static readonly DateTimeOffset Now = new(2004, 5, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ImmutableArray<PrintedResponse> Responses = PrintedResponse.ReadAll("rfc4035");

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

    /// <summary>Besides the question all that the appendix has is answered.</summary>
    private static Task<Answer> Judge(Question question, DnsMessage message, DateTimeOffset now)
    {
        var keys = Responses[0].Message.Answers.Where(record => record.Type == RecordType.DNSKEY && DnskeyData.TryRead(record.Data, out var key) && key.IsSecureEntryPoint);
        return PrintedResponse.JudgeAsync(question, message, keys, asked => Responses.FirstOrDefault(each => each.Question == asked)?.Message, now);
    }
}
