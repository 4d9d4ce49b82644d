using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Signing;

/// <summary>What signing changes at the apex: keys, parameters, serial, and what the parent and readers of the whole zone are told.</summary>
internal sealed class ZoneApex
{
    private ZoneApex(ZoneFrame frame, ImmutableArray<RecordSet> sets, ZoneKeys keys, SoaData soa, uint oldSerial, uint soaTimeToLive, ImmutableArray<ZoneDigestAlgorithm> digests)
    {
        (Frame, Sets, Keys, OldSerial, Serial, SoaTimeToLive, Digests) = (frame, sets, keys, oldSerial, soa.Serial, soaTimeToLive, digests);
    }

    internal ZoneFrame Frame { get; }

    /// <summary>The RRsets of the apex as they are to be published, by type.</summary>
    internal ImmutableArray<RecordSet> Sets { get; }

    /// <summary>The keys of the DNSKEY set, and what each signs.</summary>
    internal ZoneKeys Keys { get; }

    internal uint OldSerial { get; }

    internal uint Serial { get; }

    internal uint SoaTimeToLive { get; }

    /// <summary>The digests to make; the set of them here only holds their place.</summary>
    internal ImmutableArray<ZoneDigestAlgorithm> Digests { get; }

    /// <exception cref="ZoneRefusedException">The name is no apex.</exception>
    internal static ZoneApex Create(DomainName owner, ImmutableArray<RecordSet> sets, IReadOnlyCollection<SigningKey> given, ZoneSigningOptions options, Nsec3Options? nsec3, ZoneNotes notes, bool isStrict)
    {
        var soa = sets.FirstOrDefault(set => set.Type == RecordType.SOA) ?? throw new ZoneRefusedException($"the zone's first name, {owner}, has no SOA record");
        if (soa.Data.Length > 1) throw new ZoneRefusedException($"more than one SOA record ({owner})");
        if (!SoaData.TryRead(soa.Data[0], out var fields)) throw new ZoneRefusedException("the SOA record is malformed");

        var oldSerial = fields.Serial;
        var now = options.Now ?? options.Validity.Inception;
        fields = fields with { Serial = Serials.Next(oldSerial, options.Serial, now) };
        // RFC 1982 §3.2: secondaries take a lower serial for an older zone.
        if (Serials.LeftBehind(oldSerial, options.Serial, now) is { } wanted) notes.Add($"the serial {oldSerial} is above the one that the rule gives, {wanted}, so it goes on by one: {fields.Serial}");
        var frame = new ZoneFrame(owner, soa.Class, Math.Min(soa.TimeToLive, fields.Minimum));
        var digests = options.Digests ?? Brought(sets);

        var dnskeys = sets.FirstOrDefault(set => set.Type == RecordType.DNSKEY);
        var keys = new ZoneKeys(owner, dnskeys?.Data ?? [], given, options, isStrict);
        if (isStrict && !keys.All.Any(key => key.IsEntry))
        {
            var isAlone = keys.All.Count(key => key.Signer is not null) == 1;
            notes.Add($"no key has the SEP flag, so {(isAlone ? "the one that is there signs" : "all sign")} the DNSKEY set, too: the parent's DS records have to name {(isAlone ? "it" : "one of them")}");
        }

        if (isStrict)
            foreach (var note in keys.Notes()) notes.Add(note);
        var tags = (dnskeys?.Data ?? []).Select(data => DnskeyData.TryRead(data, out var key) ? key.KeyTag() : (ushort?)null).ToHashSet();
        foreach (var tag in options.RemovedKeyTags.Where(tag => !tags.Contains(tag))) notes.Add($"the zone brings no DNSKEY record of tag {tag} that could be taken out");
        var timeToLive = options.DnskeyTimeToLive ?? dnskeys?.TimeToLive ?? options.DefaultDnskeyTimeToLive ?? soa.TimeToLive;
        var edited = sets.Where(set => set.Type is not (RecordType.SOA or RecordType.DNSKEY or RecordType.CDS or RecordType.CDNSKEY or RecordType.NSEC3PARAM or RecordType.ZONEMD)).ToList();
        edited.Add(soa with { Data = [fields.ToOctets()] });
        edited.Add(new(owner, RecordType.DNSKEY, soa.Class, timeToLive, keys.Dnskeys));
        if (nsec3 is not null) edited.Add(Single(Nsec3Chain.ParameterRecord(owner, soa.Class, nsec3)));
        edited.AddRange(options.ChildRecords == ChildRecordPolicy.Keep ? KeptChildRecords(sets, keys, notes) : ChildRecords(frame, timeToLive, keys, options));
        if (!digests.IsEmpty) edited.Add(new(owner, RecordType.ZONEMD, soa.Class, soa.TimeToLive, []));
        return new(frame, [.. edited.OrderBy(set => set.Type)], keys, fields, oldSerial, soa.TimeToLive, digests);
    }

    private static RecordSet Single(ResourceRecord record) => new(record.Owner, record.Type, record.Class, record.TimeToLive, [record.Data]);

    private static ImmutableArray<Octets> Distinct(IEnumerable<Octets> data) => [.. data.Distinct().Order(Comparer<Octets>.Create((left, right) => left.Span.SequenceCompareTo(right.Span)))];

    /// <summary>RFC 8976 §2.2: serial, scheme, hash; the digests of scheme SIMPLE that can be made.</summary>
    private static ImmutableArray<ZoneDigestAlgorithm> Brought(ImmutableArray<RecordSet> sets) =>
        [.. sets.Where(set => set.Type == RecordType.ZONEMD).SelectMany(set => set.Data)
            .Where(data => data.Length > 6 && data.Span[4] == ZoneDigest.SimpleScheme && ZoneDigest.IsSupported((ZoneDigestAlgorithm)data.Span[5]))
            .Select(data => (ZoneDigestAlgorithm)data.Span[5]).Distinct().Order()];

    /// <summary>RFC 5011 §2.1, RFC 7344 §4.1: what the zone brings, without the records that ask the parent to name a key that is revoked or was taken out.</summary>
    private static IEnumerable<RecordSet> KeptChildRecords(ImmutableArray<RecordSet> sets, ZoneKeys keys, ZoneNotes notes)
    {
        foreach (var set in sets.Where(set => set.Type is RecordType.CDS or RecordType.CDNSKEY))
        {
            ImmutableArray<Octets> kept = [.. set.Data.Where(data => !keys.Gone.Any(key => set.Type == RecordType.CDNSKEY ? key == data : DelegationSigner.Names(set.Owner, data, key)))];
            if (kept.Length < set.Data.Length) notes.Add($"{set.Owner} {RecordTypes.ToText(set.Type)} no longer names a key that is revoked or was taken out");
            if (!kept.IsEmpty) yield return set with { Data = kept };
        }
    }

    private static IEnumerable<RecordSet> ChildRecords(ZoneFrame frame, uint timeToLive, ZoneKeys keys, ZoneSigningOptions options)
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
                if (!options.CdsDigests.IsDefaultOrEmpty)
                    yield return new(frame.Apex, RecordType.CDS, frame.Class, timeToLive, Distinct(keys.Entries.SelectMany(key => options.CdsDigests.Select(digest => DelegationSigner.Create(frame.Apex, key, digest)))));
                yield return new(frame.Apex, RecordType.CDNSKEY, frame.Class, timeToLive, Distinct(keys.Entries));
                yield break;
        }
    }
}
