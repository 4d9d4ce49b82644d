using System.CommandLine;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Records;
using Danelaw.Cli.Running;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Commands;

/// <summary><c>smimea create</c>: the SMIMEA record of a mailbox, from whatever holds its certificate or key.</summary>
internal sealed class SmimeaCreateCommand : Verb
{
    private readonly Argument<string> _file = new("FILE") { HelpName = "FILE" };
    private readonly MailboxOption _mailbox = new();
    private readonly Option<string> _usage = Flag.Value("--usage", "0..3", "PKIX-TA, PKIX-EE, DANE-TA, DANE-EE; default 3");
    private readonly Option<string> _selector = Flag.Value("--selector", "0|1", "whole certificate, public key; default 0");
    private readonly Option<string> _matching = Flag.Value("--matching", "0..2", "full, SHA-256, SHA-512; default 0");
    private readonly Option<string> _anchor = Flag.Value(RecordShape.AnchorName, "FILE", "the authority that usages 0 and 2 name; default the topmost of FILE");
    private readonly Option<string> _now = Flag.Value("--now", "TIME", "the time that dates are held against: RFC 3339, or seconds since the epoch");
    private readonly PasswordOptions _passwords = new();
    private readonly RecordOutput _output = new();

    public override string Name => "smimea create";

    public override VerbGroup Group => VerbGroup.Records;

    public override string Summary => "the SMIMEA record of a mailbox (S/MIME, RFC 8162)";

    public override IReadOnlyList<string> Usage => ["FILE --mailbox ADDRESS [OPTION ...]"];

    public override IReadOnlyList<string> Description =>
    [
        "FILE is whatever tlsa create takes: a certificate, a chain, a key, a request, a PKCS #12 file; - is standard input. Of several certificates of the user's own (one to sign, one to encrypt) there is a record of each. The owner is made of the mailbox: the digest of its local part below _smimecert (RFC 8162, section 3).",
        "By default the record holds the whole certificate (3 0 0), so that others can encrypt to it. A digest only lets them recognise it.",
    ];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes => [(0, "made"), (1, "refused, with the reason")];

    public override IReadOnlyList<string> Examples =>
    [
        "danelaw smimea create hugh.pem --mailbox hugh@example.com",
        "danelaw smimea create ca.pem --mailbox hugh@example.com --usage 2 --matching 1",
    ];

    public override IReadOnlyList<Argument> Arguments => [_file];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups =>
        [("the record", [_mailbox.Option, _usage, _selector, _matching, _anchor, _now]), ("where it comes from", _passwords.All), ("how it is written", _output.All)];

    public override Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var parsed = call.Parsed;
        var (file, anchorFile) = (parsed.GetValue(_file) ?? "", parsed.GetValue(_anchor));
        var (mailbox, owner) = _mailbox.Read(call, RecordType.SMIMEA);
        var telling = _output.Read(call, RecordType.SMIMEA, [owner]);
        CertificateInput.RequireOneInput(("FILE", file), (_anchor.Name, anchorFile), _passwords.Input(parsed));
        using var passwords = _passwords.Open(call);
        var given = CertificateInput.ReadAll(call, file, passwords);
        if (given.HasStrayKey) return Refuse(call, $"{FileText.Shown(file)}: {CertificateInput.StrayKey}");
        var creation = new TlsaCreation
        {
            Source = given.Parts[0],
            Usage = RecordShape.ReadUsage(parsed.GetValue(_usage)),
            Selector = parsed.GetValue(_selector) is { } selector ? RecordShape.ReadSelector(selector) : TlsaSelector.Certificate,
            Matching = parsed.GetValue(_matching) is { } matching ? RecordShape.ReadMatching(matching) : TlsaMatching.Full,
            Anchor = anchorFile is null ? null : CertificateInput.Read(call, anchorFile, passwords),
            Mailbox = mailbox,
            Ports = [],
        };
        var now = parsed.GetValue(_now) is { } time ? Quantity.Time("--now", time) : call.Surroundings.Clock.GetUtcNow();
        var made = new List<MadeRecord>();
        var advice = new List<string>();
        foreach (var source in given.Parts)
        {
            if (!(creation with { Source = source }).TryMake(now, out var record, out var notes, out var fault)) return Refuse(call, fault);
            var data = record.ToRecordData();
            if (made.Exists(other => other.Data == data)) continue;
            made.Add(new(owner, telling.TimeToLive, RecordType.SMIMEA, data, source.Certificates.IsEmpty ? null : CertificateText.Read(source.Certificates[0]).Subject));
            advice.AddRange(notes);
        }

        call.Voice.Result(telling.Write(made));
        foreach (var note in advice) call.Voice.Hint(note);
        return Task.FromResult(ExitCode.Good);
    }

    private static Task<int> Refuse(Call call, string fault)
    {
        call.Voice.Error($"no record was made: {fault}");
        return Task.FromResult(ExitCode.Bad);
    }
}
