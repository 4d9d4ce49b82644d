using Danelaw.Operator.Publishing;
using System.Text.Json;
using Danelaw.Cli.Running;
using Danelaw.Operator.Rollover;
using static Danelaw.Cli.Rendering.NullableJson;

namespace Danelaw.Cli.Rendering.Operating;

/// <summary><c>danelaw.publish/1</c>.</summary>
internal static class PublishJson
{
    public static byte[] Document(PublishReport report) => JsonText.Line(json =>
    {
        json.WriteString("schema", "danelaw.publish/1");
        json.WriteString("to", report.Way);
        json.WriteBoolean("dryRun", report.IsDryRun);
        json.WriteString("result", Kebab.Of(report.State));
        json.WriteStartArray("owners");
        foreach (var owner in report.Owners)
        {
            json.WriteStartObject();
            json.WriteString("owner", owner.Owner.ToString());
            Set(json, "before", owner.Before.Records);
            Number(json, "beforeTtl", owner.Before.TimeToLive);
            Set(json, "after", owner.After);
            Number(json, "ttl", owner.After.IsEmpty ? null : owner.TimeToLive);
            if (owner.Outcome is { } outcome) json.WriteString("outcome", Kebab.Of(outcome));
            else json.WriteNull("outcome");
            json.WriteString("detail", owner.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("form");
        foreach (var form in report.Forms) WriteForm(json, form);
        json.WriteEndArray();
        if (report.Propagation is not { } propagation)
        {
            json.WriteNull("propagation");
            return;
        }

        json.WriteStartObject("propagation");
        json.WriteBoolean("complete", propagation.Gate.IsOpen);
        Number(json, "cachesSeconds", propagation.CachesNeed is { } needed ? (long)Math.Ceiling(needed.TotalSeconds) : null);
        json.WriteStartArray("servers");
        foreach (var (server, view) in propagation.Gate.Servers.Zip(propagation.Views))
        {
            json.WriteStartObject();
            json.WriteString("owner", server.Owner);
            json.WriteString("server", server.Server);
            json.WriteString("standing", Kebab.Of(server.Standing));
            json.WriteNumber("sinceSeconds", (long)server.Since.TotalSeconds);
            json.WriteString("status", Kebab.Of(view.Security));
            json.WriteString("detail", view.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>The fields of one record.</summary>
    public static void WriteForm(Utf8JsonWriter json, FormFields form)
    {
        json.WriteStartObject();
        Number(json, "port", form.Port);
        json.WriteString("protocol", form.Protocol);
        json.WriteString("host", form.Host);
        json.WriteString("absoluteHost", form.AbsoluteHost);
        json.WriteString("name", form.Name);
        json.WriteString("absoluteName", form.AbsoluteName);
        json.WriteNumber("usage", (byte)form.Record.Usage);
        json.WriteNumber("selector", (byte)form.Record.Selector);
        json.WriteNumber("matching", (byte)form.Record.Matching);
        json.WriteString("association", form.Record.Data.ToHex());
        json.WriteNumber("ttl", form.TimeToLive);
        json.WriteEndObject();
    }

    private static void Set(Utf8JsonWriter json, string member, TlsaSet set)
    {
        json.WriteStartArray(member);
        foreach (var record in set.Records) json.WriteStringValue(record.ToString());
        json.WriteEndArray();
    }
}
