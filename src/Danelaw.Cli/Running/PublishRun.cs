using System.Collections.Immutable;
using Danelaw.Cli.Options;
using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Cli.Running;

/// <summary>What is asked for one owner, and what came of it.</summary>
/// <param name="Owner">The owner.</param>
/// <param name="Before">What the master had.</param>
/// <param name="After">What it is to have; what it has already where nothing could be read.</param>
/// <param name="TimeToLive">Its TTL in seconds.</param>
/// <param name="Outcome">What came of it; null while nothing was tried.</param>
/// <param name="Detail">For a failure a phrase for people.</param>
internal sealed record PublishedOwner(DomainName Owner, MasteredSet Before, TlsaSet After, uint TimeToLive, PublishOutcome? Outcome, string Detail)
{
    /// <summary>Whether anything is to be done.</summary>
    public bool IsChange => !Before.Records.Equals(After) || (!After.IsEmpty && Before.TimeToLive != TimeToLive);

    /// <summary>Whether it is as it should be now.</summary>
    public bool IsDone => Outcome is PublishOutcome.Done or PublishOutcome.Unchanged;
}

/// <summary>Publishes for several owners: all of them, or none.</summary>
internal static class PublishRun
{
    private const uint DefaultTimeToLive = 3600;
    private const int SmtpPort = 25;

    /// <summary>Reads what is there, and says what it is to become.</summary>
    public static async Task<ImmutableArray<PublishedOwner>> PlanAsync(IZonePublisher publisher, ImmutableArray<DomainName> owners, TlsaSet given, RecordChange change, uint? timeToLive, CancellationToken cancellationToken)
    {
        var plans = ImmutableArray.CreateBuilder<PublishedOwner>();
        foreach (var owner in owners)
        {
            var before = await publisher.ReadAsync(owner, cancellationToken).ConfigureAwait(false);
            if (before.Outcome != PublishOutcome.Done)
            {
                plans.Add(new(owner, before, TlsaSet.Empty, 0, before.Outcome, before.Detail));
                continue;
            }

            var after = change switch
            {
                RecordChange.Add => before.Records.Union(given),
                RecordChange.Replace => given,
                RecordChange.Remove => before.Records.Except(given),
                RecordChange.RemoveAll => TlsaSet.Empty,
            };
            plans.Add(new(owner, before, after, timeToLive ?? before.TimeToLive ?? DefaultTimeToLive, null, ""));
        }

        return plans.ToImmutable();
    }

    /// <summary>The first record whose key some senders would find no match for when it is published so, though they find another: of the digests of one usage and selector each goes by one (RFC 7671 §9), and not all know SHA-512 (RFC 6698 §6).</summary>
    /// <param name="plans">What is to become of each owner.</param>
    /// <param name="given">The records that were given.</param>
    /// <param name="stronger">For records with SHA-256 those with SHA-512 that mean the same, as far as that is known.</param>
    /// <returns>The owner, the record, and the senders; null when there is none, or no more than before.</returns>
    public static (DomainName Owner, TlsaRecord Record, DigestPreferences Senders)? FindPassedOver(ImmutableArray<PublishedOwner> plans, TlsaSet given, IReadOnlyDictionary<TlsaRecord, TlsaRecord> stronger)
    {
        foreach (var plan in plans.Where(plan => plan.IsChange))
        {
            var service = TlsaOwner.TryRead(plan.Owner, out var port, out _, out _) && port == SmtpPort ? ServiceKind.Smtp : ServiceKind.Other;
            foreach (var record in plan.After.Records.Where(record => record.UsabilityFor(service) == Usability.Usable))
            {
                // Whichever of the two stands there: a SHA-512 means what its SHA-256 means.
                var meaning = TlsaSet.Of(stronger.Where(pair => pair.Key == record || pair.Value == record).SelectMany(pair => new[] { pair.Key, pair.Value }).Append(record));
                var misled = SetMeaning.Misled(plan.After, meaning, service);

                // What was so before is no news, and nobody relies on it, unless it is given now.
                if (!given.Records.Contains(record)) misled &= ~SetMeaning.Misled(plan.Before.Records, meaning, service);
                if (misled != DigestPreferences.None) return (plan.Owner, record, misled);
            }
        }

        return null;
    }

    /// <summary>Does it, owner by owner. After a failure, and when somebody ends it, those that were done are put back.</summary>
    public static async Task<ImmutableArray<PublishedOwner>> PublishAsync(IZonePublisher publisher, ImmutableArray<PublishedOwner> plans, CancellationToken cancellationToken)
    {
        var results = plans.ToArray();
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = await PublishAsync(publisher, results[i], cancellationToken).ConfigureAwait(false);
            if (results[i].IsDone) continue;

            // Whoever ends it has no token left that could be waited for; a second signal ends the process.
            for (var back = i; back >= 0; back--) results[back] = await PutBackAsync(publisher, results[back]).ConfigureAwait(false);
            break;
        }

        return [.. results];
    }

    private static async Task<PublishedOwner> PublishAsync(IZonePublisher publisher, PublishedOwner plan, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return plan with { Outcome = PublishOutcome.Unreachable, Detail = $"{plan.Owner} was not published: somebody ended it before" };
        PublishResult result;
        try
        {
            result = await publisher.PublishAsync(new(plan.Owner, plan.Before.Records, plan.After, plan.TimeToLive), cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return plan with { Outcome = PublishOutcome.Unknown, Detail = $"somebody ended it while {plan.Owner} was being published" };
        }

        // Of what nobody knows the master itself may know by now.
        if (result.Outcome == PublishOutcome.Unknown && await publisher.ReadAsync(plan.Owner, CancellationToken.None).ConfigureAwait(false) is { Outcome: PublishOutcome.Done } has && has.Records.Equals(plan.After)) result = new(PublishOutcome.Done, "");
        return plan with { Outcome = result.Outcome, Detail = result.Detail };
    }

    /// <summary>An owner as it was, where it was published or may have been.</summary>
    private static async Task<PublishedOwner> PutBackAsync(IZonePublisher publisher, PublishedOwner done)
    {
        if (done.Outcome is not (PublishOutcome.Done or PublishOutcome.Unknown)) return done;

        // What a wildcard gave comes back when the owner's own is gone: as his own it would stay when the wildcard changes.
        var own = done.Before.IsFromWildcard ? TlsaSet.Empty : done.Before.Records;
        var undone = await publisher.PublishAsync(new(done.Owner, done.After, own, done.Before.TimeToLive ?? done.TimeToLive), CancellationToken.None).ConfigureAwait(false);
        var isBack = undone.Outcome is PublishOutcome.Done or PublishOutcome.Unchanged;
        if (done.Outcome == PublishOutcome.Unknown) return done with { Detail = $"{done.Detail}; {undone.Outcome switch
        {
            PublishOutcome.Done => "it was put back",

            // Nothing was to be put back yet: what was asked for may be on its way.
            PublishOutcome.Unchanged => "what is there now is what was there before, and the change may still come: look again in some minutes",
            _ => $"and it could not be put back: {undone.Detail}",
        }}" };
        return isBack
            ? done with { Outcome = null, Detail = "put back, because another owner was not published" }
            : done with { Detail = $"it was published, and could not be put back when another owner was not: {undone.Detail}" };
    }
}
