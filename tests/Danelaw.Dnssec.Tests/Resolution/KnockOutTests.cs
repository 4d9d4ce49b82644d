using System.Collections.Concurrent;
using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Resolution;

/// <summary>Of every proof each record is taken away in turn, then each octet of it altered: what was proven is proven no more.</summary>
public class KnockOutTests
{
    private static readonly World World = StandardWorld.Create();
    private static readonly ConcurrentDictionary<Question, DnsMessage> Replies = [];

    public static TheoryData<string, RecordType, Security> Proofs => new()
    {
        { "www.sec.nsec.", RecordType.A, Security.Secure },
        { "_25._tcp.mx.sec.nsec.", RecordType.TLSA, Security.Secure },
        { "_25._tcp.mx.sec.hash.", RecordType.TLSA, Security.Secure },
        { "_25._tcp.mx.sec.opt.", RecordType.TLSA, Security.Secure },
        { "alias.sec.nsec.", RecordType.A, Security.Secure },
        { "across.sec.nsec.", RecordType.A, Security.Secure },
        { "x.moved.sec.nsec.", RecordType.A, Security.Secure },
        { "a.b.wild.sec.nsec.", RecordType.A, Security.Secure },
        { "a.b.wild.sec.hash.", RecordType.A, Security.Secure },
        { "a.walias.sec.nsec.", RecordType.A, Security.Secure },
        { "www.sec.nsec.", RecordType.AAAA, Security.Secure },
        { "www.sec.hash.", RecordType.AAAA, Security.Secure },
        { "ent.sec.nsec.", RecordType.A, Security.Secure },
        { "ent.sec.hash.", RecordType.A, Security.Secure },
        { "missing.sec.nsec.", RecordType.A, Security.Secure },
        { "a.b.missing.sec.hash.", RecordType.A, Security.Secure },
        { "a.wild.sec.nsec.", RecordType.AAAA, Security.Secure },
        { "a.wild.sec.hash.", RecordType.AAAA, Security.Secure },
        { "nowhere.sec.nsec.", RecordType.A, Security.Secure },
        { "uns.nsec.", RecordType.DS, Security.Secure },
        { "www.uns.nsec.", RecordType.A, Security.Insecure },
        { "www.uns.hash.", RecordType.A, Security.Insecure },
        { "www.uns.opt.", RecordType.A, Security.Insecure },
        { "www.plain.sec.nsec.", RecordType.A, Security.Insecure },
    };

    [Theory, Rfc(4035, "5"), Rfc(5155, "8")]
    [MemberData(nameof(Proofs))]
    public async Task A_record_taken_from_a_proof_takes_the_proof(string name, RecordType type, Security security)
    {
        foreach (var (question, index) in await Needed(name, type, security))
        {
            var answer = await Lookup(name, type, question, records => records.RemoveAt(index));

            AssertProvesNothing(answer, question, index, 0);
        }
    }

    [Theory, Rfc(4035, "5.3.3")]
    [MemberData(nameof(Proofs))]
    public async Task An_altered_octet_of_a_proof_takes_the_proof(string name, RecordType type, Security security)
    {
        foreach (var (question, index) in await Needed(name, type, security))
        {
            var length = Records(Genuine(question))[index].Data.Length;
            for (var octet = 0; octet < length; octet += 1 + (length / 4))
            {
                var at = octet;
                var answer = await Lookup(name, type, question, records => records.SetItem(index, records[index] with { Data = Flip(records[index].Data, at) }));

                AssertProvesNothing(answer, question, index, octet);
            }
        }
    }

    [Theory, Rfc(4035, "5")]
    [MemberData(nameof(Proofs))]
    public async Task An_RRset_taken_with_its_signatures_takes_the_proof(string name, RecordType type, Security security)
    {
        foreach (var (question, index) in await Needed(name, type, security))
        {
            var record = Records(Genuine(question))[index];

            // A denial stands without SOA (RFC 2308 §2.2).
            if (record.Type is RecordType.RRSIG or RecordType.SOA) continue;
            var answer = await Lookup(name, type, question, records => records.RemoveAll(each => each.Owner == record.Owner
                && (each.Type == record.Type || (each.Type == RecordType.RRSIG && RrsigData.ReadTypeCovered(each.Data) == record.Type))));

            AssertProvesNothing(answer, question, index, 0);
        }
    }

    /// <summary>The records that the verdict rests on: those of every reply, but for what only confirms it.</summary>
    private static async Task<List<(Question Question, int Index)>> Needed(string name, RecordType type, Security security)
    {
        var asked = new List<Question>();
        Assert.Equal(security, (await Lookup(name, type, default, records => records, asked)).Security);
        var needed = new List<(Question, int)>();
        foreach (var question in asked.Distinct())
        {
            var records = Records(Genuine(question));
            for (var i = 0; i < records.Length; i++)
            {
                // Where a name is insecure nothing rests on the records of the name itself.
                if (security == Security.Insecure && question.Type != RecordType.DNSKEY && question.Type != RecordType.DS) continue;

                // That there is no cut at the owner of signed records is looked for, and not needed: no other zone has signed them.
                if (question.Type == RecordType.DS && question != new Question(Text.Name(name), type) && !IsDelegation(question)) continue;
                if (question.Type == RecordType.DS && question != new Question(Text.Name(name), type) && IsSoa(records[i])) continue;

                // Behind an alias's own records stands what its target is asked for anyway; the CNAME of a DNAME can be made again.
                if (IsBehindAlias(question, records, records[i])) continue;
                needed.Add((question, i));
            }
        }

        Assert.NotEmpty(needed);
        return needed;
    }

    private static bool IsBehindAlias(Question question, ImmutableArray<ResourceRecord> records, ResourceRecord record)
    {
        var hasDname = records.Any(each => each.Type == RecordType.DNAME);
        if (!hasDname && !records.Any(each => each.Type == RecordType.CNAME && each.Owner == question.Name)) return false;
        var isExpanded = records.Any(each => each.Type == RecordType.NSEC) && question.Name.ToString().Contains("walias", StringComparison.Ordinal);
        return hasDname ? !question.Name.IsBelow(record.Owner) : record.Owner != question.Name && !(isExpanded && record.Owner == Text.Name("*.walias.sec.nsec."));
    }

    private static bool IsDelegation(Question question) => question.Name.LabelCount <= 2 || question.Name.ToString().StartsWith("plain.", StringComparison.Ordinal);

    private static bool IsSoa(ResourceRecord record) => record.Type == RecordType.SOA || (record.Type == RecordType.RRSIG && RrsigData.ReadTypeCovered(record.Data) == RecordType.SOA);

    private static DnsMessage Genuine(Question question) => Replies.GetOrAdd(question, static asked => World.Reply(asked));

    private static ImmutableArray<ResourceRecord> Records(DnsMessage message) => message.Answers.AddRange(message.Authorities);

    private static async Task<Answer> Lookup(string name, RecordType type, Question question, Func<ImmutableArray<ResourceRecord>, ImmutableArray<ResourceRecord>> alter, List<Question>? asked = null)
    {
        var transport = new AlteredTransport(question, alter, asked);
        return await new Resolver(transport, World.Options, new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TestZone.Now)).LookupAsync(Text.Name(name), type, TestContext.Current.CancellationToken);
    }

    private static void AssertProvesNothing(Answer answer, Question question, int index, int octet) =>
        Assert.True(answer.IsFailure, $"{question}, record {index} ({Records(Genuine(question))[index].Type}), octet {octet}: {answer.Security}, {answer.Explanation}");

    private static Octets Flip(Octets data, int octet)
    {
        var octets = data.ToArray();
        octets[octet] ^= 0x01;
        return new(octets);
    }

    private sealed class AlteredTransport(Question question, Func<ImmutableArray<ResourceRecord>, ImmutableArray<ResourceRecord>> alter, List<Question>? asked) : IDnsTransport
    {
        public ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
        {
            if (asked is not null)
                lock (asked) asked.Add(query.Question);
            var message = Genuine(query.Question);

            // A DNAME that is lost on the way is asked for by itself: what is taken is taken from that reply too.
            if (query.Question.Type == RecordType.DNAME && query.Question != question && IsTaken(query.Question.Name)) message = message with { Answers = [], Authorities = [] };
            if (query.Question == question)
            {
                var records = alter(Records(message));
                var answers = records.RemoveAll(record => !message.Answers.Any(each => each.Owner == record.Owner && each.Type == record.Type));
                message = message with { Answers = answers, Authorities = records.RemoveAll(record => answers.Contains(record)) };
            }

            return ValueTask.FromResult(new Exchange(query, ExchangeOutcome.Replied, new Octets(message.Write())));
        }

        private bool IsTaken(DomainName owner) => !alter(Records(Genuine(question))).Any(record => record.Type == RecordType.DNAME && record.Owner == owner);
    }
}
