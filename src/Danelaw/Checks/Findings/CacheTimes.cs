using Danelaw.Discovery;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Checks.Findings;

/// <summary>For how long caches keep a host's TLSA records: by the longest TTL of the records and of every alias that leads to them.</summary>
/// <param name="Longest">That TTL.</param>
/// <param name="Owner">Where it stands.</param>
/// <param name="IsAlias">Whether an alias has it, and the records a shorter one.</param>
internal readonly record struct CacheTimes(TimeSpan Longest, DomainName Owner, bool IsAlias)
{
    /// <summary>For name servers that nobody sees, as the rollover has it.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    internal static CacheTimes? Of(HostEvidence host) => Of(host.TlsaAnswer);

    internal static CacheTimes? Of(Answer? answer)
    {
        if (answer is not { Records: not null, Chain: { IsEmpty: false } chain }) return null;

        // What a cache on the way has used up of the TTL says nothing of what the zone gives to others.
        var longest = chain.Reverse().MaxBy(link => link.LongestTimeToLive)!;
        return new(TimeSpan.FromSeconds(longest.LongestTimeToLive), longest.Records.Owner, !ReferenceEquals(longest, chain[^1]));
    }

    /// <summary>When no cache can have the records of today any more, if they are changed now.</summary>
    internal DateTimeOffset GoneBy(DateTimeOffset now) => now + Longest;

    /// <summary>From when on a key may be used whose record is published now (RFC 7671 §8.1: two TTLs).</summary>
    internal DateTimeOffset SafeFrom(DateTimeOffset now) => now + (2 * Longest) + Margin;
}
