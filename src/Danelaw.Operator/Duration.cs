using System.Globalization;

namespace Danelaw.Operator;

/// <summary>Puts durations into words.</summary>
public static class Duration
{
    /// <summary>A duration for people, in one unit or two: below ten days never less than it is.</summary>
    /// <param name="time">The duration.</param>
    public static string Say(TimeSpan time)
    {
        if (time.TotalSeconds < 120) return string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s");
        var minutes = (long)Math.Ceiling(time.TotalMinutes);
        if (minutes < 120) return string.Create(CultureInfo.InvariantCulture, $"{minutes} min");
        if (minutes <= 48 * 60) return string.Create(CultureInfo.InvariantCulture, $"{minutes / 60} h") + (minutes % 60 is > 0 and var rest ? string.Create(CultureInfo.InvariantCulture, $" {rest} min") : "");
        var hours = (long)Math.Ceiling(time.TotalHours);
        return hours < 240 && hours % 24 is > 0 and var more ? string.Create(CultureInfo.InvariantCulture, $"{hours / 24} days {more} h") : string.Create(CultureInfo.InvariantCulture, $"{hours / 24} days");
    }
}
