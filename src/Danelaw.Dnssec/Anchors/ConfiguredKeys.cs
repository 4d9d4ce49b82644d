using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Anchors;

/// <summary>How configured anchors enter a trust point, and what becomes of it when they change.</summary>
internal static class ConfiguredKeys
{
    /// <summary>The keys of a trust point with configured ones added: trusted at once, unless they are known to be revoked.</summary>
    internal static ImmutableArray<AnchorKey> AddTo(TrustPoint point, ImmutableArray<ResourceRecord> records, DateTimeOffset now)
    {
        var keys = point.Keys.ToList();

        // RFC 4509 §3: SHA-1 does not count beside a better digest, and must not begin to when that has become a key.
        var isBetterThere = records.Any(record => record.Type == RecordType.DS && IsBetterThanSha1(record));

        // Keys first, so that a digest of one of them adds nothing.
        foreach (var record in records.OrderBy(record => record.Type == RecordType.DS))
        {
            if (isBetterThere && record.Type == RecordType.DS && DsData.TryRead(record.Data, out var ds) && (DigestAlgorithm)ds.DigestType == DigestAlgorithm.Sha1) continue;
            var index = keys.FindIndex(key => Names(point.Zone, record, key));
            if (index < 0) keys.Add(Of(record, now));

            // Somebody vouches for it: no hold-down. A revocation is for ever (RFC 5011 §2.1).
            else if (keys[index].State == AnchorKeyState.AddPend) keys[index] = keys[index] with { State = AnchorKeyState.Valid, Since = Clock.Floor(now), HoldDown = TimeSpan.Zero };
        }

        return [.. keys];
    }

    /// <summary>Whether a configured record is this key, or a digest of it.</summary>
    internal static bool Names(DomainName zone, in ResourceRecord record, AnchorKey key)
    {
        if (record.Type == RecordType.DNSKEY) return DnskeyData.TryRead(record.Data, out var view) && key.Is(zone, AnchorKey.WithoutRevocation(view));
        if (key.Dnskey.IsEmpty) return key.DelegationSigner == record.Data;
        return new AnchorKey { DelegationSigner = record.Data }.Is(zone, key.Dnskey);
    }

    /// <summary>
    /// A trust point under other configured anchors than it was begun with. What is named now is trusted, unless it was revoked. If something was taken
    /// out, nothing that rests on it stays trusted: other keys begin their hold-down anew. Null when old and new have no key in common.
    /// </summary>
    internal static TrustPoint? Rebind(TrustPoint point, TrustAnchor anchor, DateTimeOffset now)
    {
        var configured = TrustPoint.RecordsOf(anchor);
        if (configured.Length == point.Configured.Length && configured.All(point.Configured.Contains)) return point;
        if (!point.Keys.Any(key => configured.Any(record => Names(point.Zone, record, key)))) return null;

        // What was revoked vouched for nothing any more: to drop it from the anchors withdraws no trust.
        var isWithdrawn = point.Keys.Any(key => key.State is not (AnchorKeyState.Revoked or AnchorKeyState.Removed) && point.IsConfigured(key) && !configured.Any(record => Names(point.Zone, record, key)));
        var keys = isWithdrawn ? point.Keys.Select(key => BeginAnew(point, configured, key, now)).OfType<AnchorKey>() : point.Keys;
        var next = point with { Configured = configured, Keys = [.. keys], NextQuery = Clock.Floor(now) };
        return next with { Keys = AddTo(next, configured, now) };
    }

    private static AnchorKey? BeginAnew(TrustPoint point, ImmutableArray<ResourceRecord> configured, AnchorKey key, DateTimeOffset now)
    {
        if (key.State is AnchorKeyState.Revoked or AnchorKeyState.Removed || configured.Any(record => Names(point.Zone, record, key))) return key;

        // What somebody took out is forgotten, and so is a key that nobody has seen.
        if (point.IsConfigured(key) || key.Dnskey.IsEmpty) return null;
        return key with { State = AnchorKeyState.AddPend, Since = Clock.Ceiling(now), HoldDown = AnchorUpdate.AddHoldDown(point.OriginalTimeToLive) };
    }

    private static bool IsBetterThanSha1(in ResourceRecord record) => DsData.TryRead(record.Data, out var ds)
        && (DigestAlgorithm)ds.DigestType is DigestAlgorithm.Sha256 or DigestAlgorithm.Sha384 && SecurityAlgorithms.IsSupported((SecurityAlgorithm)ds.Algorithm);

    private static AnchorKey Of(in ResourceRecord record, DateTimeOffset now)
    {
        var key = new AnchorKey { State = AnchorKeyState.Valid, Since = Clock.Floor(now) };
        if (record.Type == RecordType.DS || !DnskeyData.TryRead(record.Data, out var view)) return key with { DelegationSigner = record.Data.ToOwned() };
        return key with { Dnskey = AnchorKey.WithoutRevocation(view), State = view.IsRevoked ? AnchorKeyState.Revoked : AnchorKeyState.Valid };
    }
}
