using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Setup;

/// <summary>Publishes a setup's records where they are mastered, and waits until every authoritative server has them.</summary>
/// <param name="publisher">Where they are mastered.</param>
/// <param name="look">Asks every authoritative server for RRsets.</param>
/// <param name="patience">How long is waited for them.</param>
/// <param name="clock">Measures the wait.</param>
public sealed class SetupPublisher(IZonePublisher publisher, Func<IEnumerable<DomainName>, CancellationToken, Task<ImmutableArray<ServerView>>> look, TimeSpan patience, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Sees that the RRsets can be read where they are mastered.</summary>
    /// <param name="records">The RRsets.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SetupException">One cannot.</exception>
    internal async ValueTask RequireAsync(IEnumerable<SetupRecord> records, CancellationToken cancellationToken)
    {
        foreach (var record in records) _ = await ReadAsync(record.Owner, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says what an RRset will be replaced by what, so that it can be noted first.</summary>
    /// <param name="record">The RRset.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The RRset as it is mastered, and as it will be.</returns>
    /// <exception cref="SetupException">It cannot be read there, or is none that the plan knows.</exception>
    internal async ValueTask<SetupRecord> PrepareAsync(SetupRecord record, CancellationToken cancellationToken)
    {
        var read = await ReadAsync(record.Owner, cancellationToken).ConfigureAwait(false);
        var mastered = read.Records;
        if (record.Before is { } before && !mastered.Equals(before) && !mastered.Equals(record.After)) throw new SetupException($"{record.Owner} is another RRset where it is mastered ({mastered}) than the name servers have ({before}); wait until they agree, and run setup again");
        return record with { Before = mastered, IsBeforeFromWildcard = read.IsFromWildcard, After = record.Before is null ? record.After.Union(mastered) : record.After };
    }

    /// <summary>Replaces an RRset by the one that is wanted.</summary>
    /// <param name="record">The RRset as it was prepared.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SetupException">It cannot be written there.</exception>
    internal async ValueTask PublishAsync(SetupRecord record, CancellationToken cancellationToken)
    {
        var result = await publisher.PublishAsync(new(record.Owner, record.Before ?? TlsaSet.Empty, record.After, record.TimeToLive), cancellationToken).ConfigureAwait(false);
        if (result.Outcome is not (PublishOutcome.Done or PublishOutcome.Unchanged)) throw new SetupException($"{record.Owner} could not be published: {result.Detail}");
    }

    /// <summary>The TTL that an RRset has where it is mastered: a publisher may keep the one of before, or know only some. What cannot be read is known from elsewhere.</summary>
    /// <param name="owner">Its owner.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async ValueTask<TimeSpan> TimeToLiveAsync(DomainName owner, CancellationToken cancellationToken) =>
        TimeSpan.FromSeconds(await publisher.ReadAsync(owner, cancellationToken).ConfigureAwait(false) is { Outcome: PublishOutcome.Done, TimeToLive: { } seconds } ? seconds : 0);

    /// <summary>Puts an RRset back as it was. Where keys were rolled since, what is the rollover's is taken out; where somebody else has changed it, it is left alone.</summary>
    /// <param name="record">The RRset.</param>
    /// <param name="rolled">The records there that the rollover has published.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What is there now; null where there was nothing to put back.</returns>
    /// <exception cref="SetupException">It cannot be written there.</exception>
    internal async ValueTask<TlsaSet?> WithdrawAsync(SetupRecord record, TlsaSet rolled, CancellationToken cancellationToken)
    {
        if (await FindLeftAsync([record], rolled, cancellationToken).ConfigureAwait(false) is not { } found) return null;
        await PutBackAsync(record, found.Mastered, found.Left, cancellationToken).ConfigureAwait(false);
        return found.Left;
    }

    /// <summary>Says what would be left of an RRset. Nothing is altered.</summary>
    /// <param name="steps">What setups have made of the RRset, the newest first: what is mastered is the work of all of them.</param>
    /// <param name="rolled">The records there that the rollover has published.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What is mastered, and what would be left of it or be back; null where there is nothing to put back.</returns>
    /// <exception cref="SetupException">It cannot be read there, or somebody else has changed it.</exception>
    internal async ValueTask<(TlsaSet Mastered, TlsaSet Left)?> FindLeftAsync(ImmutableArray<SetupRecord> steps, TlsaSet rolled, CancellationToken cancellationToken)
    {
        var (owner, oldest) = (steps[0].Owner, steps[^1]);
        var read = await ReadAsync(owner, cancellationToken).ConfigureAwait(false);
        var (mastered, before) = (read.Records, oldest.OwnBefore);
        if (mastered.Equals(before) || (read.IsFromWildcard && oldest.IsBeforeFromWildcard)) return null;

        // The newest may have been noted and not published: then it is as the one before has left it, and that one is the first to be taken back.
        var known = Array.FindIndex([.. steps], step => mastered.Equals(step.After) || mastered.Equals(step.OwnBefore));
        var left = known >= 0
            ? steps[known..].Aggregate(mastered, (set, step) => set.Except(step.After.Except(step.OwnBefore)).Union(step.OwnBefore.Except(step.After)))
            : mastered.Except(rolled.Union(steps.Aggregate(TlsaSet.Empty, (made, step) => made.Union(step.After.Except(step.OwnBefore))).Except(before)));
        if (mastered.Equals(left)) return null;
        if (rolled.IsEmpty && known < 0) throw new SetupException($"{owner} was changed by somebody else since setup published it: take out what is not meant any more yourself");
        return (mastered, left);
    }

    /// <summary>Publishes what is left of an RRset, with the TTL of before.</summary>
    /// <param name="record">The RRset.</param>
    /// <param name="mastered">What is mastered.</param>
    /// <param name="left">What is to be left.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SetupException">It cannot be written there.</exception>
    internal async ValueTask PutBackAsync(SetupRecord record, TlsaSet mastered, TlsaSet left, CancellationToken cancellationToken)
    {
        var result = await publisher.PublishAsync(new(record.Owner, mastered, left, record.BeforeTimeToLive > 0 ? record.BeforeTimeToLive : record.TimeToLive), cancellationToken).ConfigureAwait(false);
        if (result.Outcome is not (PublishOutcome.Done or PublishOutcome.Unchanged)) throw new SetupException($"{record.Owner} could not be put back: {result.Detail}");
    }

    /// <summary>Waits until every authoritative server has the RRsets, validly signed.</summary>
    /// <param name="records">The RRsets.</param>
    /// <param name="note">Is told with which TTL a server was seen to have one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Who has them not, as a phrase; null where all have them.</returns>
    internal async ValueTask<string?> WaitAsync(ImmutableArray<SetupRecord> records, Action<DomainName, TimeSpan> note, CancellationToken cancellationToken)
    {
        var begin = clock.GetTimestamp();
        var gate = PropagationGate.For(records.Select(record => KeyValuePair.Create(record.Owner.ToString(), record.After)));
        while (true)
        {
            var views = await look(records.Select(record => record.Owner), cancellationToken).ConfigureAwait(false);
            foreach (var view in views.Where(view => view.Records is { IsEmpty: false })) note(DomainName.Parse(view.Owner), view.TimeToLive);
            gate = gate.See(views, clock.GetElapsedTime(begin));
            if (gate.IsOpen) return null;
            if (clock.GetElapsedTime(begin) > patience)
            {
                var late = gate.Servers.Where(server => server.Standing != ServerStanding.Current).Select(server => server.Server).Distinct().ToArray();
                return late.Length == 0 ? "no authoritative server was found" : $"{string.Join(", ", late)} {(late.Length == 1 ? "has" : "have")} the records not yet";
            }

            await Task.Delay(Pause, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<MasteredSet> ReadAsync(DomainName owner, CancellationToken cancellationToken)
    {
        var mastered = await publisher.ReadAsync(owner, cancellationToken).ConfigureAwait(false);
        return mastered.Outcome == PublishOutcome.Done ? mastered : throw new SetupException($"{owner} could not be read where it is mastered: {mastered.Detail}");
    }
}
