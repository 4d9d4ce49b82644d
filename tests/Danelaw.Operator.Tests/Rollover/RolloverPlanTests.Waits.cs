using System.Collections.Immutable;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Tests.Rollover;

/// <summary>What waits for what, and is told so.</summary>
public sealed partial class RolloverPlanTests
{
    [Fact, Rfc(7671, "8.1")]
    public void A_renewal_waits_where_caches_may_mean_the_certificate_and_not_the_key()
    {
        var shown = E1 with { Leaf = DigestOf(0x51), Meaning = SetOf("311a 301a") };
        var renewal = shown with { Content = DigestOf(0x61), Leaf = DigestOf(0x62), Meaning = SetOf("311a"), NotBefore = Now };
        var adopted = RolloverAdoption.Judge(Seen(SetOf("301a"), [("any", shown)]), [("any", [shown])], true, Ttl).State!;
        Assert.Equal(SetOf("301a"), TlsaSet.Of(adopted.Over));
        Assert.True(adopted.Foreign.IsEmpty);

        var roll = new Walk(adopted, SetOf("301a"), [("any", shown)]);
        roll.Offer(renewal);
        Assert.IsType<RolloverAction.Publish>(Assert.Single(roll.Look().Actions));
        Assert.Equal(SetOf("311a"), roll.Published);
        Assert.Empty(roll.Look().Actions);
        Assert.Equal((RolloverPhase.Steady, RolloverWait.Caches, Wait), (roll.State.Phase, roll.Step!.Wait, roll.Step.Remaining));
        Assert.Contains("is deployed in 11 min at the earliest", RollTelling.Next(roll.State, roll.Step.Wait, roll.Step.Remaining), StringComparison.Ordinal);
        roll.WaitOut();
        Assert.Equal(renewal, roll.State.Slots[0].Current);
    }

    [Fact]
    public void A_certificate_that_is_not_valid_yet_is_told_with_the_time_until_it_is()
    {
        var renewal = E1 with { Content = DigestOf(0x61), NotBefore = Now.AddMinutes(30) };
        var step = RolloverPlan.Next(State(("any", E1)) with { Held = [new(E1.Records, Wait, true)] }, Seen(E1.Records, [("any", E1)], [("any", renewal)]), Margin);
        Assert.Empty(step.Actions);
        Assert.Equal((RolloverWait.Certificate, TimeSpan.FromMinutes(30)), (step.Wait, step.Remaining));
        Assert.Contains("the certificate that was brought becomes valid in 30 min", RollTelling.Next(step.State, step.Wait, step.Remaining), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_is_silent_keeps_no_renewal_away_that_all_means_what_is_known()
    {
        var renewal = E1 with { Content = DigestOf(0x61), NotBefore = Now };
        RolloverStep LookAt(RolloverState state, Chain offered) => RolloverPlan.Next(state, Seen(E1.Records, [("any", E1)], [("any", offered)]) with { Servers = [new("o", "a", E1.Records, Ttl), new("o", "b", null, Ttl)] }, Margin);
        var held = State(("any", E1)) with { Held = [new(E1.Records, Wait, true)] };
        Assert.Equal(renewal, Assert.IsType<RolloverAction.Install>(Assert.Single(LookAt(held, renewal).Actions)).Chain);

        // It may have something that is known to have stood there, and means the one certificate alone.
        var pinned = held with { Over = [.. SetOf("301a").Records], Slots = [held.Slots[0] with { Current = E1 with { Meaning = SetOf("311a 301a") } }] };
        Assert.DoesNotContain(LookAt(pinned, renewal).Actions, action => action is RolloverAction.Install);
        Assert.DoesNotContain(LookAt(State(("any", E1)), renewal).Actions, action => action is RolloverAction.Install);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(41, true)]
    [InlineData(42, false)]
    public void A_server_that_was_silent_may_have_given_an_old_copy_of_its_zone_to_caches(int daysBefore, bool isWaitedFor)
    {
        var both = E1.Records.Union(E2.Records);
        var state = State(("any", E1)) with { Phase = RolloverPhase.Waiting, Held = [new(E2.Records, Wait + TimeSpan.FromDays(daysBefore), true)] };
        state = state with { Slots = [state.Slots[0] with { Next = E2 }] };
        var seen = Seen(both, [("any", E1)], [("any", E2)]);
        var silent = RolloverPlan.Next(state, seen with { Servers = [new("o", "a", both, Ttl), new("o", "b", null, Ttl)] }, Margin);
        Assert.Equal(RolloverWait.Servers, silent.Wait);

        var back = RolloverPlan.Next(silent.State, seen with { Servers = [new("o", "a", both, Ttl), new("o", "b", both, Ttl)] }, Margin);
        if (isWaitedFor) Assert.Equal((RolloverWait.Caches, Ttl), (back.Wait, back.Remaining));
        else Assert.IsType<RolloverAction.Install>(Assert.Single(back.Actions));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void The_record_of_a_key_that_an_endpoint_shows_is_not_taken_out(bool keepsForeign, bool isOver)
    {
        var other = ChainOf(12);
        var state = State(("any", E1)) with { KeepsForeign = keepsForeign, Over = isOver ? [.. SetOf("311c").Records] : [] };
        var seen = Seen(SetOf("311a 311c"), [("any", E1), ("rsa", other)]);
        var step = RolloverPlan.Next(state, seen, Margin);
        Assert.Empty(step.Actions);
        Assert.Contains("e shows key 2c2c2c2c2c2c2c2c", step.Refusal, StringComparison.Ordinal);
        if (!keepsForeign) Assert.Contains("would take out the record", RolloverAdoption.Judge(seen, [("any", [E1])], false, Ttl).Refusal, StringComparison.Ordinal);
        Assert.Single(RolloverPlan.Next(state, seen with { Endpoints = [seen.Endpoints[0]] }, Margin).Actions);
    }

    [Fact]
    public void A_second_key_that_a_longer_digest_means_is_meant()
    {
        var seen = Seen(SetOf("311a 312a 312c"), [("any", E1)]) with { Endpoints = [new("e", "any", E1.Key), new("e", "rsa", ChainOf(12).Key) { Meaning = SetOf("311c 312c") }] };
        var slots = State(("any", E1)).Slots;
        Assert.Contains("do not mean it to all of them", RolloverAdoption.SecondKey(seen, slots, true), StringComparison.Ordinal);
        Assert.Null(RolloverAdoption.SecondKey(seen with { Servers = [new("o", "a", SetOf("312a 312c"), Ttl)] }, slots, true));
    }

    [Fact]
    public void The_old_key_is_not_retired_before_every_endpoint_shows_the_next()
    {
        var state = State(("any", E1));
        state = state with { Phase = RolloverPhase.Deploying, Slots = [state.Slots[0] with { Next = E2 }], Held = [new(E1.Records.Union(E2.Records), Wait, true)] };
        var seen = Seen(E1.Records.Union(E2.Records), [("any", E2)]) with { Endpoints = [new("a", "any", E2.Key), new("b", "any", E1.Key)] };
        var step = RolloverPlan.Next(state, seen, Margin);
        Assert.Equal((RolloverPhase.Deploying, RolloverWait.Endpoints, (string?)null), (step.State.Phase, step.Wait, step.Refusal));
        Assert.IsType<RolloverAction.Reload>(Assert.Single(step.Actions));
        Assert.Equal(RolloverPhase.Retiring, RolloverPlan.Next(state, seen with { Endpoints = [new("a", "any", E2.Key), new("b", "any", E2.Key)] }, Margin).State.Phase);
    }

    [Fact]
    public void A_lost_key_waits_for_no_endpoint_that_is_down()
    {
        var state = State(("any", E1));
        state = state with { Slots = [state.Slots[0] with { Standby = E2.Records }], Retired = [E1.Key], Held = [new(E2.Records, Wait, true)] };
        var seen = Seen(E1.Records.Union(E2.Records), [("any", E1)], [("any", E2)]) with { Endpoints = [new("a", "any", E1.Key), new("b", "any", null)] };
        Assert.Contains(RolloverPlan.Next(state, seen, Margin).Actions, action => action is RolloverAction.Install { Chain: var chain } && chain == E2);
        Assert.Equal(RolloverWait.Endpoints, RolloverPlan.Next(state with { Retired = [] }, seen, Margin).Wait);
    }

    [Fact]
    public void A_lost_key_waits_for_no_server_that_is_slow_to_be_without_old_records()
    {
        var all = E1.Records.Union(E2.Records).Union(R2.Records);
        var state = State(("any", E1));
        state = state with { Phase = RolloverPhase.Retiring, Slots = [state.Slots[0] with { Next = E2, Standby = R2.Records }], Retired = [E2.Key], Held = [new(R2.Records, Wait, true)] };
        var seen = Seen(all, [("any", E2)], [("any", R2)]);
        var step = RolloverPlan.Next(state, seen, Margin);
        Assert.Equal((RolloverPhase.Deploying, E2, R2), (step.State.Phase, step.State.Slots[0].Current, step.State.Slots[0].Next));
        Assert.Contains(step.Actions, action => action is RolloverAction.Install { Chain: var chain } && chain == R2);
        Assert.Equal(RolloverPhase.Retiring, RolloverPlan.Next(state with { Retired = [] }, seen, Margin).State.Phase);
    }

    [Fact]
    public void What_is_told_of_an_emergency_is_what_the_last_look_lets_be()
    {
        var slot = new KeySlot("any", E1, null, E2.Records);
        var state = State(("any", E1)) with { Slots = [slot], Held = [new(E2.Records, Wait, true)] };
        string Told(RolloverState now, RolloverWait wait = RolloverWait.Nothing, params ImmutableArray<string> faults) => EmergencyTelling.Takeover(new(now, Now, Now, wait, null, ["b completed no handshake"]) { Faults = faults }, slot, "the key", TimeSpan.Zero);
        Assert.Contains("is replaced at once", Told(state), StringComparison.Ordinal);
        Assert.Contains("the reload failed", Told(state, RolloverWait.Endpoints, "the reload failed"), StringComparison.Ordinal);
        Assert.Contains("as soon as every authoritative server answers", Told(state with { Held = [new(E2.Records, Wait, false)] }), StringComparison.Ordinal);
        var deploying = state with { Phase = RolloverPhase.Deploying, Slots = [slot with { Next = R2 }] };
        Assert.Contains("is replaced at once", Told(deploying), StringComparison.Ordinal);

        // A second loss in the same deployment waits for the endpoints.
        deploying = deploying with { Slots = [deploying.Slots[0] with { Leaving = ChainOf(6) }] };
        Assert.Contains("as soon as every endpoint shows key 2424242424242424", Told(deploying), StringComparison.Ordinal);
        Assert.Contains("b completed no handshake", Told(deploying with { Phase = RolloverPhase.Retiring }, RolloverWait.Endpoints), StringComparison.Ordinal);
        Assert.Contains("at once", Told(deploying with { Phase = RolloverPhase.Retiring }, RolloverWait.Servers), StringComparison.Ordinal);
    }

    [Fact, Rfc(7671, "9")]
    public void A_newcomer_that_hides_what_is_announced_is_told_while_a_roll_is_on()
    {
        foreach (var phase in new[] { RolloverPhase.Announcing, RolloverPhase.Waiting, RolloverPhase.Deploying })
        {
            var state = State(("any", E1)) with { Phase = phase };
            state = state with { Slots = [state.Slots[0] with { Next = E2 }], Held = [new(E2.Records, Wait, true)] };
            var set = E1.Records.Union(E2.Records).Union(SetOf("312c"));
            var seen = Seen(set, [("any", E1)]) with { Installed = ImmutableDictionary<string, Dns.Octets>.Empty.Add("any", phase == RolloverPhase.Deploying ? E2.Content : E1.Content) };
            var step = RolloverPlan.Next(state, seen, Margin);
            Assert.DoesNotContain(step.Actions, action => action is RolloverAction.Publish or RolloverAction.Install);
            Assert.Contains($"at o keep senders from finding those of the key that is shown, or of the next one ({SetOf("312c")})", step.Refusal, StringComparison.Ordinal);
            Assert.Contains(RolloverPlan.Next(state with { KeepsForeign = false }, seen, Margin).Actions, action => action is RolloverAction.Publish);
        }
    }

    [Fact]
    public void The_newer_key_of_an_authority_follows_one_with_a_certificate_of_our_own()
    {
        var roll = new Walk(State(("any", E2 with { IsOwn = true, NotBefore = Now })), TlsaSet.Empty, [("any", E2)]);
        roll.Look();
        roll.Look();
        roll.Offer(E1 with { NotBefore = Now.AddDays(-3) });
        roll.Look();
        Assert.Equal((RolloverPhase.Announcing, E1.Key), (roll.State.Phase, roll.State.Rolling!.Next!.Key));
    }

    [Fact]
    public void A_server_that_serves_on_after_it_was_taken_out_of_the_zone_keeps_the_next_key_away()
    {
        var state = State(("any", E1));
        state = RolloverPlan.Next(state, Seen(E1.Records, [("any", E1)]), Margin).State;
        var both = E1.Records.Union(E2.Records);
        state = state with { Phase = RolloverPhase.Waiting, Slots = [state.Slots[0] with { Next = E2 }], Held = [new(E2.Records, Wait, true)] };
        RolloverStep After(TimeSpan time) => RolloverPlan.Next(state, Seen(both, [("any", E1)], uptime: time) with { Servers = [new("o", "a", both, Ttl)] }, Margin);
        var step = After(Ttl);
        Assert.Empty(step.Actions);
        state = step.State;
        Assert.Contains("b is no more among the zone's servers, and had 3 1 1 2121212121212121… at o", Assert.Single(RolloverPlan.GoneServers(state)), StringComparison.Ordinal);

        // It comes back with what is wanted, or two days have passed.
        Assert.Empty(RolloverPlan.GoneServers(RolloverPlan.Next(state, Seen(both, [("any", E1)], uptime: 2 * Ttl), Margin).State));
        step = After(TimeSpan.FromDays(2) + Ttl);
        Assert.NotEmpty(RolloverPlan.GoneServers(step.State));
        state = step.State;
        Assert.Empty(RolloverPlan.GoneServers(After(TimeSpan.FromDays(2) + (2 * Ttl)).State));

        // A server that had what means the next key is not waited for.
        state = State(("any", E1)) with { Phase = RolloverPhase.Waiting, Slots = [state.Slots[0] with { Next = E2 }], Held = [new(E2.Records, Wait, true)], Servers = [new("o", "b", both, null)] };
        Assert.Single(After(Ttl).Actions);
    }

    [Fact]
    public void An_owner_that_comes_to_a_roll_in_the_middle_begins_the_wait_anew()
    {
        var both = E1.Records.Union(E2.Records);
        var state = State(("any", E1)) with { Phase = RolloverPhase.Waiting, Held = [new(E2.Records, Ttl, true)], Owners = ["other"] };
        state = state with { Slots = [state.Slots[0] with { Next = E2 }] };
        Assert.Equal(Wait, RolloverPlan.Next(state, Seen(both, [("any", E1)]), Margin).Remaining);
        Assert.Equal(Wait - Ttl, RolloverPlan.Next(state with { Owners = ["o"] }, Seen(both, [("any", E1)]), Margin).Remaining);
    }

    [Fact]
    public void No_other_key_is_shown_while_a_former_owner_may_still_lead_here()
    {
        var both = E1.Records.Union(E2.Records);
        var state = State(("any", E1)) with { Phase = RolloverPhase.Waiting, Owners = ["o", "old"], Held = [new(E2.Records, Wait, true)] };
        state = state with { Slots = [state.Slots[0] with { Next = E2 }] };
        RolloverStep With(params ServerView[] former) => RolloverPlan.Next(state, Seen(both, [("any", E1)]) with { Former = [.. former] }, Margin);
        foreach (var seen in new[] { both, null })
        {
            var held = With(new ServerView("old", "a", seen, Ttl));
            Assert.Equal((RolloverPhase.Waiting, 0, true), (held.State.Phase, held.Actions.Length, held.Refusal!.Contains("so no other key is shown", StringComparison.Ordinal)));
        }

        Assert.IsType<RolloverAction.Install>(Assert.Single(With().Actions));
    }

    [Fact]
    public void A_lost_key_is_known_however_many_certificates_were_replaced_since()
    {
        var state = Enumerable.Range(0, 1000).Aggregate(State(("any", E1)).WithRetired(E2.Key), (state, i) => state.WithReplaced(ChainFile.Digest(BitConverter.GetBytes(i))));
        Assert.Equal((64, true), (state.Replaced.Length, state.Retired.Contains(E2.Key)));
        Assert.Null(RolloverPlan.Choose(state, Seen(E1.Records, [("any", E1)], [("any", E2)]), state.Slots[0], Margin));

        // What an older release has kept has both in one list.
        Assert.True((state with { Retired = [E1.Content] }).IsReplaced(E1));
    }

    [Theory]
    [InlineData("311a", true)]
    [InlineData("311a 311c", true)]
    [InlineData("211a", true)]
    [InlineData("211a 311c", false)]
    [InlineData("311c", false)]
    [InlineData("", false)]
    public void A_former_owner_is_done_with_once_it_pins_no_key_of_the_roll(string set, bool isLeft)
    {
        var shown = E1 with { Meaning = SetOf("311a 211a"), Records = SetOf("311a 211a") };
        var state = State(("any", shown)) with { Owners = ["o", "old"] };
        var seen = Seen(shown.Records, [("any", shown)], [("any", E2)]) with { Former = [new("old", "a", SetOf(set), Ttl)] };
        var step = RolloverPlan.Next(state, seen, Margin);
        Assert.Equal(isLeft ? ["o", "old"] : ["o"], step.State.Owners);
        Assert.Equal(isLeft, step.Refusal is not null);
        Assert.Equal(isLeft ? RolloverPhase.Steady : RolloverPhase.Announcing, step.State.Phase);
    }
}
