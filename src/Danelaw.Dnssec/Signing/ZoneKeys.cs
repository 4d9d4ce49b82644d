using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Signing;

/// <summary>A key of the DNSKEY set that is to be published.</summary>
/// <param name="Data">Its record.</param>
/// <param name="Signer">The private half; null when it was not given, and only what it signed before can be kept.</param>
internal sealed record SetKey(DnskeyData Data, SigningKey? Signer)
{
    internal ushort Tag { get; } = Data.KeyTag();

    internal SecurityAlgorithm Algorithm => (SecurityAlgorithm)Data.Algorithm;

    /// <summary>RFC 4034 §2.1.1, §2.1.2, RFC 5011 §2.1: whether it may sign the zone.</summary>
    internal bool IsUsable => Data is { IsZoneKey: true, IsRevoked: false, Protocol: 3 };

    /// <summary>Whether it may be what the parent names.</summary>
    internal bool IsEntry => IsUsable && Data.IsSecureEntryPoint;
}

/// <summary>Which keys are published, and which key signs what.</summary>
internal sealed class ZoneKeys
{
    private readonly DomainName _apex;
    private readonly bool _isStrict;
    private readonly ImmutableArray<SetKey> _zoneSigners;
    private readonly ImmutableArray<SetKey> _dnskeySigners;
    private readonly ImmutableArray<SetKey> _childRecordSigners;

    /// <param name="apex">The zone.</param>
    /// <param name="brought">The DNSKEY records that the zone brings.</param>
    /// <param name="given">The keys that sign.</param>
    /// <param name="options">What else is published, and what is taken out.</param>
    /// <param name="isStrict">Whether a key set that validators would refuse is refused.</param>
    internal ZoneKeys(DomainName apex, ImmutableArray<Octets> brought, IReadOnlyCollection<SigningKey> given, ZoneSigningOptions options, bool isStrict)
    {
        (_apex, _isStrict) = (apex, isStrict);
        Octets[] all = [.. brought.Where(data => !options.RemovesKey(data)), .. options.PublishedKeys, .. given.Select(key => key.ToDnskey())];
        // RFC 5011 §2.1: a revoked key is the same key, so it takes the place of what it was.
        Octets[] revoked = [.. all.Where(data => DnskeyData.TryRead(data, out var key) && key.IsRevoked)];
        var replaced = revoked.Select(Unrevoked).ToHashSet();
        Dnskeys = [.. all.Where(data => !replaced.Contains(data)).Distinct().Order(Comparer<Octets>.Create((left, right) => left.Span.SequenceCompareTo(right.Span)))];
        Gone = [.. brought.Where(data => options.RemovesKey(data)), .. replaced, .. revoked];
        var signers = given.Select(key => replaced.Contains(key.ToDnskey()) ? key.WithFlags(key.Flags | DnskeyFlags.Revoked) : key).GroupBy(key => key.ToDnskey()).ToDictionary(same => same.Key, same => same.First());
        All = [.. Dnskeys.Select(data => DnskeyData.TryRead(data, out var key) ? new SetKey(key, signers.GetValueOrDefault(data)) : null).OfType<SetKey>()];

        // RFC 4035 §2.2: each algorithm of the DNSKEY set signs every RRset, so the parts are given out for each algorithm apart.
        var (keySet, zone) = (new List<SetKey>(), new List<SetKey>());
        foreach (var algorithm in All.Where(key => key.IsUsable).GroupBy(key => key.Algorithm).OrderBy(group => group.Key))
        {
            var entry = algorithm.Where(key => key.IsEntry && key.Signer is not null).ToList();
            var others = algorithm.Where(key => !key.IsEntry && key.Signer is not null).ToList();
            // Where the parent may name a key whose private half is elsewhere, no other key can sign the key set in its stead.
            if (entry.Count > 0) keySet.AddRange(entry);
            else if (!isStrict || !algorithm.Any(key => key.IsEntry)) keySet.AddRange(others);
            zone.AddRange(others.Count > 0 ? others : entry);
        }

        if (zone.Count == 0) throw new ZoneRefusedException("none of the keys can sign the zone: they are revoked, or lack the ZONE flag (RFC 4034 §2.1.1, RFC 5011 §2.1)");
        var absent = All.Where(key => key.Data.IsZoneKey && key.Signer is null).ToList();
        _zoneSigners = [.. zone];
        _childRecordSigners = [.. keySet, .. absent.Where(key => key.IsUsable)];
        // RFC 5011 §2.1: a revoked key must sign the set that says so, and nothing else.
        _dnskeySigners = [.. keySet, .. All.Where(key => key.Signer is not null && key.Data is { IsZoneKey: true, IsRevoked: true }), .. absent];
    }

    /// <summary>RDATA of the DNSKEY records to publish.</summary>
    internal ImmutableArray<Octets> Dnskeys { get; }

    internal ImmutableArray<SetKey> All { get; }

    /// <summary>RDATA of the DNSKEY records that nobody may rely on any more: taken out, or revoked, with what they were before.</summary>
    internal ImmutableArray<Octets> Gone { get; }

    /// <summary>RDATA of the DNSKEY records that the parent may be told of: those with the SEP flag that sign, else those that are published, else all that sign.</summary>
    internal IEnumerable<Octets> Entries
    {
        get
        {
            var entries = All.Where(key => key.IsEntry && key.Signer is not null).ToList();
            if (entries.Count == 0) entries = All.Where(key => key.IsEntry).ToList();
            if (entries.Count == 0) entries = All.Where(key => key.IsUsable && key.Signer is not null).ToList();
            return entries.Select(key => key.Data.ToOctets());
        }
    }

    /// <summary>Who signs a set. Of keys without a private half only signatures that the zone brings can be had.</summary>
    internal ImmutableArray<SetKey> For(RecordSet set) => !IsKeySet(set) ? _zoneSigners : set.Type == RecordType.DNSKEY ? _dnskeySigners : _childRecordSigners;

    /// <summary>Where zone-signing keys are published and none of them signs, that keys with the SEP flag do it in their stead.</summary>
    internal IEnumerable<string> Notes()
    {
        foreach (var algorithm in All.Where(key => key.IsUsable).GroupBy(key => key.Algorithm))
        {
            if (!algorithm.Any(key => !key.IsEntry) || algorithm.Any(key => !key.IsEntry && key.Signer is not null)) continue;
            if (algorithm.Where(key => key.Signer is not null).Select(key => key.Tag).ToList() is not { Count: > 0 } signers) continue;
            yield return $"no zone-signing key of algorithm {SecurityAlgorithms.ToText(algorithm.Key)} is active: key {string.Join(" and ", signers)} sign{(signers.Count == 1 ? "s" : "")} everything";
        }
    }

    /// <summary>A key of an algorithm that no given key signs with (RFC 4035 §2.2); null when there is none.</summary>
    internal SetKey? WithoutSigner() => All.FirstOrDefault(key => key.IsUsable && !_zoneSigners.Any(signer => signer.Algorithm == key.Algorithm));

    /// <summary>Throws when a key set is not signed by a key that the parent may name (RFC 4035 §2.2, §5.2, RFC 6840 §6.2, RFC 7344 §4.1), or not by one that it revokes.</summary>
    /// <param name="set">The set.</param>
    /// <param name="signers">Whose signatures it has.</param>
    internal void RequireEntry(RecordSet set, List<SetKey> signers)
    {
        if (!_isStrict || !IsKeySet(set)) return;
        // RFC 5011 §2.1: it is the key's own signature that revokes it.
        if (set.Type == RecordType.DNSKEY && All.FirstOrDefault(key => key.Data is { IsZoneKey: true, IsRevoked: true } && !signers.Contains(key)) is { } revoked)
        {
            throw new ZoneRefusedException(string.Create(
                CultureInfo.InvariantCulture,
                $"the revoked key {revoked.Tag} would not sign the DNSKEY set, and without its signature it does not count as revoked (RFC 5011 §2.1): its private half was not given, and the zone brings no signature by it that holds over the set as it is now. Give that key, or take it out: --remove-key {revoked.Tag}"));
        }

        foreach (var algorithm in All.Where(key => key.IsEntry).GroupBy(key => key.Algorithm))
        {
            if (signers.Exists(key => key.IsEntry && key.Algorithm == algorithm.Key)) continue;
            throw new ZoneRefusedException(string.Create(
                CultureInfo.InvariantCulture,
                $"no key of algorithm {SecurityAlgorithms.ToText(algorithm.Key)} with the SEP flag signs the {RecordTypes.ToText(set.Type)} set: the private half of key {string.Join(", ", algorithm.Select(key => key.Tag))} was not given, or is not active, and the zone brings no signature by it that holds over the set as it is now (RFC 4035 §5.2, RFC 6840 §6.2{(set.Type == RecordType.DNSKEY ? "" : ", RFC 7344 §4.1")}). Give that key, or a zone whose {RecordTypes.ToText(set.Type)} set it has signed, or take the key out"));
        }
    }

    // RFC 7344 §4.1: CDS and CDNSKEY are signed by a key that the parent's DS set already names. Elsewhere than at the apex these types mean nothing.
    private bool IsKeySet(RecordSet set) => set.Type is RecordType.DNSKEY or RecordType.CDS or RecordType.CDNSKEY && set.Owner == _apex;

    private static Octets Unrevoked(Octets data)
    {
        var octets = data.ToArray();
        octets[1] &= unchecked((byte)~DnskeyData.RevokedFlag);
        return new(octets);
    }
}
