using System.Collections.Concurrent;
using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Transports;

namespace Danelaw.Checks.Recording;

/// <summary>
/// Keeps every exchange that another transport makes. The same query is carried once and answered alike ever after, so that the recording,
/// which knows no time, answers as this run did.
/// </summary>
/// <param name="inner">Carries the queries.</param>
public sealed class RecordingTransport(IDnsTransport inner) : IDnsTransport
{
    private readonly ConcurrentDictionary<DnsQuery, Lazy<Task<Exchange>>> _flights = new();
    private readonly ConcurrentDictionary<(Question Question, bool CheckingDisabled), DnsServer> _answered = new();
    private readonly ConcurrentDictionary<DnsQuery, Exchange> _kept = new();

    /// <summary>The exchanges so far, in the canonical order of their questions.</summary>
    public ImmutableArray<Exchange> Exchanges =>
    [
        .. _kept.Values
            .OrderBy(exchange => exchange.Query.Question.Name)
            .ThenBy(exchange => exchange.Query.Question.Type)
            .ThenBy(exchange => exchange.Query.CheckingDisabled)
            .ThenBy(exchange => exchange.Query.Server.ToString(), StringComparer.Ordinal),
    ];

    /// <inheritdoc/>
    public async ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        while (true)
        {
            var flight = _flights.GetOrAdd(query, asked => new(() => inner.ExchangeAsync(asked, cancellationToken).AsTask()));
            try
            {
                var exchange = await flight.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
                Keep(exchange with { Query = query });
                return exchange;
            }
            catch (OperationCanceledException)
            {
                // Whoever began the flight has given up; that is no answer, and somebody else may still want one.
                _flights.TryRemove(new(query, flight));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>
    /// Of several servers asked at the same time the first good reply is the one that was used; what came later must not be found first
    /// when the recording is asked.
    /// </summary>
    private void Keep(Exchange exchange)
    {
        var query = exchange.Query;
        if (!query.RecursionDesired)
        {
            // Servers of different zones answer the same question differently: each is part of the way down.
            _kept.TryAdd(query, exchange);
            return;
        }

        if (exchange.Outcome == ExchangeOutcome.Replied && exchange.Message?.ResponseCode is ResponseCode.NoError or ResponseCode.NameError)
            _answered.TryAdd((query.Question, query.CheckingDisabled), query.Server);
        if (!_answered.TryGetValue((query.Question, query.CheckingDisabled), out var first) || first == query.Server) _kept.TryAdd(query, exchange);
    }
}
