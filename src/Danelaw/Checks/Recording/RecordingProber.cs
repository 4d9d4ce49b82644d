using System.Collections.Concurrent;
using System.Collections.Immutable;
using Danelaw.Probes;

namespace Danelaw.Checks.Recording;

/// <summary>Keeps every observation that another prober makes.</summary>
/// <param name="inner">Looks at the endpoints.</param>
public sealed class RecordingProber(IProber inner) : IProber
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

    /// <inheritdoc/>
    public async ValueTask<Observation> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);

        // Two names may lead to one endpoint: the recording knows one look at it, so there is one.
        if (_kept.TryGetValue(target, out var known)) return known;
        try
        {
            return _kept.GetOrAdd(target, await inner.ProbeAsync(target, cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The time for the check was spent, which a recording must say as well.
            _kept.TryAdd(target, CheckBudget.SpentObservation(target));
            throw;
        }
    }
}
