using System.Collections.Frozen;
using Danelaw.Dns.Transports;

namespace Danelaw.Checks.Recording;

/// <summary>Answers queries from a recording, at once. What it does not hold was not asked, which is a failed lookup (decision 0004).</summary>
/// <param name="exchanges">The exchanges; of doubles the first counts.</param>
public sealed class ReplayTransport(IEnumerable<Exchange> exchanges) : IDnsTransport
{
    private readonly FrozenDictionary<DnsQuery, Exchange> _exchanges = exchanges.DistinctBy(exchange => exchange.Query).ToFrozenDictionary(exchange => exchange.Query);

    /// <inheritdoc/>
    public ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(_exchanges.TryGetValue(query, out var exchange) ? exchange : new Exchange(query, ExchangeOutcome.NotAsked, Detail: "the recording does not hold it"));
    }
}
