using System.Globalization;
using Danelaw.Checks;
using Danelaw.Cli.Rendering.Reports;

namespace Danelaw.Cli.Rendering;

/// <summary>The result of one or several checks as a monitoring plugin tells it: one line with performance data, and the plugin's exit codes.</summary>
internal static class NagiosLine
{
    /// <summary>The exit code when nothing is known.</summary>
    public const int UnknownCode = 3;

    private static readonly string[] States = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];

    /// <summary>0 verified, 1 verified with warnings, partial or unprotected, 2 failing, 3 anything else.</summary>
    public static int CodeOf(ToldCheck check) => check.Verdict switch
    {
        CheckVerdict.Verified => check.HasWarning ? 1 : 0,
        CheckVerdict.Partial or CheckVerdict.Unprotected => 1,
        CheckVerdict.Failing => 2,
        CheckVerdict.Undetermined or CheckVerdict.Unreachable => UnknownCode,
    };

    /// <summary>Of several the worst as the plugins of the monitoring world have it: critical, warning, unknown, good.</summary>
    public static int Worse(int left, int right)
    {
        ReadOnlySpan<int> worstFirst = [2, 1, 3, 0];
        return worstFirst.IndexOf(left) <= worstFirst.IndexOf(right) ? left : right;
    }

    /// <summary>The line for these checks; none were made when the call itself failed.</summary>
    /// <param name="checks">The checks, in the order of their targets.</param>
    /// <param name="now">What days are counted from.</param>
    public static byte[] Of(IReadOnlyList<ToldCheck> checks, DateTimeOffset now)
    {
        if (checks.Count == 0) return Unknown("there was no target to check");
        var code = checks.Aggregate(0, (worst, check) => Worse(worst, CodeOf(check)));
        var said = string.Join("; ", checks.OrderBy(check => Place(CodeOf(check))).Take(8).Select(Say));
        if (checks.Count > 8) said += $"; and {checks.Count - 8} more";
        if (checks.OrderBy(check => Place(CodeOf(check))).Select(Gravest).FirstOrDefault(finding => finding is not null) is { } gravest) said += $"; {MoreAbout.Of(gravest.Code)}";
        return Line(code, said, Performance(checks, now));
    }

    /// <summary>The line for a call that failed.</summary>
    public static byte[] Unknown(string text) => Line(UnknownCode, text, "");

    private static byte[] Line(int code, string text, string performance)
    {
        // A bar begins the performance data, so none may stand in the text.
        var shown = Escape.Text(text).Replace('|', '/');
        return System.Text.Encoding.UTF8.GetBytes($"DANELAW {States[code]} - {shown}{(performance.Length > 0 ? $" | {performance}" : "")}\n");
    }

    private static int Place(int code) => code switch { 2 => 0, 1 => 1, 3 => 2, _ => 3 };

    private static string Say(ToldCheck check)
    {
        var text = $"{check.Target} {Kebab.Of(check.Verdict)} ({check.Reason})";
        return Gravest(check) is { } grave ? $"{text}: {grave.Code} {grave.Subject}" : text;
    }

    private static ToldFinding? Gravest(ToldCheck check) => check.Findings.FirstOrDefault(finding => finding.Severity != Severity.Note);

    private static string Performance(IReadOnlyList<ToldCheck> checks, DateTimeOffset now)
    {
        var endpoints = checks.SelectMany(check => check.Hosts).SelectMany(host => host.Endpoints).Where(endpoint => endpoint.IsShown).ToList();
        var values = new List<string>
        {
            Value("hosts", checks.Sum(check => check.Hosts.Length)),
            Value("endpoints", endpoints.Count),
            Value("matching", endpoints.Count(endpoint => endpoint.Result == "match")),
            Value("errors", checks.Sum(check => check.Count(Severity.Error))),
            Value("warnings", checks.Sum(check => check.Count(Severity.Warning))),
        };
        var ends = endpoints.Where(endpoint => !endpoint.Chain.IsEmpty).Select(endpoint => endpoint.Chain[0].NotAfter).Where(end => end is not null).ToList();
        if (ends.Count > 0) values.Add(Value("certificate_days", (int)Math.Floor((ends.Min()!.Value - now).TotalDays)));
        return string.Join(' ', values);
    }

    private static string Value(string name, int value) => string.Create(CultureInfo.InvariantCulture, $"{name}={value}");
}
