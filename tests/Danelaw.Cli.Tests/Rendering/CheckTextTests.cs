using System.Net;
using Danelaw.Checks;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Reports;
using Danelaw.Cli.Running;
using Danelaw.Probes;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Tests.Rendering;

public sealed class CheckTextTests
{
    private static string Text(CheckReport report, PageStyle style, bool isQuiet = false, bool isVerbose = false)
    {
        var page = new Page(style);
        CheckText.Write(page, report, new Output(false, isQuiet, isVerbose, style));
        return page.ToString();
    }

    [Fact]
    public void The_verdict_comes_first_then_the_hosts_then_what_to_do()
    {
        var text = Text(Reports.Failing, PageStyle.Pipe);
        Assert.StartsWith("example.org: FAILING (some host is failing)\n", text, StringComparison.Ordinal);
        var host = text.IndexOf("\nmx1.example.org (preference 10): failing (some endpoint matches no record)\n", StringComparison.Ordinal);
        var todo = text.IndexOf("\nWhat was found, and what to do\n", StringComparison.Ordinal);
        Assert.True(host > 0 && todo > host);
    }

    [Fact]
    public void Of_two_records_that_match_it_is_said_which_key_each_is_of_and_of_one_nothing()
    {
        var host = Reports.Failing.Hosts[0];
        RecordReport Matching(KeyAlgorithm kind) => host.Records[0] with { State = RecordState.Matching, Matches = [new(new(IPAddress.Parse("192.0.2.1"), 25), kind, false)] };

        var both = Text(Reports.Failing with { Hosts = [host with { Records = [Matching(KeyAlgorithm.Rsa), Matching(KeyAlgorithm.Ecdsa)] }] }, PageStyle.Pipe);
        Assert.Contains("  matching (RSA)\n", both, StringComparison.Ordinal);
        Assert.Contains("  matching (ECDSA)\n", both, StringComparison.Ordinal);
        Assert.Contains("  matching\n", Text(Reports.Failing with { Hosts = [host with { Records = [Matching(KeyAlgorithm.Rsa)] }] }, PageStyle.Pipe), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_to_publish_stands_whole_on_its_own_line_even_on_a_narrow_terminal() =>
        Assert.Contains("\n        _25._tcp.mx1.example.org. 3600 IN TLSA 3 1 1 cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd\n", Text(Reports.Failing, new(false, 60)), StringComparison.Ordinal);

    [Fact]
    public void On_a_terminal_no_other_line_is_wider_than_80_columns() =>
        Assert.DoesNotContain(Text(Reports.Failing, new(false, 80)).Split('\n'), line => line.Length > 80 && !line.Contains(" IN TLSA ", StringComparison.Ordinal));

    [Fact]
    public void Nothing_that_a_server_says_reaches_the_terminal_as_it_is()
    {
        var text = Text(Reports.Failing, PageStyle.Pipe, isVerbose: true);
        Assert.DoesNotContain('\e', text);
        Assert.DoesNotContain('\a', text);
        Assert.DoesNotContain("\nfake", text, StringComparison.Ordinal);
        Assert.Contains("\\u{1B}]0;owned\\u{7}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Quiet_is_one_line() => Assert.Equal("example.org: FAILING (some host is failing)\n", Text(Reports.Failing, PageStyle.Pipe, isQuiet: true));

    [Fact]
    public void Verbose_adds_lookups_dialogue_and_whole_records()
    {
        var text = Text(Reports.Failing, PageStyle.Pipe, isVerbose: true);
        Assert.Contains($"    3 1 1 {new string('a', 0)}{string.Concat(Enumerable.Repeat("ab", 32))}  matching\n", text, StringComparison.Ordinal);
        Assert.Contains("C: EHLO checker\n", text, StringComparison.Ordinal);
        Assert.Contains("\nLookups\n  example.org. MX: secure (valid-signature)\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_say_what_they_turned_out_to_be()
    {
        var text = Text(Reports.Failing, PageStyle.Pipe);
        Assert.Contains("    3 1 1 abababababababab..abababab  matching\n    2 0 2 0101010101010101..01010101  matches nothing shown\n    3 1 1 010203  unusable (the digest has the wrong length)\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_that_nothing_was_held_against_are_not_tested_in_text_and_reports()
    {
        var host = Reports.Failing.Hosts[0];
        var report = Reports.Failing with { Hosts = [host with { Records = [new(Reports.Stale, RecordState.Other, Usability.Usable), new(Reports.Record, RecordState.Stale, Usability.Usable)], Endpoints = [host.Endpoints[2]] }] };

        Assert.Contains("    2 0 2 0101010101010101..01010101  not tested\n    3 1 1 abababababababab..abababab  not tested\n", Text(report, PageStyle.Pipe), StringComparison.Ordinal);
        Assert.Equal(2, System.Text.RegularExpressions.Regex.Count(MarkdownReport.Write([CheckResult.Of(report)], DateTimeOffset.UnixEpoch), @"\| not tested \|"));
        Assert.Equal(2, System.Text.RegularExpressions.Regex.Count(HtmlReport.Write([CheckResult.Of(report)], DateTimeOffset.UnixEpoch), ">not tested</span>"));
    }

    [Theory]
    [InlineData(ProbeOutcome.Refused, "connection refused", "refused: connection refused")]
    [InlineData(ProbeOutcome.Refused, "no route to this host", "no connection: no route to this host")]
    [InlineData(ProbeOutcome.TimedOut, "no connection in time", "timed out: no connection in time")]
    [InlineData(ProbeOutcome.TimedOut, "greeting: no whole reply in time", "no answer in time: greeting: no whole reply in time")]
    [InlineData(ProbeOutcome.Closed, "EHLO: the server closed the connection", "hung up: EHLO: the server closed the connection")]
    public void An_address_without_TLS_says_what_happened(ProbeOutcome outcome, string detail, string words)
    {
        var report = Reports.Failing with { Hosts = [Reports.Failing.Hosts[0] with { Endpoints = [new(Reports.Seen("192.0.2.1", KeyAlgorithm.Any, outcome, detail), null)] }] };

        Assert.Matches($@"(?m)^  192\.0\.2\.1:25 +{words}$", Text(report, PageStyle.Pipe));
        Assert.Contains($"| {MarkdownInk.Text(words)} |", MarkdownReport.Write([CheckResult.Of(report)], DateTimeOffset.UnixEpoch), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CheckVerdict.Verified, false, 0)]
    [InlineData(CheckVerdict.Verified, true, 1)]
    [InlineData(CheckVerdict.Partial, false, 1)]
    [InlineData(CheckVerdict.Failing, false, 1)]
    [InlineData(CheckVerdict.Undetermined, false, 3)]
    [InlineData(CheckVerdict.Unprotected, false, 4)]
    public void Exit_codes_follow_the_verdict_and_strict_counts_warnings(CheckVerdict verdict, bool isStrict, int code) =>
        Assert.Equal(code, ExitCode.Of(ToldCheck.Of(Reports.Of(verdict, Severity.Warning)), isStrict));

    [Theory]
    [InlineData(CheckVerdict.Verified, false, 0)]
    [InlineData(CheckVerdict.Verified, true, 1)]
    [InlineData(CheckVerdict.Unprotected, false, 4)]
    [InlineData(CheckVerdict.Unprotected, true, 1)]
    [InlineData(CheckVerdict.Undetermined, true, 3)]
    public void An_error_beside_the_verdict_counts_as_a_warning_does(CheckVerdict verdict, bool isStrict, int code) =>
        Assert.Equal(code, ExitCode.Of(ToldCheck.Of(Reports.Of(verdict, Severity.Error)), isStrict));

    [Fact]
    public void A_note_is_no_warning() => Assert.Equal(0, ExitCode.Of(ToldCheck.Of(Reports.Of(CheckVerdict.Verified, Severity.Note)), isStrict: true));

    [Theory]
    [InlineData(new[] { 0, 4, 3, 1 }, 1)]
    [InlineData(new[] { 0, 4, 3 }, 3)]
    [InlineData(new[] { 0, 4, 0 }, 4)]
    [InlineData(new[] { 0, 0 }, 0)]
    [InlineData(new[] { 1, 2, 3 }, 2)]
    public void Of_several_targets_the_worst_counts_in_the_order_1_3_4_0(int[] codes, int worst) =>
        Assert.Equal(worst, codes.Aggregate(0, ExitCode.Worse));
}
