using System.Globalization;

namespace Danelaw.Cli.Options;

/// <summary>What a key is for at a moment.</summary>
internal enum KeyUse
{
    /// <summary>Nothing yet.</summary>
    Withheld = 0,

    /// <summary>Its DNSKEY record stands in the zone.</summary>
    Published,

    /// <summary>It signs, too.</summary>
    Signing,

    /// <summary>Its DNSKEY record is taken out.</summary>
    Removed,
}

/// <summary>The times of a key as BIND's tools keep them: lines of the <c>.private</c> file, comments of the <c>.key</c> file. Read as <c>dnssec-signzone -S</c> reads them.</summary>
internal sealed class KeyTimes
{
    private static readonly string[] Names = ["Created", "Publish", "Activate", "Revoke", "Inactive", "Delete"];

    private readonly Dictionary<string, DateTimeOffset> _times = new(StringComparer.OrdinalIgnoreCase);

    private KeyTimes()
    {
    }

    /// <summary>Reads them from the text of either file; there may be none.</summary>
    public static KeyTimes Read(string text)
    {
        var times = new KeyTimes();
        foreach (var line in text.Split('\n'))
        {
            var parts = line.TrimStart(';', ' ').Split(':', 2, StringSplitOptions.TrimEntries);
            if (parts.Length == 2 && Names.Contains(parts[0], StringComparer.OrdinalIgnoreCase)
                && DateTimeOffset.TryParseExact(parts[1].Split(' ')[0], "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) times._times[parts[0]] = time;
        }

        return times;
    }

    /// <summary>What the key is for. A key without any times signs.</summary>
    public KeyUse UseAt(DateTimeOffset now)
    {
        if (IsPast("Delete", now)) return KeyUse.Removed;
        // Made with times and given none to begin at (dnssec-keygen -G), it waits; made without times it has begun.
        var hasBegun = !_times.ContainsKey("Publish") && !_times.ContainsKey("Activate") && !_times.ContainsKey("Created");
        // A time of activation alone publishes, too. One that comes before that of publication waits for it: here only keys that are published sign.
        if (!hasBegun && !IsPast(_times.ContainsKey("Publish") ? "Publish" : "Activate", now)) return KeyUse.Withheld;
        return (hasBegun || IsPast("Activate", now)) && !IsPast("Inactive", now) ? KeyUse.Signing : KeyUse.Published;
    }

    /// <summary>Whether it is revoked by then (RFC 5011 §2.1); only a key that is published can be.</summary>
    public bool IsRevokedAt(DateTimeOffset now) => IsPast("Revoke", now) && UseAt(now) is KeyUse.Published or KeyUse.Signing;

    /// <summary>The times, for people.</summary>
    public override string ToString() => string.Join(", ", Names.Where(_times.ContainsKey).Select(name => string.Create(CultureInfo.InvariantCulture, $"{name} {_times[name]:yyyy-MM-dd HH:mm:ss}")));

    private bool IsPast(string name, DateTimeOffset now) => _times.TryGetValue(name, out var time) && time <= now;
}
