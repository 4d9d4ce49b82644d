using Danelaw.Cli.Options;
using Danelaw.Dns.Records;

namespace Danelaw.Cli.Rendering.Mailboxes;

/// <summary>The records of a mailbox as text.</summary>
internal static class MailboxText
{
    private static Ink Say(ToldMailbox told) =>
        told.IsMatching ? new("MATCHING", Tone.Good)
        : told.Answer.IsFailure ? new("UNDETERMINED", Tone.Doubt)
        : told.Records.IsEmpty ? new("NO RECORDS", Tone.Doubt)
        : told.Answer.Security != Danelaw.Dnssec.Validation.Security.Secure ? new("NOT SECURED", Tone.Doubt)
        : new("NOT MATCHING", Tone.Bad);

    public static void Write(Page page, ToldMailbox told, Output output)
    {
        page.Line(0, new Ink(told.Mailbox, Tone.Strong), ": ", Say(told));
        if (output.IsQuiet) return;
        page.Paragraph(2, 2, told.Explanation);
        page.Gap();
        page.Line(0, new Ink(Words.Of(told.Owner), Tone.Strong), $" {RecordTypes.ToText(told.Type)}: ", Words.Of(told.Answer.Security));
        foreach (var record in told.Records) page.Line(2, new Ink(record.IsMatching ? "matching  " : "other     ", record.IsMatching ? Tone.Good : Tone.Doubt), output.IsVerbose ? record.Text : record.Short);
    }
}
