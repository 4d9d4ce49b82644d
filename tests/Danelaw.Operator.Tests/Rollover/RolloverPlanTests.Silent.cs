using System.Collections.Immutable;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Tests.Rollover;

/// <summary>Servers that cannot be seen, that come back, and that are taken out of the zone meanwhile.</summary>
public sealed partial class RolloverPlanTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact, Rfc(7671, "8.1")]
    public void A_TTL_is_not_forgotten_while_a_silent_server_may_give_it_out()
    {
        var memory = TimeToLiveMemory.Empty.See([Day], TimeSpan.Zero, false);
        for (var i = 0; i < 100; i++) memory = memory.See([Ttl], Day, i % 2 == 0, isWhole: false);
        Assert.Equal((Ttl, Day), (memory.Served, memory.Largest));

        // It is back: caches may have taken the old copy from it until just before.
        memory = memory.See([Ttl], Day, false).See([Ttl], Day, false);
        Assert.Equal(Day, memory.Largest);
        Assert.Equal(Ttl, memory.See([Ttl], TimeSpan.FromSeconds(1), false).Largest);
    }

    [Theory]
    [InlineData(42, true)]
    [InlineData(43, false)]
    public void A_server_that_was_silent_may_have_had_a_copy_as_old_as_a_secondary_serves(int days, bool isWaitedFor)
    {
        var memory = TimeToLiveMemory.Empty.See([Day], TimeSpan.Zero, false);
        for (var i = 0; i <= days; i++) memory = memory.See([Ttl], Day, false);
        Assert.Equal(Ttl, memory.Largest);
        memory = memory.See([Ttl], TimeSpan.Zero, true, isWhole: false);
        Assert.Equal(isWaitedFor ? Day : Ttl, memory.See([Ttl], TimeSpan.FromSeconds(1), true).Largest);
    }

    [Fact, Rfc(7671, "8.1")]
    public void After_a_silence_the_wait_goes_by_the_longer_TTL_of_before_and_says_so()
    {
        var (both, seen) = Announced();
        RolloverStep LookAt(RolloverState state, TlsaSet? second, TimeSpan time) => RolloverPlan.Next(state, seen with { Uptime = new("boot", time), Servers = [new("o", "a", both, Ttl), new("o", "b", second, Ttl)] }, Margin);
        var state = State(("any", E1));
        state = state with
        {
            Phase = RolloverPhase.Waiting,
            Slots = [state.Slots[0] with { Next = E2 }],
            Held = [new(E2.Records, Wait - Margin, true)],
            Servers = [new("o", "b", both, null)],
            TimesToLive = TimeToLiveMemory.Empty.See([Day], TimeSpan.Zero, false).See([Ttl], 2 * Day, false).See([Ttl], 2 * Day, false),
        };
        Assert.Equal(Ttl, state.TimesToLive.Largest);

        var silent = LookAt(state, null, Margin);
        Assert.Equal(RolloverWait.Servers, silent.Wait);
        Assert.Contains("served with a TTL of 5 min, and the next key waits twice 24 h: they had that TTL before, and b, which cannot be seen, may give out", Assert.Single(RollTelling.LongerWait(silent.State)), StringComparison.Ordinal);
        var back = LookAt(silent.State, both, 2 * Margin);
        Assert.Equal((RolloverWait.Caches, (2 * Day) + Margin - (Wait - Margin)), (back.Wait, back.Remaining));
        Assert.Contains("caches may keep what they took with it", Assert.Single(RollTelling.LongerWait(back.State)), StringComparison.Ordinal);

        // A server that was never missed makes nobody wait longer than twice what is served.
        Assert.NotEmpty(LookAt(state, both, Margin).Actions);
    }

    [Theory, Rfc(7671, "8.1")]
    [InlineData(0, 2)]
    [InlineData(5, 5)]
    [InlineData(30, 7)]
    public void A_server_that_is_silent_when_it_is_taken_out_of_the_zone_is_waited_for_as_long_as_resolvers_ask_it(int nameServerDays, int days)
    {
        var (both, seen) = Announced();
        var state = State(("any", E1)) with { Phase = RolloverPhase.Waiting, Held = [new(E2.Records, Wait, true)] };
        state = state with { Slots = [state.Slots[0] with { Next = E2 }], Servers = [new("o", "b", both, null) { NamedFor = Day * nameServerDays }] };
        RolloverStep LookAt(TimeSpan time, params ImmutableArray<ServerView> servers)
        {
            var step = RolloverPlan.Next(state, seen with { Uptime = new("boot", time), Servers = servers }, Margin);
            state = step.State;
            return step;
        }

        var a = new ServerView("o", "a", both, Ttl);
        LookAt(Margin, a, new("o", "b", null, TimeSpan.Zero));
        var gone = LookAt(2 * Margin, a);
        Assert.Equal((RolloverWait.Caches, (days * Day) + Ttl), (gone.Wait, gone.Remaining));
        Assert.Empty(gone.Actions);
        Assert.Contains($"b gave no valid answer when it was taken out of the zone's servers, and may have an old copy of the zone (it last had {RollTelling.Short(both)} at o): resolvers that still know it may ask it, so the next key waits {Duration.Say(days * Day)} longer, and then 5 min", Assert.Single(RolloverPlan.GoneServers(state)), StringComparison.Ordinal);
        Assert.Empty(LookAt((days * Day) + (2 * Margin), a).Actions);

        // Nobody asks it any more; what it gave last is a TTL old at most.
        var forgotten = LookAt((days * Day) + (3 * Margin), a);
        Assert.Equal((RolloverWait.Caches, Ttl), (forgotten.Wait, forgotten.Remaining));
        Assert.Empty(RolloverPlan.GoneServers(state));
        Assert.NotEmpty(LookAt((days * Day) + (3 * Margin) + Ttl, a).Actions);
    }

    [Theory, Rfc(7671, "8.1")]
    [InlineData("ns2.provider.example.")]
    [InlineData("its zone's servers")]
    public void A_server_whose_address_is_not_found_was_not_seen_and_has_not_gone(string inItsPlace)
    {
        var (both, seen) = Announced();
        var state = State(("any", E1)) with { Phase = RolloverPhase.Waiting, Held = [new(E2.Records, Wait, true)] };
        state = state with { Slots = [state.Slots[0] with { Next = E2 }], Servers = [new("o", "a", both, null), new("o", "b", both, null)] };
        RolloverStep LookAt(TimeSpan time, params ImmutableArray<ServerView> servers)
        {
            var step = RolloverPlan.Next(state, seen with { Uptime = new("boot", time), Servers = servers }, Margin);
            state = step.State;
            return step;
        }

        var a = new ServerView("o", "a", both, Ttl);
        LookAt(3 * Day, a, new("o", inItsPlace, null, TimeSpan.Zero));
        Assert.Equal([(null, false), ((TimeSpan?)null, true)], state.Servers.Select(known => (known.Gone, known.IsSilent)));

        // Then it is taken out: whatever it was given meanwhile, nobody has seen.
        var gone = LookAt((3 * Day) + Margin, a);
        Assert.Equal((RolloverWait.Caches, (2 * Day) + Ttl), (gone.Wait, gone.Remaining));
        Assert.Empty(gone.Actions);

        // One that answers is counted by what it has, whoever else is unknown.
        Assert.Contains(RollTelling.Losses(state), phrase => phrase.StartsWith("the wait for b, which is no more among the zone's servers", StringComparison.Ordinal));
    }

    [Fact, Rfc(7671, "8.1")]
    public void The_TTL_of_a_server_counts_as_long_as_resolvers_ask_it_after_it_was_taken_out_of_the_zone()
    {
        var state = RolloverPlan.Next(State(("any", E1)), Seen(E1.Records, [("any", E1)]) with { Servers = [new("o", "a", E1.Records, Ttl), new("o", "b", E1.Records, Day)] }, Margin).State;
        void Pass(TimeSpan time) => state = RolloverPlan.Next(state, Seen(E1.Records, [("any", E1)], uptime: state.LastLook.Elapsed + time) with { Servers = [new("o", "a", E1.Records, Ttl)] }, Margin).State;
        Pass(Margin);
        Pass(2 * Day);
        Pass(Margin);
        Assert.Equal(Day, state.TimesToLive.Largest);
        Pass(Day);
        Pass(Margin);
        Assert.Equal(Ttl, state.TimesToLive.Largest);
    }

    [Theory]
    [InlineData(41, false)]
    [InlineData(42, true)]
    public void A_standby_key_that_even_an_old_copy_has_waits_for_no_server_that_was_taken_out(int daysBefore, bool isShown)
    {
        var both = E1.Records.Union(E2.Records);
        var state = State(("any", E1));
        state = state with
        {
            Slots = [state.Slots[0] with { Standby = E2.Records }],
            Retired = [E1.Key],
            TimesToLive = TimeToLiveMemory.Empty.See([Ttl], TimeSpan.Zero, false),
            Held = [new(E2.Records, Wait + TimeSpan.FromDays(daysBefore), true)],
            Servers = [new("o", "b", both, null) { IsSilent = true }],
        };
        var step = RolloverPlan.Next(state, Seen(both, [("any", E1)], [("any", E2)]) with { Servers = [new("o", "a", both, Ttl)] }, Margin);
        Assert.Equal(isShown, step.Actions.Any(action => action is RolloverAction.Install));
        Assert.Equal(!isShown, EmergencyTelling.Takeover(new(step.State, Now, Now, step.Wait, step.Remaining, []), step.State.Slots[0], "the key", TimeSpan.Zero).Contains("when no resolver asks a server any more that was taken out of the zone: b gave no valid answer", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(41, "takes one out of the zone's servers instead waits two days at least")]
    [InlineData(42, "or take them out of the zone's servers, which costs no wait")]
    public void Who_has_a_lost_key_and_a_silent_server_is_told_what_is_quickest(int daysBefore, string told)
    {
        var state = State(("any", E1));
        state = state with { Slots = [state.Slots[0] with { Standby = E2.Records }], Retired = [E1.Key], Held = [new(E2.Records, Wait + TimeSpan.FromDays(daysBefore), false)], TimesToLive = TimeToLiveMemory.Empty.See([Ttl], TimeSpan.Zero, false) };
        Assert.Contains(told, EmergencyTelling.Takeover(new(state, Now, Now, RolloverWait.Servers, null, []), state.Slots[0], "the key", Margin), StringComparison.Ordinal);
    }

    [Fact]
    public void No_time_is_promised_for_a_standby_key_whose_record_a_server_lacks()
    {
        var state = State(("any", E1));
        state = state with { Slots = [state.Slots[0] with { Standby = E2.Records }], Retired = [E1.Key], TimesToLive = TimeToLiveMemory.Empty.See([Ttl], TimeSpan.Zero, false), Servers = [new("o", "a", E1.Records.Union(E2.Records), null), new("o", "b", E1.Records, null)] };
        var told = EmergencyTelling.Takeover(new(state, Now, Now, RolloverWait.Servers, null, []), state.Slots[0], "the key", Margin);
        Assert.EndsWith($"the key {Duration.Say(Wait)} after every authoritative server has come to have its record: b has {RollTelling.Short(E1.Records)} at o", told, StringComparison.Ordinal);
    }

    [Fact]
    public void The_time_until_a_lost_key_is_replaced_has_that_of_servers_in_it_that_resolvers_still_ask()
    {
        var state = State(("any", E1));
        state = state with
        {
            Slots = [state.Slots[0] with { Standby = E2.Records }],
            Retired = [E1.Key],
            Held = [new(E2.Records, Margin, true)],
            TimesToLive = TimeToLiveMemory.Empty.See([Ttl], TimeSpan.Zero, false),
            Servers = [new("o", "b", E1.Records, Day)],
        };
        var told = EmergencyTelling.Takeover(new(state, Now, Now, RolloverWait.Caches, null, []), state.Slots[0], "the key", Margin);
        Assert.Contains($"in {Duration.Say(Day + (2 * Ttl))}: so long not every cache has its record (b is no more among", told, StringComparison.Ordinal);
    }

    [Fact, Rfc(7671, "8.1")]
    public void A_look_that_is_refused_counts_against_a_wait_and_not_for_it()
    {
        var (both, seen) = Announced();
        var state = State(("any", E1)) with { Phase = RolloverPhase.Waiting, Held = [new(E2.Records, Margin, true)], Owners = ["o"], TimesToLive = TimeToLiveMemory.Empty.See([Ttl], TimeSpan.Zero, false) };
        state = state with { Slots = [state.Slots[0] with { Next = E2 }], Servers = [new("o", "a", both, null), new("o", "b", both, null)] };
        RolloverState After(params ImmutableArray<ServerView> servers) => RolloverPlan.Witness(state, seen with { Uptime = new("boot", Margin), Servers = servers }, Margin);
        var (a, b) = (new ServerView("o", "a", both, Ttl), new ServerView("o", "b", both, Ttl));

        var sound = After(a, b);
        Assert.Equal((Margin, false, Margin), (sound.Held[0].Time, sound.Held[0].IsWhole, sound.LastLook.Elapsed));
        Assert.Equal(state.Slots[0], sound.Slots[0]);

        // What caches may have got by now is waited for, though nothing is said of it.
        Assert.Equal(Day, After(a, b with { TimeToLive = Day }).TimesToLive.Largest);
        Assert.Empty(After(a, b with { Records = E1.Records }).Held);
        Assert.True(After(a, b with { Records = null }).Servers.Single(known => known.Server == "b").IsSilent);
        Assert.Equal(TimeSpan.Zero, After(a).Servers.Single(known => known.Server == "b").Gone);

        // An owner that is new in settings which are refused is none yet; where nobody was seen, nobody has gone.
        var more = After(a, b, new("p", "a", E1.Records, Day));
        Assert.Equal(("o", 1, Ttl), (Assert.Single(more.Owners), more.Held.Length, more.TimesToLive.Largest));
        Assert.Equal((state.Servers.Length, false), (After().Servers.Length, After().Held[0].IsWhole));
    }

    private static (TlsaSet Both, RolloverObservation Seen) Announced()
    {
        var both = E1.Records.Union(E2.Records);
        return (both, Seen(both, [("any", E1)], [("any", E2)]));
    }
}
