namespace Danelaw.Operator.Rollover;

/// <summary>
/// A moment that no change of the clock moves: the boot in which it lies, and the time since, sleep included. Waits are counted by it
/// alone, so that a clock which is set forward shortens none.
/// </summary>
/// <param name="Boot">What tells this boot from every other (Linux: <c>/proc/sys/kernel/random/boot_id</c>).</param>
/// <param name="Elapsed">The time since it began.</param>
public readonly record struct Uptime(string Boot, TimeSpan Elapsed)
{
    /// <summary>The time from an earlier moment to this one; none where they lie in different boots, because nobody has measured what lies between.</summary>
    /// <param name="earlier">The earlier moment.</param>
    public TimeSpan Since(Uptime earlier) => Boot == earlier.Boot && Elapsed > earlier.Elapsed ? Elapsed - earlier.Elapsed : TimeSpan.Zero;
}
