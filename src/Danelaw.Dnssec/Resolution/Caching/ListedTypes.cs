using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution.Caching;

/// <summary>
/// Holds records of denial against the sets that were verified here. One that leaves out a type that its name has was signed so (PowerDNS before 4.5 at ALIAS names):
/// the zone is at fault, and what the record says of other types is nothing to answer from without asking.
/// </summary>
internal sealed class ListedTypes(CacheStore store, DenialIndex index)
{
    /// <summary>What is looked for at the name of a new record of denial: a store is searched by name and type.</summary>
    private static readonly RecordType[] Common =
    [
        RecordType.A, RecordType.AAAA, RecordType.MX, RecordType.TLSA, RecordType.CNAME, RecordType.TXT, RecordType.SRV, RecordType.NS, RecordType.SOA,
        RecordType.DNAME, RecordType.DS, RecordType.HTTPS, RecordType.SVCB, RecordType.CAA, RecordType.SSHFP, RecordType.SMIMEA, RecordType.OPENPGPKEY,
    ];

    /// <summary>A set was verified: a kept record of denial of the same zone that does not list it at its name, or at the wildcard that it was made from, goes.</summary>
    /// <param name="set">The set.</param>
    /// <param name="check">Its signature.</param>
    /// <param name="work">What the lookup may still cost.</param>
    internal void Verified(SignedSet set, SignatureCheck check, Work work)
    {
        var (owner, type, zone) = (set.Owner, set.Type, check.Signature.SignerName);
        if (!index.TryGet(zone, out var denials) || (check.IsExpanded && !owner.Suffix(check.Labels).TryToWildcardChild(out owner))) return;
        if (denials.HasNsec && denials.FindNsec(owner) is { } nsec && nsec.Name.Equals(owner) && Lacks(nsec, type)) store.Remove(nsec);
        if (!denials.HasNsec3 || Hash(owner, denials.Parameters, zone, work) is not { } hashed) return;
        if (denials.FindNsec3(hashed) is { } nsec3 && nsec3.Name.Equals(hashed) && Lacks(nsec3, type)) store.Remove(nsec3);
    }

    /// <summary>Whether a verified record of denial does not list what is kept at its name. Where the lookup's work is spent that is not known, and is said.</summary>
    /// <param name="denial">The record.</param>
    /// <param name="zone">The zone that signed it.</param>
    /// <param name="sets">All that the lookup has verified: an NSEC3 record may be about one of the names of its reply.</param>
    /// <param name="work">What the lookup may still cost.</param>
    /// <param name="now">The time.</param>
    internal bool LeavesOut(SignedSet denial, DomainName zone, IReadOnlyDictionary<SignedSet, VerifiedSet> sets, Work work, DateTimeOffset now)
    {
        if (denial.Type == RecordType.NSEC) return NsecData.TryRead(denial.Data[0], out var nsec) && LeavesOut(nsec.Types, denial.Owner, zone, now);
        if (!Nsec3Data.TryRead(denial.Data[0], out var nsec3)) return false;
        foreach (var name in NamesOf(sets[denial].Reply, zone, sets).Take(work.Limits.Aliases + 2))
        {
            if (Hash(name, new(nsec3.Iterations, nsec3.Salt), zone, work) is not { } hashed) return true;
            if (hashed.Equals(denial.Owner)) return LeavesOut(nsec3.Types, name, zone, now);
        }

        return false;
    }

    private bool LeavesOut(TypeBitmap types, DomainName name, DomainName zone, DateTimeOffset now)
    {
        foreach (var type in Common)
        {
            if (!types.Contains(type) && store.TryGet(EntryKind.Set, name, type, now, out var kept)
                && kept.Packed.TryReadSignature(out var octets, out _) && RrsigData.TryRead(octets, out var signature) && signature.SignerName.Equals(zone)) return true;
        }

        return false;
    }

    /// <summary>The name asked for, those that verified aliases lead to, and the apex, where the closest encloser often is. What else stands in a reply is whoever's who wrote it.</summary>
    private static IEnumerable<DomainName> NamesOf(Reply reply, DomainName zone, IReadOnlyDictionary<SignedSet, VerifiedSet> sets)
    {
        yield return zone;
        if (reply.Question.Name.IsBelow(zone)) yield return reply.Question.Name;
        foreach (var set in sets.Keys)
            if (set.Type == RecordType.CNAME && NameData.TryRead(set.Data[0], out var target) && target.Name.IsBelow(zone)) yield return target.Name;
    }

    private static bool Lacks(CacheEntry denial, RecordType type)
    {
        var data = denial.Packed.ReadData()[0];
        return denial.Type == RecordType.NSEC3
            ? Nsec3Data.TryRead(data, out var nsec3) && !nsec3.Types.Contains(type)
            : NsecData.TryRead(data, out var nsec) && !nsec.Types.Contains(type);
    }

    private static DomainName? Hash(DomainName name, in Nsec3Parameters parameters, DomainName zone, Work work) =>
        work.TryHash(name, parameters.Iterations, parameters.Salt, out var hash) && Nsec3Hash.TryToOwner(hash, zone, out var owner) ? owner : null;
}
