using System.Globalization;

namespace Danelaw.Dns.Records.Text;

/// <summary>Times and periods of zone files.</summary>
internal static class TimeText
{
    private const int DateLength = 14;
    private const int SecondsPerDay = 86400;

    /// <summary>Days before 1970 as <see cref="DateOnly"/> counts them.</summary>
    private const int DayNumberOf1970 = 719162;

    /// <summary>Reads seconds, or numbers with units such as <c>1h30m</c>: weeks, days, hours, minutes, seconds, each once and in any order.</summary>
    /// <param name="text">The text.</param>
    /// <param name="seconds">The seconds, up to 2^32 - 1.</param>
    internal static bool TryPeriod(ReadOnlySpan<char> text, out uint seconds)
    {
        seconds = 0;
        ulong total = 0, number = 0;
        var hasDigits = false;
        var used = 0;
        foreach (var character in text)
        {
            if (char.IsAsciiDigit(character))
            {
                number = (number * 10) + (uint)(character - '0');
                if (number > uint.MaxValue) return false;
                hasDigits = true;
                continue;
            }

            var (unit, bit) = (char)(character | 0x20) switch { 's' => (1u, 1), 'm' => (60u, 2), 'h' => (3600u, 4), 'd' => (86400u, 8), 'w' => (604800u, 16), _ => (0u, 0) };
            if (unit == 0 || !hasDigits || (used & bit) != 0) return false;
            total += number * unit;
            if (total > uint.MaxValue) return false;
            (number, hasDigits, used) = (0, false, used | bit);
        }

        // A number without a unit stands alone.
        if (hasDigits == (used != 0)) return false;
        total += number;
        seconds = (uint)total;
        return true;
    }

    /// <summary>Reads a time of a signature (RFC 4034 §3.2): YYYYMMDDHHmmSS in UTC, exactly 14 digits, or seconds since 1970, at most 10; both as serial numbers.</summary>
    internal static bool TrySerial(ReadOnlySpan<char> text, out uint time)
    {
        time = 0;
        if (text.IsEmpty || text.ContainsAnyExceptInRange('0', '9')) return false;
        if (text.Length <= 10) return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out time);
        if (text.Length != DateLength) return false;
        if (!DateTime.TryParseExact(text, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date)) return false;
        var seconds = (date.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
        if (seconds < 0) return false;
        // RFC 4034 §3.1.5: the field is a serial number; years beyond 2106 wrap.
        time = unchecked((uint)seconds);
        return true;
    }

    /// <summary>Writes 14 digits.</summary>
    internal static void FormatSerial(uint time, Span<char> text)
    {
        DateOnly.FromDayNumber(DayNumberOf1970 + (int)(time / SecondsPerDay)).Deconstruct(out var year, out var month, out var day);
        var second = (int)(time % SecondsPerDay);
        Put(text, year / 100);
        Put(text[2..], year % 100);
        Put(text[4..], month);
        Put(text[6..], day);
        Put(text[8..], second / 3600);
        Put(text[10..], second / 60 % 60);
        Put(text[12..], second % 60);

        static void Put(Span<char> digits, int number)
        {
            digits[1] = (char)('0' + (number % 10));
            digits[0] = (char)('0' + (number / 10));
        }
    }
}
