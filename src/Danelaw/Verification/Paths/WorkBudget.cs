namespace Danelaw.Verification.Paths;

/// <summary>
/// How much work judging may cost: who is judged chooses what there is to do. It is counted and not timed, so the same evidence is judged alike everywhere,
/// and again. A unit is about a hundredth of a millisecond: the check of a signature by an RSA key of 1024 bits.
/// </summary>
/// <param name="units">How many.</param>
/// <param name="whole">What this is a part of; null when it is all there is.</param>
/// <param name="caller">Ends judging in the middle.</param>
internal sealed class WorkBudget(int units = WorkBudget.OfHost, WorkBudget? whole = null, CancellationToken caller = default)
{
    /// <summary>What one host may cost: 32 addresses with four chains each of RSA keys of 4096 bits cost a fifth.</summary>
    public const int OfHost = 65_536;

    /// <summary>What all hosts of a check may cost, in that of one.</summary>
    public const int Hosts = 4;

    /// <summary>What is left.</summary>
    public int Left { get; private set; } = units;

    /// <summary>Takes what some work costs.</summary>
    /// <param name="units">The price.</param>
    /// <returns>False when there is not so much left: then the work is not done.</returns>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public bool TrySpend(int units)
    {
        caller.ThrowIfCancellationRequested();
        if (units > Left || whole?.TrySpend(units) == false) return false;
        Left -= units;
        return true;
    }
}
