using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Lab.Faults;

/// <summary>
/// Draws what is odd and yet legal from a seed, so that nobody fits their code to the lab: the order of records within an RRset and of
/// signatures (RFC 1034 §3.6), the case of names (RFC 4343), tiny TTLs. Never changes what is true.
/// </summary>
internal sealed class Oddities
{
    private readonly Lock _lock = new();
    private readonly Random? _random;

    private Oddities(Random? random) => _random = random;

    /// <summary>Everything plain.</summary>
    internal static Oddities None { get; } = new(null);

    internal static Oddities From(int seed) => new(new Random(seed));

    /// <summary>Shuffles the records of each RRset, and each RRset's signatures; the order of the sets, which tells of aliases, stays.</summary>
    internal ImmutableArray<ResourceRecord> Order(ImmutableArray<ResourceRecord> records)
    {
        if (_random is null || records.Length < 2) return records;
        var shuffled = records.ToArray();
        lock (_lock)
        {
            for (var start = 0; start < shuffled.Length;)
            {
                var end = start + 1;
                while (end < shuffled.Length && shuffled[end].Type == shuffled[start].Type && shuffled[end].Owner == shuffled[start].Owner) end++;
                _random.Shuffle(shuffled.AsSpan(start, end - start));
                start = end;
            }
        }

        return [.. shuffled];
    }

    /// <summary>The name with some of its letters in upper case.</summary>
    internal DomainName Case(DomainName name)
    {
        if (_random is null) return name;
        var wire = name.Wire.ToArray();
        lock (_lock)
        {
            for (var at = 0; wire[at] != 0; at += wire[at] + 1)
                foreach (ref var octet in wire.AsSpan(at + 1, wire[at]))
                    if (octet is >= (byte)'a' and <= (byte)'z' && _random.Next(4) == 0) octet -= 0x20;
        }

        return DomainName.TryFromWire(wire, out var odd) ? odd : name;
    }

    /// <summary>The TTL, or one of a second or none at all.</summary>
    internal uint TimeToLive(uint seconds)
    {
        if (_random is null) return seconds;
        lock (_lock) return _random.Next(8) == 0 ? (uint)_random.Next(2) : seconds;
    }
}
