using System.CommandLine;
using Danelaw.Certificates;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Mailboxes;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Commands;

/// <summary><c>smimea verify</c>: a certificate against the SMIMEA records of its mailbox.</summary>
internal sealed class SmimeaVerifyCommand() : MailboxVerifyVerb(RecordType.SMIMEA)
{
    private readonly PasswordOptions _passwords = new();

    public override string Name => "smimea verify";

    public override VerbGroup Group => VerbGroup.Records;

    public override string Summary => "a certificate against the SMIMEA records of its mailbox";

    public override IReadOnlyList<string> Description =>
    [
        "FILE is whatever smimea create takes. The records of the mailbox are looked up and validated, and each is held against the first certificate or the key (usages 1 and 3), or against the authorities behind it, which must have signed it and be valid (usages 0 and 2). Whether an authority is trusted elsewhere is not asked.",
    ];

    public override IReadOnlyList<string> Examples => ["danelaw smimea verify hugh.pem --mailbox hugh@example.com"];

    protected override IReadOnlyList<Option> Source => _passwords.All;

    protected override Func<Octets, ToldRecord> Read(Call call, string file, string mailbox)
    {
        CertificateInput.RequireOneInput(("FILE", file), _passwords.Input(call.Parsed));
        using var passwords = _passwords.Open(call);
        var sources = CertificateInput.ReadAll(call, file, passwords).Parts;
        var now = Dns.ReadClock(call.Parsed, call.Surroundings).GetUtcNow();
        return data => TlsaRecord.TryFromRecordData(data, out var record) ? new(Words.Short(record), record.ToString(), sources.Any(source => Matches(source, mailbox, record, now))) : new("", "", false);
    }

    /// <summary>A record means the file when the same one comes of it.</summary>
    private static bool Matches(CertificateFile source, string mailbox, TlsaRecord record, DateTimeOffset now)
    {
        var creation = new TlsaCreation { Source = source, Usage = record.Usage, Selector = record.Selector, Matching = record.Matching, Mailbox = mailbox, Ports = [], AllowsAuthority = true };
        IEnumerable<CertificateFile?> anchors = record.Usage is TlsaUsage.PkixTa or TlsaUsage.DaneTa && source.Certificates.Length > 0 ? source.Certificates.Select(der => (CertificateFile?)CertificateFile.OfChain([der])) : [null];
        return anchors.Any(anchor => (creation with { Anchor = anchor }).TryMake(now, out var made, out _, out _) && made == record);
    }
}
