using System.Runtime.CompilerServices;

namespace Danelaw.Cli.Running;

/// <summary>Works on many targets in one process.</summary>
internal static class Crowd
{
    /// <summary>How many results may wait for those before them, for each target in flight.</summary>
    private const int Ahead = 4;

    /// <summary>Works on each target, some at a time, and keeps the worst exit code.</summary>
    /// <param name="targets">The targets; the next is taken when there is room for it.</param>
    /// <param name="inFlight">How many at a time, 1 or more.</param>
    /// <param name="work">Works on one, and writes its result as soon as it is ready.</param>
    /// <param name="cancellationToken">Ends it all.</param>
    /// <returns>The worst code; <see cref="ExitCode.Good"/> when there was no target.</returns>
    public static async Task<int> RunAsync<T>(IAsyncEnumerable<T> targets, int inFlight, Func<T, CancellationToken, Task<int>> work, CancellationToken cancellationToken)
    {
        var worst = ExitCode.Good;
        var guard = new Lock();
        await Parallel.ForEachAsync(targets, new ParallelOptions { MaxDegreeOfParallelism = inFlight, CancellationToken = cancellationToken }, async (target, stop) =>
        {
            var code = await work(target, stop).ConfigureAwait(false);
            lock (guard) worst = ExitCode.Worse(worst, code);
        }).ConfigureAwait(false);
        return worst;
    }

    /// <summary>As <see cref="RunAsync"/>, but results are told in the order of their targets. A few of them wait for one that takes long; then nothing new is begun.</summary>
    /// <param name="targets">The targets; the next is taken when there is room for it.</param>
    /// <param name="inFlight">How many at a time, 1 or more.</param>
    /// <param name="work">Works on one.</param>
    /// <param name="tell">Tells a result, one at a time, and gives its exit code.</param>
    /// <param name="cancellationToken">Ends it all.</param>
    public static async Task<int> RunInOrderAsync<T, TResult>(IAsyncEnumerable<T> targets, int inFlight, Func<T, CancellationToken, Task<TResult>> work, Func<TResult, int> tell, CancellationToken cancellationToken)
    {
        using var room = new SemaphoreSlim(inFlight);
        return await RunAsync(InTurn(targets, cancellationToken), inFlight * Ahead, async (turn, stop) =>
        {
            await room.WaitAsync(stop).ConfigureAwait(false);
            TResult result;
            try
            {
                result = await work(turn.Target, stop).ConfigureAwait(false);
            }
            finally
            {
                room.Release();
            }

            await turn.Before.WaitAsync(stop).ConfigureAwait(false);
            var code = tell(result);
            turn.Told.SetResult();
            return code;
        }, cancellationToken).ConfigureAwait(false);
    }

    private static async IAsyncEnumerable<(T Target, Task Before, TaskCompletionSource Told)> InTurn<T>(IAsyncEnumerable<T> targets, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var before = Task.CompletedTask;
        await foreach (var target in targets.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            yield return (target, before, told);
            before = told.Task;
        }
    }
}
