using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution.Caching;

/// <summary>
/// Which questions failed a short while ago, so that they are not asked again at once (RFC 9520). Time passes here as the timer says, for the validation
/// clock may stand still; but what failed at one validation time says nothing about another.
/// </summary>
/// <param name="capacity">How many octets may be taken.</param>
/// <param name="timer">Measures the time.</param>
internal sealed class FailureMemory(long capacity, TimeProvider timer)
{
    /// <summary>RFC 9520 §3.2: a failure is remembered for at least a second.</summary>
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    /// <summary>RFC 9520 §3.2: and for no longer than five minutes.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly CacheStore _store = new(capacity);
    private readonly long _start = timer.GetTimestamp();

    internal long Octets => _store.Octets;

    private DateTimeOffset Elapsed => DateTimeOffset.UnixEpoch + timer.GetElapsedTime(_start);

    /// <summary>What came of a question that failed, while that is remembered.</summary>
    internal bool TryGet(Question question, DateTimeOffset now, [NotNullWhen(true)] out Reply? reply)
    {
        reply = TryFindStanding(EntryKind.Failure, question, now, out var failure) && failure.Ground is { } ground
            ? Reply.Failed(question, ground, failure.Code, failure.Server, failure.Zone)
            : null;
        return reply is not null;
    }

    /// <summary>An answer that was a failure, while that is remembered (RFC 9520 §2.6, which makes RFC 4035 §4.7 a duty).</summary>
    internal bool TryGet(Question question, DateTimeOffset now, [NotNullWhen(true)] out Answer? answer)
    {
        answer = TryFindStanding(EntryKind.FailedAnswer, question, now, out var failure) ? failure.Answer : null;
        return answer is not null;
    }

    /// <summary>Remembers a failure; each time that the question fails again for twice as long (RFC 9520 §3.2).</summary>
    internal void Add(Reply reply, DateTimeOffset now)
    {
        var ground = reply.Failure!;
        var zone = reply.Zone?.ToOwned();
        Add(EntryKind.Failure, reply.Question, now, new(ground, null) { Code = reply.Code, Server = reply.Server, Zone = zone }, CacheCosts.Of(ground) + (zone is { } its ? CacheEntry.ArrayCost(its.Length) : 0));
    }

    /// <summary>Remembers an answer that is a failure, likewise.</summary>
    internal void Add(Answer answer, DateTimeOffset now)
    {
        var owned = answer with { Question = answer.Question with { Name = answer.Question.Name.ToOwned() }, FinalName = answer.FinalName.ToOwned() };
        Add(EntryKind.FailedAnswer, owned.Question, now, new(null, owned), CacheCosts.Of(owned));
    }

    private void Add(EntryKind kind, Question question, DateTimeOffset now, Failure failure, int cost)
    {
        var elapsed = Elapsed;
        var duration = First;
        if (TryFind(kind, question, out var before))
        {
            // Several lookups that ran into the same failure at once are one failure.
            if (elapsed < before.StandsUntil && now == before.At) return;
            duration = before.Duration * 2;
            if (duration > Longest) duration = Longest;
        }

        var name = question.Name;
        var octets = name.Wire.ToArray();
        _store.Add(
            new(kind, octets, name, question.Type)
            {
                // What failed is known for some time longer, so that failing again counts as such.
                Until = (elapsed + duration + Longest).UtcTicks,
                Value = failure with { Duration = duration, StandsUntil = elapsed + duration, At = now },
                Cost = CacheEntry.Size + CacheEntry.ArrayCost(octets.Length) + cost + CacheCosts.Failure,
            },
            elapsed);
    }

    /// <summary>A question was answered: it has not failed.</summary>
    internal void Forget(EntryKind kind, Question question)
    {
        if (_store.Octets != 0 && _store.TryGet(kind, question.Name, question.Type, Elapsed, out var entry)) _store.Remove(entry);
    }

    private bool TryFindStanding(EntryKind kind, Question question, DateTimeOffset now, [NotNullWhen(true)] out Failure? failure)
    {
        failure = null;
        return _store.Octets != 0 && TryFind(kind, question, out failure) && Elapsed < failure.StandsUntil && now >= failure.At && now - failure.At <= failure.Duration;
    }

    private bool TryFind(EntryKind kind, Question question, [NotNullWhen(true)] out Failure? failure)
    {
        failure = _store.TryGet(kind, question.Name, question.Type, Elapsed, out var entry) ? (Failure)entry.Value! : null;
        return failure is not null;
    }

    private sealed record Failure(Ground? Ground, Answer? Answer)
    {
        internal ResponseCode? Code { get; init; }

        internal DnsServer? Server { get; init; }

        internal DomainName? Zone { get; init; }

        internal TimeSpan Duration { get; init; }

        internal DateTimeOffset StandsUntil { get; init; }

        internal DateTimeOffset At { get; init; }
    }
}
