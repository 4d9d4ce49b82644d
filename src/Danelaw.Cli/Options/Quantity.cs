using System.Globalization;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Options;

/// <summary>Reads numbers, durations, times and sizes as people write them.</summary>
internal static class Quantity
{
    /// <summary>A decimal number within bounds.</summary>
    /// <exception cref="MisuseException">It is none.</exception>
    public static int Number(string option, string text, int minimum, int maximum)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum) return number;
        throw new MisuseException($"{option} takes a number from {minimum} to {maximum}, not '{text}'");
    }

    /// <summary>Seconds, or numbers with units: <c>90</c>, <c>1.5</c>, <c>500ms</c>, <c>1h30m</c>, <c>2d</c>.</summary>
    /// <exception cref="MisuseException">It is none, or out of bounds.</exception>
    public static TimeSpan Duration(string option, string text, TimeSpan minimum, TimeSpan maximum)
    {
        if (TryReadDuration(text, out var duration) && duration >= minimum && duration <= maximum) return duration;
        throw new MisuseException(
            $"{option} takes a duration from {Shown(minimum)} to {Shown(maximum)}, not '{text}'",
            "write seconds, or a number with a unit: 90, 500ms, 5m, 1h30m, 2d");
    }

    /// <summary>RFC 3339, or seconds since the epoch (1970-01-01T00:00:00Z).</summary>
    /// <exception cref="MisuseException">It is neither.</exception>
    public static DateTimeOffset Time(string option, string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= MaximumSeconds)
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        foreach (var format in TimeFormats)
            if (DateTimeOffset.TryParseExact(ShortFraction(text), format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year >= 1970)
                return time;
        throw new MisuseException($"{option} takes a time, not '{text}'", "write it as RFC 3339 does (2026-11-26T12:00:00Z), or as seconds since the epoch");
    }

    /// <summary>Octets, or a number with K, M or G (1024, its square, its cube).</summary>
    /// <exception cref="MisuseException">It is none, or out of bounds.</exception>
    public static long Size(string option, string text, long minimum, long maximum)
    {
        var digits = text.TrimEnd('B', 'b').TrimEnd('i');
        var shift = digits.Length == 0 ? 0 : char.ToUpperInvariant(digits[^1]) switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 0 };
        if (shift > 0) digits = digits[..^1];
        if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= maximum >> shift && number << shift >= minimum) return number << shift;
        throw new MisuseException($"{option} takes a number of octets from {minimum} to {maximum}, not '{text}'", "K, M and G may follow the number: 64M");
    }

    /// <summary>RFC 3339 allows any number of digits in a fraction; a clock tick has seven.</summary>
    private static string ShortFraction(string text)
    {
        var start = text.IndexOf('.') + 1;
        if (start == 0) return text;
        var end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return end - start <= 7 ? text : text.Remove(start + 7, end - start - 7);
    }

    /// <summary>The end of the year 9999.</summary>
    private const long MaximumSeconds = 253402300799;

    /// <summary>RFC 3339 §5.6: T or a blank between date and time, seconds with or without a fraction, Z or an offset.</summary>
    private static readonly string[] TimeFormats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd't'HH:mm:ss.FFFFFFF'z'", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFF'Z'",
    ];

    private static bool TryReadDuration(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text.Length is 0 or > 40) return false;
        double seconds = 0;
        var at = 0;
        while (at < text.Length)
        {
            var start = at;
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.')) at++;
            if (!double.TryParse(text.AsSpan(start, at - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
            start = at;
            while (at < text.Length && char.IsAsciiLetter(text[at])) at++;
            var unit = text[start..at] switch { "ms" => 0.001, "s" => 1, "m" => 60, "h" => 3600, "d" => 86400, "w" => 604800, "" when at == text.Length => 1.0, _ => 0 };
            if (unit == 0) return false;
            seconds += number * unit;
        }

        if (seconds > TimeSpan.MaxValue.TotalSeconds / 2) return false;
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    private static string Shown(TimeSpan duration) => duration switch
    {
        { Ticks: 0 } => "0",
        { TotalSeconds: < 1 } => $"{duration.TotalMilliseconds:0}ms",
        { TotalHours: < 1 } => $"{duration.TotalSeconds:0}s",
        { TotalDays: < 1 } => $"{duration.TotalHours:0}h",
        _ => $"{duration.TotalDays:0}d",
    };
}
