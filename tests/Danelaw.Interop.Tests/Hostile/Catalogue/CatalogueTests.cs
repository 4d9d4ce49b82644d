using Danelaw.Interop.Tests.Hostile.Catalogue.Realm;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Hostile.Catalogue;

/// <summary>One realm for all that is done to it, one thing at a time.</summary>
[CollectionDefinition(nameof(HostileRealm))]
public sealed class HostileRealmCollection : ICollectionFixture<HostileRealm>;

/// <summary>
/// Somebody rewrites every reply. He has every genuine record of every zone, zones and keys of his own, and no private key of the zones that he attacks. Nothing that
/// he does makes wrong data secure, or anything in a signed zone insecure; what a zone signed and still stands by is all that he may pass off.
/// </summary>
[Collection(nameof(HostileRealm)), Peer("bind"), Peer("nsd"), Peer("unbound"), Peer("ldns"), Peer("knot")]
public sealed class CatalogueTests(HostileRealm realm, ITestOutputHelper output)
{
    public static TheoryData<string> OfStub => [.. Attacks.All.Where(attack => attack.InStub).Select(attack => attack.ToString())];

    [Theory, MemberData(nameof(OfStub))]
    [Rule("R03"), Rule("R05"), Rfc(4035, "5"), Rfc(4035, "5.3.1"), Rfc(4035, "5.4"), Rfc(5155, "8.4"), Rfc(6840, "4.1")]
    public Task Before_the_stub_somebody_who(string attack) => RunAsync(attack, Position.Upstream);

    public static TheoryData<string> OfIteration => [.. Attacks.All.Where(attack => attack.InIteration).Select(attack => attack.ToString())];

    [Theory, MemberData(nameof(OfIteration))]
    [Rule("R03"), Rule("R05"), Rfc(4035, "5"), Rfc(4035, "5.2"), Rfc(2181, "5.4.1"), Rfc(9609, "5")]
    public Task In_place_of_the_servers_somebody_who(string attack) => RunAsync(attack, Position.Servers);

    private async Task RunAsync(string name, Position position)
    {
        var attack = Attacks.All.Single(each => each.ToString() == name);
        var trial = new Trial(realm, position, output, TestContext.Current.CancellationToken);
        foreach (var victim in attack.Victims)
            Assert.True(await trial.RunAsync([attack], victim) > 0, $"{attack}: {victim} was answered without a changed reply");
    }
}
