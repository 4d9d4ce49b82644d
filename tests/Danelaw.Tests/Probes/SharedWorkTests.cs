using Danelaw.Probes;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Tests.Probes;

/// <summary>What is done once for all who ask.</summary>
public sealed class SharedWorkTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _done;

    [Fact]
    public async Task Work_is_done_once_for_all_who_ask_and_anew_when_it_is_too_old()
    {
        var shared = Share();
        var first = shared.DoAsync("a", TestContext.Current.CancellationToken).AsTask();
        var second = shared.DoAsync("a", TestContext.Current.CancellationToken).AsTask();
        _held.SetResult();

        Assert.Equal(["a 1", "a 1", "a 1"], [await first, await second, await shared.DoAsync("a", TestContext.Current.CancellationToken)]);
        _clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromTicks(1));
        Assert.Equal("a 2", await shared.DoAsync("a", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Who_waits_does_it_himself_when_the_first_gives_up()
    {
        var shared = Share();
        using var impatient = new CancellationTokenSource();
        var first = shared.DoAsync("a", impatient.Token).AsTask();
        var second = shared.DoAsync("a", TestContext.Current.CancellationToken).AsTask();

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _held.SetResult();

        Assert.Equal("a 2", await second);
    }

    [Fact]
    public async Task Beyond_the_capacity_the_oldest_goes()
    {
        var shared = Share();
        _held.SetResult();
        foreach (var asked in new[] { "a", "b", "c", "c", "a" }) await shared.DoAsync(asked, TestContext.Current.CancellationToken);

        Assert.Equal(4, _done);
    }

    private SharedWork<string, string> Share() => new(DoAsync, _clock, TimeSpan.FromMinutes(10), capacity: 2);

    private async ValueTask<string> DoAsync(string asked, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _done);
        await _held.Task.WaitAsync(cancellationToken);
        return $"{asked} {number}";
    }
}
