using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Dnssec.Checking;

/// <summary>Follows the NSEC chain (RFC 4035 §2.3): every name of the zone's own and every cut has one, which points to the next and lists the types.</summary>
internal sealed class NsecAudit(ZoneFrame frame)
{
    private DomainName? _promised;
    private CheckedName? _last;
    private Place _lastPlace;

    internal void Add(CheckedName name)
    {
        var nsec = name.Find(RecordType.NSEC);
        if (name.IsDenialOnly) return;
        if (name.Kind == ZoneNodeKind.Occluded || OnlyDenials(name))
        {
            if (nsec is { } extra) name.Findings.Error(ZoneFindingCodes.DenialExtra, name.Owner, RecordType.NSEC, extra.Place, OnlyDenials(name) ? "an NSEC record at a name that has nothing else (RFC 4035 §2.3)" : "an NSEC record at a name below a delegation or DNAME (RFC 4035 §2.3)");
            return;
        }

        if (_promised is { } promised && promised != name.Owner)
            name.Findings.Error(ZoneFindingCodes.DenialNext, _last!.Owner, RecordType.NSEC, _lastPlace, $"the NSEC record points to {promised}, and the next name is {name.Owner} (RFC 4034 §4.1.1)");
        (_promised, _last, _lastPlace) = (null, name, name.Place);
        if (nsec is not { } found)
        {
            name.Findings.Error(ZoneFindingCodes.DenialMissing, name.Owner, RecordType.NSEC, name.Place, "the name has no NSEC record (RFC 4035 §2.3)");
            return;
        }

        _lastPlace = found.Place;
        if (found.Set.Data.Length > 1) name.Findings.Error(ZoneFindingCodes.DenialExtra, name.Owner, RecordType.NSEC, found.Place, "the name has more than one NSEC record");
        if (!NsecData.TryRead(found.Set.Data[0], out var data))
        {
            name.Findings.Error(ZoneFindingCodes.DenialTypes, name.Owner, RecordType.NSEC, found.Place, "the NSEC record is malformed (RFC 4034 §4.1)");
            return;
        }

        _promised = data.NextName;
        DenialTypes.Compare(name, found, data.Types, DenialTypes.Of(name, RecordType.RRSIG, RecordType.NSEC));
        DenialTypes.CheckTimeToLive(name, found, frame);
    }

    /// <summary>The last one points to the apex.</summary>
    internal void End(Findings findings)
    {
        if (_promised is { } promised && promised != frame.Apex)
            findings.Error(ZoneFindingCodes.DenialNext, _last!.Owner, RecordType.NSEC, _lastPlace, $"the last NSEC record points to {promised}, not to the apex {frame.Apex} (RFC 4034 §4.1.1)");
    }

    private static bool OnlyDenials(CheckedName name)
    {
        foreach (var set in name.Sets)
            if (set.Set.Type is not (RecordType.NSEC or RecordType.NSEC3)) return false;
        return true;
    }
}

/// <summary>What the bitmaps of denials must say.</summary>
internal static class DenialTypes
{
    /// <summary>The types of the name that a denial lists (RFC 4035 §2.3, RFC 5155 §7.1), and further ones.</summary>
    internal static TypeBitmap Of(CheckedName name, params ReadOnlySpan<RecordType> further)
    {
        var types = new List<RecordType>(name.Sets.Length + further.Length);
        foreach (var set in name.Sets)
        {
            var type = set.Set.Type;
            if (type is RecordType.NSEC or RecordType.NSEC3) continue;
            if (name.Kind == ZoneNodeKind.Authoritative || type is RecordType.NS or RecordType.DS) types.Add(type);
        }

        types.AddRange(further);
        return TypeBitmap.Create(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(types));
    }

    internal static void Compare(CheckedName name, in CheckedSet denial, TypeBitmap found, TypeBitmap expected)
    {
        if (Difference(found, expected) is { } difference) name.Findings.Error(ZoneFindingCodes.DenialTypes, name.Owner, denial.Set.Type, denial.Place, $"the {RecordTypes.ToText(denial.Set.Type)} record {difference}");
    }

    /// <summary>In words, what one lists and the other does not; null when they agree.</summary>
    internal static string? Difference(TypeBitmap found, TypeBitmap expected)
    {
        if (found == expected) return null;
        var (lacks, has) = (new List<string>(), new List<string>());
        foreach (var type in expected)
            if (!found.Contains(type)) lacks.Add(RecordTypes.ToText(type));
        foreach (var type in found)
            if (!expected.Contains(type)) has.Add(RecordTypes.ToText(type));
        return $"{(lacks.Count > 0 ? $"does not list {string.Join(", ", lacks)}" : "")}{(lacks.Count > 0 && has.Count > 0 ? " and " : "")}{(has.Count > 0 ? $"lists {string.Join(", ", has)}" : "")} (RFC 4034 §4.1.2)";
    }

    internal static void CheckTimeToLive(CheckedName name, in CheckedSet denial, ZoneFrame frame)
    {
        if (denial.Set.TimeToLive != frame.NegativeTimeToLive)
            name.Findings.Warning(ZoneFindingCodes.DenialTimeToLive, name.Owner, denial.Set.Type, denial.Place, $"the TTL is {denial.Set.TimeToLive}, not {frame.NegativeTimeToLive}, the smaller of the SOA's TTL and minimum (RFC 9077 §3)");
    }
}
