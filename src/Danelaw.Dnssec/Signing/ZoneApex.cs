using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Signing;

/// <summary>What signing changes at the apex: keys, parameters, serial, and what the parent and readers of the whole zone are told.</summary>
internal sealed class ZoneApex
{
    private ZoneApex(ZoneFrame frame, ImmutableArray<RecordSet> sets, SoaData soa, uint oldSerial, uint soaTimeToLive, ImmutableArray<ZoneDigestAlgorithm> digests)
    {
        (Frame, Sets, OldSerial, Serial, SoaTimeToLive, Digests) = (frame, sets, oldSerial, soa.Serial, soaTimeToLive, digests);
    }

    internal ZoneFrame Frame { get; }

    /// <summary>The RRsets of the apex as they are to be published, by type.</summary>
    internal ImmutableArray<RecordSet> Sets { get; }

    internal uint OldSerial { get; }

    internal uint Serial { get; }

    internal uint SoaTimeToLive { get; }

    /// <summary>The digests to make; the set of them here only holds their place.</summary>
    internal ImmutableArray<ZoneDigestAlgorithm> Digests { get; }

    /// <exception cref="ZoneRefusedException">The name is no apex.</exception>
    internal static ZoneApex Create(DomainName owner, ImmutableArray<RecordSet> sets, IReadOnlyCollection<SigningKey> keys, ZoneSigningOptions options)
    {
        var soa = sets.FirstOrDefault(set => set.Type == RecordType.SOA) ?? throw new ZoneRefusedException($"the zone's first name, {owner}, has no SOA record");
        if (soa.Data.Length > 1) throw new ZoneRefusedException($"more than one SOA record ({owner})");
        if (!SoaData.TryRead(soa.Data[0], out var fields)) throw new ZoneRefusedException("the SOA record is malformed");

        var oldSerial = fields.Serial;
        fields = fields with { Serial = Serials.Next(oldSerial, options.Serial, options.Now ?? options.Validity.Inception) };
        var frame = new ZoneFrame(owner, soa.Class, Math.Min(soa.TimeToLive, fields.Minimum));
        var digests = options.Digests ?? Brought(sets);

        var dnskeys = sets.FirstOrDefault(set => set.Type == RecordType.DNSKEY);
        var timeToLive = options.DnskeyTimeToLive ?? dnskeys?.TimeToLive ?? soa.TimeToLive;
        var edited = sets.Where(set => set.Type is not (RecordType.SOA or RecordType.DNSKEY or RecordType.NSEC3PARAM or RecordType.ZONEMD) && !IsReplaced(set.Type, options.ChildRecords)).ToList();
        edited.Add(soa with { Data = [fields.ToOctets()] });
        edited.Add(new(owner, RecordType.DNSKEY, soa.Class, timeToLive, Distinct([.. dnskeys?.Data ?? [], .. keys.Select(key => key.ToDnskey())])));
        if (options.Nsec3 is { } nsec3) edited.Add(Single(Nsec3Chain.ParameterRecord(owner, soa.Class, nsec3)));
        edited.AddRange(ChildRecords(frame, timeToLive, keys, options));
        if (!digests.IsEmpty) edited.Add(new(owner, RecordType.ZONEMD, soa.Class, soa.TimeToLive, []));
        return new(frame, [.. edited.OrderBy(set => set.Type)], fields, oldSerial, soa.TimeToLive, digests);
    }

    private static RecordSet Single(ResourceRecord record) => new(record.Owner, record.Type, record.Class, record.TimeToLive, [record.Data]);

    private static ImmutableArray<Octets> Distinct(IEnumerable<Octets> data) => [.. data.Distinct().Order(Comparer<Octets>.Create((left, right) => left.Span.SequenceCompareTo(right.Span)))];

    private static bool IsReplaced(RecordType type, ChildRecordPolicy policy) => policy != ChildRecordPolicy.Keep && (type is RecordType.CDS or RecordType.CDNSKEY);

    /// <summary>RFC 8976 §2.2: serial, scheme, hash; the digests of scheme SIMPLE that can be made.</summary>
    private static ImmutableArray<ZoneDigestAlgorithm> Brought(ImmutableArray<RecordSet> sets) =>
        [.. sets.Where(set => set.Type == RecordType.ZONEMD).SelectMany(set => set.Data)
            .Where(data => data.Length > 6 && data.Span[4] == ZoneDigest.SimpleScheme && ZoneDigest.IsSupported((ZoneDigestAlgorithm)data.Span[5]))
            .Select(data => (ZoneDigestAlgorithm)data.Span[5]).Distinct().Order()];

    private static IEnumerable<RecordSet> ChildRecords(ZoneFrame frame, uint timeToLive, IReadOnlyCollection<SigningKey> keys, ZoneSigningOptions options)
    {
        switch (options.ChildRecords)
        {
            case ChildRecordPolicy.Keep or ChildRecordPolicy.Remove:
                yield break;
            case ChildRecordPolicy.Delete:
                // RFC 8078 §4: all fields zero, one octet of digest and of key; the protocol of a DNSKEY stays 3.
                yield return new(frame.Apex, RecordType.CDS, frame.Class, timeToLive, [Octets.Copy([0, 0, 0, 0, 0])]);
                yield return new(frame.Apex, RecordType.CDNSKEY, frame.Class, timeToLive, [Octets.Copy([0, 0, 3, 0, 0])]);
                yield break;
            case ChildRecordPolicy.Publish:
                var entries = EntryKeys(keys);
                if (!options.CdsDigests.IsDefaultOrEmpty)
                    yield return new(frame.Apex, RecordType.CDS, frame.Class, timeToLive, Distinct(entries.SelectMany(key => options.CdsDigests.Select(digest => key.ToDs(frame.Apex, digest)))));
                yield return new(frame.Apex, RecordType.CDNSKEY, frame.Class, timeToLive, Distinct(entries.Select(key => key.ToDnskey())));
                yield break;
        }
    }

    private static List<SigningKey> EntryKeys(IReadOnlyCollection<SigningKey> keys)
    {
        var fit = keys.Where(key => key.Flags.HasFlag(DnskeyFlags.Zone) && !key.Flags.HasFlag(DnskeyFlags.Revoked)).ToList();
        var entries = fit.Where(key => key.Flags.HasFlag(DnskeyFlags.SecureEntryPoint)).ToList();
        return entries.Count > 0 ? entries : fit;
    }
}
