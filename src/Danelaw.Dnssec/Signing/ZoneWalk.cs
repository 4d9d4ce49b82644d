using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Signing;

/// <summary>What a name of the zone is to its signer.</summary>
internal enum ZoneNodeKind
{
    /// <summary>Below a delegation or a DNAME: neither signed nor named in the chain of denials (RFC 4035 §2.2, RFC 6672 §2.4).</summary>
    Occluded = 0,

    /// <summary>The parent's side of a zone cut: only DS and the denial are signed (RFC 4035 §2.2).</summary>
    Delegation,

    /// <summary>Everything is the zone's own.</summary>
    Authoritative,
}

/// <summary>One name of the zone with its RRsets, by type.</summary>
internal readonly record struct ZoneNode(DomainName Owner, ZoneNodeKind Kind, ImmutableArray<RecordSet> Sets)
{
    internal bool Has(RecordType type) => Sets.Any(set => set.Type == type);

    /// <summary>Whether an RRset at this name is the zone's to answer with, rather than glue.</summary>
    internal bool IsOwn(RecordType type) => Kind switch
    {
        ZoneNodeKind.Authoritative => true,
        ZoneNodeKind.Delegation => type is RecordType.NS or RecordType.DS,
        ZoneNodeKind.Occluded => false,
    };

    /// <summary>RFC 4035 §2.2: every RRset of the zone's own is signed but for the NS set of a delegation.</summary>
    internal bool IsSigned(RecordType type) => IsOwn(type) && !(Kind == ZoneNodeKind.Delegation && type == RecordType.NS);
}

/// <summary>Goes through a zone name by name in canonical order and tells cuts from what they hide.</summary>
internal static class ZoneWalk
{
    internal static IEnumerable<ZoneNode> Of(ZoneContents zone)
    {
        var sets = zone.RecordSets;
        DomainName? top = null;
        for (var start = 0; start < sets.Length;)
        {
            var owner = sets[start].Owner;
            var end = start + 1;
            while (end < sets.Length && sets[end].Owner == owner) end++;
            var here = sets[start..end];
            start = end;

            if (top is { } hiding && owner.IsBelow(hiding))
            {
                yield return new ZoneNode(owner, ZoneNodeKind.Occluded, here);
                continue;
            }

            top = null;
            var isCut = owner != zone.Apex && here.Any(set => set.Type == RecordType.NS);
            if (isCut || here.Any(set => set.Type == RecordType.DNAME)) top = owner;
            yield return new ZoneNode(owner, isCut ? ZoneNodeKind.Delegation : ZoneNodeKind.Authoritative, here);
        }
    }
}
