using System.Collections.Immutable;
using System.CommandLine;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Rendering.Reports;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Options;

/// <summary>The options of <c>check</c> that say how results are told.</summary>
internal sealed class CheckTelling : CheckOptionGroup
{
    private readonly Option<bool> _nagios = Flag.Of("--nagios", "one line and exit codes as a monitoring plugin");
    private readonly Option<bool> _ordered = Flag.Of("--ordered", "tell results in the order of the targets; one that takes long keeps those behind it waiting");
    private readonly Option<string> _prometheus = Flag.Value("--prometheus", "FILE", "write metrics for the textfile collector of Prometheus' node exporter (FILE.prom)");
    private readonly Option<string> _junit = Flag.Value("--junit", "FILE", "write a JUnit report (XML), as build servers show it");
    private readonly Option<string> _markdown = Flag.Value("--markdown", "FILE", "write a report in Markdown, for a ticket or a wiki");
    private readonly Option<string> _html = Flag.Value("--html", "FILE", "write a report as one page of HTML with pictures of the chains of trust");

    public override IReadOnlyList<Option> All => [_nagios, _ordered, .. Files];

    private Option<string>[] Files => [_prometheus, _junit, _markdown, _html];

    /// <summary>Whether a monitor reads what is told.</summary>
    public bool IsNagios(ParseResult parsed) => parsed.GetValue(_nagios);

    /// <summary>Whether results are told in the order of the targets.</summary>
    public bool IsOrdered(ParseResult parsed) => parsed.GetValue(_ordered);

    /// <summary>Whether the chains of trust are to be seen.</summary>
    public bool DrawsChains(ParseResult parsed) => parsed.GetValue(_html) is not null;

    /// <summary>Makes what tells the results.</summary>
    /// <param name="call">The call.</param>
    /// <param name="isStrict">Whether warnings count.</param>
    /// <param name="isSeveral">Whether there may be more than one target.</param>
    /// <param name="saveTo">Where the evidence is kept; null for nowhere.</param>
    /// <exception cref="MisuseException">Options stand against each other, or a file cannot be written.</exception>
    public ICheckSink Open(Call call, bool isStrict, bool isSeveral, string? saveTo)
    {
        if (IsNagios(call.Parsed) && call.Output.IsJson) throw new MisuseException("--nagios and --json cannot be given together", "--nagios is one line for a monitor, --json is for any other program");
        var files = ReadFiles(call, isStrict);
        ICheckSink sink = IsNagios(call.Parsed) ? new NagiosSink(call.Voice) : call.Output.IsJson ? new JsonSink(call.Voice, isStrict) : new TextSink(call.Voice, call.Output, isStrict, isSeveral);
        RequireOneOutput(call, saveTo);
        if (saveTo == "-" || files.Any(file => file.Path == "-")) sink = new SilentSink(sink);
        return files.IsEmpty ? sink : new SinkWithFiles(call, sink, files, IsOrdered(call.Parsed));
    }

    private ImmutableArray<ReportFile> ReadFiles(Call call, bool isStrict)
    {
        var files = ImmutableArray.CreateBuilder<ReportFile>();
        if (call.Parsed.GetValue(_prometheus) is { } prometheus) files.Add(new(prometheus, PrometheusText.Write, IsForOthers: true));
        if (call.Parsed.GetValue(_junit) is { } junit) files.Add(new(junit, (results, now) => JunitXml.Write(results, now, isStrict)));
        if (call.Parsed.GetValue(_markdown) is { } markdown) files.Add(new(markdown, MarkdownReport.Write));
        if (call.Parsed.GetValue(_html) is { } html) files.Add(new(html, HtmlReport.Write));
        foreach (var file in files) FileText.RequirePlace(call.Surroundings, file.Path);
        return files.ToImmutable();
    }

    /// <summary>Two that write to one file, or to standard output, would leave one of them.</summary>
    private void RequireOneOutput(Call call, string? saveTo)
    {
        var places = Files.Select(option => (option.Name, Path: call.Parsed.GetValue(option))).Append((Name: "--save", Path: saveTo)).Where(one => one.Path is not null).ToList();

        // Evidence on standard output stands there in place of whatever else would.
        if (places.Any(one => one.Path == "-" && one.Name != "--save")) places.AddRange(new[] { (Name: "--json", IsGiven: call.Output.IsJson), (Name: "--nagios", IsGiven: IsNagios(call.Parsed)) }.Where(one => one.IsGiven).Select(one => (one.Name, (string?)"-")));
        var shared = places.GroupBy(one => one.Path == "-" ? "-" : Path.GetFullPath(one.Path!, call.Surroundings.Folder), StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (shared?.Select(one => one.Name).ToList() is [var first, var second, ..])
            throw new MisuseException($"{first} and {second} would both write to {(shared.Key == "-" ? "standard output" : shared.First().Path)}", "give each a file of its own");
    }
}
