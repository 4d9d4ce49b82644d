using Danelaw.Dns.Names;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Publishing;

/// <summary>A person publishes, at a DNS host's form: nothing is done here but to see whether it has been.</summary>
/// <param name="settings">The zone.</param>
/// <param name="services">Asks the servers.</param>
internal sealed class ManualPublisher(PublisherSettings.Manual settings, PublisherServices services) : IZonePublisher
{
    /// <inheritdoc/>
    public async ValueTask<MasteredSet> ReadAsync(DomainName owner, CancellationToken cancellationToken = default)
    {
        if (settings.Zone is { } zone && !owner.IsAtOrBelow(zone)) return new(PublishOutcome.Refused, TlsaSet.Empty, null, $"{owner} is not in {zone}: give the zone that holds it");
        if (services.Servers is not { } servers) return new(PublishOutcome.Refused, TlsaSet.Empty, null, "without a resolver nobody can see what is published");
        var views = await servers.AskAsync([owner], cancellationToken).ConfigureAwait(false);
        if (views.FirstOrDefault(view => view.Records is not null) is not { Records: { } set } first) return new(PublishOutcome.Unreachable, TlsaSet.Empty, null, $"no authoritative server gives a valid answer: {views[0].Server}: {views[0].Detail}");
        if (views.FirstOrDefault(view => view.Records is { } other && !other.Equals(set)) is { } different)
            return new(PublishOutcome.Unreachable, TlsaSet.Empty, null, $"the authoritative servers do not agree yet: {first.Server} and {different.Server}; wait until all have the same");
        if (views.FirstOrDefault(view => view.Name != owner) is { } alias) return new(PublishOutcome.Refused, TlsaSet.Empty, null, $"{owner} is an alias of {alias.Name}: the records stand there, so publish them at {alias.Name}");
        return new(PublishOutcome.Done, set, set.IsEmpty ? null : (uint)first.TimeToLive.TotalSeconds, "") { IsFromWildcard = first.IsFromWildcard };
    }

    /// <inheritdoc/>
    public ValueTask<PublishResult> RehearseAsync(DomainName owner, CancellationToken cancellationToken = default) => ValueTask.FromResult(new PublishResult(PublishOutcome.Done, ""));

    /// <inheritdoc/>
    public async ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var has = await ReadAsync(request.Owner, cancellationToken).ConfigureAwait(false);
        if (Comparison.Settle(request, has) is { } settled) return settled;
        return new(PublishOutcome.Unknown, $"a person has to do it: at {request.Owner} the TLSA records are to be {request.After} with TTL {request.TimeToLive.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
    }
}
