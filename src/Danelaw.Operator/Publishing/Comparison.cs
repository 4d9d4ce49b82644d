using Danelaw.Dns.Names;

namespace Danelaw.Operator.Publishing;

/// <summary>What there is beside what is asked: every publisher judges by it, so that all mean the same by twice is once, and by changed.</summary>
internal static class Comparison
{
    /// <summary>What is settled before anything is done; null when the RRset is to be replaced.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="has">What the master has now.</param>
    internal static PublishResult? Settle(PublishRequest request, MasteredSet has)
    {
        if (has.Outcome != PublishOutcome.Done) return new(has.Outcome, has.Detail);
        if (IsAsAsked(request, has)) return new(PublishOutcome.Unchanged, "");

        // The records are there already with another TTL, as after a run that was broken off: that is no change by somebody else.
        return has.Records.Equals(request.Before) || has.Records.Equals(request.After) ? null : Changed(request.Owner);
    }

    /// <summary>What is told after a master has said that it is done, and was read again.</summary>
    internal static PublishResult Confirm(PublishRequest request, MasteredSet has, string master)
    {
        if (has.Outcome != PublishOutcome.Done) return new(PublishOutcome.Unknown, $"{master} took the change, and then could not be read: {has.Detail}");
        return IsAsAsked(request, has) ? new(PublishOutcome.Done, "") : new(PublishOutcome.Unknown, $"{master} took the change, and then had something else for {request.Owner}: {has.Records}");
    }

    /// <summary>Somebody else was there first.</summary>
    internal static PublishResult Changed(DomainName owner) => new(PublishOutcome.Changed, $"the TLSA records of {owner} are not what they were: somebody else has changed them meanwhile; look at them and try again");

    private static bool IsAsAsked(PublishRequest request, MasteredSet has) => has.Records.Equals(request.After) && (request.After.IsEmpty || has.TimeToLive == request.TimeToLive);
}
