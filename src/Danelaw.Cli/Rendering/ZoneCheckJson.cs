using Danelaw.Dns.Records;
using Danelaw.Dnssec.Checking;

namespace Danelaw.Cli.Rendering;

/// <summary><c>danelaw.zone-check/1</c>.</summary>
internal static class ZoneCheckJson
{
    public static byte[] Write(ZoneCheckReport report, bool isSound, DateTimeOffset now) => JsonText.Line(json =>
    {
        json.WriteString("schema", "danelaw.zone-check/1");
        json.WriteString("zone", report.Apex.ToString());
        json.WriteString("result", isSound ? "sound" : "unsound");
        json.WriteNumber("serial", report.Serial);
        json.WriteString("denial", report.Denial);
        json.WriteNumber("names", report.Names);
        json.WriteNumber("records", report.Records);
        json.WriteNumber("signatures", report.Signatures);
        if (report.FirstExpiration is { } end)
        {
            json.WriteString("firstExpiration", ZoneSignJson.Moment(end));
            json.WriteNumber("daysLeft", (long)Math.Floor((end - now).TotalDays));
        }
        else
        {
            json.WriteNull("firstExpiration");
            json.WriteNull("daysLeft");
        }

        json.WriteNumber("errors", report.Errors);
        json.WriteNumber("warnings", report.Warnings);
        json.WriteNumber("notes", report.Notes);
        json.WriteStartArray("findings");
        foreach (var finding in report.Findings)
        {
            json.WriteStartObject();
            json.WriteString("code", finding.Code);
            json.WriteString("severity", finding.Severity.ToString().ToLowerInvariant());
            json.WriteString("owner", finding.Owner.ToString());
            if (finding.Type is { } type) json.WriteString("type", RecordTypes.ToText(type));
            else json.WriteNull("type");
            json.WriteString("file", finding.File);
            json.WriteNumber("line", finding.Line);
            json.WriteString("text", finding.Text);
            json.WriteString("mend", finding.Mend);
            json.WriteString("explain", MoreAbout.Of(finding.Code));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
