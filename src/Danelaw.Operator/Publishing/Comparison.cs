using System.Globalization;
using Danelaw.Dns.Names;

namespace Danelaw.Operator.Publishing;

/// <summary>What there is beside what is asked: every publisher judges by it, so that all mean the same by twice is once, and by changed.</summary>
internal static class Comparison
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>What is settled before anything is done; null when the RRset is to be replaced.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="has">What the master has now.</param>
    internal static PublishResult? Settle(PublishRequest request, MasteredSet has)
    {
        if (has.Outcome != PublishOutcome.Done) return new(has.Outcome, has.Detail);
        if (IsAsAsked(request, has)) return new(PublishOutcome.Unchanged, "");

        // What a wildcard gives is not the owner's: it cannot be taken away from him, and is left when his own is gone.
        if (has.IsFromWildcard && request.After.IsEmpty)
            return has.Records.Equals(request.Before) ? new(PublishOutcome.Refused, $"{request.Owner} has no TLSA records of its own: a wildcard gives it these, so take them away there") : new(PublishOutcome.Unchanged, "");

        // The records are there already with another TTL, as after a run that was broken off: that is no change by somebody else.
        return has.Records.Equals(request.Before) || has.Records.Equals(request.After) ? null : Changed(request.Owner);
    }

    /// <summary>What is told after a master has said that it is done: it is read again, until it has what was asked for, as long as one exchange may take. Some answer from a copy that follows a moment later.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="read">Reads what the master has now.</param>
    /// <param name="master">The master as people write it.</param>
    /// <param name="services">Clock and limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal static async ValueTask<PublishResult> ConfirmAsync(PublishRequest request, Func<ValueTask<MasteredSet>> read, string master, PublisherServices services, CancellationToken cancellationToken)
    {
        var begun = services.Time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var has = await read().ConfigureAwait(false);

            // What is taken away leaves what a wildcard gives.
            if (has.IsFromWildcard && request.After.IsEmpty) has = has with { Records = Rollover.TlsaSet.Empty, TimeToLive = null };
            var isOver = services.Time.GetElapsedTime(begun) + pause >= services.ExchangeLimit;

            // Of records that were there before, another TTL may be on its way; with new ones it came along.
            var isOld = request.Before.Equals(request.After) && !isOver;
            if (IsAsAsked(request, has) || (!isOld && HasRecords(request.After, has))) return new(PublishOutcome.Done, TellTimeToLive(request.TimeToLive, has, master));
            if (isOver) return has.Outcome != PublishOutcome.Done
                ? new(PublishOutcome.Unknown, $"{master} took the change, and then could not be read: {has.Detail}")
                : new(PublishOutcome.Unknown, $"{master} took the change, and then had something else for {request.Owner}: {has.Records}");
            await Task.Delay(pause, services.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Somebody else was there first.</summary>
    internal static PublishResult Changed(DomainName owner) => new(PublishOutcome.Changed, $"the TLSA records of {owner} are not what they were: somebody else has changed them meanwhile; look at them and try again");

    /// <summary>A DNS host may know few TTLs, and take the nearest: the records are what matters, and whoever waits goes by what the servers give.</summary>
    private static string TellTimeToLive(uint asked, MasteredSet has, string master) =>
        has.Records.IsEmpty || has.TimeToLive is not { } kept || kept == asked ? "" : string.Create(CultureInfo.InvariantCulture, $"{master} keeps TTL {kept}, not {asked}");

    private static bool IsAsAsked(PublishRequest request, MasteredSet has) => HasRecords(request.After, has) && (request.After.IsEmpty || has.TimeToLive == request.TimeToLive);

    private static bool HasRecords(Rollover.TlsaSet records, MasteredSet has) => has.Outcome == PublishOutcome.Done && has.Records.Equals(records);
}
