namespace Danelaw.Dnssec.Anchors;

/// <summary>Whole seconds, as the state is written.</summary>
internal static class Clock
{
    internal static DateTimeOffset Floor(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());

    /// <summary>For where a hold-down begins: it must not end a fraction of a second early.</summary>
    internal static DateTimeOffset Ceiling(DateTimeOffset time) => Floor(time) is var floor && floor < time ? floor.AddSeconds(1) : floor;
}
