using System.Collections.Immutable;
using Danelaw.Discovery;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Checks;

/// <summary>TLSA records that were found where nobody asks.</summary>
/// <param name="Owner">Where, and why nobody does.</param>
/// <param name="Answer">What stands there.</param>
internal sealed record Stray(StrayOwner Owner, Answer Answer);

/// <summary>
/// Asks for TLSA records at the names where they stand by mistake. What it finds decides nothing and what it does not find is not told, so it waits for nobody:
/// a question that is not answered soon was never asked.
/// </summary>
/// <param name="budget">Looks up while there is time.</param>
internal sealed class OwnerTour(CheckBudget budget)
{
    /// <summary>The hosts that are gone round, those with the best preference: two dozen questions each, most of which one denial answers.</summary>
    internal const int MaximumHosts = 8;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    /// <summary>Goes round a host.</summary>
    internal Task<ImmutableArray<Stray>> LookAsync(HostEvidence host, string service)
    {
        // Where the zone is not signed no TLSA record counts, wherever it stands.
        if (host.AddressState != AddressState.Secure || host.Host.Literal is not null) return Task.FromResult(ImmutableArray<Stray>.Empty);
        var trust = (host.TlsaAnswer?.Trust ?? []).Concat(host.AddressAnswers.SelectMany(answer => answer.Trust)).Select(link => link.Zone).Where(zone => host.TlsaBase.IsAtOrBelow(zone)).ToArray();
        return LookAsync(StrayOwners.Of(host.Port, host.TlsaBase, trust.Length == 0 ? null : trust.MaxBy(zone => zone.LabelCount), service));
    }

    /// <summary>Looks at a mail domain.</summary>
    internal Task<ImmutableArray<Stray>> LookAsync(DomainName domain) => LookAsync(StrayOwners.AtDomain(domain) is { } owner ? [owner] : Enumerable.Empty<StrayOwner>());

    private Task<ImmutableArray<Stray>> LookAsync(IEnumerable<StrayOwner> owners) => budget.AsideAsync(Limit, async limit =>
    {
        var found = await Task.WhenAll(owners.Select(owner => LookAsync(owner, limit))).ConfigureAwait(false);
        return found.OfType<Stray>().ToImmutableArray();
    });

    private async Task<Stray?> LookAsync(StrayOwner owner, CancellationToken limit)
    {
        var answer = await budget.LookAsideAsync(owner.Owner, RecordType.TLSA, limit).ConfigureAwait(false);
        if (!answer.HasSecureRecords) return null;

        // A wildcard is nobody's typing mistake; and who does not answer for it accuses nobody.
        if (!owner.TryGetControl(out var control)) return null;
        var beside = await budget.LookAsideAsync(control, RecordType.TLSA, limit).ConfigureAwait(false);
        return beside.HasFailed || beside.Records is not null ? null : new(owner, answer);
    }
}
