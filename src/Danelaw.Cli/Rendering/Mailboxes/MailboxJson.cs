using Danelaw.Dns.Records;

namespace Danelaw.Cli.Rendering.Mailboxes;

/// <summary><c>danelaw.mailbox-verify/1</c>.</summary>
internal static class MailboxJson
{
    public static byte[] Document(ToldMailbox told) => JsonText.Line(json =>
    {
        json.WriteString("schema", "danelaw.mailbox-verify/1");
        json.WriteString("mailbox", told.Mailbox);
        json.WriteString("type", RecordTypes.ToText(told.Type));
        json.WriteString("owner", told.Owner.ToString());
        json.WriteString("security", Kebab.Of(told.Answer.Security));
        json.WriteBoolean("matching", told.Verdict == MailboxVerdict.Matching);
        json.WriteString("explanation", told.Explanation);
        json.WriteStartArray("records");
        foreach (var record in told.Records)
        {
            json.WriteStartObject();
            json.WriteString("record", record.Text);
            json.WriteString("says", record.Short);
            json.WriteBoolean("matching", record.IsMatching);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
