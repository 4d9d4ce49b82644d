namespace Danelaw.Cli.Running;

/// <summary>A clock that stands at the time of <c>--now</c>; timers and durations are those of the real one.</summary>
internal sealed class SetClock(DateTimeOffset now, TimeProvider real) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;

    public override long TimestampFrequency => real.TimestampFrequency;

    public override long GetTimestamp() => real.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => real.CreateTimer(callback, state, dueTime, period);
}
