using System.CommandLine;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Running;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Checking;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Cli.Commands;

/// <summary><c>zone check</c>: checks a signed zone file.</summary>
internal sealed class ZoneCheckCommand : Verb
{
    private readonly ZoneInputOptions _input = new();
    private readonly Option<string[]> _ds = Flag.Values("--ds", "FILE", "the parent's DS records, or the DNSKEY that it trusts, in zone-file syntax, or one as text: \"12345 13 2 AB12..\"");
    private readonly Option<string> _warnDays = Flag.Value("--warn-days", "N", "warn of signatures that end within so many days; default 3");
    private readonly Option<bool> _strict = Flag.Of("--strict", "warnings make it unsound too");
    private readonly Option<string> _most = Flag.Value("--most", "N", "how many findings are told; all are counted; default 100");

    public override string Name => "zone check";

    public override VerbGroup Group => VerbGroup.Zones;

    public override string Summary => "check a signed zone file: every signature and denial";

    public override IReadOnlyList<string> Usage => ["FILE [OPTION ...]"];

    public override IReadOnlyList<string> Description =>
    [
        "Reads a signed zone of any size and checks every signature with its dates, that everything is signed that must be and nothing else, the whole NSEC or NSEC3 chain with types, empty names and opt-out, the DNSKEY set against DS, CDS and CDNSKEY, and ZONEMD. - is standard input.",
        "Each finding has a code that danelaw explain knows, the name, the type and the line.",
    ];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes => [(0, "sound: no error; warnings and notes allowed"), (1, "at least one error, or with --strict a warning")];

    public override IReadOnlyList<string> Examples => ["danelaw zone check example.org.signed --ds dsset-example.org. --warn-days 7", "danelaw zone check - --origin example.org --json < example.org.signed"];

    public override IReadOnlyList<Argument> Arguments => [_input.Argument];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("checking", [_ds, _warnDays, _strict, _most, .. _input.All])];

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var parsed = call.Parsed;
        var origin = _input.Origin(parsed);
        var given = (parsed.GetValue(_ds) ?? []).SelectMany(text => ReadDs(call, text, origin)).ToList();
        var options = new ZoneCheckOptions
        {
            Now = _input.Now(parsed, call.Surroundings),
            WarnBefore = TimeSpan.FromDays(parsed.GetValue(_warnDays) is { } days ? Quantity.Number("--warn-days", days, 0, 36500) : 3),
            MaximumFindings = parsed.GetValue(_most) is { } most ? Quantity.Number("--most", most, 0, 10_000_000) : ZoneCheckText.UsualFindings,
            Ds = [.. given.Where(one => one.Owner is null).Select(one => one.Data)],
            DsRecords = [.. given.Where(one => one.Owner is not null).Select(one => new ResourceRecord(one.Owner!.Value, RecordType.DS, RecordClass.IN, 0, one.Data))],
        };
        ZoneCheckReport report;
        try
        {
            using var reader = _input.Open(call.Surroundings, parsed, origin ?? default);
            report = await ZoneChecker.CheckAsync(reader, options, new ZoneProgressLine(call.Voice, "names checked"), cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception) when (exception is not BrokenPipeException)
        {
            throw new MisuseException($"cannot read {FileText.Shown(_input.Path(parsed))}: {FileText.Reason(exception)}");
        }

        if (report.Syntax is { } syntax) throw new MisuseException($"cannot read the zone: {syntax}");
        if (!options.DsRecords.IsEmpty && options.Ds.IsEmpty && !options.DsRecords.Any(record => record.Owner.Equals(report.Apex)))
            throw new MisuseException($"--ds: what is there is the DS of {string.Join(", ", options.DsRecords.Select(record => record.Owner).Distinct().Take(4).Select(Words.Of))}, none of {Words.Of(report.Apex)}", "names without a closing dot are completed by --origin");
        var isSound = report.IsSound && (!parsed.GetValue(_strict) || report.Warnings == 0);
        call.Voice.Result(call.Output.IsJson ? ZoneCheckJson.Write(report, isSound, options.Now) : ZoneCheckText.Write(report, isSound, options, call.Output).ToUtf8());
        return isSound ? ExitCode.Good : ExitCode.Bad;
    }

    private static List<(DomainName? Owner, Octets Data)> ReadDs(Call call, string text, DomainName? origin)
    {
        if (text.Contains(' ', StringComparison.Ordinal) && char.IsAsciiDigit(text[0]) && RecordText.TryParse(RecordType.DS, text, default, out var inline, out _)) return [(null, inline)];
        var records = new List<(DomainName? Owner, Octets Data)>();
        using var reader = new ZoneReader(new MemoryStream(FileText.ReadAll(call.Surroundings, text, 4 << 20)), new() { FileName = FileText.Shown(text), Origin = origin ?? default, DefaultTtl = 3600, AllowInclude = false });
        ZoneFault? fault;
        while (reader.TryRead(out var record, out fault))
        {
            if (record.Type is RecordType.DS or RecordType.CDS) records.Add((record.Owner, record.Data));
            else if (record.Type is RecordType.DNSKEY && DnskeyData.TryRead(record.Data, out _)) records.Add((record.Owner, DelegationSigner.Create(record.Owner, record.Data, DigestAlgorithm.Sha256)));
        }

        if (fault is not null) throw new MisuseException($"--ds: {fault}");
        return records.Count > 0 ? records : throw new MisuseException($"--ds: {FileText.Shown(text)} holds no DS or DNSKEY record");
    }
}
