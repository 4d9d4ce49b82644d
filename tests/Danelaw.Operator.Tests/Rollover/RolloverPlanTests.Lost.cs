using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Tests.Rollover;

/// <summary>A key that is lost while another is being deployed, and not every endpoint can be seen.</summary>
public sealed partial class RolloverPlanTests
{
    private static readonly Chain S = ChainOf(5);

    /// <summary>Everything has been published for a whole wait; endpoint a shows what is in the files, b is down or not.</summary>
    private static RolloverObservation Half(TlsaSet published, (string Slot, Chain Shown, Chain? Beside)[] shown, params (string Slot, Chain Chain)[] offers) => Seen(published, [.. shown.Select(one => (one.Slot, one.Shown))], offers) with
    {
        Endpoints = [.. shown.Select(one => new EndpointView("a", one.Slot, one.Shown.Key)), .. shown.Select(one => new EndpointView("b", one.Slot, one.Beside?.Key))],
    };

    private static RolloverState Deploying(params ImmutableArray<KeySlot> slots) => new()
    {
        Slots = slots,
        Phase = RolloverPhase.Deploying,
        LastLook = new("boot", TimeSpan.Zero),
        TimesToLive = TimeToLiveMemory.Empty.See([Ttl], TimeSpan.Zero, false),
        Held = [.. slots.SelectMany(slot => new[] { slot.Current.Records, slot.Next?.Records ?? TlsaSet.Empty, slot.Standby }).Where(set => !set.IsEmpty).Select(set => new HeldSet(set, Wait, true))],
    };

    private static TlsaSet After(RolloverStep step, TlsaSet published) => step.Actions.OfType<RolloverAction.Publish>().Aggregate(published, (set, publish) => publish.From(set));

    private static TlsaSet All(params ReadOnlySpan<Chain> chains)
    {
        var all = TlsaSet.Empty;
        foreach (var chain in chains) all = all.Union(chain.Records);
        return all;
    }

    [Fact]
    public void A_key_that_is_lost_while_it_is_deployed_waits_for_no_endpoint_that_is_down()
    {
        var published = All(E1, E2, S);
        var state = Deploying(new KeySlot("any", E1, E2, S.Records)).WithRetired(E2.Key);
        var step = RolloverPlan.Next(state, Half(published, [("any", E2, null)], ("any", S)), Margin);
        Assert.Equal(S, Assert.Single(step.Actions.OfType<RolloverAction.Install>()).Chain);
        Assert.Equal((RolloverPhase.Deploying, E2, S, E1), (step.State.Phase, step.State.Slots[0].Current, step.State.Slots[0].Next, step.State.Slots[0].Leaving));
        Assert.Equal(published, After(step, published));

        // Whatever the one that is down shows when it comes up, its records are there.
        foreach (var beside in new[] { null, E1, E2 })
        {
            var waiting = RolloverPlan.Next(step.State, Half(published, [("any", S, beside)]), Margin);
            Assert.Equal((RolloverPhase.Deploying, published, (string?)null), (waiting.State.Phase, After(waiting, published), waiting.Refusal));
            Assert.DoesNotContain(waiting.Actions, action => action is RolloverAction.Install);
        }

        var shown = RolloverPlan.Next(step.State, Half(published, [("any", S, S)]), Margin);
        Assert.Equal((RolloverPhase.Retiring, S.Records), (shown.State.Phase, After(shown, published)));
        var over = RolloverPlan.Next(shown.State, Half(S.Records, [("any", S, S)]), Margin);
        Assert.Equal((RolloverPhase.Steady, S, (Chain?)null), (over.State.Phase, over.State.Slots[0].Current, over.State.Slots[0].Leaving));
        Assert.Superset(new HashSet<Octets> { E1.Key, E2.Key }, over.State.Retired.ToHashSet());
    }

    [Fact]
    public void Without_another_key_the_one_of_before_is_shown_again()
    {
        var published = All(E1, E2);
        var state = Deploying(new KeySlot("any", E1, E2, TlsaSet.Empty)).WithRetired(E2.Key);
        var step = RolloverPlan.Next(state, Half(published, [("any", E2, null)]), Margin);
        Assert.Equal(E1, Assert.Single(step.Actions.OfType<RolloverAction.Install>()).Chain);
        Assert.Equal((E2, E1, (Chain?)null, published), (step.State.Slots[0].Current, step.State.Slots[0].Next, step.State.Slots[0].Leaving, After(step, published)));
        var shown = RolloverPlan.Next(step.State, Half(published, [("any", E1, E1)]), Margin);
        Assert.Equal(E1.Records, After(shown, published));
        Assert.Equal((RolloverPhase.Steady, E1), (RolloverPlan.Next(shown.State, Half(E1.Records, [("any", E1, E1)]), Margin).State.Phase, RolloverPlan.Next(shown.State, Half(E1.Records, [("any", E1, E1)]), Margin).State.Slots[0].Current));

        // Where every endpoint has followed meanwhile too: nothing of the key of before was taken out yet.
        var all = RolloverPlan.Next(state, Half(published, [("any", E2, E2)]), Margin);
        Assert.Equal(E1, Assert.Single(all.Actions.OfType<RolloverAction.Install>()).Chain);
        Assert.Equal((E2, E1, published), (all.State.Slots[0].Current, all.State.Slots[0].Next, After(all, published)));

        // Not once its records are being taken out: a server may be on its way to a zone without them.
        var retiring = RolloverPlan.Next(state with { Phase = RolloverPhase.Retiring }, Half(published, [("any", E2, null)]), Margin);
        Assert.Empty(retiring.Actions);
        Assert.Equal(RolloverPhase.Retiring, retiring.State.Phase);

        // Nor where it has expired, or is lost too.
        Assert.Empty(RolloverPlan.Next(state.WithRetired(E1.Key), Half(published, [("any", E2, null)]), Margin).Actions);
        var late = Half(published, [("any", E2, null)]) with { Now = E1.NotAfter.AddDays(1) };
        Assert.DoesNotContain(RolloverPlan.Next(state, late, Margin).Actions, action => action is RolloverAction.Install);
    }

    [Fact]
    public void A_key_that_is_lost_while_the_other_is_deployed_waits_for_no_endpoint_that_is_down()
    {
        var published = All(E1, R1, R2, S);
        var state = Deploying(new KeySlot("ecdsa", E1, null, S.Records), new KeySlot("rsa", R1, R2, TlsaSet.Empty)).WithRetired(E1.Key);
        var step = RolloverPlan.Next(state, Half(published, [("ecdsa", E1, null), ("rsa", R2, null)], ("ecdsa", S)), Margin);
        Assert.Equal(S, Assert.Single(step.Actions.OfType<RolloverAction.Install>()).Chain);
        Assert.Equal((S, R2, R1, published), (step.State.Slots[0].Next, step.State.Slots[1].Current, step.State.Slots[1].Leaving, After(step, published)));

        // The other file's old key is over when every endpoint was seen without it.
        var shown = RolloverPlan.Next(step.State, Half(published, [("ecdsa", S, S), ("rsa", R2, R2)]), Margin);
        Assert.Equal(All(S, R2), After(shown, published));
        Assert.Equal((RolloverPhase.Retiring, (Chain?)null), (shown.State.Phase, shown.State.Slots[1].Leaving));
    }

    [Fact]
    public void A_key_that_is_lost_while_the_old_one_is_retired_waits_for_no_endpoint_that_is_down()
    {
        var state = Deploying(new KeySlot("any", E1, E2, S.Records)).WithRetired(E2.Key) with { Phase = RolloverPhase.Retiring };
        var step = RolloverPlan.Next(state, Half(All(E2, S), [("any", E2, null)], ("any", S)), Margin);
        Assert.Equal(S, Assert.Single(step.Actions.OfType<RolloverAction.Install>()).Chain);
        Assert.Equal(All(E1, E2, S), After(step, All(E2, S)));
    }
}
