using Danelaw.Cli.Options;
using Danelaw.Operator.Setup;

namespace Danelaw.Cli.Rendering.Operating;

/// <summary>What taking a setup back would do, and what came of it, as text.</summary>
internal static class UndoText
{
    private const int Label = 18;

    /// <summary>What would be done.</summary>
    public static void WritePlan(Page page, UndoPreview preview, string command, Output output)
    {
        page.Line(0, preview.Result switch
        {
            SetupResult.Nothing => new Ink("there is nothing to take back", Tone.Good),
            SetupResult.Refused => new("nothing can be taken back yet", Tone.Bad),
            SetupResult.Waiting => new("the servers cannot be put back yet. Nothing is altered now", Tone.Doubt),
            SetupResult.Undone or SetupResult.Done or SetupResult.Failed or SetupResult.Stuck => new("setup can be taken back. Nothing is altered yet", Tone.Good),
        });
        WriteMessages(page, preview.Messages);
        if (output.IsQuiet || preview.Result == SetupResult.Nothing) return;
        var number = 0;
        if (!preview.Timers.IsEmpty)
        {
            Heading("The rollover is stopped");
            page.Line(3, $"systemctl disable --now {string.Join(' ', preview.Timers)}");
        }

        if (!preview.Records.IsEmpty)
        {
            Heading(preview.HasPublisher ? "The records are put back as they were" : "The records are for you to put back, in your zone");
            foreach (var record in preview.Records) SetupText.WriteRecord(page, 3, record with { Before = record.After, After = record.Before ?? Danelaw.Operator.Rollover.TlsaSet.Empty }, page.Width);
        }

        if (!preview.Files.IsEmpty) Heading("The files are put back as they were");
        var isBelowDifference = false;
        foreach (var file in preview.Files)
        {
            if (!file.Difference.IsEmpty || isBelowDifference) page.Gap();
            isBelowDifference = !file.Difference.IsEmpty;
            var foreign = file.IsForeign ? new Ink(" (changed by somebody else since)", Tone.Doubt) : new Ink("");
            if (file.Difference.IsEmpty || file.IsForeign) page.Line(3, $"{file.File}: {(file.Action == UndoneAction.TakenAway ? "taken away" : "put back")}", foreign);
            DifferenceText.Write(page, 3, file.Difference);
        }

        if (!preview.Reloads.IsEmpty)
        {
            Heading("The servers read them");
            foreach (var reload in preview.Reloads) page.Line(3, reload.Command);
        }

        if (preview.Result == SetupResult.Refused) return;
        page.Gap();
        page.Line(0, new Ink("To do all this", Tone.Strong).Pad(Label), command);

        void Heading(string title)
        {
            page.Gap();
            page.Line(0, new Ink(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{++number}. {title}"), Tone.Strong));
        }
    }

    /// <summary>What came of it.</summary>
    public static void WriteOutcome(Page page, SetupOutcome outcome)
    {
        page.Line(0, outcome.Result switch
        {
            SetupResult.Undone => new Ink("everything is as it was before setup", Tone.Good),
            SetupResult.Nothing => new("there is nothing to take back", Tone.Good),
            SetupResult.Waiting when outcome.ArePutBack => new("waiting for you: the files are as they were before setup, the records are not", Tone.Doubt),
            SetupResult.Waiting => new("waiting; no file was altered, and nothing is broken", Tone.Doubt),
            SetupResult.Stuck => new("not everything could be put back", Tone.Bad),
            SetupResult.Refused or SetupResult.Failed or SetupResult.Done => new("nothing was altered", Tone.Bad),
        });
        WriteMessages(page, outcome.Messages);
    }

    private static void WriteMessages(Page page, System.Collections.Immutable.ImmutableArray<string> messages)
    {
        foreach (var message in messages)
        {
            page.Gap();
            page.Paragraph(0, 2, message);
        }
    }
}
