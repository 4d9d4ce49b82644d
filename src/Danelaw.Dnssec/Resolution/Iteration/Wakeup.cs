namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>Wakes one who waits for any of several things: exchanges that end, patience that ends. A call that comes before the wait is not lost; a wake says only that it is time to look.</summary>
internal sealed class Wakeup(TimeProvider timer) : IDisposable
{
    private readonly Lock _lock = new();
    private Action? _call;
    private TaskCompletionSource? _waiting;
    private ITimer? _alarm;
    private bool _isCalled;

    /// <summary>Wakes when a task ends.</summary>
    internal void CallAfter(Task task) => task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_call ??= Call);

    /// <summary>Waits until it is time to look.</summary>
    /// <param name="milliseconds">The longest wait; below 0 for any time.</param>
    internal Task WaitAsync(long milliseconds)
    {
        if (milliseconds >= 0)
        {
            var due = TimeSpan.FromMilliseconds(milliseconds);
            if (_alarm is null) _alarm = timer.CreateTimer(static state => ((Wakeup)state!).Call(), this, due, Timeout.InfiniteTimeSpan);
            else _alarm.Change(due, Timeout.InfiniteTimeSpan);
        }

        lock (_lock)
        {
            if (_isCalled)
            {
                _isCalled = false;
                return Task.CompletedTask;
            }

            // The caller of the wake goes on with what waits: one hop less for every reply.
            _waiting = new();
            return _waiting.Task;
        }
    }

    public void Dispose() => _alarm?.Dispose();

    private void Call()
    {
        TaskCompletionSource? waiting;
        lock (_lock)
        {
            waiting = _waiting;
            _waiting = null;
            _isCalled = waiting is null;
        }

        waiting?.SetResult();
    }
}
