using Danelaw.Dns.Transports;
using Danelaw.Probes;

namespace Danelaw.Servers;

/// <summary>
/// Asks each name server each thing once for many checks: the domains of one provider have the same servers. Whoever asks while somebody else is waiting for the reply gets that one. Thread-safe.
/// For surveys of servers alone: what is kept grows no older.
/// </summary>
/// <param name="inner">Carries the queries.</param>
/// <param name="time">Measures the age of what was said.</param>
/// <param name="keep">How long a reply, or that none came, is shared; 10 minutes are a good choice.</param>
/// <param name="capacity">How many are kept at most, 1 or more; beyond it the oldest go.</param>
public sealed class SharedTransport(IDnsTransport inner, TimeProvider time, TimeSpan keep, int capacity = 10_000) : IDnsTransport
{
    // Usual replies have a few hundred octets; what is kept of hostile ones is no more than ten thousand times this.
    private const int LargestKept = 4096;

    private readonly SharedWork<DnsQuery, Exchange> _exchanges = new(inner.ExchangeAsync, time, keep, capacity, exchange => exchange.Reply.Length <= LargestKept);

    /// <inheritdoc/>
    public ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _exchanges.DoAsync(query, cancellationToken);
    }
}
