using Danelaw.Probes;

namespace Danelaw.Checks.Findings;

/// <summary>Records that match nothing served: the next key's, old ones, or mistakes.</summary>
internal static class UnmatchedFindings
{
    internal static IEnumerable<Finding> Of(HostSubject subject)
    {
        // Whether something could be seen at all decides whether a record without a match means anything.
        var reports = subject.Report.Records;
        if (!subject.Report.Endpoints.Any(endpoint => endpoint.Observation.Outcome == ProbeOutcome.Completed)) yield break;
        var owner = Say.Owner(subject.Facts.Dns);
        if (Where(reports, RecordState.Next) is { } next)
        {
            yield return new(FindingCodes.TlsaUnmatched, Severity.Note, owner,
                $"{next.Words.Subject} {next.Words.Verb("is", "are")} of the certificate or key to come.", "Use the new key two TTLs after the record was published, not before.");
        }

        if (Where(reports, RecordState.Stale) is { } stale)
        {
            yield return new(FindingCodes.TlsaUnmatched, Severity.Warning, owner,
                $"{stale.Words.Subject} {stale.Words.Verb("matches", "match")} neither what is served nor what is to come.",
                $"Take {stale.Words.Verb("it", "them")} out:\n{string.Join('\n', stale.Records.Take(MostLines).Select(report => Say.Line(subject.Facts.Dns, report.Record)))}");
        }

        // Where nothing matches at all, the endpoint's own finding has said so, with every record by name.
        if (!reports.Any(report => report.State == RecordState.Matching)) yield break;

        // RFC 7671 §8: of every combination of parameters one record must match what is served now.
        var matching = reports.Where(report => report.State == RecordState.Matching).Select(Parameters).ToHashSet();
        if (Some(reports.Where(report => report.State == RecordState.Other && matching.Contains(Parameters(report)))) is { } spare)
        {
            yield return new(FindingCodes.TlsaUnmatched, Severity.Note, owner,
                $"{spare.Words.Subject} {spare.Words.Verb("matches", "match")} nothing that is served: of the next key, or of an old one.",
                "If it is old, take it out. If it is the next one, --next FILE tells the check so.");
        }

        if (Some(reports.Where(report => report.State == RecordState.Other && !matching.Contains(Parameters(report)))) is { } wrong)
        {
            yield return new(FindingCodes.TlsaUnmatched, Severity.Warning, owner,
                $"{wrong.Words.Subject} {wrong.Words.Verb("matches", "match")} nothing that is served, nor does any other with the same parameters; each combination that is published must match now (RFC 7671 §8).",
                $"Take {wrong.Words.Verb("it", "them")} out, or serve what {wrong.Words.Verb("it means", "they mean")}.");
        }
    }

    private const int MostLines = 8;

    private static (RecordReport[] Records, RecordWords Words)? Where(IEnumerable<RecordReport> reports, RecordState state) => Some(reports.Where(report => report.State == state));

    private static (RecordReport[] Records, RecordWords Words)? Some(IEnumerable<RecordReport> reports)
    {
        RecordReport[] some = [.. reports];
        return some.Length == 0 ? null : (some, RecordWords.Of(some));
    }

    private static string Parameters(RecordReport report) => report.Record.Parameters;
}
