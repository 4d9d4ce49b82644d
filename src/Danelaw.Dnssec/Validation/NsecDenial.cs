using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Validation;

/// <summary>A verified NSEC record.</summary>
internal readonly record struct NsecRecord(DomainName Owner, DomainName Next, TypeBitmap Types)
{
    /// <summary>Whether a name lies between owner and next name in canonical order; behind the last name stands the apex again (RFC 4034 §4.1.1).</summary>
    internal bool Covers(DomainName zone, DomainName name)
    {
        if (Owner.CompareTo(name) >= 0) return false;
        return Next.Equals(zone) || name.CompareTo(Next) < 0;
    }

    /// <summary>The longest ancestor of a covered name that exists, as the name's neighbours tell it.</summary>
    internal DomainName ClosestEncloser(DomainName name)
    {
        var before = name.CommonAncestor(Owner);
        var behind = name.CommonAncestor(Next);
        return before.LabelCount >= behind.LabelCount ? before : behind;
    }
}

/// <summary>What verified NSEC records of one zone prove (RFC 4035 §5.4). Pure.</summary>
/// <remarks>
/// A record <i>matches</i> the name that owns it, and <i>covers</i> the names between its owner and its next name. A covered name does not exist,
/// unless the next name lies below it: then it is an empty non-terminal. The <i>closest encloser</i> is the longest ancestor that exists;
/// the <i>next closer</i> name is one label longer (RFC 5155 §1.3).
/// </remarks>
internal sealed class NsecDenial(DomainName zone, IReadOnlyList<NsecRecord> records)
{
    /// <summary>Judges the denial of a type at a name of the zone.</summary>
    internal DenialProof Prove(DomainName name, RecordType type)
    {
        var why = "no NSEC record matches or covers the name (RFC 4035 §5.4)";
        foreach (var record in records)
        {
            if (!record.Owner.Equals(name)) continue;
            var proof = DenialProof.OfTypes(record.Types, type, name.IsRoot, isWildcard: false);
            return proof.Kind == DenialKind.Unproven ? DenialProof.Unproven($"the NSEC record of {record.Owner} does not deny it: {proof.Why}") : proof;
        }

        foreach (var record in records)
        {
            if (!record.Covers(zone, name)) continue;
            if (IsAuthorityEnd(record, name))
            {
                why = $"the NSEC record of {record.Owner}, a delegation or DNAME, says nothing about names below it (RFC 6840 §4.1)";
                continue;
            }

            // RFC 4035 §5.4, RFC 4592 §2.2.2: a name with names below it exists, without records.
            if (record.Next.IsBelow(name)) return new(DenialKind.NoData);
            return ProveWildcard(record.ClosestEncloser(name), type);
        }

        return DenialProof.Unproven(why);
    }

    /// <summary>RFC 4035 §5.3.4: that no closer name exists than the wildcard that a set was made from.</summary>
    /// <param name="nextCloser">The name one label longer than the wildcard's parent.</param>
    internal bool ProvesAbsence(DomainName nextCloser)
    {
        foreach (var record in records)
            if (record.Covers(zone, nextCloser) && !IsAuthorityEnd(record, nextCloser) && !record.Next.IsBelow(nextCloser)) return true;
        return false;
    }

    private DenialProof ProveWildcard(DomainName closestEncloser, RecordType type)
    {
        // RFC 4035 §5.4: the wildcard that could have stood for the name is denied too.
        if (!closestEncloser.TryToWildcardChild(out var wildcard)) return new(DenialKind.NameError);
        foreach (var record in records)
        {
            if (!record.Owner.Equals(wildcard)) continue;
            var proof = DenialProof.OfTypes(record.Types, type, isRoot: false, isWildcard: true);
            return proof.Kind == DenialKind.Unproven ? DenialProof.Unproven($"the NSEC record of {record.Owner} does not deny it: {proof.Why}") : proof;
        }

        foreach (var record in records)
            if (record.Covers(zone, wildcard) && !IsAuthorityEnd(record, wildcard)) return new(record.Next.IsBelow(wildcard) ? DenialKind.NoData : DenialKind.NameError);
        return DenialProof.Unproven($"no NSEC record denies the wildcard {wildcard} (RFC 4035 §5.4)");
    }

    private static bool IsAuthorityEnd(in NsecRecord record, DomainName name) => name.IsBelow(record.Owner) && DenialProof.EndsAuthority(record.Types);
}
