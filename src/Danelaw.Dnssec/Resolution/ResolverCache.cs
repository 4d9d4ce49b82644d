using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution.Caching;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution;

/// <summary>
/// What lookups found out and may still be relied on: RRsets that were verified, the trust in zones with their imported keys, where zone cuts are, answers that no kept
/// RRset could give again, and, for a short while, failures. Bounded in octets. Nothing is kept past its TTL or the end of a signature that it rests on.
/// </summary>
internal sealed class ResolverCache
{
    /// <summary>A day: nothing is kept for longer (RFC 8767 §4 finds that sensible).</summary>
    private const uint MaximumTimeToLive = 86400;

    /// <summary>Of how much of the room failures may take one part.</summary>
    private const int FailureShare = 16;

    private readonly SecureSets _secure;
    private readonly CacheStore _store;
    private readonly FailureMemory _failures;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="capacity">How many octets it may hold; 0 for none.</param>
    /// <param name="timer">Measures how long failures are remembered.</param>
    internal ResolverCache(long capacity, TimeProvider timer)
    {
        _secure = new(capacity - (capacity / FailureShare));
        _store = _secure.Store;
        _failures = new(capacity / FailureShare, timer);
    }

    /// <summary>How many octets are taken.</summary>
    internal long Octets => _store.Octets + _failures.Octets;

    /// <summary>A reply to a question made of what is kept: a set, an alias, or records of denial, all verified and with their signatures.</summary>
    internal bool TryCompose(Question question, DateTimeOffset now, [NotNullWhen(true)] out Reply? reply) => _secure.TryCompose(question, now, out reply);

    /// <summary>What came of a question that failed a short while ago (RFC 9520).</summary>
    internal bool TryGetFailure(Question question, DateTimeOffset now, [NotNullWhen(true)] out Reply? reply) => _failures.TryGet(question, now, out reply);

    /// <summary>Remembers for a short while that a question failed.</summary>
    /// <param name="reply">What came of it; a failure.</param>
    /// <param name="now">The time.</param>
    internal void AddFailure(Reply reply, DateTimeOffset now) => _failures.Add(reply, now);

    /// <summary>A question was answered after all.</summary>
    internal void ForgetFailure(Question question) => _failures.Forget(EntryKind.Failure, question);

    /// <summary>An answer that was bogus, or reached a limit, a short while ago (RFC 9520).</summary>
    internal bool TryGetFailedAnswer(Question question, DateTimeOffset now, [NotNullWhen(true)] out Answer? answer) => _failures.TryGet(question, now, out answer);

    /// <summary>Remembers for a short while that an answer is bogus or reached a limit; what was not answered at all is remembered question by question.</summary>
    internal void AddFailedAnswer(Answer answer, DateTimeOffset now)
    {
        if (answer.Security == Security.Bogus || answer.Reason is LookupReason.LimitReached or LookupReason.AliasLoop) _failures.Add(answer, now);
    }

    /// <summary>A question was answered after all.</summary>
    internal void ForgetFailedAnswer(Question question) => _failures.Forget(EntryKind.FailedAnswer, question);

    /// <summary>A kept answer, its TTLs counted down.</summary>
    internal bool TryGetAnswer(Question question, DateTimeOffset now, [NotNullWhen(true)] out Answer? answer)
    {
        answer = null;
        if (!_store.TryGet(EntryKind.Answer, question.Name, question.Type, now, out var entry)) return false;
        answer = (Answer)entry.Value!;
        var passed = entry.SecondsPassed(now);
        if (passed > 0) answer = answer with { TimeToLive = Less(answer.TimeToLive), Chain = [.. answer.Chain.Select(link => link with { Records = link.Records with { TimeToLive = Less(link.Records.TimeToLive) } })] };
        return true;

        uint Less(uint timeToLive) => timeToLive - Math.Min(timeToLive, passed);
    }

    internal bool TryGetZone(DomainName zone, DateTimeOffset now, [NotNullWhen(true)] out ZoneTrust? trust)
    {
        trust = TryGet<ZoneTrust>(EntryKind.Zone, zone, RecordType.None, now);
        if (trust is null) return false;

        // A zone holds on to those above it: they are in use as long as it is.
        for (var i = trust.Links.Length - 2; i >= 0; i--) _ = _store.TryGet(EntryKind.Zone, trust.Links[i].Zone, RecordType.None, now, out _);
        return true;
    }

    internal bool TryGetCut(DomainName name, DateTimeOffset now, [NotNullWhen(true)] out ZoneCut? cut)
    {
        cut = TryGet<ZoneCut>(EntryKind.Cut, name, RecordType.None, now);
        return cut is not null;
    }

    internal void Add(Answer answer, DateTimeOffset now)
    {
        var timeToLive = answer.Records is null ? Math.Min(answer.TimeToLive, SecureSets.MaximumNegativeTimeToLive) : answer.TimeToLive;
        if (answer.IsFailure || !TryEnd(ref timeToLive, now, out var until)) return;

        // What is kept holds on to no packet.
        var question = answer.Question with { Name = answer.Question.Name.ToOwned() };
        var owned = answer with { Question = question, FinalName = answer.FinalName.ToOwned(), Chain = [.. answer.Chain.Select(link => link with { Records = link.Records.ToOwned() })] };
        Add(EntryKind.Answer, answer.Question.Name, answer.Question.Type, owned, until, CacheCosts.Of(owned), now, timeToLive);
    }

    /// <summary>Keeps what a lookup that came to an answer has found to be secure, for other answers to be made of.</summary>
    /// <param name="sets">The sets, each with the reply that it stood in.</param>
    /// <param name="work">What the lookup may still cost: names are hashed.</param>
    /// <param name="now">The time.</param>
    internal void Add(IReadOnlyDictionary<SignedSet, VerifiedSet> sets, Work work, DateTimeOffset now)
    {
        foreach (var (set, (reply, check)) in sets)
        {
            var timeToLive = check.TimeToLive;
            if (IsDenial(set) && _secure.Listed.LeavesOut(set, check.Signature.SignerName, sets, work, now)) continue;

            // RFC 9077 §3: a record of denial is used for no longer than a negative answer of its zone may be kept.
            if (IsDenial(set) && reply.Authority.TryFind(check.Signature.SignerName, RecordType.SOA, out var soa) && sets.TryGetValue(soa, out var its))
                timeToLive = Math.Min(timeToLive, Math.Min(its.Check.TimeToLive, ChainOfTrust.NegativeTimeToLive(soa)));
            _secure.Add(set, check, timeToLive, reply.Code == ResponseCode.NameError, now);
        }

        foreach (var (set, (_, check)) in sets)
            if (!IsDenial(set)) _secure.Listed.Verified(set, check, work);
    }

    private static bool IsDenial(SignedSet set) => set.Type is RecordType.NSEC or RecordType.NSEC3;

    internal void Add(DomainName name, ZoneTrust trust, DateTimeOffset now)
    {
        // That a name is no zone is said by its cut, which something newer may say otherwise.
        if (trust.Standing is Standing.Secure or Standing.Insecure && trust.KeepUntil < DateTimeOffset.MaxValue)
            Add(EntryKind.Zone, name, RecordType.None, trust, trust.KeepUntil.UtcTicks, CacheCosts.Of(trust), now);
    }

    internal void Add(DomainName name, ZoneCut cut, DateTimeOffset now)
    {
        if (cut.Kind is CutKind.Signed or CutKind.Unsigned or CutKind.None or CutKind.InsecureAbove && cut.KeepUntil < DateTimeOffset.MaxValue)
            Add(EntryKind.Cut, name, RecordType.None, cut, cut.KeepUntil.UtcTicks, CacheCosts.Of(cut), now);
    }

    /// <summary>Until when something with a TTL is kept, and how many seconds that is; false when it is not.</summary>
    internal static bool TryEnd(ref uint timeToLive, DateTimeOffset now, out long until)
    {
        timeToLive = Math.Min(timeToLive, MaximumTimeToLive);
        var ticks = timeToLive * TimeSpan.TicksPerSecond;
        until = ticks <= DateTimeOffset.MaxValue.UtcTicks - now.UtcTicks ? now.UtcTicks + ticks : 0;
        return timeToLive > 0 && until > 0;
    }

    private T? TryGet<T>(EntryKind kind, DomainName name, RecordType type, DateTimeOffset now)
        where T : class =>
        _store.TryGet(kind, name, type, now, out var entry) ? (T)entry.Value! : null;

    private void Add(EntryKind kind, DomainName name, RecordType type, object value, long until, int cost, DateTimeOffset now, uint timeToLive = 0)
    {
        var octets = name.Wire.ToArray();
        _store.Add(new(kind, octets, name, type) { Value = value, TimeToLive = timeToLive, Until = until, Cost = CacheEntry.Size + CacheEntry.ArrayCost(octets.Length) + cost }, now);
    }
}
