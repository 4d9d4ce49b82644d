using System.Collections.Immutable;
using Danelaw.Checks;
using Danelaw.Operator.Changes;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>Findings as they are gathered.</summary>
internal sealed class FindingList
{
    private readonly List<AuditFinding> _findings = [];

    internal void Error(string code, string subject, Place? place, string text, string mend, params ReadOnlySpan<Change> changes) => Add(code, Severity.Error, subject, place, text, mend, changes);

    internal void Warning(string code, string subject, Place? place, string text, string mend, params ReadOnlySpan<Change> changes) => Add(code, Severity.Warning, subject, place, text, mend, changes);

    internal void Note(string code, string subject, Place? place, string text, string mend = "", params ReadOnlySpan<Change> changes) => Add(code, Severity.Note, subject, place, text, mend, changes);

    internal void Add(string code, Severity severity, string subject, Place? place, string text, string mend, params ReadOnlySpan<Change> changes) =>
        _findings.Add(new(code, severity, subject, place, text, new(mend) { Changes = [.. changes] }));

    /// <summary>What the mends of the findings so far alter, those of mere notes left out, which nobody carries out.</summary>
    internal IEnumerable<Change> Changes => _findings.Where(finding => finding.Severity != Severity.Note).SelectMany(finding => finding.Mend.Changes);

    /// <summary>The gravest first; of the same gravity in the order in which they were found.</summary>
    internal ImmutableArray<AuditFinding> ToImmutable() => [.. _findings.OrderByDescending(finding => finding.Severity)];
}
