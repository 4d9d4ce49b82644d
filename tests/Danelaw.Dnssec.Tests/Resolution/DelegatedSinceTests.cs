using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Dnssec.Tests.Resolution;

/// <summary>A name that its zone has delegated since: what the zone said of it before is signed still.</summary>
public class DelegatedSinceTests
{
    private const string Mail = "mail.sec.";

    [Fact, Rfc(4035, "5.3.1")]
    public async Task Former_records_of_denial_deny_nothing_that_a_zone_further_down_holds()
    {
        var former = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("sec.", "mail 300 A 192.0.2.25\nmail 300 MX 10 mail") { Keys = { TestKeys.Get("sec") } });
        var today = new AuthorityWorld()
            .Zone(new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } }, "ns. 192.0.2.53")
            .Zone(new TestZone("sec.") { Keys = { TestKeys.Get("sec") } }, "ns.sec. 192.0.2.10")
            .Zone(new TestZone("mail.sec.", "@ 300 MX 10 ns\n_25._tcp 300 TLSA 3 1 1 0000000000000000000000000000000000000000000000000000000000000000") { Keys = { TestKeys.Get("child") } }, "ns.mail.sec. 192.0.2.20");
        var resolver = today.Resolver();
        Assert.Equal(Security.Secure, (await today.LookupAsync(resolver, Mail, RecordType.MX)).Security);

        var denial = former["sec."].Find(Text.Name(Mail), RecordType.NSEC)!;
        var replaced = 0;
        today.Rewrite = (query, message) =>
        {
            if (query.Question != new Question(Text.Name("_25._tcp.mail.sec."), RecordType.TLSA)) return message;
            replaced++;
            return message with { ResponseCode = ResponseCode.NameError, Answers = [], Authorities = [.. denial.All] };
        };
        var answer = await today.LookupAsync(resolver, "_25._tcp.mail.sec.", RecordType.TLSA);
        Assert.True(replaced > 0);
        Assert.Equal((Security.Bogus, LookupReason.DenialInvalid), (answer.Security, answer.Reason));
    }

    // That a name was no zone is kept no longer than the record that said so.
    [Fact]
    public async Task A_name_that_becomes_a_zone_while_what_it_was_is_kept_ends_in_a_verdict()
    {
        static TestZone Root() => new(".") { Keys = { TestKeys.Get("root-ksk") } };
        var before = new World(Root(), new TestZone("sec.", "a.x 300 A 192.0.2.1\nx 300 TXT hi") { Keys = { TestKeys.Get("sec") } });
        var after = new World(Root(), new TestZone("sec.", "www 300 A 192.0.2.1") { Keys = { TestKeys.Get("sec") } }, new TestZone("x.sec.", "0 300 A 192.0.2.2") { Keys = { TestKeys.Get("child") } });
        var clock = new FakeTimeProvider(TestZone.Now);
        var resolver = new Resolver(before, before.Options, clock);

        // A second signature names x.sec. as its zone.
        before.Rewrite = (query, message) => query.Question.Type != RecordType.A ? message : message with
        {
            Answers = [.. message.Answers, .. message.Answers.Where(record => record.Type == RecordType.RRSIG).Select(record => record with { Data = Renamed(record) })],
        };
        Assert.Equal(Security.Secure, (await Ask(resolver, "a.x.sec.", RecordType.A)).Security);

        // Another NSEC takes the place of the one that is kept, for a second.
        var between = new World(Root(), new TestZone("sec.", "a.x 300 A 192.0.2.1\nx 300 MX 10 a.x") { Keys = { TestKeys.Get("sec") } });
        before.Rewrite = (query, _) => between.Reply(query.Question) is var message ? message with { Authorities = [.. message.Authorities.Select(record => record with { TimeToLive = 1 })] } : null!;
        Assert.Equal(LookupReason.ProvenNoData, (await Ask(resolver, "x.sec.", RecordType.TXT)).Reason);
        clock.Advance(TimeSpan.FromSeconds(2));
        before.Rewrite = (query, _) => Unsigned(after.Reply(query.Question));

        var answer = await Ask(resolver, "0.x.sec.", RecordType.A);
        Assert.True(answer.Security == Security.Bogus, $"{answer.Security} {answer.Reason} {answer.ResponseCode} {answer.Explanation}");
    }

    private static DnsMessage Unsigned(DnsMessage message) => message.Questions[0].Type == RecordType.A ? message.WithoutSignatures() : message;

    private static Dns.Octets Renamed(ResourceRecord record) =>
        RrsigData.TryRead(record.Data, out var data) ? (data with { SignerName = Text.Name("x.sec.") }).ToOctets() : throw new FormatException("RRSIG");

    private static async Task<Answer> Ask(Resolver resolver, string name, RecordType type) => await resolver.LookupAsync(Text.Name(name), type, TestContext.Current.CancellationToken);
}
