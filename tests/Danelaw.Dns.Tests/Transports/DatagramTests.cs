using System.Net;
using System.Net.Sockets;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Transports;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Dns.Tests.Transports;

public class DatagramTests : TransportTest
{
    [Fact, Rfc(1035, "4.2.1")]
    public async Task A_reply_over_UDP_is_read()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply(7)));
        Assert.Equal(7, Last(await ExchangeAsync(Ask(server))));
        Assert.False(Assert.Single(server.Queries).IsTcp);
    }

    [Fact]
    public async Task A_server_on_IPv6_is_asked()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply(7)), address: "::1");
        Assert.Equal(7, Last(await ExchangeAsync(Ask(server))));
    }

    private sealed class NoSockets(int failures) : DatagramSockets
    {
        private int _left = failures;

        internal override DatagramSocket Open(IPEndPoint server) => Interlocked.Decrement(ref _left) >= 0 ? throw new SocketException((int)SocketError.TooManyOpenSockets) : new OrdinarySockets().Open(server);
    }

    [Fact]
    public async Task A_machine_without_descriptors_is_told_as_such_and_is_given_time_to_have_some_again()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply(7)));
        await using var lasting = new DnsTransport(Quick, TimeProvider.System, new NoSockets(int.MaxValue));
        var failed = await lasting.ExchangeAsync(Ask(server), Token);
        Assert.Equal((ExchangeOutcome.NoDescriptors, "this machine gives this process no more file descriptors"), (failed.Outcome, failed.Detail));

        await using var passing = new DnsTransport(Quick, TimeProvider.System, new NoSockets(1));
        Assert.Equal(7, Last(await passing.ExchangeAsync(Ask(server), Token)));
    }

    [Fact, Rfc(6891, "6.2.5"), Rfc(4035, "3.2.1"), Rfc(4035, "3.2.2")]
    public async Task A_query_bears_what_was_asked_for_and_takes_1232_octets()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply()));
        await ExchangeAsync(Ask(server));
        var asked = Assert.Single(server.Queries);
        Assert.Equal([0x01, 0x10], asked.Octets[2..4]);
        Assert.True(DnsMessage.TryRead(asked.Octets, out var query, out _));
        Assert.Equal("Mail.Example. IN A", Assert.Single(query.Questions).ToString());
        Assert.Equal((1232, true), (query.Edns!.UdpPayloadSize, query.Edns.DnssecOk));
    }

    [Fact, Rfc(5452, "9.2")]
    public async Task Every_query_has_a_port_and_an_id_of_its_own()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply()));
        await using var transport = new DnsTransport(Patient, TimeProvider.System, Sockets);
        for (var i = 0; i < 32; i++) await transport.ExchangeAsync(Ask(server), Token);
        Assert.InRange(server.Queries.Select(asked => asked.Client.Port).Distinct().Count(), 30, 32);
        Assert.InRange(server.Queries.Select(asked => asked.Id).Distinct().Count(), 30, 32);
    }

    [Theory, Rfc(5452, "9.1")]
    [InlineData("another id")]
    [InlineData("another name")]
    [InlineData("another type")]
    [InlineData("no question")]
    [InlineData("a query")]
    [InlineData("noise")]
    [InlineData("nothing")]
    [InlineData("a header cut short")]
    public async Task What_does_not_fit_is_ignored_and_the_wait_goes_on(string what)
    {
        await using var server = new LoopbackServer(async asked =>
        {
            var wrong = asked.Reply(99);
            wrong = what switch
            {
                "another id" => With(wrong, 0, (byte)(wrong[0] ^ 0xFF)),
                "another name" => With(wrong, 13, (byte)'x'),
                "another type" => With(wrong, 12 + asked.Question.Length - 3, 28),
                "no question" => asked.Reply(99, hasQuestion: false),
                "a query" => With(wrong, 2, 0x01),
                "noise" => [.. Enumerable.Range(0, 600).Select(i => (byte)(i * 37 % 256))],
                "nothing" => [],
                _ => wrong[..11],
            };
            await asked.SendAsync(wrong);
            await asked.SendAsync(asked.Reply(7));
        });
        Assert.Equal(7, Last(await ExchangeAsync(Ask(server))));
        Assert.Single(server.Queries);
    }

    [Fact, Rfc(5452, "9.1")]
    public async Task A_reply_from_another_port_is_never_seen()
    {
        using var elsewhere = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        elsewhere.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var server = new LoopbackServer(async asked =>
        {
            await elsewhere.SendToAsync(asked.Reply(99), SocketFlags.None, asked.Client, asked.End);
            await asked.SendAsync(asked.Reply(7));
        });
        Assert.Equal(7, Last(await ExchangeAsync(Ask(server))));
    }

    [Fact]
    public async Task A_flood_of_wrong_packets_does_not_end_the_wait()
    {
        await using var server = new LoopbackServer(async asked =>
        {
            var wrong = With(asked.Reply(99), 0, (byte)(asked.Octets[0] ^ 0xFF));
            for (var i = 0; i < 20_000; i++) await asked.SendAsync(wrong);
            // The buffer is full of the flood; the true reply comes as soon as there is room.
            for (var i = 0; i < 50; i++)
            {
                await asked.SendAsync(asked.Reply(7));
                await Task.Delay(5, asked.End);
            }
        });
        Assert.Equal(7, Last(await ExchangeAsync(Ask(server))));
        Assert.Single(server.Queries);
    }

    [Fact, Rfc(5452, "9.2")]
    public async Task A_server_in_whose_name_a_flood_came_is_asked_over_TCP_the_next_time()
    {
        await using var server = new LoopbackServer(async asked =>
        {
            if (asked.IsTcp)
            {
                await asked.SendAsync(asked.Reply(7));
                return;
            }

            // The true reply drowns.
            var wrong = With(asked.Reply(99), 0, (byte)(asked.Octets[0] ^ 0xFF));
            for (var i = 0; i < 1000; i++) await asked.SendAsync(wrong);
        });
        await using var transport = new DnsTransport(Quick with { Tries = 1, Timeout = TimeSpan.FromSeconds(1) }, TimeProvider.System, Sockets);
        Assert.Equal(ExchangeOutcome.TimedOut, (await transport.ExchangeAsync(Ask(server), Token)).Outcome);
        Assert.Equal(7, Last(await transport.ExchangeAsync(Ask(server), Token)));
        Assert.Equal([false, true], server.Queries.Select(query => query.IsTcp));
    }

    [Fact]
    public async Task In_a_flood_there_is_a_pause_after_every_64_packets()
    {
        await using var server = new LoopbackServer(async asked =>
        {
            var wrong = With(asked.Reply(99), 0, (byte)(asked.Octets[0] ^ 0xFF));
            for (var i = 0; i < 150; i++) await asked.SendAsync(wrong);
            await asked.SendAsync(asked.Reply(7));
        });
        var time = new PauseCounter();
        await using var transport = new DnsTransport(Patient, time, Sockets);
        Assert.Equal(7, Last(await transport.ExchangeAsync(Ask(server), Token)));
        Assert.Equal(2, time.Pauses);
    }

    [Fact]
    public async Task Silence_is_a_time_out_after_the_tries_allowed()
    {
        await using var server = new LoopbackServer(_ => Task.CompletedTask);
        var exchange = await ExchangeAsync(Ask(server), Quick);
        Assert.Equal((ExchangeOutcome.TimedOut, "no reply (2 tries of 0.25 s)"), (exchange.Outcome, exchange.Detail));
        Assert.Null(exchange.Message);
        Assert.Equal(2, server.Queries.Count);
    }

    [Fact]
    public async Task What_was_ignored_is_told_when_nothing_else_came()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(With(asked.Reply(), 13, (byte)'x')));
        var exchange = await ExchangeAsync(Ask(server), Quick with { Tries = 1, Timeout = TimeSpan.FromSeconds(1) });
        Assert.Equal((ExchangeOutcome.TimedOut, "no reply that fits; ignored: 1 to another question (1 try of 1 s)"), (exchange.Outcome, exchange.Detail));
    }

    [Fact]
    public async Task Time_is_measured_by_the_clock_given()
    {
        var isAsked = new TaskCompletionSource();
        await using var server = new LoopbackServer(_ =>
        {
            isAsked.TrySetResult();
            return Task.CompletedTask;
        });
        var clock = new FakeTimeProvider();
        await using var transport = new DnsTransport(new() { Tries = 1 }, clock, Sockets);
        var exchange = transport.ExchangeAsync(Ask(server), Token).AsTask();
        await isAsked.Task;
        clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(exchange.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(ExchangeOutcome.TimedOut, (await exchange).Outcome);
    }

    [Fact]
    public async Task The_change_to_TCP_is_within_the_time_of_the_exchange()
    {
        var clock = new FakeTimeProvider();
        await using var server = new LoopbackServer(async asked =>
        {
            clock.Advance(TimeSpan.FromSeconds(asked.IsTcp ? 0.6 : 1.5));
            if (!asked.IsTcp) await asked.SendAsync(asked.Reply(isTruncated: true));
        });
        await using var transport = new DnsTransport(new() { Tries = 1 }, clock, Sockets);
        Assert.Equal(ExchangeOutcome.TimedOut, (await transport.ExchangeAsync(Ask(server), Token)).Outcome);
    }

    [Fact]
    public async Task A_second_try_reaches_a_server_that_lost_the_first()
    {
        var clock = new FakeTimeProvider();
        var count = 0;
        await using var server = new LoopbackServer(asked => ++count == 1 ? TimePassesAsync(clock) : asked.SendAsync(asked.Reply(7)));
        await using var transport = new DnsTransport(new(), clock, Sockets);
        Assert.Equal(7, Last(await transport.ExchangeAsync(Ask(server), Token)));
    }

    [Fact]
    public async Task A_closed_port_is_unreachable_at_once()
    {
        var server = new LoopbackServer(_ => Task.CompletedTask);
        await server.DisposeAsync();
        var exchange = await ExchangeAsync(Ask(server));
        Assert.Equal((ExchangeOutcome.Unreachable, "connection refused"), (exchange.Outcome, exchange.Detail));
    }

    [Fact]
    public async Task The_callers_cancellation_bears_the_callers_token()
    {
        using var caller = new CancellationTokenSource();
        await using var server = new LoopbackServer(_ => caller.CancelAsync());
        await using var transport = new DnsTransport(Patient, TimeProvider.System, Sockets);
        var fault = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await transport.ExchangeAsync(Ask(server), caller.Token));
        Assert.Equal(caller.Token, fault.CancellationToken);
    }

    [Fact]
    public async Task A_reply_that_cannot_be_read_is_malformed_and_kept()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply()[..^3]));
        var exchange = await ExchangeAsync(Ask(server));
        Assert.Equal(ExchangeOutcome.Malformed, exchange.Outcome);
        Assert.StartsWith("the message ", exchange.Detail, StringComparison.Ordinal);
        Assert.Equal(server.Queries.Last().Id, (exchange.Reply.Span[0] << 8) | exchange.Reply.Span[1]);
    }

    [Fact, Rfc(2181, "9"), Rfc(7766, "5")]
    public async Task A_truncated_reply_is_fetched_over_TCP()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.IsTcp ? asked.Reply(7) : asked.Reply(99, isTruncated: true)));
        Assert.Equal(7, Last(await ExchangeAsync(Ask(server))));
        Assert.Equal([false, true], server.Queries.Select(asked => asked.IsTcp));
    }

    [Fact]
    public async Task A_truncated_reply_that_ends_in_the_middle_of_a_record_is_fetched_over_TCP()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.IsTcp ? asked.Reply(7) : With(asked.Reply(99), 2, 0x82)[..^9]));
        Assert.Equal(7, Last(await ExchangeAsync(Ask(server))));
    }

    [Fact]
    public async Task Truncation_without_TCP_behind_it_is_a_failure_that_says_so()
    {
        await using var server = new LoopbackServer(asked =>
        {
            if (!asked.IsTcp) return asked.SendAsync(asked.Reply(99, isTruncated: true));
            asked.Close();
            return Task.CompletedTask;
        });
        var exchange = await ExchangeAsync(Ask(server));
        Assert.Equal(ExchangeOutcome.Closed, exchange.Outcome);
        Assert.StartsWith("over TCP, as UDP gave no whole reply: the server closed", exchange.Detail, StringComparison.Ordinal);
    }

    [Theory, Rfc(6891, "7")]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_server_without_EDNS_is_asked_again_without_and_the_evidence_says_so(byte rcode)
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.HasEdns ? asked.Reply(rcode: rcode, hasQuestion: false, hasEdns: false) : asked.Reply(7)));
        var exchange = await ExchangeAsync(Ask(server));
        Assert.Equal((ExchangeOutcome.Replied, "the server knows no EDNS and was asked without"), (exchange.Outcome, exchange.Detail));

        // That the error is the server's own, which does not say what it answers, is made sure over TCP.
        Assert.Equal([(false, true), (true, true), (false, false)], server.Queries.Select(asked => (asked.IsTcp, asked.HasEdns)));
    }

    /// <summary>Who forges it has guessed an id and a port, and needs neither name nor case nor cookie.</summary>
    [Theory, Rfc(5452, "9.1")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task An_error_without_a_question_does_not_end_the_wait(byte rcode)
    {
        await using var server = new LoopbackServer(async asked =>
        {
            if (asked.IsTcp) return;
            for (var i = 0; i < 3; i++) await asked.SendAsync(asked.Reply(rcode: rcode, hasQuestion: false, hasEdns: false));
            await Task.Delay(50, asked.End);
            await asked.SendAsync(asked.Reply(7));
        });
        Assert.Equal(7, Last(await ExchangeAsync(Ask(server), Patient with { Use0x20 = true })));
        Assert.Equal([false, true], server.Queries.Select(asked => asked.IsTcp));
    }

    [Fact]
    public async Task An_error_without_a_question_that_comes_over_TCP_as_well_is_the_servers_own()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply(rcode: 5, hasQuestion: false, hasEdns: false)));
        var exchange = await ExchangeAsync(Ask(server));
        Assert.Equal((ExchangeOutcome.Replied, ResponseCode.Refused, ""), (exchange.Outcome, exchange.Message!.ResponseCode, exchange.Detail));
        Assert.Equal([false, true], server.Queries.Select(asked => asked.IsTcp));
    }

    [Fact]
    public async Task An_error_without_a_question_is_told_when_all_tries_brought_nothing_else()
    {
        await using var server = new LoopbackServer(asked =>
        {
            if (!asked.IsTcp) return asked.SendAsync(asked.Reply(rcode: 2, hasQuestion: false, hasEdns: false));
            asked.Close();
            return Task.CompletedTask;
        });
        var exchange = await ExchangeAsync(Ask(server), Quick);
        Assert.Equal((ExchangeOutcome.Replied, ResponseCode.ServerFailure, "the error names no question, and no other reply came"), (exchange.Outcome, exchange.Message!.ResponseCode, exchange.Detail));
        Assert.Equal(2, server.Queries.Count(asked => !asked.IsTcp));
    }

    [Fact]
    public async Task A_server_that_always_answers_FORMERR_is_asked_twice_and_no_more()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply(rcode: 1, hasEdns: false)));
        var exchange = await ExchangeAsync(Ask(server), Patient with { Tries = 3 });
        Assert.Equal(ResponseCode.FormatError, exchange.Message!.ResponseCode);
        Assert.Equal(2, server.Queries.Count);
    }

    [Fact]
    public async Task Random_case_must_come_back_and_is_then_put_back_as_it_was_asked()
    {
        await using var server = new LoopbackServer(async asked =>
        {
            // The right question in lower case everywhere: forged, as somebody would who did not see the query.
            var forged = asked.Reply(99);
            for (var i = 12; i < 12 + asked.Question.Length; i++) forged[i] |= (byte)(char.IsAsciiLetterUpper((char)forged[i]) ? 0x20 : 0);
            if (!forged.AsSpan().SequenceEqual(asked.Reply(99))) await asked.SendAsync(forged);
            await asked.SendAsync(asked.Reply(7));
        });
        var query = Ask(server, name: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.Example.");
        var exchange = await ExchangeAsync(query, Patient with { Use0x20 = true });
        Assert.Equal(7, Last(exchange));
        Assert.NotEqual(query.Question.Name.Wire.ToArray(), Assert.Single(server.Queries).Question[..^4]);
        Assert.True(exchange.Message!.Questions[0].Name.EqualsExactly(query.Question.Name));
        Assert.True(exchange.Message.Answers[0].Owner.EqualsExactly(query.Question.Name));
    }

    [Fact]
    public async Task A_server_that_changes_the_case_is_asked_without_random_case_from_then_on()
    {
        await using var server = new LoopbackServer(asked =>
        {
            var reply = asked.Reply(7);
            for (var i = 12; i < 12 + asked.Question.Length - 4; i++) reply[i] |= (byte)(char.IsAsciiLetterUpper((char)reply[i]) ? 0x20 : 0);
            return asked.SendAsync(reply);
        });
        await using var transport = new DnsTransport(Quick with { Use0x20 = true, Timeout = TimeSpan.FromSeconds(1) }, TimeProvider.System, Sockets);
        var query = Ask(server, name: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.");
        Assert.Equal(7, Last(await transport.ExchangeAsync(query, Token)));
        Assert.Equal(7, Last(await transport.ExchangeAsync(query, Token)));
        Assert.Equal(3, server.Queries.Count);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(-1, 3)]
    [InlineData(301, 3)]
    [InlineData(2, 0)]
    [InlineData(2, 21)]
    public void Options_out_of_range_are_the_callers_mistake(int seconds, int tries) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DnsTransport(new() { Timeout = TimeSpan.FromSeconds(seconds), Tries = tries }, TimeProvider.System));

    private sealed class PauseCounter : TimeProvider
    {
        public int Pauses { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == TimeSpan.FromMilliseconds(1)) Pauses++;
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
