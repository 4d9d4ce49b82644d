using Danelaw.Checks;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Reports;
using Danelaw.Probes;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Cli.Tests.Rendering;

public sealed class MarkdownReportTests
{
    [Theory]
    [InlineData("mx1.example.org", "mx1.example.org")]
    [InlineData("_25._tcp", "\\_25.\\_tcp")]
    [InlineData("a|b", "a\\|b")]
    [InlineData("a\\|b", "a\\\\\\|b")]
    [InlineData("<script>", "\\<script\\>")]
    [InlineData("`x` **y** ~~z~~", "\\`x\\` \\*\\*y\\*\\* \\~\\~z\\~\\~")]
    [InlineData("[a](b)", "\\[a\\](b)")]
    [InlineData("https://evil.example www.evil.example", "https\\://evil.example www\\.evil.example")]
    [InlineData("# a", "\\# a")]
    [InlineData("- a - b", "\\- a - b")]
    [InlineData("12. a 12. b", "12\\. a 12. b")]
    [InlineData("a\nb\e", "a\\\\nb\\\\u{1B}")]
    [InlineData("&lt; $x$", "\\&lt; \\$x\\$")]
    [InlineData("@octocat, user@evil.example", "@&#8203;octocat, user@&#8203;evil.example")]
    [InlineData("octocat/repo#12 GH-12", "octocat/repo\\#&#8203;12 GH-&#8203;12")]
    [InlineData("a @ b 9-12", "a @ b 9-12")]
    public void Text_is_shown_and_not_obeyed(string text, string markdown) => Assert.Equal(markdown, MarkdownInk.Text(text));

    [Theory]
    [InlineData("mx1_a*.example.org", "`mx1_a*.example.org`")]
    [InlineData("a`b", "a\\`b")]
    [InlineData("a|b", "a\\|b")]
    [InlineData("", "")]
    public void A_name_stands_between_backticks_unless_it_could_leave_them(string text, string markdown) => Assert.Equal(markdown, MarkdownInk.Code(text));

    [Fact]
    public void Services_that_are_not_offered_stand_in_a_line_and_a_single_one_in_none()
    {
        var several = Reports.Failing with { Services = [new(ServiceProtocol.Smtp, true, null), new(ServiceProtocol.ImapTls, false, null), new(ServiceProtocol.Sieve, false, null)] };
        var one = Reports.Failing with { Services = [new(ServiceProtocol.ImapTls, false, null)] };

        Assert.Contains("\nNot offered, as far as can be seen: imaps, sieve.\n", MarkdownReport.Write([CheckResult.Of(several)], DateTimeOffset.UnixEpoch), StringComparison.Ordinal);
        Assert.Contains(">Not offered, as far as can be seen: imaps, sieve.</p>", HtmlReport.Write([CheckResult.Of(several)], DateTimeOffset.UnixEpoch), StringComparison.Ordinal);
        foreach (var report in new[] { Reports.Failing, one })
        {
            Assert.DoesNotContain("Not offered", MarkdownReport.Write([CheckResult.Of(report)], DateTimeOffset.UnixEpoch), StringComparison.Ordinal);
            Assert.DoesNotContain("Not offered", HtmlReport.Write([CheckResult.Of(report)], DateTimeOffset.UnixEpoch), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void People_read_words_and_no_names_of_lists()
    {
        // Of each list every word that is none of the language.
        string[] words = [.. Names<CheckReason>(), .. Names<SenderAction>(), .. Names<DaneReason>(), .. Names<Usability>(), .. Names<ProbeOutcome>()];
        foreach (var reason in Enum.GetValues<CheckReason>())
        {
            var host = Reports.Failing.Hosts[0];
            var report = Reports.Failing with { Reason = reason, Hosts = [host with { Reason = reason }, .. Enum.GetValues<SenderAction>().Select(action => host with { Sender = new(action, "R28", "") }), .. Enum.GetValues<ProbeOutcome>().Select(outcome => host with { Endpoints = [new(Reports.Seen("192.0.2.1", KeyAlgorithm.Any, outcome), null)] })] };
            var (markdown, html) = (MarkdownReport.Write([CheckResult.Of(report), CheckResult.Of(report)], DateTimeOffset.UnixEpoch), HtmlReport.Write([CheckResult.Of(report), CheckResult.Of(report)], DateTimeOffset.UnixEpoch));
            html = html[..html.IndexOf("<h2>What the findings mean</h2>", StringComparison.Ordinal)];
            Assert.Contains("| matches nothing shown |", markdown, StringComparison.Ordinal);
            Assert.All(words, word => Assert.DoesNotMatch($@"(?<![\w-]){word}(?![\w-])", markdown));
            Assert.All(words, word => Assert.DoesNotMatch($@"(?<![\w-]){word}(?![\w-])", html[html.IndexOf("<main>", StringComparison.Ordinal)..]));
        }

        static IEnumerable<string> Names<T>()
            where T : struct, Enum => Enum.GetValues<T>().Select(Kebab.Of).Where(name => name.Contains('-', StringComparison.Ordinal));
    }

    [Fact]
    public void A_row_of_a_table_has_the_cells_of_its_head_whatever_stands_in_them()
    {
        var lines = MarkdownReport.Write([HostileReports.Result, HostileReports.Result], DateTimeOffset.UnixEpoch).Split('\n');
        var cells = 0;
        foreach (var line in lines.Where(line => line.StartsWith('|')))
        {
            var count = System.Text.RegularExpressions.Regex.Count(line, @"(?<!\\)(?:\\\\)*\|");
            if (line.StartsWith("| Target", StringComparison.Ordinal) || line.StartsWith("| Server", StringComparison.Ordinal)) cells = count;
            Assert.Equal(cells, count);
        }

        Assert.True(cells > 0);
        Assert.DoesNotContain(lines, line => line.Contains("<script", StringComparison.Ordinal) && !line.Contains("\\<script", StringComparison.Ordinal) && !line.Contains("IN TLSA", StringComparison.Ordinal));
    }
}
