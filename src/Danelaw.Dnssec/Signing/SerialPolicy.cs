using System.Globalization;

namespace Danelaw.Dnssec.Signing;

/// <summary>What becomes of the SOA's serial when a zone is signed. It never goes back (RFC 1982 §3.2): where a rule would, it is counted up by one.</summary>
public enum SerialPolicy
{
    /// <summary>It stays.</summary>
    Keep = 0,

    /// <summary>One more.</summary>
    Increment,

    /// <summary>Seconds since 1970.</summary>
    UnixTime,

    /// <summary>YYYYMMDDnn, beginning with 00 each day (UTC).</summary>
    Date,
}

/// <summary>Counts serials.</summary>
internal static class Serials
{
    /// <summary>By how much a serial is ahead of its rule for it to be told: signing several times a day, or twice in a second, is not.</summary>
    private const int Ahead = 100;

    /// <summary>What the rule gives, where the serial is far above that and so goes on by one; null otherwise.</summary>
    internal static uint? LeftBehind(uint serial, SerialPolicy policy, DateTimeOffset now) =>
        policy is SerialPolicy.UnixTime or SerialPolicy.Date && Wanted(policy, now) is var wanted && unchecked((int)(serial - wanted)) >= Ahead ? wanted : null;

    internal static uint Next(uint serial, SerialPolicy policy, DateTimeOffset now) => policy switch
    {
        SerialPolicy.Keep => serial,
        SerialPolicy.Increment => Above(serial),
        SerialPolicy.UnixTime => Later(serial, Wanted(policy, now)),
        SerialPolicy.Date => Later(serial, Wanted(policy, now)),
    };

    private static uint Wanted(SerialPolicy policy, DateTimeOffset now) => policy == SerialPolicy.Date
        ? uint.Parse(now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) * 100
        : unchecked((uint)now.ToUnixTimeSeconds());

    // RFC 1982 §3.2: only the difference tells which is later.
    private static uint Later(uint serial, uint wanted) => unchecked((int)(wanted - serial)) > 0 ? wanted : Above(serial);

    // Some servers take 0 for "no serial".
    private static uint Above(uint serial) => serial == uint.MaxValue ? 1 : serial + 1;
}
