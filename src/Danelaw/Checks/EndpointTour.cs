using System.Collections.Immutable;
using Danelaw.Probes;

namespace Danelaw.Checks;

/// <summary>One address of a host: which probes are made there, and in which order.</summary>
/// <param name="budget">Looks at the endpoint while there is time.</param>
/// <param name="algorithms">The kinds of key that a server may hold besides the one that it shows unasked.</param>
/// <param name="caller">The caller's token.</param>
internal sealed class EndpointTour(CheckBudget budget, ImmutableArray<KeyAlgorithm> algorithms, CancellationToken caller)
{
    /// <summary>What it prefers to show, then each other kind of key, one connection after the other (RFC 7672 §8.1, R64).</summary>
    /// <param name="target">The endpoint, with <see cref="KeyAlgorithm.Any"/>.</param>
    /// <param name="asksRawKey">Whether a raw public key is asked for at last (RFC 7250).</param>
    internal async Task<ImmutableArray<Observation>> LookAsync(ProbeTarget target, bool asksRawKey)
    {
        var seen = ImmutableArray.CreateBuilder<Observation>();
        var first = await budget.ProbeAsync(target, caller).ConfigureAwait(false);
        seen.Add(first);
        var shown = LeafKey.AlgorithmOf(first.Chain);
        if (first.Outcome == ProbeOutcome.Completed)
            foreach (var algorithm in algorithms)
                if (algorithm != shown) seen.Add(await budget.ProbeAsync(target with { Algorithm = algorithm }, caller).ConfigureAwait(false));

        // Where nobody shakes hands by certificates too: a server may have nothing but a raw key.
        if (asksRawKey && first.Outcome is (ProbeOutcome.Completed or ProbeOutcome.HandshakeFailed or ProbeOutcome.HandshakeInterrupted))
            seen.Add(await budget.ProbeAsync(target with { RawPublicKey = true }, caller).ConfigureAwait(false));
        return seen.ToImmutable();
    }
}
