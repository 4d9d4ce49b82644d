using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Checks;
using Danelaw.Cli.Rendering.Drawing;
using Danelaw.Cli.Running;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;

namespace Danelaw.Cli.Rendering.Reports;

/// <summary>Results as one page of HTML that needs nothing else: no script, nothing fetched, the pictures and the pages of the findings in it. Every element is closed, as in XML.</summary>
internal sealed class HtmlReport
{
    /// <summary>Chains that are drawn in one page; a picture takes some 20 kB.</summary>
    private const int MostChains = 200;

    private readonly Markup _html = new();

    /// <summary>The pictures so far: many domains have the same mail hosts.</summary>
    private readonly Dictionary<Question, int> _chains = [];

    /// <summary>Writes them.</summary>
    /// <param name="results">The results.</param>
    /// <param name="now">When it was judged.</param>
    public static string Write(IReadOnlyList<CheckResult> results, DateTimeOffset now)
    {
        var report = new HtmlReport();
        report.WritePage(results, now);
        return report._html.ToString();
    }

    private void WritePage(IReadOnlyList<CheckResult> results, DateTimeOffset now)
    {
        var title = results.Count == 1 ? $"{results[0].Told.Target}: {Kebab.Of(results[0].Told.Verdict)}" : $"{results.Count} targets";
        _html.AddMarkup("""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="referrer" content="no-referrer"/>

            """);
        _html.Add($"<title>DANE check, {title}</title>\n");
        _html.AddMarkup($"<style>\n{HtmlStyle.Text}\n{SvgWriter.Style}\n</style>\n</head>\n<body>\n");
        _html.Add($"<header><h1>DANE check</h1><p class=\"c-soft\">{Words.Judged(CheckResult.Times(results, now))} by danelaw {ProductVersion.Text}</p></header>\n<main>\n");
        if (results.Count == 0) _html.AddMarkup("<p>There was no target.</p>\n");
        if (results.Count > 1) WriteList(results);
        for (var i = 0; i < results.Count; i++) Write(results[i], i + 1, isAlone: results.Count == 1);
        WritePages(results);
        _html.AddMarkup("</main>\n<footer>What is told here was told by name servers and mail servers; what could harm a reader is shown as \\u{…}. <code>danelaw explain CODE</code> tells what a code means.</footer>\n</body>\n</html>\n");
    }

    private void WriteList(IReadOnlyList<CheckResult> results)
    {
        _html.AddMarkup("<table><thead><tr><th>Target</th><th>Verdict</th><th>Reason</th><th>Errors</th><th>Warnings</th></tr></thead><tbody>\n");
        for (var i = 0; i < results.Count; i++)
        {
            var check = results[i].Told;
            _html.Add($"<tr><td><a href=\"#c{i + 1}\">{check.Target}</a></td><td>");
            Say(check.Verdict);
            _html.Add($"</td><td>{check.ReasonInWords}</td><td class=\"c-number\" title=\"errors\">{check.Count(Severity.Error)}</td><td class=\"c-number\" title=\"warnings\">{check.Count(Severity.Warning)}</td></tr>\n");
        }

        _html.AddMarkup("</tbody></table>\n");
    }

    private void Write(CheckResult result, int number, bool isAlone)
    {
        var check = result.Told;
        _html.Add($"<section class=\"c-check\" id=\"c{number}\">\n<h2>{check.Target} ");
        Say(check.Verdict);
        _html.Add($"</h2>\n<p>{check.Explanation}</p>\n");
        foreach (var host in check.Hosts) Write(host);
        if (check.NotOffered.Any()) _html.Add($"<p class=\"c-soft\">Not offered, as far as can be seen: {string.Join(", ", check.NotOffered)}.</p>\n");
        if (check.Zones.Any(zone => !zone.Servers.IsEmpty)) WriteServers(check.Zones);
        if (!check.Findings.IsEmpty) _html.AddMarkup("<h3>What was found, and what to do</h3>\n");
        foreach (var finding in check.Findings) Write(finding);
        if (result.Report is null) _html.AddMarkup("<p class=\"c-soft\">An earlier run found this; its chains of trust are not drawn.</p>\n");
        if (!result.Chains.IsEmpty) _html.AddMarkup("<h3>Chains of trust</h3>\n");
        foreach (var chain in result.Chains) Write(chain, isOpen: isAlone);
        _html.AddMarkup("</section>\n");
    }

    private void Write(ToldHost host)
    {
        _html.Add($"<section class=\"c-host\">\n<h3>{host.Place} ");
        Say(host.Verdict);
        _html.Add($"</h3>\n<p class=\"c-soft\">{(host.Preference is { } preference ? $"preference {preference.ToString(CultureInfo.InvariantCulture)}; " : "")}{host.ReasonInWords}; a sender that checks: {host.SenderInWords}</p>\n");
        if (!host.Tlsa.Records.IsEmpty) WriteRecords(host);
        else if (host.Tlsa.Status is { } status) _html.Add($"<p>TLSA records: none ({status})</p>\n");
        if (host.Endpoints.Any(endpoint => endpoint.IsShown)) WriteEndpoints(host);
        _html.AddMarkup("</section>\n");
    }

    private void WriteRecords(ToldHost host)
    {
        var tlsa = host.Tlsa;
        _html.Add($"<h4>TLSA records ({tlsa.Status ?? "not asked"})</h4>\n<table><thead><tr><th>Record</th><th>State</th></tr></thead><tbody>\n");
        foreach (var record in tlsa.Records)
        {
            _html.Add($"<tr><td class=\"c-mono\">{record.Usage} {record.Selector} {record.Matching} {record.Data}</td><td>");
            Say(host.StateInWords(record), record.State == RecordState.Matching ? Tone.Good : record.State == RecordState.Next ? Tone.Plain : Tone.Doubt);
            _html.Add($"{(record.UnusableInWords is { } why ? $" {why}" : "")}</td></tr>\n");
        }

        _html.AddMarkup("</tbody></table>\n");
    }

    private void WriteEndpoints(ToldHost host)
    {
        _html.AddMarkup("<h4>What it shows</h4>\n<table><thead><tr><th>Address</th><th>Key</th><th>TLS</th><th>Result</th><th>Certificates</th></tr></thead><tbody>\n");
        foreach (var endpoint in host.Endpoints.Where(endpoint => endpoint.IsShown))
        {
            _html.Add($"<tr><td class=\"c-whole\">{endpoint.Place}</td><td class=\"c-whole\" title=\"key\">{endpoint.KeyInWords}</td><td class=\"c-whole\" title=\"TLS\">{endpoint.Tls ?? ""}</td><td>");
            Say(endpoint.ResultInWords, EndpointResults.ToneOf(endpoint.Result));
            _html.Add($" {endpoint.ReasonInWords ?? ""}</td><td>");
            if (!endpoint.Chain.IsEmpty) WriteCertificates(endpoint);
            if (endpoint.RawPublicKeySha256 is { } digest) _html.Add($"raw key, SHA-256 <span class=\"c-mono\">{digest}</span>");
            _html.AddMarkup("</td></tr>\n");
        }

        _html.AddMarkup("</tbody></table>\n");
    }

    private void WriteCertificates(ToldEndpoint endpoint)
    {
        _html.Add($"<details><summary>{(endpoint.Chain[0].NotAfter is { } end ? $"until {Moment(end)}" : $"{endpoint.Chain.Length}")}</summary>");
        foreach (var certificate in endpoint.Chain)
        {
            _html.Add($"<p>{certificate.Subject}<br/><span class=\"c-soft\">issued by {certificate.Issuer}<br/>{certificate.Key}, {Moment(certificate.NotBefore)} to {Moment(certificate.NotAfter)}<br/>key SHA-256</span> <span class=\"c-mono\">{certificate.PublicKeySha256 ?? "?"}</span></p>");
        }

        _html.AddMarkup("</details>");
    }

    private void WriteServers(ImmutableArray<ToldZone> zones)
    {
        _html.AddMarkup("<section class=\"c-host\">\n<h3>Name servers</h3>\n<table><thead><tr><th>Zone</th><th>Name server</th><th>Address</th><th>Serial</th><th>Result</th></tr></thead><tbody>\n");
        foreach (var zone in zones)
        {
            foreach (var server in zone.Servers)
            {
                _html.Add($"<tr><td>{ToldName.Short(zone.Zone)}</td><td>{ToldName.Short(server.Host)}</td><td class=\"c-whole\">{server.Address}</td><td title=\"serial\">{server.Serial?.ToString(CultureInfo.InvariantCulture) ?? ""}</td><td>");
                Say(server.Result, server.Faults.IsEmpty ? server.Asked ? Tone.Good : Tone.Plain : Tone.Bad);
                _html.Add($" {string.Join(", ", server.Faults)}</td></tr>\n");
            }
        }

        _html.AddMarkup("</tbody></table>\n</section>\n");
    }

    private void Write(ToldFinding finding)
    {
        _html.Add($"<article class=\"c-finding c-{Kebab.Of(finding.Severity)}\">\n<h4>{Kebab.Of(finding.Severity)} <a href=\"#{finding.Code}\">{finding.Code}</a> {finding.Subject}</h4>\n<p>{finding.Text}</p>\n");
        foreach (var (text, isCode) in MendText.Lines(finding.Mend))
        {
            if (text.Length == 0) continue;
            if (isCode) _html.Add($"<pre>{text}</pre>\n");
            else _html.Add($"<p>{text}</p>\n");
        }

        _html.AddMarkup("</article>\n");
    }

    private void Write(DrawnChain chain, bool isOpen)
    {
        var name = $"{RecordTypes.ToText(chain.Question.Type)} of {Words.Of(chain.Question.Name)}";
        if (_chains.TryGetValue(chain.Question, out var drawn))
        {
            _html.Add($"<p><a href=\"#p{drawn}\">{name}</a> (drawn above)</p>\n");
            return;
        }

        if (_chains.Count == MostChains)
        {
            _html.Add($"<p>{name} <span class=\"c-soft\">(not drawn: {MostChains} pictures stand above)</span></p>\n");
            return;
        }

        var number = _chains.Count + 1;
        _chains.Add(chain.Question, number);
        _html.AddMarkup(isOpen ? "<details open=\"\">" : "<details>");
        _html.Add($"<summary>{name}</summary><div class=\"c-chain\" id=\"p{number}\" tabindex=\"0\" role=\"region\" aria-label=\"{name}\">\n");
        _html.AddMarkup(SvgWriter.Embed(chain.Picture, string.Create(CultureInfo.InvariantCulture, $"s{number}")));
        _html.AddMarkup("</div></details>\n");
    }

    /// <summary>The pages of the findings, each once, so that nobody has to look elsewhere.</summary>
    private void WritePages(IReadOnlyList<CheckResult> results)
    {
        var codes = results.SelectMany(result => result.Told.Findings).Select(finding => finding.Code).Distinct().Order(StringComparer.Ordinal).ToList();
        if (codes.Count == 0) return;
        _html.AddMarkup("<section class=\"c-check\">\n<h2>What the findings mean</h2>\n");
        foreach (var code in codes)
        {
            var page = new Page(PageStyle.Pipe);
            var found = Explanations.Find(code);
            if (found.Count > 0) MarkdownText.Write(page, found[0].Markdown);

            // The id stands within: whoever follows a link to it sees it unfolded.
            _html.Add($"<details><summary>{code}{(found.Count > 0 ? ": " + found[0].Title : "")}</summary><div id=\"{code}\">");
            _html.AddMarkup("<pre>");
            var lines = page.ToString().TrimEnd('\n').Split('\n');
            foreach (var line in lines)
            {
                _html.Add($"{line}");
                _html.AddMarkup("\n");
            }

            _html.AddMarkup("</pre></div></details>\n");
        }

        _html.AddMarkup("</section>\n");
    }

    private void Say(CheckVerdict verdict) => Say(Words.Marked(verdict), Words.ToneOf(verdict), verdict == CheckVerdict.Unprotected);

    private void Say(string text, Tone tone, bool isOpen = false)
    {
        var look = tone switch
        {
            Tone.Good => "c-good",
            Tone.Bad => "c-bad",
            Tone.Doubt => isOpen ? "c-open" : "c-odd",
            Tone.Plain or Tone.Strong or Tone.Faint => "c-open",
        };
        _html.Add($"<span class=\"c-say {look}\">{text}</span>");
    }

    private static string Moment(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "?";
}
