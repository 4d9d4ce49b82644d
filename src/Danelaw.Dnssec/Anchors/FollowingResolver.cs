using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Dnssec.Anchors;

/// <summary>
/// A resolver for processes that run on and on: while <see cref="RunAsync"/> runs it asks the zones of its trust anchors for their keys whenever that is due (RFC 5011 §2.3), keeps what it saw
/// in the file of the state, reads what other processes kept there, and judges by the anchors that are trusted then. Safe for many lookups at once.
/// </summary>
/// <remarks>When anchors change, lookups go on with a new resolver and an empty cache: what was verified under a key that has been revoked is not used again. Those in flight end as they began.</remarks>
public sealed class FollowingResolver : ILookup
{
    /// <summary>How long a change that another process made in the file goes unseen at most: the shortest interval between queries that RFC 5011 §2.3 allows.</summary>
    internal static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>More that was seen and could not be written is not remembered one by one; a revocation stays in the zone for longer than that (RFC 5011 §6.6).</summary>
    private const int MaximumUnsaved = 16;

    private readonly AnchorStateFile _file;
    private readonly TrustAnchors _configured;
    private readonly Func<TrustAnchors, ILookup> _make;
    private readonly Func<ILookup, TrustAnchor, CancellationToken, ValueTask<ServedKeys>> _observe;
    private readonly TimeProvider _clock;
    private volatile Standing _standing;

    /// <summary>What was seen and could not be written yet, and when, the oldest first; touched by <see cref="StepAsync"/> alone.</summary>
    private ImmutableArray<(ServedKeys Served, DateTimeOffset At)> _unsaved = [];

    private FollowingResolver(
        AnchorStateFile file,
        TrustAnchors configured,
        Func<TrustAnchors, ILookup> make,
        Func<ILookup, TrustAnchor, CancellationToken, ValueTask<ServedKeys>> observe,
        TimeProvider clock,
        AnchorState state)
    {
        (_file, _configured, _make, _observe, _clock) = (file, configured, make, observe, clock);
        var anchors = state.ToAnchors(configured);
        _standing = new(state, anchors, make(anchors), null);
    }

    /// <summary>The anchors that are trusted now.</summary>
    public TrustAnchors Anchors => _standing.Anchors;

    /// <summary>Why the file could not be read or written the last time, one sentence; null when it could. What was seen counts in this process all the same.</summary>
    public string? Fault => _standing.Fault;

    /// <summary>Reads the state, or begins one where there is no file yet. Nobody is asked before <see cref="RunAsync"/>.</summary>
    /// <param name="file">The file of the state.</param>
    /// <param name="transport">Carries the queries.</param>
    /// <param name="options">Whom to ask and how to judge; its anchors are those configured, from which the state was begun. Its leeway is for lookups, not for the keys that are followed.</param>
    /// <param name="clock">Gives the time that signatures are judged at, and measures the pauses; what is seen at that time is kept, so it must be the real one.</param>
    /// <param name="resolver">The resolver; null on failure.</param>
    /// <param name="fault">What is wrong with the file, one sentence; null on success.</param>
    /// <returns>False when the file is damaged or something else, or its state was begun from other anchors.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    public static bool TryOpen(AnchorStateFile file, IDnsTransport transport, ResolverOptions options, TimeProvider clock, out FollowingResolver? resolver, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        return TryOpen(
            file,
            options.Anchors,
            anchors => new Resolver(transport, options with { Anchors = anchors }, clock),
            // What is followed is judged without leeway: a set of keys whose signature is over may come from somebody who has an old key.
            (lookup, anchor, cancellationToken) => (options.ClockSkew == TimeSpan.Zero ? (Resolver)lookup : new Resolver(transport, options with { ClockSkew = TimeSpan.Zero }, clock)).ObserveKeysAsync(anchor, cancellationToken),
            clock,
            out resolver,
            out fault);
    }

    /// <summary>The same, with whatever makes resolvers and asks for keys.</summary>
    internal static bool TryOpen(
        AnchorStateFile file,
        TrustAnchors configured,
        Func<TrustAnchors, ILookup> make,
        Func<ILookup, TrustAnchor, CancellationToken, ValueTask<ServedKeys>> observe,
        TimeProvider clock,
        out FollowingResolver? resolver,
        out string? fault)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(clock);
        resolver = null;
        if (!file.TryRead(out var kept, out fault)) return false;
        if (!TryBind(kept, configured, clock.GetUtcNow(), out var state, out fault)) return false;
        resolver = new(file, configured, make, observe, clock, state!);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<Answer> LookupAsync(DomainName name, RecordType type, CancellationToken cancellationToken = default) => _standing.Lookup.LookupAsync(name, type, cancellationToken);

    /// <summary>Follows the anchors until it is told to stop. To be run once.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled: the only way in which this ends.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var pause = await StepAsync(cancellationToken).ConfigureAwait(false);
            await Task.Delay(pause, _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks the zones whose time has come, brings file and anchors up to date, and says how long nothing is to be done.</summary>
    internal async ValueTask<TimeSpan> StepAsync(CancellationToken cancellationToken)
    {
        var before = _standing;
        var fault = _unsaved.IsEmpty ? Refresh() : await KeepAsync([], cancellationToken).ConfigureAwait(false);
        var now = _clock.GetUtcNow();
        var due = Configured(_standing.State).Where(point => point.IsDue(now)).ToArray();
        if (due.Length > 0)
        {
            var served = await Task.WhenAll(due.Select(point => _observe(before.Lookup, point.ToAnchor(), cancellationToken).AsTask())).ConfigureAwait(false);
            fault = await KeepAsync(served, cancellationToken).ConfigureAwait(false);
        }

        _standing = _standing with { Fault = fault };
        now = _clock.GetUtcNow();
        var next = Configured(_standing.State).Where(point => !point.IsDeleted).Select(point => point.NextQuery - now).DefaultIfEmpty(LongestPause).Min();
        return next <= TimeSpan.Zero ? TimeSpan.FromSeconds(1) : next < LongestPause ? next : LongestPause;
    }

    private IEnumerable<TrustPoint> Configured(AnchorState state) => state.Points.Where(point => _configured.TryGet(point.Zone, out _));

    /// <summary>Takes over what another process has kept meanwhile.</summary>
    private string? Refresh()
    {
        try
        {
            // A file that is gone says nothing: what this process knows goes back into it the next time that something is kept.
            if (_file.TryRead(out var kept, out var fault) && kept is not null && TryBind(kept, _configured, _clock.GetUtcNow(), out var state, out fault)) Take(state!);
            return fault;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    /// <summary>Applies what was seen to the state as the file has it then. What cannot be written counts all the same: a key that has revoked itself is not trusted because a disk is full.</summary>
    private async ValueTask<string?> KeepAsync(ServedKeys[] served, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        ImmutableArray<(ServedKeys, DateTimeOffset)> fresh = [.. served.Select(one => (one, now))];
        var seen = _unsaved.AddRange(fresh);
        string? unfit = null;
        AnchorState? taken = null;
        try
        {
            var fault = await _file.UpdateAsync(
                kept => kept is null ? taken = Apply(_standing.State, fresh) : TryBind(kept, _configured, now, out var state, out unfit) ? taken = Apply(state!, seen) : null,
                cancellationToken).ConfigureAwait(false);
            if (taken is not null)
            {
                _unsaved = [];
                Take(taken);
                return null;
            }

            return Hold(fault ?? unfit);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Hold(exception.Message);
        }

        string? Hold(string? fault)
        {
            _unsaved = seen.Length > MaximumUnsaved ? seen[^MaximumUnsaved..] : seen;
            Take(Apply(_standing.State, fresh));
            return fault;
        }
    }

    private static AnchorState Apply(AnchorState state, ImmutableArray<(ServedKeys Served, DateTimeOffset At)> seen)
    {
        foreach (var (served, at) in seen)
            if (state.TryGet(served.Zone, out var point)) state = state.With(point.Next(served, at));
        return state;
    }

    private static bool TryBind(AnchorState? kept, TrustAnchors configured, DateTimeOffset now, out AnchorState? state, out string? fault)
    {
        fault = null;
        state = kept is null ? AnchorState.Begin(configured, now) : null;
        return state is not null || kept!.TryBind(configured, now, out state, out fault);
    }

    private void Take(AnchorState state)
    {
        var anchors = state.ToAnchors(_configured);
        _standing = IsSame(anchors, _standing.Anchors) ? _standing with { State = state } : new(state, anchors, _make(anchors), null);
    }

    private static bool IsSame(TrustAnchors one, TrustAnchors other) =>
        one.Zones.Length == other.Zones.Length
        && one.Zones.Zip(other.Zones).All(pair => pair.First.Zone.Equals(pair.Second.Zone) && pair.First.Keys.SequenceEqual(pair.Second.Keys) && pair.First.DelegationSigners.SequenceEqual(pair.Second.DelegationSigners));

    private sealed record Standing(AnchorState State, TrustAnchors Anchors, ILookup Lookup, string? Fault);
}
