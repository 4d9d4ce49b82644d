using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Signing.Sorting;

namespace Danelaw.Dnssec.Signing;

/// <summary>Makes RRsets of the records of a name: duplicates once, one TTL for all (RFC 2181 §5); what a signer makes is left out.</summary>
internal sealed class SetBuilder
{
    private readonly List<(Octets Canonical, Octets Original)> _data = [];

    /// <summary>Whether the name that was built last has NSEC3 signatures beside records of its own.</summary>
    internal bool HasNsec3Leftovers { get; private set; }

    internal ImmutableArray<RecordSet> Build(ZoneName name, ZoneNotes notes, out ImmutableArray<Octets> signatures)
    {
        var records = name.Records;
        var sets = ImmutableArray.CreateBuilder<RecordSet>(Math.Min(records.Count, 8));
        ImmutableArray<Octets>.Builder? found = null;
        HasNsec3Leftovers = false;
        for (var start = 0; start < records.Count;)
        {
            var type = records[start].Record.Type;
            var end = start + 1;
            while (end < records.Count && records[end].Record.Type == type) end++;
            if (type == RecordType.RRSIG)
            {
                found = ImmutableArray.CreateBuilder<Octets>(end - start);
                for (; start < end; start++)
                {
                    found.Add(records[start].Record.Data);
                    HasNsec3Leftovers |= RrsigData.ReadTypeCovered(records[start].Record.Data) == RecordType.NSEC3;
                }
            }
            else if (type is not (RecordType.NSEC or RecordType.NSEC3 or RecordType.NSEC3PARAM))
            {
                sets.Add(Set(records, start, end, notes));
            }

            start = end;
        }

        signatures = found?.MoveToImmutable() ?? [];
        return sets.DrainToImmutable();
    }

    private RecordSet Set(List<StoredRecord> records, int start, int end, ZoneNotes notes)
    {
        var first = records[start].Record;
        if (end == start + 1) return new(first.Owner, first.Type, first.Class, first.TimeToLive, [first.Data]);
        var (least, differs) = (first.TimeToLive, false);
        _data.Clear();
        for (var i = start; i < end; i++)
        {
            var record = records[i].Record;
            if (record.Class != first.Class) throw new ZoneRefusedException($"{first.Owner} {RecordTypes.ToText(first.Type)} has records of different classes");
            differs |= record.TimeToLive != first.TimeToLive;
            least = Math.Min(least, record.TimeToLive);
            _data.Add((RecordData.ToCanonical(first.Type, record.Data), record.Data));
        }

        if (differs) notes.Add($"{first.Owner} {RecordTypes.ToText(first.Type)} has records of different TTL: the smallest, {least}, holds for all (RFC 2181 §5.2){(records[start].Line > 0 ? $", line {records[start].Line}" : "")}");
        _data.Sort(static (left, right) => left.Canonical.Span.SequenceCompareTo(right.Canonical.Span));
        var data = ImmutableArray.CreateBuilder<Octets>(_data.Count);
        for (var i = 0; i < _data.Count; i++)
        {
            // RFC 2181 §5, RFC 4034 §6.3: records that differ by the case of a name only are the same.
            if (i == 0 || _data[i].Canonical != _data[i - 1].Canonical) data.Add(_data[i].Original);
        }

        return new(first.Owner, first.Type, first.Class, least, data.DrainToImmutable());
    }
}
