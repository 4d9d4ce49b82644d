using System.Globalization;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Tests.Messages;

public sealed class MessageCorpusTests
{
    public static TheoryData<string> Names => MessageCorpus.Names;

    [Theory, MemberData(nameof(Names)), Rfc(1035, "4"), Rfc(6891, "6.1.3")]
    public void A_response_of_BIND_says_what_dig_reads_in_it(string name)
    {
        var entry = MessageCorpus.Get(name);

        Assert.True(DnsMessage.TryRead(entry.Response, out var message, out var fault), fault.ToString());

        Assert.Equal(entry.Expected, Describe(message));
    }

    [Theory, MemberData(nameof(Names)), Rfc(1035, "4.1.4")]
    public void What_is_written_is_read_back_the_same(string name)
    {
        var entry = MessageCorpus.Get(name);
        Assert.True(DnsMessage.TryRead(entry.Response, out var message, out _));

        var written = message.Write();

        Assert.True(DnsMessage.TryRead(written, out var again, out var fault), fault.ToString());
        Assert.Equal(message, again);
        Assert.Equal(Describe(message), Describe(again));
    }

    [Theory, MemberData(nameof(Names)), Rfc(1035, "4.1.4"), Rfc(3597, "4")]
    public void What_is_written_is_no_longer_than_BIND_made_it(string name)
    {
        var entry = MessageCorpus.Get(name);
        DnsMessage.TryRead(entry.Response, out var message, out _);

        // BIND lets pointers lead into the data of a DNAME, which we leave alone.
        var spared = message!.Answers.Any(record => record.Type == RecordType.DNAME) ? 20 : 0;

        Assert.InRange(message.Write().Length, 12, entry.Response.Length + spared);
    }

    [Theory, MemberData(nameof(Names)), Rfc(3597, "3")]
    public void Its_records_have_the_fields_of_their_types(string name)
    {
        DnsMessage.TryRead(MessageCorpus.Get(name).Response, out var message, out _);

        Assert.All([.. message!.Answers, .. message.Authorities, .. message.Additionals], record => Assert.True(RecordData.IsWellFormed(record.Type, record.Data.Span), record.ToString()));
    }

    [Theory, MemberData(nameof(Names))]
    public void Cut_anywhere_it_is_no_message_any_more(string name)
    {
        var response = MessageCorpus.Get(name).Response;
        for (var length = 0; length < response.Length; length++)
        {
            Assert.False(DnsMessage.TryRead(response.AsMemory(0, length), out var message, out var fault));
            Assert.Null(message);
            Assert.Equal(MessageFaultKind.Cut, fault.Kind);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void The_walker_meets_the_same_records_and_OPT_besides(string name)
    {
        var entry = MessageCorpus.Get(name);
        DnsMessage.TryRead(entry.Response, out var message, out _);
        var walker = new MessageWalker(entry.Response);
        var met = new List<(MessageSection, RecordType, int)>();
        while (walker.MoveNext())
            if (walker.Current.Type != RecordType.OPT) met.Add((walker.Current.Section, walker.Current.Type, walker.Current.OwnerLength));

        Assert.True(walker.IsComplete);
        Assert.Equal(
            [
                .. message!.Questions.Select(question => (MessageSection.Question, question.Type, question.Name.Length)),
                .. message.Answers.Select(record => (MessageSection.Answer, record.Type, record.Owner.Length)),
                .. message.Authorities.Select(record => (MessageSection.Authority, record.Type, record.Owner.Length)),
                .. message.Additionals.Select(record => (MessageSection.Additional, record.Type, record.Owner.Length)),
            ],
            met);
    }

    private static IEnumerable<string> Describe(DnsMessage message)
    {
        yield return $"STATUS {ResponseCodes.ToText(message.ResponseCode)}";
        var flags = new List<string>();
        if (message.Flags.HasFlag(MessageFlags.Response)) flags.Add("qr");
        if (message.Flags.HasFlag(MessageFlags.AuthoritativeAnswer)) flags.Add("aa");
        yield return $"FLAGS {string.Join(' ', flags)}";
        foreach (var line in message.Answers.Select(record => Describe("ANSWER", record))) yield return line;
        foreach (var line in message.Authorities.Select(record => Describe("AUTHORITY", record))) yield return line;
        foreach (var line in message.Additionals.Select(record => Describe("ADDITIONAL", record))) yield return line;
    }

    private static string Describe(string section, ResourceRecord record) => string.Create(
        CultureInfo.InvariantCulture,
        $"{section} {record.Owner} {record.TimeToLive} CLASS{(ushort)record.Class} TYPE{(ushort)record.Type} {Convert.ToHexString(record.Data.Span)}");
}
