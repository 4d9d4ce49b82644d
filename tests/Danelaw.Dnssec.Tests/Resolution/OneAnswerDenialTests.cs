using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Dnssec.Tests.Resolution;

/// <summary>Servers that sign as they answer, with a record of denial made for one answer: all types that they know stand in it but the one asked for, and NS where DS is (CoreDNS).</summary>
public class OneAnswerDenialTests
{
    private static readonly RecordType[] Known = [RecordType.A, RecordType.TXT, RecordType.AAAA, RecordType.RRSIG, RecordType.NSEC, RecordType.TLSA];

    private readonly World _world = new(
        new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
        new TestZone("sec.", "www 300 A 192.0.2.80\nwww 300 MX 10 www\nwww 300 TXT hi") { Keys = { TestKeys.Get("sec") } });

    public OneAnswerDenialTests() => _world.Rewrite = (query, message) =>
        message.Answers.IsEmpty && query.Question.Name.IsBelow(Text.Name("sec.")) ? message with { ResponseCode = ResponseCode.NoError, Authorities = [.. message.Authorities.Where(record => record.Type != RecordType.NSEC && !Covers(record, RecordType.NSEC)), .. OneAnswer(query.Question, query.Question.Type == RecordType.DS ? [.. Known, RecordType.NS] : Known)] } : message;

    [Fact, Rfc(4035, "5.3.1"), Rfc(4035, "2.3")]
    public async Task What_a_zone_signs_is_secure_though_its_record_of_denial_lists_NS_among_all_other_types()
    {
        var answer = await _world.LookupAsync("www.sec.", RecordType.A);
        Assert.Contains(_world.Queries, query => query.Question == new Question(Text.Name("www.sec."), RecordType.DS));
        Assert.Equal(Security.Secure, answer.Security);
    }

    [Fact, Rfc(4035, "5.3.1"), Rfc(4035, "2.3")]
    public async Task Where_it_lists_NS_alone_there_is_a_delegation()
    {
        var rest = _world.Rewrite!;
        _world.Rewrite = (query, message) => query.Question.Type == RecordType.DS && query.Question.Name == Text.Name("www.sec.")
            ? message with { Authorities = [.. OneAnswer(query.Question, [RecordType.NS, RecordType.RRSIG, RecordType.NSEC])] }
            : rest(query, message);
        Assert.Equal(Security.Insecure, (await _world.LookupAsync("www.sec.", RecordType.A)).Security);
    }

    [Fact, Rfc(8198, "5.4")]
    public async Task Of_other_types_a_record_made_for_one_answer_says_nothing()
    {
        var resolver = new Resolver(_world, _world.Options, new FakeTimeProvider(TestZone.Now));
        var none = await resolver.LookupAsync(Text.Name("www.sec."), RecordType.SRV, TestContext.Current.CancellationToken);
        Assert.Equal((Security.Secure, LookupReason.ProvenNoData), (none.Security, none.Reason));

        var there = await resolver.LookupAsync(Text.Name("www.sec."), RecordType.MX, TestContext.Current.CancellationToken);
        Assert.Equal((Security.Secure, LookupReason.ValidSignature), (there.Security, there.Reason));
    }

    private static bool Covers(ResourceRecord record, RecordType type) => record.Type == RecordType.RRSIG && RrsigData.ReadTypeCovered(record.Data) == type;

    private static ResourceRecord[] OneAnswer(Question question, RecordType[] types)
    {
        var next = question.Name.TryPrepend([0], out var longer) ? longer : throw new ArgumentException("too long", nameof(question));
        var set = new RecordSet(question.Name, RecordType.NSEC, RecordClass.IN, 300, [new NsecData(next, TypeBitmap.Create(types.Where(type => type != question.Type))).ToOctets()]);
        return [.. set.Records, RecordSetSigner.Sign(set, TestKeys.Get("sec"), Text.Name("sec."), TestZone.Validity)];
    }
}
