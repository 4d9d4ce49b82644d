using System.Collections.Immutable;
using Danelaw.Dns.Names;

namespace Danelaw.Dns.Records;

/// <summary>Records of one owner, class and type (RFC 2181 §5): an RRset. Signatures are not among them unless the type is RRSIG itself.</summary>
/// <param name="Owner">The owner, spelt as the first record has it.</param>
/// <param name="Type">The type.</param>
/// <param name="Class">The class.</param>
/// <param name="TimeToLive">Seconds: the smallest among the records (RFC 2181 §5.2).</param>
/// <param name="Data">The RDATA of each record in the order received, without duplicates (RFC 2181 §5); never empty.</param>
public sealed record RecordSet(DomainName Owner, RecordType Type, RecordClass Class, uint TimeToLive, ImmutableArray<Octets> Data)
{
    /// <summary>Its records, one by one.</summary>
    public IEnumerable<ResourceRecord> Records => Data.Select(data => new ResourceRecord(Owner, Type, Class, TimeToLive, data));

    /// <summary>The same in arrays of their own, so that no packet is kept for it.</summary>
    public RecordSet ToOwned() => this with { Owner = Owner.ToOwned(), Data = [.. Data.Select(data => data.ToOwned())] };

    /// <summary>Whether both are the same, the RDATA octet by octet and in the same order.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(RecordSet? other) => other is not null && Type == other.Type && Class == other.Class && TimeToLive == other.TimeToLive && Owner == other.Owner
        && Data.AsSpan().SequenceEqual(other.Data.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Owner, Type, Class, TimeToLive, Data.Length);
}
