using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Danelaw.Checks;
using Danelaw.Cli.Rendering.Reports;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Tests.Rendering;

public sealed class JunitXmlTests
{
    private static XElement Read(bool isStrict, params CheckReport[] reports)
    {
        using var text = new StringReader(JunitXml.Write([.. reports.Select(CheckResult.Of)], DateTimeOffset.UnixEpoch, isStrict));
        using var reader = XmlReader.Create(text, new() { DtdProcessing = DtdProcessing.Prohibit, CheckCharacters = true });
        return XDocument.Load(reader).Root!;
    }

    private static int Count(XElement element, string name) => int.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    public static TheoryData<CheckVerdict, Severity, bool> All()
    {
        var all = new TheoryData<CheckVerdict, Severity, bool>();
        foreach (var verdict in Reports.TargetVerdicts)
            foreach (var severity in new[] { Severity.Note, Severity.Warning })
                foreach (var isStrict in new[] { false, true }) all.Add(verdict, severity, isStrict);
        return all;
    }

    [Theory, MemberData(nameof(All))]
    public void It_is_red_exactly_where_the_exit_code_is_not_0(CheckVerdict verdict, Severity severity, bool isStrict)
    {
        var report = Reports.Of(verdict, severity);
        var root = Read(isStrict, report);
        Assert.Equal(ExitCode.Of(ToldCheck.Of(report), isStrict) != 0, Count(root, "failures") + Count(root, "errors") > 0);
    }

    [Fact]
    public void Without_a_target_it_is_red()
    {
        var root = Read(false);
        Assert.Equal((1, 1, "there was no target"), (Count(root, "tests"), Count(root, "errors"), root.Descendants("error").Single().Attribute("message")!.Value));
    }

    [Fact]
    public void A_suite_a_target_and_a_case_for_the_verdict_each_endpoint_and_each_finding()
    {
        var root = Read(false, Reports.Failing, Reports.Of(CheckVerdict.Undetermined));

        Assert.Equal(["example.org", "example.net"], root.Elements("testsuite").Select(suite => suite.Attribute("name")!.Value));
        var cases = root.Elements("testsuite").First().Elements("testcase").ToList();
        Assert.Equal(
            ["verdict", "mx1.example.org 192.0.2.1:25 RSA", "mx1.example.org 192.0.2.1:25 ECDSA", "mx1.example.org [2001:db8::1]:25", "TLSA-MISMATCH mx1.example.org", "TLS-UNTESTED mx1.example.org"],
            cases.Select(one => one.Attribute("name")!.Value));
        Assert.Equal(["failure", "", "failure", "skipped", "failure", "skipped"], cases.Select(one => one.Elements().SingleOrDefault()?.Name.LocalName ?? ""));
        Assert.Equal((7, 3, 1, 2), (Count(root, "tests"), Count(root, "failures"), Count(root, "errors"), Count(root, "skipped")));
        Assert.Contains("\n_25._tcp.mx1.example.org. 3600 IN TLSA 3 1 1 cdcd", cases[4].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Foreign_text_is_text_whatever_stands_in_it()
    {
        var root = Read(true, HostileReports.Report);

        Assert.Equal(["failure", "skipped", "testcase", "testsuite"], root.Descendants().Select(element => element.Name.LocalName).Distinct().Order(StringComparer.Ordinal));
        Assert.All(root.Descendants("testcase"), one => Assert.StartsWith("</td><script>alert(1)</script>\"'>&amp; ]]> | `code`", one.Attribute("classname")!.Value, StringComparison.Ordinal));
        Assert.All(root.DescendantsAndSelf().SelectMany(element => element.Attributes()).Select(attribute => attribute.Value).Append(root.Value), text => Assert.DoesNotContain(text, character => character is '\u202E' or '\u2028' or '\u0085' or '\uFFFE'));
    }
}
