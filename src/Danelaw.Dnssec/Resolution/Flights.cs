using Danelaw.Dns.Transports;

namespace Danelaw.Dnssec.Resolution;

/// <summary>One exchange for one query at a time: who asks the same meanwhile shares it. It ends when nobody waits for it any more.</summary>
internal sealed class Flights(IDnsTransport transport)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<DnsQuery, Flight> _flights = [];

    /// <summary>Asks, or joins whoever is asking.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal async ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken)
    {
        Flight? flight;
        lock (_lock)
        {
            if (!_flights.TryGetValue(query, out flight))
            {
                flight = new Flight();
                _flights.Add(query, flight);
                flight.Task = FlyAsync(query, flight.Token);
            }

            flight.Passengers++;
        }

        try
        {
            return await flight.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            var isEmpty = false;
            lock (_lock)
            {
                isEmpty = --flight.Passengers == 0;
                if (isEmpty && _flights.TryGetValue(query, out var current) && ReferenceEquals(current, flight)) _flights.Remove(query);
            }

            if (isEmpty)
            {
                await flight.EndAsync().ConfigureAwait(false);
                flight.Dispose();
            }
        }
    }

    /// <param name="query">The query.</param>
    /// <param name="end">The flight's token, taken before anybody can have left it: afterwards its source may be gone.</param>
    private async Task<Exchange> FlyAsync(DnsQuery query, CancellationToken end)
    {
        // The caller's lock is left before anything else happens.
        await Task.Yield();
        return await transport.ExchangeAsync(query, end).ConfigureAwait(false);
    }

    private sealed class Flight : IDisposable
    {
        private readonly CancellationTokenSource _end = new();

        internal Task<Exchange> Task { get; set; } = null!;

        internal int Passengers { get; set; }

        internal CancellationToken Token => _end.Token;

        internal async ValueTask EndAsync()
        {
            if (!Task.IsCompleted) await _end.CancelAsync().ConfigureAwait(false);
        }

        public void Dispose() => _end.Dispose();
    }
}
