using System.Net;
using Danelaw.Dns.Transports;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Dns.Tests.Transports;

public class CookieTests : TransportTest
{
    private static readonly DnsTransportOptions Cookies = Patient with { UseCookies = true, Tries = 2 };
    private static readonly DnsTransportOptions Firewalled = Cookies with { Timeout = TimeSpan.FromSeconds(2) };
    private static readonly byte[] Server1 = [1, 2, 3, 4, 5, 6, 7, 8];

    [Fact, Rfc(7873, "5.1"), Rfc(7873, "5.3")]
    public async Task The_servers_cookie_comes_back_with_the_next_query()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply(7, cookie: [.. asked.Cookie[..8], .. Server1])));
        await using var transport = new DnsTransport(Cookies, TimeProvider.System, Sockets);
        await transport.ExchangeAsync(Ask(server), Token);
        Assert.Equal(7, Last(await transport.ExchangeAsync(Ask(server), Token)));
        var queries = server.Queries.ToArray();
        Assert.Equal(8, queries[0].Cookie.Length);
        Assert.Equal([.. queries[0].Cookie, .. Server1], queries[1].Cookie);
    }

    [Fact, Rfc(7873, "5.1")]
    public async Task Each_server_and_each_run_has_a_cookie_of_its_own()
    {
        await using var one = new LoopbackServer(asked => asked.SendAsync(asked.Reply()));
        await using var two = new LoopbackServer(asked => asked.SendAsync(asked.Reply()));
        await using (var transport = new DnsTransport(Cookies, TimeProvider.System, Sockets))
        {
            await transport.ExchangeAsync(Ask(one), Token);
            await transport.ExchangeAsync(Ask(two), Token);
        }

        await ExchangeAsync(Ask(one), Cookies);
        Assert.Equal(3, one.Queries.Concat(two.Queries).Select(asked => Convert.ToHexString(asked.Cookie)).Distinct().Count());
    }

    [Theory, Rfc(7873, "5.3")]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(3)]
    [InlineData(0)]
    public async Task A_reply_with_another_client_cookie_is_ignored(int length)
    {
        await using var server = new LoopbackServer(async asked =>
        {
            // What is in doubt is asked over TCP as well.
            if (asked.IsTcp) return;
            await asked.SendAsync(asked.Reply(99, cookie: [.. Enumerable.Range(0, length).Select(i => (byte)(asked.Cookie[i % 8] ^ 0xFF))]));
            await asked.SendAsync(asked.Reply(7, cookie: asked.Cookie));
        });
        Assert.Equal(7, Last(await ExchangeAsync(Ask(server), Cookies)));
    }

    [Fact, Rfc(7873, "5.3")]
    public async Task A_server_that_has_sent_a_cookie_is_not_believed_without_one()
    {
        await using var server = new LoopbackServer(async asked =>
        {
            if (asked.IsTcp) return;
            if (asked.Cookie.Length > 8) await asked.SendAsync(asked.Reply(99));
            await asked.SendAsync(asked.Reply(7, cookie: [.. asked.Cookie[..8], .. Server1]));
        });
        await using var transport = new DnsTransport(Cookies, TimeProvider.System, Sockets);
        await transport.ExchangeAsync(Ask(server), Token);
        Assert.Equal(7, Last(await transport.ExchangeAsync(Ask(server), Token)));
    }

    // A forwarder that keeps whole replies sends back the cookie of whoever asked first; of several servers behind one address not all know cookies.
    [Theory, Rfc(7873, "5.3")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_sends_anothers_cookie_or_none_is_asked_over_TCP_at_once_and_then_without(bool isAnothers)
    {
        var answered = 0;
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked switch
        {
            { IsTcp: true } or { Cookie.Length: 0 } => asked.Reply(7),
            _ when answered++ == 0 => asked.Reply(7, cookie: [.. asked.Cookie[..8], .. Server1]),
            _ => asked.Reply(99, cookie: isAnothers ? [1, 2, 3, 4, 5, 6, 7, 8, .. Server1] : null),
        }));
        await using var transport = new DnsTransport(Cookies with { Timeout = TimeSpan.FromSeconds(30), Tries = 1 }, TimeProvider.System, Sockets);
        for (var asked = 0; asked < 3; asked++) Assert.Equal(7, Last(await transport.ExchangeAsync(Ask(server), Token)));
        Assert.Equal([false, false, true, false], server.Queries.Select(asked => asked.IsTcp));
        Assert.Empty(server.Queries.Last().Cookie);
    }

    [Fact, Rfc(6891, "7")]
    public async Task A_server_that_sends_our_OPT_back_with_its_FORMERR_is_asked_without_EDNS()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.HasEdns ? asked.Reply(rcode: 1, cookie: asked.Cookie) : asked.Reply(7, hasEdns: false)));
        Assert.Equal("the server knows no EDNS and was asked without", (await ExchangeAsync(Ask(server), Cookies)).Detail);
        Assert.Equal([true, true, false], server.Queries.Select(asked => asked.HasEdns));
    }

    [Fact]
    public async Task A_server_that_gave_cookies_up_is_asked_over_TCP_and_then_as_one_without()
    {
        var sends = true;
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply(7, cookie: sends ? [.. asked.Cookie[..8], .. Server1] : null)));
        await using var transport = new DnsTransport(Cookies with { Timeout = TimeSpan.FromSeconds(1) }, TimeProvider.System, Sockets);
        await transport.ExchangeAsync(Ask(server), Token);
        sends = false;
        Assert.Equal(7, Last(await transport.ExchangeAsync(Ask(server), Token)));
        Assert.Equal(7, Last(await transport.ExchangeAsync(Ask(server), Token)));
        Assert.Equal([false, false, true, false], server.Queries.Select(asked => asked.IsTcp));
    }

    [Fact, Rfc(7873, "5.3")]
    public async Task BADCOOKIE_is_answered_with_the_cookie_that_came_along()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Cookie.Length > 8 ? asked.Reply(7, cookie: asked.Cookie) : asked.Reply(rcode: 23, cookie: [.. asked.Cookie, .. Server1])));
        Assert.Equal(7, Last(await ExchangeAsync(Ask(server), Cookies)));
        Assert.Equal(2, server.Queries.Count);
    }

    [Fact, Rfc(7873, "5.3")]
    public async Task BADCOOKIE_again_sends_the_query_over_TCP()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.IsTcp ? asked.Reply(7) : asked.Reply(rcode: 23, cookie: [.. asked.Cookie[..8], .. Server1])));
        Assert.Equal(7, Last(await ExchangeAsync(Ask(server), Cookies)));
        Assert.Equal([false, false, true], server.Queries.Select(asked => asked.IsTcp));
    }

    [Fact]
    public async Task A_server_that_trips_over_the_cookie_is_asked_without_it_but_with_EDNS()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Cookie.Length > 0 ? asked.Reply(rcode: 1) : asked.Reply(7)));
        Assert.Equal(7, Last(await ExchangeAsync(Ask(server), Cookies)));
        Assert.All(server.Queries, asked => Assert.True(asked.HasEdns));
    }

    // Firewalls let EDNS pass, and drop what bears an option that they do not know.
    [Theory, Rfc(7873, "5.3")]
    [InlineData(3, new[] { 8, 8, 0, 0 })]
    [InlineData(2, new[] { 8, 0, 0 })]
    public async Task The_last_try_goes_without_a_cookie_where_none_has_ever_come(int tries, int[] lengths)
    {
        var clock = new FakeTimeProvider();
        await using var server = new LoopbackServer(asked => asked.Cookie.Length > 0 ? TimePassesAsync(clock) : asked.SendAsync(asked.Reply(7)));
        await using var transport = new DnsTransport(Firewalled with { Tries = tries }, clock, Sockets);
        Assert.Equal(7, Last(await transport.ExchangeAsync(Ask(server), Token)));

        // The cookie rests there, and is tried again later.
        Assert.Equal(7, Last(await transport.ExchangeAsync(Ask(server), Token)));
        Assert.Equal(lengths, server.Queries.Select(asked => asked.Cookie.Length));
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(7, Last(await transport.ExchangeAsync(Ask(server), Token)));
        Assert.Equal([.. lengths, .. lengths[..^1]], server.Queries.Select(asked => asked.Cookie.Length));
    }

    // Who follows referrals tries once, and comes back to a server in the next round.
    [Fact, Rfc(7873, "5.3")]
    public async Task Of_exchanges_with_one_try_the_next_goes_without_a_cookie()
    {
        var clock = new FakeTimeProvider();
        await using var server = new LoopbackServer(asked => asked.Cookie.Length > 0 ? TimePassesAsync(clock) : asked.SendAsync(asked.Reply(7)));
        await using var transport = new DnsTransport(Firewalled with { Tries = 1 }, clock, Sockets);
        Assert.Equal(ExchangeOutcome.TimedOut, (await transport.ExchangeAsync(Ask(server), Token)).Outcome);
        Assert.Equal(7, Last(await transport.ExchangeAsync(Ask(server), Token)));
    }

    [Fact, Rfc(7873, "5.3")]
    public async Task A_server_that_has_sent_a_cookie_is_never_asked_without_one_because_it_is_silent()
    {
        var clock = new FakeTimeProvider();
        var isFirst = true;
        await using var server = new LoopbackServer(asked =>
        {
            if (!isFirst) return TimePassesAsync(clock);
            isFirst = false;
            return asked.SendAsync(asked.Reply(7, cookie: [.. asked.Cookie[..8], .. Server1]));
        });
        await using var transport = new DnsTransport(Firewalled with { Tries = 2 }, clock, Sockets);
        Assert.Equal(7, Last(await transport.ExchangeAsync(Ask(server), Token)));
        for (var time = 0; time < 2; time++) Assert.Equal(ExchangeOutcome.TimedOut, (await transport.ExchangeAsync(Ask(server), Token)).Outcome);
        Assert.Equal([8, 16, 16, 16, 16], server.Queries.Select(asked => asked.Cookie.Length));
    }

    [Fact, Rfc(7873, "5.3"), Rfc(9018, "3")]
    public void Nor_once_an_address_of_ours_has_changed()
    {
        var jar = new CookieJar(TimeProvider.System);
        var server = new IPEndPoint(IPAddress.Loopback, 53);
        jar.Keep(server, [.. jar.Take(server, IPAddress.Loopback), .. Server1]);
        Assert.Equal(8, jar.Take(server, IPAddress.IPv6Loopback).Length);
        jar.Doubt(server);
        Assert.Equal(8, jar.Take(server, IPAddress.IPv6Loopback).Length);
    }

    [Fact, Rfc(7873, "5.3")]
    public async Task A_server_that_is_silent_either_way_is_asked_with_a_cookie_again()
    {
        var clock = new FakeTimeProvider();
        await using var server = new LoopbackServer(_ => TimePassesAsync(clock));
        await using var transport = new DnsTransport(Firewalled with { Tries = 2 }, clock, Sockets);
        for (var time = 0; time < 2; time++) Assert.Equal(ExchangeOutcome.TimedOut, (await transport.ExchangeAsync(Ask(server), Token)).Outcome);
        Assert.Equal([8, 0, 8, 0], server.Queries.Select(asked => asked.Cookie.Length));
    }

    [Fact]
    public async Task A_cookie_longer_than_any_server_may_send_is_not_kept()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply(7, cookie: [.. asked.Cookie[..8], .. new byte[33]])));
        await using var transport = new DnsTransport(Cookies, TimeProvider.System, Sockets);
        await transport.ExchangeAsync(Ask(server), Token);
        await transport.ExchangeAsync(Ask(server), Token);
        Assert.All(server.Queries, asked => Assert.Equal(8, asked.Cookie.Length));
    }
}
