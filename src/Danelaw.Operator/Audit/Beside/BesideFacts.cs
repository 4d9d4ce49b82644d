using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Operator.Audit.Beside;

/// <summary>What a domain has beside DANE: evidence, immutable.</summary>
/// <param name="Sts">The TXT records at <c>_mta-sts.DOMAIN</c>.</param>
/// <param name="Policy">The policy of MTA-STS; asked for only where the record is sound.</param>
/// <param name="Reporting">The TXT records at <c>_smtp._tls.DOMAIN</c>.</param>
internal sealed record BesideFacts(Answer Sts, PolicyFetch Policy, Answer Reporting)
{
    /// <summary>Asks.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="lookup">Answers questions to the DNS.</param>
    /// <param name="fetcher">Gets policies; null where no server may be connected to.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What was seen; null where a name would be too long to be one.</returns>
    internal static async ValueTask<BesideFacts?> AskAsync(DomainName domain, ILookup lookup, IPolicyFetcher? fetcher, CancellationToken cancellationToken)
    {
        if (!domain.TryPrepend("_mta-sts"u8, out var stsName) || !domain.TryPrepend("_tls"u8, out var below) || !below.TryPrepend("_smtp"u8, out var reportingName)) return null;
        var reporting = await lookup.LookupAsync(reportingName, RecordType.TXT, cancellationToken).ConfigureAwait(false);
        var sts = await lookup.LookupAsync(stsName, RecordType.TXT, cancellationToken).ConfigureAwait(false);
        var isSound = !sts.IsFailure && !StsRecord.Of(sts).Fields.IsEmpty;
        var policy = isSound && fetcher is not null ? await fetcher.FetchAsync(domain, cancellationToken).ConfigureAwait(false) : PolicyFetch.NotAsked;
        return new(sts, policy, reporting);
    }
}
