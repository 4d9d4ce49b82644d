using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;
using Danelaw.Interop.Tests.Hostile.Catalogue.Realm;
using Danelaw.Testing.Peers;
using static Danelaw.Interop.Tests.Hostile.Catalogue.Victims;

namespace Danelaw.Interop.Tests.Hostile.Catalogue;

/// <summary>The other side of the scale: what honest forwarders and servers do to replies makes nothing bogus.</summary>
[Collection(nameof(HostileRealm)), Peer("bind"), Peer("nsd"), Peer("unbound"), Peer("ldns"), Peer("knot")]
public sealed class HonestPathTests(HostileRealm realm, ITestOutputHelper output)
{
    // Every kind of answer, and what is insecure by right.
    private static readonly ImmutableArray<(Question Question, Security Right)> Questions =
    [
        .. Right(Security.Secure, InEach("sec.", ("_25._tcp.mx", RecordType.TLSA), ("www", RecordType.A), ("www", RecordType.MX), ("", RecordType.MX), ("", RecordType.DS), ("", RecordType.DNSKEY), ("alias", RecordType.A), ("alias", RecordType.CNAME), ("chain1", RecordType.A), ("across", RecordType.A), ("to-evil", RecordType.A), ("host.tree", RecordType.A), ("b.ent", RecordType.TXT), ("there.wild", RecordType.A), ("upper.case", RecordType.TXT))),
        .. Right(Security.Secure, [.. In("sec.nsec.", ("no-such-name", RecordType.A), ("x.wild", RecordType.A), ("x.wild", RecordType.MX), ("x.wildalias", RecordType.A), ("to-nothing", RecordType.A)), .. In("sec.hash.", ("no-such-name", RecordType.A), ("x.wild", RecordType.A), ("x.wild", RecordType.MX), ("x.wildalias", RecordType.A), ("to-nothing", RecordType.A))]),
        .. Right(Security.Secure, [.. ChildTlsa, .. Two, .. InEach("deep.wild.sec.", ("www", RecordType.A)), .. InEach("sib.", ("www", RecordType.A)), .. InEach("evil.sec.", ("www", RecordType.A)), .. In("digests.nsec.", ("www", RecordType.A)), .. In("child.high.hash.", ("www", RecordType.A))]),
        .. Right(Security.Insecure, [.. InEach("plain.", ("www", RecordType.A), ("no-such-name", RecordType.A)), .. InEach("un.sec.", ("www", RecordType.A)), .. In("sec.opt.", ("no-such-name", RecordType.A), ("x.wild", RecordType.A)), .. In("high.hash.", ("no-such-name", RecordType.A))]),
    ];

    public static TheoryData<string> Ways => [.. Honesty.All.Select(way => way.Does)];

    [Theory, MemberData(nameof(Ways))]
    [Rfc(4035, "5"), Rfc(4343, "3"), Rfc(2181, "5")]
    public Task The_stub_takes_honest_answers_from_a_forwarder_that(string does) => RunAsync(does, Position.Upstream);

    [Theory, MemberData(nameof(Ways))]
    [Rfc(4035, "5"), Rfc(4343, "3"), Rfc(2181, "5")]
    public Task Who_iterates_takes_honest_answers_from_servers_of_which_each(string does) => RunAsync(does, Position.Servers);

    private async Task RunAsync(string does, Position position)
    {
        var way = Honesty.All.Single(each => each.Does == does);
        var tampering = new Trial.Tampering(realm.Scene, [way], Questions[0].Question, position);
        await using var lookups = new Lookups(realm, position);
        using (realm.Attack(tampering.AnswerAsync, atServers: position == Position.Servers)) await AllAreRightAsync(lookups);
        Assert.True(tampering.Changed > 0, "nothing was changed");
    }

    [Fact, Rfc(4035, "5")]
    public async Task The_stub_takes_honest_answers_from_BIND_that_gives_no_more_than_it_must()
    {
        await using var lookups = new Lookups(realm, Position.Upstream, upstream: HostileRealm.BindRecursorAddress);
        await AllAreRightAsync(lookups);
    }

    private async Task AllAreRightAsync(Lookups lookups)
    {
        var wrong = new List<string>();
        foreach (var (question, right) in Questions)
        {
            var answer = await lookups.AskAsync(question, TestContext.Current.CancellationToken);
            if (answer.Security != right) wrong.Add($"{question} is {answer.Security}, not {right}: {answer.Explanation}");
        }
        output.WriteLine($"{Questions.Length} questions, {wrong.Count} wrong");
        Assert.Empty(wrong);
    }

    private static IEnumerable<(Question, Security)> Right(Security right, ImmutableArray<Question> questions) => questions.Select(question => (question, right));
}
