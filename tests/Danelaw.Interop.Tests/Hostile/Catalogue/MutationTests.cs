using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Interop.Tests.Hostile.Catalogue.Realm;
using Danelaw.Testing.Peers;
using static Danelaw.Interop.Tests.Hostile.Catalogue.Victims;

namespace Danelaw.Interop.Tests.Hostile.Catalogue;

/// <summary>The property behind the catalogue, searched for exceptions at random: never secure with wrong data, never insecure in a signed zone.</summary>
[Collection(nameof(HostileRealm)), Peer("bind"), Peer("nsd"), Peer("unbound"), Peer("ldns"), Peer("knot")]
public sealed class MutationTests(HostileRealm realm, ITestOutputHelper output)
{
    private const int Each = 15;

    private static readonly ImmutableArray<Question> Questions =
    [
        .. InEach("sec.", ("_25._tcp.mx", RecordType.TLSA), ("www", RecordType.A), ("www", RecordType.MX), ("", RecordType.MX), ("alias", RecordType.A), ("chain1", RecordType.A), ("across", RecordType.A), ("host.tree", RecordType.A), ("b.ent", RecordType.TXT), ("there.wild", RecordType.A), ("", RecordType.DS), ("", RecordType.DNSKEY)),
        .. In("sec.nsec.", ("x.wild", RecordType.A), ("no-such-name", RecordType.A), ("to-nothing", RecordType.A), ("x.wildalias", RecordType.A)),
        .. In("sec.hash.", ("x.wild", RecordType.A), ("no-such-name", RecordType.A), ("to-nothing", RecordType.A), ("x.wildalias", RecordType.A)),
        .. ChildTlsa, .. Two, .. In("digests.nsec.", ("www", RecordType.A)),
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, LongRun.Times(10))];

    [Theory, MemberData(nameof(Seeds))]
    [Rule("R03"), Rfc(4035, "5")]
    public Task Before_the_stub_nothing_that_chance_does_to_replies_makes_wrong_data_secure(int seed) => RunAsync(seed, Position.Upstream);

    [Theory, MemberData(nameof(Seeds))]
    [Rule("R03"), Rfc(4035, "5")]
    public Task In_place_of_the_servers_nothing_that_chance_does_to_replies_makes_wrong_data_secure(int seed) => RunAsync(seed, Position.Servers);

    private async Task RunAsync(int seed, Position position)
    {
        var random = new Random(seed);
        var trial = new Trial(realm, position, output, TestContext.Current.CancellationToken);
        for (var i = 0; i < Each; i++)
        {
            var victim = Questions[random.Next(Questions.Length)];
            await trial.RunAsync([Mutation.Of((seed * Each) + i, victim)], victim);
        }
    }
}
