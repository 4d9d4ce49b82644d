using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;

namespace Danelaw.Dnssec.Anchors;

/// <summary>
/// The state as text: zone-file syntax in which only the trusted keys are records, and all else stands in comments, so that whatever reads it as a
/// zone file trusts no more than it should. The last line is the SHA-256 of those before: what was cut off or altered is noticed.
/// </summary>
public static class AnchorStateText
{
    private const string Head = "; danelaw anchor state, version 1";
    private const string Versions = "; danelaw anchor state, version ";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>No time is later, so that every span that is written can be added to it.</summary>
    private static readonly DateTimeOffset Latest = DateTimeOffset.MaxValue.AddSeconds(-uint.MaxValue);

    private static readonly string[] Explanation =
    [
        "; Trust anchors that danelaw follows by RFC 5011. The records are the trusted keys; pending, revoked",
        "; and removed ones stand in comments. Kept by danelaw: take the file away to begin anew.",
    ];

    /// <summary>Writes it.</summary>
    /// <param name="state">The state.</param>
    public static string Write(AnchorState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var text = new StringBuilder().Append(Head).Append('\n');
        foreach (var line in Explanation) text.Append(line).Append('\n');
        foreach (var point in state.Points) Write(text, point);
        text.Append('\n');
        var body = text.ToString();
        return $"{body};;sha256 {Digest(body)}\n";
    }

    /// <summary>Reads it. Never throws on foreign text.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="state">The state; null on failure.</param>
    /// <param name="fault">What is wrong, in a few words; null on success.</param>
    public static bool TryRead(string text, [NotNullWhen(true)] out AnchorState? state, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        (state, fault) = (null, null);
        if (!text.StartsWith(Head + "\n", StringComparison.Ordinal))
        {
            fault = text.StartsWith(Versions, StringComparison.Ordinal) ? "it is of another version of danelaw" : "it is no anchor state that danelaw has written";
            return false;
        }

        var end = text.LastIndexOf("\n;;sha256 ", StringComparison.Ordinal) + 1;
        if (end == 0 || text[end..] != $";;sha256 {Digest(text[..end])}\n")
        {
            fault = "it is damaged: it was cut off, or altered by something other than danelaw";
            return false;
        }

        var lines = text[..end].Split('\n');
        var points = ImmutableArray.CreateBuilder<TrustPoint>();
        for (var at = 1; at < lines.Length;)
        {
            if (!lines[at].StartsWith(";;zone ", StringComparison.Ordinal))
            {
                if (lines[at].StartsWith(";;", StringComparison.Ordinal) || (lines[at].Length > 0 && lines[at][0] != ';')) return Damaged(at, out fault);
                at++;
            }
            else if (new PointReader(lines, at).TryRead(out var point, out at) && !points.Any(other => other.Zone.Equals(point.Zone))) points.Add(point);
            else return Damaged(at, out fault);
        }

        state = new(points.DrainToImmutable());
        return true;
    }

    private static bool Damaged(int at, out string fault)
    {
        fault = $"line {at + 1} makes no sense";
        return false;
    }

    private static void Write(StringBuilder text, TrustPoint point)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n;;zone {point.Zone}\n");
        foreach (var record in point.Configured) text.Append(CultureInfo.InvariantCulture, $";;configured {ZoneWriter.ToLine(record)}\n");
        text.Append(CultureInfo.InvariantCulture, $";;queried {Text(point.LastQueried)}\n;;validated {Text(point.LastValidated)}\n;;next {Text(point.NextQuery)}\n");
        text.Append(CultureInfo.InvariantCulture, $";;failures {point.Failures}\n;;ttl {point.OriginalTimeToLive}\n;;signature-life {(long)point.SignatureLife.TotalSeconds}\n");
        foreach (var key in point.Keys)
        {
            text.Append(CultureInfo.InvariantCulture, $";;key {Word(key.State)} tag={key.KeyTag} since={Text(key.Since)} seen={Text(key.LastSeen)}");
            if (key.State == AnchorKeyState.AddPend) text.Append(CultureInfo.InvariantCulture, $" hold-down={(long)key.HoldDown.TotalSeconds} valid-from={Text(key.ValidFrom)}");
            var isDigest = key.Dnskey.IsEmpty;
            var record = new ResourceRecord(point.Zone, isDigest ? RecordType.DS : RecordType.DNSKEY, RecordClass.IN, point.OriginalTimeToLive, isDigest ? key.DelegationSigner : key.Dnskey);
            text.Append(CultureInfo.InvariantCulture, $"\n{(key.IsTrusted ? "" : ";")}{ZoneWriter.ToLine(record)}\n");
        }
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Text(DateTimeOffset? time) => time?.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture) ?? "never";

    /// <summary>The states as RFC 5011 §4.2 names them.</summary>
    private static string Word(AnchorKeyState state) => state.ToString();

    /// <summary>Reads one trust point, line by line in the order in which they are written.</summary>
    private sealed class PointReader(string[] lines, int at)
    {
        private int _at = at;

        internal bool TryRead([NotNullWhen(true)] out TrustPoint? point, out int next)
        {
            point = Read();
            next = _at;
            return point is not null;
        }

        private TrustPoint? Read()
        {
            if (!DomainName.TryParse(Value(";;zone "), out var zone, out _)) return null;
            var configured = ImmutableArray.CreateBuilder<ResourceRecord>();
            while (Peek(";;configured "))
            {
                if (ReadRecord(Value(";;configured "), zone) is not { } record) return null;
                configured.Add(record);
            }

            if (configured.Count == 0 || !TryTime(Value(";;queried "), out var queried) || !TryTime(Value(";;validated "), out var validated)
                || !TryTime(Value(";;next "), out var due) || due is null
                || !TryNumber(Value(";;failures "), int.MaxValue, out var failures) || !TryNumber(Value(";;ttl "), int.MaxValue, out var timeToLive)
                || !TryNumber(Value(";;signature-life "), uint.MaxValue, out var life)) return null;
            var point = new TrustPoint
            {
                Zone = zone,
                Configured = configured.DrainToImmutable(),
                LastQueried = queried,
                LastValidated = validated,
                NextQuery = due.Value,
                Failures = (int)failures,
                OriginalTimeToLive = (uint)timeToLive,
                SignatureLife = TimeSpan.FromSeconds(life),
            };
            var keys = ImmutableArray.CreateBuilder<AnchorKey>();
            while (Peek(";;key "))
            {
                if (ReadKey(zone) is not { } key) return null;
                keys.Add(key);
            }

            return keys.Count == 0 ? null : point with { Keys = keys.DrainToImmutable() };
        }

        private AnchorKey? ReadKey(DomainName zone)
        {
            var words = Value(";;key ").Split(' ');
            if (words.Length < 4 || !Enum.TryParse<AnchorKeyState>(words[0], out var state) || state == AnchorKeyState.Start || state.ToString() != words[0]) return null;
            if (Find(words, "tag=") is not { } tag || !TryNumber(tag, ushort.MaxValue, out var number)) return null;
            if (!TryTime(Find(words, "since="), out var since) || since is null || !TryTime(Find(words, "seen="), out var seen)) return null;
            long holdDown = 0;
            if (state == AnchorKeyState.AddPend && !TryNumber(Find(words, "hold-down=") ?? "", uint.MaxValue, out holdDown)) return null;
            var line = Line();
            var isTrusted = state is AnchorKeyState.Valid or AnchorKeyState.Missing;
            if (line.StartsWith(';') == isTrusted || ReadRecord(line.TrimStart(';'), zone) is not { } record) return null;
            var key = new AnchorKey { State = state, Since = since.Value, LastSeen = seen, HoldDown = TimeSpan.FromSeconds(holdDown) };
            key = record.Type == RecordType.DS ? key with { DelegationSigner = record.Data } : key with { Dnskey = record.Data };
            return key.KeyTag == number ? key : null;
        }

        private static ResourceRecord? ReadRecord(string line, DomainName zone)
        {
            using var reader = new ZoneReader(new StringReader(line), new() { AllowInclude = false });
            if (!reader.TryRead(out var record, out _) || !record.Owner.Equals(zone) || record.Class != RecordClass.IN) return null;
            return record.Type == RecordType.DS ? DsData.TryRead(record.Data, out _) ? record : null
                : record.Type == RecordType.DNSKEY && DnskeyData.TryRead(record.Data, out _) ? record : null;
        }

        private static string? Find(string[] words, string name) => words.FirstOrDefault(word => word.StartsWith(name, StringComparison.Ordinal))?[name.Length..];

        private static bool TryNumber(string text, long maximum, out long number) =>
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= maximum;

        private static bool TryTime(string? text, out DateTimeOffset? time)
        {
            time = null;
            if (text == "never") return true;
            if (!DateTimeOffset.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var read) || read > Latest) return false;
            time = read;
            return true;
        }

        private bool Peek(string label) => _at < lines.Length && lines[_at].StartsWith(label, StringComparison.Ordinal);

        /// <summary>What follows a label, one line further on; empty, which nothing accepts, where another label stands.</summary>
        private string Value(string label) => Peek(label) ? lines[_at++][label.Length..] : "";

        private string Line() => _at < lines.Length ? lines[_at++] : "";
    }
}
