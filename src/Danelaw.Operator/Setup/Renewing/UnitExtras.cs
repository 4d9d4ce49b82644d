using System.Collections.Immutable;
using System.Text;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover.Settings;

namespace Danelaw.Operator.Setup.Renewing;

/// <summary>What the hardened unit has to be given on this host beyond what every host needs, as a drop-in of systemd.</summary>
internal static class UnitExtras
{
    /// <summary>The drop-in; null where none is needed.</summary>
    /// <param name="options">What is wanted.</param>
    /// <param name="rolls">The rolls.</param>
    internal static string? Of(SetupOptions options, ImmutableArray<RollSettings> rolls)
    {
        var text = new StringBuilder();

        // Only what was compiled ahead needs no memory that is written and then run.
        if (options.Command.Length > 1) text.Append("MemoryDenyWriteExecute=no\n");
        string[] written =
        [
            .. rolls.Select(roll => roll.Publisher).OfType<PublisherSettings.ZoneFile>().Select(zone => FolderOf(zone.File)),
            .. rolls.SelectMany(roll => roll.Chains).Select(chain => FolderOf(chain.File)).Where(folder => !folder.StartsWith(SetupOptions.DefaultState + "/", StringComparison.Ordinal)),
            .. options.StateFolder == SetupOptions.DefaultState ? Array.Empty<string>() : [options.StateFolder],
        ];
        foreach (var folder in written.Distinct().Order(StringComparer.Ordinal)) text.Append("ReadWritePaths=").Append(folder).Append('\n');

        // What an ACME client of another user keeps for itself.
        if (rolls.SelectMany(roll => roll.Chains).SelectMany(chain => chain.Offers).Any(offer => offer.Path.StartsWith("/home/", StringComparison.Ordinal))) text.Append("CapabilityBoundingSet=CAP_DAC_READ_SEARCH\n");
        return text.Length == 0 ? null : "# Written by danelaw setup --rollover: what this host needs beyond the unit itself.\n[Service]\n" + text;
    }

    private static string FolderOf(string file) => file[..Math.Max(1, file.LastIndexOf('/'))];
}
