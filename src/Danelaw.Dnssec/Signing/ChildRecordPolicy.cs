namespace Danelaw.Dnssec.Signing;

/// <summary>What becomes of the CDS and CDNSKEY records, by which a zone tells its parent which DS records it wants (RFC 7344).</summary>
public enum ChildRecordPolicy
{
    /// <summary>Those that the zone brings stay.</summary>
    Keep = 0,

    /// <summary>One for each key that may be a secure entry point: keys with the SEP flag, or all where none has it.</summary>
    Publish,

    /// <summary>The form that asks the parent to take all DS records away (RFC 8078 §4).</summary>
    Delete,

    /// <summary>None.</summary>
    Remove,
}
