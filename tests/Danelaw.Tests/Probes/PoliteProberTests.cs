using System.Collections.Concurrent;
using System.Net;
using Danelaw.Dns.Names;
using Danelaw.Probes;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Tests.Probes;

/// <summary>Each endpoint once, one connection at a time to an address, and so many a minute.</summary>
public sealed class PoliteProberTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeTimeProvider _clock = new();
    private readonly Held _inner = new();

    [Fact]
    public async Task An_endpoint_is_looked_at_once_for_all_who_ask()
    {
        var prober = Share();
        var first = prober.ProbeAsync(Target("192.0.2.1"), None);
        var second = prober.ProbeAsync(Target("192.0.2.1"), None);

        _inner.Release(ProbeOutcome.Completed);

        var seen = await first;
        Assert.Same(seen, await second);
        Assert.Same(seen, await prober.ProbeAsync(Target("192.0.2.1"), None));
        Assert.Equal(1, _inner.Made);
    }

    [Fact]
    public async Task Another_name_or_kind_of_key_is_another_look()
    {
        var prober = Share();
        _inner.Release(ProbeOutcome.Completed);

        await prober.ProbeAsync(Target("192.0.2.1"), None);
        await prober.ProbeAsync(Target("192.0.2.1") with { Algorithm = KeyAlgorithm.Rsa }, None);
        await prober.ProbeAsync(Target("192.0.2.1") with { ServerName = DomainName.Parse("other.example") }, None);

        Assert.Equal(3, _inner.Made);
    }

    [Fact]
    public async Task What_is_too_old_is_looked_at_anew()
    {
        var prober = Share();
        _inner.Release(ProbeOutcome.Completed);

        await prober.ProbeAsync(Target("192.0.2.1"), None);
        _clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromTicks(1));
        await prober.ProbeAsync(Target("192.0.2.1"), None);

        Assert.Equal(2, _inner.Made);
    }

    [Fact]
    public async Task Who_waits_looks_himself_when_the_first_gives_up()
    {
        var prober = Share();
        using var firstCaller = new CancellationTokenSource();
        var first = prober.ProbeAsync(Target("192.0.2.1"), firstCaller.Token).AsTask();
        var second = prober.ProbeAsync(Target("192.0.2.1"), None);

        await firstCaller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _inner.Release(ProbeOutcome.Completed);

        Assert.Equal(ProbeOutcome.Completed, (await second).Outcome);
        Assert.Equal(2, _inner.Made);
    }

    [Fact]
    public async Task Who_waits_may_give_up_and_leaves_the_first_alone()
    {
        var prober = Share();
        using var secondCaller = new CancellationTokenSource();
        var first = prober.ProbeAsync(Target("192.0.2.1"), None);
        var second = prober.ProbeAsync(Target("192.0.2.1"), secondCaller.Token).AsTask();

        await secondCaller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        _inner.Release(ProbeOutcome.Completed);

        Assert.Equal(ProbeOutcome.Completed, (await first).Outcome);
    }

    [Fact]
    public async Task Beyond_the_capacity_the_oldest_go()
    {
        var prober = new PoliteProber(_inner, _clock, new() { Capacity = 2 });
        _inner.Release(ProbeOutcome.Completed);
        for (var i = 1; i <= 3; i++) await prober.ProbeAsync(Target($"192.0.2.{i}"), None);

        await prober.ProbeAsync(Target("192.0.2.3"), None);
        await prober.ProbeAsync(Target("192.0.2.1"), None);

        Assert.Equal(4, _inner.Made);
    }

    [Theory]
    [InlineData(LocalCauses.NoDescriptors)]
    [InlineData(LocalCauses.NoRoute)]
    [InlineData(LocalCauses.NoFamily)]
    [InlineData(LocalCauses.Forbidden)]
    public async Task What_this_machine_lacks_is_not_remembered_of_the_server(string cause)
    {
        var prober = Share();
        _inner.Release(ProbeOutcome.Refused, cause);

        await prober.ProbeAsync(Target("192.0.2.1"), None);
        await prober.ProbeAsync(Target("192.0.2.1"), None);

        Assert.Equal(2, _inner.Made);
    }

    [Fact]
    public async Task That_a_server_refuses_is_remembered()
    {
        var prober = Share();
        _inner.Release(ProbeOutcome.Refused, "connection refused");

        await prober.ProbeAsync(Target("192.0.2.1"), None);
        await prober.ProbeAsync(Target("192.0.2.1"), None);

        Assert.Equal(1, _inner.Made);
    }

    [Fact]
    public async Task What_took_long_to_see_is_as_fresh_as_the_moment_it_was_seen()
    {
        var prober = Share();
        var first = prober.ProbeAsync(Target("192.0.2.1"), None);
        _clock.Advance(TimeSpan.FromMinutes(11));
        var second = prober.ProbeAsync(Target("192.0.2.1"), None);
        _inner.Release(ProbeOutcome.Completed);

        Assert.Same(await first, await second);
        Assert.Equal(1, _inner.Made);
    }

    [Fact]
    public async Task An_address_has_one_visitor_at_a_time_whatever_the_port_and_a_port_of_loopback_is_a_machine()
    {
        var prober = Share();
        ValueTask<Observation>[] made = [.. new[] { "192.0.2.1:25", "192.0.2.1:465", "[::ffff:192.0.2.1]:993", "192.0.2.2:25", "127.0.0.1:25", "127.0.0.1:465", "[2001:db8::1]:25" }.Select(to => prober.ProbeAsync(At(to), None))];

        Assert.Equal(5, _inner.Made);

        _inner.Release(ProbeOutcome.Completed);
        foreach (var one in made) await one;
        Assert.Equal(7, _inner.Made);
    }

    [Fact]
    public async Task First_come_first_served()
    {
        var prober = Share();
        ValueTask<Observation>[] made = [.. Enumerable.Range(1, 5).Select(port => prober.ProbeAsync(At($"192.0.2.1:{port}"), None))];
        _inner.Release(ProbeOutcome.Completed);
        foreach (var one in made) await one;

        Assert.Equal([1, 2, 3, 4, 5], _inner.Looks.Select(target => target.Address.Port));
    }

    [Fact]
    public async Task No_more_connections_than_allowed_go_to_an_address_within_any_minute()
    {
        var prober = new PoliteProber(_inner, _clock, new() { ConnectionsPerMinute = 2 });
        _inner.Release(ProbeOutcome.Completed);
        await prober.ProbeAsync(At("192.0.2.1:1"), None);
        _clock.Advance(TimeSpan.FromSeconds(40));
        await prober.ProbeAsync(At("192.0.2.1:2"), None);

        // The third waits until the first is a minute ago, the fourth for the second.
        var third = prober.ProbeAsync(At("192.0.2.1:3"), None).AsTask();
        var fourth = prober.ProbeAsync(At("192.0.2.1:4"), None).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(20) - TimeSpan.FromMilliseconds(1));
        Assert.Equal((2, false), (_inner.Made, third.IsCompleted));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await third;
        Assert.Equal((3, false), (_inner.Made, fourth.IsCompleted));
        _clock.Advance(TimeSpan.FromSeconds(40));
        await fourth;

        // Another address, and what is known already, wait for nothing.
        await prober.ProbeAsync(At("192.0.2.2:1"), None);
        await prober.ProbeAsync(At("192.0.2.1:1"), None);
        Assert.Equal(5, _inner.Made);
    }

    [Fact]
    public async Task A_version_that_took_a_second_connection_to_name_counts_as_two()
    {
        var prober = new PoliteProber(_inner, _clock, new() { ConnectionsPerMinute = 2 });
        _inner.Release(ProbeOutcome.HandshakeFailed, HandshakeFaults.OnlyRetired("TLSv1.0"));
        await prober.ProbeAsync(At("192.0.2.1:1"), None);

        var next = prober.ProbeAsync(At("192.0.2.1:2"), None).AsTask();
        Assert.Equal(1, _inner.Made);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await next;
    }

    [Fact]
    public async Task Zero_is_no_bound_at_all()
    {
        var prober = new PoliteProber(_inner, _clock, new() { ConnectionsPerMinute = 0 });
        _inner.Release(ProbeOutcome.Completed);
        for (var port = 1; port <= 500; port++) await prober.ProbeAsync(At($"192.0.2.1:{port}"), None);

        Assert.Equal(500, _inner.Made);
    }

    [Fact]
    public async Task Who_gives_up_while_he_waits_for_room_lets_the_next_one_in()
    {
        var prober = new PoliteProber(_inner, _clock, new() { ConnectionsPerMinute = 1 });
        using var impatient = new CancellationTokenSource();
        _inner.Release(ProbeOutcome.Completed);
        await prober.ProbeAsync(At("192.0.2.1:1"), None);
        var second = prober.ProbeAsync(At("192.0.2.1:2"), impatient.Token).AsTask();
        var third = prober.ProbeAsync(At("192.0.2.1:3"), None).AsTask();

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(ProbeOutcome.Completed, (await third).Outcome);
        Assert.Equal(2, _inner.Made);
    }

    [Fact]
    public async Task An_address_that_nobody_is_at_is_forgotten_as_soon_as_its_minute_is_over()
    {
        var turns = new AddressTurns(_clock, perMinute: 5);
        var address = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 25);
        using var impatient = new CancellationTokenSource();
        var first = await turns.EnterAsync(address, None);
        var waiting = turns.EnterAsync(address, impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        first.CountConnection();
        first.Dispose();

        Assert.Equal(1, turns.Count);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, turns.Count);

        (await turns.EnterAsync(address, None)).Dispose();
        Assert.Equal(0, turns.Count);
    }

    [Fact]
    public async Task An_address_that_was_left_twice_before_it_was_forgotten_has_one_visitor_at_a_time_still()
    {
        var turns = new AddressTurns(_clock, perMinute: 2);
        var address = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 25);
        (await ConnectAsync()).Dispose();
        var second = await ConnectAsync();
        _clock.Advance(TimeSpan.FromSeconds(20));
        second.Dispose();

        // A minute after both began, the second has left less than a minute ago.
        _clock.Advance(TimeSpan.FromSeconds(41));
        var third = await ConnectAsync();
        _clock.Advance(TimeSpan.FromSeconds(20));
        var fourth = turns.EnterAsync(address, None).AsTask();

        Assert.False(fourth.IsCompleted);
        Assert.Equal(1, turns.Count);
        third.Dispose();
        (await fourth).Dispose();

        async Task<AddressTurns.Visit> ConnectAsync()
        {
            var visit = await turns.EnterAsync(address, None);
            await visit.WaitForRoomAsync(None);
            visit.CountConnection();
            return visit;
        }
    }

    private PoliteProber Share() => new(_inner, _clock, new());

    private static ProbeTarget Target(string address) => new(new(IPAddress.Parse(address), 25), new(IPAddress.Parse(address), 25), ServiceProtocol.Smtp, DomainName.Parse("mx.example"));

    private static ProbeTarget At(string endPoint) => new(IPEndPoint.Parse(endPoint), IPEndPoint.Parse(endPoint), ServiceProtocol.Smtp, DomainName.Parse("mx.example"));

    /// <summary>Sees nothing until it is let go.</summary>
    private sealed class Held : IProber
    {
        private readonly TaskCompletionSource<(ProbeOutcome Outcome, string Detail)> _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<ProbeTarget> Looks { get; } = [];

        public int Made => Looks.Count;

        public void Release(ProbeOutcome outcome, string detail = "") => _seen.SetResult((outcome, detail));

        public async ValueTask<Observation> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken = default)
        {
            Looks.Enqueue(target);
            var (outcome, detail) = await _seen.Task.WaitAsync(cancellationToken);
            return new() { Target = target, Outcome = outcome, Detail = detail };
        }
    }
}
