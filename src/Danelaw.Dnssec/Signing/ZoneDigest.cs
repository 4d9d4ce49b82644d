using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Signing;

/// <summary>Digests over a whole zone, scheme SIMPLE (RFC 8976 §3.3.1): every record in canonical form and order, but for the ZONEMD records of the apex and their signatures.</summary>
internal sealed class ZoneDigest : IDisposable
{
    internal const byte SimpleScheme = 1;

    private readonly DomainName _apex;
    private readonly ImmutableArray<(ZoneDigestAlgorithm Algorithm, IncrementalHash Hash)> _hashes;
    private byte[] _buffer = new byte[4096];

    internal ZoneDigest(DomainName apex, IEnumerable<ZoneDigestAlgorithm> algorithms)
    {
        _apex = apex;
        _hashes = [.. algorithms.Select(algorithm => (algorithm, IncrementalHash.CreateHash(Name(algorithm))))];
    }

    internal static bool IsSupported(ZoneDigestAlgorithm algorithm) => algorithm is ZoneDigestAlgorithm.Sha384 or ZoneDigestAlgorithm.Sha512;

    /// <summary>Takes all records of one name; names come in canonical order.</summary>
    internal void Add(DomainName owner, List<ResourceRecord> records) => Add(Canonical(owner, records, _apex, ref _buffer));

    /// <summary>Takes what <see cref="Canonical"/> made.</summary>
    internal void Add(ReadOnlySpan<byte> octets)
    {
        foreach (var (_, hash) in _hashes) hash.AppendData(octets);
    }

    /// <summary>The ZONEMD records (RFC 8976 §2.2): serial, scheme, hash algorithm, digest.</summary>
    internal ImmutableArray<Octets> Finish(uint serial)
    {
        var records = ImmutableArray.CreateBuilder<Octets>(_hashes.Length);
        foreach (var (algorithm, hash) in _hashes)
        {
            var digest = hash.GetHashAndReset();
            var data = new byte[6 + digest.Length];
            BinaryPrimitives.WriteUInt32BigEndian(data, serial);
            (data[4], data[5]) = (SimpleScheme, (byte)algorithm);
            digest.CopyTo(data.AsSpan(6));
            records.Add(new Octets(data));
        }

        return records.MoveToImmutable();
    }

    public void Dispose()
    {
        foreach (var (_, hash) in _hashes) hash.Dispose();
    }

    /// <summary>RFC 8976 §3.3.1: the records of a name in canonical form (RFC 4034 §6.2), by type and then by data, duplicates once.</summary>
    internal static ReadOnlySpan<byte> Canonical(DomainName owner, List<ResourceRecord> records, DomainName apex, ref byte[] buffer)
    {
        var isApex = owner == apex;
        var sorted = new List<ResourceRecord>(records.Count);
        foreach (var record in records)
        {
            // RFC 8976 §3.3.1.1: neither the apex ZONEMD records nor the signatures over them.
            if (isApex && (record.Type == RecordType.ZONEMD || (record.Type == RecordType.RRSIG && RrsigData.ReadTypeCovered(record.Data) == RecordType.ZONEMD))) continue;
            sorted.Add(record with { Data = RecordData.ToCanonical(record.Type, record.Data) });
        }

        sorted.Sort(static (left, right) => left.Type != right.Type ? left.Type.CompareTo(right.Type) : left.Data.Span.SequenceCompareTo(right.Data.Span));
        var name = owner.ToCanonical().Wire;
        var length = 0;
        for (var i = 0; i < sorted.Count; i++)
        {
            var record = sorted[i];
            if (i > 0 && sorted[i - 1].Type == record.Type && sorted[i - 1].Data == record.Data) continue;
            var data = record.Data.Span;
            var needed = length + name.Length + 10 + data.Length;
            if (buffer.Length < needed) Array.Resize(ref buffer, Math.Max(needed, buffer.Length * 2));
            name.CopyTo(buffer.AsSpan(length));
            var rest = buffer.AsSpan(length + name.Length);
            BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)record.Type);
            BinaryPrimitives.WriteUInt16BigEndian(rest[2..], (ushort)record.Class);
            BinaryPrimitives.WriteUInt32BigEndian(rest[4..], record.TimeToLive);
            BinaryPrimitives.WriteUInt16BigEndian(rest[8..], (ushort)data.Length);
            data.CopyTo(rest[10..]);
            length = needed;
        }

        return buffer.AsSpan(0, length);
    }

    private static HashAlgorithmName Name(ZoneDigestAlgorithm algorithm) => algorithm switch
    {
        ZoneDigestAlgorithm.Sha384 => HashAlgorithmName.SHA384,
        ZoneDigestAlgorithm.Sha512 => HashAlgorithmName.SHA512,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "digests of this kind cannot be made"),
    };
}
