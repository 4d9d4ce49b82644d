using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Dnssec.Validation;

/// <summary>What came of checking a DNSKEY set.</summary>
/// <param name="Keys">The zone's keys; null when the set is not to be believed.</param>
/// <param name="Signature">The signature that binds the set to DS set or anchor; null without one.</param>
/// <param name="Fault">Why the set is not to be believed; null when it is.</param>
internal sealed record KeySetCheck(ZoneKeys? Keys, SignatureCheck? Signature, Ground? Fault);

/// <summary>Whether a DNSKEY set is the one that the DS set or an anchor vouches for (RFC 4035 §5.2).</summary>
internal static class KeySetChecker
{
    internal static KeySetCheck Check(SignedSet set, DelegationSet delegation, ImmutableArray<Octets> anchorKeys, ValidationPolicy policy, DateTimeOffset now, Work work)
    {
        var keys = ZoneKeys.Read(set);
        var trusted = ImmutableArray.CreateBuilder<ZoneKey>();
        KeyFitness? unfit = null;
        ushort? differing = null;
        var digests = 0;
        foreach (var ds in delegation.Usable)
        {
            var tried = 0;
            foreach (var key in keys.Keys)
            {
                // RFC 4035 §5.2: algorithm and key tag of the DS match those of the DNSKEY.
                if (key.Tag != ds.KeyTag || (byte)key.Algorithm != ds.Algorithm) continue;
                if (tried++ == work.Limits.KeysPerTag || digests++ == work.Limits.Digests) return OverLimit(set.Owner);

                // RFC 4035 §5.2: the digest of the DNSKEY's owner and RDATA is that of the DS.
                if (!DelegationSet.Fits(ds, set.Owner, key))
                {
                    differing ??= key.Tag;
                    continue;
                }

                // RFC 4035 §5.2: the matching DNSKEY has the zone key bit; RFC 5011 §2.1: it is not revoked.
                if (key.Fitness != KeyFitness.Fit) unfit = key.Fitness;
                else if (!trusted.Contains(key)) trusted.Add(key);
            }
        }

        foreach (var anchor in anchorKeys)
        {
            foreach (var key in keys.Keys)
            {
                if (key.Data != anchor || !policy.Supports(key.Algorithm)) continue;
                if (key.Fitness != KeyFitness.Fit) unfit = key.Fitness;
                else if (!trusted.Contains(key)) trusted.Add(key);
            }
        }

        if (trusted.Count == 0) return new(null, null, NoKey(set.Owner, unfit, differing) with { About = Wanted(set.Owner, delegation, anchorKeys, unfit) });

        // RFC 4035 §5.2: the DNSKEY set is signed by a key that the DS vouches for.
        var signature = set.Check(new(set.Owner, trusted.ToImmutable()), policy, now, work);
        if (signature.IsValid) return new(keys, signature, null);
        return signature.Fault!.Reason is LookupReason.SignatureMissing or LookupReason.SignatureUnfit
            ? new(null, signature, new(LookupReason.KeySetUnsigned, $"the DNSKEY set of {set.Owner} bears no signature by a key that the chain of trust vouches for (RFC 4035 §5.2)") { About = About(set.Owner, trusted[0].Tag, trusted[0].Algorithm) })
            : new(null, signature, signature.Fault);
    }

    /// <summary>The key that was looked for.</summary>
    private static FaultSubject Wanted(DomainName zone, DelegationSet delegation, ImmutableArray<Octets> anchorKeys, KeyFitness? unfit)
    {
        var rule = unfit switch
        {
            KeyFitness.NotZoneKey => "RFC 4034 §2.1.1",
            KeyFitness.WrongProtocol => "RFC 4034 §2.1.2",
            KeyFitness.Revoked => "RFC 5011 §2.1",
            null or KeyFitness.Fit => null,
        };
        if (delegation.Usable is [var ds, ..]) return About(zone, ds.KeyTag, (SecurityAlgorithm)ds.Algorithm, rule);
        return anchorKeys is [var key, ..] && DnskeyData.TryRead(key, out var view) ? About(zone, view.KeyTag(), (SecurityAlgorithm)view.Algorithm, rule) : About(zone, null, null, rule);
    }

    private static FaultSubject About(DomainName zone, ushort? keyTag, SecurityAlgorithm? algorithm, string? rule = null) => new(zone, zone, RecordType.DNSKEY, keyTag, algorithm, rule);

    private static Ground NoKey(DomainName zone, KeyFitness? unfit, ushort? differing) => unfit switch
    {
        KeyFitness.NotZoneKey => new(LookupReason.KeyUnfit, $"the key of {zone} that the chain of trust vouches for lacks the zone key bit (RFC 4034 §2.1.1)", ExtendedErrorCode.NoZoneKeyBitSet),
        KeyFitness.WrongProtocol => new(LookupReason.KeyUnfit, $"the key of {zone} that the chain of trust vouches for has another protocol than 3 (RFC 4034 §2.1.2)"),
        KeyFitness.Revoked => new(LookupReason.KeyUnfit, $"the key of {zone} that the chain of trust vouches for is revoked (RFC 5011 §2.1)"),
        null or KeyFitness.Fit when differing is { } tag => new(LookupReason.KeyDoesNotMatchDs, $"key {tag} of {zone} has the tag and the algorithm of a DS record that the chain of trust has, and another digest; no other key is vouched for (RFC 4035 §5.2)"),
        null or KeyFitness.Fit => new(LookupReason.KeyDoesNotMatchDs, $"no key of {zone} is one that the chain of trust vouches for, by DS set or trust anchor (RFC 4035 §5.2)"),
    };

    private static KeySetCheck OverLimit(DomainName zone) =>
        new(null, null, new(LookupReason.LimitReached, $"the DNSKEY set of {zone} holds more keys of one tag, or its DS set more digests, than are tried") { About = About(zone, null, null) });
}
