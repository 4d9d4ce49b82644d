using System.Globalization;

namespace Danelaw.Operator.Audit;

/// <summary>How long a cache holds something, as people say it: in seconds up to ten minutes, then in minutes or hours, never less than it is.</summary>
internal static class HeldTime
{
    internal static string Say(TimeSpan time) => time.TotalMinutes <= 10 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s")
        : time.TotalHours <= 3 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes):0} min")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalHours):0} h");
}
