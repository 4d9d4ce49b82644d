using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Danelaw.Dns.Names;

namespace Danelaw.Dns.Records;

/// <summary>Sorts the records of a section into RRsets.</summary>
public static class RecordSets
{
    /// <summary>Groups records by owner, class and type, in order of first appearance; the RRSIGs go to the sets that they cover.</summary>
    /// <remarks>Time and memory grow with the number of records and no faster, whatever they are.</remarks>
    /// <param name="section">The records; OPT and TSIG have no place among them.</param>
    /// <returns>The sets; an RRSIG that covers none of them is left out.</returns>
    public static ImmutableArray<SignedRecordSet> Group(ReadOnlySpan<ResourceRecord> section)
    {
        var sets = new List<Gathering>();
        var found = new Dictionary<Key, Gathering>();
        foreach (ref readonly var record in section)
        {
            if (record.Type == RecordType.RRSIG) continue;
            ref var set = ref CollectionsMarshal.GetValueRefOrAddDefault(found, new(record.Owner, record.Type, record.Class), out _);
            if (set is null) sets.Add(set = new(record));
            else set.Records.Add(record);
        }

        foreach (ref readonly var record in section)
            if (record.Type == RecordType.RRSIG && found.TryGetValue(new(record.Owner, RrsigData.ReadTypeCovered(record.Data), record.Class), out var covered))
                (covered.Signatures ??= new()).Add(record);

        return [.. sets.Select(set => set.ToSet())];
    }

    private readonly record struct Key(DomainName Owner, RecordType Type, RecordClass Class);

    /// <summary>A set that still grows.</summary>
    private sealed class Gathering
    {
        private readonly ResourceRecord _first;

        internal Gathering(in ResourceRecord first)
        {
            _first = first;
            Records.Add(first);
        }

        internal Pile Records { get; } = new();

        internal Pile? Signatures { get; set; }

        internal SignedRecordSet ToSet() => new(
            new(_first.Owner, _first.Type, _first.Class, Records.TimeToLive, Records.ToImmutable()),
            Signatures?.ToImmutable() ?? [],
            Signatures?.TimeToLive ?? 0);
    }

    /// <summary>RDATA without duplicates, and the smallest TTL.</summary>
    private sealed class Pile
    {
        /// <summary>So many are compared one by one; beyond that a table finds duplicates.</summary>
        private const int FewEnough = 8;

        private readonly List<Octets> _data = [];
        private HashSet<Octets>? _known;

        internal uint TimeToLive { get; private set; } = uint.MaxValue;

        internal void Add(in ResourceRecord record)
        {
            TimeToLive = Math.Min(TimeToLive, record.TimeToLive);
            if (_data.Count >= FewEnough) _known ??= [.. _data];
            if (_known?.Add(record.Data) ?? !_data.Contains(record.Data)) _data.Add(record.Data);
        }

        internal ImmutableArray<Octets> ToImmutable() => [.. _data];
    }
}
