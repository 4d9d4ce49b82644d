using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Dnssec.Validation;

internal sealed partial class ChainOfTrust
{
    /// <summary>What is configured to be insecure: below a negative anchor, or below no anchor at all; null where an anchor reigns.</summary>
    private ZoneTrust? FindUncovered(DomainName apex)
    {
        var hasAnchor = _policy.Anchors.TryFindNearest(apex, out var anchor);
        DomainName? nearest = null;
        foreach (var negative in _policy.NegativeAnchors)
            if (apex.IsAtOrBelow(negative) && (nearest is not { } found || negative.LabelCount > found.LabelCount)) nearest = negative;

        // RFC 7646 §2: the nearest of both kinds decides; at the same name the negative one.
        if (nearest is { } name && (!hasAnchor || name.LabelCount >= anchor!.Zone.LabelCount))
        {
            var text = $"the negative trust anchor {name} makes everything there insecure (RFC 7646)";
            return new() { Zone = name, Standing = Standing.Insecure, Ground = new(LookupReason.NegativeAnchor, text), Notes = [new(NoteCodes.NegativeAnchor, name, text)] };
        }

        return hasAnchor ? null : new() { Zone = apex, Standing = Standing.Insecure, Ground = new(LookupReason.NoTrustAnchor, $"there is no trust anchor at or above {apex} (RFC 4033 §5)") };
    }

    /// <summary>Whether a zone's keys are believed, and which they are. The name may turn out to be no zone.</summary>
    private ZoneTrust TrustOf(DomainName zone)
    {
        if (_evidence.TryGetZone(zone, out var known)) return known;
        zone = zone.ToOwned();
        var trust = JudgeZone(zone);
        if (trust.Standing != Standing.Pending) _evidence.Conclude(zone, trust);
        return trust;
    }

    private ZoneTrust JudgeZone(DomainName zone)
    {
        if (FindUncovered(zone) is { } uncovered) return uncovered;
        if (_policy.Anchors.TryGet(zone, out var anchor)) return JudgeAnchoredZone(anchor);

        // The key set is going to be needed; both questions can be asked at once.
        Want(new(zone, RecordType.DNSKEY));
        var cut = CutAt(zone);
        return cut.Kind switch
        {
            CutKind.Pending => ZoneTrust.Pending,
            CutKind.Signed => JudgeDelegatedZone(zone, cut),
            CutKind.Unsigned when cut.DelegationSigners is not null => InsecureBelow(zone, cut),
            CutKind.None => new() { Zone = zone, Standing = Standing.NotAZone, Ground = new(LookupReason.SignatureUnfit, $"{zone} is no zone (RFC 4035 §5.3.1)"), KeepUntil = cut.KeepUntil },

            // Whom a signature names is for whoever sends it to choose, and the first signed cut above may have made what denies DS there nobody's: as without a signature, the way goes down label by label.
            CutKind.Unsigned or CutKind.InsecureAbove => FindPlace(zone),
            CutKind.Bogus or CutKind.Indeterminate => ZoneTrust.Failed(zone, cut.Ground!),
        };
    }

    private ZoneTrust JudgeAnchoredZone(TrustAnchor anchor)
    {
        var delegation = DelegationSet.Read(anchor.DelegationSigners, _policy);
        var keys = anchor.Keys.Where(key => DnskeyData.TryRead(key, out var view) && _policy.Supports((SecurityAlgorithm)view.Algorithm)).ToImmutableArray();
        if (delegation.Usable.IsEmpty && keys.IsEmpty)
        {
            var ground = DelegationSet.Unsupported(anchor.Zone, "the trust anchor", anchor.DelegationSigners, _policy);
            return new() { Zone = anchor.Zone, Standing = Standing.Insecure, Ground = ground, Notes = [new(NoteCodes.AnchorUnsupported, anchor.Zone, ground.Text)] };
        }

        return JudgeKeys(anchor.Zone, delegation, keys, null);
    }

    private ZoneTrust JudgeDelegatedZone(DomainName zone, ZoneCut cut) => JudgeKeys(zone, cut.Delegation!, [], cut);

    private ZoneTrust JudgeKeys(DomainName zone, DelegationSet delegation, ImmutableArray<Dns.Octets> anchorKeys, ZoneCut? cut)
    {
        if (Find(new(zone, RecordType.DNSKEY)) is not { } reply) return ZoneTrust.Pending;
        if (reply.Failure is { } failure) return ZoneTrust.Failed(zone, Unavailable(failure, $"the DNSKEY set of {zone}"));
        if (!reply.Answer.TryFind(zone, RecordType.DNSKEY, out var set))
            return ZoneTrust.Failed(zone, new Ground(LookupReason.KeyMissing, $"{zone} has no DNSKEY set although {(cut is null ? "a trust anchor" : "a DS set")} demands one (RFC 4035 §5.2)") { About = new(zone, zone, RecordType.DNSKEY) }.At(reply));

        set.LeavePacket();
        var check = KeySetChecker.Check(set, delegation, anchorKeys, _policy, _now, Work);
        if (check.Fault is { } fault) return ZoneTrust.Failed(zone, fault.At(reply));

        var signature = check.Signature!;
        var link = new TrustLink(zone, cut is null, cut?.DelegationSigners, cut?.Signature, set.Records, signature.Use);
        var ownEnd = signature.Use.Expiration;
        var ownKeep = KeepUntil(signature.TimeToLive);
        return new()
        {
            Zone = zone,
            Standing = Standing.Secure,
            Keys = check.Keys,
            Links = [.. cut?.Parent?.Links ?? [], link],
            Notes = [.. cut?.Parent?.Notes ?? [], .. Notes(zone, delegation, set, check)],
            SignatureEnd = cut is null ? ownEnd : Earlier(ownEnd, cut.SignatureEnd),
            KeepUntil = cut is null ? ownKeep : Earlier(ownKeep, cut.KeepUntil),
        };
    }

    private static IEnumerable<LookupNote> Notes(DomainName zone, DelegationSet delegation, SignedSet keys, KeySetCheck check)
    {
        if (check.Signature!.UsesSha1) yield return new(NoteCodes.Sha1, zone, $"{zone} signs with SHA-1 (algorithm {(int)check.Signature.Use.Algorithm}), which RFC 9905 retires");
        if (delegation.UsesSha1) yield return new(NoteCodes.Sha1, zone, $"the DS set of {zone} rests on SHA-1 digests, which RFC 9905 retires");
        foreach (var algorithm in delegation.Algorithms)
        {
            // RFC 6840 §5.11: one valid path suffices; what RFC 4035 §2.2 demands of the zone is told all the same.
            if (!keys.Signatures.Any(each => each.Signature.Algorithm == (byte)algorithm))
                yield return new(NoteCodes.AlgorithmUnused, zone, $"the DS set of {zone} names {SecurityAlgorithms.ToText(algorithm)}, with which the zone does not sign its keys (RFC 4035 §2.2)");
        }
    }

    /// <summary>What a name is to the zone above it, by the answer to a DS question.</summary>
    private ZoneCut CutAt(DomainName name)
    {
        if (_evidence.TryGetCut(name, out var known)) return known;

        // Every step leads upwards, so this cannot be; if it were, it must end.
        if (!_cutsInWork.Add(name)) return Failed(new(LookupReason.LimitReached, $"the chain of trust of {name} leads in a circle"));
        var cut = JudgeCut(name);
        _cutsInWork.Remove(name);
        if (cut.Kind != CutKind.Pending) _evidence.Conclude(name, cut);
        return cut;
    }

    private ZoneCut JudgeCut(DomainName name)
    {
        if (FindUncovered(name.Parent) is { } uncovered) return InsecureAbove(uncovered);
        if (Find(new(name, RecordType.DS)) is not { } reply) return ZoneCut.Pending;

        // RFC 4035 §4.3: a failed lookup is evidence of nothing. But a reply at hand may hold the proof, as a referral does.
        if (reply.Failure is { } failure) return CutInReply(name) ?? Failed(Unavailable(failure, $"the DS set of {name}"));
        if (reply.Answer.TryFind(name, RecordType.DS, out var set)) return JudgeDelegation(name, set, JudgeSet(set, reply));
        if (reply.TryFindDname(name, out var dname)) return NoCut(JudgeSet(dname, reply), isAlias: true);

        // An alias cannot stand at a zone's apex (RFC 1034 §3.6.2): it is one of the zone above.
        if (reply.Answer.TryFind(name, RecordType.CNAME, out var cname)) return NoCut(JudgeSet(cname, reply, name.Parent), isAlias: true);

        var denial = JudgeDenial(reply, name, RecordType.DS, checksSoa: false);

        // RFC 4035 §5.2: where nothing proves that there is no DS, nothing is known to be unsigned.
        return denial is { Standing: Standing.Bogus, Ground: { Reason: LookupReason.DenialMissing } missing }
            ? Failed(missing with { Reason = LookupReason.DelegationProofMissing, Text = $"nothing proves that {name} is not signed: {missing.Text}" })
            : DeniedCut(name, denial);
    }

    /// <summary>What the denial of DS at a name makes of it.</summary>
    private ZoneCut DeniedCut(DomainName name, SetVerdict denial)
    {
        if (denial is not { Standing: Standing.Secure, IsDelegation: true }) return NoCut(denial, isAlias: false);
        return new()
        {
            Kind = CutKind.Unsigned,
            Parent = denial.Zone,
            ListsData = denial.ListsData,
            BeginsOptOut = denial.BeginsOptOut,
            Ground = new(LookupReason.InsecureDelegation, $"{denial.Zone!.Zone} proves that the delegation of {name} has no DS (RFC 4035 §5.2)"),
            SignatureEnd = Earlier(denial.Zone.SignatureEnd, denial.SignatureEnd),
            KeepUntil = Earlier(denial.Zone.KeepUntil, KeepUntil(denial.TimeToLive)),
        };
    }

    /// <summary>A denial of DS that stands in a reply to the question itself or to one that its aliases led to; null when none proves an unsigned delegation.</summary>
    private ZoneCut? CutInReply(DomainName name)
    {
        _ = _policy.Anchors.TryFindNearest(name.Parent, out var anchor);
        foreach (var reply in _replies)
        {
            foreach (var signer in Signers(DenialSigners(reply), name.Parent, anchor!.Zone))
            {
                var zone = TrustOf(signer);
                if (zone.Standing == Standing.Pending) return ZoneCut.Pending;
                if (zone.Standing != Standing.Secure) continue;
                if (DeniedCut(name, JudgeDenial(reply, name, RecordType.DS, checksSoa: false, zone)) is { Kind: CutKind.Unsigned or CutKind.InsecureAbove } cut) return cut;
            }
        }

        return null;
    }

    /// <summary>A DS set: a signed delegation if it verifies and holds something supported.</summary>
    private ZoneCut JudgeDelegation(DomainName name, SignedSet set, SetVerdict verdict)
    {
        if (verdict.Standing != Standing.Secure) return NoCut(verdict, isAlias: false);
        if (FaultBetween(name, verdict.Zone!.Zone) is { } between) return between;
        set.LeavePacket();
        var delegation = DelegationSet.Read(set.Data, _policy);
        return new()
        {
            Kind = delegation.Usable.IsEmpty ? CutKind.Unsigned : CutKind.Signed,
            Ground = delegation.Usable.IsEmpty ? DelegationSet.Unsupported(name, "the DS set", set.Data, _policy) : null,
            Parent = verdict.Zone,
            Delegation = delegation,
            DelegationSigners = set.Records,
            Signature = verdict.Signature!.Use,
            SignatureEnd = Earlier(verdict.Zone!.SignatureEnd, verdict.SignatureEnd),
            KeepUntil = Earlier(verdict.Zone.KeepUntil, KeepUntil(verdict.TimeToLive)),
        };
    }

    /// <summary>
    /// A chain of trust goes down label by label. A denial of DS that is wrong at one between a zone and a delegation of its ends the chain there, whatever the DS set further down
    /// is signed with; and where one turns out to be a delegation, what lies below is another zone's. Where DS cannot be had at all, that set stands. Null where nothing is wrong.
    /// </summary>
    private ZoneCut? FaultBetween(DomainName delegation, DomainName zone)
    {
        for (var labels = zone.LabelCount + 1; labels < delegation.LabelCount; labels++)
            if (!_evidence.TryGetCut(delegation.Suffix(labels), out _)) Want(new(delegation.Suffix(labels), RecordType.DS));
        for (var labels = zone.LabelCount + 1; labels < delegation.LabelCount; labels++)
        {
            var name = delegation.Suffix(labels);
            switch (CutAt(name))
            {
                case { Kind: CutKind.Pending or CutKind.Bogus } cut: return cut;

                // RFC 4035 §5.3.1: the signer is the zone that contains the RRset, also where one server has both zones and shows no cut to who follows referrals.
                case { Kind: CutKind.Signed }: return Failed(new(LookupReason.SignatureUnfit, $"{delegation} DS: the signature is by {zone}, but the zone cut at {name} lies between (RFC 4035 §5.3.1)"));
                case { Kind: CutKind.Unsigned, ListsData: false } cut: return InsecureAbove(InsecureBelow(name, cut));
            }
        }

        return null;
    }

    /// <summary>No delegation, if the verdict is secure; otherwise what the verdict means for a delegation.</summary>
    private ZoneCut NoCut(SetVerdict verdict, bool isAlias) => verdict.Standing switch
    {
        Standing.Pending => ZoneCut.Pending,
        Standing.Secure => new()
        {
            Kind = CutKind.None,
            Parent = verdict.Zone,
            IsAlias = isAlias,
            SignatureEnd = Earlier(verdict.Zone!.SignatureEnd, verdict.SignatureEnd),
            KeepUntil = Earlier(verdict.Zone.KeepUntil, KeepUntil(verdict.TimeToLive)),
        },
        Standing.Insecure => InsecureAbove(verdict.Zone!) with { KeepUntil = Earlier(verdict.Zone!.KeepUntil, KeepUntil(verdict.TimeToLive)) },
        Standing.NotAZone or Standing.Bogus or Standing.Indeterminate => Failed(verdict.Ground!),
    };

    private static ZoneCut InsecureAbove(ZoneTrust zone) => new()
    {
        Kind = CutKind.InsecureAbove,
        Parent = zone,
        Ground = zone.Ground,
        SignatureEnd = zone.SignatureEnd,
        KeepUntil = zone.KeepUntil,
    };

    private static ZoneCut Failed(Ground ground) =>
        new() { Kind = ZoneTrust.IsIndeterminate(ground.Reason) ? CutKind.Indeterminate : CutKind.Bogus, Ground = ground };

    /// <summary>A zone below a delegation that is proven not to be signed.</summary>
    private static ZoneTrust InsecureBelow(DomainName zone, ZoneCut cut) => InsecureBelow(cut, zone.ToOwned());

    private static ZoneTrust InsecureBelow(ZoneCut cut, DomainName zone) => new()
    {
        Zone = zone,
        Standing = Standing.Insecure,
        Ground = cut.Ground,
        Links = cut.DelegationSigners is null ? cut.Parent!.Links : [.. cut.Parent!.Links, new(zone, false, cut.DelegationSigners, cut.Signature, null, null)],
        Notes = cut.Parent.Notes,
        SignatureEnd = cut.SignatureEnd,
        KeepUntil = cut.KeepUntil,
    };

    /// <summary>
    /// The zone that holds a name, found from the nearest anchor downwards, or the insecurity that is proven on the way. Each label is asked for DS. Nothing but
    /// an authenticated answer leads on or ends in insecurity (RFC 4035 §5.2).
    /// </summary>
    private ZoneTrust FindPlace(DomainName name)
    {
        if (FindUncovered(name) is { } uncovered) return uncovered;
        _ = _policy.Anchors.TryFindNearest(name, out var anchor);
        var place = TrustOf(anchor!.Zone);
        for (var labels = anchor.Zone.LabelCount + 1; labels <= name.LabelCount && place.Standing == Standing.Secure; labels++)
        {
            var below = name.Suffix(labels);
            var cut = CutAt(below);
            place = cut.Kind switch
            {
                CutKind.Pending => ZoneTrust.Pending,
                CutKind.Signed => TrustOf(below),
                CutKind.Unsigned when !cut.Parent!.Zone.Equals(place.Zone) => ZoneTrust.Failed(below, new(LookupReason.DenialInvalid, $"{cut.Parent.Zone} calls {below} a delegation, and {place.Zone}, a zone below it, holds the name (RFC 4035 §5.3.1)")),
                CutKind.Unsigned => InsecureBelow(below, cut),
                CutKind.InsecureAbove when place.Zone.IsBelow(cut.Parent!.Zone) => ZoneTrust.Failed(below, new(LookupReason.DenialInvalid, $"{cut.Parent.Zone} leaves open whether {below} is signed, and {place.Zone}, a zone below it, holds the name (RFC 4035 §5.3.1)")),
                CutKind.None => place,
                CutKind.InsecureAbove => cut.Parent!,
                CutKind.Bogus or CutKind.Indeterminate => FindFurtherDown(name, labels) ?? ZoneTrust.Failed(below, cut.Ground!),
            };
        }

        return place;
    }

    /// <summary>
    /// What is proven to be unsigned above a zone of which nothing could be learnt: signatures there are nobody's, and whether its servers know DS does not matter (RFC 4035 §5.2).
    /// </summary>
    /// <returns>Null when nothing is proven; pending when more has to be asked.</returns>
    private ZoneTrust? FindUnsignedPlace(DomainName apex) =>
        FindPlace(apex) is { Standing: Standing.Pending or Standing.Insecure } place && !IsConjecture(place) ? place : null;

    /// <summary>
    /// Where nothing could be learnt about one label, a proof about a name further down may reach across it: the records that show a delegation in an opt-out span cover
    /// the next closer name (RFC 5155 §8.6), which may be that label. NSD denies DS at an empty non-terminal of such a span with half a proof.
    /// </summary>
    /// <returns>Null when nothing is proven.</returns>
    private ZoneTrust? FindFurtherDown(DomainName name, int labels)
    {
        for (var deeper = labels + 1; deeper <= name.LabelCount; deeper++)
        {
            var below = name.Suffix(deeper);
            var cut = CutAt(below);
            switch (cut.Kind)
            {
                case CutKind.Pending: return ZoneTrust.Pending;

                // Elsewhere each name has a record of its own, and who hides it may hide a signed cut that the zone has made since.
                case CutKind.Unsigned when cut.BeginsOptOut && cut.Ground is { Reason: LookupReason.InsecureDelegation }: return InsecureBelow(below, cut);
                case CutKind.InsecureAbove when cut.Ground is { Reason: LookupReason.OptOut or LookupReason.TooManyIterations }: return cut.Parent;
                default: break;
            }
        }

        return null;
    }

    /// <summary>RFC 4035 §4.3: what the chain needs could not be had.</summary>
    private static Ground Unavailable(Ground failure, string what) => failure.Reason is LookupReason.LimitReached or LookupReason.NotRecorded
        ? failure
        : failure with { Reason = LookupReason.ChainUnavailable, Text = $"{what}, which the chain of trust needs, could not be had: {failure.Text}" };

    private DateTimeOffset KeepUntil(uint timeToLive)
    {
        var left = DateTimeOffset.MaxValue - _now;
        var kept = TimeSpan.FromSeconds(Math.Min(timeToLive, MaximumTimeToLive));
        return kept < left ? _now + kept : DateTimeOffset.MaxValue;
    }

    /// <summary>A day: nothing is kept for longer (RFC 8767 §4 finds that sensible).</summary>
    private const uint MaximumTimeToLive = 86400;
}
