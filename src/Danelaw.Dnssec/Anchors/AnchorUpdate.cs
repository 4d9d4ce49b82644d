using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Anchors;

/// <summary>RFC 5011 §2 and §4: what an observation makes of a trust point. Pure.</summary>
internal static class AnchorUpdate
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    internal static TrustPoint Next(TrustPoint point, ServedKeys served, DateTimeOffset now)
    {
        var time = Clock.Floor(now);
        var asked = point with { LastQueried = time };
        if (served.Set?.Unchecked() is not { } set || !set.Owner.Equals(point.Zone)) return Failed(asked, time);

        var work = new Work(served.Policy.Limits);
        var keys = Read(set);
        var revoked = FindRevoked(point, set, keys, served.Policy, now, work);

        // RFC 5011 §2.1: from when its revocation is seen a key vouches for nothing but that.
        var trusted = (point with { Keys = [.. point.Keys.Where(key => !revoked.Contains(key))] }).ToAnchor();
        var check = KeySetChecker.Check(set, DelegationSet.Read(trusted.DelegationSigners, served.Policy), trusted.Keys, served.Policy, now, work);
        if (check.Fault is not null)
        {
            // RFC 5011 §2.2: only a set that a trusted key has signed says anything about other keys.
            var changed = point.Keys.Select(key => revoked.Contains(key) ? Revoke(key, point, keys, time) : key);
            return Failed(asked with { Keys = [.. changed] }, time);
        }

        var signature = check.Signature!;
        var next = point.Keys.Select(key => Move(key, point, keys, revoked.Contains(key), served.Policy, now)).OfType<AnchorKey>().ToList();
        // A signature may be accepted beyond its end (clock skew), and an original TTL be out of range (RFC 2181 §8).
        var life = Longer(TimeSpan.Zero, signature.Use.Expiration - time);
        var timeToLive = Math.Min(signature.OriginalTimeToLive, int.MaxValue);
        next.AddRange(keys.Where(key => IsNew(key, point, served.Policy)).Select(key => new AnchorKey
        {
            Dnskey = key.Plain,
            State = AnchorKeyState.AddPend,
            Since = Clock.Ceiling(now),
            LastSeen = time,
            HoldDown = AddHoldDown(timeToLive),
        }));
        return asked with
        {
            Keys = [.. next.DistinctBy(key => (key.Dnskey, key.DelegationSigner))],
            LastValidated = time,
            Failures = 0,
            OriginalTimeToLive = timeToLive,
            SignatureLife = life,
            NextQuery = time + QueryInterval(timeToLive, life),
        };
    }

    /// <summary>RFC 5011 §2.4.1: 30 days, or the original TTL if that is longer.</summary>
    internal static TimeSpan AddHoldDown(uint originalTimeToLive) => Longer(TimeSpan.FromDays(30), TimeSpan.FromSeconds(originalTimeToLive));

    /// <summary>RFC 5011 §2.3: the smallest of 15 days, half the TTL and half of what is left of the signature, but an hour at least.</summary>
    internal static TimeSpan QueryInterval(uint originalTimeToLive, TimeSpan signatureLife) =>
        Longer(Hour, Whole(Shorter(TimeSpan.FromDays(15), Shorter(TimeSpan.FromSeconds(originalTimeToLive) / 2, signatureLife / 2))));

    /// <summary>RFC 5011 §2.3: after a failure the smallest of a day and a tenth of both, but an hour at least.</summary>
    internal static TimeSpan RetryInterval(uint originalTimeToLive, TimeSpan signatureLife) =>
        Longer(Hour, Whole(Shorter(TimeSpan.FromDays(1), Shorter(TimeSpan.FromSeconds(originalTimeToLive) / 10, signatureLife / 10))));

    private static TrustPoint Failed(TrustPoint point, DateTimeOffset time) => point with
    {
        Failures = point.Failures == int.MaxValue ? int.MaxValue : point.Failures + 1,
        NextQuery = time + RetryInterval(point.OriginalTimeToLive, point.SignatureLife),
    };

    /// <summary>RFC 5011 §4.2, row by row; null for the way back to Start.</summary>
    private static AnchorKey? Move(AnchorKey key, TrustPoint point, ImmutableArray<SeenKey> keys, bool isRevoked, ValidationPolicy policy, DateTimeOffset now)
    {
        var time = Clock.Floor(now);
        if (isRevoked) return Revoke(key, point, keys, time);
        var seen = keys.FirstOrDefault(each => !each.View.IsRevoked && key.Is(point.Zone, each.Plain));
        var isSeen = !seen.Plain.IsEmpty;
        switch (key.State)
        {
            case AnchorKeyState.AddPend when !isSeen: return null;
            case AnchorKeyState.AddPend: return now >= key.ValidFrom
                ? key with { State = AnchorKeyState.Valid, Since = time, LastSeen = time, HoldDown = TimeSpan.Zero }
                : key with { LastSeen = time };

            // A digest of which no key can be made says nothing about what is served.
            case AnchorKeyState.Valid or AnchorKeyState.Missing when key.Dnskey.IsEmpty && !IsUsable(key, policy): return key;
            case AnchorKeyState.Valid or AnchorKeyState.Missing when !isSeen: return key.State == AnchorKeyState.Missing ? key : key with { State = AnchorKeyState.Missing, Since = time };
            case AnchorKeyState.Valid or AnchorKeyState.Missing: return key with
            {
                Dnskey = seen.Plain,
                DelegationSigner = default,
                State = AnchorKeyState.Valid,
                Since = key.State == AnchorKeyState.Valid ? key.Since : time,
                LastSeen = time,
            };
            case AnchorKeyState.Revoked: return IsPresent(key, point, keys) ? key with { LastSeen = time } : now >= key.RemovedFrom ? key with { State = AnchorKeyState.Removed, Since = time } : key;
            case AnchorKeyState.Removed or AnchorKeyState.Start: return key;
        }

        return key;
    }

    private static AnchorKey Revoke(AnchorKey key, TrustPoint point, ImmutableArray<SeenKey> keys, DateTimeOffset time) => key with
    {
        Dnskey = keys.First(each => each.View.IsRevoked && key.Is(point.Zone, each.Plain)).Plain,
        DelegationSigner = default,
        State = AnchorKeyState.Revoked,
        Since = time,
        LastSeen = time,
        HoldDown = TimeSpan.Zero,
    };

    /// <summary>RFC 5011 §2.1: the keys that the set holds with the REVOKE bit, and has a signature of. A pending key revokes itself as well.</summary>
    private static List<AnchorKey> FindRevoked(TrustPoint point, SignedSet set, ImmutableArray<SeenKey> keys, ValidationPolicy policy, DateTimeOffset now, Work work)
    {
        var revoked = new List<AnchorKey>();
        foreach (var seen in keys)
        {
            if (!seen.View.IsRevoked || !seen.View.IsZoneKey || seen.View.Protocol != 3) continue;
            var known = point.Keys.Where(key => key.State is AnchorKeyState.AddPend or AnchorKeyState.Valid or AnchorKeyState.Missing && key.Is(point.Zone, seen.Plain)).ToList();
            if (known.Count == 0) continue;
            var own = new ZoneKeys(point.Zone, [ZoneKey.ForOwnRevocation(seen.Data, seen.View)]);
            if (SignatureChecker.Check(set, own, policy, now, work).IsValid) revoked.AddRange(known);
        }

        return revoked;
    }

    /// <summary>RFC 5011 §2.2, §3: a key with the SEP bit that is not known yet; not one of which nothing could be verified.</summary>
    private static bool IsNew(SeenKey seen, TrustPoint point, ValidationPolicy policy) =>
        seen.View is { IsZoneKey: true, IsSecureEntryPoint: true, IsRevoked: false, Protocol: 3 }
        && policy.Supports((Keys.SecurityAlgorithm)seen.View.Algorithm)
        && new ZoneKey(seen.Data, seen.View).Import() is not null
        && !point.Keys.Any(key => key.Is(point.Zone, seen.Plain));

    private static bool IsPresent(AnchorKey key, TrustPoint point, ImmutableArray<SeenKey> keys) => keys.Any(each => key.Is(point.Zone, each.Plain));

    private static bool IsUsable(AnchorKey key, ValidationPolicy policy) =>
        DsData.TryRead(key.DelegationSigner, out var ds) && policy.Supports((Keys.SecurityAlgorithm)ds.Algorithm) && policy.Supports((Keys.DigestAlgorithm)ds.DigestType);

    private static ImmutableArray<SeenKey> Read(SignedSet set)
    {
        var keys = ImmutableArray.CreateBuilder<SeenKey>(set.Data.Count);
        foreach (var data in set.Data)
            if (DnskeyData.TryRead(data, out var view)) keys.Add(new(data.ToOwned(), AnchorKey.WithoutRevocation(view), view));
        return keys.DrainToImmutable();
    }

    private static TimeSpan Whole(TimeSpan span) => TimeSpan.FromSeconds(Math.Floor(span.TotalSeconds));

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>A key of the set: as it stands there, and with the REVOKE bit clear.</summary>
    private readonly record struct SeenKey(Octets Data, Octets Plain, DnskeyData View);
}
