using System.CommandLine;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Running;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Options;

/// <summary><c>--mailbox</c>: whose record it is.</summary>
internal sealed class MailboxOption
{
    public Option<string> Option { get; } = Flag.Value("--mailbox", "ADDRESS", "the mailbox that the record belongs to, such as hugh@example.com");

    /// <summary>The mailbox and the owner of its records.</summary>
    /// <exception cref="MisuseException">It is missing, or none.</exception>
    public (string Mailbox, DomainName Owner) Read(Call call, RecordType type)
    {
        var mailbox = call.Parsed.GetValue(Option) ?? throw new MisuseException("--mailbox is missing", "give the address that the record belongs to: --mailbox hugh@example.com");
        if (!MailboxOwner.TryFor(mailbox, type, out var owner, out var fault)) throw new MisuseException($"--mailbox {mailbox}: {fault}", "as in --mailbox hugh@example.com, or --mailbox '\"hugh m\"@example.com'");

        // RFC 8162 §4, RFC 7929 §4: nobody may fold the case of another's local part, and many do.
        if (mailbox[..mailbox.LastIndexOf('@')].Any(char.IsUpper)) call.Voice.Hint("capitals count: the name is made of the local part as it is written, and senders that write it otherwise, or make it small, do not find the record");
        return (mailbox, owner);
    }
}
