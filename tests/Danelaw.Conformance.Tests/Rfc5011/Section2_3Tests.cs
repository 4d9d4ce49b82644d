using Danelaw.Dns.Transports;
using static Danelaw.Conformance.Tests.Rfc5011.FollowedZone;

namespace Danelaw.Conformance.Tests.Rfc5011;

/// <summary>RFC 5011 §2.3: how often a zone is asked. §2.4.1: how long a new key waits.</summary>
public class Section2_3Tests
{
    private const double Hour = 3600, Day = 86400;

    [Theory, Rfc(5011, "2.3")]
    [InlineData(2 * Day, 100 * Day, Day)]
    [InlineData(100 * Day, 100 * Day, 15 * Day)]
    [InlineData(100 * Day, 10 * Day, 5 * Day)]
    [InlineData(60, 100 * Day, Hour)]
    [InlineData(7201, 100 * Day, Hour)]
    [InlineData(7202, 100 * Day, Hour + 1)]
    [InlineData(100 * Day, 30, Hour)]
    public void The_next_query_is_due_after_half_the_TTL_or_half_the_signatures_life_within_an_hour_and_fifteen_days(double timeToLive, double life, double interval)
    {
        var zone = new FollowedZone(".", Key("a")) { TimeToLive = (uint)timeToLive, Life = TimeSpan.FromSeconds(life) };
        zone.Observe(default, Key("a"));

        Assert.Equal(zone.Now.AddSeconds(interval), zone.Point.NextQuery);
        Assert.False(zone.Point.IsDue(zone.Now.AddSeconds(interval - 1)));
        Assert.True(zone.Point.IsDue(zone.Now.AddSeconds(interval)));
    }

    [Theory, Rfc(5011, "2.3")]
    [InlineData(2 * Day, 100 * Day, 4.8 * Hour)]
    [InlineData(100 * Day, 100 * Day, Day)]
    [InlineData(100 * Day, 5 * Day, 12 * Hour)]
    [InlineData(600, 5 * Day, Hour)]
    public void After_a_failure_it_is_due_after_a_tenth_within_an_hour_and_a_day(double timeToLive, double life, double interval)
    {
        var zone = new FollowedZone(".", Key("a")) { TimeToLive = (uint)timeToLive, Life = TimeSpan.FromSeconds(life) };
        zone.Observe(default, Key("a"));
        zone.Now = zone.Point.NextQuery;
        zone.Point = zone.Point.Next(zone.Serve(ExchangeOutcome.TimedOut), zone.Now);

        Assert.Equal(zone.Now.AddSeconds(interval), zone.Point.NextQuery);
    }

    [Fact, Rfc(5011, "2.3")]
    public void What_was_never_asked_is_due_at_once_and_after_a_failure_in_an_hour()
    {
        var zone = new FollowedZone(".", Key("a"));
        Assert.True(zone.Point.IsDue(zone.Now));

        zone.Point = zone.Point.Next(zone.Serve(ExchangeOutcome.Unreachable), zone.Now);
        Assert.Equal(zone.Now.AddHours(1), zone.Point.NextQuery);
    }

    [Fact, Rfc(5011, "2.3")]
    public void A_clock_that_was_turned_back_makes_it_due()
    {
        var zone = new FollowedZone(".", Key("a"));
        zone.Observe(TimeSpan.FromDays(3000), Key("a"));

        Assert.True(zone.Point.IsDue(FollowedZone.Begin.AddDays(1)));
    }

    [Theory, Rfc(5011, "2.4.1")]
    [InlineData(40 * Day, 40 * Day)]
    [InlineData(30 * Day, 30 * Day)]
    [InlineData(3600, 30 * Day)]
    public void A_new_key_waits_for_thirty_days_or_the_TTL_if_that_is_longer(double timeToLive, double holdDown)
    {
        var zone = new FollowedZone(".", Key("a")) { TimeToLive = (uint)timeToLive, Life = TimeSpan.FromDays(100) };
        zone.Observe(default, Key("a"), Key("b"));
        Assert.Equal(zone.Now.AddSeconds(holdDown), zone.Find("b")!.ValidFrom);

        zone.Observe(TimeSpan.FromSeconds(holdDown - 1), Key("a"), Key("b"));
        Assert.False(zone.Find("b")!.IsTrusted);
        zone.Observe(TimeSpan.FromSeconds(1), Key("a"), Key("b"));
        Assert.True(zone.Find("b")!.IsTrusted);
    }

    [Fact, Rfc(5011, "2.4.1")]
    public void A_fraction_of_a_second_does_not_shorten_the_wait()
    {
        var zone = new FollowedZone(".", Key("a"));
        zone.Observe(TimeSpan.FromMilliseconds(900), Key("a"), Key("b"));
        zone.Observe(TimeSpan.FromDays(30) - TimeSpan.FromMilliseconds(200), Key("a"), Key("b"));
        Assert.False(zone.Find("b")!.IsTrusted);

        zone.Observe(TimeSpan.FromMilliseconds(300), Key("a"), Key("b"));
        Assert.True(zone.Find("b")!.IsTrusted);
    }
}
