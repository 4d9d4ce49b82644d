using System.Collections.Immutable;

namespace Danelaw.Operator.Setup;

/// <summary>Takes up the rollover that a setup has installed.</summary>
public interface ISetupRenewal
{
    /// <summary>The files in which the rollover keeps what it knows.</summary>
    ImmutableArray<string> StateFiles { get; }

    /// <summary>Runs the rollover once: what is shown today is where it begins.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    ValueTask<RenewalSeen> TakeUpAsync(CancellationToken cancellationToken = default);
}

/// <summary>What came of taking up a rollover.</summary>
/// <param name="IsTakenUp">Whether it knows the key of today.</param>
/// <param name="IsRefused">Whether it cannot, and will not by itself.</param>
/// <param name="Detail">Why not, as a phrase; empty where it is.</param>
public sealed record RenewalSeen(bool IsTakenUp, bool IsRefused, string Detail);
