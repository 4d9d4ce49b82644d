using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Setup.Applying;
using Danelaw.Operator.Setup.Planning;

namespace Danelaw.Operator.Setup;

/// <content>Puts back what a setup that has failed, or was interrupted, has done.</content>
public sealed partial class SetupRun
{
    /// <summary>After a step that failed. Whatever ended the work, it is put back to the end, as far as no sender would miss a key then.</summary>
    private async ValueTask<SetupOutcome> PutBackAsync(StepCarrier carrier, string reason, StepState[] states)
    {
        var journal = carrier.Journal;
        string? unnoted;
        string taken;
        try
        {
            // A server that was told nothing was moved by nobody, whatever a process of its that began meanwhile has read: the files of before are put back in any case.
            if (carrier.Told.Any(told => told.Service != ManagedService.Unbound) && await FindHoldAsync([journal], CancellationToken.None).ConfigureAwait(false) is { } hold)
            {
                journal.Set(journal.Entry with { State = JournalState.Applied });
                return new(SetupResult.Stuck) { Steps = [.. states], Messages = [$"It failed: {reason}.", $"{Kept([journal], hold)} Mend what failed, and run danelaw setup again: it goes on from there. danelaw setup --undo takes it back once no sender would miss its key."], Journal = journal.Folder };
            }

            var restorer = new Restorer(files, options.ChainFolder, Reached);
            taken = await ForgetRolledAsync([journal]).ConfigureAwait(false);
            taken += string.Concat((await TakeBackAsync(restorer, [journal], carrier.Told, null, CancellationToken.None).ConfigureAwait(false)).Select(sentence => " " + sentence));
            unnoted = Close(restorer, [journal], _ => false);
        }
        catch (Exception failure) when (!_isKilled)
        {
            return new(SetupResult.Stuck) { Steps = [.. states], Messages = [$"It failed: {reason}.", $"Not everything could be put back: {FileFailure.Words(failure).TrimEnd('.')}. Mend that, and run danelaw setup again: it begins with what is left of this."], Journal = journal.Folder };
        }

        for (var at = carrier.KeptSteps; at < states.Length; at++)
        {
            if (states[at] is StepState.Done or StepState.Waiting) states[at] = StepState.TakenBack;
        }

        // The step that publishes has nothing to put back: what it has published stays, for the servers match it.
        var isPublishing = carrier.KeptSteps > 0 && states[carrier.KeptSteps - 1] == StepState.Failed;
        var rest = carrier.KeptSteps == 0 ? $"Everything is as it was before{(carrier.HasStartedResolver ? ", but that unbound runs, which did not before" : "")}."
            : carrier.KeepsKeys ? "What was done since the servers were moved is put back. They stay with the key that they show, because what they read before holds another by now, and senders may have TLSA records that do not mean that one. danelaw setup --undo takes all of it back once no sender would miss its key."
            : $"{(isPublishing ? "" : "That step is put back. ")}The servers stay as the steps before it have left them, because senders may have their records already; danelaw setup --undo takes all of it back.";
        ImmutableArray<string> told = unnoted is null ? [] : [$"That it is back could not be noted: {unnoted}. Mend that; the next danelaw setup sees to it."];
        var published = isPublishing && carrier.Published.Count > 0 ? $" What was published before that stays in the zone, and the servers match it: {string.Join(", ", carrier.Published.Select(record => RecordPlan.Text(record.Owner)))}." : "";
        return new(SetupResult.Failed) { Steps = [.. states], Messages = [$"It failed: {reason}.", rest + published + taken, .. told], Journal = journal.Folder };
    }

    /// <summary>
    /// What keeps servers from being put back now. The files of before may hold another key or certificate than is shown: then every set at every server and in the cache has to mean it, and no other
    /// cache may be without (RFC 7671 §8.1, docs/decisions/0210).
    /// </summary>
    /// <returns>What, as a phrase; null where nothing does.</returns>
    private async ValueTask<string?> FindHoldAsync(ImmutableArray<Journal> journals, CancellationToken cancellationToken)
    {
        var watch = await WatchAsync(journals, RolledOwners(journals), false, cancellationToken).ConfigureAwait(false);
        if (!watch.ShowsOther || watch.Owners.IsEmpty) return null;
        if (await FaultsAsync(watch, false, cancellationToken).ConfigureAwait(false) is [var fault, ..]) return fault.Text;
        return watch.HasToWait && Left(journals, watch) > TimeSpan.Zero ? $"caches may have the records of when it began, which do not mean that, for {Duration.Say(watch.Wait)}" : null;
    }

    /// <summary>What senders are led by to servers that are to be put back, at names too that setup knew nothing of or could not ask for.</summary>
    private async ValueTask<UndoWatch> WatchAsync(ImmutableArray<Journal> journals, IEnumerable<DomainName> rolled, bool isForced, CancellationToken cancellationToken)
    {
        ImmutableArray<DomainName> owners = [.. rolled];
        var watch = UndoWatch.Of(files, journals, owners);
        if (!watch.IsNeeded || watch.Beside.IsEmpty) return watch;
        ImmutableArray<SeenSet> held = [.. (await witness.HeldAsync(watch.Beside, cancellationToken).ConfigureAwait(false)).Where(watch.MayPin)];

        // A name of a customer's may be long gone, or with servers that give TLSA questions no answer: whoever would be led by it asks for its addresses first.
        ImmutableArray<DomainName> unseen = [.. held.Where(seen => seen.Records is null).Select(seen => seen.Owner)];
        if (!unseen.IsEmpty) unseen = [.. unseen.Except(await witness.UnaskedAsync(unseen, cancellationToken).ConfigureAwait(false))];
        ImmutableArray<SeenSet> beside = [.. held.Where(seen => seen.Records is not null || (!isForced && unseen.Contains(seen.Owner)))];
        return UndoWatch.Of(files, journals, owners, beside, isForced ? unseen : []);
    }

    /// <summary>What stands as a setup has left it, and why, as sentences.</summary>
    private static string Kept(IEnumerable<Journal> journals, string hold) =>
        $"What it had done is not taken back: the servers would show another key or certificate than they do, and {hold}; senders that know DANE would deliver nothing. So it stays as setup has left it: {string.Join(", ", journals.SelectMany(journal => journal.Entry.Files).Select(file => file.Path).Distinct())}.";

    /// <summary>Where the rollover has published; what cannot be read of that speaks for nothing.</summary>
    private IEnumerable<DomainName> RolledOwners(ImmutableArray<Journal> journals)
    {
        try
        {
            return ReadRolled(journals).Keys;
        }
        catch (SetupException)
        {
            return [];
        }
    }

    /// <summary>Takes out what a rollover has published that was taken up a moment ago, and whose memory goes with the step that has brought it: nobody would know later whose that is.</summary>
    /// <param name="journals">What is taken back.</param>
    /// <returns>What came of it, as sentences after a space; empty where there is nothing.</returns>
    private async ValueTask<string> ForgetRolledAsync(IEnumerable<Journal> journals)
    {
        if (Publisher is null || !journals.Any(journal => journal.Entry.Grown.Contains(options.RolloverStateFile))) return "";
        try
        {
            return await WithdrawRolledAsync(Publisher).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsForeseen(failure))
        {
            // That keeps no file from being put back.
            return $" What the rollover may have published could not be looked for: {FileFailure.Words(failure).TrimEnd('.')}.";
        }
    }

    private async ValueTask<string> WithdrawRolledAsync(SetupPublisher publisher)
    {
        ImmutableArray<Journal> others = [.. Journals().Where(journal => journal.Entry.State == JournalState.Applied)];
        var told = "";
        foreach (var (owner, rolled) in ReadRolled([]))
        {
            // What stood there before it is known where setup has published or found it.
            if (others.SelectMany(journal => journal.Entry.Records).FirstOrDefault(record => DomainName.Parse(record.Owner) == owner)?.ToRecord() is not { } known) continue;
            try
            {
                var found = known with { Before = known.After, IsBeforeFromWildcard = false };
                if (await publisher.FindLeftAsync([found], rolled.Records.Except(known.After), CancellationToken.None).ConfigureAwait(false) is not var (mastered, left)) continue;
                if (UndoWatch.Of(files, others, []).IsLossNow(owner, mastered, left)) throw new SetupException($"what would be left, {left}, does not mean what the servers show");
                await publisher.PutBackAsync(found, mastered, left, CancellationToken.None).ConfigureAwait(false);
                told += $" What the rollover had published at {RecordPlan.Text(owner)} is taken out.";
            }
            catch (SetupException fault)
            {
                told += $" What the rollover had published at {RecordPlan.Text(owner)} stays: {fault.Message}.";
                others[0].Set(others[0].Entry with { Rolled = [.. others[0].Entry.Rolled, JournalRecord.Of(new(owner, null, rolled.Records, (uint)rolled.TimeToLive.TotalSeconds))] });
            }
        }

        return told;
    }

    /// <summary>Puts files back, and has servers read them.</summary>
    /// <param name="restorer">Puts back.</param>
    /// <param name="journals">What is taken back, the newest first.</param>
    /// <param name="told">The programs that were told to read their files since; null where that is not known, and all are told.</param>
    /// <param name="undo">How; null where a setup puts back what it has begun. Forced, a server that would not read its files keeps nothing: it is left as it is, and named.</param>
    /// <param name="cancellationToken">Ends it; it can be taken up again.</param>
    /// <returns>What stays or is kept all the same, as sentences.</returns>
    /// <exception cref="SetupException">Not everything is back, or a server did not read it; the journals are open then.</exception>
    private async ValueTask<ImmutableArray<string>> TakeBackAsync(Restorer restorer, IReadOnlyCollection<Journal> journals, HashSet<JournalReload>? told, UndoOptions? undo, CancellationToken cancellationToken)
    {
        // A timer that starts while files are put back would do its work on half of them.
        var timers = TimersOf(journals);
        await _services.StopTimersAsync(timers, cancellationToken).ConfigureAwait(false);
        restorer.Begin(journals);

        // While a file is not back it may name what was added, and a server that read it would be without its key: what was added stays, and nobody is told.
        if (restorer.PutBack(journals) is { IsEmpty: false } missing) throw new SetupException(string.Join("; ", missing));
        ServiceReload[] reloads = [.. journals.SelectMany(journal => journal.Entry.Reloads).Distinct().Where(reload => told?.Contains(reload) != false).Select(reload => new ServiceReload(reload.Service, reload.Configuration))];

        // Long after a setup a file that the settings of before name may be gone. One that fails or was interrupted has found them so a moment ago, and what it has not tested then is none of its affair.
        var unread = new Dictionary<ServiceReload, string>();
        var isForced = undo is { IsForced: true };
        if (undo is not null || journals.Any(journal => journal.Entry.State == JournalState.Undoing))
        {
            // Noted first: whoever mends what a server does not read has changed nothing of setup's.
            foreach (var journal in journals.Where(journal => !journal.Entry.ArePutBack)) journal.Set(journal.Entry with { ArePutBack = true });
            foreach (var reload in reloads)
            {
                if (await _services.IsRunningAsync(reload, cancellationToken).ConfigureAwait(false) && await _services.TestAsync(reload, cancellationToken).ConfigureAwait(false) is { } fault) unread.Add(reload, fault);
            }

            if (!isForced && unread.Count > 0) throw new SetupException($"the files of before are back, and {string.Join(", and ", unread.Select(one => $"{one.Key.Service} would not read them ({one.Value})"))}; nothing was told to read them, and nothing that was added is taken away; mend what they name, or danelaw setup --undo --force comes to its end without that");
        }

        var (needed, kept) = await KeepNeededAsync(journals, cancellationToken).ConfigureAwait(false);
        var left = restorer.TakeAway(journals, needed);
        if (!timers.IsEmpty || journals.Any(journal => journal.Entry.Files.Any(file => file.Path.StartsWith(Schedules.UnitFolder + "/", StringComparison.Ordinal)))) await _services.ForgetUnitsAsync(cancellationToken).ConfigureAwait(false);
        var problems = new List<string>();
        foreach (var reload in reloads.Where(reload => !unread.ContainsKey(reload)))
        {
            if (!await _services.IsRunningAsync(reload, cancellationToken).ConfigureAwait(false) || await _services.ReloadAsync(reload, cancellationToken).ConfigureAwait(false) is not { } problem) continue;
            if (isForced) unread.Add(reload, problem);
            else problems.Add(problem);
        }

        // The journals stay open until all of that is done: the next run takes it up again.
        if (!left.IsEmpty) throw new SetupException(string.Join("; ", left.Concat(problems)));
        if (problems.Count > 0) throw new SetupException($"the files are as they were, and a server did not read them: {string.Join("; ", problems)}");
        return [.. kept, .. unread.Select(one => $"{one.Key.Service} does not read its files of before ({one.Value}), and goes on with what it has read until it is started anew. Mend that, then have it read them: {one.Key.Command}.")];
    }

    /// <summary>The chain files that something still names stay; of one that goes with a key that no other file here holds a copy is kept.</summary>
    /// <returns>Those that stay, and what is to be said, as sentences.</returns>
    private async ValueTask<(HashSet<string> Needed, ImmutableArray<string> Told)> KeepNeededAsync(IReadOnlyCollection<Journal> journals, CancellationToken cancellationToken)
    {
        var added = Restorer.Added(journals);
        var chains = ChainsOf(journals).Where(path => added.Contains(path) && files.Look(path).State == FileState.Read).Order(StringComparer.Ordinal).ToArray();
        if (chains.Length == 0) return ([], []);
        var former = journals.SelectMany(journal => journal.Entry.Former.SelectMany(one => one.Files).Concat(journal.Entry.Files.Select(file => file.Origin).OfType<string>()));
        var uses = await ChainFileUses.ReadAsync(files, added, former, cancellationToken).ConfigureAwait(false);
        var needed = new HashSet<string>(StringComparer.Ordinal);
        var told = ImmutableArray.CreateBuilder<string>();
        foreach (var path in chains)
        {
            if (uses.NeedOf(path) is { } need)
            {
                needed.Add(path);
                told.Add($"{path} stays, because {need}: nobody renews its certificate any more. Take it away once nothing names it.");
            }
            else if (uses.IsOnlyCopy(path) && journals.First().KeepCopy(files.Read(path), "key") is { } copy) told.Add($"No other file here holds the key of {path}: a copy is kept in {copy}.");
        }

        return (needed, told.ToImmutable());
    }

    /// <summary>Notes that files are back.</summary>
    /// <param name="restorer">Puts back.</param>
    /// <param name="journals">Whose files.</param>
    /// <param name="stands">Whether what this host has published at an owner stands there still: nobody else would know whose it is.</param>
    /// <returns>Why it could not be noted, as a phrase; null where it was.</returns>
    private static string? Close(Restorer restorer, IEnumerable<Journal> journals, Func<string, bool> stands)
    {
        string? unnoted = null;
        foreach (var journal in journals)
        {
            try
            {
                restorer.Close(journal, journal.Entry.Records.Concat(journal.Entry.Rolled).Any(record => stands(record.Owner)));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                unnoted = FileFailure.Words(failure);
            }
        }

        return unnoted;
    }

    private static ImmutableArray<string> TimersOf(IEnumerable<Journal> journals) => [.. journals.SelectMany(journal => journal.Entry.Timers).Distinct()];
}
