using System.Buffers;
using System.Buffers.Binary;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Dnssec.Validation;

/// <summary>Checks the signatures of an RRset (RFC 4035 §5.3). One that stands is enough (RFC 6840 §5.4).</summary>
internal static class SignatureChecker
{
    internal static SignatureCheck Check(SignedSet set, ZoneKeys keys, ValidationPolicy policy, DateTimeOffset now, Work work)
    {
        Ground? worst = null;
        var rank = -1;
        var tried = 0;
        foreach (var (signature, timeToLive) in set.Signatures)
        {
            if (FieldFault(set, keys, signature, policy, now) is { } fault)
            {
                Keep(fault);
                continue;
            }

            if (!FindsKey(keys, signature, out var unfit))
            {
                Keep(unfit is { } key ? UnfitKey(set, keys, signature, key) : UnknownKey(set, keys, signature));
                continue;
            }

            if (tried++ == work.Limits.SignaturesPerSet) return OverLimit(set, "more than the allowed number of signatures stand beside one RRset, and none of those tried is good");
            switch (Verify(set, keys, signature, work, out var verifying, out var isUnreadable))
            {
                case true: return Valid(set, keys.Zone, signature, verifying!, timeToLive, now);
                case null: return OverLimit(set, "the allowed number of signature checks, or of keys with one tag, is spent");
                case false:
                    Keep(Misfit(set, signature, isUnreadable));
                    break;
            }
        }

        return new() { Fault = worst ?? new(LookupReason.SignatureMissing, $"{set} bears no signature, and {keys.Zone} is signed (RFC 4035 §5.3.1)") { About = new(keys.Zone, set.Owner, set.Type) } };

        // The fault of the signature that came furthest is the one that helps.
        void Keep(Ground fault)
        {
            var its = Rank(fault.Reason);
            if (its <= rank) return;
            (worst, rank) = (fault, its);
        }
    }

    /// <summary>What is wrong with one signature alone; null when it stands. For telling: judging goes by <see cref="Check"/>.</summary>
    internal static Ground? FindFault(SignedSet set, ZoneKeys keys, in RrsigData signature, ValidationPolicy policy, DateTimeOffset now, Work work)
    {
        if (FieldFault(set, keys, signature, policy, now) is { } fault) return fault;
        if (!FindsKey(keys, signature, out var unfit)) return unfit is { } key ? UnfitKey(set, keys, signature, key) : UnknownKey(set, keys, signature);
        return Verify(set, keys, signature, work, out _, out var isUnreadable) switch
        {
            true => null,
            false => Misfit(set, signature, isUnreadable),
            null => OverLimit(set, "the allowed number of signature checks, or of keys with one tag, is spent").Fault,
        };
    }

    /// <summary>Everything that RFC 4035 §5.3.1 demands of the signature's fields.</summary>
    private static Ground? FieldFault(SignedSet set, ZoneKeys keys, in RrsigData signature, ValidationPolicy policy, DateTimeOffset now)
    {
        // RFC 4035 §5.3.1: the signer's name MUST be the name of the zone that contains the RRset.
        if (!signature.SignerName.Equals(keys.Zone) || !set.Owner.IsAtOrBelow(keys.Zone))
            return Fault(LookupReason.SignatureUnfit, set, signature, $"is not one by {keys.Zone}, the zone that holds the RRset", "RFC 4035 §5.3.1");

        // RFC 4035 §5.3.1: the type covered MUST equal the RRset's type.
        if (signature.TypeCovered != set.Type)
            return Fault(LookupReason.SignatureUnfit, set, signature, "covers another type", "RFC 4035 §5.3.1");

        // RFC 4035 §5.3.1: the owner MUST have at least as many labels as the labels field says. A wildcard above the zone's apex is none of the zone's names.
        if (signature.Labels > OwnerLabels(set.Owner) || signature.Labels < OwnerLabels(keys.Zone))
            return Fault(LookupReason.SignatureUnfit, set, signature, $"has a labels field of {signature.Labels} that does not fit the owner", "RFC 4035 §5.3.1");

        if (!policy.Supports((SecurityAlgorithm)signature.Algorithm))
            return Fault(LookupReason.SignatureUnfit, set, signature, "is of an algorithm that is not supported", "RFC 4035 §5.2");

        // RFC 4034 §3.1.5: the times are serial numbers (RFC 1982).
        var time = SerialTime.From(now);
        var inception = new SerialTime(signature.Inception);
        var expiration = new SerialTime(signature.Expiration);

        // RFC 4034 §3.1.5: a signature that ends before it begins is in force at no time.
        if (inception.SecondsTo(expiration) < 0)
            return Fault(LookupReason.SignatureTimesReversed, set, signature, $"ends {Text(expiration, now)}, before it begins", "RFC 4034 §3.1.5");

        // RFC 4035 §5.3.1: the validator's time MUST be less than or equal to the expiration.
        if ((long)time.SecondsTo(expiration) + policy.ClockSkew < 0)
            return Fault(LookupReason.SignatureExpired, set, signature, $"ended {Text(expiration, now)}", "RFC 4035 §5.3.1");

        // RFC 4035 §5.3.1: the validator's time MUST be greater than or equal to the inception.
        if ((long)inception.SecondsTo(time) + policy.ClockSkew < 0)
            return Fault(LookupReason.SignatureNotYetValid, set, signature, $"begins {Text(inception, now)}", "RFC 4035 §5.3.1");

        return null;
    }

    /// <summary>RFC 4035 §5.3.1: signer's name, algorithm and key tag MUST match a DNSKEY of the apex that has the zone key bit.</summary>
    private static bool FindsKey(ZoneKeys keys, in RrsigData signature, out ZoneKey? unfit)
    {
        unfit = null;
        if (!keys.MayMatch(signature.KeyTag, signature.Algorithm)) return false;
        foreach (var key in keys.Keys)
        {
            if (!Matches(key, signature)) continue;
            if (key.Fitness == KeyFitness.Fit) return true;
            unfit = key;
        }

        return false;
    }

    private static bool Matches(ZoneKey key, in RrsigData signature) => key.Tag == signature.KeyTag && (byte)key.Algorithm == signature.Algorithm;

    /// <summary>Tries the keys that match; null when a limit was reached. Unreadable where none of them is a public key of its algorithm.</summary>
    private static bool? Verify(SignedSet set, ZoneKeys keys, in RrsigData signature, Work work, out ZoneKey? verifying, out bool isUnreadable)
    {
        isUnreadable = false;
        foreach (var key in keys.Keys)
        {
            if (key.Fitness != KeyFitness.Fit || !Matches(key, signature) || !set.WasVerifiedBy(key)) continue;
            verifying = key;
            return true;
        }

        verifying = null;
        var buffer = ArrayPool<byte>.Shared.Rent(SignedLength(set, signature));
        try
        {
            var data = buffer.AsSpan(0, WriteSigned(set, signature, buffer));
            var tried = 0;
            var unreadable = 0;
            foreach (var key in keys.Keys)
            {
                // RFC 4035 §5.3.1: several keys may match; each has to be tried. A zone with more of one tag than this is an attack (CVE-2023-50387).
                if (key.Fitness != KeyFitness.Fit || !Matches(key, signature)) continue;
                if (tried++ == work.Limits.KeysPerTag) return null;
                if (key.Import() is not { } imported)
                {
                    unreadable++;
                    continue;
                }

                if (!work.TryTakeSignature()) return null;
                if (imported.Verify(data, signature.Signature.Span))
                {
                    verifying = key;
                    return true;
                }

                work.CountFailedSignature();
            }

            isUnreadable = unreadable == tried;
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int SignedLength(SignedSet set, in RrsigData signature)
    {
        var length = signature.SignedPrefixLength;
        foreach (var data in set.Data) length += set.Owner.Length + 12 + data.Length;
        return length;
    }

    /// <summary>Writes what is signed: RRSIG without signature, then each record in canonical form and order (RFC 4034 §3.1.8.1).</summary>
    private static int WriteSigned(SignedSet set, in RrsigData signature, Span<byte> to)
    {
        var at = signature.SignedPrefixLength;
        signature.WriteSignedPrefix(to);
        var owner = SignedOwner(set.Owner, signature.Labels);
        foreach (var data in set.ToCanonicalData())
        {
            owner.Wire.CopyTo(to[at..]);
            at += owner.Length;
            BinaryPrimitives.WriteUInt16BigEndian(to[at..], (ushort)set.Type);
            BinaryPrimitives.WriteUInt16BigEndian(to[(at + 2)..], (ushort)RecordClass.IN);
            BinaryPrimitives.WriteUInt32BigEndian(to[(at + 4)..], signature.OriginalTtl);
            BinaryPrimitives.WriteUInt16BigEndian(to[(at + 8)..], (ushort)data.Length);
            data.Span.CopyTo(to[(at + 10)..]);
            at += 10 + data.Length;
        }

        return at;
    }

    /// <summary>The owner as it was signed, in lower case: the wildcard when the labels field says that it was expanded (RFC 4035 §5.3.2).</summary>
    private static DomainName SignedOwner(DomainName owner, int labels) =>
        labels < OwnerLabels(owner) && owner.Suffix(labels).TryToWildcardChild(out var wildcard) ? wildcard.ToCanonical() : owner.ToCanonical();

    /// <summary>Labels as the labels field counts them: neither the root nor a leading asterisk (RFC 4034 §3.1.3).</summary>
    private static int OwnerLabels(DomainName owner) => owner.IsWildcard ? owner.LabelCount - 1 : owner.LabelCount;

    private static SignatureCheck Valid(SignedSet set, DomainName zone, in RrsigData signature, ZoneKey key, uint timeToLive, DateTimeOffset now)
    {
        var expiration = new SerialTime(signature.Expiration);

        // RFC 4035 §5.3.3: the TTL is at most the RRset's, the RRSIG's, the original one, and what is left of the signature's life.
        var left = (uint)Math.Max(0, SerialTime.From(now).SecondsTo(expiration));
        return new()
        {
            OriginalTimeToLive = signature.OriginalTtl,
            Signature = signature,
            Key = key,
            Use = new(zone, signature.KeyTag, (SecurityAlgorithm)signature.Algorithm, new SerialTime(signature.Inception).Near(now), expiration.Near(now)),
            Labels = signature.Labels,
            IsExpanded = signature.Labels < OwnerLabels(set.Owner),
            TimeToLive = Math.Min(Math.Min(set.TimeToLive, timeToLive), Math.Min(signature.OriginalTtl, left)),
        };
    }

    private static SignatureCheck OverLimit(SignedSet set, string what) =>
        new() { IsOverLimit = true, Fault = new(LookupReason.LimitReached, $"{set}: {what}") };

    private static Ground UnknownKey(SignedSet set, ZoneKeys keys, in RrsigData signature) =>
        Fault(LookupReason.SignatureUnfit, set, signature, $"is by a key that {keys.Zone} does not have", "RFC 4035 §5.3.1") with { Code = ExtendedErrorCode.DnskeyMissing };

    private static Ground UnfitKey(SignedSet set, ZoneKeys keys, in RrsigData signature, ZoneKey key) => key.Fitness switch
    {
        KeyFitness.NotZoneKey => Fault(LookupReason.KeyUnfit, set, signature, "is by a key without the zone key bit", "RFC 4034 §2.1.1") with { Code = ExtendedErrorCode.NoZoneKeyBitSet },
        KeyFitness.WrongProtocol => Fault(LookupReason.KeyUnfit, set, signature, "is by a key whose protocol is not 3", "RFC 4034 §2.1.2"),
        KeyFitness.Revoked => Fault(LookupReason.KeyUnfit, set, signature, "is by a revoked key", "RFC 5011 §2.1"),
        KeyFitness.Fit => UnknownKey(set, keys, signature),
    };

    /// <summary>What is said of a signature that no key verifies.</summary>
    private static Ground Misfit(SignedSet set, in RrsigData signature, bool isUnreadable) => isUnreadable
        ? Fault(LookupReason.KeyUnfit, set, signature, "is by a key that is no public key of its algorithm", KeyForm((SecurityAlgorithm)signature.Algorithm))
        : Fault(LookupReason.SignatureInvalid, set, signature, "does not fit the data", "RFC 4035 §5.3.3");

    /// <summary>Where it stands what a public key is.</summary>
    private static string KeyForm(SecurityAlgorithm algorithm) => algorithm switch
    {
        SecurityAlgorithm.EcdsaP256Sha256 or SecurityAlgorithm.EcdsaP384Sha384 => "RFC 6605 §4",
        SecurityAlgorithm.Ed25519 or SecurityAlgorithm.Ed448 => "RFC 8080 §3",
        _ => "RFC 3110 §2",
    };

    private static Ground Fault(LookupReason reason, SignedSet set, in RrsigData signature, string what, string rule) =>
        new(reason, $"{set}: the signature by key {signature.KeyTag} ({SecurityAlgorithms.ToText((SecurityAlgorithm)signature.Algorithm)}) of {signature.SignerName} {what} ({rule})")
        {
            About = new(signature.SignerName, set.Owner, set.Type, signature.KeyTag, (SecurityAlgorithm)signature.Algorithm, rule),
        };

    private static string Text(SerialTime time, DateTimeOffset now) => time.Near(now).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static int Rank(LookupReason reason) => reason switch
    {
        LookupReason.SignatureInvalid => 6,
        LookupReason.SignatureExpired => 5,
        LookupReason.SignatureNotYetValid => 4,
        LookupReason.SignatureTimesReversed => 3,
        LookupReason.KeyUnfit => 2,
        _ => 1,
    };
}
