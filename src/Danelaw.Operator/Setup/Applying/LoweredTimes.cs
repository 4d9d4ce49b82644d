using System.Globalization;
using System.Runtime.Versioning;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Setup.Applying;

/// <summary>
/// The TTL that records had before setup gave them another: caches may have them with it, which a rollover that sees their owner for the first time cannot know. It is
/// told by setup's journals, as if its last look had seen it (decision 0298).
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static class LoweredTimes
{
    /// <summary>Enters the longest TTL of before at some owners into what is known of a roll.</summary>
    /// <param name="state">What is known.</param>
    /// <param name="files">The host's files.</param>
    /// <param name="folder">The folder of journals; those that were taken back count no more.</param>
    /// <param name="owners">The owners.</param>
    /// <param name="news">What is to be told, as a sentence; null where it is known already, or nothing is to be known.</param>
    /// <exception cref="InvalidDataException">A journal is damaged.</exception>
    internal static RolloverState Enter(RolloverState state, HostFiles files, string folder, IReadOnlyCollection<DomainName> owners, out string? news)
    {
        news = null;
        if (owners.Count == 0) return state;
        var seconds = Journal.Open(files, folder).SelectMany(journal => journal.Entry.Records).Where(record => owners.Contains(DomainName.Parse(record.Owner))).Select(record => record.BeforeTimeToLive).DefaultIfEmpty().Max();
        var longest = TimeToLiveMemory.LongestKept;
        var before = seconds < longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : longest;
        if (state.TimesToLive.Largest >= before) return state;
        news = string.Create(CultureInfo.InvariantCulture, $"before setup the records had a TTL of {seconds} seconds: caches may have them with it");
        var served = state.TimesToLive.Entries.Where(entry => entry.Unseen is null).Select(entry => entry.TimeToLive);
        return state with { TimesToLive = state.TimesToLive.See([before, .. served], TimeSpan.Zero, isRolling: true) };
    }
}
