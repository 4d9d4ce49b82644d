namespace Danelaw.Dnssec.Resolution.Caching;

/// <summary>What an entry of the cache is.</summary>
internal enum EntryKind : byte
{
    None = 0,

    /// <summary>An RRset with, when it is secure, the signature that stands; packed.</summary>
    Set,

    /// <summary>The NSEC set at the parent's side of a zone cut, whose owner is also that of the child's apex.</summary>
    CutDenial,

    /// <summary>The answer to a question whose conclusion no kept set could give again.</summary>
    Answer,

    /// <summary>What is known of a zone, with its keys.</summary>
    Zone,

    /// <summary>What a name is to the zone above it.</summary>
    Cut,

    /// <summary>A question that got no usable reply.</summary>
    Failure,

    /// <summary>An answer that is a failure: bogus, or beyond a limit.</summary>
    FailedAnswer,
}
