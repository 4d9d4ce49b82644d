using Danelaw.Cli.Running;

namespace Danelaw.Cli.Tests.Running;

public sealed class CrowdTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Results_are_told_in_the_order_of_the_targets_whichever_is_ready_first()
    {
        var ready = Enumerable.Range(0, 40).Select(_ => new TaskCompletionSource()).ToArray();
        var told = new List<int>();
        var run = Crowd.RunInOrderAsync(Enumerable.Range(0, 40).ToAsyncEnumerable(), 64, async (target, stop) =>
        {
            await ready[target].Task.WaitAsync(stop);
            return target;
        }, target =>
        {
            told.Add(target);
            return target == 7 ? ExitCode.Bad : ExitCode.Good;
        }, Stop);

        // Neither first in, first out nor last in, first out makes that the order of the targets.
        foreach (var i in Enumerable.Range(20, 20).Concat(Enumerable.Range(0, 20))) ready[i].SetResult();

        Assert.Equal(ExitCode.Bad, await run);
        Assert.Equal(Enumerable.Range(0, 40), told);
    }

    [Fact]
    public async Task Of_those_behind_a_slow_one_only_so_many_are_begun()
    {
        var slow = new TaskCompletionSource();
        var (begun, inFlight, most) = (0, 0, 0);
        var guard = new Lock();
        var all = new SemaphoreSlim(0);
        var run = Crowd.RunInOrderAsync(Enumerable.Range(0, 100).ToAsyncEnumerable(), 3, async (target, stop) =>
        {
            lock (guard) (begun, inFlight, most) = (begun + 1, inFlight + 1, Math.Max(most, inFlight + 1));
            all.Release();
            if (target == 0) await slow.Task.WaitAsync(stop);
            lock (guard) inFlight--;
            return target;
        }, _ => ExitCode.Good, Stop);

        // Three at a time, and twelve that are taken at all until the first is told.
        for (var i = 0; i < 12; i++) await all.WaitAsync(Stop);
        await Task.Yield();
        Assert.Equal((12, true), (Volatile.Read(ref begun), most <= 3));
        slow.SetResult();
        await run;
        Assert.Equal((100, true), (begun, most <= 3));
    }

    [Fact]
    public async Task What_fails_ends_all_of_it()
    {
        var fault = await Assert.ThrowsAsync<MisuseException>(() => Crowd.RunInOrderAsync(Enumerable.Range(0, 10).ToAsyncEnumerable(), 2, async (target, stop) =>
        {
            if (target == 1) throw new MisuseException("it cannot be done");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
            return target;
        }, _ => ExitCode.Good, Stop));
        Assert.Equal("it cannot be done", fault.Message);
    }
}
