namespace Danelaw.Operator.Publishing;

/// <summary>What came of publishing. Closed.</summary>
public enum PublishOutcome
{
    /// <summary>Nothing is known: whether it was done is to be read.</summary>
    Unknown = 0,

    /// <summary>The master could not be reached, or did not answer in time.</summary>
    Unreachable,

    /// <summary>The master refuses, for a reason that does not pass by itself: a key, a right, a zone.</summary>
    Refused,

    /// <summary>Somebody else has changed the RRset meanwhile.</summary>
    Changed,

    /// <summary>It is as it should be; nothing was to be done.</summary>
    Unchanged,

    /// <summary>It was done.</summary>
    Done,
}
