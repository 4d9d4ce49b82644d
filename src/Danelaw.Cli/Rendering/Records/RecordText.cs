using System.Globalization;
using System.Text;
using Danelaw.Cli.Rendering.Operating;
using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;

namespace Danelaw.Cli.Rendering.Records;

/// <summary>Records in the form in which they go where they belong.</summary>
internal static class RecordText
{
    /// <summary>Seconds, where a form has to name a TTL and none was given.</summary>
    private const int DefaultTimeToLive = 3600;

    /// <summary>All of them.</summary>
    /// <param name="format">The form.</param>
    /// <param name="records">The records, in order.</param>
    /// <param name="zone">Their zone; null when it is not known.</param>
    public static byte[] Write(RecordFormat format, IReadOnlyList<MadeRecord> records, DomainName? zone) => format switch
    {
        RecordFormat.Zone => Lines(records.Select(record => record.Line)),
        RecordFormat.Rfc3597 => Lines(records.Select(record => record.GenericLine)),
        RecordFormat.Nsupdate => Lines(Nsupdate(records, zone)),
        RecordFormat.Json => [.. records.SelectMany(record => record.ToJson())],
        RecordFormat.Form => Form(records, zone ?? DomainName.Root),
        RecordFormat.Tinydns => Lines(records.Select(Tinydns)),
    };

    private static byte[] Lines(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));

    private static IEnumerable<string> Nsupdate(IReadOnlyList<MadeRecord> records, DomainName? zone)
    {
        if (zone is { } its) yield return $"zone {its}";
        foreach (var record in records) yield return string.Create(CultureInfo.InvariantCulture, $"update add {record.Owner} {record.TimeToLive ?? DefaultTimeToLive} IN TLSA {record.Record}");
        yield return "send";
    }

    private static byte[] Form(IReadOnlyList<MadeRecord> records, DomainName zone)
    {
        var page = new Page(PageStyle.Pipe);
        foreach (var record in records)
        {
            if (!page.IsEmpty) page.Gap();
            PublishText.WriteForm(page, FormFields.Of(zone, record.Owner, record.Record, (uint)(record.TimeToLive ?? DefaultTimeToLive)));
        }

        return page.ToUtf8();
    }

    /// <summary>tinydns-data's generic record, <c>:fqdn:n:rdata:ttl</c>; what is not plainly a letter of a host name stands as <c>\ooo</c>.</summary>
    private static string Tinydns(MadeRecord record)
    {
        var line = new StringBuilder(":");
        foreach (var octet in Encoding.ASCII.GetBytes(record.Owner.ToString().TrimEnd('.')))
        {
            if (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'-' or (byte)'_' or (byte)'.') line.Append(char.ToLowerInvariant((char)octet));
            else Octal(line, octet);
        }

        line.Append(CultureInfo.InvariantCulture, $":{(ushort)Dns.Records.RecordType.TLSA}:");
        foreach (var octet in record.Record.ToRecordData().Span) Octal(line, octet);
        return line.Append(CultureInfo.InvariantCulture, $":{record.TimeToLive ?? DefaultTimeToLive}").ToString();
    }

    private static void Octal(StringBuilder text, byte octet) => text.Append('\\').Append((char)('0' + (octet >> 6))).Append((char)('0' + ((octet >> 3) & 7))).Append((char)('0' + (octet & 7)));
}
