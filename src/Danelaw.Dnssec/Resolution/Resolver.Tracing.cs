using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Tracing;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution;

public sealed partial class Resolver
{
    /// <summary>Looks a name up and tells the chain of trust link by link. Nothing that earlier lookups found out is relied on, so that every link is asked for.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The type; one that may be asked for (<see cref="RecordTypes.IsAskedFor"/>).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The chain, and what the lookup concluded.</returns>
    /// <exception cref="ArgumentException">Nobody is asked for the type.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<ChainTrace> TraceAsync(DomainName name, RecordType type, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequireAskedFor(type);
        var now = _clock.GetUtcNow();
        var evidence = new Evidence(new Question(name, type), _options.Limits);
        using var asking = _authorities.Begin(cancellationToken);
        var answer = await DecideAsync(evidence, asking, now, given: null).ConfigureAwait(false);
        if (IsFollowedAllTheSame(answer.Reason)) await PlaceAsync(evidence, asking, now).ConfigureAwait(false);
        return ChainTracer.Trace(evidence, answer, _policy, now);
    }

    /// <summary>A resolver that cannot be reached is not asked again; the servers of one zone that cannot say nothing about those of the zones above.</summary>
    private bool IsFollowedAllTheSame(LookupReason reason) =>
        reason is LookupReason.ServerFailed or LookupReason.MalformedReply or LookupReason.TimedOut || (reason == LookupReason.Unreachable && _options.Iteration is not null);

    /// <summary>Where no reply came that could be judged, the chain is followed down to the zone all the same: so that the trace shows what stands above the break.</summary>
    private async ValueTask PlaceAsync(Evidence evidence, IAsking asking, DateTimeOffset now)
    {
        // Each label is asked for DS and DNSKEY at most.
        for (var rounds = 2 * DomainName.MaximumLabels; rounds > 0; rounds--)
        {
            var questions = ChainOfTrust.NeedsToPlace(evidence, _policy, now, evidence.Question.Name);
            if (questions.IsEmpty) return;
            foreach (var reply in await asking.AskAsync(questions).ConfigureAwait(false)) evidence.Offer(reply);
        }
    }
}
