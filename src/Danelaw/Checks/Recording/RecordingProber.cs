using System.Collections.Concurrent;
using System.Collections.Immutable;
using Danelaw.Probes;

namespace Danelaw.Checks.Recording;

/// <summary>Keeps every observation that another prober makes.</summary>
/// <param name="inner">Looks at the endpoints.</param>
public sealed class RecordingProber(IProber inner) : IProber, IPatientProber
{
    private readonly ConcurrentDictionary<ProbeTarget, Observation> _kept = new();

    /// <summary>The observations so far, by address, host name, kind of key, domain served, and whether a raw key was asked for.</summary>
    public ImmutableArray<Observation> Observations =>
    [
        .. _kept.Values
            .OrderBy(observation => observation.Target.Address.ToString(), StringComparer.Ordinal)
            .ThenBy(observation => observation.Target.ServerName)
            .ThenBy(observation => observation.Target.Algorithm)
            .ThenBy(observation => observation.Target.ServiceName)
            .ThenBy(observation => observation.Target.RawPublicKey),
    ];

    /// <summary>Whether one may have to wait for a turn.</summary>
    internal bool IsPatient => inner is IPatientProber;

    IProber IPatientProber.WithoutTurn => this;

    /// <inheritdoc/>
    public ValueTask<Observation> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        return KeepAsync(target, inner.ProbeAsync, cancellationToken);
    }

    async ValueTask<ITurn> IPatientProber.EnterAsync(ProbeTarget target, CancellationToken cancellationToken) =>
        new Turn(this, target, await ((IPatientProber)inner).EnterAsync(target, cancellationToken).ConfigureAwait(false));

    private async ValueTask<Observation> KeepAsync(ProbeTarget target, Func<ProbeTarget, CancellationToken, ValueTask<Observation>> look, CancellationToken cancellationToken)
    {
        // Two names may lead to one endpoint: the recording knows one look at it, so there is one.
        if (_kept.TryGetValue(target, out var known)) return known;
        try
        {
            return _kept.GetOrAdd(target, await look(target, cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The time for the check was spent, which a recording must say as well.
            _kept.TryAdd(target, CheckBudget.SpentObservation(target));
            throw;
        }
    }

    private sealed class Turn(RecordingProber recording, ProbeTarget target, ITurn turn) : ITurn
    {
        public ValueTask<Observation> LookAsync(CancellationToken cancellationToken) => recording.KeepAsync(target, (_, token) => turn.LookAsync(token), cancellationToken);

        public void Dispose() => turn.Dispose();
    }
}
