using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>A place where unbound and Danelaw read a signed zone differently, and the section that decides. Each stands in <c>docs/decisions/0115-random-worlds.md</c>.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Section">The section.</param>
/// <param name="Applies">Whether a question is one of these, by what its world is made of and by both verdicts.</param>
internal sealed record KnownReading(string Name, string Section, Func<Compared, bool> Applies)
{
    /// <summary>Whether delv is no arbiter, for it reads the place as unbound does or asks another question.</summary>
    public bool IsWithoutArbiter { get; init; }

    public static readonly IReadOnlyList<KnownReading> All =
    [
        new("the CNAME that a DNAME makes, asked for as CNAME", "RFC 6672 §5.3.1",
            each => each.Question.Type == RecordType.CNAME && each.Expected.Class == ProofClass.Dname && each.IsAsExpected && each.Unbound.Status < PeerStatus.Secure) { IsWithoutArbiter = true },
        new("a DNAME's result too long", "RFC 6672 §2.2, §5.3.1",
            each => each.Expected.Steps.Any(step => step.Step.Class == ProofClass.DnameTooLong) && each.IsAsExpected && each.Unbound is { Status: PeerStatus.Insecure, Code: ResponseCode.YXDomain }),
        new("a revoked key in the chain", "RFC 5011 §2.1",
            each => Chain(each).Any(zone => zone.Fault == ChainFault.KeyRevoked) && each.Ours.IsRefused),
        new("a wrong SHA-256 DS beside a right SHA-1 DS", "RFC 4509 §3",
            each => Chain(each).Any(zone => zone.Fault == ChainFault.DsBySha256WrongBesideSha1) && each.Ours.IsRefused),
        new("a DS set, or a record of denial, made from a wildcard", "RFC 4035 §5.3.4",
            each => each.Ours.IsRefused && (Places(each).Any(place => Fault(place) == SetFault.LabelsFewer && place.Place.Type is RecordType.DS or RecordType.NSEC or RecordType.NSEC3) || Chain(each).Any(zone => FaultOfDs(zone) == SetFault.LabelsFewer))),
        new("data signed by the zone above the cut", "RFC 4035 §5.3.1",
            each => (each.Ours.IsRefused || each is { IsAsExpected: true, Expected.Status: not null }) && (Places(each).Any(place => Fault(place) == SetFault.SignerIsParent) || Chain(each).Any(zone => FaultOfDs(zone) == SetFault.SignerIsParent))),
        // Who resolves by referrals does not see a cut that one server hides, and takes the zone that it asked for the one that answered.
        new("data signed by the zone above a cut that one server of both zones hides, resolved from the root", "RFC 4035 §5.3.1",
            each => each.World.IsIterated && each.Ours.Status == PeerStatus.Secure && each.Unbound.Status == PeerStatus.Secure
                && Places(each).Any(place => Fault(place) == SetFault.SignerIsParent && place.Zone.Server == place.Zone.Parent?.Server)),
        new("a wildcard that has not the type, without the record that says so", "RFC 4035 §5.4, §3.1.3.4",
            each => each.Ours.IsRefused && each.Expected.Steps.Any(step => step.Step.Class == ProofClass.WildcardNoData && step.Step.Denials.Any(place => step.Zone.DenialFaults.GetValueOrDefault(place) == DenialFault.Missing))),
        new("signed data at a name that the zone's own NSEC or NSEC3 calls a delegation", "RFC 4035 §5.3.1, §2.2",
            each => each.Ours.Status == PeerStatus.Insecure && each.Unbound.Status == PeerStatus.Secure && each.Expected.Steps.Any(step => step.Step.Data.Any(place => IsCalledCut(step.Zone, place)))),
        new("the sets of a name of which some are broken, asked for by ANY", "RFC 8482 §4.1",
            each => each.Question.Type == RecordType.ANY && each.Expected.Steps.Any(step => step.Step.Class == ProofClass.Any && step.Step.Data.Any(step.Zone.Bad.Contains))),
        new("a type that a signed record of denial, kept from another answer, leaves out", "RFC 8198 §5.4",
            each => each is { Ours: { Status: PeerStatus.Secure, Records: "" }, Unbound.Status: PeerStatus.Secure } && each.Expected.Steps.Any(step => step.Zone.DenialFaults.ContainsValue(DenialFault.TypesRemoved))),
        new("RRSIG asked for", "RFC 4035 §2.2",
            each => each.Question.Type == RecordType.RRSIG && each.Ours.Status < PeerStatus.Secure && each.Unbound.Status < PeerStatus.Secure),
        // A referral shows the absence of DS without SOA; who asks for DS gets one.
        new("absence of DS, in a zone whose SOA is broken", "RFC 4035 §3.1.4",
            each => each.Question.Type == RecordType.DS && each.Expected.Steps is [{ Step.Class: ProofClass.DsAbsence or ProofClass.DsAbsenceByOptOut } only] && only.Zone.Bad.Contains(new SetPlace(only.Zone.Apex, RecordType.SOA))
                && !only.Step.Denials.Any(only.Zone.Bad.Contains) && each.Unbound.IsRefused) { IsWithoutArbiter = true },
        new("a zone above the limit of iterations, some of whose records are broken: nothing is proven there, neither that a name is signed nor that it is not", "RFC 9276 §3.2",
            each => Chain(each).Any(zone => zone.HasTooManyIterations && zone.Bad.Count + zone.Lies.Count > 0) && each.Ours.Status < PeerStatus.Secure && each.Unbound.Status < PeerStatus.Secure),
        // unbound asks for DS label by label from the anchor down; a DS set that verifies needs none of that.
        new("a DS set that verifies, below an empty non-terminal whose own denial is broken or above the limit of iterations", "RFC 4035 §5.2",
            each => Chain(each).Any(IsBelowBrokenName) && each.IsAsExpected && !each.UnboundIsAsExpected),
    ];

    /// <summary>The reading that explains a disagreement; null for one that nobody has explained.</summary>
    public static KnownReading? For(Compared compared) => All.FirstOrDefault(reading => reading.Applies(compared));

    // The denial that its owner has, with NS added to its types and neither SOA nor DS among them.
    private static bool IsCalledCut(ZonePlan zone, SetPlace place)
    {
        var denials = new ZoneView(zone.Apex, zone.Sound).Find(place.Owner, RecordType.LOC)?.Denials ?? [];
        return denials.Any(at => zone.Served.Any(record => record.Owner == at.Owner && record.Type == at.Type && Types(record) is { } types
            && types.Contains(RecordType.NS) && !types.Contains(RecordType.SOA) && !types.Contains(RecordType.DS)));

        static TypeBitmap? Types(ResourceRecord record) =>
            NsecData.TryRead(record.Data, out var nsec) && record.Type == RecordType.NSEC ? nsec.Types
            : Nsec3Data.TryRead(record.Data, out var nsec3) && record.Type == RecordType.NSEC3 ? nsec3.Types : null;
    }

    private static SetFault FaultOfDs(ZonePlan zone) => zone.Parent?.SetFaults.GetValueOrDefault(new SetPlace(zone.Apex, RecordType.DS)) ?? SetFault.None;

    private static bool IsBelowBrokenName(ZonePlan zone)
    {
        if (zone.Parent is not { } parent || zone.Apex.LabelCount - parent.Apex.LabelCount < 2) return false;
        var denials = new ZoneView(parent.Apex, parent.Sound).Find(zone.Apex.Parent, RecordType.DS)!.Denials;
        // A name that is there for unsigned delegations alone has no NSEC3 of its own where there is opt-out: NSD 4.6 does not find what covers it.
        if (parent.Nsec3 is { OptOut: true } && denials.Length > 1) return true;
        return parent.HasTooManyIterations || denials.Any(parent.Bad.Contains) || denials.Any(parent.Lies.Contains);
    }

    private static IEnumerable<(ZonePlan Zone, SetPlace Place)> Places(Compared compared) =>
        compared.Expected.Steps.SelectMany(step => step.Step.Data.Concat(step.Step.Denials).Select(place => (step.Zone, place)));

    private static SetFault Fault((ZonePlan Zone, SetPlace Place) at) => at.Zone.SetFaults.GetValueOrDefault(at.Place);

    private static IEnumerable<ZonePlan> Chain(Compared compared) => compared.Expected.Steps.SelectMany(step => step.Zone.Chain).Distinct();
}
