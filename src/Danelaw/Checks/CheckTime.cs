namespace Danelaw.Checks;

/// <summary>The time of one check. Where that is wished it stands still while nothing is done but wait for a turn at an address. Thread-safe.</summary>
internal sealed class CheckTime : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _end;
    private readonly TimeProvider _time;
    private TimeSpan _left;
    private long _since;
    private int _busy;

    /// <param name="limit">How much time there is.</param>
    /// <param name="time">Measures it.</param>
    /// <param name="standsStill">Whether it runs only while something is done.</param>
    internal CheckTime(TimeSpan limit, TimeProvider time, bool standsStill)
    {
        _time = time;
        _left = limit;
        _end = new(standsStill ? Timeout.InfiniteTimeSpan : limit, time);

        // Somebody who is never done keeps it running.
        if (!standsStill) _busy = 1;
    }

    /// <summary>Is cancelled when the time is over.</summary>
    internal CancellationToken End => _end.Token;

    /// <summary>Something is being done until what is returned is disposed.</summary>
    internal IDisposable Work()
    {
        lock (_lock)
        {
            if (_busy++ == 0)
            {
                _since = _time.GetTimestamp();
                _end.CancelAfter(_left);
            }
        }

        return new Working(this);
    }

    public void Dispose() => _end.Dispose();

    private void Rest()
    {
        lock (_lock)
        {
            if (--_busy > 0) return;
            _left -= _time.GetElapsedTime(_since);
            if (_left < TimeSpan.Zero) _left = TimeSpan.Zero;
            _end.CancelAfter(_left == TimeSpan.Zero ? TimeSpan.Zero : Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class Working(CheckTime owner) : IDisposable
    {
        public void Dispose() => owner.Rest();
    }
}
