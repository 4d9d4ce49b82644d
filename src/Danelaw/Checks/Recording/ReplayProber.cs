using System.Collections.Frozen;
using Danelaw.Probes;

namespace Danelaw.Checks.Recording;

/// <summary>Shows what a recording holds; what it does not hold was not looked at.</summary>
/// <param name="observations">The observations; of doubles the first counts.</param>
public sealed class ReplayProber(IEnumerable<Observation> observations) : IProber
{
    private readonly FrozenDictionary<ProbeTarget, Observation> _observations = observations.DistinctBy(observation => observation.Target).ToFrozenDictionary(observation => observation.Target);

    /// <inheritdoc/>
    public ValueTask<Observation> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(_observations.TryGetValue(target, out var seen) ? seen : new Observation { Target = target, Detail = "the recording does not hold it" });
    }
}
