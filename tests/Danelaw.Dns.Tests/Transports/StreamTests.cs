using System.Security.Cryptography.X509Certificates;
using Danelaw.Dns.Transports;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Dns.Tests.Transports;

public sealed class StreamTests : TransportTest
{
    [Fact, Rfc(1035, "4.2.2"), Rfc(7766, "8")]
    public async Task A_reply_over_TCP_is_read_whole_or_octet_by_octet()
    {
        var isSlow = false;
        await using var server = new LoopbackServer(async asked =>
        {
            var frame = Asked.Frame(asked.Reply(7));
            foreach (var chunk in isSlow ? frame.Chunk(1) : [frame]) await asked.SendRaw(chunk);
        });
        Assert.Equal(7, Last(await ExchangeAsync(Ask(server, TransportKind.Tcp))));
        isSlow = true;
        Assert.Equal(7, Last(await ExchangeAsync(Ask(server, TransportKind.Tcp))));
    }

    [Fact, Rfc(7766, "6.2.1"), Rfc(7766, "7")]
    public async Task Queries_share_a_connection_and_replies_may_come_in_any_order()
    {
        var waiting = new List<Asked>();
        await using var server = new LoopbackServer(async asked =>
        {
            waiting.Add(asked);
            if (waiting.Count < 20) return;
            waiting.Reverse();
            await asked.SendRaw([.. waiting.SelectMany(one => Asked.Frame(one.Reply(one.Question[2])))]);
        });
        await using var transport = new DnsTransport(Patient, TimeProvider.System);
        var exchanges = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => transport.ExchangeAsync(Ask(server, TransportKind.Tcp, $"x{(char)('a' + i)}."), Token).AsTask()));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (byte)('a' + i)), exchanges.Select(Last));
        Assert.Equal(1, server.Connections);
    }

    [Fact, Rfc(7766, "6.2.4")]
    public async Task A_connection_that_the_server_closed_meanwhile_is_opened_anew()
    {
        await using var server = new LoopbackServer(async asked =>
        {
            await asked.SendAsync(asked.Reply(7));
            asked.Close();
        });
        await using var transport = new DnsTransport(Patient, TimeProvider.System);
        for (var i = 0; i < 20; i++) Assert.Equal(7, Last(await transport.ExchangeAsync(Ask(server, TransportKind.Tcp), Token)));
        Assert.Equal(20, server.Connections);
    }

    [Fact, Rfc(7766, "6.2.3")]
    public async Task An_idle_connection_is_closed_in_time()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply(7)));
        var clock = new FakeTimeProvider();
        await using var transport = new DnsTransport(Patient, clock);
        await transport.ExchangeAsync(Ask(server, TransportKind.Tcp), Token);
        clock.Advance(TimeSpan.FromSeconds(4.9));
        await transport.ExchangeAsync(Ask(server, TransportKind.Tcp), Token);
        Assert.Equal(1, server.Connections);
        clock.Advance(TimeSpan.FromSeconds(5));
        await transport.ExchangeAsync(Ask(server, TransportKind.Tcp), Token);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task Without_idle_time_each_query_has_a_connection_of_its_own()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply(7)));
        await using var transport = new DnsTransport(Patient with { IdleTime = TimeSpan.Zero }, TimeProvider.System);
        for (var i = 0; i < 3; i++) await transport.ExchangeAsync(Ask(server, TransportKind.Tcp), Token);
        Assert.Equal(3, server.Connections);
    }

    [Fact]
    public async Task A_message_that_answers_another_question_is_passed_over()
    {
        await using var server = new LoopbackServer(async asked =>
        {
            await asked.SendAsync(With(asked.Reply(99), 13, (byte)'x'));
            await asked.SendAsync(With(asked.Reply(99), 0, (byte)(asked.Octets[0] ^ 0xFF)));
            await asked.SendAsync([]);
            await asked.SendAsync([1]);
            await asked.SendAsync(asked.Reply(7));
        });
        Assert.Equal(7, Last(await ExchangeAsync(Ask(server, TransportKind.Tcp))));
    }

    [Fact]
    public async Task A_connection_that_carries_nothing_but_strays_is_given_up()
    {
        await using var server = new LoopbackServer(async asked =>
        {
            while (!asked.End.IsCancellationRequested) await asked.SendAsync(With(asked.Reply(99), 0, (byte)(asked.Octets[0] ^ 0xFF)));
        });
        var exchange = await ExchangeAsync(Ask(server, TransportKind.Tcp));
        Assert.Equal((ExchangeOutcome.Malformed, "the server sends messages that answer nothing"), (exchange.Outcome, exchange.Detail));
    }

    [Theory]
    [InlineData("more than comes, then the end", ExchangeOutcome.Closed)]
    [InlineData("more than comes, then silence", ExchangeOutcome.TimedOut)]
    [InlineData("less than comes", ExchangeOutcome.Malformed)]
    [InlineData("the end at once", ExchangeOutcome.Closed)]
    public async Task A_length_that_lies_is_a_failure_within_the_time_allowed(string what, ExchangeOutcome expected)
    {
        await using var server = new LoopbackServer(async asked =>
        {
            var reply = asked.Reply(7);
            if (what.StartsWith("more", StringComparison.Ordinal)) await asked.SendRaw([0xFF, 0xFF, .. reply]);
            else if (what.StartsWith("less", StringComparison.Ordinal)) await asked.SendRaw([0, (byte)(reply.Length - 5), .. reply]);
            if (what.Contains("end", StringComparison.Ordinal)) asked.Close();
        });
        var exchange = await ExchangeAsync(Ask(server, TransportKind.Tcp), expected == ExchangeOutcome.TimedOut ? Quick : Patient);
        Assert.Equal(expected, exchange.Outcome);
        Assert.NotEmpty(exchange.Detail);
    }

    [Fact]
    public async Task A_server_that_dribbles_is_bounded_by_the_time_of_the_exchange()
    {
        var clock = new FakeTimeProvider();
        await using var server = new LoopbackServer(async asked =>
        {
            // Each octet well within the time of a try, all of them far beyond it; the last one never comes.
            foreach (var octet in Asked.Frame(asked.Reply(7))[..^1])
            {
                await asked.SendRaw([octet]);
                clock.Advance(TimeSpan.FromSeconds(1));
            }
        });
        await using var transport = new DnsTransport(new() { Tries = 1 }, clock);
        var exchange = await transport.ExchangeAsync(Ask(server, TransportKind.Tcp), Token);
        Assert.Equal(ExchangeOutcome.TimedOut, exchange.Outcome);
    }

    [Fact]
    public async Task After_a_time_out_others_do_not_stand_in_line_behind_it()
    {
        var clock = new FakeTimeProvider();
        await using var server = new LoopbackServer(async asked =>
        {
            if (asked.Question[1] == 's') await asked.SendRaw([0xFF]);
            if (asked.Question[1] == 's') await TimePassesAsync(clock);
            else await asked.SendAsync(asked.Reply(7));
        });
        await using var transport = new DnsTransport(new() { Tries = 1 }, clock);
        Assert.Equal(ExchangeOutcome.TimedOut, (await transport.ExchangeAsync(Ask(server, TransportKind.Tcp, "slow."), Token)).Outcome);
        Assert.Equal(7, Last(await transport.ExchangeAsync(Ask(server, TransportKind.Tcp, "quick."), Token)));
    }

    [Fact]
    public async Task Truncation_over_a_stream_is_malformed()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply(isTruncated: true)));
        Assert.Equal(ExchangeOutcome.Malformed, (await ExchangeAsync(Ask(server, TransportKind.Tcp))).Outcome);
    }

    [Fact]
    public async Task A_closed_port_is_unreachable()
    {
        var server = new LoopbackServer(_ => Task.CompletedTask);
        await server.DisposeAsync();
        var exchange = await ExchangeAsync(Ask(server, TransportKind.Tcp));
        Assert.Equal((ExchangeOutcome.Unreachable, "connection refused"), (exchange.Outcome, exchange.Detail));
    }

    [Fact]
    public async Task The_callers_cancellation_leaves_the_connection_to_the_others()
    {
        using var caller = new CancellationTokenSource();
        await using var server = new LoopbackServer(async asked =>
        {
            if (asked.Question[1] == 's') await caller.CancelAsync();
            else await asked.SendAsync(asked.Reply(7));
        });
        await using var transport = new DnsTransport(Patient, TimeProvider.System);
        var fault = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await transport.ExchangeAsync(Ask(server, TransportKind.Tcp, "slow."), caller.Token));
        Assert.Equal(caller.Token, fault.CancellationToken);
        Assert.Equal(7, Last(await transport.ExchangeAsync(Ask(server, TransportKind.Tcp, "quick."), Token)));
    }

    [Fact, Rfc(7858, "3.1"), Rfc(8467, "4.1")]
    public async Task A_server_over_TLS_is_proven_by_its_name_and_queries_are_padded()
    {
        using var certificate = TestCertificate.For("resolver.example");
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply(7)), certificate);
        Assert.Equal(7, Last(await ExchangeAsync(Ask(server, TransportKind.Tls, host: "resolver.example"), Trusting(certificate))));
        Assert.Equal(0, Assert.Single(server.Queries).Octets.Length % 128);
    }

    [Fact]
    public async Task A_server_over_TLS_is_proven_by_its_address_where_no_name_is_known()
    {
        using var certificate = TestCertificate.For("127.0.0.2", System.Net.IPAddress.Loopback);
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply(7)), certificate);
        Assert.Equal(7, Last(await ExchangeAsync(Ask(server, TransportKind.Tls, host: "127.0.0.1"), Trusting(certificate))));
        Assert.Equal(7, Last(await ExchangeAsync(Ask(server, TransportKind.Tls), Trusting(certificate))));
        var other = await ExchangeAsync(Ask(server, TransportKind.Tls, host: "127.0.0.2"), Trusting(certificate));
        Assert.Equal(ExchangeOutcome.NotTrusted, other.Outcome);
    }

    [Theory, Rfc(8310, "8.1")]
    [InlineData("another name", "its certificate is for another name")]
    [InlineData("another authority", "no authority that is trusted here vouches for its certificate")]
    [InlineData("the machine's store", "no authority that is trusted here vouches for its certificate")]
    [InlineData("expired", "its certificate, or one above it, has expired or is not valid yet")]
    [InlineData("not yet valid", "its certificate, or one above it, has expired or is not valid yet")]
    public async Task A_certificate_that_does_not_prove_the_server_is_refused_before_anything_is_asked(string what, string said)
    {
        var (from, to) = what switch { "expired" => (30, 40), "not yet valid" => (110, 120), _ => (30, 120) };
        using var certificate = TestCertificate.For("resolver.example", null, DateTimeOffset.UnixEpoch.AddYears(from), DateTimeOffset.UnixEpoch.AddYears(to));
        using var other = TestCertificate.For("resolver.example");
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply(7)), certificate);
        var options = what switch { "another authority" => Trusting(other), "the machine's store" => Patient, _ => Trusting(certificate) };
        var exchange = await ExchangeAsync(Ask(server, TransportKind.Tls, host: what == "another name" ? "other.example" : "resolver.example"), options);
        Assert.Equal(ExchangeOutcome.NotTrusted, exchange.Outcome);
        Assert.StartsWith($"TLS failed: {said}", exchange.Detail, StringComparison.Ordinal);
        Assert.Empty(server.Queries);
    }

    [Fact]
    public async Task A_server_that_does_not_speak_TLS_is_no_resolver()
    {
        await using var server = new LoopbackServer(asked => asked.SendRaw("220 hello\r\n"u8.ToArray()));
        var exchange = await ExchangeAsync(Ask(server, TransportKind.Tls, host: "resolver.example"), Quick);
        Assert.Contains(exchange.Outcome, new[] { ExchangeOutcome.NotTrusted, ExchangeOutcome.Closed, ExchangeOutcome.TimedOut });
    }

    private static DnsTransportOptions Trusting(X509Certificate2 certificate) => Patient with { Authorities = [certificate.Der()] };
}
