using System.Globalization;
using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;

namespace Danelaw.Cli.Rendering.Records;

/// <summary>A call of DNSControl's <c>D_EXTEND</c>, which stands in dnsconfig.js behind the domain's <c>D</c>. Written by its documentation: usage, selector and type are numbers, the data a string.</summary>
internal static class DnscontrolCall
{
    public static IEnumerable<string> Of(IReadOnlyList<MadeRecord> records, DomainName zone)
    {
        yield return "// Not tried with DNSControl: written by its documentation of D_EXTEND and the functions in it.";
        yield return $"D_EXTEND({Quote(RecordForms.Whole(zone))},";

        // No comma behind the last one: older releases of DNSControl do not take it.
        for (var i = 0; i < records.Count; i++) yield return $"  {Of(records[i], zone)}{(i + 1 < records.Count ? "," : "")}";
        yield return ");";
    }

    private static string Of(MadeRecord record, DomainName zone)
    {
        var data = record.Association is { } said
            ? string.Create(CultureInfo.InvariantCulture, $"{(byte)said.Usage}, {(byte)said.Selector}, {(byte)said.Matching}, \"{said.Data.ToHex()}\"")
            : $"\"{record.Text}\"";
        var timeToLive = record.TimeToLive is { } seconds ? string.Create(CultureInfo.InvariantCulture, $", TTL({seconds})") : "";
        return $"{record.TypeName}({Quote(FormFields.Relative(record.Owner, zone))}, {data}{timeToLive})";
    }

    /// <summary>A string of JavaScript. Names have printable ASCII alone.</summary>
    private static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
