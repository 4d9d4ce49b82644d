using Danelaw.Dns.Records;

namespace Danelaw.Checks.Findings;

/// <summary>R66, RFC 7672 §2.2.3: a record of a key that another host of the target shows, and this one does not.</summary>
internal static class SharedFindings
{
    /// <summary>The records of that kind, by the host that shows their key.</summary>
    internal static ILookup<HostReport, RecordReport> Find(HostSubject subject)
    {
        var others = subject.All.Where(other => other.Name != subject.Report.Name && !other.Chains.IsEmpty).ToArray();
        return subject.Report.Records
            .Where(report => report is { State: RecordState.Other or RecordState.Stale, Record.Usage: TlsaUsage.DaneEe or TlsaUsage.PkixEe })
            .Select(report => (Host: others.FirstOrDefault(other => other.Chains.Any(chain => chain.Proves(report.Record))), Record: report))
            .Where(pair => pair.Host is not null)
            .ToLookup(pair => pair.Host!, pair => pair.Record);
    }

    internal static Finding Of(HostSubject subject, HostReport other, IEnumerable<RecordReport> records)
    {
        var some = RecordWords.Of(records);

        // One set for several hosts by an alias cannot tell them apart; of copies at each host one can be taken out.
        var isOneSet = subject.Report.TlsaAnswer is { IsAlias: true } mine && other.TlsaAnswer is { IsAlias: true } theirs && mine.FinalName == theirs.FinalName;
        var name = Say.Name(other.Name);
        return new(FindingCodes.TlsaShared, isOneSet ? Severity.Warning : Severity.Note, Say.Owner(subject.Facts.Dns),
            $"{some.Subject} {some.Verb("matches", "match")} what {name} shows, and nothing that {subject.Name} shows{(isOneSet ? $": both have the records at {Say.Name(subject.Report.TlsaAnswer!.FinalName)}" : "")}. So whoever holds the key of {name} can pass as {subject.Name} too (RFC 7672 §2.2.3).",
            isOneSet ? "Give each host records of its own, give both the same key, or have the domain name one MX host with several addresses." : $"If the two do not stand in for each other, take {some.Verb("it", "them")} out here.");
    }
}
