using System.Collections.Immutable;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Signing;

/// <summary>Signs zones (RFC 4035 §2, RFC 5155 §7.1). Holds nothing: one call walks the zone once, in canonical order.</summary>
public static class ZoneSigner
{
    /// <summary>Signs a zone afresh: signatures and denials that the records bring are left out, DNSKEY records are kept beside those of the keys.</summary>
    /// <param name="records">The zone, in any order.</param>
    /// <param name="keys">The keys, at least one. Of an algorithm with keys of both kinds those with the SEP flag sign the DNSKEY, CDS and CDNSKEY sets and the others the rest; a kind that stands alone signs all. A revoked key signs only the DNSKEY set.</param>
    /// <param name="options">How.</param>
    /// <returns>The signed zone, made while it is enumerated: by name in canonical order, each RRset followed by its signatures, NSEC at its name, NSEC3 at the end.</returns>
    /// <exception cref="ArgumentException">The records are no zone, or no key can sign it.</exception>
    public static IEnumerable<ResourceRecord> Sign(IEnumerable<ResourceRecord> records, IReadOnlyCollection<SigningKey> keys, ZoneSigningOptions options)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Nsec3 is { Salt.Length: > byte.MaxValue }) throw new ArgumentException("an NSEC3 salt has at most 255 octets", nameof(options));

        var kept = records.Where(record => !IsMadeBySigning(record.Type)).ToList();
        var unsigned = ZoneContents.Create(kept);
        kept.AddRange(KeyRecords(unsigned, keys, options));
        if (options.Nsec3 is { } nsec3) kept.Add(Nsec3Chain.ParameterRecord(unsigned, nsec3));
        return Emit(ZoneContents.Create(kept), new ZoneKeys(keys), options);
    }

    private static bool IsMadeBySigning(RecordType type) => type is RecordType.RRSIG or RecordType.NSEC or RecordType.NSEC3 or RecordType.NSEC3PARAM;

    private static IEnumerable<ResourceRecord> KeyRecords(ZoneContents zone, IReadOnlyCollection<SigningKey> keys, ZoneSigningOptions options)
    {
        var existing = zone.RecordSets.FirstOrDefault(set => set.Type == RecordType.DNSKEY && set.Owner == zone.Apex);
        var timeToLive = options.DnskeyTimeToLive ?? existing?.TimeToLive ?? zone.Soa.TimeToLive;
        return keys.Select(key => new ResourceRecord(zone.Apex, RecordType.DNSKEY, zone.Soa.Class, timeToLive, key.ToDnskey()));
    }

    private static IEnumerable<ResourceRecord> Emit(ZoneContents zone, ZoneKeys keys, ZoneSigningOptions options)
    {
        var chain = options.Nsec3 is { } nsec3 ? (DenialChain)new Nsec3Chain(zone, nsec3) : new NsecChain(zone);
        foreach (var node in ZoneWalk.Of(zone))
        {
            if (chain.Add(node) is { } complete)
                foreach (var record in Signed(complete)) yield return record;

            foreach (var set in node.Sets)
                foreach (var record in node.IsSigned(set.Type) ? Signed(set) : set.Records) yield return record;
        }

        foreach (var denial in chain.Rest())
            foreach (var record in Signed(denial)) yield return record;

        IEnumerable<ResourceRecord> Signed(RecordSet set)
        {
            foreach (var record in set.Records) yield return record;
            foreach (var key in keys.For(set.Type)) yield return RecordSetSigner.Sign(set, key, zone.Apex, options.Validity);
        }
    }
}

/// <summary>Which key signs what.</summary>
internal sealed class ZoneKeys
{
    private readonly ImmutableArray<SigningKey> _keySetSigners;
    private readonly ImmutableArray<SigningKey> _zoneSigners;

    internal ZoneKeys(IReadOnlyCollection<SigningKey> keys)
    {
        var usable = keys.Where(key => key.Flags.HasFlag(DnskeyFlags.Zone) && !key.Flags.HasFlag(DnskeyFlags.Revoked)).ToList();
        if (usable.Count == 0) throw new ArgumentException("no key that can sign a zone", nameof(keys));

        // RFC 4035 §2.2: each algorithm of the DNSKEY set signs every RRset, so the parts are given out for each algorithm apart.
        var (keySet, zone) = (ImmutableArray.CreateBuilder<SigningKey>(), ImmutableArray.CreateBuilder<SigningKey>());
        foreach (var algorithm in usable.GroupBy(key => key.Algorithm).OrderBy(group => group.Key))
        {
            var entry = algorithm.Where(key => key.Flags.HasFlag(DnskeyFlags.SecureEntryPoint)).ToList();
            var others = algorithm.Except(entry).ToList();
            keySet.AddRange(entry.Count > 0 ? entry : others);
            zone.AddRange(others.Count > 0 ? others : entry);
        }

        // RFC 5011 §2.1: a revoked key must sign the set that says so.
        keySet.AddRange(keys.Where(key => key.Flags.HasFlag(DnskeyFlags.Revoked)));
        _keySetSigners = keySet.ToImmutable();
        _zoneSigners = zone.ToImmutable();
    }

    // RFC 7344 §4.1: CDS and CDNSKEY are signed by a key that the parent's DS set already names.
    internal ImmutableArray<SigningKey> For(RecordType type) => type is RecordType.DNSKEY or RecordType.CDS or RecordType.CDNSKEY ? _keySetSigners : _zoneSigners;
}
