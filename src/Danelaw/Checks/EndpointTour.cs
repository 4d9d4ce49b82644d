using System.Collections.Immutable;
using Danelaw.Probes;

namespace Danelaw.Checks;

/// <summary>One address of a host: which probes are made there, and in which order.</summary>
/// <param name="budget">Looks at the endpoint while there is time.</param>
/// <param name="gates">Lets one tour at a time connect to an address.</param>
/// <param name="caller">The caller's token.</param>
internal sealed class EndpointTour(CheckBudget budget, RunGates gates, CancellationToken caller)
{
    /// <summary>What it prefers to show, then the other kind of key, one connection after the other (RFC 7672 §8.1, R64).</summary>
    /// <param name="target">The endpoint, with <see cref="KeyAlgorithm.Any"/>.</param>
    internal async Task<ImmutableArray<Observation>> LookAsync(ProbeTarget target)
    {
        var seen = ImmutableArray.CreateBuilder<Observation>();
        using var gate = await budget.EnterAsync(gates, target.ConnectTo).ConfigureAwait(false);
        var first = await budget.ProbeAsync(target, caller).ConfigureAwait(false);
        seen.Add(first);
        if (first.Outcome == ProbeOutcome.Completed)
            foreach (var algorithm in Others(LeafKey.AlgorithmOf(first.Chain)))
                seen.Add(await budget.ProbeAsync(target with { Algorithm = algorithm }, caller).ConfigureAwait(false));
        return seen.ToImmutable();
    }

    private static ImmutableArray<KeyAlgorithm> Others(KeyAlgorithm shown) => shown switch
    {
        KeyAlgorithm.Rsa => [KeyAlgorithm.Ecdsa],
        KeyAlgorithm.Ecdsa => [KeyAlgorithm.Rsa],
        KeyAlgorithm.Eddsa or KeyAlgorithm.Any => [KeyAlgorithm.Rsa, KeyAlgorithm.Ecdsa],
    };
}
