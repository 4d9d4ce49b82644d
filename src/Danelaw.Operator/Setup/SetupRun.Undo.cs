using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Changes;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Keeping;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Operator.Setup.Applying;
using Danelaw.Operator.Setup.Planning;
using Danelaw.Operator.Setup.Renewing;

namespace Danelaw.Operator.Setup;

/// <content>Takes setups back.</content>
public sealed partial class SetupRun
{
    /// <summary>Shows what <see cref="UndoAsync"/> would do now. Nothing is altered, and no lock is needed.</summary>
    /// <param name="undo">How.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SetupException">The journals cannot be read.</exception>
    public async ValueTask<UndoPreview> PreviewUndoAsync(UndoOptions undo, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(undo);
        files.List(options.JournalFolder, out var folder);
        if (folder.State == FileState.Unseen) throw new SetupException($"{options.JournalFolder} cannot be read by this user: run it as root");
        var journals = Journals();
        if (journals.IsEmpty) return new(SetupResult.Nothing);
        var restorer = new Restorer(files, options.ChainFolder, static _ => { });
        var foreign = restorer.Foreign(journals).ToHashSet(StringComparer.Ordinal);
        var refusals = Refusals(foreign, journals, undo);
        var records = RecordsOf(journals);
        var preview = new UndoPreview(refusals.IsEmpty ? SetupResult.Undone : SetupResult.Refused)
        {
            Timers = TimersOf(journals),
            Records = records,
            HasPublisher = Publisher is not null && AreOwn(journals),
            Files = [.. journals.SelectMany(journal => journal.Entry.Altered).GroupBy(file => file.Path).Select(group => Shown(journals, group.Key, foreign.Contains(group.Key))).OfType<UndoneFile>()],
            Reloads = [.. journals.SelectMany(journal => journal.Entry.Reloads).Distinct().Select(reload => new ServiceReload(reload.Service, reload.Configuration))],
            Messages = refusals,
        };
        var rolled = ReadRolled(journals);
        var watch = await WatchAsync(journals, rolled.Keys, undo.IsForced, cancellationToken).ConfigureAwait(false);
        preview = preview with { Records = [.. Standing(records, watch, rolled)] };
        if (!refusals.IsEmpty) return preview;
        preview = preview with { Messages = [.. Unlooked(watch)] };
        if (watch.Owners.IsEmpty || !watch.IsNeeded) return preview;
        var faults = await FaultsAsync(watch, undo.IsForced, cancellationToken).ConfigureAwait(false);
        var left = Left(journals, watch);
        if (faults.IsEmpty && (IsSparedTheWait(journals, watch, undo) || !watch.HasToWait || left <= TimeSpan.Zero)) return preview;
        return preview with
        {
            Result = SetupResult.Waiting,
            Messages = [.. preview.Messages, !faults.IsEmpty && !(Publisher is not null && AreOwn(journals)) ? Still(journals, records, watch, rolled, faults) : !faults.IsEmpty ? $"The records come first; the servers follow when no cache can hold them any more, {Duration.Say(watch.Wait)} later: run setup --undo once now, and once then." : OutOfTheDns(journals, clock.GetUtcNow() + left) + Never(journals, watch)],
        };
    }

    /// <summary>Puts everything back that setups have altered, under the lock.</summary>
    /// <param name="undo">How.</param>
    /// <param name="cancellationToken">Ends it; it can be taken up again.</param>
    public async ValueTask<SetupOutcome> UndoAsync(UndoOptions undo, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(undo);
        var journals = Journals();
        if (journals.IsEmpty) return new(SetupResult.Nothing);
        var restorer = new Restorer(files, options.ChainFolder, Reached);
        if (Refusals(restorer.Foreign(journals), journals, undo) is { IsEmpty: false } refusals) return new(SetupResult.Refused) { Messages = refusals, Journal = journals[0].Folder };

        using var held = RolloverStore.TryHold(files.Here(options.RolloverStateFile));
        if (held is null) return new(SetupResult.Refused) { Messages = [$"{At(RolloverUse.Processes(files))} is at work on these keys. Nothing was altered; run danelaw setup --undo again when it has ended."], Journal = journals[0].Folder };

        // A rollover that runs meanwhile would publish again what is withdrawn, and bring keys to servers that are put back.
        var timers = TimersOf(journals);
        var stopped = await _services.StopTimersAsync(timers, CancellationToken.None).ConfigureAwait(false);
        var isPaused = timers.IsEmpty && await _services.PauseTimerAsync(PackagedFile.Timer, CancellationToken.None).ConfigureAwait(false);
        try
        {
            var (withdrawn, kept) = (new List<string>(), new List<DomainName>());
            ImmutableDictionary<DomainName, RolledSet> rolled;
            UndoWatch watch;
            try
            {
                rolled = ReadRolled(journals);
                watch = await WatchAsync(journals, rolled.Keys, undo.IsForced, cancellationToken).ConfigureAwait(false);
                if (await WithdrawAsync(watch, rolled, journals, undo, withdrawn, kept, cancellationToken).ConfigureAwait(false) is { } waiting) return waiting with { Messages = [.. waiting.Messages, .. Unlooked(watch), .. Resting(journals, timers)] };
            }
            catch (Exception failure) when (!_isKilled)
            {
                // No file is touched yet: what looked after the keys goes on with that, and may publish.
                var resting = LetGoOn(journals);
                var again = await GoOnAsync(stopped).ConfigureAwait(false);
                if (!IsForeseen(failure)) throw;
                return new(withdrawn.Count == 0 ? SetupResult.Failed : SetupResult.Stuck) { Messages = [.. withdrawn, $"It failed, and no file was put back: {FileFailure.Words(failure).TrimEnd('.')}. Mend that, and run danelaw setup --undo again.{again}{resting}"], Journal = journals[0].Folder };
            }

            return await PutAllBackAsync(restorer, watch, rolled, journals, undo, withdrawn, kept, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // It looks after other keys, as far as its settings are still there, and leaves those alone that an undo waits for.
            if (isPaused) await _services.ResumeTimerAsync(PackagedFile.Timer, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Starts timers again that were stopped a moment ago.</summary>
    /// <returns>What came of it, as a sentence after a space; nothing where none was.</returns>
    private async ValueTask<string> GoOnAsync(ImmutableArray<string> timers)
    {
        if (timers.IsEmpty) return "";
        var names = string.Join(' ', timers);
        return await _services.StartTimersAsync(timers, CancellationToken.None).ConfigureAwait(false) is { } fault
            ? $" The rollover is stopped: {names} could not be started again ({fault}); systemctl enable --now {names} does it."
            : $" The rollover goes on: {names} is started again.";
    }

    /// <summary>Lets the rollover go on that was to publish nothing.</summary>
    /// <returns>Why it does not, as a sentence after a space; nothing where it does.</returns>
    private static string LetGoOn(ImmutableArray<Journal> journals)
    {
        try
        {
            GiveUpUndo(journals);
            return "";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $" It publishes nothing until danelaw setup or danelaw setup --undo has come to its end: {FileFailure.Words(failure).TrimEnd('.')}.";
        }
    }

    /// <summary>Which rollovers rest while an undo waits, as sentences: what they publish would be in caches when the time is up.</summary>
    private ImmutableArray<string> Resting(ImmutableArray<Journal> journals, ImmutableArray<string> timers)
    {
        if (!timers.IsEmpty) return ["The rollover is stopped meanwhile; danelaw setup --rollover starts it again."];
        var chains = ChainsOf(journals);
        ImmutableArray<RolledChain> rolls = RolloverUse.Of(files, chains.Contains);
        return rolls.IsEmpty ? [] : [$"danelaw rollover would put the records back, and leaves {string.Join(" and ", rolls.Select(roll => $"the roll {roll.Roll} of {roll.Settings}{(roll.NamedIn.Length > 0 ? $", which {roll.NamedIn} runs," : "")}"))} alone meanwhile; danelaw setup lets it go on."];
    }

    /// <summary>The chain files of setups.</summary>
    private static HashSet<string> ChainsOf(IEnumerable<Journal> journals) => journals.SelectMany(journal => journal.Entry.Chains).ToHashSet(StringComparer.Ordinal);

    private async ValueTask<SetupOutcome> PutAllBackAsync(Restorer restorer, UndoWatch watch, ImmutableDictionary<DomainName, RolledSet> rolled, ImmutableArray<Journal> journals, UndoOptions undo, List<string> withdrawn, List<DomainName> kept, CancellationToken cancellationToken)
    {
        var messages = ImmutableArray.CreateBuilder<string>();
        messages.AddRange(withdrawn);
        messages.AddRange(Unlooked(watch));
        try
        {
            foreach (var path in restorer.Foreign(journals))
            {
                if (journals[0].KeepCopy(files.Read(path), "changed") is { } copy) messages.Add($"{path} as somebody had changed it is kept in {copy}.");
            }

            // What the rollover knows goes with its files. Once these are put back, that comes to its end.
            if (Publisher is null && !rolled.IsEmpty) journals[0].Set(journals[0].Entry with { Rolled = [.. rolled.Select(one => JournalRecord.Of(new(one.Key, null, one.Value.Records, (uint)one.Value.TimeToLive.TotalSeconds)))] });
            messages.AddRange(await TakeBackAsync(restorer, journals, null, undo, CancellationToken.None).ConfigureAwait(false));
        }
        catch (Exception failure) when (IsForeseen(failure))
        {
            return new(SetupResult.Stuck) { Messages = [.. messages, $"Not everything could be put back: {FileFailure.Words(failure).TrimEnd('.')}. Mend that, and run danelaw setup --undo again.{(TimersOf(journals) is [var timer, ..] ? $" The rollover is stopped meanwhile ({timer})." : "")}"], Journal = journals[0].Folder };
        }

        ImmutableArray<SetupRecord> records = [.. RecordsOf(journals).Concat(rolled.Select(one => Found(watch, one.Key, one.Value))).Where(record => !kept.Contains(record.Owner))];
        ImmutableArray<DomainName> owners = [.. records.Select(record => record.Owner).Distinct()];

        // What a cache alone still has goes by itself.
        ImmutableArray<SeenSet> standing = owners.IsEmpty ? [] : [.. (await witness.PublishedAsync(owners, cancellationToken).ConfigureAwait(false)).Where(seen => !seen.IsCached && watch.LeftOf(seen) is not null)];

        // Only a journal knows whose the records are: it stays until they are taken out.
        var left = Publisher is null ? Published(journals).Intersect(standing.Select(seen => seen.Owner.ToString())) : [];
        if (Close(restorer, journals, left.Contains) is { } unnoted) return new(SetupResult.Stuck) { Messages = [.. messages, $"The files are as they were before, and that cannot be noted: {unnoted}. Mend that, and run danelaw setup --undo again."], Journal = journals[0].Folder };
        if (standing.IsEmpty) return new(kept.Count == 0 ? SetupResult.Undone : SetupResult.Waiting) { Messages = messages.ToImmutable(), Journal = journals[0].Folder, ArePutBack = true };
        messages.Add($"These records are still there, or cannot be seen to be gone: {watch.LeftOf(standing[0])}. {ToTakeOut(journals, records, watch, rolled, standing)} Until then mail goes on, because the servers show the key that the records mean; but the next renewal may change it, and senders that know DANE then deliver nothing. So take them out before that.");
        return new(SetupResult.Waiting) { Messages = messages.ToImmutable(), Journal = journals[0].Folder, ArePutBack = true };
    }

    /// <summary>The owners at which setups or the rollover have published.</summary>
    private static ImmutableHashSet<string> Published(IEnumerable<Journal> journals) =>
        [.. journals.SelectMany(journal => journal.Entry.Records.Where(record => record.IsPublished).Concat(journal.Entry.Rolled)).Select(record => record.Owner)];

    /// <summary>An RRset of the rollover's as one of which setup has altered nothing.</summary>
    private static SetupRecord Found(UndoWatch watch, DomainName owner, RolledSet set) => new(owner, watch.BeforeAt(owner), watch.BeforeAt(owner), (uint)set.TimeToLive.TotalSeconds);

    /// <summary>What keeps files from being put back before anything is stopped or altered.</summary>
    private ImmutableArray<string> Refusals(IEnumerable<string> foreign, ImmutableArray<Journal> journals, UndoOptions undo)
    {
        var refusals = ImmutableArray.CreateBuilder<string>();
        if (!undo.IsForced) refusals.AddRange(foreign.Select(path => $"{path} was changed by somebody else since. As it was before setup it is {CopyOf(journals, path)}. Put the change aside, or give --undo --force: it puts the file back all the same, and keeps the changed one."));
        if (!undo.IsForced) refusals.AddRange(UndoWatch.UnsoundOf(files, journals).Select(one => $"The settings of before would have port {string.Join(", ", one.Former.Ports)} read {string.Join(" and ", one.Former.Files)} again, and {one.Fault}: no TLS would be offered there any more. Put key and certificate back there, or give --undo --force: it puts the settings back all the same, and keeps a copy of a key that no other file holds."));
        var added = journals.SelectMany(journal => journal.Entry.Files).Where(file => !file.Existed).Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var chains = ChainsOf(journals);
        foreach (var rolled in RolloverUse.Of(files, chains.Contains).Where(rolled => !added.Contains(files.Look(rolled.Settings).RealPath)))
        {
            refusals.Add($"{rolled.Settings} is not setup's, and its roll {rolled.Roll} looks after {rolled.Chain}{(rolled.NamedIn.Length > 0 ? $"; {rolled.NamedIn} runs it" : "")}: the next danelaw rollover would put back what is taken back here. Take that roll out of the file, or move the file away; then danelaw rollover forget {rolled.Roll} forgets its keys. Then run danelaw setup --undo again.");
        }

        foreach (var process in RolloverUse.Processes(files).Where(process => process.IsWatch && IsAbout(process, chains))) refusals.Add(string.Create(CultureInfo.InvariantCulture, $"{process} looks after these keys by settings that it has read when it began, and would put back what is taken back here. End it (kill {process.Id}; where a service or a container starts it, stop that), and run danelaw setup --undo again."));
        return refusals.ToImmutable();
    }

    /// <summary>Settings that cannot be read any more may have named any of the files.</summary>
    private bool IsAbout(RolloverProcess process, HashSet<string> chains) =>
        files.Read(process.Settings) is not { IsRead: true } file || !RolloverSettingsText.TryRead(file.Text, process.Settings, out var settings, out _) || settings.Rolls.SelectMany(roll => roll.Chains).Any(chain => chains.Contains(chain.File));

    /// <summary>Takes the records back first. Servers that would not match what senders know follow only when that has left every cache, whatever is forced.</summary>
    /// <param name="watch">What senders are led by.</param>
    /// <param name="rolled">What the rollover has published.</param>
    /// <param name="journals">The journals, the newest first.</param>
    /// <param name="undo">How.</param>
    /// <param name="withdrawn">Is given what was taken out, as sentences.</param>
    /// <param name="whole">Is given where all stays as it is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What is waited for; null for nothing.</returns>
    private async ValueTask<SetupOutcome?> WithdrawAsync(UndoWatch watch, ImmutableDictionary<DomainName, RolledSet> rolled, ImmutableArray<Journal> journals, UndoOptions undo, List<string> withdrawn, List<DomainName> whole, CancellationToken cancellationToken)
    {
        // Before anything is withdrawn: by then nobody can say any more for how long caches may have it.
        var isWaitedFor = !watch.Owners.IsEmpty && watch.IsNeeded;
        if (isWaitedFor) Await(journals);
        var seen = isWaitedFor ? await LookAsync(watch, journals, cancellationToken).ConfigureAwait(false) : [];
        var hasWithdrawn = false;
        if (Publisher is { } publisher)
        {
            foreach (var (record, steps, isRolled) in ToWithdraw(journals, watch, rolled))
            {
                // What was there before stays with the servers as they were, unless they do not match it any more.
                var kept = record.Before is { } before && !watch.IsAstray(record.Owner, before) ? before : TlsaSet.Empty;
                if (await publisher.FindLeftAsync(steps, (rolled.GetValueOrDefault(record.Owner)?.Records ?? TlsaSet.Empty).Except(kept), cancellationToken).ConfigureAwait(false) is not var (mastered, left)) continue;
                if (watch.IsLoss(record.Owner, mastered, record.FoundWith(left)))
                {
                    whole.Add(record.Owner);
                    withdrawn.Add($"Nothing is taken out at {RecordPlan.Text(record.Owner)}: what would be left there, {record.FoundWith(left)}, does not mean what the servers show, and senders that know DANE would deliver nothing. Take all of it out in your zone, {mastered}, or publish beside it what means the key that the servers show in the end.");
                    continue;
                }

                // What is there to be withdrawn has come back since it was gone last, and caches may have it: the time counts from now on.
                ForgetGone(journals);
                var mastering = await publisher.TimeToLiveAsync(record.Owner, cancellationToken).ConfigureAwait(false);
                foreach (var journal in journals) journal.NoteTimeToLive(record.Owner, mastering);
                await publisher.PutBackAsync(record, mastered, left, cancellationToken).ConfigureAwait(false);
                hasWithdrawn = true;
                var back = left.Except(left.Except(record.OwnBefore));
                withdrawn.Add(isRolled
                    ? $"Taken out of the zone: the records that danelaw rollover had published at {RecordPlan.Text(record.Owner)}."
                    : $"Taken out of the zone: the records that setup had published at {RecordPlan.Text(record.Owner)}{(back.IsEmpty ? "" : $"; what was there before is back: {back}")}.");
            }
        }

        if (!isWaitedFor) return null;
        if (hasWithdrawn) seen = await LookAsync(watch, journals, cancellationToken).ConfigureAwait(false);
        foreach (var (owner, set) in rolled) Note(journals, owner, watch.BeforeAt(owner), set.Records, set.TimeToLive);
        var faults = FaultsOf(watch, seen, undo.IsForced);

        // What is found at a customer's name is the customer's, and may stay once it means what is shown again.
        foreach (var fault in faults.Where(fault => fault.Seen.Records is { IsEmpty: false })) Note(journals, fault.Seen.Owner, fault.Former is not null && watch.IsBeside(fault.Seen.Owner) ? fault.Seen.Records! : watch.BeforeAt(fault.Seen.Owner), fault.Seen.Records!, fault.Seen.TimeToLive);
        if (!faults.IsEmpty)
        {
            NoteRecordsSeen(journals);
            ForgetGone(journals);
            return new(SetupResult.Waiting) { Journal = journals[0].Folder, Messages = [.. withdrawn, Still(journals, [.. RecordsOf(journals).Where(record => !whole.Contains(record.Owner))], watch, rolled, faults)] };
        }

        if (!watch.HasToWait || IsSparedTheWait(journals, watch, undo)) return null;
        var now = ReadUptime();
        foreach (var journal in journals) journal.Set(journal.Entry with { RecordsGone = journal.Entry.RecordsGone?.At(now) ?? new(now, TimeSpan.Zero) });
        var rest = Left(journals, watch);
        return rest <= TimeSpan.Zero ? null : new(SetupResult.Waiting) { Journal = journals[0].Folder, Messages = [.. withdrawn, OutOfTheDns(journals, clock.GetUtcNow() + rest) + Never(journals, watch)] };
    }

    /// <summary>Notes that the servers wait: no rollover publishes until they are put back.</summary>
    private static void Await(ImmutableArray<Journal> journals)
    {
        foreach (var journal in journals.Where(journal => !journal.Entry.IsUndoAwaited)) journal.Set(journal.Entry with { IsUndoAwaited = true });
    }

    /// <summary>What every server and the resolver's cache have, and the TTL with which caches may keep it, whatever was asked for.</summary>
    private async ValueTask<ImmutableArray<SeenSet>> LookAsync(UndoWatch watch, ImmutableArray<Journal> journals, CancellationToken cancellationToken)
    {
        var all = await witness.PublishedAsync(watch.Owners, cancellationToken).ConfigureAwait(false);

        // What was there before setup and is back goes with the servers as they were, unless they show another key by now.
        foreach (var seen in all.Where(seen => seen.Records is { IsEmpty: false } && (watch.ChangesKeys || watch.LeftOf(seen) is not null)))
        {
            foreach (var journal in journals) journal.NoteTimeToLive(seen.Owner, seen.TimeToLive);
        }

        return all;
    }

    private async ValueTask<ImmutableArray<UndoFault>> FaultsAsync(UndoWatch watch, bool isForced, CancellationToken cancellationToken) =>
        FaultsOf(watch, await witness.PublishedAsync(watch.Owners, cancellationToken).ConfigureAwait(false), isForced);

    /// <summary>What is seen counts whatever is forced; what cannot be seen at a name that a certificate alone tells does not.</summary>
    private static ImmutableArray<UndoFault> FaultsOf(UndoWatch watch, ImmutableArray<SeenSet> all, bool isForced) =>
        [.. all.Where(seen => !isForced || seen.Records is not null || !watch.IsBeside(seen.Owner)).Select(watch.FaultOf).OfType<UndoFault>()];

    /// <summary>Where nothing was looked for, or seen, as sentences.</summary>
    private static IEnumerable<string> Unlooked(UndoWatch watch)
    {
        if (!watch.IsNeeded) yield break;
        if (!watch.PassedOver.IsEmpty) yield return $"What cannot be seen is passed over, because that is forced: {string.Join(", ", watch.PassedOver.Select(RecordPlan.Text))}. A sender that finds a record of today's key there would deliver nothing.";
        if (!watch.Beyond.IsEmpty) yield return $"The certificates have more names than are looked at. No records were looked for at {string.Join(", ", watch.Beyond.Select(RecordPlan.Text))}: look there yourself for records that mean the key of today.";
    }

    /// <summary>Names that a certificate alone tells need not be the operator's to mend.</summary>
    private static string ToPassOver(UndoWatch watch, ImmutableArray<UndoFault> faults) =>
        faults.Where(fault => fault.Seen.Records is null && watch.IsBeside(fault.Seen.Owner)).Select(fault => RecordPlan.Text(fault.Seen.Owner)).Distinct().ToArray() is { Length: > 0 } owners
            ? $"{string.Join(", ", owners)} is asked for because a certificate has that name, and senders may find a record there: mend its DNS, or danelaw setup --undo --force passes over what cannot be seen there."
            : "";

    /// <summary>What the rollover has published. Without a publisher nothing of it is taken out here, and what cannot be read keeps nobody from his servers.</summary>
    private ImmutableDictionary<DomainName, RolledSet> ReadRolled(ImmutableArray<Journal> journals)
    {
        var noted = ImmutableDictionary.CreateRange(journals.SelectMany(journal => journal.Entry.Rolled).Select(record => record.ToRecord()).DistinctBy(record => record.Owner).Select(record => KeyValuePair.Create(record.Owner, new RolledSet(record.After, TimeSpan.FromSeconds(record.TimeToLive)))));
        try
        {
            return noted.SetItems(RolledRecords.Of(files, options));
        }
        catch (SetupException) when (Publisher is null)
        {
            return noted;
        }
    }

    /// <summary>What setups have published at each owner, all of them as one and each with the newest first, and what the rollover has where setup had nothing to publish.</summary>
    private static IEnumerable<(SetupRecord Record, ImmutableArray<SetupRecord> Steps, bool IsRolled)> ToWithdraw(ImmutableArray<Journal> journals, UndoWatch watch, ImmutableDictionary<DomainName, RolledSet> rolled)
    {
        var published = journals.SelectMany(journal => journal.Entry.Records).Where(record => record.IsPublished).Select(record => record.ToRecord()).ToArray();
        foreach (var group in published.GroupBy(record => record.Owner))
        {
            // What stood there before all of them, and whatever one of them has made.
            ImmutableArray<SetupRecord> steps = [.. group];
            yield return (steps[^1] with { After = steps.Aggregate(TlsaSet.Empty, (all, step) => all.Union(step.After)) }, steps, false);
        }

        foreach (var found in rolled.Where(one => published.All(record => record.Owner != one.Key)).Select(one => Found(watch, one.Key, one.Value))) yield return (found, [found], true);
    }

    /// <summary>Notes what no setup has published, and what senders may have all the same; of what is noted already the TTL, where it is longer.</summary>
    private static void Note(ImmutableArray<Journal> journals, DomainName owner, TlsaSet before, TlsaSet records, TimeSpan timeToLive)
    {
        // What was found before setup says nothing of what has come there since.
        var isMore = !records.Except(before).IsEmpty;
        if (journals.FirstOrDefault(journal => journal.Entry.Records.Any(record => record.Owner == owner.ToString() && !(isMore && record.IsFound))) is { } known) known.NoteTimeToLive(owner, timeToLive);
        else journals[0].Set(journals[0].Entry with { Records = journals[0].Entry.Records.Add(JournalRecord.Of(new(owner, before, records, (uint)timeToLive.TotalSeconds)) with { WasSeen = true }) });
    }

    /// <summary>What goes from the zone: where the rollover has published since, it is that, and no more what setup had.</summary>
    private static IEnumerable<SetupRecord> Standing(ImmutableArray<SetupRecord> records, UndoWatch watch, ImmutableDictionary<DomainName, RolledSet> rolled)
    {
        foreach (var record in records.Where(record => !rolled.ContainsKey(record.Owner))) yield return record;
        foreach (var (owner, set) in rolled.Where(one => !one.Value.Records.IsEmpty))
        {
            // What stood there before all setups, as far as they have let it stand.
            var first = records.LastOrDefault(record => record.Owner == owner) ?? Found(watch, owner, set);
            var before = first.Before ?? TlsaSet.Empty;
            yield return first with { After = set.Records.Union(before.Except(before.Except(first.After))) };
        }
    }

    /// <summary>What setups have published, or have shown for somebody to publish.</summary>
    private static ImmutableArray<SetupRecord> RecordsOf(ImmutableArray<Journal> journals) =>
        [.. journals.SelectMany(journal => journal.Entry.Records).Where(record => !record.IsFound).Select(record => record.ToRecord()).DistinctBy(record => (record.Owner, record.Before, record.After, record.TimeToLive))];

    /// <summary>Whoever was shown records may have published them, and taken them out a moment ago: only the operator knows, unless they were seen, or others were whose key is not shown any more.</summary>
    private static bool MayNeverHaveBeen(ImmutableArray<Journal> journals, UndoWatch watch) => journals.SelectMany(journal => journal.Entry.Records).All(record => record.IsFound ? !watch.ChangesKeys : !record.IsPublished && !record.WasSeen);

    private static bool IsSparedTheWait(ImmutableArray<Journal> journals, UndoWatch watch, UndoOptions undo) => undo.WereNeverPublished && MayNeverHaveBeen(journals, watch);

    private static string Never(ImmutableArray<Journal> journals, UndoWatch watch) => MayNeverHaveBeen(journals, watch) ? " If you have never put them into your zone, no cache can hold them: danelaw setup --undo --never-published does not wait." : "";

    /// <summary>Whether all the records were published by setup: what a person has put into the zone, a person takes out.</summary>
    private static bool AreOwn(ImmutableArray<Journal> journals) => journals.All(journal => journal.Entry.Records.All(record => record.IsFound || record.IsPublished));

    /// <summary>How long caches may still hold what does not go with the servers as they were; all of the wait where that was not seen to be gone before.</summary>
    private TimeSpan Left(ImmutableArray<Journal> journals, UndoWatch watch)
    {
        var now = ReadUptime();
        return watch.Wait - journals.Min(journal => journal.Entry.RecordsGone?.At(now).Counted ?? TimeSpan.Zero);
    }

    /// <summary>The time is told in whole minutes, and never too early.</summary>
    private static string OutOfTheDns(ImmutableArray<Journal> journals, DateTimeOffset until) => string.Create(CultureInfo.InvariantCulture,
        $"What the servers as they were before do not match is out of the DNS ({string.Join(", ", journals.SelectMany(journal => journal.Entry.Records).Select(record => RecordPlan.Text(DomainName.Parse(record.Owner))).Distinct())}). A cache may hold it until {until.AddTicks((TimeSpan.TicksPerMinute - (until.Ticks % TimeSpan.TicksPerMinute)) % TimeSpan.TicksPerMinute).UtcDateTime:yyyy-MM-dd HH:mm} UTC, twice its TTL, and a sender that asks it would find no match. So the servers stay as they are until then: run danelaw setup --undo again after that, there is nothing else to do. Where this machine is started anew before, run it once more then: what lies between is not counted.");

    private string Still(ImmutableArray<Journal> journals, ImmutableArray<SetupRecord> records, UndoWatch watch, ImmutableDictionary<DomainName, RolledSet> rolled, ImmutableArray<UndoFault> faults)
    {
        var then = $"run danelaw setup --undo again: it waits until no cache can hold them, twice their TTL ({Duration.Say(watch.Wait)}), and puts the servers back.";

        // What a cache alone still has, nobody can take out.
        ImmutableArray<UndoFault> served = [.. faults.Where(fault => !fault.Seen.IsCached)];
        if (served.IsEmpty) return $"The zone has no TLSA records any more that servers put back as they were would not match; your resolver still holds some, as others may: {faults[0].Text}. Senders that know DANE would deliver nothing, so the servers stay for now. There is nothing to take out. Once it has forgotten them {then}";
        return $"TLSA records are still published, or cannot be seen to be gone: {served[0].Text}. Servers put back as they were would not match them, and senders that know DANE would deliver nothing: so the servers stay for now. {string.Join(' ', new[] { ToTakeOut(journals, [.. records.Where(record => served.Any(fault => fault.Seen.Owner == record.Owner))], watch, rolled, [.. served.Select(fault => fault.Seen)]), ToAdd(served), ToPassOver(watch, served), "Then" }.Where(text => text.Length > 0))} {then}";
    }

    /// <summary>Records that are nobody's here to take out: another key has come into the files of before.</summary>
    private static string ToAdd(ImmutableArray<UndoFault> faults)
    {
        var strays = faults.Where(fault => fault.Former is not null).DistinctBy(fault => fault.Seen.Owner).ToArray();
        return strays.Length == 0 ? "" : $"What was there before setup does not help any more: {string.Join("; ", strays.Select(fault => $"take {fault.Seen.Records} out at {RecordPlan.Text(fault.Seen.Owner)}, or publish beside it what means the key that {fault.Former!.What}"))}.";
    }

    /// <summary>What a person takes out of the zone, and puts back there.</summary>
    private string ToTakeOut(ImmutableArray<Journal> journals, ImmutableArray<SetupRecord> records, UndoWatch watch, ImmutableDictionary<DomainName, RolledSet> rolled, ImmutableArray<SeenSet> standing)
    {
        var parts = new List<string>();
        foreach (var record in records)
        {
            var before = record.OwnBefore;
            var made = record.After.Union(rolled.GetValueOrDefault(record.Owner)?.Records ?? TlsaSet.Empty).Except(before);
            var there = standing.Where(seen => seen.Owner == record.Owner && seen.Records is not null).Aggregate(TlsaSet.Empty, (all, seen) => all.Union(seen.Records!));

            // Of what setup and the rollover have made, what was seen there. What would be left may mean nothing that is shown.
            if (there.IsEmpty) there = record.After;
            else made = made.Except(made.Except(there)) is { IsEmpty: false } seen ? seen : there.Except(record.Before ?? TlsaSet.Empty);
            var isWhole = watch.IsLoss(record.Owner, there, record.FoundWith(there.Except(made)));
            if (!made.IsEmpty) parts.Add($"take {(isWhole ? there : made)} out at {RecordPlan.Text(record.Owner)}");
            if (before.Except(record.After) is { IsEmpty: false } old && !watch.IsAstray(record.Owner, before)) parts.Add($"put {old} back there, once the servers are back, if you want it as it was");
        }

        return parts.Count == 0 ? "" : $"In your zone: {string.Join("; ", parts.Distinct())}{(Publisher is null && AreOwn(journals) ? " (with --publisher FILE undo does it)" : "")}.";
    }

    private static string At(ImmutableArray<RolloverProcess> processes) => processes.IsEmpty ? "A danelaw rollover" : string.Join(" and ", processes);

    /// <summary>What becomes of a file.</summary>
    private UndoneFile? Shown(ImmutableArray<Journal> journals, string path, bool isForeign)
    {
        var (oldest, file) = OldestOf(journals, path);
        if (!file.Existed) return new(path, UndoneAction.TakenAway) { IsForeign = isForeign };
        if (file.After.IsEmpty) return new(path, UndoneAction.PutBack);
        var now = files.Read(path).Text;
        if (file.IsByLines)
        {
            var without = journals.SelectMany(journal => journal.Entry.Files).Where(one => one.Path == path && one.IsByLines).Aggregate(now, (text, one) => one.WithoutLines(text));
            return new(path, UndoneAction.PutBack) { Difference = UnifiedDiff.Of(path, now, without) };
        }

        try
        {
            var before = Encoding.UTF8.GetString(oldest.Read(file));
            return new(path, UndoneAction.PutBack) { IsForeign = isForeign, Difference = file.Origin is not null || (now + before).Contains("PRIVATE KEY", StringComparison.Ordinal) ? [] : UnifiedDiff.Of(path, now, before) };
        }
        catch (InvalidDataException damage)
        {
            throw new SetupException(damage.Message, damage);
        }
    }

    private static string CopyOf(ImmutableArray<Journal> journals, string path)
    {
        var (oldest, file) = OldestOf(journals, path);
        return file.Backup is { } backup ? $"in {oldest.Folder}/{backup}" : "not there";
    }

    /// <summary>The oldest setup that has altered a file, which knows what was there before all of them, and what it has noted of it.</summary>
    private static (Journal Journal, JournalFile File) OldestOf(ImmutableArray<Journal> journals, string path)
    {
        var oldest = journals.Last(journal => journal.Entry.Files.Any(file => file.Path == path));
        return (oldest, oldest.Entry.Files.First(file => file.Path == path));
    }
}
