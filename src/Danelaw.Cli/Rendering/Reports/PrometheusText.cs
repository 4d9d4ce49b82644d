using System.Globalization;
using System.Text;
using Danelaw.Checks;

namespace Danelaw.Cli.Rendering.Reports;

/// <summary>
/// Results in Prometheus' text format 0.0.4, for the textfile collector of its node exporter. Each metric stands together, and no series twice:
/// a file of which one line cannot be taken is not taken at all.
/// </summary>
internal sealed class PrometheusText
{
    private static readonly CheckVerdict[] Verdicts = [CheckVerdict.Verified, CheckVerdict.Partial, CheckVerdict.Failing, CheckVerdict.Undetermined, CheckVerdict.Unprotected];

    private readonly StringBuilder _text = new(4096);

    /// <summary>Writes them.</summary>
    /// <param name="results">The results, of each target one.</param>
    /// <param name="now">When it was judged.</param>
    public static string Write(IReadOnlyList<CheckResult> results, DateTimeOffset now)
    {
        var writer = new PrometheusText();
        ToldCheck[] checks = [.. results.Select(result => result.Told)];
        (ToldCheck Check, ToldHost Host)[] hosts = [.. checks.SelectMany(check => check.Hosts.Select(host => (check, host)))];
        (string[] Labels, ToldEndpoint Endpoint)[] endpoints =
        [
            .. hosts.SelectMany(one => one.Host.Endpoints.Where(endpoint => endpoint.IsShown).Select(endpoint =>
                ((string[])["target", one.Check.Target, "host", one.Host.ShortName, "address", endpoint.Address, "port", Number(endpoint.Port), "algorithm", endpoint.Algorithm], endpoint))),
        ];

        writer.Metric("danelaw_check_last_run_timestamp_seconds", "When the targets were checked last, in seconds since 1970: the oldest of the results.", [([], CheckResult.Times(results, now).Oldest.ToUnixTimeSeconds())]);
        writer.Metric("danelaw_check_targets", "How many targets were checked.", [([], checks.Length)]);
        writer.Metric("danelaw_check_verdict", "Whether this is the verdict on the target.",
            checks.SelectMany(check => Verdicts.Select(verdict => ((string[])["target", check.Target, "verdict", Kebab.Of(verdict)], check.Verdict == verdict ? 1L : 0))));
        writer.Metric("danelaw_check_findings", "How many findings of this severity the target has.",
            checks.SelectMany(check => Enum.GetValues<Severity>().Select(severity => ((string[])["target", check.Target, "severity", Kebab.Of(severity)], (long)check.Count(severity)))));
        writer.Metric("danelaw_check_finding", "How many findings with this code the target has; danelaw explain CODE tells what it means.",
            checks.SelectMany(check => check.Findings.Select(finding => ((string[])["target", check.Target, "code", finding.Code, "severity", Kebab.Of(finding.Severity)], 1L))), Sum);
        writer.Metric("danelaw_check_tlsa_records", "How many TLSA records of the host are in this state.",
            hosts.SelectMany(one => Enum.GetValues<RecordState>().Select(state => ((string[])["target", one.Check.Target, "host", one.Host.ShortName, "port", Number(one.Host.Port), "state", Kebab.Of(state)], one.Host.Tlsa.Records.LongCount(record => record.State == state)))), Math.Max);
        writer.Metric("danelaw_check_endpoint_result", "What came of an address asked for a kind of key; always 1.",
            endpoints.Select(one => ((string[])[.. one.Labels, "certificate_type", one.Endpoint.CertificateType, "result", one.Endpoint.Result], 1L)), Math.Max);
        writer.Metric("danelaw_check_certificate_expiry_timestamp_seconds", "When the server's certificate ends, in seconds since 1970.",
            endpoints.Where(one => one.Endpoint.Chain is [{ NotAfter: not null }, ..]).Select(one => (one.Labels, one.Endpoint.Chain[0].NotAfter!.Value.ToUnixTimeSeconds())), Math.Min);
        return writer._text.ToString();
    }

    /// <summary>Adds one metric; one without a series is left out.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="help">What it says, one line without a backslash.</param>
    /// <param name="samples">The series: labels, name and value in turn, and the value.</param>
    /// <param name="merge">Makes one value of two that have the same labels; null where there are none such.</param>
    private void Metric(string name, string help, IEnumerable<(string[] Labels, long Value)> samples, Func<long, long, long>? merge = null)
    {
        var isFirst = true;
        foreach (var series in samples.GroupBy(sample => Labels(sample.Labels), sample => sample.Value, StringComparer.Ordinal))
        {
            if (isFirst) _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} gauge\n");
            isFirst = false;
            _text.Append(CultureInfo.InvariantCulture, $"{name}{series.Key} {(merge is null ? series.Single() : series.Aggregate(merge))}\n");
        }
    }

    private static string Labels(string[] labels)
    {
        if (labels.Length == 0) return "";
        var text = new StringBuilder("{");
        for (var i = 0; i < labels.Length; i += 2) text.Append(i > 0 ? "," : "").Append(labels[i]).Append("=\"").Append(Value(labels[i + 1])).Append('"');
        return text.Append('}').ToString();
    }

    /// <summary>A label's value: backslash, quotation mark and line feed have an escape; other controls are made visible before.</summary>
    private static string Value(string text) => Escape.Text(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static long Sum(long left, long right) => left + right;
}
