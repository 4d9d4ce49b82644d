namespace Danelaw.Checks.Recording;

/// <summary>A clock that stands still, so that everything is judged at one moment; its timers are those of another.</summary>
internal sealed class StandingClock(DateTimeOffset now, TimeProvider timers) : TimeProvider
{
    public override long TimestampFrequency => timers.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => now;

    public override long GetTimestamp() => timers.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => timers.CreateTimer(callback, state, dueTime, period);
}
