using System.CommandLine;
using System.Globalization;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering.Records;
using Danelaw.Cli.Running;
using Danelaw.Dns.Records;

namespace Danelaw.Cli.Commands;

/// <summary><c>openpgpkey create</c>: the OPENPGPKEY record of a mailbox.</summary>
internal sealed class OpenpgpkeyCreateCommand : Verb
{
    /// <summary>Octets from which on hardly any answer goes over UDP.</summary>
    private const int Large = 4096;

    private readonly Argument<string> _file = new("FILE") { HelpName = "FILE" };
    private readonly MailboxOption _mailbox = new();
    private readonly RecordOutput _output = new();

    public override string Name => "openpgpkey create";

    public override VerbGroup Group => VerbGroup.Records;

    public override string Summary => "the OPENPGPKEY record of a mailbox (OpenPGP, RFC 7929)";

    public override IReadOnlyList<string> Usage => ["FILE --mailbox ADDRESS [OPTION ...]"];

    public override IReadOnlyList<string> Description =>
    [
        "FILE holds a public key as gpg --export writes it, armored or not; - is standard input. Of several keys the one with a user ID of the mailbox is taken. A secret key is refused.",
        "The record holds the key, the user IDs of the mailbox and the subkeys, with the key's own newest signatures; what others have signed, pictures and other users are left out (RFC 7929, section 2.1.2). The owner is made of the mailbox: the digest of its local part below _openpgpkey (section 3).",
    ];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes => [(0, "made")];

    public override IReadOnlyList<string> Examples =>
    [
        "gpg --export hugh@example.com | \\",
        "    danelaw openpgpkey create - --mailbox hugh@example.com",
        "danelaw openpgpkey create hugh.asc --mailbox hugh@example.com --format rfc3597",
    ];

    public override IReadOnlyList<Argument> Arguments => [_file];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("the record", [_mailbox.Option]), ("how it is written", _output.All)];

    public override Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var file = call.Parsed.GetValue(_file) ?? "";
        var (mailbox, owner) = _mailbox.Read(call, RecordType.OPENPGPKEY);
        var telling = _output.Read(call, RecordType.OPENPGPKEY, [owner]);
        var key = OpenPgpInput.Read(call, file, mailbox);
        if (key.Data.Length > ushort.MaxValue) throw new MisuseException($"{FileText.Shown(file)}: the key has {key.Data.Length} octets, and a record has room for {ushort.MaxValue}");
        call.Voice.Result(telling.Write([new MadeRecord(owner, telling.TimeToLive, RecordType.OPENPGPKEY, key.Data, key.UserIds[0])]));
        if (key.IsRevoked) call.Voice.Hint("the key has been revoked by its owner: nobody encrypts to it; the record says so to those who have it still");
        if (key.EndsAt is { } end && end <= call.Surroundings.Clock.GetUtcNow()) call.Voice.Hint(string.Create(CultureInfo.InvariantCulture, $"the key ended at {end.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}: nobody encrypts to it; gpg --quick-set-expire makes it last longer"));
        if (key.Data.Length > Large) call.Voice.Hint($"the record has {key.Data.Length} octets: answers with it go over TCP, and some networks lose them; a key with fewer and smaller subkeys does better");
        return Task.FromResult(ExitCode.Good);
    }
}
