using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Operator.Rollover;

namespace Danelaw.Cli.Running;

/// <summary>Owners whose records were taken away: where a wildcard stands above one, its records are what senders find from then on (RFC 4592), and nothing more is to be waited for.</summary>
internal sealed class BaredOwners
{
    private readonly ImmutableHashSet<DomainName> _owners;
    private readonly Dictionary<DomainName, TlsaSet> _wildcards = [];

    private BaredOwners(ImmutableHashSet<DomainName> owners) => _owners = owners;

    /// <summary>Asks the place itself, which knows it of zones that are not signed, too; by hand nothing is done there yet.</summary>
    public static async Task<BaredOwners> ReadAsync(IZonePublisher publisher, PublisherSettings settings, ImmutableArray<PublishedOwner> owners, CancellationToken cancellationToken)
    {
        var bared = new BaredOwners([.. owners.Where(owner => owner.After.IsEmpty).Select(owner => owner.Owner)]);
        foreach (var owner in settings is PublisherSettings.Manual ? [] : bared._owners)
        {
            if (await publisher.ReadAsync(owner, cancellationToken).ConfigureAwait(false) is { IsFromWildcard: true } given) bared._wildcards[owner] = given.Records;
        }

        return bared;
    }

    /// <summary>What a server's answer counts as: what a wildcard gives an owner that is to have no records is none of its own.</summary>
    public ServerView Take(AuthoritativeView view, bool takesInsecure) => IsFromWildcard(view) ? view.ToServerView(takesInsecure) with { Records = TlsaSet.Empty } : view.ToServerView(takesInsecure);

    /// <summary>The owners, with what a wildcard gives them now.</summary>
    public ImmutableArray<PublishedOwner> Told(ImmutableArray<PublishedOwner> owners, ImmutableArray<AuthoritativeView> views) => [.. owners.Select(owner =>
    {
        var given = views.FirstOrDefault(view => view.Owner == owner.Owner && IsFromWildcard(view))?.Records ?? _wildcards.GetValueOrDefault(owner.Owner);
        return given is null || owner.Detail.Length > 0 ? owner : owner with { Detail = $"a wildcard answers there now, and gives it {given}: take these out at the wildcard, or publish records of the owner's own, if they are not meant" };
    })];

    private bool IsFromWildcard(AuthoritativeView view) => _owners.Contains(view.Owner) && view.Records is { IsEmpty: false } set && (view.IsFromWildcard || (_wildcards.TryGetValue(view.Owner, out var given) && given.Equals(set)));
}
