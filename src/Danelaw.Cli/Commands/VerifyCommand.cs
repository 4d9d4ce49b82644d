using System.Collections.Immutable;
using System.CommandLine;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Running;
using Danelaw.Dns.Records;
using Danelaw.Probes;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Cli.Commands;

/// <summary><c>verify</c>: a chain file against TLSA records, without any network.</summary>
internal sealed class VerifyCommand : Verb
{
    private readonly Option<string> _chain = Flag.Value("--chain", "FILE", "certificates as a server sends them, its own first, PEM or DER");
    private readonly Option<string[]> _tlsa = Flag.Values("--tlsa", "\"U S M HEX\"", "a TLSA record");
    private readonly Option<string[]> _name = Flag.Values("--name", "HOST", "a name that the certificate may bear");
    private readonly Option<string> _service = Flag.Value("--service", "NAME", "what the server speaks, as in smtp or https; smtp takes usages 2 and 3 only, all others take all four (default)", [.. ServiceProtocols.Names]);
    private readonly Option<string> _caFile = Flag.Value("--ca-file", "FILE", "certificates that usages 0 and 1 trust; default the machine's store");
    private readonly Option<string> _now = Flag.Value("--now", "TIME", "the time to judge at: RFC 3339, or seconds since the epoch");

    public override string Name => "verify";

    public override VerbGroup Group => VerbGroup.Checking;

    public override string Summary => "a certificate chain against TLSA records, offline";

    public override IReadOnlyList<string> Usage => ["--chain FILE --tlsa \"U S M HEX\" --name HOST [OPTION ...]"];

    public override IReadOnlyList<string> Description =>
        ["Judges the chain as a client of RFC 7671 (with --service smtp of RFC 7672) does. One record that matches is enough; of several it tells the first in the order given. Nothing is fetched from anywhere."];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes => [(0, "a record matches"), (1, "none matches")];

    public override IReadOnlyList<string> Examples =>
    [
        "danelaw verify --chain chain.pem --tlsa \"3 1 1 8cb0..\" --name mx.example.org",
        "danelaw verify --chain - --tlsa \"2 0 1 5f2..\" --name mx.example --service smtp",
    ];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("judging", [_chain, _tlsa, _name, _service, _caFile, _now])];

    public override Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var records = Records(call.Parsed.GetValue(_tlsa));
        var service = Services.Read(call.Parsed.GetValue(_service));
        var names = call.Parsed.GetValue(_name) is { Length: > 0 } given ? given : throw new MisuseException("--name is missing", "give the name that the certificate is to bear: --name mx.example.org");
        var now = call.Parsed.GetValue(_now) is { } time ? Quantity.Time("--now", time) : call.Surroundings.Clock.GetUtcNow();
        var file = call.Parsed.GetValue(_chain) ?? throw new MisuseException("--chain is missing", "give a file with the certificates that the server sends: --chain fullchain.pem");
        var policy = new DanePolicy
        {
            Service = service,
            ReferenceNames = [.. names.Select(name => DnsOptions.ReadName("--name", name))],
            Roots = NeedsRoots(records, service) || call.Parsed.GetValue(_caFile) is not null ? PkixRoots.Load(call.Surroundings, call.Parsed.GetValue(_caFile)) : null,
        };
        var verdict = DaneVerifier.Judge(CertificateInput.ReadCertificates(call.Surroundings, file), records, policy, now);
        if (call.Output.IsJson)
        {
            call.Voice.Result(VerdictJson.Document(verdict));
        }
        else
        {
            var page = new Page(call.Output.Style);
            VerdictText.Write(page, verdict, records, service, call.Output);
            call.Voice.Result(page.ToUtf8());
        }

        return Task.FromResult(verdict.IsMatch ? ExitCode.Good : ExitCode.Bad);
    }

    private static bool NeedsRoots(ImmutableArray<TlsaRecord> records, ServiceKind service) =>
        service == ServiceKind.Other && records.Any(record => record.Usage is TlsaUsage.PkixTa or TlsaUsage.PkixEe);

    private static ImmutableArray<TlsaRecord> Records(string[]? texts)
    {
        if (texts is not { Length: > 0 }) throw new MisuseException("--tlsa is missing", "give usage, selector, matching type and hex digits: --tlsa \"3 1 1 8cb0fc6c..\"");
        var records = ImmutableArray.CreateBuilder<TlsaRecord>(texts.Length);
        foreach (var text in texts)
        {
            if (!TlsaRecord.TryParse(text, out var record, out var fault))
                throw new MisuseException($"--tlsa '{(text.Length <= 40 ? text : text[..40] + "..")}': {fault}", "write it as in a zone file: usage, selector, matching type, then an even number of hex digits");
            records.Add(record);
        }

        return records.ToImmutable();
    }
}
