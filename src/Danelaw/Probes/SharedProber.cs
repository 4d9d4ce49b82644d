using System.Collections.Concurrent;

namespace Danelaw.Probes;

/// <summary>
/// Looks at each endpoint once for many checks: thousands of domains have the same few mail hosts, and those limit who connects too often.
/// Whoever asks while somebody else is looking waits for what he sees. Thread-safe.
/// </summary>
/// <param name="inner">Looks at the endpoints.</param>
/// <param name="time">Measures the age of what was seen.</param>
/// <param name="keep">How long an observation is shared; 10 minutes are a good choice.</param>
/// <param name="capacity">How many observations are kept at most, 1 or more; beyond it the oldest go.</param>
public sealed class SharedProber(IProber inner, TimeProvider time, TimeSpan keep, int capacity = 10_000) : IProber
{
    private readonly ConcurrentDictionary<ProbeTarget, Look> _looks = new();
    private readonly ConcurrentQueue<(ProbeTarget Target, Look Look)> _order = new();

    /// <inheritdoc/>
    public async ValueTask<Observation> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var mine = new Look(time.GetTimestamp());
            var look = _looks.GetOrAdd(target, mine);
            if (ReferenceEquals(look, mine)) return await LookAsync(target, mine, cancellationToken).ConfigureAwait(false);
            if (time.GetElapsedTime(look.Begun) > keep)
            {
                _looks.TryRemove(new(target, look));
                continue;
            }

            // Null: whoever looked has given up before there was anything to see.
            if (await look.Seen.Task.WaitAsync(cancellationToken).ConfigureAwait(false) is { } seen) return seen;
        }
    }

    private async ValueTask<Observation> LookAsync(ProbeTarget target, Look mine, CancellationToken cancellationToken)
    {
        Observation? seen = null;
        try
        {
            seen = await inner.ProbeAsync(target, cancellationToken).ConfigureAwait(false);
            return seen;
        }
        finally
        {
            if (seen is null) _looks.TryRemove(new(target, mine));
            else Keep(target, mine);
            mine.Seen.TrySetResult(seen);
        }
    }

    private void Keep(ProbeTarget target, Look look)
    {
        _order.Enqueue((target, look));
        while (_order.Count > capacity && _order.TryDequeue(out var oldest)) _looks.TryRemove(new(oldest.Target, oldest.Look));
    }

    private sealed class Look(long begun)
    {
        internal long Begun { get; } = begun;

        internal TaskCompletionSource<Observation?> Seen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
