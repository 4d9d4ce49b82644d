using System.Collections.Immutable;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Signing;

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
