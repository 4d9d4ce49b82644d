using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Signing.Sorting;

namespace Danelaw.Dnssec.Checking;

/// <summary>Checks a signed zone as a whole: every signature, the chain of denials, keys, DS, CDS, and digests over the zone.</summary>
public static class ZoneChecker
{
    /// <summary>Reads and checks a zone file of any size in bounded memory, with every processor of the process. Never throws on foreign text.</summary>
    /// <param name="input">The signed zone, in any order.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Is told how far it has come; null for nobody.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="IOException">The input cannot be read on.</exception>
    public static async Task<ZoneCheckReport> CheckAsync(ZoneReader input, ZoneCheckOptions options, IProgress<ZoneProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        using var run = new CheckRun(options, SortLimits.Default, progress);
        return await run.RunAsync(input, cancellationToken).ConfigureAwait(false);
    }
}
