using System.Globalization;
using Danelaw.Cli.Options;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Checking;

namespace Danelaw.Cli.Rendering;

/// <summary>What a check of a zone found, for people.</summary>
internal static class ZoneCheckText
{
    /// <summary>How many findings are kept by default.</summary>
    public const int UsualFindings = 100;

    /// <summary>Findings of one code that are told one by one.</summary>
    private const int ToldAlike = 5;

    public static Page Write(ZoneCheckReport report, bool isSound, ZoneCheckOptions options, Output output)
    {
        var page = new Page(output.Style);
        page.Line(0, new Ink($"{(report.Records == 0 ? "the zone" : report.Apex)} is {(isSound ? "sound" : "unsound")}", isSound ? Tone.Good : Tone.Bad), $": {Count(report.Errors, "error")}, {Count(report.Warnings, "warning")}, {Count(report.Notes, "note")}");
        if (!output.IsQuiet)
        {
            var days = report.FirstExpiration is { } end ? string.Create(CultureInfo.InvariantCulture, $"; the first signature {(end < options.Now ? "ended" : "ends")} {end.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, {(end < options.Now ? $"{Math.Floor((options.Now - end).TotalDays):0} days ago" : $"in {Math.Floor((end - options.Now).TotalDays):0} days")}") : "";
            page.Paragraph(2, 2, string.Create(CultureInfo.InvariantCulture, $"serial {report.Serial}, {(report.Denial.Length > 0 ? report.Denial : "no denial")}, {report.Names} names, {report.Records} records, {report.Signatures} signatures verified{days}"));
        }

        var alike = report.Findings.CountBy(finding => (finding.Code, finding.Severity)).ToDictionary();
        var told = new Dictionary<(string, ZoneSeverity), int>();
        for (var i = 0; i < report.Findings.Length; i++)
        {
            var finding = report.Findings[i];
            var kind = (finding.Code, finding.Severity);
            told[kind] = told.GetValueOrDefault(kind) + 1;
            // Thirty-seven signatures that have ended are one fault; whoever asks for more than by default wants each.
            if (!output.IsVerbose && options.MaximumFindings <= UsualFindings && alike[kind] > ToldAlike && told[kind] > ToldAlike)
            {
                if (told[kind] == alike[kind]) page.Line(5, string.Create(CultureInfo.InvariantCulture, $"and {alike[kind] - ToldAlike} more {finding.Code} (-v tells each)"));
                continue;
            }

            var tone = finding.Severity == ZoneSeverity.Error ? Tone.Bad : finding.Severity == ZoneSeverity.Warning ? Tone.Doubt : Tone.Faint;
            page.Paragraph(i < 9 ? 2 : i < 99 ? 1 : 0, 5, new Ink(string.Create(CultureInfo.InvariantCulture, $"{i + 1}. {finding.Severity.ToString().ToLowerInvariant()} {finding.Code}"), tone), $" {finding.Owner}{(finding.Type is { } type ? $" {RecordTypes.ToText(type)}" : "")}{Place(finding)}: {finding.Text}");
            if (!output.IsQuiet && (i == 0 || report.Findings[i - 1].Code != finding.Code)) page.Paragraph(5, 5, $"mend: {finding.Mend}");
        }

        var untold = report.Errors + report.Warnings + report.Notes - report.Findings.Length;
        if (untold > 0) page.Line(2, $"and {untold} more (--most N tells more)");
        return page;
    }

    private static string Place(ZoneFinding finding) => finding.Line == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" (line {finding.Line}{(finding.File.Length > 0 ? $" of {finding.File}" : "")})");

    private static string Count(long count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
