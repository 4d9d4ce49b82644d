using System.Collections.Concurrent;
using System.Net;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Servers;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Tests.Servers;

/// <summary>How long a silent name server is waited for, on a clock that the tests move.</summary>
public sealed class HurriedTransportTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _clock = new();
    private readonly ConcurrentQueue<(DnsQuery Query, TaskCompletionSource<Exchange> Reply)> _carried = [];

    [Theory]
    [InlineData(10, 1000)]
    [InlineData(100, 1000)]
    [InlineData(200, 1600)]
    [InlineData(500, 4000)]
    public async Task Where_others_answer_a_silent_one_is_waited_for_many_times_as_long_and_a_second_at_least(int slowest, int expected)
    {
        var transport = Transport();
        var answering = AskAsync(transport, "192.0.2.1");
        Advance(slowest, answering: "192.0.2.1");
        Assert.Equal(ExchangeOutcome.Replied, (await answering).Outcome);

        var silent = AskAsync(transport, "192.0.2.2");
        Advance(expected - 100);
        Assert.False(silent.IsCompleted);
        Advance(100);

        var exchange = await silent;
        Assert.Equal((ExchangeOutcome.TimedOut, $"no reply within {expected / 1000.0:0.0} s, while other servers answered"), (exchange.Outcome, exchange.Detail));
    }

    [Fact]
    public async Task Where_nobody_answers_the_transport_within_decides()
    {
        var silent = AskAsync(Transport(), "192.0.2.2");
        Advance(20_000);
        Assert.False(silent.IsCompleted);

        foreach (var (query, reply) in _carried) reply.TrySetResult(new(query, ExchangeOutcome.TimedOut, Detail: "its words"));
        Assert.Equal("its words", (await silent).Detail);
    }

    [Theory]
    [InlineData(TransportKind.Datagram, 2)]
    [InlineData(TransportKind.Tcp, 1)]
    public async Task A_datagram_that_may_be_lost_is_sent_twice_and_either_reply_counts(TransportKind kind, int times)
    {
        var asked = AskAsync(Transport(), "192.0.2.1", kind);
        Advance(900);
        Assert.Equal(times, _carried.Count);

        var (query, last) = _carried.Last();
        last.SetResult(new(query, ExchangeOutcome.Replied));
        Assert.Equal(ExchangeOutcome.Replied, (await asked).Outcome);
    }

    [Fact]
    public async Task What_is_no_silence_is_told_at_once_as_it_is()
    {
        var asked = AskAsync(Transport(), "192.0.2.1");
        var (query, reply) = _carried.Single();
        reply.SetResult(new(query, ExchangeOutcome.Unreachable, Detail: "connection refused"));

        Assert.Equal("connection refused", (await asked).Detail);
    }

    [Fact]
    public async Task The_caller_s_end_is_the_caller_s()
    {
        using var caller = new CancellationTokenSource();
        var asked = Transport().ExchangeAsync(Query("192.0.2.1", TransportKind.Datagram), caller.Token).AsTask();
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Assert.All(_carried, one => Assert.True(one.Reply.Task.IsCanceled));
    }

    private HurriedTransport Transport() => new(new Manual(_carried), _clock);

    private static Task<Exchange> AskAsync(HurriedTransport transport, string address, TransportKind kind = TransportKind.Datagram) =>
        transport.ExchangeAsync(Query(address, kind), TestContext.Current.CancellationToken).AsTask();

    private static DnsQuery Query(string address, TransportKind kind) => new(new Question(DomainName.Parse("example.org"), RecordType.SOA), new(kind, new(IPAddress.Parse(address), 53)), RecursionDesired: false);

    /// <summary>Moves the clock by steps; at the end the server answers that is to.</summary>
    private void Advance(int milliseconds, string? answering = null)
    {
        for (var left = milliseconds; left > 0; left -= (int)Step.TotalMilliseconds)
            _clock.Advance(left < Step.TotalMilliseconds ? TimeSpan.FromMilliseconds(left) : Step);
        foreach (var (query, reply) in _carried.Where(one => one.Query.Server.EndPoint.Address.ToString() == answering)) reply.TrySetResult(new(query, ExchangeOutcome.Replied));
    }

    /// <summary>Carries what the test answers.</summary>
    private sealed class Manual(ConcurrentQueue<(DnsQuery Query, TaskCompletionSource<Exchange> Reply)> carried) : IDnsTransport
    {
        public async ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
        {
            var reply = new TaskCompletionSource<Exchange>(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var end = cancellationToken.Register(() => reply.TrySetCanceled(cancellationToken));
            carried.Enqueue((query, reply));
            return await reply.Task;
        }
    }
}
