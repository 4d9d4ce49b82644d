using System.Collections.Immutable;

namespace Danelaw.Operator.Rollover;

/// <summary>For how long every owner at every server has had some records, and with them has meant to every sender what they mean. Of a chain that is shown: for how long it was not meant by anything else.</summary>
/// <param name="Records">The records.</param>
/// <param name="Time">How long without a break, as far as it was measured.</param>
/// <param name="IsWhole">Whether every server was seen so at the last look: only time between two such looks counts.</param>
public sealed record HeldSet(TlsaSet Records, TimeSpan Time, bool IsWhole)
{
    /// <summary>For how long a secondary may serve what it has without hearing from its primary: the longest SOA expire in wide use (RFC 1537 §1, RIPE-203: 1,000 hours), rounded up. No server comes back with a zone older than that.</summary>
    internal static readonly TimeSpan LongestExpire = TimeSpan.FromDays(42);

    /// <summary>
    /// Takes note of what servers have. A server without them begins the time anew. While one is silent no time counts; and it may have gone back to the zone of before meanwhile, started
    /// from an old copy, and given that to caches: once it answers again they are waited for, unless even an old copy has the records by now. So it is with one that was taken out of the zone
    /// while it was silent, until no resolver asks it any more.
    /// </summary>
    /// <param name="held">What was kept of the last look.</param>
    /// <param name="shown">The sets that mean what is shown: an owner without any record harms nobody, and need not have them.</param>
    /// <param name="awaited">The sets that mean what is to be shown, and that every owner is to have.</param>
    /// <param name="seen">What is seen now.</param>
    /// <param name="credit">How much of the time since the last look counts.</param>
    /// <param name="wait">How long they are to be had.</param>
    /// <param name="timeToLive">For how long caches keep a set at most.</param>
    internal static ImmutableArray<HeldSet> Look(ImmutableArray<HeldSet> held, TlsaSet[] shown, IEnumerable<TlsaSet> awaited, RolloverObservation seen, TimeSpan credit, TimeSpan wait, TimeSpan timeToLive)
    {
        var kept = ImmutableArray.CreateBuilder<HeldSet>();
        foreach (var records in shown.Concat(awaited).Where(records => !records.IsEmpty).Distinct())
        {
            var before = held.FirstOrDefault(one => one.Records.Equals(records));
            if (seen.Servers.IsEmpty || seen.Everywhere.Any(view => view.Records is { } set && !(SetMeaning.Means(set, records) && (set.Contains(records) || shown.Contains(records))))) continue;
            var isOld = before?.IsOld(wait) == true;
            var isWhole = seen.Everywhere.All(view => view.Records is not null) && (isOld || !seen.IsOneLost);
            if (!isWhole && before is null) continue;
            kept.Add(new(records, before is null ? TimeSpan.Zero : !isWhole ? before.Time : before.IsWhole ? before.Time + credit : Rest(before.Time), isWhole));
        }

        return kept.ToImmutable();

        TimeSpan Rest(TimeSpan time) => time > wait - timeToLive && time < wait + LongestExpire ? wait - timeToLive : time;
    }

    /// <summary>Whether even the oldest copy of the zone that a server may come back with has the records, and caches have them.</summary>
    /// <param name="wait">How long they are to be had.</param>
    internal bool IsOld(TimeSpan wait) => Time >= wait + LongestExpire;

    /// <summary>The parts of a chain's records by which it may be meant apart from the rest: an issuer that the next chain shares, a key that keeps its record. Where there is one alone, the whole.</summary>
    internal static IEnumerable<TlsaSet> PartsOf(TlsaSet records) =>
        records.Records.GroupBy(record => (record.Usage, record.Selector)).Select(part => TlsaSet.Of(part));
}
