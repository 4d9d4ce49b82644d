using Danelaw.Dns.Transports;

namespace Danelaw.Servers;

/// <summary>
/// Asks name servers on the side, where a dead one may not keep everything else waiting: as soon as others have answered, whoever is silent for many times as long as the slowest of them,
/// and for a second at least, is taken for silent. Until anybody has answered it waits as long as the transport within. Thread-safe.
/// </summary>
/// <param name="inner">Carries the queries.</param>
/// <param name="time">Measures the silence.</param>
public sealed class HurriedTransport(IDnsTransport inner, TimeProvider time) : IDnsTransport
{
    /// <summary>How many times longer than the slowest reply so far nobody is waited for.</summary>
    private const int Slower = 8;

    /// <summary>A datagram may get lost; a second one is sent soon.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private long _slowest;

    /// <inheritdoc/>
    public async ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var begun = time.GetTimestamp();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task<Exchange>> asked = [inner.ExchangeAsync(query, end.Token).AsTask()];
        try
        {
            while (true)
            {
                var ended = await WaitAsync(asked, end.Token).ConfigureAwait(false);
                var elapsed = time.GetElapsedTime(begun);
                if (ended is { IsCompletedSuccessfully: true, Result.Outcome: ExchangeOutcome.Replied })
                {
                    NoteReply(elapsed);
                    return await ended.ConfigureAwait(false);
                }

                // What is no silence is told as it is; of two datagrams one may still be answered.
                if (ended is not null)
                {
                    asked.Remove(ended);
                    if (asked.Count == 0) return await ended.ConfigureAwait(false);
                    continue;
                }

                if (IsSilence(elapsed)) return new(query, ExchangeOutcome.TimedOut, Detail: FormattableString.Invariant($"no reply within {elapsed.TotalSeconds:0.0} s, while other servers answered"));
                if (asked.Count == 1 && query.Server.Kind == TransportKind.Datagram && elapsed >= Again && elapsed < Again + Look + Look) asked.Add(inner.ExchangeAsync(query, end.Token).AsTask());
            }
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            foreach (var one in asked) _ = one.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    /// <summary>The first that ends; null when none does for a moment.</summary>
    private async Task<Task<Exchange>?> WaitAsync(List<Task<Exchange>> asked, CancellationToken cancellationToken)
    {
        if (asked.Find(task => task.IsCompleted) is { } known) return known;
        var first = await Task.WhenAny([.. asked, Task.Delay(Look, time, cancellationToken)]).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return asked.Find(task => ReferenceEquals(task, first));
    }

    private bool IsSilence(TimeSpan elapsed)
    {
        var slowest = new TimeSpan(Interlocked.Read(ref _slowest));
        return slowest > TimeSpan.Zero && elapsed >= (Slower * slowest > Least ? Slower * slowest : Least);
    }

    private void NoteReply(TimeSpan elapsed)
    {
        var ticks = Math.Max(1, elapsed.Ticks);
        for (var known = Interlocked.Read(ref _slowest); ticks > known;)
        {
            var before = Interlocked.CompareExchange(ref _slowest, ticks, known);
            if (before == known) break;
            known = before;
        }
    }
}
