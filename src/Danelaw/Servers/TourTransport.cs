using Danelaw.Dns.Transports;

namespace Danelaw.Servers;

/// <summary>Carries the questions of one tour, so many at once, and knows whether anybody has answered. Thread-safe.</summary>
/// <param name="inner">Carries each.</param>
/// <param name="most">How many at once.</param>
internal sealed class TourTransport(IDnsTransport inner, int most) : IDnsTransport, IDisposable
{
    private readonly SemaphoreSlim _free = new(most);
    private volatile bool _isHeard;

    /// <summary>Whether a reply has come from anywhere.</summary>
    internal bool IsHeard => _isHeard;

    public async ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var exchange = await inner.ExchangeAsync(query, cancellationToken).ConfigureAwait(false);
            if (exchange.Outcome == ExchangeOutcome.Replied) _isHeard = true;
            return exchange;
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();
}
