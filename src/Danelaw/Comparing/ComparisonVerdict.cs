namespace Danelaw.Comparing;

/// <summary>What came of a comparison. Closed.</summary>
public enum ComparisonVerdict
{
    /// <summary>Something could not be seen, and in what was seen nothing differs.</summary>
    Unseen = 0,

    /// <summary>There are no TLSA records that a client would use.</summary>
    Unpublished,

    /// <summary>Something is in one place and not in another.</summary>
    Differing,

    /// <summary>What is published, what is served and, where files were given, what is on disk are the same.</summary>
    Agreeing,
}
