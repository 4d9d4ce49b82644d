using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Dnssec.Checking;

/// <summary>A key of the DNSKEY set.</summary>
internal sealed record CheckedKey(DnskeyData Data, Octets Rdata, ushort Tag, VerificationKey? Verifier)
{
    /// <summary>RFC 4034 §2.1.1, §2.1.2: whether validators let it verify signatures.</summary>
    internal bool MaySign => Data is { IsZoneKey: true, Protocol: 3 };

    /// <summary>Whether it may be what the parent names.</summary>
    internal bool IsEntry => MaySign && Data is { IsSecureEntryPoint: true, IsRevoked: false };
}

/// <summary>The DNSKEY set, read once.</summary>
internal sealed class CheckedKeys
{
    private CheckedKeys(ImmutableArray<CheckedKey> keys)
    {
        All = keys;
        // RFC 4035 §2.2 speaks of the zone's keys; a revoked one signs nothing but the set that says so (RFC 5011 §2.1).
        Algorithms = [.. keys.Where(key => key.Data.IsZoneKey && !key.Data.IsRevoked && key.Verifier is not null).Select(key => (SecurityAlgorithm)key.Data.Algorithm).Distinct().Order()];
    }

    internal ImmutableArray<CheckedKey> All { get; }

    /// <summary>The algorithms that every set must be signed with.</summary>
    internal ImmutableArray<SecurityAlgorithm> Algorithms { get; }

    internal IEnumerable<CheckedKey> Of(ushort tag, byte algorithm) => All.Where(key => key.Tag == tag && key.Data.Algorithm == algorithm);

    internal static CheckedKeys Read(CheckedSet set, Findings findings)
    {
        var keys = ImmutableArray.CreateBuilder<CheckedKey>(set.Set.Data.Length);
        foreach (var rdata in set.Set.Data)
        {
            if (!DnskeyData.TryRead(rdata, out var data)) continue;
            var algorithm = (SecurityAlgorithm)data.Algorithm;
            var tag = data.KeyTag();
            VerificationKey? verifier = null;
            if (data.Protocol != 3) Say($"has protocol {data.Protocol}, not 3 (RFC 4034 §2.1.2)");
            else if (!data.IsZoneKey) findings.Note(ZoneFindingCodes.Key, set.Set.Owner, RecordType.DNSKEY, set.Place, $"key {tag} lacks the ZONE flag and signs nothing (RFC 4034 §2.1.1)");
            else if (!SecurityAlgorithms.IsSupported(algorithm)) findings.Warning(ZoneFindingCodes.Key, set.Set.Owner, RecordType.DNSKEY, set.Place, $"key {tag} is of algorithm {SecurityAlgorithms.ToText(algorithm)}, whose signatures cannot be checked here");
            else if (!VerificationKey.TryImport(algorithm, data.PublicKey.Span, out verifier)) Say($"is no key of algorithm {SecurityAlgorithms.ToText(algorithm)}");
            if (verifier is RsaVerificationKey && KeySize.BitsOf(algorithm, data.PublicKey.Span) is < SigningKey.DefaultRsaBits and var bits) findings.Warning(ZoneFindingCodes.Key, set.Set.Owner, RecordType.DNSKEY, set.Place, $"key {tag} has {bits} bits, too few by today's advice: 2048 or more (RFC 6781 §3.4.2)");
            if (SecurityAlgorithms.UsesSha1(algorithm)) findings.Warning(ZoneFindingCodes.Key, set.Set.Owner, RecordType.DNSKEY, set.Place, $"key {tag} signs with SHA-1, which validators give up (RFC 9905)");
            if (verifier is not null && keys.Any(key => key.Tag == tag && key.Data.Algorithm == data.Algorithm)) findings.Note(ZoneFindingCodes.Key, set.Set.Owner, RecordType.DNSKEY, set.Place, $"two keys have the tag {tag}: each signature by one of them costs validators more");
            keys.Add(new(data, rdata, tag, verifier));

            void Say(string what) => findings.Error(ZoneFindingCodes.Key, set.Set.Owner, RecordType.DNSKEY, set.Place, $"key {tag} {what}");
        }

        return new(keys.ToImmutable());
    }

    /// <summary>The keys that a DS (or CDS) record names.</summary>
    internal IEnumerable<CheckedKey> Named(DomainName apex, Octets ds)
    {
        return DsData.TryRead(ds, out var data) ? Of(data.KeyTag, data.Algorithm).Where(key => DelegationSigner.Names(apex, ds, key.Rdata)) : [];
    }
}
