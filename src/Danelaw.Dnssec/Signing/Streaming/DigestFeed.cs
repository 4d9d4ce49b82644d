using System.Buffers.Binary;
using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Signing.Sorting;

namespace Danelaw.Dnssec.Signing.Streaming;

/// <summary>Gathers the records of the signed zone for its digests. NSEC3 records come last and belong between the others, and the NSEC record of a cut comes behind the glue below it: so the names are sorted once more.</summary>
internal sealed class DigestFeed : IDisposable
{
    private readonly DomainName _apex;
    private readonly ZoneDigest _digest;
    private readonly OctetSorter _sorter;
    private readonly List<ResourceRecord> _name = [];
    private byte[] _buffer = new byte[4096];

    internal DigestFeed(DomainName apex, IEnumerable<ZoneDigestAlgorithm> algorithms, SortLimits limits)
    {
        (_apex, _digest, _sorter) = (apex, new(apex, algorithms), new(limits));
    }

    internal void Add(in ResourceRecord record)
    {
        if (_name.Count > 0 && _name[0].Owner != record.Owner) EndName();
        _name.Add(record);
    }

    /// <summary>RDATA of the ZONEMD records.</summary>
    internal ImmutableArray<Octets> Finish(uint serial)
    {
        if (_name.Count > 0) EndName();
        var entries = _sorter.Sort();
        for (var has = entries.MoveNext(); has;)
        {
            var key = entries.Key.ToArray();
            var name = new List<byte[]> { entries.Payload.ToArray() };
            while ((has = entries.MoveNext()) && entries.Key.SequenceEqual(key)) name.Add(entries.Payload.ToArray());
            if (name.Count == 1) _digest.Add(name[0]);
            else AddMerged(name);
        }

        return _digest.Finish(serial);
    }

    public void Dispose()
    {
        _digest.Dispose();
        _sorter.Dispose();
    }

    /// <summary>What came of one name at different times is put in order again.</summary>
    private void AddMerged(List<byte[]> parts)
    {
        var records = new List<(ReadOnlyMemory<byte> Record, int Name)>();
        foreach (var part in parts)
        {
            for (var at = 0; at < part.Length;)
            {
                var name = 0;
                while (part[at + name] != 0) name += part[at + name] + 1;
                name++;
                var length = name + 10 + BinaryPrimitives.ReadUInt16BigEndian(part.AsSpan(at + name + 8));
                records.Add((part.AsMemory(at, length), name));
                at += length;
            }
        }

        records.Sort(static (left, right) =>
        {
            var order = left.Record.Span.Slice(left.Name, 2).SequenceCompareTo(right.Record.Span.Slice(right.Name, 2));
            return order != 0 ? order : left.Record.Span[(left.Name + 10)..].SequenceCompareTo(right.Record.Span[(right.Name + 10)..]);
        });
        foreach (var (record, _) in records) _digest.Add(record.Span);
    }

    private void EndName()
    {
        var owner = _name[0].Owner;
        Span<byte> key = stackalloc byte[CanonicalKey.MaximumLength];
        _sorter.Add(key[..CanonicalKey.Write(owner, key)], ZoneDigest.Canonical(owner, _name, _apex, ref _buffer));
        _name.Clear();
    }
}
