namespace Danelaw.Cli.Running;

/// <summary>Works on many targets in one process.</summary>
internal static class Crowd
{
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
}
