using System.Collections.Immutable;
using Danelaw.Cli.Options;
using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover;

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

    /// <summary>Does it, owner by owner. After a failure those that were done before are put back.</summary>
    public static async Task<ImmutableArray<PublishedOwner>> PublishAsync(IZonePublisher publisher, ImmutableArray<PublishedOwner> plans, CancellationToken cancellationToken)
    {
        var results = plans.ToArray();
        for (var i = 0; i < results.Length; i++)
        {
            var plan = results[i];
            var result = await publisher.PublishAsync(new(plan.Owner, plan.Before.Records, plan.After, plan.TimeToLive), cancellationToken).ConfigureAwait(false);
            results[i] = plan with { Outcome = result.Outcome, Detail = result.Detail };
            if (results[i].IsDone) continue;
            for (var back = i - 1; back >= 0; back--)
            {
                var done = results[back];
                if (done.Outcome != PublishOutcome.Done) continue;
                var undone = await publisher.PublishAsync(new(done.Owner, done.After, done.Before.Records, done.Before.TimeToLive ?? done.TimeToLive), CancellationToken.None).ConfigureAwait(false);
                results[back] = undone.Outcome is PublishOutcome.Done or PublishOutcome.Unchanged
                    ? done with { Outcome = null, Detail = "put back, because another owner failed" }
                    : done with { Detail = $"it was published, and could not be put back when another owner failed: {undone.Detail}" };
            }

            break;
        }

        return [.. results];
    }
}
