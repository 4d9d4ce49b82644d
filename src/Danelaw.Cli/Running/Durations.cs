using System.Globalization;

namespace Danelaw.Cli.Running;

/// <summary>Durations as people say them, and as options take them: <c>45s</c>, <c>12m</c>, <c>1h5m</c>, <c>2d</c>.</summary>
internal static class Durations
{
    /// <summary>In at most two units; parts of a second are rounded up.</summary>
    public static string Say(TimeSpan duration)
    {
        var seconds = (long)Math.Ceiling(Math.Max(0, duration.TotalSeconds));
        (long Size, string Unit)[] units = [(86400, "d"), (3600, "h"), (60, "m"), (1, "s")];
        for (var i = 0; i < units.Length - 1; i++)
        {
            if (seconds < units[i].Size) continue;
            var rest = seconds % units[i].Size / units[i + 1].Size;
            return string.Create(CultureInfo.InvariantCulture, $"{seconds / units[i].Size}{units[i].Unit}{(rest > 0 ? $"{rest}{units[i + 1].Unit}" : "")}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{seconds}s");
    }
}
