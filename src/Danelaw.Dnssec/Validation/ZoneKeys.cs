using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Validation;

/// <summary>Why a DNSKEY may not validate anything.</summary>
internal enum KeyFitness
{
    Fit = 0,
    NotZoneKey,
    WrongProtocol,
    Revoked,
}

/// <summary>One DNSKEY; imported when it is first needed, once. Safe for many threads.</summary>
internal sealed class ZoneKey
{
    /// <summary>Octets of a fingerprint.</summary>
    internal const int FingerprintLength = 16;

    private VerificationKey? _key;
    private volatile bool _isImported;
    private byte[]? _fingerprint;

    internal ZoneKey(Octets data, in DnskeyData view)
        : this(data, view, Judge(view))
    {
    }

    private ZoneKey(Octets data, in DnskeyData view, KeyFitness fitness)
    {
        Data = data;
        PublicKey = view.PublicKey;
        Tag = view.KeyTag();
        Algorithm = (SecurityAlgorithm)view.Algorithm;
        Fitness = fitness;
    }

    /// <summary>A revoked key for the one use that is left to it: its signature over the set that revokes it (RFC 5011 §2.1).</summary>
    internal static ZoneKey ForOwnRevocation(Octets data, in DnskeyData view) => new(data, view, KeyFitness.Fit);

    /// <summary>The RDATA.</summary>
    internal Octets Data { get; }

    internal ushort Tag { get; }

    internal SecurityAlgorithm Algorithm { get; }

    internal KeyFitness Fitness { get; }

    /// <summary>Tells the key from every other: half of the SHA-256 digest of its RDATA.</summary>
    internal Octets Fingerprint
    {
        get
        {
            // Two threads may both compute it, and get the same.
            var known = Volatile.Read(ref _fingerprint);
            if (known is null) Volatile.Write(ref _fingerprint, known = SHA256.HashData(Data.Span)[..FingerprintLength]);
            return new(known);
        }
    }

    private Octets PublicKey { get; }

    /// <summary>The key to verify with; null when the octets are no key of the algorithm.</summary>
    internal VerificationKey? Import()
    {
        if (_isImported) return _key;
        if (VerificationKey.TryImport(Algorithm, PublicKey.Span, out var key)) _key = key;
        _isImported = true;
        return _key;
    }

    private static KeyFitness Judge(in DnskeyData view)
    {
        // RFC 4034 §2.1.1: without the zone key bit the key must not be used to verify RRSIGs.
        if (!view.IsZoneKey) return KeyFitness.NotZoneKey;

        // RFC 4034 §2.1.2: a protocol other than 3 makes the key invalid for DNSSEC.
        if (view.Protocol != 3) return KeyFitness.WrongProtocol;

        // RFC 5011 §2.1: a revoked key must not be used to validate anything but its own revocation.
        return view.IsRevoked ? KeyFitness.Revoked : KeyFitness.Fit;
    }
}

/// <summary>Keys of one zone that signatures are checked with. Immutable.</summary>
internal sealed class ZoneKeys(DomainName zone, ImmutableArray<ZoneKey> keys)
{
    private const int FewKeys = 16;

    // Two threads may both make it, and make the same.
    private FrozenSet<int>? _tags;

    internal DomainName Zone { get; } = zone;

    /// <summary>All keys of the set, unfit ones too, in the order received.</summary>
    internal ImmutableArray<ZoneKey> Keys { get; } = keys;

    /// <summary>Whether a key may have a tag and an algorithm. Thousands of keys are not gone through for each of thousands of signatures.</summary>
    internal bool MayMatch(ushort tag, byte algorithm)
    {
        if (Keys.Length <= FewKeys) return true;
        var tags = _tags ??= Keys.Select(key => ((int)key.Algorithm << 16) | key.Tag).ToFrozenSet();
        return tags.Contains((algorithm << 16) | tag);
    }

    /// <summary>Whether these are the same keys of the same zone in the same order.</summary>
    internal bool HasSameKeys(ZoneKeys? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || !Zone.Equals(other.Zone) || Keys.Length != other.Keys.Length) return false;
        for (var i = 0; i < Keys.Length; i++)
            if (Keys[i].Data != other.Keys[i].Data) return false;
        return true;
    }

    /// <summary>Reads a DNSKEY set; records too short to be a key are left out.</summary>
    internal static ZoneKeys Read(SignedSet set)
    {
        var keys = ImmutableArray.CreateBuilder<ZoneKey>(set.Data.Count);
        foreach (var data in set.Data)
            if (DnskeyData.TryRead(data, out var view)) keys.Add(new(data, view));
        return new(set.Owner, keys.DrainToImmutable());
    }
}
