namespace Danelaw.Dnssec.Validation;

/// <summary>
/// A time as RRSIG records bear it: seconds since 1970 modulo 2^32, which wraps in 2106 and of which only differences below 2^31
/// have a meaning (RFC 1982 §3.2, RFC 4034 §3.1.5). Not an ordinary number: it has no total order.
/// </summary>
internal readonly record struct SerialTime(uint Seconds)
{
    internal static SerialTime From(DateTimeOffset time) => new(unchecked((uint)time.ToUnixTimeSeconds()));

    /// <summary>
    /// Seconds from this time to another, -2^31 to 2^31 - 1; negative when the other is earlier. RFC 1982 §3.2 leaves a difference of
    /// exactly 2^31 undefined: it counts as earlier in both directions, so a signature that long is never in force.
    /// </summary>
    internal int SecondsTo(SerialTime later) => unchecked((int)(later.Seconds - Seconds));

    /// <summary>The moment nearest to another that has this serial time; at the ends of the calendar the end.</summary>
    internal DateTimeOffset Near(DateTimeOffset moment)
    {
        var ticks = (moment.UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond) + (From(moment).SecondsTo(this) * TimeSpan.TicksPerSecond);
        return new(Math.Clamp(ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), TimeSpan.Zero);
    }
}
