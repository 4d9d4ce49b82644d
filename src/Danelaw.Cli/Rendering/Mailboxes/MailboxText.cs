using Danelaw.Cli.Options;
using Danelaw.Dns.Records;

namespace Danelaw.Cli.Rendering.Mailboxes;

/// <summary>The records of a mailbox as text.</summary>
internal static class MailboxText
{
    public static void Write(Page page, ToldMailbox told, Output output)
    {
        page.Line(0, new Ink(told.Mailbox, Tone.Strong), ": ", Say(told.Verdict));
        if (output.IsQuiet) return;
        page.Paragraph(2, 2, told.Explanation);
        page.Gap();
        page.Line(0, new Ink(Words.Of(told.Owner), Tone.Strong), $" {RecordTypes.ToText(told.Type)}: ", Words.Of(told.Answer.Security));
        foreach (var record in told.Records) page.Line(2, new Ink(record.IsMatching ? "matching  " : "other     ", record.IsMatching ? Tone.Good : Tone.Doubt), output.IsVerbose ? record.Text : record.Short);
    }

    private static Ink Say(MailboxVerdict verdict) => verdict switch
    {
        MailboxVerdict.Undetermined => new("UNDETERMINED", Tone.Doubt),
        MailboxVerdict.NoRecords => new("NO RECORDS", Tone.Doubt),
        MailboxVerdict.NotSecured => new("NOT SECURED", Tone.Doubt),
        MailboxVerdict.NotMatching => new("NOT MATCHING", Tone.Bad),
        MailboxVerdict.Matching => new("MATCHING", Tone.Good),
    };
}
