using System.CommandLine;
using Danelaw.Cli.Running;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Signing;
using Danelaw.Operator.Publishing.ZoneFiles;

namespace Danelaw.Cli.Options;

/// <summary>A zone file, and the clock that it is looked at by.</summary>
internal sealed class ZoneInputOptions
{
    private const int RecordsBeforeSoa = 1000;

    private readonly Argument<string> _file = new("FILE") { HelpName = "FILE" };
    private readonly Option<string> _origin = Flag.Value("--origin", "ZONE", "what completes relative names until the file says $ORIGIN; default the zone of the keys that sign, else the root");
    private readonly Option<string> _now = Flag.Value("--now", "TIME", "the time to go by: RFC 3339, or seconds since the epoch");

    public Argument Argument => _file;

    public IReadOnlyList<Option> All => [_origin, _now];

    public string Path(ParseResult parsed) => parsed.GetValue(_file)!;

    public DomainName? Origin(ParseResult parsed) => parsed.GetValue(_origin) is { } text ? KeyOptions.ReadZone("--origin", text) : null;

    public DateTimeOffset Now(ParseResult parsed, Surroundings surroundings) =>
        parsed.GetValue(_now) is { } now ? Moment("--now", now) : surroundings.Clock.GetUtcNow();

    /// <summary>Opens the file; <c>-</c> is standard input.</summary>
    /// <exception cref="MisuseException">It cannot be opened.</exception>
    public ZoneReader Open(Surroundings surroundings, ParseResult parsed, DomainName origin)
    {
        var path = Path(parsed);
        var options = new ZoneReaderOptions { Origin = origin, FileName = path == "-" ? "" : System.IO.Path.GetFullPath(path, surroundings.Folder) };
        return new ZoneReader(FileText.Open(surroundings, path), options);
    }

    /// <summary>The owner of the file's SOA record, where the file says the whole name itself; null otherwise, and for what can be read only once.</summary>
    public DomainName? Apex(Surroundings surroundings, ParseResult parsed)
    {
        if (Path(parsed) == "-" || FileOwnership.IsDevice(System.IO.Path.GetFullPath(Path(parsed), surroundings.Folder))) return null;
        using var reader = Open(surroundings, parsed, DomainName.Root);
        // The SOA comes first (RFC 1035 §5.2 asks for one, and master files begin with it).
        for (var i = 0; i < RecordsBeforeSoa && reader.TryRead(out var record, out _); i++)
            if (record.Type == RecordType.SOA) return record.Owner.IsRoot ? null : record.Owner;
        return null;
    }

    /// <summary>A moment as people write one, or as zone files do: YYYYMMDDHHmmSS.</summary>
    /// <exception cref="MisuseException">It is none.</exception>
    public static DateTimeOffset Moment(string option, string text) =>
        text.Length == 14 && DateTimeOffset.TryParseExact(text, "yyyyMMddHHmmss", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : Quantity.Time(option, text);
}

/// <summary>Shows how far work on a zone has come.</summary>
internal sealed class ZoneProgressLine(Voice voice, string done) : IProgress<ZoneProgress>
{
    public void Report(ZoneProgress value) =>
        voice.Progress(value.RecordsDone == 0 ? $"{value.RecordsRead} records read" : $"{value.RecordsRead} records read, {value.RecordsDone} {done}");
}
