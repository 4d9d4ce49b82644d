using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Dnssec.Validation;

internal sealed partial class ChainOfTrust
{
    /// <summary>How many zones that claim to have signed one RRset are looked into.</summary>
    private const int MaximumSigners = 2;

    /// <summary>The lowest name that may be the apex of the zone that holds records: a DS set stands at the parent's side (RFC 4035 §2.4).</summary>
    private static DomainName LowestApex(DomainName owner, RecordType type) => type == RecordType.DS && !owner.IsRoot ? owner.Parent : owner;

    /// <summary>Judges an RRset of a reply.</summary>
    private SetVerdict JudgeSet(SignedSet set, Reply reply) => JudgeSet(set, reply, LowestApex(set.Owner, set.Type));

    /// <summary>Judges an RRset of a reply.</summary>
    /// <param name="set">The RRset.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="apex">The lowest name that may be the apex of the zone that holds it.</param>
    private SetVerdict JudgeSet(SignedSet set, Reply reply, DomainName apex)
    {
        if (FindUncovered(apex) is { } uncovered) return SetVerdict.Insecure(uncovered, set.TimeToLive);
        _ = _policy.Anchors.TryFindNearest(apex, out var anchor);

        Ground? fault = null;
        foreach (var signer in Signers(set.Signatures.Select(each => each.Signature.SignerName), apex, anchor!.Zone))
        {
            if (NeedsCutCheck(set, signer, reply)) Want(new(set.Owner, RecordType.DS));
            var trust = TrustOf(signer);
            switch (trust.Standing)
            {
                case Standing.Pending: return SetVerdict.Pending;
                case Standing.Insecure: return SetVerdict.Insecure(trust, set.TimeToLive);
                case Standing.NotAZone:
                    fault ??= new Ground(LookupReason.SignatureUnfit, $"{set}: {signer}, which a signature names as its zone, is no zone (RFC 4035 §5.3.1)").At(reply);
                    continue;
                case Standing.Indeterminate: return FindUnsignedPlace(apex) is { } unsigned ? unsigned.Standing == Standing.Pending ? SetVerdict.Pending : SetVerdict.Insecure(unsigned, set.TimeToLive) : SetVerdict.Failed(trust.Ground!);
                case Standing.Bogus: return SetVerdict.Failed(trust.Ground!);
                case Standing.Secure: break;
            }

            var check = set.Check(trust.Keys!, _policy, _now, Work);
            if (check.IsOverLimit) return SetVerdict.Failed(check.Fault!.At(reply));
            if (!check.IsValid)
            {
                fault ??= check.Fault!.At(reply);
                continue;
            }

            var verdict = check.IsExpanded
                ? ConfirmExpansion(set, reply, apex, trust, check)
                : ConfirmZone(set, reply, trust, check, set.Type is RecordType.DS or RecordType.NSEC ? set.Owner.Parent : set.Owner);
            if (verdict.Standing != Standing.Bogus) return verdict;
            fault ??= verdict.Ground;
        }

        // No signature stands. That is no evidence of anything: only a proof that no signature is to be expected makes the set insecure (RFC 4035 §4.3, §5.2).
        var place = FindPlace(apex);
        return place.Standing switch
        {
            Standing.Pending => SetVerdict.Pending,
            Standing.Insecure when fault is not null && IsConjecture(place) => SetVerdict.Failed(fault),
            Standing.Insecure => SetVerdict.Insecure(place, set.TimeToLive),
            Standing.Secure => SetVerdict.Failed(fault ?? Unsigned(set, reply, place.Zone)),
            Standing.NotAZone or Standing.Bogus or Standing.Indeterminate => SetVerdict.Failed(fault ?? place.Ground!),
        };
    }

    /// <summary>
    /// Whether an unsigned zone is only possible there: no cut was shown, a span of opt-out or a denial above the limit of iterations leaves it open. That excuses records without
    /// signatures, but not those that a trusted zone has signed wrongly: they come from no unsigned zone.
    /// </summary>
    private static bool IsConjecture(ZoneTrust place) => place.Ground?.Reason is LookupReason.OptOut or LookupReason.TooManyIterations;

    private static Ground Unsigned(SignedSet set, Reply reply, DomainName zone) => set.Signatures.Count == 0
        ? new Ground(LookupReason.SignatureMissing, $"{set} bears no signature although {zone} is signed (RFC 4035 §5)").At(reply)
        : new Ground(LookupReason.SignatureUnfit, $"{set} bears no signature by {zone}, the zone that holds it (RFC 4035 §5.3.1)").At(reply);

    /// <summary>The zones that signatures name, of those that could hold the records, the lowest first.</summary>
    private static IEnumerable<DomainName> Signers(IEnumerable<DomainName> named, DomainName lowest, DomainName highest)
    {
        var signers = new List<DomainName>();
        foreach (var signer in named)
        {
            // RFC 4035 §5.3.1: the zone that contains the RRset is at or above its owner; above the nearest anchor nothing is believed for names below it.
            if (lowest.IsAtOrBelow(signer) && signer.IsAtOrBelow(highest) && !signers.Contains(signer)) signers.Add(signer);
        }

        if (signers.Count < 2) return signers;
        signers.Sort((left, right) => right.LabelCount - left.LabelCount);
        return signers.Take(MaximumSigners);
    }

    private static bool NeedsCutCheck(SignedSet set, DomainName signer, Reply reply) =>
        reply.Zone is null && set.Owner.IsBelow(signer) && set.Type is not (RecordType.DS or RecordType.NSEC or RecordType.DNSKEY)
        && set.Signatures.Any(each => each.Signature.Labels >= (set.Owner.IsWildcard ? set.Owner.LabelCount - 1 : set.Owner.LabelCount));

    /// <summary>
    /// RFC 4035 §5.3.1: the signer is the zone that contains the RRset, so no zone cut lies between the two. The zone's own record of denial at the owner
    /// shows that: names below a cut have none (RFC 4034 §4, RFC 5155 §7.1). Where it cannot be had, each label between the two is looked at: what shows
    /// a cut decides. Where nothing shows one, the zone's signature stands.
    /// </summary>
    /// <param name="set">The RRset, whose signature stands.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="zone">The zone that signed it.</param>
    /// <param name="check">The signature.</param>
    /// <param name="lowest">The lowest name at which a cut would matter: DS and NSEC stand at the parent's side of one at their owner.</param>
    private SetVerdict ConfirmZone(SignedSet set, Reply reply, ZoneTrust zone, SignatureCheck check, DomainName lowest)
    {
        if (KnownCut(lowest, zone) is { } cutBelow) return SetVerdict.Failed(Ancestor(cutBelow));

        // Who came here by referrals knows whose servers replied.
        if (reply.Zone is { } served && served.Equals(zone.Zone)) return Signed(zone, check);

        for (var name = lowest; name.IsBelow(zone.Zone); name = name.Parent)
        {
            var cut = CutAt(name);
            switch (cut.Kind)
            {
                case CutKind.Pending: return SetVerdict.Pending;
                case CutKind.Signed: return SetVerdict.Failed(Ancestor(name));

                // RFC 4035 §2.3: at a cut the zone above lists no data. Some who sign as they answer list all types at every name, NS among them.
                case CutKind.Unsigned when cut.ListsData && reply.Zone is null && cut.Parent!.Zone.Equals(zone.Zone): return Signed(zone, check);
                case CutKind.Unsigned: return InsecureAt(name);

                // At an alias's own name there is no cut, unless one is proven.
                case var _ when set.Type == RecordType.CNAME && name.Equals(set.Owner): continue;
                case CutKind.None when !cut.Parent!.Zone.Equals(zone.Zone): return SetVerdict.Failed(Ancestor(cut.Parent.Zone));
                case CutKind.None when !cut.IsAlias: return Signed(zone, check);
                case CutKind.None: continue;

                // RFC 9276 §3.2 makes denials insecure, not what is signed. But where a referral has led further down, another zone holds the name.
                case CutKind.InsecureAbove when cut.Ground!.Reason == LookupReason.TooManyIterations && cut.Parent!.Zone.Equals(zone.Zone) && !IsServedBelow(reply, zone): return Signed(zone, check);
                case CutKind.InsecureAbove: return InsecureAt(name);
                case CutKind.Bogus when HasDelegationSigners(name): return SetVerdict.Failed(cut.Ground!);
                case CutKind.Indeterminate when cut.Ground!.Reason is LookupReason.LimitReached or LookupReason.NotRecorded: return SetVerdict.Failed(cut.Ground);

                // Servers that keep silent on a type would keep silent on it for every label.
                case CutKind.Indeterminate when HasTimedOut(name): return IsServedBelow(reply, zone) ? SetVerdict.Failed(Ancestor(reply.Zone!.Value)) : Signed(zone, check);
                case CutKind.Bogus or CutKind.Indeterminate: continue;
            }
        }

        // Referrals have led further down than to the signer: then silence about the cut proves nothing.
        return IsServedBelow(reply, zone) ? SetVerdict.Failed(Ancestor(reply.Zone!.Value)) : Signed(zone, check);

        // Insecure is what the way down from the anchor shows to be so: a signed cut above may have made what denies DS here nobody's.
        SetVerdict InsecureAt(DomainName name) => FindPlace(name) is var place && place.Standing == Standing.Insecure ? SetVerdict.Insecure(place, set.TimeToLive)
            : place.Standing == Standing.Pending ? SetVerdict.Pending
            : SetVerdict.Failed(place.Ground ?? Ancestor(place.Zone));

        Ground Ancestor(DomainName cut) => new Ground(
            LookupReason.SignatureUnfit,
            $"{set}: the signature is by {zone.Zone}, but the zone cut at {cut} lies between: the zone that holds the RRset did not sign it (RFC 4035 §5.3.1)").At(reply);
    }

    /// <summary>A signed delegation that is known already to lie between a name and a zone above it; null when none is.</summary>
    private DomainName? KnownCut(DomainName lowest, ZoneTrust zone)
    {
        for (var name = lowest; name.IsBelow(zone.Zone); name = name.Parent)
            if (_evidence.TryGetCut(name, out var cut) && cut.Kind == CutKind.Signed) return name;
        return null;
    }

    private static bool IsServedBelow(Reply reply, ZoneTrust zone) => reply.Zone is { } served && served.IsBelow(zone.Zone);

    /// <summary>Whether the reply to a DS question holds a DS set, good or not.</summary>
    private bool HasDelegationSigners(DomainName name) =>
        _evidence.TryGet(new(name, RecordType.DS), out var reply) && reply.Failure is null && reply.Answer.TryFind(name, RecordType.DS, out _);

    private bool HasTimedOut(DomainName name) =>
        _evidence.TryGet(new(name, RecordType.DS), out var reply) && reply.Failure is { Reason: LookupReason.TimedOut };

    /// <summary>RFC 4035 §5.3.4, RFC 5155 §8.8: a set made from a wildcard needs the proof that no closer name exists.</summary>
    private SetVerdict ConfirmExpansion(SignedSet set, Reply reply, DomainName apex, ZoneTrust zone, SignatureCheck check)
    {
        // RFC 4592 §4: a wildcard neither delegates nor stands at an apex, and what a DNAME at one would mean is undefined.
        if (set.Type is RecordType.DS or RecordType.DNSKEY or RecordType.SOA or RecordType.DNAME)
            return SetVerdict.Failed(new Ground(LookupReason.SignatureUnfit, $"{set} was made from a wildcard, which cannot be for this type (RFC 4592 §4)").At(reply));

        var nextCloser = set.Owner.Suffix(check.Labels + 1);
        var denials = ReadDenials(reply, zone);
        if (denials.IsOverLimit) return SetVerdict.Failed(denials.Fault!);
        var proof = denials.ProveAbsence(nextCloser, Work);
        if (proof.Kind == DenialKind.OverLimit) return SetVerdict.Failed(HashLimit(set.ToString(), reply));
        if (denials.Fault is { } broken) return SetVerdict.Failed(broken);
        if (proof.Kind == DenialKind.NameError && !proof.IsOptOut)
        {
            // A hash covers names below a cut as well: that none lies at the wildcard's parent or above is looked at as it is for other records.
            var confirmed = denials.ProvesAbsenceByNsec(nextCloser) ? Signed(zone, check) : ConfirmZone(set, reply, zone, check, nextCloser.Parent);
            if (confirmed.Standing != Standing.Secure) return confirmed;
            return confirmed with { TimeToLive = Math.Min(confirmed.TimeToLive, denials.TimeToLive), SignatureEnd = Earlier(confirmed.SignatureEnd, denials.SignatureEnd) };
        }

        // RFC 5155 §9.2: over an opt-out span an unsigned delegation could be the closer name.
        if (proof.Kind == DenialKind.NameError)
            return SetVerdict.Insecure(Below(zone, new(LookupReason.OptOut, $"{set} was made from a wildcard, and {nextCloser} lies in an opt-out span of {zone.Zone} (RFC 5155 §9.2)"), denials), set.TimeToLive);
        var costly = denials.TooManyIterations is null ? DenialProof.Unproven("") : denials.ProveCostlyAbsence(nextCloser, Work);
        if (costly?.Kind == DenialKind.OverLimit) return SetVerdict.Failed(HashLimit(set.ToString(), reply));
        if (denials.TooManyIterations is { } ground && costly?.Kind != DenialKind.Unproven)
            return Unhashed(set.ToString(), apex, zone, reply, SetVerdict.Insecure(Below(zone, ground, denials), set.TimeToLive));

        return SetVerdict.Failed(denials.Unfit ?? new Ground(
            LookupReason.WildcardProofMissing,
            $"{set} was made from a wildcard of {zone.Zone}, and there is no proof that {nextCloser} does not exist (RFC 4035 §5.3.4, RFC 5155 §8.8)").At(reply));
    }

    private static SetVerdict Signed(ZoneTrust zone, SignatureCheck check) => new()
    {
        Standing = Standing.Secure,
        Zone = zone,
        Signature = check,
        TimeToLive = check.TimeToLive,
        SignatureEnd = check.Use.Expiration,
    };

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
