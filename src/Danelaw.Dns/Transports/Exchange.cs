using Danelaw.Dns.Messages;

namespace Danelaw.Dns.Transports;

/// <summary>How an exchange ended.</summary>
public enum ExchangeOutcome
{
    /// <summary>Nothing is known.</summary>
    None = 0,

    /// <summary>A well-formed reply that fits the query.</summary>
    Replied,

    /// <summary>No reply that fits the query within the time and the tries allowed.</summary>
    TimedOut,

    /// <summary>The network or the server's host refused: no route, port closed.</summary>
    Unreachable,

    /// <summary>The connection was closed before a whole reply.</summary>
    Closed,

    /// <summary>A reply with the right id that cannot be read as a message.</summary>
    Malformed,

    /// <summary>A TLS handshake or certificate check failed, or HTTP answered with another status than 200.</summary>
    NotTrusted,

    /// <summary>It was never asked: a budget of queries or time was spent before.</summary>
    NotAsked,

    /// <summary>Nothing was sent: this process may open no more sockets, or the machine has no file descriptors left.</summary>
    NoDescriptors,
}

/// <summary>One query and what came of it: evidence, immutable.</summary>
/// <param name="Query">What was asked of whom.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reply">The reply's octets for <see cref="ExchangeOutcome.Replied"/>, otherwise what came of it, or empty. Letters of the question that were sent in random case are as they were asked.</param>
/// <param name="Detail">For a failure, a few words for people; for a reply, what was out of the ordinary on the way (a server asked without EDNS), otherwise empty.</param>
public sealed record Exchange(DnsQuery Query, ExchangeOutcome Outcome, Octets Reply = default, string Detail = "")
{
    /// <summary>What <see cref="Detail"/> begins with where UDP brought no whole reply, and TCP, which was then gone to, brought none either.</summary>
    public const string NotWholeOverUdp = "over TCP, as UDP gave no whole reply: ";

    /// <summary>The reply as read; null unless the outcome is <see cref="ExchangeOutcome.Replied"/>.</summary>
    public DnsMessage? Message { get; init; }
}
