using System.Collections.Immutable;
using System.Text.Json;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Setup;

namespace Danelaw.Cli.Rendering.Operating;

/// <summary><c>danelaw.setup/1</c>.</summary>
internal static class SetupJson
{
    private static readonly string[] OfPlans = ["steps", "obstacles", "warnings", "notes", "left"];

    /// <param name="plan">The plan.</param>
    /// <param name="previews">Its steps.</param>
    /// <param name="outcome">What came of it; null where it was shown only.</param>
    public static byte[] Document(SetupPlan plan, ImmutableArray<StepPreview> previews, SetupOutcome? outcome) => JsonText.Line(json =>
    {
        json.WriteString("schema", "danelaw.setup/1");
        json.WriteString("host", plan.Host);
        json.WriteString("result", outcome is not null ? Kebab.Of(outcome.Result) : plan.IsRefused ? "refused" : plan.Steps.IsEmpty && plan.Obstacles.IsEmpty ? "nothing" : "planned");
        json.WriteStartArray("steps");
        for (var at = 0; at < previews.Length; at++) Write(json, previews[at], outcome is { Steps.IsEmpty: false } ? outcome.Steps[at] : StepState.Planned);
        json.WriteEndArray();
        json.WriteStartArray("obstacles");
        foreach (var obstacle in plan.Obstacles)
        {
            json.WriteStartObject();
            json.WriteString("what", obstacle.What);
            json.WriteString("mend", obstacle.ToDo);
            json.WriteBoolean("fatal", obstacle.IsFatal);
            WritePlace(json, obstacle.Place);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteStrings(json, "warnings", plan.Warnings);
        WriteStrings(json, "notes", plan.Remarks);
        json.WriteStartArray("left");
        foreach (var finding in plan.Left)
        {
            json.WriteStartObject();
            json.WriteString("code", finding.Code);
            json.WriteString("severity", Kebab.Of(finding.Severity));
            json.WriteString("subject", finding.Subject);
            WritePlace(json, finding.Place);
            json.WriteString("mend", finding.Mend.Text);
            json.WriteString("explain", MoreAbout.Of(finding.Code));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteStrings(json, "messages", outcome?.Messages ?? []);
        json.WriteString("journal", outcome?.Journal);
    });

    /// <param name="preview">What taking a setup back would do.</param>
    public static byte[] Document(UndoPreview preview) => JsonText.Line(json =>
    {
        json.WriteString("schema", "danelaw.setup/1");
        json.WriteString("host", "");
        json.WriteString("result", preview.Result switch
        {
            SetupResult.Refused or SetupResult.Nothing => Kebab.Of(preview.Result),
            _ => "planned",
        });
        foreach (var empty in OfPlans) WriteStrings(json, empty, []);
        WriteStrings(json, "messages", preview.Messages);
        json.WriteNull("journal");
        json.WriteStartArray("undone");
        foreach (var file in preview.Files)
        {
            json.WriteStartObject();
            json.WriteString("file", file.File);
            json.WriteString("action", Kebab.Of(file.Action));
            json.WriteBoolean("foreign", file.IsForeign);
            WriteStrings(json, "difference", file.Difference);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, StepPreview preview, StepState state)
    {
        json.WriteStartObject();
        json.WriteString("stage", Kebab.Of(preview.Step.Stage));
        json.WriteString("title", preview.Step.Title);
        json.WriteString("why", preview.Step.Why);
        json.WriteString("state", Kebab.Of(state));
        WriteStrings(json, "findings", [.. preview.Step.Findings.Select(finding => finding.Code).Distinct()]);
        json.WriteStartArray("files");
        foreach (var file in preview.Files)
        {
            json.WriteStartObject();
            json.WriteString("file", file.File);
            WriteStrings(json, "difference", file.Difference);
            json.WriteString("mode", file.Mode is { } mode ? Convert.ToString((int)mode, 8) : null);
            json.WriteString("key", file.Chain?.Key.File);
            WriteStrings(json, "certificates", file.Chain is { } chain ? [.. chain.Certificates.Select(place => place.ToString())] : []);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("records");
        foreach (var record in preview.Step.Records)
        {
            json.WriteStartObject();
            json.WriteString("owner", record.Owner.ToString());
            json.WriteNumber("ttl", record.TimeToLive);
            if (record.Before is null) json.WriteNull("before");
            else WriteStrings(json, "before", Lines(record.Before));
            WriteStrings(json, "after", Lines(record.After));
            json.WriteString("zone", record.Zone?.ToString());
            json.WriteString("publish", RecordAdvice.CommandOf(record));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteStrings(json, "commands", preview.Commands);
        WriteStrings(json, "reloads", [.. preview.Step.Reloads.Select(reload => reload.Command)]);
        WriteStrings(json, "timers", preview.Step.Timers);
        json.WriteString("proof", preview.Step.Proof);
        json.WriteString("undo", preview.Step.Undo);
        json.WriteEndObject();
    }

    private static ImmutableArray<string> Lines(TlsaSet set) => [.. set.Records.Select(record => record.ToString())];

    private static void WritePlace(Utf8JsonWriter json, Danelaw.Operator.Audit.Place? place)
    {
        json.WriteString("file", place?.File);
        if (place is { Line: > 0 }) json.WriteNumber("line", place.Line);
        else json.WriteNull("line");
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, ImmutableArray<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
