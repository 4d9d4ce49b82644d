using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Tests.Rollover;

/// <summary>
/// The plan's law, over every world that can be reached: whatever set of TLSA records a validating sender may see, from a server or out of a
/// cache, each endpoint shows a key that is in it.
/// </summary>
public sealed class RolloverSafetyTests(ITestOutputHelper output)
{
    /// <summary>How many owners there are and algorithms roll, whether the next key was a standby, and the troubles: a changed TTL, a server that falls back, a reboot, a clock that is set.</summary>
    public static TheoryData<int, int, bool, int[]> Worlds => LongRun.IsOn ? [.. Short, .. Long] : Short;

    private static TheoryData<int, int, bool, int[]> Short => new()
    {
        { 4, 2, false, [0, 0, 0, 0] },
        { 4, 1, true, [0, 0, 0, 0] },
        { 2, 2, false, [0, 1, 0, 0] },
        { 2, 1, true, [0, 1, 0, 0] },
        { 2, 2, false, [0, 0, 1, 1] },
        { 1, 1, false, [1, 0, 0, 0] },
    };

    private static TheoryData<int, int, bool, int[]> Long => new()
    {
        { 4, 1, false, [1, 0, 0, 0] },
        { 2, 2, false, [1, 0, 0, 0] },
        { 2, 1, false, [0, 1, 1, 1] },
        { 4, 2, false, [0, 1, 0, 0] },
    };

    [Theory, MemberData(nameof(Worlds)), Rfc(7671, "8.1"), Rfc(7672, "4")]
    public void No_sender_sees_records_of_which_none_matches(int owners, int rolls, bool hasStandby, int[] troubles)
    {
        var explorer = new RolloverExplorer();
        explorer.Explore(owners, rolls, hasStandby, troubles);
        output.WriteLine($"{explorer.Count} worlds, {explorer.Moves} moves; {string.Join(", ", explorer.Told.Select(pair => $"{pair.Key} {pair.Value}"))}");
        Assert.True(explorer.CounterExample is null, explorer.CounterExample);

        // A plan that does nothing is safe too: every action and every phase must occur, and each key must come to be shown alone.
        Assert.Equal(3, explorer.Told.Keys.Count(name => !name.StartsWith("phase ", StringComparison.Ordinal)));
        foreach (var phase in Enum.GetValues<RolloverPhase>())
            Assert.Contains("phase " + phase, explorer.Told.Keys);
        Assert.True(explorer.HasEnded, "no world was reached in which every offered key is shown and published alone");
    }

    [Fact]
    public void The_explorer_sees_a_plan_that_deploys_at_once()
    {
        var explorer = new RolloverExplorer { Decide = (state, seen, _) => Hasty(state, seen) };
        explorer.Explore(4, 1, false, 0, 0, 0, 0);
        Assert.NotNull(explorer.CounterExample);
        output.WriteLine(explorer.CounterExample);
    }

    /// <summary>What people do by hand: the new key is shown as soon as it is there, and published.</summary>
    private static RolloverStep Hasty(RolloverState state, RolloverObservation seen)
    {
        var slot = state.Slots[0];
        var next = seen.Offers[0].Chain;
        return new(state, [new RolloverAction.Publish(slot.Current.Records.Union(state.Slots[1].Current.Records), TlsaSet.Empty, false, []), new RolloverAction.Install(slot.Algorithm, next), new RolloverAction.Publish(next.Records.Union(state.Slots[1].Current.Records), TlsaSet.Empty, false, [])], RolloverWait.Nothing, null);
    }
}
