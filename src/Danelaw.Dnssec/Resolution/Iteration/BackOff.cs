namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>Rest after silence, each time for twice as long. Concurrent updates may lose one another, which costs a query at worst. The default has never failed.</summary>
internal struct BackOff
{
    /// <summary>Milliseconds: the longest rest, and half of the first.</summary>
    private const long Longest = 300_000;
    private const long First = 1_000;

    private int _failures;
    private long _retryAt;

    internal readonly bool HasFailed => _failures > 0;

    internal bool IsResting(long now) => Volatile.Read(ref _retryAt) > now;

    /// <summary>About to be asked: when the time of rest is over one query finds out, and the others stay away meanwhile.</summary>
    internal void Asked(long now)
    {
        if (_failures > 0) Volatile.Write(ref _retryAt, Math.Max(Volatile.Read(ref _retryAt), now + 1000));
    }

    internal void Failed(long now)
    {
        var failures = Math.Min(++_failures, 16);
        Volatile.Write(ref _retryAt, now + Math.Min(First << failures, Longest));
    }

    internal void Replied()
    {
        if (_failures == 0) return;
        _failures = 0;
        Volatile.Write(ref _retryAt, 0);
    }
}
