using System.Globalization;
using Danelaw.Probes;

namespace Danelaw.Checks.Findings;

/// <summary>Records that match nothing served: the next key's, old ones, another host's, or a combination that must not stand there.</summary>
internal static class UnmatchedFindings
{
    internal static IEnumerable<Finding> Of(HostSubject subject)
    {
        // Whether something could be seen at all decides whether a record without a match means anything.
        if (!subject.Report.Endpoints.Any(endpoint => endpoint.Observation.Outcome == ProbeOutcome.Completed)) yield break;
        RecordReport[] reports = [.. subject.Report.Records.Where(report => !subject.Mistakes.ContainsKey(report.Record))];
        var owner = Say.Owner(subject.Facts.Dns);
        if (Some(reports.Where(report => report.State == RecordState.Next)) is { } next)
        {
            yield return new(FindingCodes.TlsaUnmatched, Severity.Note, owner,
                $"{next.Words.Subject} {next.Words.Verb("is", "are")} of the certificate or key to come.", $"Use the new key two TTLs after the record was published, not before{Wait(subject)}.");
        }

        var shared = SharedFindings.Find(subject);
        var elsewhere = shared.SelectMany(group => group).ToHashSet();
        if (Some(reports.Where(report => report.State == RecordState.Stale && !elsewhere.Contains(report))) is { } stale)
        {
            yield return new(FindingCodes.TlsaUnmatched, Severity.Warning, owner,
                $"{stale.Words.Subject} {stale.Words.Verb("matches", "match")} neither what is served nor what is to come.",
                $"Take {stale.Words.Verb("it", "them")} out:\n{string.Join('\n', stale.Records.Take(MostLines).Select(report => Say.Line(subject.Facts.Dns, report.Record)))}");
        }

        // Where nothing matches at all, the endpoint's own finding has said so, with every record by name.
        if (!reports.Any(report => report.State == RecordState.Matching)) yield break;
        foreach (var group in shared) yield return SharedFindings.Of(subject, group.Key, group);
        var combinations = Combination.Of(subject);

        // A combination that only old records make up goes with them.
        var missing = combinations.Where(one => !one.Missing.IsEmpty && !one.Records.All(report => report.State == RecordState.Stale)).ToArray();
        foreach (var combination in missing) yield return CombinationFindings.Missing(subject, combination);
        foreach (var finding in CombinationFindings.OfDigests(subject, combinations)) yield return finding;
        var told = missing.Where(one => one.IsNowhere).SelectMany(one => one.Records).ToHashSet();
        if (Some(reports.Where(report => report.State == RecordState.Other && !told.Contains(report) && !elsewhere.Contains(report))) is { } spare)
        {
            yield return new(FindingCodes.TlsaUnmatched, Severity.Note, owner,
                $"{spare.Words.Subject} {spare.Words.Verb("matches", "match")} nothing that is served: of the next key, or of an old one.",
                $"If it is old, take it out. If it is the next one, --next FILE tells the check so{Wait(subject)}.");
        }
    }

    private const int MostLines = 8;

    /// <summary>From when on a key may be used whose record is published now.</summary>
    private static string Wait(HostSubject subject) => CacheTimes.Of(subject.Facts.Dns) is { } times
        ? string.Create(CultureInfo.InvariantCulture, $"; if it is published now, its key may be used from {Say.Moment(times.SafeFrom(subject.Now))} on")
        : "";

    private static (RecordReport[] Records, RecordWords Words)? Some(IEnumerable<RecordReport> reports)
    {
        RecordReport[] some = [.. reports];
        return some.Length == 0 ? null : (some, RecordWords.Of(some));
    }
}
