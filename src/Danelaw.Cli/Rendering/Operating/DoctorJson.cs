using Danelaw.Operator.Audit;

namespace Danelaw.Cli.Rendering.Operating;

/// <summary><c>danelaw.doctor/1</c>.</summary>
internal static class DoctorJson
{
    public static byte[] Document(DoctorReport report) => JsonText.Line(json =>
    {
        json.WriteString("schema", "danelaw.doctor/1");
        json.WriteString("host", report.Host);
        json.WriteStartArray("findings");
        foreach (var finding in report.Findings)
        {
            json.WriteStartObject();
            json.WriteString("code", finding.Code);
            json.WriteString("severity", Kebab.Of(finding.Severity));
            json.WriteString("subject", finding.Subject);
            if (finding.Place is { } place) json.WriteString("file", place.File);
            else json.WriteNull("file");
            if (finding.Place is { Line: > 0 } line) json.WriteNumber("line", line.Line);
            else json.WriteNull("line");
            json.WriteString("text", finding.Text);
            json.WriteString("mend", finding.Mend.Text);
            json.WriteString("explain", MoreAbout.Of(finding.Code));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("unseen");
        foreach (var unseen in report.Unseen)
        {
            json.WriteStartObject();
            json.WriteString("what", unseen.What);
            json.WriteString("why", unseen.Mend.Length > 0 ? $"{unseen.Why}; {unseen.Mend.TrimEnd('.')}" : unseen.Why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("domains");
        foreach (var row in report.Domains)
        {
            json.WriteStartObject();
            json.WriteString("domain", row.Domain);
            json.WriteString("mx", row.Mx);
            json.WriteString("base", row.Base);
            json.WriteString("verdict", row.Verdict);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
