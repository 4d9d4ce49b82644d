using System.Collections.Immutable;
using Danelaw.Checks;
using Danelaw.Operator.Changes;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>Findings as they are gathered.</summary>
internal sealed class FindingList
{
    /// <summary>A sentence has some hundred characters; a value that it quotes may have been made to fill a screen.</summary>
    private const int LongestText = 2_000, LongestSubject = 300;

    private readonly List<AuditFinding> _findings = [];

    internal void Error(string code, string subject, Place? place, string text, string mend, params ReadOnlySpan<Change> changes) => Add(code, Severity.Error, subject, place, text, mend, changes);

    internal void Warning(string code, string subject, Place? place, string text, string mend, params ReadOnlySpan<Change> changes) => Add(code, Severity.Warning, subject, place, text, mend, changes);

    internal void Note(string code, string subject, Place? place, string text, string mend = "", params ReadOnlySpan<Change> changes) => Add(code, Severity.Note, subject, place, text, mend, changes);

    internal void Add(string code, Severity severity, string subject, Place? place, string text, string mend, params ReadOnlySpan<Change> changes) =>
        _findings.Add(new(code, severity, Begin(subject, LongestSubject), place, Begin(text, LongestText), new(mend) { Changes = [.. changes] }));

    /// <summary>What the mends of the findings so far alter, those of mere notes left out, which nobody carries out.</summary>
    internal IEnumerable<Change> Changes => _findings.Where(finding => finding.Severity != Severity.Note).SelectMany(finding => finding.Mend.Changes);

    /// <summary>Whether there is one of that code.</summary>
    internal bool Has(string code) => _findings.Exists(finding => finding.Code == code);

    /// <summary>The gravest first; of the same gravity in the order in which they were found.</summary>
    internal ImmutableArray<AuditFinding> ToImmutable() => [.. _findings.OrderByDescending(finding => finding.Severity)];

    private static string Begin(string text, int longest) => text.Length <= longest ? text : text[..longest] + "…";
}
