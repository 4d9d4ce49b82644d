using System.Collections.Immutable;
using System.Runtime.Versioning;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Setup.Applying;

/// <summary>Takes the steps of a plan one after the other, each seen to work before the next one.</summary>
/// <param name="files">The host's files.</param>
/// <param name="services">Its servers.</param>
/// <param name="witness">Looks from outside.</param>
/// <param name="journal">The journal.</param>
/// <param name="plan">The plan.</param>
/// <param name="publisher">Where records are published; null where a person does that.</param>
/// <param name="begin">Begins a new journal.</param>
/// <param name="renewal">Takes up the rollover; null where none is wanted.</param>
/// <param name="mark">Is told the name of each point at which one could be killed; for tests.</param>
[UnsupportedOSPlatform("windows")]
internal sealed class StepCarrier(HostFiles files, ServiceControl services, ISetupWitness witness, Journal journal, SetupPlan plan, SetupPublisher? publisher, Func<Journal> begin, ISetupRenewal? renewal, Action<string> mark)
{
    private Journal _journal = journal;

    private bool _isFinished;

    private readonly StepState[] _states = new StepState[plan.Steps.Length];

    /// <summary>What became of each step.</summary>
    internal ImmutableArray<StepState> States => [.. _states];

    /// <summary>What is still to be done, as sentences.</summary>
    internal List<string> Messages { get; } = [];

    /// <summary>What is worth knowing, and asks for nothing.</summary>
    internal List<string> Notes { get; } = [];

    /// <summary>How many steps stay whatever fails later: their journals have ended.</summary>
    internal int KeptSteps { get; private set; }

    /// <summary>Whether the servers stay because their files of before lead to a key that records do not mean.</summary>
    internal bool KeepsKeys { get; private set; }

    /// <summary>What was published and stays, because the servers match it.</summary>
    internal List<SetupRecord> Published { get; } = [];

    /// <summary>Whether the resolver did not run before.</summary>
    internal bool HasStartedResolver { get; private set; }

    /// <summary>The programs that were told to read their files.</summary>
    internal HashSet<JournalReload> Told { get; } = [];

    /// <summary>The journal in use.</summary>
    internal Journal Journal => _journal;

    /// <summary>Takes a step.</summary>
    /// <exception cref="SetupException">It failed.</exception>
    internal async ValueTask CarryAsync(SetupStep step, CancellationToken cancellationToken)
    {
        var at = plan.Steps.IndexOf(step);
        if (step.Stage == SetupStage.Outbound && await witness.ResolverAsync(cancellationToken).ConfigureAwait(false) is { } doubt) throw new SetupException($"mail cannot be sent with DANE yet: {doubt}");
        if (!step.Names.IsEmpty && await witness.LostAsync(step.Names, cancellationToken).ConfigureAwait(false) is { } lost) throw new SetupException(lost);
        if (step.Stage == SetupStage.Rollover)
        {
            // What was done before it stays, whatever becomes of this step.
            await FinishAsync(cancellationToken).ConfigureAwait(false);
            Keep(at);
            _states[at] = await CarryRenewalAsync(step, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (step.Stage is SetupStage.Records)
        {
            // What follows has a journal of its own, begun while all can still be put back.
            var (stays, next) = (_journal, begin());
            var found = stays.Entry.Records.Where(known => step.Records.All(record => record.Owner.ToString() != known.Owner));
            stays.Set(stays.Entry with { State = JournalState.Applied, Records = [.. step.Records.Select(JournalRecord.Of), .. found] });
            (_journal, KeptSteps) = (next, at + 1);
            mark("servers stay");
            _states[at] = await PublishAsync(step, stays, cancellationToken).ConfigureAwait(false);
            return;
        }

        // Noted first: whoever is killed in between tells a server once too often, never once too seldom.
        _journal.Set(_journal.Entry with
        {
            Reloads = [.. _journal.Entry.Reloads.Concat(step.Reloads.Select(reload => new JournalReload(reload.Service, reload.Configuration))).Distinct()],
            NeedsServers = _journal.Entry.NeedsServers || step.Stage == SetupStage.Servers,
            Former = step.Stage == SetupStage.Chains ? plan.Former : _journal.Entry.Former,
            Found = step.Stage == SetupStage.Chains ? [.. plan.Held.Select(files.Look).Where(file => file.State == FileState.Read).Select(file => file.RealPath)] : _journal.Entry.Found,
            Owners = step.Stage == SetupStage.Chains ? [.. plan.Led.Select(led => led.Owner.ToString())] : _journal.Entry.Owners,
            Records = step.Stage == SetupStage.Chains ? [.. plan.Led.Where(led => !led.After.IsEmpty).Select(led => JournalRecord.Of(led) with { WasSeen = true })] : _journal.Entry.Records,
        });
        mark("step");
        new FileChanger(files, _journal, mark).Carry(step.Changes);
        foreach (var reload in step.Reloads.Where(reload => step.Changes.Any(change => change.Path.StartsWith(reload.Folder + "/", StringComparison.Ordinal))))
        {
            if (await services.TestAsync(reload, cancellationToken).ConfigureAwait(false) is { } fault) throw new SetupException(fault);
        }

        mark("tested");
        foreach (var reload in step.Reloads)
        {
            if (reload.Service != ManagedService.Unbound && !await services.IsRunningAsync(reload, cancellationToken).ConfigureAwait(false))
            {
                var message = $"{reload.Service} does not run: it reads its files when it is started. Start it, and run setup again to see that it works.";
                if (!Messages.Contains(message)) Messages.Add(message);
            }
            else
            {
                Told.Add(new(reload.Service, reload.Configuration));
                HasStartedResolver |= reload.Service == ManagedService.Unbound && !await services.IsRunningAsync(reload, cancellationToken).ConfigureAwait(false);
                if (await services.ReloadAsync(reload, cancellationToken).ConfigureAwait(false) is { } fault) throw new SetupException(fault);
            }

            mark("reloaded");
        }

        if (await SeeAsync(step.Stage, cancellationToken).ConfigureAwait(false) is { } problem) throw new SetupException(problem);
        _states[at] = StepState.Done;

        // Put back, the servers would show what their files of before hold, and some sender would find no match for that.
        if (step.Stage != SetupStage.Chains || UndoWatch.Of(files, [_journal], []) is not { ShowsOther: true, HasToWait: true }) return;
        KeepsKeys = true;
        Keep(at + 1);
    }

    /// <summary>Ends the journal: what was done until then stays, whatever fails later.</summary>
    private void Keep(int steps)
    {
        var next = begin();
        _journal.Set(_journal.Entry with { State = _journal.Entry.IsEmpty ? JournalState.Undone : JournalState.Applied });
        (_journal, KeptSteps) = (next, steps);
    }

    /// <summary>Sees whether all of it holds together at the end.</summary>
    /// <exception cref="SetupException">Something that was to be mended is not.</exception>
    internal async ValueTask FinishAsync(CancellationToken cancellationToken)
    {
        if (_isFinished) return;
        _isFinished = true;
        var left = plan.Left.Select(finding => $"{finding.Code} {finding.Subject}").ToHashSet(StringComparer.Ordinal);
        var errors = await witness.ErrorsAsync(cancellationToken).ConfigureAwait(false);

        // What an ACME client will do at its next renewal is none of the servers' faults: the plan's remarks say who brings the new key, or that nobody does.
        if (errors.FirstOrDefault(error => !left.Contains(error) && !error.StartsWith(AuditCodes.AcmeKeyChanges + " ", StringComparison.Ordinal)) is { } error) throw new SetupException($"danelaw doctor still finds an error that was to be mended, or a new one: {error}");
        foreach (var unseen in witness.Unseen(plan.Expected)) Messages.Add(unseen);
    }

    private async ValueTask<StepState> CarryRenewalAsync(SetupStep step, CancellationToken cancellationToken)
    {
        if (renewal is null) throw new SetupException("nobody is here to take the rollover up");
        _journal.Set(_journal.Entry with { Timers = step.Timers, Grown = [.. renewal.StateFiles.Where(path => files.Look(path).State == FileState.Missing)] });
        mark("step");
        new FileChanger(files, _journal, mark).Carry(step.Changes);
        var seen = await renewal.TakeUpAsync(cancellationToken).ConfigureAwait(false);
        if (seen.IsRefused) throw new SetupException($"the rollover cannot be taken up: {seen.Detail}");
        mark("taken up");
        if (step.Timers.Length > 0 && await services.StartTimersAsync(step.Timers, cancellationToken).ConfigureAwait(false) is { } fault) throw new SetupException(fault);
        if (step.Timers.Length == 0 && services.HasSystemd && step.Changes.Any(change => change.Path.StartsWith(Schedules.UnitFolder + "/", StringComparison.Ordinal))) await services.ForgetUnitsAsync(cancellationToken).ConfigureAwait(false);
        mark("reloaded");
        if (seen.IsTakenUp) return StepState.Done;
        Messages.Add($"The rollover is set up, and waits: {seen.Detail}. It goes on by itself; danelaw rollover status tells how far it is.");
        return StepState.Waiting;
    }

    /// <summary>
    /// From here on the servers stay as they are, whatever fails later: senders may have the records in their caches, and would find no match.
    /// So their journal has ended before anything is published.
    /// </summary>
    private async ValueTask<StepState> PublishAsync(SetupStep step, Journal stays, CancellationToken cancellationToken)
    {
        if (publisher is null)
        {
            var seen = await witness.RecordsAsync(step.Records, cancellationToken).ConfigureAwait(false);
            if (seen.State != RecordsState.Absent) stays.Set(stays.Entry with { Records = [.. stays.Entry.Records.Select(record => record with { WasSeen = true })] });
            if (seen.State == RecordsState.Failing) throw new SetupException($"the records are published, and a server does not match them: {seen.Detail}");
            NoteHeld(seen);
            return seen.State is RecordsState.Verified or RecordsState.Held ? StepState.Done : StepState.Waiting;
        }

        var published = ImmutableArray.CreateBuilder<SetupRecord>();
        foreach (var record in step.Records)
        {
            // Noted first: whoever is killed in between, or hears nothing of what became of it, must not take it for unpublished.
            published.Add(await publisher.PrepareAsync(record, cancellationToken).ConfigureAwait(false));
            stays.Set(stays.Entry with { Records = [.. stays.Entry.Records.Select(known => known.Owner == record.Owner.ToString() ? JournalRecord.Of(published[^1]) with { IsPublished = true } : known)] });
            await publisher.PublishAsync(published[^1], cancellationToken).ConfigureAwait(false);
            Published.Add(published[^1]);
            mark("published");
            stays.NoteTimeToLive(record.Owner, await publisher.TimeToLiveAsync(record.Owner, cancellationToken).ConfigureAwait(false));
        }

        // Caches keep a record for the TTL that is served, whatever was asked for: an undo waits for that.
        if (await publisher.WaitAsync(published.ToImmutable(), stays.NoteTimeToLive, cancellationToken).ConfigureAwait(false) is { } late)
        {
            Messages.Add($"The records are published, and {late}. Run setup again after a while: it sees whether they are everywhere.");
            return StepState.Waiting;
        }

        var check = await witness.RecordsAsync(published.ToImmutable(), cancellationToken).ConfigureAwait(false);
        if (check.State == RecordsState.Failing)
        {
            Published.Clear();
            throw new SetupException($"the records were published, and a server does not match them: {check.Detail}; {await WithdrawAsync(publisher, published).ConfigureAwait(false)}");
        }

        NoteHeld(check);
        if (check.State != RecordsState.Absent) return StepState.Done;
        Messages.Add($"The records are published, and it was not seen that senders find them and a server that matches: {check.Detail}. Run setup again after a while.");
        return StepState.Waiting;
    }

    private void NoteHeld(RecordsSeen seen)
    {
        if (seen.State == RecordsState.Held) Notes.Add($"{seen.Detail}. So may other resolvers: until then some senders deliver as before, and danelaw doctor and danelaw check do not see here what is new. There is nothing to do.");
    }

    /// <summary>Takes back what was published a moment ago: the fewer senders have it.</summary>
    /// <returns>What came of it, as a phrase.</returns>
    private static async ValueTask<string> WithdrawAsync(SetupPublisher publisher, IEnumerable<SetupRecord> published)
    {
        foreach (var record in published)
        {
            try
            {
                await publisher.WithdrawAsync(record, TlsaSet.Empty, CancellationToken.None).ConfigureAwait(false);
            }
            catch (SetupException fault)
            {
                return $"and they could not be taken back: {fault.Message}";
            }
        }

        return "they are as they were before";
    }

    private async ValueTask<string?> SeeAsync(SetupStage stage, CancellationToken cancellationToken) => stage switch
    {
        SetupStage.Resolver => await witness.ResolverAsync(cancellationToken).ConfigureAwait(false),

        // Where mends follow, the servers are whole only after them.
        SetupStage.Chains when plan.Steps.Any(step => step.Stage == SetupStage.Servers) => null,
        SetupStage.Chains or SetupStage.Servers => await witness.ServersAsync(plan.Expected, cancellationToken).ConfigureAwait(false),
        SetupStage.Records or SetupStage.Outbound or SetupStage.Rollover => null,
    };
}
