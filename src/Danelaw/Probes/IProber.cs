namespace Danelaw.Probes;

/// <summary>Looks at one endpoint once. What a server does is in the <see cref="Observation"/>, never an exception.</summary>
public interface IProber
{
    /// <summary>Connects, speaks the protocol up to and through the TLS handshake, and takes leave politely.</summary>
    /// <param name="target">Whom and how to ask.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What was seen.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<Observation> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken = default);
}
