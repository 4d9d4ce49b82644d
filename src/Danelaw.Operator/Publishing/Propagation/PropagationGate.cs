using System.Collections.Immutable;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Publishing.Propagation;

/// <summary>
/// Opens when every authoritative server has the new RRset of every owner, validly signed; closes again when one goes back. Pure and immutable: what it says follows
/// from what was seen and when.
/// </summary>
public sealed record PropagationGate
{
    private readonly ImmutableDictionary<string, TlsaSet> _wanted;

    private PropagationGate(ImmutableDictionary<string, TlsaSet> wanted) => _wanted = wanted;

    /// <summary>The servers as they were seen last, owner by owner.</summary>
    public ImmutableArray<ServerProgress> Servers { get; private init; } = [];

    /// <summary>Since when every server has been seen with the new set at every look, on the caller's clock; null while one has not.</summary>
    public TimeSpan? HeldSince { get; private init; }

    /// <summary>The largest TTL that any server gave with any answer: so long a cache may keep what was there before.</summary>
    public TimeSpan LargestTimeToLive { get; private init; }

    /// <summary>Whether every server has the new set.</summary>
    public bool IsOpen => HeldSince is not null;

    /// <summary>A gate that has seen nothing, and is closed.</summary>
    /// <param name="wanted">The RRset that each owner is to have, exactly; empty where it is to have none.</param>
    /// <exception cref="ArgumentException">There is no owner, or one comes twice.</exception>
    public static PropagationGate For(IEnumerable<KeyValuePair<string, TlsaSet>> wanted)
    {
        var sets = ImmutableDictionary.CreateBuilder<string, TlsaSet>(StringComparer.OrdinalIgnoreCase);
        foreach (var (owner, set) in wanted) sets.Add(owner, set);
        return sets.Count > 0 ? new(sets.ToImmutable()) : throw new ArgumentException("a gate waits for one owner at least", nameof(wanted));
    }

    /// <summary>Takes in what the servers say now.</summary>
    /// <param name="views">Every owner at every server.</param>
    /// <param name="at">The moment, on a clock that nobody sets.</param>
    public PropagationGate See(ImmutableArray<ServerView> views, TimeSpan at)
    {
        var servers = ImmutableArray.CreateBuilder<ServerProgress>();
        foreach (var view in views)
        {
            if (!_wanted.TryGetValue(view.Owner, out var wanted)) continue;
            var standing = view.Records is not { } records ? ServerStanding.Unseen : records.Equals(wanted) ? ServerStanding.Current : ServerStanding.Other;
            var before = Servers.FirstOrDefault(server => server.Owner == view.Owner && server.Server == view.Server);
            servers.Add(new(view.Owner, view.Server, standing, before?.Standing == standing ? before.Since : at));
        }

        // An owner that nobody was asked for is not published.
        var isHeld = servers.All(server => server.Standing == ServerStanding.Current) && _wanted.Keys.All(owner => servers.Any(server => string.Equals(server.Owner, owner, StringComparison.OrdinalIgnoreCase)));
        return this with
        {
            Servers = servers.ToImmutable(),
            HeldSince = isHeld ? HeldSince ?? at : null,
            LargestTimeToLive = views.Aggregate(LargestTimeToLive, (largest, view) => view.TimeToLive > largest ? view.TimeToLive : largest),
        };
    }

    /// <summary>How long caches may still have what was there before; null while a server still gives it to them.</summary>
    /// <param name="at">The moment, on the same clock.</param>
    public TimeSpan? CachesNeed(TimeSpan at)
    {
        if (HeldSince is not { } since) return null;
        var left = since + LargestTimeToLive - at;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
