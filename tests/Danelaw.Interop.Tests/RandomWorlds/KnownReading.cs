using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>A place where unbound and Danelaw read a signed zone differently, and the section that decides. Each stands in <c>docs/decisions/0115-random-worlds.md</c>.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Section">The section.</param>
/// <param name="Applies">Whether a question is one of these, by what its world is made of and by both verdicts.</param>
internal sealed record KnownReading(string Name, string Section, Func<Compared, bool> Applies)
{
    /// <summary>unbound without a verdict, or the only one of the three to accept what was made to be refused.</summary>
    public static readonly KnownReading UnboundAlone = new("unbound alone", "RFC 4035 §5, as the world was made", _ => false);

    /// <summary>unbound otherwise among thousands of questions than alone: a server that was silent for long makes it take the zone for bogus for a minute, and what it keeps denies DS.</summary>
    public static readonly KnownReading UnboundBusy = new("unbound otherwise among thousands of questions than alone, where all agree", "RFC 4035 §4.3, §5.3.4", _ => false);

    public static readonly IReadOnlyList<KnownReading> All =
    [
        new("the CNAME that a DNAME makes, asked for as CNAME", "RFC 6672 §5.3.1",
            each => each.Question.Type == RecordType.CNAME && each.Expected.Class == ProofClass.Dname && each is { Expected.Status: PeerStatus.Secure, Ours.Status: PeerStatus.Secure }),
        new("a DNAME's result too long", "RFC 6672 §2.2, §5.3.1",
            each => each.Expected.Steps.Any(step => step.Step.Class == ProofClass.DnameTooLong) && each.IsAsExpected && each.Unbound is { Status: PeerStatus.Insecure, Code: ResponseCode.YXDomain }),
        new("a revoked key in the chain", "RFC 5011 §2.1",
            each => each.OnlyWeRefuse && each.IsAsExpected && IsFirstBroken(each, ChainFault.KeyRevoked)),
        new("a wrong SHA-256 DS beside a right SHA-1 DS", "RFC 4509 §3",
            each => each.OnlyWeRefuse && each.IsAsExpected && IsFirstBroken(each, ChainFault.DsBySha256WrongBesideSha1)),
        new("a DS set, or a record of denial, made from a wildcard", "RFC 4035 §5.3.4",
            each => each.OnlyWeRefuse && (Places(each).Any(place => Fault(place) == SetFault.LabelsFewer && place.Place.Type is RecordType.DS or RecordType.NSEC or RecordType.NSEC3) || Chain(each).Any(zone => FaultOfDs(zone) == SetFault.LabelsFewer || DelegationDenials(zone).Any(place => zone.Parent!.SetFaults.GetValueOrDefault(place) == SetFault.LabelsFewer)))),
        // unbound keeps such a record as the wildcard's own, and denies DS by it whether or not it is to use what it keeps.
        new("a DS that is there, below a span that unbound has made of a record of denial made from a wildcard", "RFC 4035 §5.3.4",
            each => each is { IsAsExpected: true, Question.Type: RecordType.DS, Expected: { Class: ProofClass.DsPositive, Steps: [var only] }, Ours.Status: PeerStatus.Secure, Unbound: { Status: PeerStatus.Secure, Records: "" } }
                && IsSpannedFromWildcard(only.Zone, each.Question.Owner)),
        new("an NSEC record without any types", "RFC 4035 §2.3",
            each => each.OnlyWeRefuse && each.Expected.Steps.Any(step => step.Step.Denials.Any(place => place.Type == RecordType.NSEC && step.Zone.Served.Any(record => record.Owner == place.Owner && record.Type == RecordType.NSEC && !NsecData.TryRead(record.Data, out _))))),
        new("data signed by the zone above the cut", "RFC 4035 §5.3.1",
            each => (each.OnlyWeRefuse || each is { Ours.IsRefused: true, Unbound.IsRefused: true } || (each.IsAsExpected && each.Ours.Status < PeerStatus.Secure)) && (Places(each).Any(place => Fault(place) == SetFault.SignerIsParent) || Chain(each).Any(zone => FaultOfDs(zone) == SetFault.SignerIsParent || DelegationDenials(zone).Any(place => zone.Parent!.SetFaults.GetValueOrDefault(place) == SetFault.SignerIsParent)))),
        // Who resolves by referrals does not see a cut that one server hides, and takes the zone that it asked for the one that answered.
        new("data signed by the zone above a cut that one server of both zones hides, resolved from the root", "RFC 4035 §5.3.1",
            each => each.World.IsIterated && !each.Ours.IsRefused && each.Ours.Status == each.Unbound.Status
                && (Places(each).Any(place => Fault(place) == SetFault.SignerIsParent && place.Zone.Server == place.Zone.Parent?.Server)
                    || Chain(each).Any(zone => FaultOfDs(zone) == SetFault.SignerIsParent && zone.Parent!.Server == zone.Parent.Parent?.Server))),
        // A broken record of denial shows no cut, and what the zone has signed stands where nothing shows one.
        new("data signed by the zone above an unsigned cut whose own denial of DS is broken", "RFC 4035 §5.3.1",
            each => each is { Ours.Status: PeerStatus.Secure, Unbound.Status: PeerStatus.Secure }
                && Places(each).Any(place => Fault(place) == SetFault.SignerIsParent && DelegationDenials(place.Zone).Any(place.Zone.Parent!.Bad.Contains))),
        new("a wildcard that has not the type, without the record that says so", "RFC 4035 §5.4, §3.1.3.4",
            each => each.OnlyWeRefuse && each.Expected.Steps.Any(step => step.Step.Class == ProofClass.WildcardNoData && step.Step.Denials.Any(place => step.Zone.DenialFaults.GetValueOrDefault(place) == DenialFault.Missing))),
        new("signed data at a name that the zone's own NSEC or NSEC3 calls a delegation and nothing else", "RFC 4035 §5.3.1, §2.2",
            each => each is { Ours.Status: PeerStatus.Insecure, Unbound.Status: PeerStatus.Secure } && each.Expected.Steps.Any(step => step.Step.Data.Any(place => IsCalledCut(step.Zone, place.Owner)))),
        new("names at and below one that a signed lie of the zone calls a delegation, or a DNAME", "RFC 4035 §5.2, RFC 6840 §4.1",
            each => each.Ours.Status < PeerStatus.Secure && each.Expected.Steps.Any(step => Above(each.Question.Owner, step.Zone).Any(name => IsCalledCut(step.Zone, name, orDname: true)))),
        // It looks the record of some names up by others of the chain.
        new("a zone from which an NSEC3 record was taken, made one of another chain, or robbed of its types: for some names NSD 4.6 then shows none at all", "RFC 5155 §7.2",
            each => each is { Ours.IsRefused: true, Unbound.IsRefused: true } && Chain(each).Any(zone => zone.DenialFaults.Any(fault => fault is { Key.Type: RecordType.NSEC3, Value: DenialFault.Missing or DenialFault.UnknownHash or DenialFault.AnotherSalt or DenialFault.IterationsRaised or DenialFault.TypesRemoved }))),
        new("a wildcard asked for by its own name: NSD 4.6 shows records of denial that the answer does not need, and these are broken", "RFC 4592 §2.3",
            each => each is { Ours.IsRefused: true, Unbound.IsRefused: true, Question.Owner.IsWildcard: true } && each.Expected.Steps.Any(step => step.Zone.Bad.Any(place => place.Type is RecordType.NSEC or RecordType.NSEC3))),
        new("a DS set without anything supported, of a zone whose server has the zone above too: unbound takes the word of the zone below for it", "RFC 4035 §3.1.4.1",
            each => each is { IsAsExpected: true, Unbound.Status: PeerStatus.Secure } && Chain(each).Concat(Delegated(each)).Any(zone => zone.Fault is ChainFault.DsOfUnknownDigest or ChainFault.DsOfUnknownAlgorithm && zone.Server == zone.Parent?.Server)),
        new("the CNAME that a broken DNAME makes, asked for as CNAME in a zone above the limit of iterations: unbound looks at neither", "RFC 6672 §5.3.1",
            each => each is { OnlyWeRefuse: true, IsAsExpected: true, Question.Type: RecordType.CNAME, Expected: { Class: ProofClass.Dname, Steps: [{ Zone.HasTooManyIterations: true }, ..] } }),
        new("a name in an opt-out span, the denial of whose wildcard is broken: unbound asks for none there", "RFC 5155 §8.4",
            each => each is { OnlyWeRefuse: true, IsAsExpected: true, Unbound.Status: PeerStatus.Insecure } && each.Expected.Steps.Any(step => (step.Zone.Nsec3 is { OptOut: true } || step.Zone.DenialFaults.ContainsValue(DenialFault.OptOutFlipped)) && step.Step.Denials.Any(place => step.Zone.Bad.Contains(place) || step.Zone.Lies.Contains(place)))),
        // What is ignored proves nothing, and without it the span alone leaves open what lies there.
        new("a name in an opt-out span, whose wildcard's record is one that is ignored", "RFC 5155 §8.2, §8.6",
            each => each is { Ours.Status: PeerStatus.Insecure, Unbound.Status: PeerStatus.Insecure, Expected.Status: PeerStatus.Bogus }
                && each.Expected.Steps.Any(step => step.Zone.Nsec3 is { OptOut: true } && step.Step.Denials.Any(place => step.Zone.DenialFaults.GetValueOrDefault(place) is DenialFault.UnknownFlags or DenialFault.UnknownHash))),
        new("a span whose opt-out flag the zone has turned, and so contradicts its other records", "RFC 5155 §6",
            each => each is { Ours.Status: PeerStatus.Insecure, Unbound.Status: PeerStatus.Secure } && Chain(each).Any(zone => zone.DenialFaults.ContainsValue(DenialFault.OptOutFlipped))),
        new("a DNSKEY set signed by a key that no DS names: unbound lets some of what is below pass, delv nothing", "RFC 4035 §5.2",
            each => each.OnlyWeRefuse && each.IsAsExpected && IsFirstBroken(each, ChainFault.KeySignatureNotByEntry)),
        new("names denied by a record of the apex that leaves SOA out: one of a zone above, by its types", "RFC 6840 §4.1",
            each => each is { OnlyWeRefuse: true, Unbound.Status: PeerStatus.Insecure } && each.Expected.Steps.Any(step => !step.Step.Denials.IsEmpty && IsCalledCut(step.Zone, step.Zone.Apex))),
        new("a denial behind an alias, whose SOA is broken", "RFC 4035 §5.3, RFC 2308 §3",
            each => each is { OnlyWeRefuse: true, Expected: { Status: PeerStatus.Bogus or null, Steps: [{ Step.Target: not null }, .., { Step.Denials.IsEmpty: false } last] } } && last.Zone.Bad.Contains(new SetPlace(last.Zone.Apex, RecordType.SOA))),
        new("the sets of a name of which some are broken, asked for by ANY: each shows what it has, and nothing broken as good", "RFC 8482 §4.1",
            each => each.Question.Type == RecordType.ANY && each.Expected.Steps is [{ Step.Class: ProofClass.Any } only] && only.Step.Data.Where(only.Zone.Bad.Contains).Select(place => place.Type).ToHashSet() is { Count: > 0 } broken
                && !each.Ours.Types.Any(broken.Contains) && !each.Unbound.Types.Any(broken.Contains)),
        new("a type that a signed record of denial, kept from another answer, leaves out", "RFC 8198 §5.4",
            each => each is { Ours: { Status: PeerStatus.Secure, Records: "" }, Unbound.Status: PeerStatus.Secure } && each.Expected.Steps.Any(step => step.Zone.DenialFaults.ContainsValue(DenialFault.TypesRemoved))),
        new("RRSIG asked for", "RFC 4035 §2.2",
            each => each.Question.Type == RecordType.RRSIG && each.Ours.Status < PeerStatus.Secure && each.Unbound.Status < PeerStatus.Secure),
        // A referral shows the absence of DS without SOA, and so does who has kept it; unbound asks for DS, and the SOA comes with it.
        new("absence of DS, in a zone whose SOA is broken", "RFC 4035 §3.1.4",
            each => each is { Question.Type: RecordType.DS, OnlyUnboundRefuses: true, Expected.Steps: [{ Step.Class: ProofClass.DsAbsence or ProofClass.DsAbsenceByOptOut } only] } && only.Zone.Bad.Contains(new SetPlace(only.Zone.Apex, RecordType.SOA))
                && !only.Step.Denials.Any(only.Zone.Bad.Contains)),
        new("a zone above the limit of iterations, the records of whose denial are broken or lie: nothing is proven there, neither that a name is signed nor that it is not", "RFC 9276 §3.2",
            each => each.Expected.Status is null && each is { Ours.Status: < PeerStatus.Secure, Unbound.Status: < PeerStatus.Secure }
                && (each.Expected.Steps.Any(step => step.Zone.HasTooManyIterations) || Chain(each).Any(zone => zone is { Standing: null, Parent.HasTooManyIterations: true }))),
        new("a delegation without DS in a zone above the limit of iterations, some records of which are broken: unbound wants them all", "RFC 9276 §3.2",
            each => each is { OnlyUnboundRefuses: true, IsAsExpected: true, Ours.Status: PeerStatus.Insecure } && Chain(each).Any(zone => zone is { Fault: ChainFault.NoDs, Parent: { HasTooManyIterations: true } parent } && parent.Bad.Any(place => place.Type == RecordType.NSEC3))),
        // RFC 9276 makes denials insecure, not what is signed; to unbound all is insecure that lies below a label which is so denied.
        new("a DS set that verifies, below an empty non-terminal whose denial is above the limit of iterations", "RFC 9276 §3.2, RFC 4035 §5.2",
            each => each.Unbound.Status == PeerStatus.Insecure && each.IsAsExpected && Chain(each).Any(zone => zone is { Fault: not ChainFault.NoDs, Parent.HasTooManyIterations: true } && zone.Between.Any())),
        // Unsigned to unbound, for the reason above; and NSD shows no denial.
        new("a zone from which an NSEC3 record was taken, with a DS set that verifies, below an empty non-terminal whose denial is above the limit of iterations", "RFC 9276 §3.2, RFC 5155 §7.2",
            each => each is { Ours.IsRefused: true, Unbound.Status: PeerStatus.Insecure } && Chain(each).Any(zone => zone is { Fault: not ChainFault.NoDs, Parent.HasTooManyIterations: true } && zone.Between.Any())
                && Chain(each).Any(zone => zone.DenialFaults.Any(fault => fault is { Key.Type: RecordType.NSEC3, Value: DenialFault.Missing }))),
        new("a DS denied at a wildcard, by a signed lie whose types are those of an apex", "RFC 6840 §4.4",
            each => each is { OnlyWeRefuse: true, Expected: { Status: null, Class: ProofClass.WildcardNoData, Steps: [var only] }, Question.Type: RecordType.DS } && only.Step.Denials.Any(only.Zone.Lies.Contains)),
        new("below a delegation whose own denial of DS is a signed lie, with types that no delegation has", "RFC 6840 §4.3, §4.4",
            each => each is { OnlyWeRefuse: true, Expected.Status: null } && Chain(each).Any(zone => zone.Fault == ChainFault.NoDs && DelegationDenials(zone).Any(zone.Parent!.Lies.Contains))),
        // unbound comes down label by label also to a delegation that is itself proven to be unsigned. NSD 4.6 does not find what covers an empty non-terminal in an opt-out span.
        new("an unsigned delegation of an opt-out zone below an empty non-terminal whose own denial is broken or half a proof", "RFC 4035 §5.2, RFC 5155 §8.6",
            each => each is { Ours.Status: PeerStatus.Insecure, OnlyUnboundRefuses: true, IsAsExpected: true } && Chain(each).Any(zone => zone.Fault == ChainFault.NoDs && HasBrokenBetween(zone))),
        new("what is signed below an empty non-terminal whose own denial is a signed lie: which of its records are shown is up to the server", "RFC 4035 §5.2",
            each => each is { Ours.Status: PeerStatus.Secure, OnlyUnboundRefuses: true, Expected.Status: null } && Chain(each).Any(zone => zone.Fault != ChainFault.NoDs && HasBrokenBetween(zone))),
        new("an alias made from a wildcard, whose target an unsigned zone denies in the same reply: unbound wants that proven too", "RFC 4035 §5.2, §5.3.4",
            each => each is { Ours.Status: PeerStatus.Insecure, OnlyUnboundRefuses: true, IsAsExpected: true, Expected.Steps: [{ Step.Class: ProofClass.WildcardCname }, .., { Zone.Standing: PeerStatus.Insecure }] }),
    ];

    /// <summary>The reading that explains a disagreement; null for one that nobody has explained.</summary>
    public static KnownReading? For(Compared compared) => All.FirstOrDefault(reading => reading.Applies(compared));

    // The denial that its owner has, with NS added to its types or SOA taken out, and without DS.
    private static bool IsCalledCut(ZonePlan zone, DomainName owner, bool orDname = false)
    {
        var denials = new ZoneView(zone.Apex, zone.Sound).Find(owner, RecordType.LOC)?.Denials ?? [];
        return denials.Any(at => zone.Served.Any(record => record.Owner == at.Owner && record.Type == at.Type && Types(record) is { } types
            && ((types.Contains(RecordType.NS) && !types.Contains(RecordType.SOA) && !types.Contains(RecordType.DS)) || (orDname && types.Contains(RecordType.DNAME)))));

        static TypeBitmap? Types(ResourceRecord record) =>
            NsecData.TryRead(record.Data, out var nsec) && record.Type == RecordType.NSEC ? nsec.Types
            : Nsec3Data.TryRead(record.Data, out var nsec3) && record.Type == RecordType.NSEC3 ? nsec3.Types : null;
    }

    // Whether an NSEC record that was signed with one label less than its owner has would, at the wildcard there, cover a name.
    private static bool IsSpannedFromWildcard(ZonePlan zone, DomainName name) => zone.Served.Any(record =>
        record.Type == RecordType.NSEC && zone.SetFaults.GetValueOrDefault(new SetPlace(record.Owner, RecordType.NSEC)) == SetFault.LabelsFewer && NsecData.TryRead(record.Data, out var data)
        && record.Owner.Parent.TryToWildcardChild(out var wildcard) && wildcard.CompareTo(name) < 0 && (data.NextName == zone.Apex || name.CompareTo(data.NextName) < 0));

    private static IEnumerable<DomainName> Above(DomainName name, ZonePlan zone)
    {
        for (; name.IsBelow(zone.Apex); name = name.Parent) yield return name;
    }

    // Of the delegation itself, and of the empty non-terminals above it.
    private static IEnumerable<SetPlace> DelegationDenials(ZonePlan zone) => zone.Parent is not { } parent ? [] :
        zone.Between.Concat(zone.Fault == ChainFault.NoDs ? [zone.Apex] : []).SelectMany(name => new ZoneView(parent.Apex, parent.Sound).Find(name, RecordType.DS)!.Denials);

    private static SetFault FaultOfDs(ZonePlan zone) => zone.Parent?.SetFaults.GetValueOrDefault(new SetPlace(zone.Apex, RecordType.DS)) ?? SetFault.None;

    // The fault at which a chain ends that was sound down to there.
    private static bool IsFirstBroken(Compared each, ChainFault fault) => Chain(each).Any(zone => zone.Fault == fault && zone.Parent is null or { Standing: PeerStatus.Secure });

    private static bool HasBrokenBetween(ZonePlan zone)
    {
        if (zone.Parent is not { } parent) return false;
        var denials = zone.Between.SelectMany(name => new ZoneView(parent.Apex, parent.Sound).Find(name, RecordType.DS)!.Denials).ToList();
        return (parent.Nsec3 is { OptOut: true } && denials.Count > 1) || denials.Any(parent.Bad.Contains) || denials.Any(parent.Lies.Contains);
    }

    private static IEnumerable<(ZonePlan Zone, SetPlace Place)> Places(Compared compared) =>
        compared.Expected.Steps.SelectMany(step => step.Step.Data.Concat(step.Step.Denials).Select(place => (step.Zone, place)));

    private static SetFault Fault((ZonePlan Zone, SetPlace Place) at) => at.Zone.SetFaults.GetValueOrDefault(at.Place);

    // The zone whose DS is asked for.
    private static IEnumerable<ZonePlan> Delegated(Compared compared) => compared.Question.Type == RecordType.DS ? compared.World.Zones.Where(zone => zone.Apex == compared.Question.Owner) : [];

    private static IEnumerable<ZonePlan> Chain(Compared compared) => compared.Expected.Steps.SelectMany(step => step.Zone.Chain).Distinct();
}
