using System.CommandLine;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Mailboxes;
using Danelaw.Cli.Running;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Cli.Commands;

/// <summary>What <c>smimea verify</c> and <c>openpgpkey verify</c> have in common: a validated lookup of a mailbox's records, each held against a file.</summary>
/// <param name="type">The type of the records.</param>
internal abstract class MailboxVerifyVerb(RecordType type) : Verb
{
    private readonly Argument<string> _file = new("FILE") { HelpName = "FILE" };
    private readonly MailboxOption _mailbox = new();

    /// <summary>How the DNS is asked.</summary>
    protected DnsOptions Dns { get; } = new();

    /// <summary>Where the file comes from.</summary>
    protected abstract IReadOnlyList<Option> Source { get; }

    public override IReadOnlyList<string> Usage => ["FILE --mailbox ADDRESS [OPTION ...]"];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes =>
    [
        (0, "a record matches, and DNSSEC secures it"),
        (1, "there are secure records, and none matches"),
        (3, "the lookup failed, or is bogus"),
        (4, "there are no records that anybody would use: none at all, or not secured by DNSSEC"),
    ];

    public override IReadOnlyList<Argument> Arguments => [_file];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("what is verified", [_mailbox.Option, .. Source]), ("asking the DNS", Dns.All)];

    // Taken, so that one set of options serves every verb, and without effect here.
    public override IReadOnlyList<Option> Unused => Dns.ForCertificates;

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var (mailbox, owner) = _mailbox.Read(call, type);
        var matcher = Read(call, call.Parsed.GetValue(_file) ?? "", mailbox);
        var settings = await Dns.ReadAsync(call, cancellationToken).ConfigureAwait(false);
        var transport = settings.OpenTransport(call.Surroundings.Clock);
        await using (transport.ConfigureAwait(false))
        {
            var answer = await new Resolver(transport, settings.ToResolverOptions(), settings.Clock).LookupAsync(owner, type, cancellationToken).ConfigureAwait(false);
            var told = new ToldMailbox(mailbox, type, owner, answer, [.. (answer.Records?.Data ?? []).Select(matcher)]);
            if (call.Output.IsJson)
            {
                call.Voice.Result(MailboxJson.Document(told));
            }
            else
            {
                var page = new Page(call.Output.Style);
                MailboxText.Write(page, told, call.Output);
                call.Voice.Result(page.ToUtf8());
            }

            return told.Verdict switch
            {
                MailboxVerdict.Undetermined => ExitCode.Undetermined,
                MailboxVerdict.NoRecords or MailboxVerdict.NotSecured => ExitCode.Unprotected,
                MailboxVerdict.NotMatching => ExitCode.Bad,
                MailboxVerdict.Matching => ExitCode.Good,
            };
        }
    }

    /// <summary>Reads the file.</summary>
    /// <returns>What each record is, held against it.</returns>
    /// <exception cref="MisuseException">It cannot be read.</exception>
    protected abstract Func<Octets, ToldRecord> Read(Call call, string file, string mailbox);
}
