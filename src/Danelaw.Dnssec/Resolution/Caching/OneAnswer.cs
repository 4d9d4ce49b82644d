using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution.Caching;

/// <summary>
/// Records of denial that were made for one answer alone: the span ends at the name itself, and the types are what suited that answer, not what the name has. CoreDNS
/// lists all that it knows but the one asked for; others list one of several (DVE-2018-0003) or none at all (DVE-2021-0001).
/// Nothing is said of other types, so they are kept for DS alone, and for names that do not exist (RFC 9824 §3.1).
/// </summary>
internal static class OneAnswer
{
    /// <summary>Whether the record of a name, or of the wildcard that stands for it, denies nothing of a type that it was not made for.</summary>
    internal static bool IsFor(in NsecRecord record, RecordType type) => IsForAnother(record.Types, type)
        && (IsNext(record) || !record.Types.Contains(RecordType.NSEC) || !record.Types.Contains(RecordType.RRSIG));

    /// <summary>The same for NSEC3. An empty non-terminal lists nothing, an unsigned delegation NS alone; all else that stands there is signed (RFC 5155 §7.1).</summary>
    internal static bool IsFor(in Nsec3Record record, RecordType type) => IsForAnother(record.Data.Types, type)
        && (IsNext(record.Hash.Span, record.Data.NextHash.Span) || (!record.Data.Types.Contains(RecordType.RRSIG) && ListsMoreThanNs(record.Data.Types)));

    private static bool IsForAnother(TypeBitmap types, RecordType type) => type != RecordType.DS && !DenialProof.ListsNoName(types);

    private static bool IsNext(in NsecRecord record) =>
        record.Next.LabelCount == record.Owner.LabelCount + 1 && record.Next.GetLabel(0) is [0] && record.Next.IsBelow(record.Owner);

    /// <summary>Whether a hash is the other and one; behind the last one stands zero.</summary>
    private static bool IsNext(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> next)
    {
        if (hash.Length != next.Length) return false;
        var carries = true;
        for (var i = hash.Length - 1; i >= 0; i--)
        {
            if (next[i] != (byte)((hash[i] + (carries ? 1 : 0)) & 0xFF)) return false;
            carries &= hash[i] == 0xFF;
        }

        return true;
    }

    private static bool ListsMoreThanNs(TypeBitmap types)
    {
        foreach (var type in types)
            if (type != RecordType.NS) return true;
        return false;
    }
}
