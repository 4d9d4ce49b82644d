using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Anchors;

/// <summary>A zone whose trust anchors are followed (RFC 5011): what was configured, its keys, and when it was asked. Immutable; what comes next is a function of this, of what the zone serves, and of the time.</summary>
public sealed record TrustPoint
{
    /// <summary>The zone's apex.</summary>
    public required DomainName Zone { get; init; }

    /// <summary>The DS and DNSKEY records that were configured, TTL 0: all trust in other keys comes from them.</summary>
    public required ImmutableArray<ResourceRecord> Configured { get; init; }

    /// <summary>Its keys, those of <see cref="AnchorKeyState.Start"/> aside.</summary>
    public ImmutableArray<AnchorKey> Keys { get; init; } = [];

    /// <summary>When the zone was last asked for its keys; null when never.</summary>
    public DateTimeOffset? LastQueried { get; init; }

    /// <summary>When a set last validated; null when never.</summary>
    public DateTimeOffset? LastValidated { get; init; }

    /// <summary>How often it was asked in vain since then.</summary>
    public int Failures { get; init; }

    /// <summary>When it is to be asked again (RFC 5011 §2.3).</summary>
    public DateTimeOffset NextQuery { get; init; }

    /// <summary>Seconds: the original TTL of the set that validated last; 0 when none did.</summary>
    public uint OriginalTimeToLive { get; init; }

    /// <summary>How long the signature of that set went on from when it was retrieved; zero when none validated.</summary>
    public TimeSpan SignatureLife { get; init; }

    /// <summary>
    /// Whether every key has been revoked: then the zone counts as if it had never been configured (RFC 5011 §5). A revocation counts that was seen, and its signature verified;
    /// a key that was configured with the REVOKE bit was never one that anything rested on, and leaves the zone bogus, not insecure.
    /// </summary>
    public bool IsDeleted => Keys.Any(key => key.State is AnchorKeyState.Revoked or AnchorKeyState.Removed && key.LastSeen is not null) && !Keys.Any(key => key.IsTrusted);

    /// <summary>Begins with what is configured; the zone is to be asked at once.</summary>
    /// <param name="anchor">The configured anchors.</param>
    /// <param name="now">The time.</param>
    public static TrustPoint Begin(TrustAnchor anchor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        var configured = RecordsOf(anchor);
        var point = new TrustPoint { Zone = anchor.Zone, Configured = configured, NextQuery = Clock.Floor(now) };
        return point with { Keys = ConfiguredKeys.AddTo(point, configured, now) };
    }

    /// <summary>Whether it is time to ask; also when the clock was turned back behind the last time.</summary>
    /// <param name="now">The time.</param>
    public bool IsDue(DateTimeOffset now) => !IsDeleted && (now >= NextQuery || LastQueried > now);

    /// <summary>What becomes of it when the zone serves this, now: RFC 5011 §4. What no trusted key has signed changes no key; only a key's own revocation needs no other's signature.</summary>
    /// <param name="served">What the zone serves.</param>
    /// <param name="now">The time.</param>
    public TrustPoint Next(ServedKeys served, DateTimeOffset now) => AnchorUpdate.Next(this, served, now);

    /// <summary>The anchors that are trusted now: keys, and digests of keys that were not seen yet; and those configured with the REVOKE bit, which vouch for nothing. Otherwise empty when it is deleted.</summary>
    public TrustAnchor ToAnchor() => new(
        Zone,
        [.. Keys.Where(key => key.IsTrusted && key.Dnskey.IsEmpty).Select(key => key.DelegationSigner)],
        [
            .. Keys.Where(key => key.IsTrusted && !key.Dnskey.IsEmpty).Select(key => key.Dnskey),
            .. Configured.Where(record => record.Type == RecordType.DNSKEY && DnskeyData.TryRead(record.Data, out var key) && key.IsRevoked).Select(record => record.Data),
        ]);

    /// <summary>Whether a key is one of those that were configured.</summary>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    public bool IsConfigured(AnchorKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Configured.Any(record => ConfiguredKeys.Names(Zone, record, key));
    }

    internal static ImmutableArray<ResourceRecord> RecordsOf(TrustAnchor anchor) =>
    [
        .. anchor.DelegationSigners.Select(data => new ResourceRecord(anchor.Zone, RecordType.DS, RecordClass.IN, 0, data)),
        .. anchor.Keys.Select(data => new ResourceRecord(anchor.Zone, RecordType.DNSKEY, RecordClass.IN, 0, data)),
    ];
}
