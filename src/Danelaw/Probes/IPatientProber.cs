namespace Danelaw.Probes;

/// <summary>A prober at which one may have to wait for a turn; the wait and the look are two things, so that only the look takes of somebody's time.</summary>
internal interface IPatientProber
{
    /// <summary>Who is asked where there was no time for a turn, with a token that says so: whoever records then knows of the endpoint.</summary>
    IProber WithoutTurn { get; }

    /// <summary>Waits until it is known what an endpoint shows, or until it may be connected to.</summary>
    /// <returns>The turn; its owner lets the next one in by disposing it.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<ITurn> EnterAsync(ProbeTarget target, CancellationToken cancellationToken);
}

/// <summary>A turn at an endpoint, or what is known of it already.</summary>
internal interface ITurn : IDisposable
{
    /// <summary>What the endpoint shows.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<Observation> LookAsync(CancellationToken cancellationToken);
}
