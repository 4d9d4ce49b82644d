using System.Reflection;
using Danelaw.Checks;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Tests.Running;
using Danelaw.Dnssec.Checking;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Operator.Audit;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Cli.Tests.Commands;

public sealed class ExplainTests
{
    private static readonly string[] Headings = ["## What it means", "## Why it matters", "## What to do", "## References"];

    public static TheoryData<string> Codes() =>
        [.. typeof(FindingCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Concat(typeof(AuditCodes).GetFields(BindingFlags.Public | BindingFlags.Static)).Concat(typeof(ZoneFindingCodes).GetFields(BindingFlags.Public | BindingFlags.Static)).Select(field => (string)field.GetRawConstantValue()!).Distinct()];

    [Theory, MemberData(nameof(Codes))]
    public void Every_finding_has_a_page_with_all_its_sections(string code)
    {
        var page = Assert.Single(Explanations.Find(code)).Markdown;
        Assert.StartsWith($"# {code}: ", page, StringComparison.Ordinal);
        Assert.Equal(Headings, page.Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal)));
        foreach (var section in page.Split("\n## ").Skip(1)) Assert.True(section.Split('\n').Count(line => line.Length > 0) > 1, $"empty: {section}");
        Assert.Matches(@"RFC \d{4}|CVE", page.Split("## References")[1]);
    }

    [Fact]
    public void No_page_is_of_a_finding_that_does_not_exist() =>
        Assert.Equal(
            Codes().Select(row => row.Data).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "findings"), "*.md").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    public static TheoryData<string, string> Reasons()
    {
        var reasons = new TheoryData<string, string>();
        void Add<T>(string kind)
            where T : struct, Enum
        {
            foreach (var member in Enum.GetValues<T>()) reasons.Add(kind, Kebab.Of(member));
        }

        Add<CheckReason>("verdicts and reasons of checks");
        Add<CheckVerdict>("verdicts and reasons of checks");
        Add<LookupReason>("reasons of lookups");
        Add<Security>("reasons of lookups");
        Add<DaneReason>("reasons of certificate chains");
        Add<RecordState>("states of records, and why one is unusable");
        Add<Usability>("states of records, and why one is unusable");
        Add<SenderAction>("what a sender does");
        return reasons;
    }

    [Theory, MemberData(nameof(Reasons))]
    public void Every_reason_is_explained_in_its_list(string kind, string code) => Assert.Single(Explanations.All, one => one.Kind == kind && one.Code == code);

    public static TheoryData<int> ExtendedErrors() => [.. Enumerable.Range(0, 31)];

    [Theory, MemberData(nameof(ExtendedErrors)), Rfc(8914, "4")]
    public async Task Every_extended_error_is_explained_by_its_number(int code)
    {
        var run = await CommandRun.OfAsync("explain", $"{code}");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(run.Output, (await CommandRun.OfAsync("explain", $"EDE-{code}")).Output);
        Assert.StartsWith($"ede-{code}: ", run.Output.TrimStart('#', ' '), StringComparison.Ordinal);
    }

    [Fact]
    public void No_reason_is_explained_that_does_not_exist()
    {
        var known = Reasons().Select(row => row.Data).ToHashSet();
        Assert.Empty(Explanations.All.Where(one => known.Any(row => row.Item1 == one.Kind) && !known.Contains((one.Kind, one.Code))).Select(one => one.Code));
    }

    [Theory]
    [InlineData("R28", "Secure, >= 1 usable: TLS + authentication mandatory", "RFC 7672 §2.2")]
    [InlineData("r07", "Failure in MX resolution: delivery delayed", "RFC 7672 §2.1.2")]
    public void A_rule_that_a_text_cites_is_explained(string code, string statement, string source)
    {
        var rule = Assert.Single(Explanations.Find(code));

        Assert.StartsWith(statement, rule.Title, StringComparison.Ordinal);
        Assert.Contains(source, rule.Markdown, StringComparison.Ordinal);
    }
}
