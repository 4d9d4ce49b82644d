using System.Globalization;
using Danelaw.Checks;
using Danelaw.Cli.Options;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Setup;

namespace Danelaw.Cli.Rendering.Operating;

/// <summary>A plan of setup as text: what changes, why, and how it is taken back.</summary>
internal static class SetupText
{
    private const int Label = 18;

    public static void WritePlan(Page page, SetupPlan plan, HostFiles files, Output output, string command)
    {
        if (plan.IsRefused) page.Line(0, new Ink(plan.Host, Tone.Strong), ": ", new Ink("nothing can be set up", Tone.Bad));
        else if (plan.Steps.IsEmpty) page.Line(0, new Ink(plan.Host, Tone.Strong), ": ", plan.Obstacles.IsEmpty ? new Ink("there is nothing to do", Tone.Good) : new Ink("nothing more can be done yet", Tone.Doubt));
        else page.Line(0, new Ink(plan.Host, Tone.Strong), $": {Plural(plan.Steps.Length, "step")} to DANE. Nothing is altered yet.");
        if (output.IsQuiet) return;
        var number = 0;
        foreach (var preview in StepPreview.Of(plan, files)) Write(page, ++number, preview, plan.Publisher);
        WriteRest(page, plan, output);
        if (plan.Steps.IsEmpty) return;
        page.Gap();
        page.Line(0, new Ink("To do all this", Tone.Strong).Pad(Label), command);
        page.Column(0, new Ink("To take it back", Tone.Strong), Label, $"{Undo(plan)}, at any time; every file as it was is kept in {SetupOptions.DefaultState}/setup. {Undo(plan)} --dry-run shows first what it would do");
        page.Column(0, new Ink("By hand", Tone.Strong), Label, "the lines above leave out what setup does beside: a copy of each file first, a look at each port after each step, and all of it put back where one fails");
    }

    /// <summary>What came of it.</summary>
    public static void WriteOutcome(Page page, SetupPlan plan, SetupOutcome outcome, Output output)
    {
        page.Line(0, new Ink(plan.Host, Tone.Strong), ": ", outcome.Result switch
        {
            SetupResult.Done => new Ink("done", Tone.Good),
            SetupResult.Nothing => new("there is nothing to do", Tone.Good),
            SetupResult.Waiting when plan.Left.Any(finding => finding.Severity == Severity.Error) => new("waiting; an error is left that setup does not mend", Tone.Doubt),
            SetupResult.Waiting => new("waiting; nothing is broken", Tone.Doubt),
            SetupResult.Refused => new("nothing was altered", Tone.Bad),
            SetupResult.Failed when outcome.Steps.Contains(StepState.Done) => new("failed; the steps that were done before stay", Tone.Bad),
            SetupResult.Failed => new("failed; everything is as it was", Tone.Bad),
            SetupResult.Stuck => new("failed, and not everything could be put back", Tone.Bad),
            SetupResult.Undone => new("everything is as it was before setup", Tone.Good),
        });
        if (output.IsQuiet) return;
        for (var at = 0; at < outcome.Steps.Length; at++)
        {
            page.Row(2, outcome.Steps[at] switch
            {
                StepState.Done => new Ink("done", Tone.Good),
                StepState.Waiting => new("waiting", Tone.Doubt),
                StepState.Failed => new("failed", Tone.Bad),
                StepState.TakenBack => new("put back", Tone.Doubt),
                StepState.Planned => new("not begun", Tone.Faint),
            }, 13, "", 13, plan.Steps[at].Title);
        }

        foreach (var message in outcome.Messages)
        {
            page.Gap();
            page.Paragraph(0, 2, message);
        }

        for (var at = 0; at < outcome.Steps.Length; at++)
        {
            if (outcome.Steps[at] != StepState.Waiting || plan.Steps[at].Records.IsEmpty || plan.Publisher is not null) continue;
            page.Gap();
            page.Paragraph(0, 0, "The servers are ready for these records. Put them into your zone at your DNS host, then run danelaw setup again: it sees whether they are there and right.");
            foreach (var record in plan.Steps[at].Records)
            {
                WriteRecord(page, 2, record, page.Width);
                WriteWays(page, 2, record);
            }
        }

        if (outcome.Result is SetupResult.Failed or SetupResult.Stuck) WriteObstacles(page, plan);
        else WriteRest(page, plan, output);
        if (outcome.Journal is null || outcome.Result is SetupResult.Failed or SetupResult.Undone) return;
        page.Gap();
        page.Paragraph(0, 0, $"The files as they were are in {outcome.Journal}. To take it back: {Undo(plan)}");
    }

    /// <summary>The way back: what was published through a publisher is taken out through it.</summary>
    private static string Undo(SetupPlan plan) => plan.Publisher is null ? "danelaw setup --undo" : "danelaw setup --undo --publisher FILE";

    /// <summary>What stands in the way, what is worth saying, and what is left to the operator.</summary>
    public static void WriteRest(Page page, SetupPlan plan, Output output)
    {
        WriteObstacles(page, plan);

        // What a plan would have left is not told where there is none: one thing is in the way.
        if (plan.IsRefused) return;
        foreach (var warning in plan.Warnings)
        {
            page.Gap();
            page.Paragraph(0, 2, new Ink("Warning: ", Tone.Doubt), warning);
        }

        foreach (var remark in plan.Remarks)
        {
            page.Gap();
            page.Paragraph(0, 2, "Note: ", remark);
        }

        if (plan.Left.IsEmpty) return;
        page.Gap();
        page.Paragraph(0, 0, new Ink("Not for setup to decide", Tone.Strong), " (danelaw doctor tells more)");
        foreach (var finding in plan.Left)
        {
            page.Paragraph(2, 4, new Ink($"{Kebab.Of(finding.Severity)} {finding.Code}", Words.ToneOf(finding.Severity)), $" {finding.Subject}{(finding.Place is { } place ? $", {place}" : "")}{(output.IsVerbose ? $": {finding.Text}" : "")}");

            // Of several lines the first is a sentence, and leads to what doctor shows below it.
            var mend = finding.Mend.Text.Split('\n')[0];
            if (mend.EndsWith(':')) mend = mend.LastIndexOf(". ", StringComparison.Ordinal) is var end and > 0 ? mend[..(end + 1)] : mend.TrimEnd(':') + ", as danelaw doctor shows.";
            if (mend.Length > 0) page.Paragraph(4, 7, new Ink("-> ", Tone.Strong), mend);
        }
    }

    private static void WriteObstacles(Page page, SetupPlan plan)
    {
        foreach (var obstacle in plan.Obstacles)
        {
            page.Gap();
            page.Paragraph(0, 2, new Ink(obstacle.IsFatal ? "In the way: " : "Left out: ", obstacle.IsFatal ? Tone.Bad : Tone.Doubt), obstacle.Place is { } place ? $"{place}: {obstacle.What}" : obstacle.What);
            MendText.Write(page, 2, obstacle.ToDo);
        }
    }

    /// <summary>The zone-file lines of an RRset; where the page has a width, the data stands on a line of its own.</summary>
    public static void WriteRecord(Page page, int indent, SetupRecord record, int? width)
    {
        if (record.Before is { } before)
        {
            foreach (var old in before.Except(record.After).Records) Line("-", old, Tone.Bad);
            foreach (var kept in record.After.Records) Line(before.Records.Contains(kept) ? " " : "+", kept, before.Records.Contains(kept) ? Tone.Faint : Tone.Good);
        }
        else
        {
            foreach (var made in record.After.Records) Line("+", made, Tone.Good);
        }

        if (record.BeforeTimeToLive > record.TimeToLive) page.Paragraph(indent + 1, indent + 1, string.Create(CultureInfo.InvariantCulture, $"(the TTL of all of them becomes {record.TimeToLive}; what is there now has {record.BeforeTimeToLive}, and caches may keep it for so long)"));

        void Line(string mark, Tlsa.TlsaRecord data, Tone tone)
        {
            var head = string.Create(CultureInfo.InvariantCulture, $"{mark}{record.Owner} {record.TimeToLive} IN TLSA {data.Parameters}");
            if (width is { } columns && indent + head.Length + 1 + (data.Data.Length * 2) > columns)
            {
                page.Line(indent, new Ink($"{head} (", tone));
                page.Line(indent, new Ink($"{mark}  {data.Data.ToHex()} )", tone));
            }
            else
            {
                page.Line(indent, new Ink($"{head} {data.Data.ToHex()}", tone));
            }
        }
    }

    /// <summary>How a person publishes an RRset: by the command, or by the fields of a form.</summary>
    private static void WriteWays(Page page, int indent, SetupRecord record)
    {
        page.Gap();
        page.Line(indent, new Ink("by command", Tone.Faint).Pad(Label), RecordAdvice.CommandOf(record));
        page.Column(indent, "", indent + Label, "or --to rfc2136, powerdns, zone-file, hook: danelaw publish --help");
        foreach (var form in RecordAdvice.FormsOf(record))
        {
            var isWhole = form.Port is null;
            if (!isWhole) page.Line(indent, new Ink("or in a form", Tone.Faint).Pad(Label), string.Create(CultureInfo.InvariantCulture, $"Port {form.Port}, Protocol {form.Protocol}, Host {form.Host} ({form.AbsoluteHost})"));
            page.Line(indent, new Ink(isWhole ? "or in a form" : "", Tone.Faint).Pad(Label), isWhole ? $"Name {form.Name} ({form.AbsoluteName})" : $"(one field for both: Name {form.Name} ({form.AbsoluteName}))");
            page.Line(indent, new Ink("").Pad(Label), string.Create(CultureInfo.InvariantCulture, $"Usage {(byte)form.Record.Usage}, Selector {(byte)form.Record.Selector}, Matching type {(byte)form.Record.Matching}, TTL {form.TimeToLive}"));
            page.Line(indent, new Ink("").Pad(Label), "Association:");
            page.Line(indent + 2, form.Record.Data.ToHex());
        }
    }

    private static void Write(Page page, int number, StepPreview preview, PublisherSettings? publisher)
    {
        var step = preview.Step;
        page.Gap();
        page.Line(0, new Ink(string.Create(CultureInfo.InvariantCulture, $"{number}. {step.Title}"), Tone.Strong));
        page.Paragraph(3, 3, step.Why);
        foreach (var finding in step.Findings) page.Paragraph(3, 5, "- ", new Ink(finding.Place is { } place ? $"{place}: " : "", Tone.Strong), finding.Text, new Ink($" ({finding.Code})", Tone.Faint));
        foreach (var file in preview.Files) Write(page, file);
        if (!step.Records.IsEmpty) page.Gap();
        foreach (var record in step.Records)
        {
            WriteRecord(page, 3, record, page.Width);
            if (publisher is null) WriteWays(page, 3, record);
        }

        page.Gap();
        var label = "the same by hand";
        foreach (var command in preview.Commands.Concat(publisher is not null ? step.Records.Select(record => RecordAdvice.CommandOf(record, publisher)) : []))
        {
            page.Line(3, new Ink(label, Tone.Faint).Pad(Label), command);
            label = "";
        }

        page.Column(3, new Ink("seen to work", Tone.Faint), 3 + Label, step.Proof);
        page.Column(3, new Ink("taken back", Tone.Faint), 3 + Label, step.Undo);
    }

    private static void Write(Page page, FilePreview file)
    {
        page.Gap();
        if (file.Chain is { } chain)
        {
            page.Line(3, new Ink($"+++ {file.File}", Tone.Good), " (only root can read it)");
            page.Line(3, new Ink($"+private key, as in {chain.Key.File}", Tone.Good));
            page.Line(3, new Ink($"+certificate, as in {chain.Certificates[0].File}", Tone.Good));
            if (chain.Certificates.Length > 1) page.Line(3, new Ink($"+{Plural(chain.Certificates.Length - 1, "issuer")}, as in {chain.Certificates[^1].File}", Tone.Good));
            return;
        }

        DifferenceText.Write(page, 3, file.Difference);
        if (file.Mode is { } mode) page.Line(3, $"{file.File}: mode {Convert.ToString((int)mode, 8)}");
    }

    private static string Plural(int count, string word) => string.Create(CultureInfo.InvariantCulture, $"{count} {word}{(count == 1 ? "" : "s")}");
}
