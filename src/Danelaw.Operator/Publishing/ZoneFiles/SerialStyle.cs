using System.Globalization;

namespace Danelaw.Operator.Publishing.ZoneFiles;

/// <summary>Raises a serial in the style that it has: YYYYMMDDnn, seconds since 1970, or a counter. It never goes back (RFC 1982 §3.2).</summary>
internal static class SerialStyle
{
    private const uint DatesPerDay = 100;

    /// <summary>Counters are smaller; in these seconds the year 2001 began.</summary>
    private const uint FirstEpoch = 978_307_200;

    /// <summary>The next serial.</summary>
    /// <param name="serial">The one that stands there.</param>
    /// <param name="now">The time.</param>
    internal static uint Next(uint serial, DateTimeOffset now)
    {
        var today = uint.Parse(now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var seconds = now.ToUnixTimeSeconds();
        if (IsDate(serial / DatesPerDay, now)) return Later(serial, today * DatesPerDay);
        return serial >= FirstEpoch && serial <= seconds + (2 * 86400) && seconds <= uint.MaxValue ? Later(serial, (uint)seconds) : Above(serial);
    }

    /// <summary>A day that there has been since serials are written so, and none of the far future.</summary>
    private static bool IsDate(uint number, DateTimeOffset now) =>
        DateTime.TryParseExact(number.ToString(CultureInfo.InvariantCulture), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year >= 1987 && day <= now.UtcDateTime.AddYears(1);

    // RFC 1982 §3.2: only the difference tells which is later.
    private static uint Later(uint serial, uint wanted) => unchecked((int)(wanted - serial)) > 0 ? wanted : Above(serial);

    // Some servers take 0 for "no serial".
    private static uint Above(uint serial) => serial == uint.MaxValue ? 1 : serial + 1;
}
