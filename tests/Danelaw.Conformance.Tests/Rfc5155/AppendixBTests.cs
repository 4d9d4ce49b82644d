using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;

namespace Danelaw.Conformance.Tests.Rfc5155;

/// <summary>The responses of RFC 5155 Appendix B (<c>tests/Corpora/rfc5155</c>) with the signatures that the RFC prints: whole, with each record taken out, altered, and out of their time.</summary>
public class AppendixBTests
{
    private static readonly DateTimeOffset Now = new(2008, 1, 10, 0, 0, 0, TimeSpan.Zero);
    private static readonly ImmutableArray<PrintedResponse> Responses = PrintedResponse.ReadAll("rfc5155");

    public static TheoryData<int> All => [.. Enumerable.Range(0, Responses.Length)];

    /// <summary>Those of which the zone's signatures are no matter: B.6 asks for what only a parent could say.</summary>
    public static TheoryData<int> Signed => [.. Enumerable.Range(0, Responses.Length - 1)];

    [Theory, MemberData(nameof(All)), Rfc(5155, "B"), Rfc(5155, "9.2")]
    public async Task A_response_is_what_the_RFC_says(int index)
    {
        var answer = await JudgeAsync(Responses[index], Responses[index].Message, Now);

        Assert.Equal(Responses[index].Expected, $"{answer.Security} {answer.Reason}");
    }

    [Theory, MemberData(nameof(Signed)), Rfc(5155, "8")]
    public async Task Without_one_of_its_records_it_is_never_secure_and_insecure_only_over_an_opt_out_span(int index)
    {
        var response = Responses[index];
        foreach (var taken in response.Message.Answers.Concat(response.Message.Authorities).Where(record => record.Type != RecordType.NS))
        {
            var message = response.Message with { Answers = response.Message.Answers.Remove(taken), Authorities = response.Message.Authorities.Remove(taken) };

            // What no type and no wildcard is left to be proven of may be an unsigned delegation: that the remaining records do prove (RFC 5155 §8.6).
            var answer = await JudgeAsync(response, message, Now);
            Assert.True(answer.IsFailure || (response.Expected == "Insecure OptOut" && answer.Reason == LookupReason.OptOut), $"{response.Question} without {ZoneWriter.ToLine(taken)}: {answer.Security} {answer.Reason}");
        }
    }

    [Theory, MemberData(nameof(Signed)), Rfc(4035, "5.3.3")]
    public async Task With_one_bit_of_a_record_altered_it_is_never_what_it_was(int index)
    {
        var response = Responses[index];
        foreach (var altered in response.Message.Answers.Concat(response.Message.Authorities).Where(record => record.Type != RecordType.NS))
        {
            var octets = altered.Data.ToArray();
            octets[^1] ^= 1;
            var other = altered with { Data = new(octets) };
            var message = response.Message with { Answers = Replace(response.Message.Answers, altered, other), Authorities = Replace(response.Message.Authorities, altered, other) };

            var answer = await JudgeAsync(response, message, Now);
            Assert.True(answer.IsFailure || (response.Expected == "Insecure OptOut" && answer.Reason == LookupReason.OptOut), $"{response.Question}: {ZoneWriter.ToLine(altered)}");
        }
    }

    [Theory, MemberData(nameof(Signed)), Rfc(4035, "5.3.1")]
    public async Task Out_of_its_time_it_is_bogus(int index)
    {
        Assert.Equal(LookupReason.SignatureExpired, (await JudgeAsync(Responses[index], Responses[index].Message, new(2015, 4, 21, 0, 0, 0, TimeSpan.Zero))).Reason);
        Assert.Equal(LookupReason.SignatureNotYetValid, (await JudgeAsync(Responses[index], Responses[index].Message, new(2005, 10, 20, 23, 59, 59, TimeSpan.Zero))).Reason);
        var last = await JudgeAsync(Responses[index], Responses[index].Message, new(2015, 4, 20, 23, 59, 59, TimeSpan.Zero));
        Assert.Equal(Responses[index].Expected, $"{last.Security} {last.Reason}");
    }

    private static ImmutableArray<ResourceRecord> Replace(ImmutableArray<ResourceRecord> records, ResourceRecord old, ResourceRecord other) => [.. records.Select(record => record == old ? other : record)];

    /// <summary>Besides the question only the one for the keys is answered.</summary>
    private static Task<Answer> JudgeAsync(PrintedResponse response, DnsMessage message, DateTimeOffset now)
    {
        var keys = Responses[0].Message.Answers.Where(record => record.Type == RecordType.DNSKEY && DnskeyData.TryRead(record.Data, out var key) && key.KeyTag() == 12708);
        return PrintedResponse.JudgeAsync(response.Question, message, keys, asked => asked == Responses[0].Question ? Responses[0].Message : null, now);
    }
}
