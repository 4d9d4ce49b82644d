using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Keeping;
using Danelaw.Operator.Rollover.Settings;

namespace Danelaw.Operator.Setup.Renewing;

/// <summary>The records that the rollover of a host has published and not taken out again, by what it keeps of its rolls.</summary>
internal static class RolledRecords
{
    /// <summary>Reads them.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="options">Where the rollover's settings are.</param>
    /// <returns>For each owner of a roll the records of its keys: that of today, the next one, and those that stand by.</returns>
    /// <exception cref="SetupException">What is kept cannot be read: then it is not known what may be taken out.</exception>
    internal static ImmutableDictionary<DomainName, TlsaSet> Of(HostFiles files, SetupOptions options)
    {
        var rolled = ImmutableDictionary<DomainName, TlsaSet>.Empty;
        if (files.Read(options.RolloverFile) is not { IsRead: true } file || !RolloverSettingsText.TryRead(file.Text, options.RolloverFile, out var settings, out _)) return rolled;
        try
        {
            using var store = RolloverStore.OpenToRead(files.Here(settings.StateFile));
            if (store is null) return rolled;
            foreach (var roll in settings.Rolls)
            {
                if (store.Read(roll.Name) is not { } kept) continue;
                var records = kept.State.Slots.SelectMany(slot => new[] { slot.Current.Records, slot.Next?.Records ?? TlsaSet.Empty, slot.Standby }).Aggregate(TlsaSet.Empty, (all, one) => all.Union(one));
                foreach (var owner in roll.TlsaOwners) rolled = rolled.SetItem(owner, rolled.GetValueOrDefault(owner, TlsaSet.Empty).Union(records));
            }

            return rolled;
        }
        catch (RolloverStoreException fault)
        {
            throw new SetupException(fault.Message, fault);
        }
    }
}
