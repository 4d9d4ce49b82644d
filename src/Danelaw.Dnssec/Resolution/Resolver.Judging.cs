using System.Collections.Immutable;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution;

public sealed partial class Resolver
{
    /// <summary>
    /// Judges what one server answered by itself: its reply stands for its question, neither what is kept nor another server is asked in its place, and it is not kept. The zones
    /// above, their keys and DS sets are asked for as in every lookup. An authoritative server's answer to a query without RD is judged as a resolver's would be.
    /// </summary>
    /// <param name="exchange">The question, the server and its reply. A referral is a failure.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The verdict on the reply. Aliases that lead out of the reply are looked up as usual: ask for the alias itself to judge no more than that.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask<Answer> JudgeAsync(Exchange exchange, CancellationToken cancellationToken = default) => JudgeTogetherAsync(exchange, [], cancellationToken);

    /// <summary>The same with replies to other questions, such as the DNSKEY set of that server or the DS set of a server of the zone above, that stand for these.</summary>
    /// <param name="exchange">The question, the server and its reply.</param>
    /// <param name="others">Further replies, which are not asked for again.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The verdict on the first reply.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<Answer> JudgeTogetherAsync(Exchange exchange, ImmutableArray<Exchange> others, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        cancellationToken.ThrowIfCancellationRequested();
        var now = _clock.GetUtcNow();
        var question = exchange.Query.Question;

        // What earlier lookups found out about the zone must not stand in the way of what is given.
        var evidence = new Evidence(question, _options.Limits, others.IsDefaultOrEmpty ? new KnownTrust(_cache, now) : null);
        evidence.Add(Reply.Read(exchange));
        foreach (var other in others.IsDefault ? [] : others) evidence.Offer(Reply.Read(other));
        using var asking = _authorities.Begin(cancellationToken);
        return await DecideAsync(evidence, asking, now, question).ConfigureAwait(false);
    }
}
