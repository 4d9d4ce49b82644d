using System.Collections.Immutable;
using System.Globalization;
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
            var runner = new RolloverRunner(store, network, publishers, new() { Patience = TimeSpan.Zero, Files = files, Rolls = settings.Rolls, StandbyFolder = settings.StandbyFolder }, clock);
            foreach (var result in await runner.RunAllAsync(settings.Rolls, cancellationToken).ConfigureAwait(false))
            {
                if (result.Kept is null) return new(false, result.Verdict == RollVerdict.Failed, Phrase(result.Faults.Concat(result.Problems).FirstOrDefault() ?? "it says nothing of why"));
            }

            foreach (var roll in settings.Rolls) Remember(store, roll);
            return new(true, false, "");
        }
        catch (RolloverStoreException fault)
        {
            return new(false, true, Phrase(fault.Message));
        }
    }

    /// <summary>
    /// Records to which setup has given a shorter TTL may be in caches with the one of before, which a rollover that looks for the first time cannot see: it is told, as if its
    /// last look had seen it (decision 0298).
    /// </summary>
    private void Remember(RolloverStore store, RollSettings roll)
    {
        var owners = roll.TlsaOwners.Select(owner => owner.ToString()).ToHashSet(StringComparer.Ordinal);
        var seconds = Journal.Open(files, options.JournalFolder).SelectMany(journal => journal.Entry.Records).Where(record => owners.Contains(record.Owner)).Select(record => record.BeforeTimeToLive).DefaultIfEmpty().Max();
        var longest = TimeToLiveMemory.LongestKept;
        var before = seconds < longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : longest;
        if (store.Read(roll.Name) is not { } kept || kept.State.TimesToLive.Largest >= before) return;
        var served = kept.State.TimesToLive.Entries.Where(entry => entry.Unseen is null).Select(entry => entry.TimeToLive);
        store.Save(roll.Name, kept with { State = kept.State with { TimesToLive = kept.State.TimesToLive.See([before, .. served], TimeSpan.Zero, isRolling: true) } }, [],
            [string.Create(CultureInfo.InvariantCulture, $"before setup the records had a TTL of {seconds} seconds: caches may have them with it")]);
    }

    private static string Phrase(string sentence) => sentence.TrimEnd('.');
}
