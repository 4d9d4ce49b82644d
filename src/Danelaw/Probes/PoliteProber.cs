namespace Danelaw.Probes;

/// <summary>
/// Looks at servers for many checks as a guest does: at each endpoint once, at an address one connection at a time and no more than so many a minute, first
/// come, first served. Thousands of domains have the same few mail hosts, and those limit who connects too often (docs/decisions/0277). Thread-safe.
/// </summary>
/// <param name="inner">Looks at the endpoints.</param>
/// <param name="time">Measures minutes, and the age of what was seen.</param>
/// <param name="options">How often.</param>
public sealed class PoliteProber(IProber inner, TimeProvider time, PoliteProberOptions options) : IProber, IPatientProber
{
    private readonly AddressTurns _turns = new(time, options.ConnectionsPerMinute);
    private readonly Dictionary<ProbeTarget, Kept> _kept = [];
    private readonly Queue<(ProbeTarget Target, Kept Kept)> _order = [];

    /// <inheritdoc/>
    public async ValueTask<Observation> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken = default)
    {
        using var turn = await EnterAsync(target, cancellationToken).ConfigureAwait(false);
        return await turn.LookAsync(cancellationToken).ConfigureAwait(false);
    }

    IProber IPatientProber.WithoutTurn => inner;

    ValueTask<ITurn> IPatientProber.EnterAsync(ProbeTarget target, CancellationToken cancellationToken) => EnterAsync(target, cancellationToken);

    private async ValueTask<ITurn> EnterAsync(ProbeTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        cancellationToken.ThrowIfCancellationRequested();
        if (Find(target) is { } known) return new Turn(this, target, null, known);
        var visit = await _turns.EnterAsync(target.ConnectTo, cancellationToken).ConfigureAwait(false);
        try
        {
            // Whoever was there before may have looked at the very same.
            var seen = Find(target);
            if (seen is null) await visit.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
            return new Turn(this, target, visit, seen);
        }
        catch
        {
            visit.Dispose();
            throw;
        }
    }

    private Observation? Find(ProbeTarget target)
    {
        lock (_kept)
        {
            if (!_kept.TryGetValue(target, out var kept)) return null;
            if (time.GetElapsedTime(kept.Since) < options.Keep) return kept.Seen;
            _kept.Remove(target);
            return null;
        }
    }

    private void Keep(ProbeTarget target, Observation seen)
    {
        // What this machine lacks says nothing of the server, and may be there for the next who asks.
        if (options.Keep <= TimeSpan.Zero || LocalCauses.IsLocal(seen)) return;
        var kept = new Kept(time.GetTimestamp(), seen);
        lock (_kept)
        {
            _kept[target] = kept;
            _order.Enqueue((target, kept));
            while (_order.Count > options.Capacity && _order.TryDequeue(out var oldest))
                if (_kept.TryGetValue(oldest.Target, out var its) && ReferenceEquals(its, oldest.Kept)) _kept.Remove(oldest.Target);
        }
    }

    private sealed record Kept(long Since, Observation Seen);

    private async ValueTask<Observation> LookAsync(ProbeTarget target, AddressTurns.Visit visit, CancellationToken cancellationToken)
    {
        visit.CountConnection();
        var seen = await inner.ProbeAsync(target, cancellationToken).ConfigureAwait(false);
        if (HandshakeFaults.TookASecondConnection(seen)) visit.CountConnection();
        Keep(target, seen);
        return seen;
    }

    private sealed class Turn(PoliteProber prober, ProbeTarget target, AddressTurns.Visit? visit, Observation? seen) : ITurn
    {
        public async ValueTask<Observation> LookAsync(CancellationToken cancellationToken) => seen ?? await prober.LookAsync(target, visit!, cancellationToken).ConfigureAwait(false);

        public void Dispose() => visit?.Dispose();
    }
}
