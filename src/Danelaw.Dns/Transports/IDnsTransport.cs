namespace Danelaw.Dns.Transports;

/// <summary>Carries one query to one server and brings its reply. What the network does is an <see cref="ExchangeOutcome"/>, never an exception.</summary>
public interface IDnsTransport
{
    /// <summary>Asks, with the time and tries that the transport was made with.</summary>
    /// <param name="query">What to ask whom.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default);
}
