using System.Xml;
using System.Xml.Linq;
using Danelaw.Checks;
using Danelaw.Cli.Rendering.Reports;

namespace Danelaw.Cli.Tests.Rendering;

public sealed class HtmlReportTests
{
    private static XElement Read(params CheckReport[] reports)
    {
        using var text = new StringReader(HtmlReport.Write([.. reports.Select(CheckResult.Of)], DateTimeOffset.UnixEpoch));
        using var reader = XmlReader.Create(text, new() { DtdProcessing = DtdProcessing.Ignore, CheckCharacters = true });
        return XDocument.Load(reader).Root!;
    }

    [Fact]
    public void It_needs_nothing_else_and_may_fetch_nothing()
    {
        var page = Read(Reports.Failing);

        Assert.Contains(page.Descendants("meta"), meta => meta.Attribute("http-equiv")?.Value == "Content-Security-Policy" && meta.Attribute("content")!.Value == "default-src 'none'; style-src 'unsafe-inline'");
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script" or "link" or "img" or "iframe" or "object" or "form");
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal) || attribute.Name.LocalName == "src");
        Assert.DoesNotContain("url(", page.Descendants("style").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_link_leads_to_a_place_of_the_page()
    {
        var page = Read(Reports.Failing, Reports.Of(CheckVerdict.Verified, Severity.Warning));
        var ids = page.Descendants().Attributes("id").Select(id => id.Value).ToList();

        Assert.Equal(ids.Distinct(), ids);
        var links = page.Descendants("a").Select(link => link.Attribute("href")!.Value).ToList();
        Assert.Equal(["#c1", "#c2", "#TLSA-MISMATCH", "#TLS-UNTESTED", "#TLSA-TTL-LONG"], links);
        Assert.All(links, link => Assert.Contains(link[1..], ids));
        Assert.Contains("TLSA-MISMATCH", page.Descendants("summary").Single(summary => summary.Value.StartsWith("TLSA-MISMATCH", StringComparison.Ordinal)).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Foreign_text_is_text_whatever_stands_in_it()
    {
        var page = Read(HostileReports.Report, HostileReports.Report);
        var plain = Read(Reports.Failing, Reports.Failing);

        Assert.Equal(plain.Descendants().Select(element => element.Name.LocalName).Distinct().Order(StringComparer.Ordinal), page.Descendants().Select(element => element.Name.LocalName).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(plain.Descendants().Attributes().Select(attribute => attribute.Name.LocalName).Distinct().Order(StringComparer.Ordinal), page.Descendants().Attributes().Select(attribute => attribute.Name.LocalName).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains("</td><script>alert(1)</script>\"'>&amp; ]]>", page.Descendants("h2").First().Value, StringComparison.Ordinal);
        Assert.All(page.Descendants().Attributes().Select(attribute => attribute.Value).Append(page.Value), text => Assert.DoesNotContain(text, character => character is '\u202E' or '\u2028' or '\u0085' or '\uFFFE'));
    }
}
