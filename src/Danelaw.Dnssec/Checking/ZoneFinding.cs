using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Checking;

/// <summary>How much a finding matters.</summary>
public enum ZoneSeverity
{
    /// <summary>Some validator, or the zone's own server, refuses something because of it.</summary>
    Error = 0,

    /// <summary>It works now, and an operator should look.</summary>
    Warning,

    /// <summary>Something to know.</summary>
    Note,
}

/// <summary>Something that was found in a signed zone.</summary>
/// <param name="Code">One of <see cref="ZoneFindingCodes"/>.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Owner">The name.</param>
/// <param name="Type">The type of the RRset; null when the whole name is meant.</param>
/// <param name="File">The file; empty for text without one.</param>
/// <param name="Line">The line of the first record concerned, from 1; 0 when there is none.</param>
/// <param name="Text">One sentence, with the RFC section.</param>
public sealed record ZoneFinding(string Code, ZoneSeverity Severity, DomainName Owner, RecordType? Type, string File, int Line, string Text)
{
    /// <summary>What to do about it, in one sentence.</summary>
    public string Mend => OwnMend ?? ZoneMends.Of(Code);

    /// <summary>What to do, where the code alone does not tell it.</summary>
    internal string? OwnMend { get; init; }
}
