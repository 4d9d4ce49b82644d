using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Dnssec.Validation;

internal sealed partial class ChainOfTrust
{
    /// <summary>RFC 5155 §10.3: no honest zone has more iterations. Up to here hashes are computed also above the limit, to see that records are about the name at all.</summary>
    private const int MaximumIterations = 2500;

    /// <summary>Judges a reply that says that a name has no records of a type.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="name">The name.</param>
    /// <param name="type">The type.</param>
    /// <param name="checksSoa">Whether the zone's SOA belongs to it and has to verify: for every denial that is told to somebody.</param>
    private SetVerdict JudgeDenial(Reply reply, DomainName name, RecordType type, bool checksSoa)
    {
        var apex = LowestApex(name, type);
        if (FindUncovered(apex) is { } uncovered) return InsecureDenial(uncovered, reply, name);
        _ = _policy.Anchors.TryFindNearest(apex, out var anchor);

        Ground? fault = null;
        foreach (var signer in Signers(DenialSigners(reply), apex, anchor!.Zone))
        {
            var trust = TrustOf(signer);
            switch (trust.Standing)
            {
                case Standing.Pending: return SetVerdict.Pending;
                case Standing.Insecure: return InsecureDenial(trust, reply, name);
                case Standing.NotAZone: continue;
                case Standing.Indeterminate: return FindUnsignedPlace(apex) is { } unsigned ? unsigned.Standing == Standing.Pending ? SetVerdict.Pending : InsecureDenial(unsigned, reply, name) : SetVerdict.Failed(trust.Ground!);
                case Standing.Bogus: return SetVerdict.Failed(trust.Ground!);
                case Standing.Secure: break;
            }

            var verdict = JudgeDenial(reply, name, type, checksSoa, trust);
            if (verdict.Standing != Standing.Bogus) return verdict;
            fault ??= verdict.Ground;
        }

        // No proof stands: as with a missing signature, only a proof that none is to be expected helps.
        var place = FindPlace(apex);
        return place.Standing switch
        {
            Standing.Pending => SetVerdict.Pending,
            Standing.Insecure when fault is not null && IsConjecture(place) => SetVerdict.Failed(fault),
            Standing.Insecure => InsecureDenial(place, reply, name),
            Standing.Secure => SetVerdict.Failed(fault ?? Missing(reply, name, type, place)),
            Standing.NotAZone or Standing.Bogus or Standing.Indeterminate => SetVerdict.Failed(fault ?? OwnDenialMissing(reply, name, type, place) ?? place.Ground!),
        };
    }

    /// <summary>
    /// Where nothing proves that a name is not signed, and the SOA of this denial says that it is the zone above that denies (RFC 2308 §3), what is missing is that zone's
    /// proof about the name asked for: no other zone is known of.
    /// </summary>
    private Ground? OwnDenialMissing(Reply reply, DomainName name, RecordType type, ZoneTrust place)
    {
        if (place.Ground is not { Reason: LookupReason.DelegationProofMissing }) return null;
        foreach (var set in reply.Authority.Sets)
        {
            if (set.Type == RecordType.SOA && place.Zone.IsBelow(set.Owner) && _evidence.TryGetZone(set.Owner, out var zone) && zone.Standing == Standing.Secure)
                return Missing(reply, name, type, zone);
        }

        return null;
    }

    private static Ground Missing(Reply reply, DomainName name, RecordType type, ZoneTrust zone) =>
        new Ground(LookupReason.DenialMissing, $"{name} {RecordTypes.ToText(type)}: the reply denies it without proof although {zone.Zone} is signed (RFC 4035 §5.4)").At(reply);

    private SetVerdict JudgeDenial(Reply reply, DomainName name, RecordType type, bool checksSoa, ZoneTrust zone)
    {
        var what = $"{name} {RecordTypes.ToText(type)}";

        // RFC 4035 §5.3.1: the SOA tells which zone answers (RFC 2308 §3). Where that is one further down, it holds the name, and records of the zone above prove nothing there.
        foreach (var set in reply.Authority.Sets)
        {
            if (set.Type == RecordType.SOA && set.Owner.IsBelow(zone.Zone) && LowestApex(name, type).IsAtOrBelow(set.Owner))
                return SetVerdict.Failed(new Ground(LookupReason.DenialInvalid, $"{what}: {set.Owner} denies it with records of {zone.Zone}, a zone above (RFC 4035 §5.3.1)").At(reply));
        }

        // The same where it is known which zone that is: what the zone above has signed at a time when it held the name itself is still about.
        var lowest = LowestApex(name, type);
        var holder = reply.Zone is { } served && served.IsBelow(zone.Zone) && lowest.IsAtOrBelow(served) ? served : KnownCut(lowest, zone);
        if (holder is { } between)
            return SetVerdict.Failed(new Ground(LookupReason.DenialInvalid, $"{what}: the records of denial are those of {zone.Zone}, and {between}, a zone below it, holds the name (RFC 4035 §5.3.1)").At(reply));

        var records = ReadDenials(reply, zone);
        if (records.IsOverLimit) return SetVerdict.Failed(records.Fault!);
        var proof = records.Prove(name, type, reply.Code == ResponseCode.NameError, Work);
        if (proof.Kind == DenialKind.OverLimit) return SetVerdict.Failed(HashLimit(what, reply));
        var timeToLive = records.TimeToLive;
        var signatureEnd = records.SignatureEnd;

        // Every record of denial that the zone is said to have signed has to verify, whether the proof rests on it or not: nobody honest sends others.
        // One that verifies and says nothing here is passed over where the others prove enough: PowerDNS signs the parent's record at the cut with the child's key when an alias leads up.
        if (records.Fault is { } broken) return SetVerdict.Failed(broken);
        if (proof.Kind == DenialKind.Unproven && records.TooManyIterations is null)
        {
            return SetVerdict.Failed(records.Unfit ?? (records.IsEmpty
                ? new Ground(LookupReason.DenialMissing, $"{what}: no record of denial by {zone.Zone} is in the reply (RFC 4035 §5.4)").At(reply)
                : new Ground(LookupReason.DenialInvalid, $"{what}: the records of {zone.Zone} do not prove the denial: {proof.Why}").At(reply)));
        }

        if (proof.Kind == DenialKind.Unproven) return JudgeCostlyDenial(reply, name, type, checksSoa, zone, records);
        if (checksSoa && CheckSoa(reply, zone, what, ref timeToLive, ref signatureEnd) is { } unsound) return SetVerdict.Failed(unsound);
        if (proof.IsOptOut)
        {
            var ground = new Ground(LookupReason.OptOut, $"{what}: the name lies in an opt-out span of {zone.Zone}, where unsigned delegations may be (RFC 5155 §8.6, §9.2)");
            return InsecureDenial(Below(zone, ground, records), reply, name) with { TimeToLive = timeToLive };
        }

        return new()
        {
            Standing = Standing.Secure,
            Zone = zone,

            // RFC 9824 §5: whatever response code came with it, a compact denial with NXNAME says that there is no such name.
            Kind = proof.SaysNoName ? DenialKind.NameError : proof.Kind,
            IsDelegation = proof.IsDelegation,
            ListsData = proof.ListsData,
            BeginsOptOut = proof.BeginsOptOut,
            TimeToLive = timeToLive,
            SignatureEnd = signatureEnd,
        };
    }

    /// <summary>A denial that rests on records above the limit of iterations, all of which verify.</summary>
    private SetVerdict JudgeCostlyDenial(Reply reply, DomainName name, RecordType type, bool checksSoa, ZoneTrust zone, DenialRecords records)
    {
        var what = $"{name} {RecordTypes.ToText(type)}";
        var costly = records.ProveCostly(name, type, reply.Code == ResponseCode.NameError, Work);

        // That no more may be computed proves nothing: whoever makes us spend it would else make any name insecure.
        if (costly?.Kind == DenialKind.OverLimit) return SetVerdict.Failed(HashLimit(what, reply));
        if (costly?.Kind == DenialKind.Unproven)
            return SetVerdict.Failed(records.Unfit ?? new Ground(LookupReason.DenialInvalid, $"{what}: the records of {zone.Zone} are above the limit of iterations, and do not deny it either: {costly?.Why}").At(reply));

        // What is told is insecure. That there is no zone cut is told to nobody: it keeps unsigned records from passing for those of an unsigned zone.
        if (checksSoa || costly is not { Kind: DenialKind.NoData or DenialKind.NameError, IsDelegation: false, IsOptOut: false })
        {
            // What is shown not to be there is no signed delegation: whether one lies between is asked of the names above it.
            var apex = LowestApex(name, type);
            if (costly?.NextCloser is { } missing && apex.IsAtOrBelow(missing)) apex = missing.Parent;
            return Unhashed(what, apex, zone, reply, Within(records, InsecureDenial(Below(zone, records.TooManyIterations!, records), reply, name)));
        }

        return new() { Standing = Standing.Secure, Zone = zone, Kind = costly.Value.Kind, TimeToLive = records.TimeToLive, SignatureEnd = records.SignatureEnd };
    }

    /// <summary>What is wrong with the SOA of a denial. RFC 2308 §3: it is part of a negative answer, and every RRset of it has to verify. A server may leave it out (RFC 2308 §2.2); then nothing rests on it.</summary>
    private Ground? CheckSoa(Reply reply, ZoneTrust zone, string what, ref uint timeToLive, ref DateTimeOffset signatureEnd)
    {
        if (!reply.Authority.TryFind(zone.Zone, RecordType.SOA, out var soa))
        {
            return reply.Authority.HasSignatureWithoutSet(zone.Zone, RecordType.SOA)
                ? new Ground(LookupReason.DenialMissing, $"{what}: the SOA of {zone.Zone} is missing from the denial, though its signature is there (RFC 2308 §3)").At(reply)
                : null;
        }

        var check = soa.Check(zone.Keys!, _policy, _now, Work);
        if (!check.IsValid) return check.Fault!.At(reply);
        _evidence.Conclude(soa, reply, check);
        timeToLive = Math.Min(timeToLive, Math.Min(check.TimeToLive, NegativeTimeToLive(soa)));
        signatureEnd = Earlier(signatureEnd, check.Use.Expiration);
        return null;
    }

    /// <summary>
    /// RFC 9276 §3.2 makes a zone's own denials insecure where there are too many iterations. Of names below a signed delegation, that zone says nothing:
    /// the zone that holds them does, and whoever shows records of the one above has shown no proof.
    /// </summary>
    private SetVerdict Unhashed(string what, DomainName apex, ZoneTrust zone, Reply reply, SetVerdict insecure)
    {
        var place = FindPlace(apex);
        return place.Standing switch
        {
            Standing.Pending => SetVerdict.Pending,
            Standing.Insecure => insecure,
            Standing.Secure when place.Zone.Equals(zone.Zone) => insecure,
            Standing.Secure => SetVerdict.Failed(new Ground(
                LookupReason.DenialInvalid,
                $"{what}: the records of denial are those of {zone.Zone}, and {place.Zone}, a signed zone below it, holds the name (RFC 9276 §3.2)").At(reply)),
            Standing.NotAZone or Standing.Bogus or Standing.Indeterminate => SetVerdict.Failed(place.Ground!),
        };
    }

    /// <summary>The SOA may say anything where it was not verified: nothing rests on it for longer than on the records that were.</summary>
    private static SetVerdict Within(DenialRecords records, SetVerdict verdict) => verdict with { TimeToLive = Math.Min(verdict.TimeToLive, records.TimeToLive) };

    /// <summary>A denial that needs no proof: what the response code says is all there is to say.</summary>
    private static SetVerdict InsecureDenial(ZoneTrust by, Reply reply, DomainName name)
    {
        // RFC 2308 §5: kept for as long as the SOA says; without one not at all.
        uint timeToLive = 0;
        foreach (var set in reply.Authority.Sets)
            if (set.Type == RecordType.SOA && name.IsAtOrBelow(set.Owner)) timeToLive = NegativeTimeToLive(set);
        return SetVerdict.Insecure(by, timeToLive) with
        {
            Kind = reply.Code == ResponseCode.NameError ? DenialKind.NameError : DenialKind.NoData,
        };
    }

    /// <summary>RFC 2308 §5: the smaller of the SOA's TTL and its minimum field.</summary>
    internal static uint NegativeTimeToLive(SignedSet soa) => SoaData.TryRead(soa.Data[0], out var data) ? Math.Min(soa.TimeToLive, data.Minimum) : 0;

    private static IEnumerable<DomainName> DenialSigners(Reply reply)
    {
        foreach (var set in reply.Authority.Sets)
        {
            if (set.Type is not (RecordType.NSEC or RecordType.NSEC3)) continue;
            foreach (var (signature, _) in set.Signatures) yield return signature.SignerName;
        }
    }

    /// <summary>Verifies the NSEC and NSEC3 records of a reply with a zone's keys; only what verifies can prove anything.</summary>
    private DenialRecords ReadDenials(Reply reply, ZoneTrust zone)
    {
        var records = new DenialRecords(zone.Zone);
        var looked = 0;
        foreach (var set in reply.Authority.Sets)
        {
            if (set.Type is not (RecordType.NSEC or RecordType.NSEC3) || !set.Owner.IsAtOrBelow(zone.Zone)) continue;

            // Along a chain of aliases the proofs of several zones stand in one reply.
            if (set.Signatures.Count > 0 && !set.Signatures.Any(each => each.Signature.SignerName.Equals(zone.Zone))) continue;
            if (set.Type == RecordType.NSEC3 && (!IsKnown(set) || (set.Signatures.Count == 0 && set.Owner.Parent.IsBelow(zone.Zone)))) continue;
            if (looked++ == Work.Limits.DenialRecords)
            {
                records.IsOverLimit = true;
                records.Fault = new Ground(LookupReason.LimitReached, $"a denial by {zone.Zone} holds more records than are looked at") { HoldsTooMuch = true }.At(reply);
                return records;
            }

            var check = set.Check(zone.Keys!, _policy, _now, Work);
            if (check.IsOverLimit)
            {
                records.IsOverLimit = true;
                records.Fault = check.Fault!.At(reply);
                return records;
            }

            // Every one that is used has to verify. One made from a wildcard says nothing about the name that it was made for.
            if (!check.IsValid || check.IsExpanded) records.Fault ??= (check.Fault ?? new(LookupReason.DenialInvalid, $"{set} was made from a wildcard and denies nothing")).At(reply);
            else if (set.Data.Count != 1) records.Fault ??= new Ground(LookupReason.DenialInvalid, $"{set}: there is more than one at this name").At(reply);
            else if (set.Type == RecordType.NSEC) AddNsec(records, set, check, zone, reply);
            else AddNsec3(records, set, check, zone, reply);
        }

        return records;
    }

    private void AddNsec(DenialRecords records, SignedSet set, SignatureCheck check, ZoneTrust zone, Reply reply)
    {
        if (!NsecData.TryRead(set.Data[0], out var data) || !data.NextName.IsAtOrBelow(zone.Zone))
        {
            records.Unfit ??= new Ground(LookupReason.DenialInvalid, $"{set}: its types cannot be read, or its next name lies outside the zone (RFC 4034 §4.1)").At(reply);
            return;
        }

        records.Add(new NsecRecord(set.Owner, data.NextName, data.Types));
        records.Count(check);
        _evidence.Conclude(set, reply, check);
    }

    private void AddNsec3(DenialRecords records, SignedSet set, SignatureCheck check, ZoneTrust zone, Reply reply)
    {
        var hash = new byte[Nsec3Hash.Length];
        if (!Nsec3Data.TryRead(set.Data[0], out var data) || data.NextHash.Length != Nsec3Hash.Length
            || set.Owner.IsRoot || !set.Owner.Parent.Equals(zone.Zone) || !Base32Hex.TryDecode(set.Owner.GetLabel(0), hash))
        {
            records.Unfit ??= new Ground(LookupReason.DenialInvalid, $"{set}: it cannot be read, or its owner is no hash below the zone's apex (RFC 5155 §3)").At(reply);
            return;
        }

        // RFC 9276 §3.2: above the limit the denial is insecure; the record's own signature has been verified.
        records.Count(check);
        if (data.Iterations > _policy.Nsec3IterationLimit)
        {
            records.TooManyIterations ??= new(
                LookupReason.TooManyIterations,
                $"{set} has {data.Iterations} iterations, more than {_policy.Nsec3IterationLimit}: denials by {zone.Zone} are insecure (RFC 9276 §3.2)");
            if (data.Iterations <= MaximumIterations) records.AddCostly(new(new(hash), data));
            return;
        }

        records.Add(new Nsec3Record(new(hash), data));
        _evidence.Conclude(set, reply, check);
    }

    /// <summary>RFC 5155 §8.1, §8.2: records with an unknown hash, or with flags other than opt-out, are ignored.</summary>
    private static bool IsKnown(SignedSet set) =>
        set.Data.Count != 1 || !Nsec3Data.TryRead(set.Data[0], out var data) || (data.HashAlgorithm == Nsec3Hash.Sha1Algorithm && (data.Flags & ~Nsec3Data.OptOutFlag) == 0);

    /// <summary>What lies below a zone and is insecure on the ground of the zone's own records.</summary>
    private ZoneTrust Below(ZoneTrust zone, Ground ground, DenialRecords records) => new()
    {
        Zone = zone.Zone,
        Standing = Standing.Insecure,
        Ground = ground,
        Links = zone.Links,
        Notes = zone.Notes,
        SignatureEnd = Earlier(zone.SignatureEnd, records.SignatureEnd),
        KeepUntil = Earlier(zone.KeepUntil, KeepUntil(records.TimeToLive)),
    };

    private static Ground HashLimit(string what, Reply reply) => new Ground(LookupReason.LimitReached, $"{what}: the allowed number of NSEC3 hashes is spent").At(reply);
}
