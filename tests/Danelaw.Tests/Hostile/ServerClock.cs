using Danelaw.Tests.Certificates;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Tests.Hostile;

/// <summary>A clock that only the hostile server moves. It knows which limits of the client run, so a server that lets time pass goes to the next of them and no further: every run takes the same time.</summary>
internal sealed class ServerClock : FakeTimeProvider
{
    private readonly Lock _lock = new();
    private readonly HashSet<Limit> _running = [];
    private TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ServerClock()
        : base(Forge.Now)
    {
    }

    /// <summary>How long it is since the beginning.</summary>
    internal TimeSpan Passed => GetUtcNow() - Start;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var limit = new Limit(this);
        lock (_lock)
        {
            Run(limit, dueTime);
            limit.Inner = base.CreateTimer(_ =>
            {
                lock (_lock) _running.Remove(limit);
                callback(state);
            }, null, dueTime, period);
        }

        return limit;
    }

    /// <summary>Waits until the client has set itself a limit of that length.</summary>
    internal async Task LimitAsync(params TimeSpan[] lengths)
    {
        while (true)
        {
            Task started;
            lock (_lock)
            {
                if (_running.Any(limit => lengths.Contains(limit.Length))) return;
                started = _started.Task;
            }

            await started.ConfigureAwait(false);
        }
    }

    /// <summary>Lets time pass.</summary>
    /// <returns>False when a limit of the client's ended it.</returns>
    internal bool Pass(TimeSpan time)
    {
        TimeSpan left;
        lock (_lock) left = _running.Count == 0 ? TimeSpan.MaxValue : _running.Min(limit => limit.Due) - GetUtcNow();
        Advance(left < time ? left : time);
        return left > time;
    }

    private void Run(Limit limit, TimeSpan dueTime)
    {
        if (dueTime < TimeSpan.Zero)
        {
            _running.Remove(limit);
            return;
        }

        (limit.Length, limit.Due) = (dueTime, GetUtcNow() + dueTime);
        _running.Add(limit);
        var started = _started;
        _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        started.SetResult();
    }

    private sealed class Limit(ServerClock clock) : ITimer
    {
        internal ITimer? Inner { get; set; }

        internal TimeSpan Length { get; set; }

        internal DateTimeOffset Due { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock) clock.Run(this, dueTime);
            return Inner!.Change(dueTime, period);
        }

        public void Dispose()
        {
            lock (clock._lock) clock._running.Remove(this);
            Inner!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
