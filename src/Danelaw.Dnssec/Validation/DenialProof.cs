using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Validation;

/// <summary>What records of denial prove.</summary>
internal enum DenialKind
{
    /// <summary>Nothing.</summary>
    Unproven = 0,

    /// <summary>The name exists, or a wildcard stands for it, and there is no record of the type.</summary>
    NoData,

    /// <summary>The name does not exist, nor a wildcard that would stand for it.</summary>
    NameError,

    /// <summary>A limit was reached before it could be told.</summary>
    OverLimit,
}

/// <summary>What records of denial prove about a name and a type.</summary>
/// <param name="Kind">What.</param>
/// <param name="IsDelegation">For DS: whether the name is a delegation.</param>
/// <param name="IsOptOut">Whether unsigned delegations may lie where the name would be (RFC 5155 §6).</param>
/// <param name="SaysNoName">Whether the record at the name says that the name does not exist (compact denial, RFC 9824 §3.1).</param>
/// <param name="Why">When nothing is proven: what is wrong, for people.</param>
internal readonly record struct DenialProof(DenialKind Kind, bool IsDelegation = false, bool IsOptOut = false, bool SaysNoName = false, string? Why = null)
{
    /// <summary>The name that hashes show not to be there, and so to be no signed delegation, nor any name below it; null where the record of the name itself decides.</summary>
    internal DomainName? NextCloser { get; init; }

    /// <summary>For a delegation: whether the record lists data beside it, which the zone above has none of there (RFC 4035 §2.3).</summary>
    internal bool ListsData { get; init; }

    /// <summary>Whether the record of the name itself has the opt-out flag: then the names around it need have no records of their own (RFC 5155 §6).</summary>
    internal bool BeginsOptOut { get; init; }

    internal static DenialProof Unproven(string why) => new(DenialKind.Unproven, Why: why);

    /// <summary>What the types listed at a name say about one type there.</summary>
    /// <param name="types">The types at the name, or at the wildcard that stands for it.</param>
    /// <param name="type">The type that is to be denied.</param>
    /// <param name="isRoot">Whether the name is the root, which has no parent side.</param>
    /// <param name="isWildcard">Whether it is a wildcard that stands for the name.</param>
    internal static DenialProof OfTypes(TypeBitmap types, RecordType type, bool isRoot, bool isWildcard)
    {
        var isDelegation = IsParentSide(types);
        if (type == RecordType.DS && !isRoot)
        {
            // RFC 6840 §4.4, RFC 5155 §8.6: only the parent's side says anything about DS.
            if (types.Contains(RecordType.SOA)) return Unproven("it comes from the child's side of the zone cut (RFC 6840 §4.4)");
        }
        else if (isDelegation)
        {
            // RFC 6840 §4.1: the parent's record at a delegation denies nothing but DS.
            return Unproven("it comes from the parent's side of a zone cut, and denies nothing but DS there (RFC 6840 §4.1)");
        }

        // A wildcard does not delegate (RFC 4592 §4.2).
        if (isWildcard && isDelegation) return Unproven("it is that of a delegation at a wildcard (RFC 4592 §4.2)");

        // RFC 4035 §5.4, RFC 5155 §8.5: neither the type nor CNAME may be listed (RFC 6840 §4.3).
        if (types.Contains(type)) return Unproven($"it lists {RecordTypes.ToText(type)} (RFC 4035 §5.4)");

        // An alias has its own NSEC record beside it (RFC 4035 §2.5): servers do not follow the alias for one, and where it is not listed, in a zone with NSEC3, there is none.
        if (types.Contains(RecordType.CNAME) && type != RecordType.NSEC) return Unproven("it lists CNAME (RFC 6840 §4.3)");
        if (type == RecordType.ANY && HasData(types)) return Unproven("it lists types of data");
        return new(DenialKind.NoData, isDelegation && type == RecordType.DS, SaysNoName: ListsNoName(types) && !isWildcard)
        {
            ListsData = isDelegation && HasDataBesideCut(types),
        };
    }

    /// <summary>Whether names below one with these types belong to another zone, or are renamed (RFC 6840 §4.1, RFC 5155 §8.3).</summary>
    internal static bool EndsAuthority(TypeBitmap types) =>
        types.Contains(RecordType.DNAME) || IsParentSide(types);

    /// <summary>Whether types are those of the parent's side of a zone cut.</summary>
    internal static bool IsParentSide(TypeBitmap types) => types.Contains(RecordType.NS) && !types.Contains(RecordType.SOA);

    /// <summary>Whether a record says of its own name that it does not exist (compact denial, RFC 9824 §3.1).</summary>
    internal static bool ListsNoName(TypeBitmap types) => types.Contains(RecordType.NXNAME) && !HasData(types);

    private static bool HasDataBesideCut(TypeBitmap types)
    {
        foreach (var type in types)
            if (type is not (RecordType.NS or RecordType.DS or RecordType.NSEC or RecordType.RRSIG)) return true;
        return false;
    }

    private static bool HasData(TypeBitmap types)
    {
        foreach (var type in types)
            if (type is not (RecordType.NSEC or RecordType.RRSIG or RecordType.NXNAME)) return true;
        return false;
    }
}
