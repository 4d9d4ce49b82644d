namespace Danelaw.Probes;

/// <summary>
/// Looks at each endpoint once for many checks: thousands of domains have the same few mail hosts, and those limit who connects too often.
/// Whoever asks while somebody else is looking waits for what he sees. Thread-safe.
/// </summary>
/// <param name="inner">Looks at the endpoints.</param>
/// <param name="time">Measures the age of what was seen.</param>
/// <param name="keep">How long an observation is shared; 10 minutes are a good choice.</param>
/// <param name="capacity">How many observations are kept at most, 1 or more; beyond it the oldest go.</param>
public sealed class SharedProber(IProber inner, TimeProvider time, TimeSpan keep, int capacity = 10_000) : IProber
{
    private readonly SharedWork<ProbeTarget, Observation> _looks = new(inner.ProbeAsync, time, keep, capacity);

    /// <inheritdoc/>
    public ValueTask<Observation> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        return _looks.DoAsync(target, cancellationToken);
    }
}
