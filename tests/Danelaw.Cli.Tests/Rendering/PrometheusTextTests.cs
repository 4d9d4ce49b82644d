using Danelaw.Checks;
using Danelaw.Cli.Rendering.Reports;

namespace Danelaw.Cli.Tests.Rendering;

public sealed class PrometheusTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private static Dictionary<string, double> Read(params CheckReport[] reports) => PrometheusReader.Read(PrometheusText.Write([.. reports.Select(CheckResult.Of)], Now));

    [Fact]
    public void A_strict_reader_finds_the_verdicts_findings_records_and_results()
    {
        var series = Read(Reports.Failing, Reports.Of(CheckVerdict.Verified));

        Assert.Equal(1795780800, series["danelaw_check_last_run_timestamp_seconds"]);
        Assert.Equal(2, series["danelaw_check_targets"]);
        Assert.Equal(1, series["danelaw_check_verdict target=example.org verdict=failing"]);
        Assert.Equal(0, series["danelaw_check_verdict target=example.org verdict=verified"]);
        Assert.Equal(1, series["danelaw_check_verdict target=example.net verdict=verified"]);
        Assert.Equal(10, series.Keys.Count(key => key.StartsWith("danelaw_check_verdict ", StringComparison.Ordinal)));
        Assert.Equal(1, series["danelaw_check_findings target=example.org severity=error"]);
        Assert.Equal(0, series["danelaw_check_findings target=example.net severity=error"]);
        Assert.Equal(1, series["danelaw_check_finding target=example.org code=TLSA-MISMATCH severity=error"]);
        Assert.Equal(1, series["danelaw_check_tlsa_records target=example.org host=mx1.example.org port=25 state=matching"]);
        Assert.Equal(0, series["danelaw_check_tlsa_records target=example.org host=mx1.example.org port=25 state=stale"]);
        Assert.Equal(1, series["danelaw_check_endpoint_result target=example.org host=mx1.example.org address=2001:db8::1 port=25 algorithm=any certificate_type=x509 result=greeting-refused"]);
    }

    [Fact]
    public void The_end_of_a_certificate_is_a_time()
    {
        var end = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var result = CheckResult.Of(Reports.Failing);
        var host = result.Told.Hosts[0];
        var endpoint = host.Endpoints[0];
        var told = result.Told with { Hosts = [host with { Endpoints = [endpoint with { Chain = [endpoint.Chain[0] with { NotAfter = end }] }, endpoint with { Chain = [endpoint.Chain[0] with { NotAfter = end.AddDays(1) }] }] }] };

        var series = PrometheusReader.Read(PrometheusText.Write([result with { Told = told }], Now));

        // Of two that look alike the one that ends first: a series twice would make the whole file unreadable.
        Assert.Equal(end.ToUnixTimeSeconds(), series["danelaw_check_certificate_expiry_timestamp_seconds target=example.org host=mx1.example.org address=192.0.2.1 port=25 algorithm=rsa"]);
    }

    [Fact]
    public void Findings_with_the_same_code_are_counted_in_one_series()
    {
        var series = Read(Reports.Of(CheckVerdict.Verified, Severity.Warning, Severity.Warning));
        Assert.Equal(2, series["danelaw_check_finding target=example.net code=TLSA-TTL-LONG severity=warning"]);
    }

    [Fact]
    public void Without_a_target_the_file_says_so() => Assert.Equal(0, Read()["danelaw_check_targets"]);

    [Fact]
    public void Foreign_text_stays_within_its_label()
    {
        var series = Read(HostileReports.Report);
        Assert.Single(series.Keys, key => key.StartsWith("danelaw_check_verdict ", StringComparison.Ordinal) && key.EndsWith(" verdict=failing", StringComparison.Ordinal));
        Assert.Contains(series.Keys, key => key.Contains("</td><script>alert(1)</script>\"'>&amp; ]]> | `code` **bold**", StringComparison.Ordinal) && key.Contains("1\\n# HELP a\\r\\n\\u{0}\\u{1B}[31m", StringComparison.Ordinal));
    }
}
