using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;

namespace Danelaw.Dnssec.Signing;

/// <summary>The <c>K….key</c> files that stand beside <see cref="PrivateKeyFile"/>: a DNSKEY record in zone-file syntax. Zone and flags are known from them.</summary>
/// <param name="Zone">The zone that the key belongs to.</param>
/// <param name="TimeToLive">Seconds, when the record says so; otherwise null.</param>
/// <param name="Dnskey">The record.</param>
public sealed record PublicKeyFile(DomainName Zone, uint? TimeToLive, DnskeyData Dnskey)
{
    /// <summary>What both files of a key are called but for their endings: <c>Kexample.org.+013+12345</c>.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="key">The key.</param>
    public static string NameOf(DomainName zone, SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var name = new StringBuilder();
        // As BIND writes names into file names: anything that is not plain as % and two digits.
        foreach (var character in zone.ToCanonical().ToString())
        {
            if (char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.') name.Append(character);
            else name.Append(CultureInfo.InvariantCulture, $"%{(int)character:X2}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"K{name}+{(byte)key.Algorithm:D3}+{key.KeyTag:D5}");
    }

    /// <summary>Writes the record, with a comment that says what it is.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="key">The key.</param>
    /// <param name="timeToLive">Seconds; null leaves it to the zone file.</param>
    public static string Write(DomainName zone, SigningKey key, uint? timeToLive)
    {
        ArgumentNullException.ThrowIfNull(key);
        var role = key.Flags.HasFlag(DnskeyFlags.Revoked) ? "revoked" : key.Flags.HasFlag(DnskeyFlags.SecureEntryPoint) ? "key-signing" : "zone-signing";
        var ttl = timeToLive is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{seconds} ") : "";
        return string.Create(CultureInfo.InvariantCulture, $"; This is a {role} key, keyid {key.KeyTag}, for {zone}\n{zone} {ttl}IN DNSKEY {RecordText.Format(RecordType.DNSKEY, key.ToDnskey())}\n");
    }

    /// <summary>Reads the first DNSKEY record of the text; a KEY or CDNSKEY record is none.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="file">The record and its zone; null when there is none.</param>
    /// <param name="fault">What is wrong, for people; empty on success.</param>
    public static bool TryRead(string text, [NotNullWhen(true)] out PublicKeyFile? file, out string fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        file = Records(text).FirstOrDefault();
        fault = file is null ? "no DNSKEY record in it" : "";
        return file is not null;
    }

    /// <summary>Reads every DNSKEY record of the text, such as <c>dig</c> prints, up to what cannot be read.</summary>
    /// <param name="text">The whole file.</param>
    public static ImmutableArray<PublicKeyFile> ReadAll(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. Records(text)];
    }

    private static IEnumerable<PublicKeyFile> Records(string text)
    {
        using var reader = new ZoneReader(new StringReader(text), new ZoneReaderOptions { DefaultTtl = int.MaxValue, AllowInclude = false });
        while (reader.TryRead(out var record, out _))
        {
            if (record.Type == RecordType.DNSKEY && DnskeyData.TryRead(record.Data, out var dnskey))
                yield return new(record.Owner, record.TimeToLive == int.MaxValue ? null : record.TimeToLive, dnskey);
        }
    }
}
