using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Cli.Rendering.Mailboxes;

/// <summary>A record of a mailbox, held against a file.</summary>
/// <param name="Short">What it says, in few words; foreign text.</param>
/// <param name="Text">Its RDATA.</param>
/// <param name="IsMatching">Whether it means what the file holds.</param>
internal sealed record ToldRecord(string Short, string Text, bool IsMatching);

/// <summary>The records of a mailbox.</summary>
/// <param name="Mailbox">The mailbox.</param>
/// <param name="Type">Their type.</param>
/// <param name="Owner">Where they stand.</param>
/// <param name="Answer">What the lookup concluded.</param>
/// <param name="Records">The records.</param>
internal sealed record ToldMailbox(string Mailbox, RecordType Type, DomainName Owner, Answer Answer, ImmutableArray<ToldRecord> Records)
{
    /// <summary>Whether a record matches that others would believe.</summary>
    public bool IsMatching => Answer.Security == Security.Secure && Records.Any(record => record.IsMatching);

    /// <summary>What came of it, in a sentence.</summary>
    public string Explanation =>
        Answer.IsFailure ? Answer.Explanation
        : Records.IsEmpty ? $"There are no {RecordTypes.ToText(Type)} records of {Mailbox}."
        : Answer.Security != Security.Secure ? "The records are not secured by DNSSEC, so nobody uses them."
        : IsMatching ? "A record matches what the file holds." : "No record matches what the file holds.";
}
