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
    /// <param name="facts">What is there already.</param>
    internal static string? Of(SetupOptions options, ImmutableArray<RollSettings> rolls, RenewalFacts facts)
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
        foreach (var folder in written.Distinct().Order(StringComparer.Ordinal)) text.Append("ReadWritePaths=").Append(SystemdWord.Quote(folder)).Append('\n');

        // What another user keeps for himself: an ACME client's folder, a mail server's chain file, a DNS server's keys.
        if (rolls.SelectMany(roll => roll.Chains).SelectMany(chain => chain.Offers).Any(offer => offer.Path.StartsWith("/home/", StringComparison.Ordinal)) || ReadFiles(rolls).Any(facts.ClosedToRoot.Contains)) text.Append("CapabilityBoundingSet=CAP_DAC_READ_SEARCH\n");
        return text.Length == 0 ? null : "# Written by danelaw setup --rollover: what this host needs beyond the unit itself.\n[Service]\n" + text;
    }

    /// <summary>The files that a run reads, as far as the settings name files.</summary>
    /// <param name="rolls">The rolls.</param>
    internal static IEnumerable<string> ReadFiles(IEnumerable<RollSettings> rolls) => rolls.SelectMany(roll =>
        roll.Chains.SelectMany(chain => chain.Offers.SelectMany(offer => new[] { offer.Path, offer.KeyFile }).Append(chain.File)).OfType<string>().Concat(FilesOf(roll.Publisher)));

    /// <summary>The files that a publisher reads.</summary>
    /// <param name="publisher">The publisher; null for none.</param>
    internal static IEnumerable<string> FilesOf(PublisherSettings? publisher) => publisher switch
    {
        PublisherSettings.Update { KeyFile: { } key } => [key],
        PublisherSettings.PowerDns api => [api.KeyFile],
        PublisherSettings.ZoneFile zone => [zone.File],
        _ => [],
    };

    private static string FolderOf(string file) => file[..Math.Max(1, file.LastIndexOf('/'))];
}
