using System.Collections.Immutable;
using System.ComponentModel;
using System.Runtime.ExceptionServices;
using System.Runtime.Versioning;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Processes;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Acting;
using Danelaw.Operator.Setup.Applying;

namespace Danelaw.Operator.Setup;

/// <summary>Carries plans out, and takes them back. One at a time on a host.</summary>
/// <param name="files">The host's files.</param>
/// <param name="programs">Its programs.</param>
/// <param name="witness">Looks from outside.</param>
/// <param name="options">What was wanted.</param>
/// <param name="clock">Names journals.</param>
[UnsupportedOSPlatform("windows")]
public sealed partial class SetupRun(HostFiles files, IHostPrograms programs, ISetupWitness witness, SetupOptions options, TimeProvider clock)
{
    private readonly ServiceControl _services = new(files, programs);

    private bool _isKilled;

    /// <summary>Publishes the records; null where a person does that.</summary>
    public SetupPublisher? Publisher { get; init; }

    /// <summary>Takes the rollover up; null where none is wanted.</summary>
    public ISetupRenewal? Renewal { get; init; }

    /// <summary>Where a test makes the process die.</summary>
    public FaultPoints Faults { get; init; } = FaultPoints.None;

    /// <summary>Measures how long records are out of the DNS; the time since this machine's boot unless a test sets it.</summary>
    internal Func<Uptime> ReadUptime { get; init; } = Posix.ReadUptime;

    /// <summary>Is told the name of each point at which one could be killed; for tests.</summary>
    internal Action<string> Mark { get; init; } = static _ => { };

    /// <summary>Takes the lock that lets nobody else set this host up.</summary>
    /// <returns>What gives it back.</returns>
    /// <exception cref="SetupException">Another setup is at work, or there is no place for a journal.</exception>
    public IDisposable Lock()
    {
        try
        {
            Directory.CreateDirectory(files.Here(options.StateFolder));
            Directory.CreateDirectory(files.Here(options.JournalFolder), Journal.FolderMode);
            return new FileStream(files.Here(options.JournalFolder) + "/lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure)
        {
            throw new SetupException(failure.Message.Contains("being used", StringComparison.Ordinal) ? "another danelaw setup is at work on this host; wait until it has ended" : $"there is no place for a journal in {options.JournalFolder}: {failure.Message}", failure);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new SetupException($"nothing can be written to {options.JournalFolder}: setup has to be run as root", failure);
        }
    }

    /// <summary>Takes back what a setup that was interrupted has done, unless senders would then miss a key: that stays as it stands. To be called before anything is planned, under the lock.</summary>
    /// <returns>What was done, as a sentence; null where none was interrupted.</returns>
    /// <exception cref="SetupException">It cannot be taken back.</exception>
    public async ValueTask<string?> RecoverAsync(CancellationToken cancellationToken = default)
    {
        var interrupted = Journals().Where(journal => journal.Entry.State is JournalState.Applying or JournalState.Undoing).ToArray();
        if (interrupted.Length == 0) return null;
        if (await FindHoldAsync([.. interrupted], cancellationToken).ConfigureAwait(false) is { } hold)
        {
            foreach (var journal in interrupted) journal.Set(journal.Entry with { State = JournalState.Applied });
            return $"A setup of {interrupted[0].Entry.Id} was interrupted. {Kept(interrupted, hold)} Setup goes on from there; danelaw setup --undo takes it back once no sender would miss its key.";
        }

        var restorer = new Restorer(files, options.ChainFolder, Reached);
        if (restorer.Foreign(interrupted) is { IsEmpty: false } foreign) throw new SetupException($"a setup was interrupted, and since then somebody has changed {string.Join(", ", foreign)}: put the changes aside, or give --undo --force, which puts the file back all the same and keeps the changed one beside its copies");
        string rolled;
        try
        {
            rolled = await ForgetRolledAsync(interrupted).ConfigureAwait(false);
            rolled += string.Concat((await TakeBackAsync(restorer, interrupted, null, null, cancellationToken).ConfigureAwait(false)).Select(sentence => " " + sentence));
        }
        catch (Exception failure) when (!_isKilled && IsForeseen(failure))
        {
            throw new SetupException($"a setup was interrupted, and not everything that it had done could be taken back: {FileFailure.Words(failure)}", failure);
        }

        // An undo may have been interrupted that has taken no record out.
        var published = Published(interrupted);
        if (Close(restorer, interrupted, published.Contains) is { } unnoted) throw new SetupException($"the files are as they were, and that cannot be noted: {unnoted}");
        return $"A setup of {interrupted[0].Entry.Id} was interrupted; what it had done was taken back.{rolled}";
    }

    /// <summary>Carries a plan out, under the lock.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="progress">Is told each step as it begins; may be null.</param>
    /// <param name="cancellationToken">Ends it; what was done is then put back.</param>
    public async ValueTask<SetupOutcome> ApplyAsync(SetupPlan plan, IProgress<SetupStep>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Journal journal;
        try
        {
            // Whoever sets up has given up an undo that waited: the rollover goes on, and may publish.
            var earlier = Journals();
            GiveUpUndo(earlier);
            if (plan.IsRefused) return new(SetupResult.Refused);
            if (plan.Steps.All(step => step.Stage != SetupStage.Records)) NoteRecordsSeen(earlier);
            if (plan.Steps.IsEmpty) return new(plan.Obstacles.IsEmpty && !plan.LeavesErrors ? SetupResult.Nothing : SetupResult.Waiting);

            // A key that is refused, or a zone that is not there, is said before anything is altered.
            if (Publisher is not null) await Publisher.RequireAsync(plan.Steps.SelectMany(step => step.Records), cancellationToken).ConfigureAwait(false);
            await witness.NoteAsync(plan.Expected, cancellationToken).ConfigureAwait(false);
            journal = Journal.Begin(files, options.JournalFolder, clock.GetUtcNow());
        }
        catch (Exception failure) when (IsForeseen(failure))
        {
            return new(SetupResult.Failed) { Messages = [$"Nothing was altered: {FileFailure.Words(failure).TrimEnd('.')}."] };
        }

        var carrier = new StepCarrier(files, _services, witness, journal, plan, Publisher, () => Journal.Begin(files, options.JournalFolder, clock.GetUtcNow()), Renewal, Reached);
        var at = 0;
        try
        {
            foreach (var step in plan.Steps)
            {
                progress?.Report(step);
                await carrier.CarryAsync(step, cancellationToken).ConfigureAwait(false);
                at++;
            }

            await carrier.FinishAsync(cancellationToken).ConfigureAwait(false);
            carrier.Journal.Set(carrier.Journal.Entry with { State = carrier.Journal.Entry.IsEmpty && carrier.Journal != journal ? JournalState.Undone : JournalState.Applied });
        }
        catch (Exception failure) when (!_isKilled)
        {
            // Whatever it was, the host is not left half altered; what nobody has foreseen flies on once that is seen to.
            var states = carrier.States.ToArray();
            if (at < states.Length) states[at] = StepState.Failed;
            var outcome = await PutBackAsync(carrier, failure is OperationCanceledException ? "it was interrupted" : FileFailure.Words(failure), states).ConfigureAwait(false);
            if (outcome.Result != SetupResult.Failed) return outcome;
            if (failure is OperationCanceledException) cancellationToken.ThrowIfCancellationRequested();
            else if (!IsForeseen(failure)) ExceptionDispatchInfo.Throw(failure);
            return outcome;
        }

        var isWaiting = carrier.States.Contains(StepState.Waiting) || !plan.Obstacles.IsEmpty || carrier.Messages.Count > 0;
        return new(isWaiting ? SetupResult.Waiting : SetupResult.Done) { Steps = carrier.States, Messages = [.. carrier.Messages, .. carrier.Notes], Journal = journal.Folder };
    }

    /// <summary>Failures of the host: a disk that is full, a file that not even root may alter (chattr +i, NFS), a program that cannot be run.</summary>
    private static bool IsForeseen(Exception failure) => failure is SetupException or IOException or UnauthorizedAccessException or Win32Exception;

    private void Reached(string point)
    {
        // A test's mark that throws stands for the death of the process, after which nothing is put back.
        _isKilled = true;
        Mark(point);
        _isKilled = false;
        Faults.Reach(point);
    }

    /// <summary>What was gone is there again, or may be: only what is gone from now on counts.</summary>
    private static void ForgetGone(IEnumerable<Journal> journals)
    {
        foreach (var journal in journals.Where(journal => journal.Entry.RecordsGone is not null)) journal.Set(journal.Entry with { RecordsGone = null });
    }

    /// <summary>No undo waits any more: the rollover may go on, and what it publishes begins the wait of the next undo anew.</summary>
    private static void GiveUpUndo(IEnumerable<Journal> journals)
    {
        foreach (var journal in journals.Where(journal => journal.Entry.RecordsGone is not null || journal.Entry.IsUndoAwaited)) journal.Set(journal.Entry with { RecordsGone = null, IsUndoAwaited = false });
    }

    private static void NoteRecordsSeen(IEnumerable<Journal> journals)
    {
        foreach (var journal in journals.Where(journal => journal.Entry.Records.Any(record => !record.WasSeen))) journal.Set(journal.Entry with { Records = [.. journal.Entry.Records.Select(record => record with { WasSeen = true })] });
    }

    private ImmutableArray<Journal> Journals()
    {
        try
        {
            return Journal.Open(files, options.JournalFolder);
        }
        catch (InvalidDataException damage)
        {
            throw new SetupException(damage.Message, damage);
        }
    }
}
