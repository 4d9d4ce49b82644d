using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns.Messages;
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

    /// <summary>Why a question failed, while that is remembered.</summary>
    internal bool TryGet(Question question, DateTimeOffset now, [NotNullWhen(true)] out Ground? ground, out ResponseCode? code)
    {
        (ground, code) = (null, null);
        if (_store.Octets == 0 || !TryFind(question, out var failure)) return false;
        if (Elapsed >= failure.StandsUntil || now < failure.At || now - failure.At > failure.Duration) return false;
        (ground, code) = (failure.Ground, failure.Code);
        return true;
    }

    /// <summary>Remembers a failure; each time that the question fails again for twice as long (RFC 9520 §3.2).</summary>
    internal void Add(Question question, Ground ground, DateTimeOffset now, ResponseCode? code)
    {
        var elapsed = Elapsed;
        var duration = First;
        if (TryFind(question, out var before))
        {
            // Several lookups that ran into the same failure at once are one failure.
            if (elapsed < before.StandsUntil && now == before.At) return;
            duration = before.Duration * 2;
            if (duration > Longest) duration = Longest;
        }

        var name = question.Name;
        var octets = name.Wire.ToArray();
        _store.Add(
            new(EntryKind.Failure, octets, name, question.Type)
            {
                // What failed is known for some time longer, so that failing again counts as such.
                Until = (elapsed + duration + Longest).UtcTicks,
                Value = new Failure(ground, code, duration, elapsed + duration, now),
                Cost = CacheEntry.Size + CacheEntry.ArrayCost(octets.Length) + CacheCosts.Of(ground) + CacheCosts.Failure,
            },
            elapsed);
    }

    /// <summary>A question was answered: it has not failed.</summary>
    internal void Forget(Question question)
    {
        if (_store.Octets != 0 && _store.TryGet(EntryKind.Failure, question.Name, question.Type, Elapsed, out var entry)) _store.Remove(entry);
    }

    private bool TryFind(Question question, [NotNullWhen(true)] out Failure? failure)
    {
        failure = _store.TryGet(EntryKind.Failure, question.Name, question.Type, Elapsed, out var entry) ? (Failure)entry.Value! : null;
        return failure is not null;
    }

    private sealed record Failure(Ground Ground, ResponseCode? Code, TimeSpan Duration, DateTimeOffset StandsUntil, DateTimeOffset At);
}
