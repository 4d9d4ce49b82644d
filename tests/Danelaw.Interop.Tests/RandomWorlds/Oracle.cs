using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>What a question must come to, by the way its world was made.</summary>
/// <param name="Class">The proof that it needs, that of the last alias' target left out.</param>
/// <param name="Status">Secure, insecure or bogus; null where the construction does not say.</param>
internal sealed record Expectation(ProofClass Class, PeerStatus? Status)
{
    /// <summary>The steps that the answer takes from alias to alias, each with the zone that takes it; the target outside of every zone is not among them.</summary>
    public ImmutableArray<(ZonePlan Zone, ZoneStep Step)> Steps { get; init; } = [];

    /// <summary>The kind of proof for counting: absence of DS by what proves it, and chains of aliases apart from one alias.</summary>
    public string Kind => Class switch
    {
        _ when Zone is { IsSigned: false } => "Unsigned",
        ProofClass.DsAbsence => Zone!.Nsec3 is null ? "DS absence by NSEC" : "DS absence by NSEC3",
        ProofClass.DsAbsenceByOptOut => "DS absence by opt-out",
        ProofClass.NoData or ProofClass.NameError or ProofClass.Wildcard or ProofClass.WildcardNoData or ProofClass.EmptyNonTerminal =>
            $"{Class} by {(Zone!.Nsec3 is null ? "NSEC" : "NSEC3")}",
        _ when Steps.Count(step => step.Step.Target is not null) > 1 => "AliasChain",
        _ => $"{Class}",
    };

    /// <summary>The zone that answers first; null for a name outside of the world.</summary>
    public ZonePlan? Zone => Steps.IsEmpty ? null : Steps[0].Zone;
}

/// <summary>Knows what each question of a world must come to, from what was signed and what was then spoilt. It verifies nothing.</summary>
internal sealed class Oracle(WorldPlan world)
{
    private const int MaximumAliases = 12;

    private readonly Dictionary<ZonePlan, ZoneView> _views = world.Zones.ToDictionary(zone => zone, zone => new ZoneView(zone.Apex, zone.Sound));

    public Expectation Expect(DomainName name, RecordType type) => Expect(name, type, 0);

    private Expectation Expect(DomainName name, RecordType type, int aliases)
    {
        var zone = ZoneFor(name, type);
        // Of names above and beside the world's trust anchor nothing is known: insecure, in unbound's words and ours.
        if (zone is null) return new Expectation(ProofClass.Outside, PeerStatus.Insecure);
        if (_views[zone].Find(name, type) is not { } step) return new Expectation(ProofClass.None, null);
        var own = new Expectation(step.Class, StatusOf(zone, step)) { Steps = [(zone, step)] };
        if (step.Target is not { } target || type is RecordType.CNAME or RecordType.ANY) return own;
        // A circle, or a chain too long, fails in its own way.
        if (aliases == MaximumAliases) return own with { Status = null };
        var rest = Expect(target, type, aliases + 1);
        return own with { Status = Weaker(own.Status, rest.Status), Steps = [.. own.Steps, .. rest.Steps] };
    }

    private static PeerStatus? StatusOf(ZonePlan zone, ZoneStep step)
    {
        // RRSIG records are signed by nobody (RFC 4035 §2.2).
        if (step.Class == ProofClass.Signatures) return zone.Standing is PeerStatus.Bogus ? null : PeerStatus.Insecure;
        if (zone.Standing is not PeerStatus.Secure) return zone.Standing;
        // Which of the sets are shown is up to the server (RFC 8482 §4.1).
        if (step.Class == ProofClass.Any && step.Data.Any(zone.Bad.Contains) && !step.Data.All(zone.Bad.Contains)) return null;
        // Above the limit, and in an opt-out span, an unsigned zone may lie there, for all that anybody can prove: what bears no signature of this one is its.
        if (step.Data.Any(zone.Bad.Contains)) return (zone.HasTooManyIterations || step.OverOptOut) && step.Data.Any(place => IsNobodys(zone, place)) ? null : PeerStatus.Bogus;
        if (step.Denials.IsEmpty) return PeerStatus.Secure;
        // Where the iterations are too many it is told by others what a missing record means, also one that is to show that no cut lies between.
        if (zone.HasTooManyIterations) return zone.Bad.Any(place => place.Type == RecordType.NSEC3) || zone.Lies.Count > 0 ? null : PeerStatus.Insecure;
        if (step.Denials.Any(zone.Lies.Contains)) return null;
        if (step.Denials.Any(zone.Bad.Contains)) return PeerStatus.Bogus;
        return step.OverOptOut ? PeerStatus.Insecure : PeerStatus.Secure;
    }

    // A denial that needs no proof needs no SOA either.
    private static bool IsNobodys(ZonePlan zone, SetPlace place) =>
        zone.SetFaults.GetValueOrDefault(place) is SetFault.Unsigned or SetFault.TypeCovered or SetFault.LabelsFewer or SetFault.SignerIsChild or SetFault.SignerIsParent
        || (place.Type == RecordType.SOA && zone.HasTooManyIterations && zone.Bad.Contains(place));

    private ZonePlan? ZoneFor(DomainName name, RecordType type)
    {
        ZonePlan? deepest = null;
        foreach (var zone in world.Zones)
        {
            var holds = type == RecordType.DS ? name.IsBelow(zone.Apex) : name.IsAtOrBelow(zone.Apex);
            if (holds && (deepest is null || zone.Apex.LabelCount > deepest.Apex.LabelCount)) deepest = zone;
        }
        return deepest;
    }

    // A chain is as good as its weakest link: bogus, insecure, secure.
    private static PeerStatus? Weaker(PeerStatus? one, PeerStatus? other) =>
        one == PeerStatus.Bogus || other == PeerStatus.Bogus ? PeerStatus.Bogus
        : one is null || other is null ? null
        : one < other ? one : other;
}
