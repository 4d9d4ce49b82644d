using System.CommandLine;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering.Mailboxes;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.OpenPgp;

namespace Danelaw.Cli.Commands;

/// <summary><c>openpgpkey verify</c>: a key against the OPENPGPKEY records of its mailbox.</summary>
internal sealed class OpenpgpkeyVerifyCommand() : MailboxVerifyVerb(RecordType.OPENPGPKEY)
{
    public override string Name => "openpgpkey verify";

    public override VerbGroup Group => VerbGroup.Records;

    public override string Summary => "an OpenPGP key against the OPENPGPKEY records of its mailbox";

    public override IReadOnlyList<string> Description =>
        ["FILE is what openpgpkey create takes. The records of the mailbox are looked up and validated; one matches that holds the key with the same fingerprint. Signatures within the key are not checked: OpenPGP programs do that when they use it."];

    public override IReadOnlyList<string> Examples => ["gpg --export hugh@example.com | \\", "    danelaw openpgpkey verify - --mailbox hugh@example.com"];

    protected override IReadOnlyList<Option> Source => [];

    protected override Func<Octets, ToldRecord> Read(Call call, string file, string mailbox)
    {
        var own = OpenPgpInput.Read(call, file, mailbox);
        return data => OpenPgpKey.TryFromRecordData(data, out var key, out var fault)
            ? new($"{key!.Fingerprint.ToHex()} {string.Join(", ", key.UserIds)}".TrimEnd(), Convert.ToBase64String(data.Span), key.Fingerprint.Equals(own.Fingerprint))
            : new(fault, Convert.ToBase64String(data.Span), false);
    }
}
