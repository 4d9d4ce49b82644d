using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Checking;

/// <summary>Counts all findings and keeps the gravest of them, the first of those first.</summary>
internal sealed class FindingList(int maximum)
{
    private readonly List<ZoneFinding> _errors = [], _warnings = [], _notes = [];

    internal long Errors { get; private set; }

    internal long Warnings { get; private set; }

    internal long Notes { get; private set; }

    internal void Add(ZoneFinding finding)
    {
        switch (finding.Severity)
        {
            case ZoneSeverity.Error: Errors++; Keep(_errors); break;
            case ZoneSeverity.Warning: Warnings++; Keep(_warnings); break;
            case ZoneSeverity.Note: Notes++; Keep(_notes); break;
        }

        void Keep(List<ZoneFinding> kind)
        {
            if (kind.Count < maximum) kind.Add(finding);
        }
    }

    internal ImmutableArray<ZoneFinding> ToArray() => [.. _errors.Concat(_warnings).Concat(_notes).Take(maximum)];
}

/// <summary>What is found at one place.</summary>
internal sealed class Findings(IReadOnlyList<string> files)
{
    internal List<ZoneFinding> List { get; } = [];

    internal void Error(string code, DomainName owner, RecordType? type, in Place place, string text, string? mend = null) => Add(code, ZoneSeverity.Error, owner, type, place, text, mend);

    internal void Warning(string code, DomainName owner, RecordType? type, in Place place, string text) => Add(code, ZoneSeverity.Warning, owner, type, place, text);

    internal void Note(string code, DomainName owner, RecordType? type, in Place place, string text) => Add(code, ZoneSeverity.Note, owner, type, place, text);

    internal void Add(string code, ZoneSeverity severity, DomainName owner, RecordType? type, in Place place, string text, string? mend = null) =>
        List.Add(new(code, severity, owner, type, place.File < files.Count ? files[place.File] : "", place.Line, text) { OwnMend = mend });
}

/// <summary>Where a record stands.</summary>
internal readonly record struct Place(int Line, int File);
