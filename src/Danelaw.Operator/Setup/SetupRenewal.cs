using System.Collections.Immutable;
using System.Runtime.Versioning;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Keeping;
using Danelaw.Operator.Rollover.Observing;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Operator.Setup.Applying;
using Danelaw.Operator.Setup.Renewing;

namespace Danelaw.Operator.Setup;

/// <summary>Takes up the rollover of this host, as <c>danelaw rollover run</c> would.</summary>
/// <param name="files">The host's files.</param>
/// <param name="options">What is wanted.</param>
/// <param name="network">What is asked of the network.</param>
/// <param name="publishers">Makes the publisher of a roll.</param>
/// <param name="clock">The time.</param>
[UnsupportedOSPlatform("windows")]
public sealed class SetupRenewal(HostFiles files, SetupOptions options, IRolloverNetwork network, Func<PublisherSettings, IZonePublisher> publishers, TimeProvider clock) : ISetupRenewal
{
    private static readonly string[] Ends = ["", "-wal", "-shm", "-journal", ".lock", ".wanted"];

    /// <inheritdoc/>
    public ImmutableArray<string> StateFiles => [.. Ends.Select(end => options.RolloverStateFile + end)];

    /// <inheritdoc/>
    public async ValueTask<RenewalSeen> TakeUpAsync(CancellationToken cancellationToken = default)
    {
        var file = files.Read(options.RolloverFile);
        if (file.Owner is { } owner && SettingsFile.FindFault(options.RolloverFile, owner.Mode, out var mend) is { } open) return new(false, true, $"{open}; {mend}");
        if (!RolloverSettingsText.TryRead(file.Text, options.RolloverFile, out var settings, out var faults)) return new(false, true, $"{faults[0].Place}: {faults[0].Text}");
        try
        {
            using var store = RolloverStore.Open(settings.StateFile);
            if (store is null) return new(false, false, RolloverUse.Processes(files) is { IsEmpty: false } running ? $"{string.Join(" and ", running)} is at work on these rolls" : RolloverStore.Busy);
            foreach (var roll in settings.Rolls) Remember(store, roll);
            var runner = new RolloverRunner(store, network, publishers, new() { SetupJournals = options.JournalFolder, Patience = TimeSpan.Zero, Files = files, Rolls = settings.Rolls, StandbyFolder = settings.StandbyFolder }, clock);
            foreach (var result in await runner.RunAllAsync(settings.Rolls, cancellationToken).ConfigureAwait(false))
            {
                if (result.Kept is null) return new(false, result.Verdict == RollVerdict.Failed, Phrase(result.Faults.Concat(result.Problems).FirstOrDefault() ?? "it says nothing of why"));
            }

            return new(true, false, "");
        }
        catch (Exception fault) when (fault is RolloverStoreException or InvalidDataException)
        {
            return new(false, true, Phrase(fault.Message));
        }
    }

    /// <summary>Setup may have lowered a TTL since the last look at a roll that was taken up long ago. One that is taken up now is told by the runner, whoever's that is.</summary>
    private void Remember(RolloverStore store, RollSettings roll)
    {
        if (store.Read(roll.Name) is not { } kept) return;
        var state = LoweredTimes.Enter(kept.State, files, options.JournalFolder, [.. roll.TlsaOwners], out var news);
        if (news is not null) store.Save(roll.Name, kept with { State = state }, [], [news]);
    }

    private static string Phrase(string sentence) => sentence.TrimEnd('.');
}
