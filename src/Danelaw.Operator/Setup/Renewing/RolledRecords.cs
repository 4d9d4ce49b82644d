using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Keeping;
using Danelaw.Operator.Rollover.Settings;

namespace Danelaw.Operator.Setup.Renewing;

/// <summary>What a rollover has published at an owner and not taken out again.</summary>
/// <param name="Records">The records of its keys: of all that may be shown, and of those that stand by.</param>
/// <param name="TimeToLive">How long caches may keep them.</param>
internal sealed record RolledSet(TlsaSet Records, TimeSpan TimeToLive);

/// <summary>The same for all owners, by what the rollover of a host keeps of its rolls.</summary>
internal static class RolledRecords
{
    /// <summary>Reads them.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="options">Where the rollover's settings are.</param>
    /// <returns>Each owner of a roll.</returns>
    /// <exception cref="SetupException">What is kept cannot be read: then it is not known what may be taken out.</exception>
    internal static ImmutableDictionary<DomainName, RolledSet> Of(HostFiles files, SetupOptions options)
    {
        var rolled = ImmutableDictionary<DomainName, RolledSet>.Empty;
        if (files.Read(options.RolloverFile) is not { IsRead: true } file) return rolled;
        if (file.Owner is { } keeper && SettingsFile.FindFault(file.Path, keeper.Mode, out var mend) is { } open) throw new SetupException($"{open}; {mend}");
        if (!RolloverSettingsText.TryRead(file.Text, options.RolloverFile, out var settings, out _)) return rolled;
        try
        {
            using var store = RolloverStore.OpenToRead(files.Here(settings.StateFile));
            if (store is null) return rolled;
            foreach (var roll in settings.Rolls)
            {
                if (store.Read(roll.Name) is not { } kept) continue;
                var records = kept.State.Slots.SelectMany(slot => slot.Chains.Select(chain => chain.Records).Append(slot.Standby)).Aggregate(TlsaSet.Empty, (all, one) => all.Union(one));
                foreach (var owner in roll.TlsaOwners) rolled = rolled.SetItem(owner, new(records, kept.State.TimesToLive.Largest));
            }

            return rolled;
        }
        catch (RolloverStoreException fault)
        {
            throw new SetupException(fault.Message, fault);
        }
    }
}
