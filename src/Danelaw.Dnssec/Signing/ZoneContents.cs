using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Signing;

/// <summary>The RRsets of one zone in canonical order, checked to be a zone: one SOA, nothing outside, one class. Immutable.</summary>
public sealed class ZoneContents
{
    private ZoneContents(DomainName apex, RecordSet soa, uint minimum, ImmutableArray<RecordSet> recordSets)
    {
        NegativeTimeToLive = Math.Min(soa.TimeToLive, minimum);
        Apex = apex;
        Soa = soa;
        RecordSets = recordSets;
    }

    /// <summary>The apex: the owner of the SOA.</summary>
    public DomainName Apex { get; }

    /// <summary>The SOA set, one record.</summary>
    public RecordSet Soa { get; }

    /// <summary>Every RRset by owner in canonical order (RFC 4034 §6.1), then by type.</summary>
    public ImmutableArray<RecordSet> RecordSets { get; }

    /// <summary>Seconds that a denial may be kept: the smaller of the SOA's TTL and its MINIMUM field (RFC 2308 §5, RFC 9077 §3).</summary>
    public uint NegativeTimeToLive { get; }

    /// <summary>Sorts records and checks them.</summary>
    /// <param name="records">In any order; duplicates count once.</param>
    /// <param name="zone">The zone; null when refused.</param>
    /// <param name="fault">What is wrong, for people; empty on success.</param>
    public static bool TryCreate(IEnumerable<ResourceRecord> records, [NotNullWhen(true)] out ZoneContents? zone, out string fault)
    {
        ArgumentNullException.ThrowIfNull(records);
        zone = null;
        var sorted = records.ToArray();
        Array.Sort(sorted, Compare);

        var sets = ImmutableArray.CreateBuilder<RecordSet>();
        RecordSet? soa = null;
        var minimum = 0u;
        for (var start = 0; start < sorted.Length;)
        {
            var set = Gather(sorted, ref start);
            if (set.Type == RecordType.SOA)
            {
                if (soa is not null || set.Data.Length > 1) return Refuse($"more than one SOA record ({set.Owner})", out fault);
                if (!SoaData.TryRead(set.Data[0], out var fields)) return Refuse("the SOA record is malformed", out fault);
                soa = set;
                minimum = fields.Minimum;
            }

            sets.Add(set);
        }

        if (soa is null) return Refuse("no SOA record", out fault);
        foreach (var record in sorted)
            if (record.Class != soa.Class) return Refuse($"{record.Owner} {RecordTypes.ToText(record.Type)} has another class than the SOA", out fault);
        foreach (var set in sets)
            if (!set.Owner.IsAtOrBelow(soa.Owner)) return Refuse($"{set.Owner} {RecordTypes.ToText(set.Type)} lies outside the zone {soa.Owner}", out fault);

        zone = new ZoneContents(soa.Owner, soa, minimum, sets.ToImmutable());
        fault = "";
        return true;
    }

    /// <summary>Sorts records and checks them; for zones that the caller has made.</summary>
    /// <param name="records">In any order; duplicates count once.</param>
    /// <exception cref="ArgumentException">They are no zone.</exception>
    public static ZoneContents Create(IEnumerable<ResourceRecord> records) =>
        TryCreate(records, out var zone, out var fault) ? zone : throw new ArgumentException(fault, nameof(records));

    private static bool Refuse(string reason, out string fault)
    {
        fault = reason;
        return false;
    }

    private static int Compare(ResourceRecord left, ResourceRecord right)
    {
        var order = left.Owner.CompareTo(right.Owner);
        if (order == 0) order = left.Type.CompareTo(right.Type);
        return order != 0 ? order : left.Data.Span.SequenceCompareTo(right.Data.Span);
    }

    /// <summary>Takes the RRset that begins at a place and moves the place behind it.</summary>
    private static RecordSet Gather(ResourceRecord[] sorted, ref int start)
    {
        var first = sorted[start];
        var timeToLive = first.TimeToLive;
        var data = ImmutableArray.CreateBuilder<Octets>(1);
        for (; start < sorted.Length && sorted[start].Type == first.Type && sorted[start].Owner == first.Owner; start++)
        {
            // RFC 2181 §5: no duplicates, and one TTL for all.
            if (data.Count == 0 || data[^1] != sorted[start].Data) data.Add(sorted[start].Data);
            timeToLive = Math.Min(timeToLive, sorted[start].TimeToLive);
        }

        return new RecordSet(first.Owner, first.Type, first.Class, timeToLive, data.ToImmutable());
    }
}
