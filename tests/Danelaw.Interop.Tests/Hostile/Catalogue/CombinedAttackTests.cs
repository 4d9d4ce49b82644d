using Danelaw.Interop.Tests.Hostile.Catalogue.Realm;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Hostile.Catalogue;

/// <summary>Two attacks of the catalogue at once, drawn from a seed: a defence must not rest on the other parts of a reply being genuine.</summary>
[Collection(nameof(HostileRealm)), Peer("bind"), Peer("nsd"), Peer("unbound"), Peer("ldns"), Peer("knot")]
public sealed class CombinedAttackTests(HostileRealm realm, ITestOutputHelper output)
{
    private const int Each = 10;

    // What is allowed alone is allowed together; what only keeps silent or breaks packets would hide the other one.
    private static readonly IReadOnlyList<Attack> Combinable = [.. Attacks.All.Where(attack => attack.Expected != Outcome.Allowed && attack.Asking is null && (attack.Send is null || attack.Expected == Outcome.Withstood))];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, LongRun.Times(8))];

    [Theory, MemberData(nameof(Seeds))]
    [Rule("R03"), Rfc(4035, "5")]
    public Task Before_the_stub_two_attacks_together_do_no_more(int seed) => RunAsync(seed, Position.Upstream);

    [Theory, MemberData(nameof(Seeds))]
    [Rule("R03"), Rfc(4035, "5")]
    public Task In_place_of_the_servers_two_attacks_together_do_no_more(int seed) => RunAsync(seed, Position.Servers);

    private async Task RunAsync(int seed, Position position)
    {
        var random = new Random(seed);
        var trial = new Trial(realm, position, output, TestContext.Current.CancellationToken);
        Attack[] here = [.. Combinable.Where(attack => attack.IsAt(position))];
        for (var i = 0; i < Each; i++)
        {
            var one = here[random.Next(here.Length)];
            // The second looks for the same names: else it would have nothing to do.
            Attack[] partners = [.. here.Where(other => other != one && other.Victims.Intersect(one.Victims).Any())];
            if (partners.Length == 0) continue;
            var other = partners[random.Next(partners.Length)];
            var common = one.Victims.Intersect(other.Victims).ToList();
            await trial.RunAsync([one, other], common[random.Next(common.Count)]);
        }
    }
}
