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
    internal static uint Next(uint serial, SerialPolicy policy, DateTimeOffset now) => policy switch
    {
        SerialPolicy.Keep => serial,
        SerialPolicy.Increment => Above(serial),
        SerialPolicy.UnixTime => Later(serial, unchecked((uint)now.ToUnixTimeSeconds())),
        SerialPolicy.Date => Later(serial, uint.Parse(now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) * 100),
    };

    // RFC 1982 §3.2: only the difference tells which is later.
    private static uint Later(uint serial, uint wanted) => unchecked((int)(wanted - serial)) > 0 ? wanted : Above(serial);

    // Some servers take 0 for "no serial".
    private static uint Above(uint serial) => serial == uint.MaxValue ? 1 : serial + 1;
}
