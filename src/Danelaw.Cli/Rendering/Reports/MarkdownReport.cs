using System.Globalization;
using System.Text;
using Danelaw.Checks;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Rendering.Reports;

/// <summary>Results as Markdown, to be put into a ticket or a wiki.</summary>
internal sealed class MarkdownReport
{
    private readonly StringBuilder _text = new(4096);

    /// <summary>Writes them.</summary>
    /// <param name="results">The results.</param>
    /// <param name="now">When it was judged.</param>
    public static string Write(IReadOnlyList<CheckResult> results, DateTimeOffset now)
    {
        var report = new MarkdownReport();
        report.Write([.. results.Select(result => result.Told)], CheckResult.Times(results, now));
        return report._text.ToString();
    }

    private void Write(ToldCheck[] checks, (DateTimeOffset Oldest, DateTimeOffset Newest) times)
    {
        Line("# DANE check");
        Line();
        Line($"{Words.Judged(times)} by danelaw {ProductVersion.Text}.");
        if (checks.Length == 0) Line("\nThere was no target.");
        if (checks.Length > 1)
        {
            Line();
            Row("Target", "Verdict", "Reason", "Errors", "Warnings");
            Row("---", "---", "---", "---:", "---:");
            foreach (var check in checks) Row(MarkdownInk.Code(check.Target), Words.Marked(check.Verdict), MarkdownInk.Text(check.ReasonInWords), Number(check.Count(Severity.Error)), Number(check.Count(Severity.Warning)));
        }

        foreach (var check in checks) Write(check);
    }

    private void Write(ToldCheck check)
    {
        Line();
        Line($"## {MarkdownInk.Text(check.Target)}: {Words.Marked(check.Verdict)}");
        if (check.Explanation.Length > 0) Line($"\n{MarkdownInk.Text(check.Explanation)}");
        if (!check.Hosts.IsEmpty)
        {
            Line();
            Row("Server", "Verdict", "Reason", "A sender that checks");
            Row("---", "---", "---", "---");
            foreach (var host in check.Hosts)
                Row(MarkdownInk.Code(host.Place) + (host.Preference is { } preference ? $" (preference {Number(preference)})" : ""), Words.Marked(host.Verdict), MarkdownInk.Text(host.ReasonInWords), MarkdownInk.Text(host.SenderInWords));
        }

        if (check.NotOffered.Any()) Line($"\nNot offered, as far as can be seen: {MarkdownInk.Text(string.Join(", ", check.NotOffered))}.");
        if (check.Hosts.Any(host => !host.Tlsa.Records.IsEmpty))
        {
            Line();
            Row("Server", "TLSA record", "State");
            Row("---", "---", "---");
            foreach (var host in check.Hosts)
                foreach (var record in host.Tlsa.Records)
                    Row(MarkdownInk.Code(host.Place), MarkdownInk.Code($"{record.Usage} {record.Selector} {record.Matching} {record.Data}"), host.StateInWords(record) + (record.UnusableInWords is { } why ? $": {MarkdownInk.Text(why)}" : ""));
        }

        if (check.Hosts.Any(host => host.Endpoints.Any(endpoint => endpoint.IsShown)))
        {
            Line();
            Row("Server", "Address", "Key", "TLS", "Result", "Certificate ends");
            Row("---", "---", "---", "---", "---", "---");
            foreach (var host in check.Hosts)
                foreach (var endpoint in host.Endpoints.Where(endpoint => endpoint.IsShown))
                    Row(MarkdownInk.Code(host.Place), MarkdownInk.Code(endpoint.Place), MarkdownInk.Text(endpoint.KeyInWords), MarkdownInk.Text(endpoint.Tls ?? ""),
                        endpoint.ResultInWords + (endpoint.ReasonInWords is { } why ? ": " + MarkdownInk.Text(why) : ""),
                        endpoint.Chain is [{ NotAfter: { } end }, ..] ? Moment(end) : "");
        }

        if (check.Zones.Any(zone => !zone.Servers.IsEmpty))
        {
            Line();
            Row("Zone", "Name server", "Address", "Serial", "Result");
            Row("---", "---", "---", "---:", "---");
            foreach (var zone in check.Zones)
                foreach (var server in zone.Servers)
                    Row(MarkdownInk.Code(ToldName.Short(zone.Zone)), MarkdownInk.Code(ToldName.Short(server.Host)), MarkdownInk.Code(server.Address), server.Serial?.ToString(CultureInfo.InvariantCulture) ?? "", MarkdownInk.Text(string.Join(", ", [server.Result, .. server.Faults])));
        }

        if (!check.Findings.IsEmpty) Line("\n### What was found, and what to do");
        var number = 0;
        foreach (var finding in check.Findings)
        {
            number++;
            Line();
            Write(number, finding);
        }
    }

    private void Write(int number, ToldFinding finding)
    {
        var mark = Number(number) + ". ";
        var indent = new string(' ', mark.Length);
        Line($"{mark}**{Kebab.Of(finding.Severity)} {finding.Code}**{(finding.Subject.Length > 0 ? " " + MarkdownInk.Text(finding.Subject) : "")}: {MarkdownInk.Text(finding.Text)}");
        foreach (var (text, isCode) in MendText.Lines(finding.Mend))
        {
            if (text.Length == 0) continue;
            Line();
            if (isCode) Line($"{indent}```\n{indent}{Escape.Text(text)}\n{indent}```");
            else Line(indent + MarkdownInk.Text(text));
        }

        Line($"\n{indent}More: `{MoreAbout.Of(finding.Code)}`");
    }

    private void Line(string text = "") => _text.Append(text).Append('\n');

    private void Row(params ReadOnlySpan<string> cells) => _text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
