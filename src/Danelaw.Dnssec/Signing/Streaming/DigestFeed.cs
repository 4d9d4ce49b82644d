using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Signing.Sorting;

namespace Danelaw.Dnssec.Signing.Streaming;

/// <summary>Gathers the records of the signed zone name by name for its digests. NSEC3 records come last and belong between the others: then the names are sorted once more.</summary>
internal sealed class DigestFeed : IDisposable
{
    private readonly DomainName _apex;
    private readonly ZoneDigest _digest;
    private readonly OctetSorter? _sorter;
    private readonly List<ResourceRecord> _name = [];
    private byte[] _buffer = new byte[4096];

    internal DigestFeed(DomainName apex, IEnumerable<ZoneDigestAlgorithm> algorithms, bool isInOrder, SortLimits limits)
    {
        (_apex, _digest) = (apex, new(apex, algorithms));
        if (!isInOrder) _sorter = new(limits);
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
        if (_sorter is not null)
            for (var entries = _sorter.Sort(); entries.MoveNext();) _digest.Add(entries.Payload);
        return _digest.Finish(serial);
    }

    public void Dispose()
    {
        _digest.Dispose();
        _sorter?.Dispose();
    }

    private void EndName()
    {
        var owner = _name[0].Owner;
        if (_sorter is null)
        {
            _digest.Add(owner, _name);
        }
        else
        {
            Span<byte> key = stackalloc byte[CanonicalKey.MaximumLength];
            _sorter.Add(key[..CanonicalKey.Write(owner, key)], ZoneDigest.Canonical(owner, _name, _apex, ref _buffer));
        }

        _name.Clear();
    }
}
