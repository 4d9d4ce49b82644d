using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Resolution.Iteration;
using Danelaw.Dnssec.Tests.Worlds;

namespace Danelaw.Dnssec.Tests.Resolution.Iteration;

/// <summary>Which address is asked, by what is known of each.</summary>
public class ServerChoiceTests
{
    private readonly FamilyState _family = new();
    private readonly Dice _dice = new(new Random(7));

    private ZoneServer Server(int number) =>
        new(Text.Name($"ns{number}."), new(new(TransportKind.Datagram, new(IPAddress.Parse($"192.0.2.{number}"), 53)), _family));

    private Dictionary<ZoneServer, int> Draw(ImmutableArray<ZoneServer> servers, long now, int times = 2000)
    {
        var drawn = servers.ToDictionary(server => server, _ => 0);
        for (var i = 0; i < times; i++) drawn[ServerChoice.Next(servers, null, 3, now, _dice)!]++;
        return drawn;
    }

    [Fact]
    public void The_fastest_is_preferred_and_the_others_are_explored_now_and_then()
    {
        var (near, far) = (Server(1), Server(2));
        for (var i = 0; i < 20; i++)
        {
            near.Replied(5, 0);
            far.Replied(200, 0);
        }

        var drawn = Draw([near, far], 0);

        Assert.InRange(drawn[near], 1900, 1999);
        Assert.InRange(drawn[far], 1, 100);
    }

    [Fact, Rfc(5452, "4.4")]
    public void Among_those_about_equally_fast_one_is_drawn()
    {
        var (one, other) = (Server(1), Server(2));
        one.Replied(5, 0);
        other.Replied(20, 0);

        Assert.InRange(Draw([one, other], 0)[other], 700, 1300);
    }

    [Fact]
    public void One_that_has_become_fast_is_noticed()
    {
        var state = Server(1).State;
        state.Replied(400, 0);
        for (var i = 0; i < 40; i++) state.Replied(4, 0);

        Assert.InRange(state.Rtt, 0, 10);
    }

    [Fact]
    public void A_silent_server_rests_twice_as_long_each_time_and_is_then_tried_by_one()
    {
        var (silent, good) = (Server(1), Server(2));
        good.Replied(200, 0);
        silent.Failed(0);

        Assert.True(silent.IsDown(1_999));
        Assert.False(silent.IsDown(2_000));
        silent.Asked(2_000);
        Assert.True(silent.IsDown(2_500));

        silent.Failed(2_500);
        Assert.True(silent.IsDown(6_499));
        Assert.False(silent.IsDown(6_500));
        for (var i = 0; i < 40; i++) silent.Failed(10_000);
        Assert.True(silent.IsDown(309_999));
        Assert.False(silent.IsDown(310_000));
        silent.Replied(1, 310_000);
        Assert.False(silent.IsDown(310_001));
    }

    [Fact]
    public void The_silent_and_the_lame_come_last_but_are_not_left_out()
    {
        var (silent, lame, good) = (Server(1), Server(2), Server(3));
        silent.Failed(0);
        lame.MarkLame(60_000);
        good.Replied(500, 0);

        Assert.Equal(2000, Draw([silent, lame, good], 1)[good]);
        Assert.Same(silent, ServerChoice.Next([silent, lame], null, 3, 1, _dice));
        Assert.Same(lame, ServerChoice.Next([lame], null, 3, 1, _dice));
    }

    /// <summary>Anybody may delegate a zone to somebody else's server, which drops the queries for it.</summary>
    [Fact]
    public void A_server_that_is_silent_about_one_zone_and_replies_about_another_rests_for_the_one_alone()
    {
        var honest = Server(1);
        var hostile = new ZoneServer(Text.Name("ns.evil."), honest.State);
        honest.Replied(10, 1_000);
        for (var i = 0; i < 20; i++) hostile.Failed(2_000);

        Assert.True(hostile.IsDown(2_000));
        Assert.False(honest.IsDown(2_000));
        Assert.False(honest.IsDown(60_999));

        // Of whom nobody has heard for a minute nobody knows that he is there.
        Assert.True(honest.IsDown(61_000));
        honest.Replied(10, 61_000);
        Assert.False(honest.IsDown(61_000));
        Assert.True(hostile.IsDown(61_000));
    }

    [Fact]
    public void A_server_that_replies_to_nobody_rests_for_all_its_zones()
    {
        var (one, good) = (Server(1), Server(2));
        var other = new ZoneServer(Text.Name("ns.other."), one.State);
        one.Failed(0);

        Assert.True(other.IsDown(1_000));
        Assert.Equal(2000, Draw([other, good], 1_000)[good]);
    }

    [Fact]
    public void Silent_servers_do_not_mark_their_family_while_others_of_it_reply()
    {
        var unknown = Server(9);
        Server(1).Replied(10, 1_000);
        for (var i = 2; i < 8; i++) Server(i).Failed(2_000);
        Assert.False(unknown.IsDown(2_000));

        // Nothing of the family has replied for ten seconds, and three more keep silent.
        for (var i = 2; i < 5; i++) Server(i).Failed(11_000);
        Assert.True(unknown.IsDown(11_000));
        Server(1).Replied(10, 12_000);
        Assert.False(unknown.IsDown(12_000));
    }

    [Fact]
    public void Each_address_is_asked_once_before_any_is_asked_twice_and_none_too_often()
    {
        ImmutableArray<ZoneServer> servers = [Server(1), Server(2), Server(3)];
        var asked = new List<ZoneServer>();
        while (ServerChoice.Next(servers, asked, 2, 0, _dice) is { } next) asked.Add(next);

        Assert.Equal(6, asked.Count);
        Assert.Equal(3, asked.Take(3).Distinct().Count());
        Assert.Equal(3, asked.Skip(3).Distinct().Count());
    }

    [Theory]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("ff02::1", false)]
    [InlineData("::ffff:192.0.2.1", false)]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("192.0.2.1", true)]
    public void Addresses_that_can_be_nobodys_are_not_asked(string address, bool isAsked) =>
        Assert.Equal(isAsked, new ServerTable(new IterationOptions()).Find(IPAddress.Parse(address)) is not null);
}
