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

/// <summary>What came of holding a mailbox's records against a file. Closed.</summary>
internal enum MailboxVerdict
{
    /// <summary>The lookup failed.</summary>
    Undetermined = 0,

    /// <summary>There are none.</summary>
    NoRecords,

    /// <summary>There are some that nobody believes.</summary>
    NotSecured,

    /// <summary>None matches.</summary>
    NotMatching,

    /// <summary>One matches that others would believe.</summary>
    Matching,
}

/// <summary>The records of a mailbox.</summary>
/// <param name="Mailbox">The mailbox.</param>
/// <param name="Type">Their type.</param>
/// <param name="Owner">Where they stand.</param>
/// <param name="Answer">What the lookup concluded.</param>
/// <param name="Records">The records.</param>
internal sealed record ToldMailbox(string Mailbox, RecordType Type, DomainName Owner, Answer Answer, ImmutableArray<ToldRecord> Records)
{
    /// <summary>What came of it.</summary>
    public MailboxVerdict Verdict =>
        Answer.IsFailure ? MailboxVerdict.Undetermined
        : Records.IsEmpty ? MailboxVerdict.NoRecords
        : Answer.Security != Security.Secure ? MailboxVerdict.NotSecured
        : Records.Any(record => record.IsMatching) ? MailboxVerdict.Matching : MailboxVerdict.NotMatching;

    /// <summary>The same in a sentence.</summary>
    public string Explanation => Verdict switch
    {
        MailboxVerdict.Undetermined => Answer.Explanation,
        MailboxVerdict.NoRecords => $"There are no {RecordTypes.ToText(Type)} records of {Mailbox}.",
        MailboxVerdict.NotSecured => "The records are not secured by DNSSEC, so nobody uses them.",
        MailboxVerdict.NotMatching => "No record matches what the file holds.",
        MailboxVerdict.Matching => "A record matches what the file holds.",
    };
}
