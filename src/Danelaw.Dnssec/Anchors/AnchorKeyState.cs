namespace Danelaw.Dnssec.Anchors;

/// <summary>How a key of a trust point stands (RFC 5011 §4.2). Zero is not trusted; only <see cref="Valid"/> and <see cref="Missing"/> are.</summary>
public enum AnchorKeyState
{
    /// <summary>Not known as an anchor. A key in this state is not kept at all.</summary>
    Start = 0,

    /// <summary>Seen in a set that a trusted key signed; the add hold-down runs, and nothing is trusted yet.</summary>
    AddPend,

    /// <summary>Trusted, and in the last set that validated.</summary>
    Valid,

    /// <summary>Trusted, but not in the last set that validated.</summary>
    Missing,

    /// <summary>Revoked by a signature of its own; never trusted again.</summary>
    Revoked,

    /// <summary>Revoked, and gone from the set for the remove hold-down; remembered so that it is never taken up again.</summary>
    Removed,
}
