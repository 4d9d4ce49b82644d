using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Dnssec.Tracing;

/// <summary>
/// The chain of trust of one lookup link by link, from the anchor to the answer, as far as it leads: what each server gave, what each key and signature is
/// worth, and where it breaks. A pure function of what the lookup gathered; immutable.
/// </summary>
public sealed record ChainTrace
{
    /// <summary>What the lookup concluded.</summary>
    public required Answer Answer { get; init; }

    /// <summary>The time at which signatures were judged.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>The zones, every parent before its children, the anchor first. Empty without an anchor.</summary>
    public ImmutableArray<TracedZone> Zones { get; init; } = [];

    /// <summary>The way from the name asked for to the answer: each alias, then the records or their denial. Ends early where nothing more was had.
    /// Where the chain breaks at a name that is not known to be a zone, the zone above it lacking the denial of DS there, that denial comes first.</summary>
    public ImmutableArray<TracedStep> Steps { get; init; } = [];

    /// <summary>Every question that was asked on the way, and who answered it.</summary>
    public ImmutableArray<TracedReply> Replies { get; init; } = [];

    /// <summary>Where the chain breaks, or what makes the answer insecure; null for a secure answer.</summary>
    public TracedEnd? End { get; init; }

    /// <summary>The reply to a question; null when it was not asked.</summary>
    /// <param name="question">The question.</param>
    public TracedReply? ReplyTo(Question question)
    {
        foreach (var reply in Replies)
            if (reply.Question == question) return reply;
        return null;
    }
}
