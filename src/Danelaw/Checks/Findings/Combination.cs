using System.Collections.Immutable;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;

namespace Danelaw.Checks.Findings;

/// <summary>The usable records of one usage, selector and matching type (R54, RFC 7671 §8: one of them must match what is served now), and the chains that none of them matches.</summary>
/// <param name="Records">The records; none that is a plain mistake, which is told by itself.</param>
/// <param name="Missing">The chains that some record matches and none of these.</param>
internal sealed record Combination(ImmutableArray<RecordReport> Records, ImmutableArray<ServedChain> Missing)
{
    /// <summary>The usage, selector and matching type.</summary>
    internal TlsaRecord Parameters => Records[0].Record;

    /// <summary>Whether none of the records matches anything.</summary>
    internal bool IsNowhere => !Records.Any(report => report.State == RecordState.Matching);

    /// <summary>Every combination that is published, in the order of the records.</summary>
    internal static ImmutableArray<Combination> Of(HostSubject subject)
    {
        // A chain that nothing matches is told at its endpoint, with every record by name.
        ImmutableArray<ServedChain> chains = [.. subject.Report.Chains.Where(chain => chain.Verdict is { IsMatch: true })];
        return
        [
            .. subject.Report.Records
                .Where(report => report.Usability == Usability.Usable && !subject.Mistakes.ContainsKey(report.Record) && IsJudged(report.Record.Usage, subject.Options))
                .GroupBy(report => report.Record.Parameters)
                .Select(group => new Combination([.. group], [.. chains.Where(chain => !group.Any(report => chain.Proves(report.Record)))])),
        ];
    }

    /// <summary>Without authorities to trust nothing is known of PKIX usages.</summary>
    private static bool IsJudged(TlsaUsage usage, CheckOptions options) => options.Roots is not null || usage is TlsaUsage.DaneTa or TlsaUsage.DaneEe;
}
