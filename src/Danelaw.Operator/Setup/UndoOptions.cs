namespace Danelaw.Operator.Setup;

/// <summary>How a setup is taken back. Immutable; the defaults are those of the command.</summary>
public sealed record UndoOptions
{
    /// <summary>Whether files that somebody else has changed since are put back too; each is kept first; and whether a server that would not read its files of before is left as it is, and what cannot be seen at names that a certificate alone tells is passed over. No record that was seen is passed over while a cache may hold it.</summary>
    public bool IsForced { get; init; }

    /// <summary>The operator's word that the records which setup has shown were never put into the zone: then no cache can hold them. It counts only where they were neither published by setup nor ever seen.</summary>
    public bool WereNeverPublished { get; init; }
}
