using Danelaw.Interop.Tests.Worlds;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Lookup;

/// <summary>The peers among themselves: where delv and unbound disagree, neither can tell us what is right.</summary>
[Peer("bind"), Peer("unbound"), Peer("nsd")]
public sealed class PeerAgreementTests(World world, ITestOutputHelper output)
{
    [Fact]
    public async Task Delv_and_unbound_agree_on_every_name_of_the_signed_world_but_where_one_is_known_to_differ_from_the_RFC()
    {
        var token = TestContext.Current.CancellationToken;
        var signed = await world.SignedAsync(token);
        var verdicts = await world.PeerVerdictsAsync(token);

        output.WriteLine($"TELL: the signed world rose in {signed.RiseTime.TotalSeconds:F1} s; {verdicts.Count} questions: {string.Join(", ", verdicts.GroupBy(verdict => verdict.Right).OrderByDescending(group => group.Key).Select(group => $"{group.Count()} {group.Key}"))}");
        foreach (var known in verdicts.GroupBy(verdict => verdict.Difference).Where(group => group.Key is not null))
            output.WriteLine($"TELL:   {known.Key!.Peer} says {known.Key.Says}, right is {known.Key.Right} ({known.Count()}): {known.Key.Section}");

        var disagreements = verdicts.Where(verdict => verdict.Right is null)
            .Select(verdict => $"{verdict.Name} {verdict.Type}: unbound {verdict.Unbound.ResponseCode} {verdict.Unbound.Status}, delv {verdict.Delv.Status}\n{verdict.Delv.Text}").ToList();
        Assert.True(disagreements.Count == 0, string.Join('\n', disagreements));
        // Another version of a peer may have been mended.
        foreach (var mended in KnownDifference.All.Except(verdicts.Select(verdict => verdict.Difference)))
            output.WriteLine($"TELL:   {mended!.Peer} no longer differs here: {mended.Section}");
    }
}
