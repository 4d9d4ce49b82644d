using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Operator.Rollover;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Tests.Rollover;

/// <summary>Single steps of the plan, and how a roll is taken up.</summary>
public sealed partial class RolloverPlanTests
{
    private static readonly TimeSpan Ttl = TimeSpan.FromMinutes(5), Margin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Wait = (2 * Ttl) + Margin;
    private static readonly DateTimeOffset Now = RolloverPieces.Now;

    private static readonly Chain E1 = ChainOf(1), E2 = ChainOf(2), R1 = ChainOf(3), R2 = ChainOf(4);

    [Theory, Rfc(7671, "9")]
    [InlineData("312a 311a", "311a 312a", true)]
    [InlineData("311a 311b", "311a", true)]
    [InlineData("311a 312b", "311a", false)]
    [InlineData("311a 312b", "311a 312a", false)]
    [InlineData("311a 312a 311b", "311b", false)]
    [InlineData("311a 312a 311b 312b", "311b 312b", true)]
    [InlineData("312a", "312a", true)]
    [InlineData("312a 311b", "312a", false)]
    [InlineData("312a 311a 312b", "311a 312a", true)]
    [InlineData("211c 311b", "211c", true)]
    [InlineData("211c 212b 311b", "211c", false)]
    [InlineData("310a 312b 311b", "310a", true)]
    [InlineData("111a 311b", "111a", false)]
    [InlineData("111a", "111b", false)]
    [InlineData("", "311a", true)]
    public void A_set_means_a_chain_when_every_sender_finds_a_match(string set, string chain, bool means) => Assert.Equal(means, SetMeaning.Means(SetOf(set), SetOf(chain)));

    [Fact]
    public void Full_data_is_meant_by_its_digest()
    {
        var key = new Octets(Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d03010703420004" + string.Concat(Enumerable.Repeat("11", 64))));
        var full = TlsaSet.Of(new TlsaRecord(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Full, key));
        var digest = TlsaSet.Of(new TlsaRecord(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, ChainFile.Digest(key.Span)));
        Assert.True(SetMeaning.Means(full, digest));
        Assert.False(SetMeaning.Means(full, E1));
    }

    [Fact, Rfc(7671, "9")]
    public void A_longer_digest_of_the_key_that_is_shown_is_taken_out_before_it_hides_the_next_one()
    {
        var shown = E1 with { Meaning = SetOf("311a 312a") };
        var seen = Seen(SetOf("312a"), [("any", shown)]);
        var adopted = RolloverAdoption.Judge(seen, [("any", [shown])], true, Ttl).State!;
        Assert.Equal(SetOf("312a"), TlsaSet.Of(adopted.Over));
        var step = RolloverPlan.Next(adopted, seen, Margin);
        Assert.Equal(SetOf("311a"), Assert.IsType<RolloverAction.Publish>(Assert.Single(step.Actions)).From(SetOf("312a")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_no_address_could_be_found_and_nothing_was_deployed_no_server_is_reloaded(bool hasNoAddress)
    {
        var seen = Seen(SetOf("311a"), [("any", E1)]);
        var adopted = RolloverAdoption.Judge(seen, [("any", [E1])], true, Ttl).State!;
        var step = RolloverPlan.Next(adopted, seen with { Endpoints = [new("mx.example.org:25", "any", null) { HasNoAddress = hasNoAddress }] }, Margin);
        Assert.Equal(RolloverWait.Endpoints, step.Wait);
        Assert.Equal(hasNoAddress, step.Actions.IsEmpty);
    }

    [Fact, Rfc(7671, "9")]
    public void A_longer_digest_of_another_key_is_no_neighbour_of_a_roll()
    {
        var seen = Seen(SetOf("311a 312b"), [("any", E1)]);
        Assert.Contains("keeps senders from finding", RolloverAdoption.Judge(seen, [("any", [E1])], true, Ttl).Refusal, StringComparison.Ordinal);
        Assert.NotNull(RolloverAdoption.Judge(seen, [("any", [E1])], false, Ttl).State);
        Assert.NotNull(RolloverAdoption.Judge(Seen(SetOf("311a 311b"), [("any", E1)]), [("any", [E1])], true, Ttl).State);
    }

    [Fact]
    public void Another_key_that_is_shown_to_other_senders_has_to_be_meant_or_to_have_a_chain_file()
    {
        var seen = Seen(SetOf("311a"), [("any", E1), ("rsa", ChainOf(12))]);
        Assert.Contains("add a chain file", RolloverAdoption.Judge(seen, [("any", [E1])], true, Ttl).Refusal, StringComparison.Ordinal);
        Assert.NotNull(RolloverAdoption.Judge(Seen(SetOf("311a 311c"), [("any", E1), ("rsa", ChainOf(12))]), [("any", [E1])], true, Ttl).State);
    }

    [Fact, Rfc(7671, "9")]
    public void Other_kinds_of_records_come_to_mean_every_key_in_one_step()
    {
        var state = State(("ecdsa", E1), ("rsa", R1));
        var (e, r) = (E1 with { Records = SetOf("311a 312a"), Meaning = SetOf("311a 312a") }, R1 with { Records = Of(3, "311 312"), Meaning = Of(3, "311 312") });
        var seen = Seen(E1.Records.Union(R1.Records), [("ecdsa", E1), ("rsa", R1)], [("ecdsa", e), ("rsa", r), ("ecdsa", E2 with { Records = Of(2, "311 312") })]);
        var step = RolloverPlan.Next(state, seen, Margin);
        Assert.Equal(RolloverPhase.Steady, step.State.Phase);
        Assert.Equal(e.Records.Union(r.Records), Assert.IsType<RolloverAction.Publish>(Assert.Single(step.Actions)).From(E1.Records.Union(R1.Records)));

        // One of them cannot be meant so: nothing is published that hides it.
        var half = RolloverPlan.Next(state, seen with { Offers = [new("ecdsa", e)] }, Margin);
        Assert.Empty(half.Actions);
        Assert.Contains("keep some senders from finding", half.Refusal, StringComparison.Ordinal);
    }

    [Fact, Rfc(7671, "9")]
    public void A_key_whose_records_hide_those_of_the_current_one_is_not_announced()
    {
        var seen = Seen(E1.Records, [("any", E1)], [("any", E2 with { Records = Of(2, "311 312") })]);
        var step = RolloverPlan.Next(State(("any", E1)), seen, Margin);
        Assert.Empty(step.Actions);
        Assert.Equal(RolloverPhase.Steady, step.State.Phase);
        Assert.NotNull(step.Refusal);
    }

    [Fact]
    public void A_state_that_is_older_than_the_world_installs_nothing()
    {
        var seen = Seen(E2.Records, [("any", E2)]);
        foreach (var phase in new[] { RolloverPhase.Steady, RolloverPhase.Announcing, RolloverPhase.Waiting })
        {
            var state = State(("any", E1)) with { Phase = phase };
            if (phase != RolloverPhase.Steady) state = state with { Slots = [state.Slots[0] with { Next = R2 }] };
            var step = RolloverPlan.Next(state, seen, Margin);
            Assert.Empty(step.Actions);
            Assert.Contains("the state is older than the world", step.Refusal, StringComparison.Ordinal);
        }

        // The same with the old chain in its file, too: loading it is no better.
        var loaded = RolloverPlan.Next(State(("any", E1)), seen with { Installed = seen.Installed.SetItem("any", E1.Content) }, Margin);
        Assert.Empty(loaded.Actions);
        Assert.NotNull(loaded.Refusal);

        // So it is where the endpoint shows what nobody publishes, and the records mean neither.
        var stranger = RolloverPlan.Next(State(("any", E1)), Seen(R2.Records, [("any", E2)]) with { Installed = seen.Installed.SetItem("any", E1.Content) }, Margin);
        Assert.Empty(stranger.Actions);
        Assert.NotNull(stranger.Refusal);

        // Where nothing is published, or the records mean it, it is put back.
        foreach (var set in new[] { TlsaSet.Empty, E1.Records })
            Assert.Equal(E1, Assert.IsType<RolloverAction.Install>(Assert.Single(RolloverPlan.Next(State(("any", E1)), Seen(set, [("any", E2)]), Margin).Actions)).Chain);

        // What a later state has published and shown may be about to be published alone.
        var half = RolloverPlan.Next(State(("any", E1)), Seen(E1.Records.Union(E2.Records), [("any", E2)]), Margin);
        Assert.Empty(half.Actions);
        Assert.NotNull(half.Refusal);

        // A server that is silent may have anything.
        var silent = RolloverPlan.Next(State(("any", E1)), Seen(E1.Records, [("any", E2)]) with { Servers = [new("o", "a", E1.Records, Ttl), new("o", "b", null, Ttl)] }, Margin);
        Assert.Empty(silent.Actions);
        Assert.Null(silent.Refusal);
    }

    [Fact]
    public void Records_of_somebody_else_stay_through_a_roll_each_at_its_owner()
    {
        var roll = new Walk(State(("any", E1)), E1.Records.Union(SetOf("311b")), [("any", E1)]);
        roll.Look();
        roll.Published = roll.Published.Union(SetOf("311c"));
        roll.Look();
        Assert.Equal(SetOf("311b 311c"), roll.State.Foreign);
        roll.RollTo(E2);
        Assert.Equal(E2.Records.Union(SetOf("311b 311c")), roll.Published);
        Assert.Equal(SetOf("311b 311c"), roll.State.Foreign);

        // What is over is taken out again wherever it comes from.
        roll.Published = roll.Published.Union(E1.Records);
        roll.Look();
        Assert.Equal(E2.Records.Union(SetOf("311b 311c")), roll.Published);
    }

    [Fact]
    public void A_newcomer_that_hides_what_is_shown_is_told()
    {
        var roll = new Walk(State(("any", E1)), E1.Records, [("any", E1)]);
        roll.Look();
        roll.Published = roll.Published.Union(SetOf("312b"));
        Assert.Contains("keep senders from finding", roll.Look().Refusal, StringComparison.Ordinal);
        roll.State = roll.State with { KeepsForeign = false };
        Assert.Null(roll.Look().Refusal);
        Assert.Equal(E1.Records, roll.Published);
    }

    [Fact]
    public void A_time_to_live_is_remembered_from_the_look_that_first_missed_it()
    {
        var day = TimeSpan.FromDays(1);
        var memory = TimeToLiveMemory.Empty.See([day], TimeSpan.Zero, false).See([Ttl], 2 * day, false);
        Assert.Equal(day, memory.Largest);
        memory = memory.See([Ttl], day, false);
        Assert.Equal(day, memory.Largest);
        Assert.Equal(Ttl, memory.See([Ttl], TimeSpan.FromSeconds(1), false).Largest);
        Assert.Equal(day, memory.See([Ttl], day, true).Largest);
    }

    [Fact]
    public void However_long_nobody_looks_no_more_than_half_a_wait_counts()
    {
        var roll = new Walk(State(("any", E1)), E1.Records, [("any", E1)]);
        roll.Look();
        roll.Offer(E2);
        roll.Look();
        roll.Look();
        Assert.Equal(RolloverPhase.Waiting, roll.State.Phase);
        roll.Pass(TimeSpan.FromDays(10));
        roll.Look();
        Assert.Equal((RolloverPhase.Waiting, Ttl), (roll.State.Phase, roll.Step!.Remaining));
        roll.Pass(TimeSpan.FromDays(10));
        roll.Look();
        Assert.Equal(RolloverPhase.Deploying, roll.State.Phase);
    }

    [Fact]
    public void Two_lost_keys_with_standby_keys_are_replaced_one_right_after_the_other()
    {
        var state = State(("ecdsa", E1), ("rsa", R1));
        state = state with { Slots = [state.Slots[0] with { Standby = E2.Records }, state.Slots[1] with { Standby = R2.Records }] };
        var roll = new Walk(state, TlsaSet.Empty, [("ecdsa", E1), ("rsa", R1)]);
        roll.WaitOut();
        roll.Offer(E2, "ecdsa");
        roll.Offer(R2, "rsa");
        for (var i = 0; i < 10; i++) roll.Look();
        Assert.Equal(E1, roll.State.Slots[0].Current);
        roll.State = roll.State.WithRetired(E1.Key).WithRetired(R1.Key);
        for (var i = 0; i < 10; i++) roll.Look();
        Assert.Equal((E2, R2), (roll.State.Slots[0].Current, roll.State.Slots[1].Current));
        Assert.Equal(E2.Records.Union(R2.Records), roll.Published);
    }

    [Fact]
    public void A_held_standby_key_goes_before_a_roll_that_waits()
    {
        var state = State(("any", E1));
        var roll = new Walk(state with { Slots = [state.Slots[0] with { Standby = E2.Records }] }, TlsaSet.Empty, [("any", E1)]);
        roll.WaitOut();
        roll.Offer(R1);
        for (var i = 0; i < 3; i++) roll.Look();
        Assert.Equal(RolloverPhase.Waiting, roll.State.Phase);
        roll.Offer(E2);
        roll.State = roll.State.WithRetired(E1.Key);
        roll.Look();
        Assert.Equal((RolloverPhase.Deploying, E2), (roll.State.Phase, roll.State.Rolling!.Next));
    }

    [Fact]
    public void A_renewal_of_what_is_shown_is_installed_while_a_roll_waits()
    {
        var roll = new Walk(State(("ecdsa", E1), ("rsa", R1)), TlsaSet.Empty, [("ecdsa", E1), ("rsa", R1)]);
        roll.WaitOut();
        roll.Offer(E2, "ecdsa");
        for (var i = 0; i < 3; i++) roll.Look();
        Assert.Equal(RolloverPhase.Waiting, roll.State.Phase);
        var (e, r) = (E1 with { Content = DigestOf(0x71), NotBefore = Now }, R1 with { Content = DigestOf(0x72), NotBefore = Now });
        roll.Offer(e, "ecdsa");
        roll.Offer(r, "rsa");
        for (var i = 0; i < 3; i++) roll.Look();
        Assert.Equal((e, r, RolloverPhase.Waiting), (roll.State.Slots[0].Current, roll.State.Slots[1].Current, roll.State.Phase));
        Assert.Equal(e.Content, roll.Installed["ecdsa"]);
    }

    [Fact]
    public void The_certificate_of_an_authority_takes_the_place_of_our_own_though_it_is_older()
    {
        var own = E2 with { IsOwn = true, NotBefore = Now };
        var issued = E2 with { Content = DigestOf(0x73), NotBefore = Now.AddDays(-60) };
        var roll = new Walk(State(("any", own)), TlsaSet.Empty, [("any", own)]);
        roll.WaitOut();
        roll.Offer(issued);
        roll.Look();
        roll.Look();
        Assert.Equal(issued, roll.State.Slots[0].Current);
        roll.Offer(own);
        roll.Look();
        Assert.Equal(issued, roll.State.Slots[0].Current);
    }

    [Fact]
    public void A_chain_that_is_older_than_the_one_that_is_shown_does_not_follow_it_unless_that_is_lost()
    {
        var roll = new Walk(State(("any", E1)), TlsaSet.Empty, [("any", E1)]);
        roll.Look();
        roll.Look();
        roll.Offer(E2 with { NotBefore = E1.NotBefore.AddDays(-30) });
        roll.Look();
        Assert.Equal(RolloverPhase.Steady, roll.State.Phase);
        roll.State = roll.State.WithRetired(E1.Key);
        roll.Look();
        Assert.Equal(RolloverPhase.Announcing, roll.State.Phase);
    }

    [Fact]
    public void An_endpoint_that_is_down_makes_nobody_reload_the_others()
    {
        var seen = Seen(E1.Records, [("any", E1)]) with { Endpoints = [new("a", "any", E1.Key), new("b", "any", null)] };
        Assert.Empty(RolloverPlan.Next(State(("any", E1)), seen, Margin).Actions);
        Assert.Single(RolloverPlan.Next(State(("any", E1)), seen with { Endpoints = [new("a", "any", E1.Key), new("b", "any", E2.Key)] }, Margin).Actions);
    }

    private static RolloverState State(params ReadOnlySpan<(string Slot, Chain Current)> slots)
    {
        var made = ImmutableArray.CreateBuilder<KeySlot>();
        foreach (var (slot, current) in slots) made.Add(new(slot, current, null, TlsaSet.Empty));
        return new() { Slots = made.ToImmutable(), LastLook = new("boot", TimeSpan.Zero) };
    }

    private static RolloverObservation Seen(TlsaSet published, (string Slot, Chain Shown)[] shown, (string Slot, Chain Chain)[]? offers = null, TimeSpan uptime = default) => new()
    {
        Uptime = new("boot", uptime),
        Now = Now,
        Servers = [new("o", "a", published, Ttl), new("o", "b", published, Ttl)],
        Endpoints = [.. shown.Select(one => new EndpointView("e", one.Slot, one.Shown.Key))],
        Installed = shown.ToImmutableDictionary(one => one.Slot, one => one.Shown.Content),
        Offers = [.. (offers ?? []).Select(one => new Offer(one.Slot, one.Chain))],
    };

    /// <summary>Records in short: usage, selector and matching type, and a letter for whose they are.</summary>
    private static TlsaSet SetOf(string text) => TlsaSet.Of(text.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(one => Of(one[3] - 'a' + 1 is 2 ? 11 : one[3] - 'a' + 1 is 3 ? 12 : 1, one[..3]).Records));

    private static TlsaSet Of(int seed, string kinds) => TlsaSet.Of(kinds.Split(' ').Select(kind => new TlsaRecord((TlsaUsage)(kind[0] - '0'), (TlsaSelector)(kind[1] - '0'), (TlsaMatching)(kind[2] - '0'), kind[2] switch
    {
        '1' => DigestOf(0x20 + seed),
        '2' => new(Enumerable.Repeat((byte)(0x20 + seed), 64).ToArray()),
        _ => new(Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d03010703420004" + string.Concat(Enumerable.Repeat($"{0x20 + seed:x2}", 64)))),
    })));

    private static Chain ChainOf(int seed) => new(DigestOf(0x10 + seed), DigestOf(0x20 + seed), Of(seed, "311"), Now.AddDays(-1), Now.AddDays(60));

    private static Octets DigestOf(int seed) => new(Enumerable.Repeat((byte)seed, 32).ToArray());

    /// <summary>A world in which everything that the plan says is done at once.</summary>
    private sealed class Walk(RolloverState state, TlsaSet published, (string Slot, Chain Shown)[] shown)
    {
        private readonly Dictionary<string, Chain> _shown = shown.ToDictionary(one => one.Slot, one => one.Shown);
        private readonly List<(string Slot, Chain Chain)> _offers = [];
        private TimeSpan _uptime;

        internal RolloverState State { get; set; } = state;

        internal TlsaSet Published { get; set; } = published;

        internal RolloverStep? Step { get; private set; }

        internal Dictionary<string, Octets> Installed => _shown.ToDictionary(one => one.Key, one => one.Value.Content);

        internal void Offer(Chain chain, string slot = "any") => _offers.Insert(0, (slot, chain));

        internal void Pass(TimeSpan time) => _uptime += time;

        internal RolloverStep Look()
        {
            Step = RolloverPlan.Next(State, Seen(Published, [.. _shown.Select(one => (one.Key, one.Value))], [.. _offers], _uptime), Margin);
            State = Step.State;
            foreach (var action in Step.Actions)
            {
                if (action is RolloverAction.Publish publish) Published = publish.From(Published);
                if (action is RolloverAction.Install install) _shown[install.Algorithm] = install.Chain;
            }

            return Step;
        }

        internal void WaitOut()
        {
            for (var i = 0; i < 4; i++)
            {
                Look();
                Pass(Wait / 2);
            }

            Look();
        }

        internal void RollTo(Chain chain)
        {
            Offer(chain);
            for (var i = 0; i < 4; i++) WaitOut();
            Assert.Equal((RolloverPhase.Steady, chain), (State.Phase, State.Slots[0].Current));
        }
    }
}
