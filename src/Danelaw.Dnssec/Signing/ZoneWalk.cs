using System.Collections.Immutable;
using Danelaw.Dns;
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

/// <summary>One name of the zone with its RRsets, by type, without what a signer makes.</summary>
/// <param name="Owner">The name.</param>
/// <param name="Kind">What it is to the signer.</param>
/// <param name="Sets">Its RRsets.</param>
/// <param name="Signatures">RDATA of the RRSIG records that the name brings.</param>
internal readonly record struct ZoneNode(DomainName Owner, ZoneNodeKind Kind, ImmutableArray<RecordSet> Sets, ImmutableArray<Octets> Signatures)
{
    internal bool Has(RecordType type)
    {
        foreach (var set in Sets)
            if (set.Type == type) return true;
        return false;
    }

    /// <summary>Whether an RRset at this name is the zone's to answer with, rather than glue.</summary>
    internal bool IsOwn(RecordType type) => Kind switch
    {
        ZoneNodeKind.Authoritative => true,
        ZoneNodeKind.Delegation => type is RecordType.NS or RecordType.DS,
        ZoneNodeKind.Occluded => false,
    };

    /// <summary>RFC 4035 §2.2: every RRset of the zone's own is signed but for the NS set of a delegation.</summary>
    internal bool IsSigned(RecordType type) => IsOwn(type) && !(Kind == ZoneNodeKind.Delegation && type == RecordType.NS);

    /// <summary>RFC 4035 §2.3, RFC 5155 §7.1: the types that a denial at this name lists beside those that signing adds; at a cut those of the parent's side only.</summary>
    internal int WriteOwnTypes(Span<RecordType> types)
    {
        var count = 0;
        foreach (var set in Sets)
            if (IsOwn(set.Type)) types[count++] = set.Type;
        return count;
    }
}

/// <summary>Takes the names of a zone one by one in canonical order and tells cuts from what they hide.</summary>
internal sealed class ZoneWalk(DomainName apex)
{
    private DomainName? _top;
    private bool _isTopCut;

    /// <summary>The owner of the DNAME below which the last name stands; null where it stands below none, or below a delegation first of all.</summary>
    internal DomainName? DnameAbove { get; private set; }

    /// <summary>What the next name is.</summary>
    internal ZoneNodeKind Next(DomainName owner, bool hasNs, bool hasDname)
    {
        DnameAbove = null;
        if (_top is { } hiding && owner.IsBelow(hiding))
        {
            if (!_isTopCut) DnameAbove = hiding;
            return ZoneNodeKind.Occluded;
        }

        var isCut = hasNs && owner != apex;
        (_top, _isTopCut) = (isCut || hasDname ? owner : null, isCut);
        return isCut ? ZoneNodeKind.Delegation : ZoneNodeKind.Authoritative;
    }
}
