using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Resolution.Caching;

/// <summary>
/// One thing in the cache. Its content never changes; the links between entries belong to the shard that holds it, and are touched under its lock only.
/// Kept small: there may be millions.
/// </summary>
internal sealed class CacheEntry
{
    /// <summary>Octets that such an object takes, its slot in the table included.</summary>
    internal const int Size = 112;

    private readonly byte[] _octets;

    /// <summary>Makes an entry.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="octets">An array of its own that begins with the name in wire form.</param>
    /// <param name="name">That name.</param>
    /// <param name="type">The type, if it has one.</param>
    internal CacheEntry(EntryKind kind, byte[] octets, DomainName name, RecordType type)
    {
        Kind = kind;
        Type = type;
        _octets = octets;
        Name = NameData.TryRead(new Octets(octets.AsMemory(0, name.Length)), out var own) ? own.Name : throw new ArgumentException("the octets do not begin with the name", nameof(octets));
        Hash = HashOf(kind, name, type);
    }

    internal EntryKind Kind { get; }

    internal RecordType Type { get; }

    /// <summary>The code that the reply had: for a denial that says of itself that there is no name (RFC 9824 §3.1).</summary>
    internal bool IsNameError { get; init; }

    /// <summary>When it ends: ticks in UTC.</summary>
    internal required long Until { get; init; }

    /// <summary>Seconds that it had when it came.</summary>
    internal uint TimeToLive { get; init; }

    /// <summary>Octets that it holds, all in all.</summary>
    internal required int Cost { get; init; }

    internal object? Value { get; init; }

    /// <summary>The name, in the entry's own array.</summary>
    internal DomainName Name { get; }

    /// <summary>What stands behind the name: of a set its records.</summary>
    internal PackedSet Packed => new(_octets, Name.Length);

    internal int Hash { get; }

    internal CacheEntry? NextInBucket { get; set; }

    internal CacheEntry? Older { get; set; }

    internal CacheEntry? Newer { get; set; }

    internal Queue Queue { get; set; }

    /// <summary>What an array of octets takes on the heap.</summary>
    internal static int ArrayCost(int length) => (24 + length + 7) & ~7;

    internal static int HashOf(EntryKind kind, DomainName name, RecordType type)
    {
        unchecked
        {
            var hash = ((uint)name.GetHashCode() * 0x9E3779B1) ^ ((((uint)type << 4) | (uint)kind) * 0x85EBCA77);
            return (int)(hash ^ (hash >> 15));
        }
    }

    internal bool Is(EntryKind kind, DomainName name, RecordType type) => Kind == kind && Type == type && Name.Equals(name);

    /// <summary>Seconds since it came, by what is left of it.</summary>
    internal uint SecondsPassed(DateTimeOffset now) => TimeToLive - SecondsLeft(now);

    /// <summary>Seconds that are left of it; never more than it had, should the clock be set back.</summary>
    internal uint SecondsLeft(DateTimeOffset now) => (uint)Math.Clamp((Until - now.UtcTicks) / TimeSpan.TicksPerSecond, 0, TimeToLive);
}

/// <summary>In which queue of a shard an entry stands.</summary>
internal enum Queue : byte
{
    /// <summary>In none: it was dropped, or never added.</summary>
    None = 0,

    /// <summary>It came and has not been asked for since.</summary>
    Trial,

    /// <summary>It has been used.</summary>
    Used,
}
