using System.Globalization;
using Danelaw.Checks;
using Danelaw.Cli.Options;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Changes;

namespace Danelaw.Cli.Rendering.Operating;

/// <summary>What doctor found, as text: what is wrong first, each with its mend, then the domains.</summary>
internal static class DoctorText
{
    private const int ShownDomains = 20, ShownHosts = 3;

    public static void Write(Page page, DoctorReport report, HostFiles files, Output output)
    {
        if (!report.HasMailServer)
        {
            page.Line(0, new Ink(report.Host, Tone.Strong), ": no mail server was found (Postfix, Exim, OpenSMTPD, Dovecot)");
            return;
        }

        var (errors, warnings, notes) = (Count(report, Severity.Error), Count(report, Severity.Warning), Count(report, Severity.Note));
        if (errors + warnings == 0 && report.Unseen.IsEmpty)
        {
            string[] more = [.. report.Domains.IsEmpty ? [] : new[] { Plural(report.Domains.Select(row => row.Domain).Distinct().Count(), "domain") }, .. notes == 0 || output.IsVerbose ? [] : new[] { $"{Plural(notes, "note")} with -v" }];
            page.Line(0, new Ink(report.Host, Tone.Strong), ": ", new Ink("all is well", Tone.Good), more.Length == 0 ? "" : $" ({string.Join("; ", more)})");
            if (!output.IsVerbose) return;
        }
        else
        {
            page.Line(0, new Ink(report.Host, Tone.Strong), ": ", new Ink(Plural(errors, "error"), errors > 0 ? Tone.Bad : Tone.Good), ", ", new Ink(Plural(warnings, "warning"), warnings > 0 ? Tone.Doubt : Tone.Good), ", ", Plural(notes, "note"));
        }

        if (output.IsQuiet) return;
        var hosts = report.Domains.SelectMany(row => new[] { row.Mx, row.Base }).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var group in report.Findings.Where(finding => finding.Severity != Severity.Note || output.IsVerbose).GroupBy(finding => output.IsVerbose ? (object)finding : SameAt(hosts, finding)))
        {
            // What is the same at a few hosts has a mend for each; at very many it has one.
            var told = group.Count() > ShownHosts ? 1 : group.Count();
            foreach (var finding in group.Take(told)) Write(page, finding, files, [.. group.Skip(told).Select(other => HostOf(other.Subject))]);
        }

        if (notes > 0 && !output.IsVerbose)
        {
            page.Gap();
            page.Line(0, new Ink($"{Plural(notes, "note")} more with -v", Tone.Faint));
        }

        WriteUnseen(page, report);
        WriteDomains(page, report, output);
        if (report.Findings is not [var gravest, ..]) return;
        page.Gap();
        if (files.IsLive && report.Findings.Any(finding => finding.Severity != Severity.Note && finding.Code.StartsWith("POSTFIX-", StringComparison.Ordinal))) page.Line(0, "Setup: danelaw setup --dry-run shows what of this it would mend, and how");
        page.Line(0, $"More: {MoreAbout.Of(gravest.Code)}");
    }

    /// <summary>What two findings share that differ in nothing but the host.</summary>
    private static (string Code, Severity Severity, string Subject, string Text, AuditFinding? Alone) SameAt(HashSet<string> hosts, AuditFinding finding)
    {
        var host = HostOf(finding.Subject);
        return finding.Place is null && hosts.Contains(host) ? (finding.Code, finding.Severity, Bare(finding.Subject), Bare(finding.Text), null) : (finding.Code, finding.Severity, finding.Subject, finding.Text, finding);

        string Bare(string text) => text.Replace(host, "*", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The host in what a finding is about: itself, <c>_25._tcp.</c> before it, or a port behind it.</summary>
    private static string HostOf(string subject)
    {
        var name = subject.Split(", port ")[0];
        return name.StartsWith('_') && name.Split('.', 3) is [_, _, var host] ? host : name;
    }

    private static void Write(Page page, AuditFinding finding, HostFiles files, string[] others)
    {
        page.Gap();
        page.Line(0, new Ink($"{Kebab.Of(finding.Severity)} {finding.Code}", Words.ToneOf(finding.Severity)), $"  {finding.Subject}", new Ink(finding.Place is { } place ? $"  {place}" : "", Tone.Faint));
        page.Paragraph(2, 2, finding.Text.EndsWith('.') ? finding.Text : finding.Text + ".");
        if (others.Length > 0) page.Paragraph(2, 2, string.Create(CultureInfo.InvariantCulture, $"The same holds for {string.Join(", ", others.Take(ShownHosts))}{(others.Length > ShownHosts ? $" and {others.Length - ShownHosts} more" : "")} (-v tells each)."));
        MendText.Write(page, 2, finding.Mend.Text);
        foreach (var group in finding.Mend.Changes.GroupBy(change => change.Path))
        {
            var file = files.Read(group.Key);
            if (!file.IsRead) continue;
            var after = group.Aggregate(file.Text, Edit.Apply);
            DifferenceText.Write(page, 5, UnifiedDiff.Of(group.Key, file.Text, after));
        }
    }

    private static void WriteUnseen(Page page, DoctorReport report)
    {
        if (report.Unseen.IsEmpty) return;
        page.Gap();
        page.Line(0, new Ink("Not seen", Tone.Doubt));
        foreach (var unseen in report.Unseen)
        {
            page.Paragraph(2, 4, $"{unseen.What}: {unseen.Why}");
            MendText.Write(page, 4, unseen.Mend);
        }
    }

    private static void WriteDomains(Page page, DoctorReport report, Output output)
    {
        if (report.Domains.IsEmpty) return;
        page.Gap();
        var groups = report.Domains.GroupBy(row => (row.Mx, row.Base, row.Verdict)).ToArray();
        var own = output.IsVerbose ? [] : groups.Where(group => group.Key.Mx is { } mx && group.Count() == 1 && mx.EndsWith("." + group.First().Domain, StringComparison.OrdinalIgnoreCase)).GroupBy(group => group.Key.Verdict).Where(alike => alike.Count() > ShownDomains).ToArray();
        foreach (var alike in own)
        {
            page.Line(0, new Ink("MX names of their own", Tone.Strong), ": ", ToneOf(alike.Key), $", {Plural(alike.Count(), "domain")}");
            page.Paragraph(2, 2, string.Create(CultureInfo.InvariantCulture, $"{string.Join(' ', alike.Take(ShownDomains).Select(group => group.First().Domain))} and {alike.Count() - ShownDomains} more (-v)"));
        }

        foreach (var group in groups.Except(own.SelectMany(alike => alike)))
        {
            var domains = group.Select(row => row.Domain).ToArray();
            page.Line(0, new Ink(group.Key.Mx ?? "no MX host", Tone.Strong), ": ", ToneOf(group.Key.Verdict), group.Key.Base is { } named && named != group.Key.Mx ? $", TLSA at {named}" : "", $", {Plural(domains.Length, "domain")}");
            var shown = output.IsVerbose ? domains.Length : Math.Min(domains.Length, ShownDomains);
            page.Paragraph(2, 2, string.Join(' ', domains.Take(shown)) + (shown < domains.Length ? string.Create(CultureInfo.InvariantCulture, $" and {domains.Length - shown} more (-v)") : ""));
        }
    }

    private static Ink ToneOf(string verdict) => new(verdict, verdict switch
    {
        "verified" => Tone.Good,
        "failing" => Tone.Bad,
        _ => Tone.Doubt,
    });

    private static int Count(DoctorReport report, Severity severity) => report.Findings.Count(finding => finding.Severity == severity);

    private static string Plural(int count, string word) => string.Create(CultureInfo.InvariantCulture, $"{count} {word}{(count == 1 ? "" : "s")}");
}
