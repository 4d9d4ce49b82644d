using System.Collections.Concurrent;

namespace Danelaw.Probes;

/// <summary>Does each piece of work once for all who want it, and keeps what came of it for a while. Whoever asks while somebody else is at it waits for what he brings. Thread-safe.</summary>
/// <typeparam name="TWork">What tells pieces of work apart.</typeparam>
/// <typeparam name="TResult">What comes of them.</typeparam>
/// <param name="work">Does it.</param>
/// <param name="time">Measures the age of what is kept.</param>
/// <param name="keep">How long it is shared.</param>
/// <param name="capacity">How many results are kept at most, 1 or more; beyond it the oldest go.</param>
/// <param name="isKept">Whether a result is worth its room; null keeps every one. Who waits for it gets it all the same.</param>
internal sealed class SharedWork<TWork, TResult>(Func<TWork, CancellationToken, ValueTask<TResult>> work, TimeProvider time, TimeSpan keep, int capacity, Func<TResult, bool>? isKept = null)
    where TWork : class
    where TResult : class
{
    private readonly ConcurrentDictionary<TWork, Turn> _turns = new();
    private readonly ConcurrentQueue<(TWork Asked, Turn Turn)> _order = new();

    /// <summary>Does it, or takes what another has brought.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal async ValueTask<TResult> DoAsync(TWork asked, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var mine = new Turn(time.GetTimestamp());
            var turn = _turns.GetOrAdd(asked, mine);
            if (ReferenceEquals(turn, mine)) return await DoAsync(asked, mine, cancellationToken).ConfigureAwait(false);
            if (time.GetElapsedTime(turn.Begun) > keep)
            {
                _turns.TryRemove(new(asked, turn));
                continue;
            }

            // Null: whoever was at it has given up before there was anything.
            if (await turn.Result.Task.WaitAsync(cancellationToken).ConfigureAwait(false) is { } result) return result;
        }
    }

    private async ValueTask<TResult> DoAsync(TWork asked, Turn mine, CancellationToken cancellationToken)
    {
        TResult? result = null;
        try
        {
            result = await work(asked, cancellationToken).ConfigureAwait(false);
            return result;
        }
        finally
        {
            if (result is null || isKept?.Invoke(result) == false) _turns.TryRemove(new(asked, mine));
            else Keep(asked, mine);
            mine.Result.TrySetResult(result);
        }
    }

    private void Keep(TWork asked, Turn turn)
    {
        _order.Enqueue((asked, turn));
        while (_order.Count > capacity && _order.TryDequeue(out var oldest)) _turns.TryRemove(new(oldest.Asked, oldest.Turn));
    }

    private sealed class Turn(long begun)
    {
        internal long Begun { get; } = begun;

        internal TaskCompletionSource<TResult?> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
