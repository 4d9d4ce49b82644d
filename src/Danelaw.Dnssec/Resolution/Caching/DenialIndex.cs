using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Resolution.Caching;

/// <summary>The kept NSEC and NSEC3 records of each zone in order, so that what covers a name can be found (RFC 8198 §5).</summary>
internal sealed class DenialIndex
{
    /// <summary>What the index takes for each record.</summary>
    internal const int CostOfEntry = 24;

    /// <summary>What it takes for each zone; the first record of the zone bears it.</summary>
    internal const int CostOfZone = 400;

    private const int Parts = 16;
    private readonly Part[] _parts = [.. Enumerable.Range(0, Parts).Select(_ => new Part())];

    /// <summary>Whether anything is kept of a zone.</summary>
    internal bool Contains(DomainName zone) => TryGet(zone, out _);

    internal bool TryGet(DomainName zone, [NotNullWhen(true)] out ZoneDenials? denials)
    {
        var part = PartOf(zone);
        lock (part.Lock) return part.Zones.TryGetValue(zone, out denials);
    }

    /// <summary>Adds a record before the store has it, so that it cannot leave the store before it is here.</summary>
    internal void Add(DomainName zone, CacheEntry entry, in Nsec3Parameters? parameters)
    {
        var part = PartOf(zone);
        lock (part.Lock)
        {
            if (!part.Zones.TryGetValue(zone, out var denials)) part.Zones.Add(zone.ToOwned(), denials = new(part.Lock, zone.ToOwned()));
            denials.Add(entry, parameters);
        }
    }

    /// <summary>Takes out what left the store.</summary>
    internal void Remove(DomainName zone, CacheEntry entry)
    {
        var part = PartOf(zone);
        lock (part.Lock)
        {
            if (!part.Zones.TryGetValue(zone, out var denials)) return;
            denials.Remove(entry);
            if (denials.IsEmpty) part.Zones.Remove(zone);
        }
    }

    private Part PartOf(DomainName zone) => _parts[(zone.GetHashCode() >>> 8) & (Parts - 1)];

    private sealed class Part
    {
        internal Lock Lock { get; } = new();

        internal Dictionary<DomainName, ZoneDenials> Zones { get; } = [];
    }
}

/// <summary>How a zone hashes names for NSEC3.</summary>
internal readonly record struct Nsec3Parameters(ushort Iterations, Octets Salt);

/// <summary>The kept records of denial of one zone.</summary>
internal sealed class ZoneDenials(Lock @lock, DomainName zone)
{
    private SortedEntries? _nsec;
    private SortedEntries? _nsec3;
    private Nsec3Parameters _parameters;

    internal DomainName Zone { get; } = zone;

    internal bool IsEmpty => _nsec is not { IsEmpty: false } && _nsec3 is not { IsEmpty: false };

    internal bool HasNsec => _nsec is { IsEmpty: false };

    internal bool HasNsec3 => _nsec3 is { IsEmpty: false };

    /// <summary>How the kept NSEC3 records were made.</summary>
    internal Nsec3Parameters Parameters
    {
        get
        {
            lock (@lock) return _parameters;
        }
    }

    /// <summary>The NSEC record at a name or before it.</summary>
    internal CacheEntry? FindNsec(DomainName name)
    {
        lock (@lock) return _nsec?.FindAtOrBefore(name);
    }

    /// <summary>The NSEC3 record at a hashed owner or before it; before the first one stands the last (RFC 5155 §3.1.7).</summary>
    internal CacheEntry? FindNsec3(DomainName hashed)
    {
        lock (@lock) return _nsec3?.FindAtOrBefore(hashed) ?? _nsec3?.Last;
    }

    /// <summary>Adds a record; the index holds its lock.</summary>
    internal void Add(CacheEntry entry, in Nsec3Parameters? parameters)
    {
        if (parameters is not { } its)
        {
            (_nsec ??= new()).Add(entry);
            return;
        }

        // RFC 5155 §8.2: only records with the same parameters belong together. A zone that hashes anew has a new chain.
        if (_nsec3 is null || its != _parameters) (_nsec3, _parameters) = (new(), its with { Salt = its.Salt.ToOwned() });
        _nsec3.Add(entry);
    }

    internal void Remove(CacheEntry entry) => (entry.Type == RecordType.NSEC3 ? _nsec3 : _nsec)?.Remove(entry);
}
