using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using Danelaw.Checks;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Running;
using Danelaw.Dns.Transports;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Lab;
using Danelaw.Probes;

namespace Danelaw.Cli.Commands;

/// <summary><c>demo</c>: the lab, and the main job run on it.</summary>
internal sealed class DemoCommand : Verb
{
    private const int InFlight = 8;

    /// <summary>Shown in full after the table: one that every operator meets, and one where nothing but DNSSEC is wrong.</summary>
    private static readonly string[] InFull = ["mismatch.lab", "mx-expired.lab"];

    private readonly Option<bool> _all = Flag.Of("--all", "show every domain of the lab, not two dozen of them");
    private readonly Option<string> _seed = Flag.Value("--seed", "N", "what is drawn by chance is drawn from it; by default a new one each time");

    public override string Name => "demo";

    public override VerbGroup Group => VerbGroup.Trying;

    public override string Summary => "see danelaw at work on a mini-Internet of its own";

    public override IReadOnlyList<string> Usage => ["[OPTION ...]"];

    public override IReadOnlyList<string> Description =>
        ["Raises the lab of danelaw lab up on loopback, checks all of its mail domains as it would any other, shows the verdicts, explains some of them, and ends. Nothing outside this machine is asked."];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes => [(0, "it ran, and every verdict was the right one"), (1, "it could not be raised, or some verdict was not the right one")];

    public override IReadOnlyList<string> Examples => ["danelaw demo", "danelaw demo --all"];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("the demo", [_all, _seed])];

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        int? seed = call.Parsed.GetValue(_seed) is { } text ? Quantity.Number("--seed", text, 0, int.MaxValue) : null;
        MiniInternet lab;
        try
        {
            lab = await MiniInternet.StartAsync(new MiniInternetOptions { Seed = seed, Clock = call.Surroundings.Clock }, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException exception)
        {
            call.Voice.Error($"the lab cannot listen on loopback: {FileText.Reason(exception)}");
            return ExitCode.Bad;
        }

        await using (lab.ConfigureAwait(false))
        {
            var started = call.Surroundings.Clock.GetTimestamp();
            var results = await CheckAsync(call, lab, cancellationToken).ConfigureAwait(false);
            var time = call.Surroundings.Clock.GetElapsedTime(started);
            if (call.Output.IsJson) call.Voice.Result(Json(lab, results));
            else Tell(call, lab, results, time, call.Parsed.GetValue(_all));
            return results.All(result => result.IsRight) ? ExitCode.Good : ExitCode.Bad;
        }
    }

    private static async Task<ImmutableArray<Result>> CheckAsync(Call call, MiniInternet lab, CancellationToken cancellationToken)
    {
        var clock = call.Surroundings.Clock;
        using var reader = new ZoneReader(new StringReader(lab.Anchor), new ZoneReaderOptions());
        if (!reader.TryRead(out var anchor, out _) || !TrustAnchors.TryCreate([anchor], out var anchors, out _) || !ConnectToRule.TryParse(lab.ConnectTo, out var connectTo, out _))
            throw new InvalidOperationException("the lab's own options cannot be read");

        var results = new Result[lab.Domains.Length];
        var done = 0;
        var transport = new DnsTransport(new DnsTransportOptions(), clock);
        await using (transport.ConfigureAwait(false))
        {
            var resolver = new Resolver(transport, new ResolverOptions { Upstreams = [lab.Upstream], Anchors = anchors }, clock);
            var checker = new DaneChecker(resolver, new TlsProber(new TlsProberOptions(), clock), new CheckOptions { ConnectTo = [connectTo] }, clock);
            await Parallel.ForAsync(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellationToken }, async (i, stop) =>
            {
                var report = await checker.CheckAsync(CheckTarget.MailDomain(lab.Domains[i].Name), null, stop).ConfigureAwait(false);
                results[i] = new Result(lab.Domains[i], report);
                call.Voice.Progress($"{Interlocked.Increment(ref done)} of {results.Length} domains checked");
            }).ConfigureAwait(false);
        }

        return [.. results];
    }

    private static void Tell(Call call, MiniInternet lab, ImmutableArray<Result> results, TimeSpan time, bool isAll)
    {
        var page = new Page(call.Output.Style);
        var shown = results.Where(result => isAll || result.Domain.IsShown || !result.IsRight).ToList();
        page.Paragraph(0, 0, new Ink("A signed mini-Internet on loopback", Tone.Strong), $": a root with its own key, {results.Length} mail domains, {lab.Hosts.Length} mail servers.", shown.Count < results.Length ? $" {shown.Count} of the domains:" : "");
        page.Gap();
        page.Line(2, new Ink("Domain", Tone.Strong).Pad(23), new Ink("Verdict", Tone.Strong).Pad(14), new Ink("What is special about it", Tone.Strong));
        foreach (var result in shown)
        {
            page.Line(2, Words.Of(result.Domain.Name).PadRight(23), Words.Of(result.Report.Verdict).Pad(14), result.IsRight
                ? result.Domain.Description
                : new Ink($"should be {Kebab.Of(result.Domain.Verdict)}{(result.Domain.FindingCode is { } code ? $" with {code}" : "")}: {result.Domain.Description}", Tone.Bad));
        }

        if (!call.Output.IsQuiet)
        {
            page.Gap();
            page.Line(0, new Ink("Two of them in full, as danelaw check shows them", Tone.Strong));
            foreach (var result in results.Where(result => InFull.Contains(Words.Of(result.Domain.Name))))
            {
                page.Gap();
                CheckText.Write(page, result.Report, call.Output);
            }

            page.Gap();
            page.Line(0, new Ink("Now your own", Tone.Strong));
            page.Column(2, "danelaw check example.org", 38, "a mail domain: put in yours");
            page.Column(2, "danelaw explain TLSA-MISMATCH", 38, "any finding, in plain words");
            page.Column(2, "danelaw lab up", 38, "keeps this mini-Internet up to try things on");
            page.Column(2, "danelaw --help", 38, "everything else");
        }

        page.Gap();
        var wrong = results.Count(result => !result.IsRight);
        var told = string.Create(CultureInfo.InvariantCulture, $"{results.Length} domains checked in {time.TotalSeconds:F1} s; ");
        page.Line(0, told, wrong == 0 ? new Ink("every verdict is the right one.", Tone.Good) : new Ink($"{wrong} {(wrong == 1 ? "verdict is" : "verdicts are")} not the right one.", Tone.Bad));
        call.Voice.Result(page.ToUtf8());
    }

    /// <summary><c>danelaw.demo/1</c>.</summary>
    private static byte[] Json(MiniInternet lab, ImmutableArray<Result> results) => JsonText.Line(json =>
    {
        json.WriteString("schema", "danelaw.demo/1");
        json.WriteNumber("seed", lab.Seed);
        json.WriteBoolean("right", results.All(result => result.IsRight));
        json.WriteStartArray("domains");
        foreach (var result in results)
        {
            json.WriteStartObject();
            json.WriteString("domain", result.Domain.Name.ToString());
            json.WriteString("verdict", Kebab.Of(result.Report.Verdict));
            json.WriteString("reason", Kebab.Of(result.Report.Reason));
            json.WriteStartArray("findings");
            foreach (var code in result.Report.Findings.Select(finding => finding.Code).Distinct()) json.WriteStringValue(code);
            json.WriteEndArray();
            json.WriteBoolean("right", result.IsRight);
            json.WriteString("description", result.Domain.Description);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private sealed record Result(LabDomain Domain, CheckReport Report)
    {
        /// <summary>Whether the check said what the lab's builder knows to be the case.</summary>
        public bool IsRight => Report.Verdict == Domain.Verdict && (Domain.FindingCode is null || Report.Findings.Any(finding => finding.Code == Domain.FindingCode));
    }
}
