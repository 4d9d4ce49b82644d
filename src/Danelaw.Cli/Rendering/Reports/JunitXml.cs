using Danelaw.Checks;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Rendering.Reports;

/// <summary>
/// Results as JUnit has them, for what shows tests: a suite a target; in it a case for the verdict, one for each address and kind of key, and one for each finding that is no note.
/// The verdict's case succeeds where the exit code is 0, so a suite is never green by having nothing in it.
/// </summary>
internal static class JunitXml
{
    private enum Outcome
    {
        Passed,

        /// <summary>Nothing that fails, and nothing that is known to be well.</summary>
        Skipped,
        Failed,

        /// <summary>It could not be determined.</summary>
        Error,
    }

    /// <summary>Writes them.</summary>
    /// <param name="results">The results.</param>
    /// <param name="now">When it was judged.</param>
    /// <param name="isStrict">Whether warnings fail.</param>
    public static string Write(IReadOnlyList<CheckResult> results, DateTimeOffset now, bool isStrict)
    {
        var xml = new Markup();
        var suites = results.Select(result => (Name: result.Told.Target, Time: result.JudgedBy(now), Cases: CasesOf(result.Told, isStrict).ToList())).ToList();

        // A list that lost its targets on the way would be a green build.
        if (suites.Count == 0) suites.Add(("danelaw check", now, [new("targets", Outcome.Error, "there was no target", "no-target", ["There was no target, so nothing is known."])]));
        xml.AddMarkup("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.Add($"<testsuites name=\"danelaw check\"");
        Counts(xml, [.. suites.SelectMany(suite => suite.Cases)]);
        xml.AddMarkup(">\n");
        foreach (var (name, time, cases) in suites)
        {
            xml.Add($"  <testsuite name=\"{name}\" timestamp=\"{time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)}\"");
            Counts(xml, cases);
            xml.AddMarkup(">\n");
            foreach (var one in cases) Write(xml, name, one);
            xml.AddMarkup("  </testsuite>\n");
        }

        xml.AddMarkup("</testsuites>\n");
        return xml.ToString();
    }

    private static void Counts(Markup xml, IReadOnlyCollection<Case> cases) =>
        xml.Add($" tests=\"{cases.Count}\" failures=\"{cases.Count(one => one.Outcome == Outcome.Failed)}\" errors=\"{cases.Count(one => one.Outcome == Outcome.Error)}\" skipped=\"{cases.Count(one => one.Outcome == Outcome.Skipped)}\"");

    private static void Write(Markup xml, string suite, Case one)
    {
        xml.Add($"    <testcase classname=\"{suite}\" name=\"{one.Name}\"");
        var element = one.Outcome switch
        {
            Outcome.Passed => "",
            Outcome.Skipped => "skipped",
            Outcome.Failed => "failure",
            Outcome.Error => "error",
        };
        if (element.Length == 0)
        {
            xml.AddMarkup("/>\n");
            return;
        }

        xml.AddMarkup($">\n      <{element}");
        xml.Add($" message=\"{one.Message}\"");
        if (element != "skipped") xml.Add($" type=\"{one.Type}\"");
        xml.AddMarkup(">");
        var isFirst = true;
        foreach (var line in one.Lines)
        {
            xml.AddMarkup(isFirst ? "" : "\n");
            xml.Add($"{line}");
            isFirst = false;
        }

        xml.AddMarkup($"</{element}>\n    </testcase>\n");
    }

    private static IEnumerable<Case> CasesOf(ToldCheck check, bool isStrict)
    {
        var verdict = ExitCode.Of(check, isStrict) switch
        {
            ExitCode.Good => Outcome.Passed,
            ExitCode.Undetermined => Outcome.Error,
            _ => Outcome.Failed,
        };
        yield return new("verdict", verdict, $"{Kebab.Of(check.Verdict)} ({check.Reason})", check.Reason, [check.Explanation]);
        foreach (var host in check.Hosts)
            foreach (var endpoint in host.Endpoints)
                if (endpoint.IsShown) yield return CaseOf(host, endpoint);
        foreach (var finding in check.Findings)
            if (finding.Severity != Severity.Note) yield return CaseOf(finding, isStrict);
    }

    private static Case CaseOf(ToldHost host, ToldEndpoint endpoint)
    {
        var isBad = EndpointResults.ToneOf(endpoint.Result) == Tone.Bad;

        // What is wrong at a host that promises nothing stops no mail.
        var outcome = endpoint.Result == "match" ? Outcome.Passed : isBad && host.Verdict == CheckVerdict.Failing ? Outcome.Failed : Outcome.Skipped;
        var because = endpoint.Reason is { } reason ? $"{endpoint.Result} ({reason})" : endpoint.Result;
        return new($"{host.ShortName} {endpoint.Place} {endpoint.KeyInWords}".TrimEnd(), outcome, because, endpoint.Result, endpoint.Detail is { } detail ? [detail] : []);
    }

    private static Case CaseOf(ToldFinding finding, bool isStrict) =>
        new($"{finding.Code} {finding.Subject}".TrimEnd(), finding.Severity == Severity.Error || isStrict ? Outcome.Failed : Outcome.Skipped, finding.Text, finding.Code,
            [finding.Text, .. MendText.Lines(finding.Mend).Select(line => line.Text), $"{MoreAbout.Of(finding.Code)} tells more"]);

    /// <summary>One test.</summary>
    private sealed record Case(string Name, Outcome Outcome, string Message, string Type, IReadOnlyList<string> Lines);
}
