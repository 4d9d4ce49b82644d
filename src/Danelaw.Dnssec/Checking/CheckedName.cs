using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Signing.Sorting;

namespace Danelaw.Dnssec.Checking;

/// <summary>An RRset as it stands in the zone.</summary>
internal readonly record struct CheckedSet(RecordSet Set, Place Place);

/// <summary>A signature as it stands in the zone.</summary>
internal readonly record struct CheckedSignature(RrsigData Data, uint TimeToLive, Place Place);

/// <summary>A name with all that stands at it, and what it is.</summary>
internal sealed class CheckedName
{
    internal required DomainName Owner { get; init; }

    internal ZoneNodeKind Kind { get; set; }

    /// <summary>Whether nothing but an NSEC3 record stands here.</summary>
    internal bool IsDenialOnly { get; private init; }

    internal required ImmutableArray<CheckedSet> Sets { get; init; }

    internal required ImmutableArray<CheckedSignature> Signatures { get; init; }

    /// <summary>What the walk found here, before the signatures are looked at.</summary>
    internal required Findings Findings { get; init; }

    internal Place Place => Sets.IsEmpty ? (Signatures.IsEmpty ? default : Signatures[0].Place) : Sets[0].Place;

    internal CheckedSet? Find(RecordType type)
    {
        foreach (var set in Sets)
            if (set.Set.Type == type) return set;
        return null;
    }

    internal bool Has(RecordType type) => Find(type) is not null;

    /// <summary>RFC 4035 §2.2, §2.3: what of this name is signed.</summary>
    internal bool IsSigned(RecordType type) => type switch
    {
        // An NSEC3 record stands at a name of its own, which may be any one label below the apex.
        RecordType.NSEC3 => true,
        RecordType.NSEC => Kind != ZoneNodeKind.Occluded,
        _ => Kind == ZoneNodeKind.Authoritative || (Kind == ZoneNodeKind.Delegation && type == RecordType.DS),
    };

    internal static CheckedName Read(ZoneName name, IReadOnlyList<string> files)
    {
        var findings = new Findings(files);
        var sets = ImmutableArray.CreateBuilder<CheckedSet>(4);
        var signatures = ImmutableArray.CreateBuilder<CheckedSignature>(4);
        for (var start = 0; start < name.Records.Count;)
        {
            var first = name.Records[start];
            var end = start + 1;
            while (end < name.Records.Count && name.Records[end].Record.Type == first.Record.Type) end++;
            if (first.Record.Type == RecordType.RRSIG) ReadSignatures(name, start, end, signatures, findings);
            else sets.Add(ReadSet(name, start, end, findings));
            start = end;
        }

        var isDenialOnly = sets.Count == 1 && sets[0].Set.Type == RecordType.NSEC3;
        return new() { Owner = name.Owner, IsDenialOnly = isDenialOnly, Sets = sets.DrainToImmutable(), Signatures = signatures.DrainToImmutable(), Findings = findings };
    }

    private static void ReadSignatures(ZoneName name, int start, int end, ImmutableArray<CheckedSignature>.Builder signatures, Findings findings)
    {
        for (; start < end; start++)
        {
            var (record, line, file) = name.Records[start];
            if (RrsigData.TryRead(record.Data, out var data)) signatures.Add(new(data, record.TimeToLive, new(line, file)));
            else findings.Error(ZoneFindingCodes.SignatureFields, name.Owner, RecordType.RRSIG, new(line, file), "the RRSIG record is malformed (RFC 4034 §3.1)");
        }
    }

    private static CheckedSet ReadSet(ZoneName name, int start, int end, Findings findings)
    {
        var (first, line, file) = name.Records[start];
        var place = new Place(line, file);
        var data = ImmutableArray.CreateBuilder<Octets>(end - start);
        var (least, differs) = (first.TimeToLive, false);
        for (var i = start; i < end; i++)
        {
            var record = name.Records[i].Record;
            differs |= record.TimeToLive != first.TimeToLive;
            least = Math.Min(least, record.TimeToLive);
            if (record.Class != first.Class) findings.Error(ZoneFindingCodes.Contents, name.Owner, first.Type, place, "the records of the set have different classes");
            data.Add(record.Data);
        }

        // RFC 2181 §5: the same record twice is one; whole transfers have the SOA at both ends.
        var distinct = data.Count > 1 ? data.DistinctBy(one => RecordData.ToCanonical(first.Type, one)).ToImmutableArray() : data.ToImmutable();

        if (differs) findings.Error(ZoneFindingCodes.TimeToLive, name.Owner, first.Type, place, "the records of the set have different TTLs (RFC 2181 §5.2)");
        if (distinct.Length < data.Count) findings.Note(ZoneFindingCodes.Duplicate, name.Owner, first.Type, place, "a record stands here more than once (RFC 2181 §5)");
        return new(new(name.Owner, first.Type, first.Class, least, distinct), place);
    }
}
