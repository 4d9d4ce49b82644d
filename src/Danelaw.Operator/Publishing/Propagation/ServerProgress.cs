namespace Danelaw.Operator.Publishing.Propagation;

/// <summary>How far a server is. Closed.</summary>
public enum ServerStanding
{
    /// <summary>It gave no valid answer.</summary>
    Unseen = 0,

    /// <summary>It has another set.</summary>
    Other,

    /// <summary>It has the new set, validly signed.</summary>
    Current,
}

/// <summary>How far one server is with one owner.</summary>
/// <param name="Owner">The owner.</param>
/// <param name="Server">The server.</param>
/// <param name="Standing">How far.</param>
/// <param name="Since">Since when, on the clock of whoever looks.</param>
public sealed record ServerProgress(string Owner, string Server, ServerStanding Standing, TimeSpan Since);
