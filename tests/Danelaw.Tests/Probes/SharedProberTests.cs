using System.Net;
using Danelaw.Dns.Names;
using Danelaw.Probes;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Tests.Probes;

public sealed class SharedProberTests
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
        var prober = new SharedProber(_inner, _clock, TimeSpan.FromMinutes(10), capacity: 2);
        _inner.Release(ProbeOutcome.Completed);
        for (var i = 1; i <= 3; i++) await prober.ProbeAsync(Target($"192.0.2.{i}"), None);

        await prober.ProbeAsync(Target("192.0.2.3"), None);
        await prober.ProbeAsync(Target("192.0.2.1"), None);

        Assert.Equal(4, _inner.Made);
    }

    private SharedProber Share() => new(_inner, _clock, TimeSpan.FromMinutes(10));

    private static ProbeTarget Target(string address) => new(new(IPAddress.Parse(address), 25), new(IPAddress.Parse(address), 25), ServiceProtocol.Smtp, DomainName.Parse("mx.example"));

    /// <summary>Sees nothing until it is let go.</summary>
    private sealed class Held : IProber
    {
        private readonly TaskCompletionSource<ProbeOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _made;

        public int Made => _made;

        public void Release(ProbeOutcome outcome) => _outcome.SetResult(outcome);

        public async ValueTask<Observation> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _made);
            return new() { Target = target, Outcome = await _outcome.Task.WaitAsync(cancellationToken) };
        }
    }
}
