using System.Text.Json;
using Danelaw.Dns.Messages;
using Danelaw.Servers;
using static Danelaw.Cli.Rendering.NullableJson;

namespace Danelaw.Cli.Rendering.Servers;

/// <summary>The <c>servers</c> object of <c>danelaw.lookup/1</c>.</summary>
internal static class ServersJson
{
    public static void Write(Utf8JsonWriter json, ServerReport report)
    {
        json.WriteStartObject("servers");
        Text(json, "zone", report.Evidence.Zone?.ToString());
        Text(json, "nsStatus", report.Evidence.NameServers is { } servers ? Kebab.Of(servers.Security) : null);
        json.WriteBoolean("delegation", report.Evidence.IsDelegation);
        json.WriteNumber("addressesLeftOut", report.Evidence.LeftOut);
        json.WriteStartArray("servers");
        foreach (var row in report.Rows)
        {
            json.WriteStartObject();
            WritePlace(json, row);
            WriteFaults(json, row);
            json.WriteStartArray("questions");
            foreach (var probe in row.Probes) Write(json, probe);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("findings");
        foreach (var finding in report.Findings) CheckJson.Write(json, finding);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>An item of the <c>zones</c> of <c>danelaw.check/1</c>: nothing of it depends on how long anybody took, so that evidence that was kept says the same.</summary>
    public static void WriteShort(Utf8JsonWriter json, ServerReport report)
    {
        json.WriteStartObject();
        Text(json, "zone", report.Evidence.Zone?.ToString());
        json.WriteBoolean("delegation", report.Evidence.IsDelegation);
        json.WriteNumber("addressesLeftOut", report.Evidence.LeftOut);
        json.WriteStartArray("servers");
        foreach (var row in report.Rows)
        {
            json.WriteStartObject();
            WritePlace(json, row);
            json.WriteBoolean("asked", row.IsAsked);
            Number(json, "serial", row.Serial);
            WriteFaults(json, row);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WritePlace(Utf8JsonWriter json, ServerRow row)
    {
        json.WriteString("host", row.Host.ToString());
        json.WriteString("address", row.Address.ToString());
    }

    private static void WriteFaults(Utf8JsonWriter json, ServerRow row)
    {
        json.WriteStartArray("faults");
        foreach (var fault in row.Faults) json.WriteStringValue(fault);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ServerProbe probe)
    {
        json.WriteStartObject();
        json.WriteString("question", Kebab.Of(probe.Question));
        json.WriteString("transport", probe.IsTcp ? "tcp" : "udp");
        json.WriteString("outcome", Kebab.Of(probe.Outcome));
        Text(json, "rcode", probe.Code is { } code ? ResponseCodes.ToText(code) : null);
        json.WriteBoolean("authoritative", probe.IsAuthoritative);
        json.WriteBoolean("signatures", probe.IsSigned);
        json.WriteBoolean("denial", probe.HasDenial);
        Number(json, "serial", probe.Serial);
        json.WriteNumber("records", probe.Records);
        Text(json, "digest", probe.Digest.Length > 0 ? probe.Digest : null);
        json.WriteNumber("size", probe.Size);
        Number(json, "ednsSize", probe.EdnsSize);
        json.WriteBoolean("large", probe.IsLarge);
        json.WriteNumber("milliseconds", Math.Round(probe.Time.TotalMilliseconds, 1));
        json.WriteString("detail", probe.Detail);
        Text(json, "status", probe.Status is { } status ? Kebab.Of(status) : null);
        json.WriteString("why", probe.Why);
        json.WriteEndObject();
    }
}
