using System.Globalization;
using Danelaw.Dns.Names;

namespace Danelaw.Cli.Rendering.Records;

/// <summary>What nsupdate reads (RFC 2136): one update, so that a server does all of it or nothing.</summary>
internal static class NsupdateScript
{
    public static IEnumerable<string> Of(IReadOnlyList<MadeRecord> records, DomainName? zone, bool isReplacing)
    {
        if (zone is { } its) yield return $"zone {its}";

        // RFC 2136 §3.4.2.3: what is deleted before is added again after, in the order of the lines.
        if (isReplacing)
            foreach (var owner in records.Select(record => (record.Owner, record.TypeName)).Distinct()) yield return $"update delete {owner.Owner} IN {owner.TypeName}";
        foreach (var record in records) yield return string.Create(CultureInfo.InvariantCulture, $"update add {record.Owner} {record.TimeToLive ?? RecordForms.DefaultTimeToLive} IN {record.TypeName} {record.Text}");
        yield return "send";
    }
}
