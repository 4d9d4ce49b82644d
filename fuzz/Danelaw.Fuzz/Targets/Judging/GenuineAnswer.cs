using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Fuzz.Targets.Denying;

namespace Danelaw.Fuzz.Targets.Judging;

/// <summary>Holds an answer against what the zones of the world really say.</summary>
internal static class GenuineAnswer
{
    /// <param name="world">The world.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="excepted">A name at and below which everything may be insecure, by a negative anchor; null for none.</param>
    internal static void Check(SignedWorld world, Answer answer, DomainName? excepted = null)
    {
        if (answer.IsFailure)
        {
            Unless(answer.Chain.IsEmpty && answer.Explanation.Length > 0 && answer.ExtendedError is not null, answer, "a failure has a reason and no records");
            return;
        }

        var type = answer.Question.Type;
        Unless(answer.Security == Security.Insecure || type != RecordType.RRSIG, answer, "an RRSIG question is never secure");
        var name = answer.Question.Name;
        SignedZone? renamedBy = null;
        foreach (var link in answer.Chain)
        {
            var set = link.Records;
            if (link.Security != Security.Secure)
            {
                // A DNAME belongs to the zone that its own type belongs to at its owner, whatever was asked for below it: at a zone's apex, DS would be the zone above's.
                var (at, its) = set.Type == RecordType.DNAME ? (set.Owner, RecordType.DNAME) : (name, type);
                Unless(answer.Security == Security.Insecure && (MayBeInsecure(world, at, its) || IsExcepted(at)), answer, $"{set.Owner} {set.Type} is not signed");
                return;
            }

            // The CNAME that a DNAME makes has no signature of its own.
            var isMade = renamedBy is not null && set.Type == RecordType.CNAME;
            Unless(set.Type == RecordType.DNAME ? name.IsBelow(set.Owner) || name.Equals(set.Owner) : name.Equals(set.Owner), answer, $"{set.Owner} is where the chain is");
            Unless(isMade || IsGenuine(world, set), answer, $"{set.Owner} {set.Type} is what the zone signed");
            if (set.Type == RecordType.DNAME && name.IsBelow(set.Owner))
            {
                renamedBy = world.Holder(set.Owner, RecordType.DNAME);
            }
            else
            {
                renamedBy = null;
                if (set.Type == RecordType.CNAME && type is not (RecordType.CNAME or RecordType.ANY) && NameData.TryRead(set.Data[0], out var target)) name = target.Name;
            }
        }

        if (answer.Security == Security.Insecure)
        {
            Unless(MayBeInsecure(world, name, type) || IsExcepted(name), answer, $"{name} is in a signed zone");
            return;
        }

        if (answer.Records is not null) return;
        var zone = world.Holder(name, type);
        if (zone.Standing == ZoneStanding.Hostile) return;
        Unless(zone.Standing is ZoneStanding.Signed or ZoneStanding.ManyIterations, answer, $"{zone.Apex} cannot deny securely");
        if (answer.ResponseCode == ResponseCode.YXDomain)
        {
            Unless(renamedBy is not null, answer, "a DNAME leads to a name that is too long");
            return;
        }

        // Where a DNAME was followed the name to be denied is the new one, which the chain shows.
        var truth = zone.Names.TruthOf(name, type);
        Unless(truth == (answer.ResponseCode == ResponseCode.NameError ? Truth.NameError : Truth.NoData), answer, $"{name} is {truth}");

        bool IsExcepted(DomainName at) => excepted is { } top && at.IsAtOrBelow(top);
    }

    /// <summary>Whether the answer must be insecure or may be: what nobody signed, what the adversary signs, and names in an opt-out span.</summary>
    private static bool MayBeInsecure(SignedWorld world, DomainName name, RecordType type)
    {
        var zone = world.Holder(name, type);
        if (type == RecordType.RRSIG || zone.Standing != ZoneStanding.Signed) return true;
        return zone.IsOptOut && (!zone.Names.Exists(name) || zone.Names.IsUnsignedCut(name));
    }

    private static bool IsGenuine(SignedWorld world, RecordSet set)
    {
        var zone = world.Holder(set.Owner, set.Type);
        if (IsOf(zone, set)) return true;

        // RFC 4035 §3: at a zone cut there are two NSEC records, and the one of the zone above answers as well.
        return set.Type == RecordType.NSEC && zone.Apex.Equals(set.Owner) && !set.Owner.IsRoot && IsOf(world.Holder(set.Owner, RecordType.DS), set);
    }

    private static bool IsOf(SignedZone zone, RecordSet set)
    {
        if (zone.Standing == ZoneStanding.Hostile) return true;
        if (zone.Standing == ZoneStanding.Unsigned || zone.FindOrExpand(set.Owner, set.Type) is not { } genuine) return false;

        // Names within RDATA are signed in lower case (RFC 4034 §6.2): whoever carries them may spell them as he likes.
        return genuine.Records.Select(record => Canonical(record.Data)).ToHashSet().SetEquals(set.Data.Select(Canonical)) && set.TimeToLive <= genuine.Records[0].TimeToLive;

        Octets Canonical(Octets data) => RecordData.ToCanonical(set.Type, data);
    }

    private static void Unless(bool holds, Answer answer, string what) =>
        FuzzFinding.Unless(holds, $"{answer.Question.Name} {RecordTypes.ToText(answer.Question.Type)} is called {answer.Security} {answer.ResponseCode} ({answer.Explanation}); but must be: {what}", "");
}
